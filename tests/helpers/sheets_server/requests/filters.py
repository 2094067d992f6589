"""The filter of a sheet and filter views: rows are hidden, none is changed."""

from __future__ import annotations

import copy

from tests.helpers.sheets_server.cells import formatted
from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.formulas.evaluate import Calculation
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.ranges import bounded, rect_of
from tests.helpers.sheets_server.stored import keep

from .call import Call
from .sorting import sort_rows


def with_both(sent: Json) -> Json:
    """A filter in; the same with its criteria under their old and their new name out."""
    if "criteria" in sent and "filterSpecs" not in sent:
        sent["filterSpecs"] = [
            {"filterCriteria": criteria, **({"columnIndex": int(column)} if int(column) else {})}
            for column, criteria in sent["criteria"].items()
        ]
    elif "filterSpecs" in sent and "criteria" not in sent:
        sent["criteria"] = {
            str(spec.get("columnIndex", 0)): spec.get("filterCriteria", {}) for spec in sent["filterSpecs"]
        }
    return sent


def set_filter(call: Call, sent: Json) -> None:
    """setBasicFilter: replaces the one filter the sheet has."""
    wanted = with_both(keep("BasicFilter", sent.get("filter", {})))
    wanted["range"] = bounded(call.book, wanted.get("range", {}))
    found = call.place(wanted["range"])
    if wanted.get("sortSpecs"):
        body = found.rect.__class__(found.rect.top + 1, found.rect.bottom, found.rect.left, found.rect.right)
        sort_rows(call, found.sheet, body, wanted["sortSpecs"])
    found.sheet.basic_filter = wanted
    hide_rows(call, found.sheet)


def hide_rows(call: Call, sheet: Sheet) -> None:
    """Rows whose shown value the filter hides get hiddenByFilter; the others lose it."""
    for props in sheet.row_props.values():
        props.pop("hiddenByFilter", None)
    if sheet.basic_filter is None:
        return
    rect = rect_of(sheet, sheet.basic_filter["range"])
    calculation = Calculation(call.book, call.now)
    for column, criteria in sheet.basic_filter.get("criteria", {}).items():
        hidden = set(criteria.get("hiddenValues", []))
        for row in range(rect.top + 1, min(rect.bottom, len(sheet.rows))) if hidden else ():
            value = calculation.value(sheet, row, int(column))
            text = "" if value is None else formatted(calculation, sheet, sheet.cell(row, int(column)), value)
            if text in hidden:
                sheet.row_props[row] = {**sheet.row_props.get(row, {}), "hiddenByFilter": True}


def clear_filter(call: Call, sent: Json) -> None:
    """ClearBasicFilter."""
    sheet = call.sheet(sent.get("sheetId", 0))
    sheet.basic_filter = None
    hide_rows(call, sheet)


def area(call: Call, view: Json) -> Json:
    """A filter view in; the range it covers, bounded, out. Raises ApiError 400."""
    if "range" in view and "namedRangeId" in view:
        raise invalid("Only one of range, namedRangeId or tableId may be set.")
    for named in call.book.named_ranges:
        if named["namedRangeId"] == view.get("namedRangeId"):
            return dict(named["range"])
    if "range" not in view:
        raise invalid("One of range, namedRangeId or tableId must be set.")
    return bounded(call.book, view["range"])


def add_view(call: Call, sent: Json) -> Json:
    """AddFilterView."""
    wanted = with_both(keep("FilterView", sent.get("filter", {})))
    new_id = call.new_id("filterViewId", wanted.get("filterViewId"), "filter view")
    where = area(call, wanted)
    sheet = call.place(where).sheet
    title = wanted.get("title") or f"Filter {len(sheet.filter_views) + 1}"
    view = {**wanted, "filterViewId": new_id, "title": title, "range": where}
    sheet.filter_views.append(view)
    return {"filter": copy.deepcopy(view)}


def update_view(call: Call, sent: Json) -> None:
    """UpdateFilterView."""
    mask = read_update_mask(sent.get("fields"), "FilterView")
    wanted = with_both(keep("FilterView", sent.get("filter", {})))
    sheet, view = find(call, wanted.get("filterViewId", 0))
    if "criteria" in mask or "filterSpecs" in mask:
        mask = {**mask, "criteria": {}, "filterSpecs": {}}
    changed = write(view, wanted, mask) | {"filterViewId": view["filterViewId"]}
    changed["range"] = area(call, {"range": changed.get("range", {})})
    sheet.filter_views[sheet.filter_views.index(view)] = changed


def duplicate_view(call: Call, sent: Json) -> Json:
    """DuplicateFilterView."""
    sheet, view = find(call, sent.get("filterId", 0))
    twin = {**copy.deepcopy(view), "filterViewId": call.new_id("filterViewId"), "title": f"Copy of {view['title']}"}
    sheet.filter_views.append(twin)
    return {"filter": copy.deepcopy(twin)}


def delete_view(call: Call, sent: Json) -> None:
    """DeleteFilterView."""
    sheet, view = find(call, sent.get("filterId", 0))
    sheet.filter_views.remove(view)


def find(call: Call, wanted: int) -> tuple[Sheet, Json]:
    """A filter view's id in; its sheet and itself out. Raises ApiError 400."""
    return call.find("filterViewId", wanted, f"No filter view with ID: {wanted}")


HANDLERS = {
    "setBasicFilter": set_filter,
    "clearBasicFilter": clear_filter,
    "addFilterView": add_view,
    "updateFilterView": update_view,
    "duplicateFilterView": duplicate_view,
    "deleteFilterView": delete_view,
}
