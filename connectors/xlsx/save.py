"""Bytes onto disk in one step: a reader sees the former file or the new one, never a part."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from config.errors import TargetError

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
    return TargetError("xlsx.failed", file=path.name, problem=error.strerror or type(error).__name__)
