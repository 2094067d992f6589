"""Statements → a database that holds what they make, kept in the user's cache for all runs of a release."""

from __future__ import annotations

import hashlib
import tempfile
import time
from pathlib import Path

import duckdb

LONG_UNUSED = 30 * 24 * 3600
"""Seconds after which what another release keeps is taken for left behind."""
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
    for other in folder.glob(f"{name}-*.duckdb"):
        if time.time() - other.stat().st_mtime > LONG_UNUSED:
            other.unlink(missing_ok=True)
    return kept


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
