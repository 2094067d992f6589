"""A warehouse opened to be read: one figure → the rows and the figures behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import duckdb

from config.errors import TargetError
from connectors.warehouse.answers.ask import Asked
from connectors.warehouse.figures.build import set_variables
from connectors.warehouse.store.database import open_for_reading, patiently, quoted

LOOKED_AT = "create or replace temp table behind as {sql}"
COUNTED = """
select is_used, reason, count(*) as rows, {total}(value) as total
from behind
group by all
order by is_used desc, rows desc, reason
"""
SHOWN = """
select is_used, source, source_file, source_row, day_on, value, reason
from behind
qualify row_number() over (partition by is_used, reason order by day_on, source, source_file, source_row) <= ?
order by reason, day_on, source, source_file, source_row
"""
REFUSED_ROWS = """
select count(distinct (source_file, source_row))
from ops.rejects
where not is_row_kept
    and run_id = (select max(run_id) from ops.loads)
    and source in (select source from ops.sources where list_contains(?::varchar[], table_name))
"""
PATIENCE_SECONDS = 10.0
AROUND = "select period_start from metrics.period where grain = ? and ? between period_start and last_on"


@dataclass(frozen=True)
class RowBehind:
    """One row of a file that a figure looked at."""

    source: str
    source_file: str
    source_row: int | None
    day_on: date | None
    value: Any
    reason: str | None = None

    def with_value(self, value: Any) -> RowBehind:
        """The same row, its value written otherwise."""
        return replace(self, value=value)


@dataclass(frozen=True)
class PartBehind:
    """One sum that a figure is, or is made of."""

    name: str
    total: Any
    rows_used: int
    left_out: Mapping[str, int]
    """Reason → rows."""
    used: Sequence[RowBehind]
    """The first of them."""
    unused: Sequence[RowBehind]

    def with_rows(self, total: Any, used: Sequence[RowBehind], unused: Sequence[RowBehind]) -> PartBehind:
        """The same part, its values written otherwise."""
        return replace(self, total=total, used=used, unused=unused)


class Span(NamedTuple):
    """The first days of the first and the last period; None where there is none."""

    first: date | None
    last: date | None


class Reading(Asked):
    """A warehouse opened to be read only: the file, or during a run the copy of its last complete state."""

    @classmethod
    def open(cls, data: Path) -> Self:
        """The data folder in; the warehouse, to be closed by a `with` block, out.

        Raises TargetError if there is none yet, or it is locked and has no copy.
        """
        return cls(data, open_for_reading(data))

    @classmethod
    def patiently(cls, data: Path) -> Self:
        """The same; a run that changed nothing yet holds the file for seconds: they are waited out."""
        return patiently(partial(cls.open, data), PATIENCE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self._connection.close()

    @contextmanager
    def worded(self) -> Iterator[None]:
        """As of any warehouse; figures that lack a column or a table were computed by an earlier version."""
        try:
            with super().worded():
                yield
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise TargetError("warehouse.older_figures", problem=str(error).splitlines()[0]) from error

    def set_variables(self, values: Mapping[str, object]) -> None:
        """Name → value in; what `getvariable(name)` answers from now on."""
        with self.worded():
            set_variables(self._connection, values)

    def figure(self, sql: str) -> list[Any]:
        """The SELECT of one figure in; its row, the figure last, out; none where there is no such row."""
        found = self._found(sql)
        return list(found[0]) if found else []

    def part(self, name: str, sql: str, most_rows: int, *, is_sum: bool) -> PartBehind:
        """A sum, the SELECT of all rows that it looked at, and how many to show in; what it is made of out.

        What is no sum is the value of the only row that is used.
        """
        with self.worded():
            self._connection.execute(LOOKED_AT.format(sql=sql))
        counted = self._found(COUNTED.format(total="sum" if is_sum else "max"))
        shown = self._found(SHOWN, [most_rows])
        totals = [row[3] for row in counted if row[0]]
        return PartBehind(
            name=name,
            total=(totals[0] or 0 if totals else 0) if is_sum else next(iter(totals), None),
            rows_used=sum(row[2] for row in counted if row[0]),
            left_out={row[1]: row[2] for row in counted if not row[0]},
            used=[RowBehind(*row) for is_used, *row in shown if is_used],
            unused=[RowBehind(*row) for is_used, *row in shown if not is_used],
        )

    def cells(self, sql: str) -> list[tuple[Any, ...]]:
        """The SELECT of figures of a metric table in; their rows, the figure last, out."""
        return self._found(sql)

    def rows_refused(self, names: Iterable[str]) -> int:
        """Tables in; how many rows of their sources could not be read at all out."""
        count: int = self._found(REFUSED_ROWS, [list(names)])[0][0]
        return count

    def values_of(self, table: str, column: str) -> list[str]:
        """A metric table and a column of its key in; the values that it has, as text, out."""
        found = self._found(f"select distinct {column} from metrics.{table} order by 1")
        return [str(row[0]) for row in found]

    def last_period(self, grain: str, table: str) -> date | None:
        """A grain and a table in; the first day of the last complete period out, of a plan of the last one planned."""
        sql = "select max(period_start) from metrics.period where grain = ? and is_complete"
        if table == "plan_period":
            sql = "select max(period_start) from metrics.plan_period where grain = ?"
        day: date | None = self._found(sql, [grain])[0][0]
        return day

    def period_around(self, grain: str, day: date) -> date | None:
        """A grain and a day in; the first day of the period that the day is in out."""
        found = self._found(AROUND, [grain, day])
        return found[0][0] if found else None

    def period_span(self, grain: str) -> Span:
        """A grain in; from when to when there are periods out."""
        [row] = self._found("select min(period_start), max(period_start) from metrics.period where grain = ?", [grain])
        return Span(*row)


# Tables of a warehouse → files that other tools read: Parquet, CSV, or a database of DuckDB 1.

Format = Literal["parquet", "csv", "duckdb1"]
Mask = Callable[[str, str], str]
"""A column's name and the text of a cell in; the text fit to leave the warehouse out."""
SCHEMAS = ("metrics", "staged")
AT_ONCE = 20_000
"""Rows that are masked at a time."""
DUCKDB1 = "export.duckdb"
OLDEST = "v1.0.0"
"""Of the file's form: any DuckDB from 1.0 on opens it."""


