"""The bytes of a text file → the encoding they are in."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log
from pathlib import Path

from config.errors import SourceError
from config.words import composed
from connectors.a1 import cell_name

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SINGLE_BYTE = ("cp1251", "cp866", "koi8-r", "mac-cyrillic")
"""Of two in which a text reads alike the first is taken."""
SAMPLE_BYTES = 4 * 1024 * 1024
LETTERS_BYTES = 32 * 1024
WHOLE_LETTERS = 4
"""A text with at least so many whole letters of UTF-8 to each torn one is UTF-8; the other way round, a code page."""
FEWEST_LETTERS = 20
"""So many prove that part of a text is UTF-8."""
LONGEST_LETTER, MOST_IN_ONE_PLACE = 4, 3
"""Bytes of a letter in UTF-8, and of what is torn in one place of it."""
RUSSIAN = re.compile(rb"\xd0[\x81\x90-\xbf]"), re.compile(rb"\xd1[\x80-\x8f\x91]")
"""Letters of the Russian alphabet in UTF-8; other pairs of bytes are signs of a code page by chance (`Т»`). Each of
both kinds is found by its first byte, five times as fast as either of them."""
NOT_ASCII = bytes(range(0x80, 0x100))
FOLLOWING = bytes(range(0x80, 0xC0))
"""Each letter of UTF-8 that is not ASCII has one of them at least, and three at most, after its first byte."""
TORN = "\ufffd"
"""What stands for bytes that are no letter."""


def encoding_of(data: bytes, is_whole: bool = True) -> str:
    """The beginning of a text in; `utf-8`, `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be` or one of SINGLE_BYTE out.

    A few torn letters (a program that cuts by bytes) leave a text UTF-8; else its letters decide which code page it is.
    """
    for mark, name in BOMS.items():
        if data.startswith(mark):
            return name
    wide = _without_mark(data[:4096])
    if wide:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(data, final=is_whole)
    except UnicodeDecodeError:
        return "utf-8" if is_mostly_utf8(data) else code_page_of(data)
    return "utf-8"


@dataclass(frozen=True)
class Letters:
    """What a text holds if it is read as UTF-8."""

    whole: int
    """Letters of several bytes."""
    torn: int
    """Places where the bytes are no letter."""

    @property
    def is_utf8(self) -> bool:
        """Whether all but a few are whole."""
        return self.whole >= WHOLE_LETTERS * self.torn


def is_mostly_utf8(data: bytes) -> bool:
    """Bytes in; whether all but a few letters of UTF-8 are whole, out.

    Code pages have so few of the bytes that follow in UTF-8 that these alone tell, which takes a fifth of the time.
    """
    letters, following = (len(data) - len(data.translate(None, some)) for some in (NOT_ASCII, FOLLOWING))
    fewest_torn = (letters - LONGEST_LETTER * following) / MOST_IN_ONE_PLACE
    return following >= WHOLE_LETTERS * fewest_torn and letters_of(data).is_utf8


def letters_of(data: bytes) -> Letters:
    """Bytes in; the letters of UTF-8 among them out."""
    text = data.decode("utf-8", "replace")
    torn = text.count(TORN) - data.count(TORN.encode())
    return Letters(len(text) - len(data.translate(None, NOT_ASCII)) - torn, torn)


def encoding_of_whole(path: Path, beginning: str) -> tuple[str, bool]:
    """A file and the encoding its beginning suggests in; that of the whole, and whether some letters are torn, out."""
    broken = broken_utf8(path) if beginning.startswith("utf-8") else None
    if broken is None or beginning == "utf-8-sig":
        return beginning, broken is not None
    with path.open("rb") as stream:
        parts = [letters_of(chunk) for chunk in iter(lambda: stream.read(SAMPLE_BYTES), b"")]
    letters = Letters(sum(part.whole for part in parts), sum(part.torn for part in parts))
    return ("utf-8", True) if letters.is_utf8 else (code_page_of(broken), False)


def broken_utf8(path: Path) -> bytes | None:
    """A file in; the part of it where it is no UTF-8, None if it is."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as stream:
        chunk = stream.read(SAMPLE_BYTES)
        try:
            while chunk:
                following = stream.read(SAMPLE_BYTES)
                decoder.decode(chunk, final=not following)
                chunk = following
        except UnicodeDecodeError:
            return chunk
    return None


def code_page_of(data: bytes) -> str:
    """Bytes that are not UTF-8; the code page in which they read most like Russian words."""
    sample = _sample(data)
    likeness = {name: _likeness(sample.decode(name, "replace")) for name in SINGLE_BYTE}
    likeness[SINGLE_BYTE[0]] += COMMONEST
    return max(likeness, key=lambda name: likeness[name])


