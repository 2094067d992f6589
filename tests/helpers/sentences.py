"""Every number of every sentence of a report, reckoned anew from the tables by another way than the layout's."""

# ruff: noqa: E501 - a pattern reads as the sentence does

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from transforms.layout import ReportInput, lay_out, month_back

MONTHS = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
Row = dict[str, Any]
Parts = dict[str, tuple[float, float]]
"""Channel or manager → what it adds above and below the line."""
NUMBER = r"−?\d[\d\u0020]*(?:,\d+)?"
TOLD = {"text", "text.unwrapped", "charthead", "charthead.unwrapped", "warning", "footnote", "footnote.unwrapped"}


def num(text: str) -> float:
    """`1 284,5` → 1284.5."""
    return float(text.replace(" ", "").replace("−", "-").replace(",", "."))


def same(text: str, value: float, times: float = 1) -> None:
    """The figure as written is this value, rounded to the last digit that is written."""
    places = len(text.split(",")[1]) if "," in text else 0
    assert abs(num(text) - value * times) <= 0.5 * 10**-places + 1e-6, (text, value * times)


@dataclass
class Reckoner:
    """A report's tables, and the two sides that its sentences compare."""

    report: ReportInput
    is_of_whole: bool = False
    """The last whole month and the one before it, not the running one."""

    @property
    def first(self) -> date:
        """First day of the month that the sentences tell of."""
        running = self.report.as_of.replace(day=1)
        return month_back(running) if self.is_of_whole else running

    def rows(self, table: str, side: str = "now", first: date | None = None) -> list[Row]:
        """Rows of one month: the running one, or on the side of before the one before it."""
        day = first or (self.first if side == "now" else month_back(self.first))
        found = getattr(self.report, side).get(table)
        rows = found.dicts() if found else []
        return [row for row in rows if row["grain"] == "month" and row["period_start"] == day]

    def parts(  # noqa: PLR0917 - a figure in words
        self, table: str, by: str, top: str, bottom: str, side: str, where: str | None = None
    ) -> Parts:
        """What each row adds above and below the line; `a-b` is a difference, an empty bottom a sum."""
        above, _, less = top.partition("-")
        return {
            row[by]: (
                float(row[above] or 0) - float(row[less] or 0 if less else 0),
                float(row[bottom] or 0) if bottom else 1.0,
            )
            for row in self.rows(table, side)
            if where is None or float(row[where] or 0) > 0
        }


@dataclass(frozen=True)
class Figure:
    """How a sentence's figure is made of rows."""

    table: str
    by: str
    top: str
    bottom: str = ""
    times: float = 1
    where: str | None = None

    def sides(self, of: Reckoner) -> tuple[Parts, Parts]:
        """The parts a month before and now."""
        before, now = (
            of.parts(self.table, self.by, self.top, self.bottom, side, self.where) for side in ("before", "now")
        )
        return before, now

    def value(self, parts: Parts) -> float:
        """The whole of the parts."""
        above = sum(top for top, _ in parts.values())
        return self.times * (above / sum(bottom for _, bottom in parts.values()) if self.bottom else above)


FIGURES = {
    r"Реклама (подорожала|подешевела)": Figure(
        "channel_period", "channel", "counted_calls", "spend_rub", 1000, "spend_rub"
    ),
    r"Звонки (реже|чаще) становятся покупками": Figure("manager_period", "manager", "clients", "calls", 10, "calls"),
    r"Новый клиент (подорожал|подешевел)": Figure(
        "channel_period", "channel", "spend_rub", "new_clients", 1, "spend_rub"
    ),
    r"Выручка (снизилась|выросла)": Figure("channel_period", "channel", "revenue_rub"),
    r"Прибыль после рекламы (снизилась|выросла)": Figure("channel_period", "channel", "gross_profit_rub-spend_rub"),
    r"Звонки": Figure("channel_period", "channel", "calls"),
    r"Реклама": Figure("channel_period", "channel", "spend_rub"),
}
FALLS = {"подорожала", "реже", "подешевел", "снизилась"}


def check_change(of: Reckoner, text: str, figure: Figure, match: re.Match[str]) -> None:
    """`…: now … против before …`, the verb, and the cause."""
    before, now = figure.sides(of)
    old, new = figure.value(before), figure.value(now)
    same(match["now"], new)
    same(match["before"], old)
    if match.lastindex and match[1] in {
        "подорожала",
        "подешевела",
        "реже",
        "чаще",
        "подорожал",
        "подешевел",
        "снизилась",
        "выросла",
    }:
        assert (new < old) == (match[1] in FALLS), text
    cause = match["cause"].strip()
    for written in re.findall(rf"(?:снижения|роста) на ({NUMBER}) ₽|сгладило его до ({NUMBER}) ₽", cause):
        assert num("".join(written)) == abs(num(match["now"]) - num(match["before"])), text
    cause = re.sub(rf"(?:(?<=снижения )|(?<=роста ))на {NUMBER} ₽|сгладило его до {NUMBER} ₽", "", cause)
    if cause:
        check_cause(of, cause, figure, before, now)


