"""A delimited text file → one RawTable: rows if it is small, else a Dialect for the warehouse."""

import csv
import io
from dataclasses import replace
from io import TextIOWrapper
from itertools import islice, takewhile
from pathlib import Path
from tempfile import mkstemp

from config.documents import Dialect, RawTable
from config.errors import SourceError
from connectors.files.table import HEAD_ROWS, TAIL_ROWS, Kind, OnDisk, Opened, Spool
from connectors.files.text.encoding import (
    LONGEST_LETTER,
    SAMPLE_BYTES,
    SINGLE_BYTE,
    TORN,
    encoding_of,
    encoding_of_whole,
    lines_of,
    refuse_unreadable,
    refuse_wide_rows,
    text_of,
)
from connectors.files.text.records import (
    BACKSLASH_QUOTE,
    SAMPLE_CHARACTERS,
    Seen,
    Widths,
    begin_after_marks,
    escape_of,
    look,
    records,
    refuse_binary,
    refuse_wide,
    separation_of,
    torn_cells,
)


def read_csv(file: Opened) -> list[RawTable]:
    """A text file in; its table out, in memory up to `limits.in_memory_bytes`, else on disk."""
    if file.path.stat().st_size > file.limits.in_memory_bytes:
        return [read_large_csv(file)]
    data = file.path.read_bytes()
    encoding = encoding_of(data)
    refuse_wide_rows([data], encoding, file.name)
    text = _one_line_end(text_of(data, encoding))
    refuse_binary(text[:4096], file.name)
    refuse_unreadable(data, encoding, file.name)
    delimiter = separation_of(text[:SAMPLE_CHARACTERS])
    escape = escape_of(lines_of(text), delimiter) if BACKSLASH_QUOTE in text else None
    rows = list(records(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter, file.name, escape))
    refuse_wide(rows, file.name, file.limits.max_columns)
    if not any(cell.strip() for row in rows for cell in row):
        raise SourceError("files.empty", file=file.name)
    torn = [cell for number, row in enumerate(rows) for cell in torn_cells(row, number)] if _is_torn(data, text) else []
    return [replace(file.table(rows, Kind.CSV), torn_cells=torn)]


def _is_torn(data: bytes, text: str) -> bool:
    """Whether some bytes became no letter."""
    return TORN in text and text.count(TORN) > data.count(TORN.encode())


def _one_line_end(text: str) -> str:
    """The same with LF alone, inside quotes too, as in a large file that is written anew; CR CR LF is two ends."""
    return text if "\r\r\n" in text else text.replace("\r\n", "\n")


# A text table too large for memory → a RawTable that stays on disk, rewritten first if the warehouse would misread it.
#
# What DuckDB 2.0 does with `read_csv(all_varchar, header=false, strict_mode=false, null_padding=true)`, tried out:
# - a short record is padded, cells beyond the last column are dropped, `;` at the end of every line is harmless;
# - a mixture of line ends (CRLF, LF, CR) is fine, but above the rows `skip` miscounts it; an empty cell and `""` are
#   both NULL; a byte order mark is dropped;
# - **a blank line vanishes**, so every row below it would be shown under a wrong number;
# - **a newline inside quotes together with null_padding is refused** by the parallel reader;
# - `"abc"d` loses its `d`, an open quote swallows the rest of the file, ` "a;b"` after a space is taken as quoted;
# - a byte that is not UTF-8 is an error; `encoding='latin-1'` takes every byte but 0x80 to 0x9F, on all cores.
# Hence one quick look at the bytes; a file with blank lines, a mixture of line ends in its head, newlines in quotes,
# quotes elsewhere than round whole cells, NUL, several byte order marks, in UTF-16, or in UTF-8 that breaks off after
# such a mark, is written anew as even UTF-8 by Python's csv module, record by record.
# A plain file in a code page that uses the bytes 0x80 to 0x9F (a dash `—` is enough) is only transcoded.

CHUNK_BYTES = 4 * 1024 * 1024
TAIL_BYTES = 64 * 1024


