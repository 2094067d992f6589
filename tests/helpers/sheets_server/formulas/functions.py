"""Functions of formulas: evaluated arguments in, a value out. A range is a list of rows of values."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.helpers.sheets_server.formats import to_moment, to_serial

from .lookups import count_if, index, match_position, sum_if, vlookup
from .plain import ErrorCell, flat, is_number, number, numbers, text, truth


def divide(left: Any, right: Any) -> float:
    """Two values in; their ratio out. Raises ErrorCell DIVIDE_BY_ZERO."""
    divisor = number(right, "DIVIDE", 2)
    if divisor == 0:
        raise ErrorCell("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero.")
    return number(left, "DIVIDE") / divisor


def average(*arguments: Any) -> float:
    """Arguments in; the mean of their numbers out."""
    found = numbers(arguments)
    if not found:
        raise ErrorCell("DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error.")
    return sum(found) / len(found)


def rounded(value: Any, places: Any = 0) -> float:
    """A number and decimal places in; the number rounded half away from zero out."""
    unit = Decimal(1).scaleb(-int(number(places)))
    result = Decimal(repr(float(number(value)))).quantize(unit, rounding=ROUND_HALF_UP)
    return float(result)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *a: sum(numbers(a)),
    "PRODUCT": lambda *a: math.prod(numbers(a)),
    "AVERAGE": average,
    "MIN": lambda *a: min(numbers(a), default=0),
    "MAX": lambda *a: max(numbers(a), default=0),
    "COUNT": lambda *a: sum(is_number(v) for v in flat(a)),
    "COUNTA": lambda *a: sum(v is not None for v in flat(a)),
    "COUNTBLANK": lambda *a: sum(v is None or v == "" for v in flat(a)),
    "ROUND": rounded,
    "INT": lambda v: math.floor(number(v)),
    "ABS": lambda v: abs(number(v)),
    "MOD": lambda a, b: number(a) % number(b),
    "SQRT": lambda v: math.sqrt(number(v)),
    "POWER": lambda a, b: number(a) ** number(b),
    "NEGATE": lambda v: -number(v, "UMINUS"),
    "+": lambda a, b: number(a, "ADD") + number(b, "ADD", 2),
    "-": lambda a, b: number(a, "MINUS") - number(b, "MINUS", 2),
    "*": lambda a, b: number(a, "MULTIPLY") * number(b, "MULTIPLY", 2),
    "/": divide,
    "DIVIDE": divide,
    "^": lambda a, b: number(a, "POW") ** number(b, "POW", 2),
    "&": lambda a, b: text(a) + text(b),
    "CONCATENATE": lambda *a: "".join(text(v) for v in flat(a)),
    "CONCAT": lambda a, b: text(a) + text(b),
    "JOIN": lambda mark, *a: text(mark).join(text(v) for v in flat(a)),
    "TEXTJOIN": lambda mark, skip, *a: text(mark).join(text(v) for v in flat(a) if text(v) or not truth(skip)),
    "LEN": lambda v: len(text(v)),
    "LEFT": lambda v, n=1: text(v)[: int(number(n))],
    "RIGHT": lambda v, n=1: text(v)[-int(number(n)) :] if number(n) else "",
    "MID": lambda v, s, n: text(v)[int(number(s)) - 1 : int(number(s)) - 1 + int(number(n))],
    "TRIM": lambda v: " ".join(text(v).split()),
    "UPPER": lambda v: text(v).upper(),
    "LOWER": lambda v: text(v).lower(),
    "SUBSTITUTE": lambda v, old, new: text(v).replace(text(old), text(new)),
    "VALUE": lambda v: number(v, "VALUE"),
    "AND": lambda *a: all(truth(v) for v in flat(a)),
    "OR": lambda *a: any(truth(v) for v in flat(a)),
    "NOT": lambda v: not truth(v),
    "DATE": lambda y, m, d: to_serial(date(int(number(y)), int(number(m)), int(number(d)))),
    "YEAR": lambda v: to_moment(number(v)).year,
    "MONTH": lambda v: to_moment(number(v)).month,
    "DAY": lambda v: to_moment(number(v)).day,
    "SUMIF": sum_if,
    "COUNTIF": count_if,
    "MATCH": match_position,
    "VLOOKUP": vlookup,
    "INDEX": index,
    "HYPERLINK": lambda url, label=None: url if label is None else label,
    "ROWS": len,
    "COLUMNS": lambda cells: len(cells[0]) if cells else 0,
    "ARRAYFORMULA": lambda v: v,
    "UNIQUE": lambda cells: [row for at, row in enumerate(cells) if row not in cells[:at]],
    "TRANSPOSE": lambda cells: [list(column) for column in zip(*cells, strict=True)],
    "ISBLANK": lambda v: v is None,
    "ISNUMBER": is_number,
    "ISTEXT": lambda v: isinstance(v, str),
    "PI": lambda: math.pi,
}
