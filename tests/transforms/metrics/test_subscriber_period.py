"""subscriber_period: how many subscribers there are and how many live, sentence by sentence of its definition."""

from datetime import date

from tests.helpers.tables import check_metric

SUBSCRIBERS = """
    subscriber_id | subscribed_on | unsubscribed_on | phone       | email
    a             | 2026-07-10    |                 |             |
    b             | 2026-07-10    | 2026-09-15      |             |
    c             | 2026-08-20    |                 | 70000000003 |
    d             | 2026-09-05    |                 |             | d@example.org
    e             | 2026-09-25    | 2026-09-28      |             |
    f             | 2026-10-01    |                 |             |
"""
ACTIVITY = """
    subscriber_id | active_on
    a             | 2026-07-10
    a             | 2026-09-20
    b             | 2026-07-10
    b             | 2026-08-31
    c             | 2026-08-20
    d             | 2026-09-05
    e             | 2026-09-25
    f             | 2026-09-30
"""


def test_totals_count_everybody_ever_subscribed():
    """Those who left stay in the total; the one of tomorrow is not in it."""
    check_metric(
        "subscriber_period",
        given={"subscribers": SUBSCRIBERS, "activity": ACTIVITY},
        expect="""
        period_start | total_end | joined | unsubscribed | is_complete
        2026-07-01   | 2         | 2      | 0            | true
        2026-08-01   | 3         | 1      | 0            | true
        2026-09-01   | 5         | 2      | 2            | true
        """,
    )


def test_active_end_is_what_began_came_returned_less_what_lapsed():
    """In September a returns, d joins, b leaves, c (last seen on 20 August) falls silent: 2 + 1 + 1 − 2 = 2."""
    check_metric(
        "subscriber_period",
        given={"subscribers": SUBSCRIBERS, "activity": ACTIVITY},
        expect="""
        period_start | active_start | joined_active | returned | lapsed | active_end | churn_rate
        2026-07-01   | 0            | 2             | 0        | 0      | 2          |
        2026-08-01   | 2            | 1             | 0        | 1      | 2          | 1 / 2
        2026-09-01   | 2            | 1             | 1        | 2      | 2          | 2 / 2
        """,
    )


def test_activity_counts_for_active_days_the_day_itself_included():
    """Seen on 1 September, active to the 30th with 30 days and no longer with 29: (D − active_days, D]."""
    for active_days, active_end in ((30, 1), (29, 0)):
        check_metric(
            "subscriber_period",
            given={
                "subscribers": "subscriber_id | subscribed_on\na | 2026-09-01",
                "activity": "subscriber_id | active_on\na | 2026-09-01",
            },
            active_days=active_days,
            expect=f"""
            joined | joined_active | active_end
            1      | {active_end}  | {active_end}
            """,
        )


def test_who_unsubscribes_on_the_last_day_is_not_active_on_it():
    """Unsubscribed by D is not active at D, however lively."""
    check_metric(
        "subscriber_period",
        given={
            "subscribers": "subscriber_id | subscribed_on | unsubscribed_on\na | 2026-09-01 | 2026-09-30",
            "activity": "subscriber_id | active_on\na | 2026-09-30",
        },
        expect="""
        total_end | active_end | unsubscribed
        1         | 0          | 1
        """,
    )


def test_silent_for_a_while_within_a_period_is_neither_lapsed_nor_returned():
    """Active on 31 December and on the last day of the year after, whatever happened in between."""
    check_metric(
        "subscriber_period",
        as_of=date(2026, 12, 31),
        given={
            "subscribers": "subscriber_id | subscribed_on\na | 2025-12-20",
            "activity": "subscriber_id | active_on\na | 2025-12-20\na | 2026-05-01\na | 2026-12-15\na | 2026-12-15",
        },
        grains=["year"],
        expect="""
        grain | period_start | active_start | joined_active | returned | lapsed | active_end
        year  | 2025-01-01   | 0            | 1             | 0        | 0      | 1
        year  | 2026-01-01   | 1            | 0             | 0        | 0      | 1
        month | 2025-12-01   | 0            | 1             | 0        | 0      | 1
        month | 2026-01-01   | 1            | 0             | 0        | 1      | 0
        month | 2026-02-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-03-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-04-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-05-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-06-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-07-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-08-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-09-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-10-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-11-01   | 0            | 0             | 0        | 0      | 0
        month | 2026-12-01   | 0            | 0             | 1        | 0      | 1
        """,
    )


