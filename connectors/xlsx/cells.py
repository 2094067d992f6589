"""Cells of a Sheet onto a worksheet: typed values, looks, notes, merges and links."""

import re
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from config import documents
from config.messages import Language
from config.theme import Line, Look, look, theme

# support.microsoft.com, "Excel specifications and limits"
TEXT_MOST = 32_767
LINK_MOST = 2_079
LOCALE_HEADS: dict[Language, str] = {"ru": "[$-419]", "en": "[$-409]"}
"""At the head of a number pattern it fixes separators and month names whatever the reader's system speaks."""
NOTE_AUTHOR = "Svodka"
FORMULA_HEADS = ("=", "+", "-", "@")
NO_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""XML has no place for them."""
EDGES: dict[Line, int] = {"none": 0, "hair": 1, "strong": 2}
"""Line above or below a cell → its number in a workbook: thin, medium."""


class Wardrobe:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook, language: Language) -> None:
        self._workbook, self._language = workbook, language
        self._made: dict[tuple[str, bool, bool, bool], Format] = {}

    def format_of(self, cell: documents.Cell) -> Format:
        """What a cell wears."""
        is_text = isinstance(cell.value, str)
        is_formula = isinstance(cell.value, str) and cell.value.startswith(FORMULA_HEADS)
        key = cell.look, bool(cell.link), is_text, is_formula
        if key not in self._made:
            drawn = look(cell.look)
            pattern = "@" if is_text else number_pattern(drawn, self._language)
            # a text that begins with = + - @ must never be computed, not even after somebody edits the cell
            further = {"num_format": pattern, "underline": int(bool(cell.link)), "quote_prefix": is_formula}
            self._made[key] = self._workbook.add_format(_drawn(drawn) | further)
        return self._made[key]


def write_cells(worksheet: Worksheet, sheet: documents.Sheet, titles: dict[str, str], wardrobe: Wardrobe) -> None:
    """Every cell of the sheet; `titles` of all sheets by their keys, for the links between them."""
    for cell in sheet.cells:
        drawn = wardrobe.format_of(cell)
        if cell.rows > 1 or cell.columns > 1:
            last = cell.row + cell.rows - 1, cell.column + cell.columns - 1
            worksheet.merge_range(cell.row, cell.column, *last, "", drawn)
        _write_value(worksheet, cell, titles, drawn)
        if cell.note:
            worksheet.write_comment(cell.row, cell.column, *_comment(cell.note))


def number_pattern(drawn: Look, language: Language) -> str:
    """The look's pattern with the locale at its head; text stays `@`, the rest general."""
    if drawn.is_text:
        return "@"
    return "General" if drawn.pattern is None else LOCALE_HEADS[language] + drawn.pattern


def _write_value(worksheet: Worksheet, cell: documents.Cell, titles: dict[str, str], drawn: Format) -> None:
    place, value = (cell.row, cell.column), cell.value
    if value is None:
        worksheet.write_blank(*place, None, drawn)
    elif isinstance(value, bool):
        worksheet.write_boolean(*place, value, drawn)
    elif isinstance(value, str):
        text = NO_CHARACTERS.sub("", value)[:TEXT_MOST]
        link = _address(cell.link, titles) if cell.link and text else None
        if link is None:
            worksheet.write_string(*place, text, drawn)
        else:
            worksheet.write_url(*place, link, drawn, text)
    elif isinstance(value, date):
        worksheet.write_datetime(*place, value, drawn)
    else:
        worksheet.write_number(*place, float(value), drawn)


def _address(link: str, titles: dict[str, str]) -> str | None:
    """A cell's link as a workbook has it; None if it leads nowhere."""
    if not link.startswith("#"):
        return link if len(link) <= LINK_MOST else None
    title = titles.get(link[1:])
    quoted = title.replace("'", "''") if title else None
    return f"internal:'{quoted}'!A1" if quoted else None


def _drawn(drawn: Look) -> dict[str, Any]:
    """Letters, place, fill and lines of a look."""
    line = theme().lines
    return {
        "font_name": drawn.font,
        "font_size": drawn.size,
        "bold": drawn.bold,
        "italic": drawn.italic,
        "font_color": f"#{drawn.color}",
        "align": drawn.align,
        "valign": {"center": "vcenter"}.get(drawn.vertical, drawn.vertical),
        "text_wrap": drawn.wrap,
        "indent": drawn.indent,
        **({"bg_color": f"#{drawn.fill}", "pattern": 1} if drawn.fill else {}),
        **({"top": EDGES[drawn.top], "top_color": f"#{line[drawn.top]}"} if drawn.top != "none" else {}),
        **({"bottom": EDGES[drawn.bottom], "bottom_color": f"#{line[drawn.bottom]}"} if drawn.bottom != "none" else {}),
    }


def _comment(text: str) -> tuple[str, dict[str, Any]]:
    lines = text.count("\n") + 1 + len(text) // 38
    return text, {"author": NOTE_AUTHOR, "width": 280, "height": 24 + 16 * lines}
