"""A report that a protected tab keeps from being renewed → a word of it beside the moment that its other pages show.

Of one report all pages are of one moment, so no figure changes; the line under each title says since when and why.
What is written is remembered as the publication that stands, so that it is nobody's edit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.errors import SvodkaError
from config.messages import message
from connectors.google_sheets.attempt import Attempt
from connectors.google_sheets.batch.body import body_of, stamp, update_cells
from connectors.google_sheets.batch.structure import Request
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.known.publication import Memory, PublishedRow
from connectors.google_sheets.plan.tab import TabPlan
from connectors.google_sheets.values import compact_json, texts_json

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
