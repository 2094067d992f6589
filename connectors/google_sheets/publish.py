"""Sheet documents → the owner's spreadsheet: one read, one atomic write; the previous report stands until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from config.documents import Sheet
from connectors.google_sheets.addresses import spreadsheet_id, spreadsheet_link
from connectors.google_sheets.attempt import (
    Attempt,
    copies_first,
    copies_hidden,
    last_published,
    plan_attempt,
    published_cells,
)
from connectors.google_sheets.client import LostAnswer, SheetsClient
from connectors.google_sheets.draft import draft
from connectors.google_sheets.edits import edit_requests
from connectors.google_sheets.publication import Memory, Occasion, Publishing
from connectors.google_sheets.requests import Target, as_json, body_of, flattened, stamp, tab_requests
from connectors.google_sheets.staging import STAGING_TAB, choose, copied, staging_bodies, staging_id
from connectors.google_sheets.standing import read_state
from connectors.google_sheets.state import OUTLINE_FIELDS, state


def publish(
    client: SheetsClient, place: str, sheets: Sequence[Sheet], memory: Memory, occasion: Occasion
) -> Publishing:
    """Sheets and the address of a spreadsheet in; what was written, and which human edits were found, out.

    Whatever fails at whatever moment, the spreadsheet shows the previous complete report or the new one. A write whose
    answer is lost is looked for on the spreadsheet itself before another is built, so nothing can double.
    Raises TargetError with what the owner must do, Unavailable if Google does not answer in the time given.
    """
    spreadsheet, publication = spreadsheet_id(place), f"{occasion.updated_at.isoformat()} {uuid4().hex[:12]}"
    drafts = [draft(sheet) for sheet in sheets]
    keys = [one.key for one in drafts]
    reads, writes, waited, tries = client.reads, client.writes, 0.0, 0
    done: Publishing | None = None
    while True:
        try:
            recalled = memory.recall(spreadsheet)
            known = read_state(client, spreadsheet, keys, recalled)
            if done is None or known.stamp is None or known.stamp.value != publication:
                target = Target(spreadsheet, known, {}, {}, occasion)
                attempt = plan_attempt(target, drafts, last_published(known, recalled))
                memory.remember(spreadsheet, publication, published_cells(attempt.plans, attempt.target.titles))
                done = _outcome(attempt)
                done = replace(done, bytes_sent=_send(client, attempt, publication))
            memory.settle(spreadsheet, publication)
            return replace(done, reads=client.reads - reads, writes=client.writes - writes)
        except LostAnswer:
            wait = client.pace.wait(tries, None)
            waited, tries = waited + wait, tries + 1
            if waited > client.pace.total_seconds:
                raise
            client.pace.clock.sleep(wait)


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
    tail.append(stamp(target.spreadsheet, target.state.stamp, publication))
    body = body_of([*map(as_json, copies_first(attempt)), *flattened(tabs), *map(as_json, tail)])
    client.batch_update(target.spreadsheet, body)
    return sent + len(body)


def _outcome(attempt: Attempt) -> Publishing:
    target = attempt.target
    created = [plan.draft.key for plan in attempt.plans if plan.is_new]
    link = spreadsheet_link(target.spreadsheet)
    return Publishing(target.spreadsheet, link, tuple(attempt.edits), 0, 0, created, tuple(attempt.copies.values()))
