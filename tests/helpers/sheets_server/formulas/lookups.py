"""Functions that look for something: criteria, MATCH, VLOOKUP, INDEX."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .plain import ErrorCell, Range, is_number, number, text


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
    return float(sum(value for cell, value in pairs if test(cell) and is_number(value)))


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
    """Are two values equal as a lookup sees it, yes or no."""
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
