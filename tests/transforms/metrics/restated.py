"""The metric tables once more, in plain Python: slow, one sentence of the definition a function, no SQL in mind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

NOBODY = "Не указан"
WHOLE = "Всего"
Row = dict[str, object]


@dataclass(frozen=True)
class World:
    """Staged rows, the day and the settings."""

    as_of: date
    spend: list[Row]
    calls: list[Row]
    deals: list[Row]
    leads: list[Row]
    subscribers: list[Row]
    activity: list[Row]
    costs: list[Row]
    settings: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Period:
    """One period: its first day, its last, and D."""

    grain: str
    first: date
    last: date
    d: date


def periods(grain: str, days: Iterable[date], as_of: date) -> list[Period]:
    """From the period of the earliest of the days to that of as_of; none without a day."""
    known = [day for day in days if day <= as_of]
    if not known:
        return []
    found, first = [], start(grain, min(known))
    while first <= as_of:
        after = first
        while start(grain, after) == first:
            after += timedelta(1)
        found.append(Period(grain, first, after - timedelta(1), min(after - timedelta(1), as_of)))
        first = after
    return found


def start(grain: str, day: date) -> date:
    """First day of the period that the day belongs to."""
    return {
        "day": day,
        "week": day - timedelta(day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }[grain]


def known(phone: object) -> str | None:
    """A phone of 11 digits with a leading 7, else nothing."""
    return phone if isinstance(phone, str) and len(phone) == 11 and phone[0] == "7" else None


def ratio(above: float | Decimal, below: float | Decimal) -> float | None:
    """A quotient, or nothing where nothing divides."""
    return float(above) / float(below) if below else None


def roubles(above: float | Decimal, below: float | Decimal) -> float | None:
    """A quotient to the kopeck, halves away from zero."""
    found = ratio(above, below)
    return None if found is None else float(round(Decimal(repr(found)), 2)) if found else 0.0


# ------------------------------------------------------------------------------------------------ rows as they count


def inbound(world: World) -> list[Row]:
    """Inbound calls up to as_of."""
    return [call for call in calls_by_then(world) if call["direction"] == "in"]


def calls_by_then(world: World) -> list[Row]:
    """All calls up to as_of."""
    return [call for call in world.calls if moment(call["started_at"]).date() <= world.as_of]


def moment(value: object) -> datetime:
    """A moment that is one."""
    assert isinstance(value, datetime)
    return value


def order_of_call(call: Row) -> tuple[object, ...]:
    """What breaks a tie of calls in the same second."""
    return (call["call_id"] is None, call["call_id"] or "", call["source_row"])


def is_unique(world: World, call: Row) -> bool:
    """From a known phone that made no inbound call less than unique_days × 24 hours before."""
    if known(call["phone"]) is None:
        return False
    at = moment(call["started_at"])
    for other in inbound(world):
        if other is call or other["phone"] != call["phone"]:
            continue
        before = at - moment(other["started_at"])
        if timedelta(0) < before < timedelta(hours=24 * int(str(world.settings["unique_days"]))):
            return False
        if before == timedelta(0) and order_of_call(other) < order_of_call(call):
            return False
    return True


def is_target(world: World, call: Row) -> bool:
    """Answered and talked long enough."""
    return bool(call["is_answered"]) and int(str(call["talk_seconds"])) >= int(str(world.settings["target_seconds"]))


def enquiries(world: World) -> list[Row]:
    """Leads without junk and without those whose phone called within the 24 hours around them."""
    found = []
    for lead in world.leads:
        at = moment(lead["created_at"])
        if at.date() > world.as_of or lead["status"] == "junk":
            continue
        called = known(lead["phone"]) is not None and any(
            call["phone"] == lead["phone"] and abs(moment(call["started_at"]) - at) <= timedelta(hours=24)
            for call in inbound(world)
        )
        if not called:
            found.append(lead)
    return found


def deals_by_then(world: World) -> list[Row]:
    """Deals as they are by as_of, with the day that dates them, attributed, blank manager named."""
    found = []
    for deal in world.deals:
        settled = deal["closed_on"] or deal["created_on"]
        opened = deal["created_on"] or deal["closed_on"]
        assert isinstance(settled, date)
        assert isinstance(opened, date)
        status = deal["status"] if settled <= world.as_of else "open"
        day = opened if status == "open" else settled
        if day <= world.as_of:
            named = {"channel": channel_of(world, deal, opened), "manager": deal["manager"] or NOBODY}
            found.append(deal | named | {"status": status, "day": day})
    return found


def channel_of(world: World, deal: Row, opened: date) -> object:
    """A deal's own channel; else that of the last or first inbound call by its phone within the lookback."""
    if deal["channel"] is not None or known(deal["phone"]) is None:
        return deal["channel"] or NOBODY
    earliest = opened - timedelta(int(str(world.settings["lookback_days"])))
    calls = [
        call
        for call in inbound(world)
        if call["phone"] == deal["phone"]
        and call["channel"]
        and earliest <= moment(call["started_at"]).date() <= min(opened, deal["closed_on"] or opened)
    ]
    if not calls:
        return NOBODY
    choose: Callable[..., datetime] = max if world.settings["attribution_model"] == "last" else min
    second = choose(moment(call["started_at"]) for call in calls)
    return min((call for call in calls if call["started_at"] == second), key=order_of_call)["channel"]


