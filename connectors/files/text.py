"""The bytes of a text file → the encoding they are in."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.errors import SourceError

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
FREQUENT = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ")
SINGLE_BYTE = ("cp1251", "cp866")
SAMPLE_BYTES = 4 * 1024 * 1024
LETTERS_BYTES = 64 * 1024


def encoding_of(data: bytes, is_whole: bool = True) -> str:
    """The beginning of a text in; `utf-8`, `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be`, `cp1251` or `cp866` out.

    UTF-8 is strict: a single wrong byte makes the text a code page, and letters decide which one.
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
        return code_page_of(data)
    return "utf-8"


def encoding_of_whole(path: Path, beginning: str) -> str:
    """A file and the encoding its beginning suggests in; that of the whole out: UTF-8 that breaks off never was."""
    broken = None if beginning != "utf-8" else broken_utf8(path)
    return beginning if broken is None else code_page_of(broken)


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
    """Bytes that are not UTF-8; the code page in which they read most like Russian."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - LETTERS_BYTES // 2) if first else 0
    sample = data[start : start + LETTERS_BYTES]
    return max(SINGLE_BYTE, key=lambda name: _russian(sample.decode(name, "replace")))


def text_of(data: bytes, encoding: str) -> str:
    """Bytes and their encoding; the text, with U+FFFD for a byte that means nothing there."""
    return data.decode(encoding, "replace")


def _russian(text: str) -> int:
    """Small letters that Russian uses, less the signs that letters of another code page turn into."""
    good = sum(text.count(letter) for letter in FREQUENT)
    capitals = sum(text.count(letter.upper()) for letter in FREQUENT)
    letters = good + capitals
    strange = (
        len(text)
        - len(text.encode("ascii", "ignore"))
        - letters
        - sum(text.count(mark) for mark in "«»—–№ё\u00a0…“”’„")
    )
    return 2 * good + capitals - 2 * max(strange, 0)


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


# The first lines of a text table → what separates its cells, and whether an Excel `sep=` line says so.

DELIMITERS = (";", "\t", ",", "|")
SAMPLE_RECORDS = 60


@dataclass(frozen=True)
class Separation:
    """How the cells of a text table are separated."""

    delimiter: str
    has_sep_line: bool
    """The first record is `sep=;`, which is no row of the table but counts as one to a person."""


def separation_of(text: str) -> Separation:
    """The beginning of a text in; the delimiter that gives most records one, greatest, number of cells out.

    An Excel `sep=` line decides alone.
    """
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first[:4].casefold() == "sep=" and len(first) in (4, 5):
        return Separation(first[4:] or "\t", True)
    return Separation(max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter)), False)


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


def records(stream: Iterator[str], delimiter: str, name: str) -> Iterator[list[str]]:
    """Lines of a text table; its records, blank ones as empty lists, the `sep=` line as one record.

    Raises SourceError where a cell is so long that a quote must have been left open.
    """
    try:
        yield from csv.reader(_without_nul(stream), delimiter=delimiter)
    except csv.Error as error:
        raise SourceError("files.not_csv", file=name, problem=str(error)) from error


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


def _without_nul(stream: Iterator[str]) -> Iterator[str]:
    for line in stream:
        yield line.replace("\0", "") if "\0" in line else line


# Every byte of a large text table → whether the warehouse reads it as Python's csv would, and in which encoding.

CHUNK_BYTES = 256 * 1024
"""A piece of this size stays in the cache, and no call on it keeps the thread beside waiting for long."""
CONTROL_LETTERS = bytes(range(0x80, 0xA0))
NO_LINE = re.compile(rb"\n\n")
"""Twice as fast as `in`."""
MAX_LINE_BYTES = 3 * 1024 * 1024
"""Below the longest record the warehouse takes, because the last piece of a line is not counted."""


@dataclass(frozen=True)
class Seen:
    """What the bytes of a text table told."""

    is_plain: bool
    """No blank lines but at the end, no line breaks inside quotes, no bare CR, quotes only round cells, no NUL."""
    is_latin: bool
    """No byte from 0x80 to 0x9F, which DuckDB's `latin-1` refuses: `—` and `…` of cp1251, all capitals of cp866."""
    has_quotes: bool


def look(path: Path, delimiter: str) -> Seen:
    """A text in a single-byte encoding or UTF-8 in; what the warehouse would stumble over out."""
    begun: list[bytes] = []  # a line that is not whole yet
    has_ended, is_latin, has_quotes = False, True, False
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.seek(0)
        while chunk := stream.read(CHUNK_BYTES):
            is_latin = is_latin and not _has_control_letters(chunk)
            has_quotes = has_quotes or b'"' in chunk
            whole, newline, after = chunk.rpartition(b"\n")
            piece = b"".join([*begun, whole, newline]) if newline else b""
            begun = [after] if newline else [*begun, after]
            if sum(map(len, begun)) > MAX_LINE_BYTES:
                return Seen(False, is_latin, has_quotes)
            body = piece.rstrip(b"\r\n")
            if (body and has_ended) or not _is_plain_piece(body, delimiter.encode()):
                return Seen(False, is_latin, has_quotes)
            has_ended = has_ended or _ends_with_blank_line(piece[len(body) :], bool(body))
    last = b"".join(begun).rstrip(b"\r")
    return Seen(_is_plain_piece(last, delimiter.encode()) and not (last and has_ended), is_latin, has_quotes)


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
    parts = piece.split(b'"')
    if len(parts) % 2 == 0 or b"\n" in b"".join(parts[1::2]):
        return False
    return _quotes_wrap_cells(parts[0::2], delimiter)


def _has_blank_line(piece: bytes) -> bool:
    """Whether line breaks follow each other or are a bare CR."""
    if NO_LINE.search(piece):
        return True
    return b"\r" in piece and (piece.count(b"\r") != piece.count(b"\r\n") or b"\n\r\n" in piece)


def _quotes_wrap_cells(outside: list[bytes], delimiter: bytes) -> bool:
    """What stands outside of quotes in; whether on both sides of each quoted part a cell ends or a quote follows."""
    text = b"\n" + b"\0".join(outside) + b"\n"
    quoted, doubled = len(outside) - 1, outside[1:-1].count(b"")
    opening = text.count(delimiter + b"\0") + text.count(b"\n\0") + doubled
    closing = text.count(b"\0" + delimiter) + text.count(b"\0\n") + text.count(b"\0\r") + doubled
    return opening == quoted == closing
