"""RawTable and its header → Shape: data rows, totals, service and blank rows, title lines, control sums."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Literal

from config.documents import RawTable
from config.errors import ContractError
from config.words import header_words
from transforms.period import period_in
from transforms.shape.groups import groups
from transforms.shape.header import MARKS, Header, as_found, fold
from transforms.shape.totals import (
    filled,
    is_named_like_total,
    is_row_count,
    is_row_count_label,
    is_totals,
    is_totals_label,
    is_unlabelled_total,
    label,
)

Why = Literal["blank", "totals", "service"]

MOST_HEAD = 0.6
"""Share of the cells of a row that must be words for headings, for it to be a header."""
HAS_WORDS = re.compile(r"[^\W\d_]{3}")
SAYS_ERROR = re.compile(
    r"^\W*(?:b>)?(?:php |sql |database |server )?(?:fatal |parse |internal |uncaught |runtime )?(?:error|exception)\b"
    r"|traceback|out of memory|allowed memory size|maximum execution time|timed out|time-?out|too many requests"
    r"|^ошибка\b|превышен[оа]? (?:время|лимит|врем|максим)",
    re.IGNORECASE,
)
"""What a program writes below the rows when it could write no more of them."""
LONGEST_ERROR = 80
"""Letters of it that are shown."""


@dataclass(frozen=True)
class SkippedRow:
    """A row below the header that is not data. It counts as read and as skipped."""

    row: int
    """0-based index in the file; a person sees row + 1."""
    why: Why


@dataclass(frozen=True)
class TailRow:
    """A record at the end of a file on disk that is not data."""

    from_end: int
    """1 is the last record of the file."""
    why: Why
    label: str


@dataclass(frozen=True)
class Shape:
    """What the rows of a table are. Rows count from 0 at the top of the file; a person sees row + 1."""

    headers: tuple[str, ...]
    """One a column, unique under folding; empty for a column without name, which is ignored."""
    header_rows: tuple[int, ...]
    """Empty if the file has no header."""
    first_row: int
    """The first row below the header: everything from here to `last_row` counts as read."""
    last_row: int | None
    """The last row with a value; `first_row - 1` if there is none; None if the file stays on disk (staging counts)."""
    skipped: tuple[SkippedRow, ...] = ()
    """Empty for a file that stays on disk: its totals in the middle are found by TOTALS_PATTERN in SQL."""
    title: tuple[str, ...] = ()
    """Filled cells of the lines above the header, in order."""
    period: tuple[date, date] | None = None
    """First and last day that the title lines name."""
    controls: Mapping[str, str] = field(default_factory=dict)
    """Our column (or `rows`) → control sum that the lines below the data state, as text."""
    fills: tuple[tuple[int, int, int, int], ...] = ()
    """Areas of data (first row, first column, last row, last column) whose first value holds for all their rows:
    merged ones, and groups under a label that stands once."""
    grouped: tuple[str, ...] = ()
    """Columns whose labels stand once for the rows below only because those rows look so: no total proves it."""
    other_below: tuple[int, tuple[str, ...]] | None = None
    """The row, as a person counts, and the headings of another table that begins below this one."""
    skipped_tail: tuple[TailRow, ...] = ()
    """Of a file that stays on disk, instead of `skipped`: its last records that are no data."""

    @property
    def headings(self) -> int:
        """How many cells a row has up to the last heading."""
        return max((place for place, name in enumerate(self.headers, 1) if name), default=len(self.headers))

    @property
    def rows_read(self) -> int | None:
        """Rows that count as read, or None if only staging can tell."""
        return None if self.last_row is None else self.last_row - self.first_row + 1


def shape(
    raw: RawTable, header: Header, row_count_footer: str | None = None, control_footers: Mapping[str, str] | None = None
) -> Shape:
    """A table and its header in; which of its rows are data, and what the others are, out."""
    title = tuple(_plain(cell) for row in raw.head[: min(header.rows, default=0)] for cell in row if _plain(cell))
    footers = Footers(row_count_footer, control_footers or {})
    seen = Shape(header.names, header.rows, header.first_data_row, None, title=title, period=_first_period(title))
    if raw.rows is None:
        tail = _tail(raw, header, footers)
        for record in tail:
            _ask_whole(raw, record.label)
        return replace(seen, skipped_tail=tail, controls=footers.controls)
    last = _last_filled(raw.rows, header.first_data_row)
    skipped = _classify(raw.rows, header, last, footers)
    for one in skipped:
        if one.why == "service":
            _ask_whole(raw, _plain(label(raw.rows[one.row])))
    other = _other_table(raw.rows, header, last, skipped)
    if other is not None:
        skipped = (*(one for one in skipped if one.row < other), *_below_of(raw.rows, other, last))
        names = tuple(_plain(cell) for cell in raw.rows[other] if _plain(cell))
        seen = replace(seen, other_below=(other + 1, names))
    found = groups(raw, header, last, {one.row for one in skipped if one.why == "totals"})
    totals = tuple(SkippedRow(row, "totals") for row in found.totals - {one.row for one in skipped})
    skipped = tuple(sorted((*skipped, *totals), key=lambda one: one.row))
    fills = tuple(area for area in raw.merged if area[0] >= header.first_data_row and area[2] > area[0])
    seen = replace(seen, last_row=last, skipped=skipped, fills=(*fills, *found.areas), grouped=found.unproved)
    return replace(seen, controls=footers.controls)


def _ask_whole(raw: RawTable, text: str) -> None:
    """Raise ContractError if a line below the rows says that the program failed: there are more rows than these."""
    if SAYS_ERROR.search(text):
        facts = {"file": raw.origin.file, "source": raw.origin.source}
        raise ContractError("shape.ends_with_error", **facts, text=text[:LONGEST_ERROR])


def _other_table(rows: Sequence[Sequence[str]], header: Header, last: int, skipped: Sequence[SkippedRow]) -> int | None:
    """The row, right below a blank one, that names the columns of another table; None if there is none.

    Two cells and more, nearly all of them words that head columns, and not those of the header itself.
    """
    known = _heading_words()
    for blank in (one.row for one in skipped if one.why == "blank" and one.row < last - 1):
        texts = [fold(_plain(cell)) for cell in rows[blank + 1] if _plain(cell)]
        is_header = len(texts) > 1 and sum(text in known for text in texts) >= MOST_HEAD * len(texts)
        if is_header and not _repeats(rows[blank + 1], header):
            return blank + 1
    return None


@cache
def _heading_words() -> frozenset[str]:
    """What columns of ours are headed with by hand."""
    return frozenset(fold(word) for columns in header_words().values() for words in columns.values() for word in words)


def _below_of(rows: Sequence[Sequence[str]], first: int, last: int) -> Iterator[SkippedRow]:
    """The rows of another table, none of which is data of this one."""
    return (SkippedRow(row, "service" if label(rows[row]) else "blank") for row in range(first, last + 1))


class Footers:
    """Recognises the lines below the data, and keeps the control sums they state."""

    def __init__(self, row_count: str | None, controls: Mapping[str, str]) -> None:
        self._row_count = re.compile(row_count, re.IGNORECASE) if row_count else None
        self._controls = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in controls.items()}
        self.controls: dict[str, str] = {}

    def has(self, row: Sequence[str]) -> bool:
        """A row's cells; whether it is a known footer. A control sum in it is kept."""
        line = " ".join(_plain(cell) for cell in row if cell)
        if self._row_count and self._row_count.search(line):
            self._keep("rows", re.search(r"\d+", line))
            return True
        found = False
        for name, pattern in self._controls.items():
            match = pattern.search(line)
            if match:
                self._keep(name, match)
                found = True
        return found or is_row_count(row)

    def _keep(self, name: str, match: re.Match[str] | None) -> None:
        if match:
            self.controls.setdefault(name, match.group(match.re.groups and 1).strip())


