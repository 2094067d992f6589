"""Header text as found → the one spelling under which headers are compared."""

from __future__ import annotations

import re
from functools import lru_cache

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f\u200b\ufeff]+")
NUMBER = re.compile(r"(?<=.)#\d+$", re.DOTALL)
COMMA = re.compile(r"\s*,\s*")
PSEUDO_HEADERS = ("@file", "@tab", "@member")
"""Facts about a row's place that may be mapped like headers: bare file name, tab, member of an archive."""


@lru_cache(maxsize=8192)
def fold(header: str) -> str:
    """A header as found in; trimmed, case-folded, ё as е, one kind of space and comma, no underscores out."""
    plain = SPACES.sub(" ", header.strip("\ufeff")).strip().casefold().replace("ё", "е").replace("_", "")
    return COMMA.sub(", ", plain)


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
