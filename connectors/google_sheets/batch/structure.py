"""A tab's plan → the requests that change its grid: unmerge, columns, rows, heights, widths, merges."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config.letters import column_pixels
from connectors.google_sheets.known.marks import COLUMN_KEY
from connectors.google_sheets.known.state import DEFAULT_ROW_PX, Tab
from connectors.google_sheets.plan.merges import Carried
from connectors.google_sheets.plan.tab import SPARE_ROWS, TabPlan

Request = dict[str, Any]


def grid_range(sheet_id: int, row: int, column: int, last_row: int, last_column: int) -> dict[str, int]:
    """A rectangle counted from 0, inclusive, in; Google's half-open range out."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": row,
        "endRowIndex": last_row + 1,
        "startColumnIndex": column,
        "endColumnIndex": last_column + 1,
    }


def grid_steps(plan: TabPlan, sheet_id: int) -> list[Request]:
    """Everything that makes the tab's grid fit the draft, before a cell is written."""
    if plan.tab is None:
        return []
    undone = [request for one in plan.carried for request in _undone(plan.tab.sheet_id, one)]
    return [*_unmerges(plan), *undone, *_column_inserts(plan, plan.tab), *_row_steps(plan, plan.tab)]


def _undone(sheet_id: int, one: Carried) -> Iterator[Request]:
    """An owner's merge is undone, and its text goes to the row that keeps it."""
    yield {"unmergeCells": {"range": {"sheetId": sheet_id} | dict(one.stood)}}
    if one.rows and one.holder != one.first:
        source = grid_range(sheet_id, one.first, one.column, one.first, one.stood["endColumnIndex"] - 1)
        corner = {"sheetId": sheet_id, "rowIndex": one.holder, "columnIndex": one.column}
        yield {"cutPaste": {"source": source, "destination": corner, "pasteType": "PASTE_NORMAL"}}


def merged_beside(plan: TabPlan, sheet_id: int) -> Iterator[Request]:
    """The owner's merges beside our rows, where they stand now."""
    for one in plan.carried:
        first, last = (_shifted(plan, column) for column in (one.column, one.stood["endColumnIndex"] - 1))
        if one.rows > 1 or (one.rows and last > first):
            over = grid_range(sheet_id, one.row, first, one.row + one.rows - 1, last)
            yield {"mergeCells": {"range": over, "mergeType": "MERGE_ALL"}}


def _shifted(plan: TabPlan, column: int) -> int:
    """A column of the grid as it stood in; where it is once ours are inserted out."""
    for _, at in plan.new_columns:
        column += column >= at
    return column


def column_marks(plan: TabPlan, sheet_id: int) -> Iterator[Request]:
    """A mark on every column of ours that has none, so that it is known wherever an owner moves it."""
    marked = plan.tab.columns if plan.tab else {}
    for column, place in enumerate(plan.columns):
        if column not in marked:
            location = {"dimensionRange": dimension(sheet_id, "COLUMNS", place, 1)}
            yield mark(COLUMN_KEY, str(column), location)


def mark(key: str, value: str, location: Mapping[str, Any], metadata_id: int | None = None) -> Request:
    """A request that notes something about a place, visible to whoever may read the document."""
    entry: Request = {"metadataKey": key, "metadataValue": value}
    if metadata_id is not None:
        entry["metadataId"] = metadata_id
    return {"createDeveloperMetadata": {"developerMetadata": entry | {"location": location, "visibility": "DOCUMENT"}}}


def sizes(plan: TabPlan, sheet_id: int) -> Iterator[Request]:
    """Widths of the columns we insert, and heights of rows whose owner never set one."""
    fresh = range(len(plan.columns)) if plan.is_new else [column for column, _ in plan.new_columns]
    widths = plan.draft.sheet.widths
    for column in fresh:
        if column < len(widths):
            yield _sized(sheet_id, "COLUMNS", plan.columns[column], column_pixels([widths[column]]))
    places = plan.rows.places()
    for name, pixels in plan.draft.heights_px().items():
        if name in plan.rows.fresh or _may_resize(plan, name, pixels):
            yield _sized(sheet_id, "ROWS", places[name], pixels)


def merges(plan: TabPlan, sheet_id: int) -> list[dict[str, int]]:
    """The merges that the draft asks for, as ranges of the grid, in order."""
    places = plan.rows.places()
    wanted = []
    for cell in plan.draft.sheet.cells:
        if cell.rows > 1 or cell.columns > 1:
            rows = [places[plan.draft.identities[row]] for row in range(cell.row, cell.row + cell.rows)]
            columns = _unbroken(plan, rows, plan.columns[cell.column : cell.column + cell.columns])
            if not _is_frozen_apart(plan, min(rows), max(rows), min(columns), max(columns)):
                wanted.append(grid_range(sheet_id, min(rows), min(columns), max(rows), max(columns)))
    return wanted


def _is_frozen_apart(plan: TabPlan, row: int, last_row: int, column: int, last_column: int) -> bool:
    """Whether an edge that the owner froze runs through cells: Google merges nothing across it."""
    if plan.tab is None:
        return False
    rows = frozen_edge(plan, plan.tab) or plan.tab.frozen_rows
    columns = _shifted(plan, plan.tab.frozen_columns - 1) + 1 if plan.tab.frozen_columns else 0
    return row < rows <= last_row or column < columns <= last_column


