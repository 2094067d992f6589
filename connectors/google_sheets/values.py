"""Plain values, a row at a time → JSON; rows whose values are of the same types share one template.

A report of half a million cells is mostly rows alike: filling a template costs a third of building their JSON by cell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from math import isfinite

from config.documents import Value

NOTHING = "%.0s"
"""A place in a template that takes a value and shows none of it."""
TEXTS = {str: "%s", int: '"%.12g"', float: '"%.12g"', type(None): f'""{NOTHING}'}
"""Type of a value → its canonical text in a template, as `canonical` spells it."""
VALUES = {
    str: '"userEnteredValue":{"stringValue":%s}',
    bool: '"userEnteredValue":{"boolValue":%s}',
    int: '"userEnteredValue":{"numberValue":%r}',
    float: '"userEnteredValue":{"numberValue":%r}',
    type(None): NOTHING,
}
"""Type of a value → the member `userEnteredValue` in a template: text is never a formula, a number never text."""
Types = tuple[type, ...]


def compact_json(value: object) -> str:
    """Anything that JSON can carry in; it without a space out, as `texts_json` spells a list."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def texts_json(values: Sequence[Plain]) -> str:
    """Values in; a JSON list of their canonical texts out, equal for two rows that hold the same."""
    template = _texts(tuple(map(type, values)))
    if template is None:
        return compact_json([canonical(value) for value in values])
    return template % tuple([encode_basestring(value) if type(value) is str else value for value in values])


def values_json(values: Sequence[Plain]) -> str:
    """Values in; a row `{"values":[…]}` of Google's cells with nothing but their values out."""
    return _values(tuple(map(type, values))) % _filled(values)


def cells_json(values: Sequence[Plain], formats: tuple[str, ...]) -> str:
    """Values, and each one's CellFormat as JSON (`{}` for none), in; a row `{"values":[…]}` of Google's cells out."""
    return _cells(tuple(map(type, values)), formats) % _filled(values)


def _filled(values: Sequence[Plain]) -> tuple[object, ...]:
    """Values as a template takes them."""
    return tuple([
        encode_basestring(value) if type(value) is str else str(value).lower() if type(value) is bool else value
        for value in values
    ])  # fmt: skip


@lru_cache(maxsize=1024)
def _texts(types: Types) -> str | None:
    """The template of canonical texts, if each of the types has a place in one."""
    return f"[{','.join(TEXTS[kind] for kind in types)}]" if all(kind in TEXTS for kind in types) else None


@lru_cache(maxsize=1024)
def _values(types: Types) -> str:
    return '{"values":[' + ",".join(f"{{{VALUES[kind]}}}" for kind in types) + "]}"


@lru_cache(maxsize=1024)
def _cells(types: Types, formats: tuple[str, ...]) -> str:
    return '{"values":[' + ",".join(map(_cell, types, formats)) + "]}"


def _cell(kind: type, drawn: str) -> str:
    """The template of one cell with its format."""
    if drawn == "{}":
        return f"{{{VALUES[kind]}}}"
    drawn = drawn.replace("%", "%%")
    comma = "," if VALUES[kind] != NOTHING else ""
    return f'{{{VALUES[kind]}{comma}"userEnteredFormat":{drawn}}}'


# A value of a document → the same as JSON and Google keep it, and the text by which two of them are compared.

Plain = str | float | bool | None

SHEETS_EPOCH = date(1899, 12, 30)  # developers.google.com/sheets/api/guides/formats
SECONDS_A_DAY = 86_400
LONGEST_TEXT = 50_000  # developers.google.com/sheets/api/limits


def plain(value: Value) -> Plain:
    """A value of a document in; the same as JSON and Google keep it out: dates as days since 1899-12-30.

    Of an enumeration or another heir of text or number, what it inherits.
    """
    if isinstance(value, float):
        return float(value) + 0.0 if isfinite(value) else None  # minus zero becomes zero; JSON knows no infinity
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value) if len(value) <= LONGEST_TEXT else value[: LONGEST_TEXT - 1] + "…"
    if isinstance(value, datetime):
        midnight = value.replace(hour=0, minute=0, second=0, microsecond=0)
        return (value.date() - SHEETS_EPOCH).days + (value - midnight).total_seconds() / SECONDS_A_DAY
    if isinstance(value, date):
        return (value - SHEETS_EPOCH).days
    return float(value) + 0.0


def canonical(value: Plain) -> str:
    """A plain value in; the text by which two of them are compared out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else f"{value:.12g}"
