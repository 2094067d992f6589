"""Writes examples/workshop: an invented joinery that sells kitchens to builders and cafés, few deals and big ones.

    python -m examples.generate_workshop [FOLDER]

The same bytes every time. Two sellers get the same enquiries. Инна wins six deals of sixteen all the time; Олег did so
too until February 2026 and wins three since, because his estimates take weeks: «Долго считали смету» is a reason of our
own, no competitor's. The calls do not tell it (as many come as before), nor does the advertising. All people are
invented; phones are in the unassigned code 000.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from examples.school_files import headers, save_same_bytes, write_csv

MONTHS = [date(2025 + (3 + i) // 12, (3 + i) % 12 + 1, 1) for i in range(18)]
"""April 2025 to September 2026; the report is of the 20th."""
AS_OF = date(2026, 9, 20)
SLOW_SINCE = date(2026, 2, 1)
SELLERS = ("Олег Столяров", "Инна Лакова")
EXTENSIONS = {"Олег Столяров": "101", "Инна Лакова": "102"}
DEALS_A_MONTH = 16
WON_A_MONTH = 6
WON_BY_THE_SLOW = 3
STILL_OPEN = (5, 6, 7)
"""Which deals of a seller in the running month are open yet."""
OWN_REASON = "Долго считали смету"
OTHER_REASONS = ("Дорого", "Выбрали другую мастерскую", "Отложили ремонт", "Нет бюджета")
LINES = {"70000000101": "Яндекс.Директ", "70000000102": "Рекомендации", "70000000103": "Авито"}
DEAL_SOURCES = ("direct", "Рекомендация", "avito")
ZONE = ZoneInfo("Europe/Moscow")
DEAL_HEADERS = headers(
    "ID;Название сделки;Бюджет ;Ответственный;Дата создания сделки;Кем создана сделка;Дата редактирования;"
    "Кем редактирована;Дата закрытия;Теги;Примечание;Этап сделки;Воронка;Полное имя контакта;Компания контакта;"
    "Ответственный за контакт;Компания;Рабочий телефон;Рабочий прямой телефон;Мобильный телефон;Факс;Домашний телефон;"
    "Другой телефон;Рабочий email;Личный email;Другой email;Источник;Причина отказа;utm_source;Себестоимость"
)


@dataclass(frozen=True)
class Deal:
    """One deal of the CRM."""

    number: int
    seller: str
    created_at: datetime
    closed_at: datetime | None
    is_won: bool
    budget_rub: int
    cost_rub: int
    phone: str
    source: str
    reason: str


@dataclass(frozen=True)
class Ring:
    """One call of the telephony: Unix seconds, the line called, the seller's extension."""

    started_at: datetime
    phone: str
    line: str
    seller: str
    waited_seconds: int
    talk_seconds: int


@dataclass(frozen=True)
class Workshop:
    """Everything that happened, ready to be written as exports."""

    deals: list[Deal]
    rings: list[Ring]
    spend: list[tuple[date, int, int, int]]
    """Day, impressions, clicks, kopecks."""
    costs: list[tuple[date, str, int]]
    plan: list[tuple[date, str, str]]


def make_workshop(seed: int = 1884) -> Workshop:
    """The whole story, the same for the same seed."""
    random = Random(seed)
    deals = [deal for month in MONTHS for seller in SELLERS for deal in sell(random, month, seller)]
    deals = [
        Deal(**{**vars(deal), "number": 5001 + i}) for i, deal in enumerate(sorted(deals, key=lambda d: d.created_at))
    ]
    return Workshop(deals, ring(random, deals), advertise(random), pay(), plan())


def last_day(month: date) -> date:
    """The month's last day, or the day of the report if that comes first."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return min(following - timedelta(days=1), AS_OF)


def won_in(month: date, seller: str) -> int:
    """How many of a seller's deals of a month are won: two thirds of them in the running one."""
    whole = WON_BY_THE_SLOW if seller == SELLERS[0] and month >= SLOW_SINCE else WON_A_MONTH
    return whole if month < MONTHS[-1] else whole * 2 // 3


