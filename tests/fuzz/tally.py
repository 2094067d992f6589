"""What became of many cases, counted; passed between processes as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """What became of the cases so far."""

    outcomes: dict[str, int] = field(default_factory=dict)
    """`loaded`, `failed`, or the key of the refusal → how many."""
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    """Of each failure: the case, what went wrong, the file to replay it by."""
    slowest_seconds: float = 0.0
    """Of the processor, for one case."""
    whole: int = 0
    """Cases that took part in whole runs."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Tally:
        """What `vars` made of a tally in; the tally out."""
        failures = [(case, problem, path) for case, problem, path in values["failures"]]
        return cls(values["outcomes"], failures, values["slowest_seconds"], values["whole"])

    @property
    def cases(self) -> int:
        """How many cases were tried."""
        return sum(self.outcomes.values())

    def add(self, other: Tally) -> None:
        """Count another tally's cases too."""
        self.outcomes = dict(Counter(self.outcomes) + Counter(other.outcomes))
        self.failures += other.failures
        self.slowest_seconds = max(self.slowest_seconds, other.slowest_seconds)
        self.whole += other.whole
