"""A delimited text file → one RawTable: rows if it is small, else a Dialect for the warehouse."""

from __future__ import annotations

import io

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.delimiter import separation_of
from connectors.files.encoding import encoding_of, text_of
from connectors.files.opened import Kind, Opened
from connectors.files.read_large_csv import read_large_csv
from connectors.files.records import SAMPLE_CHARACTERS, records, refuse_binary, refuse_wide


def read_csv(file: Opened) -> list[RawTable]:
    """A text file in; its table out, in memory up to `limits.in_memory_bytes`, else on disk."""
    if file.path.stat().st_size > file.limits.in_memory_bytes:
        return [read_large_csv(file)]
    data = file.path.read_bytes()
    text = _one_line_end(text_of(data, encoding_of(data)))
    refuse_binary(text[:4096], file.name)
    rows = list(
        records(
            io.StringIO(text.lstrip("\ufeff"), newline=""), separation_of(text[:SAMPLE_CHARACTERS]).delimiter, file.name
        )
    )
    refuse_wide(rows, file.name, file.limits.max_columns)
    if not any(cell.strip() for row in rows for cell in row):
        raise SourceError("files.empty", file=file.name)
    return [file.table(rows, Kind.CSV)]


def _one_line_end(text: str) -> str:
    """The same with LF alone, inside quotes too, as in a large file that is written anew; CR CR LF is two ends."""
    return text if "\r\r\n" in text else text.replace("\r\n", "\n")
