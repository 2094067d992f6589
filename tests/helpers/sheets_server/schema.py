"""Request bodies against the schema of the real API: JSON in, the message as Google reads it out.

The discovery document ships with google-api-python-client. As Google's JSON parser does, this one takes snake_case
names, one object for a repeated field, nested lists for a repeated field and numbers in quotes, drops nulls, and
refuses unknown names, unknown enum values and wrong types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import googleapiclient.discovery_cache  # type: ignore[import-untyped]

from .errors import bad_request
from .unions import ONEOFS

Violations = list[tuple[str, str]]
Parser = Callable[[Any, str, Violations], Any]
PACKAGE = "type.googleapis.com/google.apps.sheets.v4."
LIST_VALUE = "type.googleapis.com/google.protobuf.ListValue"
INT32 = 2**31
# enums that the API names inside their message; all others stand alone
NESTED_ENUMS = {"mergeType": "MergeCellsRequest.MergeType"}


@cache
def discovery() -> dict[str, Any]:
    """The discovery document of Sheets v4."""
    folder = Path(googleapiclient.discovery_cache.__file__).parent / "documents"
    return cast("dict[str, Any]", json.loads((folder / "sheets.v4.json").read_text(encoding="utf-8")))


def properties(schema: str) -> dict[str, Any]:
    """A schema's name in; its members by name out."""
    return cast("dict[str, Any]", discovery()["schemas"][schema].get("properties", {}))


def snake(name: str) -> str:
    """SheetId in, sheet_id out: error texts name fields so."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    """sheet_id in, sheetId out; a camel name is left as it is."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def parse(schema: str, body: Any, at: str = "") -> Any:
    """A schema's name and JSON in; the message out. Raises ApiError 400 naming everything that does not fit."""
    found: Violations = []
    message = message_parser(schema)(body, at, found)
    if found:
        raise bad_request(found)
    return message


class MessageParser:
    """Reads messages of one schema."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        self.fields: dict[str, tuple[str, str, Parser]] = {}  # as written: name, name in errors, reader
        self.oneof, self.members = ONEOFS.get(schema, ("", None))

    def __call__(self, value: Any, at: str, found: Violations) -> Any:
        """JSON, where it stands and what is wrong so far in; the message out."""
        if not isinstance(value, dict):
            found.append((at, wrong(at, PACKAGE + self.schema, value)))
            return {}
        message: dict[str, Any] = {}
        for written, item in value.items():
            field = self.fields.get(written) or self.declare(written)
            if field is None:
                found.append((at, unknown_name(written, at)))
            elif item is not None:
                message[field[0]] = field[2](item, f"{at}.{field[1]}" if at else field[1], found)
        if self.oneof and len(message) > 1:
            self.check_oneof(message, at, found)
        return message

    def declare(self, written: str) -> tuple[str, str, Parser] | None:
        """A name as it was written in; the field it means, None for none, out."""
        name = camel(written) if "_" in written else written
        declared = properties(self.schema).get(name)
        if declared is None:
            return None
        self.fields[written] = (name, snake(name), field_parser(name, declared))
        return self.fields[written]

    def check_oneof(self, message: dict[str, Any], at: str, found: Violations) -> None:
        """Finds fault with several members of a union."""
        given = [name for name in message if self.members is None or name in self.members]
        for name in given[1:]:
            text = f"oneof field '{self.oneof}' is already set. Cannot set '{name}'"
            found.append((at, f"Invalid value at '{at}' (oneof), {text}"))


@cache
def message_parser(schema: str) -> Parser:
    """A schema's name in; a function that reads one such message out."""
    return MessageParser(schema)


def unknown_name(name: str, at: str) -> str:
    """A name no message has and where it stands in; Google's sentence about it out."""
    place = f" at '{at}'" if at else ""
    return f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'


