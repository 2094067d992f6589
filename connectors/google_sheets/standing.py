"""A spreadsheet → its state, in one read where every tab is where we remember it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from config.errors import TargetError, Unavailable
from connectors.google_sheets.addresses import quoted
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.draft import LARGE_CELLS
from connectors.google_sheets.remembered import Remembered
from connectors.google_sheets.staging import STAGING_TAB
from connectors.google_sheets.state import FULL_FIELDS, OUTLINE_FIELDS, State, ValueRow, state

Recalled = Mapping[str, Mapping[str, Remembered]]
"""Stamp → key → what that publication wrote on the tab."""


@dataclass(frozen=True)
class Whereabouts:
    """Where we remember our tabs to be."""

    titles: Mapping[str, str] = field(default_factory=dict)
    large: frozenset[str] = frozenset()
    """Keys of tabs that are read by value."""


def read_state(client: SheetsClient, spreadsheet: str, keys: Collection[str], recalled: Recalled) -> State:
    """A spreadsheet, the keys of the tabs to publish and what we remember in; its state out.

    One read where every tab is where we remember it; an outline first where there is none or one was renamed.
    A very large tab costs a read of its values more.
    """
    remembered = _whereabouts(recalled)
    if set(keys) <= set(remembered.titles):
        found = _read_tabs(client, spreadsheet, remembered)
        if found is not None and set(keys) <= set(found.tabs):
            return found
    outline = state(client.spreadsheet(spreadsheet, OUTLINE_FIELDS))
    titles = {key: tab.title for key, tab in outline.tabs.items() if key != STAGING_TAB}
    full = _read_tabs(client, spreadsheet, replace(remembered, titles=titles)) if titles else outline
    if full is None:
        raise Unavailable("google.unavailable", detail="a tab was renamed meanwhile")
    return replace(full, titles={**outline.titles, **full.titles}, tabs={**outline.tabs, **full.tabs})


def _whereabouts(recalled: Recalled) -> Whereabouts:
    """What we remember in; titles and sizes of our tabs in the publication remembered last out."""
    last = recalled[list(recalled)[-1]] if recalled else {}
    titles = {key: tab.title for key, tab in last.items() if tab.title is not None}
    return Whereabouts(titles, frozenset(key for key, tab in last.items() if tab.cell_count >= LARGE_CELLS))


def _read_tabs(client: SheetsClient, spreadsheet: str, where: Whereabouts) -> State | None:
    """The tabs whole; None if one of them is not where it was thought to be."""
    ranges = [quoted(title) + ("!1:1" if key in where.large else "") for key, title in where.titles.items()]
    try:
        found = state(client.spreadsheet(spreadsheet, FULL_FIELDS, ranges))
        large = [tab for key, tab in found.tabs.items() if key in where.large]
        if not large:
            return found
        values = client.values(spreadsheet, [quoted(tab.title) for tab in large])
    except TargetError as error:
        if "Unable to parse range" in str(error.facts.get("detail", "")):
            return None
        raise
    by_value = {
        tab.key: replace(tab, rows=[ValueRow(row) for row in rows], heights=(), is_large=True)
        for tab, rows in zip(large, values, strict=True)
    }
    return replace(found, tabs={**found.tabs, **by_value})
