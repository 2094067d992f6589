"""Plans and experiments once more, in plain Python: a figure looked up in a world of another day or over other days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from math import sqrt
from statistics import mean, variance
from typing import Any

from tests.transforms.metrics import restated, restated_further
from tests.transforms.metrics.restated import WHOLE, Row, World, next_start, profit, total

SUMS = {
    "spend_rub",
    "impressions",
    "clicks",
    "calls",
    "unique_calls",
    "target_calls",
    "missed_calls",
    "leads",
    "new_clients",
    "deals_won",
    "deals_lost",
    "revenue_rub",
    "gross_profit_rub",
    "profit_rub",
    "profit_without_ads_rub",
    "ua",
    "buyers_new",
    "orders",
    "joined",
    "unsubscribed",
    "answers",
    "csi_answers",
    "csat_answers",
    "nps_answers",
    "promoters",
    "detractors",
}
OTHER_COUNTS = {
    "clients",
    "callers",
    "converted_callers",
    "buyers",
    "joined_active",
    "returned",
    "lapsed",
    "new",
    "lost",
    "clients_asked",
    "contribution_margin_rub",
}
STATES = {"total_end", "active_start", "active_end", "clients_start", "clients_end"}
LESS = {
    "missed_calls",
    "cost_per_call_rub",
    "cac_rub",
    "cpa_rub",
    "cogs_per_order_rub",
    "drr",
    "payback_months",
    "churn_rate",
    "lapsed",
    "unsubscribed",
    "lost",
    "deals_lost",
    "detractors",
}
BY_PROFIT = {
    "impressions",
    "clicks",
    "calls",
    "unique_calls",
    "target_calls",
    "leads",
    "callers",
    "converted_callers",
    "conversion",
    "clients",
    "new_clients",
    "clients_per_10_calls",
    "calls_per_1000_rub",
    "deals_won",
    "orders",
    "buyers",
    "buyers_new",
    "ua",
    "c1",
    "apc",
    "arppu_rub",
    "arpu_rub",
    "revenue_rub",
    "gross_profit_rub",
}


class Figures:
    """A world of some day, its tables looked up by grain or window."""

    def __init__(self, world: World) -> None:
        self.world = world

    @cache  # noqa: B019 - lives as long as a test
    def rows(self, table: str, grain: str) -> list[Row]:
        """A table at a grain, or over `first..last` as if that were a period."""
        of = getattr(restated, table, None) or getattr(restated_further, table)
        found: list[Row] = of(self.world, grain)
        return found

    def begins(self, table: str) -> date | None:
        """The day of the table's first input."""
        return min((row["period_start"] for row in self.rows(table, "day")), default=None)

    def look_up(self, metric: str, grain: str, first: date, channel: str, manager: str) -> tuple[bool, Any]:
        """Whether the table has that row, and what stands in it; a table without such a period has none."""
        table, column = metric.split(".")
        of_period = [row for row in self.rows(table, grain) if row["period_start"] == first]
        for row in of_period:
            if row.get("channel", WHOLE) == channel and row.get("manager", WHOLE) == manager:
                return True, None if row[column] is None else float(row[column])
        return False, 0.0 if of_period and is_count(metric) else None


def is_sum_of_days(metric: str) -> bool:
    """Whether the period holds what its days hold together."""
    return metric.split(".")[1] in SUMS and metric not in ("subscriber_period.orders", "subscriber_period.revenue_rub")


def is_count(metric: str) -> bool:
    """Whether the figure grows with the days."""
    return metric.split(".")[1] in SUMS | OTHER_COUNTS


def moved(world: World, day: date) -> Figures:
    """The same rows in a run of another day."""
    return Figures(replace(world, as_of=day))


def plan_period(world: World) -> list[Row]:
    """What was planned and what came of it."""
    latest: dict[tuple[Any, ...], Row] = {}
    for row in world.rows("plan"):
        if row["period_start"] <= world.as_of:
            key = (row["grain"], row["period_start"], row["metric"], row["channel"] or WHOLE, row["manager"] or WHOLE)
            latest[key] = row
    now, found = Figures(world), []
    runs: dict[date, Figures] = {}
    for (grain, first, metric, channel, manager), row in latest.items():
        last = next_start(grain, first) - timedelta(1)
        days, passed = (last - first).days + 1, (min(last, world.as_of) - first).days + 1
        due = row["planned"] * passed / days if is_count(metric) else row["planned"]
        actual = now.look_up(metric, grain, first, channel, manager)[1]
        back_on, back_first = back(world.as_of, grain), back(first, grain)
        before = runs.setdefault(back_on, moved(world, back_on))
        begins = before.begins(metric.split(".")[0])
        days_then = (next_start(grain, back_first) - back_first).days
        has_row, last_year = before.look_up(metric, grain, back_first, channel, manager)
        if not has_row or begins is None or (begins - back_first).days > days_then / 10:
            last_year = None
        completion = actual / due if actual is not None and due > 0 else None
        low, middle, high = (None, None, None)
        if last > world.as_of and is_sum_of_days(metric):
            low, middle, high = forecast(now, metric, (channel, manager), actual, last)
        found.append(
            {
                "grain": grain,
                "period_start": first,
                "metric": metric,
                "channel": channel,
                "manager": manager,
                "planned": row["planned"],
                "planned_to_date": due,
                "actual": actual,
                "completion": completion,
                "zone": None
                if completion is None
                else "low"
                if completion < 0.8
                else "high"
                if completion > 1.2
                else "ok",
                "last_year": last_year,
                "growth": actual / last_year - 1 if actual is not None and last_year and last_year > 0 else None,
                "forecast": middle,
                "forecast_low": low,
                "forecast_high": high,
                "is_complete": last <= world.as_of,
            }
        )
    return found


