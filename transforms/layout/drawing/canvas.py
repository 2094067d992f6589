"""A page being filled from the top: sentences, headers and rows in, one Sheet out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, product

from config.documents import Area, Cell, Chart, Highlight, HighlightKind, Sheet, Value
from config.letters import broken, column_pixels, height_points, line_count
from config.theme import look as look_of

HEADER_LINES_MOST = 4
LINE_GAP = 2
INDENT_PX = 9
"""What a step of indent takes of a cell's width."""
LONG_TABLE = 25
"""Rows from which on a table is cut by the end of a page of paper."""
FROZEN_ROWS_MOST = 6
"""More frozen rows would leave a phone nothing to scroll."""


def rectangles(places: Iterable[tuple[int, int]]) -> tuple[Area, ...]:
    """Rows and columns of cells in; few areas that hold those and no others out, from the top and the left."""
    left, found = set(places), []
    for row, column in sorted(left):
        if (row, column) in left:
            last = next(at for at in count(column) if (row, at + 1) not in left)
            columns = range(column, last + 1)
            last_row = next(at for at in count(row) if not all((at + 1, each) in left for each in columns))
            found.append(Area(row, column, last_row, last))
            left -= set(product(range(row, last_row + 1), columns))
    return tuple(found)


@dataclass(frozen=True)
class Entry:
    """One cell of a table row, before it has a place."""

    value: Value
    look: str
    note: str | None = None
    link: str | None = None
    columns: int = 1
    """How many columns it covers; the next entry of a line stands after them."""


@dataclass
class TablePlace:
    """Where a table of this page stands, so that charts can find its figures."""

    head_row: int
    first_row: int
    last_row: int = -1
    columns: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """Row name → row, for tables whose rows are drawn."""
    running: int = 0
    """How many of its last months are still running."""

    def column_area(self, name: str) -> Area:
        """The figures of one column."""
        column = self.columns[name]
        return Area(self.first_row, column, self.last_row, column)


