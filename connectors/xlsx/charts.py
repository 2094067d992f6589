"""Charts of a Sheet as real charts over its cells; they survive Excel and LibreOffice."""

import math
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as XlsxChart
from xlsxwriter.worksheet import Worksheet

from config.documents import Area, Chart, ChartKind, Series, Sheet
from config.messages import Language
from config.theme import Look, Stroke, look, theme
from connectors.xlsx.cells import number_pattern

KINDS = {ChartKind.LINE: "line", ChartKind.COLUMN: "column", ChartKind.BAR: "bar"}
GAP_PERCENT = 60
DOT_POINTS = 7
STEPS_BELOW_BARS = 2
"""More figures below bars that lie would be turned upright for want of room: «1 500 тыс. ₽» is long."""
NOTHING = {"none": True}
MOVES_WITH_CELLS = 2
"""A wider column beside it does not stretch a chart."""


def add_charts(workbook: Workbook, worksheet: Worksheet, sheet: Sheet, language: Language) -> None:
    """Every chart of the sheet at its anchor."""
    for chart in sheet.charts:
        made = _make(workbook, sheet, chart, language)
        made.set_size({"width": chart.width_px, "height": chart.height_px})
        worksheet.insert_chart(chart.anchor_row, chart.anchor_column, made, {"object_position": MOVES_WITH_CELLS})


def _make(workbook: Workbook, sheet: Sheet, chart: Chart, language: Language) -> XlsxChart:
    title = sheet.title
    made = workbook.add_chart({"type": KINDS[chart.kind]})
    for series in chart.series:
        made.add_series(_series(title, chart, series))
    dots = [series for series in chart.series if series.running_points] if chart.kind is ChartKind.LINE else []
    for series in dots:
        made.add_series(_dots(title, chart, series))
    if dots:  # the library has no public way to mark one point of a line
        made._write_d_pt_point = partial(_write_dot, made)
    made.set_title(NOTHING)
    made.show_blanks_as("gap")
    made.set_chartarea({"border": NOTHING, "fill": NOTHING})
    _dress_axes(made, chart, number_pattern(look(chart.look), language), _largest(sheet, chart))
    if len(chart.series) > 1:
        hidden = list(range(len(chart.series), len(chart.series) + len(dots)))
        made.set_legend({"position": "top", "font": _small_text(), "delete_series": hidden})
    else:
        made.set_legend(NOTHING)
    return made


def _largest(sheet: Sheet, chart: Chart) -> float:
    """The largest figure that a chart draws."""
    areas = [series.values for series in chart.series]
    drawn = (
        float(cell.value)
        for cell in sheet.cells
        if isinstance(cell.value, int | float | Decimal)
        and any(one.row <= cell.row <= one.last_row and one.column <= cell.column <= one.last_column for one in areas)
    )
    return max(drawn, default=0.0)


def _dress_axes(made: XlsxChart, chart: Chart, pattern: str, largest: float) -> None:
    both = {"num_font": _small_text(), "major_tick_mark": "none", "minor_tick_mark": "none"}
    of_names: dict[str, Any] = {
        **both,
        "line": _line(theme().lines["hair"], 0.75),
        "major_gridlines": {"visible": False},
        "label_position": "low",
    }
    if chart.kind is ChartKind.BAR:  # else the first row of the table is the lowest bar
        of_names |= {"reverse": True, "crossing": "max"}
    of_figures: dict[str, Any] = {
        **both,
        "line": NOTHING,
        "major_gridlines": {"visible": True, "line": _line(theme().lines["gridline"], 0.5)},
        "num_format": pattern,
    }
    if not chart.has_negative:
        of_figures["min"] = 0
    lying = chart.kind is ChartKind.BAR
    if lying and largest > 0 and not chart.has_negative:
        step = _round_step(largest / STEPS_BELOW_BARS)
        of_figures |= {"major_unit": step, "max": step * STEPS_BELOW_BARS}
    made.set_x_axis(of_figures if lying else of_names)
    made.set_y_axis(of_names if lying else of_figures)


def _round_step(least: float) -> float:
    """A step of an axis, round and not below this one."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= least * 0.999999)


def _series(title: str, chart: Chart, series: Series) -> dict[str, Any]:
    stroke = theme().strokes[series.role]
    if chart.kind is ChartKind.LINE:
        line = {"line": _stroke_line(stroke), "marker": {"type": "none"}}
        return _over(title, chart, series, _finished(series)) | line
    light = {
        "fill": {"color": f"#{theme().running_fill}"},
        "border": _line(stroke.color, 1) | {"dash_type": "square_dot"},
    }
    points = [light if index in _running(series) else None for index in range(_points(series.values))]
    return _over(title, chart, series, series.values) | _bar(stroke) | {"gap": GAP_PERCENT, "points": points}


def _dots(title: str, chart: Chart, series: Series) -> dict[str, Any]:
    """The running months of a line as dots of their own, so that an unfinished month is not drawn as a fall."""
    stroke = theme().strokes[series.role]
    dot = {"fill": {"color": f"#{stroke.color}"}, "border": _line(stroke.color, 0.75)}
    return _over(title, chart, series, series.values) | {
        "line": NOTHING,
        "marker": {"type": "none"},
        "points": [dot if index in _running(series) else None for index in range(_points(series.values))],
    }


def _write_dot(made: XlsxChart, index: int, dot: dict[str, Any]) -> None:
    made._xml_start_tag("c:dPt")
    made._write_idx(index)
    made._write_marker({"type": "circle", "size": DOT_POINTS, **dot})
    made._xml_end_tag("c:dPt")


def _over(title: str, chart: Chart, series: Series, values: Area) -> dict[str, Any]:
    return {
        # a name that looks like the address of a cell would be taken for one
        "name": series.name.replace("!", "!\u2060"),
        "categories": _range(title, chart.categories),
        "values": _range(title, values),
    }


def _finished(series: Series) -> Area:
    """The part of a line that no running month belongs to."""
    area = series.values
    if area.row == area.last_row:
        return replace(area, last_column=area.last_column - series.running_points)
    return replace(area, last_row=area.last_row - series.running_points)


def _running(series: Series) -> range:
    count = _points(series.values)
    return range(count - series.running_points, count)


def _bar(stroke: Stroke) -> dict[str, Any]:
    if stroke.is_outline:
        return {"fill": NOTHING, "border": _line(stroke.color, 1)}
    return {"fill": {"color": f"#{stroke.color}"}, "border": NOTHING}


def _stroke_line(stroke: Stroke) -> dict[str, Any]:
    is_broken = stroke.is_dashed or stroke.is_outline
    # said outright: LibreOffice draws a line of which nothing is said broken
    return _line(stroke.color, stroke.width_pt) | {"dash_type": "dash" if is_broken else "solid"}


def _line(color: str, points: float) -> dict[str, Any]:
    return {"color": f"#{color}", "width": points}


def _small_text() -> dict[str, Any]:
    return {
        "name": Look().font,
        "size": theme().axis_size,
        "bold": False,
        "color": f"#{theme().axis_color}",
        "rotation": 0,
    }


def _range(title: str, area: Area) -> list[str | int]:
    return [title, area.row, area.column, area.last_row, area.last_column]


def _points(area: Area) -> int:
    return (area.last_row - area.row + 1) * (area.last_column - area.column + 1)
