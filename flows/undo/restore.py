"""A client's folder and a day → the report as it was published that day, beside the present one or in its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from config.errors import ConfigError
from config.folder.load import LoadedClient, load_client
from config.folder.yaml_file import inside
from config.settings import now, settings
from connectors.warehouse import Warehouse
from flows.run.given.request import day_asked, request
from flows.run.lock import one_run
from flows.run.reports.kept import Kept, published_at, read_report, report_of
from flows.run.reports.publish import Publication, Written, publish
from flows.say import Step


def restore(folder: Path, day: str, to: list[str], step: Step) -> Written:
    """The reports of a day, each under a name of its own, or into the places named; where they stand out.

    Each goes to its own reader: one whose reader svodka.yaml no longer names is not shown to anybody.
    Raises ConfigError for a day that is none or has no report, TargetError for one that cannot be read or written.
    """
    loaded = load_client(folder, settings().allowed_roots)
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
    from connectors.xlsx import workbook_bytes
    from connectors.xlsx.save import replace_file

    reports = [(one, kept.sheets if one.is_whole else kept.others.get(one.key)) for one in loaded.client.reports]
    if not any(one.xlsx and sheets for one, sheets in reports):
        raise ConfigError("cli.restore_no_place")
    for edition, sheets in reports:
        if edition.xlsx and sheets:
            place = str(Path(edition.xlsx).with_stem(f"{Path(edition.xlsx).stem} {published:%d.%m.%Y}"))
            content = workbook_bytes(sheets, edition.language or loaded.client.language)
            replace_file(inside(loaded.folder, place, loaded.allowed_roots), content)
            yield place