def effects(figure: Figure, before: Parts, now: Parts, name: str) -> tuple[float, float]:
    """What a part itself changed, and what the shift of weight did: by putting one thing in place of another."""
    weights = [
        {part: bottom / sum(b for _, b in side.values()) for part, (_, bottom) in side.items()}
        for side in (before, now)
    ]
    ratios = [{part: top / bottom for part, (top, bottom) in side.items() if bottom} for side in (before, now)]
    w0, w1 = (weight.get(name, 0.0) for weight in weights)
    r0, r1 = ratios[0].get(name, ratios[1].get(name, 0.0)), ratios[1].get(name, ratios[0].get(name, 0.0))
    mean = (figure.value(before) + figure.value(now)) / 2 / figure.times
    # the part's ratio changed first and then its weight, or the other way round; the truth is the mean of both orders
    own = ((w0 * r1 - w0 * r0) + (w1 * r1 - w1 * r0)) / 2
    whole = (w1 * r1 - w0 * r0) - mean * (w1 - w0)
    return own * figure.times, (whole - own) * figure.times


def check_cause(of: Reckoner, cause: str, figure: Figure, before: Parts, now: Parts) -> None:
    """Names one part and says how much of the change is its."""
    if cause.startswith("Одной причины нет"):
        return
    name = re.search(r"«(.+?)»", cause)
    assert name, cause
    part = name[1]
    if part not in before and part not in now:
        figure = Figure("manager_period", "manager", figure.top)
        before, now = figure.sides(of)
    change = figure.value(now) - figure.value(before)
    if figure.bottom:
        own, moved = effects(figure, before, now, part)
    else:
        own, moved = now.get(part, (0, 1))[0] - before.get(part, (0, 1))[0], 0.0
    amount = moved if "двиг " in cause else own
    for pattern, value in (
        (rf"({NUMBER}) % (?:снижения|роста)", amount / change * 100),
        (rf"(?:приходится|дал) ({NUMBER})(?: ₽)?[:.]", abs(amount)),
        (rf"пришлось ({NUMBER}) ₽", abs(amount)),
        (rf"это ({NUMBER})", abs(amount)),
        (rf"(?:снижения|роста) на ({NUMBER})", abs(change)),
        (rf"сгладило его до ({NUMBER})", abs(change)),
    ):
        for found in re.findall(pattern, cause):
            same(found, value)
    if "Почти" in cause:
        assert 0.9 <= amount / change <= 1.1, cause
    for found in re.findall(rf"было ({NUMBER}).*?стало ({NUMBER})", cause)[:1]:
        same(found[0], figure.times * before[part][0] / before[part][1])
        same(found[1], figure.times * now[part][0] / now[part][1])
    for found in re.findall(rf"была ({NUMBER}) %, стала ({NUMBER}) %", cause):
        for text, side in zip(found, (before, now), strict=True):
            same(text, side.get(part, (0, 0))[1] / sum(bottom for _, bottom in side.values()), 100)


def check_subscribers(of: Reckoner, match: re.Match[str]) -> None:
    """What there was, came, returned and went is what there is."""
    (row,) = of.rows("subscriber_period")
    same(match["active"], row["active_end"])
    same(match["total"], row["total_end"])
    if match["share"]:
        same(match["share"], 100 * row["active_end"] / row["total_end"])
    if match["start"]:
        assert num(match["start"]) + num(match["joined"]) + num(match["back"]) - num(match["gone"]) == num(
            match["active"]
        )
        same(match["joined"], row["joined_active"])
        day = of.first - timedelta(days=1)
        assert match["day"] == f"{day.day} {MONTHS[day.month - 1]}"


def check_prices(of: Reckoner, match: re.Match[str]) -> None:
    """The dearest and the cheapest of the paid channels' calls, a handful of calls left out."""
    prices = {
        row["channel"]: float(row["spend_rub"]) / row["counted_calls"]
        for row in of.rows("channel_period")
        if row["spend_rub"] and (row["counted_calls"] or 0) >= of.report.client.settings.channels.min_clients
    }
    assert prices[match["dearest"]] == max(prices.values())
    assert prices[match["cheapest"]] == min(prices.values())
    same(match["dear"], max(prices.values()))
    same(match["cheap"], min(prices.values()))


def check_managers(of: Reckoner, match: re.Match[str]) -> None:
    """All ripe months together, and how often chance does that."""
    rows = [row for row in of.report.now["manager_period"].dicts() if row["grain"] == "month" and row["is_mature"]]
    sums: dict[str, list[int]] = {}
    for row in rows:
        if row["manager"] != "Не указан":
            callers, bought = sums.setdefault(row["manager"], [0, 0])
            sums[row["manager"]] = [callers + row["callers"], bought + row["converted_callers"]]
    rates = {name: (callers, bought) for name, (callers, bought) in sums.items() if callers >= 30}
    for name, rate in ((match["best"], match["best_rate"]), (match["worst"], match["worst_rate"])):
        same(rate, 10 * rates[name][1] / rates[name][0])
    months = sorted({row["period_start"] for row in rows})
    assert [f"{MONTHS[day.month - 1]} {day.year}" for day in (months[0], months[-1])] == [match["first"], match["last"]]
    assert chance(list(rates.values())) < num(match["chance"]) / 100


def chance(pairs: list[tuple[int, int]]) -> float:
    """P(χ² ≥ what was found), by adding up thin slices of the density."""
    share = sum(bought for _, bought in pairs) / sum(callers for callers, _ in pairs)
    statistic = sum((bought - callers * share) ** 2 / (callers * share * (1 - share)) for callers, bought in pairs)
    half, step = (len(pairs) - 1) / 2, 0.001
    slices = (statistic + step * (i + 0.5) for i in range(200_000))
    return step * sum(math.exp((half - 1) * math.log(x / 2) - x / 2) / 2 / math.gamma(half) for x in slices)


