"""A table held in memory and its shape → its data rows, each with the number a person sees."""

from __future__ import annotations

from collections.abc import Iterator

from config.documents import RawTable
from transforms.shape.shape import Shape


def data_rows(raw: RawTable, shape: Shape) -> Iterator[tuple[int, list[str]]]:
    """A table held in memory in; (row number a person sees, as many cells as there are headers) of each data row out.

    Skipped rows are left out; a merged cell's value stands in every row it covers. Cells keep the marks of their types.
    """
    rows = raw.rows or ()
    width = len(shape.headers)
    left_out = {skipped.row for skipped in shape.skipped}
    fills = _fills(raw, shape)
    for index in range(shape.first_row, (shape.last_row if shape.last_row is not None else len(rows) - 1) + 1):
        if index in left_out:
            continue
        cells = list(rows[index][:width])
        cells += [""] * (width - len(cells))
        for column, value in fills.get(index, ()):
            if column < width and not cells[column]:
                cells[column] = value
        yield index + 1, cells


def _fills(raw: RawTable, shape: Shape) -> dict[int, list[tuple[int, str]]]:
    """Row → the values that merged cells above it give to its columns."""
    found: dict[int, list[tuple[int, str]]] = {}
    for first_row, first_column, last_row, _ in shape.fills:
        source = raw.rows[first_row] if raw.rows and first_row < len(raw.rows) else ()
        if first_column >= len(source) or not source[first_column]:
            continue
        for row in range(first_row + 1, min(last_row, shape.last_row or 0) + 1):
            found.setdefault(row, []).append((first_column, source[first_column]))
    return found
