"""A column of typed cells as a whole: what a program did to it, days and months swapped, 1904, minutes as hours.

Each cell by itself reads well; only beside the others does it show what happened to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from config.draft import EPOCHS_APART
from config.errors import ContractError
from transforms.parse.reading import Reading, Where

NEAR = timedelta(days=45)
"""Days of one export lie so near to its other days."""
FEWEST = 3
"""So many durations without a second are no chance any more."""
LONGEST_TALK = 10 * 3600
HOUR = 3600


def date_parts(column: str) -> dict[str, str]:
    """A column in; what tells typed days, texts and numbers of days apart in each of its rows, over `text_<column>`."""
    written = r"^\W*([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?:[^0-9].*)?$"
    return {
        f"written_{column}": f"regexp_extract(text_{column}, '{written}', ['first', 'second', 'year'])",
        f"typed_{column}": f"typed_day(text_{column})",
        f"serial_{column}": f"serial_day(text_{column})",
    }


def date_facts(column: str) -> dict[str, str]:
    """The same column in; aggregates over those parts out."""
    first, second, year = (f"try_cast(written_{column}.{part} as integer)" for part in ("first", "second", "year"))
    is_far, is_low = f"greatest({first}, {second}) > 12", f"greatest({first}, {second}) <= 12"
    typed, serial = f"typed_{column}", f"serial_{column}"
    said = f"try_cast(printf('%04d-%02d-%02d', {year}, least({first}, {second}), greatest({first}, {second})) as date)"
    is_same = f"day({typed}) = month({typed})"
    return {
        "typed_low": f"count(*) filter (where day({typed}) <= 12 and not {is_same})",
        "typed_high": f"count(*) filter (where day({typed}) > 12)",
        "typed_first": f"min({typed})",
        "typed_last": f"max({typed})",
        "swapped_first": f"min(swapped_day({typed}))",
        "swapped_last": f"max(swapped_day({typed}))",
        "typed_example": f"min({typed})",
        "text_high": f"count(*) filter (where {is_far})",
        "text_low": f"count(*) filter (where {is_low})",
        "text_example": f"min(text_{column}) filter (where {is_far})",
        "text_first": f"min({said}) filter (where {is_far})",
        "text_last": f"max({said}) filter (where {is_far})",
        "serials": f"count({serial})",
        "serial_first": f"min({serial})",
        "serial_last": f"max({serial})",
    }


def seconds_parts(column: str) -> dict[str, str]:
    """A column in; how long the typed duration of each row is."""
    return {f"lasted_{column}": f"typed_seconds(text_{column})"}


def seconds_facts(column: str) -> dict[str, str]:
    """The same column in; aggregates that tell how long its typed durations are."""
    lasted = f"lasted_{column}"
    return {
        "typed": f"count({lasted}) filter (where {lasted} > 0)",
        "with_seconds": f"count(*) filter (where {lasted} % 60 <> 0)",
        "over_hour": f"count(*) filter (where {lasted} > {HOUR})",
        "longest": f"max({lasted})",
    }


def judge_days(found: Mapping[str, Any], reading: Reading, where: Where) -> Reading:
    """Facts of `date_facts` in; the reading that undoes what a program did out. Raises ContractError, which asks."""
    return _judge_1904(found, _judge_swapped(found, reading, where), where)


def _judge_swapped(found: Mapping[str, Any], reading: Reading, where: Where) -> Reading:
    """Real days that could all be months, beside texts of which none could: a program turned round what it could."""
    is_told = found["typed_low"] and not found["typed_high"] and found["text_high"] >= 2 and not found["text_low"]
    if reading.is_swapped is not None or not is_told:
        return reading
    texts = (found["text_first"], found["text_last"])
    fits_swapped = _fits(texts, (found["swapped_first"], found["swapped_last"]))
    fits_as_is = _fits(texts, (found["typed_first"], found["typed_last"]))
    if fits_swapped != fits_as_is:
        return replace(reading, is_swapped=True) if fits_swapped else reading
    raise ContractError(
        "parse.which_days", **vars(where), example=found["typed_example"], text=found["text_example"],
        cells=found["typed_low"],
    )  # fmt: skip


def _judge_1904(found: Mapping[str, Any], reading: Reading, where: Where) -> Reading:
    """Numbers of days beside days that are written out: counted from 1904 where only then they are of one time."""
    known = [found[name] for name in ("typed_first", "typed_last", "text_first", "text_last") if found[name]]
    if reading.is_1904 is not None or not found["serials"] or not known:
        return reading
    others, numbers = (min(known), max(known)), (found["serial_first"], found["serial_last"])
    later = (numbers[0] + EPOCHS_APART, numbers[1] + EPOCHS_APART)
    if _fits(others, later) and not _fits(others, numbers):
        return replace(reading, is_1904=True)
    return reading


def judge_seconds(found: Mapping[str, Any], reading: Reading, where: Where) -> Reading:
    """Facts of `seconds_facts` in; the reading of durations out. Raises ContractError, which asks."""
    is_told = found["typed"] >= FEWEST and not found["with_seconds"] and found["over_hour"] * 2 > found["typed"]
    if reading.is_minutes is not None or not is_told:
        return reading
    if found["longest"] > LONGEST_TALK:
        return replace(reading, is_minutes=True)
    raise ContractError(
        "parse.which_minutes", **vars(where), cells=found["over_hour"], typed=found["typed"],
        longest=f"{found['longest'] // HOUR}:{found['longest'] // 60 % 60:02}",
    )  # fmt: skip


def _fits(others: tuple[date, date], days: tuple[date, date]) -> bool:
    """Whether days lie among or near to others."""
    return others[0] - NEAR <= days[0] and days[1] <= others[1] + NEAR
