"""Developer metadata: keys and values on the spreadsheet, a sheet, a row or a column; data filters find them."""

from __future__ import annotations

import copy

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json, Spreadsheet
from tests.helpers.sheets_server.ranges import locate, sheet_of
from tests.helpers.sheets_server.stored import keep

from .call import Call, free_id

LOCATIONS = {"spreadsheet": "SPREADSHEET", "sheetId": "SHEET"}


def kept(book: Spreadsheet, sent: Json) -> Json:
    """DeveloperMetadata in; its stored form without the id out. Raises ApiError 400."""
    wanted = keep("DeveloperMetadata", sent)
    if not wanted.get("metadataKey"):
        raise invalid("DeveloperMetadata.metadataKey must be specified.")
    if wanted.get("visibility", "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED").endswith("UNSPECIFIED"):
        raise invalid("DeveloperMetadata.visibility must be specified.")
    return {**wanted, "location": kept_location(book, wanted.get("location", {}))}


def kept_location(book: Spreadsheet, sent: Json) -> Json:
    """A location in; the same with its type out. Raises ApiError 400."""
    given = [name for name in ("spreadsheet", "sheetId", "dimensionRange") if name in sent]
    if len(given) != 1:
        raise invalid("Exactly one location of spreadsheet, sheetId or dimensionRange must be specified.")
    if given == ["dimensionRange"]:
        area = sent["dimensionRange"]
        sheet_of(book, area.get("sheetId", 0))
        if area.get("endIndex", 0) - area.get("startIndex", 0) != 1:
            raise invalid("DeveloperMetadataLocation.dimensionRange must be of length 1.")
        return {"locationType": area["dimension"].removesuffix("S"), "dimensionRange": area}
    if given == ["sheetId"] and book.find(sent["sheetId"]) is None:
        raise invalid(f"No sheet with id: {sent['sheetId']}")
    return {"locationType": LOCATIONS[given[0]], given[0]: sent[given[0]]}


def create(call: Call, sent: Json) -> Json:
    """createDeveloperMetadata: its id may be chosen."""
    wanted = kept(call.book, sent.get("developerMetadata", {}))
    taken = {item["metadataId"] for item in call.book.developer_metadata}
    chosen = wanted.get("metadataId")
    new_id = free_id(taken, chosen, f"Developer metadata with ID {chosen} already exists.")
    item = {**wanted, "metadataId": new_id}
    call.book.developer_metadata.append(item)
    return {"developerMetadata": copy.deepcopy(item)}


def update(call: Call, sent: Json) -> Json:
    """updateDeveloperMetadata: everything the filters find."""
    mask = read_update_mask(sent.get("fields"), "DeveloperMetadata")
    mask = {name: below for name, below in mask.items() if name != "metadataId"}
    found = [
        item
        for item in call.book.developer_metadata
        if any(matches(call.book, item, f) for f in sent.get("dataFilters", []))
    ]
    if not found:
        raise invalid("No developer metadata matched the data filters.")
    sent_part = keep("DeveloperMetadata", sent.get("developerMetadata", {}))
    for item in found:
        changed = write(item, sent_part, mask)
        new = kept(call.book, changed) | {"metadataId": item["metadataId"]}
        item.clear()
        item.update(new)
    return {"developerMetadata": copy.deepcopy(found)}


def delete(call: Call, sent: Json) -> Json:
    """deleteDeveloperMetadata: everything the filter finds, which the answer lists."""
    wanted = sent.get("dataFilter", {})
    found = [item for item in call.book.developer_metadata if matches(call.book, item, wanted)]
    call.book.developer_metadata = [item for item in call.book.developer_metadata if item not in found]
    return {"deletedDeveloperMetadata": found} if found else {}


def matches(book: Spreadsheet, item: Json, data_filter: Json) -> bool:
    """Does a data filter find the metadata, yes or no."""
    if "developerMetadataLookup" in data_filter:
        return looked_up(item, data_filter["developerMetadataLookup"])
    area = item["location"].get("dimensionRange")
    if "a1Range" in data_filter:
        sheet, bounds = locate(book, data_filter["a1Range"])
        ends = {"ROWS": (bounds.top, bounds.bottom), "COLUMNS": (bounds.left, bounds.right)}
        sheet_id = sheet.id
    else:
        shown = data_filter.get("gridRange", {})
        sheet_id = shown.get("sheetId", 0)
        ends = {
            "ROWS": (shown.get("startRowIndex"), shown.get("endRowIndex")),
            "COLUMNS": (shown.get("startColumnIndex"), shown.get("endColumnIndex")),
        }
    if area is None or area.get("sheetId", 0) != sheet_id:
        return False
    start, end = ends[area["dimension"]]
    return (start or 0) <= area["startIndex"] and (end is None or area["endIndex"] <= end)


def looked_up(item: Json, lookup: Json) -> bool:
    """Does a lookup, all of whose members must hold, find the metadata, yes or no."""
    location = item["location"]
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and lookup[name] != item.get(name):
            return False
    if "locationType" in lookup and lookup["locationType"] != location["locationType"]:
        return False
    wanted = lookup.get("metadataLocation")
    return wanted is None or is_at(location, wanted, lookup.get("locationMatchingStrategy", "EXACT_LOCATION"))


def is_at(location: Json, wanted: Json, strategy: str) -> bool:
    """Is a location the wanted one or, for INTERSECTING_LOCATION, inside it, yes or no."""
    keys = ("spreadsheet", "sheetId", "dimensionRange")
    if all(location.get(key) == wanted.get(key) for key in keys):
        return True
    if strategy != "INTERSECTING_LOCATION":
        return False
    if wanted.get("spreadsheet"):
        return True
    area = location.get("dimensionRange", {})
    return bool(area) and area.get("sheetId", 0) == wanted.get("sheetId")


HANDLERS = {
    "createDeveloperMetadata": create,
    "updateDeveloperMetadata": update,
    "deleteDeveloperMetadata": delete,
}
