"""What was published, where, and who remembers it; and what a publication came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
