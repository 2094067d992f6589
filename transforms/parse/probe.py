"""Whether a column's own values decide what single cells leave open: an aggregate to run, the Reading it settles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from config.documents import NUMBER_MARK
from config.errors import ContractError
from config.tables import ColumnType
from transforms.parse.cells import literal
from transforms.parse.judge import date_facts, judge_days, judge_seconds, seconds_facts
from transforms.parse.reading import DateOrder, DecimalMark, Reading, Where

LEAST_MICROS = 10_000
"""A kopeck is ten thousand micros; smaller prices are not paid."""
LIKELY_MICROS = 1_000_000


def probe(type: ColumnType, text_sql: str, *, is_typed: bool = False) -> str | None:
    """A column's type and the SQL of its text in; one aggregate (a STRUCT of counts and an example) out.

    None if nothing can be open. Columns of typed cells, of a workbook, are judged as a whole besides.
    Run it where `Reading()` left cells with a reason that starts with `ambiguous_`, and for money whose unit is open.
    """
    match type:
        case "date" | "moment":
            return _struct({**_date_facts(text_sql), **(date_facts(text_sql) if is_typed else {})})
        case "seconds" if is_typed:
            return _struct(seconds_facts(text_sql))
        case "money" | "number" | "share" | "count":
            return _struct(_number_facts(text_sql, is_whole=type == "count"))
        case _:
            return None


def settle(type: ColumnType, found: Mapping[str, object], reading: Reading, where: Where) -> Reading:
    """What `probe` found and the reading so far in; the reading that decides every cell out.

    Raises ContractError, which asks, if cells are open and the rest of the column does not decide them.
    """
    match type:
        case "date" | "moment":
            judged = judge_days(found, reading, where) if "typed_low" in found else reading
            return _settle_order(found, judged, where)
        case "seconds":
            return judge_seconds(found, reading, where)
        case "money" | "number" | "share" | "count":
            return _settle_unit(found, _settle_decimal(found, reading, where), where)
        case _:
            return reading


def _struct(facts: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{literal(name)}: {sql}" for name, sql in facts.items()) + "}"


def _count(condition: str) -> str:
    return f"count(*) filter (where {condition})"


def _date_facts(cell: str) -> dict[str, str]:
    numeric = r"^\W*([0-9]{1,2})[-/]([0-9]{1,2})[-/](?:[0-9]{4}|[0-9]{2})(?:[^0-9].*)?$"
    first, second = (f"try_cast(regexp_extract({cell}, '{numeric}', {part}) as integer)" for part in (1, 2))
    is_open = f"{first} between 1 and 12 and {second} between 1 and 12 and {first} <> {second}"
    return {
        "day_first": _count(f"{first} between 13 and 31 and {second} between 1 and 12"),
        "month_first": _count(f"{second} between 13 and 31 and {first} between 1 and 12"),
        "open": _count(is_open),
        "example": f"min({cell}) filter (where {is_open})",
    }


def _settle_order(found: Mapping[str, object], reading: Reading, where: Where) -> Reading:
    if reading.date_order is not None or not found["open"]:
        return reading
    found_orders: dict[DateOrder, object] = {"dmy": found["day_first"], "mdy": found["month_first"]}
    orders = [order for order, cells in found_orders.items() if cells]
    if len(orders) != 1:
        raise ContractError("parse.which_date_order", **vars(where), example=found["example"], cells=found["open"])
    return replace(reading, date_order=orders[0])


def _number_facts(cell: str, is_whole: bool) -> dict[str, str]:
    number = f"regexp_extract(tidy({cell}), '([0-9][0-9.,'' ]*)', 1)"
    is_text = f"not starts_with({cell}, {literal(NUMBER_MARK)})"
    either = "two_whole_readings()" if is_whole else "two_readings()"
    is_open = f"regexp_full_match({number}, {either} || ' *')"
    tells = _whole_tells if is_whole else _tells
    amount = f"try_cast(try_cast(ltrim({cell}, {literal(NUMBER_MARK)}) as decimal(28,6)) as double)"
    has_fraction = f"{is_text} and regexp_matches({cell}, '[0-9][.,][0-9]') or regexp_matches({cell}, '[.]0*[1-9]')"
    return {
        "comma": _count(f"{is_text} and regexp_full_match({number}, '(?:{tells(',', '.')}) *')"),
        "dot": _count(f"{is_text} and regexp_full_match({number}, '(?:{tells('.', ',')}) *')"),
        "open": _count(f"{is_text} and {is_open}"),
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
