"""A typed cell of a workbook → text with the mark of its type, as config/documents.py says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK

ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"})
MARKS = str.maketrans("", "", NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK)


def number(value: float) -> str:
    """1234.0 → mark and `1234`; 0.1 → mark and `0.1`; never an exponent, so that no digit is lost."""
    if value == value // 1 and abs(value) < 1e17:
        return f"{NUMBER_MARK}{int(value)}"
    text = repr(value)
    return NUMBER_MARK + (f"{value:f}" if "e" in text and abs(value) < 1e17 else text)


def text(value: str) -> str:
    """A text cell as found; errors marked, and none of our marks let in from outside."""
    if value and value[0] == "#" and value in ERRORS:
        return ERROR_MARK + value
    return value if value.isascii() else value.translate(MARKS)


def moment(value: datetime) -> str:
    """A native moment, to the nearest second: workbooks keep days as fractions."""
    rounded = value + timedelta(microseconds=500_000)
    return f"{MOMENT_MARK}{rounded.replace(microsecond=0).isoformat(sep=' ')}"


def _time(value: time) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + (value.microsecond >= 500_000)
    return f"{DURATION_MARK}{seconds}"


def _duration(value: timedelta) -> str:
    return f"{DURATION_MARK}{round(value.total_seconds())}"


CONVERTERS: dict[type, Callable[[Any], str]] = {
    float: number,
    int: lambda value: f"{NUMBER_MARK}{value}",
    bool: lambda value: "TRUE" if value else "FALSE",
    str: text,
    datetime: moment,
    date: lambda value: f"{MOMENT_MARK}{value.isoformat()}",
    time: _time,
    timedelta: _duration,
}


def marked(row: Sequence[Any]) -> list[str]:
    """A row of typed cells; the same cells as text."""
    return [CONVERTERS[type(cell)](cell) for cell in row]