DEALS = """
    deal_id | closed_on  | status | client_id | phone       | email         | revenue_rub
    1       | 2026-09-01 | won    | b         |             |               | 1000.00
    2       | 2026-09-02 | won    | b         |             |               | 500.00
    3       | 2026-09-03 | won    | zzz       | 70000000003 |               | 300.00
    4       | 2026-09-04 | won    |           |             | d@example.org | 200.00
    5       | 2026-09-05 | won    | nobody    |             |               | 9000.00
    6       | 2026-09-06 | won    | b         |             |               | -100.00
    7       | 2026-09-07 | won    | a         |             |               | 0.00
    8       | 2026-09-08 | lost   | a         |             |               | 700.00
    9       | 2026-08-02 | won    | d         |             |               | 60.00
"""


def test_buyers_are_subscribers_by_id_else_phone_else_mail():
    """Those who left later or joined after the deal too; free, lost and strangers' deals are none; refunds go off."""
    check_metric(
        "subscriber_period",
        given={"subscribers": SUBSCRIBERS, "activity": ACTIVITY, "deals": DEALS},
        expect="""
        period_start | buyers | orders | revenue_rub | conversion_of_total | conversion_of_active | average_check_rub
        2026-07-01   | 0      | 0      | 0.00        | 0                   | 0                    |
        2026-08-01   | 0      | 0      | 0.00        | 0                   | 0                    |
        2026-09-01   | 3      | 4      | 1900.00     | 3 / 5               | 3 / 2                | 475.00
        """,
    )


def test_a_deal_before_the_subscription_counts_once_the_subscription_is_there_by_the_end():
    """Bought on 2 September, subscribed on 5 September: a buyer of September, not of the week of the deal."""
    check_metric(
        "subscriber_period",
        as_of=date(2026, 9, 10),
        given={
            "subscribers": "subscriber_id | subscribed_on\nz | 2026-08-31\nd | 2026-09-08",
            "deals": "deal_id | closed_on | status | client_id | revenue_rub\n1 | 2026-09-02 | won | d | 60",
        },
        grains=["week", "month"],
        expect="""
        grain | period_start | buyers
        week  | 2026-08-31   | 0
        week  | 2026-09-07   | 0
        month | 2026-08-01   | 0
        month | 2026-09-01   | 1
        """,
    )


def test_of_several_subscribers_the_earliest_owns_the_deal():
    """Two with one phone: the deal is one order of one buyer."""
    check_metric(
        "subscriber_period",
        given={
            "subscribers": "subscriber_id | subscribed_on | phone\n"
            "b | 2026-09-02 | 70000000001\na | 2026-09-10 | 70000000001",
            "deals": "deal_id | closed_on | status | phone | revenue_rub\n1 | 2026-09-03 | won | 70000000001 | 60",
        },
        expect="""
        total_end | buyers | orders
        2         | 1      | 1
        """,
    )


def test_a_list_of_mails_and_sales_with_phones_have_nobody_in_common():
    """Nobody knows who of the list bought: that is not 0 %; with a phone in the list it is."""
    deals = "deal_id | closed_on | status | phone | revenue_rub\n1 | 2026-09-03 | won | 70000000001 | 60"
    cases = {"": "|", "70000000002": "0 | 0"}
    for phone, told in cases.items():
        people = f"subscriber_id | subscribed_on | phone | email\na@example.org | 2026-09-02 | {phone} | a@example.org"
        check_metric(
            "subscriber_period",
            given={"subscribers": people, "deals": deals},
            expect=f"total_end | buyers | conversion_of_total\n1 | {told}",
        )


def test_without_deals_conversion_is_unknown():
    """Never loaded is not the same as nobody bought."""
    check_metric(
        "subscriber_period",
        given={"subscribers": "subscriber_id | subscribed_on\na | 2026-09-02"},
        expect="""
        total_end | active_end | buyers | orders | revenue_rub | conversion_of_total | conversion_of_active | churn_rate
        1         | 0          |        |        |             |                     |                      |
        """,
    )


def test_activity_is_known_from_the_first_snapshot_on():
    """One export knows only the latest visit of each, so the months before it look emptier than they were."""
    check_metric(
        "subscriber_period",
        given={
            "subscribers": SUBSCRIBERS,
            "activity": "subscriber_id | active_on\na | 2026-09-20",
            "snapshots": "source | first_data_on\nsubscribers_source | 2026-08-31",
        },
        expect="""
        period_start | is_activity_known | is_start_known
        2026-07-01   | false             | false
        2026-08-01   | true              | false
        2026-09-01   | true              | true
        """,
    )


def test_activity_is_known_where_a_journal_reaches_back_active_days():
    """A journal from 2 August covers the thirty days to 31 August, one from 3 August does not."""
    for first_on, is_known in (("2026-08-02", "true"), ("2026-08-03", "false")):
        check_metric(
            "subscriber_period",
            given={
                "subscribers": "subscriber_id | subscribed_on\na | 2026-08-01",
                "activity": f"subscriber_id | active_on\na | {first_on}",
            },
            expect=f"""
            period_start | is_activity_known | is_start_known
            2026-08-01   | {is_known}        | false
            2026-09-01   | true              | {is_known}
            """,
        )
