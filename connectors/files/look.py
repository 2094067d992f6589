"""Every byte of a large text table → whether the warehouse reads it as Python's csv would, and in which encoding."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

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
