"""Plans of all tabs and the state of the spreadsheet → the requests of one atomic batchUpdate."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from config.documents import Sheet
from connectors.google_sheets.batch.cells import KEPT, Block, blocks, notes, serialised, serialised_values
from connectors.google_sheets.batch.objects import Known, charts, highlights, known_objects, protection
from connectors.google_sheets.batch.structure import (
    Request,
    column_marks,
    grid_range,
    grid_steps,
    keeps_merges,
    mark,
    merged_beside,
    merges,
    sizes,
)
from connectors.google_sheets.known.marks import (
    CLIENT_KEY,
    STAMP_KEY,
    TAB_KEY,
    Ids,
    Noted,
    Owner,
    Remark,
    names_of,
    stable_id,
    under,
)
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.known.state import State
from connectors.google_sheets.plan.compare import published_content
from connectors.google_sheets.plan.rows import LARGE_CELLS
from connectors.google_sheets.plan.tab import TabPlan
from connectors.google_sheets.values import compact_json

SPARE_COLUMNS = 6
"""Blank columns right of a new report, for its owner."""


@dataclass(frozen=True)
class TabRequests:
    """One tab's share of the batch: what comes before its cells, the cells, what comes after."""

    sheet_id: int
    before: Sequence[Request]
    blocks: Sequence[Block]
    after: Sequence[Request]
    is_large: bool = False
    """Its values are staged in any case, because some of its formats are not written."""


@dataclass(frozen=True)
class Target:
    """What every tab's requests need to know of the whole."""

    spreadsheet: str
    state: State
    sheet_ids: Mapping[str, int]
    """Key of each tab of the report → its id."""
    titles: Mapping[str, str]
    """Key of each tab of the report → its title in this spreadsheet."""
    occasion: Occasion
    ids: Ids = field(default_factory=Ids)


def tab_requests(plan: TabPlan, target: Target, index: int) -> TabRequests:
    """A tab's plan in; its requests out, in the order in which they must be applied."""
    sheet_id = target.sheet_ids[plan.draft.key]
    first = index if not target.state.tabs and not target.occasion.prefix else None
    before = [add_sheet(plan, sheet_id, target.titles[plan.draft.key], first)] if plan.is_new else []
    if plan.tab is not None:
        before += grid_steps(plan, sheet_id)
    after = [*sizes(plan, sheet_id)]
    if not keeps_merges(plan, sheet_id):
        after += [{"mergeCells": {"range": range_, "mergeType": "MERGE_ALL"}} for range_ in merges(plan, sheet_id)]
    after += [update_cells(sheet_id, row, column, [[{"note": text}]], "note") for row, column, text in notes(plan)]
    known = known_objects(plan, target.spreadsheet, target.ids)
    after += [*merged_beside(plan, sheet_id), *column_marks(plan, sheet_id), *highlights(plan, sheet_id)]
    after += [*charts(plan, known, sheet_id), *protection(plan, known, sheet_id, target.occasion.language)]
    if plan.tab is not None and plan.tab.noted.is_away:
        shown = {"properties": {"sheetId": sheet_id, "hidden": False}, "fields": "hidden"}
        after.append({"updateSheetProperties": shown})
    after += [*tab_mark(plan, known, sheet_id, target.occasion.prefix)]
    is_large = (plan.tab is not None and plan.tab.is_large) or plan.draft.cell_count >= LARGE_CELLS
    return TabRequests(sheet_id, before, blocks(plan, target.sheet_ids), after, is_large)


def flattened(tabs: Sequence[TabRequests]) -> Iterator[tuple[int, str]]:
    """The shares of all tabs in; each request as JSON, with the tab's id, in order out.

    First every new tab, because cells link to them.
    """
    yield from (
        (tab.sheet_id, compact_json(request)) for tab in tabs for request in tab.before if "addSheet" in request
    )
    for tab in tabs:
        yield from ((tab.sheet_id, compact_json(request)) for request in tab.before if "addSheet" not in request)
        yield from ((tab.sheet_id, block_json(tab.sheet_id, block)) for block in tab.blocks)
        yield from ((tab.sheet_id, compact_json(request)) for request in tab.after)


