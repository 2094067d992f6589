"""A client's folder and a day → the report as it was published that day, beside the present one or in its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from config.errors import ConfigError
from config.load import load_client
from config.settings import now, settings
from config.yaml_file import inside
from connectors.warehouse import Warehouse
from flows.run.kept import published_at, read_report, report_of
from flows.run.lock import one_run
from flows.run.publish import Publication, Written, publish
from flows.run.request import request
from flows.say import Step


def restore(folder: Path, day: str, to: list[str], step: Step) -> Written:
    """The report of a day, written under a name of its own, or into the places named; where it stands out.

    Raises ConfigError for a day that is none or has no report, TargetError for one that cannot be read or written.
    """
    loaded = load_client(folder, settings().allowed_roots)
    asked = request(as_of=day, to=to)
    path = report_of(loaded.data, asked.as_of or date.min)
    sheets = read_report(path)
    with one_run(loaded.data, now()):
        if to:
            with Warehouse.reopened(loaded.data, loaded.client) as warehouse:
                return publish(Publication(sheets, loaded, warehouse, published_at(path)), asked, step)
        from connectors.xlsx import workbook_bytes
        from connectors.xlsx.save import replace_file

        place = next((edition.xlsx for edition in loaded.client.reports if edition.is_whole and edition.xlsx), None)
        if place is None:
            raise ConfigError("cli.restore_no_place")
        dated = str(Path(place).with_stem(f"{Path(place).stem} {published_at(path):%d.%m.%Y}"))
        content = workbook_bytes(sheets, loaded.client.language)
        replace_file(inside(loaded.folder, dated, loaded.allowed_roots), content)
        return Written([dated])
