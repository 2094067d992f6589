"""What we remember of a tab and what stands there → where our rows are, and everything an owner changed in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from config.documents import FORGOTTEN
from connectors.google_sheets.addresses import cell_name
from connectors.google_sheets.align import Rows, align
from connectors.google_sheets.formats import overrides
from connectors.google_sheets.publication import Edit, Published
from connectors.google_sheets.remembered import PublishedRow, Remembered
from connectors.google_sheets.state import Seen, Tab

ByColumn = Mapping[int, Published]
Place = tuple[str, int]
"""Identity of a row, and a column of the document."""


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
        if cell.value not in {seen.text, FORGOTTEN}:
            compared.edits.append(_edit(tab, cell, cell_name(place, at), seen.value))
        changed = {} if tab.is_large else _changed(cell.format or "{}", json.dumps(seen.format))
        if changed:
            compared.formats[name, column] = changed


@lru_cache(maxsize=4096)
def _changed(written: str, found: str) -> dict[str, Any]:
    """Two formats as JSON in; what the owner changed out, not to be altered. Few formats stand in many cells."""
    return overrides(json.loads(written), json.loads(found))


def _texts(row: ByColumn) -> dict[int, str]:
    """The texts that were published in a row."""
    if isinstance(row, PublishedRow):
        return row.texts()
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
