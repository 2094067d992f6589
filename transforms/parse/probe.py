"""Whether a column's own values decide what single cells leave open: an aggregate to run, the Reading it settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from config.documents import NUMBER_MARK
from config.draft import EPOCHS_APART
from config.errors import ContractError
from config.tables import ColumnType
from transforms.parse.cells import literal
from transforms.parse.reading import DateOrder, DecimalMark, Reading, Where

LEAST_MICROS = 10_000
"""A kopeck is ten thousand micros; smaller prices are not paid."""
LIKELY_MICROS = 1_000_000


@dataclass(frozen=True)
class Probe:
    """What is asked of a column as a whole, over `text_<column>` and what is worked out of it in each row.

    A part is written once, however many facts ask for it: each time that SQL names a pattern it is planned anew.
    """

    facts: Mapping[str, str]
    """Name → aggregate."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Name → SQL over the text of a row."""

    @property
    def asked(self) -> str:
        """All facts as one STRUCT."""
        return "{" + ", ".join(f"{literal(name)}: {sql}" for name, sql in self.facts.items()) + "}"


def probe(type: ColumnType, column: str = "cell", *, is_typed: bool = False) -> Probe | None:
    """A column's type and name in; what to ask of its values out: counts and an example.

    None if nothing can be open. Columns of typed cells, of a workbook, are judged as a whole besides.
    Run it where `Reading()` left cells with a reason that starts with `ambiguous_`, and for money whose unit is open.
    """
    match type:
        case "date" | "moment":
            facts, parts = {**_date_facts(column), **date_facts(column)}, {**_date_parts(column), **date_parts(column)}
            return Probe(facts, parts)
        case "seconds" if is_typed:
            return Probe(seconds_facts(column), seconds_parts(column))
        case "money" | "number" | "planned" | "share" | "count":
            return Probe(_number_facts(column, is_whole=type == "count"), _number_parts(column))
        case _:
            return None


def probed_rows(probes: Mapping[str, Probe], texts: Mapping[str, str], rows: str) -> str:
    """Columns to be probed, the SQL of their texts, and the rows in; the relation that holds what is asked about."""
    wanted = ", ".join(f"{texts[column]} as text_{column}" for column in probes)
    parts = "".join(f", {sql} as {name}" for one in probes.values() for name, sql in one.parts.items())
    return f"(select *{parts} from (select {wanted} from {rows}))"


def settle(type: ColumnType, found: Mapping[str, object], reading: Reading, where: Where) -> Reading:
    """What `probe` found and the reading so far in; the reading that decides every cell out.

    Raises ContractError, which asks, if cells are open and the rest of the column does not decide them.
    """
    match type:
        case "date" | "moment":
            return _settle_order(found, judge_days(found, reading, where), where)
        case "seconds":
            return judge_seconds(found, reading, where)
        case "money" | "number" | "planned" | "share" | "count":
            if type == "money":
                _ask_thousands(found, reading, where)
            return _settle_unit(found, _settle_decimal(found, reading, where), where)
        case _:
            return reading


def _count(condition: str) -> str:
    return f"count(*) filter (where {condition})"


def _date_parts(column: str) -> dict[str, str]:
    numeric = r"^\W*([0-9]{1,2})[-/]([0-9]{1,2})[-/](?:[0-9]{4}|[0-9]{2})(?:[^0-9].*)?$"
    return {f"numeric_{column}": f"regexp_extract(text_{column}, '{numeric}', ['first', 'second'])"}


def _date_facts(column: str) -> dict[str, str]:
    first, second = (f"try_cast(numeric_{column}.{part} as integer)" for part in ("first", "second"))
    is_open = f"{first} between 1 and 12 and {second} between 1 and 12 and {first} <> {second}"
    return {
        "day_first": _count(f"{first} between 13 and 31 and {second} between 1 and 12"),
        "month_first": _count(f"{second} between 13 and 31 and {first} between 1 and 12"),
        "open": _count(is_open),
        "example": f"min(text_{column}) filter (where {is_open})",
    }


def _settle_order(found: Mapping[str, object], reading: Reading, where: Where) -> Reading:
    if reading.date_order is not None or not found["open"]:
        return reading
    found_orders: dict[DateOrder, object] = {"dmy": found["day_first"], "mdy": found["month_first"]}
    orders = [order for order, cells in found_orders.items() if cells]
    if len(orders) != 1:
        raise ContractError("parse.which_date_order", **vars(where), example=found["example"], cells=found["open"])
    return replace(reading, date_order=orders[0])


