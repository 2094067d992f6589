"""A recognised table in memory → its rows as they go into the warehouse; which have cells beside their headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.documents import RawTable
from config.draft import STRUCK, RawRow
from transforms.recognise import Recognised
from transforms.shape import beside, beside_on_disk, data_rows


def misplaced(recognised: Recognised) -> Mapping[int, int]:
    """Rows of a table whose cells stand beside their headings, counted from 0."""
    raw, shape = recognised.raw, recognised.shape
    if not shape.header_rows:
        return {}
    if raw.rows is None:
        no_data = [list(raw.tail[-one.from_end]) for one in shape.skipped_tail if one.from_end <= len(raw.tail)]
        return beside_on_disk(raw, shape.headings, shape.first_row, no_data)
    left_out = {one.row for one in shape.skipped}
    last = len(raw.rows) - 1 if shape.last_row is None else shape.last_row
    return beside(raw, shape.headings, [row for row in range(shape.first_row, last + 1) if row not in left_out])


def raw_rows(recognised: Recognised, positions: list[int], misplaced: Mapping[int, int]) -> Iterator[RawRow]:
    """Every row below the header; skipped ones keep their cells, because a totals row's roubles are read too."""
    raw, shape = recognised.raw, recognised.shape
    for number, cells in data_rows(raw, shape):
        found = [cells[place] if place < len(cells) else "" for place in positions]
        yield RawRow(number, None, found, misplaced.get(number - 1))
    for place, struck in raw.struck.items():
        yield RawRow(place + 1, STRUCK, [struck[at] if at < len(struck) else "" for at in positions])
    for left_out in shape.skipped:
        if left_out.row in raw.struck and not is_meant(raw, left_out.row):
            continue
        row = raw.rows[left_out.row] if raw.rows is not None else ()
        yield RawRow(left_out.row + 1, left_out.why, [row[place] if place < len(row) else "" for place in positions])


def is_meant(raw: RawTable, place: int) -> bool:
    """Whether a row that a person struck out says something else now."""
    return raw.rows is not None and any(raw.rows[place])


def whole_rows(recognised: Recognised) -> Iterator[RawRow]:
    """The rows of data with all their cells."""
    return (RawRow(number, None, cells) for number, cells in data_rows(recognised.raw, recognised.shape))
