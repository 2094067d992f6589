"""chain_period: from impressions to profit, and the share kept at each step."""

from datetime import date

from tests.helpers.tables import check_metric

GIVEN = {
    "ad_spend": """
    spend_on   | channel | spend_rub | impressions | clicks
    2026-09-01 | SEO     | 100.00    | 1000        | 100
    2026-09-02 | VK      | 50.00     | 500         | 10
    """,
    "calls": """
    started_at          | channel | is_answered | talk_seconds
    2026-09-01 10:00:00 | SEO     | true        | 60
    2026-09-02 10:00:00 | SEO     | true        | 60
    2026-09-03 10:00:00 | SEO     | false       | 0
    2026-09-04 10:00:00 | VK      | true        | 5
    """,
    "deals": """
    deal_id | closed_on  | status | channel | client_key | revenue_rub | cogs_rub
    1       | 2026-09-05 | won    | SEO     | anna       | 1000.00     | 400.00
    2       | 2026-09-06 | won    | VK      | anna       | 500.00      | 100.00
    3       | 2026-09-07 | won    | SEO     | boris      | 200.00      |
    """,
}


def test_figures_of_the_chain_and_their_total():
    """Всего is the sum of the channels, only Anna, who bought from both, counts once."""
    check_metric(
        "chain_period",
        given=GIVEN,
        expect="""
        channel | spend_rub | impressions | clicks | calls | target_calls | clients | revenue_rub | gross_profit_rub
        SEO     | 100.00    | 1000        | 100    | 3     | 2            | 2       | 1200.00     | 800.00
        VK      | 50.00     | 500         | 10     | 1     | 0            | 1       | 500.00      | 400.00
        Всего   | 150.00    | 1500        | 110    | 4     | 2            | 2       | 1700.00     | 1200.00
        """,
    )


def test_shares_kept_at_each_step():
    """Each figure over the one before it; what divides by nothing is unknown."""
    check_metric(
        "chain_period",
        given=GIVEN,
        expect="""
        channel | clicks_per_impression | calls_per_click | target_per_call | clients_per_target_call | gross_margin
        SEO     | 100 / 1000            | 3 / 100         | 2 / 3           | 2 / 2                   | 800 / 1200
        VK      | 10 / 500              | 1 / 10          | 0               |                         | 400 / 500
        Всего   | 110 / 1500            | 4 / 110         | 2 / 4           | 2 / 2                   | 1200 / 1700
        """,
    )
    check_metric(
        "chain_period",
        given=GIVEN,
        expect="""
        channel | revenue_per_client_rub | is_complete
        SEO     | 600.00                 | true
        VK      | 500.00                 | true
        Всего   | 850.00                 | true
        """,
    )


def test_profit_is_of_the_whole_only_and_without_costs_it_is_gross_profit_less_spend():
    """1 200 − 150; rent belongs to no channel, so channels have no profit."""
    check_metric(
        "chain_period",
        given=GIVEN,
        expect="""
        channel | profit_rub
        SEO     |
        VK      |
        Всего   | 1050.00
        """,
    )


def test_who_has_costs_and_no_advertising_has_a_profit_without_it():
    """1 200 − 100: what a source that is not there would take off nobody knows; without costs there is none either."""
    sales = {name: rows for name, rows in GIVEN.items() if name != "ad_spend"}
    rent = "month_on | item | amount_rub\n2026-09-01 | Аренда | 100.00"
    for given, profit in ((sales | {"costs": rent}, "1100.00"), (sales, "")):
        check_metric(
            "chain_period",
            given=given,
            grains=["month"],
            expect=f"channel | profit_rub | profit_without_ads_rub\nВсего | | {profit}",
            only="channel = 'Всего'",
        )


def test_a_months_cost_is_spread_over_its_days():
    """By 10 September a third of 100 ₽ has passed, 33.33; advertising is in the spend already."""
    check_metric(
        "chain_period",
        as_of=date(2026, 9, 10),
        given=GIVEN
        | {
            "costs": """
            month_on   | item      | amount_rub
            2026-09-01 | Аренда    | 100.00
            2026-09-01 | РЕКЛАМА   | 777.00
            2026-10-01 | Аренда    | 100.00
            """
        },
        advertising_items=["реклама"],
        grains=["week", "month"],
        expect="""
        grain | period_start | channel | profit_rub | is_complete
        week  | 2026-08-31   | Всего   | 830.00     | true
        week  | 2026-09-07   | Всего   | 186.67     | false
        month | 2026-09-01   | Всего   | 1016.67    | false
        """,
        only="channel = 'Всего'",
    )


def test_costs_begin_the_periods_too_and_are_spread_to_the_kopeck():
    """31 days of August share 100 ₽ without a kopeck over; the outgoing month has no calls yet."""
    check_metric(
        "chain_period",
        given={"costs": "month_on | item | amount_rub\n2026-08-15 | Аренда | 100.00\n2026-09-01 | Возврат | -0.01"}
        | {"ad_spend": "spend_on | spend_rub", "deals": "deal_id | revenue_rub"},
        expect="""
        period_start | channel | profit_rub
        2026-08-01   | Всего   | -100.00
        2026-09-01   | Всего   | 0.01
        """,
    )


def test_without_spend_or_deals_profit_is_unknown():
    """A table never loaded is not a zero."""
    check_metric(
        "chain_period",
        given={"calls": GIVEN["calls"]},
        expect="""
        channel | spend_rub | calls | clients | revenue_rub | gross_profit_rub | profit_rub | target_per_call
        SEO     |           | 3     |         |             |                  |            | 2 / 3
        VK      |           | 1     |         |             |                  |            | 0
        Всего   |           | 4     |         |             |                  |            | 2 / 4
        """,
    )


def test_leads_alone_make_no_channel_of_the_chain():
    """The chain has no step for enquiries, so a channel that only has those is none of it."""
    check_metric(
        "chain_period",
        given=GIVEN | {"leads": "created_at | channel\n2026-08-01 10:00 | Chat"},
        expect="""
        period_start | channel | calls
        2026-09-01   | SEO     | 3
        2026-09-01   | VK      | 1
        2026-09-01   | Всего   | 4
        """,
    )


def test_profit_waits_for_costs_that_are_not_entered():
    """May has a rent, June's is not entered yet: profit of June would look larger by it. April had none to enter."""
    check_metric(
        "chain_period",
        as_of=date(2026, 6, 30),
        only="grain = 'month' and channel = 'Всего'",
        given={
            "ad_spend": "spend_on | channel | spend_rub\n2026-04-01 | SEO | 100",
            "deals": """
            deal_id | closed_on  | status | channel | phone       | revenue_rub
            1       | 2026-04-02 | won    | SEO     | 70000000001 | 500
            2       | 2026-05-02 | won    | SEO     | 70000000001 | 500
            3       | 2026-06-02 | won    | SEO     | 70000000001 | 500
            """,
            "costs": "month_on | item | amount_rub\n2026-05-01 | Аренда | 300",
        },
        expect="""
        period_start | gross_profit_rub | profit_rub | is_cost_known
        2026-04-01   | 500.00           | 400.00     | true
        2026-05-01   | 500.00           | 200.00     | true
        2026-06-01   | 500.00           |            | false
        """,
    )
