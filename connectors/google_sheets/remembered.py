"""Published cells, one by one → what we last published on each tab, packed by row, so that half a million fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from connectors.google_sheets.publication import HEIGHT_COLUMN, TITLE_ROW, Published

Shared = dict[tuple[object, ...], tuple[object, ...]]
"""Tuples that many rows have in common, kept once."""
Packed = TypeVar("Packed", bound=tuple[object, ...])


class PublishedRow(Mapping[int, Published]):
    """The cells of one row: their columns, values, formats and notes, looked at as cells only when asked for."""

    __slots__ = ("_columns", "_formats", "_notes", "_values", "key", "name", "place")

    def __init__(self, cells: Sequence[Published], shared: Shared) -> None:
        """Cells of one row, and the tuples that rows so far have in common."""
        first = cells[0]
        self.key, self.name, self.place = first.sheet_key, first.row_key, first.row
        self._columns: tuple[int, ...] = _shared(shared, tuple(cell.column for cell in cells))
        self._formats: tuple[str, ...] = _shared(shared, tuple(cell.format for cell in cells))
        self._notes: tuple[str, ...] = _shared(shared, tuple(cell.note for cell in cells))
        self._values = tuple(cell.value for cell in cells)

    def __getitem__(self, column: int) -> Published:
        if column not in self._columns:
            raise KeyError(column)
        at = self._columns.index(column)
        values = (self._values[at], self._formats[at], self._notes[at])
        return Published(self.key, self.name, self.place, column, *values)

    def __iter__(self) -> Iterator[int]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def texts(self) -> dict[int, str]:
        """Column → the text that was published, blanks left out."""
        return {column: value for column, value in zip(self._columns, self._values, strict=True) if value}


@dataclass(frozen=True)
class Remembered:
    """What we last published on one tab."""

    identities: Sequence[str]
    rows: Sequence[Mapping[int, Published]]
    heights: Mapping[str, int]
    title: str | None = None
    cell_count: int = 0

    @cached_property
    def by_identity(self) -> Mapping[str, Mapping[int, Published]]:
        """Identity → the cells of that row."""
        return dict(zip(self.identities, self.rows, strict=True))

    def note(self, name: str, column: int) -> str:
        """The note that we last wrote on a cell."""
        cell = self.by_identity.get(name, {}).get(column)
        return cell.note if cell else ""


@dataclass
class _Tab:
    """One tab's memory while its cells come in."""

    rows: dict[int, PublishedRow] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    heights: dict[str, int] = field(default_factory=dict)
    title: str | None = None

    def add(self, place: int, cells: Sequence[Published], shared: Shared) -> None:
        """Cells of one row, in any order; some of that row may have come before."""
        if place == TITLE_ROW:
            self.title = cells[0].value
            return
        self.names[place] = cells[0].row_key
        self.heights.update({cell.row_key: int(cell.value) for cell in cells if cell.column == HEIGHT_COLUMN})
        packed = [*self.rows.get(place, {}).values(), *(cell for cell in cells if cell.column != HEIGHT_COLUMN)]
        if packed:
            self.rows[place] = PublishedRow(packed, shared)

    def done(self) -> Remembered:
        """The same, packed; a row of which nothing came has a name of its own."""
        places = range(1 + max(self.names, default=-1))
        names = [self.names.get(place) or f"~lost:{place}" for place in places]
        rows: list[Mapping[int, Published]] = [self.rows.get(place, {}) for place in places]
        return Remembered(names, rows, self.heights, self.title, sum(map(len, rows)))


def remembered(cells: Iterable[Published]) -> dict[str, Remembered]:
    """The published cells of all tabs in; key of each tab → what we remember of it out."""
    tabs: dict[str, _Tab] = {}
    shared: Shared = {}
    for (key, place), group in groupby(cells, attrgetter("sheet_key", "row")):
        tabs.setdefault(key, _Tab()).add(place, list(group), shared)
    return {key: tab.done() for key, tab in tabs.items()}


def _shared(known: Shared, found: Packed) -> Packed:
    """The very same tuple as was met before, if one was."""
    return known.setdefault(found, found)  # type: ignore[return-value]  # equal tuples are of one type
