"""The records of a long text table, as they go by → those that have more or fewer cells than nearly all others."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

ASKED = 1_000
"""Records by which the usual number of cells is known."""
FEW, MOST_KEPT = 0.1, 10_000
"""A table in which more records are odd is ragged: its widths tell nothing."""
AT_THE_END = 10
"""So many more may be the last ones, which are often no data."""


class Widths:
    """Takes every record of a table, or whole lines of it; keeps those of another width, blank ones aside."""

    def __init__(self, delimiter: str, encoding: str = "utf-8") -> None:
        self._delimiter, self._encoding = delimiter, encoding
        self._first: list[Sequence[str]] = []
        self._usual = 0
        self._count = 0
        self._odd: dict[int, Sequence[str]] = {}

    def see_lines(self, body: bytes, marks: bytes) -> None:
        """Take whole lines, each of which is a record; they are only split where their delimiters do not tell.

        `marks` are some of their bytes, all delimiters and line breaks among them: counted sooner than in all.
        """
        others = marks.translate(None, self._delimiter.encode())
        lines = others.count(b"\n") + 1 if body else 0
        if not self._usual or len(marks) - len(others) != lines * (self._usual - 1):
            text = body.decode(self._encoding, "replace")
            self.see(csv.reader(text.split("\n") if body else (), delimiter=self._delimiter))
        else:
            self._count += lines

    def see(self, records: Iterable[Sequence[str]]) -> None:
        """Take records."""
        for record in records:
            if self._usual:
                self._judge(record)
            else:
                self._first.append(record)
                if len(self._first) == ASKED:
                    self._settle()

    def found(self) -> Mapping[int, Sequence[str]]:
        """The place of each odd record, counted from 0, and its cells; nothing of a ragged table."""
        self._settle()
        return self._odd if len(self._odd) <= min(MOST_KEPT, FEW * self._count + AT_THE_END) else {}

    def _settle(self) -> None:
        widths = Counter(len(record) for record in self._first if record)
        self._usual = self._usual or max(widths, key=lambda width: widths[width], default=0)
        records, self._first = self._first, []
        for record in records:
            self._judge(record)

    def _judge(self, record: Sequence[str]) -> None:
        if record and len(record) != self._usual and len(self._odd) <= MOST_KEPT:
            self._odd[self._count] = record
        self._count += 1
