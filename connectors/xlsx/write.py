"""Finished Sheets in, a workbook on disk out: the same Sheets give the same bytes."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lxml.etree import LxmlError
from openpyxl import Workbook
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.header_footer import _HeaderFooterPart as HeaderFooterPart
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from config.documents import Area, Sheet
from config.errors import TargetError
from config.messages import DEFAULT_LANGUAGE, Language
from config.theme import Look, theme
from connectors.xlsx.cells import Dressed, write_cells
from connectors.xlsx.charts import add_charts
from connectors.xlsx.save import replace_file

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
    workbook._named_styles["Normal"].font = Font(name=usual.font, size=usual.size)  # type: ignore[attr-defined]  # as said above
    workbook._fonts[0] = Font(name=usual.font, size=usual.size)  # type: ignore[attr-defined]  # as said above
    workbook.properties.creator = "Svodka"
    titles = {sheet.key: sheet.title for sheet in sheets}
    dressed: Dressed = {}
    for sheet in sheets:
        worksheet = workbook.create_sheet(sheet.title)
        write_cells(worksheet, sheet, titles, language, dressed)
        set_up(worksheet, sheet)
        add_charts(worksheet, sheet, language)
    return _without_clock(_saved(workbook))


def _saved(workbook: Workbook) -> bytes:
    """The workbook as openpyxl saves it, but not compressed: that is done once, when the clock is taken out."""
    found = io.BytesIO()
    workbook.properties.modified = datetime(*EARLIEST)
    try:
        with zipfile.ZipFile(found, "w", zipfile.ZIP_STORED) as archive:
            ExcelWriter(workbook, archive).write_data()
    except (OSError, LxmlError) as error:  # each sheet goes through a temporary file
        raise TargetError("xlsx.disk_full", file=tempfile.gettempdir()) from error
    return found.getvalue()


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


# Widths, heights, frozen panes, heat colours and print setup of one worksheet.

WIDTH_PADDING = 0.71
"""What a file adds to the width a person sees (5 pixels at 7 a character)."""
A4 = 9
A4_POINTS = (595, 842)
MARGIN_INCHES, TOP_INCHES, BOTTOM_INCHES, FOOTER_INCHES = 0.5, 0.35, 0.45, 0.2
FOOTER_POINTS = 8
USUAL_HEIGHT = 15
ONE_PAGE_MOST = 1.4
"""A sheet up to so many pages long is printed on one, smaller; a longer one in full size."""


HEADS = frozenset({"heading", "charthead", "headerleft", "header"})
"""Looks of what means nothing without the rows below it."""
ROWS_WITH_HEADING = 2
FULL_ENOUGH = 0.3
"""From this part of a page on, a table that would be cut begins on the next."""


def set_up(worksheet: Worksheet, sheet: Sheet) -> None:
    """Everything of the sheet but its cells and charts."""
    for index, width in enumerate(sheet.widths, start=1):
        worksheet.column_dimensions[get_column_letter(index)].width = width + WIDTH_PADDING
    for row, height in sheet.heights.items():
        worksheet.row_dimensions[row + 1].height = height
    if sheet.frozen_rows or sheet.frozen_columns:
        worksheet.freeze_panes = f"{get_column_letter(sheet.frozen_columns + 1)}{sheet.frozen_rows + 1}"
    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_state = "hidden" if sheet.is_hidden else "visible"
    for highlight in sheet.highlights:
        heat = theme().heats[highlight.kind]
        worksheet.conditional_formatting.add(
            a1(highlight.area),
            ColorScaleRule(  # type: ignore[no-untyped-call]  # openpyxl types classes, not functions
                start_type="min",
                start_color=heat.low,
                mid_type="percentile",
                mid_value=50,
                mid_color=heat.middle,
                end_type="max",
                end_color=heat.high,
            ),
        )
    _set_up_print(worksheet, sheet)


def a1(area: Area) -> str:
    """`B7:J12`."""
    first = f"{get_column_letter(area.column + 1)}{area.row + 1}"
    return f"{first}:{get_column_letter(area.last_column + 1)}{area.last_row + 1}"


def _set_up_print(worksheet: Worksheet, sheet: Sheet) -> None:
    worksheet.page_setup.paperSize = A4
    worksheet.page_setup.orientation = "landscape" if sheet.is_landscape else "portrait"
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    breaks, pages = _best_pages(sheet)
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = pages
    for row in breaks:
        worksheet.row_breaks.append(Break(id=row))
    margins = worksheet.page_margins
    margins.left = margins.right = MARGIN_INCHES
    margins.top, margins.bottom = TOP_INCHES, BOTTOM_INCHES
    margins.header = margins.footer = FOOTER_INCHES
    worksheet.oddFooter = HeaderFooterItem(right=HeaderFooterPart(text="&P / &N", size=8))
    if sheet.repeat_rows:
        worksheet.print_title_rows = f"{sheet.repeat_rows[0] + 1}:{sheet.repeat_rows[1] + 1}"


def _page_room(sheet: Sheet) -> float:
    """Points of rows that one page holds when the columns fit its width."""
    width, height = A4_POINTS[::-1] if sheet.is_landscape else A4_POINTS
    columns = sum(n * 7 + 5 for n in sheet.widths) * 0.75
    scale = min(1.0, (width - 2 * MARGIN_INCHES * 72) / columns) if columns else 1.0
    return (height - (TOP_INCHES + BOTTOM_INCHES) * 72 - FOOTER_POINTS) / scale


def _best_pages(sheet: Sheet) -> tuple[list[int], int]:
    """Rows above which a page breaks, and how many pages to fit (0: as many as come, in full size).

    All breaks are said: were one left to the program, a heading near it could still end a page.
    """
    room = _page_room(sheet)
    return ([], 1) if not _breaks(sheet, room * ONE_PAGE_MOST) else (_breaks(sheet, room), 0)


def _breaks(sheet: Sheet, room: float) -> list[int]:
    """Where pages of that room end: above a table or chart that would be cut, else where the rows are full."""
    starts, told = _starts(sheet), {cell.row for cell in sheet.cells}
    firsts = sorted({0, *starts})
    found: list[int] = []
    used = 0.0
    for first, following in zip(firsts, [*firsts[1:], _last_row(sheet) + 1], strict=True):
        last = max((row for row in range(first, following) if row in told), default=first)
        together = starts.get(first, 0)
        whole = max(together, sum(_height(sheet, row) for row in range(first, last + 1)))
        fits_elsewhere = whole <= room and used > room * FULL_ENOUGH
        if used + (whole if fits_elsewhere else together) > room:
            found.append(first)
            used = 0.0
        for row in range(first, following):
            if used + _height(sheet, row) > room and row in told:
                found.append(row)
                used = 0.0
            used += _height(sheet, row)
    return [row for row in found if row]


def _starts(sheet: Sheet) -> dict[int, float]:
    """First row of each heading → points of all that must stand with it: its table's first rows, or its chart."""
    heads = {cell.row for cell in sheet.cells if cell.column == 0 and cell.look.partition(".")[0] in HEADS}
    charts = {chart.anchor_row: chart.height_px * 0.75 for chart in sheet.charts}
    found: dict[int, float] = {}
    for first in sorted(row for row in heads if row - 1 not in heads):
        after = next(row for row in range(first, first + len(heads) + 1) if row not in heads)
        rows = range(first, after if after in charts else after + ROWS_WITH_HEADING)
        found[first] = sum(_height(sheet, row) for row in rows) + charts.get(after, 0)
    return found


def _height(sheet: Sheet, row: int) -> float:
    return sheet.heights.get(row, USUAL_HEIGHT)


def _last_row(sheet: Sheet) -> int:
    return max((cell.row for cell in sheet.cells), default=0)
