"""Charts over a table of the same page: the message stands in a cell above, the running month is a dot."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from config.documents import Area, Chart, ChartKind, Series, SeriesRole
from config.labels import labels
from config.reports import ChartBlock, ChartSeries, figures
from transforms import words
from transforms.layout.book import Book, Number, number
from transforms.layout.canvas import Canvas, TablePlace
from transforms.layout.figures import evaluate, read, relative, spec_rows
from transforms.layout.main_points import during
from transforms.layout.text_size import column_pixels

CHART_HEIGHT_PX, LINE_HEIGHT_PT = 196, 15
CHART_ROWS = 10
SERIES_MOST = 4
LEAST_POINTS = 2
Figures = dict[tuple[int, int], Number | None]
"""Figures of the page by row and column."""


def draw_chart(book: Book, canvas: Canvas, block: ChartBlock) -> None:
    """The message, room for the chart, and the chart itself once its table has a place; nothing if nothing is known."""
    if not _is_known(book, block):
        return
    canvas.sentence(chart_title(book, block), "charthead")
    anchor = canvas.row
    for _ in range(CHART_ROWS):
        canvas.gap(LINE_HEIGHT_PT)
    width = column_pixels(canvas.widths[: canvas.text_columns]) - 8
    canvas.pending_charts.append(lambda: _chart(book, canvas, block, anchor, width))
    if not book.periods.running.is_whole and "running" not in canvas.said:
        canvas.said.add("running")
        said = words.span(book.periods.running.first, book.periods.running.last, book.language)
        canvas.sentence(book.say("chart_running", span=said), "footnote")
    canvas.gap()


def _is_known(book: Book, block: ChartBlock) -> bool:
    """Some line has a figure; tables of metric columns are drawn only if they have one."""
    names = [each.of for each in block.series if each.of in figures()]
    spans = book.periods
    months = (spans.running.first, spans.whole.first)
    known = [evaluate(figures()[name], spec_rows(book, figures()[name], first)) for name in names for first in months]
    return len(names) < len(block.series) or not names or any(value is not None for value in known)


def chart_title(book: Book, block: ChartBlock) -> str:
    """The chart's message."""
    fallen = fallen_most(book, block.largest_rows) if block.largest_rows else {}
    return book.say(f"{block.title}_fell" if fallen else block.title, **chart_facts(book), **fallen)


def fallen_most(book: Book, largest: int) -> dict[str, str]:
    """Of the channels with most spend, the one whose calls per 1,000 roubles fell most; empty if none fell."""
    if book.is_stale(("ad_spend", "calls")):
        return {}
    spans = book.periods
    before = {row["channel"]: row for row in book.rows("channel_period", spans.running_before.first, "before")}
    rows = sorted(
        book.rows("channel_period", spans.running.first), key=lambda row: -float(number(row["spend_rub"]) or 0)
    )
    falls = []
    for row in rows[:largest]:
        old = number(before.get(row["channel"], {}).get("calls_per_1000_rub"))
        now = number(row["calls_per_1000_rub"])
        falls.append((relative(old, now) or 0.0, str(row["channel"]), old, now))
    change, name, old, now = min(falls, default=(0.0, "", None, None), key=lambda fall: fall[:2])
    if change >= 0:
        return {}
    return {
        "channel": book.say("quoted", name=name),
        "channel_before": words.figure(old, "ratio", book.language),
        "channel_now": words.figure(now, "ratio", book.language),
    }


def chart_facts(book: Book) -> dict[str, str]:
    """Figures that chart titles name."""
    spans = book.periods
    facts = {"during": during(book, spans.running)}
    pool = book.rows("client_period", spans.running.first)
    facts["clients"] = words.figure(number(pool[0]["clients_end"]) if pool else None, "count", book.language)
    names = {"active": "active_end", "total": "total_end", "now": "calls_per_1000_rub", "revenue": "revenue"}
    for fact, name in names.items():
        reading = read(book, name, spans.running.first, spans.running_before.first)
        facts[fact] = words.figure(reading.now, reading.spec.look, book.language)
        if fact == "now":
            facts["before"] = words.figure(reading.before, reading.spec.look, book.language)
    return facts


