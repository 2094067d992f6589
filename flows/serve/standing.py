"""A client whose lock another run holds → what its report is like meanwhile, in words."""

from __future__ import annotations

from datetime import datetime

from config.errors import SvodkaError
from config.load import LoadedClient
from connectors.warehouse import Reading
from flows.run.request import RunRequest, settled_as_of
from flows.say import day, say


def standing(loaded: LoadedClient, asked: RunRequest, now: datetime) -> str | None:
    """The report that was asked for stands already, made by another run: when; None if it does not yet."""
    try:
        with Reading.open(loaded.data) as warehouse:
            last = warehouse.last_good_run()
    except SvodkaError:
        return None
    if last is None or last.as_of != settled_as_of(asked, loaded.client, now):
        return None
    return say("renewed_by_another", day=day(last.as_of), moment=f"{last.finished_at:%H:%M}")
