"""Sheets and spreadsheet properties: added, deleted, copied, renamed, resized, moved, hidden."""

from __future__ import annotations

import copy
from typing import Any
from zoneinfo import available_timezones

from tests.helpers.sheets_server.attachments import GONE
from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.formulas.references import Reference
from tests.helpers.sheets_server.guards import guard_size
from tests.helpers.sheets_server.locales import is_known
from tests.helpers.sheets_server.masks import Tree, names, read_update_mask, write
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.shifting import drop_outside, rewrite_formulas
from tests.helpers.sheets_server.stored import keep, paired_mask

from .call import Call, free_id

DEFAULT_GRID = {"rowCount": 1000, "columnCount": 26}
EMPTY_TITLE = "The sheet name cannot be empty."


def add_sheet(call: Call, sent: Json) -> Json:
    """addSheet: all properties are optional, the sheetId may be chosen."""
    wanted = keep("SheetProperties", sent.get("properties", {}))
    book = call.book
    sheet_id = free_sheet_id(call, wanted.get("sheetId"))
    title = wanted.get("title") or free_title(call, "Sheet")
    check_title(call, title, None)
    properties = {"sheetId": sheet_id, "title": title, "sheetType": wanted.pop("sheetType", "GRID"), **wanted}
    properties |= {"sheetId": sheet_id, "title": title}
    if properties["sheetType"] == "GRID":
        properties["gridProperties"] = DEFAULT_GRID | wanted.get("gridProperties", {})
        check_grid(properties["gridProperties"], {})
    at = wanted.get("index", len(book.sheets))
    if not 0 <= at <= len(book.sheets):
        raise invalid(f"Invalid index: {at}. Must be between 0 and {len(book.sheets)}.")
    book.sheets.insert(at, Sheet(properties))
    number_sheets(call)
    guard_size(book)
    return {"properties": copy.deepcopy(properties)}


def free_sheet_id(call: Call, chosen: int | None) -> int:
    """A wish for a sheetId in; a free one out. Raises ApiError 400 when it is taken."""
    if chosen is not None and chosen < 0:
        raise invalid(f"Invalid sheetId: {chosen}. Must be non-negative.")
    taken = {sheet.id for sheet in call.book.sheets}
    return int(free_id(taken, chosen, f"Sheet with ID {chosen} already exists."))


def free_title(call: Call, stem: str) -> str:
    """A stem in; the first `Sheet2`-like title nobody has out."""
    number = len(call.book.sheets) + 1
    while call.book.titled(f"{stem}{number}"):
        number += 1
    return f"{stem}{number}"


def check_title(call: Call, title: str, own: Sheet | None) -> None:
    """Raises ApiError 400 for an empty, too long or taken title."""
    if not title:
        raise invalid(EMPTY_TITLE)
    if len(title) > 100:
        raise invalid("The sheet name cannot be greater than 100 characters.")
    other = call.book.titled(title)
    if other is not None and other is not own:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def number_sheets(call: Call) -> None:
    """Writes each sheet's place into its properties."""
    for index, sheet in enumerate(call.book.sheets):
        sheet.properties["index"] = index


def delete_sheet(call: Call, sent: Json) -> None:
    """deleteSheet: names, metadata and sources on it go too, references to it become #REF!."""
    sheet = call.sheet(sent.get("sheetId", 0))
    book = call.book
    others = [other for other in book.sheets if other is not sheet]
    if not others:
        raise invalid("You can't remove all the sheets in a document.")
    if all(other.properties.get("hidden") for other in others):
        raise invalid("You can't remove all the visible sheets in a document.")
    book.sheets = others
    book.named_ranges = [item for item in book.named_ranges if item["range"].get("sheetId", 0) != sheet.id]
    book.developer_metadata = [item for item in book.developer_metadata if not is_on(item, sheet.id)]
    for other in others:
        other.charts = [without_sheet(chart, sheet.id) for chart in other.charts]
    title = sheet.title.lower()
    rewrite_formulas(book, lambda _, ref: "#REF!" if ref.sheet is not None and ref.sheet.lower() == title else None)
    number_sheets(call)


def is_on(metadata: Json, sheet_id: int) -> bool:
    """Does developer metadata hang on the sheet or on a line of it, yes or no."""
    location = metadata["location"]
    if "dimensionRange" in location:
        return bool(location["dimensionRange"].get("sheetId", 0) == sheet_id)
    return bool(location.get("sheetId") == sheet_id)


