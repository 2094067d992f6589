"""Protected ranges: only editors, or everyone after a warning."""

from __future__ import annotations

import copy

from tests.helpers.sheets_server.errors import PROTECTED, invalid
from tests.helpers.sheets_server.guards import may_edit
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json
from tests.helpers.sheets_server.stored import keep

from .call import Call


def add_protected(call: Call, sent: Json) -> Json:
    """addProtectedRange: false and empty members are dropped, the caller may edit."""
    wanted = keep("ProtectedRange", sent.get("protectedRange", {}))
    new_id = call.new_id("protectedRangeId", wanted.get("protectedRangeId"), "protected range")
    protected = {"protectedRangeId": new_id, **wanted, "requestingUserCanEdit": True}
    area = area_of(call, protected)
    protected["range"] = area
    if protected.get("warningOnly"):
        protected.pop("editors", None)
    reply = copy.deepcopy(protected)
    if not protected.get("warningOnly"):
        reply["editors"] = copy.deepcopy(wanted.get("editors", {}))
        protected["editors"] = everyone(call, wanted.get("editors"))
    call.place(area).sheet.protected_ranges.append(protected)
    return {"protectedRange": reply}


def area_of(call: Call, protected: Json) -> Json:
    """A protected range in; the cells it covers out: a range or those of its named range. Raises ApiError 400."""
    if "range" in protected and "namedRangeId" in protected:
        raise invalid("Only one of range or namedRangeId may be set.")
    if "namedRangeId" in protected:
        for named in call.book.named_ranges:
            if named["namedRangeId"] == protected["namedRangeId"]:
                return dict(named["range"])
        raise invalid(f"No named range with ID: {protected['namedRangeId']}")
    area: Json = protected.get("range", {})
    call.place(area)
    return area


def everyone(call: Call, editors: Json | None) -> Json:
    """Editors sent, None if none were, in; those then shown, the caller and the owner among them, out."""
    book = call.book
    if editors is None:
        users = [book.owner, *sorted(book.writers)]
    else:
        users = list(editors.get("users", []))
        users += [user for user in (call.user,) if user not in users]
    rest = {name: value for name, value in (editors or {}).items() if name != "users"}
    return {"users": list(dict.fromkeys(users)), **rest}


def update_protected(call: Call, sent: Json) -> None:
    """UpdateProtectedRange."""
    mask = read_update_mask(sent.get("fields"), "ProtectedRange")
    wanted = keep("ProtectedRange", sent.get("protectedRange", {}))
    found_id = wanted.get("protectedRangeId", 0)
    sheet, protected = call.find("protectedRangeId", found_id, f"No protected range with ID: {found_id}")
    if not may_edit(call.book, protected, call.user):
        raise invalid(PROTECTED)
    mask = {name: below for name, below in mask.items() if name not in ("protectedRangeId", "requestingUserCanEdit")}
    changed = write(protected, wanted, mask) | {"protectedRangeId": found_id, "requestingUserCanEdit": True}
    changed["range"] = area_of(call, {name: value for name, value in changed.items() if name != "namedRangeId"})
    if changed.get("warningOnly"):
        changed.pop("editors", None)
    sheet.protected_ranges.remove(protected)
    call.place(changed["range"]).sheet.protected_ranges.append(changed)


def delete_protected(call: Call, sent: Json) -> None:
    """DeleteProtectedRange."""
    wanted = sent.get("protectedRangeId", 0)
    sheet, protected = call.find("protectedRangeId", wanted, f"No protected range with ID: {wanted}")
    if not may_edit(call.book, protected, call.user):
        raise invalid(PROTECTED)
    sheet.protected_ranges.remove(protected)


HANDLERS = {
    "addProtectedRange": add_protected,
    "updateProtectedRange": update_protected,
    "deleteProtectedRange": delete_protected,
}