def sell(random: Random, month: date, seller: str) -> list[Deal]:
    """A seller's deals of a month: won, lost for a reason, and of the last month some that are open yet."""
    days = (last_day(month) - month).days
    count = DEALS_A_MONTH if month < MONTHS[-1] else 11
    won, is_slow = won_in(month, seller), seller == SELLERS[0] and month >= SLOW_SINCE
    deals = []
    for i in range(count):
        created = at_work(random, month + timedelta(days=i * days // (2 * count)))
        closed = at_work(random, month + timedelta(days=days - (count - 1 - i) * days // (2 * count)))
        is_won, is_open = i < won, month == MONTHS[-1] and i in STILL_OPEN
        budget = random.randrange(120, 480) * 1000 + (500 if i % 5 == 0 else 0)
        own = is_slow and not is_won and i % 2 == 0
        deals.append(
            Deal(
                number=0,
                seller=seller,
                created_at=created,
                closed_at=None if is_open else closed,
                is_won=is_won and not is_open,
                budget_rub=budget,
                cost_rub=budget * 55 // 100 if is_won else 0,
                phone=f"7000{3_000_000 + random.randrange(500_000):07d}",
                source=DEAL_SOURCES[(i + month.month) % 3],
                reason="" if is_won or is_open else OWN_REASON if own else OTHER_REASONS[i % 4],
            )
        )
    return deals


def at_work(random: Random, day: date) -> datetime:
    """A moment of the working day."""
    return datetime(day.year, day.month, day.day, random.randrange(9, 18), random.randrange(60), random.randrange(60))


def ring(random: Random, deals: list[Deal]) -> list[Ring]:
    """Every deal began with a call; beside them calls that came to nothing, a few of them missed."""
    rings = []
    lines = dict(zip(DEAL_SOURCES, LINES, strict=True))
    for deal in deals:
        begun = deal.created_at - timedelta(minutes=random.randrange(5, 50))
        talked = random.randrange(90, 600)
        rings.append(Ring(begun, deal.phone, lines[deal.source], deal.seller, random.randrange(4, 20), talked))
    for month in MONTHS:
        for i in range(30):
            begun = at_work(random, month + timedelta(days=i * (last_day(month) - month).days // 30))
            phone = f"7000{4_000_000 + random.randrange(500_000):07d}"
            talked = 0 if i % 6 == 0 else random.randrange(25, 180)
            line = list(LINES)[i % 3]
            rings.append(Ring(begun, phone, line, SELLERS[i % 2], random.randrange(4, 30), talked))
    return sorted(rings, key=lambda one: (one.started_at, one.phone))


def advertise(random: Random) -> list[tuple[date, int, int, int]]:
    """Spend of every day: about 2,400 ₽."""
    days = [MONTHS[0] + timedelta(days=n) for n in range((AS_OF - MONTHS[0]).days + 1)]
    return [
        (day, random.randrange(1800, 2600), random.randrange(35, 60), random.randrange(210_000, 270_000))
        for day in days
    ]


def pay() -> list[tuple[date, str, int]]:
    """Rent, wages and telephone of every month that has ended, and of September too: they are paid on the first."""
    return [
        (month, item, amount)
        for month in MONTHS
        for item, amount in (("Аренда цеха", 180_000), ("Зарплата", 640_000), ("Связь и CRM", 21_500))
    ]


def plan() -> list[tuple[date, str, str]]:
    """What the owner wants of 2026, as he writes it: roubles, calls, a share in per cent."""
    months = [month for month in MONTHS if month.year == 2026]
    rows = [(month, "Выручка", "3 600 000") for month in months] + [(month, "Звонки", "62") for month in months]
    return [*rows, *((month, "c1", "20 %") for month in months)]


def write_workshop(shop: Workshop, folder: Path) -> None:
    """The workshop in, its exports and the client's own tables out."""
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    write_deals(shop.deals, exports / "amocrm.csv")
    write_rings(shop.rings, exports / "mango.csv")
    write_spend(shop.spend, exports / "direct.csv")
    write_costs(shop.costs, exports / "Расходы.xlsx")
    write_plan(shop.plan, exports / "План 2026.xlsx")
    write_tables(folder)


def write_deals(deals: list[Deal], path: Path) -> None:
    """The CRM's CSV: thirty columns, commas, «не закрыта» where a deal is open."""
    rows: list[Sequence[object]] = [DEAL_HEADERS]
    for deal in deals:
        stage = "Успешно реализовано" if deal.is_won else "Закрыто и не реализовано" if deal.closed_at else "Смета"
        closed = f"{deal.closed_at:%d.%m.%Y %H:%M:%S}" if deal.closed_at else "не закрыта"
        cells: dict[str, object] = {
            "ID": deal.number,
            "Название сделки": f"Кухня, заказ {deal.number}",
            "Бюджет ": deal.budget_rub,
            "Ответственный": deal.seller,
            "Дата создания сделки": f"{deal.created_at:%d.%m.%Y %H:%M:%S}",
            "Кем создана сделка": deal.seller,
            "Дата закрытия": closed,
            "Этап сделки": stage,
            "Воронка": "Кухни",
            "Полное имя контакта": f"Заказчик {deal.number}",
            "Рабочий телефон": f"'+{deal.phone}",
            "Источник": deal.source,
            "Причина отказа": deal.reason,
            "Себестоимость": deal.cost_rub or "",
        }
        rows.append([cells.get(header, "") for header in DEAL_HEADERS])
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


def write_rings(rings: list[Ring], path: Path) -> None:
    """The telephony's answer: no header, Unix seconds, «0» where nobody answered."""
    rows = []
    for number, one in enumerate(rings):
        start = int(one.started_at.replace(tzinfo=ZONE).timestamp())
        answer = start + one.waited_seconds if one.talk_seconds else 0
        finish = start + one.waited_seconds + one.talk_seconds
        record = f"[{'MToxOjA' + str(100_000 + number) if answer else ''}]"
        seller = EXTENSIONS[one.seller]
        row = [record, start, finish, answer, "", one.phone, seller, f"sip:user{seller}@example.org", 1110, one.line]
        rows.append(row)
    write_csv(path, rows, "utf-8")


def write_spend(spend: Iterable[tuple[date, int, int, int]], path: Path) -> None:
    """The cabinet's report: lines above the header, cp1251, decimal commas."""
    rows: list[Sequence[object]] = [headers("Дата;Кампания;Показы;Клики;Расход (руб.)")]
    for day, shown, clicked, kopecks in spend:
        amount = f"{kopecks // 100},{kopecks % 100:02d}"
        rows.append([f"{day:%d.%m.%Y}", "Кухни на заказ", shown, clicked, amount])
    period = f"{MONTHS[0]:%d.%m.%Y} - {AS_OF:%d.%m.%Y}"
    write_csv(path, rows, "cp1251", before=f"Статистика по дням\r\nПериод: {period}\r\n\r\n")


def write_costs(costs: list[tuple[date, str, int]], path: Path) -> None:
    """A table kept by hand: a row a month and item."""
    book, sheet = new_book("Расходы", ["Месяц", "Статья", "Сумма"])
    for month, item, amount in costs:
        sheet.append([month, item, amount])
    for row in sheet.iter_rows(min_row=2, max_col=1):
        row[0].number_format = "dd.mm.yyyy"
    save_same_bytes(book, path)


def write_plan(rows: list[tuple[date, str, str]], path: Path) -> None:
    """The plan as the owner wrote it: months, words of the report, sums with spaces and shares in per cent."""
    book, sheet = new_book("План", ["Месяц", "Показатель", "План"])
    for month, metric, planned in rows:
        sheet.append([f"{month:%d.%m.%Y}", metric, planned])
    save_same_bytes(book, path)


def new_book(title: str, header: Sequence[str]) -> tuple[Workbook, object]:
    """A workbook of one sheet with its header."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title)
    sheet.append(list(header))
    return book, sheet


def write_tables(folder: Path) -> None:
    """Channels, sellers and reasons, as an operator would keep them."""
    channels = [*LINES.items(), ("direct", "Яндекс.Директ"), ("Рекомендация", "Рекомендации"), ("avito", "Авито")]
    sellers = [(extension, name) for name, extension in EXTENSIONS.items()]
    groups = dict(zip(OTHER_REASONS, ("конкурент", "конкурент", "внешняя", "внешняя"), strict=True))
    reasons = [(OWN_REASON, OWN_REASON, "наша"), *((name, name, group) for name, group in groups.items())]
    for file, rows in (
        ("channels.csv", [("alias", "name"), *channels]),
        ("managers.csv", [("alias", "name"), *sellers]),
        ("loss_reasons.csv", [("alias", "name", "group"), *reasons]),
    ):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (folder / file).write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    write_workshop(make_workshop(), Path(sys.argv[1] if len(sys.argv) > 1 else "examples/workshop"))
