"""What hangs on cells (merges, rules, charts, filters, names): messages and a shift in, the messages after it out."""

from __future__ import annotations

from typing import Any

from .model import Json
from .ranges import INDEXES
from .shift import Shift

GONE = object()


def moved_list(messages: list[Json], shift: Shift) -> list[Json]:
    """Attachments and a shift in; those that are left, where they are afterwards, out."""
    return [moved for moved in (moved_message(message, shift) for message in messages) if moved is not GONE]


def moved_message(message: Json, shift: Shift) -> Any:
    """One attachment in; where it is afterwards out, GONE when the range it lives on is gone."""
    moved = walk(message, shift)
    if moved is GONE:
        return GONE
    lost = "range" in message and "range" not in moved
    location = message.get("location", {})
    lost_line = "dimensionRange" in location and "dimensionRange" not in moved.get("location", {})
    if lost or lost_line:
        return GONE
    return moved_columns(message, moved, shift)


def walk(message: Any, shift: Shift) -> Any:
    """Any part of a message in; the same after the shift out, GONE for a range nothing is left of."""
    if isinstance(message, list):
        return [item for item in (walk(item, shift) for item in message) if item is not GONE]
    if not isinstance(message, dict):
        return message
    if any(name in message for name in INDEXES):
        return or_gone(shift.range(message))
    if "dimension" in message and ("startIndex" in message or "endIndex" in message):
        return or_gone(shift.line_range(message))
    changed = {}
    for name, value in message.items():
        after = shift.anchor(value) if name == "anchorCell" else walk(value, shift)
        if after is not GONE:
            changed[name] = after
    return changed


def or_gone(message: Json | None) -> Any:
    """A range or None in; the range or GONE out."""
    return GONE if message is None else message


def moved_columns(before: Json, after: Json, shift: Shift) -> Json:
    """Filters and sort orders name columns by number: those follow their columns."""
    area = before.get("range", {})
    if shift.is_rows or shift.band is not None or area.get("sheetId", 0) != shift.sheet_id:
        return after
    for name, member in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if name in after:
            after[name] = [spec for spec in (moved_spec(item, member, shift) for item in after[name]) if spec]
    if "criteria" in after:
        places = {shift.change.point(int(column)): value for column, value in after["criteria"].items()}
        after["criteria"] = {str(place): value for place, value in places.items() if place is not None}
    return after


def moved_spec(spec: Json, member: str, shift: Shift) -> Json | None:
    """A filter or sort spec in; the same for the column's new number out, None when the column is gone."""
    place = shift.change.point(spec.get(member, 0))
    return None if place is None else {**spec, member: place}
