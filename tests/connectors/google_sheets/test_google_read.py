"""An owner's tabs as raw tables: types kept, row numbers true, two requests a spreadsheet."""

from __future__ import annotations

import pytest

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.errors import SourceError
from connectors.google_sheets.read import Wanted, cell_text, content_hash, number_text, read

ODD_TABS = ("ROI, %", "Звонки (июль)", "01.07-31.07", "CRM26", "Jon's")
DAY = {"type": "DATE", "pattern": "dd.mm.yyyy"}
MOMENT = {"type": "DATE_TIME", "pattern": "dd.mm.yyyy hh:mm"}
ELAPSED = {"type": "TIME", "pattern": "[h]:mm:ss"}


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (43831, DAY, MOMENT_MARK + "2020-01-01"),
        (43831.4375, MOMENT, MOMENT_MARK + "2020-01-01 10:30:00"),
        (43831.4375, DAY, MOMENT_MARK + "2020-01-01 10:30:00"),
        (43831, {"type": "NUMBER", "pattern": "0"}, NUMBER_MARK + "43831"),
        (43831, {}, NUMBER_MARK + "43831"),
        (0.5, {"type": "PERCENT", "pattern": "0%"}, NUMBER_MARK + "0.5"),
        (192 / 86_400, ELAPSED, DURATION_MARK + "192"),
        (43831.4375, {"type": "TIME", "pattern": "hh:mm"}, MOMENT_MARK + "2020-01-01 10:30:00"),
        (43831.4375, {"type": "NUMBER", "pattern": "[h]:mm"}, MOMENT_MARK + "2020-01-01 10:30:00"),
        (1.25, {"type": "TIME", "pattern": "[h]:mm"}, DURATION_MARK + "108000"),
        (79990001122.0, {}, NUMBER_MARK + "79990001122"),
        (1234.5, {"type": "CURRENCY", "pattern": '"$"#,##0.00'}, NUMBER_MARK + "1234.5 USD"),
        (1234.5, {"type": "CURRENCY", "pattern": "[$$-409]#,##0.00"}, NUMBER_MARK + "1234.5 USD"),
        (1234.5, {"type": "CURRENCY", "pattern": "#,##0.00 [$USD]"}, NUMBER_MARK + "1234.5 USD"),
        (1.125, {"type": "NUMBER", "pattern": "#,##0.00 [$€-1]"}, NUMBER_MARK + "1.1250 EUR"),
        (7, {"type": "CURRENCY", "pattern": "#,##0 [$₸]"}, NUMBER_MARK + "7 KZT"),
        (7, {"type": "CURRENCY"}, NUMBER_MARK + "7 GBP"),
    ],
)
def test_a_number_is_what_its_format_declares(value, number_format, text):
    """43831 is 1 January 2020 where the column is a date or a time, and 43,831 where it is not; money says which."""
    kind, pattern = number_format.get("type", ""), number_format.get("pattern", "")
    assert number_text(float(value), kind, pattern, "en_GB") == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ({"effectiveValue": {"stringValue": "007"}}, "007"),
        ({"effectiveValue": {"boolValue": True}}, "TRUE"),
        ({"effectiveValue": {"errorValue": {"type": "DIVIDE_BY_ZERO"}}}, ERROR_MARK + "#DIV/0!"),
        ({"effectiveFormat": {"numberFormat": DAY}}, ""),
    ],
)
def test_texts_flags_and_errors(cell, text):
    """A text phone stays text; an error says which."""
    assert cell_text(cell) == text


def one(client, sheet, *tabs, name="calls", range_=None):
    """Read for one source; its tables out, or its error raised."""
    found = read(client, [Wanted(name, sheet, tabs, range_)])[name]
    if isinstance(found, Exception):
        raise found
    return found


TYPED = {
    "A1": "Отчёт", "A3": "Дата", "B3": "Сумма", "A4": "01.08.2026", "B4": "=10*2", "A5": "02.08.2026", "B5": "=1/0",
    "A7": "'007", "B7": "1,5",
}  # fmt: skip


