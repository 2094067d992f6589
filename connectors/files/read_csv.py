"""A delimited text file → one RawTable: rows if it is small, else a Dialect for the warehouse."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.delimiter import separation_of
from connectors.files.encoding import encoding_of, text_of
from connectors.files.opened import Kind, Opened

MAX_CELL_CHARACTERS = 4 * 1024 * 1024
SAMPLE_CHARACTERS = 256 * 1024
csv.field_size_limit(MAX_CELL_CHARACTERS)


def read_csv(file: Opened) -> list[RawTable]:
    """A text file in; its table out, in memory up to `limits.in_memory_bytes`, else on disk."""
    if file.path.stat().st_size > file.limits.in_memory_bytes:
        from connectors.files.read_large_csv import read_large_csv

        return [read_large_csv(file)]
    data = file.path.read_bytes()
    text = text_of(data, encoding_of(data))
    refuse_binary(text[:4096], file.name)
    rows = list(
        records(
            io.StringIO(text.lstrip("\ufeff"), newline=""), separation_of(text[:SAMPLE_CHARACTERS]).delimiter, file.name
        )
    )
    if not any(cell.strip() for row in rows for cell in row):
        raise SourceError("files.empty", file=file.name)
    return [file.table(rows, Kind.CSV)]


def records(stream: Iterator[str], delimiter: str, name: str) -> Iterator[list[str]]:
    """Lines of a text table; its records, blank ones as empty lists, the `sep=` line as one record.

    Raises SourceError where a cell is so long that a quote must have been left open.
    """
    try:
        yield from csv.reader(_without_nul(stream), delimiter=delimiter)
    except csv.Error as error:
        raise SourceError("files.not_csv", file=name, problem=str(error)) from error


def refuse_binary(text: str, name: str) -> None:
    """The beginning of a decoded text; raises SourceError if no text table looks like it."""
    strange = sum(1 for character in text if character < " " and character not in "\t\r\n\f\v\x1a\x00")
    if strange > 2 and strange * 20 > len(text):
        raise SourceError("files.not_text", file=name)


def _without_nul(stream: Iterator[str]) -> Iterator[str]:
    for line in stream:
        yield line.replace("\0", "") if "\0" in line else line


def head_text(path: Path, encoding: str, size: int = SAMPLE_CHARACTERS) -> str:
    """A path and its encoding; the first characters of the text."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        return stream.read(size)
