"""ASCII tables in, a metric built on them, ASCII table expected: how metric tests say what they mean.

Given tables name only the columns they need. A blank cell is NULL; deals and calls get sensible phones of their own
only if a test says so. Expected tables name only the columns they are about, and all their rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from config.client import ClientSettings
from config.setting_words import setting_keys
from config.tables import tables
from connectors.warehouse.figures import asked
from connectors.warehouse.figures.build import build, needed, prepare, read_by, set_variables
from connectors.warehouse.store.database import plan_for_few_rows
from connectors.warehouse.store.made_once import ParsedOnce
from connectors.warehouse.store.names import OPS_TABLES as DICTIONARY_TABLES
from transforms.metrics import metric_queries, run_variables, variable, variables, window_queries
from transforms.metrics.asked import asked_runs, metric_facts
from transforms.rules import rule_queries

AS_OF = date(2026, 9, 30)
"""The day up to which metrics are built where a test does not say otherwise."""
SETTINGS = {variable(key): key for key in setting_keys()}
"""Name of a variable of the SQL → where the client's settings keep it."""


def check_metric(
    name: str, given: Mapping[str, str], expect: str, as_of: date = AS_OF, only: str = "", **settings: object
) -> None:
    """Build metric `name` on the given ASCII tables; fail unless its rows of the expected grain are the expected ones.

    Only months are compared unless the expected table has a column `grain`; `only` narrows the rows further, in SQL.
    Every rule must hold as well.
    """
    connection = warehouse(given, as_of, (name,), **settings)
    broken = broken_rules(connection)
    assert not broken, f"rules broken: {broken}"
    header, expected = parse_table(expect)
    rows = only or _months_only(name, header, connection)
    found = connection.execute(f"select {', '.join(header)} from metrics.{name} where {rows}")
    types = [str(column[1]) for column in found.description]
    actual = [tuple(row) for row in found.fetchall()]
    wanted = [tuple(_typed(cell, kind) for cell, kind in zip(row, types, strict=True)) for row in expected]
    assert _sorted(_rounded(actual)) == _sorted(_rounded(wanted)), _difference(header, actual, wanted)


def warehouse(given: Mapping[str, str], as_of: date = AS_OF, names: Iterable[str] = (), **settings: object) -> Any:
    """ASCII tables by table, see `fill`, in; a connection with these metrics built on them (all) out."""
    rows = {name: [dict(zip(*pair, strict=True)) for pair in _pairs(text)] for name, text in given.items()}
    return warehouse_of(rows, as_of, names, **settings)


def warehouse_of(
    given: Mapping[str, list[dict[str, object]]],
    as_of: date = AS_OF,
    names: Iterable[str] = (),
    **settings: object,
) -> Any:
    """Rows by table, see `fill`, in; a connection as of a small client, with these metrics built on them (all), out.

    Each given table has a source, even one without rows: a table that is not given was never loaded.
    """
    connection = ParsedOnce(duckdb.connect())
    plan_for_few_rows(connection, is_whole=True)
    prepare(connection)
    for name, rows in given.items():
        fill(connection, name, rows)
    planned, tried = asked.planned(connection), asked.tried(connection, as_of)
    now = variables(client_settings(**settings), as_of, planned)
    set_variables(connection, now)
    queries = metric_queries()
    runs = {run: run_variables(now, run) for run in asked_runs(planned, tried, as_of)}
    wanted = {*names, *(table for run in runs for table in run.tables), *(asked.MONEY_FROM if runs else ())}
    build(connection, needed(queries, wanted if names else queries))
    if runs and (not names or set(asked.ASKING) & wanted):
        asked.answer_all(connection, window_queries(), runs, metric_facts(planned, tried), now)
    return connection


def client_settings(**settings: object) -> ClientSettings:
    """Settings by the name of their SQL variable in; the client's settings out."""
    nested: dict[str, object] = {}
    for name, value in settings.items():
        section, _, key = SETTINGS[name].rpartition(".")
        part = nested.setdefault(section, {}) if section else nested
        assert isinstance(part, dict)
        part[key] = value
    return ClientSettings.model_validate(nested)


