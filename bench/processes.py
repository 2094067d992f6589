"""A command and all the processes it begins → their processor seconds and the most memory they had together (Linux)."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
LOOKS_SECONDS = 0.2
TICKS = os.sysconf("SC_CLK_TCK")


class Watched:
    """A command that runs, and whatever it began, in whatever session."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.peak_mib = 0.0
        """Proportional: pages that several processes share count once."""

    def cpu_seconds(self) -> float:
        """What all have used till now, those that ended too."""
        _reap(self.process.pid)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime + sum(_used(pid) for pid in _descendants())

    def look(self) -> None:
        """How much memory all have at this moment."""
        self.peak_mib = max(self.peak_mib, sum(_held(pid) for pid in _descendants()) / 1024)


@contextmanager
def watched(command: Sequence[str], environment: dict[str, str], log: Path) -> Iterator[Watched]:
    """A command in, running while the block does; its memory is looked at five times a second. What it says is logged."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # those whose parent ended are ours to count
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, env=environment)
    one, is_over = Watched(process), threading.Event()
    watching = threading.Thread(target=lambda: [one.look() for _ in iter(lambda: is_over.wait(LOOKS_SECONDS), True)])
    watching.start()
    try:
        yield one
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)
        is_over.set()
        watching.join()
        _reap(process.pid)


def _descendants() -> list[int]:
    """Every process that lives because of this one."""
    parents = {int(entry.name): _parent(entry) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
    found, waiting = list[int](), [os.getpid()]
    while waiting:
        of = waiting.pop()
        children = [pid for pid, parent in parents.items() if parent == of]
        found += children
        waiting += children
    return found


def _stat(pid: int | str) -> list[str]:
    """`/proc/PID/stat` from the state on; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(entry: Path) -> int:
    said = _stat(entry.name)
    return int(said[1]) if said else 0


def _used(pid: int) -> float:
    said = _stat(pid)
    return sum(map(int, said[11:15])) / TICKS if said else 0.0  # utime, stime, and those of children it waited for


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _reap(but: int) -> None:
    """Those that were left to us and have ended are counted among the ended; the command itself is another's to wait for."""
    for pid in _descendants():
        said = _stat(pid)
        if pid != but and said and said[0] == "Z" and int(said[1]) == os.getpid():
            os.waitpid(pid, os.WNOHANG)
