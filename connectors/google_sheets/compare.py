"""What we remember of a tab and what stands there → where our rows are, and everything an owner changed in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from connectors.google_sheets.addresses import cell_name
from connectors.google_sheets.align import Rows, align
from connectors.google_sheets.formats import overrides
from connectors.google_sheets.publication import HEIGHT_COLUMN, TITLE_ROW, Edit, Published
from connectors.google_sheets.state import Seen, Tab

ByColumn = Mapping[int, Published]
Place = tuple[str, int]
"""Identity of a row, and a column of the document."""


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


@dataclass
class Comparison:
    """What stands of ours, and what of it is the owner's."""

    standing: dict[str, int] = field(default_factory=dict)
    """Identity → row of the grid."""
    edits: list[Edit] = field(default_factory=list)
    """Values of ours that somebody changed."""
    formats: dict[Place, dict[str, Any]] = field(default_factory=dict)
    """Cell → the properties of its format that somebody changed."""
    strangers: dict[Place, Seen] = field(default_factory=dict)
    """Cells inside our rectangle where we wrote nothing and somebody typed."""


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


def compare(tab: Tab, memory: Remembered, columns: Mapping[int, int]) -> Comparison:
    """A tab, what was last published there, and document column → grid column in; the comparison out."""
    published = Rows(len(memory.rows), lambda row: _texts(memory.rows[row]))
    found = Rows(len(tab.rows), lambda row: _ours(tab, row, columns))
    places = align(published, found)
    compared = Comparison()
    for name, row, place in zip(memory.identities, memory.rows, places, strict=True):
        if place is not None:
            compared.standing[name] = place
            _compare_row(compared, tab, name, row, columns)
    return compared


def beside(tab: Tab, memory: Remembered, compared: Comparison, gone: Collection[str], ours: set[int]) -> Iterator[Edit]:
    """Rows that leave the report in; what an owner put beside them, into them and on their notes out."""
    for name in gone:
        place = compared.standing[name]
        notes = {cell.note for cell in memory.by_identity[name].values()}
        for column, seen in sorted(tab.rows[place].items() if place < len(tab.rows) else ()):
            where = cell_name(place, column)
            if column not in ours and seen.value not in (None, ""):
                yield Edit(tab.key, tab.title, where, name, None, seen.value, None, is_beside=True)
            if seen.note and (column not in ours or seen.note not in notes):
                yield Edit(tab.key, tab.title, where, name, None, seen.note, None, is_beside=True)


def covered(
    tab: Tab, compared: Comparison, wanted: Mapping[str, Collection[int]], columns: Mapping[int, int]
) -> list[Edit]:
    """Identity → columns about to be written in; what somebody had typed into cells of ours that were blank out."""
    found = []
    for (name, column), seen in compared.strangers.items():
        if name not in wanted or column in wanted[name]:
            where = cell_name(compared.standing[name], columns[column])
            found.append(Edit(tab.key, tab.title, where, name, None, seen.value, None, name not in wanted))
    return found


def _compare_row(compared: Comparison, tab: Tab, name: str, row: ByColumn, columns: Mapping[int, int]) -> None:
    place = compared.standing[name]
    for column, at in columns.items():
        seen, cell = tab.at(place, at), row.get(column)
        if cell is None:
            if seen.text:
                compared.strangers[name, column] = seen
            continue
        if seen.text != cell.value:
            compared.edits.append(_edit(tab, cell, cell_name(place, at), seen.value))
        changed = {} if tab.is_large else overrides(json.loads(cell.format or "{}"), seen.format)
        if changed:
            compared.formats[name, column] = changed


def _texts(row: ByColumn) -> dict[int, str]:
    """The texts that were published in a row."""
    return {column: cell.value for column, cell in row.items() if cell.value}


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
