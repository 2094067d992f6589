"""What was planned, what came of it, what it was a year ago, where it will end."""

from datetime import date, timedelta

import pytest

from tests.helpers.tables import broken_rules, check_metric, warehouse

pytestmark = pytest.mark.slow
AS_OF = date(2026, 9, 20)  # a Sunday
DEALS = """
deal_id | closed_on  | status | channel | client_key | revenue_rub
1       | 2026-09-02 | won    | SEO     | anna       | 460000
2       | 2025-09-20 | won    | SEO     | boris      | 200000
3       | 2025-09-21 | won    | SEO     | boris      | 900000
4       | 2025-08-01 | won    | VK      | boris      | 100
"""


def plan(*rows: str) -> str:
    """Rows of a plan under its header."""
    return "\n".join(["grain | period_start | metric | channel | manager | planned", *rows])


def calls(first: date, last: date) -> str:
    """Ten calls every day but Sunday."""
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    rows = [f"{day} 10:00:00 | SEO" for day in days if day.weekday() != 6 for _ in range(10)]
    return "\n".join(["started_at | channel", *rows])


def test_two_thirds_of_september_have_passed():
    """600 000 planned, 460 000 earned by the 20th, 200 000 by 20 September last year: 1.15 of the plan, 1.3 more."""
    check_metric(
        "plan_period",
        as_of=AS_OF,
        given={"deals": DEALS, "plan": plan("month | 2026-09-01 | chain_period.revenue_rub | | | 600000")},
        expect="""
        channel | manager | planned | planned_to_date | actual | completion | zone | last_year | growth | is_complete
        Всего   | Всего   | 600000  | 400000          | 460000 | 1.15       | ok   | 200000    | 1.3    | false
        """,
    )


def test_the_month_ends_where_its_weekdays_lead():
    """170 calls so far, ten every day but Sunday for four weeks, nine working days left: 260, no more and no less."""
    check_metric(
        "plan_period",
        as_of=AS_OF,
        given={
            "calls": calls(date(2026, 8, 20), AS_OF),
            "plan": plan(
                "month | 2026-09-01 | chain_period.calls | | | 300",
                "month | 2026-09-01 | channel_period.calls | SEO | | 300",
            ),
        },
        expect="""
        metric               | channel | actual | forecast | forecast_low | forecast_high
        chain_period.calls   | Всего   | 170    | 260      | 260          | 260
        channel_period.calls | SEO     | 170    | 260      | 260          | 260
        """,
    )


def test_a_forecast_needs_four_weeks_and_a_figure_that_adds_up():
    """Since 25 August are 27 days; people are no sum of their days; a week gone by needs none."""
    check_metric(
        "plan_period",
        as_of=AS_OF,
        given={
            "calls": calls(date(2026, 8, 25), AS_OF),
            "plan": plan("month | 2026-09-01 | chain_period.calls | | | 300"),
        },
        expect="metric | actual | forecast\nchain_period.calls | 170 |",
    )
    check_metric(
        "plan_period",
        as_of=AS_OF,
        given={
            "calls": calls(date(2026, 8, 1), AS_OF),
            "plan": plan(
                "month | 2026-09-01 | manager_period.callers | | Ольга | 5",
                "week | 2026-09-07 | chain_period.calls | | | 60",
            ),
        },
        expect="""
        grain | metric                 | actual | forecast | is_complete
        month | manager_period.callers | 0      |          | false
        week  | chain_period.calls     | 60     |          | true
        """,
    )


def test_shares_are_compared_whole_and_zones_tell_how_far():
    """A conversion does not grow with the days; 79 % is low, 80 and 120 % are fine, more is high."""
    leads = "started_at | channel | manager | is_answered\n" + "\n".join(
        ["2026-09-01 10:00 | SEO | Ольга | true"] * 100
    )
    zones = {"125": "ok", "126.6": "low", "83.4": "ok", "83": "high", "0": ""}
    for planned, zone in zones.items():
        check_metric(
            "plan_period",
            as_of=AS_OF,
            given={"calls": leads, "plan": plan(f"day | 2026-09-01 | chain_period.calls | | | {planned}")},
            expect=f"grain | planned | zone\nday | {planned} | {zone}",
        )
    check_metric(
        "plan_period",
        as_of=AS_OF,
        given={"calls": leads, "plan": plan("month | 2026-09-01 | chain_period.target_per_call | | | 0.5")},
        expect="planned | planned_to_date | actual | completion\n0.5 | 0.5 | 0 | 0",
    )


