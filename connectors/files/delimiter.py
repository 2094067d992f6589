"""The first lines of a text table → what separates its cells, and whether an Excel `sep=` line says so."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

DELIMITERS = (";", "\t", ",", "|")
SAMPLE_RECORDS = 60


@dataclass(frozen=True)
class Separation:
    """How the cells of a text table are separated."""

    delimiter: str
    has_sep_line: bool
    """The first record is `sep=;`, which is no row of the table but counts as one to a person."""


def separation_of(text: str) -> Separation:
    """The beginning of a text in; the delimiter that gives most records one, greatest, number of cells out.

    An Excel `sep=` line decides alone.
    """
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip().strip('"')
    if first[:4].casefold() == "sep=" and len(first) in (4, 5):
        return Separation(first[4:] or "\t", True)
    return Separation(max(DELIMITERS, key=lambda delimiter: _evenness(text, delimiter)), False)


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """How many records agree on one width above a single cell, weighed a little by that width."""
    widths = Counter(width for width in _widths(text, delimiter) if width > 1)
    if not widths:
        return 0.0, 0
    width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
    return agreeing * min(width, 6) ** 0.5, width


def _widths(text: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for record in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
            if record:
                widths.append(len(record))
            if len(widths) >= SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return widths
