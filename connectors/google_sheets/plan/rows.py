"""A Sheet document → the cells to write, row by row, each with its value, its format and the row's identity."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from config.documents import Cell, Sheet
from connectors.google_sheets.formats import format_json
from connectors.google_sheets.values import Plain, canonical, compact_json, plain

# The cells of a Sheet document → rows ready to be written, packed so that half a million cells fit.

NONE: Mapping[int, str] = {}
Packed = TypeVar("Packed", bound=tuple[object, ...])
Shared = dict[tuple[object, ...], tuple[object, ...]]
"""Tuples that many rows have in common, kept once."""


class Written(NamedTuple):
    """One cell as it is to stand: a value that JSON can carry, the look that draws it, a note, a link."""

    value: Plain
    look: str
    note: str = ""
    link: str | None = None


class Shape(NamedTuple):
    """What rows alike have in common."""

    columns: str
    """Columns of the document, as a JSON list."""
    formats: tuple[str, ...]
    """The CellFormat of each of them, as JSON."""
    formats_json: str
    """The same as a JSON list."""


class DraftRow(Mapping[int, Written]):
    """The cells of one row by column of the document; looked at as cells only when asked for."""

    __slots__ = ("_shape", "columns", "held", "links", "looks", "notes")

    def __init__(self, columns: tuple[int, ...], values: Sequence[Plain], looks: tuple[str, ...]) -> None:
        """Columns, left to right, with a value and a look each."""
        self.columns, self.held, self.looks = columns, values, looks
        self.notes: Mapping[int, str] = NONE
        """Column → note, where there is one."""
        self.links: Mapping[int, str] = NONE
        self._shape: Shape | None = None

    def __getitem__(self, column: int) -> Written:
        if column not in self.columns:
            raise KeyError(column)
        at = self.columns.index(column)
        return Written(self.held[at], self.looks[at], self.notes.get(column, ""), self.links.get(column))

    def __iter__(self) -> Iterator[int]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def value_at(self, column: int) -> Plain:
        """The value in a column of the document, None where there is none."""
        return self.held[self.columns.index(column)] if column in self.columns else None

    @property
    def shape(self) -> Shape:
        """The row's columns and formats, the same for all rows alike."""
        if self._shape is None:
            self._shape = _shape(self.columns, self.looks, tuple(map(type, self.held)))
        return self._shape


def drafted(cells: Sequence[Cell]) -> list[DraftRow]:
    """Cells of a document, in any order, in; its rows, top down, with the blank cells that merges cover, out."""
    count = 1 + max((cell.row + cell.rows - 1 for cell in cells), default=-1)
    rows: list[list[Cell]] = [[] for _ in range(count)]
    for cell in cells:
        rows[cell.row].append(cell)
        if cell.rows > 1 or cell.columns > 1:
            _cover(rows, cell)
    shared: Shared = {}
    return [_row(row, shared) for row in rows]


def _cover(rows: list[list[Cell]], merged: Cell) -> None:
    """Put the blank cells that a merge covers where they stand, before any other there, so that any other wins."""
    for row in range(merged.row, merged.row + merged.rows):
        across = range(merged.column, merged.column + merged.columns)
        under = [Cell(row, column, None, merged.look) for column in across]
        rows[row][:0] = [cell for cell in under if (row, cell.column) != (merged.row, merged.column)]


def _row(cells: Sequence[Cell], shared: Shared) -> DraftRow:
    columns = tuple([cell.column for cell in cells])
    if columns not in shared and list(columns) != sorted(set(columns)):
        cells = [cell for _, cell in sorted({cell.column: cell for cell in cells}.items())]
        columns = tuple([cell.column for cell in cells])
    values = [plain(cell.value) for cell in cells]
    row = DraftRow(_shared(shared, columns), values, _shared(shared, tuple([cell.look for cell in cells])))
    if notes := {cell.column: cell.note for cell in cells if cell.note}:
        row.notes = notes
    if links := {cell.column: cell.link for cell in cells if cell.link}:
        row.links = links
    return row


def _shared(known: Shared, found: Packed) -> Packed:
    """The very same tuple as was met before, if one was."""
    return known.setdefault(found, found)  # type: ignore[return-value]  # equal tuples are of one type


@lru_cache(maxsize=4096)
def _shape(columns: tuple[int, ...], looks: tuple[str, ...], types: tuple[type, ...]) -> Shape:
    formats = tuple(format_json(look, issubclass(kind, str)) for look, kind in zip(looks, types, strict=True))
    return Shape(compact_json(columns), formats, compact_json(formats))


LARGE_CELLS = 40_000
"""From this many cells on, a tab is written by way of a staging tab, and only its values are read back."""
PIXELS_A_POINT = 4 / 3


@dataclass(frozen=True)
class Draft:
    """A Sheet ready to be written; rows and columns are those of the document."""

    sheet: Sheet
    rows: Sequence[DraftRow]
    """Row → column → cell; cells under a merge are there too, blank and formatted."""
    identities: Sequence[str]
    columns: int

    @property
    def key(self) -> str:
        """The sheet's stable name."""
        return self.sheet.key

    @cached_property
    def cell_count(self) -> int:
        """How many cells there are to write."""
        return sum(map(len, self.rows))

    def labels(self) -> list[str]:
        """What stands first in each row, as a person reads it on the tab."""
        return [next((canonical(value) for value in row.held if value not in (None, "")), "") for row in self.rows]

    def heights_px(self) -> dict[str, int]:
        """Identity of each row whose height the document sets → pixels."""
        pixels = {row: round(points * PIXELS_A_POINT) for row, points in self.sheet.heights.items()}
        return {self.identities[row]: height for row, height in pixels.items() if row < len(self.identities)}


def draft(sheet: Sheet) -> Draft:
    """A Sheet document in; its cells by row, with the rows' identities, out."""
    rows = drafted(sheet.cells)
    columns = 1 + max((row.columns[-1] for row in rows if row.columns), default=0)
    return Draft(sheet, rows, identities(sheet, rows), columns)


def identities(sheet: Sheet, rows: Sequence[DraftRow]) -> list[str]:
    """Rows in; what each is about out, unique in the sheet: its key, else `~look:n`, else the row above and a distance.

    So a header stays a header and a sentence a sentence when tables above them grow.
    """
    seen: Counter[str] = Counter()
    named: list[str] = []
    blanks = 0
    anchor = "~top"
    for number, row in enumerate(rows):
        key = sheet.row_keys.get(number)
        if key is None and all(value is None for value in row.held):
            blanks += 1
            named.append(f"{anchor}+{blanks}")
            continue
        name = key if key is not None else f"~{row.looks[0].partition('.')[0]}"
        seen[name] += 1
        anchor = name if key is not None and seen[name] == 1 else f"{name}:{seen[name]}"
        blanks = 0
        named.append(anchor)
    return named
