"""Tables as people keep them: formulas filled down, merged labels, tabs that are one error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.documents import MOMENT_MARK, NUMBER_MARK
from connectors.google_sheets.client import Clock
from connectors.google_sheets.read import Wanted, read
from connectors.human_tables import broken
from tests.helpers.parse import facts
from transforms.parse import Reading, Where, settle

DAY = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "dd.mm.yyyy"}}}


def put(owner, title, rows, fill=()):
    """A tab with these rows, typed one cell at a time, and formulas filled down: column, first row, last row, text."""
    owner.do({"addSheet": {"properties": {"title": title}}})
    for number, row in enumerate(rows, 1):
        for column, value in zip("ABCDEFG", row, strict=False):
            if value != "":
                owner.type(title, f"{column}{number}", value)
    for column, first, last, text in fill:
        for row in range(first, last + 1):
            owner.type(title, f"{column}{row}", text.format(row=row, above=row - 1))


def rows_of(client, owner, title):
    """The rows read, without blank ones and marks; or the error raised."""
    found = read(client, [Wanted("src", owner.spreadsheet, (title,))])["src"]
    if isinstance(found, Exception):
        raise found
    return [[cell.lstrip(NUMBER_MARK + MOMENT_MARK) for cell in row] for row in found[0].rows if any(row)]


TYPED = [["№", "Дата", "Канал", "Штук", "Цена", "Расход"], ["", "", "SEO", 2, 100], ["", "", "VK", 3, 50]]


def test_formulas_filled_down_below_the_last_row_end_the_table(owner, reader):
    """A number that counts on, =D×E giving 0, a day that goes on, a box not ticked: forty rows of nothing."""
    fill = [("A", 2, 43, "=ROW()-1"), ("F", 2, 43, "=D{row}*E{row}"), ("B", 2, 43, "=DATE(2026;8;{row})")]
    put(owner, "Расходы", TYPED, fill)
    column = owner.range("Расходы", 1, 1, 60)
    owner.do({"repeatCell": {"range": column, "cell": DAY, "fields": "userEnteredFormat.numberFormat"}})
    assert rows_of(reader, owner, "Расходы")[1:] == [
        ["1", "2026-08-02", "SEO", "2", "100", "200"],
        ["2", "2026-08-03", "VK", "3", "50", "150"],
    ]


def test_formulas_that_give_nothing_or_an_error_end_it_too(owner, reader):
    """=IF(D="","",D*E) and =F/D."""
    fill = [("F", 2, 20, '=IF(D{row}="";"";D{row}*E{row})'), ("G", 2, 20, "=E{row}/D{row}")]
    put(owner, "Расходы", TYPED, fill)
    assert [row[5] for row in rows_of(reader, owner, "Расходы")[1:]] == ["200", "150"]


def test_a_table_of_nothing_but_formulas_is_read_to_its_end(owner, reader):
    """A tab that mirrors another, and a plan whose months follow from the first: zeros in them are figures."""
    put(owner, "Факт", [["Дата", "Расход"], ["01.08.2026", 100], ["02.08.2026", 0]])
    put(owner, "Копия", [["Дата", "Расход"]], [("A", 2, 3, "=Факт!A{row}"), ("B", 2, 3, "=Факт!B{row}")])
    assert len(rows_of(reader, owner, "Копия")) == 3
    put(
        owner,
        "План",
        [["Месяц", "План"], ["01.08.2026", 100]],
        [("A", 3, 5, "=A{above}+31"), ("B", 3, 5, "=B{above}*2")],
    )
    assert [row[1] for row in rows_of(reader, owner, "План")[1:]] == ["100", "200", "400", "800"]


def test_typed_zeros_at_the_end_are_rows(owner, reader):
    """A day on which nothing was spent was typed."""
    put(owner, "Расходы", [["Дата", "Канал", "Расход"], ["01.08.2026", "SEO", 5], ["02.08.2026", "SEO", 0]])
    assert len(rows_of(reader, owner, "Расходы")) == 3


def test_labels_merged_over_rows_of_data_are_each_rows(owner, reader):
    """A channel merged over its two days; a header merged over two rows and a merged amount stay as they are."""
    put(owner, "Слияния", [["Канал", "Дата", "Расход"], ["SEO", "01.08.2026", 100], ["", "02.08.2026", 50]])
    for column in (0, 2):
        owner.do({"mergeCells": {"range": owner.range("Слияния", 1, column, 2, 1), "mergeType": "MERGE_ALL"}})
    assert rows_of(reader, owner, "Слияния")[1:] == [["SEO", "2026-08-01", "100"], ["SEO", "2026-08-02", ""]]


def test_blank_labels_without_any_proof_stay_blank(owner, reader):
    """Nothing is guessed: a channel that is not written is not known."""
    put(owner, "Пусто", [["Канал", "Дата", "Расход"], ["SEO", "01.08.2026", 100], ["", "02.08.2026", 50]])
    assert [row[0] for row in rows_of(reader, owner, "Пусто")[1:]] == ["SEO", ""]


@pytest.mark.parametrize("header", [[], [["Дата", "Канал", "Расход"]]])
def test_a_tab_that_is_one_error_costs_its_source_only(owner, reader, header):
    """The other source of the same spreadsheet is read; the words say where the error is and what to do."""
    put(owner, "Закрыто", [*header, ["=Нет!A1"]])
    put(owner, "Открыто", [["Дата"], ["01.08.2026"]])
    cell = f"A{len(header) + 1}"
    found = read(reader, [Wanted(name, owner.spreadsheet, (name,)) for name in ("Закрыто", "Открыто")])
    assert found["Закрыто"].text("ru") == (
        f"Таблица «Школа», вкладка «Закрыто»: вместо данных ошибка #REF! в {cell} — откройте вкладку и разрешите доступ"
        " к таблице, из которой она берёт данные (кнопка «Открыть доступ» у этой ячейки); прежние данные остались"
    )
    assert len(found["Открыто"]) == 1


def test_a_tab_that_opens_a_moment_later_is_read(owner, reader):
    """It is asked once more, after a pause."""
    put(owner, "Скоро", [["=Нет!A1"]])
    clock = Clock(reader.pace.clock.now, lambda _: owner.type("Скоро", "A1", "Дата"))
    reader.http.pace = replace(reader.pace, clock=clock)
    assert rows_of(reader, owner, "Скоро") == [["Дата"]]


@pytest.mark.parametrize("text", ["Loading...", "Загрузка…", "\ue004Loading…"])
def test_what_google_still_works_out_is_waited_for(text):
    """Not an error of the owner's."""
    found = broken([["Дата", "Канал"], ["", text]])
    assert (found.cell, found.is_loading) == ("B2", True)
    assert broken([["Дата", "Канал"], ["01.08.2026", text]]) is None