def text_of(data: bytes, encoding: str) -> str:
    """Bytes and their encoding; the text in composed form, with U+FFFD for a byte that means nothing there."""
    return composed(data.decode(encoding, "replace"))


def refuse_unreadable(data: bytes, encoding: str, name: str) -> None:
    """Bytes and the code page they were taken for; raises SourceError if what they say in it is no words either."""
    if encoding not in SINGLE_BYTE:
        return
    words, others = 0, 0
    for token, times in _tokens(_sample(data).decode(encoding, "replace")):
        if token not in ANY_MARKS:
            words += times * len(token) if _is_word(token) else 0
            others += 0 if _is_word(token) else times * sum(not letter.isascii() for letter in token)
    if others > words or _is_mixed(data):
        raise SourceError("files.unknown_encoding", file=name, tried=", ".join(("utf-8", *SINGLE_BYTE)))


def _is_mixed(data: bytes) -> bool:
    """Whether neither UTF-8 nor a code page explains the letters: two files in one."""
    russian = sum(len(letters.findall(data)) for letters in RUSSIAN)
    if russian < FEWEST_LETTERS:
        return False
    letters = letters_of(data)
    return not letters.is_utf8 and russian * WHOLE_LETTERS >= letters.torn


# How often Russian uses each letter, in parts of ten thousand: what a text in a wrong code page turns upside down.

USUAL = {
    "о": 1097, "е": 845, "а": 801, "и": 735, "н": 670, "т": 626, "с": 547, "р": 473, "в": 454, "л": 440, "к": 349,
    "м": 321, "д": 298, "п": 281, "у": 262, "я": 201, "ы": 190, "ь": 174, "г": 170, "з": 165, "б": 159, "ч": 144,
    "й": 121, "х": 97, "ж": 94, "ш": 73, "ю": 64, "ц": 48, "щ": 36, "э": 32, "ф": 26, "ъ": 4, "ё": 4,
}  # fmt: skip
WEIGHTS = {letter: log(parts * len(USUAL) / 10_000) for letter, parts in USUAL.items()}
MARKS = frozenset("«»—–№°…“”’‘„•·×±§©®€₽½\u00a0\u00ad\u200b\ufeff")
"""Signs beyond ASCII that stand among words in any text."""
ANY_MARKS = MARKS | frozenset("™‰‹›†‡¤¦¬¶µ‚´¨¯¸¹²³¼¾ªº")
"""Others that are no letters of any language, though they are rare enough to tell one code page from another."""
TOKEN = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
COMMONEST = 1.0
"""What the code page of Windows is ahead of the others: a letter or two prove nothing."""
TURNED = re.compile(r"[а-яё][А-ЯЁ]")
"""A capital after a small letter: what KOI8-R makes of every name in another code page."""


