"""Cells that changed places in a row of its full width are named by their words, texts beside texts though they are."""

from __future__ import annotations

from datetime import date

import duckdb
import openpyxl
import pytest

from tests.field.situation import BOTH_SIZES, Situation, ran, table
from tests.helpers.loaded import load

pytestmark = pytest.mark.slow

HEAD = "Номер;Дата;Менеджер;Канал;Город;Статус;Товар;Сумма;Комментарий"
SALES = {"table": "deals", "columns": {
    "deal_id": "Номер", "created_on": "Дата", "manager": "Менеджер", "channel": "Канал", "status": "Статус",
    "product": "Товар", "revenue_rub": "Сумма"}}  # fmt: skip
MANAGERS, CHANNELS = ("Анна", "Борис", "Вера", "Глеб"), ("Сайт", "Авито", "Директ")
CITIES, PRODUCTS = ("Москва", "Казань", "Пермь"), ("Чай", "Кофе", "Какао")
ROWS, AT = 60, (7, 31)
NAMED = "слова стоят не под своими заголовками, строк: 2"


def orders() -> list[list[str]]:
    """Sixty sales, of all managers, channels and cities alike; nothing reads the cities."""
    return [
        [str(1000 + n), f"{1 + n % 28:02}.08.2026", MANAGERS[n % 4], CHANNELS[n % 3], CITIES[n * 7 // 3 % 3],
         "Оплачен", PRODUCTS[n * 5 % 3], str(101 + n), ""]
        for n in range(ROWS)
    ]  # fmt: skip


def changed(what) -> list[list[str]]:
    """The same, two of them otherwise."""
    return [what(row) if n in AT else row for n, row in enumerate(orders())]


def swapped(one: int, other: int):
    """Two cells of a row in each other's place."""
    return lambda row: [row[{one: other, other: one}.get(place, place)] for place in range(len(row))]


PUSHED = {
    "manager and channel swapped": swapped(2, 3),
    "manager and product swapped": swapped(2, 6),
    "channel and status swapped": swapped(3, 5),
    "the channel and an unread city swapped": swapped(3, 4),
    "no manager, a blank after the channel": lambda row: [*row[:2], row[3], "", *row[4:]],
    "no manager, a blank after the city": lambda row: [*row[:2], *row[3:5], "", *row[5:]],
    "no channel, a blank after the city": lambda row: [*row[:3], row[4], "", *row[5:]],
    "no city, a blank after the product": lambda row: [*row[:4], *row[5:7], "", *row[7:]],
    "the manager twice, the city overwritten": lambda row: [*row[:3], *row[2:4], *row[5:]],
    "the manager twice, the status overwritten": lambda row: [*row[:3], *row[2:5], *row[6:]],
}
MEANT = {
    "nothing": lambda row: row,
    "a manager called like a channel, in it": lambda row: [*row[:2], "Сайт", "Сайт", *row[4:]],
    "a manager called like a channel, in another": lambda row: [*row[:2], "Авито", "Сайт", *row[4:]],
    "a channel called like a city": lambda row: [*row[:3], "Казань", *row[4:]],
    "no manager": lambda row: [*row[:2], "", *row[3:]],
    "a manager that nobody knows": lambda row: [*row[:2], "Новенький", *row[3:]],
}


SITUATIONS = (
    Situation(
        "manager and channel swapped in two rows",
        {"sales": SALES},
        {"s.csv": table(HEAD, *map(";".join, changed(swapped(2, 3))))},
        right="7830.00",
        says=f"{NAMED}, 240 ₽ (9: «Глеб» («Канал» ← «Менеджер»), «Авито» («Менеджер» ← «Канал»)",
    ),
)
"""Typed into a tab of Google, they are named as well."""


def again(folder) -> list[str]:
    """What is said of the words of a client folder that has other files by now."""
    (folder / "data" / "svodka.duckdb").unlink(missing_ok=True)
    return _of_words(load(folder, date(2026, 8, 31)).notes)


def told(folder, rows: list[list[str]], padding: str) -> list[str]:
    """What is said of sales in a text file whose words are not where they belong."""
    situation = Situation("s", {"sales": SALES}, {"s.csv": table(HEAD, *map(";".join, rows))})
    return _of_words(ran(folder, situation, padding).notes)


def _of_words(notes: list[str]) -> list[str]:
    return [note.replace("\u00a0", " ") for note in notes if "не под своими заголовками" in note]


@BOTH_SIZES
@pytest.mark.parametrize("what", PUSHED)
def test_cells_that_changed_places_are_named_with_roubles(tmp_path, what, padding):
    """240 ₽ of two sales, each of which is one of sixty."""
    [note] = told(tmp_path / "client", changed(PUSHED[what]), padding)
    assert f"{NAMED}, 240 ₽ (9: «" in note
    assert "; 33: «" in note


@BOTH_SIZES
@pytest.mark.parametrize("what", MEANT)
def test_a_word_in_two_columns_is_no_false_alarm(tmp_path, what, padding):
    """All other cells of the row are where they belong."""
    assert told(tmp_path / "client", changed(MEANT[what]), padding) == []


def test_words_of_people_in_several_columns_are_no_false_alarm(tmp_path):
    """Whoever made a deal, changed it and is in charge of it is one of the same people, some of them seldom."""
    rows = [
        [*row[:2], "Глеб" if n in AT else MANAGERS[n % 3], row[3], MANAGERS[3 - n % 2], *row[5:]]
        for n, row in enumerate(orders())
    ]
    assert told(tmp_path / "client", rows, "") == []


def test_what_is_refused_already_is_not_told_again(tmp_path):
    """A row whose amount is left out with all others moved up is refused as one that lacks a cell."""
    rows = changed(lambda row: [*row[:2], *row[3:], ""])
    assert told(tmp_path / "client", rows, "") == []
    with duckdb.connect(str(tmp_path / "client" / "data" / "svodka.duckdb"), read_only=True) as connection:
        refused = connection.execute("select source_row, value, reason from ops.rejects order by 1").fetchall()
    assert refused == [(9, "8 < 9", "missing_cells"), (33, "8 < 9", "missing_cells")]


def test_words_of_an_old_code_page_are_named_as_they_are_meant(tmp_path):
    """The bytes of a long file are read first and understood afterwards, once a word."""
    rows = [[*row[:8], "примечание " * 200] for row in changed(swapped(2, 3)) * 100]
    for n, row in enumerate(rows):
        row[0] = str(n)
    folder = tmp_path / "client"
    ran(folder, Situation("s", {"sales": SALES}, {"s.csv": HEAD + "\n"}), "")
    text = "\n".join([HEAD, *map(";".join, rows)])
    (folder / "exports" / "s.csv").write_bytes(text.encode("cp1251"))
    [note] = again(folder)
    assert "строк: 200, 24 000 ₽ (9: «Глеб» («Канал» ← «Менеджер»), «Авито» («Менеджер» ← «Канал»)" in note


def test_cells_that_changed_places_in_a_workbook_are_named(tmp_path):
    """There they have addresses, and somebody dragged them."""
    folder = tmp_path / "client"
    ran(folder, Situation("s", {"sales": SALES | {"files": "exports/*"}}, {"s.csv": HEAD + "\n"}), "")
    (folder / "exports" / "s.csv").unlink()
    book = openpyxl.Workbook()
    for row in [HEAD.split(";"), *changed(swapped(2, 3))]:
        book.worksheets[0].append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(folder / "exports" / "s.xlsx")
    [note] = again(folder)
    assert NAMED in note
