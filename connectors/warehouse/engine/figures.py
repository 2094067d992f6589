"""The warehouse's tables and a SELECT → its rows, computed by an engine, back in the warehouse.

Tables that a SELECT reads are written once as Parquet into the storage that the engine sees too, what it makes of them
is written there by its workers and taken into the warehouse, whole or not at all. The storage is empty after a run.
Few rows, and what is made of few, go through the connection instead: a bucket answers some thirty times a second.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from config.client import Engine
from config.documents import Result
from config.errors import TargetError
from config.settings import cores
from connectors.warehouse.engine import server
from connectors.warehouse.engine.translate import Columns, Translated, known_as, places, translated
from connectors.warehouse.figures.build import Maker, is_view, variables_of
from connectors.warehouse.figures.build import make as make_here
from connectors.warehouse.kept import stored
from connectors.warehouse.store.database import quoted
from connectors.warehouse.store.folders import files_in, make_folder, make_folders, remove, run_folder

FEW_ROWS = 10_000  # of a table, or of all that a SELECT reads together
SIGNED = {"UBIGINT": "decimal(20, 0)"}  # Spark knows no number without a sign


class Figures:
    """One run's session of an engine, and what it holds."""

    def __init__(self, engine: Engine, folder: Path, session: Any, end: Callable[[], None]) -> None:
        self._engine, self._folder, self._session, self._end = engine, folder, session, end
        self._columns: dict[str, Columns] = {}
        self._rows: dict[str, int] = {}  # of each table that the engine knows; of a view, all those that it reads
        self._numbers = count(1)

    @classmethod
    def open(cls, engine: Engine, data: Path) -> Figures:
        """Where the engine is, and a client's data folder, in. Raises ConfigError, TargetError, Unavailable."""
        folder = run_folder(engine, data)
        remove(folder)  # of a run that was killed
        make_folders(engine, data)
        opened = cls(engine, folder, *server.connect(engine))
        make_folder(folder)
        return opened

    @property
    def maker(self) -> Maker:
        """What makes tables here; days are not made apart: another engine's hashes stand in those of other days."""
        return Maker("spark", self.make, lambda *asked: list(self.ask(*asked).rows), self.fill, makes_days=False)

    def forget(self, *schemas: str) -> None:
        """What changed since the engine was told of it: the tables of these schemas are told anew."""
        self._rows = {place: known for place, known in self._rows.items() if place.split(".")[0] not in schemas}

    def close(self) -> None:
        """End the session; nothing is left in the storage."""
        try:
            self._end()
        finally:
            remove(self._folder)

    def make(self, connection: Any, place: str, sql: str, stands: str | None) -> None:
        """As `warehouse.build.make`: `schema.name`, its SELECT and what stands there in; the table or view there out.

        DuckDB says what columns it has, the engine which rows. Raises TargetError, Unavailable.
        """
        if not is_view(sql):
            _make_empty(connection, place, _described(connection, sql), stands)
            self.fill(connection, place, sql)
            return
        make_here(connection, place, sql, stands)
        self._columns[place] = _described(connection, place)
        asked = self._translated(connection, sql)
        with server.worded(self._engine, place):
            self._know(place, *self._asked(asked))

    def ask(self, connection: Any, name: str, sql: str) -> Result:
        """A SELECT of few rows in; its Result out. Raises TargetError, Unavailable."""
        asked = self._translated(connection, sql)
        with server.worded(self._engine, name):
            frame = self._session.sql(asked.sql)
            return Result(name, frame.columns, [tuple(row) for row in frame.collect()])

    def fill(self, connection: Any, place: str, sql: str) -> None:
        """An empty table of the warehouse gets the rows of a SELECT. Raises TargetError, Unavailable."""
        self._columns[place] = _described(connection, place)
        asked = self._translated(connection, sql)
        with server.worded(self._engine, place):
            self._fill(connection, place, asked)

    def each(self, work: Callable[[bytes], bytes], tasks: Sequence[bytes]) -> list[bytes]:
        """What a function that workers can import makes of each task, in their order. Raises TargetError, Unavailable.

        A task whose worker is lost is done by another one, once more from its beginning.
        """
        with server.worded(self._engine):
            frame = self._session.createDataFrame(list(enumerate(tasks)), "place int, task binary")
            done = frame.repartition(len(tasks)).mapInArrow(partial(_done, work), "place int, done binary").collect()
        return [row.done for row in sorted(done, key=lambda row: row.place)]

    def _translated(self, connection: Any, sql: str) -> Translated:
        """The SELECT for the engine, which holds by then all that it reads."""
        names = sorted(variables_of(sql))
        asked = ", ".join(f"getvariable('{name}')" for name in names)
        values = connection.execute(f"select {asked or 1}").fetchone()
        for place in places(sql):
            # what this run made the engine has; of the rest only the ops tables change while figures are made
            if place not in self._rows or place.startswith("ops."):
                self._hand_over(connection, place)
        columns = {place: self._columns[place] for place in places(sql)}
        return translated(sql, dict(zip(names, values, strict=False)), columns)

    def _hand_over(self, connection: Any, place: str) -> None:
        """The engine knows a table of the warehouse: stored rows by their files, what shows them otherwise by its SQL.

        Any other is given to it.
        """
        self._columns[place] = _described(connection, place)
        view = stored.view_of(connection, place)
        with server.worded(self._engine, place):
            if isinstance(view, list):
                self._know(place, self._session.read.parquet(*view), stored.rows_of(connection, place))
            elif view is not None:
                self._know(place, *self._asked(self._translated(connection, view)))
            else:
                self._give(connection, place)

    def _give(self, connection: Any, place: str) -> None:
        """A table of few rows as it is, any other as a file."""
        [(rows,)] = connection.execute(f"select count(*) from {place}").fetchall()
        if rows <= FEW_ROWS:
            typed = (f'"{c}"::{SIGNED.get(kind, kind)} as "{c}"' for c, kind in self._columns[place].items())
            frame = few(self._session, connection.sql(f"select {', '.join(typed)} from {place}").to_arrow_table())
        else:
            frame = self._session.read.parquet(self._copied(connection, place, self._fresh(place)))
        self._know(place, frame, rows)

    def _know(self, place: str, frame: Any, rows: int) -> None:
        frame.createOrReplaceTempView(known_as(place))
        self._rows[place] = rows

    def _asked(self, asked: Translated) -> tuple[Any, int]:
        """What the engine answers, and how many rows it reads for that."""
        return self._session.sql(asked.sql), sum(self._rows[place] for place in asked.reads)

    def _fill(self, connection: Any, place: str, asked: Translated) -> None:
        """What the engine answers into the table: all rows that it counts, or nothing at all."""
        frame, read = self._asked(asked)
        if read <= FEW_ROWS:
            connection.execute("select 1").fetchall()  # to register a table DuckDB wants every answer read to its end
            # `toArrow` makes of it what Sail says of its types, and of some it says a whole number where it is none
            connection.register("answered", frame._to_table()[0])
            connection.execute(f"insert into {place} by name from answered {asked.order}").fetchall()
            connection.unregister("answered")
            self._rows.pop(place, None)
            return
        path = self._fresh(place)
        frame.write.parquet(str(path))
        if not files_in(path):
            self._copied(connection, place, path)  # of no rows Sail writes no file
        self._know(place, self._session.read.parquet(str(path)), FEW_ROWS + 1)
        written = ", ".join(f"'{quoted(one)}'" for one in files_in(path) if one.endswith(".parquet"))
        connection.execute(f"insert into {place} by name from read_parquet([{written}]) {asked.order}")
        here = connection.execute(f"select count(*) from {place}").fetchone()[0]
        there = self._session.sql(f"select count(*) as rows from {known_as(place)}").collect()[0][0]
        if here != there:
            raise TargetError("engine.not_shared", storage=self._folder.parent, table=place, here=here, there=there)
        if here <= FEW_ROWS:
            self._rows.pop(place)  # it is given when it is asked for

    def _copied(self, connection: Any, place: str, path: Path) -> str:
        make_folder(path)
        connection.execute(f"copy (from {place}) to '{quoted(path)}/{known_as(place)}.parquet' (format parquet)")
        return str(path)

    def _fresh(self, place: str) -> Path:
        return self._folder / f"{next(self._numbers)}_{known_as(place)}"


