"""A draft, what we remember and what stands in the tab → where every cell goes, and what the owner changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from connectors.google_sheets.addresses import cell_name
from connectors.google_sheets.align import align
from connectors.google_sheets.draft import Draft
from connectors.google_sheets.formats import overrides
from connectors.google_sheets.publication import HEIGHT_COLUMN, TITLE_ROW, Edit, Published
from connectors.google_sheets.rows import RowPlan, plan_rows
from connectors.google_sheets.state import DEFAULT_ROW_PX, Tab

SPARE_ROWS = 30
"""Blank rows below a new report, for its owner."""
ROW_PX = 20

ByColumn = Mapping[int, Published]


@dataclass(frozen=True)
class Remembered:
    """What we last published on one tab."""

    identities: Sequence[str]
    rows: Sequence[ByColumn]
    heights: Mapping[str, int]

    @cached_property
    def by_identity(self) -> Mapping[str, ByColumn]:
        """Identity → the cells of that row."""
        return dict(zip(self.identities, self.rows, strict=True))

    def note(self, name: str, column: int) -> str:
        """The note that we last wrote on a cell."""
        cell = self.by_identity.get(name, {}).get(column)
        return cell.note if cell else ""


@dataclass(frozen=True)
class TabPlan:
    """Where a draft goes on its tab."""

    draft: Draft
    tab: Tab | None
    """The tab as it stands; None if it is to be made."""
    rows: RowPlan
    standing: Mapping[str, int]
    """Identity → row of the grid before anything is changed ."""
    columns: Sequence[int]
    """Column of the document → column of the grid, after the missing ones are inserted."""
    new_columns: Sequence[tuple[int, int]]
    """Columns of the document that are to be inserted, in order, each with its place in the grid at that moment."""
    changed_formats: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    """Identity and column of the document → what the owner changed in the cell's format."""
    remembered: Remembered = Remembered((), (), {})
    edits: Sequence[Edit] = ()

    @property
    def is_new(self) -> bool:
        """Whether the tab is to be made."""
        return self.tab is None

    def grid_rows(self) -> int:
        """How many rows the grid has once the plan is carried out."""
        if self.tab is None:
            below = (chart.anchor_row + chart.height_px // ROW_PX + 2 for chart in self.draft.sheet.charts)
            return max(len(self.draft.rows), *below, 1) + SPARE_ROWS
        grown = sum(step.count * {"insert": 1, "delete": -1, "move": 0}[step.kind] for step in self.rows.steps)
        return max(self.tab.row_count + grown, len(self.rows.after))


def remembered(cells: Sequence[Published]) -> Remembered:
    """The published cells of one tab, in any order, in; the same by row out."""
    count = 1 + max((cell.row for cell in cells), default=-1)
    rows: list[dict[int, Published]] = [{} for _ in range(count)]
    names = [""] * count
    heights = {}
    for cell in cells:
        if cell.row == TITLE_ROW:
            continue
        names[cell.row] = cell.row_key
        if cell.column == HEIGHT_COLUMN:
            heights[cell.row_key] = int(cell.value)
        else:
            rows[cell.row][cell.column] = cell
    return Remembered([name or f"~lost:{row}" for row, name in enumerate(names)], rows, heights)


def plan_new(draft: Draft) -> TabPlan:
    """A draft whose tab does not exist in; the plan for a tab of its own out."""
    rows = RowPlan((), draft.identities, frozenset(draft.identities))
    return TabPlan(draft, None, rows, {}, range(draft.columns), ())


def plan_tab(draft: Draft, tab: Tab, memory: Remembered) -> TabPlan:
    """A draft, its tab and what was last published there in; the plan out, with the owner's edits."""
    before = dict(tab.columns) or {column: column for column in range(min(draft.columns, tab.column_count))}
    standing, edits, formats = _compared(tab, memory, before)
    grid = _standing_rows(standing)
    gone = set(standing) - set(draft.identities)
    edits += _beside(tab, {name: standing[name] for name in gone}, set(before.values()))
    if has_tall_merge(tab, set(before.values()), len(grid)):
        grid = _in_place(grid, draft.identities)
        standing = {name: place for place, name in enumerate(grid) if name is not None}
    touched = _touched(tab, grid, set(before.values())) | {name for name, _ in formats}
    columns, new_columns = _columns(before, max(draft.columns, *(column + 1 for column in before), 1))
    rows = plan_rows(grid, draft.identities, touched)
    return TabPlan(draft, tab, rows, standing, columns, new_columns, formats, memory, edits)


def plan_unremembered(draft: Draft, tab: Tab) -> TabPlan:
    """A draft and a tab of ours of which we remember nothing in; a plan that writes row over row out."""
    before = dict(tab.columns) or {column: column for column in range(min(draft.columns, tab.column_count))}
    noted = int(tab.made.get("rows", 0))
    grid = _in_place([f"~old:{row}" for row in range(noted)], draft.identities)
    standing = {name: place for place, name in enumerate(grid) if name is not None}
    columns, new_columns = _columns(before, max(draft.columns, *(column + 1 for column in before), 1))
    rows = plan_rows(grid, draft.identities, set(standing))
    blank = [dict.fromkeys(before, Published(draft.key, name, row, 0, "")) for row, name in enumerate(standing)]
    return TabPlan(draft, tab, rows, standing, columns, new_columns, {}, Remembered(list(standing), blank, {}))


def has_tall_merge(tab: Tab, ours: set[int], rows: int) -> bool:
    """Whether the owner merged cells over several rows beside ours: Google moves no row out of such a merge."""
    return any(
        merge["endRowIndex"] - merge.get("startRowIndex", 0) > 1
        and merge.get("startRowIndex", 0) < rows
        and not ours & set(range(merge.get("startColumnIndex", 0), merge["endColumnIndex"]))
        for merge in tab.merges
    )


def _compared(
    tab: Tab, memory: Remembered, columns: Mapping[int, int]
) -> tuple[dict[str, int], list[Edit], dict[tuple[str, int], dict[str, Any]]]:
    """Where each remembered row stands, the values an owner edited, and the formats an owner changed."""
    published = [{column: cell.value for column, cell in row.items() if cell.value} for row in memory.rows]
    found = [_ours(tab, row, columns) for row in range(len(tab.rows))]
    places = align(published, found)
    standing: dict[str, int] = {}
    edits: list[Edit] = []
    formats: dict[tuple[str, int], dict[str, Any]] = {}
    for name, row, place in zip(memory.identities, memory.rows, places, strict=True):
        if place is None:
            continue
        standing[name] = place
        for column, cell in row.items():
            if column not in columns:
                continue
            seen = tab.at(place, columns[column])
            if seen.text != cell.value:
                edits.append(_edit(tab, cell, cell_name(place, columns[column]), seen.value))
            changed = {} if tab.is_large else overrides(json.loads(cell.format or "{}"), seen.format)
            if changed:
                formats[name, column] = changed
    return standing, edits, formats


def _ours(tab: Tab, row: int, columns: Mapping[int, int]) -> dict[int, str]:
    """The texts that stand in our columns of a row."""
    cells = ((column, tab.at(row, place).text) for column, place in columns.items())
    return {column: text for column, text in cells if text}


def _edit(tab: Tab, cell: Published, name: str, found: str | float | bool | None) -> Edit:
    number = json.loads(cell.format or "{}").get("numberFormat", {})
    is_number = number.get("type", "TEXT") != "TEXT"
    published: str | float = cell.value
    if is_number:
        try:
            published = float(cell.value)
        except ValueError:
            is_number = False
    return Edit(tab.key, tab.title, name, cell.row_key, published, found, number.get("pattern") if is_number else None)


def _beside(tab: Tab, gone: Mapping[str, int], ours: set[int]) -> list[Edit]:
    """What an owner put beside rows that leave the report."""
    return [
        Edit(tab.key, tab.title, cell_name(place, column), name, None, seen.value or seen.note, None, is_beside=True)
        for name, place in gone.items()
        for column, seen in sorted(tab.rows[place].items() if place < len(tab.rows) else ())
        if column not in ours and (seen.value not in (None, "") or seen.note)
    ]


def _standing_rows(standing: Mapping[str, int]) -> list[str | None]:
    """Rows of the grid down to our last one: identities, and None for the owner's own."""
    grid: list[str | None] = [None] * (1 + max(standing.values(), default=-1))
    for name, place in standing.items():
        grid[place] = name
    return grid


def _in_place(grid: Sequence[str | None], wanted: Sequence[str]) -> list[str | None]:
    """The same rows, named as the new ones are, top down: nothing moves, the end grows or shrinks."""
    names = iter(wanted)
    return [None if name is None else next(names, f"~spare:{place}") for place, name in enumerate(grid)]


def _touched(tab: Tab, grid: Sequence[str | None], ours: set[int]) -> set[str]:
    """Identities of the rows that hold something of the owner's: a cell beside, or a height of their own."""
    return {
        name
        for place, name in enumerate(grid[: len(tab.rows)])
        if name is not None and (any(column not in ours for column in tab.rows[place]) or _height(tab, place))
    }


def _height(tab: Tab, place: int) -> bool:
    return place < len(tab.heights) and tab.heights[place] != DEFAULT_ROW_PX


def _columns(before: Mapping[int, int], count: int) -> tuple[list[int], list[tuple[int, int]]]:
    """Where our columns stand and how many there shall be in; where they will stand, and which to insert, out."""
    places: dict[int, int] = dict(before)
    missing = []
    for column in range(count):
        if column in places:
            continue
        at = places[column - 1] + 1 if column else 0
        places = {other: place + (place >= at) for other, place in places.items()} | {column: at}
        missing.append((column, at))
    return [places[column] for column in range(count)], missing