def others(rows: Iterable[Row], name: str, top: str, *bottom: str) -> float:
    """A share over all named managers but one who have cases enough."""
    rest = [
        row for row in rows if row["manager"] not in (name, "Не указан") and sum(row[each] for each in bottom) >= 30
    ]
    return sum(row[top] for row in rest) / sum(row[each] for row in rest for each in bottom)


def check_target(of: Reckoner, match: re.Match[str]) -> None:
    """Few long calls among those taken."""
    rows = of.rows("manager_period")
    row = next(row for row in rows if row["manager"] == match["manager"].strip())
    same(match["target"], row["target_calls"])
    same(match["calls"], row["calls"])
    same(match["share"], 100 * row["target_calls"] / row["calls"])
    same(match["others"], 100 * others(rows, row["manager"], "target_calls", "calls"))


def check_missed(of: Reckoner, match: re.Match[str]) -> None:
    """Missed among all that came to somebody."""
    rows = of.rows("manager_period")
    row = next(row for row in rows if row["manager"] == match["manager"])
    same(match["missed"], row["missed_calls"])
    same(match["all"], row["calls"] + row["missed_calls"])
    same(match["share"], 100 * row["missed_calls"] / (row["calls"] + row["missed_calls"]))
    same(match["others"], 100 * others(rows, match["manager"], "missed_calls", "calls", "missed_calls"))


def check_conversions(of: Reckoner, match: re.Match[str]) -> None:
    """Buyers among all and among the living, then and in the last whole month."""
    rows = {row["period_start"]: row for row in of.report.now["subscriber_period"].dicts() if row["grain"] == "month"}
    days = [f"{MONTHS[day.month - 1]} {day.year}" for day in sorted(rows)]
    at = {text: rows[day] for text, day in zip(days, sorted(rows), strict=True)}
    for when, whole, alive in ((match["then"], match["a"], match["c"]), (match["last"], match["b"], match["d"])):
        same(whole, 100 * at[when]["buyers"] / at[when]["total_end"])
        same(alive, 100 * at[when]["buyers"] / at[when]["active_end"])


def check_bought(of: Reckoner, match: re.Match[str]) -> None:
    """The same of the last whole month alone."""
    (row,) = of.rows("subscriber_period", first=(of.first - timedelta(days=1)).replace(day=1))
    same(match["whole"], 100 * row["buyers"] / row["total_end"])
    same(match["alive"], 100 * row["buyers"] / row["active_end"])


def check_pool(of: Reckoner, match: re.Match[str]) -> None:
    """New and returned less lost is the net."""
    (row,) = of.rows("client_period")
    assert [num(match[name]) for name in ("new", "returned", "lost")] == [row["new"], row["returned"], row["lost"]]
    net = num(match["new"]) + num(match["returned"]) - num(match["lost"])
    assert abs(net) == num(match["net"])
    assert (net < 0) == (match["way"] == "меньше")


def check_still(of: Reckoner, match: re.Match[str]) -> None:
    """As many came as went."""
    (row,) = of.rows("client_period")
    assert [num(match[name]) for name in ("new", "returned", "lost")] == [row["new"], row["returned"], row["lost"]]
    assert row["new"] + row["returned"] == row["lost"]


LEVERS = {"конверсия в первую покупку": ("c1", 100), "средний чек": ("av_price", 1), "число покупок на клиента": ("apc", 1),
          "число привлечённых": ("ua", 1), "себестоимость заказа": ("cogs_per_order", 1), "цена привлечения": ("cpa", 1)}  # fmt: skip


def check_lever(of: Reckoner, match: re.Match[str]) -> None:
    """The first of the last whole month, and what its level would bring by the margin's formula."""
    name, times = LEVERS[match["lever"]]
    first = (of.first - timedelta(days=1)).replace(day=1)
    rows = {row["lever"]: row for row in of.report.now["lever"].dicts() if row["period_start"] == first}
    row = rows[name]
    same(match["now"], float(row["base_value"]), times)
    same(match["best"], float(row["best_value"]), times)
    same(match["money"], float(row["shortfall_rub"]))
    assert all(float(row["shortfall_rub"]) >= float(other["shortfall_rub"] or 0) for other in rows.values())
    assert match["when"] == f"{MONTHS[row['best_on'].month - 1]} {row['best_on'].year}"


def check_winback_cut(of: Reckoner, match: re.Match[str]) -> None:
    """How many rows the list has, and how many persons there are."""
    (row,) = of.report.now["winback_sum"].dicts()
    assert num(match["shown"]) == len(of.report.now["winback_first"].rows)
    same(match["count"], row["clients"])


def check_winback(of: Reckoner, match: re.Match[str]) -> None:
    """The sums of the list."""
    (row,) = of.report.now["winback_sum"].dicts()
    lately = num(match["lately"]) if match["lately"] else int("один" in match[0])
    assert [num(match["clients"]), lately] == [row["clients"], row["left_lately"]]
    same(match["money"], float(row["revenue_rub"]))


