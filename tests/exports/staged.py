"""A sample export and what svodka.yaml says of it → the warehouse that a real run leaves."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from flows.run.given.request import request
from flows.run.one_client import run_folder
from flows.run.told.summary import RunSummary
from flows.say import plain

SAMPLES = Path(__file__).parents[1] / "data" / "exports"


@dataclass(frozen=True)
class Staged:
    """A run over one sample."""

    summary: RunSummary
    path: Path

    def one(self, sql: str) -> tuple[Any, ...]:
        """The first row of a query; money and days as text, whole doubles as integers."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            row = connection.execute(sql).fetchone()
        return tuple(shown(value) for value in row or ())

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of a query, likewise."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return [tuple(shown(value) for value in row) for row in connection.execute(sql).fetchall()]


def shown(value: Any) -> Any:
    """A value as an expectation writes it."""
    if isinstance(value, date | datetime | Decimal):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def stage(folder: Path, sample: str, *tables: str, files: Mapping[str, str] | None = None, **said: Any) -> Staged:
    """A sample, the tables it feeds (a source each) and what else is said of the source in; the run's warehouse out."""
    shutil.copy(SAMPLES / sample, folder)
    for name, text in (files or {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    dictionaries = said.pop("dictionaries", {})
    named = said.pop("files_named", sample.replace("(", "[(]"))
    sources = {table: {"table": table, "files": named, **said} for table in tables}
    client = {"client": "Проверка", "sources": sources, "settings": {"grains": ["month"]}, "dictionaries": dictionaries}
    (folder / "svodka.yaml").write_text(yaml.safe_dump(client, allow_unicode=True), encoding="utf-8")
    summary = run_folder(folder, request(as_of="2026-10-31", to="none"), plain)
    return Staged(summary, folder / "data" / "svodka.duckdb")
