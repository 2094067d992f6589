"""A report too large for one request → values staged in a hidden tab of ours, and the atomic copy of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from connectors.google_sheets.cells import KEPT, Block, serialised, serialised_values
from connectors.google_sheets.ids import stable_id
from connectors.google_sheets.requests import TabRequests, as_json, body_of, cells_json
from connectors.google_sheets.state import TAB_KEY, State
from connectors.google_sheets.structure import Request, grid_range, mark

LARGEST_BODY = 2_000_000  # developers.google.com/sheets/api/limits: 2 MB of payload recommended
STAGING_TAB = "staging!"
STAGING_TITLE = "svodka: идёт запись"
ROOM_OF_A_BATCH = LARGEST_BODY * 9 // 10
SMALL = 50_000
"""Bytes: what a tab's cells must come to before staging them is worth a copy."""


@dataclass(frozen=True)
class Staged:
    """One tab whose values are staged: its rectangles, each with its first row in the staging tab."""

    tab: TabRequests
    rows: Sequence[int]


def choose(tabs: Sequence[TabRequests]) -> set[int]:
    """The tabs of a batch in; the ids of those that must be staged for the rest to fit one request out."""
    chosen = {tab.sheet_id for tab in tabs if tab.is_large}
    small = [tab for tab in tabs if not tab.is_large]
    sizes = {tab.sheet_id: sum(_size(row) for block in tab.blocks for row in serialised(block)) for tab in small}
    others = sum(_size(as_json(request)) for tab in tabs for request in [*tab.before, *tab.after])
    for sheet_id in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if others + sum(sizes.values()) <= ROOM_OF_A_BATCH or sizes[sheet_id] < SMALL:
            break
        chosen.add(sheet_id)
        sizes[sheet_id] = 0
    return chosen


def staging_bodies(spreadsheet: str, outline: State, tabs: Sequence[TabRequests]) -> Iterator[bytes]:
    """An outline of the spreadsheet, and the tabs to stage, in; the bodies that fill a new hidden tab out.

    Each is about 2 MB. A staging tab that a killed run left behind is deleted first.
    """
    sheet_id = staging_id(spreadsheet)
    first: list[Request] = []
    if STAGING_TAB in outline.tabs:
        first.append({"deleteSheet": {"sheetId": outline.tabs[STAGING_TAB].sheet_id}})
    rows = sum(len(block.rows) for tab in tabs for block in tab.blocks)
    grid = {"rowCount": rows, "columnCount": max(block.width for tab in tabs for block in tab.blocks)}
    properties = {"sheetId": sheet_id, "title": STAGING_TITLE, "hidden": True, "gridProperties": grid}
    first.append({"addSheet": {"properties": properties}})
    remark = f'{{"key": "{STAGING_TAB}"}}'
    first.append(mark(stable_id(spreadsheet, STAGING_TAB, "tab"), TAB_KEY, remark, {"sheetId": sheet_id}))
    yield body_of(map(as_json, first))
    row = 0
    for tab in tabs:
        for block in tab.blocks:
            yield from _chunks(sheet_id, row, block)
            row += len(block.rows)


def copied(spreadsheet: str, tabs: Sequence[TabRequests], chosen: set[int]) -> list[TabRequests]:
    """The tabs of a batch and which are staged in; the same with those cells copied from the staging tab out."""
    published, row = [], 0
    for tab in tabs:
        if tab.sheet_id not in chosen:
            published.append(tab)
            continue
        copies: list[Request] = []
        for block in tab.blocks:
            copies += [_copy(spreadsheet, tab.sheet_id, row, block), *_formats(tab.sheet_id, block)]
            row += len(block.rows)
        published.append(replace(tab, blocks=(), after=[*copies, *tab.after]))
    return published


def staging_id(spreadsheet: str) -> int:
    """The id we chose for the staging tab."""
    return stable_id(spreadsheet, STAGING_TAB)


def _size(text: str) -> int:
    return len(text.encode())


def _chunks(sheet_id: int, row: int, block: Block) -> Iterator[bytes]:
    """Bodies that write a rectangle's values from a row of the staging tab on, each as large as it should be."""
    pending: list[str] = []
    size = 0
    for number, text in enumerate(serialised_values(block)):
        length = _size(text)
        if pending and size + length > ROOM_OF_A_BATCH:
            start = row + number - len(pending)
            yield body_of([cells_json(sheet_id, start, 0, ",".join(pending), "userEnteredValue")])
            pending, size = [], 0
        pending.append(text)
        size += length
    start = row + len(block.rows) - len(pending)
    yield body_of([cells_json(sheet_id, start, 0, ",".join(pending), "userEnteredValue")])


def _copy(spreadsheet: str, sheet_id: int, row: int, block: Block) -> Request:
    """The copy of a rectangle's values into its place: values only, so that notes and validation stay."""
    last = len(block.rows) - 1
    source = grid_range(staging_id(spreadsheet), row, 0, row + last, block.width - 1)
    target = grid_range(sheet_id, block.row, block.column, block.row + last, block.column + block.width - 1)
    return {"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_VALUES"}}


def _formats(sheet_id: int, block: Block) -> Iterator[Request]:
    """The formats of a rectangle, a request for each run of equal ones down a column."""
    bands = [(formats, len(list(rows))) for formats, rows in groupby(run.formats for run in block.rows)]
    for column in range(block.width):
        row = block.row
        for drawn, alike in groupby(bands, lambda band: band[0][column]):  # noqa: B023 - used up at once
            count = sum(rows for _, rows in alike)
            if drawn != KEPT:
                place = block.column + column
                yield _format(grid_range(sheet_id, row, place, row + count - 1, place), drawn)
            row += count


def _format(over: dict[str, int], drawn: str) -> Request:
    cell: dict[str, Any] = {"userEnteredFormat": json.loads(drawn)}
    return {"repeatCell": {"range": over, "cell": cell, "fields": "userEnteredFormat"}}
