"""What a warehouse can be asked: each question a method, each answer of a type of its own. SQL stays here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from config.documents import Result
from config.notices import PREFIX, Assumed
from config.tables import tables
from connectors.warehouse.figures.restated import MOVED, RESTATED
from connectors.warehouse.store.database import Opened
from connectors.warehouse.store.memory import Memory, meta_of, remembered

LAST_GOOD_RUN = """
select run_id, as_of, finished_at
from ops.runs
where status in ('done', 'partial') and ($1 is null or run_id < $1)
order by run_id desc
limit 1
"""
SOURCE_LOADS = """
select
    s.source,
    s.table_name,
    count(distinct l.source_file) as files,
    coalesce(sum(l.rows_read), 0)::bigint,
    coalesce(sum(l.rows_staged), 0)::bigint,
    coalesce(sum(l.rows_rejected), 0)::bigint,
    coalesce(sum(l.rows_duplicate), 0)::bigint,
    coalesce(sum(l.rows_skipped), 0)::bigint,
    coalesce(sum(l.rows_corrected), 0)::bigint,
    coalesce(sum(l.money_read_rub), 0),
    coalesce(sum(l.money_rejected_rub), 0),
    coalesce(sum(l.money_corrected_rub), 0),
    s.data_to_on,
    s.is_stale
from ops.sources s
left join ops.loads l on l.source = s.source and l.run_id = ?
group by all
order by s.source
"""
NOTICES = """
select kind, source, source_file, rows, money_rub, detail
from ops.notices
where run_id = ? and list_contains(?::varchar[], kind)
order by source, source_file, kind, detail
"""
ASSUMED = """
select source, kind, detail
from ops.notices
where run_id = ? and starts_with(kind, ?)
group by all
order by all
"""
UNMAPPED = """
select dictionary, alias, suggestion, rows, money_rub
from ops.unmapped
where run_id = ?
order by dictionary, money_rub desc, rows desc, alias
"""
REFUSED_CELLS = """
select column_name, count(*), min_by(value, source_row), min_by(source_file, source_row), min(source_row),
    min_by(reason, source_row)
from ops.rejects
where source = ? and value is not null
group by column_name
"""
KNOWN_FILES = """
select source_file from ops.files
union select file from ops.files
union select source_file from loaded.history where source_file is not null
order by 1
"""
MONTHS = """
select
    period_start,
    is_complete,
    c.spend_rub,
    c.calls,
    w.calls_per_1000_rub,
    c.clients,
    c.revenue_rub,
    case when s.is_activity_known then s.active_end end,
    case when s.is_activity_known then s.conversion_of_active end
