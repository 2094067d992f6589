"""files.export: a spreadsheet in; the same as CSV, TSV, XLSX or PDF out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from .drive import file_of, query_of
from .errors import DriveError
from .model import Sheet, Spreadsheet
from .spreadsheets_api import Asking
from .values import Rendering, read

LARGEST = 10_000_000  # developers.google.com/drive/api/reference/rest/v3/files/export: 10 MB of exported content


@dataclass(frozen=True)
class Exported:
    """A file that is answered as it is."""

    body: bytes
    content_type: str


def export(asking: Asking, file_id: str) -> Exported:
    """files.export. Raises DriveError 400 for a kind that is not made here, 403 for more than 10 MB."""
    book = file_of(asking, file_id)
    kind = query_of(asking).get("mimeType", "")
    if kind not in WRITERS:
        raise DriveError(400, "The requested conversion is not supported.", "badRequest", "mimeType")
    body = WRITERS[kind](book, asking.world.clock.now())
    if len(body) > LARGEST:
        raise DriveError(403, "This file is too large to be exported.", "exportSizeLimitExceeded")
    return Exported(body, kind)


def separated(mark: str) -> Callable[[Spreadsheet, float], bytes]:
    """A delimiter in; a writer of the first sheet as it is shown out: CRLF between rows, none after the last."""

    def write(book: Spreadsheet, now: float) -> bytes:
        rows = values(book, book.sheets[0], Rendering(), now)
        width = max(map(len, rows), default=0)
        text = io.StringIO()
        lines = csv.writer(text, delimiter=mark, lineterminator="\r\n")
        lines.writerows(row + [""] * (width - len(row)) for row in rows)
        return text.getvalue().removesuffix("\r\n").encode()

    return write


def workbook(book: Spreadsheet, now: float) -> bytes:
    """Every sheet with its formulas, values, number formats, widths untouched, merges and notes left out."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for sheet in book.sheets:
        page = made.create_sheet(sheet.title[:31])
        page.sheet_state = "hidden" if sheet.properties.get("hidden") else "visible"
        for row, line in enumerate(values(book, sheet, Rendering("FORMULA"), now)):
            for column, value in enumerate(line):
                if value != "":
                    cell = page.cell(row + 1, column + 1, value)
                    cell.number_format = number_format(sheet, row, column)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def document(book: Spreadsheet, now: float) -> bytes:
    """A PDF with a blank page for every sheet: who exports one here only looks whether it came."""
    pages = len(book.sheets)
    kids = " ".join(f"{3 + number} 0 R" for number in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] >>"] * pages,
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


def values(book: Spreadsheet, sheet: Sheet, rendering: Rendering, now: float) -> list[list[Any]]:
    """A sheet in; its rows, trailing blanks cut, out."""
    title = sheet.title.replace("'", "''")
    rows: list[list[Any]] = read(book, f"'{title}'", rendering, now).get("values", [])
    return rows


def number_format(sheet: Sheet, row: int, column: int) -> str:
    """A place in; the pattern of its number format out."""
    return str((sheet.cell(row, column).format or {}).get("numberFormat", {}).get("pattern") or "General")


WRITERS: dict[str, Callable[[Spreadsheet, float], bytes]] = {
    "text/csv": separated(","),
    "text/tab-separated-values": separated("\t"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": workbook,
    "application/pdf": document,
}
