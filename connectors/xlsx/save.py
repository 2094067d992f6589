"""Bytes onto disk in one step: a reader sees the former file or the new one, never a part."""

import errno
import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

from config.errors import TargetError
from config.messages import DEFAULT_LANGUAGE, Language, message

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NOT_ALLOWED = {errno.EACCES, errno.EROFS, errno.EPERM}


def replace_file(path: Path, content: bytes) -> str:
    """Path and content in, the content's hash out. Raises TargetError in words; the former file then stands."""
    if path.is_dir():
        raise TargetError("xlsx.not_a_file", file=path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
    except OSError as error:
        raise _in_words(path, error) from error
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written.chmod(0o644)
        written.replace(path)
        _sync_folder(path.parent)
    finally:
        written.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    # a rename is durable once its folder is; Windows has no such handle and needs none
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _in_words(path: Path, error: OSError) -> TargetError:
    if error.errno in NO_ROOM:
        return TargetError("xlsx.disk_full", file=path.name)
    if isinstance(error, PermissionError) and os.name == "nt" and path.exists():
        return TargetError("xlsx.locked", file=path.name)
    if error.errno in NOT_ALLOWED:
        return TargetError("xlsx.read_only", file=path.name)
    return TargetError("xlsx.failed", file=path.name, problem=error)


# A workbook that somebody edited is kept beside the new one, never lost.

BLOCK = 1 << 20


def keep_edited(path: Path, last_hash: str | None, day: date, language: Language = DEFAULT_LANGUAGE) -> Path | None:
    """The workbook's path, the hash of the one we last wrote and the day in; where the edited one was kept out.

    None if there is no workbook or it is ours untouched. Kept as `Сводка (правки 2026-09-21).xlsx`, numbered if
    that name is taken by another content. The original stays in place until `replace_file` replaces it.
    """
    if not path.is_file():
        return None
    found = file_hash(path)
    if found == last_hash:
        return None
    try:
        return _keep(path, found, day, language)
    except OSError as error:
        raise TargetError("xlsx.failed", file=path.name, problem=error) from error


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _keep(path: Path, found: str, day: date, language: Language) -> Path:
    number = 1
    while True:
        ending = "" if number == 1 else f" {number}"
        kept = path.with_name(f"{path.stem} ({message('xlsx.edits', language)} {day.isoformat()}{ending}){path.suffix}")
        if not kept.exists():
            replace_file(kept, path.read_bytes())
            return kept
        if file_hash(kept) == found:
            return kept
        number += 1
