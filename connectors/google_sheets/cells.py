"""A tab's plan → the cells to write, as few rectangles of typed values with their formats and notes.

Rectangles are serialised cell by cell, so that a report of half a million cells never stands in memory twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring

from connectors.google_sheets.draft import Written, format_json
from connectors.google_sheets.formats import cell_format, with_overrides
from connectors.google_sheets.plan import TabPlan

KEPT = "kept"
"""`drawn` of a cell whose format stands as we left it, or as the owner changed it, and is not written again."""
CLEARED = Written(None, "")
"""A cell of ours that holds nothing any more: value and format go."""


class KeptRun(list[Written]):
    """Cells side by side of which every one keeps its format: the draft's own, rather than half a million copies."""


@dataclass(frozen=True)
class Block:
    """A rectangle of cells to write; rows and columns of the grid, counted from 0."""

    row: int
    column: int
    rows: Sequence[Sequence[Written]]

    @property
    def width(self) -> int:
        """How many columns."""
        return len(self.rows[0])

    def drawn(self, row: int, column: int) -> str:
        """The CellFormat of a cell as JSON: KEPT for one that keeps it, `{}` for a cleared one."""
        cells = self.rows[row]
        return KEPT if isinstance(cells, KeptRun) else drawn_json(cells[column])


def blocks(plan: TabPlan, sheet_ids: Mapping[str, int]) -> list[Block]:
    """A plan, and the ids of the report's tabs for links between them, in; the rectangles to write out.

    A cell that the draft does not name is left as it stands, unless we wrote it before: then it is cleared.
    """
    places = plan.rows.places()
    by_row = sorted((places[name], name, row) for row, name in enumerate(plan.draft.identities))
    runs = ((place, *run) for place, name, row in by_row for run in _row_runs(plan, name, row, sheet_ids))
    return list(_stacked(runs))


