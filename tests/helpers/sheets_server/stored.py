"""What was sent in; how Google keeps and shows it out: colours of eight bits and in pairs, no proto defaults."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from .masks import Tree
from .schema import properties

THEME = {
    "TEXT": (0, 0, 0),
    "BACKGROUND": (255, 255, 255),
    "ACCENT1": (66, 133, 244),
    "ACCENT2": (234, 67, 53),
    "ACCENT3": (251, 188, 4),
    "ACCENT4": (52, 168, 83),
    "ACCENT5": (255, 109, 1),
    "ACCENT6": (70, 189, 198),
    "LINK": (17, 85, 204),
}
# Members whose zero or false says something (wrappers, oneofs and ids): shown although they are the default.
EXPLICIT = {
    "GridRange": {"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"},
    "DimensionRange": {"startIndex", "endIndex"},
    "SheetProperties": {"sheetId", "index"},
    "ExtendedValue": {"numberValue", "stringValue", "boolValue", "formulaValue"},
    "TextFormat": {"bold", "italic", "strikethrough", "underline", "fontSize"},
    "ConditionValue": {"userEnteredValue"},
    "ColorStyle": set(),
    "DeveloperMetadataLocation": {"sheetId"},
    "Padding": {"top", "right", "bottom", "left"},
}


def keep(schema: str, message: Any) -> Any:
    """A schema's name and a parsed message in; the message as it is stored and shown out."""
    if schema == "Color":
        return floored(message)
    kinds = members(schema)
    explicit: set[str] = EXPLICIT.get(schema, set())
    kept: dict[str, Any] = {}
    for name, value in message.items():
        reference, is_list = kinds.get(name, ("", False))
        if reference and is_list and isinstance(value, list):
            if value:
                kept[name] = [keep(reference, item) for item in value]
        elif reference and isinstance(value, dict):
            kept[name] = keep(reference, value)
        elif value not in ("", 0, False, [], None) or name in explicit:
            kept[name] = value
    return paired(schema, kept)


@cache
def members(schema: str) -> dict[str, tuple[str, bool]]:
    """A schema's name in; its members that are messages, and whether they are repeated, out."""
    found = {}
    for name, declared in properties(schema).items():
        reference = declared.get("$ref") or declared.get("items", {}).get("$ref")
        if reference:
            found[name] = (reference, "items" in declared)
    return found


@cache
def color_pairs(schema: str) -> tuple[tuple[str, str], ...]:
    """A schema's name in; its (deprecated colour, colour style) members out."""
    declared = properties(schema)
    return tuple((name, f"{name}Style") for name in declared if f"{name}Style" in declared)


def paired(schema: str, message: dict[str, Any]) -> dict[str, Any]:
    """A message in; the same with each colour under both of its names out. The style wins."""
    for plain, style in color_pairs(schema):
        if style in message:
            color = rgb_of(message[style])
            if color is None:
                message.pop(plain, None)
                message.pop(style)
            else:
                message[plain] = color
        elif plain in message:
            message[style] = {"rgbColor": message[plain]}
    return message


def paired_mask(schema: str, tree: Tree) -> Tree:
    """An update mask in; the same with both names of each colour it names out."""
    widened: Tree = {}
    kinds = members(schema)
    for name, below in tree.items():
        inner = paired_mask(kinds[name][0], below) if below and name in kinds else below
        for pair in color_pairs(schema):
            if name in pair:
                widened |= {pair[0]: {}, pair[1]: {}}
                break
        else:
            widened[name] = inner
    return widened


def rgb_of(style: dict[str, Any]) -> dict[str, Any] | None:
    """A ColorStyle in; its colour out, None for a style that says nothing."""
    if "themeColor" in style:
        channels = THEME.get(style["themeColor"], (0, 0, 0))
        return floored({name: value / 255 for name, value in zip(("red", "green", "blue"), channels, strict=True)})
    color: dict[str, Any] | None = style.get("rgbColor")
    return color


def floored(color: dict[str, Any]) -> dict[str, Any]:
    """A colour in; its channels floored to 8 bits, zeros left out, out: 0.5 becomes 0.49803922."""
    shown = {}
    for name in ("red", "green", "blue", "alpha"):
        value = min(max(color.get(name, 0), 0), 1)
        level = int(value * 255 + 1e-5)
        if level and not (name == "alpha" and level == 255):
            shown[name] = single(level / 255)
    return shown


@cache
def single(value: float) -> float:
    """A number in; the shortest decimal that is the same 32-bit float out."""
    wanted = struct.pack("<f", value)
    (nearest,) = struct.unpack("<f", wanted)
    for digits in range(1, 10):
        short = float(f"{nearest:.{digits}g}")
        if struct.pack("<f", short) == wanted:
            return int(short) if short == int(short) else short
    return value
