"""Plain values, a row at a time → JSON; rows whose values are of the same types share one template.

A report of half a million cells is mostly rows alike: filling a template costs a third of building their JSON by cell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from json.encoder import encode_basestring

from connectors.google_sheets.plain import Plain, canonical

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