def check_third_month(of: Reckoner, match: re.Match[str]) -> None:
    """Buyers of the third month among those who came, of the last such cohort and the one a year before."""
    rows = [row for row in of.report.now["cohort_month"].dicts() if row["month_number"] == 3 and row["is_complete"]]
    last = max(rows, key=lambda row: row["cohort_on"])
    same(match["now"], 100 * last["buyers"] / last["clients"])
    if match["before"]:
        day = last["cohort_on"].replace(year=last["cohort_on"].year - 1)
        (old,) = [row for row in rows if row["cohort_on"] == day]
        same(match["before"], 100 * old["buyers"] / old["clients"])


def check_dependence(of: Reckoner, match: re.Match[str]) -> None:
    """Buyers of ten callers by channel in the last ripe month."""
    ripe = [row for row in of.report.now["channel_dependence"].dicts() if row["grain"] == "month" and row["is_mature"]]
    last = max(ripe, key=lambda row: row["period_start"])
    rows = [
        row
        for row in of.report.now["manager_channel_period"].dicts()
        if row["grain"] == "month" and row["period_start"] == last["period_start"]
    ]
    for name in ("best", "worst"):
        theirs = [row for row in rows if row["channel"] == match[name]]
        same(
            match[f"{name}_rate"],
            10 * sum(row["converted_callers"] for row in theirs) / sum(row["callers"] for row in theirs),
        )
    if match["chance"]:
        same(match["chance"], 100 * last["p_value"])


def refusals(of: Reckoner) -> list[dict[str, Any]]:
    """Reasons of deals that were never bought: one that came back was."""
    return [row for row in of.rows("loss_reason_period") if row["reason"] != "Возврат"]


def check_returned(of: Reckoner, match: re.Match[str]) -> None:
    """Deals that were bought and came back, and their money."""
    row = next(row for row in of.rows("loss_reason_period") if row["reason"] == "Возврат")
    assert num(match["count"]) == row["deals_lost"]
    same(match["money"] or "0", float(row["lost_rub"]))


def check_loss(of: Reckoner, match: re.Match[str]) -> None:
    """The reason in our power with most lost deals, among all that were lost."""
    rows = refusals(of)
    row = max((row for row in rows if row["is_in_our_power"]), key=lambda row: row["deals_lost"])
    assert row["reason"] == match["reason"]
    assert num(match["count"]) == row["deals_lost"]
    assert num(match["all"]) == sum(row["deals_lost"] for row in rows)
    same(match["share"], 100 * num(match["count"]) / num(match["all"]))
    same(match["money"] or "0", float(row["lost_rub"]))


def check_lost(of: Reckoner, match: re.Match[str]) -> None:
    """All lost deals of the month."""
    assert sum(row["deals_lost"] for row in refusals(of)) == num(match["count"])


def check_reason(of: Reckoner, match: re.Match[str]) -> None:
    """The most frequent named reason among all that were lost."""
    rows = refusals(of)
    row = max(
        (row for row in rows if row["reason"] != "Не указана"), key=lambda row: (row["deals_lost"], row["lost_rub"])
    )
    assert (row["reason"], row["deals_lost"]) == (match["reason"], num(match["count"]))
    assert num(match["all"]) == sum(row["deals_lost"] for row in rows)
    same(match["share"], 100 * num(match["count"]) / num(match["all"]))
    same(match["money"] or "0", float(row["lost_rub"]))


def check_plan(of: Reckoner, match: re.Match[str]) -> None:
    """The row with the least done, its fact against the plan to date, and where it ends."""
    rows = [row for row in of.rows("plan_period") if row["completion"] is not None and "cac" not in row["metric"]]
    row = min(rows, key=lambda row: row["actual"] / row["planned_to_date"])
    same(match["completion"], 100 * row["actual"] / row["planned_to_date"])
    share = 100 if "%)" in match[0] else 1
    same(match["actual"], row["actual"], share)
    same(match["to_date"], row["planned_to_date"], share)
    if match["low"]:
        told_to = (row["forecast_high"] - row["forecast_low"]) / 10 + 1
        assert abs(num(match["low"]) - row["forecast_low"]) <= told_to, match[0]
        assert abs(num(match["high"]) - row["forecast_high"]) <= told_to, match[0]
        same(match["planned"], row["planned"])


def check_plan_over(of: Reckoner, match: re.Match[str]) -> None:
    """Of the figures that are better the less they are, the one furthest above its plan, and by 20 % at least."""
    rows = [row for row in of.rows("plan_period") if row["completion"] is not None and "cac" in row["metric"]]
    row = max(rows, key=lambda row: row["actual"] / row["planned_to_date"])
    same(match["actual"], row["actual"])
    same(match["to_date"], row["planned_to_date"])
    same(match["completion"], 100 * row["actual"] / row["planned_to_date"])
    assert row["actual"] > 1.2 * row["planned_to_date"]


def check_plan_days(of: Reckoner, match: re.Match[str]) -> None:
    """The last day of the chart is what the month came to, and that day's part of the plan."""
    days = of.report.now["plan_day"].dicts()
    last = max(day["day_on"] for day in days)
    assert last.day == num(match["day"])
    fitting = [day for day in days if day["day_on"] == last and abs(float(day["actual"]) - num(match["actual"])) <= 0.5]
    whole = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    plans = [row["planned"] * last.day / whole.day for row in of.rows("plan_period")
             if any(row[name] == day[name] for day in fitting for name in ("metric",))]  # fmt: skip
    assert any(abs(plan - num(match["plan"])) <= 0.5 for plan in plans), match[0]


