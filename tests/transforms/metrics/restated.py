"""The metric tables once more, in plain Python: slow, one sentence of the definition a function, no SQL in mind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from math import copysign, floor, sqrt
from typing import Any

NOBODY = "Не указан"
WHOLE = "Всего"
Row = dict[str, Any]
Z = 1.959964


@dataclass(frozen=True)
class Period:
    """One period: its grain, its first day, its last, and D."""

    grain: str
    first: date
    last: date
    d: date

    def has(self, day: date) -> bool:
        """Whether the day belongs to the period, up to D."""
        return self.first <= day <= self.d


@dataclass(frozen=True)
class World:
    """Staged rows by table, which tables have a source, the day and the settings."""

    as_of: date
    staged: Mapping[str, list[Row]]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """The rows of a staged table."""
        return self.staged.get(table, [])

    def is_loaded(self, table: str) -> bool:
        """Whether the table has a source at all."""
        return table in self.staged

    @cached_property
    def calls(self) -> list[Row]:
        """Calls up to as_of, either way, with their day, blank names said, unknown phones blank."""
        found = []
        for call in self.rows("calls"):
            named = {"channel": call["channel"] or NOBODY, "manager": call["manager"] or NOBODY}
            whole = {
                "day": call["started_at"].date(),
                "phone": known(call["phone"]),
                "has_channel": bool(call["channel"]),
            }
            found.append(call | whole | named)
        return sorted((call for call in found if call["day"] <= self.as_of), key=order_of_call)

    @cached_property
    def inbound(self) -> list[Row]:
        """Inbound calls up to as_of."""
        return [call for call in self.calls if call["direction"] == "in"]

    @cached_property
    def spend(self) -> list[Row]:
        """Spend up to as_of."""
        return [
            row | {"day": row["spend_on"], "channel": row["channel"] or NOBODY}
            for row in self.rows("ad_spend")
            if row["spend_on"] <= self.as_of
        ]

    @cached_property
    def leads(self) -> list[Row]:
        """Leads up to as_of, junk too."""
        return [
            lead | {"day": lead["created_at"].date(), "channel": lead["channel"] or NOBODY}
            for lead in self.rows("leads")
            if lead["created_at"].date() <= self.as_of
        ]

    @cached_property
    def deals(self) -> list[Row]:
        """Deals as they are by as_of, with the day that dates them, attributed, blank manager named."""
        found = []
        for deal in self.rows("deals"):
            settled = deal["closed_on"] or deal["created_on"]
            opened = deal["created_on"] or deal["closed_on"]
            status = deal["status"] if settled <= self.as_of else "open"
            day = opened if status == "open" else settled
            if day <= self.as_of:
                named = {"channel": self._channel_of(deal, opened), "manager": deal["manager"] or NOBODY}
                found.append(deal | named | {"status": status, "day": day, "phone": known(deal["phone"])})
        return found

    def _channel_of(self, deal: Row, opened: date) -> str:
        """A deal's own channel; else that of the last or first inbound call by its phone within the lookback."""
        if deal["channel"] is not None or known(deal["phone"]) is None:
            return deal["channel"] or NOBODY
        earliest = opened - timedelta(self.settings["lookback_days"])
        calls = [
            call
            for call in self.inbound
            if call["phone"] == deal["phone"]
            and call["has_channel"]
            and earliest <= call["day"] <= min(opened, deal["closed_on"] or opened)
        ]
        if not calls:
            return NOBODY
        choose: Callable[..., datetime] = max if self.settings["attribution_model"] == "last" else min
        second = choose(call["started_at"] for call in calls)
        return str(next(call for call in calls if call["started_at"] == second)["channel"])

    @cached_property
    def won_rows(self) -> list[Row]:
        """Won deals, free ones and refunds included."""
        return [deal for deal in self.deals if deal["status"] == "won"]

    @cached_property
    def won(self) -> list[Row]:
        """Won deals in the sense of every count, revenue above 0, each client's in their order."""
        found = [deal for deal in self.won_rows if money(deal["revenue_rub"]) > 0]
        return sorted(found, key=lambda deal: (deal["day"], deal["deal_id"]))

    @cached_property
    def firsts(self) -> dict[str, Row]:
        """Each known client's first won deal ever: by day, then the smallest deal_id as text."""
        found: dict[str, Row] = {}
        for deal in self.won:
            if deal["client_key"] is not None:
                found.setdefault(deal["client_key"], deal)
        return found

    @cached_property
    def enquiries(self) -> list[Row]:
        """Leads without junk and without those whose phone called within the 24 hours around them."""
        return [
            lead
            for lead in self.leads
            if lead["status"] != "junk"
            and not any(
                known(lead["phone"]) is not None
                and call["phone"] == lead["phone"]
                and abs(call["started_at"] - lead["created_at"]) <= timedelta(hours=24)
                for call in self.inbound
            )
        ]

    @cached_property
    def unique(self) -> list[Row]:
        """Calls from a known phone that made no inbound call less than unique_days × 24 hours before."""
        found, latest = [], {}
        for call in self.inbound:
            phone, at = call["phone"], call["started_at"]
            if phone is None:
                continue
            if phone not in latest or at - latest[phone] >= timedelta(hours=24 * self.settings["unique_days"]):
                found.append(call)
            latest[phone] = at
        return found

    def target(self, calls: Iterable[Row]) -> list[Row]:
        """Those of the calls that were answered and in which people talked long enough."""
        least = self.settings["target_seconds"]
        talked = (call for call in calls if call["is_answered"] and call["talk_seconds"] is not None)
        return [call for call in talked if call["talk_seconds"] >= least]

    @cached_property
    def are_persons_known(self) -> bool:
        """Whether some deal names its client."""
        return not self.deals or any(deal["client_key"] is not None for deal in self.deals)

    def are_owners_known(self, persons: Collection[Row]) -> bool:
        """Whether deals and these subscribers bear anything by which one could be the other's."""
        if not self.deals or not persons or any(deal["client_id"] is not None for deal in self.deals):
            return True
        both = (self.deals, persons)
        return any(all(any(row[name] is not None for row in rows) for rows in both) for name in ("phone", "email"))

    def counts_by(self, table: str, rows: Collection[Row], column: str, name: str) -> bool:
        """Whether rows of the table can be counted for that channel or manager."""
        names = {row[column] for row in rows}
        return self.is_loaded(table) and (not rows or names != {NOBODY} or name in (NOBODY, WHOLE))

    def counts_manager(self, table: str, name: str) -> bool:
        """Whether calls or deals can be counted for that manager: of strangers to the other table only their own."""
        sides = {"calls": self.calls, "deals": self.deals}
        named = {of: {row["manager"] for row in rows} - {NOBODY} for of, rows in sides.items()}
        are_strangers = all(named.values()) and not named["calls"] & named["deals"]
        is_own = name in named[table] | {NOBODY} or not are_strangers
        return is_own and self.counts_by(table, sides[table], "manager", name)

    def converts(self, manager: str) -> bool:
        """Not the nameless, where only calls or only deals name somebody: all of the one, part of the other."""
        sides = [not rows or {row["manager"] for row in rows} != {NOBODY} for rows in (self.calls, self.deals)]
        return manager != NOBODY or sides[0] == sides[1]

    def periods(self, grain: str, days: Iterable[date]) -> list[Period]:
        """From the period of the earliest of the days to that of as_of; none without a day.

        `2026-09-01..2026-09-14` is a grain of one period.
        """
        reached = [day for day in days if day <= self.as_of]
        if ".." in grain:
            first, last = map(date.fromisoformat, grain.split(".."))
            is_there = reached and first <= self.as_of and last >= min(reached)
            return [Period(grain, first, last, min(last, self.as_of))] if is_there else []
        found: list[Period] = []
        first = start(grain, min(reached)) if reached else self.as_of + timedelta(1)
        while first <= self.as_of:
            after = next_start(grain, first)
            last = after - timedelta(1)
            found.append(Period(grain, first, last, min(last, self.as_of)))
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


