"""Rows as they stand and rows as they shall stand → the deletions, moves and insertions of whole rows that lead there.

Whole rows are moved, so whatever an owner typed beside one of ours goes with it: values, formulas (which Google
re-points), notes, heights, validation. Rows that an owner inserted between ours stay below the row they stood under.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal

MANY_ROWS = 3_000
"""Above this, only rows with something of the owner's in them keep their identity; the others are interchangeable."""


@dataclass(frozen=True)
class Step:
    """One change of the grid; counted from 0 in the grid as the steps before have left it."""

    kind: Literal["delete", "move", "insert"]
    start: int
    count: int
    destination: int = 0
    """Of a move: the row before which it goes, counted before the move."""


@dataclass(frozen=True)
class RowPlan:
    """The steps, and what each row of the rectangle is after them (None: a row the owner inserted)."""

    steps: Sequence[Step]
    after: Sequence[str | None]
    fresh: frozenset[str]
    """Identities of the rows that were inserted, or that another row of ours gave its place."""
    removed: frozenset[int] = frozenset()
    """Rows, as they stood before, that are deleted."""

    def places(self) -> dict[str, int]:
        """Identity → row of the grid."""
        return {name: place for place, name in enumerate(self.after) if name is not None}


def plan_rows(standing: Sequence[str | None], wanted: Sequence[str], touched: Collection[str]) -> RowPlan:
    """Rows that stand (None: the owner's own), identities wanted top down, and those touched in; the plan out.

    Touched are rows that hold something of the owner's. A sentence that leaves gives its place to a new one; in a very
    large report all rows but the touched are interchangeable.
    """
    grid = list(standing)
    if max(len(standing), len(wanted)) > MANY_ROWS:
        grid = _interchanged(grid, wanted, touched)
    grid = _recycled(grid, wanted, touched)
    kept = {name for name, before in zip(grid, standing, strict=True) if name == before and name is not None}
    asked = set(wanted)
    removed = frozenset(place for place, name in enumerate(grid) if name is not None and name not in asked)
    steps = [*_deletions(grid, asked)]
    steps += _moves(grid, wanted)
    steps += _insertions(grid, wanted)
    return RowPlan(steps, grid, frozenset(asked - kept), removed)


def _deletions(grid: list[str | None], wanted: set[str]) -> Iterator[Step]:
    """Delete our rows that are wanted no more, from the lowest up."""
    end = len(grid)
    while end > 0:
        start = end
        while start > 0 and grid[start - 1] is not None and grid[start - 1] not in wanted:
            start -= 1
        if start < end:
            del grid[start:end]
            yield Step("delete", start, end - start)
        end = min(start, end - 1)


def _moves(grid: list[str | None], wanted: Sequence[str]) -> Iterator[Step]:
    """Bring the rows that stay into the wanted order, leaving as many as possible where they are."""
    rank = {name: number for number, name in enumerate(wanted)}
    ranks = [rank[name] for name in grid if name is not None]
    settled = _longest_rising(ranks)
    previous: str | None = None
    for name in sorted((name for name in grid if name is not None), key=rank.__getitem__):
        if rank[name] not in settled:
            start = grid.index(name)
            size = 1 + _owners_rows_below(grid, start)
            destination = _end_of_group(grid, previous)
            if destination not in range(start, start + size + 1):
                yield Step("move", start, size, destination)
                block = grid[start : start + size]
                del grid[start : start + size]
                at = destination - size if destination > start else destination
                grid[at:at] = block
        previous = name


def _insertions(grid: list[str | None], wanted: Sequence[str]) -> Iterator[Step]:
    """Insert the rows that are new, each run of them at once."""
    present = {name for name in grid if name is not None}
    run: list[str] = []
    previous: str | None = None
    for name in [*wanted, None]:
        if name is not None and name not in present:
            run.append(name)
            continue
        if run:
            at = _end_of_group(grid, previous)
            grid[at:at] = run
            yield Step("insert", at, len(run))
            run = []
        previous = name


def _end_of_group(grid: Sequence[str | None], name: str | None) -> int:
    """The place after a row of ours and the owner's rows under it; for None, after the owner's rows at the very top."""
    start = -1 if name is None else grid.index(name)
    return start + 1 + _owners_rows_below(grid, start)


def _owners_rows_below(grid: Sequence[str | None], start: int) -> int:
    found = 0
    while start + 1 + found < len(grid) and grid[start + 1 + found] is None:
        found += 1
    return found


def _interchanged(standing: Sequence[str | None], wanted: Sequence[str], touched: Collection[str]) -> list[str | None]:
    """Give the rows that hold nothing of the owner's the identities wanted, in order, so that they need not move."""
    bound = set(touched) & set(wanted)
    free = (name for name in wanted if name not in bound)
    gone = (f"~gone:{number}" for number in count())
    return [name if name is None or name in touched else next(free, None) or next(gone) for name in standing]


def _recycled(standing: Sequence[str | None], wanted: Sequence[str], touched: Collection[str]) -> list[str | None]:
    """Give the places of sentences and blanks that leave, if the owner left them alone, to new ones of their kind.

    Not so rows with a key: a formula that an owner points at the calls of «VK» must break when «VK» leaves, rather
    than go on with another channel's.
    """
    asked, present = set(wanted), {name for name in standing if name is not None}
    coming: dict[str, deque[str]] = {}
    for name in wanted:
        if name not in present and name.startswith("~"):
            coming.setdefault(_kind(name), deque()).append(name)
    grid = list(standing)
    for place, stood in enumerate(standing):
        if stood is not None and stood not in asked and stood not in touched and coming.get(_kind(stood)):
            grid[place] = coming[_kind(stood)].popleft()
    return grid


def _kind(name: str) -> str:
    """What an unkeyed row is, without which one: two texts are of one kind."""
    return name.partition(":")[0]


def _longest_rising(ranks: Sequence[int]) -> set[int]:
    """The members of a longest rising subsequence: the rows that need not move."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, rank in enumerate(ranks):
        place = bisect_left(tails, rank)
        before.append(at[place - 1] if place else -1)
        if place == len(tails):
            tails.append(rank)
            at.append(number)
        else:
            tails[place], at[place] = rank, number
    kept: set[int] = set()
    number = at[-1] if at else -1
    while number >= 0:
        kept.add(ranks[number])
        number = before[number]
    return kept