def check_worked(of: Reckoner, match: re.Match[str]) -> None:
    """The latest change that has run its days: its figure after and before."""
    rows = [row for row in of.report.now["before_after"].dicts() if row["verdict"] not in ("early", "unknown")]
    row = max(rows, key=lambda row: (row["changed_on"], row["name"]))
    assert (row["name"], row["days"]) == (match["name"], num(match["days"]))
    times = 100 if "%" in match[0] else 1
    same(match["after"], float(row["after_value"]), times)
    same(match["before"], float(row["before_value"]), times)
    verdict = {": стало лучше.": "better", ": стало хуже.": "worse"}.get(match["verdict"])
    assert verdict in (None, row["verdict"])
    if match["money"]:
        same(match["money"], float(row["effect_rub"]))


def check_partners(of: Reckoner, match: re.Match[str]) -> None:
    """What all of them are owed, to the kopeck."""
    whole = (of.first - timedelta(days=1)).replace(day=1)
    for text, first in ((match["whole"], whole), (match["running"], of.first)):
        same(text, float(sum(row["reward_rub"] for row in of.rows("partner_period", first=first))))


def check_score(of: Reckoner, match: re.Match[str]) -> None:
    """The mean score of all, now and a month before."""
    for text, side in ((match["now"], "now"), (match["before"], "before")):
        same(text, next(row["csi"] for row in of.rows("satisfaction_period", side) if row["manager"] == "Всего"))


def check_lowest(of: Reckoner, match: re.Match[str]) -> None:
    """The lowest of the managers."""
    least = of.report.client.settings.channels.min_clients
    rows = [row for row in of.rows("satisfaction_period") if row["manager"] not in ("Всего", "Не указан")]
    row = min((row for row in rows if (row["csi_answers"] or 0) >= least), key=lambda row: row["csi"])
    assert (row["manager"], row["csi_answers"]) == (match["manager"], num(match["answers"]))
    same(match["csi"], row["csi"])


def check_asked(of: Reckoner, match: re.Match[str]) -> None:
    """Clients asked among all clients."""
    row = next(row for row in of.rows("satisfaction_period") if row["manager"] == "Всего")
    assert (num(match["asked"]), num(match["clients"])) == (row["clients_asked"], row["clients"])
    same(match["share"], 100 * row["clients_asked"] / row["clients"])


STEPS = {
    "кликов на показ": ("clicks", "impressions"),
    "целевых из звонков": ("target_calls", "calls"),
    "клиентов на целевой": ("clients", "target_calls"),
    "выручка с клиента": ("revenue_rub", "clients"),
    "валовая маржа": ("gross_profit_rub", "revenue_rub"),
}


def check_step(of: Reckoner, match: re.Match[str]) -> None:
    """A share of all channels, or calls per click of those with clicks."""
    for text, side in ((match["now"], "now"), (match["before"], "before")):
        rows = [row for row in of.rows("chain_period", side) if row["channel"] != "Всего"]
        if match["step"].startswith("звонков на клик"):
            value = sum(row["calls"] for row in rows if row["clicks"]) / sum(row["clicks"] or 0 for row in rows)
        else:
            whole = next(row for row in of.rows("chain_period", side) if row["channel"] == "Всего")
            top, bottom = STEPS[match["step"]]
            value = float(whole[top]) / float(whole[bottom])
        same(text, value, 1 if "₽" in match[0] else 100)


def check_balance(of: Reckoner, match: re.Match[str]) -> None:
    """The five counts, and that they add up."""
    loads = of.report.ops["loads"].dicts()
    names = ("read", "staged", "rejected", "duplicate", "skipped")
    counts = [num(match[name]) for name in names]
    assert counts == [sum(row[f"rows_{name}"] for row in loads) for name in names]
    assert counts[0] == sum(counts[1:])


def check_refused(of: Reckoner, match: re.Match[str]) -> None:
    """Rows of some source, their share of those that count, their roubles."""
    by_source: dict[str, list[Row]] = {}
    for row in of.report.ops["loads"].dicts():
        by_source.setdefault(row["source"], []).append(row)
    sums = [
        {name: sum(row[name] for row in rows) for name in rows[0] if name.startswith(("rows", "money"))}
        for rows in by_source.values()
    ]
    fitting = [one for one in sums if one["rows_rejected"] == num(match["rows"])]
    assert fitting
    shares = [100 * one["rows_rejected"] / (one["rows_read"] - one["rows_skipped"]) for one in fitting]
    assert any(
        (share < num(match["share"]) if match["less"] else abs(share - num(match["share"])) <= 0.5) for share in shares
    )
    if match["money"]:
        assert any(abs(float(one["money_rejected_rub"]) - num(match["money"])) <= 0.5 for one in fitting)


def check_unmapped(of: Reckoner, match: re.Match[str]) -> None:
    """Rows and roubles of the names that a dictionary lacks."""
    kind = {"каналов": "channels", "менеджеров": "managers"}[match["dictionary"]]
    rows = [row for row in of.report.ops["unmapped"].dicts() if row["dictionary"] == kind]
    assert sum(row["rows"] for row in rows) == num(match["rows"])
    if match["money"]:
        same(match["money"], float(sum(row["money_rub"] for row in rows)))


