"""A huge text table → pieces of bytes that begin and end between records, so that each can be read by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from connectors.files.text.encoding import SAMPLE_BYTES, encoding_of
from connectors.files.text.records import BACKSLASH_QUOTE, SAMPLE_CHARACTERS, quotes_wrap_cells, separation_of

CHUNK_BYTES = 4 * 1024 * 1024
COPIED_BYTES = 16 * 1024 * 1024
LONGEST_BYTES = 64 * 1024 * 1024
"""In so many bytes a record must have ended: else a quote was left open."""
MARK = re.compile(rb'["\n]')


@dataclass(frozen=True)
class Piece:
    """Records of a file that follow each other."""

    start: int
    end: int
    """Bytes; the last is not included."""
    heading_bytes: int
    """What stands before the first record of data, at the beginning of the file."""
    before: int
    """How many records of data stand before this piece."""


def pieces(path: Path, first_record: int, piece_bytes: int) -> list[Piece]:
    """A text file, its first record of data and about how many bytes are wanted in; its pieces out.

    Empty if the file is hardly longer than a piece, or borders cannot be told for certain: quotes that are left open or
    not round whole cells, bare CR, NUL. The last piece is no smaller than half of the others.
    """
    heading = _heading_bytes(path, first_record)
    if heading is None:
        return []
    delimiter, found = _delimiter(path), list[Piece]()
    start = end = heading
    before = count = 0
    for body in _bodies(path, heading, min(CHUNK_BYTES, piece_bytes // 8)):
        outside = body.split(b'"')[0::2]
        if not _is_regular(body, outside, delimiter):
            return []
        end += len(body)
        count += sum(part.count(b"\n") for part in outside)
        if end - start >= piece_bytes:
            found.append(Piece(start, end, heading, before))
            start, before = end, count
    if end < path.stat().st_size:
        return []  # a quote was left open
    if found and end - start < piece_bytes // 2:
        start, before = found[-1].start, found[-1].before
        found.pop()
    return [*found, Piece(start, end, heading, before)] if found else []


def write_beginning(path: Path, size: int, target: Path) -> None:
    """The first whole records of a file, about so many bytes of them, as a file of its own."""
    with path.open("rb") as source:
        beginning = source.read(size)
    target.write_bytes(beginning[: _last_border(beginning)])


def write_piece(source: BinaryIO, piece: Piece, target: Path) -> None:
    """The heading of a file and a piece of it, as a file of its own; of the rest of it nothing is read."""
    with target.open("wb") as copy:
        copy.write(source.read(piece.heading_bytes))
        source.seek(piece.start)
        left = piece.end - piece.start
        while left and (chunk := source.read(min(COPIED_BYTES, left))):
            copy.write(chunk)
            left -= len(chunk)


def _delimiter(path: Path) -> bytes:
    """As `read_large_csv` finds it."""
    with path.open("rb") as stream:
        start = stream.read(SAMPLE_BYTES)
    text = start.decode(encoding_of(start, is_whole=False), "replace")
    return separation_of(text[:SAMPLE_CHARACTERS]).encode()


def _heading_bytes(path: Path, records: int) -> int | None:
    """How many bytes so many records at the beginning have; None if they are not to be seen."""
    with path.open("rb") as stream:
        beginning = stream.read(CHUNK_BYTES)
    left, is_inside = records, False
    for mark in MARK.finditer(beginning) if records else ():
        is_inside ^= mark[0] == b'"'
        left -= mark[0] == b"\n" and not is_inside
        if not left:
            return mark.end()
    return None if records else 0


def _bodies(path: Path, start: int, chunk_bytes: int) -> Iterator[bytes]:
    """From a byte on, whole records, about so many bytes at a time."""
    begun = b""
    with path.open("rb") as stream:
        stream.seek(start)
        while chunk := stream.read(chunk_bytes):
            text = begun + chunk
            border = _last_border(text)
            if border:
                yield text[:border]
            begun = text[border:]
            if len(begun) > LONGEST_BYTES:
                break
    if begun:
        yield begun


def _last_border(text: bytes) -> int:
    """Where the last line break stands that no quote is open at; 0 if there is none."""
    parts, end = text.split(b'"'), len(text)
    for place in range(len(parts) - 1, -1, -1):
        if place % 2 == 0 and b"\n" in parts[place]:
            return end - len(parts[place]) + parts[place].rindex(b"\n") + 1
        end -= len(parts[place]) + 1
    return 0


def _is_regular(body: bytes, outside: list[bytes], delimiter: bytes) -> bool:
    """Whether line breaks and quotes of whole records mean what they seem to."""
    if b"\0" in body or BACKSLASH_QUOTE.encode() in body or body.count(b"\r") != body.count(b"\r\n"):
        return False
    return body.count(b'"') % 2 == 0 and (len(outside) == 1 or quotes_wrap_cells(outside, delimiter))
