"""Works done in turn, the next of them already begun in a second thread while the warehouse is busy with this one."""

import sys
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

Made = TypeVar("Made")
SWITCH_SECONDS = 0.0005
"""So soon the warehouse's answer is looked at; Python's own 5 ms would cost more than most of its statements."""


class Ahead:
    """Room for one work that is done before its turn; what it made, or raised, waits there."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._begun: tuple[Hashable, Future[Any]] | None = None

    def begin(self, key: Hashable, work: Callable[[], object]) -> None:
        """Start the work called `key`; one begun before and never asked for is forgotten."""
        self._begun = key, self._pool.submit(work)

    def result(self, key: Hashable, work: Callable[[], Made]) -> Made:
        """What the work called `key` made: waited for if it was begun, done now if not. Raises what it raised."""
        begun, self._begun = self._begun, None
        if begun is None or begun[0] != key:
            return work()
        made: Made = begun[1].result()
        return made


@contextmanager
def one_ahead() -> Iterator[Ahead]:
    """Room for one work; left when a work that is under way has ended."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        with ThreadPoolExecutor(1, "ahead") as pool:
            yield Ahead(pool)
    finally:
        sys.setswitchinterval(usual)
