"""The DuckDB file itself: opened, copied for readers, closed; DuckDB's own errors become ours here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from config.errors import SvodkaError, TargetError

DATABASE, PUBLISHED, SCRATCH = "svodka.duckdb", "published.duckdb", "scratch"
NO_ROOM = ("No space left", "Could not write file", "max_temp_directory_size", "failed to offload")
"""How DuckDB says that the disk takes no more."""
MEMORY_LIMIT = "1000MiB"
BOUNDS = {"memory_limit": MEMORY_LIMIT, "max_temp_directory_size": "200GiB"}


@contextmanager
def worded(path: Path) -> Iterator[None]:
    """Whatever DuckDB or the disk raises inside becomes a TargetError that says what to do."""
    try:
        yield
    except duckdb.Error as error:
        raise translated(path, error) from error
    except OSError as error:
        raise TargetError("warehouse.disk", file=path.name, problem=error.strerror or str(error)) from error


def translated(path: Path, error: duckdb.Error) -> SvodkaError:
    """An error of DuckDB in; ours out, or the same if it is a mistake of ours."""
    text = str(error)
    if any(sign in text for sign in NO_ROOM):
        return TargetError("warehouse.disk_full", file=path.name)
    if "Could not set lock" in text or "Conflicting lock" in text:
        return TargetError("warehouse.locked", file=path.name)
    if "version number" in text:
        return TargetError("warehouse.newer_engine", file=path.name)
    if isinstance(error, duckdb.OutOfMemoryException):
        return TargetError("warehouse.memory", file=path.name, limit=MEMORY_LIMIT)
    if isinstance(error, duckdb.IOException | duckdb.SerializationException | duckdb.FatalException):
        return TargetError("warehouse.damaged", file=path.name, problem=text.splitlines()[0][:200])
    raise error


def connect(data: Path) -> Any:
    """The data folder in; a connection that may write, its memory bounded, its spills inside the folder, out."""
    path = data / DATABASE
    with worded(path):
        data.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size and not is_duckdb(path):
            raise TargetError("warehouse.foreign", file=path.name)
        if not path.exists():
            _make(path)
        return _bounded(path)


def connect_for_once(data: Path) -> Any:
    """An empty data folder in; the same to a database that nobody opens again, so its end need not be written."""
    path = data / DATABASE
    with worded(path):
        connection = _bounded(path)
        connection.execute("pragma disable_checkpoint_on_shutdown")
        return connection


def _bounded(path: Path) -> Any:
    connection = duckdb.connect(str(path), config={**BOUNDS, "temp_directory": str(path.parent / SCRATCH)})
    connection.execute("set preserve_insertion_order = true")
    return connection


def _make(path: Path) -> None:
    """An empty database appears whole or not at all: half of a first block could never be opened again."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    duckdb.connect(str(fresh)).close()
    fresh.replace(path)


def is_duckdb(path: Path) -> bool:
    """Whether a file begins as a DuckDB database does."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def publish_copy(data: Path) -> None:
    """Copy the closed file for those who read during a run; the copy appears whole or not at all."""
    path, target = data / DATABASE, data / PUBLISHED
    fresh = data / (PUBLISHED + ".new")
    with worded(path):
        shutil.copyfile(path, fresh)
        (data / (PUBLISHED + ".wal")).unlink(missing_ok=True)  # a stale one would make the new file unopenable
        fresh.replace(target)


def drop_copy(data: Path) -> None:
    """Remove the copy: the file itself is complete again."""
    for name in (PUBLISHED, PUBLISHED + ".wal", PUBLISHED + ".new"):
        (data / name).unlink(missing_ok=True)
    shutil.rmtree(data / SCRATCH, ignore_errors=True)


def open_for_reading(data: Path) -> Any:
    """The data folder in; a connection that only reads: the file, or during a run its copy.

    Raises TargetError if there is no warehouse yet, or it is locked and has no copy.
    """
    path = data / DATABASE
    if not path.exists():
        raise TargetError("warehouse.none", file=path.name)
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        copy = data / PUBLISHED
        if "lock" in str(error) and copy.exists():
            with worded(copy):
                return duckdb.connect(str(copy), read_only=True)
        raise translated(path, error) from error


def sync(path: Path) -> None:
    """Force a written file to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
