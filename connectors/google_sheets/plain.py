"""A value of a document → the same as JSON and Google keep it, and the text by which two of them are compared."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite

from config.documents import Value

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