def _number_parts(column: str) -> dict[str, str]:
    cell = f"text_{column}"
    return {
        f"number_{column}": f"regexp_extract(tidy({cell}), '([0-9][0-9.,'' ]*)', 1)",
        f"amount_{column}": f"try_cast(try_cast(ltrim({cell}, {literal(NUMBER_MARK)}) as decimal(28,6)) as double)",
    }


NO_KOPECKS = r"[0-9., '']*[.,](?:[0-9]|[0-9]{3,}) *"
"""A number with another count of decimals than two."""


def _number_facts(column: str, is_whole: bool) -> dict[str, str]:
    cell, number, amount = f"text_{column}", f"number_{column}", f"amount_{column}"
    is_text = f"not starts_with({cell}, {literal(NUMBER_MARK)})"
    either = "two_whole_readings()" if is_whole else "two_readings()"
    is_open = f"regexp_full_match({number}, {either} || ' *')"
    tells = _whole_tells if is_whole else _tells
    has_fraction = f"{is_text} and regexp_matches({cell}, '[0-9][.,][0-9]') or regexp_matches({cell}, '[.]0*[1-9]')"
    return {
        "comma": _count(f"{is_text} and regexp_full_match({number}, '(?:{tells(',', '.')}) *')"),
        "dot": _count(f"{is_text} and regexp_full_match({number}, '(?:{tells('.', ',')}) *')"),
        "open": _count(f"{is_text} and {is_open}"),
        "open_comma": _count(f"{is_text} and {is_open} and contains({number}, ',')"),
        "no_kopecks": _count(f"{is_text} and not {is_open} and regexp_full_match({number}, '{NO_KOPECKS}')"),
        "example": f"min({cell}) filter (where {is_text} and {is_open})",
        "fractions": _count(has_fraction),
        "smallest": f"min(abs({amount})) filter (where {amount} <> 0)",
        "largest": f"max(abs({amount}))",
    }


def _tells(decimal: str, thousands: str) -> str:
    """Numbers that only a column with this decimal mark can hold."""
    grouped = f"[0-9]{{1,3}}(?:[{thousands}][0-9]{{3}})"
    return (
        f"[0-9 '']+[{decimal}](?:[0-9]{{1,2}}|[0-9]{{4,}})|0[{decimal}][0-9]+"
        f"|{grouped}+[{decimal}][0-9]+|{grouped}{{2,}}"
    )


def _whole_tells(decimal: str, thousands: str) -> str:
    """The same of counts: a fraction of nothing, or thousands that are no round thousand."""
    odd_thousands = f"[1-9][0-9]{{0,2}}[{thousands}](?:[0-9]{{2}}[1-9]|[0-9][1-9]0|[1-9]00)"
    return f"[0-9]+[{decimal}]0{{1,2}}|[0-9]{{1,3}}(?:[{thousands}][0-9]{{3}}){{2,}}|{odd_thousands}"


def _settle_decimal(found: Mapping[str, object], reading: Reading, where: Where) -> Reading:
    if reading.decimal is not None or not found["open"]:
        return reading
    found_marks: dict[DecimalMark, object] = {",": found["comma"], ".": found["dot"]}
    marks = [mark for mark, cells in found_marks.items() if cells]
    if len(marks) != 1:
        raise ContractError("parse.which_decimal", **vars(where), example=found["example"], cells=found["open"])
    return replace(reading, decimal=marks[0])


def _ask_thousands(found: Mapping[str, object], reading: Reading, where: Where) -> None:
    """Raise ContractError for «1,013» where all others have two decimals after a comma: money has no thousandths."""
    is_thousands = found["open_comma"] == found["open"] and not found["dot"]
    if reading.decimal is None and found["open"] and found["comma"] and is_thousands and not found["no_kopecks"]:
        raise ContractError("parse.which_decimal", **vars(where), example=found["example"], cells=found["open"])


def _settle_unit(found: Mapping[str, object], reading: Reading, where: Where) -> Reading:
    """A fraction anywhere means roubles; whole numbers of at least a kopeck in micros, a rouble somewhere, micros."""
    if not reading.is_unit_open:
        return reading
    smallest, largest = found["smallest"], found["largest"]
    if found["fractions"] or not isinstance(smallest, float) or not isinstance(largest, float):
        return replace(reading, is_unit_open=False)
    if smallest < LEAST_MICROS or largest < LIKELY_MICROS:
        raise ContractError("parse.which_unit", **vars(where), smallest=smallest, largest=largest)
    return replace(reading, unit="micros", is_unit_open=False)


# A column of typed cells as a whole: what a program did to it, days and months swapped, 1904, minutes as hours. Each
# cell by itself reads well; only beside the others does it show what happened to it.

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