def won_rows(world: World) -> list[Row]:
    """Won deals, free ones and refunds included."""
    return [deal for deal in deals_by_then(world) if deal["status"] == "won"]


def won(world: World) -> list[Row]:
    """Won deals in the sense of every count: revenue above 0."""
    return [deal for deal in won_rows(world) if money(deal["revenue_rub"]) > 0]


def money(value: object) -> Decimal:
    """Roubles; a blank is nothing to add."""
    return Decimal(str(value)) if value is not None else Decimal(0)


def first_deals(world: World) -> list[Row]:
    """The first won deal ever of each known client: by day, then the smallest deal_id as text."""
    firsts: dict[object, Row] = {}
    for deal in sorted(won(world), key=lambda deal: (deal["day"], deal["deal_id"])):
        if deal["client_key"] is not None:
            firsts.setdefault(deal["client_key"], deal)
    return list(firsts.values())


def within(period: Period, day: object) -> bool:
    """Whether the day belongs to the period, up to D."""
    day = day.date() if isinstance(day, datetime) else day
    assert isinstance(day, date)
    return period.first <= day <= period.d


# ------------------------------------------------------------------------------------------------ tables


def channel_period(world: World, grain: str) -> set[tuple[object, ...]]:
    """Rows of channel_period: period, channel, counts, money and ratios, all tables loaded."""
    spend = [row for row in world.spend if row["spend_on"] <= world.as_of]  # type: ignore[operator]
    leads = [row for row in world.leads if moment(row["created_at"]).date() <= world.as_of]
    deals = deals_by_then(world)
    rows = [(row["spend_on"], row["channel"] or NOBODY) for row in spend]
    rows += [(moment(row["started_at"]).date(), row["channel"] or NOBODY) for row in calls_by_then(world)]
    rows += [(moment(row["created_at"]).date(), row["channel"] or NOBODY) for row in leads]
    rows += [(deal["day"], deal["channel"]) for deal in deals]
    found = set()
    for period in periods(grain, (day for day, _ in rows), world.as_of):  # type: ignore[misc]
        for channel in {channel for _, channel in rows}:
            mine = _mine("channel", channel)
            calls = [call for call in inbound(world) if mine(call) and within(period, call["started_at"])]
            unique = sum(is_unique(world, call) for call in calls)
            target = sum(is_target(world, call) for call in calls)
            asked = sum(mine(lead) and within(period, lead["created_at"]) for lead in enquiries(world))
            spent = sum(
                (money(row["spend_rub"]) for row in spend if mine(row) and within(period, row["spend_on"])), money(0)
            )
            closed = [deal for deal in won_rows(world) if mine(deal) and within(period, deal["day"])]
            sold = [deal for deal in closed if money(deal["revenue_rub"]) > 0]
            revenue = sum((money(deal["revenue_rub"]) for deal in closed), money(0))
            profit = revenue - sum((money(deal["cogs_rub"]) for deal in closed), money(0))
            clients = len({deal["client_key"] for deal in sold if deal["client_key"] is not None})
            new = sum(mine(deal) and within(period, deal["day"]) for deal in first_deals(world))
            count = {"all": len(calls), "unique": unique, "target": target, "enquiries": len(calls) + asked}
            counted = count[str(world.settings["calls_count"])]
            missed = sum(not call["is_answered"] for call in calls)
            counts = (len(calls), unique, target, missed, asked, clients, new, len(sold), spent, revenue, profit)
            shares = (
                ratio(1000 * counted, spent),
                ratio(clients, counted),
                ratio(profit - spent, spent),
                ratio(spent, revenue),
            )
            found.add((period.first, channel, *counts, *map(_short, shares)))
    return found


