"""A typed cell of a workbook → text with the mark of its type, as config/documents.py says."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.words import composed

ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"})
MARKS = str.maketrans("", "", NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK)


EPOCH = datetime(1899, 12, 30)
FIRST_MOMENT, LAST_MOMENT = datetime(1990, 1, 1), datetime(2101, 1, 1)
"""Between these, days that a workbook counts are a moment, also where hours are shown: nothing lasts so long."""
SIGNS = ("#", NUMBER_MARK, MOMENT_MARK, DURATION_MARK, ERROR_MARK)


class MarkedCell(str):
    """A cell that bears its mark already: an error with its place, an amount of money with its currency."""

    __slots__ = ()


def number(value: float) -> str:
    """1234.0 → mark and `1234`; 0.1 → mark and `0.1`; never an exponent, so that no digit is lost."""
    if -1e17 < value < 1e17:
        whole = int(value)
        if whole == value:
            return f"{NUMBER_MARK}{whole}"
        exact = repr(value)
        return f"{NUMBER_MARK}{exact}" if "e" not in exact else f"{NUMBER_MARK}{value:f}"
    return f"{NUMBER_MARK}{value!r}"


def text(value: str) -> str:
    """A text cell as found, its letters composed; errors marked, and none of our marks let in from outside."""
    if value and value[0] == "#" and value in ERRORS:
        return ERROR_MARK + value
    return value if value.isascii() else composed(value).translate(MARKS)


def moment(value: datetime) -> str:
    """A native moment, to the nearest second: workbooks keep days as fractions."""
    if value.microsecond:
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return MOMENT_MARK + value.isoformat(" ")


def _time(value: time) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second + (value.microsecond >= 500_000)
    return f"{DURATION_MARK}{seconds}"


def _duration(value: timedelta) -> str:
    if FIRST_MOMENT <= EPOCH + value < LAST_MOMENT:
        return moment(EPOCH + value)
    return f"{DURATION_MARK}{round(value.total_seconds())}"


CONVERTERS: dict[type, Callable[[Any], str]] = {
    float: number,
    int: lambda value: f"{NUMBER_MARK}{value}",
    bool: lambda value: "TRUE" if value else "FALSE",
    str: text,
    MarkedCell: str,
    datetime: moment,
    date: lambda value: MOMENT_MARK + value.isoformat(),
    time: _time,
    timedelta: _duration,
}


def marked(rows: Sequence[Sequence[Any]]) -> list[Sequence[str]]:
    """Rows of typed cells, all of one length, in; the same as text out, by columns: one is mostly of one type."""
    return list(zip(*map(_column, zip(*rows, strict=True)), strict=True))


def _column(cells: Sequence[Any]) -> Sequence[str]:
    types = set(map(type, cells))
    if types == {str}:
        return cells if _is_plain("".join(cells)) else [text(cell) for cell in cells]
    if types <= {date, datetime}:
        return _moments(cells)
    if len(types) == 1:
        return list(map(CONVERTERS[types.pop()], cells))
    converters = CONVERTERS
    return [converters[type(cell)](cell) for cell in cells]


def _moments(cells: Sequence[date]) -> list[str]:
    """A column of nothing but days and moments."""
    texts = list(map(str, cells))
    if max(map(len, texts)) > len("2026-08-01 10:30:00"):
        return [CONVERTERS[type(cell)](cell) for cell in cells]
    return [MOMENT_MARK + written for written in texts]


def _is_plain(joined: str) -> bool:
    """Whether texts hold neither an error nor a mark of ours, and no accent apart from its letter."""
    if joined.isascii():
        return "#" not in joined
    return not any(sign in joined for sign in SIGNS) and composed(joined) is joined
