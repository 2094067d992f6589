"""A small report for the tests: titles, sentences, a table with keys, a chart, heat, merges, notes, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from config.documents import Area, Cell, Chart, ChartKind, Highlight, HighlightKind, Series, SeriesRole, Sheet

HEADERS = ("Канал", "Звонки", "Расход", "Доля")
FIRST_ROW = 4
"""Row of the document (from 0) in which the table's first channel stands."""


def channels(figures: Mapping[str, tuple[int, int]], sentences: Sequence[str] = ("Всё спокойно.",)) -> Sheet:
    """Channel → calls and roubles in, in the order to show; a sheet «Каналы» out."""
    cells = [
        Cell(0, 0, "Каналы", "title", columns=3),
        Cell(1, 0, "Данные по 20 сен 2026 · обновлено 21 сен, 03:04", "subtitle", columns=3),
        *(Cell(2, column, text, "header" if column else "headerleft", note=f"Что такое «{text}»")
          for column, text in enumerate(HEADERS)),
    ]  # fmt: skip
    cells[2:2] = []
    first = 3
    total = sum(calls for calls, _ in figures.values())
    keys = {}
    for row, (name, (calls, spend)) in enumerate(figures.items(), first):
        keys[row] = f"channel={name}"
        share = calls / total if total else None
        cells += [Cell(row, 0, name, "name"), Cell(row, 1, calls, "count"), Cell(row, 2, Decimal(spend), "money")]
        cells.append(Cell(row, 3, share, "share"))
    last = first + len(figures) - 1
    for row, text in enumerate(sentences, last + 2):
        cells.append(Cell(row, 0, text, "text", columns=4))
    chart = Chart(
        "calls",
        ChartKind.COLUMN,
        last + 3 + len(sentences),
        0,
        Area(first, 0, last, 0),
        (Series("Звонки", Area(first, 1, last, 1)), Series("Расход", Area(first, 2, last, 2), SeriesRole.EARLIER)),
    )
    heat = Highlight(HighlightKind.HEAT_HIGH_IS_GOOD, [Area(first, 1, last, 1)])
    return Sheet(
        "channels",
        "Каналы",
        cells,
        widths=(25, 12, 12, 8),
        heights={last + 2: 30},
        frozen_rows=3,
        highlights=(heat,),
        charts=(chart,),
        row_keys=keys,
    )


def summary(text: str = "Реклама подорожала.") -> Sheet:
    """A sheet «Сводка» with a date, a moment, a change and a link to «Каналы»."""
    cells = [
        Cell(0, 0, "Школа «Ромашка»", "title", columns=3),
        Cell(1, 0, text, "text", columns=3, rows=2),
        Cell(3, 0, date(2026, 9, 20), "date"),
        Cell(3, 1, datetime(2026, 9, 21, 3, 4), "moment"),
        Cell(3, 2, -0.21, "change.worse"),
        Cell(4, 0, "подробнее", "link", link="#channels"),
        Cell(5, 0, "=1+1", "text"),
        Cell(5, 1, None, "dash"),
    ]
    return Sheet("summary", "Сводка", cells, widths=(25, 12, 12), frozen_columns=0)
