"""duplicateSheet: a sheet copied inside its spreadsheet, its objects under new ids."""

from __future__ import annotations

import copy
from typing import Any

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.guards import guard_size
from tests.helpers.sheets_server.model import ATTACHED, Json, Sheet

from .call import OBJECTS, Call
from .sheets import check_title, free_sheet_id, number_sheets


def duplicate_sheet(call: Call, sent: Json) -> Json:
    """duplicateSheet: cells and attachments, whose ids are new."""
    source = call.sheet(sent.get("sourceSheetId", 0))
    title = sent.get("newSheetName") or copied_title(call, source.title)
    check_title(call, title, None)
    twin = source.draft()
    twin.properties |= {"sheetId": free_sheet_id(call, sent.get("newSheetId")), "title": title}
    readdress(twin, source.id, twin.id)
    renumber(call, twin)
    at = sent.get("insertSheetIndex", 0)
    if not 0 <= at <= len(call.book.sheets):
        raise invalid(f"Invalid insertSheetIndex: {at}.")
    call.book.sheets.insert(at, twin)
    number_sheets(call)
    guard_size(call.book)
    return {"properties": copy.deepcopy(twin.properties)}


def copied_title(call: Call, title: str) -> str:
    """A title in; `Copy of …` with a number if need be out."""
    wanted, number = f"Copy of {title}", 1
    while call.book.titled(wanted):
        number += 1
        wanted = f"Copy of {title} {number}"
    return wanted


def readdress(sheet: Sheet, old: int, new: int) -> None:
    """Everything attached to a copy points to the copy instead of the original."""
    for name in ATTACHED:
        setattr(sheet, name, pointed(getattr(sheet, name), old, new))
    sheet.basic_filter = pointed(sheet.basic_filter, old, new)


RANGE_NAMES = {
    "startRowIndex",
    "endRowIndex",
    "startColumnIndex",
    "endColumnIndex",
    "rowIndex",
    "columnIndex",
    "dimension",
}


def pointed(message: Any, old: int, new: int) -> Any:
    """A message in; the same with ranges of one sheet now naming the other out."""
    if isinstance(message, list):
        return [pointed(item, old, new) for item in message]
    if not isinstance(message, dict):
        return message
    changed = {name: pointed(value, old, new) for name, value in message.items()}
    if (RANGE_NAMES & set(message) or not set(message) - {"sheetId"}) and message.get("sheetId", 0) == old:
        is_range = bool(RANGE_NAMES & set(message)) or "sheetId" in message
        if is_range:
            changed = {**({"sheetId": new} if new else {}), **{k: v for k, v in changed.items() if k != "sheetId"}}
    return changed


def renumber(call: Call, sheet: Sheet) -> None:
    """Objects of a copied sheet get ids of their own."""
    for id_name, attribute in OBJECTS.items():
        for item in getattr(sheet, attribute):
            new = call.new_id(id_name)
            item[id_name] = str(new) if id_name == "tableId" else new


HANDLERS = {"duplicateSheet": duplicate_sheet}
