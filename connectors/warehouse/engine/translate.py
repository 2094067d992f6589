"""A SELECT of this project → the same for Spark Connect: sqlglot's words, and cures for what it does not carry over.

Every cure has a test that runs it on an engine beside DuckDB (tests/connectors/warehouse/engine).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

GRAINS = ("day", "week", "month", "quarter", "year")
MOST_KEPT = 1000
"""Translations that a process keeps."""
Node = Any
"""Of sqlglot's tree."""
Columns = Mapping[str, str]
"""Column → its type in DuckDB, in their order."""


@dataclass(frozen=True)
class Translated:
    """What the engine is asked, and in what order the rows of the answer stand."""

    sql: str
    order: str
    """SQL for DuckDB; empty if the SELECT says nothing of it, or limits its rows, so that the engine orders them."""
    reads: Collection[str] = ()
    """As `schema.name`."""


_kept: dict[tuple[str, str, str], Translated] = {}


@lru_cache(maxsize=MOST_KEPT)
def places(sql: str) -> tuple[str, ...]:
    """The tables that a SELECT reads, as `schema.name`."""
    tables = _tree(sql).find_all(exp.Table)
    return tuple(sorted({f"{table.db}.{table.name}" for table in tables if table.db}))


def translated(sql: str, variables: Mapping[str, object], columns: Mapping[str, Columns]) -> Translated:
    """A SELECT, the values of its variables and the columns of every place it reads in; what the engine is asked out.

    Once a process: another night or client asks the same of the same columns.
    """
    known = (sql, repr(variables), repr(columns))  # as texts: 1, 1.0 and True are equal, and other literals
    if known not in _kept:
        if len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[known] = _translated(_parsed(sql, variables), columns)
    return _kept[known]


@lru_cache(maxsize=8)
def _tree(sql: str) -> Node:
    """A SELECT's tree; it is asked for its places, soon after to be translated, and perhaps a view's between."""
    return sqlglot.parse_one(sql, read="duckdb")


def _parsed(sql: str, variables: Mapping[str, object]) -> Node:
    """A tree of its own, each variable a literal."""
    tree = _tree(sql).copy()
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name.lower() == "getvariable":
            call.replace(_literal(variables[call.expressions[0].name]))
    return tree


def _translated(tree: Node, columns: Mapping[str, Columns]) -> Translated:
    order = "" if tree.args.get("limit") else _take_order(tree)
    _cure(tree, CURES)
    tree = _without_using(tree, columns)
    _cure(tree, LAST_CURES)
    return Translated(tree.sql(dialect="spark", identify=True, comments=False, copy=False), order, columns.keys())


def known_as(place: str) -> str:
    """`schema.name` in; the name under which the engine knows that table out."""
    return place.replace(".", "__")


def _take_order(tree: Node) -> str:
    """Take the last `order by` off: rows that an engine wrote to files have no order."""
    order = tree.args.get("order")
    tree.set("order", None)
    for column in order.find_all(exp.Column) if order else ():
        column.set("table", None)
    return str(order.sql(dialect="duckdb")) if order else ""


def _literal(value: object) -> Node:
    if isinstance(value, list):
        return exp.cast(exp.Array(expressions=[_literal(one) for one in value]), "varchar[]", dialect="duckdb")
    return exp.convert(value)


# The cures. Each takes a node of the tree, what is inside it cured already, and gives it back or what takes its place.


def _cure(tree: Node, cures: Mapping[type, Callable[[Node], Node]]) -> None:
    for node in reversed(list(tree.dfs())):
        cure = cures.get(type(node))
        if cure is not None and (cured := cure(node)) is not node:
            node.replace(cured)


def _period_start(node: Node) -> Node:
    """`date_trunc(grain, day)` by a column: Spark answers null for a day, Sail refuses. One word a branch."""
    if node.text("unit").lower() in GRAINS:
        return node
    day = node.this
    starts = {"day": day} | {
        grain: exp.func("date_trunc", exp.Literal.string(grain), day.copy(), dialect="duckdb") for grain in GRAINS[1:]
    }
    branches = [exp.If(this=exp.Literal.string(grain), true=start.copy()) for grain, start in starts.items()]
    return exp.Case(this=exp.column(node.text("unit").lower()), ifs=branches)