def block_json(sheet_id: int, block: Block) -> str:
    """A rectangle in; the request that writes its values and formats out, as JSON. Notes and validation stay."""
    return cells_json(
        sheet_id, block.row, block.column, ",".join(serialised(block)), "userEnteredValue,userEnteredFormat"
    )


def cells_json(sheet_id: int, row: int, column: int, rows: str, fields: str) -> str:
    """Rows already serialised in; an updateCells request under the mask out, as JSON."""
    start = f'{{"sheetId":{sheet_id},"rowIndex":{row},"columnIndex":{column}}}'
    return f'{{"updateCells":{{"start":{start},"rows":[{rows}],"fields":"{fields}"}}}}'


def update_cells(
    sheet_id: int,
    row: int,
    column: int,
    rows: Sequence[Sequence[dict[str, Any]]],
    fields: str = "userEnteredValue,userEnteredFormat",
) -> Request:
    """A few cells as Google's CellData in; the request that writes them under the mask out."""
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": list(cells)} for cells in rows], "fields": fields}}


def body_of(requests: Iterable[str]) -> bytes:
    """Serialised requests in; the body of one batchUpdate out."""
    return ('{"requests":[' + ",".join(requests) + "]}").encode()


def add_sheet(plan: TabPlan, sheet_id: int, title: str, index: int | None) -> Request:
    """The request that makes a tab with room for the report and for its owner; without an index it comes last."""
    sheet = plan.draft.sheet
    grid: dict[str, Any] = {
        "rowCount": plan.grid_rows(),
        "columnCount": plan.draft.columns + SPARE_COLUMNS,
        "frozenRowCount": sheet.frozen_rows if _cuts_no_merge(sheet, rows=sheet.frozen_rows) else 0,
        "frozenColumnCount": sheet.frozen_columns if _cuts_no_merge(sheet, columns=sheet.frozen_columns) else 0,
        "hideGridlines": True,
    }
    properties: dict[str, Any] = {
        "sheetId": sheet_id,
        "title": title,
        "hidden": sheet.is_hidden,
        "gridProperties": grid,
    }
    if index is not None:
        properties["index"] = index
    return {"addSheet": {"properties": properties}}


def tab_mark(plan: TabPlan, known: Known, sheet_id: int, prefix: str) -> Iterator[Request]:
    """The mark that makes a tab ours and tells what was made on it; only if it must change."""
    draft, sheet = plan.draft, plan.draft.sheet
    noted = Noted(
        key=draft.key,
        prefix=prefix,
        tab=sheet_id,
        rows=len(plan.rows.after),
        charts={chart.key: known.charts[chart.key] for chart in sheet.charts},
        highlights=max(len(sheet.highlights), plan.tab.noted.highlights if plan.tab else 0),
        protection=known.protection,
        content=published_content(draft, len(plan.columns)),
        names=names_of(draft.identities, draft.labels()),
    )
    if plan.tab is None:
        yield mark(TAB_KEY, noted.as_json(), {"sheetId": sheet_id})
    elif noted.as_json() != plan.tab.remark.value:
        yield remark(plan.tab.remark.id, noted.as_json())


def stamp(state: State, value: str, occasion: Occasion, ids: Ids) -> list[Request]:
    """The note on the spreadsheet that tells which publication arrived last, in place of the one before.

    Its id follows from the stamp that stood when this batch was built: if another batch built on the same state has
    arrived meanwhile (one that we gave up waiting for), the id is taken, and Google refuses this one whole.
    """
    stood = sorted(remark.value for remark in state.stamps)
    known = stable_id(ids.salt, "published after", *stood)
    made = [mark(under(STAMP_KEY, occasion.prefix), value, {"spreadsheet": True}, known)]
    return [*made, *(forgotten(remark) for remark in state.stamps)]


def client_mark(state: State, spreadsheet: str, occasion: Occasion) -> list[Request]:
    """The note on the spreadsheet that tells whose report it is, where it does not say so yet."""
    value = Owner(occasion.client, spreadsheet).as_json()
    if not occasion.client or (state.client is not None and state.client.value == value):
        return []
    if state.client is not None:
        return [remark(state.client.id, value)]
    return [mark(under(CLIENT_KEY, occasion.prefix), value, {"spreadsheet": True})]


