"""A client's folder → warehouse, history and report as they were before the last run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from config.errors import ConfigError
from config.folder.load import LoadedClient, load_client
from config.settings import now, settings
from connectors.warehouse import Warehouse, end_undo, last_undoable, recover, undo_run, undoing
from flows.run.given.request import RunRequest
from flows.run.lock import one_run
from flows.run.reports.publish import Publication, Written, publish
from flows.run.reports.report import Occasion, report_input
from flows.run.reports.standing import keep_standing, left_standing
from flows.run.told.remembered import forget_last_good
from flows.say import Step
from transforms.layout import lay_out


@dataclass(frozen=True)
class Undone:
    """What stands after a run was taken back."""

    client: str
    as_of: date
    finished_at: datetime
    """Local time of the client: when the report that stands again was made."""
    written: Written


def undo(folder: Path, step: Step) -> Undone:
    """The last run of a client is taken back; an undo that was cut short is ended. What stands then out.

    Raises ConfigError where there is nothing to go back to.
    """
    loaded = load_client(folder, settings().allowed_roots)
    with one_run(loaded.data, now()):
        if not loaded.data.joinpath("svodka.duckdb").exists():
            raise ConfigError("cli.undo_nothing", folder=folder)
        recover(loaded.data)
        if undoing(loaded.data) is None:
            run = last_undoable(loaded.data)
            if run is None:
                raise ConfigError("cli.undo_nothing", folder=folder)
            undo_run(loaded.data, run)
        undone = _published(loaded, step)
        forget_last_good(loaded.data)
        if not undone.written.errors:
            end_undo(loaded.data)
    return undone


def _published(loaded: LoadedClient, step: Step) -> Undone:
    """The report of the last good run once more, with its own day and stamp, unless it was left standing."""
    with Warehouse.reopened(loaded.data, loaded.client) as warehouse:
        last = warehouse.last_good_run()
        if last is None:
            raise ConfigError("cli.undo_nothing", folder=loaded.folder)
        if (told := left_standing(warehouse, loaded, last.run_id)) is not None:
            keep_standing(warehouse, told, last.run_id)
            return Undone(loaded.client.client, last.as_of, last.finished_at, Written(told.places))
        source = report_input(warehouse, loaded.client, Occasion(last.run_id, last.as_of, last.finished_at))
        shown = Publication(lay_out(source), loaded, warehouse, last.finished_at, source)
        written = publish(shown, RunRequest(), step)
    return Undone(loaded.client.client, last.as_of, last.finished_at, written)
