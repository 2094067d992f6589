"""Charts over a table of the same page: the message stands in a cell above, the running month is a dot."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile

from config.documents import Area, Chart, ChartKind, Series, SeriesRole
from config.letters import column_pixels
from config.reports import ChartBlock, ChartSeries, Heat, Months, Special, figures, reports
from transforms import words
from transforms.layout.drawing.book import Book, Number, Row, When, during, number
from transforms.layout.drawing.canvas import Canvas, TablePlace
from transforms.layout.drawing.figures import axis_look, read, relative
from transforms.layout.tables.months import heat_lines, heat_names, month_line

CHART_HEIGHT_PX, LINE_HEIGHT_PT = 196, 15
CHART_ROWS = 10
SERIES_MOST = 4
LEAST_POINTS = 2
LEGEND_MOST = 24
"""Letters of a name in a legend."""
ALONE = frozenset({"chart_calls_per_1000"})
"""Titles that can be said without the figure of the month before."""
NEEDED = {"chart_calls_per_1000": "now", "chart_active": "active", "chart_revenue": "revenue"}
"""Titles and the figure that they tell: without it they name the chart alone."""
Figures = dict[tuple[int, int], Number | None]
"""Figures of the page by row and column."""


def draw_chart(book: Book, canvas: Canvas, block: ChartBlock) -> None:
    """The message, room for the chart, and the chart itself once its table has a place; nothing if nothing is known."""
    if _known_months(book, block) < LEAST_POINTS:
        return
    canvas.sentence(chart_title(book, block), "charthead")
    anchor = canvas.row
    for _ in range(CHART_ROWS):
        canvas.gap(LINE_HEIGHT_PT)
    width = column_pixels(canvas.widths[: canvas.text_columns])
    canvas.pending_charts.append(lambda: _chart(book, canvas, block, anchor, width))
    if not book.periods.running.is_whole and "running" not in canvas.said and _has_running(block):
        canvas.said.add("running")
        said = words.span(book.periods.running.first, book.periods.running.last, book.language)
        canvas.sentence(book.say("chart_running", span=said), "footnote")
    canvas.gap()


def _has_running(block: ChartBlock) -> bool:
    """Whether the running month stands in it."""
    return bool(block.largest_rows) or any(each.running for each in block.series)


def _known_months(book: Book, block: ChartBlock) -> int:
    """For how many latest months the line that is known longest reaches back; none if all is zero.

    A line of one point is no line, and a chart of zeros is an empty one.
    """
    table = _table_of(block)
    if isinstance(table, Special):
        return LEAST_POINTS if _falls_short(book) else 0
    if isinstance(table, Heat):
        lines = heat_lines(book, table)[: block.largest_rows]
    else:
        lines = [month_line(book, table, each.of) for each in block.series]
    if not any(value for line in lines for value in line):
        return 0
    return max(
        (sum(1 for _ in takewhile(lambda value: value is not None, reversed(line))) for line in lines), default=0
    )


def _falls_short(book: Book) -> bool:
    """Whether any figure of the last whole month is known to be below its best."""
    return any(number(row["shortfall_rub"]) for row in book.rows("lever", book.periods.whole.first))


def chart_title(book: Book, block: ChartBlock) -> str:
    """The chart's message."""
    facts = chart_facts(book)
    if facts.get(NEEDED.get(block.title, "")) == words.DASH:
        return book.say(f"{block.title}_none")
    names = heat_names(book, table) if isinstance(table := _table_of(block), Heat) else []
    if len(names) == 1:
        return book.say(f"{block.title}_one", channel=book.say("quoted", name=names[0]))
    if moved := moved_most(book, names[: block.largest_rows]):
        return _moved_title(book, block, moved)
    return book.say(
        f"{block.title}{'_alone' if block.title in ALONE and facts['before'] == words.DASH else ''}", **facts
    )


def _moved_title(book: Book, block: ChartBlock, name: str) -> str:
    """The channel that the chart draws in colour, and what it came from and to."""
    old, now = _ratio_of(book, name, "before"), _ratio_of(book, name, "now")
    facts = {
        "channel": book.say("quoted", name=name),
        "channel_before": words.figure(old, "ratio", book.language),
        "channel_now": words.figure(now, "ratio", book.language),
    }
    return book.say(f"{block.title}_{'fell' if float(now or 0) < float(old or 0) else 'rose'}", **facts)


def _table_of(block: ChartBlock) -> Months | Heat | Special:
    """The table of the same page that the chart is drawn from."""
    blocks = next(report.blocks for report in reports() if block in report.blocks)
    return next(each for each in blocks if isinstance(each, Months | Heat | Special) and each.key == block.table)