def back(day: date, grain: str) -> date:
    """A year before; 364 days for weeks and days."""
    if grain in ("day", "week"):
        return day - timedelta(364)
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def forecast(
    now: Figures, metric: str, place: tuple[str, str], actual: float | None, last: date
) -> tuple[float | None, float | None, float | None]:
    """Where a running period will end, by the weekdays of the last four weeks."""
    as_of = now.world.as_of
    begins = now.begins(metric.split(".", maxsplit=1)[0])
    if begins is None or begins > as_of - timedelta(27):
        return None, None, None
    days = [as_of - timedelta(n) for n in range(28)]
    values = {day: now.look_up(metric, "day", day, *place)[1] for day in days}
    if actual is None or None in values.values():
        return None, None, None
    means = {weekday: mean(values[day] for day in days if day.weekday() == weekday) for weekday in range(7)}
    left = [as_of + timedelta(n) for n in range(1, (last - as_of).days + 1)]
    counts = [sum(day.weekday() == weekday for day in left) for weekday in range(7)]
    s2 = sum((values[day] - means[day.weekday()]) ** 2 for day in days) / 21
    middle = actual + sum(means[day.weekday()] for day in left)
    margin = 2.0796 * sqrt(s2 * (len(left) + sum(n * n for n in counts) / 4))
    return max(middle - margin, min(actual, middle)), middle, middle + margin


def before_after(world: World) -> list[Row]:
    """What changes did to their figures."""
    found = []
    for change in world.rows("experiments"):
        on, days = change["changed_on"], timedelta(change["days"])
        if on > world.as_of:
            continue
        channel, manager, metric = change["channel"] or WHOLE, change["manager"] or WHOLE, change["metric"]
        table, column = metric.split(".")
        now, then = Figures(world), moved(world, max(world.as_of - days, on - timedelta(1)))
        windows = {"before": (on - days, on - timedelta(1)), "after": (on, on + days - timedelta(1))}
        values: dict[str, float | None] = {"before": None, "after": None}
        for side, run in (("before", then), ("after", now)):
            first, last = windows[side]
            begins = run.begins(table)
            if begins and (begins <= first if side == "before" else last <= world.as_of):
                values[side] = run.look_up(metric, f"{first}..{last}", first, channel, manager)[1]
        before, after = values["before"], values["after"]
        ratio = after / before - 1 if after is not None and before else None
        by_day = [
            _daily(run, metric, windows[side], channel, manager) for side, run in (("before", then), ("after", now))
        ]
        is_reliable = column not in STATES and all(len(of) >= 7 for of in by_day) and _differ(*by_day)
        found.append(
            {name: change[name] for name in ("name", "metric", "changed_on", "days")}
            | {
                "channel": channel,
                "manager": manager,
                "before_value": before,
                "after_value": after,
                "change": ratio,
                "is_reliable": is_reliable,
                "verdict": _verdict(column, before, after, is_reliable, windows["after"][1] > world.as_of),
                "effect_rub": _effect(then.world, column, ratio, windows["before"], (channel, manager)),
            }
        )
    return found


def _daily(run: Figures, metric: str, window: tuple[date, date], channel: str, manager: str) -> list[float]:
    days = [window[0] + timedelta(n) for n in range((window[1] - window[0]).days + 1)]
    values = [run.look_up(metric, "day", day, channel, manager)[1] for day in days if day <= run.world.as_of]
    return [value for value in values if value is not None]


def _differ(before: list[float], after: list[float]) -> bool:
    noise = sqrt(variance(before) / len(before) + variance(after) / len(after))
    return abs(mean(after) - mean(before)) > 2.18 * noise


def _verdict(column: str, before: float | None, after: float | None, is_reliable: bool, is_early: bool) -> str:
    if is_early:
        return "early"
    if before is None or after is None:
        return "unknown"
    if not is_reliable or before == after:
        return "noise"
    if column == "spend_rub":
        return "changed"
    return "better" if (after < before) == (column in LESS) else "worse"


def _effect(
    world: World, column: str, ratio: float | None, window: tuple[date, date], place: tuple[str, str]
) -> float | None:
    """The change times the money of the days before, in the same channel and of the same manager."""
    channel, manager = place
    rows = [
        deal
        for deal in world.won_rows
        if window[0] <= deal["day"] <= window[1]
        and channel in (WHOLE, deal["channel"])
        and manager in (WHOLE, deal["manager"])
    ]
    spend = [row for row in world.spend if window[0] <= row["day"] <= window[1] and channel in (WHOLE, row["channel"])]
    revenue = float(total(rows, "revenue_rub"))
    if ratio is None:
        return None
    if column in BY_PROFIT:
        return ratio * float(profit(rows))
    if column in ("average_check_rub", "av_price_rub"):
        return ratio * revenue
    if column == "cogs_per_order_rub":
        return -ratio * float(total(rows, "cogs_rub"))
    if column in ("spend_rub", "cost_per_call_rub", "cac_rub", "cpa_rub") and manager == WHOLE:
        return -ratio * float(total(spend, "spend_rub"))
    return None
