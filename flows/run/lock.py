"""One run per client at a time: a lock that says who holds it, and that a crash releases by itself.

Where a pool of workers runs clients, their Prefect server keeps a second lock, for folders whose disk knows none.
"""

import fcntl
import getpass
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from config.errors import Busy, TargetError
from config.settings import settings
from connectors.shared import PREFIX, shared

LOCK_FILE = "run.lock"
SERVE_LOCK_FILE = "serve.lock"
CORRECTIONS_LOCK_FILE = "corrections.lock"
CLIENT = "client"
"""Kind of the lock that one run of a client has at the server of a pool."""
LOOKS = (0.05, 0.05, 0.0)
"""Seconds between tries to take a lock."""


@contextmanager
def one_run(data: Path, since: datetime) -> Iterator[None]:
    """The client's data folder and the moment now; one run of the client while the block runs, any other is Busy."""
    with _held(data, LOCK_FILE, since, "cli.busy"), one_among_machines(CLIENT, data, data.parent.name):
        yield


@contextmanager
def one_among_machines(kind: str, place: Path, folder: str) -> Iterator[None]:
    """What is done, where, and the client's folder; no other worker of the pool does it meanwhile, or is Busy.

    Without a pool, nothing.
    """
    at = shared(settings())
    if at is None:
        yield
        return
    with at.held(limit_of(kind, place)) as is_free:
        if not is_free:
            raise Busy("cli.busy_elsewhere", folder=folder)
        yield


def limit_of(kind: str, place: Path) -> str:
    """The name under which the server of a pool keeps a lock: all machines have the folder under one path."""
    return f"{PREFIX}{kind}-{sha256(str(place.absolute()).encode()).hexdigest()[:16]}"


def one_service(data: Path, since: datetime) -> AbstractContextManager[None]:
    """The same of `svodka serve`: a client has one, however many clients each of them has."""
    return _held(data, SERVE_LOCK_FILE, since, "cli.served_already")


def one_correction(data: Path, since: datetime) -> AbstractContextManager[None]:
    """The same of those who write into the table of corrections, of which a run takes no notice."""
    return _held(data, CORRECTIONS_LOCK_FILE, since, "cli.busy")


@contextmanager
def _held(data: Path, name: str, since: datetime, busy: str) -> Iterator[None]:
    """Hold a lock of the data folder while the block runs.

    The kernel drops the lock with the process, however it dies, so no stale lock is ever left to remove by hand.
    Raises Busy, naming the holder and since when; TargetError if the folder cannot be written.
    """
    descriptor = _opened(data, name)
    try:
        if not _is_taken(descriptor):
            raise Busy(busy, folder=data.parent.name, **holder(data, name))
        _write(descriptor, since, data)
        yield
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int) -> bool:
    """Take the lock; whoever only looks whether it is free is gone in a moment."""
    for pause in LOOKS:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(pause)
        else:
            return True
    return False


@contextmanager
def no_run(data: Path) -> Iterator[None]:
    """While the block runs no run begins; not a byte of the folder is touched. Raises Busy while one is under way."""
    if not (data / LOCK_FILE).exists():
        yield
        return
    with (data / LOCK_FILE).open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy("cli.busy", folder=data.parent.name, **holder(data)) from error
        yield


def is_running(data: Path) -> bool:
    """Whether a run of the client is under way in any process."""
    try:
        with (data / LOCK_FILE).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def holder(data: Path, file: str = LOCK_FILE) -> dict[str, str]:
    """Who wrote the lock last: pid, host, user and since when, `?` where it does not say."""
    try:
        said = json.loads((data / file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = {}
    return {name: str(said.get(name, "?")) for name in ("pid", "host", "user", "since")}


def _opened(data: Path, name: str) -> int:
    try:
        data.mkdir(parents=True, exist_ok=True)
        return os.open(data / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
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
    return TargetError("cli.data_not_writable", path=f"{data.parent.name}/{data.name}", problem=error)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