def few(session: Any, rows: Any) -> Any:
    """Rows of this process as the engine sees them: a moment has no timezone, and what is always there is said to be.

    Of `case when a in (…) and … then a else …` Sail 0.7 is of two minds whether it is ever null, where `a` may be; of
    `coalesce(a, …)`, where `a` may not be, it is if a field of its schema bears metadata, even none, as those do that
    `createDataFrame` sends.
    """
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.plan import LocalRelation
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    schema = from_arrow_schema(rows.schema, prefer_timestamp_ntz=True)
    for field, column in zip(schema, rows.columns, strict=True):
        field.nullable = column.null_count > 0
    declared = schema.jsonValue()
    for told in declared["fields"]:
        del told["metadata"]
    return DataFrame(LocalRelation(rows.cast(to_arrow_schema(schema)), schema=json.dumps(declared)), session)


def _described(connection: Any, asked: str) -> Columns:
    """A table or a SELECT in; the columns that DuckDB says it has, and their types, out."""
    return {str(row[0]): str(row[1]) for row in connection.execute(f"describe {asked}").fetchall()}


def _make_empty(connection: Any, place: str, columns: Columns, stands: str | None) -> None:
    """A table of these columns, into which nothing was inserted yet.

    `as … with no data` inserts no rows, after which DuckDB 2.0 shows none of 122,880 or more that the transaction adds.
    """
    if stands == "view":
        connection.execute(f"drop view {place}")
    kind = "temp table" if place.startswith("temp.") else "table"
    listed = ", ".join(f'"{column}" {type_}' for column, type_ in columns.items())
    connection.execute(f"create or replace {kind} {place} ({listed})")


AT_ONCE = BoundedSemaphore(cores())
"""A worker that is a process of several threads does as many tasks at a time as it has cores."""


def _done(work: Callable[[bytes], bytes], batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow

    for batch in batches:
        with AT_ONCE:
            done = [work(task) for task in batch.column("task").to_pylist()]
        yield pyarrow.record_batch([batch.column("place"), pyarrow.array(done, pyarrow.binary())], ["place", "done"])
