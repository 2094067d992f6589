"""The further figures once more, in plain Python: economics, cohorts, people, reasons, answers, partners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from math import erfc, exp, gamma, sqrt
from typing import Any

from tests.transforms.metrics.restated import (
    NOBODY,
    WHOLE,
    Period,
    Row,
    World,
    conversions,
    first_calls,
    half_up,
    known,
    money,
    people,
    profit,
    ratio,
    roubles,
    summed,
    told,
    total,
)

LEVERS = ("c1", "apc", "av_price", "ua", "cogs_per_order", "cpa")
"""In the order that breaks ties."""


def are_phones_known(world: World) -> bool:
    """Whether some call bears a known phone."""
    return not world.calls or any(call["phone"] for call in world.calls)


# ------------------------------------------------------------------------------------------------ managers and channels


def manager_channel_period(world: World, grain: str) -> list[Row]:
    """A caller of a manager stands in the channel of their first such call of the period."""
    rows = [*world.calls, *world.deals]
    lookback = timedelta(world.settings["lookback_days"])
    found = []
    for period in world.periods(grain, (row["day"] for row in rows)):
        for manager, channel in {(row["manager"], row["channel"]) for row in rows}:
            are_calls = world.counts_manager("calls", manager) and world.counts_by(
                "calls", world.calls, "channel", channel
            )
            are_sales = world.counts_manager("deals", manager)
            are_channels = world.counts_by("deals", world.deals, "channel", channel)
            taken = [
                call
                for call in world.inbound
                if call["manager"] == manager and call["is_answered"] and period.has(call["day"])
            ]
            callers = {phone: call for phone, call in first_calls(taken).items() if call["channel"] == channel}
            here = [
                deal
                for deal in world.won_rows
                if (deal["manager"], deal["channel"]) == (manager, channel) and period.has(deal["day"])
            ]
            sold = [deal for deal in here if money(deal["revenue_rub"]) > 0]
            are_callers = are_calls and are_phones_known(world)
            n = told(len(callers), are_callers)
            k = told(
                len(conversions(world, callers, manager)),
                are_callers,
                are_sales,
                world.are_persons_known,
                world.converts(manager),
            )
            found.append(
                {
                    "grain": grain,
                    "period_start": period.first,
                    "manager": manager,
                    "channel": channel,
                    "calls": told(sum(call["channel"] == channel for call in taken), are_calls),
                    "callers": n,
                    "converted_callers": k,
                    "conversion": ratio(k, n),
                    "is_reliable": n is not None and n >= world.settings["min_callers"],
                    "is_mature": period.d + lookback <= world.as_of,
                    "clients": told(len(people(sold)), are_sales, are_channels, world.are_persons_known),
                    "revenue_rub": told(total(here, "revenue_rub"), are_sales, are_channels),
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def channel_dependence(world: World, grain: str) -> list[Row]:
    """Pearson's test over channels whose expected counts are at least five."""
    cells = manager_channel_period(world, grain)
    found = []
    is_known = all(
        (
            world.is_loaded("calls"),
            world.is_loaded("deals"),
            are_phones_known(world),
            world.are_persons_known,
            not world.calls or any(call["channel"] != NOBODY for call in world.calls),
            not world.deals
            or any(deal["manager"] != NOBODY for deal in world.deals)
            or (world.calls and all(call["manager"] == NOBODY for call in world.calls)),
        )
    )
    for period in sorted({cell["period_start"] for cell in cells}):
        mine = [cell for cell in cells if cell["period_start"] == period]
        counts = [
            (
                sum(cell["callers"] or 0 for cell in mine if cell["channel"] == channel),
                sum(cell["converted_callers"] or 0 for cell in mine if cell["channel"] == channel),
            )
            for channel in {cell["channel"] for cell in mine} - {NOBODY}
        ]
        channels, n, k, chi2, p = chi_square(counts)
        found.append(
            {
                "grain": grain,
                "period_start": period,
                "channels": told(channels, is_known),
                "callers": told(n, is_known),
                "converted_callers": told(k, is_known),
                "chi2": told(chi2, is_known),
                "p_value": told(p, is_known),
                "is_dependent": told(None if p is None else p < 0.05, is_known),
                "is_mature": mine[0]["is_mature"],
                "is_complete": mine[0]["is_complete"],
            }
        )
    return found