def field_parser(name: str, declared: dict[str, Any]) -> Parser:
    """A member and its declaration in; the function that reads it out."""
    if "$ref" in declared:
        return message_parser(declared["$ref"])
    kind = declared["type"]
    if kind == "array":
        return list_parser(name, declared["items"])
    if kind == "object":
        return map_parser(declared.get("additionalProperties"))
    if "enum" in declared:
        return enum_parser(name, declared["enum"])
    return SCALARS.get(declared.get("format", ""), SCALARS.get(kind, as_is))


def list_parser(name: str, items: dict[str, Any]) -> Parser:
    """A repeated member in; the function that reads it out: nested lists are flattened, one item is a list of one."""
    if items.get("type") == "array":
        return list_values
    read_one = field_parser(name, items)

    def read(value: Any, at: str, found: Violations) -> list[Any]:
        if not isinstance(value, list):
            return [read_one(value, at, found)]
        flat: list[Any] = []
        for place, item in enumerate(value):
            if isinstance(item, list):
                flat.extend(read(item, at, found))
            elif item is None:
                flat.append({})
            else:
                flat.append(read_one(item, f"{at}[{place}]", found))
        return flat

    return read


def list_values(value: Any, at: str, found: Violations) -> Any:
    """ValueRange.values in, itself out: a list of lists; what is in the inner lists is judged later."""
    if not isinstance(value, list):
        value, bad = [], [(at, value)]
    else:
        bad = [(f"{at}[{place}]", row) for place, row in enumerate(value) if not isinstance(row, list)]
    found += [(place, wrong(place, LIST_VALUE, row)) for place, row in bad]
    return value


def map_parser(items: dict[str, Any] | None) -> Parser:
    """A map member in; the function that reads it out."""
    read_one = field_parser("", items) if items else as_is

    def read(value: Any, at: str, found: Violations) -> dict[str, Any]:
        return {key: read_one(item, at, found) for key, item in value.items()}

    return read


def enum_parser(name: str, allowed: list[str]) -> Parser:
    """An enum member and its names in; the function that reads it out."""
    names = set(allowed)
    kind = PACKAGE + NESTED_ENUMS.get(name, name[:1].upper() + name[1:])

    def read(value: Any, at: str, found: Violations) -> Any:
        if isinstance(value, str) and value in names:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(allowed):
            return allowed[value]
        found.append((at, wrong(at, kind, value)))
        return allowed[0]

    return read


def wrong(at: str, kind: str, value: Any) -> str:
    """Where, what was expected and what was found in; Google's sentence out."""
    return f"Invalid value at '{at}' ({kind}), {json.dumps(value, ensure_ascii=False)}"


def read_integer(value: Any, at: str, found: Violations) -> int:
    """An int32 in JSON, perhaps in quotes, in; the number out."""
    try:
        number = float(value) if not isinstance(value, bool) else 0.5
    except (TypeError, ValueError):
        number = 0.5
    if number != int(number) or not -INT32 <= number < INT32:
        found.append((at, wrong(at, "TYPE_INT32", value)))
        return 0
    return int(number)


def read_number(value: Any, at: str, found: Violations) -> float:
    """A double in JSON, perhaps in quotes, in; the number out."""
    if type(value) is float or type(value) is int:
        return value
    try:
        if isinstance(value, bool):
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        found.append((at, wrong(at, "TYPE_DOUBLE", value)))
        return 0


def read_text(value: Any, at: str, found: Violations) -> str:
    """A string in, itself out; a number or a boolean is refused."""
    if isinstance(value, str):
        return value
    found.append((at, wrong(at, "TYPE_STRING", value)))
    return ""


def read_truth(value: Any, at: str, found: Violations) -> bool:
    """A boolean in JSON, perhaps in quotes, in; the boolean out."""
    if isinstance(value, bool):
        return value
    if value in ("true", "True", "false", "False"):
        return value in ("true", "True")
    found.append((at, wrong(at, "TYPE_BOOL", value)))
    return False


def as_is(value: Any, at: str, found: Violations) -> Any:
    """Any JSON in, itself out."""
    return value


SCALARS: dict[str, Parser] = {
    "int32": read_integer,
    "double": read_number,
    "float": read_number,
    "string": read_text,
    "boolean": read_truth,
    "google-fieldmask": read_text,
}
