"""The state of a spreadsheet, what we remember and the drafts → what one publication is going to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from config.errors import TargetError
from config.messages import message
from connectors.google_sheets.batch.body import STAGING_TAB, TabRequests, Target, remark, tab_requests
from connectors.google_sheets.batch.control_tab import control_requests
from connectors.google_sheets.batch.edits_tab import edit_requests, edits_beneath
from connectors.google_sheets.batch.structure import Request, mark
from connectors.google_sheets.known.marks import FORMER_TAB, TAB_KEY, Ids, Noted
from connectors.google_sheets.known.publication import (
    HEIGHT_COLUMNS,
    TITLE_ROW,
    Edit,
    Occasion,
    PublishedRow,
    Remembered,
)
from connectors.google_sheets.known.state import CONTROL_TAB, EDITS_TAB, Claim, State, Tab
from connectors.google_sheets.plan.rows import Draft
from connectors.google_sheets.plan.tab import TabPlan, plan_new, plan_tab, plan_unremembered
from connectors.google_sheets.values import compact_json, texts_json


@dataclass(frozen=True)
class Known:
    """The spreadsheet as it stands, and what we remember of it."""

    state: State
    last: Mapping[str, Remembered]
    """The tabs of the publication that stands there, if we remember that one."""
    claim: Claim


@dataclass(frozen=True)
class Anew:
    """What a publication that Google refused does otherwise the next time."""

    ids: str = ""
    """Everything that is made gets an id that it never had."""
    tabs: frozenset[str] = frozenset()
    """Tabs that are kept as they are, hidden, and made anew."""
    without: frozenset[str] = frozenset()
    """Pages that have no tab yet, «Правки» among them, and for whose tabs there is no room."""


UNDRAWN = compact_json([""])
"""The formats of a row of one cell that has none."""


@dataclass(frozen=True)
class Copy:
    """A former state of a tab of ours that is kept, hidden."""

    key: str
    source: int
    sheet_id: int
    title: str


@dataclass(frozen=True)
class Attempt:
    """One reading of the spreadsheet, and everything that follows from it."""

    target: Target
    plans: Sequence[TabPlan]
    tabs: Sequence[TabRequests]
    """What each plan asks for."""
    edits: Sequence[Edit]
    edits_title: str
    copies: Sequence[Copy]
    """Of tabs in which somebody changed what we do not remember."""
    first: Sequence[Request]
    """What comes before the tabs' requests, and after them."""
    last: Sequence[Request]

    @property
    def takes_names(self) -> bool:
        """Whether a title or an id is taken, which must be free in the whole spreadsheet."""
        asked = [*self.first, *self.last, *(one for tab in self.tabs for one in [*tab.before, *tab.after])]
        return any(kind in NAMING for request in asked for kind in request)


NAMING = frozenset({"addSheet", "duplicateSheet", "addChart", "addProtectedRange"})
MOST_FORMERS = 2
"""Hidden former states kept of one tab; the oldest leaves."""


def planned_tabs(drafts: Sequence[Draft], known: Known, anew: Anew) -> list[TabPlan]:
    """What is to be published, the spreadsheet as it stands and what is done otherwise than before in; a plan a tab."""
    tabs = {key: tab for key, tab in known.state.tabs.items() if key not in anew.tabs}
    return [_plan(one, tabs.get(one.key), known.last.get(one.key)) for one in drafts if one.key not in anew.without]


def plan_attempt(spreadsheet: str, occasion: Occasion, known: Known, anew: Anew, plans: Sequence[TabPlan]) -> Attempt:
    """The plans of all tabs, with ids and titles still open, in; the attempt out."""
    state, drafts = known.state, [plan.draft for plan in plans]
    ids = Ids(state.ids, anew.ids)
    taken = set(state.titles.values())
    standing = {one.key: tab for one in drafts if (tab := state.tabs.get(one.key)) and one.key not in anew.tabs}
    titles = {one.key: standing[one.key].title if one.key in standing else "" for one in drafts}
    parted = [_parted(state.tabs[key], occasion, taken) for key in sorted(anew.tabs)]
    for one in drafts:
        if one.key in anew.tabs:
            taken.discard(state.tabs[one.key].title)
        titles[one.key] = titles[one.key] or free_title(_prefixed(one.sheet.title, occasion), taken)
    copies = [_copy_of(plan.tab, occasion, ids, taken) for plan in plans if plan.tab and _is_unknown(plan, known)]
    edits = [edit for plan in plans for edit in plan.edits]
    edits_tab = None if known.claim.is_foreign else state.tabs.get(EDITS_TAB)
    beneath = next((plan.draft.key for plan in plans if plan.edits), None) if EDITS_TAB in anew.without else None
    edits_title = titles[beneath] if beneath else _title(edits_tab, "edits_title", occasion, taken)
    if (edits or edits_tab) and not beneath:
        titles[EDITS_TAB] = edits_title
    control_tab = None if known.claim.is_foreign else state.tabs.get(CONTROL_TAB)
    if occasion.control is not None:
        titles[CONTROL_TAB] = _title(control_tab, "control_title", occasion, taken)
    sheet_ids = {one.key: standing[one.key].sheet_id if one.key in standing else ids.of(one.key) for one in drafts}
    target = Target(spreadsheet, state, sheet_ids, titles, occasion, ids)
    first = [*map(_renamed, parted), *map(_duplicated, copies)]
    last = [*map(_hidden, [*copies, *parted]), *(_noted(copy, occasion) for copy in copies)]
    last += [remark(state.tabs[copy.key].remark.id, _former(copy, occasion).as_json()) for copy in parted]
    leaving = _leaving(known, [*copies, *parted])
    if known.claim.is_foreign:
        leaving += [tab.sheet_id for tab in _absent(known, drafts)]
    else:
        aside = set() if occasion.control is None else {CONTROL_TAB}
        last += [request for tab in _absent(known, drafts) if tab.key not in aside for request in _put_away(tab)]
    last += [{"deleteSheet": {"sheetId": sheet_id}} for sheet_id in leaving]
    last += edits_beneath(sheet_ids[beneath], edits, occasion) if beneath else []
    last += [] if beneath else edit_requests(edits_tab, ids.of(EDITS_TAB), edits_title, edits, occasion)
    last += control_requests(state, control_tab, ids.of(CONTROL_TAB), titles.get(CONTROL_TAB, ""), occasion)
    tabs = [tab_requests(plan, target, index) for index, plan in enumerate(plans)]
    return Attempt(target, plans, tabs, edits, edits_title, [*copies, *parted], first, last)


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


