"""Reads cells the way a run does: the SQL of transforms.parse over a column of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from config.tables import ColumnType
from transforms.parse import Reading, parsed, probe

CONNECTION = duckdb.connect()


def read_all(type: ColumnType, cells: Sequence[str | None], reading: Reading | None = None) -> list[tuple[Any, Any]]:
    """A column's type and its cells in; (value, reason) of each out."""
    parse = parsed(type, "cell", reading or Reading())
    sql = f"""select v, {parse.reason_of("v")} from (
        select place, cell, {parse.value} as v from (
            select unnest(?::varchar[]) as cell, generate_subscripts(?::varchar[], 1) as place)) order by place"""
    return CONNECTION.cursor().execute(sql, [list(cells), list(cells)]).fetchall()


def read_cell(type: ColumnType, cell: str | None, reading: Reading | None = None) -> Any:
    """One cell in; its value out."""
    return read_all(type, [cell], reading)[0][0]


def reason(type: ColumnType, cell: str | None, reading: Reading | None = None) -> Any:
    """One cell in; the reason why it was refused out, None if it was not."""
    return read_all(type, [cell], reading)[0][1]


def probed(type: ColumnType, cells: Sequence[str]) -> Mapping[str, Any]:
    """A column's cells in; what its probe finds out."""
    asked = probe(type, "cell")
    found = CONNECTION.cursor().execute(f"select {asked} from (select unnest(?::varchar[]) as cell)", [list(cells)])
    return found.fetchone()[0]