def read_large_csv(file: Opened) -> RawTable:
    """A large text file in; its document out: the file itself, or an even copy of it in the scratch folder."""
    with file.path.open("rb") as stream:
        start = stream.read(SAMPLE_BYTES)
    encoding = encoding_of(start, is_whole=False)
    refuse_wide_rows([start], encoding, file.name)
    sample = start[: LONGEST_LETTER * SAMPLE_CHARACTERS].decode(encoding, "replace")[:SAMPLE_CHARACTERS]
    refuse_binary(sample[:4096], file.name)
    delimiter = separation_of(sample)
    encoding, is_torn = encoding_of_whole(file.path, encoding)
    refuse_unreadable(start, encoding, file.name)
    if encoding.startswith("utf-16") or is_torn:
        return _rewritten(file, encoding, delimiter, is_torn=is_torn)
    widths = Widths(delimiter, encoding)
    seen = look(file.path, delimiter, widths)
    if not seen.is_plain:
        with file.path.open("rb") as stream:
            refuse_wide_rows(iter(lambda: stream.read(CHUNK_BYTES), b""), encoding, file.name)
    if not seen.is_plain or (seen.has_accents and encoding not in SINGLE_BYTE):
        return _rewritten(file, encoding, delimiter)
    if encoding in SINGLE_BYTE and not seen.is_latin:
        table = _on_disk(replace(file, path=_transcoded(file, encoding)), "utf-8", delimiter, seen)
    else:
        table = _on_disk(file, encoding, delimiter, seen)
    return replace(table, odd_rows=widths.found())


def _on_disk(file: Opened, encoding: str, delimiter: str, seen: Seen) -> RawTable:
    """The document of a file that the warehouse can read as it is."""
    with _open(file, encoding) as stream:
        head = list(islice(records(stream, delimiter, file.name), HEAD_ROWS))
    refuse_wide(head, file.name, file.limits.max_columns)
    columns = max(map(len, head))
    if encoding in SINGLE_BYTE:
        dialect = Dialect(file.path, "latin-1", encoding, delimiter, 0, columns, has_quotes=seen.has_quotes)
    else:
        dialect = Dialect(file.path, "utf-8", None, delimiter, 0, columns, has_quotes=seen.has_quotes)
    tail = _tail(file, encoding, delimiter)
    if not any(cell.strip() for row in (*head, *tail) for cell in row):
        raise SourceError("files.empty", file=file.name)
    return RawTable(file.origin(), head, dialect=dialect, beyond=OnDisk(dialect), tail=tail, container=Kind.CSV.value)


def _transcoded(file: Opened, encoding: str) -> Path:
    """A copy of the file in UTF-8, made in chunks."""
    handle, name = mkstemp(suffix=".csv", dir=file.scratch)
    with file.path.open("rb") as source, open(handle, "wb") as target:  # noqa: PTH123  # a descriptor
        while chunk := source.read(CHUNK_BYTES):
            target.write(chunk.decode(encoding, "replace").encode())
    return Path(name)


def _tail(file: Opened, encoding: str, delimiter: str) -> list[list[str]]:
    """The last records of a plain file: no record of it spans lines, so its last lines are its last records.

    Records without a value at its very end come on top: a spreadsheet saves them for every row that was ever coloured.
    """
    with file.path.open("rb") as stream:
        stream.seek(max(0, file.path.stat().st_size - TAIL_BYTES))
        lines = lines_of(stream.read().decode(encoding, "replace"))
    while lines and not lines[-1]:
        lines.pop()
    records = list(csv.reader(lines[1:], delimiter=delimiter))
    blank = sum(1 for _ in takewhile(lambda record: not any(map(str.strip, record)), reversed(records)))
    return records[-TAIL_ROWS - blank :]


def _rewritten(file: Opened, encoding: str, delimiter: str, *, is_torn: bool = False) -> RawTable:
    """The document of an even copy, made record by record."""
    with _open(file, encoding) as stream:
        escape = escape_of(stream, delimiter)
    spool, has_value, torn = Spool(file, Kind.CSV, cells_in_memory=0), False, list[str]()
    widths = Widths(delimiter)
    try:
        with _open(file, encoding) as stream:
            for record in records(stream, delimiter, file.name, escape):
                has_value = has_value or any(cell.strip() for cell in record)
                torn += torn_cells(record, spool.count) if is_torn else ()
                widths.see((record,))
                spool.add(record)
    except BaseException:
        spool.discard()
        raise
    table = spool.table()
    if table is None or not has_value:
        raise SourceError("files.empty", file=file.name)
    refuse_wide(table.head, file.name, file.limits.max_columns)
    return replace(table, torn_cells=torn, odd_rows=widths.found())


def _open(file: Opened, encoding: str) -> TextIOWrapper:
    """The file as text, without its byte order marks."""
    stream = file.path.open("rb")
    if encoding.startswith("utf-8"):
        begin_after_marks(stream)
    return TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
