"""A clock that a test controls; without being touched it tells the real time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970: real ones until it is set or advanced, then it stands still between changes."""

    def __init__(self) -> None:
        self._at: float | None = None

    def now(self) -> float:
        """The moment."""
        return time.time() if self._at is None else self._at

    def set(self, moment: float | datetime) -> None:
        """Stands still at a moment from now on."""
        self._at = moment.timestamp() if isinstance(moment, datetime) else float(moment)

    def advance(self, seconds: float) -> None:
        """Goes on by some seconds."""
        self._at = self.now() + seconds

    def run(self) -> None:
        """Tells the real time again."""
        self._at = None


def rfc3339(moment: float) -> str:
    """Seconds since 1970 in, 2026-11-24T12:00:00.000Z out."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
