"""Sheet documents → the owner's spreadsheet: one read, one atomic write; the previous report stands until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from uuid import uuid4

from config.documents import Sheet
from config.errors import TargetError
from connectors.google_sheets.addresses import spreadsheet_id
from connectors.google_sheets.attempt import (
    Attempt,
    copies_first,
    copies_hidden,
    last_published,
    plan_attempt,
    published_rows,
)
from connectors.google_sheets.client import LostAnswer, SheetsClient
from connectors.google_sheets.draft import Draft, draft
from connectors.google_sheets.edits import edit_requests
from connectors.google_sheets.publication import Memory, Occasion, Publishing
from connectors.google_sheets.remembered import remembered
from connectors.google_sheets.requests import Target, as_json, body_of, flattened, stamp, tab_requests
from connectors.google_sheets.staging import STAGING_TAB, choose, copied, staging_bodies, staging_id
from connectors.google_sheets.standing import Recalled, read_state
from connectors.google_sheets.state import OUTLINE_FIELDS, State, state

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
