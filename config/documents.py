"""The three documents that cross between the outside and the inside: RawTable in, Result back, Sheet out.

Below them: what a plan or an experiment asks of the warehouse, of which run, by which grain, over which days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

NUMBER_MARK, MOMENT_MARK, DURATION_MARK, ERROR_MARK = "\ue001", "\ue002", "\ue003", "\ue004"
"""One private-use character at the head of a cell's text tells what type a workbook or a sheet gave it.

`\\ue0011234.5` was the number 1234.5 (a dot always), `\\ue0022026-08-01 10:30:00` a native moment (or a date, ISO),
`\\ue0033661` a duration in seconds, `\\ue004#REF!` an error cell. A number shown as some money ends with its code,
`\\ue0011234.5 USD`; of roubles only where the table shows other money too. Text from CSV and text cells carry no mark.
Marks are stripped before a value is shown to anybody.
"""
FORGOTTEN = "\ue005"
"""What is remembered of a published cell that told of somebody who was forgotten: nobody knows what stood there."""


# ------------------------------------------------------------------------------------------------ in


@dataclass(frozen=True)
class Origin:
    """Where a table came from, as a person would look for it."""

    source: str
    file: str
    """Path relative to the client folder, `!tab` of a workbook's sheet, `!member` of a ZIP;
    or spreadsheet title + tab."""
    tab: str | None = None
    link: str | None = None
    """Address that opens the tab, for spreadsheets on the web."""
    member: str | None = None
    """Name inside an archive, without its folder."""


@dataclass(frozen=True)
class Dialect:
    """How a text file on disk is to be read by the warehouse."""

    path: Path
    encoding: Literal["utf-8", "utf-16", "latin-1"]
    """`latin-1` also stands for every single-byte code page: the bytes are read as they are,
    and `code_page` says what they mean."""
    code_page: str | None
    """`cp1251`, `koi8-r`, … if cells must be translated after loading, else None."""
    delimiter: str
    first_record: int
    """How many physical records (title lines, `sep=`, header) stand before the first data record."""
    columns: int
    is_even: bool = False
    """Every record has exactly `columns` cells and none is a blank line, so that nothing need be padded."""
    has_quotes: bool = True
    """False only where no byte of the file is a quote."""


class Beyond(Protocol):
    """Answers about the rows of a file that stays on disk, for the few questions that its head cannot settle.

    Places and `first` (the first record of data) count from 0. Each answer may read the whole file.
    """

    def has_value(self, place: int, first: int) -> bool:
        """Whether some row has a text in this column."""

    def blanks(self, places: Sequence[int], first: int) -> Sequence[int]:
        """How many rows have no text in each of these columns."""

    def differ(self, one: int, other: int, first: int) -> bool:
        """Whether some row has a text in the column `other` that is not what stands in `one`."""

    def texts(self, place: int, first: int) -> Iterator[str]:
        """The distinct texts of a column, as meant, up to a thousand of them."""


@dataclass(frozen=True)
class RawTable:
    """One table as it was found: header rows, cells as text exactly as found, and the row numbers a person sees.

    Small and awkward formats hold `rows`; a large plain CSV holds `dialect` and stays on disk, with
    `head` for looking at.
    """

    origin: Origin
    head: Sequence[Sequence[str]]
    """The first rows (up to 40) from the very top of the file, title lines and headers included."""
    rows: Sequence[Sequence[str]] | None = None
    """Every row from the top of the file, `head` included; row i is number i + 1 to a person.
    None if `dialect` is set."""
    dialect: Dialect | None = None
    beyond: Beyond | None = None
    """Set with `dialect`."""
    tail: Sequence[Sequence[str]] = ()
    """The last rows (up to 10) of a file that stays on disk; empty if `rows` holds everything."""
    container: str = "csv"
    """csv, xlsx, xls, html, spreadsheetml, json, 1c, google."""
    merged: Sequence[tuple[int, int, int, int]] = ()
    """Merged ranges: first row, first column, last row, last column; 0-based, inclusive."""
    is_1904: bool = False
    """The workbook counts days from 1904; those that it shows as dates are right already, bare numbers are not."""
    is_hidden: bool = False
    """A tab that its workbook does not show."""
    hidden_rows: int = 0
    """Rows that a filter or a person has hidden; they are read like all others."""
    left_aside: Sequence[str] = ()
    """Titles of the workbook's other tabs, which do not bear this table."""
    hidden_alike: Sequence[str] = ()
    """Titles of the hidden tabs that bear this table too and are not read: months past, or copies."""
    joined: Sequence[str] = ()
    """Titles of the tabs that are one table with this one, itself among them, though nobody named them."""
    struck: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Rows that a person put right, as the file has them: 0-based index → cells; `rows` has what is meant instead,
    or nothing of a row that is not to be counted."""
    odd_rows: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Of a file that stays on disk, the few rows that have more or fewer cells than nearly all others: 0-based index →
    cells. None of a file where such rows are many."""
    torn_cells: Sequence[str] = ()
    """Names (`E10`) of the cells some bytes of which are no letter: U+FFFD stands for them."""


