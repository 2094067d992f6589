"""A recognised table → its rows as they go into the warehouse, and what is usual in them, read or not."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from config.documents import RawTable
from config.draft import STRUCK, Neighbour, RawRow, Usual
from transforms.recognise import Recognised
from transforms.shape import beside, beside_on_disk, data_rows, usual_kind
from transforms.staging.one_table import OneTable

FEWEST, LOOKED_AT = 10, 60
"""Of rows: fewer show no usage, and more no other."""


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


def neighbours(one: OneTable) -> dict[str, Neighbour]:
    """A table in; its headings that nothing reads, and that hold several words, out."""
    return dict(_neighbours(one))


def _neighbours(one: OneTable) -> Iterator[tuple[str, Neighbour]]:
    rows = len(one.first_rows)
    for header in one.unread if rows >= FEWEST else ():
        texts = Counter(one.sample(header))
        words = {text: times for text, times in texts.items() if any(map(str.isalpha, text))}
        if len(words) > 1:
            is_few = len(texts) * 2 <= texts.total()
            repeated = {word for word, times in words.items() if times > 1} if is_few else ()
            yield header, Neighbour({word: times / rows for word, times in words.items()}, repeated)


def usual(recognised: Recognised, kind_of: Callable[[str], str]) -> list[Usual]:
    """A table and how the kind of a cell is told in; what is usual in each place, up to the last heading, out."""
    raw, shape = recognised.raw, recognised.shape
    if raw.rows is None:
        rows = [cells for place, cells in enumerate(raw.head) if place >= shape.first_row and place not in raw.odd_rows]
    else:
        rows = [list(cells) for _, cells in islice(data_rows(raw, shape), LOOKED_AT)]
    found = []
    for place in range(shape.headings):
        kinds = [kind_of(row[place]) if place < len(row) else "" for row in rows]
        is_full = len(rows) >= FEWEST and sum(map(bool, kinds)) * 10 >= len(rows) * 9
        found.append(Usual(shape.headers[place], usual_kind(kinds), is_full))
    return found
