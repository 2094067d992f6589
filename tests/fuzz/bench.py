"""Cases → what became of them: each a source of one client, loaded as the pipeline does, settled together, twice."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.client import Client, SourceConfig
from config.draft import Run, SourceFile
from config.errors import SvodkaError
from config.folder.aliases import Aliases
from config.folder.load import LoadedClient
from connectors.files.find import find
from connectors.files.read import read
from connectors.files.table import Limits
from connectors.warehouse import Warehouse
from flows.run.given.dictionaries import namings, staging_context
from flows.run.given.request import RunRequest
from flows.run.loading.sources import Loading, load_source
from flows.say import plain
from tests.fuzz import checks
from tests.fuzz.case import Case
from tests.fuzz.limit import MOST_SECONDS, TooLong, at_most
from tests.helpers.words import as_if_long
from transforms.recognise import recognise_file
from transforms.staging import fingerprint, stage

AS_OF = date(2026, 10, 31)
SETTLING_SECONDS = 20.0
"""Of all cases together."""


HEADER_AGAIN = "staging.unknown_words"
"""So a header that stands again with a damaged cell is asked about in memory, where all of its cells are looked at."""
NULL_MARK = "\ue000".encode()
"""Stands for NULL where rows in memory are handed over; an export that holds it is not compared."""


@dataclass
class Outcome:
    """What became of one case."""

    case: Case
    refusal: str | None = None
    """The key of the error, if the export was refused."""
    problems: list[str] = field(default_factory=list)
    """What must not be."""
    seconds: float = 0.0
    """Of the processor, without the settling."""

    @property
    def is_loaded(self) -> bool:
        """Whether its rows are in the warehouse."""
        return self.refusal is None and not self.problems


def tried(cases: Sequence[Case]) -> list[Outcome]:
    """Cases in; their outcomes out. What goes wrong among many is tried again alone, to know whose it is."""
    with TemporaryDirectory(prefix="fuzz-") as folder:
        bench = _Bench(Path(folder), cases)
        outcomes = bench.run()
    if len(cases) > 1 and (bench.is_refused_whole or any(outcome.problems for outcome in outcomes)):
        alone = [outcome for case in cases for outcome in tried([case])]
        if bench.is_refused_whole or any(outcome.problems for outcome in alone):
            return alone
    return outcomes


class _Bench:
    def __init__(self, folder: Path, cases: Sequence[Case]) -> None:
        self.folder, self.outcomes = folder, [Outcome(case) for case in cases]
        self.is_refused_whole = False
        for place, case in enumerate(cases):
            path = folder / "exports" / str(place) / case.file
            path.parent.mkdir(parents=True)
            path.write_bytes(case.content)
        self.loaded = LoadedClient(folder, client_of(cases), Aliases(), "hash")

    def run(self) -> list[Outcome]:
        """Two runs over the same files; the second must find nothing to do."""
        whole = self.outcomes[-1]
        with self._watched(whole, SETTLING_SECONDS), self._begun(1) as loading:
            for place, outcome in enumerate(self.outcomes):
                self._load(loading, place, outcome)
            if any("Error" in problem for outcome in self.outcomes for problem in outcome.problems):
                return self.outcomes  # the transaction is broken; each is tried alone
            before = self._settled(loading, whole)
            if before is None:
                return self.outcomes
            loading.warehouse.commit(datetime(2026, 11, 1, 4))
        if whole.problems or not any(outcome.is_loaded for outcome in self.outcomes):
            return self.outcomes
        with self._watched(whole, SETTLING_SECONDS), self._begun(2) as loading:
            whole.problems += self._again(loading, before)
        return self.outcomes

    @contextmanager
    def _begun(self, number: int) -> Iterator[Loading]:
        names = namings(self.loaded, {})
        with Warehouse.open(self.loaded.data, self.loaded.client) as warehouse, TemporaryDirectory() as scratch:
            warehouse.begin(Run(f"run-{number}", datetime(2026, 11, 1, number), AS_OF, "manual", "fuzz", "hash"))
            warehouse.use_names(names)
            context = staging_context(self.loaded, names, {})
            yield Loading(warehouse, self.loaded, RunRequest(), plain, context, Path(scratch))

    def _load(self, loading: Loading, place: int, outcome: Outcome) -> None:
        began = time.process_time()
        name = f"s{place}"
        with self._watched(outcome, 2 * MOST_SECONDS if outcome.case.is_on_disk else None):
            try:
                source = self.loaded.client.sources[name]
                if outcome.case.is_on_disk and NULL_MARK not in outcome.case.content:
                    outcome.problems += both_ways(loading, name, source)
                else:
                    load_source(loading, name, source)
            except SvodkaError as error:
                outcome.refusal = error.key
                outcome.problems += checks.of_error(error, outcome.case.content, self.folder)
        outcome.seconds = time.process_time() - began

    def _settled(self, loading: Loading, whole: Outcome) -> dict[str, Any] | None:
        """Settle, check, and give the picture that a second run must give too; None where settling is refused."""
        try:
            loading.warehouse.settle(AS_OF, namings(self.loaded, {}))
        except SvodkaError as error:
            self.is_refused_whole, whole.refusal = True, error.key
            whole.problems += checks.of_error(error, whole.case.content, self.folder)
            return None
        connection = loading.warehouse._connection
        whole.problems += checks.of_loads(connection, "run-1")
        whole.problems += checks.of_rows(connection, loading.recognised)
        return checks.picture(connection)

    def _again(self, loading: Loading, before: dict[str, Any]) -> Iterator[str]:
        for place, outcome in enumerate(self.outcomes):
            name = f"s{place}"
            if outcome.is_loaded and load_source(loading, name, self.loaded.client.sources[name]):
                yield f"the second run reads {outcome.case.file} again"
        loading.warehouse.settle(AS_OF, namings(self.loaded, {}))
        if loading.warehouse.is_anything_new():
            yield "the second run changes something"
        after = checks.picture(loading.warehouse._connection)
        for name, found in after.items():
            if found != before[name]:
                yield f"{name} is another after the second run: {before[name]} → {found}"

    @contextmanager
    def _watched(self, outcome: Outcome, seconds: float | None = None) -> Iterator[None]:
        """Whatever comes out that is not ours is a problem of the outcome."""
        try:
            with _limited(seconds):
                yield
        except TooLong:
            outcome.problems.append("TooLongError: it does not end in time")
        except Exception:
            outcome.problems.append(traceback.format_exc(limit=-6))


def both_ways(loading: Loading, name: str, source: SourceConfig) -> Iterator[str]:
    """Load a file as if it were too large for memory; what that gives otherwise than its rows in memory do out.

    Raises what refuses it, if both ways do.
    """
    found: list[checks.Ways] = []
    errors: list[SvodkaError] = []
    for load in (load_source, load_from_disk):
        try:
            load(loading, name, source)
            found.append(checks.rows_of(loading.warehouse._connection, name, source.table))
        except SvodkaError as error:
            errors.append(error)
            found.append({error.key: [(True,)]})
    if len(errors) == 2 or HEADER_AGAIN in found[0]:
        raise errors[0]
    yield from checks.of_ways(*found)


def load_from_disk(loading: Loading, name: str, source: SourceConfig) -> None:
    """What `load_source` does, as if the file were too large to be read into memory, and long."""
    [found] = find(name, source.files, loading.loaded.folder)
    raws = read(found, name, loading.scratch, Limits(in_memory_bytes=0), source.tab)
    recognised = recognise_file(raws, source.table, source, {})
    loading.recognised.extend(recognised)
    drafts = [stage(one, source, loading.context) for one in recognised]
    file = SourceFile(name, found.file, found.content_hash, found.modified_at)
    loading.warehouse.found(name, [file])
    with as_if_long():
        loading.warehouse.load(file, fingerprint(source, loading.context), drafts)


def _limited(seconds: float | None) -> Any:
    return at_most() if seconds is None else at_most(seconds)


def client_of(cases: Sequence[Case], **said: Any) -> Client:
    """Cases in; the client whose sources they are. No share of refused rows stops it."""
    sources = {f"s{place}": {**case.source, "files": f"exports/{place}/*"} for place, case in enumerate(cases)}
    settings = {"loading": {"max_rejected_share": 1.0, "max_unpacked_mb": 64}, "grains": ["month"]}
    return Client.model_validate({"client": "Проверка", "sources": sources, "settings": settings, **said})
