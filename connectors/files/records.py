"""Delimited text → records, as Python's csv module splits them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from config.errors import SourceError

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