def _chart(book: Book, canvas: Canvas, block: ChartBlock, anchor: int, width: int) -> Chart | None:
    place = canvas.tables.get(block.table)
    if place is None or place.last_row < place.first_row:
        return None
    values = {(cell.row, cell.column): number(cell.value) for cell in canvas.cells}
    if block.largest_rows:
        categories = Area(place.head_row, 1, place.head_row, len(place.columns) - 1)
        series = _row_series(place, values, min(block.largest_rows, SERIES_MOST))
    else:
        categories = Area(place.first_row, 0, place.last_row, 0)
        shown = [each for each in block.series if each.of in place.columns]
        series = [_column_series(book, place, each) for each in shown[:SERIES_MOST]]
    categories, series = known_end(categories, series, values)
    if not series:
        return None
    return Chart(
        key=block.key,
        kind=ChartKind(block.chart),
        anchor_row=anchor,
        anchor_column=0,
        categories=categories,
        series=tuple(series),
        width_px=width,
        height_px=CHART_HEIGHT_PX,
        look=block.look,
    )


def _column_series(book: Book, place: TablePlace, each: ChartSeries) -> Series:
    if each.name:
        name = each.name.say(book.language)
    elif each.of in figures():
        name = figures()[each.of].title.say(book.language)
    else:
        name = labels().columns[each.of].say(book.language)
    running = place.running if each.running else 0
    return Series(name, place.column_area(each.of), SeriesRole(each.role), running)


def known_end(categories: Area, series: list[Series], values: Figures) -> tuple[Area, list[Series]]:
    """Cut a chart's areas to the latest months in which every line is known: a workbook draws a dash as zero.

    A line without a known end of at least two months is left out.
    """
    lengths = {each.name: _known_length(each.values, values) for each in series}
    kept = [each for each in series if lengths[each.name] >= LEAST_POINTS]
    if not kept:
        return categories, []
    length = min(lengths[each.name] for each in kept)
    return _end(categories, length), [replace(each, values=_end(each.values, length)) for each in kept]


def _known_length(area: Area, values: Figures) -> int:
    places = [
        (row, column)
        for row in range(area.row, area.last_row + 1)
        for column in range(area.column, area.last_column + 1)
    ]
    return len(list(takewhile(lambda place: values.get(place) is not None, reversed(places))))


def _end(area: Area, length: int) -> Area:
    if area.row == area.last_row:
        return replace(area, column=area.last_column - length + 1)
    return replace(area, row=area.last_row - length + 1)


def _row_series(place: TablePlace, values: Figures, most: int) -> list[Series]:
    """The largest rows as lines: the one that fell most red, that rose most green, the others navy and grey."""
    names = list(place.rows)[:most]
    last = len(place.columns) - 1
    changes = {
        name: relative(values.get((place.rows[name], last - 1)), values.get((place.rows[name], last))) or 0.0
        for name in names
    }
    roles = _roles(names, changes)
    return [
        Series(name, Area(place.rows[name], 1, place.rows[name], last), roles[name], place.running) for name in names
    ]


def _roles(names: list[str], changes: dict[str, float]) -> dict[str, SeriesRole]:
    roles: dict[str, SeriesRole] = {}
    worst, best = min(names, key=lambda name: changes[name]), max(names, key=lambda name: changes[name])
    if changes[worst] < 0:
        roles[worst] = SeriesRole.WORSE
    if changes[best] > 0:
        roles[best] = SeriesRole.BETTER
    rest = iter((SeriesRole.ACTUAL, SeriesRole.EARLIER, SeriesRole.OTHER, SeriesRole.PLAN))
    return {name: roles.get(name) or next(rest) for name in names}
