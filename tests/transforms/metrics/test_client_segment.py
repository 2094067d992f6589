"""Everybody who bought: how lately, how often, for how much."""

from datetime import date

from tests.helpers.tables import check_metric

DEALS = """
deal_id | closed_on  | status | client_key | revenue_rub
1       | 2026-01-10 | won    | anna       | 500
2       | 2026-02-10 | won    | anna       | 500
3       | 2026-05-23 | won    | anna       | 500
4       | 2026-09-19 | won    | boris      | 100
5       | 2026-03-24 | won    | clara      | 100
6       | 2026-03-25 | won    | clara      | -40
"""


def test_gone_for_120_days_with_three_orders_of_the_upper_third_is_leaving():
    """Anna: r 2 of 90 days, f 2, m 3. Boris bought yesterday; Clara, 180 days ago, is lost, and her refund counts."""
    check_metric(
        "client_segment",
        as_of=date(2026, 9, 20),
        given={"deals": DEALS},
        expect="""
        client_key | first_deal_on | last_deal_on | days_since | orders | revenue_rub | r | f | m | segment
        anna       | 2026-01-10    | 2026-05-23   | 120        | 3      | 1500.00     | 2 | 2 | 3 | leaving
        boris      | 2026-09-19    | 2026-09-19   | 1          | 1      | 100.00      | 3 | 1 | 2 | new
        clara      | 2026-03-24    | 2026-03-24   | 180        | 1      | 60.00       | 1 | 1 | 1 | lost
        """,
    )


def test_the_day_of_the_clock_is_the_day_gone():
    """Alive through day 89, gone lately through day 179."""
    check_metric(
        "client_segment",
        as_of=date(2026, 9, 20),
        given={
            "deals": """
            deal_id | closed_on  | status | client_key | revenue_rub
            1       | 2026-06-23 | won    | a          | 1
            2       | 2026-06-22 | won    | b          | 1
            3       | 2026-03-25 | won    | c          | 1
            4       | 2026-03-24 | won    | d          | 1
            """
        },
        expect="client_key | days_since | r | m\na | 89 | 3 | 1\nb | 90 | 2 | 1\nc | 179 | 2 | 1\nd | 180 | 1 | 1",
    )


def test_how_many_orders_are_many_is_a_setting():
    """With [2, 3], three orders are many."""
    check_metric(
        "client_segment",
        as_of=date(2026, 9, 20),
        segment_orders=(2, 3),
        only="client_key = 'anna'",
        given={"deals": DEALS},
        expect="f | segment\n3 | leaving",
    )
