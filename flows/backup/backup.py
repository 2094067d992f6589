"""A client's folder → one file that it can be rebuilt from on another machine; and such a file → a folder."""

import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from config.errors import ConfigError, SourceError, TargetError
from config.folder.load import CLIENT_FILE, load_client
from config.settings import now, own_version
from flows.run.lock import one_run

ABOUT = "svodka-backup.json"
"""First in the file: what it is, and of which version."""
OF_THE_MOMENT = frozenset(
    {
        "run.lock",
        "serve.lock",
        "corrections.lock",
        "nights.json.lock",
        "published.duckdb",
        "published.duckdb.wal",
        "before.duckdb",
        "undone.duckdb",
    }
)
"""Files of `data/` that mean nothing on another machine or are made again."""
PASSING = (".new", ".tmp", ".rewritten")


@dataclass(frozen=True)
class BackedUp:
    """What went into the file."""

    files: int
    bytes: int
    outside: tuple[str, ...] = ()
    """Places named in svodka.yaml that lie outside the folder, and so are not in the file."""


def back_up(folder: Path, target: Path) -> BackedUp:
    """A client's folder and a file to be in; what went into it out. The file appears whole or not at all.

    No run begins meanwhile. Raises Busy while one is under way, TargetError where the file cannot be written.
    """
    loaded = load_client(folder)
    fresh = target.with_name(target.name + ".new")
    with one_run(loaded.data, now()):
        try:
            files = list(_files(loaded.folder, {target.absolute(), fresh.absolute()}))
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                archive.writestr(ABOUT, json.dumps({"version": own_version(), "client": loaded.client.client}))
                for path in files:
                    archive.write(path, path.relative_to(loaded.folder).as_posix())
            _check(fresh)
            fresh.replace(target)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise TargetError("cli.backup_not_written", file=target, problem=error) from error
    return BackedUp(len(files), target.stat().st_size, tuple(_outside(loaded.folder)))


def rebuild(folder: Path, source: Path) -> int:
    """An empty or missing folder and a backup in; how many files were put there out. All of them, or none.

    Raises ConfigError for a folder with files in it, SourceError for a file that is no backup or is damaged.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError("cli.backup_folder_not_empty", folder=folder)
    building = folder.with_name(f"{folder.name}.new")
    try:
        with zipfile.ZipFile(source) as archive:
            names = _names(archive, source)
            building.mkdir(parents=True)
            for name in names:
                archive.extract(name, building)
        if folder.exists():
            folder.rmdir()
        building.replace(folder)
    except (zipfile.BadZipFile, EOFError) as error:
        _remove(building)
        raise SourceError("cli.backup_damaged", file=source) from error
    except OSError as error:
        _remove(building)
        raise TargetError("cli.backup_not_written", file=folder, problem=error) from error
    return len(names)


def _names(archive: zipfile.ZipFile, source: Path) -> list[str]:
    """The files of a backup, each to lie inside the folder; its own first entry aside."""
    names = archive.namelist()
    if ABOUT not in names or CLIENT_FILE not in names or any(map(_leaves, names)):
        raise SourceError("cli.backup_foreign", file=source)
    return [name for name in names if name != ABOUT]


def _leaves(name: str) -> bool:
    place = PurePosixPath(name)
    return place.is_absolute() or ".." in place.parts or "\\" in name or ":" in name


def _files(folder: Path, left_out: set[Path]) -> Iterator[Path]:
    """Every file of the folder that is the client's; links are followed where they stay inside."""
    for path in sorted(folder.rglob("*")):
        is_passing = path.parent.name == "data" and (path.name in OF_THE_MOMENT or path.name.endswith(PASSING))
        if path.is_file() and not is_passing and path.absolute() not in left_out and not _is_scratch(path, folder):
            yield path


def _is_scratch(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return len(parts) > 2 and parts[0] == "data" and (parts[1] == "scratch" or parts[1].startswith("load-"))


def _check(path: Path) -> None:
    """Read what was written: a backup that does not open is worse than none."""
    with zipfile.ZipFile(path) as archive:
        if (bad := archive.testzip()) is not None:
            raise OSError(f"{bad}: CRC")
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _outside(folder: Path) -> Iterator[str]:
    """Files of sources that a link or an allowed root brings from elsewhere."""
    loaded = load_client(folder)
    for source in loaded.client.sources.values():
        for pattern in source.files:
            if PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts:
                yield pattern


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
