"""Texts changed in place: findReplace, trimWhitespace, textToColumns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.helpers.sheets_server.entered import read_entered
from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.model import Formula, Json, Sheet
from tests.helpers.sheets_server.ranges import Rect

from .call import Call

DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def scopes(call: Call, sent: Json) -> Iterator[tuple[Sheet, Rect]]:
    """Where a findReplace looks: all sheets, one sheet or a range. Raises ApiError 400 unless one is named."""
    given = [name for name in ("range", "sheetId", "allSheets") if name in sent and sent[name] is not False]
    if len(given) != 1:
        raise invalid("Exactly one of range, sheetId or allSheets must be set.")
    if given == ["range"]:
        found = call.editable(sent["range"])
        yield found.sheet, found.rect
    else:
        sheets = call.book.sheets if given == ["allSheets"] else [call.sheet(sent["sheetId"])]
        for sheet in sheets:
            yield sheet, Rect(0, sheet.row_count, 0, sheet.column_count)


def find_replace(call: Call, sent: Json) -> Json:
    """findReplace: in values, or in formulas too."""
    if not sent.get("find"):
        raise invalid("find must not be empty.")
    pattern = sent["find"] if sent.get("searchByRegex") else re.escape(sent["find"])
    if sent.get("matchEntireCell"):
        pattern = f"^(?:{pattern})$"
    search = re.compile(pattern, 0 if sent.get("matchCase") else re.IGNORECASE)
    replacement = sent.get("replacement", "")
    if not sent.get("searchByRegex"):
        replacement = replacement.replace("\\", "\\\\")
    counts = {"values": 0, "formulas": 0, "occurrences": 0}
    rows: set[tuple[int, int]] = set()
    for sheet, rect in scopes(call, sent):
        for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
            for column, cell in list(sheet.rows[row].items()):
                is_formula = type(cell.value) is Formula
                if cell.value is None or not rect.left <= column < rect.right:
                    continue
                if is_formula and not sent.get("includeFormulas"):
                    continue
                changed, count = search.subn(replacement, plain(cell.value))
                if count:
                    value = Formula(changed) if is_formula else read_entered(changed, call.book.locale).value
                    sheet.update(row, column, value=value)
                    counts["formulas" if is_formula else "values"] += 1
                    counts["occurrences"] += count
                    rows.add((sheet.id, row))
    shown = {
        "valuesChanged": counts["values"],
        "formulasChanged": counts["formulas"],
        "rowsChanged": len(rows),
        "sheetsChanged": len({sheet_id for sheet_id, _ in rows}),
        "occurrencesChanged": counts["occurrences"],
    }
    return {name: count for name, count in shown.items() if count}


def plain(value: object) -> str:
    """A value in; the text a search sees out."""
    return str(value).upper() if isinstance(value, bool) else str(value)


def trim(call: Call, sent: Json) -> Json:
    """trimWhitespace: at both ends, and doubled inside."""
    found = call.editable(sent.get("range", {}))
    count = 0
    for row in range(found.rect.top, min(found.rect.bottom, len(found.sheet.rows))):
        for column, cell in list(found.sheet.rows[row].items()):
            if found.rect.left <= column < found.rect.right and type(cell.value) is str:
                trimmed = re.sub(r"\s+", " ", cell.value.strip())
                if trimmed != cell.value:
                    found.sheet.update(row, column, value=trimmed or None)
                    count += 1
    return {"cellsChangedCount": count} if count else {}


def split(call: Call, sent: Json) -> None:
    """textToColumns: one column's texts into the columns from it on."""
    found = call.editable(sent.get("source", {}))
    if found.rect.right - found.rect.left != 1:
        raise invalid("textToColumns source must span exactly one column.")
    mark = sent.get("delimiter") or DELIMITERS.get(sent.get("delimiterType", ""), ",")
    for row in range(found.rect.top, min(found.rect.bottom, len(found.sheet.rows))):
        value = found.sheet.cell(row, found.rect.left).value
        if type(value) is str and mark in value:
            for at, part in enumerate(value.split(mark), found.rect.left):
                found.sheet.update(row, at, value=read_entered(part.strip(), call.book.locale).value)


HANDLERS = {"findReplace": find_replace, "trimWhitespace": trim, "textToColumns": split}
