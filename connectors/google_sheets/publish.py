"""Sheet documents → the owner's spreadsheet: one read, one atomic write; the previous report stands until then."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from uuid import uuid4

from config.documents import Sheet
from config.errors import SvodkaError, TargetError, Unavailable
from config.messages import message
from connectors.a1 import quoted, spreadsheet_id
from connectors.google_sheets.attempt import (
    Anew,
    Attempt,
    Known,
    free_title,
    plan_attempt,
    planned_tabs,
    published_rows,
)
from connectors.google_sheets.batch.body import (
    STAGING_TAB,
    STAGING_TITLE,
    TabRequests,
    body_of,
    choose,
    client_mark,
    copied,
    flattened,
    staging_bodies,
    stamp,
    update_cells,
)
from connectors.google_sheets.batch.structure import Request
from connectors.google_sheets.client import LostAnswer, SheetsClient
from connectors.google_sheets.known.publication import (
    Memory,
    Occasion,
    PublishedRow,
    Publishing,
    Remembered,
    remembered,
)
from connectors.google_sheets.known.state import EDITS_TAB, FULL_FIELDS, OUTLINE_FIELDS, State, ValueRow, claimed, state
from connectors.google_sheets.plan.rows import LARGE_CELLS, Draft, draft
from connectors.google_sheets.plan.tab import TabPlan, with_moved
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


def read_state(
    client: SheetsClient, spreadsheet: str, keys: Collection[str], recalled: Recalled, prefix: str = ""
) -> State:
    """A spreadsheet, the keys of the tabs to publish, what we remember and a client's prefix in; its state out.

    One read where every tab is where we remember it; an outline first where there is none or one was renamed.
    A very large tab costs a read of its values more.
    """
    remembered = _whereabouts(recalled)
    if set(keys) <= set(remembered.titles):
        found = _read_tabs(client, spreadsheet, remembered, prefix)
        if found is not None and set(keys) <= set(found.tabs):
            return found
    outline = _outline(client, spreadsheet, prefix)
    titles = {key: tab.title for key, tab in outline.tabs.items() if key != STAGING_TAB}
    if not titles:
        return outline
    full = _read_tabs(client, spreadsheet, replace(remembered, titles=titles), prefix)
    if full is None:
        raise Unavailable("google.unavailable", detail="a tab was renamed meanwhile")
    return _with(full, outline)


def with_outline(client: SheetsClient, spreadsheet: str, found: State, prefix: str) -> State:
    """A state of the tabs that were looked at in; the same with every other tab, without its cells, out."""
    return found if found.is_whole else _with(found, _outline(client, spreadsheet, prefix))


def _outline(client: SheetsClient, spreadsheet: str, prefix: str) -> State:
    return state(client.spreadsheet(spreadsheet, OUTLINE_FIELDS), prefix, is_whole=True)


def _with(found: State, outline: State) -> State:
    titles, tabs = {**outline.titles, **found.titles}, {**outline.tabs, **found.tabs}
    ids = outline.ids | found.ids
    return replace(found, titles=titles, tabs=tabs, ids=ids, formers=outline.formers, is_whole=True)


def _whereabouts(recalled: Recalled) -> Whereabouts:
    """What we remember in; titles and sizes of our tabs in the publication remembered last out."""
    last = recalled[list(recalled)[-1]] if recalled else {}
    titles = {key: tab.title for key, tab in last.items() if tab.title is not None}
    return Whereabouts(titles, frozenset(key for key, tab in last.items() if tab.cell_count >= LARGE_CELLS))


def _read_tabs(client: SheetsClient, spreadsheet: str, where: Whereabouts, prefix: str) -> State | None:
    """The tabs whole; None if one of them is not where it was thought to be."""
    ranges = [quoted(title) + ("!1:1" if key in where.large else "") for key, title in where.titles.items()]
    try:
        found = state(client.spreadsheet(spreadsheet, FULL_FIELDS, ranges), prefix)
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
NO_ROOM = frozenset({"google.too_many_tabs", "google.no_room"})
"""Refusals of a batch that makes a tab more, or cells more, than a spreadsheet may have."""


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


def publish(
    client: SheetsClient, place: str, sheets: Sequence[Sheet], memory: Memory, occasion: Occasion
) -> Publishing:
    """Sheets and the address of a spreadsheet in; what was written, and which human edits were found, out.

    Whatever fails at whatever moment, the spreadsheet shows the previous complete report or the new one. A write whose
    answer is lost is looked for on the spreadsheet itself before another is built, so nothing can double. A refusal
    is never met twice in the same way: see `_after_refusal`.
    Raises TargetError with what the owner must do, Unavailable if Google does not answer in the time given.
    """
    stamped = f"{occasion.updated_at.isoformat()} {uuid4().hex[:12]}"
    job = Job(client, spreadsheet_id(place), [draft(sheet) for sheet in sheets], memory, occasion, stamped)
    reads, writes, waited = client.reads, client.writes, 0.0
    known: Known | None = None
    done: Publishing | None = None
    anew = Anew()
    for tries in count():
        try:
            known = _known(job, anew)
            if done is None or known.state.stamp != stamped:
                known, attempt = _attempt(job, known, anew)
                done = _outcome(job, attempt, anew)
                _send(client, attempt, stamped)
            memory.settle(job.spreadsheet, stamped)
            break
        except LostAnswer:
            wait = client.pace.wait(tries, None)
            waited += wait
            if waited > client.pace.total_seconds:
                raise
            client.pace.clock.sleep(wait)
        except RefusedTab as refused:
            anew = _after_refusal(job, known, anew, refused, tries)
    assert done is not None  # noqa: S101 - the loop ends with a publication or an error
    return replace(done, reads=client.reads - reads, writes=client.writes - writes)


class RefusedTab(Exception):  # noqa: N818 - it is caught here and never leaves
    """A batch that Google refused, and the tab whose request it named, if any."""

    def __init__(self, error: TargetError, key: str | None, title: str | None) -> None:
        super().__init__()
        self.error, self.key, self.title = error, key, title


def _after_refusal(job: Job, known: Known | None, anew: Anew, refused: RefusedTab, tries: int) -> Anew:
    """A refusal in; what to do otherwise out. Raises what nobody but the owner can mend, naming the tab.

    Where there is no room for a tab, the pages that have one are renewed without the others, and edits go below one
    of them. Where another batch arrived meanwhile, the plan was old. Otherwise everything that is made gets new ids,
    and if that was not it, the tab that Google named is kept as it is and made anew.
    """
    error = refused.error
    is_protected = error.key == "google.protected"
    tab = known.state.tabs.get(refused.key or "") if known else None
    if error.key in NO_ROOM and known is not None:
        pages = frozenset(one.key for one in job.drafts)
        without = (pages | {EDITS_TAB}) - known.state.tabs.keys()
        if without and not anew.without and pages - without:
            return replace(anew, without=without)
    if is_protected and refused.title is not None and (tab is None or tab.locked_over() or not tab.locked):
        raise TargetError("google.protected_tab", **error.facts | {"tab": refused.title}) from None
    if not (is_protected or error.key == "google.refused") or known is None or tries >= MOST_REBUILDS:
        raise error
    if _known(job, anew).state.stamps != known.state.stamps:
        return anew
    if not anew.ids:
        anew = replace(anew, ids=job.stamp)
        if not is_protected:
            return anew
    if refused.key is None or refused.key in anew.tabs or refused.key not in known.state.tabs:
        raise error
    return replace(anew, tabs=anew.tabs | {refused.key})


def _known(job: Job, anew: Anew) -> Known:
    """The spreadsheet, read whole after a refusal, and whose it is."""
    spreadsheet, occasion = job.spreadsheet, job.occasion
    recalled = _recalled(job, spreadsheet)
    state = read_state(job.client, spreadsheet, [one.key for one in job.drafts], recalled, occasion.prefix)
    if anew.ids:
        state = with_outline(job.client, spreadsheet, state, occasion.prefix)
    claim = claimed(state, spreadsheet, occasion, set(recalled))
    if claim.original is not None and state.stamp not in recalled:
        recalled = _recalled(job, claim.original)
    return Known(state, recalled.get(state.stamp or "", {}), claim)


def _recalled(job: Job, spreadsheet: str) -> Recalled:
    return {stamp: remembered(rows) for stamp, rows in job.memory.recall(spreadsheet).items()}


def _attempt(job: Job, known: Known, anew: Anew) -> tuple[Known, Attempt]:
    """What to do about the state just read; it is remembered before anything is sent.

    Before a title or an id is taken, every tab of the spreadsheet is looked at.
    """
    plans = planned_tabs(job.drafts, known, anew)
    if any(plan.cut.columns for plan in plans):
        known, plans = _looked_for(job, known, plans)
    attempt = plan_attempt(job.spreadsheet, job.occasion, known, anew, plans)
    if attempt.takes_names and not known.state.is_whole:
        whole = with_outline(job.client, job.spreadsheet, known.state, job.occasion.prefix)
        known = replace(known, state=whole)
        attempt = plan_attempt(job.spreadsheet, job.occasion, known, anew, planned_tabs(job.drafts, known, anew))
    _check_protected(job, attempt)
    job.memory.remember(job.spreadsheet, job.stamp, published_rows(attempt.plans, attempt.target.titles))
    return known, attempt


def _looked_for(job: Job, known: Known, plans: Sequence[TabPlan]) -> tuple[Known, list[TabPlan]]:
    """Columns that somebody cut are looked for on the tabs that are not ours; where they are is told."""
    whole = with_outline(job.client, job.spreadsheet, known.state, job.occasion.prefix)
    ours = {tab.sheet_id for tab in whole.tabs.values()} | {former.sheet_id for former in whole.formers}
    others = [title for sheet_id, title in whole.titles.items() if sheet_id not in ours]
    values = job.client.values(job.spreadsheet, [quoted(title) for title in others]) if others else []
    found = [with_moved(plan, dict(zip(others, values, strict=True))) for plan in plans]
    return replace(known, state=whole), found


def _check_protected(job: Job, attempt: Attempt) -> None:
    """Raises TargetError that names every tab of ours which somebody protected from us; no figure is sent then."""
    state = attempt.target.state
    written = [plan.tab for plan in attempt.plans] + [state.tabs.get(EDITS_TAB) if attempt.edits else None]
    locked = [tab.title for tab in written if tab is not None and tab.locked_over()]
    if locked:
        tell_stopped(job.client, job.memory, attempt, job.stamp, locked)
        facts = {"sheet": state.title, "tab": "», «".join(locked), "address": job.client.address}
        raise TargetError("google.protected_tab", **facts)


def _send(client: SheetsClient, attempt: Attempt, publication: str) -> None:
    """Stage what is too large, then publish everything in one atomic batch."""
    target, known = attempt.target, attempt.target.state
    chosen = choose(attempt.tabs)
    tabs: Sequence[TabRequests] = attempt.tabs
    tail = [*attempt.last, *client_mark(known, target.spreadsheet, target.occasion)]
    if chosen:
        outline = _outline(client, target.spreadsheet, target.occasion.prefix)
        others = {id_: title for id_, title in outline.titles.items() if id_ not in _staging(outline)}
        staging = replace(target.ids, taken=target.ids.taken | set(others)).of(STAGING_TAB)
        title = free_title(STAGING_TITLE, {*others.values(), *target.titles.values()})
        staged = [tab for tab in tabs if tab.sheet_id in chosen]
        for body in staging_bodies(outline, staging, title, target.occasion.prefix, staged):
            client.batch_update(target.spreadsheet, body)
        tabs = copied(staging, tabs, chosen)
        tail.append({"deleteSheet": {"sheetId": staging}})
    else:
        tail += [{"deleteSheet": {"sheetId": sheet_id}} for sheet_id in _staging(known)]
    tail += stamp(known, publication, target.occasion, target.ids)
    body, whose = _batch(attempt, tabs, tail)
    try:
        client.batch_update(target.spreadsheet, body)
    except TargetError as error:
        named = REQUEST_NUMBER.search(str(error.facts.get("detail", "")))
        key = whose(int(named[1])) if named else None
        raise RefusedTab(error, key, target.titles.get(key or "")) from None


REQUEST_NUMBER = re.compile(r"requests\[(\d+)\]")
"""Google names the request that it refuses by its number in the batch."""


def _batch(
    attempt: Attempt, tabs: Sequence[TabRequests], tail: Sequence[Request]
) -> tuple[bytes, Callable[[int], str | None]]:
    """Everything in order; the body out, and which tab a request of it is about."""
    keys = {tab.sheet_id: plan.draft.key for tab, plan in zip(attempt.tabs, attempt.plans, strict=True)}
    owners: list[str | None] = [None] * len(attempt.first)
    requests = [compact_json(request) for request in attempt.first]
    for sheet_id, request in flattened(tabs):
        owners.append(keys[sheet_id])
        requests.append(request)
    body = body_of([*requests, *map(compact_json, tail)])
    return body, lambda number: owners[number] if number < len(owners) else None


def _staging(known: State) -> list[int]:
    """The staging tab that a killed run left behind."""
    return [known.tabs[STAGING_TAB].sheet_id] if STAGING_TAB in known.tabs else []


def _outcome(job: Job, attempt: Attempt, anew: Anew) -> Publishing:
    titles = [one.sheet.title for one in job.drafts if one.key in anew.without]
    if attempt.edits and EDITS_TAB in anew.without:
        titles.append(message("google.edits_title", job.occasion.language))
    return Publishing(
        job.spreadsheet,
        job.client.link(job.spreadsheet),
        tuple(attempt.edits),
        created=[plan.draft.key for plan in attempt.plans if plan.is_new],
        kept_copies=tuple(copy.title for copy in attempt.copies),
        left_out=tuple(titles),
        edits_title=attempt.edits_title,
    )


# A report that a protected tab keeps from being renewed → a word of it beside the moment that its other pages show.
# Of one report all pages are of one moment, so no figure changes; the line under each title says since when and why.
# What is written is remembered as the publication that stands, so that it is nobody's edit.

SUBTITLE = "~subtitle"
"""Look of the line that says when a page was made."""
SIGN = " ⚠ "
"""Stands before what is added to it."""


@dataclass(frozen=True)
class Stopped:
    """Where a line is to be written, and how it will be remembered."""

    row: PublishedRow
    requests: Sequence[Request]


def tell_stopped(
    client: SheetsClient, memory: Memory, attempt: Attempt, publication: str, locked: Sequence[str]
) -> None:
    """Write, on every page that is not protected and stands as we left it, that and why the report was not renewed.

    Whatever keeps this from being written, the run has a reason of its own to tell.
    """
    target = attempt.target
    rows = _remembered(memory, target.spreadsheet, target.state.stamp)
    words = message(
        "google.not_renewed", target.occasion.language, day=f"{target.occasion.updated_at:%d.%m.%Y}",
        tab="», «".join(locked),
    )  # fmt: skip
    open_ = [plan for plan in attempt.plans if plan.tab is not None and not plan.tab.locked_over()]
    told = {(one.row.sheet_key, one.row.row): one for plan in open_ for one in _on_page(plan, rows, words)}
    if not told:
        return
    requests = [request for one in told.values() for request in one.requests]
    requests += stamp(target.state, publication, target.occasion, target.ids)
    kept = [told[row.sheet_key, row.row].row if (row.sheet_key, row.row) in told else row for row in rows]
    memory.remember(target.spreadsheet, publication, kept)
    try:
        client.batch_update(target.spreadsheet, body_of(list(map(compact_json, requests))))
    except SvodkaError:
        return
    memory.settle(target.spreadsheet, publication)


def _remembered(memory: Memory, spreadsheet: str, standing: str | None) -> list[PublishedRow]:
    """The rows of the publication that stands; none if we do not remember it."""
    recalled: Mapping[str, Iterable[PublishedRow]] = memory.recall(spreadsheet)
    return list(recalled[standing]) if standing is not None and standing in recalled else []


def _on_page(plan: TabPlan, rows: Sequence[PublishedRow], words: str) -> list[Stopped]:
    """The line of one page, if it stands as we left it."""
    tab = plan.tab
    row = next((one for one in rows if one.sheet_key == plan.draft.key and one.row_key.startswith(SUBTITLE)), None)
    if tab is None or row is None or row.row_key not in plan.standing:
        return []
    column, text = json.loads(row.columns)[0], json.loads(row.values)[0]
    place, at = plan.standing[row.row_key], tab.columns.get(column, column)
    if tab.at(place, at).text != text:
        return []
    said = text.partition(SIGN)[0] + SIGN + words
    values = texts_json([said, *json.loads(row.values)[1:]])
    cell = {"userEnteredValue": {"stringValue": said}}
    return [Stopped(row._replace(values=values), [update_cells(tab.sheet_id, place, at, [[cell]], "userEnteredValue")])]
