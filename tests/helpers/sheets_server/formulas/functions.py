"""Functions of formulas: evaluated arguments in, a value out. A range is a list of rows of values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..formats import to_moment, to_serial


class ErrorCell(Exception):
    """A formula that ends in an error: the API's type, what the cell shows, and the message."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message

    @property
    def shown(self) -> str:
        """What the cell shows."""
        return SHOWN[self.kind]


SHOWN = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}
KINDS = {shown: kind for kind, shown in SHOWN.items()}
Range = list[list[Any]]


def flat(arguments: tuple[Any, ...]) -> Iterator[Any]:
    """Arguments in; their values one by one, those of ranges too, out. An error among them is raised."""
    for argument in arguments:
        for value in (cell for row in argument for cell in row) if isinstance(argument, list) else [argument]:
            if isinstance(value, ErrorCell):
                raise value
            yield value


def numbers(arguments: tuple[Any, ...]) -> list[float]:
    """Arguments in; the numbers among them out: in ranges texts and truths do not count."""
    found = []
    for argument in arguments:
        if isinstance(argument, list):
            found += [value for value in flat((argument,)) if is_number(value)]
        else:
            found.append(number(argument))
    return found


def is_number(value: Any) -> bool:
    """Is it a number, not a truth?"""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: Any, operator: str = "") -> float:
    """One value in; the number it stands for out. Raises ErrorCell VALUE for text that is none."""
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, ErrorCell):
        raise value
    if value is None or value == "":
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        try:
            return float(value.replace(",", "."))
        except ValueError as error:
            name = operator or "MULTIPLY"
            text = f"Function {name} parameter 1 expects number values. But '{value}' is a text and cannot be coerced "
            raise ErrorCell("VALUE", f"{text}to a number.") from error
    return float(value) if not isinstance(value, int) else value


def text(value: Any) -> str:
    """One value in; its text out."""
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, ErrorCell):
        raise value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def truth(value: Any) -> bool:
    """One value in; whether it counts as true out."""
    if isinstance(value, str):
        return value.upper() in ("TRUE", "ИСТИНА")
    return bool(number(value))


def divide(left: Any, right: Any) -> float:
    """Two values in; their ratio out. Raises ErrorCell DIVIDE_BY_ZERO."""
    divisor = number(right, "DIVIDE")
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


def criterion(wanted: Any) -> Callable[[Any], bool]:
    """A SUMIF criterion (`>5`, `text*` or a value) in; a test out."""
    match = re.match(r"(<=|>=|<>|<|>|=)?(.*)", text(wanted), re.DOTALL)
    mark, value = (match[1] or "=", match[2]) if match else ("=", "")
    try:
        limit: float | None = float(value.replace(",", "."))
    except ValueError:
        limit = None
    if limit is not None:
        tests = {"=": "__eq__", "<>": "__ne__", "<": "__lt__", ">": "__gt__", "<=": "__le__", ">=": "__ge__"}
        return lambda cell: is_number(cell) and bool(getattr(float(cell), tests[mark])(limit))
    pattern = re.compile(re.escape(value).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE | re.DOTALL)
    return lambda cell: (pattern.fullmatch(text(cell)) is not None) == (mark != "<>")


def sum_if(cells: Range, wanted: Any, summed: Range | None = None) -> float:
    """A range, a criterion and what to sum in; the sum where it holds out."""
    test, other = criterion(wanted), summed or cells
    pairs = zip((cell for row in cells for cell in row), (cell for row in other for cell in row), strict=False)
    return sum(value for cell, value in pairs if test(cell) and is_number(value))


def count_if(cells: Range, wanted: Any) -> int:
    """A range and a criterion in; how many cells meet it out."""
    test = criterion(wanted)
    return sum(test(cell) for row in cells for cell in row)


def match_position(wanted: Any, cells: Range, kind: Any = 1) -> int:
    """A value and a line of cells in; where it stands, from 1, out."""
    line = [cell for row in cells for cell in row]
    for place, cell in enumerate(line, 1):
        if alike(cell, wanted):
            return place
    if number(kind) == 1:
        below = [place for place, cell in enumerate(line, 1) if is_number(cell) and cell <= number(wanted)]
        if below:
            return below[-1]
    raise ErrorCell("N_A", f"Did not find value '{text(wanted)}' in MATCH evaluation.")


def alike(left: Any, right: Any) -> bool:
    """Are two values equal as a lookup sees it?"""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    return type(left) is type(right) is bool or ((is_number(left) and is_number(right)) and bool(left == right))


def vlookup(wanted: Any, cells: Range, column: Any, is_sorted: Any = True) -> Any:
    """A value, a table and a column's number in; what stands there in the value's row out."""
    for row in cells:
        if row and alike(row[0], wanted):
            return row[int(number(column)) - 1]
    raise ErrorCell("N_A", f"Did not find value '{text(wanted)}' in VLOOKUP evaluation.")


def index(cells: Range, row: Any = 0, column: Any = 0) -> Any:
    """A range, a row and a column from 1 in; the cell, or the whole row or column for 0, out."""
    top, left = int(number(row)), int(number(column))
    if len(cells) == 1 and not left:
        top, left = 0, top
    picked = cells if not top else [cells[top - 1]]
    picked = picked if not left else [[line[left - 1]] for line in picked]
    return picked[0][0] if len(picked) == 1 and len(picked[0]) == 1 else picked


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
    "+": lambda a, b: number(a, "ADD") + number(b, "ADD"),
    "-": lambda a, b: number(a, "MINUS") - number(b, "MINUS"),
    "*": lambda a, b: number(a, "MULTIPLY") * number(b, "MULTIPLY"),
    "/": divide,
    "DIVIDE": divide,
    "^": lambda a, b: number(a, "POW") ** number(b, "POW"),
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
