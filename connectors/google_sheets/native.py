"""A cell of Google's answer → its text with the mark of the type that the sheet gave it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from connectors.google_sheets.plain import SECONDS_A_DAY, SHEETS_EPOCH

ERROR_TEXTS = {
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "NULL_VALUE": "#NULL!",
    "LOADING": "Loading…",
}
MARKS = str.maketrans("", "", NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK)
LAST_SERIAL = (date(9999, 12, 31) - SHEETS_EPOCH).days
ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
LONGEST_EXACT = 1e15
CELL_KEYS = frozenset({"effectiveValue", "effectiveFormat"})
VALUE_KEYS = ("numberValue", "stringValue", "boolValue", "errorValue")


def compact(member: dict[str, Any]) -> Any:
    """One JSON object of Google's answer, innermost first, in; a cell as marked text, anything else as it is, out.

    Given to the JSON parser, it keeps a large tab from standing in memory as millions of dictionaries.
    """
    if CELL_KEYS.issuperset(member) and member:
        return cell_text(member)
    return member


def cell_text(cell: dict[str, Any]) -> str:
    """A cell in; its text out, with the mark of config/documents.py that says number, moment, duration or error."""
    value = cell.get("effectiveValue", {})
    number_format = cell.get("effectiveFormat", {}).get("numberFormat", {})
    if "numberValue" in value:
        return number_text(float(value["numberValue"]), number_format.get("type", ""), number_format.get("pattern", ""))
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    if "errorValue" in value:
        return ERROR_MARK + ERROR_TEXTS.get(value["errorValue"].get("type", ""), "#ERROR!")
    text = str(value.get("stringValue", ""))
    return text if text.isascii() else text.translate(MARKS)


def number_text(value: float, kind: str, pattern: str) -> str:
    """A number and its declared format in; marked text out: a date format makes it a moment, a time one a duration."""
    if kind == "TIME" or (ELAPSED.search(pattern) and kind in {"DATE_TIME", "NUMBER", "DATE"}):
        return f"{DURATION_MARK}{round(value * SECONDS_A_DAY)}"
    if kind in {"DATE", "DATE_TIME"} and 0 <= value <= LAST_SERIAL:
        return MOMENT_MARK + moment_text(value, kind)
    if value.is_integer() and abs(value) < LONGEST_EXACT:
        return f"{NUMBER_MARK}{int(value)}"
    return f"{NUMBER_MARK}{value!r}"


def moment_text(serial: float, kind: str) -> str:
    """Days since 1899-12-30 in; the local date, and the time to the second where there is one, out."""
    seconds = round(serial * SECONDS_A_DAY)
    moment = datetime(SHEETS_EPOCH.year, SHEETS_EPOCH.month, SHEETS_EPOCH.day) + timedelta(seconds=seconds)
    if kind == "DATE" and seconds % SECONDS_A_DAY == 0:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")
