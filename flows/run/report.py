"""The warehouse of a run → its figures, today's and those of the same SQL a month earlier, and the report's sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from config.client import Client
from config.documents import Result, Sheet
from config.metrics import metrics
from connectors.warehouse import Warehouse
from connectors.warehouse.build import Renewal
from transforms.layout import Banner, ReportInput, lay_out
from transforms.layout.book import month_back
from transforms.metrics import metric_queries, variables
from transforms.rules import rule_queries

EARLIER = "metrics_before"
"""Schema of the figures with `as_of` moved back one month, kept so that yesterday's report can be shown again."""
BUILT = "select value from ops.meta where key = 'metrics.built'"
MOST_REJECTS = 20_000
"""A page of more refused rows helps nobody; how many there are in all is in the loads."""
OPS = {
    "sources": "select * from ops.sources order by source",
    "loads": "select * from ops.loads where run_id = ? order by source, source_file",
    "rejects": f"select * from ops.rejects where run_id = ? order by all limit {MOST_REJECTS}",
    "unmapped": "select * from ops.unmapped where run_id = ? order by dictionary, money_rub desc, rows desc, alias",
    "notices": "select * from ops.notices where run_id = ? order by kind, source, source_file",
}
"""What the report reads of a run, beside the figures."""


def build_figures(warehouse: Warehouse, client: Client, as_of: date) -> None:
    """Build every metric table twice, a month earlier first, and check the rules of the business. Raises RuleBroken.

    A table is built only where a row, setting, day or SQL that it follows from changed since it was built last.
    """
    mark = _mark(client, as_of)
    if not warehouse.is_anything_new() and warehouse.query("built", BUILT).rows == [(mark,)]:
        return
    renewal = Renewal(warehouse.connection, metric_queries())
    renewal.build(variables(client.settings, month_back(as_of)), EARLIER)
    renewal.build(variables(client.settings, as_of))
    warehouse.check_rules(rule_queries())
    renewal.remember()
    warehouse.connection.execute("insert or replace into ops.meta values ('metrics.built', ?)", [mark])


def reported() -> list[str]:
    """The metric tables that a report may show: those that have words for their readers."""
    return sorted(metrics().tables.keys() & metric_queries().keys())


def _mark(client: Client, as_of: date) -> str:
    """Whatever the figures depend on beside the rows: changes with any of it."""
    facts = [as_of.isoformat(), client.settings.model_dump_json(), *client.sources]
    sql = [text for queries in (metric_queries(), rule_queries()) for pair in sorted(queries.items()) for text in pair]
    return hashlib.sha256("\0".join([*facts, *sql]).encode()).hexdigest()


@dataclass(frozen=True)
class Occasion:
    """Which run the report is of, and when it was made."""

    run_id: str
    as_of: date
    updated_at: datetime
    """Local time of the client."""
    banner: Banner | None = None


def laid_out(warehouse: Warehouse, client: Client, occasion: Occasion) -> list[Sheet]:
    """The built figures in; the finished sheets out."""
    return lay_out(
        ReportInput(
            client=client,
            as_of=occasion.as_of,
            updated_at=occasion.updated_at,
            now=_tables(warehouse, "metrics", reported()),
            before=_tables(warehouse, EARLIER, reported()),
            ops=_ops(warehouse, occasion.run_id),
            banner=occasion.banner,
        )
    )


def _tables(warehouse: Warehouse, schema: str, names: Iterable[str]) -> dict[str, Result]:
    return {name: warehouse.fetch(f"{schema}.{name}") for name in names}


def _ops(warehouse: Warehouse, run_id: str) -> dict[str, Result]:
    return {name: warehouse.query(name, sql, [run_id] if "?" in sql else []) for name, sql in OPS.items()}
