"""The columns a table should have and those a file has → what is missing or was probably renamed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.profiles import ColumnSource
from config.tables import tables
from transforms.recognise.complain import Missing, missing
from transforms.recognise.naming import headers_used
from transforms.recognise.suggest import likeness, meaning
from transforms.shape import Header, fold

NEVER_DROPPED = frozenset(
    {"manager", "status", "direction", "is_answered", "talk_seconds", "closed_on", "last_active_on"}
)
"""Columns whose loss under a new header would silently change figures, so that a likely new header is asked about."""
SURE_LIKENESS, SURE_MEANING = 0.85, 0.98


@dataclass(frozen=True)
class Search:
    """Where columns were looked for and which of them were found."""

    table: str
    header: Header
    sources: Mapping[str, ColumnSource]
    """What the profile and the client say together."""
    columns: Mapping[str, ColumnSource]
    """What of it the file has."""
    constants: Collection[str]
    clients: Mapping[str, Sequence[str]]
    """What the client maps; an empty list says that there is no such column."""

    def lacking(self) -> list[Missing]:
        """Columns the table needs, those the client names, and those that were probably renamed, as far as missing."""
        found = list(self._needed())
        known = {column for item in found for column in item.columns} | self.columns.keys() | set(self.constants)
        found += [self._missing([column]) for column, names in self.clients.items() if names and column not in known]
        known |= self.clients.keys()
        for column in (column for column in self.sources if column in NEVER_DROPPED - known):
            likely = self._new_name(column)
            found += [Missing([column], headers_used(self.sources[column]), likely)] if likely else []
        return found

    def _needed(self) -> Iterator[Missing]:
        """Groups of columns of which the table needs one and the file has none; a period may stand in for a day."""
        our = tables()[self.table]
        given = {*self.columns, *self.constants}
        for group in our.needs:
            may_be_period = our.can_be_period and group == ["spend_on"] and not self.clients.get("spend_on")
            if given.isdisjoint(group) and not may_be_period:
                yield self._missing(group)

    def _missing(self, columns: Sequence[str]) -> Missing:
        wanted = [name for column in columns if column in self.sources for name in headers_used(self.sources[column])]
        return missing(columns, wanted, self._free(), self.table)

    def _free(self) -> list[str]:
        """Headers of the file that no column is read from."""
        used = {fold(name) for source in self.sources.values() for name in headers_used(source)}
        return [name for name in self.header.names if name and fold(name) not in used]

    def _new_name(self, column: str) -> str | None:
        """A header nobody uses that surely is a column's new name."""
        wanted = headers_used(self.sources[column])
        for header in self._free():
            is_meant = meaning(header, self.table, column) >= SURE_MEANING
            if is_meant or any(likeness(name, header) >= SURE_LIKENESS for name in wanted):
                return header
        return None
