"""Charts and slicers: added over cells or on a sheet of their own, respecified, moved, deleted."""

from __future__ import annotations

import copy
from typing import Any

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.ranges import INDEXES, bounds_of, clip, exceeds, sheet_of
from tests.helpers.sheets_server.stored import keep, paired_mask

from .call import Call
from .sheets import add_sheet

KINDS = (
    "basicChart",
    "pieChart",
    "bubbleChart",
    "candlestickChart",
    "orgChart",
    "histogramChart",
    "waterfallChart",
    "treemapChart",
    "scorecardChart",
)
OVERLAY = {"widthPixels": 600, "heightPixels": 371}


def check_spec(call: Call, spec: Json) -> None:
    """Raises ApiError 400 for a chart of no or several kinds, or for sources and axes it cannot have."""
    kinds = [name for name in KINDS if name in spec]
    if len(kinds) != 1:
        raise invalid(
            "Exactly one chart type must be set in ChartSpec." if kinds else "No chart type set in ChartSpec."
        )
    check_sources(call, spec)
    if kinds == ["basicChart"]:
        check_basic(spec["basicChart"])


def check_basic(chart: Json) -> None:
    """Raises ApiError 400 for series on an axis their kind does not have."""
    kind = chart.get("chartType", "BASIC_CHART_TYPE_UNSPECIFIED")
    if kind == "BASIC_CHART_TYPE_UNSPECIFIED":
        raise invalid("BasicChartSpec.chartType must be set.")
    if not chart.get("series"):
        raise invalid("At least one series must be specified.")
    axes = {series.get("targetAxis", "BASIC_CHART_AXIS_POSITION_UNSPECIFIED") for series in chart["series"]}
    if kind == "BAR" and axes & {"LEFT_AXIS", "RIGHT_AXIS"}:
        raise invalid("Bar charts series may only target the BOTTOM_AXIS.")
    if kind != "BAR" and "BOTTOM_AXIS" in axes:
        raise invalid(f"{kind.capitalize()} charts series may only target the LEFT_AXIS or RIGHT_AXIS.")
    if kind != "COMBO" and any("type" in series for series in chart["series"]):
        raise invalid("Series type may only be set for COMBO charts.")


def check_sources(call: Call, message: Any) -> None:
    """Raises ApiError 400 for a source that is wide and high at once, on no grid or outside of it."""
    if isinstance(message, list):
        for item in message:
            check_sources(call, item)
    elif isinstance(message, dict):
        for source in message.get("sources", []):
            sheet = sheet_of(call.book, source.get("sheetId", 0))
            rect = clip(sheet, bounds_of(source))
            if any(end is not None and end > size for end, size in ends(sheet, source)):
                raise exceeds(sheet, bounds_of(source))
            if rect.bottom - rect.top > 1 and rect.right - rect.left > 1:
                raise invalid("ChartSourceRange.sources: at least one dimension of a source must have length 1.")
        for item in message.values():
            check_sources(call, item)


def ends(sheet: Sheet, source: Json) -> list[tuple[int | None, int]]:
    """A source in; its ends, each with the size of the grid there, out."""
    return [(source.get(INDEXES[1]), sheet.row_count), (source.get(INDEXES[3]), sheet.column_count)]


def placed(call: Call, sent: Json | None) -> tuple[Sheet, Json]:
    """An EmbeddedObjectPosition in; the sheet to hang the object on and the position as stored out."""
    position = sent or {}
    if len(position) != 1:
        raise invalid("Exactly one of sheetId, overlayPosition or newSheet must be set in EmbeddedObjectPosition.")
    if position.get("newSheet"):
        properties = add_sheet(call, {"properties": {"title": free_chart_title(call), "sheetType": "OBJECT"}})
        sheet_id = properties["properties"]["sheetId"]
        return call.sheet(sheet_id), {"sheetId": sheet_id}
    if "overlayPosition" not in position:
        raise invalid("EmbeddedObjectPosition must have overlayPosition or newSheet set.")
    overlay = OVERLAY | position["overlayPosition"]
    anchor = overlay.get("anchorCell", {})
    sheet = sheet_of(call.book, anchor.get("sheetId", 0))
    for name, at, count in (
        ("row", anchor.get("rowIndex", 0), sheet.row_count),
        ("column", anchor.get("columnIndex", 0), sheet.column_count),
    ):
        if at >= count:
            raise invalid(f"GridCoordinate.{name}Index[{at}] is after last {name} in grid[{count - 1}]")
    overlay["anchorCell"] = anchor
    return sheet, {"overlayPosition": overlay}


def free_chart_title(call: Call) -> str:
    """The first `Chart1`-like title nobody has."""
    number = 1
    while call.book.titled(f"Chart{number}"):
        number += 1
    return f"Chart{number}"