def moved_most(book: Book, names: list[str]) -> str:
    """Of several channels drawn, the one whose calls per 1,000 roubles fell most, or rose most where none fell."""
    if len(names) <= 1 or book.is_stale(("ad_spend", "calls")):
        return ""
    changes = channel_changes(book, names)
    fallen, risen = min(names, key=lambda name: changes[name]), max(names, key=lambda name: changes[name])
    return fallen if changes[fallen] < 0 else risen if changes[risen] > 0 else ""


def channel_changes(book: Book, names: list[str]) -> dict[str, float]:
    """How calls per 1,000 roubles changed against the same days before; 0 where few calls or clients make it chance."""
    least = book.report.client.settings.channels.min_clients
    found: dict[str, float] = {}
    for name in names:
        sides = [_channel_row(book, name, when) for when in ("before", "now")]
        cases = [number(side.get(count)) for side in sides for count in ("counted_calls", "clients")]
        few = any(count is not None and count < least for count in cases)
        old, now = (number(side.get("calls_per_1000_rub")) for side in sides)
        found[name] = 0.0 if few else relative(old, now) or 0.0
    return found


def _ratio_of(book: Book, name: str, when: When) -> Number | None:
    return number(_channel_row(book, name, when).get("calls_per_1000_rub"))


def _channel_row(book: Book, name: str, when: When) -> Row:
    first = book.periods.running.first if when == "now" else book.periods.running_before.first
    return next((row for row in book.rows("channel_period", first, when) if row["channel"] == name), {})


def chart_facts(book: Book) -> dict[str, str]:
    """Figures that chart titles name."""
    spans = book.periods
    facts = {"during": during(book, spans.running)}
    clients = number(book.one("client_period", spans.running.first).get("clients_end"))
    facts["clients"] = words.figure(clients, "count", book.language)
    names = {"active": "active_end", "total": "total_end", "now": "calls_per_1000_rub", "revenue": "revenue_rub"}
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
        series = _row_series(book, place, min(block.largest_rows, SERIES_MOST))
    else:
        categories = Area(place.first_row, 0, place.last_row, 0)
        shown = [each for each in block.series if each.of in place.columns]
        heads = {cell.column: str(cell.value) for cell in canvas.cells if cell.row == place.head_row}
        series = [_column_series(book, place, each, heads) for each in shown[:SERIES_MOST]]
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
        look=axis_look(block.look, _largest(series, values), book.language),
        has_negative=any(_has_negative(each.values, values) for each in series),
    )


def _column_series(book: Book, place: TablePlace, each: ChartSeries, heads: Mapping[int, str]) -> Series:
    if each.name:
        name = each.name.say(book.language)
    elif each.of in figures():
        name = book.say_of(figures()[each.of].column, figures()[each.of].title)
    else:
        name = heads[place.columns[each.of]]
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
    return len(list(takewhile(lambda place: values.get(place) is not None, reversed(_places(area)))))


def _largest(series: list[Series], values: Figures) -> Number:
    return max((abs(float(values.get(place) or 0)) for each in series for place in _places(each.values)), default=0)


def _has_negative(area: Area, values: Figures) -> bool:
    return any(float(values.get(place) or 0) < 0 for place in _places(area))


def _places(area: Area) -> list[tuple[int, int]]:
    rows, columns = range(area.row, area.last_row + 1), range(area.column, area.last_column + 1)
    return [(row, column) for row in rows for column in columns]


def _end(area: Area, length: int) -> Area:
    if area.row == area.last_row:
        return replace(area, column=area.last_column - length + 1)
    return replace(area, row=area.last_row - length + 1)


def _row_series(book: Book, place: TablePlace, most: int) -> list[Series]:
    """The largest rows as lines: the one that the title names red or green, the others navy and grey."""
    names = list(place.rows)[:most]
    last = len(place.columns) - 1
    roles = _roles(book, names)
    return [
        Series(
            words.shortened(name, LEGEND_MOST),
            Area(place.rows[name], 1, place.rows[name], last),
            roles[name],
            place.running,
        )
        for name in names
    ]


def _roles(book: Book, names: list[str]) -> dict[str, SeriesRole]:
    told = moved_most(book, names)
    roles = {told: SeriesRole.WORSE if channel_changes(book, [told])[told] < 0 else SeriesRole.BETTER} if told else {}
    rest = iter((SeriesRole.ACTUAL, SeriesRole.EARLIER, SeriesRole.OTHER, SeriesRole.PLAN))
    return {name: roles.get(name) or next(rest) for name in names}
