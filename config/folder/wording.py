"""What pydantic found wrong in a person's YAML → our errors: file, line, key, what was found, what is possible."""

import types
from collections.abc import Iterable, Sequence
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from config.errors import ConfigError, SvodkaError
from config.folder.yaml_file import YamlFile
from config.nearest import nearest

PROBLEMS = {
    "missing": "config.missing_key",
    "int_parsing": "config.not_whole",
    "int_type": "config.not_whole",
    "float_parsing": "config.not_number",
    "float_type": "config.not_number",
    "literal_error": "config.not_allowed",
    "greater_than_equal": "config.too_small",
    "less_than_equal": "config.too_large",
    "string_type": "config.not_text",
    "list_type": "config.not_list",
    "tuple_type": "config.not_list",
    "dict_type": "config.not_section",
    "model_type": "config.not_section",
    "too_short": "config.nothing_inside",
    "string_too_long": "config.too_long",
    "bool_parsing": "config.not_yes_or_no",
    "bool_type": "config.not_yes_or_no",
    "one_place": "config.one_place",
    "months_across": "config.months_across",
    "unknown_zone": "config.unknown_zone",
    "rising": "config.not_rising",
    "one_narrowing": "config.one_narrowing",
    "control_nowhere": "config.control_nowhere",
    "control_narrowed": "config.control_narrowed",
    "not_reports": "config.not_reports",
    "engine_spark": "config.not_engine",
    "engine_storage": "config.no_storage",
    "engine_bucket": "config.no_bucket",
}
"""pydantic's kind of mistake → our message."""
FORMS = {"at": "config.not_a_time", "prefix": "config.not_a_prefix", "country": "config.not_a_country"}
"""The key of a text that has a form → our message of one that has not."""


def worded(error: ValidationError, document: YamlFile, model: type[BaseModel]) -> list[SvodkaError]:
    """A failed validation of a document in; one error per mistaken place out, in the order of the file."""
    found: dict[tuple[str | int, ...], SvodkaError] = {}
    for problem in error.errors(include_url=False):
        path = _path_in_file(problem["loc"], document.values, problem["type"])
        if path not in found:
            found[path] = _one(problem, path, document, model)
    deepest = [path for path in found if not any(path == other[: len(path)] != other for other in found)]
    return [found[path] for path in sorted(deepest, key=document.line)]


def unknown(file: str, line: int, where: str, key: str, known: Iterable[str]) -> ConfigError:
    """An unknown name in its place and the known ones in; an error with the nearest of them, or all, out."""
    known = list(known)
    near = nearest(key, known)
    place = {"file": file, "line": line, "where": f" {where}:" if where != file else "", "key": key}
    if near:
        return ConfigError("config.unknown_key_near", **place, nearest=near[0])
    return ConfigError("config.unknown_key", **place, known=", ".join(known))


def dotted(path: Sequence[str | int], file: str) -> str:
    """A path of keys as a person would say it; the file's name if the path is empty."""
    return ".".join(str(part) for part in path) or file


def _one(problem: Any, path: tuple[str | int, ...], document: YamlFile, model: type[BaseModel]) -> SvodkaError:
    line = document.line(path)
    if path == ("sources",) and not problem["input"]:
        return ConfigError("config.no_sources", file=document.file, line=line)
    if problem["type"] == "extra_forbidden":
        above = dotted(path[:-1], document.file)
        return unknown(document.file, line, above, str(path[-1]), known_keys(model, path[:-1]))
    key = _glued(problem["input"], known_keys(model, path))
    kinds = {**PROBLEMS, "string_pattern_mismatch": FORMS.get(str(path[-1]) if path else "", "config.wrong_value")}
    return ConfigError(
        "config.no_space" if key else kinds.get(problem["type"], "config.wrong_value"),
        file=document.file,
        line=line,
        where=dotted(path, document.file),
        found=_shown(problem["input"], path),
        **_limits(problem.get("ctx", {})),
        problem=problem["msg"],
        key=key,
    )


def _glued(found: object, known: Sequence[str]) -> str:
    """The key of `xlsx:out/report.xlsx` where a section of such keys was expected; YAML takes it for a text."""
    key, colon, _ = found.partition(":") if isinstance(found, str) else ("", "", "")
    return key if colon and key in known else ""


def _limits(context: dict[str, Any]) -> dict[str, str]:
    found = {"expected": "", "ge": "", "le": "", "max_length": "", **context}
    return {name: str(value).replace("'", "").replace(" or ", ", ") for name, value in found.items()}


def _path_in_file(location: tuple[Any, ...], values: Any, kind: str) -> tuple[str | int, ...]:
    """Drop the names pydantic adds for members of a union: keys of the file remain, and a missing one last."""
    path: list[Any] = []
    here = values
    for position, part in enumerate(location):
        if (isinstance(here, dict) and part in here) or (isinstance(here, list) and part in range(len(here))):
            path.append(part)
            here = here[part]
        elif kind == "missing" and position == len(location) - 1:
            path.append(part)
    return tuple(path)


def _shown(value: object, path: tuple[str | int, ...]) -> str:
    if path and path[0] == "notify":
        return "…"  # an address may carry a password
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return "" if value is None else str(value)[:60]


def known_keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that may stand under a path of the document."""
    here: Any = model
    for part in path:
        if get_origin(here) is list and not isinstance(part, int):
            here = _meaning(get_args(here)[-1])  # a list of one may stand without its dash
        if _is_model(here) and part in here.model_fields:
            here = _meaning(here.model_fields[str(part)].annotation)
        elif get_origin(here) in (dict, list):
            here = _meaning(get_args(here)[-1])
        else:
            return []
    if get_origin(here) is list:
        here = _meaning(get_args(here)[-1])
    return list(here.model_fields) if _is_model(here) else []


def _meaning(annotation: Any) -> Any:
    """Of a union the member that has keys of its own, else the annotation itself."""
    if get_origin(annotation) in (Union, types.UnionType):
        members = get_args(annotation)
        return next((member for member in members if _is_model(member) or get_origin(member) is dict), None)
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
