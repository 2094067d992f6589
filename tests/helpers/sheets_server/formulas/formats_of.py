"""The number format a formula's cell takes from the cells it refers to."""

from __future__ import annotations

from typing import Any

from tests.helpers.sheets_server.model import Cell, Formula, Sheet

from .evaluate import Calculation
from .references import Reference
from .syntax import Call, FormulaError, Node, parse_formula


def number_format_of(calculation: Calculation, sheet: Sheet, cell: Cell) -> Any:
    """A formula's cell without a format in; the format it takes from the first cell it refers to out, None if none."""
    if not isinstance(cell.value, Formula):
        return None
    try:
        tree = parse_formula(cell.value, calculation.locale)
    except FormulaError:
        return None
    if isinstance(tree, Call) and tree.name in ("TODAY", "DATE", "EDATE"):
        return {"type": "DATE", "pattern": calculation.locale.date_pattern}
    if isinstance(tree, Call) and tree.name == "NOW":
        return {"type": "DATE_TIME", "pattern": f"{calculation.locale.date_pattern} h:mm:ss"}
    return first_format(calculation, sheet, tree)


def first_format(calculation: Calculation, sheet: Sheet, tree: Node) -> Any:
    """A tree in; the number format of the first cell it names, through sums and products, out."""
    if isinstance(tree, Reference):
        there = sheet if tree.sheet is None else calculation.book.titled(tree.sheet)
        bounds = tree.bounds
        cell = there.cell(bounds.top or 0, bounds.left or 0) if there else Cell()
        return (cell.format or {}).get("numberFormat")
    if isinstance(tree, Call) and tree.name in ("SUM", "MIN", "MAX", "AVERAGE", "+", "-", "*", "ROUND", "INDEX"):
        for argument in tree.arguments:
            found = first_format(calculation, sheet, argument)
            if found:
                return found
    return None