def forgotten(noted: Remark) -> Request:
    """A request that takes a mark away."""
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": noted.id}}}}


def remark(metadata_id: int, value: str) -> Request:
    """A request that changes what a mark says."""
    lookup = {"developerMetadataLookup": {"metadataId": metadata_id}}
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [lookup],
            "developerMetadata": {"metadataValue": value},
            "fields": "metadataValue",
        }
    }


def _cuts_no_merge(sheet: Sheet, rows: int = 0, columns: int = 0) -> bool:
    """Whether a frozen edge runs through no merged cell: Google refuses that."""
    return not any(
        cell.row < rows < cell.row + cell.rows or cell.column < columns < cell.column + cell.columns
        for cell in sheet.cells
    )


# A report too large for one request → values staged in a hidden tab of ours, and the atomic copy of them.

LARGEST_BODY = 2_000_000  # developers.google.com/sheets/api/limits: 2 MB of payload recommended
STAGING_TAB = "staging!"
STAGING_TITLE = "svodka: идёт запись"
ROOM_OF_A_BATCH = LARGEST_BODY * 9 // 10
SMALL = 50_000
"""Bytes: what a tab's cells must come to before staging them is worth a copy."""


def choose(tabs: Sequence[TabRequests]) -> set[int]:
    """The tabs of a batch in; the ids of those that must be staged for the rest to fit one request out."""
    chosen = {tab.sheet_id for tab in tabs if tab.is_large}
    small = [tab for tab in tabs if not tab.is_large]
    sizes = {tab.sheet_id: sum(_size(row) for block in tab.blocks for row in serialised(block)) for tab in small}
    others = sum(_size(compact_json(request)) for tab in tabs for request in [*tab.before, *tab.after])
    for sheet_id in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if others + sum(sizes.values()) <= ROOM_OF_A_BATCH or sizes[sheet_id] < SMALL:
            break
        chosen.add(sheet_id)
        sizes[sheet_id] = 0
    return chosen


def staging_bodies(
    outline: State, sheet_id: int, title: str, prefix: str, tabs: Sequence[TabRequests]
) -> Iterator[bytes]:
    """An outline of the spreadsheet, a free id and title, and the tabs to stage, in; the bodies that fill a hidden tab.

    Each is about 2 MB. A staging tab that a killed run left behind is deleted first.
    """
    first: list[Request] = []
    if STAGING_TAB in outline.tabs:
        first.append({"deleteSheet": {"sheetId": outline.tabs[STAGING_TAB].sheet_id}})
    rows = sum(len(block.rows) for tab in tabs for block in tab.blocks)
    grid = {"rowCount": rows, "columnCount": max(block.width for tab in tabs for block in tab.blocks)}
    properties = {"sheetId": sheet_id, "title": title, "hidden": True, "gridProperties": grid}
    first.append({"addSheet": {"properties": properties}})
    noted = Noted(STAGING_TAB, prefix, sheet_id)
    first.append(mark(TAB_KEY, noted.as_json(), {"sheetId": sheet_id}))
    yield body_of(map(compact_json, first))
    row = 0
    for tab in tabs:
        for block in tab.blocks:
            yield from _chunks(sheet_id, row, block)
            row += len(block.rows)


def copied(staging: int, tabs: Sequence[TabRequests], chosen: set[int]) -> list[TabRequests]:
    """The staging tab's id, the tabs of a batch and which are staged in; the same with those cells copied from it."""
    published, row = [], 0
    for tab in tabs:
        if tab.sheet_id not in chosen:
            published.append(tab)
            continue
        copies: list[Request] = []
        for block in tab.blocks:
            copies += [_copy(staging, tab.sheet_id, row, block), *_formats(tab.sheet_id, block)]
            row += len(block.rows)
        published.append(replace(tab, blocks=(), after=[*copies, *tab.after]))
    return published


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


def _copy(staging: int, sheet_id: int, row: int, block: Block) -> Request:
    """The copy of a rectangle's values into its place: values only, so that notes and validation stay."""
    last = len(block.rows) - 1
    source = grid_range(staging, row, 0, row + last, block.width - 1)
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
