"""Everything a run reads from Google → one call for all sources and dictionaries, two requests a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.client import DictionaryPlace
from config.documents import RawTable
from config.errors import SvodkaError, Unavailable
from config.folder.load import LoadedClient
from config.settings import settings
from flows.run.given.request import RunRequest
from flows.say import Step, Verb, say

if TYPE_CHECKING:
    from connectors.google_sheets.client import Pace

Found = list[RawTable] | SvodkaError
DICTIONARY = "dictionaries."
"""Before the name of a dictionary, so that it is no source's."""
CORRECTIONS = "corrections."
RATES = "rates."
"""Before the key of a table of rates."""


def read_spreadsheets(
    loaded: LoadedClient, asked: RunRequest, step: Step, pace: Callable[[], Pace | None] = lambda: None
) -> Mapping[str, Found]:
    """A client and the sources asked for in; source, dictionary or rates → its tables, or why it cannot be read.

    What is unavailable is tried again as a step is; then its error is the answer, and the others are not lost.
    Raises ConfigError if spreadsheets are wanted and there is no account to read them with. `pace`: how patiently.
    """
    if not any(True for _ in _places(loaded, asked)):
        return {}
    from connectors.google_sheets.account import account
    from connectors.google_sheets.client import connect
    from connectors.google_sheets.read import Wanted, read

    client = connect(account(settings()), is_writing=False, pace=pace())
    wanted = [Wanted(*place) for place in _places(loaded, asked)]
    found: dict[str, Found] = {}

    def attempt() -> None:
        found.clear()
        found.update(read(client, wanted))
        for one in found.values():
            if isinstance(one, Unavailable):
                raise one

    try:
        step(Verb.READ, "Google", attempt)
    except Unavailable:
        if not found:
            raise
    return found


@dataclass(frozen=True)
class Requests:
    """Requests to Google that a run will need."""

    reads: int = 0
    writes: int = 0

    @property
    def told(self) -> str:
        """In words; empty where there are none."""
        return say("planned", reads=self.reads, writes=self.writes) if self.reads else ""


def planned_requests(loaded: LoadedClient, asked: RunRequest | None = None) -> Requests:
    """A client, and a run of it, in; how many requests to Google it will need out."""
    asked = asked or RunRequest()
    places = _places(loaded, asked)
    reports = [edition.sheet for edition in loaded.client.reports if edition.sheet] if "sheets" in asked.to else []
    if not places and not reports:
        return Requests()
    from connectors.google_sheets.reach import planned
    from connectors.google_sheets.read import Wanted

    plans = planned([Wanted(*place) for place in places], reports)
    return Requests(sum(plan.reads for plan in plans), sum(plan.writes for plan in plans))


def places_wanted(loaded: LoadedClient) -> list[str]:
    """A client in; the sources, dictionaries and rates of it that are read from Google out."""
    return [name for name, *_ in _places(loaded, RunRequest())]


def _places(loaded: LoadedClient, asked: RunRequest) -> list[tuple[str, str, list[str], str | None]]:
    client = loaded.client
    wanted = {name: source for name, source in client.sources.items() if not asked.only or name in asked.only}
    sources = [(name, source.sheet, source.tab, source.range) for name, source in wanted.items() if source.sheet]
    rates = {
        RATES + source.rates_key: (source.rates.sheet, [source.rates.tab], None)
        for source in wanted.values()
        if isinstance(source.rates, DictionaryPlace)
    }
    dictionaries = [
        (DICTIONARY + name, place.sheet, [place.tab], None)
        for name in type(client.dictionaries).model_fields
        if isinstance(place := getattr(client.dictionaries, name), DictionaryPlace)
    ]
    if isinstance(place := client.corrections, DictionaryPlace):
        dictionaries.append((CORRECTIONS, place.sheet, [place.tab], None))
    return [*sources, *dictionaries, *((name, *place) for name, place in rates.items())]
