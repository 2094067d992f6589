"""XLSX and BIFF workbooks: types kept, sheets named, damage told in words."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
import xlwt

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.errors import SourceError
from connectors.files.cells import marked, number
from connectors.files.table import Limits
from tests.connectors.files.reading import read_bytes

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows: list[list[Any]], title: str = "Лист1", **sheets: list[list[Any]]) -> bytes:
    """An XLSX with one sheet, and more by name."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = title
    for row in rows:
        first.append(row)
    for name, other in sheets.items():
        sheet = book.create_sheet(name)
        for row in other:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_every_type_of_cell_carries_its_mark(tmp_path):
    """A text phone stays text, a number loses its .0, a time of day is a duration: the parser must know."""
    row = [
        "+70005550001",
        70005550001,
        1234.5,
        datetime(2026, 8, 1, 10, 30),
        date(2026, 8, 2),
        time(1, 2, 5),
        timedelta(hours=30),
        True,
        None,
    ]
    [table] = read_bytes(tmp_path, workbook([["a", *["b"] * 8], row]), "a.xlsx")
    assert list(table.rows[1]) == [
        "+70005550001",
        f"{NUMBER_MARK}70005550001",
        f"{NUMBER_MARK}1234.5",
        f"{MOMENT_MARK}2026-08-01 10:30:00",
        f"{MOMENT_MARK}2026-08-02",
        f"{DURATION_MARK}{1 * 3600 + 2 * 60 + 5}",
        f"{DURATION_MARK}{30 * 3600}",
        "TRUE",
        "",
    ]


def test_an_error_cell_is_marked_and_a_hash_is_not():
    """#REF! is a broken formula, «#12» is somebody's order number."""
    assert marked([["#REF!"], ["#12"], ["№5"]]) == [(f"{ERROR_MARK}#REF!",), ("#12",), ("№5",)]


def test_our_marks_cannot_come_in_with_text():
    """Otherwise a cell could claim to be a number."""
    assert marked([[f"{NUMBER_MARK}1"]]) == [("1",)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1e16, "10000000000000000"), (0.1 + 0.2, "0.30000000000000004"), (-5.0, "-5"), (0.00001, "0.000010")],
)
def test_numbers_are_written_without_exponent(value, expected):
    """An exponent would look like lost digits."""
    assert number(value) == NUMBER_MARK + expected


def test_moments_are_rounded_to_the_second():
    """A workbook keeps 10:30:00 as a fraction of a day that may come out as 10:29:59.999999."""
    assert marked([[datetime(2026, 8, 1, 10, 29, 59, 999_999)]]) == [(f"{MOMENT_MARK}2026-08-01 10:30:00",)]


def test_every_sheet_is_a_table_named_by_file_and_tab(tmp_path):
    """Recognition, not the reader, decides which one is meant; empty sheets are no tables."""
    tables = read_bytes(tmp_path, workbook([["a"], ["1"]], "Кампании", Объявления=[["b"], ["2"]], Пустой=[]), "vk.xlsx")
    assert [table.origin.file for table in tables] == ["vk.xlsx!Кампании", "vk.xlsx!Объявления"]
    assert [table.origin.tab for table in tables] == ["Кампании", "Объявления"]


def test_sheets_may_be_chosen_by_pattern(tmp_path):
    """`tab: "Звонки *"` means all of them."""
    content = workbook([["a"], ["1"]], "Итоги", **{"Звонки июль": [["b"], ["2"]], "Звонки август": [["b"], ["3"]]})
    assert [table.origin.tab for table in read_bytes(tmp_path, content, "a.xlsx", sheets=("звонки *",))] == [
        "Звонки июль",
        "Звонки август",
    ]
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content, "a.xlsx", sheets=("Продажи",))
    assert error.value.key == "files.empty_workbook"


def test_leading_empty_rows_and_columns_keep_row_numbers(tmp_path):
    """A table that begins at B3 begins in row 3 to a person."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["B3"], book.active["B4"] = "Дата", "01.08.2026"
    stream = io.BytesIO()
    book.save(stream)
    [table] = read_bytes(tmp_path, stream.getvalue(), "a.xlsx")
    assert [list(row) for row in table.rows] == [["", ""], ["", ""], ["", "Дата"], ["", "01.08.2026"]]


def test_merged_areas_are_told(tmp_path):
    """A header over two rows and a manager over seven are found by them."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Дата", "Продажи", None])
    book.active.append([None, "Кол-во", "Сумма"])
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    stream = io.BytesIO()
    book.save(stream)
    [table] = read_bytes(tmp_path, stream.getvalue(), "a.xlsx")
    assert sorted(table.merged) == [(0, 0, 1, 0), (0, 1, 0, 2)]


