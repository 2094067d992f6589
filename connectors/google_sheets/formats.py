"""A theme's Look ↔ Google's CellFormat, and what an owner changed in one since we wrote it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from config.theme import Line, Look, look, theme

Format = Mapping[str, Any]

LOCALE_HEAD = re.compile(r"^\[\$-[0-9A-Fa-f]+\]")
QUOTED = re.compile(r'"[^"]*"|\\.')
MANAGED = (
    "numberFormat", "horizontalAlignment", "verticalAlignment", "wrapStrategy", "backgroundColorStyle",
    "textFormat.fontFamily", "textFormat.fontSize", "textFormat.bold", "textFormat.italic", "textFormat.strikethrough",
    "textFormat.underline", "textFormat.foregroundColorStyle",
    "borders.top", "borders.bottom", "borders.left", "borders.right", "padding", "textDirection", "textRotation",
)  # fmt: skip
"""The properties of a cell that we write; any of them that differs from what we wrote is the owner's."""
READ_MASK = (
    "numberFormat,horizontalAlignment,verticalAlignment,wrapStrategy,backgroundColorStyle,"
    "textFormat(fontFamily,fontSize,bold,italic,strikethrough,underline,foregroundColorStyle,link),borders,padding,"
    "textDirection,textRotation"
)
TEXT = {"type": "TEXT", "pattern": "@"}
DEFAULTS: dict[str, Any] = {
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
    "textFormat.foregroundColorStyle": {"rgbColor": {}},
    "textFormat.fontFamily": "Arial",
    "textFormat.fontSize": 10,
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
}
"""What an absent property means."""


@cache
def cell_format(name: str, is_text: bool = False) -> dict[str, Any]:
    """A look's name, and whether a text stands in it, in; the CellFormat out. Not to be changed by the caller.

    What Google does anyway is left unsaid: with a mask of the whole format, unsaid means default.
    """
    drawn = look(name)
    said: dict[str, Any] = {
        "horizontalAlignment": None if (drawn.is_text or is_text) and drawn.align == "left" else drawn.align.upper(),
        "verticalAlignment": {"top": "TOP", "center": "MIDDLE", "bottom": None}[drawn.vertical],
        "wrapStrategy": "WRAP" if drawn.wrap else None,
        "backgroundColorStyle": color_style(drawn.fill) if drawn.fill else None,
        "numberFormat": TEXT if is_text else number_format(drawn),
        "borders": {
            side: border(line) for side, line in (("top", drawn.top), ("bottom", drawn.bottom)) if line != "none"
        },
        "textFormat": {
            "fontFamily": drawn.font if drawn.font != DEFAULTS["textFormat.fontFamily"] else None,
            "fontSize": drawn.size if drawn.size != DEFAULTS["textFormat.fontSize"] else None,
            "bold": drawn.bold or None,
            "italic": drawn.italic or None,
            "foregroundColorStyle": color_style(drawn.color),
        },
    }
    said["textFormat"] = {name: value for name, value in said["textFormat"].items() if value is not None}
    return {name: value for name, value in said.items() if value}


@cache
def format_json(name: str, is_text: bool) -> str:
    """A look's name, and whether a text stands in it, in; its CellFormat as compact JSON out."""
    return as_text(cell_format(name, is_text))


