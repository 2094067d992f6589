"""Tables of a warehouse → files that other tools read: Parquet, CSV, or a database of DuckDB 1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from connectors.warehouse.answers.reading import Reading
from connectors.warehouse.store.database import quoted

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