def _days_of_series(node: Node) -> Node:
    """`cast(unnest(generate_series(a, b, step)) as date)`: a generator must stand alone, over days."""
    series = node.this.this if isinstance(node.this, exp.Explode) else None
    if not isinstance(series, exp.GenerateSeries):
        return node
    first, last = (exp.cast(series.args[bound].copy(), "date") for bound in ("start", "end"))
    days = exp.GenerateSeries(start=first, end=last, step=series.args["step"].copy())
    return exp.Explode(this=days)


def _divided(node: Node) -> Node:
    """`a / b` of exact numbers is a float in DuckDB, and in Spark exact to six digits."""
    above, below = (exp.cast(side.copy(), "double") for side in (node.this, node.expression))
    return exp.Div(this=above, expression=below, typed=False, safe=False)


def _kopecks(node: Node) -> Node:
    """`round(x, 2)`: of a float Spark rounds the shortest decimal that means it, DuckDB its hundredfold."""
    if node.text("decimals") != "2":
        return node
    hundredfold = exp.Mul(this=exp.paren(node.this.copy()), expression=exp.Literal.number(100))
    return exp.Div(this=exp.Round(this=hundredfold), expression=exp.Literal.number(100), typed=False, safe=False)


def _hashed(node: Node) -> Node:
    """`hash(x)`: 64 bits here, 32 in Spark. Another number than DuckDB's, no less than zero, like its own."""
    if node.name.lower() != "hash":
        return node
    found = node.expressions[0]
    if isinstance(found, exp.Coalesce):
        # where every row takes the constant, the hash function of Sail sees one text instead of a column, and panics
        return exp.Case(
            ifs=[exp.If(this=exp.Is(this=found.this.copy(), expression=exp.null()), true=_wide(found.expressions[0]))],
            default=_wide(found.this),
        )
    return _wide(found)


def _wide(text: Node) -> Node:
    """A text's hash of 63 bits."""
    wide = exp.Anonymous(this="xxhash64", expressions=[text.copy()])
    return exp.paren(exp.BitwiseAnd(this=wide, expression=exp.Literal.number(2**63 - 1)), copy=False)


def _group_by_all(node: Node) -> Node:
    """`group by all`: Sail looks for a column of that name. The columns that count nothing, one by one."""
    if not node.args.get("all"):
        return node
    selected = (one.unalias() for one in node.parent_select.expressions)
    keys = [one.copy() for one in selected if not one.find(exp.AggFunc) and not isinstance(one, exp.Literal)]
    return exp.Group(expressions=keys)


def _without_using(tree: Node, columns: Mapping[str, Columns]) -> Node:
    """`join … using (k)`: Sail forgets the `k` of either side. Equality of both, every column with its table's name."""
    schema: dict[str, dict[str, Columns]] = {}
    for place, known in columns.items():
        within, _, name = place.partition(".")
        schema.setdefault(within, {})[name] = known
    return qualify(
        tree,
        schema=schema,  # type: ignore[arg-type]  # it reads the mapping, whatever its kind
        dialect="duckdb",
        quote_identifiers=False,
        identify=False,
        validate_qualify_columns=False,
    )


def _placed(node: Node) -> Node:
    """`schema.name` → the name under which the engine knows the table."""
    if node.db:
        node.set("this", exp.to_identifier(known_as(f"{node.db}.{node.name}")))
        node.set("db", None)
    return node


CURES: Mapping[type, Callable[[Node], Node]] = {
    exp.DateTrunc: _period_start,
    exp.TimestampTrunc: _period_start,
    exp.Cast: _days_of_series,
    exp.Div: _divided,
    exp.Round: _kopecks,
    exp.Anonymous: _hashed,
}
LAST_CURES: Mapping[type, Callable[[Node], Node]] = {
    exp.Group: _group_by_all,
    exp.Table: _placed,
}
"""After every column bears its table's name."""
