"""Several clients → all of them run, some at once, in processes that load and import once; a summary each."""

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from config.messages import Language
from config.settings import GARBAGE_AFTER, cores, now, settings
from flows.run.given.request import RunRequest
from flows.run.one_client import failed, run_folder
from flows.run.told.summary import RunSummary, remember_run
from flows.say import language, plain, say, speak

PRELOADED = ["flows.run.many", "flows.run.pipeline", "connectors.xlsx"]
"""Imported once; every process is a copy that shares these pages of memory."""
ALLOCATOR, FREED_PIECES = "GLIBC_TUNABLES", "glibc.malloc.tcache_count=2000:glibc.malloc.hugetlb=1"
"""Of each small size a thread keeps so many freed pieces, not 7: plans are made of thousands of them, in huge pages.

Only a process that begins with this in its environment heeds it, and only glibc."""
RUNS_OF_A_PROCESS = 100
"""Then another takes its place: what a library never gives back is given back with the process."""


def run_many(folders: Sequence[Path], asked: RunRequest, at_once: int | None = None) -> Iterator[RunSummary]:
    """Client folders, what is asked and how many at once (None: as many as there are cores) in; summaries out.

    They come as runs end. A process that dies costs its own client's run and no other; all of them together keep to
    the memory of one, and to the one budget of requests to Google.
    """
    size = max(1, min(at_once or cores(), len(folders)))
    waiting = deque(folders)
    with _workers(size) as workers:
        while waiting or any(one.folder for one in workers):
            for one in workers:
                if one.folder is None and waiting:
                    one.begin(waiting.popleft(), asked)
            ready = wait([one.channel for one in workers if one.folder])
            for one in workers:
                if one.channel in ready:
                    yield one.end()


@dataclass
class _Worker:
    """A process that runs one client after another, and the one that it runs now."""

    language: Language
    environment: dict[str, str]
    folder: Path | None = None
    runs: int = 0

    def __post_init__(self) -> None:
        self.channel, self.process = self._started()

    def begin(self, folder: Path, asked: RunRequest) -> None:
        """Give the process a client."""
        if self.runs >= RUNS_OF_A_PROCESS:
            self.stop()
            self.channel, self.process = self._started()
        self.folder, self.runs = folder, self.runs + 1
        try:
            self.channel.send((folder, asked))
        except OSError:  # it died while it had nothing to do: its memory was wanted elsewhere
            self.channel, self.process = self._started()
            self.runs = 1
            self.channel.send((folder, asked))

    def end(self) -> RunSummary:
        """What the process says of its client; where it died instead, that, and another process takes its place."""
        folder, self.folder = self.folder, None
        assert folder is not None  # noqa: S101 - only those that run are waited for
        try:
            summary: RunSummary = self.channel.recv()
        except (EOFError, OSError):
            self.process.join()
            summary = failed(folder, say("process_died", folder=folder, code=self.process.exitcode), 1)
            remember_run(folder / "data", summary, now())
            self.channel, self.process = self._started()
        return summary

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.channel.close()
        self.process.terminate()
        self.process.join()

    def _started(self) -> tuple[Connection, BaseProcess]:
        self.runs = 0
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.language, self.environment), daemon=True)
        with _apart():
            process.start()
        theirs.close()
        return ours, process


@contextmanager
def _apart() -> Iterator[None]:
    """A process begun meanwhile does not import the program that begins it (a whole Prefect, say): it needs none.

    Nor does it hear Ctrl+C, not even while it imports what it needs: that waits, and is for who began it.
    """
    main = sys.modules["__main__"]
    spec, file = main.__spec__, main.__dict__.pop("__file__", None)
    main.__spec__ = None
    resource_tracker.ensure_running()  # else it is begun meanwhile, and lets the signal through again
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


@contextmanager
def _workers(size: int) -> Iterator[list[_Worker]]:
    os.environ.setdefault(ALLOCATOR, FREED_PIECES)
    environment = {**os.environ, "SVODKA_MEMORY": settings().memory_share(size)}
    workers = [_Worker(language(), environment) for _ in range(size)]
    try:
        yield workers
    finally:
        for one in workers:
            one.stop()


def _work(channel: Connection, spoken: Language, environment: dict[str, str]) -> None:
    """Run what the channel names, until it is closed; Ctrl+C is for the process that gave the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(GARBAGE_AFTER)
    os.environ.clear()
    os.environ.update(environment)
    speak(spoken)
    while True:
        try:
            folder, asked = channel.recv()
        except EOFError:
            return
        channel.send(run_folder(folder, asked, plain))
