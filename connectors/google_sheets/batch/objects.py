"""A tab's plan → requests for what lies over its cells: heat colours, charts, the warning on an edit.

They are made once and are the owner's to move, restyle or delete; later publications only point them at their cells.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from config.documents import Area, Chart, ChartKind, Highlight, Series
from config.messages import Language, message
from config.theme import look, theme
from connectors.google_sheets.batch.structure import Request, grid_range
from connectors.google_sheets.formats import color_style
from connectors.google_sheets.known.marks import Ids, stable_id
from connectors.google_sheets.plan.tab import TabPlan


def area_range(plan: TabPlan, sheet_id: int, area: Area) -> dict[str, int]:
    """A rectangle of the document in; the grid's range from its first to its last cell out."""
    places = plan.rows.places()
    rows = [places[plan.draft.identities[row]] for row in (area.row, area.last_row)]
    columns = [plan.columns[column] for column in (area.column, area.last_column)]
    return grid_range(sheet_id, min(rows), min(columns), max(rows), max(columns))


def highlights(plan: TabPlan, sheet_id: int) -> Iterator[Request]:
    """Heat colours: added where none were made yet, pointed at their cells where ours still stand."""
    wanted = [heat_rule(plan, sheet_id, highlight) for highlight in plan.draft.sheet.highlights]
    ours, lost = _own_rules(plan)
    made = 0 if plan.tab is None else plan.tab.noted.highlights
    for rule, (index, standing) in zip(wanted, ours, strict=False):
        if plan.rows.steps or rule["ranges"] != _with_sheet(standing["ranges"], sheet_id) or not _same(rule, standing):
            yield {"updateConditionalFormatRule": {"sheetId": sheet_id, "index": index, "rule": rule}}
    for index, _ in reversed(ours[len(wanted) :]):
        yield {"deleteConditionalFormatRule": {"sheetId": sheet_id, "index": index}}
    for rule in wanted[max(len(ours), made - lost) :]:
        yield {"addConditionalFormatRule": {"rule": rule, "index": 0}}


def heat_rule(plan: TabPlan, sheet_id: int, highlight: Highlight) -> dict[str, Any]:
    """A highlight in; the colour scale from the lowest through the median to the highest value out."""
    heat = theme().heats[highlight.kind]
    return {
        "ranges": [area_range(plan, sheet_id, area) for area in highlight.areas],
        "gradientRule": {
            "minpoint": {"type": "MIN", "colorStyle": color_style(heat.low)},
            "midpoint": {"type": "PERCENTILE", "value": "50", "colorStyle": color_style(heat.middle)},
            "maxpoint": {"type": "MAX", "colorStyle": color_style(heat.high)},
        },
    }


@dataclass(frozen=True)
class Known:
    """Ids of what lies over the cells of one tab."""

    charts: Mapping[str, int]
    """Key of a chart → its id, or the one it is to have."""
    protection: int


def known_objects(plan: TabPlan, spreadsheet: str, ids: Ids) -> Known:
    """A plan in; the ids of its charts and protection, noted on the tab or chosen now, out.

    Earlier versions noted none: there they follow from the file.
    """
    key, was = plan.draft.key, plan.tab.noted if plan.tab else None
    made = was.charts if was else {}
    charts = {
        name: made[name] or stable_id(spreadsheet, key, "chart", name) if name in made else ids.of(key, "chart", name)
        for name in {*made, *(chart.key for chart in plan.draft.sheet.charts)}
    }
    if was is None:
        return Known(charts, ids.of(key, "protection"))
    return Known(charts, was.protection or stable_id(spreadsheet, key, "protection"))


def charts(plan: TabPlan, known: Known, sheet_id: int) -> Iterator[Request]:
    """Charts: added where none was made yet, pointed at their cells where ours stands, deleted if asked no more."""
    standing = plan.tab.charts if plan.tab else {}
    made = set(plan.tab.noted.charts) if plan.tab else set()
    wanted = {chart.key: chart for chart in plan.draft.sheet.charts}
    for key in sorted(made - set(wanted)):
        if known.charts[key] in standing:
            yield {"deleteEmbeddedObject": {"objectId": known.charts[key]}}
    for key, chart in wanted.items():
        chart_id, spec = known.charts[key], chart_spec(plan, sheet_id, chart)
        if chart_id in standing:
            pointed = repointed(standing[chart_id], spec)
            if plan.rows.steps or plan.new_columns or pointed != standing[chart_id]:
                yield {"updateChartSpec": {"chartId": chart_id, "spec": pointed}}
        elif key not in made:
            anchor = {"sheetId": sheet_id, "rowIndex": _anchor_row(plan, chart.anchor_row)}
            anchor["columnIndex"] = _anchor_column(plan, chart.anchor_column)
            overlay = {"anchorCell": anchor, "widthPixels": chart.width_px, "heightPixels": chart.height_px}
            yield {"addChart": {"chart": {"chartId": chart_id, "spec": spec, "position": {"overlayPosition": overlay}}}}


