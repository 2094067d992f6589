"""Every byte of a large text table → whether the warehouse reads it as Python's csv would."""

from __future__ import annotations

from pathlib import Path

import numpy as np

CHUNK_BYTES = 4 * 1024 * 1024
LINE_FEED, CARRIAGE_RETURN = 10, 13
MAX_LINE_BYTES = 64 * 1024 * 1024


def is_plain(path: Path, delimiter: str) -> bool:
    """A text in a single-byte encoding or UTF-8 in; whether the warehouse may read it as it is out.

    It may if there are no blank lines but at the end, no line breaks inside quotes, and quotes stand only round
    whole cells (doubled inside them).
    """
    rest = b""
    has_ended = False
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            whole, newline, rest = (rest + chunk).rpartition(b"\n")
            piece = whole + newline
            if len(rest) > MAX_LINE_BYTES:
                return False
            body = piece.rstrip(b"\r\n")
            if (body and has_ended) or not _is_plain_piece(body, delimiter.encode()):
                return False
            has_ended = has_ended or _ends_with_blank_line(piece[len(body) :], bool(body))
    if b"\r" in rest.rstrip(b"\r"):
        return False  # lines that end with a bare carriage return
    return _is_plain_piece(rest.rstrip(b"\r"), delimiter.encode()) and not (rest.strip() and has_ended)


def _ends_with_blank_line(ending: bytes, has_body: bool) -> bool:
    """Whether the line breaks after a piece are more than the one of its last line."""
    return ending.count(b"\n") > (1 if has_body else 0)


def _is_plain_piece(piece: bytes, delimiter: bytes) -> bool:
    """Whole lines, without the last line break."""
    if piece.startswith((b"\n", b"\r")) or _has_blank_line(piece):
        return False
    if b'"' not in piece:
        return True
    parts = piece.split(b'"')
    if len(parts) % 2 == 0 or b"\n" in b"".join(parts[1::2]):
        return False
    return _quotes_wrap_cells(parts[0::2], delimiter)


def _has_blank_line(piece: bytes) -> bool:
    """Whether two line breaks follow each other. Through numpy, since searching bytes costs ten times as much."""
    text = np.frombuffer(piece, np.uint8)
    breaks = np.flatnonzero(text == LINE_FEED)
    gaps = np.diff(breaks)
    return bool((gaps == 1).any() or ((gaps == 2) & (text[breaks[1:] - 1] == CARRIAGE_RETURN)).any())


def _quotes_wrap_cells(outside: list[bytes], delimiter: bytes) -> bool:
    """What stands outside of quotes in; whether on both sides of each quoted part a cell ends or a quote follows."""
    text = b"\n" + b"\0".join(outside) + b"\n"
    quoted, doubled = len(outside) - 1, outside[1:-1].count(b"")
    opening = text.count(delimiter + b"\0") + text.count(b"\n\0") + doubled
    closing = text.count(b"\0" + delimiter) + text.count(b"\0\n") + text.count(b"\0\r") + doubled
    return opening == quoted == closing
