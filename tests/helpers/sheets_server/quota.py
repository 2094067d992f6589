"""Quotas: reads and writes of each user and of the project in each minute of the clock."""

from __future__ import annotations

from collections import Counter

from .clock import Clock
from .errors import over_quota

PER_USER = 60  # developers.google.com/sheets/api/limits
PER_PROJECT = 300


class Quota:
    """Counts requests by the minute; refuses beyond the limits when it is enforced."""

    def __init__(self, clock: Clock, enforced: bool, project: str = "123456789012") -> None:
        self.clock = clock
        self.enforced = enforced
        self.project = project
        self.per_user = PER_USER
        self.per_project = PER_PROJECT
        self.used: Counter[tuple[str, str]] = Counter()
        self._minute = -1

    def spend(self, user: str, kind: str) -> None:
        """Counts one 'Read' or 'Write' of a user. Raises ApiError 429; a refused request does not count."""
        minute = int(self.clock.now() // 60)
        if minute != self._minute:
            self._minute = minute
            self.used.clear()
        if self.enforced:
            if self.used[user, kind] >= self.per_user:
                raise over_quota(kind, self.project)
            if self.used["", kind] >= self.per_project:
                raise over_quota(kind, self.project, "minute")
        self.used[user, kind] += 1
        self.used["", kind] += 1