# ------------------------------------------------------------------------------------------------ back

Value = str | int | float | Decimal | date | datetime | bool | None


@dataclass(frozen=True)
class Result:
    """One table that left the warehouse: plain Python values (Decimal, date, int, None), never floats for money."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[Value, ...]]

    def dicts(self) -> list[dict[str, Value]]:
        """One dictionary a row, keyed by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


# ------------------------------------------------------------------------------------------------ out


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a finished sheet. Rows and columns count from 0."""

    row: int
    column: int
    value: Value
    look: str = "text"
    """Name of a Look in the theme."""
    note: str | None = None
    rows: int = 1
    columns: int = 1
    """A cell over several rows or columns is merged."""
    link: str | None = None
    """`#key` jumps to another sheet of this report, else an https address."""

    def __reduce__(self) -> tuple[type[Cell], tuple[object, ...]]:
        """As a report is kept: a frozen class of thousands would be asked for each field by its name."""
        return Cell, (self.row, self.column, self.value, self.look, self.note, self.rows, self.columns, self.link)


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, counted from 0, inclusive."""

    row: int
    column: int
    last_row: int
    last_column: int


class HighlightKind(StrEnum):
    """Conditional formats that both products can show."""

    HEAT_HIGH_IS_GOOD = "heat_high_is_good"
    HEAT_LOW_IS_GOOD = "heat_low_is_good"
    HEAT_NEUTRAL = "heat_neutral"


@dataclass(frozen=True)
class Highlight:
    """A colour that follows the value, where a number pattern cannot say it."""

    kind: HighlightKind
    areas: Sequence[Area]
    """One scale over all of them; cells of a handful lie in none."""


class SeriesRole(StrEnum):
    """What a line or a bar means; the theme says how that looks (IBCS: solid, grey, outlined, dashed)."""

    ACTUAL = "actual"
    EARLIER = "earlier"
    PLAN = "plan"
    FORECAST = "forecast"
    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"


@dataclass(frozen=True)
class Series:
    """One line or set of bars: its name cell and its values, both on this sheet."""

    name: str
    values: Area
    role: SeriesRole = SeriesRole.ACTUAL
    running_points: int = 0
    """How many last points belong to a period that is still running: drawn as a dot or a dashed end."""


class ChartKind(StrEnum):
    """Charts that both products can show."""

    LINE = "line"
    COLUMN = "column"
    BAR = "bar"


@dataclass(frozen=True)
class Chart:
    """A chart over cells of this sheet. Its title is a cell above it, never inside."""

    key: str
    """Stable name within the sheet, so that a writer can find its chart again."""
    kind: ChartKind
    anchor_row: int
    anchor_column: int
    categories: Area
    series: Sequence[Series]
    width_px: int = 360
    height_px: int = 220
    look: str = "count"
    """Look whose number pattern the value axis takes."""
    has_negative: bool = False
    """Some figure is below zero, so that the value axis must not begin there."""


@dataclass(frozen=True)
class Sheet:
    """One finished worksheet, free of any product; both writers get the very same document."""

    key: str
    """Stable name: `summary`, `channels`, …"""
    title: str
    cells: Sequence[Cell]
    widths: Sequence[int] = ()
    """Width of each column in characters."""
    heights: dict[int, int] = field(default_factory=dict)
    """Row → height in points, only where text wraps over several lines."""
    frozen_rows: int = 0
    frozen_columns: int = 0
    highlights: Sequence[Highlight] = ()
    charts: Sequence[Chart] = ()
    row_keys: dict[int, str] = field(default_factory=dict)
    """Row → key of what the row is about (`channel=SEO`), so that what an owner typed beside it can follow it."""
    is_landscape: bool = False
    repeat_rows: tuple[int, int] | None = None
    """First and last row printed at the head of every page."""
    is_hidden: bool = False
    continued: frozenset[int] = frozenset()
    """Rows that go on with the sentence of the row above, where no cell could be merged for the whole of it."""


# ---------------------------------------------------------------------------------------------- asked


@dataclass(frozen=True)
class Planned:
    """A figure and the grain at which a plan sets it."""

    grain: str
    metric: str
    """`table.column`."""


@dataclass(frozen=True)
class Tried:
    """A change that somebody made, and the figure by which it is judged."""

    name: str
    metric: str
    changed_on: date
    days: int


@dataclass(frozen=True)
class Window:
    """Days that are looked at as if they were a period, both included; its label stands for the grain."""

    label: str
    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True)
class AskedRun:
    """Some metric tables as they would be in a run of another day, by some grains and over some windows."""

    as_of: date
    metrics: frozenset[str]
    grains: tuple[str, ...]
    windows: tuple[Window, ...] = ()
    needs_money: bool = False
    """Whether the money of the windows is asked for as well."""
    tables: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """The tables follow from the figures."""
        object.__setattr__(self, "tables", frozenset(metric.partition(".")[0] for metric in self.metrics))
