"""What is made once: a database of statements for the runs of a release, parsed SQL for those of a process."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from config.declarations import drop_old

BLOCK_BYTES = 64 * 1024
"""Of a database's file, a quarter of DuckDB's own: a small client's hundred tables fill a quarter of the disk."""


def made_once(name: str, statements: str) -> Path | None:
    """The database of that name, made if need be; None where the user has no cache.

    The name of the file tells its content: one that was cut short is made anew and never used.
    """
    key = hashlib.sha256(f"{duckdb.__version__} {BLOCK_BYTES} {statements}".encode()).hexdigest()[:16]
    try:
        folder = Path.home() / ".cache" / "svodka"
        for found in folder.glob(f"{name}-{key}-*.duckdb"):
            if found.stem.endswith(_content(found)):
                return found
        return _keep(folder, name, key, statements)
    except (OSError, RuntimeError, duckdb.Error):
        return None


def empty(path: Path) -> duckdb.DuckDBPyConnection:
    """A path where no file is; a new database there, open, out."""
    return duckdb.connect(str(path), config={"default_block_size": BLOCK_BYTES})


def _keep(folder: Path, name: str, key: str, statements: str) -> Path:
    """Make that database, whole or not at all; what nobody asked for in a long time goes."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as made:
        fresh = Path(made) / "fresh.duckdb"
        with empty(fresh) as connection:
            connection.execute(statements)
        kept = folder / f"{name}-{key}-{_content(fresh)}.duckdb"
        fresh.replace(kept)
    drop_old(folder.glob(f"{name}-*.duckdb"))
    return kept


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


# A connection that parses a text of SQL once a process, however many clients are run in it.

MOST_KEPT = 1000
"""So many texts are kept as they were parsed."""
_kept_sql: dict[str, list[Any]] = {}


class ParsedOnce:
    """DuckDB's own connection in all else: parsing is a fifth of what a statement over few rows costs."""

    def __init__(self, connection: Any) -> None:
        self._own = connection
        self.without = ""
        """Optimizers that its statements are usually planned without."""

    def execute(self, sql: str, parameters: Any = None) -> Any:
        """One or several statements, and the parameters of the last of them."""
        *before, last = self._parsed(sql)
        for statement in before:
            self._own.execute(statement)
        return self._own.execute(last, parameters)

    def _parsed(self, sql: str) -> list[Any]:
        """A text in; its statements out."""
        known = _kept_sql.get(sql)
        if known is None:
            known = _kept_sql[sql] = self._own.extract_statements(sql)
            if len(_kept_sql) > MOST_KEPT:
                del _kept_sql[next(iter(_kept_sql))]
        return known

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)
