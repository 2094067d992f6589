"""What we remember of a tab and what stands there → where our rows are, and everything an owner changed in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from config.documents import FORGOTTEN
from connectors.a1 import cell_name
from connectors.google_sheets.align import Rows, align
from connectors.google_sheets.formats import overrides
from connectors.google_sheets.publication import Edit
from connectors.google_sheets.remembered import Published, Remembered, RememberedRow
from connectors.google_sheets.row_json import texts_json
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
    """A tab, what was last published there, and document column → grid column in; the comparison out.

    Of a large tab only the values are known, so a row whose values are all as they were is done with at a glance.
    """
    order = tuple(sorted(columns))
    published, found = _published(memory, order), _found(tab, columns, order)
    compared = Comparison()
    rows = zip(memory.identities, memory.rows, align(published, found), published.contents, strict=True)
    for name, row, place, content in rows:
        if place is not None:
            compared.standing[name] = place
            if not tab.is_large or content != found.contents[place]:
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


def _published(memory: Remembered, order: tuple[int, ...]) -> Rows:
    """The texts that were published, each row's as one JSON list in the order of these columns."""
    blank = texts_json([""] * len(order))
    contents = [_content(row, order, blank) for row in memory.rows]
    return Rows(
        contents, lambda place: {column: cell.value for column, cell in memory.rows[place].items() if cell.value}
    )


def _content(row: ByColumn, order: tuple[int, ...], blank: str) -> str:
    if not row:
        return ""
    if isinstance(row, RememberedRow) and row.columns == order:
        content = row.kept.values
    else:
        content = texts_json([row[column].value if column in row else "" for column in order])
    return content if content != blank else ""


def _found(tab: Tab, columns: Mapping[int, int], order: tuple[int, ...]) -> Rows:
    """The texts that stand in our columns, each row's as one JSON list in this order; blank ones are empty."""
    places = [columns[column] for column in order]
    blank = texts_json([""] * len(order))
    contents = [texts_json(values) for values in tab.values(places)]
    contents = [content if content != blank else "" for content in contents]

    def texts(row: int) -> dict[int, str]:
        cells = ((column, tab.at(row, place).text) for column, place in columns.items())
        return {column: text for column, text in cells if text}

    return Rows(contents, texts)


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
