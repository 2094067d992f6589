"""Rows of a table and its totals → for which rows a label that stands once holds, and which heads only add rows up.

So pivot tables look, and reports of accounting programs. What is done here is proved by the figures, or by the shape of
the rows alone, and then it is said; a total that contradicts its rows is asked about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from config.documents import RawTable
from config.errors import ContractError
from config.words import fold
from transforms.shape.header import Header
from transforms.shape.totals import figure_in

MOST_ROWS = 20_000
"""People group no longer table by hand."""
SUBTOTAL = re.compile(
    r"^(?P<label>.+?)\s*(?:[-–—:]\s*)?(?:итог|итого|всего|total|subtotal)$"
    r"|^(?:итого|итог|всего|subtotal|total)(?:\s+(?:по|за|for))?[\s:]+(?P<named>.+)$",
    re.IGNORECASE,
)
"""«SEO – итог», «SEO Total», «Итого по SEO»."""
NEAR = Decimal("0.01")
HAS_WORDS = re.compile(r"[^\W\d_]{2}")
FEWEST_ROWS, ALIKE = 4, 0.5
"""Below so many rows, and with fewer of the next column's values in common, two groups have nothing to compare."""
Rows = Sequence[Sequence[str]]
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, inclusive."""


@dataclass(frozen=True)
class Grouped:
    """What the groups of a table say."""

    areas: tuple[Area, ...] = ()
    """Rows for which the label of the first holds."""
    totals: frozenset[int] = frozenset()
    """Rows that only add up others."""
    unproved: tuple[str, ...] = ()
    """Headers of the columns filled down without a total that proves it."""


@dataclass
class _Found:
    areas: list[Area] = field(default_factory=list)
    totals: set[int] = field(default_factory=set)


def groups(raw: RawTable, header: Header, last: int, totals: set[int]) -> Grouped:
    """A table in memory, its header, last row and known totals in; its groups out.

    Raises ContractError for the total of a group whose rows do not come to it in any column.
    """
    rows, first = raw.rows or (), header.first_data_row
    if not header.rows or not FEWEST_ROWS <= last - first + 1 <= MOST_ROWS:
        return Grouped()
    found = _Found()
    ends = [row for row in range(first, last + 1) if row in totals or _may_end(rows[row])]
    for column in reversed(range(len(header.names))):
        for label, total in filter(None, (_group(rows, row, column, first) for row in ends)):
            _check_sums(raw, label, total, column, totals | found.totals)
            found.areas.append((label, column, total - 1, column))
            found.totals.add(total)
    data = [row for row in range(first, last + 1) if row not in totals | found.totals and any(rows[row])]
    _heads(rows, data, len(header.names), found)
    filled = {column for _, column, _, _ in found.areas}
    left = [row for row in data if row not in found.totals]
    unproved = list(_standing_once(rows, left, header, filled)) if left else []
    areas = (*found.areas, *(area for column in unproved for area in _down(rows, left, column)))
    names = tuple(header.names[column] for column in unproved)
    return Grouped(areas, frozenset(found.totals), names)


def _may_end(row: Sequence[str]) -> bool:
    """Whether a row may be a subtotal; one expression for the three words takes seven times as long."""
    text = "\n".join(row).lower()
    return "итог" in text or "всего" in text or "total" in text


def _group(rows: Rows, total: int, column: int, first: int) -> tuple[int, int] | None:
    """The rows of the label and of the total of a group of two rows and more, if the row is a subtotal of one."""
    match = SUBTOTAL.match(_cell(rows, total, column))
    if match is None or not any(figure_in(cell) is not None for cell in rows[total]):
        return None
    above = total - 1
    while above > first and not _cell(rows, above, column):
        above -= 1
    if total - above < 2 or fold(_cell(rows, above, column)) != fold(match["label"] or match["named"]):
        return None
    return above, total


def _check_sums(raw: RawTable, label: int, total: int, column: int, totals: set[int]) -> None:
    """Raises ContractError if the rows of a group come to its total in no column."""
    rows = raw.rows or ()
    within = [row for row in range(label, total) if row not in totals]
    told = [(at, figure) for at, cell in enumerate(rows[total]) if (figure := figure_in(cell)) is not None]
    sums = [_sum(rows, within, at) for at, _ in told]
    if not any(abs(figure - found) <= NEAR for (_, figure), found in zip(told, sums, strict=True)):
        (at, figure), found = told[0], sums[0]
        raise ContractError.of(
            raw.origin,
            "shape.subtotal_differs",
            label=_cell(rows, label, column),
            row=total + 1,
            number=at + 1,
            total=f"{figure:f}",
            found=f"{found:f}",
        )


# Heads of groups that bear the sum of the rows below them: «Салон 1 … 300» over its sales, without a day of its own.


def _heads(rows: Rows, data: Sequence[int], width: int, found: _Found) -> None:
    """Note the heads, if there is a column that is blank in them alone and every one of them adds rows up."""
    if not data:
        return
    for column in range(width):
        if _cell(rows, data[0], column):
            continue
        heads = [row for row in data if not _cell(rows, row, column)]
        groups_of = _of_heads(rows, data, heads) if 2 * len(heads) < len(data) + 1 else []
        if max(map(len, groups_of), default=0) > 1:
            for head, below in zip(heads, groups_of, strict=True):
                found.totals.add(head)
                place = next(at for at, cell in enumerate(rows[head]) if cell.strip())
                if not any(_cell(rows, row, place) for row in below):
                    found.areas.append((head, place, below[-1], place))
            return


def _of_heads(rows: Rows, data: Sequence[int], heads: Sequence[int]) -> list[list[int]]:
    """The rows that each head adds up; none if one of them does not."""
    found: list[list[int]] = []
    for head in heads:
        below = _added_up(rows, data, head, set(heads))
        if not below:
            return []
        found.append(below)
    return found


def _added_up(rows: Rows, data: Sequence[int], head: int, heads: set[int]) -> list[int]:
    """The rows below a head, down to another one or to the end, that come to a figure of it; none if no such."""
    figures = {at: figure for at, cell in enumerate(rows[head]) if (figure := figure_in(cell))}
    place = data.index(head) + 1
    if not figures or not HAS_WORDS.search(_label(rows[head])):
        return []
    below: list[int] = []
    sums = dict.fromkeys(figures, Decimal(0))
    for number in range(place, len(data)):
        if data[number] not in heads:
            below.append(data[number])
            for at in sums:
                sums[at] += figure_in(_cell(rows, data[number], at)) or 0
        is_end = number + 1 == len(data) or data[number + 1] in heads
        if below and is_end and any(abs(sums[at] - figure) <= NEAR for at, figure in figures.items()):
            return below
    return []


# Labels that stand in the first row of each group, with no total that would prove it.


def _standing_once(rows: Rows, data: Sequence[int], header: Header, filled: set[int]) -> Iterator[int]:
    """Columns, from the left, each of whose labels stands once above its group, while the next begins anew in each."""
    for column in range(len(header.names) - 1):
        if column in filled:
            continue
        labels = [row for row in data if _cell(rows, row, column)]
        if not _are_heads(rows, data, labels, column):
            return
        parts = [[row for row in data if start <= row < end] for start, end in pairwise([*labels, data[-1] + 1])]
        if header.names[column] and _begins_anew(rows, parts, range(column + 1, len(header.names))):
            yield column
        else:
            return


def _are_heads(rows: Rows, data: Sequence[int], labels: Sequence[int], column: int) -> bool:
    """Whether each label is words, stands once, and the first row has one; half of the rows or more have none."""
    texts = [fold(_cell(rows, row, column)) for row in labels]
    return (
        len(labels) >= 2
        and labels[0] == data[0]
        and len(set(texts)) == len(texts)
        and len(data) >= max(FEWEST_ROWS, 2 * len(labels))
        and all(map(HAS_WORDS.search, texts))
    )


def _begins_anew(rows: Rows, parts: Sequence[Sequence[int]], others: range) -> bool:
    """Whether there is a column filled in every row, whose values differ within a group and come again in the next."""
    for column in others:
        values = [[_cell(rows, row, column) for row in part] for part in parts]
        if all(all(part) and len(set(part)) == len(part) for part in values):
            shares = [len({*one} & {*other}) / len({*one} | {*other}) for one, other in pairwise(values)]
            if sum(shares) >= ALIKE * len(shares):
                return True
    return False


def _down(rows: Rows, data: Sequence[int], column: int) -> Iterator[Area]:
    labels = [row for row in data if _cell(rows, row, column)]
    for start, end in pairwise([*labels, data[-1] + 1]):
        yield start, column, end - 1, column


def _sum(rows: Rows, within: Sequence[int], column: int) -> Decimal:
    return sum((figure_in(_cell(rows, row, column)) or Decimal(0) for row in within), Decimal(0))


def _cell(rows: Rows, row: int, column: int) -> str:
    return rows[row][column].strip() if column < len(rows[row]) else ""


def _label(row: Sequence[str]) -> str:
    return next((cell for cell in row if cell.strip()), "")