from metrics.chain_period c
full join metrics.subscriber_period s using (grain, period_start, is_complete)
left join metrics.whole_period w using (grain, period_start)
where grain = 'month' and coalesce(c.channel, 'Всего') = 'Всего'
order by period_start
"""
"""Calls per 1,000 roubles are those of the channels that cost something, as «Сводка» has them."""
MOST_REJECTS = 20_000
"""A page of more refused rows helps nobody; how many there are in all is in the loads."""
REPORTED_OPS = {
    "sources": "select * from ops.sources order by source",
    "loads": "select * from ops.loads where run_id = ? order by source, source_file",
    "rejects": f"select * from ops.rejects where run_id = ? order by all limit {MOST_REJECTS}",
    "unmapped": "select * from ops.unmapped where run_id = ? order by dictionary, money_rub desc, rows desc, alias",
    "notices": "select * from ops.notices where run_id = ? order by kind, source, source_file",
    "earlier_run": LAST_GOOD_RUN,
    "restated": RESTATED,
    "moved": MOVED,
}
"""What the report reads of a run, beside the figures."""
BUILT = "metrics.built"
"""Key of `ops.meta`: what the figures that stand were built from."""


class GoodRun(NamedTuple):
    """The last run that left a report; its day is the day whose end the figures stand for."""

    run_id: str
    as_of: date
    finished_at: datetime


@dataclass(frozen=True)
class SourceLoads:
    """One source of a run: its files and where its rows went.

    read + corrected = staged + rejected + duplicate + skipped.
    """

    source: str
    table: str
    files: int = 0
    rows_read: int = 0
    rows_staged: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    rows_skipped: int = 0
    rows_corrected: int = 0
    """Less by each row that is not to be counted."""
    money_read_rub: Decimal = Decimal(0)
    money_rejected_rub: Decimal = Decimal(0)
    money_corrected_rub: Decimal = Decimal(0)
    data_to_on: date | None = None
    is_stale: bool = False


class Notice(NamedTuple):
    """Something that must be said of a source though nothing of it is refused."""

    kind: str
    source: str | None
    file: str | None
    rows: int
    money_rub: Decimal | None
    detail: str | None


class UnknownName(NamedTuple):
    """A spelling that no dictionary has, and the nearest name that one has."""

    dictionary: str
    alias: str
    near: str | None
    rows: int = 0
    money_rub: Decimal = Decimal(0)


class RefusedCells(NamedTuple):
    """Cells of one column of a source that could not be read, and the first of them."""

    cells: int
    value: str
    file: str
    row: int
    reason: str


class TypedColumn(NamedTuple):
    """A column and its type as DuckDB calls it, without its width: `DECIMAL`, `BIGINT`, `VARCHAR`."""

    name: str
    type: str


class Typed(NamedTuple):
    """Rows of plain values, and the type of each column."""

    columns: tuple[TypedColumn, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Content:
    """Rows that count, of one source and month."""

    rows: int = 0
    money: Decimal | None = None
    mark: int = 0
    """Changes with anything in the rows, their order aside."""


class Month(NamedTuple):
    """The main figures of one month, all channels together."""

    period_start: date
    is_complete: bool
    spend_rub: Decimal | None
    calls: int | None
    calls_per_1000_rub: float | None
    clients: int | None
    revenue_rub: Decimal | None
    active_end: int | None
    conversion_of_active: float | None


FigureSums = dict[tuple[str, date], str]
"""Metric table and first day of a month → a checksum of its rows of that month."""
Held = Mapping[tuple[str, date], Content]
"""Source and first day of a month → what is loaded of it."""


class Asked(Opened):
    """An open warehouse and the questions to it."""

    def last_good_run(self) -> GoodRun | None:
        """The last run that left a report, whole or in part; None if there was none."""
        found = self._found(LAST_GOOD_RUN, [None])
        return GoodRun(*found[0]) if found else None

    def loaded_sources(self) -> frozenset[str]:
        """Names of the sources that have rows of some file."""
        return frozenset(row[0] for row in self._found("select distinct source from ops.files"))

    def known_files(self) -> list[str]:
        """Files that left something in the warehouse or its history, as the report names them."""
        return [row[0] for row in self._found(KNOWN_FILES)]

    def names_met(self, dictionary: str) -> dict[str, str | None]:
        """`channels` or `managers` in; each spelling of the loaded rows and the name it has out."""
        return dict(
            self._found("select alias, name from loaded.names where dictionary = ? and name <> ''", [dictionary])
        )

    def partners(self) -> list[str]:
        """Names of the partners whose rules are known."""
        return [row[0] for row in self._found("select partner from ops.partners order by 1")]

    def memory(self) -> Memory:
        """What each file gave when it was last read."""
        with self.worded():
            return remembered(self._connection)

    def published_stamps(self, target: str) -> set[str]:
        """A spreadsheet's id in; the publications to it that are remembered out."""
        return {
            row[0] for row in self._found("select distinct stamp from ops.published_rows where target = ?", [target])
        }

    def source_loads(self, run_id: str) -> list[SourceLoads]:
        """A run in; one line a source out, by name."""
        return [SourceLoads(*row) for row in self._found(SOURCE_LOADS, [run_id])]

    def notices(self, run_id: str, kinds: Collection[str]) -> list[Notice]:
        """A run and kinds of notices in; those it gave out, by source and file."""
        return [Notice(*row) for row in self._found(NOTICES, [run_id, sorted(kinds)])]

    def assumed(self, run_id: str) -> list[tuple[str, Assumed]]:
        """A run in; each source with what was assumed of it, said once however many files say it, out."""
        found = self._found(ASSUMED, [run_id, PREFIX])
        return [(source, one) for source, kind, detail in found if (one := Assumed.of(kind, detail))]

    def unknown_names(self, run_id: str) -> list[UnknownName]:
        """A run in; the spellings that no dictionary has out, the dearest of each dictionary first."""
        return [UnknownName(*row) for row in self._found(UNMAPPED, [run_id])]

    def refused_cells(self, source: str) -> dict[str, RefusedCells]:
        """A source in; column → its cells that could not be read, out."""
        return {row[0]: RefusedCells(*row[1:]) for row in self._found(REFUSED_CELLS, [source])}

    def filled_cells(self, source: str, table: str, columns: Sequence[str]) -> dict[str, int]:
        """A source, its table and columns in; column → how many of its cells were read out."""
        if not columns:
            return {}
        counts = ", ".join(f"count({column})" for column in columns)
        [found] = self._found(f"select {counts} from loaded.{table} where source = ?", [source])
        return dict(zip(columns, found, strict=True))

    def figure_sums(self) -> FigureSums:
        """Metric table and month → a checksum of its rows of that month; of tables whose rows are of a period."""
        tables = self._found(
            """select table_name from duckdb_columns()
            where schema_name = 'metrics' and column_name = 'period_start' order by 1"""
        )
        parts = [
            f"""select '{name}', date_trunc('month', period_start)::date, sum(hash(rows))::varchar
            from metrics.{name} as rows where period_start is not null group by 2"""
            for (name,) in tables
        ]
        found = self._found(" union all ".join(parts)) if parts else []
        return {(name, month): told for name, month, told in found}

    def held(self) -> Held:
        """What each source holds of each month; empty if nothing is loaded yet."""
        held: dict[tuple[str, date], Content] = {}
        for name, table in tables().items():
            days = reversed(table.day) if name == "deals" else table.day  # a sale counts where it was closed
            first = f"date_trunc('month', coalesce({', '.join(f'{column}::date' for column in days)}))::date"
            money = f"sum({table.money})" if table.money else "null"
            rows = self._found(
                f"""select source, {first}, count(*), {money}, bit_xor(hash({", ".join(table.public_columns)}))
                from loaded.{name} where not is_displaced group by 1, 2 having {first} is not null"""
            )
            held |= {(source, month): Content(*content) for source, month, *content in rows}
        return held

    def reported_ops(self, run_id: str) -> dict[str, Result]:
        """A run in; what the report reads of it beside the figures, by name, out."""
        return {
            name: self.query(name, sql, [run_id] if "?" in sql or "$1" in sql else [])
            for name, sql in REPORTED_OPS.items()
        }

    def months(self) -> list[Month]:
        """The main figures of every month as they stand, earliest first; none if nothing is built."""
        if not {"chain_period", "whole_period", "subscriber_period"} <= {*self.tables_of("metrics")}:
            return []
        return [Month(*row) for row in self._found(MONTHS)]

    def tables_of(self, schema: str) -> list[str]:
        """A schema in; the names of its tables and views out."""
        sql = "select table_name from information_schema.tables where table_schema = ? order by 1"
        return [row[0] for row in self._found(sql, [schema])]

    def typed(self, relation: str, sql: str = "select * from {}") -> Typed:
        """`schema.table` in; its rows, in the order of all columns, and the type of each column out."""
        with self.worded():
            cursor = self._connection.execute(sql.format(relation) + " order by all")
            columns = tuple(TypedColumn(told[0], str(told[1]).partition("(")[0]) for told in cursor.description)
            return Typed(columns, cursor.fetchall())

    def rejects(self) -> Typed:
        """What could not be read at the last run that loaded anything."""
        return self.typed("ops.rejects", "select * from {} where run_id = (select max(run_id) from ops.loads)")

    def figures_mark(self) -> str | None:
        """What the figures that stand were built from, as `Warehouse.keep_figures` was told; None if none stand."""
        return self._told(BUILT)

    def _told(self, key: str) -> str | None:
        """What `ops.meta` has under a key."""
        with self.worded():
            return meta_of(self._connection, key)

    def _found(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self.worded():
            rows: list[Any] = self._connection.execute(sql, list(parameters)).fetchall()
            return rows