def as_text(drawn: Format) -> str:
    """A CellFormat in; the one text that says it out."""
    return json.dumps(drawn, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def number_format(drawn: Look) -> dict[str, str] | None:
    """A look in; the number format out: its pattern without the workbook's locale head, and the type Google wants."""
    if drawn.pattern is None:
        return TEXT if drawn.is_text else None
    pattern = LOCALE_HEAD.sub("", drawn.pattern)
    return {"type": pattern_type(pattern), "pattern": pattern}


def pattern_type(pattern: str) -> str:
    """A number pattern in; PERCENT, DATE, DATE_TIME, TIME or NUMBER out, as its letters say."""
    letters = QUOTED.sub("", pattern).lower()
    has_day, has_time = bool(re.search(r"[dy]|mmm", letters)), "h" in letters or "ss" in letters
    if has_day or has_time:
        return "DATE_TIME" if has_day and has_time else "DATE" if has_day else "TIME"
    return "PERCENT" if "%" in letters else "NUMBER"


def color_style(rrggbb: str) -> dict[str, Any]:
    """RRGGBB in; Google's colour out, each channel a share of 255.

    Google keeps 8 bits and floors: a quarter of a step more keeps 29/255 from becoming 28/255.
    """
    channels = zip(("red", "green", "blue"), bytes.fromhex(rrggbb), strict=True)
    return {"rgbColor": {name: min(1.0, round((value + 0.25) / 255, 4)) for name, value in channels if value}}


def border(line: Line) -> dict[str, Any]:
    """A line of the theme in; the border out."""
    return {"style": "SOLID_MEDIUM" if line == "strong" else "SOLID", "colorStyle": color_style(theme().lines[line])}


def overrides(written: Format, found: Format) -> dict[str, Any]:
    """The format we last wrote and the one that stands now in; property path → value that the owner gave it out."""
    changed: dict[str, Any] = {}
    for path in MANAGED:
        now = _at(found, path)
        if path.startswith("borders.") and _is_our_line(now):
            continue
        if _comparable(path, now) != _comparable(path, _at(written, path)):
            changed[path] = now
    return changed


@lru_cache(maxsize=4096)
def theirs(found: str) -> dict[str, Any]:
    """A format that stands, as JSON, in; property path → value of what no look of ours draws: an owner did, out."""
    standing = json.loads(found)
    return {
        path: now
        for path in MANAGED
        if (now := _at(standing, path)) is not None
        and not (path.startswith("borders.") and _is_our_line(now))
        and _comparable(path, now) not in _drawn()[path]
    }


@cache
def _drawn() -> dict[str, set[object]]:
    """Property path → every value that a look of ours gives it."""
    styled = [f".{style}" for style in theme().styles]
    formats = [
        cell_format(name + style, is_text)
        for name in theme().formats
        for style in ["", *styled]
        for is_text in (False, True)
    ]
    return {path: {_comparable(path, _at(drawn, path)) for drawn in formats} for path in MANAGED}


def with_overrides(written: Format, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Our format and an owner's changes in; the format with them laid over it out."""
    merged: dict[str, Any] = json.loads(json.dumps(written))
    for path, value in changed.items():
        parent, _, leaf = path.rpartition(".")
        holder = merged.setdefault(parent, {}) if parent else merged
        if value is None:
            holder.pop(leaf, None)
        else:
            holder[leaf] = value
    return merged


def _is_our_line(found: Any) -> bool:
    """Whether a border is none or one of the theme's: neighbours share an edge, and Google says whose it is."""
    if not found or found.get("style", "NONE") == "NONE":
        return True
    ours = [_comparable("borders.top", border(line)) for line in _LINES]
    return _comparable("borders.top", found) in ours


_LINES: tuple[Line, ...] = ("hair", "strong")


def _at(format_: Format, path: str) -> Any:
    found: Any = format_
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _comparable(path: str, value: Any) -> object:
    """A property as one comparable value: defaults said, colours in 8 bits, false as absent, borders without width."""
    if value in (None, False, {}):
        value = DEFAULTS.get(path)
    if value is None:
        return None
    if path == "numberFormat":
        return ("TEXT",) if value.get("type") == "TEXT" else (value.get("pattern"),)
    if path.startswith("borders."):
        value = {
            "style": value.get("style"),
            "colorStyle": value.get("colorStyle", {"rgbColor": value.get("color", {})}),
        }
    return tuple(_leaves(value))


def _leaves(value: Any, at: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf of a value with its path, colours rounded to 8 bits (Google floors them) and zeros left out."""
    if isinstance(value, Mapping):
        for name in sorted(value):
            yield from _leaves(value[name], f"{at}.{name}")
    elif isinstance(value, float) or (isinstance(value, int) and at.endswith((".red", ".green", ".blue"))):
        bits = round(value * 255)
        if bits:
            yield at, bits
    else:
        yield at, value
