"""A bound on one piece of work, in the processor's seconds: a busy machine is no hang."""

from __future__ import annotations

import faulthandler
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

MOST_SECONDS = 5.0
LOST_SECONDS = 120
"""After so long by the clock the process is taken to be lost in foreign code, shows where it is, and ends."""


class TooLong(BaseException):
    """Work that did not end in time; nothing that catches Exception may swallow it."""


@contextmanager
def at_most(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Raise TooLong inside once this process has worked so long."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _raise)
    faulthandler.dump_traceback_later(LOST_SECONDS, exit=True)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        faulthandler.cancel_dump_traceback_later()


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise TooLong