def _plan(one: Draft, tab: Tab | None, last: Remembered | None) -> TabPlan:
    """The plan of one tab: a new one, one that we know, or one of ours of which we remember nothing."""
    if tab is None:
        return plan_new(one)
    if last is None:
        return plan_unremembered(one, tab)
    return plan_tab(one, tab, last)


def _is_unknown(plan: TabPlan, known: Known) -> bool:
    """Whether somebody may have changed in a tab what we do not remember; another client's figures are not kept."""
    return plan.draft.key not in known.last and not plan.is_untouched and not known.claim.is_foreign


def _copy_of(tab: Tab, occasion: Occasion, ids: Ids, taken: set[str]) -> Copy:
    title = _former_title(tab, occasion, taken)
    return Copy(tab.key, tab.sheet_id, ids.of(FORMER_TAB, tab.key, occasion.updated_at, title), title)


def _former_title(tab: Tab, occasion: Occasion, taken: set[str]) -> str:
    return free_title(message("google.kept_copy", occasion.language, title=tab.title), taken)


def _parted(tab: Tab, occasion: Occasion, taken: set[str]) -> Copy:
    """A tab that Google lets us write no more; it is kept under another title, and a new one has its own."""
    return Copy(tab.key, tab.sheet_id, tab.sheet_id, _former_title(tab, occasion, taken))


def _renamed(copy: Copy) -> Request:
    properties = {"sheetId": copy.sheet_id, "title": copy.title}
    return {"updateSheetProperties": {"properties": properties, "fields": "title"}}


def _duplicated(copy: Copy) -> Request:
    """The copy of a tab as it stands, before anything is written."""
    made = {"sourceSheetId": copy.source, "newSheetId": copy.sheet_id, "newSheetName": copy.title}
    return {"duplicateSheet": made}


def _hidden(copy: Copy) -> Request:
    properties = {"sheetId": copy.sheet_id, "hidden": True}
    return {"updateSheetProperties": {"properties": properties, "fields": "hidden"}}


def _noted(copy: Copy, occasion: Occasion) -> Request:
    return mark(TAB_KEY, _former(copy, occasion).as_json(), {"sheetId": copy.sheet_id})


def _former(copy: Copy, occasion: Occasion) -> Noted:
    """What the mark of a former tab says."""
    return Noted(FORMER_TAB, occasion.prefix, copy.sheet_id, of=copy.key, at=occasion.updated_at.isoformat())


def _absent(known: Known, drafts: Sequence[Draft]) -> list[Tab]:
    """Tabs of pages that the report does not have now."""
    wanted = {one.key for one in drafts} | {EDITS_TAB, STAGING_TAB}
    return [tab for key, tab in known.state.tabs.items() if key not in wanted]


def _put_away(tab: Tab) -> Iterator[Request]:
    """Such a tab would show former figures as if they were today's: it is hidden until the page is back."""
    if not tab.noted.is_away:
        yield _hidden(Copy(tab.key, tab.sheet_id, tab.sheet_id, tab.title))
        yield remark(tab.remark.id, replace(tab.noted, is_away=True).as_json())


def _leaving(known: Known, copies: Sequence[Copy]) -> list[int]:
    """Former tabs beyond the number that is kept, the oldest first; of another client's file all, and its edits."""
    formers = sorted(known.state.formers, key=lambda former: former.at)
    if known.claim.is_foreign:
        edits = [known.state.tabs[EDITS_TAB].sheet_id] if EDITS_TAB in known.state.tabs else []
        return [*(former.sheet_id for former in formers), *edits]
    leaving = []
    for copy in copies:
        mine = [former.sheet_id for former in formers if former.of == copy.key]
        leaving += mine[: max(0, len(mine) + 1 - MOST_FORMERS)]
    return leaving


def _prefixed(title: str, occasion: Occasion) -> str:
    return f"{occasion.prefix} {title}" if occasion.prefix else title


def _title(tab: Tab | None, name: str, occasion: Occasion, taken: set[str]) -> str:
    """Of a tab beside the pages: the one that it has, else a free one."""
    return tab.title if tab else free_title(_prefixed(message(f"google.{name}", occasion.language), occasion), taken)


def free_title(title: str, taken: set[str]) -> str:
    """A title and those that are taken in; itself, or with a number behind it, now taken too, out."""
    names = [title, *(f"{title} ({number})" for number in range(2, 1000))]
    folded = {other.casefold() for other in taken}
    for name in names:
        if name.casefold() not in folded:
            taken.add(name)
            return name
    raise TargetError("google.no_title_left", sheet="", title=title)
