"""A client's folder → as it was before the last run, or its report as it was published on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from config.errors import ConfigError
from config.folder.load import LoadedClient, load_client
from config.settings import now
from connectors.warehouse import Warehouse, end_undo, last_undoable, recover, undo_run, undoing
from flows.run.given.request import RunRequest, day_asked, request
from flows.run.lock import one_run
from flows.run.reports.kept import Kept, published_at, read_report, report_of
from flows.run.reports.publish import Publication, Written, publish
from flows.run.reports.report import Occasion, report_input
from flows.run.reports.standing import keep_standing, left_standing
from flows.run.told.summary import forget_last_good
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
    loaded = load_client(folder)
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


# The report as it was published on a day, beside the present one or in its place.


def restore(folder: Path, day: str, to: list[str], step: Step) -> Written:
    """The reports of a day, each under a name of its own, or into the places named; where they stand out.

    Each goes to its own reader: one whose reader svodka.yaml no longer names is not shown to anybody.
    Raises ConfigError for a day that is none or has no report, TargetError for one that cannot be read or written.
    """
    loaded = load_client(folder)
    day_asked("day", day)
    asked = request(as_of=day, to=to)
    path = report_of(loaded.data, asked.as_of or date.min)
    kept = read_report(path)
    with one_run(loaded.data, now()):
        if not to:
            return Written(list(_dated(loaded, kept, published_at(path))))
        with Warehouse.reopened(loaded.data, loaded.client) as warehouse:
            restored = Publication(kept.sheets, loaded, warehouse, published_at(path), kept=kept.others)
            return publish(restored, asked, step)


def _dated(loaded: LoadedClient, kept: Kept, published: datetime) -> Iterator[str]:
    """Workbooks beside the present ones, with the day of their publication in their names."""
    from connectors.xlsx import replace_file, workbook_bytes

    reports = [(one, kept.sheets if one.is_whole else kept.others.get(one.key)) for one in loaded.client.reports]
    if not any(one.xlsx and sheets for one, sheets in reports):
        raise ConfigError("cli.restore_no_place")
    for edition, sheets in reports:
        if edition.xlsx and sheets:
            place = str(Path(edition.xlsx).with_stem(f"{Path(edition.xlsx).stem} {published:%d.%m.%Y}"))
            content = workbook_bytes(sheets, edition.language or loaded.client.language)
            replace_file(loaded.path(place), content)
            yield place
