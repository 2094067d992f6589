"""Typed Tables: added, changed, deleted."""

from __future__ import annotations

import copy
import uuid

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.ranges import Place, bounded, rect_of
from tests.helpers.sheets_server.stored import keep

from .call import Call

OVERLAP = "You cannot add a table to a range that already has a table."


def check(call: Call, table: Json) -> Place:
    """A table in; its place out. Raises ApiError 400 for a taken name or an overlap."""
    found = call.place(table["range"])
    for sheet, other in call.attached("tableId"):
        if other["tableId"] == table["tableId"]:
            continue
        if other["name"].lower() == table["name"].lower():
            raise invalid(f"A table with name '{table['name']}' already exists.")
        if sheet is found.sheet and rect_of(sheet, other["range"]).meets(found.rect):
            raise invalid(OVERLAP)
    return found


def columns(call: Call, table: Json, found: Place) -> list[Json]:
    """A table in; its columns, named by the header row where no name is given, out."""
    given = {column.get("columnIndex", 0): column for column in table.get("columnProperties", [])}
    shown = []
    for at in range(found.rect.right - found.rect.left):
        header = found.sheet.cell(found.rect.top, found.rect.left + at).value
        column = {"columnName": str(header) if header is not None else f"Column {at + 1}", **given.get(at, {})}
        shown.append(column | ({"columnIndex": at} if at else {}))
        if header is None or "columnName" in given.get(at, {}):
            found.sheet.update(found.rect.top, found.rect.left + at, value=column["columnName"])
    return shown


def add_table(call: Call, sent: Json) -> Json:
    """addTable: its id is a string."""
    wanted = keep("Table", sent.get("table", {}))
    new_id = call.new_id("tableId", wanted.get("tableId", uuid.uuid4().hex[:12]), "table")
    name = wanted.get("name") or f"Table{sum(1 for _ in call.attached('tableId')) + 1}"
    if "range" not in wanted:
        raise invalid("Table.range must be set.")
    table = {**wanted, "tableId": new_id, "name": name, "range": bounded(call.book, wanted["range"])}
    found = check(call, table)
    table["columnProperties"] = columns(call, table, found)
    found.sheet.tables.append(table)
    return {"table": copy.deepcopy(table)}


def find(call: Call, wanted: str) -> tuple[Sheet, Json]:
    """A table's id in; its sheet and itself out. Raises ApiError 400."""
    return call.find("tableId", wanted, f"No table with id: {wanted}")


def update_table(call: Call, sent: Json) -> None:
    """UpdateTable."""
    mask = read_update_mask(sent.get("fields"), "Table")
    wanted = keep("Table", sent.get("table", {}))
    sheet, table = find(call, wanted.get("tableId", ""))
    changed = write(table, wanted, mask) | {"tableId": table["tableId"]}
    changed["range"] = bounded(call.book, changed["range"])
    changed["columnProperties"] = columns(call, changed, check(call, changed))
    sheet.tables[sheet.tables.index(table)] = changed


def delete_table(call: Call, sent: Json) -> None:
    """deleteTable: with the cells in it."""
    sheet, table = find(call, sent.get("tableId", ""))
    sheet.tables.remove(table)
    rect = rect_of(sheet, table["range"])
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        for column in [at for at in sheet.rows[row] if rect.left <= at < rect.right]:
            sheet.own(row).pop(column)


HANDLERS = {"addTable": add_table, "updateTable": update_table, "deleteTable": delete_table}
