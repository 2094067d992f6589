"""A Chart of the document → Google's ChartSpec; and a standing spec, restyled by its owner, pointed at new cells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from config.documents import Area, Chart, ChartKind, Series
from config.theme import look, theme
from connectors.google_sheets.formats import color_style
from connectors.google_sheets.plan import TabPlan
from connectors.google_sheets.structure import grid_range

Spec = dict[str, Any]

POINT_SIZE = 7


def chart_spec(plan: TabPlan, sheet_id: int, chart: Chart) -> Spec:
    """A chart in; its spec out: no title inside, labels of 8 points, the value axis from zero or below."""
    headed = _has_names(plan, chart)
    is_bar = chart.kind is ChartKind.BAR
    text = {"fontSize": theme().axis_size, "foregroundColorStyle": color_style(theme().axis_color)}
    values_axis = "BOTTOM_AXIS" if is_bar else "LEFT_AXIS"
    axes: list[dict[str, Any]] = [{"position": side, "format": text} for side in ("BOTTOM_AXIS", "LEFT_AXIS")]
    for axis in axes:
        if axis["position"] == values_axis and not chart.has_negative:
            axis["viewWindowOptions"] = {"viewWindowMin": 0, "viewWindowMode": "EXPLICIT"}
    basic = {
        "chartType": chart.kind.value.upper(),
        "legendPosition": "TOP_LEGEND" if len(chart.series) > 1 else "NO_LEGEND",
        "axis": axes,
        "domains": [{"domain": _source(plan, sheet_id, chart.categories, headed)}],
        "series": _all_series(plan, sheet_id, chart, headed),
        "headerCount": int(headed),
    }
    names = "; ".join(series.name for series in chart.series)
    return {"basicChart": basic, "hiddenDimensionStrategy": "SHOW_ALL", "fontName": look("text").font, "altText": names}


def repointed(standing: Mapping[str, Any], wanted: Spec) -> Spec:
    """The spec that stands, with whatever the owner changed in it, and ours in; it with our cells as its sources out.

    If the owner gave it another number of series or another kind of chart, it is theirs and stays as it is.
    """
    spec: Spec = json.loads(json.dumps(standing))
    ours, theirs = wanted["basicChart"], spec.get("basicChart")
    if not theirs or len(theirs.get("series", ())) != len(ours["series"]) or len(theirs.get("domains", ())) != 1:
        return spec if theirs is None or len(theirs.get("series", ())) != len(ours["series"]) else wanted
    theirs["domains"][0]["domain"]["sourceRange"] = ours["domains"][0]["domain"]["sourceRange"]
    for mine, other in zip(ours["series"], theirs["series"], strict=True):
        other.setdefault("series", {})["sourceRange"] = mine["series"]["sourceRange"]
        if "styleOverrides" in mine or "styleOverrides" in other:
            other["styleOverrides"] = mine.get("styleOverrides", [])
    return spec


def _all_series(plan: TabPlan, sheet_id: int, chart: Chart, headed: bool) -> list[dict[str, Any]]:
    """The series of a chart; a lone line is drawn to the last finished period, and what still runs as dots beside it.

    Google names every series in the legend, so among several lines a running period is a dot on the line itself.
    """
    if chart.kind is not ChartKind.LINE or len(chart.series) > 1:
        return [_series(plan, sheet_id, chart, series, headed) for series in chart.series]
    series = chart.series[0]
    finished = replace(series, values=_finished(series), running_points=0)
    dots = _series(plan, sheet_id, chart, series, headed) | {"lineStyle": {"type": "INVISIBLE"}}
    return [_series(plan, sheet_id, chart, finished, headed), dots]


def _series(plan: TabPlan, sheet_id: int, chart: Chart, series: Series, headed: bool) -> dict[str, Any]:
    stroke = theme().strokes[series.role]
    written: dict[str, Any] = {
        "series": _source(plan, sheet_id, series.values, headed),
        "targetAxis": "BOTTOM_AXIS" if chart.kind is ChartKind.BAR else "LEFT_AXIS",
        "colorStyle": color_style(stroke.color),
    }
    if chart.kind is ChartKind.LINE:
        dash = "MEDIUM_DASHED" if stroke.is_dashed or stroke.is_outline else "SOLID"
        written["lineStyle"] = {"type": dash, "width": max(1, round(stroke.width_pt))}
    if series.running_points:
        written["styleOverrides"] = _running(chart.kind, series)
    return written


def _running(kind: ChartKind, series: Series) -> list[dict[str, Any]]:
    """What sets off every last point whose period still runs: a dot on a line, a light bar."""
    points = _points(series.values)
    mark = {"pointStyle": {"shape": "CIRCLE", "size": POINT_SIZE}}
    if kind is not ChartKind.LINE:
        mark = {"colorStyle": color_style(theme().running_fill)}
    return [{"index": index, **mark} for index in range(points - series.running_points, points)]


def _points(area: Area) -> int:
    return max(area.last_row - area.row, area.last_column - area.column) + 1


def _finished(series: Series) -> Area:
    """The part of a line that no running period belongs to; at least one point."""
    area, running = series.values, min(series.running_points, _points(series.values) - 1)
    if _is_row(area):
        return replace(area, last_column=area.last_column - running)
    return replace(area, last_row=area.last_row - running)


def _source(plan: TabPlan, sheet_id: int, area: Area, headed: bool) -> dict[str, Any]:
    """A row or a column of cells as a chart's data, its name cell included where the chart has names."""
    if headed:
        area = _with_name(area)
    places = plan.rows.places()
    rows = [places[plan.draft.identities[row]] for row in (area.row, area.last_row)]
    columns = [plan.columns[column] for column in (area.column, area.last_column)]
    range_ = grid_range(sheet_id, min(rows), min(columns), max(rows), max(columns))
    return {"sourceRange": {"sources": [range_]}}


def _has_names(plan: TabPlan, chart: Chart) -> bool:
    """Whether before every series stands the cell that names it: then the legend can show it."""
    areas = [*(series.values for series in chart.series), chart.categories]
    if any((area.column if _is_row(area) else area.row) == 0 for area in areas):
        return False
    return all(_name_at(plan, series.values) == series.name for series in chart.series)


def _name_at(plan: TabPlan, area: Area) -> str | float | bool | None:
    named = _with_name(area)
    cell = plan.draft.rows[named.row].get(named.column)
    return cell.value if cell else None


def _with_name(area: Area) -> Area:
    """A row or column of values in; it with the cell before its first out."""
    if _is_row(area):
        return Area(area.row, area.column - 1, area.last_row, area.last_column)
    return Area(area.row - 1, area.column, area.last_row, area.last_column)


def _is_row(area: Area) -> bool:
    return area.row == area.last_row and area.column != area.last_column
