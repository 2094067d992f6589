"""One run per client at a time: a lock that says who holds it, and that a crash releases by itself."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from config.errors import Busy, TargetError

LOCK_FILE = "run.lock"


@contextmanager
def one_run(data: Path, since: datetime) -> Iterator[None]:
    """The client's data folder and the moment now; holds the lock while the block runs.

    The kernel drops the lock with the process, however it dies, so no stale lock is ever left to remove by hand.
    Raises Busy, naming the holder and since when; TargetError if the folder cannot be written.
    """
    descriptor = _opened(data)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy("cli.busy", folder=data.parent.name, **holder(data)) from error
        _write(descriptor, since, data)
        yield
    finally:
        os.close(descriptor)


def holder(data: Path) -> dict[str, str]:
    """Who wrote the lock last: pid, host, user and since when, `?` where it does not say."""
    try:
        said = json.loads((data / LOCK_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = {}
    return {name: str(said.get(name, "?")) for name in ("pid", "host", "user", "since")}


def _opened(data: Path) -> int:
    try:
        data.mkdir(parents=True, exist_ok=True)
        return os.open(data / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _not_writable(data, error) from error


def _write(descriptor: int, since: datetime, data: Path) -> None:
    said = {"pid": os.getpid(), "host": socket.gethostname(), "user": _user(), "since": f"{since:%Y-%m-%d %H:%M:%S}"}
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(said, ensure_ascii=False).encode(), 0)
    except OSError as error:
        raise _not_writable(data, error) from error


def _not_writable(data: Path, error: OSError) -> TargetError:
    return TargetError("cli.data_not_writable", path=f"{data.parent.name}/{data.name}", problem=error.strerror)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
