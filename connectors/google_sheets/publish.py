"""Sheet documents → the owner's spreadsheet: one read, one atomic write; the previous report stands until then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from uuid import uuid4

from config.documents import Sheet
from config.errors import TargetError, Unavailable
from config.messages import message
from connectors.google_sheets.addresses import quoted, spreadsheet_id
from connectors.google_sheets.batch import (
    STAGING_TAB,
    Target,
    as_json,
    body_of,
    choose,
    copied,
    flattened,
    staging_bodies,
    staging_id,
    stamp,
    tab_requests,
)
from connectors.google_sheets.client import LostAnswer, SheetsClient
from connectors.google_sheets.edits_tab import edit_requests
from connectors.google_sheets.plan import (
    TabPlan,
    plan_new,
    plan_tab,
    plan_unremembered,
)
from connectors.google_sheets.publication import TITLE_ROW, Edit, Memory, Occasion, PublishedRow, Publishing
from connectors.google_sheets.remembered import HEIGHT_COLUMNS, Remembered, remembered
from connectors.google_sheets.rows import LARGE_CELLS, Draft, draft
from connectors.google_sheets.state import (
    EDITS_TAB,
    FULL_FIELDS,
    OUTLINE_FIELDS,
    State,
    Tab,
    ValueRow,
    stable_id,
    state,
)
from connectors.google_sheets.structure import Request
from connectors.google_sheets.values import compact_json, texts_json

# A spreadsheet → its state, in one read where every tab is where we remember it.

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


MOST_REBUILDS = 5


@dataclass(frozen=True)
class Job:
    """One publication from start to end."""

    client: SheetsClient
    spreadsheet: str
    drafts: Sequence[Draft]
    memory: Memory
    occasion: Occasion
    stamp: str
    """Names this publication, on the spreadsheet and in the memory."""


@dataclass(frozen=True)
class Known:
    """The spreadsheet as it stands, and what we remember of it."""

    state: State
    recalled: Recalled


def publish(
    client: SheetsClient, place: str, sheets: Sequence[Sheet], memory: Memory, occasion: Occasion
) -> Publishing:
    """Sheets and the address of a spreadsheet in; what was written, and which human edits were found, out.

    Whatever fails at whatever moment, the spreadsheet shows the previous complete report or the new one. A write whose
    answer is lost is looked for on the spreadsheet itself before another is built, so nothing can double.
    Raises TargetError with what the owner must do, Unavailable if Google does not answer in the time given.
    """
    stamped = f"{occasion.updated_at.isoformat()} {uuid4().hex[:12]}"
    job = Job(client, spreadsheet_id(place), [draft(sheet) for sheet in sheets], memory, occasion, stamped)
    reads, writes, waited = client.reads, client.writes, 0.0
    known: Known | None = None
    done: Publishing | None = None
    for tries in count():
        try:
            known = _known(job)
            if done is None or known.state.stamp is None or known.state.stamp.value != stamped:
                attempt = _attempt(job, known)
                done = _outcome(attempt, client.link(job.spreadsheet))
                done = replace(done, bytes_sent=_send(client, attempt, stamped))
            memory.settle(job.spreadsheet, stamped)
            break
        except LostAnswer:
            wait = client.pace.wait(tries, None)
            waited += wait
            if waited > client.pace.total_seconds:
                raise
            client.pace.clock.sleep(wait)
        except TargetError as error:
            if error.key != "google.refused" or tries >= MOST_REBUILDS or not _has_changed(job, known):
                raise
    assert done is not None  # noqa: S101 - the loop ends with a publication or an error
    return replace(done, reads=client.reads - reads, writes=client.writes - writes)


def _has_changed(job: Job, known: Known | None) -> bool:
    """Whether another batch arrived since the state was read: then the refusal is of an old plan."""
    return known is not None and _known(job).state.stamp != known.state.stamp


def _known(job: Job) -> Known:
    recalled = {stamp: remembered(rows) for stamp, rows in job.memory.recall(job.spreadsheet).items()}
    return Known(read_state(job.client, job.spreadsheet, [one.key for one in job.drafts], recalled), recalled)


def _attempt(job: Job, known: Known) -> Attempt:
    """What to do about the state just read; it is remembered before anything is sent."""
    target = Target(job.spreadsheet, known.state, {}, {}, job.occasion)
    attempt = plan_attempt(target, job.drafts, last_published(known.state, known.recalled))
    job.memory.remember(job.spreadsheet, job.stamp, published_rows(attempt.plans, attempt.target.titles))
    return attempt


def _send(client: SheetsClient, attempt: Attempt, publication: str) -> int:
    """Stage what is too large, then publish everything in one atomic batch; the bytes sent out."""
    target = attempt.target
    tabs = [tab_requests(plan, target, index) for index, plan in enumerate(attempt.plans)]
    tail = [*copies_hidden(attempt), *edit_requests(
        target.spreadsheet, target.state, attempt.edits_title, attempt.edits, target.occasion
    )]  # fmt: skip
    chosen = choose(tabs)
    sent = 0
    if chosen:
        outline = state(client.spreadsheet(target.spreadsheet, OUTLINE_FIELDS))
        for body in staging_bodies(target.spreadsheet, outline, [tab for tab in tabs if tab.sheet_id in chosen]):
            client.batch_update(target.spreadsheet, body)
            sent += len(body)
        tabs = copied(target.spreadsheet, tabs, chosen)
        tail.append({"deleteSheet": {"sheetId": staging_id(target.spreadsheet)}})
    elif STAGING_TAB in target.state.tabs:
        tail.append({"deleteSheet": {"sheetId": target.state.tabs[STAGING_TAB].sheet_id}})
    tail += stamp(target.spreadsheet, target.state.stamp, publication)
    body = body_of([*map(as_json, copies_first(attempt)), *flattened(tabs), *map(as_json, tail)])
    client.batch_update(target.spreadsheet, body)
    return sent + len(body)


def _outcome(attempt: Attempt, link: str) -> Publishing:
    target = attempt.target
    created = [plan.draft.key for plan in attempt.plans if plan.is_new]
    return Publishing(target.spreadsheet, link, tuple(attempt.edits), 0, 0, created, tuple(attempt.copies.values()))


# The state of a spreadsheet, what we remember and the drafts → what one publication is going to do.

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