def _plain(cell: str) -> str:
    return cell.lstrip(MARKS).strip()


def _first_period(title: Sequence[str]) -> tuple[date, date] | None:
    return next((found for line in title if (found := period_in(line))), None)


def _last_filled(rows: Sequence[Sequence[str]], first: int) -> int:
    last = len(rows) - 1
    while last >= first and not label(rows[last]):
        last -= 1
    return last


def _classify(rows: Sequence[Sequence[str]], header: Header, last: int, footers: Footers) -> tuple[SkippedRow, ...]:
    """Rows and where the data end; what is no data."""
    first = header.first_data_row
    below = _below(rows, header, last, footers)
    first_name = next((name for name in header.names if name), None) if header.rows else None
    skipped: list[SkippedRow] = []
    for index in range(first, last + 1):
        why = _why(rows[index], index >= below, footers, first_name, header)
        if why is not None and not (why == "totals" and is_named_like_total(rows[index], rows[first])):
            skipped.append(SkippedRow(index, why))
    return _with_unlabelled(rows, first, last, skipped)


def _with_unlabelled(
    rows: Sequence[Sequence[str]], first: int, last: int, skipped: list[SkippedRow]
) -> tuple[SkippedRow, ...]:
    """What is no data, and with it the last data row if it is a total without a word. Named totals make it needless."""
    left_out = {row.row for row in skipped}
    is_needless = any(row.why == "totals" for row in skipped)
    data = [] if is_needless else [index for index in range(first, last + 1) if index not in left_out]
    if len(data) > 2 and is_unlabelled_total([rows[index] for index in data[:-1]], rows[data[-1]]):
        skipped = sorted([*skipped, SkippedRow(data[-1], "totals")], key=lambda row: row.row)
    return tuple(skipped)


