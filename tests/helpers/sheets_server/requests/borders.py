"""Borders: set side by side; NONE takes one away, sides not named stay."""

from __future__ import annotations

from typing import Any

from tests.helpers.sheets_server.cells import shared
from tests.helpers.sheets_server.model import Json
from tests.helpers.sheets_server.ranges import Rect
from tests.helpers.sheets_server.stored import keep

from .call import Call

SIDES = ("top", "bottom", "left", "right")
WIDTHS = {"SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}


def update_borders(call: Call, sent: Json) -> None:
    """updateBorders: the outer sides of a range and its inner lines."""
    found = call.editable(sent.get("range", {}))
    kinds = (*SIDES, "innerHorizontal", "innerVertical")
    borders = {name: line(sent[name]) for name in kinds if name in sent}
    for row in range(found.rect.top, found.rect.bottom):
        for column in range(found.rect.left, found.rect.right):
            sides = sides_of(found.rect, row, column, borders)
            if sides:
                cell = found.sheet.cell(row, column)
                found.sheet.update(row, column, format=shared(with_sides(cell.format or {}, sides)))


def line(border: Json) -> Json | None:
    """A Border in; its stored form out, None for style NONE."""
    if border.get("style", "NONE") in ("NONE", "STYLE_UNSPECIFIED"):
        return None
    kept: Json = keep("Border", border)
    if "color" not in kept:
        kept |= {"color": {}, "colorStyle": {"rgbColor": {}}}
    return {**kept, "width": WIDTHS.get(border["style"], 1)}


def sides_of(rect: Rect, row: int, column: int, borders: dict[str, Json | None]) -> dict[str, Json | None]:
    """A cell of the range and the borders sent in; the sides of the cell they set out."""
    inner = {
        "top": "top" if row == rect.top else "innerHorizontal",
        "bottom": "bottom" if row == rect.bottom - 1 else "innerHorizontal",
        "left": "left" if column == rect.left else "innerVertical",
        "right": "right" if column == rect.right - 1 else "innerVertical",
    }
    return {side: borders[name] for side, name in inner.items() if name in borders}


def with_sides(cell_format: Json, sides: dict[str, Any]) -> Json:
    """A format and sides (None: take away) in; the new format out."""
    merged = {**cell_format.get("borders", {}), **sides}
    left = {side: border for side, border in merged.items() if border is not None}
    rest = {name: value for name, value in cell_format.items() if name != "borders"}
    return rest | ({"borders": left} if left else {})


HANDLERS = {"updateBorders": update_borders}
