"""The first rows of a table and the names it may have → the row, or two merged rows, that name its columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from config.documents import NUMBER_MARK, RawTable
from config.words import composed, of_one_alphabet

HEADER_MAY_BE_AMONG = 40
"""Rows from the top among which a header is looked for: all that are at hand of a long file."""

FEWEST_NUMBERS = 3
"""A row that counts fewer columns than these may be somebody's figures."""
MARKS = "\ue001\ue002\ue003\ue004"


@dataclass(frozen=True)
class Header:
    """The row or two rows that name the columns."""

    rows: tuple[int, ...]
    """0-based; empty if the file has no header."""
    names: tuple[str, ...]
    """One a column, unique under folding (`utm_source#2`); empty where a column has no name."""

    @property
    def first_data_row(self) -> int:
        """0-based row right below the header."""
        return self.rows[-1] + 1 if self.rows else 0

    @cached_property
    def by_folded_name(self) -> Mapping[str, str]:
        """Folded name → the name as it stands in `names`."""
        return {fold(name): name for name in self.names if name}


def find_header(raw: RawTable, known: Collection[str]) -> Header | None:
    """A table and the names its columns may have in; the row that has most of them out, None if none has any.

    Of rows that fit equally the upper one is taken, and one row before two. `Сумма#1` is the first «Сумма».
    """
    wanted = {fold(name.removesuffix("#1")) for name in known}
    best: Header | None = None
    most = 0
    for header in headers_possible(raw):
        matches = len(wanted & header.by_folded_name.keys())
        if matches > most:
            best, most = header, matches
    return best


def headers_possible(raw: RawTable) -> Sequence[Header]:
    """A table; every row among its first that could name columns, each alone and joined with the one below."""
    return _headers_of(_Head(raw.head, raw.merged))


class _Head:
    """The first rows of a table, known by being the very same: each profile looks at them anew."""

    def __init__(self, head: Sequence[Sequence[str]], merged: Sequence[tuple[int, int, int, int]]) -> None:
        self.head, self.merged = head, merged

    def __hash__(self) -> int:
        return id(self.head)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Head) and self.head is other.head and self.merged is other.merged


@lru_cache(maxsize=16)
def _headers_of(head: _Head) -> tuple[Header, ...]:
    return tuple(_headers(head))


def _headers(raw: _Head) -> Iterator[Header]:
    last = min(HEADER_MAY_BE_AMONG, len(raw.head))
    for row in range(last):
        if any(_text(cell) for cell in raw.head[row]):
            yield Header(_with_numbers(raw, row), unique(_single(raw, row)))
    for row in range(last - 1):
        joined = _joined(raw, row)
        if joined is not None:
            yield Header((row, *_with_numbers(raw, row + 1)), unique(joined))


def _with_numbers(raw: _Head, row: int) -> tuple[int, ...]:
    """The last row of a header, and the one below it if it only numbers the columns, as official forms do."""
    below = [_text(cell) for cell in raw.head[row + 1]] if row + 1 < len(raw.head) else []
    while below and not below[-1]:
        below.pop()
    is_numbers = len(below) >= FEWEST_NUMBERS and below == [str(place) for place in range(1, len(below) + 1)]
    names = [_text(cell) for cell in raw.head[row]]
    return (row, row + 1) if is_numbers and len(below) >= sum(map(bool, names)) else (row,)


def _single(raw: _Head, row: int) -> list[str]:
    """Names of a header that stands in one row; a cell merged over several columns names them all."""
    names = [_text(cell) for cell in raw.head[row]]
    for first_row, first_column, _, last_column in raw.merged:
        if first_row == row and last_column > first_column and last_column - first_column + 1 < len(names):
            names[first_column : last_column + 1] = [names[first_column]] * (last_column - first_column + 1)
    return names


def _joined(raw: _Head, row: int) -> list[str] | None:
    """Names of a header over two rows, `upper / lower`, or None if the upper row has no gaps to explain."""
    upper, lower = ([_text(cell) for cell in raw.head[index]] for index in (row, row + 1))
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    merged = [area for area in raw.merged if area[0] == row]
    has_gaps = any(not above and below for above, below in zip(upper, lower, strict=True))
    if not any(upper) or not any(lower) or not (has_gaps or merged):
        return None
    groups = _groups(raw, row, upper, lower)
    return [
        f"{group} / {below}" if group and below and group != below else group or below
        for group, below in zip(groups, lower, strict=True)
    ]


def _groups(raw: _Head, row: int, upper: list[str], lower: list[str]) -> list[str]:
    """The upper name that holds for each column: by merged cells where known, else carried to the right over gaps."""
    merged = [area for area in raw.merged if area[0] == row]
    if merged:
        groups = list(upper)
        for _, first_column, _, last_column in merged:
            groups[first_column : last_column + 1] = [upper[first_column]] * (last_column - first_column + 1)
        return groups[: len(upper)]
    groups, current = [], ""
    for above, below in zip(upper, lower, strict=True):
        current = above or (current if below else "")
        groups.append(current)
    return groups


def _text(cell: str) -> str:
    """A header cell without the mark of its type, its inner line breaks as spaces."""
    if cell.startswith(NUMBER_MARK) and cell.endswith(".0"):
        cell = cell[:-2]
    return " ".join(cell.lstrip(MARKS).split())


# Header text as found → the one spelling under which headers are compared.

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
NUMBER = re.compile(r"(?<=.)#\d+$", re.DOTALL)
COMMA = re.compile(r"\s*,\s*")
PSEUDO_HEADERS = ("@file", "@tab", "@member")
"""Facts about a row's place that may be mapped like headers: bare file name, tab, member of an archive."""


@lru_cache(maxsize=8192)
def fold(header: str) -> str:
    """A header as found in; what is compared instead out.

    Trimmed, case-folded, ё as е, one kind of space and comma; without underscores, marks that nobody sees, and Latin
    letters inside Russian words.
    """
    seen = SPACES.sub(" ", UNSEEN.sub("", composed(header))).strip()
    return COMMA.sub(", ", of_one_alphabet(seen.casefold().replace("ё", "е").replace("_", "")))


def as_found(name: str) -> str:
    """A name of `unique` in; the header as it stands in the file, without the number of a second of its kind."""
    return NUMBER.sub("", name)


def unique(headers: list[str]) -> tuple[str, ...]:
    """Headers in order; the same, the second of two that fold alike becoming `name#2`. Empty ones stay empty."""
    counts: dict[str, int] = {}
    taken = {fold(header) for header in headers}
    found: list[str] = []
    for header in headers:
        key = fold(header)
        counts[key] = counts.get(key, 0) + 1
        name = header
        while header and counts[key] > 1 and fold(name := f"{header}#{counts[key]}") in taken:
            counts[key] += 1
        taken.add(fold(name))
        found.append(name if header else "")
    return tuple(found)
