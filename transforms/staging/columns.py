"""Columns of ours that a file fills, their texts and readings: what every SELECT over its cells is made of."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from config.draft import GIVEN, Words
from config.tables import Table
from transforms.parse import Parsed, Reading, parsed
from transforms.staging.rates import Roubles

# Columns whose cells stand alone → how their distinct texts are read, each of them once.

CELL = re.compile(r"\bc[0-9]+\b")


def words(texts: Mapping[str, str], parses: Mapping[str, Parsed], others: Iterable[str]) -> dict[str, Words]:
    """Column → SQL of its text, its parse, and all other SQL over the cells in; the columns that can be read so out.

    A cell that two columns share, or that decides whether a row is skipped, is needed as it is in every row.
    """
    used = [cell for sql in [*texts.values(), *others] for cell in cells_in(sql)]
    alone = {name: text for name, text in texts.items() if is_cell(text) and used.count(text) == 1}
    return {name: Words(cell, _select(name, parses[name])) for name, cell in alone.items()}


def is_cell(sql: str) -> bool:
    """The SQL of a text; whether it is a cell as it stands."""
    return bool(CELL.fullmatch(sql))


def cells_in(sql: str) -> list[str]:
    """The SQL of a text in; the cells that it is made of out."""
    return CELL.findall(sql)


def joined(names: Iterable[str], columns: Mapping[str, Words]) -> str:
    """Some of those columns in; what joins their words to `raw_cells` out."""
    return "".join(f" left join words_{name} on words_{name}.cell = raw_cells.{columns[name].cell}" for name in names)


def found(name: str) -> list[str]:
    """A column in; its text, value and reason of the joined words, as a quickly read row names them, out."""
    return [f"words_{name}.text as t_{name}", f"words_{name}.value as v_{name}", f"words_{name}.reason as w_{name}"]


def _select(name: str, parse: Parsed) -> str:
    return f"""
    select cell, t_{name} as text, v_{name} as value, {parse.reason_of(f"v_{name}")} as reason from (
        select cell, t_{name}, {parse.value} as v_{name} from (select cell, text as t_{name} from found_{name})
    )"""


@dataclass(frozen=True)
class Typing:
    """What the typed SELECT is made of."""

    table: Table
    texts: Mapping[str, str]
    readings: Mapping[str, Reading]
    skipped: str
    """SQL over `raw_cells`: why a row is skipped."""
    late_skips: Sequence[tuple[str, str]]
    """(condition over values, why)."""
    first_cell: str
    """The cell in which a totals row or the head of a group has its label."""
    roubles: Roubles | None = None
    """How the money column's value becomes roubles, where it is not in roubles."""
    period: tuple[date, date] | None = None
    headings_read: Mapping[str, str] = field(default_factory=dict)
    """Column that is one cell as it stands → its folded heading; a row that says them all is the header again."""
    headings: int | None = None
    """How many cells a row may fill; one that goes on beyond the last heading is refused."""

    refund: str | None = None
    """SQL over `raw_cells` of whether a row is a refund by its words."""
    turned: Mapping[str, str] = field(default_factory=dict)
    """Column of money → SQL over `v_…` of its amount, where an ordinary one bears a minus."""

    words: Collection[str] = ()
    """The columns that are read by their words."""

    @cached_property
    def parses(self) -> Mapping[str, Parsed]:
        """Column → the SQL of its value and of why it has none."""
        return {name: parsed(self.table.columns[name].type, f"t_{name}", self.readings[name]) for name in self.texts}

    @cached_property
    def wordy(self) -> Mapping[str, Words]:
        """The columns that can be read by their words."""
        return words(self.texts, self.parses, self._others)

    @property
    def extra(self) -> Mapping[str, str]:
        """What a quickly read row holds beside its columns."""
        label = {"label": self.first_cell}
        surplus = {"surplus": "surplus"} if self.headings is not None else {}
        refund = {"is_refund": self.refund} if self.refund else {}
        return {**label, **surplus, **refund, **({"code": self.roubles.code} if self.roubles else {})}

    @property
    def blank_row(self) -> str | None:
        """The SQL of whether no wanted cell of a row says anything; None if its texts tell as well.

        A text that is made of several cells may say something of a row that is blank.
        """
        if all(is_cell(sql) or is_constant(sql) for sql in self.texts.values()):
            return None
        cells = dict.fromkeys(cell for sql in [*self.texts.values(), *self._others] for cell in cells_in(sql))
        return f"coalesce({', '.join(cells)}) is null" if cells else None

    @property
    def _others(self) -> list[str]:
        return [self.skipped, *self.extra.values()]


def is_constant(sql: str) -> bool:
    """The SQL of a column's text; whether it is the same in every row."""
    return sql == GIVEN or sql.startswith("'")