def next_start(grain: str, first: date) -> date:
    """First day of the period after."""
    longest = {"day": 1, "week": 7, "month": 31, "year": 366}[grain]
    return start(grain, first + timedelta(longest))


def known(phone: object) -> str | None:
    """A phone of 11 digits with a leading 7, else nothing."""
    return phone if isinstance(phone, str) and len(phone) == 11 and phone[0] == "7" else None


def order_of_call(call: Row) -> tuple[Any, ...]:
    """By time; what breaks a tie of calls in the same second."""
    return (call["started_at"], call["call_id"] is None, call["call_id"] or "", call["source_row"])


def money(value: object) -> Decimal:
    """Roubles; a blank is nothing to add."""
    return Decimal(str(value)) if value is not None else Decimal(0)


def total(rows: Iterable[Row], column: str) -> Decimal:
    """The sum of a column of roubles."""
    return sum((money(row[column]) for row in rows), Decimal(0))


def profit(rows: Collection[Row]) -> Decimal:
    """What is left of won rows after their cost."""
    return total(rows, "revenue_rub") - total(rows, "cogs_rub")


def people(deals: Iterable[Row]) -> set[str]:
    """The known clients of deals."""
    return {deal["client_key"] for deal in deals if deal["client_key"] is not None}


def ratio(above: Any, below: Any) -> float | None:
    """A quotient, or nothing where nothing divides or a part is unknown."""
    return None if above is None or not below else float(above) / float(below)