def manager_period(world: World, grain: str) -> set[tuple[object, ...]]:
    """Rows of manager_period: period, manager, counts, callers and those who bought, revenue."""
    deals = deals_by_then(world)
    rows = [(moment(row["started_at"]).date(), row["manager"] or NOBODY) for row in calls_by_then(world)]
    rows += [(deal["day"], deal["manager"]) for deal in deals]
    found = set()
    lookback = timedelta(int(str(world.settings["lookback_days"])))
    for period in periods(grain, (day for day, _ in rows), world.as_of):  # type: ignore[misc]
        for manager in {manager for _, manager in rows}:
            mine = _mine("manager", manager)
            calls = [call for call in inbound(world) if mine(call) and within(period, call["started_at"])]
            taken = [call for call in calls if call["is_answered"]]
            callers = {call["phone"] for call in taken if known(call["phone"])}
            bought = 0
            for caller in callers:
                first = min(moment(call["started_at"]).date() for call in taken if call["phone"] == caller)
                bought += any(
                    mine(deal) and deal["phone"] == caller and first <= deal["day"] <= first + lookback  # type: ignore[operator]
                    for deal in won(world)
                )
            sold = [deal for deal in won(world) if mine(deal) and within(period, deal["day"])]
            lost = sum(mine(deal) and deal["status"] == "lost" and within(period, deal["day"]) for deal in deals)
            closed = (deal for deal in won_rows(world) if mine(deal) and within(period, deal["day"]))
            revenue = sum((money(deal["revenue_rub"]) for deal in closed), money(0))
            clients = len({deal["client_key"] for deal in sold if deal["client_key"] is not None})
            target = sum(is_target(world, call) for call in calls)
            counts = (
                len(taken),
                target,
                len(calls) - len(taken),
                len(callers),
                clients,
                bought,
                len(sold),
                lost,
                revenue,
            )
            mature = period.d + lookback <= world.as_of
            found.add((period.first, manager, *counts, mature))
    return found


def subscriber_period(world: World, grain: str) -> set[tuple[object, ...]]:
    """Rows of subscriber_period: who was active when, day by day and person by person."""
    people = [row for row in world.subscribers if row["subscribed_on"] <= world.as_of]  # type: ignore[operator]
    seen = [row for row in world.activity if row["active_on"] <= world.as_of]  # type: ignore[operator]
    days = [row["subscribed_on"] for row in people] + [row["active_on"] for row in seen]
    span = timedelta(int(str(world.settings["active_days"])))

    def is_active(person: Row, day: date) -> bool:
        joined, left = person["subscribed_on"], person["unsubscribed_on"]
        assert isinstance(joined, date)
        if joined > day or (isinstance(left, date) and left <= day):
            return False
        mine = (row["active_on"] for row in seen if row["subscriber_id"] == person["subscriber_id"])
        return any(day - span < active_on <= day for active_on in mine)  # type: ignore[operator]

    found = set()
    for period in periods(grain, days, world.as_of):  # type: ignore[arg-type]
        before = period.first - timedelta(1)
        there = [person for person in people if person["subscribed_on"] <= period.d]  # type: ignore[operator]
        joined = [person for person in there if within(period, person["subscribed_on"])]
        began = [person for person in people if is_active(person, before)]
        ended = [person for person in people if is_active(person, period.d)]
        back = [person for person in ended if person not in joined and person not in began]
        gone = [person for person in began if person not in ended]
        left = sum(bool(person["unsubscribed_on"]) and within(period, person["unsubscribed_on"]) for person in people)
        closed = [(deal, owner(world, people, deal)) for deal in won_rows(world) if within(period, deal["day"])]
        closed = [(deal, person) for deal, person in closed if person in there]
        sold = [(deal, person) for deal, person in closed if money(deal["revenue_rub"]) > 0]
        buyers = len({id(person) for _, person in sold})
        revenue = sum((money(deal["revenue_rub"]) for deal, _ in closed), money(0))
        moves = (
            len(began),
            len(ended),
            len(joined),
            sum(person in ended for person in joined),
            len(back),
            len(gone),
            left,
        )
        found.add((period.first, len(there), *moves, buyers, len(sold), revenue, _short(ratio(buyers, len(ended)))))
    return found


def owner(world: World, people: list[Row], deal: Row) -> Row | None:
    """The subscriber whose deal it is: same id, else phone, else e-mail; of several, the earliest subscribed."""
    for ours, theirs in (("client_id", "subscriber_id"), ("phone", "phone"), ("email", "email")):
        value = known(deal[ours]) if ours == "phone" else deal[ours]
        same = [person for person in people if value is not None and person[theirs] == value]
        if same:
            return min(same, key=lambda person: (person["subscribed_on"], person["subscriber_id"]))
    return None


def client_period(world: World, grain: str) -> set[tuple[object, ...]]:
    """Rows of client_period."""
    found = set()
    for period in periods(grain, (deal["day"] for deal in won(world)), world.as_of):  # type: ignore[misc]
        began, new, back, gone, ended = pool(world, period)
        mine = [deal for deal in won(world) if within(period, deal["day"]) and deal["client_key"] is not None]
        repeated = [deal for deal in mine if all(deal["deal_id"] != first["deal_id"] for first in first_deals(world))]
        shares = (ratio(len(repeated), len(mine)), ratio(len(mine), len({deal["client_key"] for deal in mine})))
        counts = (len(began), len(new), len(back), len(gone), len(ended))
        found.add((period.first, *counts, *map(_short, shares)))
    return found