def broken_rules(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    """A warehouse in; the rules about tables that are built which do not hold, each with its offending rows, out."""
    tables_built = connection.execute("select table_name from duckdb_tables() where schema_name = 'metrics'").fetchall()
    built = {name for (name,) in tables_built}
    rules = {name: sql for name, sql in rule_queries().items() if read_by(sql, "metrics") <= built}
    found = {name: connection.execute(sql).fetchall() for name, sql in rules.items()}
    return {name: rows for name, rows in found.items() if rows}


def parse_table(text: str) -> tuple[list[str], list[list[str | None]]]:
    """`a | b` lines in; the header and the rows out, a blank cell as None."""
    lines = [line for line in text.splitlines() if line.strip() and not set(line.strip()) <= set("-+| ")]
    cells = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    header = [str(cell) for cell in cells[0]]
    for row in cells[1:]:
        assert len(row) == len(header), f"{len(row)} cells under {len(header)} headers: {row}"
    return header, cells[1:]


def _pairs(text: str) -> list[tuple[list[str], list[str | None]]]:
    header, rows = parse_table(text)
    return [(header, row) for row in rows]


def fill(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, object]]) -> None:
    """Rows of a staged table, of `snapshots` or of a dictionary in; they are in the warehouse.

    A staged table has a source even without rows.
    """
    if name == "snapshots" or name in DICTIONARY_TABLES:
        for row in rows:
            marks = ", ".join("?" for _ in row)
            connection.execute(f"insert into ops.{name} ({', '.join(row)}) values ({marks})", list(row.values()))
        return
    if name in tables():
        sources = {row.get("source") or _source(name) for row in rows} or {_source(name)}
        connection.executemany(
            "insert into ops.sources (source, table_name) values (?, ?)",
            [[source, name] for source in sorted(map(str, sources))],
        )
    alike: dict[tuple[str, ...], list[object]] = {}
    for number, given in enumerate(rows, start=2):
        row = _with_client(given) if name == "deals" else given
        whole = {"source": _source(name), "source_file": f"{name}.csv", "source_row": number} | {
            column: value for column, value in row.items() if value is not None
        }
        alike.setdefault(tuple(whole), []).extend(whole.values())
    for columns, values in alike.items():
        _insert(connection, name, columns, values)


def _insert(connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], values: list[object]) -> None:
    """Many rows of the same columns, their values one after another, in few statements."""
    marks, most = f"({', '.join('?' for _ in columns)})", 500 * len(columns)
    for start in range(0, len(values), most):
        some = values[start : start + most]
        rows = ", ".join([marks] * (len(some) // len(columns)))
        connection.execute(f"insert into staged.{name} ({', '.join(columns)}) values {rows}", some)


def _with_client(deal: dict[str, object]) -> dict[str, object]:
    """A deal with its client as staging names it, unless the test does."""
    source_id = f"{_source('deals')}:{deal['client_id']}" if deal.get("client_id") else None
    return {"client_key": deal.get("phone") or deal.get("email") or source_id} | deal


def _source(table: str) -> str:
    return f"{table}_source"


def _months_only(name: str, header: list[str], connection: duckdb.DuckDBPyConnection) -> str:
    columns = {row[0] for row in connection.execute(f"select column_name from (describe metrics.{name})").fetchall()}
    return "grain = 'month'" if "grain" in columns and "grain" not in header else "true"


def _typed(cell: str | None, kind: str) -> object:
    if cell is None:
        return None
    if kind.startswith("DECIMAL"):
        return Decimal(cell)
    match kind:
        case "DOUBLE":
            return float(_arithmetic(cell))
        case "BIGINT" | "INTEGER":
            return int(_arithmetic(cell))
        case "DATE":
            return date.fromisoformat(cell)
        case "TIMESTAMP":
            return datetime.fromisoformat(cell)
        case "BOOLEAN":
            return {"true": True, "false": False}[cell]
    return cell


def _arithmetic(cell: str) -> float:
    """`10 * 3 / 4` in, 7.5 out: an expected ratio may be left as the arithmetic a person would write."""
    assert set(cell) <= set("0123456789.+-*/() "), f"not arithmetic: {cell}"
    return float(eval(cell, {"__builtins__": {}}))  # noqa: S307 - digits and operators only, checked above


def _rounded(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row) for row in rows]


def _sorted(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(rows, key=lambda row: tuple((cell is not None, str(cell)) for cell in row))


def _difference(header: list[str], actual: list[tuple[object, ...]], wanted: list[tuple[object, ...]]) -> str:
    def lines(rows: list[tuple[object, ...]]) -> str:
        return "\n".join(" | ".join("" if cell is None else str(cell) for cell in row) for row in _sorted(rows))

    return f"\n{' | '.join(header)}\nexpected\n{lines(wanted)}\nfound\n{lines(actual)}"
