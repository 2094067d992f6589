"""A sample export and what svodka.yaml says of it → the rows that a run loads, or the run itself."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from flows.run.given.request import request
from flows.run.one_client import run_folder
from flows.run.told.summary import RunSummary
from flows.say import plain
from tests.helpers.loaded import load
from tests.helpers.reading import reading

SAMPLES = Path(__file__).parents[1] / "data" / "exports"


@dataclass(frozen=True)
class Staged:
    """The warehouse after one sample was loaded."""

    path: Path

    def one(self, sql: str) -> tuple[Any, ...]:
        """The first row of a query; money and days as text, whole doubles as integers."""
        with reading(self.path.parent) as connection:
            row = connection.execute(sql).fetchone()
        return tuple(shown(value) for value in row or ())

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """Every row of a query, likewise."""
        with reading(self.path.parent) as connection:
            return [tuple(shown(value) for value in row) for row in connection.execute(sql).fetchall()]


def shown(value: Any) -> Any:
    """A value as an expectation writes it."""
    if isinstance(value, date | datetime | Decimal):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def stage(folder: Path, sample: str, *tables: str, files: Mapping[str, str] | None = None, **said: Any) -> Staged:
    """A sample, the tables it feeds (a source each) and what else is said of the source in; its rows out.

    They are loaded as a run loads them; no figures are made of them.
    """
    described(folder, sample, *tables, files=files, **said)
    assert load(folder, date(2026, 8, 31)).problems == []
    return Staged(folder / "data" / "svodka.duckdb")


def run(folder: Path, sample: str, *tables: str, **said: Any) -> RunSummary:
    """The same in; how a whole run ended out."""
    described(folder, sample, *tables, **said)
    return run_folder(folder, request(as_of="2026-10-31", to=["none"]), plain)


def run_all(folder: Path, fed: Mapping[str, str], said: Mapping[str, Mapping[str, Any]]) -> RunSummary:
    """Samples and the table that each feeds, what else is said of some of them, in; how a run over all ended out."""
    sources = {}
    for number, (sample, table) in enumerate(fed.items()):
        shutil.copy(SAMPLES / sample, folder)
        sources[f"s{number}"] = {"table": table, "files": sample.replace("(", "[(]"), **said.get(sample, {})}
    written(folder, sources, {})
    return run_folder(folder, request(as_of="2026-10-31", to=["none"]), plain)


def described(folder: Path, sample: str, *tables: str, files: Mapping[str, str] | None = None, **said: Any) -> None:
    """A client's folder with the sample and its settings."""
    shutil.copy(SAMPLES / sample, folder)
    for name, text in (files or {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    dictionaries = said.pop("dictionaries", {})
    named = said.pop("files_named", sample.replace("(", "[(]"))
    written(folder, {table: {"table": table, "files": named, **said} for table in tables}, dictionaries)


def written(folder: Path, sources: Mapping[str, Any], dictionaries: Mapping[str, str]) -> None:
    """The settings of a client with these sources."""
    client = {"client": "Проверка", "sources": sources, "settings": {"grains": ["month"]}, "dictionaries": dictionaries}
    (folder / "svodka.yaml").write_text(yaml.safe_dump(client, allow_unicode=True), encoding="utf-8")
