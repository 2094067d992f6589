"""Named ranges."""

from __future__ import annotations

import copy
import re

from tests.helpers.sheets_server.a1 import parse_bounds
from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json
from tests.helpers.sheets_server.ranges import bounds_of, clip, grid_range, sheet_of
from tests.helpers.sheets_server.stored import keep

from .call import Call, free_id


def check_name(call: Call, named: Json) -> None:
    """Raises ApiError 400 for a name no range can have or another one has."""
    name = named.get("name", "")
    if (
        not re.fullmatch(r"[^\W\d]\w*", name)
        or len(name) > 250
        or parse_bounds(name)
        or name.lower() in ("true", "false")
    ):
        raise invalid(f"The name '{name}' is invalid for a named range.")
    for other in call.book.named_ranges:
        if other["name"].lower() == name.lower() and other["namedRangeId"] != named["namedRangeId"]:
            raise invalid(f"A named range with name '{name}' already exists.")


def placed(call: Call, sent: Json) -> Json:
    """A GridRange in; the same inside the grid, open ends bounded, out."""
    sheet = sheet_of(call.book, sent.get("sheetId", 0))
    return grid_range(sheet, clip(sheet, bounds_of(sent)))


def add_named(call: Call, sent: Json) -> Json:
    """addNamedRange: its id is a string."""
    wanted = keep("NamedRange", sent.get("namedRange", {}))
    taken = {item["namedRangeId"] for item in call.book.named_ranges}
    chosen = wanted.get("namedRangeId")
    new_id = str(free_id(taken, chosen, f"Cannot add named range with ID {chosen}: that ID already exists."))
    named = {"namedRangeId": new_id, "name": wanted.get("name", ""), "range": placed(call, wanted.get("range", {}))}
    check_name(call, named)
    call.book.named_ranges.append(named)
    return {"namedRange": copy.deepcopy(named)}


def find(call: Call, wanted: str) -> Json:
    """A named range's id in, itself out. Raises ApiError 400."""
    for named in call.book.named_ranges:
        if named["namedRangeId"] == wanted:
            return named
    raise invalid(f"No named range with ID: {wanted}")


def update_named(call: Call, sent: Json) -> None:
    """UpdateNamedRange."""
    mask = read_update_mask(sent.get("fields"), "NamedRange")
    wanted = keep("NamedRange", sent.get("namedRange", {}))
    named = find(call, wanted.get("namedRangeId", ""))
    changed = write(named, wanted, mask) | {"namedRangeId": named["namedRangeId"]}
    changed["range"] = placed(call, changed.get("range", {}))
    check_name(call, changed)
    call.book.named_ranges[call.book.named_ranges.index(named)] = changed


def delete_named(call: Call, sent: Json) -> None:
    """DeleteNamedRange."""
    call.book.named_ranges.remove(find(call, sent.get("namedRangeId", "")))


HANDLERS = {"addNamedRange": add_named, "updateNamedRange": update_named, "deleteNamedRange": delete_named}
