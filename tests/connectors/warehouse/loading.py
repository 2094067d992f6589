"""Tables as a person would write them → a warehouse that loaded them, for tests."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from config.client import Client, SourceConfig
from config.documents import Origin, RawTable
from config.draft import Incoming, Naming, Run, SourceFile
from connectors.files.find import find
from connectors.files.read import read
from connectors.files.table import Limits
from connectors.warehouse import Warehouse
from tests.helpers.reading import reading
from transforms.recognise import recognise_file
from transforms.staging import StagingContext, fingerprint, stage

AS_OF = date(2026, 8, 31)
Reader = Callable[[str, str, str], RawTable]
"""Source, file, its text in; its table out."""
Case = TypeVar("Case", bound=Hashable)


@dataclass
class Folder:
    """A client's data folder and its runs; every run sees the files given to it and nothing else."""

    data: Path
    sources: dict[str, dict[str, Any]]
    names: Mapping[str, Naming] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rates: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_on_disk: bool = False
    """Files are read from disk, as those too large for memory are."""
    is_apart: bool = False
    """Each file is loaded by itself, whatever its shape."""
    runs: int = 0

    @property
    def client(self) -> Client:
        """The client these sources make."""
        declared = {name: {"files": "*.csv", **source} for name, source in self.sources.items()}
        return Client.model_validate({"client": "Проверка", "sources": declared, "settings": self.settings})

    @contextmanager
    def running(self, files: Mapping[str, Mapping[str, str]], as_of: date = AS_OF) -> Iterator[Warehouse]:
        """Source → file name → its text in; the warehouse, settled but not committed, out."""
        self.runs += 1
        client = self.client
        context = StagingContext("Europe/Moscow", self.names, self.lists, self.rates)
        with Warehouse.open(self.data, client) as warehouse:
            at = datetime(2026, 9, 1, 3, self.runs)
            warehouse.begin(Run(f"run-{self.runs:03}", at, as_of, "manual", "test", "hash"))
            warehouse.use_names(self.names)
            warehouse.expect(sum(len(text) for texts in files.values() for text in texts.values()))
            for source, texts in files.items():
                incoming = read_source(warehouse, client.sources[source], source, texts, context, reader=self._reader)
                for files_at_once in [[file] for file in incoming] if self.is_apart else [incoming]:
                    list(warehouse.load_all(files_at_once))
            warehouse.settle(as_of, self.names)
            yield warehouse

    def _reader(self, source: str, file: str, text: str) -> RawTable:
        if not self.is_on_disk:
            return raw_table(source, file, text)
        folder = self.data.parent / "exports"
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="cp1251")
        [found] = [one for one in find(source, ["*"], folder) if one.path.name == file]
        [raw] = read(found, source, folder, Limits(in_memory_bytes=0))
        assert raw.rows is None
        return raw

    def run(self, files: Mapping[str, Mapping[str, str]], as_of: date = AS_OF) -> None:
        """One whole run, committed."""
        with self.running(files, as_of) as warehouse:
            warehouse.commit(datetime(2026, 9, 1, 4, self.runs))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Any SELECT over the committed warehouse."""
        return self.answers({"rows": sql})["rows"]

    def answers(self, asked: Mapping[str, str]) -> dict[str, list[tuple[Any, ...]]]:
        """Several of them by name, the file opened once."""
        with reading(self.data) as connection:
            return {name: connection.execute(sql).fetchall() for name, sql in asked.items()}


def side_by_side(
    folder: Path, cases: Mapping[Case, tuple[dict[str, Any], str]], **how: Any
) -> Callable[[str], dict[Case, list[tuple[Any, ...]]]]:
    """Case → its source and its text in; loaded by one run, each a source of its own, they cost half of a run each.

    A SELECT of one `$source` → its rows of every case, out.
    """
    names = {case: f"s{number}" for number, case in enumerate(cases)}
    made = Folder(folder / "data", {names[case]: source for case, (source, _) in cases.items()}, **how)
    made.run({names[case]: {f"{names[case]}.csv": text} for case, (_, text) in cases.items()})

    def answers(sql: str) -> dict[Case, list[tuple[Any, ...]]]:
        found = made.answers({name: sql.replace("$source", f"'{name}'") for name in names.values()})
        return {case: found[name] for case, name in names.items()}

    return answers


def read_source(
    warehouse: Warehouse,
    source: SourceConfig,
    name: str,
    texts: Mapping[str, str],
    context: StagingContext,
    *,
    reader: Reader,
) -> list[Incoming]:
    """One source's changed files, as the pipeline reads them. A later file of the mapping is a later one."""
    files = {
        file: SourceFile(name, file, _hash(text), float(place)) for place, (file, text) in enumerate(texts.items())
    }
    warehouse.found(name, list(files.values()))
    mark = fingerprint(source, context)
    incoming = []
    for file, text in texts.items():
        if not warehouse.is_unchanged(files[file], mark):
            raw = reader(name, file, text)
            drafts = [stage(one, source, context) for one in recognise_file([raw], source.table, source, {})]
            incoming.append(Incoming(files[file], mark, drafts))
    return incoming


def raw_table(source: str, file: str, text: str) -> RawTable:
    """`a;b` lines in; the table as a reader would give it out."""
    rows = list(csv.reader(io.StringIO(text.strip("\n")), delimiter=";"))
    return RawTable(Origin(source, file), rows[:40], rows)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
