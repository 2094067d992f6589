"""A header that stands twice, where the table cannot live without the column and the two say different things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ContractError
from config.profiles import ColumnSource
from config.tables import Table
from transforms.recognise.rows_below import differ
from transforms.shape import Header, fold

FIRST, SECOND = "#1", "#2"


def ask_which(
    raw: RawTable, header: Header, table: Table, columns: Mapping[str, ColumnSource], source: SourceConfig
) -> None:
    """Our columns and where the file has them in; raises ContractError that asks which of two columns is meant.

    `Сумма#1` and `Сумма#2` under `columns` say so. Columns that the table can live without take the first, as before.
    """
    for column in dict.fromkeys(name for group in table.needs for name in group):
        for name in _unsaid(column, columns, source):
            if _differ(raw, header, name):
                raise ContractError(
                    "shape.doubled_header",
                    file=raw.origin.file,
                    source=raw.origin.source,
                    header=name,
                    column=column,
                    first=name + FIRST,
                    second=name + SECOND,
                )


def _unsaid(column: str, columns: Mapping[str, ColumnSource], source: SourceConfig) -> Iterator[str]:
    """The header a column is read from, unless the client said which of several it is."""
    found = columns.get(column)
    if found is None or found.sql is not None or column in source.constants:
        return
    said = {fold(name) for name in source.columns.get(column, ())}
    for name in found.headers[:1]:
        if fold(name + FIRST) not in said and fold(name + SECOND) not in map(fold, found.headers):
            yield name


def _differ(raw: RawTable, header: Header, name: str) -> bool:
    """Whether the second column of a name has a value that the first has not."""
    if name not in header.names or name + SECOND not in header.names:
        return False
    return differ(raw, header, header.names.index(name), header.names.index(name + SECOND))
