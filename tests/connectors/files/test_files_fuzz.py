"""Damaged exports end in rows or in a sentence, never in a traceback."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import SvodkaError
from connectors.files.table import Limits
from tests.connectors.files.reading import read_bytes
from tests.helpers.often import often

ROWS = [
    ["Дата", "Телефон", "Сумма"],
    ["01.08.2026", "+70005550001", "1 234,50 руб."],
    ["02.08.2026", "x;y", 'ООО "Рога"'],
] * 5


def _csv() -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows(ROWS)
    return stream.getvalue().encode("cp1251")


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    for number, row in enumerate(ROWS):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", _csv())
    return stream.getvalue()


HTML = (
    "<meta charset=utf-8><table>"
    + "".join(f"<tr>{''.join(f'<td rowspan=1>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    + "</table>"
).encode()
XML = (
    b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    b'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="x"><Table>'
    b'<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="Number">5.5</Data></Cell>'
    b'<Cell><Data ss:Type="DateTime">1899-12-31T10:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>'
)
BANK = "1CClientBankExchange\nРасчСчет=1\nСекцияДокумент=x\nСумма=5\nКонецДокумента\nКонецФайла\n".encode("cp1251")
JSON = b'{"success": true, "info": {"fields": ["a", "b"], "items": [["1", [2]], ["3", null]]}}'
SEEDS = {
    "csv": _csv(),
    "xlsx": _xlsx(),
    "xls": _xls(),
    "zip": _zip(),
    "html": HTML,
    "xml": XML,
    "1c": BANK,
    "json": JSON,
}


@pytest.mark.parametrize("kind", [kind for kind in SEEDS if kind != "xls"])
@settings(max_examples=often(25, 200), deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_export_is_read_or_refused_in_words(tmp_path, kind, data):
    """Cut, overwritten, doubled: whatever happens to the bytes, a person gets rows or one of our sentences."""
    content = bytearray(SEEDS[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["cut", "overwrite", "insert", "double"])):
            case "cut":
                del content[at : at + data.draw(st.integers(1, 200))]
            case "overwrite":
                content[at : at + 4] = data.draw(st.binary(min_size=1, max_size=4))
            case "insert":
                content[at:at] = data.draw(
                    st.sampled_from([b"\0", b'"', b"\n\n", b"<table>", b"</tr>", b"\xff\xfe", b"&#0;", b";;;"])
                )
            case _:
                content += content[at : at + 300]
    check(tmp_path, bytes(content))


@pytest.mark.slow
@settings(max_examples=often(3, 60), deadline=30_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(512, len(SEEDS["xls"])), patch=st.binary(min_size=1, max_size=4))
def test_a_damaged_biff_workbook_is_read_or_refused_in_words(tmp_path, at, patch):
    """A wrong byte may ask for a sheet of billions of cells; a process of its own answers for it."""
    content = bytearray(SEEDS["xls"])
    content[at : at + len(patch)] = patch
    check(tmp_path, bytes(content))


def check(folder, content: bytes) -> None:
    """Read it as a small and as a large file."""
    for limits in (Limits(), Limits(in_memory_bytes=0)):
        try:
            for table in read_bytes(folder, content, "x", limits=limits):
                assert table.rows is not None or table.dialect is not None
                assert all(isinstance(cell, str) for row in table.head for cell in row)
        except SvodkaError as error:
            assert str(error).startswith("x")  # noqa: PT017 - either outcome is right
