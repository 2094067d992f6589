"""A page being filled from the top: sentences, headers and rows in, one Sheet out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.documents import Area, Cell, Chart, Highlight, Sheet, Value
from config.theme import look as look_of

HEADER_LINES_MOST = 4
LINE_GAP = 2
FROZEN_ROWS_MOST = 6
"""More frozen rows would leave a phone nothing to scroll."""


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
    row: int = 0
    cells: list[Cell] = field(default_factory=list)
    heights: dict[int, int] = field(default_factory=dict)
    highlights: list[Highlight] = field(default_factory=list)
    tables: dict[str, TablePlace] = field(default_factory=dict)
    row_keys: dict[int, str] = field(default_factory=dict)
    head: tuple[int, int] | None = None
    """First and last row of the page's main header, to be frozen and repeated in print."""
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
        for line in broken(text, column_pixels(self.widths[:over]), drawn.size, bold=drawn.bold):
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
                room = column_pixels(self.widths[column : column + entry.columns])
                lines = max(lines, line_count(entry.value, room, drawn.size, bold=drawn.bold))
            column += entry.columns
        self.heights[self.row] = max(19, height_points(lines) + 3)
        if key:
            self.row_keys[self.row] = key
        if place is not None:
            place.last_row = self.row
        self.row += 1

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
            repeat_rows=self.head,
        )

    def _frozen_rows(self) -> int:
        return self.head[1] + 1 if self.head and self.head[1] < FROZEN_ROWS_MOST else 0


# How many lines a text takes in a merged cell: widths of Arial's letters, so that nothing is cut off.

PIXELS_PER_CHAR, COLUMN_PADDING = 7, 5
"""A column of n characters is 7n + 5 pixels wide at Arial 10 (learn.microsoft.com, `Column.width`)."""
LINE_POINTS = 13
CELL_PADDING = 6
SAFETY = 1.03
"""Letters are drawn a little differently by every program; better one line too many than one cut off."""
BOLD = 1.07

_HUNDREDTHS = {
    22: "ijl", 26: "|", 28: " !,./:;I[\\]ft·\u00a0", 33: "()-`r{}'\"", 36: "г", 39: "*", 44: "к", 46: "зт",
    50: "Jcksvxyzсухэ", 53: "чьв", 55: "Гпян÷≈≤≥", 58: "бц+<=>~Кдл×−", 60: "ЗFTZТ", 63: "ъΣУ",
    67: "БЛЬ&ABEKPSVXYАВЕРХЧжЁΔДм", 72: "CDHNRUwИЙНПСЭЯы", 76: "ЦюФ", 80: "GOQОЪш", 83: "фщMmМ", 91: "%ЫЖШ",
    100: "WЩ▲▼—…→Ю@", 107: "№",
}  # fmt: skip
"""Advance width of letters in hundredths of the font size, measured on Liberation Sans (metrically Arial)."""
_WIDTHS = {letter: width for width, letters in _HUNDREDTHS.items() for letter in letters}
_USUAL = 56


def text_pixels(text: str, size: int = 10, *, bold: bool = False) -> float:
    """Width of one line in pixels at 96 dpi."""
    points = sum(_WIDTHS.get(letter, _USUAL) for letter in text) / 100 * size
    return points * 96 / 72 * (BOLD if bold else 1)


def column_pixels(widths: list[int]) -> int:
    """Width of columns side by side."""
    return sum(width * PIXELS_PER_CHAR + COLUMN_PADDING for width in widths)


def line_count(text: str, pixels: float, size: int = 10, *, bold: bool = False) -> int:
    """Lines that the text wraps into; words longer than a line are broken."""
    return sum(_wrapped(part, pixels - CELL_PADDING, size, bold=bold) for part in text.split("\n"))


def broken(text: str, pixels: float, size: int = 10, *, bold: bool = False) -> list[str]:
    """The text broken into lines that fit the width."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_pixels(longer, size, bold=bold) * SAFETY <= pixels - CELL_PADDING:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def height_points(lines: int, size: int = 10) -> int:
    """Row height that shows so many lines."""
    return round(lines * LINE_POINTS * size / 10) + 3


def _wrapped(text: str, room: float, size: int, *, bold: bool) -> int:
    lines, used = 1, 0.0
    space = text_pixels(" ", size, bold=bold)
    for word in text.split(" "):
        width = text_pixels(word, size, bold=bold) * SAFETY
        if used and used + space + width > room:
            lines, used = lines + 1, 0.0
        if width > room:
            lines += int(width // room)
            width %= room
        used += (space if used else 0) + width
    return lines
