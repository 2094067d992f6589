"""Banded ranges: alternating colours, which may not overlap."""

from __future__ import annotations

import copy

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.masks import read_update_mask, write
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.ranges import bounded, place, rect_of
from tests.helpers.sheets_server.stored import keep, paired_mask

from .call import Call

OVERLAP = "You cannot add alternating background colors to a range that already has alternating background colors."


def check(call: Call, banding: Json) -> None:
    """Raises ApiError 400 for missing colours or an overlap with another banding."""
    colors = [banding.get(name, {}) for name in ("rowProperties", "columnProperties")]
    if not any(colors):
        raise invalid("At least one of rowProperties or columnProperties must be specified.")
    for properties in filter(None, colors):
        if "firstBandColor" not in properties or "secondBandColor" not in properties:
            raise invalid("BandingProperties.firstBandColor and secondBandColor must be set.")
    found = place(call.book, banding.get("range", {}))
    for other in found.sheet.banded_ranges:
        is_other = other["bandedRangeId"] != banding["bandedRangeId"]
        if is_other and rect_of(found.sheet, other["range"]).meets(found.rect):
            raise invalid(OVERLAP)


def add_banding(call: Call, sent: Json) -> Json:
    """AddBanding."""
    wanted = keep("BandedRange", sent.get("bandedRange", {}))
    new_id = call.new_id("bandedRangeId", wanted.get("bandedRangeId"), "banded range")
    banding = {"bandedRangeId": new_id, **wanted}
    if "range" not in banding:
        raise invalid("bandedRange.range must be set.")
    banding["range"] = bounded(call.book, banding["range"])
    check(call, banding)
    call.editable(banding["range"]).sheet.banded_ranges.append(banding)
    return {"bandedRange": copy.deepcopy(banding)}


def update_banding(call: Call, sent: Json) -> None:
    """UpdateBanding."""
    mask = paired_mask("BandedRange", read_update_mask(sent.get("fields"), "BandedRange"))
    wanted = keep("BandedRange", sent.get("bandedRange", {}))
    sheet, banding = find(call, wanted.get("bandedRangeId", 0))
    changed = keep("BandedRange", write(banding, wanted, mask)) | {"bandedRangeId": banding["bandedRangeId"]}
    changed["range"] = bounded(call.book, changed.get("range", {}))
    check(call, changed)
    sheet.banded_ranges[sheet.banded_ranges.index(banding)] = changed


def delete_banding(call: Call, sent: Json) -> None:
    """DeleteBanding."""
    sheet, banding = find(call, sent.get("bandedRangeId", 0))
    sheet.banded_ranges.remove(banding)


def find(call: Call, wanted: int) -> tuple[Sheet, Json]:
    """A banded range's id in; its sheet and itself out. Raises ApiError 400."""
    return call.find("bandedRangeId", wanted, f"No banded range with ID: {wanted}")


HANDLERS = {"addBanding": add_banding, "updateBanding": update_banding, "deleteBanding": delete_banding}