def test_a_part_in_the_wrong_case_and_no_dimension_are_read(tmp_path):
    """Some generators write `SharedStrings.xml` and no dimension; a person opens such a workbook without noticing."""
    source = workbook([["Дата", "Сумма"], ["01.08.2026", 5]])
    shared = f'<sst xmlns="{MAIN}" count="2"><si><t>Дата</t></si><si><t>x</t></si></sst>'
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>'
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/sharedStrings.xml":
                continue
            if name == "xl/worksheets/sheet1.xml":
                content = sheet
            new.writestr(name, content.replace(b"sharedStrings", b"SharedStrings"))
        new.writestr("xl/SharedStrings.xml", shared)
    [table] = read_bytes(tmp_path, out.getvalue(), "a.xlsx")
    assert [list(row) for row in table.rows] == [["Дата"], ["x"]]


def test_biff_workbooks_are_read(tmp_path):
    """The old binary .xls still comes out of 1C and of telephony."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Отчёт")
    for column, value in enumerate(["Дата", "Сумма"]):
        sheet.write(0, column, value)
    sheet.write(1, 0, datetime(2026, 8, 1, 10, 30), xlwt.easyxf(num_format_str="dd.mm.yyyy hh:mm"))
    sheet.write(1, 1, 5)
    stream = io.BytesIO()
    book.save(stream)
    [table] = read_bytes(tmp_path, stream.getvalue(), "a.xls")
    assert table.container == "xls"
    assert list(table.rows[1]) == [f"{MOMENT_MARK}2026-08-01 10:30:00", f"{NUMBER_MARK}5"]


def test_a_workbook_is_known_by_content_not_by_name(tmp_path):
    """An XLSX named .csv is an XLSX."""
    assert read_bytes(tmp_path, workbook([["a"], ["1"]]), "a.csv")[0].container == "xlsx"


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_truncated_workbook_is_told_in_words(tmp_path, keep):
    """A broken download must not end in a traceback."""
    content = workbook([["a", "b"]] + [[f"строка {i}", i] for i in range(2000)])
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content[: int(len(content) * keep)], "a.xlsx")
    assert error.value.key in ("files.broken_archive", "files.broken_workbook")
    assert "скачан" in str(error.value)


def test_a_truncated_biff_workbook_is_told_in_words(tmp_path):
    """The same for the old format."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Отчёт")
    for row in range(500):
        sheet.write(row, 0, f"строка {row}")
    stream = io.BytesIO()
    book.save(stream)
    content = stream.getvalue()
    for size in (600, len(content) // 2):
        with pytest.raises(SourceError) as error:
            read_bytes(tmp_path, content[:size], "a.xls")
        assert error.value.key == "files.broken_workbook"


def test_an_empty_workbook_is_an_error(tmp_path):
    """Formatted but empty sheets hold no data."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, workbook([]), "a.xlsx")
    assert str(error.value) == "a.xlsx: в таблице нет ни одной заполненной ячейки (листы: Лист1) — выгрузите её заново"


def test_a_password_is_named(tmp_path):
    """An encrypted XLSX is an OLE container with a stream called EncryptedPackage."""
    content = encrypted_container()
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content, "a.xlsx")
    assert str(error.value) == "a.xlsx: файл защищён паролем — снимите пароль и сохраните его снова"


def encrypted_container() -> bytes:
    """The least OLE container that holds a stream named EncryptedPackage, made as BIFF files are and renamed."""
    book = xlwt.Workbook()
    book.add_sheet("x").write(0, 0, "y" * 5000)
    stream = io.BytesIO()
    book.save(stream)
    name = "Workbook".encode("utf-16-le")
    other = "EncryptedPackage".encode("utf-16-le")
    content = stream.getvalue()
    at = content.index(name)
    entry = bytearray(content)
    entry[at : at + 64] = other.ljust(64, b"\0")
    entry[at + 64 : at + 66] = (len(other) + 2).to_bytes(2, "little")
    return bytes(entry)


def test_a_workbook_bomb_is_refused_before_it_is_unpacked(tmp_path):
    """Ten megabytes of one letter pack into ten kilobytes."""
    content = io.BytesIO(workbook([["a"], ["1"]]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"a" * 30_000_000)
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content.getvalue(), "a.xlsx")
    assert str(error.value) == (
        "a.xlsx: «xl/worksheets/sheet2.xml» раздувается до 28 МБ — похоже на архив-бомбу, файл не читался; "
        "сохраните таблицу заново без пустых строк"
    )


def test_a_workbook_over_the_clients_limit_is_refused(tmp_path):
    """`settings.loading.max_unpacked_mb` bounds what is inside."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, workbook([["a"], ["1"]]), "a.xlsx", limits=Limits(max_unpacked_bytes=1000))
    assert error.value.key == "files.too_big_unpacked"


def test_two_cells_at_the_corners_of_a_sheet_are_refused(tmp_path):
    """Laid out as a rectangle, A1 and XFD1048576 would take 400 GB."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, stream.getvalue(), "a.xlsx")
    assert str(error.value) == (
        "a.xlsx: на листе «sheet1» занято слишком много места: 16384 × 1048576, предел 50000000 — "
        "удалите лишнее и сохраните файл снова"
    )


def test_a_size_that_the_archive_lies_about_is_found_while_unpacking(tmp_path):
    """The directory of an archive is written by whoever made it."""
    content = bytearray(workbook([["a"] * 5] * 900))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lied = bytes(content).replace(sheet.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, lied, "a.xlsx", limits=Limits(max_unpacked_bytes=sheet // 2))
    assert error.value.key in ("files.broken_archive", "files.too_big_unpacked")


def test_a_formula_is_read_by_its_value_and_never_run(tmp_path):
    """`=cmd|…` has no stored value: nothing comes of it."""
    [table] = read_bytes(tmp_path, workbook([["a", "b"], ["1", "=cmd|'/c calc'!A1"]]), "a.xlsx")
    assert "cmd" not in "".join(table.rows[1])


def formatted(cells: list[tuple[Any, str]]) -> bytes:
    """An XLSX whose second row holds these values under these number formats."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([f"c{number}" for number in range(len(cells))])
    sheet.append([value for value, _ in cells])
    for column, (_, pattern) in enumerate(cells, 1):
        sheet.cell(2, column).number_format = pattern
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_money_shown_in_another_currency_says_so(tmp_path):
    """Roubles are told apart where other money stands beside; a text or a plain number is nobody's money."""
    cells = [
        (1500, "[$$-409]#,##0.00"), (10.125, "#,##0.00 [$€-407]"), (7, "#,##0\\ [$₸-43F]"), (100, '#,##0.00\\ "₽"'),
        (5, "0.00"), ("пять", '"$"#,##0.00'),
    ]  # fmt: skip
    [table] = read_bytes(tmp_path, formatted(cells), "a.xlsx")
    assert list(table.rows[1]) == [
        f"{NUMBER_MARK}1500 USD", f"{NUMBER_MARK}10.1250 EUR", f"{NUMBER_MARK}7 KZT", f"{NUMBER_MARK}100 RUB",
        f"{NUMBER_MARK}5", "пять",
    ]  # fmt: skip


def test_money_shown_in_roubles_alone_is_plain_numbers(tmp_path):
    """It is what all money is here; nothing of the sheet need be searched."""
    cells = [(1500, '#,##0.00\\ "₽"'), (10.5, "[$₽-419]#,##0.00")]
    [table] = read_bytes(tmp_path, formatted(cells), "a.xlsx")
    assert list(table.rows[1]) == [f"{NUMBER_MARK}1500", f"{NUMBER_MARK}10.5"]


def test_thousands_that_a_format_only_says_are_said(tmp_path):
    """`1 500 тыс. ₽` is what a person sees of 1500; where a comma divides it, the number is whole."""
    cells = [
        (1500, '#,##0 "тыс. ₽"'), (1500000, '#,##0, "тыс. ₽"'), (1.5, '0.0 "млн $"'), (7, '0 "тыс."'),
        (9e6, '0.0,, "млн"'),
    ]  # fmt: skip
    [table] = read_bytes(tmp_path, formatted(cells), "a.xlsx")
    assert [cell.removeprefix(NUMBER_MARK) for cell in table.rows[1]] == [
        "1500 тыс RUB", "1500000 RUB", "1.5 млн USD", "7 тыс", "9000000",
    ]  # fmt: skip


def test_a_moment_shown_as_hours_is_a_moment(tmp_path):
    """`[h]:mm` over 1 August 2026, 10:05 is that moment; over thirty hours it is thirty hours."""
    cells = [(datetime(2026, 8, 1, 10, 5), "[h]:mm"), (timedelta(hours=30), "[h]:mm:ss")]
    [table] = read_bytes(tmp_path, formatted(cells), "a.xlsx")
    assert list(table.rows[1]) == [f"{MOMENT_MARK}2026-08-01 10:05:00", f"{DURATION_MARK}{30 * 3600}"]