def client_channel_period(world: World, grain: str) -> set[tuple[object, ...]]:
    """Rows of client_channel_period: the first deal of the period brought in who was not alive when it began."""
    found = set()
    channels = {deal["channel"] for deal in won(world)}
    for period in periods(grain, (deal["day"] for deal in won(world)), world.as_of):  # type: ignore[misc]
        _, new, back, _, _ = pool(world, period)
        bringing: dict[object, object] = {}
        for deal in sorted(won(world), key=lambda deal: (deal["day"], deal["deal_id"])):
            if within(period, deal["day"]):
                bringing.setdefault(deal["client_key"], deal["channel"])
        for channel in channels:
            counts = (sum(bringing[client] == channel for client in who) for who in (new, back))
            found.add((period.first, channel, *counts))
    return found


def pool(world: World, period: Period) -> tuple[set[object], set[object], set[object], set[object], set[object]]:
    """Clients alive at the start, new, returned, lost, alive at the end."""
    span = timedelta(int(str(world.settings["client_days"])))
    bought: dict[object, list[date]] = {}
    for deal in won(world):
        if deal["client_key"] is not None:
            bought.setdefault(deal["client_key"], []).append(deal["day"])  # type: ignore[arg-type]

    def alive(day: date) -> set[object]:
        return {client for client, days in bought.items() if any(day - span < bought_on <= day for bought_on in days)}

    began, ended = alive(period.first - timedelta(1)), alive(period.d)
    new = {client for client in ended if min(bought[client]) >= period.first}
    back = {client for client in ended - began if min(bought[client]) < period.first}
    return began, new, back, began - ended, ended


def chain_period(world: World, grain: str) -> set[tuple[object, ...]]:
    """Rows of chain_period: figures of each channel and of all together, profit of all together."""
    spend = [row for row in world.spend if row["spend_on"] <= world.as_of]  # type: ignore[operator]
    deals = deals_by_then(world)
    rows = [(row["spend_on"], row["channel"] or NOBODY) for row in spend]
    rows += [(moment(row["started_at"]).date(), row["channel"] or NOBODY) for row in calls_by_then(world)]
    rows += [(deal["day"], deal["channel"]) for deal in deals]
    daily = costs_by_day(world)
    found = set()
    for period in periods(grain, [day for day, _ in rows] + list(daily), world.as_of):  # type: ignore[arg-type]
        for channel in {channel for _, channel in rows} | {WHOLE}:
            mine = _mine("channel", channel)
            spent = sum(
                (money(row["spend_rub"]) for row in spend if mine(row) and within(period, row["spend_on"])), money(0)
            )
            calls = [call for call in inbound(world) if mine(call) and within(period, call["started_at"])]
            closed = [deal for deal in won_rows(world) if mine(deal) and within(period, deal["day"])]
            buyers = {deal["client_key"] for deal in closed if money(deal["revenue_rub"]) > 0} - {None}
            revenue = sum((money(deal["revenue_rub"]) for deal in closed), money(0))
            gross = revenue - sum((money(deal["cogs_rub"]) for deal in closed), money(0))
            costs = sum((cost for day, cost in daily.items() if within(period, day)), money(0))
            profit = gross - spent - costs if channel == WHOLE else None
            target = sum(is_target(world, call) for call in calls)
            found.add((period.first, channel, spent, len(calls), target, len(buyers), revenue, gross, profit))
    return found


def costs_by_day(world: World) -> dict[date, Decimal]:
    """Each month's cost on each of its days up to as_of: the difference of two rounded shares of the whole."""
    found: dict[date, Decimal] = {}
    for cost in world.costs:
        month = cost["month_on"]
        assert isinstance(month, date)
        if month > world.as_of or cost["item"] in world.settings["advertising_items"]:  # type: ignore[operator]
            continue
        after = (month.replace(day=1) + timedelta(32)).replace(day=1)
        days = [month.replace(day=1) + timedelta(n) for n in range((after - month.replace(day=1)).days)]
        shares = [_half_up(money(cost["amount_rub"]) * n / len(days)) for n in range(len(days) + 1)]
        for day, (passed, now) in zip(days, pairwise(shares), strict=True):
            if day <= world.as_of:
                found[day] = found.get(day, money(0)) + now - passed
    return found


def _half_up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def _mine(column: str, name: object) -> Callable[[Row], bool]:
    return lambda row: name == WHOLE or (row[column] or NOBODY) == name


def _short(share: float | None) -> float | None:
    return None if share is None else round(share, 9)
