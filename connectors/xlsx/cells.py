"""Cells of a Sheet onto a worksheet: typed values, looks, notes, merges and links."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from config import documents
from config.messages import Language
from config.theme import Line, Look, look, theme

TEXT_MOST = 32_767  # support.microsoft.com, "Excel specifications and limits"
LOCALE_HEADS: dict[Language, str] = {"ru": "[$-419]", "en": "[$-409]"}
"""At the head of a number pattern it fixes separators and month names whatever the reader's system speaks."""
NOTE_AUTHOR = "Svodka"
FORMULA_HEADS = ("=", "+", "-", "@")
Dressed = dict[tuple[str, bool, bool, bool], Any]
"""Look, whether it is a link, whether a text, whether it begins like a formula → openpyxl's numbers of all of it."""


def write_cells(
    worksheet: Worksheet, sheet: documents.Sheet, titles: dict[str, str], language: Language, dressed: Dressed
) -> None:
    """Every cell of the sheet, in reading order; `dressed` is of the whole workbook."""
    for cell in sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)):
        _write_cell(worksheet, cell, dressed, language)
        if cell.link:
            _link(worksheet.cell(cell.row + 1, cell.column + 1), cell.link, titles)


def number_pattern(drawn: Look, language: Language) -> str:
    """The look's pattern with the locale at its head; text stays `@`, the rest general."""
    if drawn.is_text:
        return "@"
    return "General" if drawn.pattern is None else LOCALE_HEADS[language] + drawn.pattern


def _write_cell(worksheet: Worksheet, cell: documents.Cell, dressed: Dressed, language: Language) -> None:
    target = worksheet.cell(cell.row + 1, cell.column + 1)
    _set_value(target, cell.value)
    if cell.rows > 1 or cell.columns > 1:
        worksheet.merge_cells(
            start_row=cell.row + 1,
            start_column=cell.column + 1,
            end_row=cell.row + cell.rows,
            end_column=cell.column + cell.columns,
        )
    # after the merge, which undresses its inside
    for row in range(cell.row + 1, cell.row + 1 + cell.rows):
        for column in range(cell.column + 1, cell.column + 1 + cell.columns):
            _dress(worksheet.cell(row, column), cell, dressed, language)
    if cell.note:
        target.comment = _comment(cell.note)


def _set_value(target: Cell | MergedCell, value: documents.Value) -> None:
    assert isinstance(target, Cell)  # noqa: S101 - sheets never write into the inside of a merge
    if not isinstance(value, str):
        target.value = value
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:TEXT_MOST]
    target.value = text
    if text:
        # a text that begins with = + - @ must never be computed, not even after somebody edits the cell
        target.data_type = "s"
        target.quotePrefix = text.startswith(FORMULA_HEADS)


def _dress(target: Cell | MergedCell, cell: documents.Cell, dressed: Dressed, language: Language) -> None:
    """What a cell wears; a second one in the same is given the numbers of the first, as looking them up takes long."""
    is_text = isinstance(cell.value, str)
    key = cell.look, bool(cell.link), is_text, bool(target.quotePrefix)
    known = dressed.get(key)
    if known is not None:
        target._style = copy(known)  # type: ignore[union-attr]  # every cell has one; the stubs know no private names
        return
    drawn = look(cell.look)
    target.font = _font(drawn, is_link=bool(cell.link))
    target.alignment = _alignment(drawn)
    target.border = _border(drawn.top, drawn.bottom)
    if drawn.fill:
        target.fill = _fill(drawn.fill)
    target.number_format = "@" if is_text else number_pattern(drawn, language)
    dressed[key] = copy(target._style)  # type: ignore[union-attr]  # as above


@cache
def _font(drawn: Look, *, is_link: bool) -> Font:
    return Font(
        name=drawn.font,
        size=drawn.size,
        bold=drawn.bold,
        italic=drawn.italic,
        color=drawn.color,
        underline="single" if is_link else None,
    )


@cache
def _alignment(drawn: Look) -> Alignment:
    return Alignment(horizontal=drawn.align, vertical=drawn.vertical, wrap_text=drawn.wrap, indent=drawn.indent)


@cache
def _fill(color: str) -> PatternFill:
    return PatternFill("solid", start_color=color, end_color=color)


@cache
def _border(top: Line, bottom: Line) -> Border:
    return Border(top=_side(top), bottom=_side(bottom))


def _side(line: Line) -> Side | None:
    match line:
        case "none":
            return None
        case "hair":
            return Side(style="thin", color=theme().lines["hair"])
        case "strong":
            return Side(style="medium", color=theme().lines["strong"])


def _comment(text: str) -> Comment:
    lines = text.count("\n") + 1 + len(text) // 38
    return Comment(text, NOTE_AUTHOR, width=280, height=24 + 16 * lines)


def _link(target: Cell | MergedCell, link: str, titles: dict[str, str]) -> None:
    if not link.startswith("#"):
        target.hyperlink = link
        return
    title = titles.get(link[1:])
    if title:
        quoted = title.replace("'", "''")
        target.hyperlink = Hyperlink(ref=target.coordinate, location=f"'{quoted}'!A1")
