"""A text table: what separates its cells, its records, and whether the warehouse may read it as it stands."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from config.errors import SourceError
from config.words import composed
from connectors.a1 import cell_name
from connectors.files.table import HEAD_ROWS
from connectors.files.text.encoding import TORN

# The first lines of a text table → what separates its cells.

DELIMITERS = (";", "\t", ",", "|")
SAMPLE_RECORDS = 60
ENTITY = re.compile(r"&(?:[a-z]{2,6}|#[0-9]{2,5});")
"""A sign as a page of the web writes it: its `;` separates nothing."""


def separation_of(text: str) -> str:
    """The beginning of a text in; the delimiter that gives most records one, greatest, number of cells out.

    An Excel `sep=` line decides alone.
    """
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first[:4].casefold() == "sep=" and len(first) in (4, 5):
        return first[4:] or "\t"
    separating = ENTITY.sub("", text)
    return max(DELIMITERS, key=lambda delimiter: _evenness(separating, delimiter))


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """How many records agree on one width above a single cell, weighed a little by that width."""
    widths = Counter(width for width in _widths(text, delimiter) if width > 1)
    if not widths:
        return 0.0, 0
    width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
    return agreeing * min(width, 6) ** 0.5, width


def _widths(text: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record:
                widths.append(len(record))
            if len(widths) >= SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return widths


# Delimited text → records, as Python's csv module splits them.

MAX_CELL_CHARACTERS = 1024 * 1024
"""So that a record is no longer in UTF-8 than the warehouse takes."""
SAMPLE_CHARACTERS = 256 * 1024
csv.field_size_limit(MAX_CELL_CHARACTERS)
END_IN_CELL = re.compile(r"\r*\n|\r")
"""A line break inside quotes, whichever way the file ends its lines."""


def records(stream: Iterator[str], delimiter: str, name: str, escape: str | None = None) -> Iterator[list[str]]:
    """Lines of a text table; its records, blank ones as empty lists, the `sep=` line as one record.

    `escape` is what stands before a quote inside quotes where that is not a second quote. A quote that was never closed
    and swallowed whole rows is a letter. Raises SourceError where they cannot be told apart, or where a cell is so long
    that a quote must have been left open.
    """
    lines, width, before = _Lines(stream), 0, 0
    reader = csv.reader(lines, delimiter=delimiter, escapechar=escape)
    try:
        for found in reader:
            record = [END_IN_CELL.sub("\n", cell) for cell in found] if len(lines.taken) > 1 else found
            is_open = len(lines.taken) > 1 or (len(record) < width and lines.taken[0].count('"') % 2)
            is_odd = is_open and width >= FEWEST_SWALLOWED
            yield from _apart(record, lines.taken, delimiter, width, (name, before + 1)) if is_odd else [record]
            width, before = max(width, len(record)), before + len(lines.taken)
            lines.taken.clear()
    except csv.Error as error:
        raise SourceError("files.not_csv", file=name, problem=str(error)) from error


class _Lines:
    """Lines of a table, without NUL and with their letters composed; those of the record at hand are kept."""

    def __init__(self, stream: Iterator[str]) -> None:
        self._stream = _clean(stream)
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._stream)
        self.taken.append(line)
        return line


FEWEST_SWALLOWED = 3
"""Cells, or delimiters, that make a line look like a row: fewer may stand in any remark."""


def _apart(
    record: list[str], lines: Sequence[str], delimiter: str, width: int, place: tuple[str, int]
) -> list[list[str]]:
    """A record of several lines in; itself, or each line as a row if all of them are rows of the table, out."""
    rows = [row for line in lines for row in _alone(line, delimiter) if row]
    if all(len(row) == width for row in rows):
        return rows
    inner = [line for cell in record if "\n" in cell for line in cell.split("\n")[1:]]
    if any(line.count(delimiter) == width - 1 >= FEWEST_SWALLOWED for line in inner):
        raise SourceError("files.open_quote", file=place[0], row=place[1])
    return [record]


def _alone(line: str, delimiter: str) -> Iterator[list[str]]:
    """A line read by itself; a quote without its fellow is a letter."""
    if line.count('"') % 2:
        return csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader([line], delimiter=delimiter)


def refuse_wide(rows: Iterable[Sequence[str]], name: str, most: int) -> None:
    """Rows of a text table; raises SourceError if one has more cells than any table has columns."""
    widest = max(map(len, rows), default=0)
    if widest > most:
        raise SourceError("files.too_wide_row", file=name, columns=widest, most=most)


STRANGE = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f]")
"""What is no letter, break, tab, NUL or end of a DOS file: a text table has hardly any."""


def refuse_binary(text: str, name: str) -> None:
    """The beginning of a decoded text; raises SourceError if no text table looks like it."""
    strange = len(STRANGE.findall(text))
    if strange > 2 and strange * 20 > len(text):
        raise SourceError("files.not_text", file=name)


def _clean(stream: Iterator[str]) -> Iterator[str]:
    """Lines without NUL, their letters composed."""
    for line in stream:
        yield composed(line.replace("\0", "") if "\0" in line else line)


BACKSLASH, BACKSLASH_QUOTE = "\\", '\\"'
MOST_ASKED = 200
"""Lines that are looked at to learn what a backslash before a quote means."""


def escape_of(lines: Iterable[str], delimiter: str) -> str | None:
    r"""Lines of a text table in; the backslash if quotes inside quotes are written `\"`, as MySQL does, else None.

    Where a backslash is a letter as any other (`"C:\"`), the lines are whole only with quotes doubled.
    """
    asked = islice((line for line in lines if BACKSLASH_QUOTE in line), MOST_ASKED)
    found = [(_is_whole(line, delimiter, BACKSLASH), _is_whole(line, delimiter, None)) for line in asked]
    escaped, doubled = (sum(pair[one] and not pair[1 - one] for pair in found) for one in (0, 1))
    return BACKSLASH if escaped > doubled else None


def _is_whole(line: str, delimiter: str, escape: str | None) -> bool:
    """Whether a line is cells to its end, read so."""
    try:
        list(csv.reader([line], delimiter=delimiter, escapechar=escape, strict=True))
    except csv.Error:
        return False
    return True


def torn_cells(row: Sequence[str], number: int) -> list[str]:
    """A row and its place counted from 0 in; the names of its cells with a torn letter out."""
    return [cell_name(number, column) for column, cell in enumerate(row) if TORN in cell]


# Every byte of a large text table → whether the warehouse reads it as Python's csv would, and in which encoding.

CHUNK_BYTES = 256 * 1024
"""A piece of this size stays in the cache, and no call on it keeps the thread beside waiting for long."""
CONTROL_LETTERS = bytes(range(0x80, 0xA0))
TELLING = b'\n\0"\xcc\xcd' + CONTROL_LETTERS
"""Beside the delimiter, all bytes that tell something: what is asked of a piece is asked of these, a tenth of it."""
NO_LINE, BARE_CR = re.compile(rb"\n\r?\n"), re.compile(rb"\r(?!\n)")
"""Twice as fast as `in`, and thrice as fast as to count and compare."""
MAX_LINE_BYTES = 3 * 1024 * 1024
"""Below the longest record the warehouse takes, because the first piece of a line is not counted."""


@dataclass(frozen=True)
class Seen:
    """What the bytes of a text table told."""

    is_plain: bool
    """No blank lines but at the end, no line breaks inside quotes, no bare CR, quotes only round cells, no NUL, no
    backslash before a quote; one byte order mark at most, and one kind of line end among its first lines."""
    is_latin: bool
    """No byte from 0x80 to 0x9F, which DuckDB's `latin-1` refuses: `—` and `…` of cp1251, all capitals of cp866."""
    has_quotes: bool
    has_accents: bool = False
    """Of UTF-8: some accents stand apart from their letters (U+0300 to U+037F), as macOS writes them."""


