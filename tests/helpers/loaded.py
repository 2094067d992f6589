"""A client's folder → its rows in the warehouse as a run loads them, without the figures that most of a run makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from config.draft import Run
from config.errors import SeveralErrors, SvodkaError
from config.folder.load import load_client
from config.notices import PREFIX, kinds
from connectors.warehouse import Warehouse
from flows.run.given.dictionaries import namings, partners_of, staging_context
from flows.run.given.request import RunRequest
from flows.run.given.spreadsheets import read_spreadsheets
from flows.run.loading.apart import loaded_by
from flows.run.loading.sources import Loading, load_sources
from flows.run.told.summary import notices
from flows.say import plain


@dataclass(frozen=True)
class Loaded:
    """How it ended: the exit code of a run, what stopped it or a source of it, and what it says of the rows."""

    exit_code: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def load(folder: Path, as_of: date, night: int = 1) -> Loaded:
    """A night's run over a client's folder, up to where rows are settled: committed, or given up with its error."""
    now = datetime(2026, 9, night)
    client, run = load_client(folder), Run(f"run-{night}", now, as_of, "manual", "test", "hash")
    tabs = read_spreadsheets(client, RunRequest(), plain)
    names, partners = namings(client, tabs), partners_of(client, tabs)
    with Warehouse.open(client.data, client.client) as warehouse, TemporaryDirectory() as scratch:
        warehouse.begin(run)
        try:
            warehouse.use_names(names)
            context, memory = staging_context(client, names, tabs), warehouse.memory()
            loading = Loading(warehouse, client, RunRequest(), plain, context, Path(scratch), tabs, as_of, memory)
            troubles = [one.error for one in load_sources(loading, loaded_by(loading)).troubles]
            warehouse.settle(as_of, names, partners)
        except SvodkaError as error:
            warehouse.fail(now)
            errors = error.errors if isinstance(error, SeveralErrors) else [error]
            return Loaded(error.exit_code, [one.text() for one in errors])
        doubts = notices(warehouse, run.run_id, {})
        notes = [*doubts.lines, *doubts.how_to_say_so]
        written = {str(row["kind"]) for row in warehouse.fetch("ops.notices").dicts()}
        assert {kind for kind in written if not kind.startswith(PREFIX)} <= kinds().keys(), "declared in notices.yaml"
        warehouse.commit(now)
    return Loaded(max((one.exit_code for one in troubles), default=0), [one.text() for one in troubles], notes)
