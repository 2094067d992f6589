"""Writes examples/salon: an invented beauty salon whose owner keeps its visits by hand, a tab for each month.

    python -m examples.generate_salon [FOLDER]

The same bytes every time. Every week 35 people come, seven of them for the first time. On 11 May 2026 the salon begins
to remind its clients by a message that it is time to come again: since then 49 come a week, the new ones as few as
before. No advertising was added. The table of advertising has a channel a row and a month a column; September's costs
are not entered yet. All people are invented; phones are in the unassigned code 000.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from openpyxl import Workbook

from examples.school_files import save_same_bytes, write_csv

FIRST, AS_OF = date(2025, 9, 1), date(2026, 9, 20)
REMINDED_SINCE = date(2026, 5, 11)
REMINDED_DAYS = 56
"""Eight whole weeks before and after are compared."""
NEW_BY_WEEKDAY = (1, 0, 1, 1, 1, 2, 1)
BEFORE_BY_WEEKDAY = (3, 4, 5, 5, 6, 7, 5)
AFTER_BY_WEEKDAY = (5, 6, 7, 7, 8, 9, 7)
MASTERS = ("Вера", "Галина", "Зоя")
SERVICES = {"Стрижка": 1800, "Окрашивание": 5200, "Укладка": 1500, "Маникюр": 2100}
CHANNELS = {"ВКонтакте": 14_000, "Яндекс Карты": 9_000, "Авито": 6_000}
COSTS = {"Аренда": 95_000, "Зарплата": 210_000, "Материалы": 48_000}
COMPLAINTS = ("Долго ждала", "Не тот оттенок", "Холодно в зале")
MONTH_NAMES = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """One line of the book of visits."""

    day: date
    client: int
    service: str
    master: str
    price_rub: int
    is_first: bool

    @property
    def phone(self) -> str:
        """Eleven digits in the unassigned code 000."""
        return f"7000{5_000_000 + self.client * 3:07d}"


@dataclass(frozen=True)
class Answer:
    """What a client said after a visit."""

    day: date
    phone: str
    master: str
    score: int
    complaint: str


@dataclass(frozen=True)
class Salon:
    """Everything that happened, ready to be written down."""

    visits: list[Visit]
    answers: list[Answer]


def make_salon(seed: int = 1907) -> Salon:
    """The whole story, the same for the same seed."""
    random = Random(seed)
    visits = visit(random)
    return Salon(visits, answer(random, visits))


def visit(random: Random) -> list[Visit]:
    """Day by day: the new clients of the day, then those who have been away longest and come again."""
    visits: list[Visit] = []
    pool: list[int] = []
    known = 0
    for n in range((AS_OF - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        by_weekday = AFTER_BY_WEEKDAY if day >= REMINDED_SINCE else BEFORE_BY_WEEKDAY
        fresh = NEW_BY_WEEKDAY[day.weekday()] if pool else by_weekday[day.weekday()]
        again = min(by_weekday[day.weekday()] - fresh, len(pool))
        fresh = by_weekday[day.weekday()] - again
        back = [pool.pop(random.randrange(min(len(pool), 12))) for _ in range(again)]
        came = [(known + i, True) for i in range(fresh)] + [(client, False) for client in back]
        known += fresh
        for client, is_first in came:
            service = random.choice(list(SERVICES))
            price = SERVICES[service] + 100 * random.randrange(5)
            visits.append(Visit(day, client, service, MASTERS[client % 3], price, is_first))
            if not (is_first and client % 4 == 0):  # every fourth never comes again
                pool.append(client)
    return visits


def answer(random: Random, visits: list[Visit]) -> list[Answer]:
    """Every third visitor answers; Зоя's clients are the least content."""
    answers = []
    for one in visits[::3]:
        score = random.choice((5, 5, 4, 5, 3, 2) if one.master == "Зоя" else (5, 5, 5, 4, 5, 5))
        answers.append(Answer(one.day, one.phone, one.master, score, "" if score > 3 else random.choice(COMPLAINTS)))
    return answers


def months(first: date = FIRST, last: date = AS_OF) -> list[date]:
    """The first days of the months."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(count)]


def title(month: date) -> str:
    """A month as the owner calls its tab."""
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


def write_salon(salon: Salon, folder: Path) -> None:
    """The salon in, its tables out."""
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    write_visits(salon.visits, exports / "Визиты.xlsx")
    write_advertising(exports / "Реклама.xlsx")
    write_costs(exports / "Расходы.xlsx")
    answers = [[f"{a.day:%d.%m.%Y}", a.phone, a.master, a.score, a.complaint] for a in salon.answers]
    write_csv(exports / "Отзывы.csv", [["Дата", "Телефон", "Мастер", "Оценка", "Что не так"], *answers], "cp1251")
    write_changes(folder / "changes.csv")


def write_visits(visits: list[Visit], path: Path) -> None:
    """A tab a month, the newest first, a total below each; a tab of notes behind them."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for month in reversed(months()):
        chosen = [one for one in visits if (one.day.year, one.day.month) == (month.year, month.month)]
        rows = [[one.day, one.phone, one.service, one.master, one.price_rub] for one in chosen]
        total = ["Итого", None, None, None, sum(one.price_rub for one in chosen)]
        fill(book, title(month), [["Дата", "Телефон", "Услуга", "Мастер", "Сумма"], *rows, total])
    fill(book, "Заметки", [["Позвонить поставщику краски"], ["Спросить про аренду"]])
    save_same_bytes(book, path)


def write_advertising(path: Path) -> None:
    """A channel a row, a month a column, totals below."""
    columns = months()
    rows: list[list[object]] = [["Канал", *(title(month) for month in columns)]]
    rows += [[channel, *(amount for _ in columns)] for channel, amount in CHANNELS.items()]
    rows.append(["Итого", *(sum(CHANNELS.values()) for _ in columns)])
    book = Workbook()
    book.remove(book.worksheets[0])
    fill(book, "Реклама", rows)
    save_same_bytes(book, path)


def write_costs(path: Path) -> None:
    """A row a month and item; the running month is not entered yet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    rows = [[month, item, amount] for month in months()[:-1] for item, amount in COSTS.items()]
    fill(book, "Расходы", [["Месяц", "Статья", "Сумма"], *rows])
    save_same_bytes(book, path)


def fill(book: Workbook, name: str, rows: Iterable[Sequence[object]]) -> None:
    """A new tab with these rows; days as days."""
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(list(row))
    for cells in sheet.iter_rows(max_col=1):
        if isinstance(cells[0].value, date):
            cells[0].number_format = "dd.mm.yyyy"


def write_changes(path: Path) -> None:
    """What the owner changed, and by which figure it is judged."""
    text = io.StringIO()
    header = ["name", "metric", "changed_on", "days", "note"]
    row = ["Напоминания о визите", "deals_won", REMINDED_SINCE, REMINDED_DAYS, "Сообщение через 30 дней после визита"]
    csv.writer(text, lineterminator="\n").writerows([header, row])
    path.write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    write_salon(make_salon(), Path(sys.argv[1] if len(sys.argv) > 1 else "examples/salon"))
