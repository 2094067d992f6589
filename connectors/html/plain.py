"""The first rows of a Sheet → the same words as plain text, a line a row, for a message."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from config.documents import Cell, Sheet
from config.messages import DEFAULT_LANGUAGE, Language
from config.theme import look
from connectors.html.written import PHONE_COLUMNS, written

HEADINGS = {"heading", "warnhead", "charthead"}
UNSAID = {"footnote"}
"""A line about what is grey means nothing where nothing is."""
UNKNOWN = "—"


def plain_text(sheet: Sheet, language: Language = DEFAULT_LANGUAGE) -> str:
    """Titles, sentences and figures above the first chart; a figure as `name: value (change)`."""
    end = min((chart.anchor_row - 1 for chart in sheet.charts), default=None)
    return "\n".join(_lines(sheet, end, language)).strip()


def _lines(sheet: Sheet, end: int | None, language: Language) -> Iterator[str]:
    headers: list[str] = []
    ordered = sorted(sheet.cells, key=lambda cell: (cell.row, cell.column))
    for row, group in groupby(ordered, key=lambda cell: cell.row):
        if end is not None and row >= end:
            return
        cells = [cell for cell in group if cell.value is not None and cell.column < PHONE_COLUMNS]
        kinds = {cell.look.partition(".")[0] for cell in cells}
        texts = [written(cell.value, look(cell.look), language).replace("\n", " ") for cell in cells]
        if kinds & {"header", "headerleft"}:
            headers = texts
        elif texts and not kinds & UNSAID:
            yield from ["", *texts] if kinds & HEADINGS else [_figures(cells, texts, headers)]


def _figures(cells: list[Cell], texts: list[str], headers: list[str]) -> str:
    """A row of a table as one line: what the last column compares with stands in its header."""
    if len(texts) < 2 or cells[0].columns > 1:
        return " ".join(texts)
    name, value, *rest = texts
    rest = [text for text in rest if text != UNKNOWN]
    against = f" {headers[-1]}" if rest and headers else ""
    return f"{name}: {value}" + (f" ({' · '.join(rest)}{against})" if rest else "")