def check_left_out(of: Reckoner, match: re.Match[str]) -> None:
    """Clients of managers who took no call."""
    rows = [row for row in of.rows("manager_period") if not row["calls"] and row["clients"]]
    assert sum(row["clients"] for row in rows) == num(match["clients"])
    assert set(match["names"].split(", ")) == {
        row["manager"] if row["manager"] != "Не указан" else "менеджер не указан" for row in rows
    }


def check_ratio_title(of: Reckoner, match: re.Match[str]) -> None:
    """Calls per 1,000 roubles, now and a month before."""
    figure = FIGURES[r"Реклама (подорожала|подешевела)"]
    before, now = figure.sides(of)
    same(match["now"], figure.value(now))
    if match["before"]:
        same(match["before"], figure.value(before))


def check_fallen(of: Reckoner, match: re.Match[str]) -> None:
    """One channel's calls per 1,000 roubles."""
    figure = FIGURES[r"Реклама (подорожала|подешевела)"]
    for text, side in zip((match["before"], match["now"]), figure.sides(of), strict=True):
        top, bottom = side[match["channel"]]
        same(text, 1000 * top / bottom)


def check_revenue_title(of: Reckoner, match: re.Match[str]) -> None:
    """Revenue of all channels."""
    same(match["money"], sum(float(row["revenue_rub"] or 0) for row in of.rows("channel_period")))


def check_clients_title(of: Reckoner, match: re.Match[str]) -> None:
    """Clients alive."""
    same(match["clients"], of.rows("client_period")[0]["clients_end"])


def check_repeat(of: Reckoner, match: re.Match[str]) -> None:
    """The repeat share, now and before."""
    new, old = of.rows("client_period")[0]["repeat_share"], of.rows("client_period", "before")[0]["repeat_share"]
    same(match["now"], 100 * new)
    same(match["before"], 100 * old)
    assert (new < old) == (match["way"] == "меньше")


def nothing(of: Reckoner, match: re.Match[str]) -> None:
    """A number of settings or days, checked elsewhere."""