def look(path: Path, delimiter: str, widths: Widths) -> Seen:
    """A text in a single-byte encoding or UTF-8 in; what the warehouse would stumble over out.

    `widths` sees the lines of a plain one.
    """
    has_ended, is_latin, has_quotes, has_accents = False, True, False, False
    dull = bytes(set(range(256)).difference(TELLING, delimiter.encode()))
    with path.open("rb") as stream:
        begin_after_marks(stream)
        begins = stream.tell()
        if begins > len(codecs.BOM_UTF8) or not _begins_evenly(stream.read(CHUNK_BYTES)):
            return Seen(False, is_latin, has_quotes)
        stream.seek(begins)
        while chunk := stream.read(CHUNK_BYTES):
            rest = stream.readline(MAX_LINE_BYTES)  # of the line that the chunk broke off in
            piece = chunk + rest
            body = piece.rstrip(b"\r\n")
            marks = body.translate(None, dull)
            if is_latin and len(marks.translate(None, CONTROL_LETTERS)) < len(marks):
                is_latin, dull = False, dull + CONTROL_LETTERS  # Cyrillic in UTF-8 is full of them
            has_quotes = has_quotes or b'"' in marks
            has_accents = has_accents or b"\xcc" in marks or b"\xcd" in marks
            is_endless = len(rest) == MAX_LINE_BYTES
            if is_endless or (body and has_ended) or not _is_plain_piece(body, marks, delimiter.encode()):
                return Seen(False, is_latin, has_quotes)
            widths.see_lines(body, marks)
            has_ended = has_ended or _ends_with_blank_line(piece[len(body) :], bool(body))
    return Seen(True, is_latin, has_quotes, has_accents)


