"""The storage of an engine: a folder of a disk, or one of an S3 bucket, which is used as if it were one.

A client has a folder of its own there: `rows`, as long as an engine keeps them, and `run` while a run lasts.

Who may use the bucket, and where it is, stands in the environment, as ever with S3 (`AWS_ACCESS_KEY_ID`,
`AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT_URL`).
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import duckdb

from config.client import Engine, is_bucket
from config.errors import ConfigError, TargetError

PROTOCOL = "s3"
"""Under which DuckDB knows buckets, `s3a://` too."""
STORAGE = "storage"
"""The folder of the data in which an engine of this computer finds rows."""


def rows_folder(engine: Engine, data: Path) -> Path | None:
    """Where rows of a client are kept for an engine; None without one."""
    return storage_of(engine, data) / "rows" if engine.spark else None


def run_folder(engine: Engine, data: Path) -> Path:
    """Where the engine and a client's run meet, there only while it runs; what a killed run left are rows of people."""
    return storage_of(engine, data) / "run"


def storage_of(engine: Engine, data: Path) -> Path:
    """The folder of a client where its workers look; without a storage of their own they look in its data."""
    return own_folder(folder(engine.storage) if engine.storage else data / STORAGE, data)


def own_folder(base: Path, data: Path) -> Path:
    """Where all workers look, and a client's data folder, in; the folder there that is this client's alone, out."""
    return base.absolute() / f"svodka-{hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:12]}"


def make_folders(engine: Engine, data: Path) -> None:
    """Make what a client needs there; a storage that is not there is not made: it would be one of this computer alone.

    Raises TargetError.
    """
    own = storage_of(engine, data)
    with worded(own.parent):
        for needed in ([] if engine.storage else [data, own.parent]) + [own, own / "rows"]:
            needed.mkdir(exist_ok=True)


def drop_storage(engine: Engine, data: Path) -> None:
    """Remove all that a client has there, its rows too: of a copy of its data that is gone."""
    if engine.spark:
        remove(storage_of(engine, data))


def folder(written: str | Path) -> Path:
    """What `storage:` names, or a path inside of it that was written down, in; that path out."""
    if not is_bucket(written):
        return Path(written)
    from upath import UPath

    # another machine may have written since a folder was listed
    return cast(Path, UPath(str(written), use_listings_cache=False))


def let_see(connection: Any, seen: str | Path) -> None:
    """A connection reads and writes a path that is in a bucket as it does any other."""
    if is_bucket(seen) and PROTOCOL not in connection.list_filesystems():
        from connectors.warehouse.store.bucket import Bucket

        connection.register_filesystem(Bucket())


def make_folder(path: Path) -> None:
    """A folder there, whose parent is; a bucket has none, only files with long names."""
    if not is_bucket(path):
        path.mkdir(exist_ok=True)


def files_in(path: Path) -> list[str]:
    """All files in a folder and in those inside of it, their order the same every time; none if it is not there."""
    if is_bucket(path):
        shared = cast(Any, path)
        return [f"{path}{one.removeprefix(shared.path)}" for one in shared.fs.find(shared.path)]
    return sorted(str(one) for one in path.rglob("*") if one.is_file())


def remove_files(paths: Sequence[str]) -> None:
    """Some files of one disk or bucket, all at once."""
    if paths and is_bucket(paths[0]):
        cast(Any, folder(paths[0])).fs.rm(list(paths))
        return
    for one in paths:
        Path(one).unlink()


def remove_empty(path: Path) -> None:
    """The folders there in which nothing is left."""
    for inside in () if is_bucket(path) else list(path.glob("*")):
        if not any(inside.glob("*")):
            remove(inside)


def remove(path: Path) -> None:
    """All that is there, if anything is. Raises TargetError if a bucket does not answer."""
    if is_bucket(path):
        shared = cast(Any, path)
        with worded(path), suppress(FileNotFoundError):
            shared.fs.rm(shared.path, recursive=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


def lend(path: Path, place: Path) -> Path:
    """A file of this computer, and where it is put if others look in a bucket; where they find it out.

    Raises TargetError.
    """
    if not is_bucket(place):
        return path
    shared = cast(Any, place)
    with worded(place):
        shared.fs.put_file(str(path), shared.path)
    return place


def borrow(lent: Path, copy: Path) -> Path:
    """What `lend` gave, and where a copy may stand, in; a file of this computer out. Raises TargetError."""
    if not is_bucket(lent):
        return lent
    shared = cast(Any, lent)
    with worded(lent):
        copy.parent.mkdir(parents=True)
        shared.fs.get_file(shared.path, str(copy))
    return copy


@contextmanager
def opened(lent: Path) -> Iterator[BinaryIO]:
    """What `lend` gave in; a file of which no more is fetched than is read, out. Raises TargetError."""
    if not is_bucket(lent):
        with lent.open("rb") as file:
            yield file
        return
    shared = cast(Any, lent)
    with worded(lent), shared.fs.open(shared.path, "rb", cache_type="none") as file:
        yield file


def check_open(path: Path) -> None:
    """Raise ConfigError for a folder that is not there or takes nothing, TargetError for such a bucket."""
    if is_bucket(path):
        with worded(path):
            (path / "svodka").write_bytes(b"")
            remove_files([str(path / "svodka")])
    elif not os.access(path, os.W_OK | os.X_OK):
        raise ConfigError("engine.no_storage", storage=path)


@contextmanager
def worded(storage: Path) -> Iterator[None]:
    """Whatever the disk or the bucket of the storage raises inside becomes a TargetError that says what to do."""
    caught: tuple[type[Exception], ...] = (OSError, duckdb.IOException, *_of_buckets(storage))
    try:
        yield
    except caught as error:
        raise TargetError("engine.storage", storage=storage, problem=_problem(error)) from error
    except duckdb.Error as error:
        if type(error) is not duckdb.Error:
            raise
        raise TargetError("engine.storage", storage=storage, problem=problem_of_bucket(error)) from error


def _of_buckets(storage: Path) -> tuple[type[Exception], ...]:
    if not is_bucket(storage):
        return ()
    from botocore.exceptions import BotoCoreError

    return (BotoCoreError,)


def _problem(error: Exception) -> str:
    return getattr(error, "strerror", None) or (str(error) or type(error).__name__).splitlines()[0][:200]


def problem_of_bucket(error: duckdb.Error) -> str:
    """What a bucket raised while DuckDB asked it, in which case DuckDB gives the traceback as its words."""
    return str(error).split("\n\nLINE ")[0].strip().splitlines()[-1][:200]