WHEN = r"(?:за те же дни \w+|за тот же день \w+|в \w+)"
CAUSE = r"(?P<cause>(?: (?:Одной причины|На (?:канал|менеджера) «|Из |Больше всего изменил|Больше всего дал|Почти |В ту же сторону|Сдвиг )(?:[^.]|\.(?=\S))*\.)?)"
SPAN = r"(?:за \d+–\d+ \w+|за \d+ \w+|в \w+)"
ALIVE = (
    rf"Активных подписчиков (?P<active>{NUMBER}) из (?P<total>{NUMBER})(?: \((?P<share>{NUMBER}) %\))?\."
    rf"(?: (?P<day>\d+ \w+) было (?P<start>{NUMBER}), с тех пор пришло (?P<joined>{NUMBER}), "
    rf"вернулось (?P<back>{NUMBER}), замолчало (?P<gone>{NUMBER})\.)?"
)
CHECKS: list[tuple[str, Callable[[Reckoner, re.Match[str]], None]]] = [
    (ALIVE, check_subscribers),
    (rf"Повторных покупок стало (?P<way>меньше|больше): (?P<now>{NUMBER}) % против (?P<before>{NUMBER}) % {WHEN}\.", check_repeat),
    (rf"Дороже всего звонок обходится в «(?P<dearest>.+?)»: (?P<dear>{NUMBER}) ₽; дешевле всего в «(?P<cheapest>.+?)»: (?P<cheap>{NUMBER}) ₽\.", check_prices),
    (rf"Разница между менеджерами настоящая: за дозревшие месяцы \((?P<first>\w+ \d+) – (?P<last>\w+ \d+)\) из 10 позвонивших купили (?P<best_rate>{NUMBER}) \((?P<best>.+?)\) и (?P<worst_rate>{NUMBER}) \((?P<worst>.+?)\)\. Случай дал бы такое реже чем в (?P<chance>{NUMBER}) % раскладов\.", check_managers),
    (rf"(?P<manager>[^.:]+): \d+ секунд\w* и дольше говорили только в (?P<target>{NUMBER}) из (?P<calls>{NUMBER}) звонк\w+ \((?P<share>{NUMBER}) %\), у остальных (?P<others>{NUMBER}) %\.", check_target),
    (rf"Больше всех пропускает (?P<manager>[^:]+): (?P<missed>{NUMBER}) из (?P<all>{NUMBER}) звонк\w+ \((?P<share>{NUMBER}) %\); у остальных (?P<others>{NUMBER}) %\.", check_missed),
    (rf"Доля купивших от всей базы упала с (?P<a>{NUMBER}) % до (?P<b>{NUMBER}) % \((?P<then>\w+ \d+) и (?P<last>\w+ \d+)\), от активных держится: (?P<c>{NUMBER}) % и (?P<d>{NUMBER}) %\.", check_conversions),
    (rf"Купили {SPAN}: (?P<whole>{NUMBER}) % всей базы, (?P<alive>{NUMBER}) % активных\.", check_bought),
    (rf"Живых клиентов стало (?P<way>меньше|больше) на (?P<net>{NUMBER}): пришло (?P<new>{NUMBER}), вернулось (?P<returned>{NUMBER}), ушло (?P<lost>{NUMBER}) \({SPAN}\)\.", check_pool),
    (rf"Больше всего просел шаг «(?P<step>.+?)»: (?P<now>{NUMBER}) [%₽] против (?P<before>{NUMBER}) [%₽] {WHEN}\.", check_step),
    (rf"прочитано (?P<read>{NUMBER}) строк\w* = принято (?P<staged>{NUMBER}) \+ отвергнуто (?P<rejected>{NUMBER}) \+ повторы (?P<duplicate>{NUMBER}) \+ служебные (?P<skipped>{NUMBER})\.", check_balance),
    (rf"отвергнут\w* (?P<rows>{NUMBER}) строк\w* \((?P<less><?)(?P<share>{NUMBER}) %\)(?: на (?P<money>{NUMBER}) ₽)?", check_refused),
    (rf"Нет в словаре (?P<dictionary>\w+): «.+?», (?P<rows>{NUMBER}) строк\w*(?: на (?P<money>{NUMBER}) ₽)?\.", check_unmapped),
    (rf"Не вошли в «Клиентов на 10 звонков»: (?P<clients>{NUMBER}) клиент\w*, чьи менеджеры звонков не принимали \((?P<names>.+?)\)\.", check_left_out),
    (rf"Активных (?P<active>{NUMBER}) из (?P<total>{NUMBER})(?P<share>)(?P<start>)", check_subscribers),
    (rf"Звонков на 1 000 ₽: сильнее всех (?:просел|вырос) канал «(?P<channel>.+?)», (?P<before>{NUMBER}) → (?P<now>{NUMBER})", check_fallen),
    (rf"Звонков на 1 000 ₽: (?P<now>{NUMBER})(?:, месяцем раньше (?P<before>{NUMBER}))?", check_ratio_title),
    (rf"Выручка по месяцам: (?P<money>{NUMBER}) ₽ {SPAN}", check_revenue_title),
    (rf"Живых клиентов (?P<clients>{NUMBER})", check_clients_title),
    (r"Звонков на 1 000 ₽: (?:каналы с наибольшими расходами|канал «[^»]+»)", nothing),
    (rf"Живых клиентов столько же: пришло (?P<new>{NUMBER}), вернулось (?P<returned>{NUMBER}), ушло (?P<lost>{NUMBER}) \({SPAN}\)\.", check_still),
    (rf"Прибыль (?:в \w+|за \S+ \w+) сдерживает (?P<lever>[^:]+): (?P<now>{NUMBER})(?: [%₽])?, а бывало (?P<best>{NUMBER})(?: [%₽])? \((?P<when>\w+ \d+)\); до этого уровня не хватает (?P<money>{NUMBER}) ₽ за месяц\.", check_lever),
    (rf"Здесь (?P<shown>{NUMBER}) из (?P<count>{NUMBER}): те, кто ушёл последним\.", check_winback_cut),
    (rf"Ушедших клиентов (?P<clients>{NUMBER}): за всё время они принесли (?P<money>{NUMBER}) ₽\. За последние три месяца (?:ушло (?P<lately>{NUMBER}): им звонят первыми|ушёл один: ему звонят первому|не ушёл никто)\.", check_winback),
    (rf"В третий месяц после первой покупки снова купили (?P<now>{NUMBER}) % пришедших в \w+(?:; годом раньше (?P<before>{NUMBER}) %)?\.", check_third_month),
    (rf"(?:Конверсия зависит от канала:|Зависит ли конверсия от канала, не видно:) в \w+ \d+ из 10 позвонивших купили (?P<best_rate>{NUMBER}) \(«(?P<best>.+?)»\) и (?P<worst_rate>{NUMBER}) \(«(?P<worst>.+?)»\)(?:, такую разницу дают (?P<chance>{NUMBER}) % случайных раскладов)?\.", check_dependence),
    (rf"Из причин, которые в нашей власти, первая — «(?P<reason>.+?)»: (?P<count>{NUMBER}) из (?P<all>{NUMBER}) отказ\w+ \((?P<share>{NUMBER}) %\)(?: на (?P<money>{NUMBER}) ₽)? {SPAN}\.", check_loss),
    (rf"Партнёрам {SPAN}: (?P<whole>{NUMBER}) ₽\. Пока {SPAN}: (?P<running>{NUMBER}) ₽\.", check_partners),
    (rf"Оценка (?P<now>{NUMBER}) из 5 {SPAN}, зона \w+\. Было (?P<before>{NUMBER}) {WHEN}\.", check_score),
    (rf"Ниже всех (?P<manager>[^:]+): (?P<csi>{NUMBER}) \((?P<answers>{NUMBER}) ответ\w*\)\.", check_lowest),
    (rf"Ответивших (?P<asked>{NUMBER}) из (?P<clients>{NUMBER}) клиент\w* \((?P<share>{NUMBER}) %\): по остальным судить нельзя\.", check_asked),
    (r"Лучший уровень: .+? дали бы 10 % к каждому\.", nothing),
    (r"Покупают из 10 позвонивших: менеджеры и каналы, \w+ \d+", nothing),
    (rf"Не купили {SPAN}: (?P<count>{NUMBER}) сдел\w+[.,] (?:Причин в нашей власти не названо|Почему, не указано ни у одной|Главной причины не видно)\b.*", check_lost),
    (rf"Купили и вернули {SPAN}: (?P<count>{NUMBER}) сдел\w+(?: на (?P<money>{NUMBER}) ₽)?; в выручке этого нет, и отказом это не считается\.", check_returned),
    (rf"Самая частая причина отказа — «(?P<reason>.+?)»: (?P<count>{NUMBER}) из (?P<all>{NUMBER}) отказ\w+ \((?P<share>{NUMBER}) %\)(?: на (?P<money>{NUMBER}) ₽)? {SPAN}\.", check_reason),
    (rf"(?:Дальше всего от плана|От плана отстаёт) «(?P<title>.+?)»: (?P<completion>{NUMBER}) % плана на сегодня \((?P<actual>{NUMBER})(?: [₽%])? из (?P<to_date>{NUMBER})(?: [₽%])?\)(?:; к (?P<end>\d+) \w+ будет (?P<low>{NUMBER})(?: [₽%])?–(?P<high>{NUMBER})(?: [₽%])?, план (?P<planned>{NUMBER})(?: [₽%])?)?\.", check_plan),
    (rf"Больше плана, хотя лучше меньше: «(?P<title>.+?)», (?P<actual>{NUMBER})(?: [₽%])? при плане (?P<to_date>{NUMBER})(?: [₽%])? \((?P<completion>{NUMBER}) %\)\.", check_plan_over),
    (rf"(?P<title>[А-Я][^.:]*?) нарастающим итогом: (?P<actual>{NUMBER})(?: ₽)? по (?P<day>\d+) \w+, по плану было бы (?P<plan>{NUMBER})(?: ₽)?(?= |$)", check_plan_days),
    (r"(?:Всё в пределах 80–120 % плана|Ниже 80 % плана нет ничего, кое-что выше 120 %)\.", nothing),
    (r"Прогноз с вероятностью 95 %", nothing),
    (rf"«(?P<name>[^»]+)»(?P<verdict>: стало лучше\.|: стало хуже\.|:) (?:показатель )?«[^»]+»(?:,|:| —) (?P<after>{NUMBER})(?: [₽%])? против (?P<before>{NUMBER})(?: [₽%])? за (?P<days>{NUMBER}) \w+ до этого(?P<noise>, случайность больше разницы)?\.(?: В деньгах это (?P<money>{NUMBER}) ₽\.)?", check_worked),
    (r"Серое изменение: случайность больше разницы\.", nothing),
    (r"Мало случаев, чтобы судить: [^.]+\.", nothing),
    (r"Точка или светлый столбец: [^,]+, месяц ещё идёт\.", nothing),
    (r"\* Ещё зреет: покупают и через \d+ дн\w+ после звонка, цвета поэтому нет\.", nothing),
    (r"Серым: меньше \d+ [^,]+, случайность больше разницы\.", nothing),
    (r"Серым: (?:меньше \d+ [^;]+; )?изменение меньше чем на \d+ \w+(?: в сумме всех ответов)?[,:] случайность больше разницы\.", nothing),
]  # fmt: skip


