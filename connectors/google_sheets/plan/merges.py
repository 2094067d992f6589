"""Cells that an owner merged over several rows beside ours → how they come along while the rows move.

Google moves no row out of a merge. So such a merge is undone first, its text stays with the row it was typed for, and
what of its rows still stands below that one is merged again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal


@dataclass(frozen=True)
class Step:
    """One change of the grid; counted from 0 in the grid as the steps before have left it."""

    kind: Literal["delete", "move", "insert"]
    start: int
    count: int
    destination: int = 0
    """Of a move: the row before which it goes, counted before the move."""


@dataclass(frozen=True)
class Carried:
    """One merge on its way."""

    stood: Mapping[str, int]
    """Its range before anything is changed."""
    holder: int
    """The row, as rows stood, that has its text: its first one, else the first that stays in the report."""
    row: int = 0
    rows: int = 0
    """Where it is merged again, as rows will stand, and over how many; 0 where none of its rows stays."""
    lost: Sequence[int] = ()
    """Rows, as they stood, that stay but are covered no more."""

    @property
    def first(self) -> int:
        """Its first row as it stood."""
        return self.stood.get("startRowIndex", 0)

    @property
    def column(self) -> int:
        """Its first column as it stood."""
        return self.stood.get("startColumnIndex", 0)


def places_after(steps: Sequence[Step], count: int) -> list[int | None]:
    """Steps and how many rows there are in; where each row stands after them, None for a deleted one, out."""
    grid: list[int | None] = list(range(count))
    for step in steps:
        if step.kind == "insert":
            grid[step.start : step.start] = [None] * step.count
            continue
        block = grid[step.start : step.start + step.count]
        del grid[step.start : step.start + step.count]
        if step.kind == "move":
            at = step.destination - step.count if step.destination > step.start else step.destination
            grid[at:at] = block
    after: list[int | None] = [None] * count
    for place, row in enumerate(grid):
        if row is not None:
            after[row] = place
    return after


def tall_beside(merges: Sequence[Mapping[str, int]], ours: set[int], rows: int) -> list[Mapping[str, int]]:
    """Merges of a tab in; those over several rows, beside the columns and in the first rows that are ours, out."""
    return [
        merge
        for merge in merges
        if merge["endRowIndex"] - merge.get("startRowIndex", 0) > 1
        and merge.get("startRowIndex", 0) < rows
        and not ours & set(range(merge.get("startColumnIndex", 0), merge["endColumnIndex"]))
    ]


def carried(merges: Sequence[Mapping[str, int]], steps: Sequence[Step], count: int, frozen: int) -> list[Carried]:
    """Such merges, the steps, how many rows there are and how many of them are frozen in; how each comes along out."""
    if not steps or not merges:
        return []
    after = places_after(steps, count)
    edge = 1 + max((place for place in after[:frozen] if place is not None), default=-1)
    return [_carried(merge, after, edge) for merge in merges]


def _carried(merge: Mapping[str, int], after: Sequence[int | None], edge: int) -> Carried:
    rows = range(merge.get("startRowIndex", 0), min(merge["endRowIndex"], len(after)))
    staying = {place: row for row in rows if (place := after[row]) is not None}
    if not staying:
        return Carried(merge, rows[0])
    holder = rows[0] if after[rows[0]] is not None else staying[min(staying)]
    top = after[holder]
    assert top is not None  # noqa: S101 - it is one of those that stay
    run = list(
        takewhile(lambda place: place in staying and (place == top or place != edge), range(top, len(after) * 2))
    )
    lost = [row for place, row in staying.items() if place not in run]
    return Carried(merge, holder, top, len(run), lost)