def without_sheet(message: Any, sheet_id: int) -> Any:
    """A chart in; the same without sources on a deleted sheet out."""
    if isinstance(message, list):
        return [item for item in (without_sheet(item, sheet_id) for item in message) if item is not GONE]
    if not isinstance(message, dict):
        return message
    if "startRowIndex" in message and message.get("sheetId", 0) == sheet_id:
        return GONE
    return {name: without_sheet(value, sheet_id) for name, value in message.items()}


def update_sheet(call: Call, sent: Json) -> None:
    """updateSheetProperties: title, place, size, frozen lines, colour, visibility."""
    wanted = sent.get("properties", {})
    mask = paired_mask("SheetProperties", read_update_mask(sent.get("fields"), "SheetProperties"))
    sheet = call.sheet(wanted.get("sheetId", 0))
    old = sheet.properties
    new = keep("SheetProperties", write(old, keep("SheetProperties", wanted), without_identity(mask)))
    if names(mask, "title") and new.get("title") != old["title"]:
        rename(call, sheet, new.get("title", ""))
    if "gridProperties" in mask and old.get("sheetType") == "GRID":
        resize(call, sheet, new)
    sheet.properties = new | {"title": sheet.title, "sheetId": sheet.id, "index": old["index"]}
    if all(other.properties.get("hidden") for other in call.book.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    if names(mask, "index") and "index" in wanted:
        move(call, sheet, wanted["index"])
    guard_size(call.book)


def without_identity(mask: Tree) -> Tree:
    """A mask in; the same without the members that are not written as they are out."""
    return {name: below for name, below in mask.items() if name not in ("sheetId", "index", "sheetType")}


def rename(call: Call, sheet: Sheet, title: str) -> None:
    """A sheet gets a new title; formulas follow."""
    check_title(call, title, sheet)
    old = sheet.title.lower()

    def renamed(_: str, reference: Reference) -> str | None:
        if reference.sheet is None or reference.sheet.lower() != old:
            return None
        return Reference(title, reference.start, reference.end).text

    sheet.properties["title"] = title
    rewrite_formulas(call.book, renamed)


def resize(call: Call, sheet: Sheet, new: Json) -> None:
    """A grid gets new sizes; what lies outside goes away. Frozen lines as they are now must leave one line free."""
    old_grid = sheet.properties["gridProperties"]
    new_grid = new["gridProperties"] = DEFAULT_GRID | new.get("gridProperties", {})
    check_grid(new_grid, old_grid)
    before = dict(old_grid)
    sheet.properties["gridProperties"] = new_grid
    drop_outside(call.book, sheet, before, new_grid)


def check_grid(new: Json, old: Json) -> None:
    """Raises ApiError 400 for sizes no grid can have."""
    for count, frozen, noun in (
        ("rowCount", "frozenRowCount", "rows"),
        ("columnCount", "frozenColumnCount", "columns"),
    ):
        size = new.get(count, 0)
        if size < 1:
            raise invalid(f"Invalid {count}: {size}. Must be at least 1.")
        if old.get(frozen, 0) and size <= old[frozen] and size < old.get(count, 0):
            raise invalid(f"Sorry, it is not possible to delete all non-frozen {noun}.")
        if new.get(frozen, 0) >= size:
            raise invalid(f"You can't freeze all visible {noun} on the sheet.")
    if new["columnCount"] > 18278:
        raise invalid("This action would increase the number of columns in the sheet above the limit of 18278 columns.")


def move(call: Call, sheet: Sheet, index: int) -> None:
    """A sheet goes before the one that had the index before the move."""
    sheets = call.book.sheets
    if not 0 <= index <= len(sheets):
        raise invalid(f"Invalid index: {index}. Must be between 0 and {len(sheets)}.")
    at = sheets.index(sheet)
    sheets.remove(sheet)
    sheets.insert(index if index <= at else index - 1, sheet)
    number_sheets(call)


def update_spreadsheet(call: Call, sent: Json) -> None:
    """updateSpreadsheetProperties: title, locale, time zone and the like."""
    mask = read_update_mask(sent.get("fields"), "SpreadsheetProperties")
    if "fields" in sent and sent["fields"].strip() == "*":
        mask = {name: {} for name in sent.get("properties", {})}
    new = write(call.book.properties, keep("SpreadsheetProperties", sent.get("properties", {})), mask)
    if not new.get("title"):
        raise invalid("Title must not be empty.")
    if not is_known(new.get("locale", "")):
        raise invalid(f"Unsupported locale: {new.get('locale', '')}")
    if new.get("timeZone") not in available_timezones():
        raise invalid(f"Invalid time zone: {new.get('timeZone', '')}")
    call.book.properties = new


HANDLERS = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "updateSheetProperties": update_sheet,
    "updateSpreadsheetProperties": update_spreadsheet,
}
