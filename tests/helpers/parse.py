"""Reads cells the way a run does: the SQL of transforms.parse over a column of text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from config.tables import ColumnType
from connectors.warehouse.store.database import plan_for_few_rows
from connectors.warehouse.store.made_once import ParsedOnce
from transforms.parse import Reading, definitions, parsed, probe, probed_rows

CONNECTION = ParsedOnce(duckdb.connect())
MACRO = r"^create macro (\w+)\(([^)]*)\) as\s(.+?);$"
plan_for_few_rows(CONNECTION, is_whole=True)  # as the files of a small client are read
CONNECTION.execute(definitions())


def written() -> dict[str, tuple[str, str]]:
    """Every macro of transforms/parse/*.sql: its name → its parameters and its body."""
    from importlib.resources import files

    from transforms.parse import FILES

    text = "\n".join((files("transforms.parse") / f"{name}.sql").read_text(encoding="utf-8") for name in FILES)
    return {name: (given, body) for name, given, body in re.findall(MACRO, text, re.MULTILINE | re.DOTALL)}


def read_all(type: ColumnType, cells: Sequence[str | None], reading: Reading | None = None) -> list[tuple[Any, Any]]:
    """A column's type and its cells in; (value, reason) of each out."""
    parse = parsed(type, "cell", reading or Reading())
    sql = f"""select v, {parse.reason_of("v")} from (
        select place, cell, {parse.value} as v from (
            select unnest(?::varchar[]) as cell, generate_subscripts(?::varchar[], 1) as place)) order by place"""
    return CONNECTION.execute(sql, [list(cells), list(cells)]).fetchall()


def read_cell(type: ColumnType, cell: str | None, reading: Reading | None = None) -> Any:
    """One cell in; its value out."""
    return read_all(type, [cell], reading)[0][0]


def reason(type: ColumnType, cell: str | None, reading: Reading | None = None) -> Any:
    """One cell in; the reason why it was refused out, None if it was not."""
    return read_all(type, [cell], reading)[0][1]


def probed(type: ColumnType, cells: Sequence[str]) -> Mapping[str, Any]:
    """A column's cells in; what its probe finds out."""
    return facts(type, cells, is_typed=False)


def facts(type: ColumnType, cells: Sequence[str], *, is_typed: bool) -> Mapping[str, Any]:
    """The same of a column of a workbook, where it is typed."""
    asked = probe(type, is_typed=is_typed)
    assert asked is not None
    rows = probed_rows({"cell": asked}, {"cell": "cell"}, "(select unnest(?::varchar[]) as cell)")
    return CONNECTION.execute(f"select {asked.asked} from {rows}", [list(cells)]).fetchone()[0]
