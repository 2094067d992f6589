"""A client's warehouse, opened to be read: by one DuckDB for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import duckdb

NUMBERS = count(1)


@contextmanager
def reading(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A client's data folder in; a connection that only reads its warehouse out.

    To make a DuckDB costs as much as ten questions, since it learns all its functions anew; to attach a file costs one.
    """
    name, connection = f"client_{next(NUMBERS)}", _one().cursor()
    path = str(data / "svodka.duckdb").replace("'", "''")
    connection.execute(f"attach '{path}' as {name} (read_only); use {name}")
    try:
        yield connection
    finally:
        connection.execute(f"use memory; detach {name}")
        connection.close()


@cache
def _one() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()
