"""A client's tables as pandas frames, for analysts.

    import svodka

    school = svodka.open("romashka")
    school.metrics("channel_period")        # a computed table; `school.tables` names them all
    school.staged("calls")                  # rows as they were read, with the file and row of each
    school.rejects()                        # rows that were not, and why
    school.explain("channel_period.calls", channel="SEO", period_start="2026-08-01")

Money is exact (`Decimal`), counts are `Int64`, days are dates, what is unknown is `<NA>`. Personal data are masked as
in reports, unless `personal_data: keep`: one person is one mask as long as the client is open, so that tables join.
Everything is read as the last run left it, while another run is on as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from config.errors import ConfigError, SvodkaError
from config.folder.load import LoadedClient, load_client
from connectors.warehouse import Reading, Typed
from flows.explain.explain import explain as explain_figure
from transforms.mask import mask_of

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["Client", "SvodkaError", "open"]

COUNTS = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER")
DTYPES: dict[str, Any] = {
    "DOUBLE": "Float64",
    "BOOLEAN": "boolean",
    "VARCHAR": "string",
    "UBIGINT": "UInt64",
    "TIMESTAMP": "datetime64[us]",
}
"""Type in the warehouse → of a pandas column; counts are `Int64`, money and days stay Python's exact objects."""
MOST_ROWS = 1_000_000


def open(folder: str | PathLike[str]) -> Client:
    """A client's folder in; its tables out. Raises SvodkaError, in words, for a folder that is no client."""
    return Client(load_client(Path(folder)))


class Client:
    """The tables of one client; each question opens the warehouse, reads, and closes it."""

    def __init__(self, loaded: LoadedClient) -> None:
        self._loaded = loaded
        self._mask = mask_of(loaded.client.settings.personal_data)

    @property
    def name(self) -> str:
        """As the owner knows it."""
        return self._loaded.client.client

    @property
    def tables(self) -> dict[str, list[str]]:
        """`metrics` and `staged` → the names of their tables."""
        with Reading.patiently(self._loaded.data) as warehouse:
            return {schema: warehouse.tables_of(schema) for schema in ("metrics", "staged")}

    def metrics(self, table: str) -> pd.DataFrame:
        """A computed table, such as `channel_period`."""
        return self._table("metrics", table)

    def staged(self, table: str) -> pd.DataFrame:
        """The rows of all sources of a table, such as `calls`, as they were read."""
        return self._table("staged", table)

    def rejects(self) -> pd.DataFrame:
        """Cells and rows that could not be read at the last run: where they stand, what is in them, why."""
        with Reading.patiently(self._loaded.data) as warehouse:
            return self._frame(warehouse.rejects())

    def explain(self, number: str, **key: object) -> pd.DataFrame:
        """`table.column` and the key of its row; the rows of files behind the figure, used or left out with the reason.

        `frame.attrs` has `value`, `key`, `as_of`, the `formula` in words, and the `cells` of other figures that it is
        computed from: table, column, key and value of each.
        """
        words = [f"{name}={value}" for name, value in key.items()]
        found = explain_figure(self._loaded.folder, number, words, MOST_ROWS)
        rows = [
            {"part": part.name, "is_used": is_used, **vars(row)}
            for part in found.parts
            for is_used, behind in ((True, part.used), (False, part.unused))
            for row in behind
        ]
        columns = ["part", "is_used", "source", "source_file", "source_row", "day_on", "value", "reason"]
        frame = pd.DataFrame(rows, columns=columns).astype({"source_row": "Int64"})
        formula = found.described.formula.say(self._loaded.client.language)
        frame.attrs = {
            "value": found.value,
            "key": dict(found.key),
            "as_of": found.as_of,
            "formula": formula,
            "cells": [vars(cell) for cell in found.cells],
        }
        return frame

    def _table(self, schema: str, table: str) -> pd.DataFrame:
        with Reading.patiently(self._loaded.data) as warehouse:
            known = warehouse.tables_of(schema)
            if table not in known:
                near = ", ".join(get_close_matches(table, known, n=3, cutoff=0.4)) or ", ".join(known)
                raise ConfigError("cli.no_table", table=table, schema=schema, near=near)
            return self._frame(warehouse.typed(f"{schema}.{table}"))

    def _frame(self, found: Typed) -> pd.DataFrame:
        """Rows and the types of their columns in; the frame, its personal data masked, out."""
        columns = list(zip(*found.rows, strict=True)) or [()] * len(found.columns)
        return pd.DataFrame(
            {
                column.name: _series(column.type, self._shown(column.name, column.type, values))
                for column, values in zip(found.columns, columns, strict=True)
            }
        )

    def _shown(self, name: str, kind: str, values: Sequence[Any]) -> Sequence[Any]:
        if kind != "VARCHAR" or self._mask is None:
            return values
        return [None if value is None else self._mask(name, value) for value in values]


def _series(kind: str, values: Sequence[Any]) -> pd.Series:
    """Values of one column in the types of the warehouse; `<NA>` where they are unknown."""
    if kind in COUNTS:
        return pd.Series(values, dtype="Int64")
    if kind in DTYPES:
        typed: pd.Series = pd.Series(values, dtype=DTYPES[kind])
        return typed
    return pd.Series([pd.NA if value is None else value for value in values], dtype=object)