def check_sentences(report: ReportInput) -> int:
    """A Russian report in; how many numbers were reckoned anew out. Fails at a wrong one, and at one nobody can reckon."""
    reckoned = 0
    for sheet in lay_out(report):
        if sheet.key == "glossary":
            continue
        cells = sorted((cell for cell in sheet.cells if cell.look in TOLD), key=lambda cell: cell.row)
        table = min((cell.row for cell in sheet.cells if cell.look.startswith("header")), default=0)
        above = [cell for cell in cells if cell.row < table and sheet.key == "summary"]
        is_of_whole = any("только начался" in str(cell.value) for cell in above)
        for of, some in (
            (Reckoner(report, is_of_whole), above),
            (Reckoner(report), [cell for cell in cells if cell not in above]),
        ):
            reckoned += _check_text(of, sheet.key, " ".join(str(cell.value) for cell in some).replace("\u00a0", " "))
    return reckoned


def _check_text(of: Reckoner, page: str, text: str) -> int:
    rest, reckoned = _without_names(text), 0
    for figure_pattern, figure in FIGURES.items():
        pattern = rf"{figure_pattern}: (?P<now>{NUMBER})(?: ₽)?(?: \w+)?(?: рекламы| на 1 000 ₽| на 10 звонков)? против (?P<before>{NUMBER})(?: ₽)? {WHEN}\.{CAUSE}"
        rest, count = _told(
            of, pattern, rest, lambda of, match, figure=figure: check_change(of, match[0], figure, match)
        )  # type: ignore[misc]
        reckoned += count
    for pattern, check in CHECKS:
        rest, count = _told(of, pattern, rest, check)
        reckoned += count
    left = [part for part in re.split(r"(?<=[.!?]) ", rest) if re.search(r"\d", part)]
    assert page == "quality" or not left, (page, left)
    return reckoned


def _without_names(text: str) -> str:
    """Names of files and sources may hold digits."""
    return re.sub(r"\S+\.(?:csv|xlsx)\S*", "", text)


def _told(of: Reckoner, pattern: str, text: str, check: Callable[[Reckoner, re.Match[str]], None]) -> tuple[str, int]:
    count = 0
    for match in re.finditer(pattern, text):
        check(of, match)
        count += len(re.findall(NUMBER, match[0]))
    return re.sub(pattern, "", text), count
