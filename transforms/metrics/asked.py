"""A plan and experiments → what their figures are like, and the runs in which they are to be looked up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from config.documents import AskedRun, Planned, Tried, Window

ADDING = frozenset(
    {
        "spend_rub", "impressions", "clicks", "calls", "unique_calls", "target_calls", "missed_calls", "leads",
        "new_clients", "deals_won", "deals_lost", "revenue_rub", "gross_profit_rub", "profit_rub",
        "profit_without_ads_rub", "ua", "buyers_new",
        "orders", "joined", "unsubscribed", "answers", "csi_answers", "csat_answers", "nps_answers", "promoters",
        "detractors",
    }
)  # fmt: skip
"""Counts and sums of a period that are those of its days."""
GROWING = frozenset(
    {
        "clients", "callers", "converted_callers", "buyers", "joined_active", "returned", "lapsed", "new", "lost",
        "clients_asked", "contribution_margin_rub",
    }
)  # fmt: skip
"""Counts and sums that grow with the days, but are not the sum of what each day holds."""
NOT_OF_DAYS = frozenset({"subscriber_period.orders", "subscriber_period.revenue_rub"})
STATES = frozenset({"total_end", "active_start", "active_end", "clients_start", "clients_end"})
LESS_IS_BETTER = frozenset(
    {
        "missed_calls", "cost_per_call_rub", "cac_rub", "cpa_rub", "cogs_per_order_rub", "drr", "payback_months",
        "churn_rate", "lapsed", "unsubscribed", "lost", "deals_lost", "detractors",
    }
)  # fmt: skip
WORTH = {
    "gross_profit": frozenset(
        {
            "impressions", "clicks", "calls", "unique_calls", "target_calls", "leads", "callers", "converted_callers",
            "conversion", "clients", "new_clients", "clients_per_10_calls", "calls_per_1000_rub", "deals_won", "orders",
            "buyers", "buyers_new", "ua", "c1", "apc", "arppu_rub", "arpu_rub", "revenue_rub", "gross_profit_rub",
        }
    ),
    "revenue": frozenset({"average_check_rub", "av_price_rub"}),
    "cogs": frozenset({"cogs_per_order_rub"}),
    "spend": frozenset({"spend_rub", "cost_per_call_rub", "cac_rub", "cpa_rub"}),
}  # fmt: skip
"""The money that is proportional to a figure → the figures."""
AFTER, BEFORE = "after ", "before "
"""How the windows of an experiment are called: this and its name."""


def metric_facts(planned: Iterable[Planned], tried: Iterable[Tried]) -> list[tuple[object, ...]]:
    """What a plan and experiments ask for in; the rows of `ops.asked_metrics` out."""
    return [_facts(metric) for metric in sorted({one.metric for one in planned} | {one.metric for one in tried})]


def _facts(metric: str) -> tuple[object, ...]:
    table, _, column = metric.partition(".")
    is_adding = column in ADDING and metric not in NOT_OF_DAYS
    is_growing = column in GROWING or metric in NOT_OF_DAYS
    money = next((name for name, columns in WORTH.items() if column in columns), None)
    return (
        metric,
        table,
        is_adding,
        is_growing,
        column in STATES,
        column in LESS_IS_BETTER,
        column == "spend_rub",
        money,
    )


def asked_runs(planned: Iterable[Planned], tried: Sequence[Tried], as_of: date) -> list[AskedRun]:
    """What a plan and experiments ask for and the day in; the runs that answer out, each day once."""
    metrics: dict[date, set[str]] = defaultdict(set)
    grains: dict[date, set[str]] = defaultdict(lambda: {"day", "month"})
    windows: dict[date, list[Window]] = defaultdict(list)
    money: set[date] = set()
    for one in planned:
        for day in (as_of, year_back(as_of, one.grain)):
            metrics[day].add(one.metric)
            grains[day].add(one.grain)
    for change in tried:
        moved_on = max(as_of - timedelta(change.days), change.changed_on - timedelta(1))
        metrics[as_of].add(change.metric)
        metrics[moved_on].add(change.metric)
        last_on = change.changed_on + timedelta(change.days - 1)
        if last_on <= as_of:
            windows[as_of].append(Window(AFTER + change.name, change.changed_on, last_on))
        before = change.changed_on - timedelta(change.days), change.changed_on - timedelta(1)
        windows[moved_on].append(Window(BEFORE + change.name, *before))
        money.add(moved_on)
    return [
        AskedRun(day, frozenset(metrics[day]), tuple(sorted(grains[day])), tuple(windows[day]), day in money)
        for day in sorted(metrics)
    ]


def year_back(day: date, grain: str) -> date:
    """A day in; the same a year before, for weeks and days the same day of the week, out."""
    if grain in ("day", "week"):
        return day - timedelta(364)
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
