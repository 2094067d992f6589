"""Figures that a plan or an experiment asks for: of which run, by which grain, over which days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Planned:
    """A figure and the grain at which a plan sets it."""

    grain: str
    metric: str
    """`table.column`."""


@dataclass(frozen=True)
class Tried:
    """A change that somebody made, and the figure by which it is judged."""

    name: str
    metric: str
    changed_on: date
    days: int


@dataclass(frozen=True)
class Window:
    """Days that are looked at as if they were a period, both included; its label stands for the grain."""

    label: str
    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True)
class AskedRun:
    """Some metric tables as they would be in a run of another day, by some grains and over some windows."""

    as_of: date
    metrics: frozenset[str]
    grains: tuple[str, ...]
    windows: tuple[Window, ...] = ()
    needs_money: bool = False
    """Whether the money of the windows is asked for as well."""
    tables: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """The tables follow from the figures."""
        object.__setattr__(self, "tables", frozenset(metric.partition(".")[0] for metric in self.metrics))
