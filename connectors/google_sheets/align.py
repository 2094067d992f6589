"""What we last published and what stands in the tab now → which row on the tab is which row of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import overload

Row = Mapping[int, str]
"""Column of the document → canonical text; blank cells are absent."""
Content = Hashable

ALIKE = 0.5
"""From this share of equal cells on, a row that was edited is still the same row."""


class Rows(Sequence[Row]):
    """Rows that are made when looked at: a large tab's need not stand in memory a second time."""

    def __init__(self, contents: Sequence[Content], make: Callable[[int], Row]) -> None:
        """What each row holds as one value, equal for two rows that hold the same and empty for a blank; the rows."""
        self.contents, self._make = contents, make

    def __len__(self) -> int:
        return len(self.contents)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self._make(number) for number in range(len(self))[place]]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._make(place)


def align(published: Sequence[Row], found: Sequence[Row]) -> list[int | None]:
    """Rows as published and rows as found, top down, in; for each published row its place among the found out.

    Equal rows are paired wherever an owner moved or sorted them; an edited row is known by its neighbours or by what
    is left of it; a row that is nowhere (deleted by the owner) has None.
    """
    contents, standing = _contents(published), _contents(found)
    if contents == standing[: len(contents)]:
        return list(range(len(published)))
    places = _equal_rows(contents, standing)
    taken = {place for place in places if place is not None}
    for gap in _gaps(places):
        for number, place in _pairs(gap, places, taken, published, found):
            places[number] = place
            taken.add(place)
    return places


def _contents(rows: Sequence[Row]) -> list[Content]:
    """Rows in; what each holds as one value out."""
    return list(rows.contents) if isinstance(rows, Rows) else [tuple(sorted(row.items())) for row in rows]


def _equal_rows(published: Sequence[Content], found: Sequence[Content]) -> list[int | None]:
    """Pair the rows whose content stands once on either side."""
    where: dict[Content, list[int]] = {}
    for place, content in enumerate(found):
        where.setdefault(content, []).append(place)
    counts = Counter(published)
    return [
        where[content][0] if content and counts[content] == 1 and len(where.get(content, ())) == 1 else None
        for content in published
    ]


def _gaps(places: Sequence[int | None]) -> list[tuple[int, int]]:
    """First and last of each run of rows not yet paired."""
    gaps: list[tuple[int, int]] = []
    for number, place in enumerate(places):
        if place is None:
            if gaps and gaps[-1][1] == number - 1:
                gaps[-1] = (gaps[-1][0], number)
            else:
                gaps.append((number, number))
    return gaps


def _pairs(
    gap: tuple[int, int], places: Sequence[int | None], taken: set[int], published: Sequence[Row], found: Sequence[Row]
) -> Iterator[tuple[int, int]]:
    """A run of rows not yet paired in; each of them that is known among the free rows there, with its place, out."""
    first, last = gap
    above = -1 if first == 0 else places[first - 1]
    below = places[last + 1] if last + 1 < len(places) else None
    start = 0 if above is None else above + 1
    end = below if below is not None and below >= start else start + (last - first + 1)
    free = [place for place in range(start, end) if place not in taken]
    if len(free) == last - first + 1:
        yield from zip(range(first, last + 1), free, strict=True)
        return
    for number in range(first, last + 1):
        alike = next((place for place in free if _is_alike(published[number], _row(found, place))), None)
        if alike is not None:
            yield number, alike
            free = [other for other in free if other > alike]


def _is_alike(published: Row, found: Row) -> bool:
    """Whether two rows are both blank, or agree in enough of what was published."""
    if not published or not found:
        return not published and not found
    equal = sum(found.get(column) == text for column, text in published.items())
    return equal >= ALIKE * len(published)


def _row(found: Sequence[Row], place: int) -> Row:
    return found[place] if place < len(found) else {}
