"""What is usual in each place of a table's rows → whether a row fits only if its cells are pushed back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from config.draft import Usual

FEWEST_WRONG = 2
"""Cells of a row that stand under wrong headings: one may be meant so."""


@dataclass(frozen=True)
class Places:
    """The places of a table's rows."""

    usual: Sequence[Usual]
    keys: Sequence[str | None]
    """What a place is called in the next two, None where nothing is known of its words."""
    belongs: Mapping[str, Collection[str]]
    """Where → the words that are at home there."""
    owner: Mapping[str, str]
    """Word → where it is at home, and nowhere else."""
    kind_of: Callable[[str], str]

    def is_pushed(self, row: Sequence[str]) -> bool:
        """Whether cells of a row changed places, or one was lost or put in, and a blank one made up for it."""
        cells = [*(cell.strip() for cell in row), *[""] * len(self.usual)][: len(self.usual)]
        wrong = [place for place, cell in enumerate(cells) if self._is_wrong(place, cell)]
        if len(wrong) < FEWEST_WRONG:
            return False
        first, last = wrong[0], wrong[-1]
        are_swapped = len(wrong) == FEWEST_WRONG and cells[first] and cells[last]
        if are_swapped and not (self._is_wrong(first, cells[last]) or self._is_wrong(last, cells[first])):
            return True
        return self._fits_right(cells, first, last) or self._fits_left(cells, first, last)

    def _is_wrong(self, place: int, cell: str) -> bool:
        usual, key = self.usual[place], self.keys[place]
        if not (kind := self.kind_of(cell)):
            return usual.is_full
        if usual.kind not in (None, kind):
            return True
        is_at_home = key is not None and cell in self.belongs[key]
        return not is_at_home and self.owner.get(cell, key) != key

    def _fits_right(self, cells: Sequence[str], first: int, last: int) -> bool:
        """A cell was lost at the first place, and a blank one stands behind what moved up."""
        end = next((place for place in range(last, len(cells)) if not self.kind_of(cells[place])), first)
        return end > first and not any(self._is_wrong(place + 1, cells[place]) for place in range(first, end))

    def _fits_left(self, cells: Sequence[str], first: int, last: int) -> bool:
        """A cell was put in at the first place, and what moved on took the last one, whatever had stood there."""
        return not any(self._is_wrong(place, cells[place + 1]) for place in range(first, last))
