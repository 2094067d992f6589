"""Published rows, one by one → what we last published on each tab, packed so that half a million cells fit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from connectors.google_sheets.known.publication import HEIGHT_COLUMN, TITLE_ROW, PublishedRow

HEIGHT_COLUMNS = json.dumps([HEIGHT_COLUMN])


class Published(NamedTuple):
    """One cell as we last wrote it."""

    row_key: str
    column: int
    value: str
    """Canonical text, empty for a blank."""
    format: str = ""
    """CellFormat as JSON."""
    note: str = ""


class RememberedRow(Mapping[int, Published]):
    """The cells of one row by column; unpacked only when one of them is asked for."""

    __slots__ = ("_cells", "kept")

    def __init__(self, kept: PublishedRow) -> None:
        self.kept = kept
        self._cells: dict[int, Published] | None = None

    def __getitem__(self, column: int) -> Published:
        if self._cells is None:
            self._cells = self._unpacked()
        return self._cells[column]

    def __iter__(self) -> Iterator[int]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns of the document, as they were written."""
        return _numbers(self.kept.columns)

    def _unpacked(self) -> dict[int, Published]:
        kept = self.kept
        notes = json.loads(kept.notes) if kept.notes else {}
        fields = zip(self.columns, json.loads(kept.values), _texts(kept.formats), strict=True)
        return {
            column: Published(kept.row_key, column, value, drawn, notes.get(str(column), ""))
            for column, value, drawn in fields
        }


BLANK_ROW: Mapping[int, Published] = {}


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

    def row(self, name: str) -> Mapping[int, Published]:
        """The cells of a row by its identity; none for a row that was not there."""
        return self.by_identity.get(name, BLANK_ROW)

    def note(self, name: str, column: int) -> str:
        """The note that we last wrote on a cell."""
        cell = self.row(name).get(column)
        return cell.note if cell else ""

    def has_notes(self, name: str) -> bool:
        """Whether we wrote a note on any cell of a row."""
        row = self.row(name)
        return bool(row.kept.notes) if isinstance(row, RememberedRow) else any(cell.note for cell in row.values())


@dataclass
class _Tab:
    """One tab's memory while its rows come in."""

    rows: dict[int, RememberedRow] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    heights: dict[str, int] = field(default_factory=dict)
    title: str | None = None

    def add(self, kept: PublishedRow) -> None:
        """One record, in any order: a title, a height, or the cells of a row."""
        if kept.row == TITLE_ROW:
            self.title = json.loads(kept.values)[0]
            return
        self.names[kept.row] = kept.row_key
        if kept.columns == HEIGHT_COLUMNS:
            self.heights[kept.row_key] = int(json.loads(kept.values)[0])
        else:
            self.rows[kept.row] = RememberedRow(kept)

    def done(self) -> Remembered:
        """The same, packed; a row of which nothing came has a name of its own."""
        places = range(1 + max(self.names, default=-1))
        names = [self.names.get(place) or f"~lost:{place}" for place in places]
        rows = [self.rows.get(place, BLANK_ROW) for place in places]
        return Remembered(names, rows, self.heights, self.title, sum(map(len, rows)))


def remembered(rows: Iterable[PublishedRow]) -> dict[str, Remembered]:
    """The published rows of all tabs in; key of each tab → what we remember of it out."""
    tabs: dict[str, _Tab] = {}
    for row in rows:
        tabs.setdefault(row.sheet_key, _Tab()).add(row)
    return {key: tab.done() for key, tab in tabs.items()}


@lru_cache(maxsize=4096)
def _numbers(columns: str) -> tuple[int, ...]:
    return tuple(json.loads(columns))


@lru_cache(maxsize=4096)
def _texts(formats: str) -> tuple[str, ...]:
    return tuple(json.loads(formats))
