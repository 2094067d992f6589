"""What was published, where, and who remembers it; and what a publication came to."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, Protocol

from config.documents import Value
from config.messages import Language

TITLE_ROW = -1
"""`row` of the record that remembers a tab's title."""
HEIGHT_COLUMN = -1
"""The one column of the record that remembers a row's height in pixels."""


class PublishedRow(NamedTuple):
    """One row of cells as we last wrote it. Rows and columns count from 0 inside the Sheet document.

    Packed, because there may be fifty thousand; `ops.published` tells the same cell by cell.
    """

    sheet_key: str
    row_key: str
    """Identity of the row: its key in the document, or `~…` for titles, headers and sentences."""
    row: int
    columns: str
    """Columns of the cells, as a JSON list."""
    formats: str
    """The CellFormat we wrote into each, as a JSON list of JSON texts, to tell an owner's change of it."""
    values: str
    """Canonical texts of the values, as a JSON list: `12.5`, `46000` for a date, `TRUE`; empty for a blank."""
    notes: str = ""
    """Column → note, as JSON; empty where there is none."""


class Memory(Protocol):
    """Who keeps the published rows between runs: ops.published.

    `target` is a spreadsheet's id, `stamp` names one publication to it.
    """

    def recall(self, target: str) -> Mapping[str, Iterable[PublishedRow]]:
        """Every remembered publication of this target by stamp: the settled one, and one that may not have arrived.

        The one remembered last comes last; its rows may be a stream that is read once.
        """

    def remember(self, target: str, stamp: str, rows: Iterable[PublishedRow]) -> None:
        """Keep, durably and beside the former ones, what is about to be sent. Repeating a stamp replaces it."""

    def settle(self, target: str, stamp: str) -> None:
        """The publication arrived: forget every other one of this target."""


EditKind = Literal["value", "beside", "merged", "moved"]
VALUE: EditKind = "value"
"""Somebody changed a value of ours, or typed into a cell of ours that was blank and is now needed."""
BESIDE: EditKind = "beside"
"""Something of an owner's beside a row that is in the report no more."""
MERGED: EditKind = "merged"
"""Cells that an owner had merged beside rows which do not stand together any more."""
MOVED: EditKind = "moved"
"""A column of ours that somebody cut and pasted elsewhere: there it grows old."""


@dataclass(frozen=True)
class Edit:
    """A human edit of one of our values, or something of an owner's beside a row that left the report."""

    sheet_key: str
    title: str
    cell: str
    row_key: str
    published: Value
    found: Value
    pattern: str | None = None
    kind: EditKind = "value"
    label: str = ""
    """What stands first in the row, for rows whose identity says nothing to a person."""

    @property
    def row_name(self) -> str:
        """What a person calls the row."""
        return self.label if self.row_key.startswith("~") else self.row_key


@dataclass(frozen=True)
class Publishing:
    """How one publication went."""

    spreadsheet: str
    link: str
    edits: Sequence[Edit] = ()
    reads: int = 0
    writes: int = 0
    created: Sequence[str] = ()
    """Keys of the tabs that did not exist before."""
    kept_copies: Sequence[str] = ()
    """Titles of copies made of tabs whose last publication we did not remember."""
    left_out: Sequence[str] = ()
    """Titles of pages for whose tabs the spreadsheet had no room."""
    edits_title: str = ""
    """Title of the tab on which the edits are kept."""


@dataclass(frozen=True)
class Control:
    """What the tab «Пульт» is told by a publication."""

    text: str = ""
    """What happened; without it, what stood there stays."""
    answered: tuple[str, str] | None = None
    """The two days that were asked for there, if it was a tick that this run answers."""


@dataclass(frozen=True)
class Occasion:
    """When and in what language a publication is made."""

    updated_at: datetime
    language: Language = "ru"
    client: str = ""
    """Whose report it is; without a name nothing is noted of it and nobody is refused."""
    prefix: str = ""
    """Of this client's tabs, where several clients share the spreadsheet."""
    control: Control | None = None
    """For the tab «Пульт»; without it there is none."""


# Published rows, one by one → what we last published on each tab, packed so that half a million cells fit.

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
