"""A huge text file of a source → the pieces that several workers may load, and how each of them was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from config.client import SourceConfig
from config.errors import SvodkaError
from connectors.files.find import FoundFile
from connectors.files.read import read
from connectors.files.table import Limits
from connectors.files.text.pieces import CHUNK_BYTES, Piece, pieces, write_beginning
from flows.run.loading.sources import STAYS_ON_DISK, Loading
from transforms.recognise import Recognised, recognise_file

PIECE_BYTES = 256 * 1024 * 1024
"""A text file of twice as many bytes is cut."""


def pieces_of(loading: Loading, name: str, source: SourceConfig, found: FoundFile) -> list[Piece]:
    """A file of a source in; its pieces out, none if it is not huge, no text, or cannot be cut for certain."""
    if found.size < 2 * PIECE_BYTES or not found.path.name.casefold().endswith(STAYS_ON_DISK):
        return []
    head = loading.scratch / f"head{found.path.suffix}"
    write_beginning(found.path, min(CHUNK_BYTES, PIECE_BYTES), head)
    aliases = loading.loaded.aliases.headers_of(name)
    try:
        given = read(replace(found, path=head), name, loading.scratch, Limits(in_memory_bytes=0), source.tab)
        [recognised] = recognise_file(given, source.table, source, aliases, set())
    except (SvodkaError, ValueError):
        return []  # it is asked of the whole file
    dialect = recognised.raw.dialect
    return pieces(found.path, dialect.first_record, PIECE_BYTES) if dialect else []


def told_of(recognised: Sequence[Recognised]) -> str:
    """How a table was taken: of pieces of one file the same, if each can be read by itself. Empty where it cannot."""
    if len(recognised) != 1 or recognised[0].raw.dialect is None:
        return ""
    [one] = recognised
    dialect = one.raw.dialect
    return repr((
        one.profile and one.profile.name, one.certainty, one.columns, one.actual, one.pseudo, one.period, one.skips,
        one.assumed, one.shape.headers, dialect and (dialect.code_page, dialect.first_record),
    ))  # fmt: skip
