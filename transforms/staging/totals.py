"""Totals rows and control sums that a shape found → what each must be the sum of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from config.draft import TotalsCheck
from config.tables import Table
from transforms.parse import Reading, parsed
from transforms.parse.cells import literal
from transforms.shape import Shape


def totals(
    shape: Shape, table: Table, readings: Mapping[str, Reading], of_own_rows: Collection[str] = ()
) -> list[TotalsCheck]:
    """A shape in; the checks of its totals rows and of control sums of the table's money or rows out."""
    return [*_rows(shape), *_controls(shape, table, readings, of_own_rows)]


def _rows(shape: Shape) -> Iterator[TotalsCheck]:
    for total in shape.totals:
        since = dict.fromkeys((total.since_row + 1, shape.first_row + 1))
        yield TotalsCheck(total.label, total.row + 1, tuple(since), total.row + 1)


def _controls(
    shape: Shape, table: Table, readings: Mapping[str, Reading], of_own_rows: Collection[str]
) -> Iterator[TotalsCheck]:
    first = shape.first_row + 1
    for name, text in shape.controls.items():
        if name == "rows":
            stated = parsed("count", literal(text), Reading()).value
            yield TotalsCheck(text, None, (first,), None, stated, is_count=True)
        elif name == table.money:
            stated = parsed("money", literal(text), readings[name]).value
            yield TotalsCheck(text, None, (first,), None, stated, is_of_own_rows=name in of_own_rows)
