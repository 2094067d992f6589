"""A tab's plan → requests for what lies over its cells: heat colours, charts, the warning on an edit.

They are made once and are the owner's to move, restyle or delete; later publications only point them at their cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config.documents import Area, Highlight
from config.messages import Language, message
from config.theme import theme
from connectors.google_sheets.charts import chart_spec, repointed
from connectors.google_sheets.formats import color_style
from connectors.google_sheets.ids import stable_id
from connectors.google_sheets.plan import TabPlan
from connectors.google_sheets.structure import Request, grid_range


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
    made = 0 if plan.tab is None else int(plan.tab.made.get("highlights", 0))
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
        "ranges": [area_range(plan, sheet_id, highlight.area)],
        "gradientRule": {
            "minpoint": {"type": "MIN", "colorStyle": color_style(heat.low)},
            "midpoint": {"type": "PERCENTILE", "value": "50", "colorStyle": color_style(heat.middle)},
            "maxpoint": {"type": "MAX", "colorStyle": color_style(heat.high)},
        },
    }


def charts(plan: TabPlan, spreadsheet: str, sheet_id: int) -> Iterator[Request]:
    """Charts: added where none was made yet, pointed at their cells where ours stands, deleted if asked no more."""
    standing = plan.tab.charts if plan.tab else {}
    made = set(plan.tab.made.get("charts", ())) if plan.tab else set()
    wanted = {chart.key: chart for chart in plan.draft.sheet.charts}
    for key in sorted(made - set(wanted)):
        if chart_id(spreadsheet, plan, key) in standing:
            yield {"deleteEmbeddedObject": {"objectId": chart_id(spreadsheet, plan, key)}}
    for key, chart in wanted.items():
        known, spec = chart_id(spreadsheet, plan, key), chart_spec(plan, sheet_id, chart)
        if known in standing:
            pointed = repointed(standing[known], spec)
            if plan.rows.steps or plan.new_columns or pointed != standing[known]:
                yield {"updateChartSpec": {"chartId": known, "spec": pointed}}
        elif key not in made:
            anchor = {"sheetId": sheet_id, "rowIndex": _anchor_row(plan, chart.anchor_row)}
            anchor["columnIndex"] = _anchor_column(plan, chart.anchor_column)
            overlay = {"anchorCell": anchor, "widthPixels": chart.width_px, "heightPixels": chart.height_px}
            yield {"addChart": {"chart": {"chartId": known, "spec": spec, "position": {"overlayPosition": overlay}}}}


def protection(plan: TabPlan, spreadsheet: str, sheet_id: int, language: Language) -> Iterator[Request]:
    """A warning before an edit of our cells: set up once, then kept over the rectangle we own."""
    known = stable_id(spreadsheet, plan.draft.key, "protection")
    over = grid_range(sheet_id, 0, min(plan.columns), max(1, len(plan.rows.after)) - 1, max(plan.columns))
    if plan.is_new:
        words = message("google.protection", language)
        guard = {"protectedRangeId": known, "range": over, "description": words, "warningOnly": True}
        yield {"addProtectedRange": {"protectedRange": guard}}
        return
    standing = plan.tab.protections.get(known) if plan.tab else None
    if standing is not None and not _survives(plan, standing):
        standing = None
    has_moved = bool(plan.rows.steps or plan.new_columns)
    if standing is not None and (has_moved or _with_sheet([standing], sheet_id) != [over]):
        guard = {"protectedRangeId": known, "range": over}
        yield {"updateProtectedRange": {"protectedRange": guard, "fields": "range"}}


def chart_id(spreadsheet: str, plan: TabPlan, key: str) -> int:
    """The id we chose for a chart."""
    return stable_id(spreadsheet, plan.draft.key, "chart", key)


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
