"""The first rows of a table → what is usual in each of its columns, also those that nothing reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from config.client import SourceConfig
from config.draft import Neighbour, Usual
from transforms.recognise import Recognised
from transforms.shape import data_rows, usual_kind
from transforms.staging.clocks import sample, unused

FEWEST, LOOKED_AT = 10, 60
"""Of rows: fewer show no usage, and more no other."""


def neighbours(recognised: Recognised, source: SourceConfig) -> dict[str, Neighbour]:
    """A table in; its headings that nothing reads, and that hold several words, out."""
    return dict(_neighbours(recognised, source))


def _neighbours(recognised: Recognised, source: SourceConfig) -> Iterator[tuple[str, Neighbour]]:
    rows = len((recognised.raw.rows or recognised.raw.head)[recognised.shape.first_row :][:40])
    for header in unused(recognised, source):
        texts = Counter(sample(header, recognised))
        words = {text: times for text, times in texts.items() if any(map(str.isalpha, text))}
        if rows >= FEWEST and len(words) > 1:
            is_few = len(texts) * 2 <= texts.total()
            repeated = {word for word, times in words.items() if times > 1} if is_few else ()
            yield header, Neighbour({word: times / rows for word, times in words.items()}, repeated)


def usual(recognised: Recognised, kind_of: Callable[[str], str]) -> list[Usual]:
    """A table and how the kind of a cell is told in; what is usual in each place, up to the last heading, out."""
    raw, shape = recognised.raw, recognised.shape
    if raw.rows is None:
        rows = [cells for place, cells in enumerate(raw.head) if place >= shape.first_row and place not in raw.odd_rows]
    else:
        rows = [list(cells) for _, cells in islice(data_rows(raw, shape), LOOKED_AT)]
    found = []
    for place in range(shape.headings):
        kinds = [kind_of(row[place]) if place < len(row) else "" for row in rows]
        is_full = len(rows) >= FEWEST and sum(map(bool, kinds)) * 10 >= len(rows) * 9
        found.append(Usual(shape.headers[place], usual_kind(kinds), is_full))
    return found