@pytest.fixture
def book(owner):
    """A spreadsheet with a title line, a merged header, a formula, an error, a date, a hidden row."""
    for title in (*ODD_TABS, "Звонки (август)"):
        owner.do({"addSheet": {"properties": {"title": title}}})
        owner.type(title, "A1", f"вкладка {title}")
    tab = "CRM26"
    for cell, value in TYPED.items():
        owner.type(tab, cell, value)
    place = {"sheetId": owner.tab_id(tab), "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
    owner.do(
        {"mergeCells": {"range": owner.range(tab, 0, 0, 1, 2), "mergeType": "MERGE_ALL"}},
        {"updateDimensionProperties": {"range": place, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}},
        {"addNamedRange": {"namedRange": {"name": "суммы", "range": owner.range(tab, 2, 1, 3, 1)}}},
    )
    return owner


def test_a_tab_is_read_as_a_person_sees_it(book, reader):
    """Formulas by value, dates as dates, the hidden row too, an error with its address; row i is number i + 1."""
    table = one(reader, book.spreadsheet, "CRM26")[0]
    assert [list(row) for row in table.rows] == [
        ["Отчёт", ""],
        ["", ""],
        ["Дата", "Сумма"],
        [MOMENT_MARK + "2026-08-01", NUMBER_MARK + "20"],
        [MOMENT_MARK + "2026-08-02", ERROR_MARK + "#DIV/0! (B5)"],
        ["", ""],
        ["007", NUMBER_MARK + "1.5"],
    ]
    assert table.merged == ((0, 0, 0, 1),)
    assert (table.container, table.origin.tab, table.origin.file) == ("google", "CRM26", "Школа!CRM26")


@pytest.mark.parametrize("title", ODD_TABS)
def test_tabs_are_found_whatever_they_are_called(book, reader, title):
    """A comma, brackets, dots, a name like a cell, an apostrophe."""
    assert [table.origin.tab for table in one(reader, book.spreadsheet, title)] == [title]


def test_a_pattern_finds_its_tabs_in_order(book, reader):
    """The name of the tab is kept with each table."""
    found = one(reader, book.spreadsheet, "Звонки *")
    assert [table.origin.tab for table in found] == ["Звонки (июль)", "Звонки (август)"]


def test_a_named_range_keeps_the_row_numbers_of_its_tab(book, reader):
    """Two blank rows stand for the two above the range."""
    table = one(reader, book.spreadsheet, range_="суммы")[0]
    assert [list(row) for row in table.rows] == [
        [""], [""], ["Сумма"], [NUMBER_MARK + "20"], [ERROR_MARK + "#DIV/0! (B5)"],
    ]  # fmt: skip


def test_two_requests_however_many_sources(book, reader):
    """Three sources of one spreadsheet cost two reads together."""
    wanted = [
        Wanted("a", book.spreadsheet, ("Звонки *",)),
        Wanted("b", book.spreadsheet, (), "суммы"),
        Wanted("c", book.spreadsheet, ODD_TABS),
    ]
    found = read(reader, wanted)
    assert [len(found[name]) for name in "abc"] == [2, 1, 5]
    assert reader.reads == 2


def test_a_missing_tab_says_what_there_is(book, reader):
    """One source that fails does not keep the other from being read."""
    found = read(reader, [Wanted("a", book.spreadsheet, ("Звонки",)), Wanted("b", book.spreadsheet, ("CRM26",))])
    assert isinstance(found["a"], SourceError)
    assert found["a"].text("en") == (
        "Spreadsheet “Школа”: no tab “Звонки”; there are: «Sheet1», «ROI, %», «Звонки (июль)», «01.07-31.07», «CRM26», "
        "«Jon's», «Звонки (август)»; correct tab in svodka.yaml or the tab's name"
    )
    assert len(found["b"]) == 1


def test_an_empty_tab_is_no_table(book, reader):
    """It is told, not taken for data."""
    with pytest.raises(SourceError) as raised:
        one(reader, book.spreadsheet, "Sheet1")
    assert raised.value.text("en") == "Spreadsheet “Школа”, tab “Sheet1”: empty; fill it or name another"


def test_only_content_tells_a_change(book, reader):
    """A new answer changes the hash; reading twice does not."""
    before = content_hash(one(reader, book.spreadsheet, "CRM26"))
    assert content_hash(one(reader, book.spreadsheet, "CRM26")) == before
    book.type("CRM26", "A8", "новый ответ")
    assert content_hash(one(reader, book.spreadsheet, "CRM26")) != before


def test_a_typed_table_is_read_like_any_cells(book, reader):
    """What the browser calls a Table is a look over cells."""
    columns = [{"columnIndex": 0, "columnName": "Дата", "columnType": "DATE"}]
    table = {"name": "Звонки", "range": book.range("CRM26", 2, 0, 5, 2), "columnProperties": columns}
    book.do({"addTable": {"table": table}})
    rows = one(reader, book.spreadsheet, "CRM26")[0].rows
    assert rows[3] == [MOMENT_MARK + "2026-08-01", NUMBER_MARK + "20"]
