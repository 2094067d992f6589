"""client_period and client_channel_period: the pool of living clients and its pipes."""

from datetime import date

from tests.helpers.tables import check_metric

DEALS = """
    deal_id | closed_on  | status | channel | client_key | revenue_rub
    1       | 2026-03-10 | won    | SEO     | anna       | 100
    2       | 2026-03-20 | won    | SEO     | boris      | 100
    3       | 2026-06-05 | won    | VK      | anna       | 100
    4       | 2026-06-30 | won    | SEO     | clara      | 100
    5       | 2026-06-30 | won    | SEO     |            | 100
    6       | 2026-06-30 | won    | SEO     | dora       | 0
    7       | 2026-06-30 | won    | SEO     | boris      | -5
    8       | 2026-06-30 | lost   | SEO     | egor       | 100
    9       | 2026-07-01 | won    | VK      | boris      | 100
"""


def test_clients_end_is_what_began_new_and_returned_less_lost():
    """With 90 days Boris of 20 March lives to 17 June: lost in June, back in July; Anna never goes."""
    check_metric(
        "client_period",
        as_of=date(2026, 7, 31),
        given={"deals": DEALS},
        expect="""
        period_start | clients_start | new | returned | lost | clients_end | churn_rate | is_complete
        2026-03-01   | 0             | 2   | 0        | 0    | 2           |            | true
        2026-04-01   | 2             | 0   | 0        | 0    | 2           | 0          | true
        2026-05-01   | 2             | 0   | 0        | 0    | 2           | 0          | true
        2026-06-01   | 2             | 1   | 0        | 1    | 2           | 1 / 2      | true
        2026-07-01   | 2             | 0   | 1        | 0    | 3           | 0          | true
        """,
    )


def test_alive_for_client_days_the_day_of_the_deal_included():
    """A deal on 1 September is alive on the 30th with 30 days, not with 29: (D − client_days, D]."""
    for client_days, alive in ((30, 1), (29, 0)):
        check_metric(
            "client_period",
            given={"deals": "deal_id | closed_on | status | client_key | revenue_rub\n1 | 2026-09-01 | won | anna | 1"},
            client_days=client_days,
            expect=f"""
            new     | returned | lost | clients_end
            {alive} | 0        | 0    | {alive}
            """,
        )


def test_repeat_share_and_orders_per_client():
    """Of four deals by two known clients two are not the first: 2 ÷ 4 and 4 ÷ 2; an unknown buyer is left out."""
    check_metric(
        "client_period",
        given={
            "deals": """
            deal_id | closed_on  | status | client_key | revenue_rub
            1       | 2026-09-01 | won    | anna       | 1
            2       | 2026-09-01 | won    | anna       | 1
            3       | 2026-09-05 | won    | anna       | 1
            4       | 2026-09-05 | won    | boris      | 1
            5       | 2026-09-05 | won    |            | 1
            """
        },
        expect="""
        repeat_share | orders_per_client
        2 / 4        | 4 / 2
        """,
    )


def test_no_deals_no_shares():
    """A month in which nobody bought has no share of repeat purchases; the month of an open deal only is no period."""
    check_metric(
        "client_period",
        given={
            "deals": """
            deal_id | created_on | closed_on  | status | client_key | revenue_rub
            1       | 2026-08-01 | 2026-08-01 | won    | anna       | 1
            2       | 2026-07-01 |            | open   | anna       | 1
            3       | 2026-07-01 | 2026-10-01 | won    | anna       | 1
            """
        },
        expect="""
        period_start | clients_end | repeat_share | orders_per_client
        2026-08-01   | 1           | 0            | 1
        2026-09-01   | 1           |              |
        """,
    )


def test_channels_bring_in_by_the_deal_that_did():
    """Anna and Boris came by SEO, Boris came back by VK; a purchase of somebody alive brings nobody in."""
    check_metric(
        "client_channel_period",
        as_of=date(2026, 7, 31),
        given={"deals": DEALS},
        expect="""
        period_start | channel | new | returned | is_complete
        2026-03-01   | SEO     | 2   | 0        | true
        2026-03-01   | VK      | 0   | 0        | true
        2026-04-01   | SEO     | 0   | 0        | true
        2026-04-01   | VK      | 0   | 0        | true
        2026-05-01   | SEO     | 0   | 0        | true
        2026-05-01   | VK      | 0   | 0        | true
        2026-06-01   | SEO     | 1   | 0        | true
        2026-06-01   | VK      | 0   | 0        | true
        2026-07-01   | SEO     | 0   | 0        | true
        2026-07-01   | VK      | 0   | 1        | true
        """,
    )


def test_who_came_twice_within_a_year_was_brought_by_the_first_time():
    """Anna's first deal is SEO's, though she had been lost before VK sold to her again; 2027 lost and won her again."""
    check_metric(
        "client_channel_period",
        as_of=date(2027, 12, 31),
        given={
            "deals": """
            deal_id | closed_on  | status | channel | client_key | revenue_rub
            1       | 2026-01-10 | won    | SEO     | anna       | 1
            2       | 2026-12-10 | won    | VK      | anna       | 1
            3       | 2027-12-10 | won    | TV      | anna       | 1
            """
        },
        grains=["year"],
        expect="""
        grain | period_start | channel | new | returned
        year  | 2026-01-01   | SEO     | 1   | 0
        year  | 2026-01-01   | VK      | 0   | 0
        year  | 2026-01-01   | TV      | 0   | 0
        year  | 2027-01-01   | SEO     | 0   | 0
        year  | 2027-01-01   | VK      | 0   | 0
        year  | 2027-01-01   | TV      | 0   | 0
        """,
        only="grain = 'year'",
    )


def test_a_young_history_is_no_history():
    """First sale on 1 June: only from 29 August on could somebody have been away for 90 days and be seen so."""
    check_metric(
        "client_period",
        as_of=date(2026, 9, 30),
        given={
            "deals": "deal_id | closed_on | status | phone | revenue_rub\n1 | 2026-06-01 | won | 70000000001 | 500",
        },
        expect="""
        period_start | clients_end | is_history_known
        2026-06-01   | 1           | false
        2026-07-01   | 1           | false
        2026-08-01   | 0           | true
        2026-09-01   | 0           | true
        """,
    )


def test_sales_of_nobody_hide_the_history_of_a_period():
    """Half of them may be nobody's, more may not."""
    check_metric(
        "client_period",
        client_days=1,
        given={
            "deals": """
            deal_id | closed_on  | status | phone       | revenue_rub
            1       | 2026-08-01 | won    | 70000000001 | 500
            2       | 2026-08-02 | won    |             | 500
            3       | 2026-09-01 | won    | 70000000001 | 500
            4       | 2026-09-02 | won    |             | 500
            5       | 2026-09-02 | won    |             | 500
            """,
        },
        expect="""
        period_start | repeat_share | is_history_known
        2026-08-01   | 0            | true
        2026-09-01   | 1            | false
        """,
    )


def test_without_a_client_in_any_sale_the_pool_is_unknown():
    """Blank, not empty."""
    check_metric(
        "client_period",
        given={"deals": "deal_id | closed_on | status | revenue_rub\n1 | 2026-09-02 | won | 500"},
        expect="""
        clients_start | new | returned | lost | clients_end | repeat_share | is_history_known
                      |     |          |      |             |              | false
        """,
    )