def chi_square(counts: list[tuple[int, int]]) -> tuple[int, int, int, float | None, float | None]:
    """Callers and buyers by channel in; how many channels entered, theirs, the statistic and its tail out."""
    all_n, all_k = sum(n for n, _ in counts), sum(k for _, k in counts)
    entered = [(n, k) for n, k in counts if all_n > 0 and n * all_k >= 5 * all_n and n * (all_n - all_k) >= 5 * all_n]
    n_of, k_of = sum(n for n, _ in entered), sum(k for _, k in entered)
    if len(entered) < 2 or k_of in (0, n_of):
        return len(entered), n_of, k_of, None, None
    share = k_of / n_of
    chi2 = sum((k - n * share) ** 2 / (n * share * (1 - share)) for n, k in entered)
    return len(entered), n_of, k_of, chi2, upper_tail(chi2, len(entered) - 1)


def upper_tail(chi2: float, freedom: int) -> float:
    """The share of chance results at least as large, by its sums for whole degrees of freedom."""
    half = chi2 / 2
    if freedom % 2 == 0:
        return exp(-half) * sum(half**i / gamma(i + 1) for i in range(freedom // 2))
    series = sum(half ** (i - 0.5) / gamma(i + 0.5) for i in range(1, (freedom + 1) // 2))
    return erfc(sqrt(half)) + exp(-half) * series


# ------------------------------------------------------------------------------------------------ unit economics


def units(world: World) -> list[Row]:
    """Who was acquired when and in which channel; clicks of visitors as `count`."""
    match world.settings["economics_unit"]:
        case "callers":
            return [call | {"count": 1} for call in first_calls(world.inbound).values()]
        case "leads":
            firsts: dict[Any, Row] = {}
            for lead in sorted(
                world.leads,
                key=lambda lead: (
                    lead["created_at"],
                    lead["lead_id"] is None,
                    lead["lead_id"] or "",
                    lead["source_row"],
                ),
            ):
                if lead["status"] != "junk":
                    person = known(lead["phone"]) or lead["email"] or ("row", lead["source_row"])
                    firsts.setdefault(person, lead | {"count": 1})
            return list(firsts.values())
        case "subscribers":
            return [
                row | {"day": row["subscribed_on"], "channel": row["channel"] or NOBODY, "count": 1}
                for row in world.rows("subscribers")
                if row["subscribed_on"] <= world.as_of
            ]
        case _:
            return [row | {"count": row["clicks"]} for row in world.spend]


def are_units_known(world: World, channel: str) -> bool:
    """Whether units can be counted for the channel."""
    match world.settings["economics_unit"]:
        case "callers":
            return world.counts_by("calls", world.calls, "channel", channel) and are_phones_known(world)
        case "leads":
            return world.counts_by("leads", world.leads, "channel", channel)
        case "subscribers":
            return world.counts_by("subscribers", units(world), "channel", channel)
        case _:
            return world.counts_by("ad_spend", world.spend, "channel", channel)


def economics(world: World, grain: str) -> list[Row]:
    """The figures of unit_economics_period, not rounded."""
    rows = [*world.spend, *world.calls, *world.deals]
    rows += world.leads if world.settings["economics_unit"] == "leads" else []
    rows += units(world) if world.settings["economics_unit"] == "subscribers" else []
    found = []
    for period in world.periods(grain, (row["day"] for row in rows)):
        for channel in {row["channel"] for row in rows} | {WHOLE}:

            def mine(rows: Iterable[Row], period: Period = period, channel: str = channel) -> list[Row]:
                return [row for row in rows if channel in (WHOLE, row["channel"]) and period.has(row["day"])]

            are_deals = world.counts_by("deals", world.deals, "channel", channel)
            closed, sold, new = mine(world.won_rows), mine(world.won), mine(world.firsts.values())
            are_buyers = are_deals and world.are_persons_known
            ua = told(summed(mine(units(world)), "count"), are_units_known(world, channel))
            spend = told(
                total(mine(world.spend), "spend_rub"), world.counts_by("ad_spend", world.spend, "channel", channel)
            )
            buyers, buyers_new = told(len(people(sold)), are_buyers), told(len(new), are_buyers)
            orders = told(len(sold), are_deals)
            gross, revenue = told(profit(closed), are_deals), told(total(closed, "revenue_rub"), are_deals)
            arppu = ratio(gross, buyers)
            earned = None if buyers_new is None else 0.0 if buyers_new == 0 else buyers_new * arppu
            found.append(
                {
                    "grain": grain,
                    "period_start": period.first,
                    "channel": channel,
                    "ua": ua,
                    "buyers_new": buyers_new,
                    "buyers": buyers,
                    "orders": orders,
                    "spend": spend,
                    "c1": ratio(buyers_new, ua),
                    "av_price": ratio(revenue, orders),
                    "cogs_per_order": ratio(told(total(closed, "cogs_rub"), are_deals), orders),
                    "apc": ratio(orders, buyers),
                    "arppu": arppu,
                    "cpa": ratio(spend, ua),
                    "margin": None if earned is None or spend is None else earned - float(spend),
                    "new": {deal["client_key"] for deal in new},
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def cohort_rows(world: World, clients: set[str]) -> list[Row]:
    """Won rows of the clients from the day of their first won deal on, with the month since."""
    found = []
    for row in world.won_rows:
        first = world.firsts.get(row["client_key"])
        if first and row["client_key"] in clients and row["day"] >= first["day"]:
            months = (row["day"].year - first["day"].year) * 12 + row["day"].month - first["day"].month
            found.append(row | {"month_number": months})
    return found


def unit_economics_period(world: World, grain: str) -> list[Row]:
    """What a unit and a client cost, and what they earn."""
    found = []
    for row in economics(world, grain):
        money_of = cohort_rows(world, row["new"])
        arpu = None if row["c1"] is None else 0.0 if row["c1"] == 0 else row["c1"] * row["arppu"]
        found.append(
            {name: row[name] for name in ("grain", "period_start", "channel", "ua", "buyers_new", "buyers", "c1")}
            | {name: row[name] for name in ("orders", "apc", "is_complete")}
            | {
                "av_price_rub": roubles(row["av_price"]),
                "cogs_per_order_rub": roubles(row["cogs_per_order"]),
                "arppu_rub": roubles(row["arppu"]),
                "arpu_rub": roubles(arpu),
                "cpa_rub": roubles(row["cpa"]),
                "cac_rub": roubles(ratio(row["spend"], row["buyers_new"])),
                "ltv_rub": roubles(ratio(profit(money_of), row["buyers_new"])) if row["buyers_new"] else None,
                "contribution_margin_rub": roubles(row["margin"]),
                "payback_months": payback(row, money_of) if row["buyers_new"] and row["spend"] else None,
            }
        )
    return found


def payback(row: Row, money_of: list[Row]) -> int | None:
    """The least number of months after which the cohort has earned what the period cost."""
    for months in range(max((one["month_number"] for one in money_of), default=0) + 1):
        if profit([one for one in money_of if one["month_number"] <= months]) >= row["spend"]:
            return months
    return None


def lever(world: World) -> list[Row]:
    """What ten per cent of each figure would bring, and how far each is below its own best."""
    months = {row["period_start"]: row for row in economics(world, "month") if row["channel"] == WHOLE}
    found = []
    for first, month in months.items():
        six = {name: month[name] for name in LEVERS}
        margin = margin_of(six)
        rows = []
        for name in LEVERS:
            change = 0.9 if name in ("cogs_per_order", "cpa") else 1.1
            changed = None if six[name] is None else six[name] * change
            after = None if margin is None else margin_of(six | {name: changed})
            best, best_on = best_of(world, months, first, name)
            at_best = None if best is None or margin is None else margin_of(six | {name: best})
            rows.append(
                {
                    "period_start": first,
                    "lever": name,
                    "base_value": six[name],
                    "changed_value": changed,
                    "margin_before_rub": roubles(month["margin"]),
                    "margin_after_rub": roubles(after),
                    "lift_rub": None if after is None or margin is None else roubles(after - margin),
                    "best_value": best,
                    "best_on": best_on,
                    "shortfall_rub": None if at_best is None or margin is None else roubles(max(0.0, at_best - margin)),
                    "is_complete": month["is_complete"],
                }
            )
        found += ranked(ranked(rows, "lift_rub", "rank"), "shortfall_rub", "shortfall_rank")
    return found


def margin_of(six: Row) -> float | None:
    """The margin of six figures, nothing if one of them is unknown."""
    if None in six.values():
        return None
    price, cogs = six["av_price"], six["cogs_per_order"]
    return float(six["ua"] * (six["c1"] * (price - cogs) * six["apc"] - six["cpa"]))


def ranked(rows: list[Row], by: str, rank: str) -> list[Row]:
    """The rows, those with a figure numbered from the largest on; equal ones keep their order."""
    told_ones = sorted((row for row in rows if row[by] is not None), key=lambda row: -row[by])
    places = {row["lever"]: place for place, row in enumerate(told_ones, start=1)}
    return [row | {rank: places.get(row["lever"])} for row in rows]


def best_of(world: World, months: dict[date, Row], first: date, name: str) -> tuple[float | None, date | None]:
    """The level that three of the complete months that count among the twelve before reached, and the latest at it."""

    def counts(month: Row) -> bool:
        return (
            margin_of({lever_name: month[lever_name] for lever_name in LEVERS}) is not None
            and month["ua"] >= world.settings["min_units"]
            and month["buyers"] >= world.settings["min_buyers"]
            and month["period_start"] >= young_until
        )

    known = [row["day"] for row in units(world)] if world.settings["economics_unit"] in ("callers", "leads") else []
    young_until = min(known) + timedelta(world.settings["client_days"]) if known else date.min
    this = months[first]
    if not counts(this) or (name in ("ua", "apc") and not this["is_complete"]):
        return None, None
    year_before = first.replace(year=first.year - 1)
    is_cost = name in ("cogs_per_order", "cpa")
    values = {
        on: month[name]
        for on, month in months.items()
        if year_before <= on < first and month["is_complete"] and counts(month) and (not is_cost or month[name] > 0)
    }
    if len(values) < 3:
        return None, None
    level = sorted(values.values(), reverse=not is_cost)[2]
    return level, max(on for on, value in values.items() if value == level)


# ------------------------------------------------------------------------------------------------ people


def cohort_month(world: World) -> list[Row]:
    """Each month's new clients, and what they do in every month since."""
    found = []
    cohorts = world.periods("month", (deal["day"] for deal in world.won))
    for cohort in cohorts:
        clients = {client for client, deal in world.firsts.items() if cohort.has(deal["day"])}
        rows = cohort_rows(world, clients)
        for number, month in enumerate(period for period in cohorts if period.first >= cohort.first):
            in_month = [row for row in rows if month.has(row["day"])]
            so_far = [row for row in rows if row["day"] <= month.d]
            buyers = people(row for row in in_month if money(row["revenue_rub"]) > 0)
            figures = {
                "clients": len(clients),
                "buyers": len(buyers),
                "retention": ratio(len(buyers), len(clients)),
                "revenue_rub": total(in_month, "revenue_rub"),
                "gross_profit_rub": profit(in_month),
                "ltv_rub": roubles(ratio(profit(so_far), len(clients))),
            }
            key = {"cohort_on": cohort.first, "month_number": number, "is_complete": month.last <= world.as_of}
            found.append(key | {name: told(value, world.are_persons_known) for name, value in figures.items()})
    return found


def client_segment(world: World) -> list[Row]:
    """Every person with a won deal: how lately, how often, for how much."""
    spent = {client: total(_rows_of(world, client), "revenue_rub") for client in world.firsts}
    days = world.settings["client_days"]
    several, many = world.settings["segment_orders"]
    found = []
    for client, first in world.firsts.items():
        deals = [deal for deal in world.won if deal["client_key"] == client]
        since = (world.as_of - deals[-1]["day"]).days
        r = 3 if since < days else 2 if since < 2 * days else 1
        f = 3 if len(deals) >= many else 2 if len(deals) >= several else 1
        m = 1 + 3 * sum(other < spent[client] for other in spent.values()) // len(spent)
        found.append(
            {
                "client_key": client,
                "first_deal_on": first["day"],
                "last_deal_on": deals[-1]["day"],
                "days_since": since,
                "orders": len(deals),
                "revenue_rub": spent[client],
                "r": r,
                "f": f,
                "m": m,
                "segment": _segment(r, f, m),
            }
        )
    return found


def _rows_of(world: World, client: str) -> list[Row]:
    return [row for row in world.won_rows if row["client_key"] == client]


def _segment(r: int, f: int, m: int) -> str:
    valuable = f > 1 or m == 3
    if r == 3:
        return "new" if f == 1 else "best" if m == 3 else "regular"
    if r == 2:
        return "leaving" if valuable else "one_off"
    return "lost_valuable" if valuable else "lost"


def winback(world: World) -> list[Row]:
    """Those who are no longer alive, and their last deal."""
    found = []
    for person in client_segment(world):
        if person["r"] == 3:
            continue
        last = [deal for deal in world.won if deal["client_key"] == person["client_key"]][-1]
        lost_on = person["last_deal_on"] + timedelta(world.settings["client_days"])
        found.append(
            {name: person[name] for name in ("client_key", "last_deal_on", "orders", "revenue_rub")}
            | {
                "lost_on": lost_on,
                "months_lost": (world.as_of - lost_on).days // 30,
                "last_product": last["product"],
                "last_manager": last["manager"],
            }
        )
    return found


# ------------------------------------------------------------------------------------------------ reasons to partners


def loss_reason_period(world: World, grain: str) -> list[Row]:
    """Why deals were lost."""
    known_reasons = {row["spelling"]: row for row in world.rows("loss_reasons")}
    lost = []
    for deal in world.deals:
        if deal["status"] == "lost":
            entry = known_reasons.get(deal["loss_reason"])
            reason = entry["reason"] if entry else deal["loss_reason"]
            lost.append(deal | {"reason": reason or "Не указана", "group": entry["reason_group"] if entry else None})
    found = []
    for period in world.periods(grain, (deal["day"] for deal in lost)):
        within = [deal for deal in lost if period.has(deal["day"])]
        for reason, group in {(deal["reason"], deal["group"]) for deal in lost}:
            mine = [deal for deal in within if deal["reason"] == reason]
            found.append(
                {
                    "grain": grain,
                    "period_start": period.first,
                    "reason": reason,
                    "reason_group": group,
                    "is_in_our_power": None if group is None else group != "external",
                    "deals_lost": len(mine),
                    "share": ratio(len(mine), len(within)),
                    "lost_rub": total(mine, "revenue_rub"),
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def satisfaction_period(world: World, grain: str) -> list[Row]:
    """How satisfied those are who answered, and how many of the clients were asked."""
    answers = [
        row | {"day": row["answered_on"], "manager": row["manager"] or NOBODY}
        for row in world.rows("survey_answers")
        if row["answered_on"] <= world.as_of
    ]
    are_named = not answers or any(row["client_key"] for row in answers)
    found = []
    for period in world.periods(grain, (row["day"] for row in answers)):
        for manager in {row["manager"] for row in [*answers, *world.won]} | {WHOLE}:

            def mine(rows: Iterable[Row], period: Period = period, manager: str = manager) -> list[Row]:
                return [row for row in rows if manager in (WHOLE, row["manager"]) and period.has(row["day"])]

            is_told = world.counts_by("survey_answers", answers, "manager", manager)
            are_clients = world.counts_by("deals", world.deals, "manager", manager) and world.are_persons_known
            given = mine(answers)
            of = {kind: [row["score"] for row in given if row["kind"] == kind] for kind in ("csi", "csat", "nps")}
            csi = told(ratio(sum(of["csi"]), len(of["csi"])), is_told)
            promoters, detractors = sum(score >= 9 for score in of["nps"]), sum(score <= 6 for score in of["nps"])
            clients = people(mine(world.won))
            asked = clients & {row["client_key"] for row in given}
            counts = {f"{kind}_answers": len(scores) for kind, scores in of.items()}
            counts |= {"answers": sum(counts.values()), "promoters": promoters, "detractors": detractors}
            n, asked_n = told(len(clients), are_clients), told(len(asked), are_clients, is_told, are_named)
            found.append(
                {"grain": grain, "period_start": period.first, "manager": manager}
                | {name: told(value, is_told) for name, value in counts.items()}
                | {
                    "csi": csi,
                    "csi_zone": None if csi is None else "green" if csi >= 4.5 else "orange" if csi >= 4 else "red",
                    "csat": told(ratio(sum(score >= 4 for score in of["csat"]), len(of["csat"])), is_told),
                    "nps": told(ratio(promoters - detractors, len(of["nps"])), is_told),
                    "clients": n,
                    "clients_asked": asked_n,
                    "coverage": ratio(asked_n, n),
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def partner_period(world: World, grain: str) -> list[Row]:
    """Whose code or mark a deal bears, and what is owed for it."""
    rules = {row["partner"]: row for row in world.rows("partners")}
    marks = {(row["kind"], row["spelling"]): row["partner"] for row in world.rows("partner_marks")}
    brought = []
    for deal in world.deals:
        partner = marks.get(("promo_code", deal["promo_code"])) or marks.get(("utm_source", deal["utm_source"]))
        if partner:
            brought.append(deal | {"partner": partner})
    found = []
    for period in world.periods(grain, (deal["day"] for deal in brought)):
        for partner in {deal["partner"] for deal in brought}:
            mine = [deal for deal in brought if deal["partner"] == partner and period.has(deal["day"])]
            closed = [deal for deal in mine if deal["status"] == "won"]
            sold = [deal for deal in closed if money(deal["revenue_rub"]) > 0]
            new = [
                deal for deal in sold
                if deal["client_key"] and world.firsts[deal["client_key"]]["deal_id"] == deal["deal_id"]
            ]  # fmt: skip
            rule = rules[partner]
            reward: Decimal | None = None
            if rule["share"] is not None:
                reward = sum((half_up(money(deal["revenue_rub"]) * rule["share"]) for deal in closed), Decimal(0))
            elif rule["rub_per_client"] is not None and world.are_persons_known:
                reward = rule["rub_per_client"] * len(new)
            found.append(
                {
                    "grain": grain,
                    "period_start": period.first,
                    "partner": partner,
                    "orders": len(sold),
                    "clients": told(len(people(sold)), world.are_persons_known),
                    "clients_new": told(len(new), world.are_persons_known),
                    "revenue_rub": total(closed, "revenue_rub"),
                    "reward_rub": reward,
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found