def _sample(data: bytes) -> bytes:
    """Some kilobytes round the first letter that is not ASCII."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - LETTERS_BYTES // 2) if first else 0
    return data[start : start + LETTERS_BYTES]


def _tokens(text: str) -> list[tuple[str, int]]:
    """Words and signs that are not ASCII, each with how often it stands there."""
    return [(token, times) for token, times in Counter(TOKEN.findall(text)).items() if not token.isascii()]


def _is_word(token: str) -> bool:
    """Whether a token is all of Cyrillic letters."""
    return all("Ѐ" <= letter <= "ӿ" for letter in token)


def _likeness(text: str) -> float:
    """How much like Russian a text reads: usual letters count for it, signs and mixed words against it."""
    return sum(times * _weight(token) for token, times in _tokens(text) if token not in MARKS)


def _weight(token: str) -> float:
    if token in ANY_MARKS:
        return -1.0
    if not _is_word(token):
        return -3.0 * sum(not letter.isascii() for letter in token)
    return sum(WEIGHTS.get(letter, -2.0) for letter in token.lower()) - 2 * len(TURNED.findall(token))


def _without_mark(data: bytes) -> str | None:
    """UTF-16 that does not begin with a mark: every other byte of its Latin letters and digits is zero."""
    if len(data) < 8:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    half = len(data) // 2
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    return None


# The first lines of a text table → what separates its cells.

DELIMITERS = (";", "\t", ",", "|")
SAMPLE_RECORDS = 60


def separation_of(text: str) -> str:
    """The beginning of a text in; the delimiter that gives most records one, greatest, number of cells out.

    An Excel `sep=` line decides alone.
    """
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first[:4].casefold() == "sep=" and len(first) in (4, 5):
        return first[4:] or "\t"
    return max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


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
        for record in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
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


def records(stream: Iterator[str], delimiter: str, name: str, escape: str | None = None) -> Iterator[list[str]]:
    """Lines of a text table; its records, blank ones as empty lists, the `sep=` line as one record.

    `escape` is what stands before a quote inside quotes where that is not a second quote. A quote that was never closed
    and swallowed whole rows is a letter. Raises SourceError where they cannot be told apart, or where a cell is so long
    that a quote must have been left open.
    """
    lines, width, before = _Lines(stream), 0, 0
    reader = csv.reader(lines, delimiter=delimiter, escapechar=escape)
    try:
        for record in reader:
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


def refuse_binary(text: str, name: str) -> None:
    """The beginning of a decoded text; raises SourceError if no text table looks like it."""
    strange = sum(1 for character in text if character < " " and character not in "\t\r\n\f\v\x1a\x00")
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
NO_LINE, BARE_CR = re.compile(rb"\n\r?\n"), re.compile(rb"\r(?!\n)")
"""Twice as fast as `in`, and thrice as fast as to count and compare."""
MAX_LINE_BYTES = 3 * 1024 * 1024
"""Below the longest record the warehouse takes, because the first piece of a line is not counted."""


@dataclass(frozen=True)
class Seen:
    """What the bytes of a text table told."""

    is_plain: bool
    """No blank lines but at the end, no line breaks inside quotes, no bare CR, quotes only round cells, no NUL, no
    backslash before a quote."""
    is_latin: bool
    """No byte from 0x80 to 0x9F, which DuckDB's `latin-1` refuses: `—` and `…` of cp1251, all capitals of cp866."""
    has_quotes: bool
    has_accents: bool = False
    """Of UTF-8: some accents stand apart from their letters (U+0300 to U+037F), as macOS writes them."""


def look(path: Path, delimiter: str) -> Seen:
    """A text in a single-byte encoding or UTF-8 in; what the warehouse would stumble over out."""
    has_ended, is_latin, has_quotes, has_accents = False, True, False, False
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.seek(0)
        while chunk := stream.read(CHUNK_BYTES):
            rest = stream.readline(MAX_LINE_BYTES)  # of the line that the chunk broke off in
            piece = chunk + rest
            is_latin = is_latin and not _has_control_letters(piece)
            has_quotes = has_quotes or b'"' in piece
            has_accents = has_accents or b"\xcc" in piece or b"\xcd" in piece
            body = piece.rstrip(b"\r\n")
            is_endless = len(rest) == MAX_LINE_BYTES
            if is_endless or (body and has_ended) or not _is_plain_piece(body, delimiter.encode()):
                return Seen(False, is_latin, has_quotes)
            has_ended = has_ended or _ends_with_blank_line(piece[len(body) :], bool(body))
    return Seen(True, is_latin, has_quotes, has_accents)


def _has_control_letters(chunk: bytes) -> bool:
    return not chunk.isascii() and len(chunk.translate(None, CONTROL_LETTERS)) < len(chunk)


def _ends_with_blank_line(ending: bytes, has_body: bool) -> bool:
    """Whether the line breaks after a piece are more than the one of its last line."""
    return ending.count(b"\n") > (1 if has_body else 0)


def _is_plain_piece(piece: bytes, delimiter: bytes) -> bool:
    """Whole lines, without the last line break."""
    if piece.startswith((b"\n", b"\r")) or b"\0" in piece or _has_blank_line(piece):
        return False
    if b'"' not in piece:
        return True
    if BACKSLASH_QUOTE.encode() in piece:
        return False
    parts = piece.split(b'"')
    if len(parts) % 2 == 0 or b"\n" in b"".join(parts[1::2]):
        return False
    return quotes_wrap_cells(parts[0::2], delimiter)


def _has_blank_line(piece: bytes) -> bool:
    """Whether line breaks follow each other or are a bare CR."""
    return NO_LINE.search(piece) is not None or BARE_CR.search(piece) is not None


def quotes_wrap_cells(outside: list[bytes], delimiter: bytes) -> bool:
    """What stands outside of quotes in; whether on both sides of each quoted part a cell ends or a quote follows."""
    text = b"\n" + b"\0".join(outside) + b"\n"
    quoted, doubled = len(outside) - 1, outside[1:-1].count(b"")
    opening = text.count(delimiter + b"\0") + text.count(b"\n\0") + doubled
    closing = text.count(b"\0" + delimiter) + text.count(b"\0\n") + text.count(b"\0\r") + doubled
    return opening == quoted == closing
