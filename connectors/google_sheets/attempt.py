"""The state of a spreadsheet, what we remember and the drafts → what one publication is going to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.errors import TargetError
from config.messages import message
from connectors.google_sheets.draft import Draft
from connectors.google_sheets.ids import stable_id
from connectors.google_sheets.plan import (
    TabPlan,
    plan_new,
    plan_tab,
    plan_unremembered,
)
from connectors.google_sheets.publication import TITLE_ROW, Edit, PublishedRow
from connectors.google_sheets.remembered import HEIGHT_COLUMNS, Remembered
from connectors.google_sheets.requests import Target
from connectors.google_sheets.row_json import compact_json, texts_json
from connectors.google_sheets.state import EDITS_TAB, State, Tab
from connectors.google_sheets.structure import Request

UNDRAWN = compact_json([""])
"""The formats of a row of one cell that has none."""


@dataclass(frozen=True)
class Attempt:
    """One reading of the spreadsheet, and everything that follows from it."""

    target: Target
    plans: Sequence[TabPlan]
    edits: Sequence[Edit]
    edits_title: str
    copies: Mapping[str, str]
    """Key of a tab we do not remember → title of the copy to keep of it."""


def plan_attempt(target: Target, drafts: Sequence[Draft], last: Mapping[str, Remembered]) -> Attempt:
    """Where to publish (ids and titles still open), the drafts, and each tab as last published in; the attempt out."""
    known, language = target.state, target.occasion.language
    taken = set(known.titles.values())
    titles, copies, plans = {}, {}, []
    for one in drafts:
        tab = known.tabs.get(one.key)
        titles[one.key] = tab.title if tab else _free_title(one.sheet.title, taken)
        plans.append(_plan(one, tab, last.get(one.key)))
        if tab and one.key not in last:
            copies[one.key] = _free_title(message("google.kept_copy", language, title=tab.title), taken)
    edits = [edit for plan in plans for edit in plan.edits]
    edits_tab = known.tabs.get(EDITS_TAB)
    edits_title = edits_tab.title if edits_tab else _free_title(message("google.edits_title", language), taken)
    if edits or edits_tab:
        titles[EDITS_TAB] = edits_title
    ids = {one.key: _tab_id(target.spreadsheet, known, one.key) for one in drafts}
    settled = Target(target.spreadsheet, known, ids, titles, target.occasion)
    return Attempt(settled, plans, edits, edits_title, copies)


def last_published(known: State, recalled: Mapping[str, Mapping[str, Remembered]]) -> Mapping[str, Remembered]:
    """The tabs of the publication that arrived last, if we remember that one; else none."""
    return recalled.get(known.stamp.value, {}) if known.stamp else {}


def published_rows(plans: Sequence[TabPlan], titles: Mapping[str, str]) -> Iterator[PublishedRow]:
    """Plans in; every row of cells, height and title as they will stand, to be remembered, out."""
    for key, title in titles.items():
        yield PublishedRow(key, "~title", TITLE_ROW, "[0]", UNDRAWN, texts_json([title]))
    for plan in plans:
        heights = plan.draft.heights_px()
        for row, name in enumerate(plan.draft.identities):
            if name in heights:
                yield PublishedRow(plan.draft.key, name, row, HEIGHT_COLUMNS, UNDRAWN, texts_json([heights[name]]))
            yield _published_row(plan.draft, row, name)


def _published_row(one: Draft, row: int, name: str) -> PublishedRow:
    """One row's cells; a blank row leaves one blank cell, so that its place is remembered too."""
    cells = one.rows[row]
    if not cells.columns:
        return PublishedRow(one.key, name, row, "[0]", UNDRAWN, texts_json([None]))
    notes = compact_json(dict(cells.notes)) if cells.notes else ""
    shape = cells.shape
    return PublishedRow(one.key, name, row, shape.columns, shape.formats_json, texts_json(cells.held), notes)


def copies_first(attempt: Attempt) -> list[Request]:
    """Copies of tabs that we are about to write over without remembering what we wrote there last."""
    found: list[Request] = []
    for plan in attempt.plans:
        if plan.tab is not None and plan.draft.key in attempt.copies:
            title = attempt.copies[plan.draft.key]
            made = stable_id(attempt.target.spreadsheet, title, len(attempt.target.state.titles))
            found.append(
                {"duplicateSheet": {"sourceSheetId": plan.tab.sheet_id, "newSheetId": made, "newSheetName": title}}
            )
    return found


def copies_hidden(attempt: Attempt) -> list[Request]:
    """Hide the copies made."""
    found: list[Request] = []
    for request in copies_first(attempt):
        properties = {"sheetId": request["duplicateSheet"]["newSheetId"], "hidden": True}
        found.append({"updateSheetProperties": {"properties": properties, "fields": "hidden"}})
    return found


def _plan(one: Draft, tab: Tab | None, last: Remembered | None) -> TabPlan:
    """The plan of one tab: a new one, one that we know, or one of ours of which we remember nothing."""
    if tab is None:
        return plan_new(one)
    if last is None:
        return plan_unremembered(one, tab)
    return plan_tab(one, tab, last)


def _tab_id(spreadsheet: str, known: State, key: str) -> int:
    """The id of a tab that stands, or the one we choose for it; another if an owner's tab has that."""
    if key in known.tabs:
        return known.tabs[key].sheet_id
    wanted = stable_id(spreadsheet, key)
    while wanted in known.titles:
        wanted += 1
    return wanted


def _free_title(title: str, taken: set[str]) -> str:
    """A title that no tab has: itself, else with a number behind it."""
    names = [title, *(f"{title} ({number})" for number in range(2, 1000))]
    folded = {other.casefold() for other in taken}
    for name in names:
        if name.casefold() not in folded:
            taken.add(name)
            return name
    raise TargetError("google.no_title_left", sheet="", title=title)
