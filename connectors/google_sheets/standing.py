"""A spreadsheet → its state, in one read where every tab is where we remember it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from config.errors import TargetError, Unavailable
from connectors.google_sheets.addresses import quoted
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.publication import TITLE_ROW, Memory
from connectors.google_sheets.staging import STAGING_TAB
from connectors.google_sheets.state import FULL_FIELDS, OUTLINE_FIELDS, State, state


def read_state(client: SheetsClient, spreadsheet: str, keys: Collection[str], memory: Memory) -> State:
    """A spreadsheet, the keys of the tabs to publish and what we remember in; its state out.

    One read where every tab is where we remember it; an outline first where there is none or it was renamed.
    """
    for title_by_key in _remembered_titles(spreadsheet, memory):
        if set(keys) <= set(title_by_key):
            found = _read_tabs(client, spreadsheet, list(title_by_key.values()))
            if found is not None and set(keys) <= set(found.tabs):
                return found
        break
    outline = state(client.spreadsheet(spreadsheet, OUTLINE_FIELDS))
    ours = [tab.title for key, tab in outline.tabs.items() if key != STAGING_TAB]
    full = _read_tabs(client, spreadsheet, ours) if ours else outline
    if full is None:
        raise Unavailable("google.unavailable", detail="tabs renamed while read")
    return replace(full, titles={**outline.titles, **full.titles}, tabs={**outline.tabs, **full.tabs})


def _remembered_titles(spreadsheet: str, memory: Memory) -> list[dict[str, str]]:
    """Key → title of our tabs, of each remembered publication."""
    return [
        {cell.sheet_key: cell.value for cell in cells if cell.row == TITLE_ROW}
        for cells in memory.recall(spreadsheet).values()
    ]


def _read_tabs(client: SheetsClient, spreadsheet: str, titles: Sequence[str]) -> State | None:
    """The named tabs whole; None if one of them is not there any more."""
    try:
        return state(client.spreadsheet(spreadsheet, FULL_FIELDS, [quoted(title) for title in titles]))
    except TargetError as error:
        if "Unable to parse range" in str(error.facts.get("detail", "")):
            return None
        raise
