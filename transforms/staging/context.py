"""What staging must know beside the file and its source: the client's zone, dictionaries, lists and rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.draft import Naming


@dataclass(frozen=True)
class StagingContext:
    """Facts of the client that hold for every file of a run."""

    timezone: str
    names: Mapping[str, Naming] = field(default_factory=dict)
    """`channels`, `managers` → its dictionary."""
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Path as written under `exclude:` → the texts of that file's first column."""
    rates: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    """`rates_key` of a source → rows of text: day, currency, roubles for one unit."""
