"""The warehouse of a run → its figures, today's and those of the same SQL a month earlier, and the report's sheets."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.client import Client
from config.documents import Planned, Result, Sheet
from config.metrics import metrics
from config.reports import restated_figures
from connectors.warehouse import Asked, Shown, Warehouse
from transforms.layout import Banner, ReportInput, lay_out, month_back
from transforms.metrics import metric_queries, of_today, run_variables, variables, window_queries
from transforms.metrics.asked import asked_runs, metric_facts
from transforms.rules import rule_queries

NOW, EARLIER, SHOWN = "metrics", "metrics_before", "metrics_shown"
"""Schemas of the figures, of those a month earlier, kept so that yesterday's report can be shown again, and of those
that the last report showed, made anew at its own day."""


def build_figures(warehouse: Warehouse, client: Client, as_of: date) -> None:
    """Build every metric table twice, a month earlier first, and check the rules of the business. Raises RuleBroken.

    A table is built only where a row, setting, day or SQL that it follows from changed since it was built last.
    """
    mark = figures_mark(client, as_of)
    if not warehouse.is_anything_new() and warehouse.figures_mark() == mark:
        return
    planned, tried = warehouse.asked(as_of)
    before, now = (variables(client.settings, day, planned) for day in (month_back(as_of), as_of))
    before["period_grains"] = ["month"]  # no page compares anything else
    warehouse.keep_shown(restated_figures())
    warehouse.build(metric_queries(), {EARLIER: before, NOW: now})
    runs = {run: run_variables(now, run) for run in asked_runs(planned, tried, as_of)}
    warehouse.answer(window_queries(), runs, metric_facts(planned, tried), now)
    warehouse.check_rules(rule_queries())
    _restate(warehouse, client, as_of, planned)
    warehouse.keep_figures(mark)


def _restate(warehouse: Warehouse, client: Client, as_of: date, planned: Sequence[Planned]) -> None:
    """Ask the last report's figures anew at its own day, so that time itself moves nothing."""
    last = warehouse.last_good_run()
    if last is None:
        return
    closed_until = as_of - timedelta(days=client.settings.closed_months.after_days)
    schema = NOW if last.as_of == as_of else SHOWN
    shown = Shown(last.as_of, closed_until)
    warehouse.restate(variables(client.settings, last.as_of, planned), schema, shown, restated_figures())


LISTS = ("segment_sum", "winback_sum", "winback_first", "low_score_reason", "plan_day", "partner_rule")
"""What the report shows of lists of people, of answers and of days, which may be long; and partners' rules."""


def reported() -> list[str]:
    """The metric tables that a report may show: those with words for their readers; of lists of people the sums."""
    return sorted([*(name for name, table in metrics().tables.items() if "client_key" not in table.key), *LISTS])


def figures_mark(client: Client, as_of: date) -> str:
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


def laid_out(warehouse: Asked, client: Client, occasion: Occasion) -> list[Sheet]:
    """The built figures in; the finished sheets of the whole report out."""
    return lay_out(report_input(warehouse, client, occasion))


def report_input(warehouse: Asked, client: Client, occasion: Occasion) -> ReportInput:
    """The built figures in; everything that a report of the whole is made of out."""
    return ReportInput(
        client=client,
        as_of=occasion.as_of,
        updated_at=occasion.updated_at,
        now=_tables(warehouse, NOW, reported()),
        before=_tables(warehouse, EARLIER, (name for name in reported() if name not in of_today())),
        ops=warehouse.reported_ops(occasion.run_id),
        banner=occasion.banner,
    )


def _tables(warehouse: Asked, schema: str, names: Iterable[str]) -> dict[str, Result]:
    return {name: warehouse.fetch(f"{schema}.{name}") for name in names}