LOOKS = {"date": DAY, "seconds": {"userEnteredFormat": {"numberFormat": {"type": "TIME", "pattern": "[h]:mm:ss"}}}}


@pytest.mark.parametrize(
    ("kind", "typed", "texts", "what"),
    [
        ("date", ["=DATE(2026;3;8)", "=DATE(2026;5;8)"], ["14/08/2026", "29/08/2026"], ["is_swapped"]),
        ("date", ["=DATE(2026;8;2)", "=DATE(2026;8;3)"], ["20.08.2026", "21.08.2026"], []),
        ("seconds", [0.25, 1.5, 0.5, 12.5, 25.25], [], ["is_minutes"]),
    ],
)
def test_a_column_of_a_tab_is_judged_as_a_whole(owner, reader, kind, typed, texts, what):  # noqa: PLR0917 - a case
    """Days and months swapped, minutes taken for hours: as in a workbook; days of one kind are no question."""
    put(owner, "Столбец", [["Дата"], *([hours / 24 if kind == "seconds" else hours] for hours in typed)])
    look = {"repeatCell": {"range": owner.range("Столбец", 1, 0, len(typed)), "cell": LOOKS[kind]}}
    owner.do({"repeatCell": look["repeatCell"] | {"fields": "userEnteredFormat.numberFormat"}})
    start = {"sheetId": owner.tab_id("Столбец"), "rowIndex": 1 + len(typed), "columnIndex": 0}
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in texts or [""]]
    owner.do({"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})
    [table] = read(reader, [Wanted("src", owner.spreadsheet, ("Столбец",))])["src"]
    found = facts(kind, [row[0] for row in table.rows[1:]], is_typed=True)
    settled = settle(kind, found, Reading(), Where("t", "Дата", "x"))
    assert [name for name in ("is_swapped", "is_1904", "is_minutes") if getattr(settled, name)] == what
