"""What publishing remembers, kept as long as the process: for tests and the bench."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.google_sheets.known.publication import PublishedRow


@dataclass
class InMemory:
    """A `Memory` that lasts as long as the process."""

    kept: dict[str, dict[str, list[PublishedRow]]] = field(default_factory=dict)

    def recall(self, target: str) -> Mapping[str, Iterable[PublishedRow]]:
        """Target in; its publications by stamp out."""
        return self.kept.get(target, {})

    def remember(self, target: str, stamp: str, rows: Iterable[PublishedRow]) -> None:
        """Keep a publication beside the former ones."""
        self.kept.setdefault(target, {})[stamp] = list(rows)

    def settle(self, target: str, stamp: str) -> None:
        """Keep only this publication."""
        self.kept[target] = {stamp: self.kept[target][stamp]}