@dataclass
class Canvas:
    """Cells placed so far and the next free row."""

    widths: list[int]
    text_columns: int
    frozen_columns: int = 0
    feeds: frozenset[str] = frozenset()
    """Staged tables that the page is about: while one is old, there may be no conclusion."""
    told: frozenset[str] = frozenset()
    """Notes on headers of the pages before this one: what stands there may be explained here."""
    row: int = 0
    cells: list[Cell] = field(default_factory=list)
    heights: dict[int, int] = field(default_factory=dict)
    highlights: list[Highlight] = field(default_factory=list)
    tables: dict[str, TablePlace] = field(default_factory=dict)
    row_keys: dict[int, str] = field(default_factory=dict)
    head: tuple[int, int] | None = None
    """First and last row of the page's main header, to be frozen and repeated in print."""
    continued: set[int] = field(default_factory=set)
    """Rows that go on with the sentence above."""
    said: set[str] = field(default_factory=set)
    """Remarks that one page makes only once."""
    pending_charts: list[Callable[[], Chart | None]] = field(default_factory=list)
    """Charts whose tables may stand further down; made when the page is full."""

    def put(self, column: int, entry: Entry, columns: int = 1) -> None:
        """One cell on the current row."""
        self.cells.append(Cell(self.row, column, entry.value, entry.look, entry.note, columns=columns, link=entry.link))

    def sentence(self, text: str, look: str = "text", columns: int | None = None, link: str | None = None) -> None:
        """A text over the page's first columns, in a row as high as it needs; the next row follows.

        Google Sheets refuses a merge across the edge of frozen columns: there each line is a row of its own.
        """
        over = columns or self.text_columns
        if self.frozen_columns:
            self._lines(text, look, over, link)
            return
        self.put(0, Entry(text, look, link=link), columns=over)
        drawn = look_of(look)
        lines = line_count(text, column_pixels(self.widths[:over]), drawn.size, bold=drawn.bold) if drawn.wrap else 1
        self.heights[self.row] = height_points(lines, drawn.size) + (2 if drawn.wrap else 0)
        self.row += 1

    def _lines(self, text: str, look: str, over: int, link: str | None) -> None:
        drawn = look_of(look)
        for place, line in enumerate(broken(text, column_pixels(self.widths[:over]), drawn.size, bold=drawn.bold)):
            self.continued |= {self.row} if place else set()
            self.put(0, Entry(line, f"{look}.unwrapped", link=link))
            # the text runs on over empty neighbours, which must carry its ground
            for column in range(1, over if drawn.fill else 1):
                self.put(column, Entry(None, look))
            self.heights[self.row] = height_points(1, drawn.size) - LINE_GAP
            self.row += 1
        # sentences stand a little apart, their lines do not
        self.heights[self.row - 1] += 2 * LINE_GAP

    def gap(self, points: int = 12) -> None:
        """An empty row of that height."""
        self.heights[self.row] = points
        self.row += 1

    def header(self, key: str, names: Sequence[str], entries: Sequence[Entry], *, is_main: bool = False) -> TablePlace:
        """Column headers of a table; the row is as high as its longest header wraps."""
        lines, column = 1, 0
        for entry in entries:
            self.put(column, entry, entry.columns)
            if isinstance(entry.value, str):
                room = column_pixels(self.widths[column : column + entry.columns])
                lines = max(lines, line_count(entry.value, room, 9))
            column += entry.columns
        self.heights[self.row] = height_points(min(lines, HEADER_LINES_MOST), 9) + 2
        if is_main and self.head is None:
            self.head = (self.row, self.row)
        place = TablePlace(self.row, self.row + 1, columns={name: index for index, name in enumerate(names)})
        self.tables[key] = place
        self.row += 1
        return place

    def line(self, entries: Sequence[Entry], place: TablePlace | None = None, key: str | None = None) -> None:
        """One row of a table; wrapped words make it higher."""
        lines, column = 1, 0
        for entry in entries:
            self.put(column, entry, entry.columns)
            drawn = look_of(entry.look)
            if drawn.wrap and isinstance(entry.value, str):
                room = column_pixels(self.widths[column : column + entry.columns]) - INDENT_PX * drawn.indent
                lines = max(lines, line_count(entry.value, room, drawn.size, bold=drawn.bold))
            column += entry.columns
        self.heights[self.row] = max(19, height_points(lines) + 3)
        if key:
            self.row_keys[self.row] = key
        if place is not None:
            place.last_row = self.row
        self.row += 1

    def heat(self, kind: HighlightKind, place: TablePlace, first_column: int, last_column: int) -> None:
        """Colours over the figures of a table; none on what is grey, which says that its figure may be chance."""
        room = [
            (cell.row, cell.column)
            for cell in self.cells
            if place.first_row <= cell.row <= place.last_row
            and first_column <= cell.column <= last_column
            and not cell.look.endswith(".grey")
        ]
        if room:
            self.highlights.append(Highlight(kind, rectangles(room)))

    def sheet(self, key: str, title: str, *, is_landscape: bool) -> Sheet:
        """The finished page."""
        charts = [chart for make in self.pending_charts if (chart := make()) is not None]
        return Sheet(
            key=key,
            title=title,
            cells=tuple(self.cells),
            widths=tuple(self.widths),
            heights=dict(self.heights),
            frozen_rows=self._frozen_rows(),
            frozen_columns=self.frozen_columns,
            highlights=tuple(self.highlights),
            charts=tuple(charts),
            row_keys=dict(self.row_keys),
            is_landscape=is_landscape,
            repeat_rows=self.head or self._long_head(),
            continued=frozenset(self.continued),
        )

    def _long_head(self) -> tuple[int, int] | None:
        """The header of the page's last table, where that goes on over pages of paper: nothing else stands there."""
        last = max(self.tables.values(), key=lambda place: place.head_row, default=None)
        is_long = last is not None and last.last_row - last.head_row > LONG_TABLE
        return (last.head_row, last.head_row) if last and is_long else None

    def _frozen_rows(self) -> int:
        return self.head[1] + 1 if self.head and self.head[1] < FROZEN_ROWS_MOST else 0
