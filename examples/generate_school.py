"""Writes examples/school: an invented online school whose base grows while its readers leave.

    python -m examples.generate_school [FOLDER]

The same bytes every time. The story is in school_story.py, one figure a month, and the end-to-end test checks it as
arithmetic: 5,000 subscribers become 15,000, the active among them fall from 4,800 to 2,500, about six of a hundred
active ones buy each month all the while. Яндекс.Директ brings fewer calls for more money every month, and one manager
picks the phone up and drops it, which hides the calls he missed and is what clients tell the survey. The plan asks for
what the year before brought; an agency took Директ over, and it went on as before. All people are invented; phones are
in the unassigned code 000.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from examples.school_files import write_school
from examples.school_story import (
    ACTIVE,
    AS_OF,
    BUYERS,
    CHANNELS,
    ENDS,
    FINE,
    JOINED,
    LOST_BECAUSE,
    MANAGERS,
    MONTHS,
    PARTNERS,
    POOR_BECAUSE,
    PRODUCTS,
    RETURNED,
    SCORES,
    Answer,
    Call,
    Order,
    School,
    Spend,
    Subscriber,
)


def make_school(seed: int = 2033) -> School:
    """The whole story, the same for the same seed."""
    random = Random(seed)
    subscribers = live(random)
    orders = buy(random, subscribers)
    calls, spend = call(random, orders), advertise(random)
    marked = mark(Random(seed + 1), orders)
    return School(subscribers, marked, calls, spend, ask(Random(seed + 2), marked))


# ------------------------------------------------------------------------------------------------ subscribers


def live(random: Random) -> list[Subscriber]:
    """Subscribers with the days they came; on the last day of month i exactly ACTIVE[i] came within 30 days."""
    everyone: list[Subscriber] = []
    active: list[Subscriber] = []
    leaving: list[Subscriber] = []
    asleep: list[Subscriber] = []
    for i, (first, end) in enumerate(zip(MONTHS, ENDS, strict=True)):
        joined = [subscribe(random, 10_000 + len(everyone) + k, first, end) for k in range(JOINED[i])]
        everyone += joined
        if i == 0:
            joined, never = joined[: ACTIVE[0]], joined[ACTIVE[0] :]
            for person in never:  # subscribed on the first day and never came again
                person.subscribed_at = datetime.combine(first, time(10, 0))
        back = [asleep.pop(random.randrange(len(asleep))) for _ in range(RETURNED[i])]
        for person in back:
            person.visits.append(end - timedelta(days=random.randrange(6, 15)))
        asleep += leaving
        active = active + joined + back
        leaving = choose_leaving(random, i, active)
        gone = {person.number for person in leaving}
        active = [person for person in active if person.number not in gone]
        for person in leaving:
            visit_until(random, person, leave_day(random, i, person))
        for person in active:
            visit_until(random, person, end - timedelta(days=random.randrange(0, 12)))
    return sorted(everyone, key=lambda person: person.number)


def choose_leaving(random: Random, month: int, active: list[Subscriber]) -> list[Subscriber]:
    """Who of those active at the end of this month will not be at the end of the next one."""
    if month + 1 == len(MONTHS):
        return []
    count = ACTIVE[month] + JOINED[month + 1] + RETURNED[month + 1] - ACTIVE[month + 1]
    possible = [person for person in active if last_day(person) <= ENDS[month + 1] - timedelta(days=30)]
    return random.sample(possible, count)


def leave_day(random: Random, month: int, person: Subscriber) -> date:
    """The last day of a person who is active at the end of this month and not at the end of the next."""
    earliest = max(ENDS[month] - timedelta(days=29), last_day(person))
    latest = min(ENDS[month], ENDS[month + 1] - timedelta(days=30))
    return earliest + timedelta(days=random.randrange((latest - earliest).days + 1))


def subscribe(random: Random, number: int, first: date, end: date) -> Subscriber:
    """A new subscriber of the month, not on its very first day."""
    day = first + timedelta(days=random.randrange(1, (end - first).days + 1))
    return Subscriber(
        number, datetime.combine(day, time(random.randrange(8, 23), random.randrange(60), random.randrange(60)))
    )


def last_day(person: Subscriber) -> date:
    """When the person was last seen."""
    return max([person.subscribed_at.date(), *person.visits[-1:]])


def visit_until(random: Random, person: Subscriber, last: date) -> None:
    """Visits at most 28 days apart from the last one known up to `last`."""
    day = last_day(person)
    while (last - day).days > 28:
        day += timedelta(days=random.randrange(20, 29))
        person.visits.append(day)
    if last > day:
        person.visits.append(last)


# ------------------------------------------------------------------------------------------------ orders


def buy(random: Random, subscribers: list[Subscriber]) -> list[Order]:
    """Orders: BUYERS[i] distinct buyers of month i, some orders free, cancelled or still open."""
    orders: list[Order] = []
    for i, (first, end) in enumerate(zip(MONTHS, ENDS, strict=True)):
        came = who_came(random, subscribers, first, end)
        for person, days in choose_buyers(came, i):
            person.bought += 1
            orders.append(paid_order(random, len(orders), person, days[0], i))
        for person, days in came[-4:]:
            orders.append(free_order(len(orders), person, days[0]))
        for _ in range(BUYERS[i] // 5):
            person = subscribers[random.randrange(len(subscribers))]
            if person.subscribed_at.date() < end:
                orders.append(unpaid_order(random, len(orders), person, first, end))
    return orders


def who_came(
    random: Random, subscribers: list[Subscriber], first: date, end: date
) -> list[tuple[Subscriber, list[date]]]:
    """Subscribers with the days of the month on which they came, shuffled."""
    came = [
        (person, days)
        for person in subscribers
        if person.subscribed_at.date() <= end and (days := [day for day in person.visits if first <= day <= end])
    ]
    random.shuffle(came)
    return came


def choose_buyers(came: list[tuple[Subscriber, list[date]]], month: int) -> list[tuple[Subscriber, list[date]]]:
    """Who buys: as many as BUYERS says, three of ten for a second time once there is anybody who bought."""
    again = [pair for pair in came if pair[0].bought][: round(BUYERS[month] * 0.3)]
    fresh = [pair for pair in came if not pair[0].bought][: BUYERS[month] - len(again)]
    return again + fresh


def paid_order(random: Random, index: int, person: Subscriber, day: date, month: int) -> Order:
    """A finished order; most went through a manager after a call, the rest straight from the site."""
    product, price = PRODUCTS[random.choices(range(4), [45, 25, 12, 18])[0]]
    paid_at = datetime.combine(day, time(random.randrange(10, 22), random.randrange(60), random.randrange(60)))
    created_at = max(paid_at - timedelta(hours=random.randrange(1, 70)), person.subscribed_at)
    channel = weighted_channel(random, month, is_spend=False)
    manager = pick_manager(random, month) if random.random() < 0.55 else ""
    return Order(index, person, min(created_at, paid_at), paid_at, "Завершен", product, price, price, manager, channel)


def unpaid_order(random: Random, index: int, person: Subscriber, first: date, end: date) -> Order:
    """An order that brought nothing: cancelled, false, or still waiting."""
    earliest = max(first, person.subscribed_at.date())
    created_at = datetime.combine(
        earliest + timedelta(days=random.randrange((end - earliest).days + 1)), time(random.randrange(10, 22), 30)
    )
    status = random.choice(["Отменен", "Отменен", "Ложный", "Новый", "Ожидаем оплаты", "В работе"])
    product, price = random.choice(PRODUCTS)
    return Order(index, person, created_at, None, status, product, price, 0, "", "")


def free_order(index: int, person: Subscriber, day: date) -> Order:
    """A trial lesson: finished, and free."""
    at = datetime.combine(day, time(12, 30))
    return Order(
        index,
        person,
        max(at, person.subscribed_at),
        max(at, person.subscribed_at),
        "Завершен",
        "Пробный урок",
        0,
        0,
        "",
        "",
    )


def pick_manager(random: Random, month: int) -> str:
    """A manager by how many clients the share of calls and the skill bring."""
    weights = [share * skill for share, skill, _, _ in MANAGERS.values()]
    return random.choices(list(MANAGERS), weights)[0]


def mark(random: Random, orders: list[Order]) -> list[Order]:
    """Promo codes of the orders that came straight from the site, and why an order was cancelled."""
    found = []
    for order in orders:
        code, tag = "", ""
        if order.paid_rub and not order.manager and random.random() < 0.15:
            code = random.choice(PARTNERS)[1]
        if order.status == "Отменен":
            tag = random.choices(list(LOST_BECAUSE), list(LOST_BECAUSE.values()))[0]
        elif order.status == "Ложный":
            tag = "заявка по ошибке"
        found.append(replace(order, promo_code=code, tag=tag))
    return found


def ask(random: Random, orders: list[Order]) -> list[Answer]:
    """Nine of ten of those who bought from a manager in 2026 say within two days how the talk was."""
    answers = []
    for order in orders:
        if not (order.paid_at and order.paid_rub and order.manager) or order.paid_at.year < 2026:
            continue
        at = order.paid_at + timedelta(hours=random.randrange(1, 48))
        score = random.choice(SCORES.get(order.manager, FINE))
        reason = random.choice(POOR_BECAUSE) if score <= 3 else ""
        if random.random() < 0.9 and at.date() <= AS_OF:
            answers.append(Answer(at, order.subscriber.phone, order.manager, score, reason))
    return sorted(answers, key=lambda answer: (answer.at, answer.phone))


# ------------------------------------------------------------------------------------------------ calls


def call(random: Random, orders: list[Order]) -> list[Call]:
    """Calls of every month: those that led to the orders of managers, and those that led nowhere."""
    calls = [leading_call(random, order) for order in orders if order.manager and order.paid_rub]
    for i, (first, end) in enumerate(zip(MONTHS, ENDS, strict=True)):
        led = sum(1 for known in calls if first <= known.started_at.date() <= end)
        wanted = round(sum(monthly(counts, i) for counts, _ in CHANNELS.values()) * month_share(i))
        calls += [idle_call(random, i, first, end) for _ in range(max(wanted - led, 0))]
    return sorted(calls, key=lambda one: (one.started_at, one.phone))


def leading_call(random: Random, order: Order) -> Call:
    """The talk after which the order was made."""
    started_at = order.created_at - timedelta(minutes=random.randrange(5, 6000))
    started_at = max(started_at, datetime.combine(MONTHS[0], time(9, 0)))
    started_at = min(started_at, order.created_at)
    return Call(
        started_at, order.subscriber.phone, order.channel, order.manager, random.randrange(70, 620), is_answered=True
    )


def idle_call(random: Random, month: int, first: date, end: date) -> Call:
    """A call that led to no order: a talk, a dropped pick-up, or a missed one."""
    day = first + timedelta(days=random.randrange((end - first).days + 1))
    started_at = datetime.combine(day, time(random.randrange(9, 21), random.randrange(60), random.randrange(60)))
    manager = random.choices(list(MANAGERS), [share for share, *_ in MANAGERS.values()])[0]
    phone = f"7000{8_000_000 + random.randrange(400_000):07d}"
    channel = weighted_channel(random, month, is_spend=False)
    dropped = MANAGERS[manager][2]
    if random.random() < (0.03 if dropped > 0.1 else 0.12):
        return Call(started_at, phone, channel, manager, 0, is_answered=False)
    talk = random.randrange(3, 9) if random.random() < dropped else random.randrange(25, 420)
    return Call(started_at, phone, channel, manager, talk, is_answered=True)


# ------------------------------------------------------------------------------------------------ advertising


def advertise(random: Random) -> list[Spend]:
    """Daily spend of the paid channels, to the kopeck."""
    lines = []
    for i, (first, end) in enumerate(zip(MONTHS, ENDS, strict=True)):
        month_days = ([*MONTHS, date(2026, 10, 1)][i + 1] - first).days
        for channel, (_, spend) in CHANNELS.items():
            if not spend[0]:
                continue
            for campaign in campaigns(channel):
                daily = monthly(spend, i) * 100 / month_days / len(campaigns(channel))
                for offset in range((end - first).days + 1):
                    kopecks = round(daily * random.uniform(0.8, 1.2))
                    clicks = max(round(kopecks / random.uniform(2500, 4500)), 1)
                    lines.append(
                        Spend(
                            first + timedelta(days=offset),
                            channel,
                            campaign,
                            clicks * random.randrange(18, 60),
                            clicks,
                            kopecks,
                        )
                    )
    return sorted(lines, key=lambda line: (line.day, line.channel, line.campaign))


def campaigns(channel: str) -> list[str]:
    """The campaigns of a channel."""
    return ["Поиск | Москва", "РСЯ; ретаргет"] if channel == "Яндекс.Директ" else [f"{channel}: курсы"]


def weighted_channel(random: Random, month: int, *, is_spend: bool) -> str:
    """A channel by its share of the month's calls (or spend)."""
    weights = [monthly(pair[is_spend], month) for pair in CHANNELS.values()]
    return random.choices(list(CHANNELS), weights)[0]


def monthly(ends: tuple[int, int], month: int) -> float:
    """Between the first month's figure and the figure of August 2026, on a straight line."""
    return ends[0] + (ends[1] - ends[0]) * min(month, 23) / 22


def month_share(month: int) -> float:
    """How much of the month has passed by AS_OF."""
    return 20 / 30 if month == 23 else 1.0


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "school"
    write_school(make_school(), folder)
    print(f"{folder}: written")
