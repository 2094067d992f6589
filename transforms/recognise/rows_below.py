"""Questions about every row below a header, which the first rows of a long file cannot answer for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from config.documents import RawTable
from transforms.shape import Header


class Filled:
    """The headers with a value in some row below them; all of them where there is no row. A file is asked but once."""

    def __init__(self, raw: RawTable, header: Header) -> None:
        self._raw, self._header = raw, header
        self._has_value = cache(self._has)

    def __contains__(self, name: str) -> bool:
        return self._has_value(name) or not any(self._has_value(other) for other in self._header.names if other)

    def _has(self, name: str) -> bool:
        return name in self._header.names and has_value(self._raw, self._header, self._header.names.index(name))


def likeliest(find: Callable[[Sequence[str]], str | None], free: Sequence[str], filled: Filled) -> str | None:
    """How to choose among headers, and those free; the best that has a value: an empty column is nobody's new name."""
    left = list(free)
    while (name := find(left)) is not None and name not in filled:
        left.remove(name)
    return name


def has_value(raw: RawTable, header: Header, place: int) -> bool:
    """Whether some row has a text in the column at this place."""
    if any(_cell(row, place) for row in _at_hand(raw, header)):
        return True
    return raw.beyond is not None and raw.beyond.has_value(place, header.first_data_row)


def differ(raw: RawTable, header: Header, one: int, other: int) -> bool:
    """Whether some row has a text in the column `other` that is not what stands in `one`."""
    if any(_cell(row, other) not in ("", _cell(row, one)) for row in _at_hand(raw, header)):
        return True
    return raw.beyond is not None and raw.beyond.differ(one, other, header.first_data_row)


def texts(raw: RawTable, header: Header, place: int) -> Iterable[str]:
    """The texts of a column, some of them more than once."""
    yield from filter(None, (_cell(row, place) for row in _at_hand(raw, header)))
    if raw.beyond is not None:
        yield from map(str.strip, raw.beyond.texts(place, header.first_data_row))


def _at_hand(raw: RawTable, header: Header) -> Sequence[Sequence[str]]:
    return (raw.rows or raw.head)[header.first_data_row :]


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""
