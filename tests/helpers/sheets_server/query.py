"""The query of a request against the method's parameters: pairs in, typed values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from .errors import bad_request
from .schema import PACKAGE, camel, discovery, snake, wrong


@cache
def parameters(method: str) -> dict[str, Any]:
    """'values.update' in; its query parameters with those of every method out."""
    place: dict[str, Any] = discovery()["resources"]["spreadsheets"]
    *resources, name = method.split(".")
    for resource in resources:
        place = place["resources"][resource]
    return {**discovery()["parameters"], **place["methods"][name].get("parameters", {})}


def read_query(method: str, pairs: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    """A method and its query in; values by name out, lists for repeated ones. Raises ApiError 400."""
    declared = parameters(method)
    values: dict[str, Any] = {}
    found: list[tuple[str, str]] = []
    for raw_name, text in pairs:
        name = raw_name if raw_name in declared else camel(raw_name)
        if name not in declared:
            found.append(("", unknown_parameter(raw_name)))
        elif declared[name].get("repeated"):
            values.setdefault(name, []).append(text)
        else:
            values[name] = one_value(name, declared[name], text, found)
    if found:
        raise bad_request(found)
    return values


def unknown_parameter(name: str) -> str:
    """A parameter no method has in; Google's sentence about it out."""
    return (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
        f"Field '{name}' could not be found in request message."
    )


def one_value(name: str, declared: dict[str, Any], text: str, found: list[tuple[str, str]]) -> Any:
    """A parameter and its text in; its value out."""
    if declared["type"] == "boolean":
        if text.lower() not in ("true", "false", ""):
            found.append((snake(name), wrong(snake(name), "TYPE_BOOL", text)))
        return text.lower() == "true"
    if "enum" in declared and text not in declared["enum"] and not name.startswith("$"):
        kind = PACKAGE + name[:1].upper() + name[1:]
        if name not in ("alt",):
            found.append((snake(name), wrong(snake(name), kind, text)))
    return text