def add_chart(call: Call, sent: Json) -> Json:
    """AddChart."""
    wanted = sent.get("chart", {})
    chart_id = call.new_id("chartId", wanted.get("chartId"), "chart")
    spec = keep("ChartSpec", wanted.get("spec", {}))
    check_spec(call, spec)
    sheet, position = placed(call, keep("EmbeddedObjectPosition", wanted.get("position", {})))
    chart = {"chartId": chart_id, "spec": spec, "position": position}
    if "border" in wanted:
        chart["border"] = keep("EmbeddedObjectBorder", wanted["border"])
    sheet.charts.append(chart)
    return {"chart": copy.deepcopy(chart)}


def update_spec(call: Call, sent: Json) -> None:
    """updateChartSpec: the whole spec is replaced, the chart stays where it is."""
    _, chart = find_chart(call, sent.get("chartId", 0))
    spec = keep("ChartSpec", sent.get("spec", {}))
    check_spec(call, spec)
    chart["spec"] = spec


def find_chart(call: Call, wanted: int) -> tuple[Sheet, Json]:
    """A chart's id in; its sheet and itself out. Raises ApiError 400."""
    return call.find("chartId", wanted, f"No chart with id: {wanted}")


def find_object(call: Call, wanted: int) -> tuple[Sheet, Json, list[Json]]:
    """The id of a chart or slicer in; its sheet, itself and the list it stands in out. Raises ApiError 400."""
    for id_name, attribute in (("chartId", "charts"), ("slicerId", "slicers")):
        for sheet, item in call.attached(id_name):
            if item[id_name] == wanted:
                return sheet, item, getattr(sheet, attribute)
    raise invalid(f"No embedded object with id: {wanted}")


def delete_object(call: Call, sent: Json) -> None:
    """deleteEmbeddedObject; a chart's own sheet goes with it."""
    sheet, item, items = find_object(call, sent.get("objectId", 0))
    items.remove(item)
    if sheet.properties["sheetType"] == "OBJECT":
        call.book.sheets.remove(sheet)
        for index, other in enumerate(call.book.sheets):
            other.properties["index"] = index


def update_position(call: Call, sent: Json) -> Json:
    """updateEmbeddedObjectPosition: the mask is rooted at overlayPosition; without one, everything is new."""
    sheet, item, items = find_object(call, sent.get("objectId", 0))
    new = keep("EmbeddedObjectPosition", sent.get("newPosition", {}))
    if "overlayPosition" in new and "overlayPosition" in item["position"]:
        mask = read_update_mask(sent.get("fields"), "OverlayPosition")
        new = {"overlayPosition": write(item["position"]["overlayPosition"], new["overlayPosition"], mask)}
    there, item["position"] = placed(call, new)
    if there is not sheet:
        items.remove(item)
        (there.charts if "chartId" in item else there.slicers).append(item)
    return {"position": copy.deepcopy(item["position"])}


def update_border(call: Call, sent: Json) -> None:
    """UpdateEmbeddedObjectBorder."""
    _, item, _ = find_object(call, sent.get("objectId", 0))
    mask = paired_mask("EmbeddedObjectBorder", read_update_mask(sent.get("fields"), "EmbeddedObjectBorder"))
    item["border"] = write(item.get("border", {}), keep("EmbeddedObjectBorder", sent.get("border", {})), mask)


def add_slicer(call: Call, sent: Json) -> Json:
    """AddSlicer."""
    wanted = sent.get("slicer", {})
    slicer_id = call.new_id("slicerId", wanted.get("slicerId"), "slicer")
    sheet, position = placed(call, keep("EmbeddedObjectPosition", wanted.get("position", {})))
    slicer = {"slicerId": slicer_id, "spec": keep("SlicerSpec", wanted.get("spec", {})), "position": position}
    sheet.slicers.append(slicer)
    return {"slicer": copy.deepcopy(slicer)}


def update_slicer(call: Call, sent: Json) -> None:
    """UpdateSlicerSpec."""
    wanted = sent.get("slicerId", 0)
    _, slicer = call.find("slicerId", wanted, f"No slicer with id: {wanted}")
    mask = paired_mask("SlicerSpec", read_update_mask(sent.get("fields"), "SlicerSpec"))
    slicer["spec"] = write(slicer["spec"], keep("SlicerSpec", sent.get("spec", {})), mask)


HANDLERS = {
    "addChart": add_chart,
    "updateChartSpec": update_spec,
    "deleteEmbeddedObject": delete_object,
    "updateEmbeddedObjectPosition": update_position,
    "updateEmbeddedObjectBorder": update_border,
    "addSlicer": add_slicer,
    "updateSlicerSpec": update_slicer,
}
