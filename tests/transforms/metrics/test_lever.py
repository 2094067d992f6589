"""What ten per cent of a figure would bring, and which figure is furthest below its own best."""

from datetime import date

from tests.helpers.tables import check_metric
from tests.transforms.metrics.economics_world import month, world

SEPTEMBER = "period_start = '2026-09-01'"


def test_what_ten_per_cent_would_bring():
    """The price leads by arithmetic; of conversion and purchases, always equal, what costs no new money comes first."""
    check_metric(
        "lever",
        only=SEPTEMBER,
        given=world(month(date(2026, 9, 1))),
        expect="""
        lever          | base_value | changed_value | margin_before_rub | margin_after_rub | lift_rub | rank
        av_price       | 20000      | 22000         | 236000.00         | 284000.00        | 48000.00 | 1
        c1             | 0.05       | 0.055         | 236000.00         | 269600.00        | 33600.00 | 2
        apc            | 1.2        | 1.32          | 236000.00         | 269600.00        | 33600.00 | 3
        ua             | 400        | 440           | 236000.00         | 259600.00        | 23600.00 | 4
        cogs_per_order | 6000       | 5400          | 236000.00         | 250400.00        | 14400.00 | 5
        cpa            | 250        | 225           | 236000.00         | 246000.00        | 10000.00 | 6
        """,
    )


def better(on: date) -> dict[str, list[str]]:
    """A month in which 24 of 400 callers became buyers."""
    return month(on, new=24)


LONG_AGO = month(date(2025, 1, 1))
"""Calls older than the year that is looked at: nobody is new only because the export begins."""


def test_the_constraint_is_the_figure_furthest_below_its_own_best():
    """Three months of the year had 0.06 new buyers a caller: to be there again is worth more than anything else."""
    months = [better(date(2026, number, 1)) for number in (5, 6, 7)]
    check_metric(
        "lever",
        only=f"{SEPTEMBER} and lever = 'c1'",
        given=world(LONG_AGO, *months, month(date(2026, 9, 1))),
        expect="""
        lever | base_value | best_value | best_on    | shortfall_rub | shortfall_rank
        c1    | 0.05       | 0.06       | 2026-07-01 | 67200.00      | 1
        """,
    )


def test_months_in_which_everybody_calls_for_the_first_time_are_nobodys_best():
    """Calls begin in May: for 90 days even an old client is new, and 400 callers are no level to come back to."""
    months = [better(date(2026, number, 1)) for number in (5, 6, 7)]
    check_metric(
        "lever",
        only=f"{SEPTEMBER} and lever = 'ua'",
        client_days=90,
        given=world(*months, month(date(2026, 9, 1))),
        expect="lever | best_value | shortfall_rub\nua | |",
    )


def test_two_good_months_prove_nothing():
    """A level was reached when three months reached it; the third of these is the worse one."""
    months = [better(date(2026, 5, 1)), better(date(2026, 6, 1)), month(date(2026, 7, 1), new=16)]
    check_metric(
        "lever",
        only=f"{SEPTEMBER} and lever = 'c1'",
        given=world(LONG_AGO, *months, month(date(2026, 9, 1))),
        expect="lever | best_value | best_on | shortfall_rub\nc1 | 0.04 | 2026-07-01 | 0.00",
    )
    check_metric(
        "lever",
        only=f"{SEPTEMBER} and lever = 'c1'",
        given=world(LONG_AGO, *months[:2], month(date(2026, 9, 1))),
        expect="lever | best_value | best_on | shortfall_rub | shortfall_rank\nc1 | | | |",
    )


def test_a_month_with_few_numbers_neither_counts_nor_is_judged():
    """Nine buyers are fewer than economics.min_buyers."""
    months = [better(date(2026, number, 1)) for number in (5, 6, 7)]
    check_metric(
        "lever",
        only=f"{SEPTEMBER} and lever = 'c1'",
        given=world(*months, month(date(2026, 9, 1), new=4)),
        expect="lever | rank | best_value | shortfall_rub | shortfall_rank\nc1 | 3 | | |",
    )


def test_in_a_running_month_what_grows_with_the_days_has_no_best():
    """Units and purchases of twenty days are not those of thirty; the other four are ranked."""
    months = [better(date(2026, number, 1)) for number in (5, 6, 7)]
    check_metric(
        "lever",
        as_of=date(2026, 9, 20),
        only=f"{SEPTEMBER} and best_value is null",
        given=world(LONG_AGO, *months, month(date(2026, 9, 1))),
        expect="lever | shortfall_rub | shortfall_rank\nua | |\napc | |",
    )


def test_a_figure_that_is_not_known_stops_the_month():
    """Without advertising nothing is known of its price: no lift, no rank; the figures stand."""
    given = world(month(date(2026, 9, 1)))
    check_metric(
        "lever",
        only=f"{SEPTEMBER} and lever in ('c1', 'cpa')",
        given={name: rows for name, rows in given.items() if name != "ad_spend"},
        expect="""
        lever | base_value | margin_before_rub | margin_after_rub | lift_rub | rank
        c1    | 0.05       |                   |                  |          |
        cpa   |            |                   |                  |          |
        """,
    )
