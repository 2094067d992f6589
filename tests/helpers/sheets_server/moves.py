"""Where rows or columns go: a position or a span before in, where it is afterwards (None: gone) out."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class Insert:
    """`count` lines come in before line `at`."""

    at: int
    count: int

    def point(self, place: int) -> int | None:
        """Where a line is afterwards."""
        return place + self.count if place >= self.at else place

    def span(self, start: int, end: int) -> Span | None:
        """Where a span is afterwards: it widens when lines come in inside it."""
        return (
            start + self.count if start >= self.at else start,
            end + self.count if end > self.at else end,
        )


@dataclass(frozen=True)
class Delete:
    """Lines from `start` to before `end` go away."""

    start: int
    end: int

    def point(self, place: int) -> int | None:
        """Where a line is afterwards, None if it is gone."""
        if place < self.start:
            return place
        return None if place < self.end else place - (self.end - self.start)

    def span(self, start: int, end: int) -> Span | None:
        """Where a span is afterwards, None if nothing of it is left."""
        new_start, new_end = self.edge(start), self.edge(end)
        return (new_start, new_end) if new_start < new_end else None

    def edge(self, place: int) -> int:
        """Where the edge before a line is afterwards."""
        return place if place <= self.start else max(self.start, place - (self.end - self.start))


@dataclass(frozen=True)
class Move:
    """Lines from `start` to before `end` go before line `to`, counted as before the move."""

    start: int
    end: int
    to: int

    @property
    def count(self) -> int:
        """How many lines move."""
        return self.end - self.start

    def point(self, place: int) -> int | None:
        """Where a line is afterwards."""
        if self.start <= place < self.end:
            return place - self.start + (self.to if self.to <= self.start else self.to - self.count)
        if self.to <= place < self.start:
            return place + self.count
        if self.end <= place < self.to:
            return place - self.count
        return place

    def span(self, start: int, end: int) -> Span | None:
        """Where a span is afterwards: as a whole if its lines stay together, else what a cut and an insert leave."""
        places = sorted(self.point(place) or 0 for place in (start, end - 1, *self.edges(start, end)))
        if places[-1] - places[0] == end - start - 1:
            return places[0], places[-1] + 1
        left = Delete(self.start, self.end).span(start, end)
        at = self.to if self.to <= self.start else self.to - self.count
        return Insert(at, self.count).span(*left) if left else None

    def edges(self, start: int, end: int) -> list[int]:
        """The lines of a span beside which the move cuts."""
        cuts = (self.start - 1, self.start, self.end - 1, self.end, self.to - 1, self.to)
        return [place for place in cuts if start <= place < end]


Change = Insert | Delete | Move