def notes(plan: TabPlan) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of the notes to write: on cells new to the tab, and where nobody but us ever changed it."""
    places = plan.rows.places()
    for row, name in enumerate(plan.draft.identities):
        for column, cell in plan.draft.rows[row].items():
            if _owes_note(plan, name, column, cell):
                yield places[name], plan.columns[column], cell.note


def serialised(block: Block) -> Iterator[str]:
    """A rectangle in; its rows as JSON out: `{"values":[…]}` with values and formats."""
    for row in block.rows:
        yield '{"values":[' + ",".join(map(_cell_json, row)) + "]}"


def serialised_values(block: Block) -> Iterator[str]:
    """A rectangle in; its rows as JSON out, values only."""
    for row in block.rows:
        yield '{"values":[' + ",".join(["{" + value_json(cell) + "}" for cell in row]) + "]}"


def value_json(cell: Written) -> str:
    """A cell in; the member `userEnteredValue` out, empty for a blank: text is never a formula, a number never text."""
    value = cell.value
    if isinstance(value, str):
        return f'"userEnteredValue":{{"stringValue":{encode_basestring(value)}}}'
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'"userEnteredValue":{{"boolValue":{"true" if value else "false"}}}'
    return f'"userEnteredValue":{{"numberValue":{value!r}}}'


def drawn_json(cell: Written) -> str:
    """A cell in; its CellFormat as JSON out, `{}` for a cleared one."""
    return cell.drawn or (format_json(cell.look, isinstance(cell.value, str)) if cell.look else "{}")


def _cell_json(cell: Written) -> str:
    if not cell.look:
        return "{}"
    value = value_json(cell)
    return f'{{{value}{"," if value else ""}"userEnteredFormat":{drawn_json(cell)}}}'


def _row_runs(plan: TabPlan, name: str, row: int, sheet_ids: Mapping[str, int]) -> Iterator[tuple[int, list[Written]]]:
    """The unbroken runs of one row: first column of the grid and cells."""
    drafted = plan.draft.rows[row]
    if all(_keeps_format(plan, name, column, cell) for column, cell in drafted.items()):
        cleared = set(_to_clear(plan, name)) - set(drafted)
        if not cleared:
            kept = {plan.columns[column]: cell for column, cell in drafted.items()}
            yield from ((start, KeptRun(run)) for start, run in _runs(kept))
            return
    yield from _runs(_row(plan, name, row, sheet_ids))


def _row(plan: TabPlan, name: str, row: int, sheet_ids: Mapping[str, int]) -> dict[int, Written]:
    """Column of the grid → cell, for everything of one row that is to be written or cleared."""
    cells = dict.fromkeys((plan.columns[column] for column in _to_clear(plan, name)), CLEARED)
    for column, cell in plan.draft.rows[row].items():
        if _keeps_format(plan, name, column, cell):
            cells[plan.columns[column]] = cell._replace(drawn=KEPT)
        else:
            cells[plan.columns[column]] = _drawn(cell, plan.changed_formats.get((name, column)), sheet_ids)
    return cells


def _keeps_format(plan: TabPlan, name: str, column: int, cell: Written) -> bool:
    """Whether a cell of a large tab, whose formats were not read, has the look that it had before."""
    if plan.tab is None or not plan.tab.is_large or name in plan.rows.fresh:
        return False
    before = plan.remembered.by_identity.get(name, {}).get(column)
    return before is not None and before.format == format_json(cell.look, isinstance(cell.value, str))


def _drawn(cell: Written, changed: Mapping[str, object] | None, sheet_ids: Mapping[str, int]) -> Written:
    """A cell as the draft has it in; with its own format, if an owner's change or a link makes it one, out."""
    if not changed and not cell.link:
        return cell
    format_ = with_overrides(cell_format(cell.look, isinstance(cell.value, str)), changed or {})
    if cell.link:
        uri = f"#gid={sheet_ids.get(cell.link[1:], 0)}" if cell.link.startswith("#") else cell.link
        format_ = format_ | {"textFormat": format_["textFormat"] | {"link": {"uri": uri}}}
    return cell._replace(drawn=json.dumps(format_, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _to_clear(plan: TabPlan, name: str) -> Sequence[int]:
    """Columns of the document where something of ours stood, or which were just inserted."""
    if plan.is_new:
        return ()
    if name in plan.rows.fresh:
        return range(len(plan.columns))
    inserted = [column for column, _ in plan.new_columns]
    before = plan.remembered.by_identity.get(name, {})
    return [*inserted, *(column for column in before if column < len(plan.columns))]


def _runs(cells: Mapping[int, Written]) -> Iterator[tuple[int, list[Written]]]:
    """The unbroken runs of one row: first column and cells."""
    run: list[Written] = []
    start = -1
    for column in sorted(cells):
        if run and column == start + len(run):
            run.append(cells[column])
            continue
        if run:
            yield start, run
        start, run = column, [cells[column]]
    if run:
        yield start, run


def _stacked(runs: Iterator[tuple[int, int, list[Written]]]) -> Iterator[Block]:
    """Runs, top down, in; rectangles of those that stand under one another in the same columns out."""
    open_: dict[tuple[int, int], tuple[int, list[list[Written]]]] = {}
    for row, column, cells in runs:
        shape = (column, len(cells))
        first, rows = open_.get(shape, (row, []))
        if rows and first + len(rows) != row:
            yield Block(first, column, rows)
            first, rows = row, []
        rows.append(cells)
        open_[shape] = (first, rows)
    for (column, _), (first, rows) in open_.items():
        yield Block(first, column, rows)


def _owes_note(plan: TabPlan, name: str, column: int, cell: Written) -> bool:
    if plan.is_new or name in plan.rows.fresh:
        return bool(cell.note)
    before = plan.remembered.note(name, column)
    if before == cell.note or plan.tab is None or name not in plan.standing or column not in plan.tab.columns:
        return False
    return plan.tab.at(plan.standing[name], plan.tab.columns[column]).note == before