def test_what_was_never_seen_did_nothing_and_what_was_before_is_unknown():
    """TV never called: 0 calls, an unknown conversion. In July there were no calls to be counted yet."""
    check_metric(
        "plan_period",
        as_of=AS_OF,
        given={
            "calls": calls(date(2026, 8, 1), AS_OF),
            "plan": plan(
                "month | 2026-09-01 | channel_period.calls | TV | | 1",
                "month | 2026-09-01 | channel_period.conversion | TV | | 1",
                "month | 2026-07-01 | channel_period.calls | SEO | | 1",
                "month | 2026-10-01 | channel_period.calls | SEO | | 1",
            ),
        },
        expect="""
        period_start | metric                    | channel | actual
        2026-07-01   | channel_period.calls      | SEO     |
        2026-09-01   | channel_period.calls      | TV      | 0
        2026-09-01   | channel_period.conversion | TV      |
        """,
    )


def test_last_year_is_unknown_where_it_began_too_late():
    """5 September 2025 is more than a tenth of that month after its first day, 4 September is not."""
    for first_on, last_year in ((5, ""), (4, "1")):
        deals = f"""
        deal_id | closed_on          | status | channel | client_key | revenue_rub
        1       | 2025-09-0{first_on} | won    | SEO     | anna       | 1
        """
        check_metric(
            "plan_period",
            as_of=AS_OF,
            given={"deals": deals, "plan": plan("month | 2026-09-01 | chain_period.revenue_rub | | | 1")},
            expect=f"actual | last_year\n0 | {last_year}",
        )


def test_weeks_meet_the_same_days_of_the_week_a_year_ago():
    """The week of 14 September 2026 meets that of 15 September 2025, up to its Sunday; 29 February meets the 28th."""
    check_metric(
        "plan_period",
        as_of=date(2026, 9, 16),
        given={
            "deals": """
            deal_id | closed_on  | status | channel | client_key | revenue_rub
            1       | 2025-09-15 | won    | SEO     | anna       | 10
            2       | 2025-09-17 | won    | SEO     | anna       | 20
            3       | 2025-09-18 | won    | SEO     | anna       | 40
            """,
            "plan": plan("week | 2026-09-14 | chain_period.revenue_rub | | | 7"),
        },
        expect="grain | planned_to_date | last_year\nweek | 3 | 30",
    )
    check_metric(
        "plan_period",
        as_of=date(2024, 2, 29),
        given={
            "deals": """
            deal_id | closed_on  | status | client_key | revenue_rub
            1       | 2023-02-01 | won    | anna       | 5
            2       | 2023-02-28 | won    | anna       | 6
            """,
            "plan": plan("month | 2024-02-01 | chain_period.revenue_rub | | | 7"),
        },
        expect="planned_to_date | last_year\n7 | 11",
    )


def test_a_grain_of_the_plan_is_built_for_the_tables_that_it_names():
    """A plan by day of the channels brings days to channel_period, and to no other table."""
    connection = warehouse(
        {"calls": calls(date(2026, 9, 1), AS_OF), "plan": plan("day | 2026-09-01 | channel_period.calls | SEO | | 1")},
        AS_OF,
    )
    grains = {
        table: [
            row[0] for row in connection.execute(f"select distinct grain from metrics.{table} order by 1").fetchall()
        ]
        for table in ("channel_period", "chain_period", "manager_period", "whole_period")
    }
    assert grains.pop("channel_period") == ["day", "month", "week"]
    assert set(map(tuple, grains.values())) == {("month", "week")}


def test_without_a_plan_there_is_nothing():
    """No row, no other run."""
    check_metric("plan_period", given={"calls": "started_at\n2026-09-01 10:00"}, expect="metric | planned\n")


@pytest.mark.parametrize(
    "metric",
    ["chain_period.revenue_rub", "unit_economics_period.orders", "client_period.clients_end", "whole_period.deals_won"],
)
def test_a_fact_that_is_not_its_tables_breaks_a_rule(metric):
    """The page of the plan and the page of the figure must never differ."""
    built = warehouse({"deals": DEALS, "plan": plan(f"month | 2026-09-01 | {metric} | | | 600000")}, as_of=AS_OF)
    assert broken_rules(built) == {}
    built.execute("update metrics.plan_period set actual = actual + 1")
    assert broken_rules(built).keys() == {"plans_tell_their_tables"}
