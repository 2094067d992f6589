"""One recognised table, whose it is, and the cells wanted of it: what its headings are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from config.client import SourceConfig
from config.documents import Origin
from config.errors import ContractError
from config.tables import ColumnType, Table, tables
from config.words import is_headed
from transforms.parse import Reading, parsed
from transforms.parse.cells import literal
from transforms.recognise import Recognised
from transforms.recognise.fit import PLACEHOLDER, headers_used
from transforms.shape import fold
from transforms.staging.context import StagingContext

LOOKED_AT = 40
"""Rows of a table among which it is seen what a column holds."""


@dataclass(frozen=True)
class OneTable:
    """A table of a file as recognition left it, and what svodka.yaml and the run say of it."""

    recognised: Recognised
    source: SourceConfig
    context: StagingContext

    @cached_property
    def cells(self) -> Cells:
        """The cells wanted of it so far."""
        return Cells(self.recognised)

    @property
    def table(self) -> Table:
        """What it feeds."""
        return tables()[self.source.table]

    @property
    def is_vendors(self) -> bool:
        """Whether a profile knows it: then nothing is guessed by words."""
        return self.recognised.profile is not None

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        return self.recognised.raw.origin

    @property
    def has_money(self) -> bool:
        """Whether the file has the column of its table's money."""
        return self.table.money in self.recognised.columns

    def has(self, name: str) -> bool:
        """Whether the file has a column of ours."""
        return name in self.recognised.columns

    def heading(self, name: str) -> str:
        """A column of ours in; the headings it is read from, or its own name, out."""
        column = self.recognised.columns.get(name)
        return ", ".join(column.headers) if column and column.headers else name

    def headings(self, name: str) -> list[str]:
        """The same one by one, as the file writes them; none of a column that it has not."""
        column = self.recognised.columns.get(name)
        return list(map(self.in_file, column.headers)) if column else []

    @property
    def money_heading(self) -> str:
        """The headings of the table's money."""
        return self.heading(self.table.money or "")

    def in_file(self, header: str) -> str:
        """Any name of a heading in; how the file writes it out."""
        return self.recognised.actual.get(fold(header), header)

    def place(self, name: str) -> int | None:
        """Where a column of ours stands in the file's rows."""
        header, headers = self.heading(name), self.recognised.shape.headers
        return headers.index(header) if header in headers else None

    @cached_property
    def unread(self) -> Sequence[str]:
        """Headings of the file that no column reads and svodka.yaml does not speak of."""
        read = {
            fold(name)
            for column in self.recognised.columns.values()
            for header in [*column.headers, *headers_used(column)]
            for name in (header, self.in_file(header))
        }
        spoken_of = {*self.source.where, *self.source.exclude, *self.source.times.values()}
        known = read | set(map(fold, spoken_of))
        return [header for header in self.recognised.shape.headers if header and fold(header) not in known]

    def unread_as(self, *kinds: str) -> list[str]:
        """Those of them that say one of these things, by `headings` of vocabulary.yaml."""
        return [header for header in self.unread if is_headed(header, *kinds)]

    def headed(self, *kinds: str) -> list[str]:
        """All headings of the file that say one of these things."""
        return [header for header in self.recognised.shape.headers if header and is_headed(header, *kinds)]

    def sample(self, header: str) -> list[str]:
        """Filled cells of a column among the first rows."""
        if header not in self.recognised.shape.headers:
            return []
        place = self.recognised.shape.headers.index(header)
        return [cell for row in self.first_rows if place < len(row) and (cell := row[place].strip())]

    @property
    def first_rows(self) -> Sequence[Sequence[str]]:
        """The first rows of data."""
        raw = self.recognised.raw
        return (raw.rows or raw.head)[self.recognised.shape.first_row :][:LOOKED_AT]

    def value(self, kind: ColumnType, header: str) -> str:
        """The SQL of a cell's value under a heading, read as nothing but its text tells."""
        return parsed(kind, self.cells.named(header), Reading()).value


class Cells:
    """Gives every header that is asked for a place among the wanted cells, and says which were asked for."""

    def __init__(self, recognised: Recognised) -> None:
        self._recognised = recognised
        self._places = {header: index for index, header in enumerate(recognised.shape.headers) if header}
        self.positions: list[int] = []
        """Places in the file's rows of `c0`, `c1`, …"""

    def of(self, header: str) -> str | None:
        """Any name of a header in; the SQL of its text out, None if the file has no such header."""
        actual = header if header in self._places else self._recognised.actual.get(fold(header))
        if actual is None:
            return None
        if actual in self._recognised.pseudo:
            return literal(self._recognised.pseudo[actual])
        return self.at(self._places[actual]) if actual in self._places else None

    def named(self, header: str) -> str:
        """A header that svodka.yaml names in; the SQL of its text out. Raises ContractError if the file lacks it."""
        cell = self.of(header)
        if cell is None:
            shown = ", ".join(f"«{name}»" for name in self._recognised.shape.headers if name)
            raise ContractError(
                "staging.no_header", file=self._recognised.raw.origin.file, header=header, present=shown
            )
        return cell

    def at(self, position: int) -> str:
        """A place in the file's rows in; the column of `raw_cells` that holds it out."""
        if position not in self.positions:
            self.positions.append(position)
        return f"c{self.positions.index(position)}"

    def rewritten(self, sql: str) -> str:
        """SQL over {header} texts; the same over cells, an empty one as an empty text."""
        return PLACEHOLDER.sub(lambda match: f"coalesce({self.of(match[1]) or 'null::varchar'}, '')", sql)
