"""Spreadsheets that a client names → what cannot be read or written, why, and how many requests a run will cost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from config.errors import SvodkaError, TargetError
from config.messages import Language
from connectors.google_sheets.addresses import spreadsheet_id
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.read import CONTENTS_FIELDS, Wanted, contents, places

LOCALES: dict[Language, str] = {"ru": "ru_RU", "en": "en"}


@dataclass(frozen=True)
class Checked:
    """What came of looking: mistakes that will stop a run, and advice that will not."""

    errors: Sequence[SvodkaError] = ()
    advice: Sequence[SvodkaError] = ()


@dataclass(frozen=True)
class Planned:
    """What one spreadsheet will cost in an ordinary run."""

    spreadsheet: str
    reads: int
    writes: int


def check_sources(client: SheetsClient, wanted: Sequence[Wanted]) -> Checked:
    """What the sources want in; every spreadsheet, tab and range that cannot be read, and why, out."""
    errors: list[SvodkaError] = []
    seen = {}
    for one in wanted:
        try:
            spreadsheet = spreadsheet_id(one.sheet)
            if spreadsheet not in seen:
                seen[spreadsheet] = contents(client.spreadsheet(spreadsheet, CONTENTS_FIELDS))
            places(seen[spreadsheet], one.tabs, one.range)
        except SvodkaError as error:
            errors.append(error)
    return Checked(errors)


def check_target(client: SheetsClient, place: str, language: Language) -> Checked:
    """The report's spreadsheet in; whether it can be written, and whether its locale fits the report, out.

    Writing is tried by giving the spreadsheet the title that it has: nothing changes, and a reader is refused.
    """
    try:
        spreadsheet = spreadsheet_id(place)
        there = contents(client.spreadsheet(spreadsheet, CONTENTS_FIELDS))
        same = {"updateSpreadsheetProperties": {"properties": {"title": there.title}, "fields": "title"}}
        client.batch_update(spreadsheet, json.dumps({"requests": [same]}).encode())
    except SvodkaError as error:
        return Checked([error])
    if there.locale.startswith(LOCALES[language]):
        return Checked()
    return Checked(advice=[TargetError("google.locale", spreadsheet=there.title, locale=there.locale)])


def planned(wanted: Sequence[Wanted], place: str | None) -> list[Planned]:
    """The sources, and the report's spreadsheet if there is one, in; the requests of an ordinary run out."""
    sources = dict.fromkeys(spreadsheet_id(one.sheet) for one in wanted)
    costs = {spreadsheet: Planned(spreadsheet, 2, 0) for spreadsheet in sources}
    if place is not None:
        target = spreadsheet_id(place)
        costs[target] = Planned(target, costs[target].reads + 1 if target in costs else 1, 1)
    return list(costs.values())
