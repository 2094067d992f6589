"""A text file on disk and how it is read → the SQL that reads it, and answers about rows far below its head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from config.documents import Dialect

LONGEST_RECORD = 4 * 1024 * 1024
"""Bytes; DuckDB takes buffers of sixteen times as many for each core."""
SPACES = " \t\r\n\xa0"


def read_csv_sql(dialect: Dialect, names: Sequence[str], first: int) -> str:
    """How to read a file, the names of its columns from the left, and its first record of data; a relation out.

    All text; an empty cell is NULL; a short record is padded; the order is kept.
    """
    quote = "'\"'" if dialect.has_quotes else "''"
    padding = "" if dialect.is_even else ", null_padding = true"
    return f"""read_csv({quoted(str(dialect.path))}, header = false, auto_detect = false,
        delim = {quoted(dialect.delimiter)}, quote = {quote}, escape = {quote}, encoding = '{dialect.encoding}',
        skip = {first}, columns = {columns_sql(names)}, strict_mode = false,
        max_line_size = {LONGEST_RECORD}, nullstr = ''{padding})"""


def columns_sql(names: Sequence[str]) -> str:
    """Names of columns; the map of them that read_csv wants, all of them text."""
    return "{" + ", ".join(f"'{name}': 'varchar'" for name in names) + "}"


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def meant(text: str, code_page: str | None) -> str:
    """What a file of that code page says where its bytes were read as Latin-1."""
    return text if code_page is None or text.isascii() else text.encode("latin-1").decode(code_page, "replace")


@dataclass(frozen=True)
class OnDisk:
    """Answers about every row of a file; see `Beyond`."""

    dialect: Dialect

    def has_value(self, place: int, first: int) -> bool:
        """Whether some row has a text in this column."""
        return bool(self._rows(f"select 1 from {{}} where {_text(place)} <> '' limit 1", first, place))

    def differ(self, one: int, other: int, first: int) -> bool:
        """Whether some row has a text in the column `other` that is not what stands in `one`."""
        where = f"{_text(other)} <> '' and {_text(other)} is distinct from {_text(one)}"
        return bool(self._rows(f"select 1 from {{}} where {where} limit 1", first, max(one, other)))

    def texts(self, place: int, first: int) -> Iterator[str]:
        """The distinct texts of a column, as meant, up to a thousand of them."""
        found = self._rows(f"select distinct x{place} from {{}} where x{place} is not null limit 1000", first, place)
        return (meant(text, self.dialect.code_page) for (text,) in found)

    def _rows(self, sql: str, first: int, last_place: int) -> list[tuple[Any, ...]]:
        """A question over the file, whose columns are `x0`, `x1` and so on."""
        names = [f"x{place}" for place in range(max(self.dialect.columns, last_place + 1))]
        with duckdb.connect() as connection:
            return connection.execute(sql.format(read_csv_sql(self.dialect, names, first))).fetchall()


def _text(place: int) -> str:
    return f"trim(x{place}, {quoted(SPACES)})"
