"""The columns a table should have and those a file has → what is missing or was probably renamed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.profiles import ColumnSource
from config.tables import tables
from transforms.recognise.complain import Missing, missing
from transforms.recognise.naming import headers_used
from transforms.recognise.rows_below import Filled, likeliest
from transforms.recognise.suggest import kinship, meaning, nearest
from transforms.shape import Header, fold

NEVER_DROPPED = frozenset(
    {"manager", "status", "direction", "is_answered", "talk_seconds", "closed_on", "last_active_on"}
)
"""Columns whose loss under a new header would silently change figures: one that means the same is asked about too."""
SURE_KINSHIP, SURE_MEANING = 0.8, 0.98


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
    filled: Filled
    had: Collection[str] = ()
    """Columns that the source had when it was last loaded."""

    def lacking(self) -> list[Missing]:
        """Columns the table needs, those the client names, and those that were probably renamed, as far as missing."""
        found = list(self._needed())
        known = {column for item in found for column in item.columns} | self.columns.keys() | set(self.constants)
        found += [self._missing([column]) for column, names in self.clients.items() if names and column not in known]
        known |= self.clients.keys()
        for column in dict.fromkeys([*self.sources, *self.had]):
            likely = self._new_name(column) if column not in known else None
            found += [Missing([column], self._wanted([column]), likely)] if likely else []
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
        return missing(columns, self._wanted(columns), self._free(), self.filled, self.table)

    def _wanted(self, columns: Sequence[str]) -> list[str]:
        return [name for column in columns if column in self.sources for name in headers_used(self.sources[column])]

    def _free(self) -> list[str]:
        """Headers of the file that no column is read from."""
        used = {fold(name) for source in self.sources.values() for name in headers_used(source)}
        return [name for name in self.header.names if name and fold(name) not in used]

    def _new_name(self, column: str) -> str | None:
        """A header nobody uses that surely is a column's new name; of a column that was there, one that may be."""
        wanted = self._wanted([column])

        def nearest_of(free: Sequence[str]) -> str | None:
            return nearest(wanted, free, self.table, column)

        def surest_of(free: Sequence[str]) -> str | None:
            surest = max(((self._sureness(column, wanted, header), header) for header in free), default=(0.0, ""))
            return surest[1] if surest[0] else None

        return likeliest(nearest_of if column in self.had else surest_of, self._free(), self.filled)

    def _sureness(self, column: str, wanted: Sequence[str], header: str) -> float:
        """How surely a header is a column's new name; 0 where it is not worth a question."""
        alike = max((kinship(name, header) for name in wanted), default=0.0)
        if alike >= SURE_KINSHIP:
            return alike
        meant = meaning(header, self.table, column) if column in NEVER_DROPPED else 0.0
        return SURE_KINSHIP * meant if meant >= SURE_MEANING else 0.0
