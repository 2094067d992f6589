"""Headers of a file → places `c0, c1, …` of its wanted cells, and the SQL of each of our columns' text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.client import SourceConfig
from config.profiles import ColumnSource
from config.tables import Table
from config.words import fold as fold_word
from transforms.parse.cells import folded, is_blank, literal, literals
from transforms.recognise import Recognised
from transforms.recognise.fit import PLACEHOLDER
from transforms.shape import fold
from transforms.staging.context import StagingContext


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

    def at(self, position: int) -> str:
        """A place in the file's rows in; the column of `raw_cells` that holds it out."""
        if position not in self.positions:
            self.positions.append(position)
        return f"c{self.positions.index(position)}"

    def rewritten(self, sql: str) -> str:
        """SQL over {header} texts; the same over cells, an empty one as an empty text."""
        return PLACEHOLDER.sub(lambda match: f"coalesce({self.of(match[1]) or 'null::varchar'}, '')", sql)


def texts(
    table: Table, recognised: Recognised, source: SourceConfig, context: StagingContext, cells: Cells
) -> dict[str, str]:
    """Our columns that this file can fill → the SQL of their text.

    The client's constants come first, then headers, then the vendor's constants.
    """
    found: dict[str, str] = {}
    vendor = recognised.declared.constants if recognised.declared else {}
    for name, column in table.mappable_columns.items():
        known = context.names[f"{column.type}s"].known() if f"{column.type}s" in context.names else ()
        if name in source.constants:
            found[name] = literal(source.constants[name])
        elif name in recognised.columns:
            found[name] = _text(recognised.columns[name], cells, known)
        elif name in vendor:
            found[name] = literal(vendor[name])
    return found


def uses_dictionary(recognised: Recognised) -> bool:
    """Whether some text counts only if a dictionary knows it."""
    return any(column.known_only for column in recognised.columns.values())


def _text(column: ColumnSource, cells: Cells, known: Iterable[str]) -> str:
    if column.sql is not None:
        return cells.rewritten(column.sql)
    choices = [_if_known(cell, column, header, known) for header in column.headers if (cell := cells.of(header))]
    if len(choices) == 1:
        return choices[0]
    filled = [f"case when not {is_blank(choice)} then {choice} end" for choice in choices[:-1]]
    return f"coalesce({', '.join([*filled, choices[-1]])})"


def _if_known(cell: str, column: ColumnSource, header: str, known: Iterable[str]) -> str:
    if fold(header) not in map(fold, column.known_only):
        return cell
    words = sorted(set(known))
    return f"case when {folded(cell)} in ({literals(words)}) then {cell} end" if words else "null::varchar"


def is_among(cell: str, values: Iterable[str]) -> str:
    """SQL of a text and words; the condition that it is one of them, folded. A cell without a text is an empty one."""
    words = dict.fromkeys(map(fold_word, values))
    text = f"coalesce({folded(cell)}, '')" if "" in words else folded(cell)
    return f"{text} in ({literals(words)})"


Texts = Mapping[str, str]
