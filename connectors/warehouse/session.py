"""A warehouse's connection over one run: its transaction, its line in `ops.runs`, questions to it, its end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from config.documents import Result
from config.errors import RuleBroken
from config.staging import Run
from connectors.warehouse import database


class Session:
    """One connection to `data/svodka.duckdb`; left by an exception, it rolls everything back."""

    def __init__(self, data: Path, connection: Any) -> None:
        self._data, self._connection = data, connection
        self._run: Run | None = None
        self._is_open = True

    def begin(self, run: Run) -> None:
        """Record the run as `running`, in a transaction of its own, and runs that were killed as `killed`."""
        with self._worded():
            self._connection.execute("update ops.runs set status = 'killed' where status = 'running'")
            self._connection.execute(
                "insert into ops.runs values (?, ?, null, ?, 'running', ?, ?, ?)",
                [run.run_id, run.started_at, run.as_of, run.trigger, run.version, run.config_hash],
            )
            self._connection.begin()
        self._run = run

    @property
    def connection(self) -> Any:
        """The DuckDB connection, inside the run's transaction."""
        return self._connection

    def set_variables(self, values: Mapping[str, Any]) -> None:
        """Name → value (None, number, text, date, list of texts) for `getvariable` in metric SQL."""
        for name, value in values.items():
            self._connection.execute(f"set variable {name} = ?", [value])

    def fetch(self, relation: str, order: Collection[str] = ()) -> Result:
        """`schema.table` in; all of it, named by the table, out."""
        by = f" order by {', '.join(order)}" if order else ""
        return self.query(relation.rpartition(".")[2], f"select * from {relation}{by}")

    def query(self, name: str, sql: str, parameters: Sequence[Any] = ()) -> Result:
        """Any SELECT in; its Result out."""
        with self._worded():
            cursor = self._connection.execute(sql, list(parameters))
            return Result(name, [column[0] for column in cursor.description], cursor.fetchall())

    def check_rules(self, queries: Mapping[str, str]) -> None:
        """Rule name → SELECT of rows that must not exist; raises RuleBroken naming the rules and their first rows."""
        broken = []
        for name, sql in queries.items():
            found = self.query(name, f"select * from ({sql}) limit 3")
            if found.rows:
                shown = "; ".join(", ".join(f"{c}={v}" for c, v in row.items()) for row in found.dicts())
                broken.append(f"{name}: {shown}")
        if broken:
            raise RuleBroken("warehouse.rule_broken", rules="\n".join(broken))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Roll back what was not committed and close the file; it is complete, so the readers' copy goes."""
        if not self._is_open:
            return
        self._is_open = False
        with self._worded():
            try:
                self._roll_back()
            finally:
                self._connection.close()
            database.drop_copy(self._data)

    def _begun(self) -> Run:
        if self._run is None:
            raise RuntimeError("begin() comes first")
        return self._run

    @contextmanager
    def _worded(self) -> Iterator[None]:
        with database.worded(self._data / database.DATABASE):
            yield

    def _finish(self, finished_at: datetime, status: str) -> None:
        if self._run is not None:
            self._connection.execute(
                "update ops.runs set finished_at = ?, status = ? where run_id = ?",
                [finished_at, status, self._run.run_id],
            )

    def _roll_back(self) -> None:
        if self._run is not None:
            try:
                self._connection.rollback()
            except duckdb.TransactionException:
                return  # nothing was under way
            except duckdb.FatalException:
                self._connection.close()  # a full disk ends the connection; the file holds the last complete state
                self._connection = database.connect(self._data)
