"""The same SQL by DuckDB and by an engine over the same rows: what differs."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Any

from connectors.warehouse.engine.figures import Figures
from connectors.warehouse.figures import asked
from connectors.warehouse.figures.build import in_order, kinds_of
from transforms.metrics import metric_queries, run_variables, window_queries
from transforms.metrics.asked import asked_runs, metric_facts
from transforms.rules import rule_queries

HASHED = "_hash"
"""Columns of hashes: each engine has its own, and none is shown."""


def differing(connection: Any, engine: Figures, variables: Mapping[str, object]) -> tuple[dict[str, Any], int]:
    """A warehouse and the variables of its figures in; what the engine makes otherwise, and cells compared, out."""
    names = in_order(metric_queries())
    ours = {name: cells(connection, f"metrics.{name}") for name in names}
    kinds = kinds_of(connection)
    for name in names:
        engine.make(connection, f"metrics.{name}", metric_queries()[name], kinds[f"metrics.{name}"])
    as_of = variables["as_of"]
    planned, tried = asked.planned(connection), asked.tried(connection, as_of)
    if planned or tried:
        runs = {run: run_variables(variables, run) for run in asked_runs(planned, tried, as_of)}
        facts = metric_facts(planned, tried)
        asked.answer_all(connection, window_queries(), runs, facts, variables, maker=engine.maker)
    theirs = {name: cells(connection, f"metrics.{name}") for name in names}
    unlike = {name: found for name in names if (found := unlike_rows(ours[name], theirs[name]))}
    for name, sql in rule_queries().items():
        if found := engine.ask(connection, name, sql).rows:
            unlike[f"rule {name}"] = found[:3]
    return unlike, sum(len(header) * len(rows) for header, rows in ours.values())


def cells(connection: Any, place: str) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
    """Columns with their types, and the rows in an order that tells floats of other last digits together."""
    columns = [(row[0], row[1]) for row in connection.execute(f"describe {place}").fetchall()]
    shown = [(column, kind) for column, kind in columns if not column.endswith(HASHED)]
    exact = [column for column, kind in shown if kind != "DOUBLE"]
    order = ", ".join([*exact, *(f"round({column}, 6)" for column, kind in shown if kind == "DOUBLE")])
    selected = ", ".join(column for column, _ in shown)
    return columns, connection.execute(f"select {selected} from {place} order by {order}").fetchall()


def unlike_rows(ours: Any, theirs: Any) -> list[Any]:
    """Two answers of `cells` in; the first pairs of rows that differ out."""
    if ours[0] != theirs[0] or len(ours[1]) != len(theirs[1]):
        return [("columns or rows", ours[0], len(ours[1]), theirs[0], len(theirs[1]))]
    pairs = zip(ours[1], theirs[1], strict=True)
    return [pair for pair in pairs if pair[0] != pair[1] and not all(map(_alike, *pair))][:3]


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)  # sums of floats in another order
    return bool(one == other)
