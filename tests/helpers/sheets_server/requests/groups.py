"""Groups of rows and columns that fold: added, deleted, collapsed."""

from __future__ import annotations

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.masks import read_update_mask
from tests.helpers.sheets_server.model import Json, Sheet

from .call import Call
from .dimensions import existing

Span = tuple[int, int]


def groups_of(sheet: Sheet, dimension: str) -> list[Json]:
    """The groups of a dimension."""
    return sheet.row_groups if dimension == "ROWS" else sheet.column_groups


def depths(groups: list[Json], total: int) -> list[int]:
    """Groups in; how deep each line is out."""
    deep = [0] * total
    for group in groups:
        for line in range(group["range"]["startIndex"], min(group["range"]["endIndex"], total)):
            deep[line] = max(deep[line], group["depth"])
    return deep


def rebuilt(sheet: Sheet, dimension: str, deep: list[int], old: list[Json]) -> list[Json]:
    """How deep each line is in; the groups, outer ones first, out. Collapsed ones stay so."""
    collapsed = {(group["range"]["startIndex"], group["range"]["endIndex"]) for group in old if group.get("collapsed")}
    found: list[Json] = []
    for depth in range(1, max(deep, default=0) + 1):
        start = None
        for line, level in enumerate([*deep, 0]):
            if level >= depth and start is None:
                start = line
            if level < depth and start is not None:
                area = {"dimension": dimension, "startIndex": start, "endIndex": line}
                group: Json = {"range": ({"sheetId": sheet.id} if sheet.id else {}) | area, "depth": depth}
                if (start, line) in collapsed:
                    group["collapsed"] = True
                found.append(group)
                start = None
    return sorted(found, key=lambda group: (group["range"]["startIndex"], group["depth"]))


def change(call: Call, sent: Json, step: int) -> list[Json]:
    """A DimensionRange and one level deeper or higher in; the groups afterwards out. Raises ApiError 400."""
    sheet, dimension, start, end = existing(call, sent)
    old = groups_of(sheet, dimension)
    total = sheet.row_count if dimension == "ROWS" else sheet.column_count
    deep = depths(old, total)
    if step < 0 and not any(deep[start:end]):
        raise invalid("There is no dimension group at the specified range.")
    for line in range(start, end):
        deep[line] = max(deep[line] + step, 0)
    if max(deep) > 8:
        raise invalid("Dimension groups cannot be nested more than 8 levels deep.")
    new = rebuilt(sheet, dimension, deep, old)
    if dimension == "ROWS":
        sheet.row_groups = new
    else:
        sheet.column_groups = new
    return new


def add_group(call: Call, sent: Json) -> Json:
    """addDimensionGroup: the control stands after the group from now on."""
    sheet, dimension, _, _ = existing(call, sent.get("range", {}))
    new = change(call, sent["range"], 1)
    name = "rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"
    sheet.properties["gridProperties"][name] = True
    return {"dimensionGroups": [dict(group) for group in new]}


def delete_group(call: Call, sent: Json) -> Json:
    """DeleteDimensionGroup."""
    new = change(call, sent.get("range", {}), -1)
    return {"dimensionGroups": [dict(group) for group in new]} if new else {}


def update_group(call: Call, sent: Json) -> None:
    """updateDimensionGroup: folds or unfolds."""
    read_update_mask(sent.get("fields"), "DimensionGroup")
    wanted = sent.get("dimensionGroup", {})
    sheet, dimension, start, end = existing(call, wanted.get("range", {}))
    for group in groups_of(sheet, dimension):
        area = group["range"]
        if (area["startIndex"], area["endIndex"]) == (start, end) and group["depth"] == wanted.get("depth", 1):
            group.pop("collapsed", None)
            if wanted.get("collapsed"):
                group["collapsed"] = True
            hide(sheet, dimension, start, end, bool(wanted.get("collapsed")))
            return
    raise invalid("There is no dimension group at the specified range and depth.")


def hide(sheet: Sheet, dimension: str, start: int, end: int, is_hidden: bool) -> None:
    """Lines of a folded group are hidden."""
    props = sheet.row_props if dimension == "ROWS" else sheet.column_props
    for line in range(start, end):
        own = {name: value for name, value in props.get(line, {}).items() if name != "hiddenByUser"}
        props[line] = own | ({"hiddenByUser": True} if is_hidden else {})


HANDLERS = {
    "addDimensionGroup": add_group,
    "deleteDimensionGroup": delete_group,
    "updateDimensionGroup": update_group,
}
