"""Finished Sheets in, a workbook on disk out: the same Sheets give the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from config.documents import Sheet
from config.messages import DEFAULT_LANGUAGE, Language
from config.theme import Look
from connectors.xlsx.cells import write_cells
from connectors.xlsx.charts import add_charts
from connectors.xlsx.save import replace_file
from connectors.xlsx.sheet_setup import set_up

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The only moment a ZIP member carries, so that equal reports are equal bytes."""
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def write_workbook(sheets: Sequence[Sheet], path: Path, language: Language = DEFAULT_LANGUAGE) -> str:
    """Sheets and the path of the workbook in; the hash of the bytes written out, for `keep_edited` next time.

    The file is replaced in one step. Raises TargetError if it cannot be; the former workbook then stands.
    """
    return replace_file(path, workbook_bytes(sheets, language))


def workbook_bytes(sheets: Sequence[Sheet], language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Sheets in, the bytes of the workbook out; nothing in them depends on the clock."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    usual = Look()
    # the font of style 0 sets the width of a column's character; openpyxl offers no public way to change it
    workbook._named_styles["Normal"].font = Font(name=usual.font, size=usual.size)  # type: ignore[attr-defined]
    workbook._fonts[0] = Font(name=usual.font, size=usual.size)  # type: ignore[attr-defined]
    workbook.properties.creator = "Svodka"
    titles = {sheet.key: sheet.title for sheet in sheets}
    for sheet in sheets:
        _add(workbook.create_sheet(sheet.title), sheet, titles, language)
    found = io.BytesIO()
    workbook.save(found)
    return _without_clock(found.getvalue())


def _add(worksheet: Worksheet, sheet: Sheet, titles: dict[str, str], language: Language) -> None:
    write_cells(worksheet, sheet, titles, language)
    set_up(worksheet, sheet)
    add_charts(worksheet, sheet, language)


def _without_clock(written: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", body)
            member = zipfile.ZipInfo(name, EARLIEST)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, body)
    return out.getvalue()
