"""Exports whose figures are known, and what programs and people do to them without changing what they mean."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import openpyxl

from tests.fuzz.containers import delimited

FIRST_DAY = date(2026, 7, 1)
DAYS = 62
PRODUCTS = ("Чай", "Кофе", "Мёд", "Торт", "Чашка", "Поднос")
PEOPLE = ("Анна", "Борис", "Вера")
Row = list[str]
Figures = Mapping[str, Decimal]
"""What is counted → how much: by month where a month matters."""


@dataclass(frozen=True)
class Export:
    """A table as a program would write it, and what it says."""

    source: Mapping[str, Any]
    rows: Sequence[Row]
    """The heading first."""
    figures: Figures
    suffix: str = ".csv"
    write: Callable[[Sequence[Row]], bytes] = field(default=lambda rows: delimited(rows, ";", "utf-8"))
    before: Sequence[Row] = ()
    """What the file held in an earlier run."""

    def column(self, heading: str) -> int:
        """The place of a heading."""
        return list(self.rows[0]).index(heading)


World = Callable[[Random], Export]
Change = Callable[[Export, Random], Export]


def _day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def _rub(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")


def sales(luck: Random) -> Export:
    """Orders of one to three lines, each line with its own sum; a few are lost."""
    rows = [["Номер", "Дата", "Статус", "Товар", "Кол-во", "Сумма", "Телефон", "Комментарий"]]
    figures: dict[str, Decimal] = defaultdict(Decimal)
    for number in range(luck.randint(15, 30)):
        day = FIRST_DAY + timedelta(days=luck.randrange(DAYS))
        is_won = luck.random() < 0.85
        for product in luck.sample(PRODUCTS, luck.choice([1, 1, 2, 3])):
            amount = Decimal(luck.randrange(10_000, 900_000)) / 100
            line = [product, str(luck.randint(1, 4)), _rub(amount), f"7000000{number:04d}", luck.choice(["", "срочно"])]
            rows.append([str(10_100 + number), _day(day), "Оплачен" if is_won else "Отменен", *line])
            if is_won:
                figures[f"revenue {day:%Y-%m}"] += amount
        figures["deals"] += is_won
        figures["people"] += is_won
    columns = {"deal_id": "Номер", "created_on": "Дата", "status": "Статус", "product": "Товар", "quantity": "Кол-во",
               "revenue_rub": "Сумма", "phone": "Телефон"}  # fmt: skip
    return Export({"table": "deals", "columns": columns}, rows, figures)


def calls(luck: Random) -> Export:
    """A call a row."""
    rows = [["ID", "Начало", "Телефон", "Сотрудник", "Итог", "Разговор", "Линия"]]
    figures: dict[str, Decimal] = defaultdict(Decimal)
    for number in range(luck.randint(20, 40)):
        at = datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(seconds=luck.randrange(DAYS * 86_400))
        seconds = luck.choice([0, luck.randint(5, 600)])
        answer = "Отвечен" if seconds else "Пропущен"
        rows.append([str(880_000 + number), f"{at:%d.%m.%Y %H:%M:%S}", f"7000001{number:04d}", luck.choice(PEOPLE),
                     answer, str(seconds), "101"])  # fmt: skip
        figures[f"calls {at:%Y-%m}"] += 1
        figures["answered"] += bool(seconds)
        figures["seconds"] += seconds
        figures["people"] += 1
    columns = {"call_id": "ID", "started_at": "Начало", "phone": "Телефон", "manager": "Сотрудник",
               "is_answered": "Итог", "talk_seconds": "Разговор"}  # fmt: skip
    return Export({"table": "calls", "columns": columns}, rows, figures)


def spend(luck: Random) -> Export:
    """Days of a few campaigns."""
    rows = [["Дата", "Кампания", "Канал", "Показы", "Расход"]]
    figures: dict[str, Decimal] = defaultdict(Decimal)
    campaigns = luck.sample(["Поиск", "Сети", "Бренд", "Ретаргет"], luck.randint(1, 3))
    for place in range(luck.randint(15, 40)):
        day = FIRST_DAY + timedelta(days=place)
        for campaign in campaigns:
            amount = Decimal(luck.randrange(5_000, 500_000)) / 100
            rows.append([_day(day), campaign, "Яндекс.Директ", str(luck.randint(100, 9_000)), _rub(amount)])
            figures[f"spend {day:%Y-%m}"] += amount
    columns = {"spend_on": "Дата", "campaign": "Кампания", "channel": "Канал", "impressions": "Показы",
               "spend_rub": "Расход"}  # fmt: skip
    return Export({"table": "ad_spend", "columns": columns}, rows, figures)


def repeat_rows(export: Export, luck: Random) -> Export:
    """Some rows stand twice, or all of them: two overlapping exports pasted into one file."""
    share = luck.choice([0.1, 0.3, 1]) if export.source["table"] != "ad_spend" else 1
    again = [row for row in export.rows[1:] if luck.random() < share] or [export.rows[1]]
    rows = [*export.rows, *again] if luck.random() < 0.5 else _beside(export.rows, again)
    return replace(export, rows=rows)  # a few equal lines without an id are separate, so all of those stand twice


def _beside(rows: Sequence[Row], again: Sequence[Row]) -> list[Row]:
    """Each repeated row below itself."""
    return [one for row in rows for one in ([row, list(row)] if any(row is other for other in again) else [row])]


def legs(export: Export, luck: Random) -> Export:
    """A call rang at other phones first, or was handed on: rows of one id, which talked as long together."""
    rows = [export.rows[0]]
    for row in export.rows[1:]:
        at, seconds = datetime.strptime(row[1], "%d.%m.%Y %H:%M:%S"), int(row[5])
        if luck.random() < 0.6:
            rows.append(row)
        elif seconds < 20:
            later = f"{at + timedelta(seconds=20):%d.%m.%Y %H:%M:%S}"
            rows += [[*row[:4], "Пропущен", "0", "102"], [row[0], later, row[2], *row[3:]]]
        else:
            later = f"{at + timedelta(seconds=10):%d.%m.%Y %H:%M:%S}"
            rows += [
                [*row[:5], "10", row[6]],
                [row[0], later, row[2], luck.choice(PEOPLE), row[4], str(seconds - 10), "103"],
            ]
    return replace(export, rows=rows)


def total_on_each_line(export: Export, luck: Random) -> Export:
    """The order's sum in each of its rows, under a heading that says so or does not."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in export.rows[1:]:
        sums[row[0]] += Decimal(row[5].replace(",", "."))
    heading = luck.choice(["Сумма", "Сумма заказа", "Итого по заказу"])
    rows = [[*row[:5], _rub(sums[row[0]]), *row[6:]] for row in export.rows[1:]]
    return _renamed(replace(export, rows=[export.rows[0], *rows]), "Сумма", heading)


