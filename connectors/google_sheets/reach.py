"""Spreadsheets that a client names → what cannot be written, why, and how many requests a run will cost."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.errors import SvodkaError, TargetError
from config.messages import Language
from connectors.a1 import cell_name, spreadsheet_id
from connectors.google_sheets.batch.body import STAGING_TAB
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.known.state import EDITS_TAB, TARGET_FIELDS, State, Tab, claimed, state
from connectors.google_sheets.read import Wanted

MOST_TABS, MOST_CELLS = 200, 10_000_000  # support.google.com/drive/answer/37603
CELLS_OF_A_PAGE = 5_000
"""What a page of a small client takes, with the blank rows below it."""
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


def check_target(
    client: SheetsClient, place: str, occasion: Occasion, pages: int = 0, known: Collection[str] = ()
) -> Checked:
    """The report's spreadsheet, whose it is, how many pages it has and which publications are remembered, in.

    Out: whether it can be written tab by tab and range by range, whether it is another client's, whether there is room,
    and whether its locale fits the report. Writing is tried by giving the spreadsheet the title that it has: nothing
    changes, and a reader is refused.
    """
    try:
        spreadsheet = spreadsheet_id(place)
        answer = client.spreadsheet(spreadsheet, TARGET_FIELDS)
        there = state(answer, occasion.prefix, is_whole=True)
        same = {"updateSpreadsheetProperties": {"properties": {"title": there.title}, "fields": "title"}}
        client.batch_update(spreadsheet, json.dumps({"requests": [same]}).encode())
        claimed(there, spreadsheet, occasion, known)
    except SvodkaError as error:
        return Checked([error])
    errors, advice = list(_protected(there, client.address)), list(_protected_beside(there, client.address))
    for one in _room(answer, there, pages):
        stops = one.key == "google.no_room" or (one.key == "google.no_tabs" and not _has_pages(there))
        (errors if stops else advice).append(one)
    if not there.locale.startswith(LOCALES[occasion.language]):
        advice.append(TargetError("google.locale", spreadsheet=there.title, locale=there.locale))
    return Checked(errors, advice)


def _protected(there: State, address: str) -> Iterator[TargetError]:
    """Protected ranges over our cells in which the account may not write; an error for each tab."""
    for tab in there.tabs.values():
        over = [_a1(guard.get("range", {}), tab) for guard in tab.locked_over()]
        if over:
            facts = {"spreadsheet": there.title, "tab": tab.title, "ranges": ", ".join(over), "address": address}
            yield TargetError("google.protected_ranges", **facts)


def _protected_beside(there: State, address: str) -> Iterator[TargetError]:
    """Protected ranges beside our rows: Google deletes no row through them, so a night on which one leaves fails."""
    for tab in there.tabs.values():
        over = tab.locked_over()
        areas = [guard.get("range", {}) for guard in tab.locked if guard not in over]
        beside = [_a1(area, tab) for area in areas if area.get("startRowIndex", 0) < tab.noted.rows]
        if beside:
            facts = {"spreadsheet": there.title, "tab": tab.title, "ranges": ", ".join(beside), "address": address}
            yield TargetError("google.protected_beside", **facts)


def _a1(area: Mapping[str, int], tab: Tab) -> str:
    """A range as a person calls it: the whole tab, or its corners."""
    first = cell_name(area.get("startRowIndex", 0), area.get("startColumnIndex", 0))
    last = (area.get("endRowIndex", tab.row_count) - 1, area.get("endColumnIndex", tab.column_count) - 1)
    return f"{first}:{cell_name(*last)}"


def _has_pages(there: State) -> bool:
    """Whether some page of the report has a tab: it is renewed even where there is no room for the others."""
    return bool(there.tabs.keys() - {EDITS_TAB, STAGING_TAB})


def _room(answer: Mapping[str, Any], there: State, pages: int) -> Iterator[TargetError]:
    """Whether there is room for the pages that are not there yet, in tabs and in cells."""
    grids = [sheet["properties"].get("gridProperties", {}) for sheet in answer.get("sheets", ())]
    cells = sum(grid.get("rowCount", 0) * grid.get("columnCount", 0) for grid in grids)
    missing = max(0, pages - sum(key not in {EDITS_TAB, STAGING_TAB} for key in there.tabs))
    if len(grids) + missing > MOST_TABS:
        yield TargetError("google.no_tabs", sheet=there.title, tabs=len(grids), missing=missing)
    elif len(grids) + missing == MOST_TABS and EDITS_TAB not in there.tabs:
        yield TargetError("google.no_tab_for_edits", sheet=there.title)
    if cells + max(missing, 1) * CELLS_OF_A_PAGE > MOST_CELLS:
        yield TargetError("google.no_room", sheet=there.title)


def planned(wanted: Sequence[Wanted], places: Sequence[str]) -> list[Planned]:
    """The sources and the spreadsheets of the reports in; the requests of an ordinary run out."""
    sources = dict.fromkeys(spreadsheet_id(one.sheet) for one in wanted)
    costs = {spreadsheet: Planned(spreadsheet, 2, 0) for spreadsheet in sources}
    for target in map(spreadsheet_id, places):
        costs[target] = Planned(target, costs[target].reads + 1 if target in costs else 1, 1)
    return list(costs.values())