def begin_after_marks(stream: IO[bytes]) -> None:
    """Leave a file behind its byte order marks of UTF-8, of which programs that join files leave several."""
    begins = 0
    while stream.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
        begins = stream.tell()
    stream.seek(begins)


def _begins_evenly(head: bytes) -> bool:
    """Whether the first lines end alike: where they do not, DuckDB 2.0 skips fewer of them than it was told."""
    return len({line.endswith(b"\r") for line in head.split(b"\n")[:-1][:HEAD_ROWS]}) < 2


def _ends_with_blank_line(ending: bytes, has_body: bool) -> bool:
    """Whether the line breaks after a piece are more than the one of its last line."""
    return ending.count(b"\n") > (1 if has_body else 0)


def _is_plain_piece(piece: bytes, marks: bytes, delimiter: bytes) -> bool:
    """Whole lines, without the last line break, and those of their bytes that tell something."""
    if piece.startswith((b"\n", b"\r")) or b"\0" in marks or _has_blank_line(piece, marks):
        return False
    if b'"' not in marks:
        return True
    if BACKSLASH_QUOTE.encode() in piece:
        return False
    parts = piece.split(b'"')
    if len(parts) % 2 == 0 or b"\n" in b"".join(parts[1::2]):
        return False
    return quotes_wrap_cells(parts[0::2], delimiter)


def _has_blank_line(piece: bytes, marks: bytes) -> bool:
    """Whether line breaks follow each other or are a bare CR."""
    may_follow = b"\n\n" in marks  # nearly every line has a delimiter
    return (may_follow and NO_LINE.search(piece) is not None) or (b"\r" in piece and BARE_CR.search(piece) is not None)


def quotes_wrap_cells(outside: list[bytes], delimiter: bytes) -> bool:
    """What stands outside of quotes in; whether on both sides of each quoted part a cell ends or a quote follows."""
    text = b"\n" + b"\0".join(outside) + b"\n"
    quoted, doubled = len(outside) - 1, outside[1:-1].count(b"")
    opening = text.count(delimiter + b"\0") + text.count(b"\n\0") + doubled
    closing = text.count(b"\0" + delimiter) + text.count(b"\0\n") + text.count(b"\0\r") + doubled
    return opening == quoted == closing


# The records of a long text table, as they go by → those that have more or fewer cells than nearly all others.

ASKED = 1_000
"""Records by which the usual number of cells is known."""
FEW, MOST_KEPT = 0.1, 10_000
"""A table in which more records are odd is ragged: its widths tell nothing."""
AT_THE_END = 10
"""So many more may be the last ones, which are often no data."""


class Widths:
    """Takes every record of a table, or whole lines of it; keeps those of another width, blank ones aside."""

    def __init__(self, delimiter: str, encoding: str = "utf-8") -> None:
        self._delimiter, self._encoding = delimiter, encoding
        self._first: list[Sequence[str]] = []
        self._usual = 0
        self._count = 0
        self._odd: dict[int, Sequence[str]] = {}

    def see_lines(self, body: bytes, marks: bytes) -> None:
        """Take whole lines, each of which is a record; they are only split where their delimiters do not tell.

        `marks` are some of their bytes, all delimiters and line breaks among them: counted sooner than in all.
        """
        others = marks.translate(None, self._delimiter.encode())
        lines = others.count(b"\n") + 1 if body else 0
        if not self._usual or len(marks) - len(others) != lines * (self._usual - 1):
            text = body.decode(self._encoding, "replace")
            self.see(csv.reader(text.split("\n") if body else (), delimiter=self._delimiter))
        else:
            self._count += lines

    def see(self, records: Iterable[Sequence[str]]) -> None:
        """Take records."""
        for record in records:
            if self._usual:
                self._judge(record)
            else:
                self._first.append(record)
                if len(self._first) == ASKED:
                    self._settle()

    def found(self) -> Mapping[int, Sequence[str]]:
        """The place of each odd record, counted from 0, and its cells; nothing of a ragged table."""
        self._settle()
        return self._odd if len(self._odd) <= min(MOST_KEPT, FEW * self._count + AT_THE_END) else {}

    def _settle(self) -> None:
        widths = Counter(len(record) for record in self._first if record)
        self._usual = self._usual or max(widths, key=lambda width: widths[width], default=0)
        records, self._first = self._first, []
        for record in records:
            self._judge(record)

    def _judge(self, record: Sequence[str]) -> None:
        if record and len(record) != self._usual and len(self._odd) <= MOST_KEPT:
            self._odd[self._count] = record
        self._count += 1
