"""The answer of the GetCourse export API, saved as a file → one RawTable: its fields, then its items."""

import json
from typing import Any

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.table import Kind, Opened
from connectors.files.text.encoding import encoding_of, text_of

NOT_READY = 909
"""error_code of an export that GetCourse is still preparing."""


def read_json(file: Opened) -> list[RawTable]:
    """A JSON file in; its table out: `info.fields` as the header, `info.items` as rows, or a list of objects.

    Raises SourceError for an export that is not ready, an error of the service, and JSON without a table.
    """
    data = file.whole()
    try:
        document = json.loads(text_of(data, encoding_of(data)).lstrip("\ufeff"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise SourceError("files.broken_json", file=file.name, problem=str(error)) from error
    rows = _rows(document, file.name)
    if len(rows) < 1 or not rows[0]:
        raise SourceError("files.json_without_table", file=file.name)
    return [file.table(rows, Kind.JSON)]


def _rows(document: Any, name: str) -> list[list[str]]:
    if isinstance(document, dict):
        _refuse_error(document, name)
        info = document.get("info", document)
        if isinstance(info, dict) and isinstance(info.get("fields"), list) and isinstance(info.get("items"), list):
            return [_cells(row) for row in (info["fields"], *info["items"])]
        objects = next((value for value in document.values() if _is_objects(value)), None)
    else:
        objects = document if _is_objects(document) else None
    if objects is None:
        raise SourceError("files.json_without_table", file=name)
    names = list(dict.fromkeys(key for item in objects for key in item))
    return [names, *([_cell(item.get(key)) for key in names] for item in objects)]


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _refuse_error(document: dict[str, Any], name: str) -> None:
    code = document.get("error_code")
    if str(code) == str(NOT_READY):
        raise SourceError("files.export_not_ready", file=name, code=NOT_READY)
    if document.get("success") is False or document.get("error") is True:
        text = document.get("error_message") or document.get("error_text") or ""
        raise SourceError("files.export_failed", file=name, code=code or "", problem=text)


def _cells(row: Any) -> list[str]:
    if isinstance(row, dict):
        return [_cell(value) for value in row.values()]
    return [_cell(value) for value in row] if isinstance(row, list) else [_cell(row)]


def _cell(value: Any) -> str:
    """A value as a person would type it; a list (tags) comma-joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
