"""A ZIP of exports → the tables of every member; which member it was stays known, because it may be the status."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.kind import kind_of
from connectors.files.table import MEGABYTE, Kind, Opened
from connectors.files.zip_guard import BROKEN, guard

CHUNK_BYTES = 1024 * 1024
TABLES = frozenset({".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".xlsb", ".htm", ".html", ".xml", ".json", ""})


def read_zip(file: Opened, read_member: Callable[[Opened], list[RawTable]]) -> list[RawTable]:
    """An archive in; the tables of its members, in order of name, out. Members are unpacked into the scratch folder.

    Raises SourceError for bombs, names that lead outside, archives inside archives, and if no member is a table.
    """
    members = [member for member in guard(file.path, file.name, file.limits) if _is_table(member.filename)]
    tables: list[RawTable] = []
    left = file.limits.max_unpacked_bytes
    folder = Path(mkdtemp(prefix="zip-", dir=file.scratch))
    with zipfile.ZipFile(file.path) as archive:
        for number, (member, shown) in enumerate(sorted(((m, _name(m)) for m in members), key=lambda pair: pair[1])):
            path = folder / f"{number}"
            left -= _unpack(archive, member, path, file, left)
            tables += _read(
                replace(file, path=path, name=f"{file.name}!{shown}", member=PurePosixPath(shown).name), read_member
            )
    if not tables:
        raise SourceError("files.empty_archive", file=file.name)
    return tables


def _read(member: Opened, read_member: Callable[[Opened], list[RawTable]]) -> list[RawTable]:
    if member.path.stat().st_size == 0:
        member.path.unlink()
        return []
    if kind_of(member.path, member.name) == Kind.ZIP:
        raise SourceError("files.nested_archive", file=member.name)
    tables = read_member(member)
    if all(table.dialect is None or table.dialect.path != member.path for table in tables):
        member.path.unlink()
    return tables


def _is_table(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in path.parts)
    return not hidden and (path.suffix.casefold() in TABLES or path.suffix.casefold() == ".zip")


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; Windows archivers write it in cp866 without saying so, and zipfile takes that for cp437."""
    name = member.filename.replace("\\", "/")
    if member.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("cp866")
    except UnicodeError:
        return name


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, file: Opened, left: int) -> int:
    """Write a member to a path, counting: what an archive says of its sizes may be a lie."""
    written = 0
    try:
        with archive.open(member) as source, path.open("wb") as target:
            while chunk := source.read(CHUNK_BYTES):
                written += len(chunk)
                if written > left:
                    raise SourceError(
                        "files.too_big_unpacked",
                        file=file.name,
                        size_mb=written // MEGABYTE,
                        most_mb=file.limits.max_unpacked_bytes // MEGABYTE,
                    )
                target.write(chunk)
    except BROKEN as error:
        raise SourceError("files.broken_archive", file=file.name, problem=str(error)) from error
    return written
