"""Rows → the bytes of a file of each container that exports come in."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

import openpyxl
import xlwt  # type: ignore[import-untyped]

Rows = Sequence[Sequence[str]]
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""
LONGEST_CELL = 32_000
"""Characters; what a workbook holds in one cell."""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Лист1"><Table>{rows}</Table></Worksheet></Workbook>"""


def delimited(rows: Rows, delimiter: str, encoding: str, quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> bytes:
    """Rows, a delimiter and an encoding in; a text file out."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode(encoding, "replace")


def workbook(rows: Rows) -> bytes:
    """An XLSX: numbers and dates as numbers and dates, as products write them."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append([_native(cell) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _native(cell: str) -> object:
    text = ILLEGAL.sub("", cell)[:LONGEST_CELL]
    if re.fullmatch(r"-?\d{1,9}([.,]\d{1,4})?", text):
        return float(text.replace(",", "."))
    if re.fullmatch(r"\d\d\.\d\d\.(19|20)\d\d", text):
        try:
            return datetime.strptime(text, "%d.%m.%Y")
        except ValueError:
            return text
    return text


def old_workbook(rows: Rows) -> bytes:
    """A BIFF workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row[:250]):
            sheet.write(number, column, cell[:LONGEST_CELL])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def page(rows: Rows) -> bytes:
    """An HTML table."""
    lines = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<html><meta charset=utf-8><body><table border=1>{lines}</table></body></html>".encode("utf-8", "replace")


def spreadsheetml(rows: Rows) -> bytes:
    """An XML spreadsheet of 2003."""
    lines = "".join(f"<Row>{''.join(map(_xml_cell, row))}</Row>\n" for row in rows)
    return XML.format(rows=lines).encode("utf-8", "replace")


def _xml_cell(cell: str) -> str:
    kind = "Number" if re.fullmatch(r"-?\d{1,9}(\.\d{1,4})?", cell) else "String"
    return f'<Cell><Data ss:Type="{kind}">{html.escape(ILLEGAL.sub("", cell))}</Data></Cell>'


def archive(rows: Rows) -> bytes:
    """A ZIP of the table in two halves, each with the header."""
    stream = io.BytesIO()
    middle = 1 + len(rows) // 2
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in (("один.csv", rows[1:middle]), ("два.csv", rows[middle:])):
            packed.writestr(name, delimited([*rows[:1], *part], ";", "utf-8"))
    return stream.getvalue()


def document(rows: Rows) -> bytes:
    """The answer of an export API."""
    fields, items = (list(rows[0]) if rows else []), [list(row) for row in rows[1:]]
    return json.dumps({"success": True, "info": {"fields": fields, "items": items}, "error": False}).encode()


CONTAINERS: dict[str, tuple[str, int, Callable[[Rows], bytes]]] = {
    "cp1251": (".csv", 6, lambda rows: delimited(rows, ";", "cp1251")),
    "utf-8": (".csv", 8, lambda rows: delimited(rows, ",", "utf-8")),
    "bom": (".csv", 5, lambda rows: delimited(rows, ";", "utf-8-sig", csv.QUOTE_ALL)),
    "utf-16": (".csv", 3, lambda rows: delimited(rows, "\t", "utf-16")),
    "cp866": (".txt", 2, lambda rows: delimited(rows, ";", "cp866")),
    "xlsx": (".xlsx", 4, workbook),
    "xls": (".xls", 1, old_workbook),
    "html": (".xls", 4, page),
    "spreadsheetml": (".xml", 4, spreadsheetml),
    "zip": (".zip", 3, archive),
    "json": (".json", 3, document),
}
"""Name → the file's suffix, how often it is taken, and how it is written."""