def _renamed(export: Export, old: str, new: str) -> Export:
    columns = {ours: new if theirs == old else theirs for ours, theirs in export.source["columns"].items()}
    head = [new if text == old else text for text in export.rows[0]]
    return replace(export, rows=[head, *export.rows[1:]], source={**export.source, "columns": columns})


def swap_days_and_months(export: Export, luck: Random) -> Export:
    """A workbook that took days up to the twelfth for months; the rest stayed text."""
    place = export.column({"deals": "Дата", "calls": "Начало", "ad_spend": "Дата"}[export.source["table"]])

    def typed(text: str) -> object:
        day, month, year = int(text[:2]), int(text[3:5]), int(text[6:10])
        return text if day > 12 else datetime(year, day, month, *map(int, text[11:].split(":") if text[10:] else []))

    return replace(export, suffix=".xlsx", write=lambda rows: _workbook(rows, {place: typed}))


def _workbook(rows: Sequence[Row], types: Mapping[int, Callable[[str], object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(rows[0]))
    for row in rows[1:]:
        sheet.append([types[place](cell) if place in types and cell else cell for place, cell in enumerate(row)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cut_ids(export: Export, luck: Random) -> Export:
    """Ids of eighteen digits that a workbook keeps as numbers: neighbours became one."""
    rows = [[f"123456789012{int(row[0]):06d}", *row[1:]] for row in export.rows[1:]]
    return replace(export, rows=[export.rows[0], *rows], suffix=".xlsx", write=lambda rows: _workbook(rows, {0: float}))


def in_thousands(export: Export, luck: Random) -> Export:
    """The heading says it."""
    old = {"deals": "Сумма", "ad_spend": "Расход"}[export.source["table"]]
    place = export.column(old)
    rows = [
        [f"{Decimal(cell.replace(',', '.')) / 1000:.5f}".replace(".", ",") if at == place else cell
         for at, cell in enumerate(row)] for row in export.rows[1:]
    ]  # fmt: skip
    new = old + luck.choice([", тыс. руб.", ", тыс. ₽", " (тыс. руб.)"])
    return _renamed(replace(export, rows=[export.rows[0], *rows]), old, new)


def drop_the_sign(export: Export, luck: Random) -> Export:
    """Some sales come back: the word says so, the amount bears no minus."""
    figures = dict(export.figures)
    rows, number = [[*export.rows[0], "Тип документа"]], 90_000
    for row in export.rows[1:]:
        rows.append([*row, "Продажа"])
        if row[2] == "Оплачен" and luck.random() < 0.2:
            number += 1
            rows.append([str(number), *row[1:], "Возврат"])
            month = f"revenue {row[1][6:10]}-{row[1][3:5]}"
            figures[month] -= Decimal(row[5].replace(",", "."))
    return replace(export, rows=rows, figures=figures) if number > 90_000 else export


def move_a_column(export: Export, luck: Random) -> Export:
    """Somewhere else, heading and all."""
    old, new = luck.sample(range(len(export.rows[0])), 2)
    rows = []
    for row in export.rows:
        cells = list(row)
        cells.insert(new, cells.pop(old))
        rows.append(cells)
    return replace(export, rows=rows)


def break_a_byte(export: Export, luck: Random) -> Export:
    """Half a letter is lost on the way."""
    write = export.write

    def broken(rows: Sequence[Row]) -> bytes:
        content = bytearray(write(rows))
        head = content.index(b"\n")
        places = [place for place, byte in enumerate(content) if place > head and byte >= 0xC0]
        if places and export.suffix == ".csv":
            del content[Random(len(content)).choice(places)]
        return bytes(content)

    return replace(export, write=broken)


def change_the_code_page(export: Export, luck: Random) -> Export:
    """As older programs and other systems write."""
    name = luck.choice(["cp1251", "koi8-r", "mac_cyrillic", "cp866", "utf-16", "utf-8-sig"])
    return replace(export, write=lambda rows: delimited(rows, ";", name))


def lose_half(export: Export, luck: Random) -> Export:
    """An export cut short, where a whole one was before."""
    return replace(export, before=export.rows, rows=export.rows[: 1 + len(export.rows) // 2])


def put_months_across(export: Export, luck: Random) -> Export:
    """A row per campaign, a column per month."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in export.rows[1:]:
        sums[row[1], row[0][3:10]] += Decimal(row[4].replace(",", "."))
    months = sorted({month for _, month in sums})
    names = {"07.2026": "июль 2026", "08.2026": "август 2026", "09.2026": "сентябрь 2026"}
    rows = [["Канал", *(names[month] for month in months)]]
    rows += [[name, *(_rub(sums[name, month]) for month in months)] for name in sorted({name for name, _ in sums})]
    return replace(export, rows=rows, source={"table": "ad_spend", "columns": {"channel": "Канал"}})


def total_each_day(export: Export, luck: Random) -> Export:
    """Whoever keeps the table adds up each day, beside its own date."""
    rows = [export.rows[0]]
    for place, row in enumerate(export.rows[1:], 1):
        rows.append(row)
        if place + 1 == len(export.rows) or export.rows[place + 1][0] != row[0]:
            total = sum((Decimal(one[4].replace(",", ".")) for one in export.rows[1:] if one[0] == row[0]), Decimal(0))
            rows.append([row[0], luck.choice(["Итого", "Всего", "ИТОГО:"]), "", "", _rub(total)])
    return replace(export, rows=rows)


def label_once(export: Export, luck: Random) -> Export:
    """A pivot table: the campaign stands in the first row of its days, and their total below them."""
    rows, end = (
        [["Кампания", "Дата", "Канал", "Показы", "Расход"]],
        luck.choice(["{} Итог", "Итого по {}", "{} – итог"]),
    )
    for name in sorted({row[1] for row in export.rows[1:]}):
        mine = [row for row in export.rows[1:] if row[1] == name]
        rows += [[name if place == 0 else "", row[0], *row[2:]] for place, row in enumerate(mine)]
        total = sum((Decimal(row[4].replace(",", ".")) for row in mine), Decimal(0))
        rows.append([end.format(name), "", "", "", _rub(total)])
    return replace(export, rows=rows)


def in_kopecks(export: Export, luck: Random) -> Export:
    """The heading says it."""
    old = {"deals": "Сумма", "ad_spend": "Расход"}[export.source["table"]]
    place = export.column(old)
    rows = [[cell.replace(",", "") if at == place else cell for at, cell in enumerate(row)] for row in export.rows[1:]]
    return _renamed(replace(export, rows=[export.rows[0], *rows]), old, old + luck.choice([", коп.", " в копейках"]))


def in_minutes(export: Export, luck: Random) -> Export:
    """Of a program that counts by the minute: the heading says it."""
    place = export.column("Разговор")
    rows = [
        [f"{int(cell) / 60:.6f}".replace(".", ",") if at == place else cell for at, cell in enumerate(row)]
        for row in export.rows[1:]
    ]
    heading = luck.choice(["Разговор, мин", "Разговор (мин.)", "Разговор в минутах"])
    return _renamed(replace(export, rows=[export.rows[0], *rows]), "Разговор", heading)


def table_below(export: Export, luck: Random) -> Export:
    """Another table on the same sheet."""
    width = len(export.rows[0])
    other = [["Дата", "Менеджер", "Звонки"], *(["01.08.2026", name, str(luck.randint(1, 9))] for name in PEOPLE)]
    padded = [[*row, *[""] * (width - len(row))] for row in ([], *other)]
    return replace(export, rows=[*export.rows, *padded])


WORLDS: tuple[World, ...] = (sales, calls, spend)
CHANGES: tuple[tuple[Change, tuple[World, ...]], ...] = (
    (repeat_rows, WORLDS),
    (legs, (calls,)),
    (total_on_each_line, (sales,)),
    (swap_days_and_months, WORLDS),
    (cut_ids, (sales, calls)),
    (in_thousands, (sales, spend)),
    (drop_the_sign, (sales,)),
    (move_a_column, WORLDS),
    (break_a_byte, WORLDS),
    (change_the_code_page, WORLDS),
    (lose_half, WORLDS),
    (put_months_across, (spend,)),
    (total_each_day, (spend,)),
    (label_once, (spend,)),
    (in_kopecks, (sales, spend)),
    (in_minutes, (calls,)),
    (table_below, (spend,)),
)
"""What happens to exports, and to which."""


def distorted(seed: int, number: int) -> tuple[str, Export]:
    """Seed and number in; what was done and the export out, always the same ones."""
    luck = Random(f"meaning/{seed}/{number}")
    change, worlds = luck.choice(CHANGES)
    world = luck.choice(worlds)
    return f"{world.__name__} {change.__name__}", change(world(luck), luck)