def _why(row: Sequence[str], is_below: bool, footers: Footers, first_name: str | None, header: Header) -> Why | None:
    """Why a row is no data, or None if it is. Past the last full row everything but totals is service."""
    first = label(row)
    if not first:
        return "blank"
    if is_totals_label(first):
        return "totals"
    if is_below or is_row_count_label(first):
        footers.has(row)
        return "service"
    if first == first_name and _repeats(row, header):
        return "service"
    return None


def _repeats(row: Sequence[str], header: Header) -> bool:
    """Whether a row says the header again, as printed pages do."""
    names = [fold(as_found(name)) for name in header.names if name]
    return [fold(_plain(cell)) for cell in row if _plain(cell)] == names


def _below(rows: Sequence[Sequence[str]], header: Header, last: int, footers: Footers) -> int:
    """The first row after the data: what stands there are signatures, row counts and control sums."""
    columns = sum(1 for name in header.names if name)
    index = last
    first = rows[header.first_data_row] if header.first_data_row < len(rows) else ()
    while index >= header.first_data_row and _is_footer(rows[index], first, columns, footers):
        index -= 1
    return index + 1


def _is_footer(row: Sequence[str], first: Sequence[str], columns: int, footers: Footers) -> bool:
    if is_totals(row):
        return not is_named_like_total(row, first)
    if not label(row) or footers.has(row):
        return True
    is_lone = columns >= 3 and filled(row) == 1 and filled(first) != 1
    return is_lone and bool(HAS_WORDS.search(label(row))) and not _is_cut_otherwise(label(row), columns)


def _is_cut_otherwise(text: str, columns: int) -> bool:
    """Whether the one cell of a row is all cells of it, with another delimiter between them than the file has."""
    return any(text.count(mark) == columns - 1 for mark in ",;\t|") and any(letter.isdigit() for letter in text)


def _tail(raw: RawTable, header: Header, footers: Footers) -> tuple[TailRow, ...]:
    """The last records of a file on disk that are no data, from the end upwards."""
    columns = sum(1 for name in header.names if name)
    first = raw.head[header.first_data_row] if header.first_data_row < len(raw.head) else ()
    found: list[TailRow] = []
    for from_end, row in enumerate(reversed(raw.tail), 1):
        if not _is_footer(row, first, columns, footers):
            break
        why: Why = "totals" if is_totals(row) else "service" if label(row) else "blank"
        found.append(TailRow(from_end, why, _plain(label(row))))
    return tuple(found)


# A table held in memory and its shape → its data rows, each with the number a person sees.


def data_rows(raw: RawTable, shape: Shape) -> Iterator[tuple[int, list[str]]]:
    """A table held in memory in; (row number a person sees, as many cells as there are headers) of each data row out.

    Skipped rows are left out; a merged cell's value stands in every row it covers. Cells keep the marks of their types.
    """
    rows = raw.rows or ()
    width = len(shape.headers)
    left_out = {skipped.row for skipped in shape.skipped}
    fills = _fills(raw, shape)
    for index in range(shape.first_row, (shape.last_row if shape.last_row is not None else len(rows) - 1) + 1):
        if index in left_out:
            continue
        cells = list(rows[index][:width])
        cells += [""] * (width - len(cells))
        for column, value in fills.get(index, ()):
            if column < width and not cells[column]:
                cells[column] = value
        yield index + 1, cells


def _fills(raw: RawTable, shape: Shape) -> dict[int, list[tuple[int, str]]]:
    """Row → the values that merged cells above it give to its columns."""
    found: dict[int, list[tuple[int, str]]] = {}
    for first_row, first_column, last_row, _ in shape.fills:
        source = raw.rows[first_row] if raw.rows and first_row < len(raw.rows) else ()
        if first_column >= len(source) or not source[first_column]:
            continue
        for row in range(first_row + 1, min(last_row, shape.last_row or 0) + 1):
            found.setdefault(row, []).append((first_column, source[first_column]))
    return found