class Exporting(Reading):
    """A warehouse that is read to be written elsewhere."""

    def write(self, folder: Path, form: Format, mask: Mask | None) -> Iterator[str]:
        """Every computed and staged table into the folder; the names of the files out, as they come."""
        with self.worded():
            if form == "duckdb1":
                path = folder / DUCKDB1
                path.unlink(missing_ok=True)
                self._connection.execute(
                    f"attach '{quoted(path)}' as exported (read_write, storage_version '{OLDEST}')"
                )
            for schema in SCHEMAS:
                if form == "duckdb1":
                    self._connection.execute(f"create schema exported.{schema}")
                for table in self.tables_of(schema):
                    shown = self._shown(f"{schema}.{table}", mask)
                    if form == "duckdb1":
                        self._connection.execute(f"create table exported.{schema}.{table} as from {shown}")
                    else:
                        yield self._copied(folder, f"{schema}.{table}", shown, form)
            if form == "duckdb1":
                self._connection.execute("detach exported")
                yield DUCKDB1

    def _copied(self, folder: Path, relation: str, shown: str, form: Format) -> str:
        name = f"{relation}.{form}"
        options = "format parquet, compression zstd" if form == "parquet" else "format csv, header"
        self._connection.execute(f"copy (from {shown}) to '{quoted(folder / name)}' ({options})")
        return name

    def _shown(self, relation: str, mask: Mask | None) -> str:
        """The table itself, or a temporary one with its texts masked."""
        cursor = self._connection.execute(f"select * from {relation}")
        texts = [place for place, told in enumerate(cursor.description) if str(told[1]) == "VARCHAR"]
        if mask is None or not texts:
            return relation
        names = [told[0] for told in cursor.description]
        with self._connection.cursor() as other:
            other.execute(f"select * from {relation}")
            self._connection.execute(f"create or replace temp table shown as select * from {relation} limit 0")
            while rows := other.fetchmany(AT_ONCE):
                columns: list[list[Any]] = [list(values) for values in zip(*rows, strict=True)]
                for place in texts:
                    columns[place] = [None if text is None else mask(names[place], text) for text in columns[place]]
                self._connection.execute(f"insert into shown select {', '.join(['unnest(?)'] * len(columns))}", columns)
        return "shown"


def export_tables(data: Path, folder: Path, form: Format, mask: Mask | None) -> list[str]:
    """The data folder, a folder to write to, a format, and a mask of texts; the names of the written files out."""
    with Exporting.patiently(data) as warehouse:
        return list(warehouse.write(folder, form, mask))
