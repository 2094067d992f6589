"""A chart of a Sheet → an SVG picture over the very cells of the sheet, in the theme's strokes.

Drawn here, since what a line means (actual, earlier, plan, a month that still runs) is the theme's, and a charting
library would have to be taught it series by series.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape

from config.documents import Area, Cell, Chart, ChartKind, Series, Value
from config.messages import Language
from config.theme import Stroke, look, theme
from connectors.html.written import written

RIGHT, TOP, BOTTOM = 10, 26, 24
"""Room in pixels for the last label, the legend and the names below."""
NAMES_MOST = 0.45
"""What part of the width the names of bars that lie may take."""
WIDEST = 400
"""Pixels; a wider chart would be shrunk to a phone until its letters cannot be read."""
LEGEND_LINE = 14
STEPS = 4
LETTER_PX = 5.2
"""Mean width of a letter of the axis, as the axis is written at 10 pixels."""
Cells = Mapping[tuple[int, int], Cell]


@dataclass(frozen=True)
class Scale:
    """Values → pixels along one axis."""

    low: float
    high: float
    start_px: float
    end_px: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        return self.start_px + (value - self.low) / (self.high - self.low) * (self.end_px - self.start_px)

    def ticks(self) -> list[float]:
        """Round values from the lowest to the highest."""
        return [self.low + (self.high - self.low) * step / STEPS for step in range(STEPS + 1)]


def chart_svg(chart: Chart, cells: Cells, language: Language) -> str:
    """The chart as one `<svg>` element; blank cells leave gaps, as in a workbook."""
    chart = replace(chart, width_px=min(chart.width_px, WIDEST))
    names = [_name(cells.get(place), language) for place in places(chart.categories)]
    values = [[_figure(cells.get(place)) for place in places(series.values)] for series in chart.series]
    known = [value for line in values for value in line if value is not None]
    if not known or not names:
        return ""
    low, high = rounded_range(min(0.0, *known) if chart.has_negative else 0.0, max(known))
    draw = _bars_lying if chart.kind is ChartKind.BAR else _upright
    body = "".join(draw(chart, names, values, (low, high), language))
    lines = _legend_lines(chart) if len(chart.series) > 1 else []
    legend = "".join(_legend(lines))
    # the legend has lines of its own above the plot
    above = LEGEND_LINE * max(0, len(lines) - 1)
    body = f'<g transform="translate(0 {above})">{body}</g>' if above else body
    height = chart.height_px + above
    size = f'viewBox="0 0 {chart.width_px} {height}" width="{chart.width_px}" height="{height}"'
    letters = f'font-family="{look("text").font}, sans-serif" font-size="10" fill="#{theme().axis_color}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {letters}>{legend}{body}</svg>'


def places(area: Area) -> list[tuple[int, int]]:
    """Row and column of each cell of an area, in reading order."""
    return [
        (row, column)
        for row in range(area.row, area.last_row + 1)
        for column in range(area.column, area.last_column + 1)
    ]


def rounded_range(low: float, high: float) -> tuple[float, float]:
    """The lowest and the highest value in; ends of an axis that divide into round steps out."""
    step = (max(high, 0.0) - low) / STEPS or 1.0
    power = 10.0 ** math.floor(math.log10(step))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= step * 0.999999)
    start = math.floor(low / step) * step
    return start, start + step * max(STEPS, math.ceil((high - start) / step - 1e-9))


def _upright(
    chart: Chart,
    names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    ends: tuple[float, float],
    language: Language,
) -> Iterator[str]:
    """Lines or columns: names from left to right, the value axis at the left."""
    scale = Scale(*ends, chart.height_px - BOTTOM, TOP)
    ticks = {scale.at(tick): _written(tick, chart, language) for tick in scale.ticks()}
    left = max(len(text) for text in ticks.values()) * LETTER_PX + 10
    slot = (chart.width_px - left - RIGHT) / len(names)
    for y, text in ticks.items():
        yield _line(left, y, chart.width_px - RIGHT, y, theme().lines["gridline"])
        yield _text(left - 6, y + 3.5, text, "end")
    every = max(1, math.ceil((max(len(name) for name in names) + 1) * LETTER_PX / slot))
    for index, name in enumerate(names):
        if (len(names) - 1 - index) % every == 0:
            x, half = left + slot * (index + 0.5), len(name) * LETTER_PX / 2
            yield _text(min(x, chart.width_px - half - 2), chart.height_px - 8, name, "middle")
    for number, (series, line) in enumerate(zip(chart.series, values, strict=True)):
        if chart.kind is ChartKind.LINE:
            yield from _polyline(series, line, scale, (left, slot))
        else:
            width = slot * 0.62 / len(values)
            for index, value in enumerate(line):
                x = left + slot * index + slot * 0.19 + width * number
                yield _rectangle(series, index, len(line), (x, scale.at(value or 0), width, scale.at(0)))


def _polyline(series: Series, line: Sequence[float | None], scale: Scale, across: tuple[float, float]) -> Iterator[str]:
    """A line with gaps where nothing is known; months that still run are dots. `across`: where it begins, its step."""
    left, slot = across
    stroke = theme().strokes[series.role]
    ended = len(line) - series.running_points
    pieces: list[list[str]] = [[]]
    for index, value in enumerate(line[:ended]):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{left + slot * (index + 0.5):.1f},{scale.at(value):.1f}")
    dash = ' stroke-dasharray="5 4"' if stroke.is_dashed or stroke.is_outline else ""
    for piece in pieces:
        if len(piece) == 1:
            x, y = piece[0].split(",")
            yield f'<circle cx="{x}" cy="{y}" r="2" fill="#{stroke.color}"/>'
        elif piece:
            yield (
                f'<polyline points="{" ".join(piece)}" fill="none" stroke="#{stroke.color}"'
                f' stroke-width="{stroke.width_pt}" stroke-linejoin="round"{dash}/>'
            )
    for index, value in list(enumerate(line))[ended:]:
        if value is not None:
            centre = f'cx="{left + slot * (index + 0.5):.1f}" cy="{scale.at(value):.1f}"'
            yield f'<circle {centre} r="3.5" fill="#{stroke.color}"/>'


def _bars_lying(
    chart: Chart,
    names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    ends: tuple[float, float],
    language: Language,
) -> Iterator[str]:
    """Bars from left to right, the first one on top, their names at the left."""
    room = min(max(len(name) for name in names) * LETTER_PX + 12, chart.width_px * NAMES_MOST)
    scale = Scale(*ends, room, chart.width_px - RIGHT - 20)
    slot = (chart.height_px - TOP - BOTTOM) / len(names)
    ticks = {scale.at(tick): _written(tick, chart, language) for tick in scale.ticks()}
    apart = (scale.end_px - scale.start_px) / STEPS
    every = max(1, math.ceil((max(len(text) for text in ticks.values()) + 1) * LETTER_PX / apart))
    for index, (x, text) in enumerate(ticks.items()):
        yield _line(x, TOP, x, chart.height_px - BOTTOM, theme().lines["gridline"])
        if index % every == 0:
            yield _text(x, chart.height_px - 8, text, "middle")
    for index, name in enumerate(names):
        yield _text(room - 6, TOP + slot * (index + 0.5) + 3.5, _short(name, room - 8), "end")
    for number, (series, line) in enumerate(zip(chart.series, values, strict=True)):
        height = slot * 0.62 / len(values)
        for index, value in enumerate(line):
            y = TOP + slot * index + slot * 0.19 + height * number
            left, right = sorted((scale.at(0), scale.at(value or 0)))
            yield _box(series, index, len(line), (left, y, right - left, height))


def _rectangle(series: Series, index: int, count: int, place: tuple[float, float, float, float]) -> str:
    """A column between its value and zero, whichever is higher on the page."""
    x, top, width, zero = place
    return _box(series, index, count, (x, min(top, zero), width, abs(zero - top)))


def _box(series: Series, index: int, count: int, place: tuple[float, float, float, float]) -> str:
    stroke = theme().strokes[series.role]
    paint = _paint(stroke, is_running=index >= count - series.running_points)
    x, y, width, height = place
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {paint}/>'


def _paint(stroke: Stroke, *, is_running: bool) -> str:
    if is_running:
        return f'fill="#{theme().running_fill}" stroke="#{stroke.color}" stroke-dasharray="3 2"'
    if stroke.is_outline:
        return f'fill="none" stroke="#{stroke.color}"'
    return f'fill="#{stroke.color}"'


def _legend_lines(chart: Chart) -> list[list[tuple[float, str, Stroke]]]:
    """Where each series stands in the legend, its name and its stroke; a line that is full begins another."""
    lines: list[list[tuple[float, str, Stroke]]] = [[]]
    x, most = 8.0, chart.width_px - RIGHT
    for series in chart.series:
        name = _short(series.name, most - 40)
        wide = 28 + len(name) * LETTER_PX * 1.08
        if x + wide > most and lines[-1]:
            lines.append([])
            x = 8.0
        lines[-1].append((x, name, theme().strokes[series.role]))
        x += wide
    return lines


def _legend(lines: Sequence[Sequence[tuple[float, str, Stroke]]]) -> Iterator[str]:
    for number, line in enumerate(lines):
        y = LEGEND_LINE * number
        for x, name, stroke in line:
            yield _sample(x, y + 10, stroke)
            yield _text(x + 16, y + 13.5, name, "start")


def _sample(x: float, y: float, stroke: Stroke) -> str:
    """How the line of the chart looks: a dash tells a forecast from the fact."""
    dash = ' stroke-dasharray="5 2"' if stroke.is_dashed or stroke.is_outline else ""
    return (
        f'<line x1="{x:.1f}" y1="{y}" x2="{x + 12:.1f}" y2="{y}"'
        f' stroke="#{stroke.color}" stroke-width="{max(stroke.width_pt, 2)}"{dash}/>'
    )


def _written(value: float, chart: Chart, language: Language) -> str:
    return written(Decimal(repr(round(value, 6))), look(chart.look), language)


def _name(cell: Cell | None, language: Language) -> str:
    return written(cell.value, look(cell.look), language) if cell else ""


def _short(name: str, room: float) -> str:
    most = int(room / LETTER_PX)
    return name if len(name) <= most else name[: most - 1] + "…"


def _figure(cell: Cell | None) -> float | None:
    value: Value = cell.value if cell else None
    return float(value) if isinstance(value, int | float | Decimal) else None


def _line(x: float, y: float, last_x: float, last_y: float, color: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{last_x:.1f}" y2="{last_y:.1f}" stroke="#{color}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
