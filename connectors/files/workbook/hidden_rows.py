"""Rows of an XLSX that a filter or a person has hidden → how many there are: they are read like all others."""

from __future__ import annotations

import re

SIGN = b"hidden="
OVERLAP_BYTES = 2000
"""Longer than the tag of a row."""
HIDDEN = re.compile(
    rb"""<(?:\w+:)?row\s(?=[^<>]*?\br=["'](\d{1,7})["'])(?=[^<>]*?\bhidden=["'](?:1|true)["'])[^<>]*+(?<!/)>\s*+<(?:\w+:)?c\b"""
)
"""A hidden row that has cells."""


class HiddenRows:
    """Takes one part of a workbook, chunk by chunk."""

    def __init__(self) -> None:
        self._found: set[bytes] = set()
        self._rest = b""

    def __len__(self) -> int:
        return len(self._found)

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part."""
        buffer = self._rest + chunk
        if SIGN in buffer:
            self._found.update(HIDDEN.findall(buffer))
        self._rest = buffer[-OVERLAP_BYTES:]