def roubles(value: float | None) -> float | None:
    """A quotient to the kopeck, halves away from zero, as floating point has them."""
    return None if value is None else copysign(floor(abs(value * 100) + 0.5) / 100, value)


def told(value: Any, *facts: object) -> Any:
    """The value where all facts hold, else nothing."""
    return value if all(facts) else None


def summed(rows: Iterable[Row], column: str) -> int | None:
    """The sum of a count that rows may leave out: 0 without rows, nothing where none of them tells."""
    values = [row[column] for row in rows]
    return (
        sum(value for value in values if value is not None)
        if any(v is not None for v in values) or not values
        else None
    )


# ------------------------------------------------------------------------------------------------ tables


def channel_period(world: World, grain: str) -> list[Row]:
    """What was spent on each channel and what it brought."""
    rows = [*world.spend, *world.calls, *world.leads, *world.deals]
    firsts = world.firsts.values()
    found = []
    for period in world.periods(grain, (row["day"] for row in rows)):
        for channel in {row["channel"] for row in rows}:

            def mine(rows: Iterable[Row], period: Period = period, channel: str = channel) -> list[Row]:
                return [row for row in rows if row["channel"] == channel and period.has(row["day"])]

            is_spend, are_calls, are_leads, are_deals = (
                world.counts_by(table, of, "channel", channel)
                for table, of in (
                    ("ad_spend", world.spend), ("calls", world.calls), ("leads", world.leads), ("deals", world.deals)
                )
            )  # fmt: skip
            calls, spend, closed, sold = (mine(of) for of in (world.inbound, world.spend, world.won_rows, world.won))
            are_phones = not world.calls or any(call["phone"] for call in world.calls)
            row = {
                "spend_rub": told(total(spend, "spend_rub"), is_spend),
                "impressions": told(summed(spend, "impressions"), is_spend),
                "clicks": told(summed(spend, "clicks"), is_spend),
                "calls": told(len(calls), are_calls),
                "unique_calls": told(len(mine(world.unique)), are_calls, are_phones),
                "target_calls": told(len(world.target(calls)), are_calls),
                "missed_calls": told(sum(not call["is_answered"] for call in calls), are_calls),
                "leads": told(len(mine(world.enquiries)), are_leads),
                "clients": told(len(people(sold)), are_deals, world.are_persons_known),
                "new_clients": told(len(mine(firsts)), are_deals, world.are_persons_known),
                "deals_won": told(len(sold), are_deals),
                "revenue_rub": told(total(closed, "revenue_rub"), are_deals),
                "gross_profit_rub": told(profit(closed), are_deals),
            }
            counted = _counted(world, row)
            gross, spent = row["gross_profit_rub"], row["spend_rub"]
            gain = None if gross is None or spent is None else gross - spent
            found.append(
                {"grain": grain, "period_start": period.first, "channel": channel}
                | row
                | {
                    "counted_calls": counted,
                    "calls_per_1000_rub": ratio(None if counted is None else 1000 * counted, spent),
                    "cost_per_call_rub": roubles(ratio(spent, counted)),
                    "clients_per_10_calls": ratio(None if row["clients"] is None else 10 * row["clients"], counted),
                    "conversion": ratio(row["clients"], counted),
                    "cac_rub": roubles(ratio(spent, row["new_clients"])),
                    "romi": ratio(gain, spent),
                    "drr": ratio(spent, row["revenue_rub"]),
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def _counted(world: World, row: Row) -> int | None:
    """Which count feeds the ratios."""
    match world.settings["calls_count"]:
        case "unique":
            return row["unique_calls"]  # type: ignore[no-any-return]
        case "target":
            return row["target_calls"]  # type: ignore[no-any-return]
        case "enquiries" if world.is_loaded("leads"):
            parts = [row["leads"], *([row["calls"]] if world.is_loaded("calls") else [])]
            return None if None in parts else sum(parts)
        case _:
            return row["calls"]  # type: ignore[no-any-return]


def conversions(world: World, callers: Mapping[str, Row], manager: str) -> set[str]:
    """Phones and their first calls in; those that have a won deal of the manager soon enough out."""
    lookback = timedelta(world.settings["lookback_days"])
    return {
        phone
        for phone, call in callers.items()
        for deal in world.won
        if deal["phone"] == phone
        and deal["manager"] == manager
        and call["day"] <= deal["day"] <= call["day"] + lookback
    }


def first_calls(calls: Iterable[Row]) -> dict[str, Row]:
    """Calls in order in; each known phone's first one out."""
    found: dict[str, Row] = {}
    for call in calls:
        if call["phone"] is not None:
            found.setdefault(call["phone"], call)
    return found


def manager_period(world: World, grain: str) -> list[Row]:
    """Which calls each manager took and the clients made of them."""
    rows = [*world.calls, *world.deals]
    found = []
    are_phones = not world.calls or any(call["phone"] for call in world.calls)
    lookback = timedelta(world.settings["lookback_days"])
    for period in world.periods(grain, (row["day"] for row in rows)):
        for manager in {row["manager"] for row in rows}:

            def mine(rows: Iterable[Row], period: Period = period, manager: str = manager) -> list[Row]:
                return [row for row in rows if row["manager"] == manager and period.has(row["day"])]

            are_calls = world.counts_manager("calls", manager)
            are_deals = world.counts_manager("deals", manager)
            calls, sold, closed = mine(world.inbound), mine(world.won), mine(world.won_rows)
            taken = [call for call in calls if call["is_answered"]]
            callers = first_calls(taken)
            bought = conversions(world, callers, manager)
            row = {
                "calls": told(len(taken), are_calls),
                "target_calls": told(len(world.target(taken)), are_calls),
                "missed_calls": told(len(calls) - len(taken), are_calls),
                "callers": told(len(callers), are_calls, are_phones),
                "clients": told(len(people(sold)), are_deals, world.are_persons_known),
                "converted_callers": told(
                    len(bought), are_calls, are_phones, are_deals, world.are_persons_known, world.converts(manager)
                ),
                "deals_won": told(len(sold), are_deals),
                "deals_lost": told(sum(deal["status"] == "lost" for deal in mine(world.deals)), are_deals),
                "revenue_rub": told(total(closed, "revenue_rub"), are_deals),
            }
            share = ratio(row["converted_callers"], row["callers"])
            low, high = (None, None) if share is None else wilson(share, row["callers"])
            found.append(
                {"grain": grain, "period_start": period.first, "manager": manager}
                | row
                | {
                    "clients_per_10_calls": ratio(
                        _times(10, told(row["clients"], world.converts(manager))), row["calls"]
                    ),
                    "conversion": share,
                    "conversion_low": low,
                    "conversion_high": high,
                    "is_reliable": (row["callers"] or 0) >= world.settings["min_callers"]
                    and row["callers"] is not None,
                    "is_mature": period.d + lookback <= world.as_of,
                    "average_check_rub": roubles(ratio(row["revenue_rub"], row["deals_won"])),
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def wilson(share: float, cases: int) -> tuple[float, float]:
    """A share of so many cases in; the 95 % interval around it out."""
    middle = (share + Z * Z / (2 * cases)) / (1 + Z * Z / cases)
    half = Z * sqrt(share * (1 - share) / cases + Z * Z / (4 * cases * cases)) / (1 + Z * Z / cases)
    return max(0.0, middle - half), min(1.0, middle + half)


def subscriber_period(world: World, grain: str) -> list[Row]:
    """Who was active when, day by day and person by person."""
    persons = [row for row in world.rows("subscribers") if row["subscribed_on"] <= world.as_of]
    seen = [row for row in world.rows("activity") if row["active_on"] <= world.as_of]
    days = [row["subscribed_on"] for row in persons] + [row["active_on"] for row in seen]
    span = timedelta(world.settings["active_days"])

    def is_active(person: Row, day: date) -> bool:
        joined, left = person["subscribed_on"], person["unsubscribed_on"]
        if joined > day or (left is not None and left <= day):
            return False
        mine = (row["active_on"] for row in seen if row["subscriber_id"] == person["subscriber_id"])
        return any(day - span < active_on <= day for active_on in mine)

    found = []
    owned = [(deal, owner(persons, deal)) for deal in world.won_rows]
    is_bought = world.is_loaded("deals") and world.are_owners_known(persons)
    for period in world.periods(grain, days):
        there = [person for person in persons if person["subscribed_on"] <= period.d]
        joined = [person for person in there if period.has(person["subscribed_on"])]
        began = [person for person in persons if is_active(person, period.first - timedelta(1))]
        ended = [person for person in persons if is_active(person, period.d)]
        back = [person for person in ended if person not in joined and person not in began]
        gone = [person for person in began if person not in ended]
        closed = [(deal, person) for deal, person in owned if period.has(deal["day"]) and person in there]
        sold = [(deal, person) for deal, person in closed if money(deal["revenue_rub"]) > 0]
        row = {
            "total_end": len(there),
            "active_start": len(began),
            "active_end": len(ended),
            "joined": len(joined),
            "joined_active": sum(person in ended for person in joined),
            "returned": len(back),
            "lapsed": len(gone),
            "unsubscribed": sum(
                person["unsubscribed_on"] is not None and period.has(person["unsubscribed_on"]) for person in persons
            ),
            "churn_rate": ratio(len(gone), len(began)),
        }
        row = {name: told(value, world.is_loaded("subscribers")) for name, value in row.items()}
        bought = {
            "buyers": len({person["subscriber_id"] for _, person in sold if person}),
            "orders": len(sold),
            "revenue_rub": total((deal for deal, _ in closed), "revenue_rub"),
        }
        bought = {name: told(value, world.is_loaded("subscribers"), is_bought) for name, value in bought.items()}
        shares = {
            "conversion_of_total": ratio(bought["buyers"], row["total_end"]),
            "conversion_of_active": ratio(bought["buyers"], row["active_end"]),
            "average_check_rub": roubles(ratio(bought["revenue_rub"], bought["orders"])),
        }
        key = {"grain": grain, "period_start": period.first, "is_complete": period.last <= world.as_of}
        found.append(key | row | bought | shares)
    return found


def owner(persons: list[Row], deal: Row) -> Row | None:
    """The subscriber whose deal it is: same id, else phone, else e-mail; of several, the earliest subscribed."""
    for ours, theirs in (("client_id", "subscriber_id"), ("phone", "phone"), ("email", "email")):
        same = [person for person in persons if deal[ours] is not None and person[theirs] == deal[ours]]
        if same:
            return min(same, key=lambda person: (person["subscribed_on"], person["subscriber_id"]))
    return None


def client_period(world: World, grain: str) -> list[Row]:
    """The pool of living clients: what flowed in and out, how they buy."""
    found = []
    days = [deal["day"] for deal in world.won]
    for period in world.periods(grain, days):
        began, new, back, gone, ended = pool(world, period)
        sold = [deal for deal in world.won if period.has(deal["day"])]
        mine = [deal for deal in sold if deal["client_key"] is not None]
        repeated = [deal for deal in mine if world.firsts[deal["client_key"]] is not deal]
        counts = {
            "clients_start": len(began), "new": len(new), "returned": len(back), "lost": len(gone),
            "clients_end": len(ended), "churn_rate": ratio(len(gone), len(began)),
        }  # fmt: skip
        is_full = period.d >= min(days) + timedelta(world.settings["client_days"] - 1)
        found.append(
            {"grain": grain, "period_start": period.first, "is_complete": period.last <= world.as_of}
            | {name: told(value, world.are_persons_known) for name, value in counts.items()}
            | {
                "repeat_share": ratio(len(repeated), len(mine)),
                "orders_per_client": ratio(len(mine), len(people(mine))),
                "is_history_known": is_full and 2 * (len(sold) - len(mine)) <= len(sold),
            }
        )
    return found


def client_channel_period(world: World, grain: str) -> list[Row]:
    """The first deal of the period brought in who was not alive when it began."""
    found = []
    for period in world.periods(grain, (deal["day"] for deal in world.won)):
        _, new, back, _, _ = pool(world, period)
        bringing: dict[str, str] = {}
        for deal in world.won:
            if period.has(deal["day"]):
                bringing.setdefault(deal["client_key"], deal["channel"])
        for channel in {deal["channel"] for deal in world.won}:
            is_known = world.are_persons_known and world.counts_by("deals", world.deals, "channel", channel)
            found.append(
                {
                    "grain": grain,
                    "period_start": period.first,
                    "channel": channel,
                    "new": told(sum(bringing[client] == channel for client in new), is_known),
                    "returned": told(sum(bringing[client] == channel for client in back), is_known),
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def pool(world: World, period: Period) -> tuple[set[str], set[str], set[str], set[str], set[str]]:
    """Clients alive at the start, new, returned, lost, alive at the end."""
    span = timedelta(world.settings["client_days"])
    bought: dict[str, list[date]] = {}
    for deal in world.won:
        if deal["client_key"] is not None:
            bought.setdefault(deal["client_key"], []).append(deal["day"])

    def alive(day: date) -> set[str]:
        return {client for client, days in bought.items() if any(day - span < bought_on <= day for bought_on in days)}

    began, ended = alive(period.first - timedelta(1)), alive(period.d)
    new = {client for client in ended if min(bought[client]) >= period.first}
    back = {client for client in ended - began if min(bought[client]) < period.first}
    return began, new, back, began - ended, ended


def chain_period(world: World, grain: str) -> list[Row]:
    """Figures of each channel and of all together, profit of all together."""
    rows = [*world.spend, *world.calls, *world.deals]
    daily = costs_by_day(world)
    found = []
    for period in world.periods(grain, [row["day"] for row in rows] + list(daily)):
        days = [period.first + timedelta(n) for n in range((period.d - period.first).days + 1)]
        is_cost_known = not daily or all(day in daily or day < min(daily) for day in days)
        costs = sum((daily.get(day, Decimal(0)) for day in days), Decimal(0))
        for channel in {row["channel"] for row in rows} | {WHOLE}:

            def mine(rows: Iterable[Row], period: Period = period, channel: str = channel) -> list[Row]:
                return [row for row in rows if channel in (WHOLE, row["channel"]) and period.has(row["day"])]

            is_spend = world.counts_by("ad_spend", world.spend, "channel", channel)
            are_calls = world.counts_by("calls", world.calls, "channel", channel)
            are_deals = world.counts_by("deals", world.deals, "channel", channel)
            spend, calls, closed, sold = (mine(of) for of in (world.spend, world.inbound, world.won_rows, world.won))
            row = {
                "spend_rub": told(total(spend, "spend_rub"), is_spend),
                "impressions": told(summed(spend, "impressions"), is_spend),
                "clicks": told(summed(spend, "clicks"), is_spend),
                "calls": told(len(calls), are_calls),
                "target_calls": told(len(world.target(calls)), are_calls),
                "clients": told(len(people(sold)), are_deals, world.are_persons_known),
                "revenue_rub": told(total(closed, "revenue_rub"), are_deals),
                "gross_profit_rub": told(profit(closed), are_deals),
            }
            is_left = channel == WHOLE and is_cost_known and are_deals
            left = row["gross_profit_rub"] - costs if is_left else None
            found.append(
                {"grain": grain, "period_start": period.first, "channel": channel}
                | row
                | {
                    "profit_rub": left - row["spend_rub"] if is_left and is_spend else None,
                    "profit_without_ads_rub": left if daily else None,
                    "is_cost_known": is_cost_known,
                    "clicks_per_impression": ratio(row["clicks"], row["impressions"]),
                    "calls_per_click": ratio(row["calls"], row["clicks"]),
                    "target_per_call": ratio(row["target_calls"], row["calls"]),
                    "clients_per_target_call": ratio(row["clients"], row["target_calls"]),
                    "revenue_per_client_rub": roubles(ratio(row["revenue_rub"], row["clients"])),
                    "gross_margin": ratio(row["gross_profit_rub"], row["revenue_rub"]),
                    "is_complete": period.last <= world.as_of,
                }
            )
    return found


def whole_period(world: World, grain: str) -> list[Row]:
    """All channels; those of them that cost something; the managers who took a call."""
    channels, managers = channel_period(world, grain), manager_period(world, grain)
    found = []
    for first, is_complete in {(row["period_start"], row["is_complete"]) for row in [*channels, *managers]}:
        mine = [row for row in channels if row["period_start"] == first]
        paid = [row for row in mine if (row["spend_rub"] or 0) > 0]
        taking = [row for row in managers if row["period_start"] == first and (row["calls"] or 0) > 0]
        row = {
            name: _some(mine, name)
            for name in ("spend_rub", "clicks", "calls", "deals_won", "revenue_rub", "gross_profit_rub")
        }
        clicked = [row for row in mine if (row["clicks"] or 0) > 0]
        row |= {
            "clicked_calls": _all(clicked, "calls"),
            "paid_spend_rub": _all(paid, "spend_rub"),
            "paid_calls": _all(paid, "counted_calls"),
            "paid_new_clients": _all(paid, "new_clients"),
            "paid_gross_profit_rub": _all(paid, "gross_profit_rub"),
            "taken_calls": _all(taking, "calls"),
            "taken_clients": told(
                _all(taking, "clients"), *(row["clients_per_10_calls"] is not None for row in taking)
            ),
        }
        gain, paid_gain = (
            _less(row, "gross_profit_rub", "spend_rub"),
            _less(row, "paid_gross_profit_rub", "paid_spend_rub"),
        )
        row |= {
            "profit_after_ads_rub": gain,
            "average_check_rub": roubles(ratio(row["revenue_rub"], row["deals_won"])),
            "calls_per_1000_rub": ratio(_times(1000, row["paid_calls"]), row["paid_spend_rub"]),
            "cost_per_call_rub": roubles(ratio(row["paid_spend_rub"], row["paid_calls"])),
            "cac_rub": roubles(ratio(row["paid_spend_rub"], row["paid_new_clients"])),
            "calls_per_click": ratio(row["clicked_calls"], row["clicks"]),
            "romi": ratio(paid_gain, row["paid_spend_rub"]),
            "clients_per_10_calls": ratio(_times(10, row["taken_clients"]), row["taken_calls"]),
        }
        found.append({"grain": grain, "period_start": first, "is_complete": is_complete} | row)
    return found


def _some(rows: list[Row], column: str) -> Any:
    """The sum of what is known; nothing if nothing is."""
    known_ones = [row[column] for row in rows if row[column] is not None]
    return sum(known_ones) if known_ones else None


def _all(rows: list[Row], column: str) -> Any:
    """The sum, if there are rows and all are known."""
    return None if not rows or any(row[column] is None for row in rows) else sum(row[column] for row in rows)


def _less(row: Row, whole: str, part: str) -> Any:
    return None if row[whole] is None or row[part] is None else row[whole] - row[part]


def _times(times: int, value: Any) -> Any:
    return None if value is None else times * value


def costs_by_day(world: World) -> dict[date, Decimal]:
    """Each month's cost on each of its days up to as_of: the difference of two rounded shares of the whole."""
    found: dict[date, Decimal] = {}
    for cost in world.rows("costs"):
        month = cost["month_on"]
        if month > world.as_of or cost["item"] in world.settings["advertising_items"]:
            continue
        after = next_start("month", month.replace(day=1))
        days = [month.replace(day=1) + timedelta(n) for n in range((after - month.replace(day=1)).days)]
        shares = [half_up(money(cost["amount_rub"]) * n / len(days)) for n in range(len(days) + 1)]
        for day, (passed, now) in zip(days, pairwise(shares), strict=True):
            if day <= world.as_of:
                found[day] = found.get(day, Decimal(0)) + now - passed
    return found


def half_up(amount: Decimal) -> Decimal:
    """To the kopeck, halves away from zero."""
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