def protection(plan: TabPlan, known: Known, sheet_id: int, language: Language) -> Iterator[Request]:
    """A warning before an edit of our cells: set up once, then kept over the rectangle we own."""
    over = grid_range(sheet_id, 0, min(plan.columns), max(1, len(plan.rows.after)) - 1, max(plan.columns))
    if plan.is_new:
        words = message("google.protection", language)
        guard = {"protectedRangeId": known.protection, "range": over, "description": words, "warningOnly": True}
        yield {"addProtectedRange": {"protectedRange": guard}}
        return
    standing = plan.tab.protections.get(known.protection) if plan.tab else None
    if standing is not None and not _survives(plan, standing):
        standing = None
    has_moved = bool(plan.rows.steps or plan.new_columns)
    if standing is not None and (has_moved or _with_sheet([standing], sheet_id) != [over]):
        guard = {"protectedRangeId": known.protection, "range": over}
        yield {"updateProtectedRange": {"protectedRange": guard, "fields": "range"}}


def _anchor_row(plan: TabPlan, row: int) -> int:
    """The grid's row of a document row, also of one below the last cell."""
    identities, places = plan.draft.identities, plan.rows.places()
    place = places[identities[row]] if row < len(identities) else len(plan.rows.after) + row - len(identities)
    return min(place, plan.grid_rows() - 1)


def _anchor_column(plan: TabPlan, column: int) -> int:
    return plan.columns[column] if column < len(plan.columns) else plan.columns[-1] + 1 + column - len(plan.columns)


def _own_rules(plan: TabPlan) -> tuple[list[tuple[int, Mapping[str, Any]]], int]:
    """Index and rule of the colour scales of ours that will stand once the rows are moved, and how many will not.

    Rules have no id, so their colours tell whose they are. One whose rows are all deleted goes with them, and the
    indexes of those after it shift.
    """
    if plan.tab is None:
        return [], 0
    ours = [_colors(heat_rule_colors(kind)) for kind in theme().heats]
    found, lost, index = [], 0, 0
    for rule in plan.tab.rules:
        is_ours = "gradientRule" in rule and _colors(_points(rule["gradientRule"])) in ours
        if not any(_survives(plan, range_) for range_ in rule.get("ranges", ())):
            lost += is_ours
            continue
        if is_ours:
            found.append((index, rule))
        index += 1
    return found, lost


def _survives(plan: TabPlan, range_: Mapping[str, int]) -> bool:
    """Whether a row of a range is left when ours have been deleted."""
    if "endRowIndex" not in range_:
        return True
    return not plan.rows.removed.issuperset(range(range_.get("startRowIndex", 0), range_["endRowIndex"]))


def heat_rule_colors(kind: Any) -> list[Mapping[str, Any]]:
    """A kind of highlight in; its three colours as Google's out."""
    heat = theme().heats[kind]
    return [color_style(color)["rgbColor"] for color in (heat.low, heat.middle, heat.high)]


def _points(gradient: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    points = [gradient.get(name, {}) for name in ("minpoint", "midpoint", "maxpoint")]
    return [point.get("colorStyle", {}).get("rgbColor", point.get("color", {})) for point in points]


def _colors(points: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, ...], ...]:
    """Colours in 8 bits."""
    return tuple(tuple(int(point.get(name, 0) * 255 + 0.01) for name in ("red", "green", "blue")) for point in points)


def _same(rule: Mapping[str, Any], standing: Mapping[str, Any]) -> bool:
    return _colors(_points(rule["gradientRule"])) == _colors(_points(standing["gradientRule"]))


def _with_sheet(ranges: Sequence[Mapping[str, int]], sheet_id: int) -> list[dict[str, int]]:
    """Ranges as Google tells them (a tab 0 is left out) in; with their tab out."""
    return [{"sheetId": sheet_id} | dict(range_) for range_ in ranges]


# A Chart of the document → Google's ChartSpec; and a standing spec, restyled by its owner, pointed at new cells.

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
    points = _points_in(series.values)
    mark = {"pointStyle": {"shape": "CIRCLE", "size": POINT_SIZE}}
    if kind is not ChartKind.LINE:
        mark = {"colorStyle": color_style(theme().running_fill)}
    return [{"index": index, **mark} for index in range(points - series.running_points, points)]


def _points_in(area: Area) -> int:
    return max(area.last_row - area.row, area.last_column - area.column) + 1


def _finished(series: Series) -> Area:
    """The part of a line that no running period belongs to; at least one point."""
    area, running = series.values, min(series.running_points, _points_in(series.values) - 1)
    if _is_row(area):
        return replace(area, last_column=area.last_column - running)
    return replace(area, last_row=area.last_row - running)


def _source(plan: TabPlan, sheet_id: int, area: Area, headed: bool) -> dict[str, Any]:
    """A row or a column of cells as a chart's data, its name cell included where the chart has names."""
    return {"sourceRange": {"sources": [area_range(plan, sheet_id, _with_name(area) if headed else area)]}}


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
