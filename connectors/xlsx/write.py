"""Finished Sheets in, the bytes of a workbook out: the same Sheets give the same bytes."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from config.documents import Area, Sheet
from config.messages import DEFAULT_LANGUAGE, Language
from config.theme import Look, theme
from connectors.a1 import cell_name
from connectors.xlsx.cells import Wardrobe, write_cells
from connectors.xlsx.charts import add_charts

MADE_AT = datetime(2000, 1, 1)
"""The only moment that a workbook carries, so that equal reports are equal bytes."""
TITLE_MOST = 31
NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
"""Neither a longer title nor these are allowed on a tab: a consultant chooses that of the page of all clients."""


def workbook_bytes(sheets: Sequence[Sheet], language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Sheets in, the bytes of the workbook out; nothing in them depends on the clock."""
    usual = Look()
    # the usual font sets the width of a column's character
    letters = {"font_name": usual.font, "font_size": usual.size}
    found = io.BytesIO()
    workbook = Workbook(found, {"in_memory": True, "default_format_properties": letters})
    workbook.set_properties({"author": "Svodka", "created": MADE_AT})
    sheets = [replace(sheet, title=_tab(sheet.title)) for sheet in sheets]
    titles = {sheet.key: sheet.title for sheet in sheets}
    wardrobe = Wardrobe(workbook, language)
    for sheet in sheets:
        worksheet = workbook.add_worksheet(sheet.title)
        write_cells(worksheet, sheet, titles, wardrobe)
        set_up(worksheet, sheet)
        add_charts(workbook, worksheet, sheet, language)
    _show_first(workbook, sheets)
    workbook.close()
    return found.getvalue()


def _tab(title: str) -> str:
    """A title as a tab of a workbook may bear it."""
    return NOT_IN_TITLE.sub(" ", title)[:TITLE_MOST].strip(" '")


def _show_first(workbook: Workbook, sheets: Sequence[Sheet]) -> None:
    """A program opens the first sheet that is not hidden."""
    for worksheet, sheet in zip(workbook.worksheets(), sheets, strict=True):
        if not sheet.is_hidden:
            worksheet.activate()
            worksheet.set_first_sheet()
            return


# Widths, heights, frozen panes, heat colours and print setup of one worksheet.

HIDDEN_EVERYWHERE = 2
"""Gridlines: neither on the screen nor on paper."""
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
ROWS_WITH_NOTE = 3
TAILS, SECTION = frozenset({"footnote"}), "section"
"""Looks of what means nothing without the row above it, and of a row that means nothing without the one below."""
FULL_ENOUGH = 0.3
"""From this part of a page on, a table that would be cut begins on the next."""


def set_up(worksheet: Worksheet, sheet: Sheet) -> None:
    """Everything of the sheet but its cells and charts."""
    for column, width in enumerate(sheet.widths):
        worksheet.set_column(column, column, width)
    for row, height in sheet.heights.items():
        worksheet.set_row(row, height)
    if sheet.frozen_rows or sheet.frozen_columns:
        worksheet.freeze_panes(sheet.frozen_rows, sheet.frozen_columns)
    worksheet.hide_gridlines(HIDDEN_EVERYWHERE)
    if sheet.is_hidden:
        worksheet.hide()
    for highlight in sheet.highlights:
        heat, area = theme().heats[highlight.kind], highlight.areas[0]
        colors = {"min_color": f"#{heat.low}", "mid_color": f"#{heat.middle}", "max_color": f"#{heat.high}"}
        worksheet.conditional_format(
            area.row,
            area.column,
            area.last_row,
            area.last_column,
            {"type": "3_color_scale", "multi_range": " ".join(map(_named, highlight.areas)), **colors},
        )
    _set_up_print(worksheet, sheet)


def _named(area: Area) -> str:
    return f"{cell_name(area.row, area.column)}:{cell_name(area.last_row, area.last_column)}"


def _set_up_print(worksheet: Worksheet, sheet: Sheet) -> None:
    worksheet.set_paper(A4)
    if sheet.is_landscape:
        worksheet.set_landscape()
    breaks, pages = _best_pages(sheet)
    worksheet.fit_to_pages(1, pages)
    worksheet.set_h_pagebreaks(breaks)
    worksheet.set_margins(MARGIN_INCHES, MARGIN_INCHES, TOP_INCHES, BOTTOM_INCHES)
    worksheet.set_header("", {"margin": FOOTER_INCHES})
    worksheet.set_footer("&R&8&P / &N", {"margin": FOOTER_INCHES})
    if sheet.repeat_rows:
        worksheet.repeat_rows(*sheet.repeat_rows)


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
    starts, told, tied = _starts(sheet), {cell.row for cell in sheet.cells}, _tied(sheet)
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
            used = _repeated(sheet, first)
        for row in range(first, following):
            if used + _height(sheet, row) > room and row in told:
                top = _free(row, tied, floor=max([first, *found]))
                found.append(top)
                used = _repeated(sheet, top) + sum(_height(sheet, above) for above in range(top, row))
            used += _height(sheet, row)
    return [row for row in found if row]


def _repeated(sheet: Sheet, top: int) -> float:
    """Points that the header takes again on a page that begins with this row."""
    first, last = sheet.repeat_rows or (0, -1)
    return sum(_height(sheet, row) for row in range(first, last + 1)) if top > last else 0.0


def _tied(sheet: Sheet) -> set[int]:
    """Rows that stay with the one above: a note or a total under its table's last rows, the first row of a section."""
    firsts = {cell.row: cell.look.split(".") for cell in sheet.cells if cell.column == 0}
    tails = {row for row, look in firsts.items() if look[0] in TAILS or "total" in look}
    lasts = {row - back for row in tails for back in range(1, ROWS_WITH_NOTE) if row - 1 not in tails}
    heads = {row for row, look in firsts.items() if look[0] in HEADS}
    tops = {row + below for row in heads for below in range(ROWS_WITH_HEADING + 1)}
    return tails | (lasts - tops) | {row + 1 for row, look in firsts.items() if look[0] == SECTION}


def _free(row: int, tied: set[int], floor: int) -> int:
    """The nearest row at or above this one that may begin a page; itself if there is none below the floor."""
    return next((top for top in range(row, floor, -1) if top not in tied), row)


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