def keeps_merges(plan: TabPlan, sheet_id: int) -> bool:
    """Whether the merges that stand are the ones wanted and nothing moves, so that none need be touched."""
    if plan.tab is None or plan.rows.steps or plan.new_columns:
        return False
    return sorted(map(_corners, _own_merges(plan))) == sorted(map(_corners, merges(plan, sheet_id)))


def dimension(sheet_id: int, kind: str, start: int, count: int) -> dict[str, Any]:
    """Some rows or columns of a tab."""
    return {"sheetId": sheet_id, "dimension": kind, "startIndex": start, "endIndex": start + count}


def _unbroken(plan: TabPlan, rows: Sequence[int], columns: Sequence[int]) -> Sequence[int]:
    """The columns of a merge, cut where an owner's inserted column holds something that the merge would swallow."""
    for place in range(columns[0], columns[-1]):
        if place not in columns and _owner_holds(plan, rows, place):
            return [column for column in columns if column < place]
    return columns


def _owner_holds(plan: TabPlan, rows: Sequence[int], column: int) -> bool:
    if plan.tab is None:
        return False
    names = [plan.rows.after[row] for row in rows]
    before = [plan.standing[name] for name in names if name is not None and name in plan.standing]
    return any(plan.tab.at(row, column).value is not None for row in before)


def _unmerges(plan: TabPlan) -> list[Request]:
    assert plan.tab is not None  # noqa: S101 - the caller has looked
    if keeps_merges(plan, plan.tab.sheet_id):
        return []
    return [{"unmergeCells": {"range": {"sheetId": plan.tab.sheet_id} | dict(merge)}} for merge in _own_merges(plan)]


def _own_merges(plan: TabPlan) -> list[Mapping[str, int]]:
    """The merges that stand over our columns and rows."""
    assert plan.tab is not None  # noqa: S101 - the caller has looked
    ours = set(plan.tab.columns.values()) or set(plan.columns)
    rows = 1 + max(plan.standing.values(), default=-1)
    return [
        merge
        for merge in plan.tab.merges
        if merge.get("startRowIndex", 0) < rows
        and ours & set(range(merge.get("startColumnIndex", 0), merge["endColumnIndex"]))
    ]


def _corners(merge: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(merge.get(name, 0) for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"))


def _column_inserts(plan: TabPlan, tab: Tab) -> Iterator[Request]:
    width = tab.column_count
    for _, place in plan.new_columns:
        yield _insert(tab.sheet_id, "COLUMNS", place, 1, width)
        width += 1


def _row_steps(plan: TabPlan, tab: Tab) -> Iterator[Request]:
    """The steps of the plan; rows are added first where so many go that Google would refuse to delete them all."""
    height = tab.row_count
    going = sum(step.count for step in plan.rows.steps if step.kind == "delete")
    if going and height - going < tab.frozen_rows + SPARE_ROWS:
        yield {"appendDimension": {"sheetId": tab.sheet_id, "dimension": "ROWS", "length": SPARE_ROWS}}
        height += SPARE_ROWS
    for step in plan.rows.steps:
        if step.kind == "delete":
            yield {"deleteDimension": {"range": dimension(tab.sheet_id, "ROWS", step.start, step.count)}}
            height -= step.count
        elif step.kind == "move":
            source = dimension(tab.sheet_id, "ROWS", step.start, step.count)
            yield {"moveDimension": {"source": source, "destinationIndex": step.destination}}
        else:
            yield _insert(tab.sheet_id, "ROWS", step.start, step.count, height)
            height += step.count
    yield from _frozen(plan, tab)


def _frozen(plan: TabPlan, tab: Tab) -> Iterator[Request]:
    """Keep the frozen edge under the row it was under: rows that came or went above it would shift it."""
    edge = frozen_edge(plan, tab)
    if edge is not None:
        grid = {"sheetId": tab.sheet_id, "gridProperties": {"frozenRowCount": edge}}
        yield {"updateSheetProperties": {"properties": grid, "fields": "gridProperties.frozenRowCount"}}


def frozen_edge(plan: TabPlan, tab: Tab) -> int | None:
    """Where the frozen edge goes, if rows of ours above it may have moved."""
    places = plan.rows.places()
    above = [places[name] for name, place in plan.standing.items() if place < tab.frozen_rows and name in places]
    return max(above) + 1 if plan.rows.steps and above else None


def _insert(sheet_id: int, kind: str, start: int, count: int, length: int) -> Request:
    """Insert rows or columns; at the very end of the grid they are appended, which is another request."""
    if start >= length:
        return {"appendDimension": {"sheetId": sheet_id, "dimension": kind, "length": start + count - length}}
    return {"insertDimension": {"range": dimension(sheet_id, kind, start, count), "inheritFromBefore": start > 0}}


def _sized(sheet_id: int, kind: str, place: int, pixels: int) -> Request:
    of, properties = dimension(sheet_id, kind, place, 1), {"pixelSize": pixels}
    return {"updateDimensionProperties": {"range": of, "properties": properties, "fields": "pixelSize"}}


def _may_resize(plan: TabPlan, name: str, pixels: int) -> bool:
    """Whether a row that stays has the height we gave it, and now needs another."""
    if plan.tab is None or name not in plan.standing:
        return False
    place = plan.standing[name]
    now = plan.tab.heights[place] if place < len(plan.tab.heights) else DEFAULT_ROW_PX
    return now == plan.remembered.heights.get(name, DEFAULT_ROW_PX) and now != pixels
