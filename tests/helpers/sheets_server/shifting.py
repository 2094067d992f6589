"""Rows and columns come, go and move: cells and everything attached to them follow, formulas on all sheets too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import attachments
from .cells import shared
from .formulas.references import Reference, rewrite
from .guards import guard_size
from .model import ATTACHED, Cell, Formula, Json, Row, Sheet, Spreadsheet
from .moves import Change, Delete, Insert
from .shift import Shift


def insert_rows(book: Spreadsheet, sheet: Sheet, at: int, count: int) -> None:
    """Rows come in before row `at`."""
    apply(book, Shift(sheet.id, "ROWS", Insert(at, count)))


def apply(book: Spreadsheet, shift: Shift, with_grid: bool = True) -> None:
    """Carries out a shift: cells, sizes, attachments, named ranges, metadata and formulas."""
    sheet = book.find(shift.sheet_id)
    if sheet is None:
        return
    if with_grid and shift.band is None:
        resize(sheet, shift)
        guard_size(book)
        move_properties(sheet, shift)
    move_cells(sheet, shift)
    for there in book.sheets:
        move_attached(there, shift)
    book.named_ranges = attachments.moved_list(book.named_ranges, shift)
    book.developer_metadata = attachments.moved_list(book.developer_metadata, shift)
    rewrite_formulas(book, lambda at, reference: moved_reference(book, at, reference, shift))


def resize(sheet: Sheet, shift: Shift) -> None:
    """The grid grows or shrinks with what comes or goes, and so do frozen rows and columns."""
    grid = sheet.properties["gridProperties"]
    count, frozen = ("rowCount", "frozenRowCount") if shift.is_rows else ("columnCount", "frozenColumnCount")
    if isinstance(shift.change, Insert):
        grid[count] += shift.change.count
        if grid.get(frozen, 0) > shift.change.at:
            grid[frozen] += shift.change.count
    if isinstance(shift.change, Delete):
        grid[count] -= shift.change.end - shift.change.start
        if frozen in grid:
            grid[frozen] = shift.change.edge(grid[frozen])
            if not grid[frozen]:
                del grid[frozen]


def move_properties(sheet: Sheet, shift: Shift) -> None:
    """Heights, widths and hidden lines move with their lines."""
    name = "row_props" if shift.is_rows else "column_props"
    moved = {shift.change.point(at): props for at, props in getattr(sheet, name).items()}
    moved.pop(None, None)
    setattr(sheet, name, moved)


def move_cells(sheet: Sheet, shift: Shift) -> None:
    """Cells move with their lines; inside a band only the band's cells do."""
    if shift.is_rows and shift.band is None:
        move_whole_rows(sheet, shift.change)
        return
    old, sheet.rows, sheet.owned = sheet.rows, [], set()
    for row, cells in enumerate(old):
        for column, cell in cells.items():
            place = shift.cell(row, column)
            if place is not None and place[0] < sheet.row_count and place[1] < sheet.column_count:
                sheet.own(place[0])[place[1]] = cell


def move_whole_rows(sheet: Sheet, change: Change) -> None:
    """Rows are inserted, deleted or moved as they are."""
    if isinstance(change, Insert):
        if change.at < len(sheet.rows):
            new: list[Row] = [{} for _ in range(change.count)]
            sheet.rows[change.at : change.at] = new
    elif isinstance(change, Delete):
        del sheet.rows[change.start : change.end]
    else:
        top = max(change.to, change.end)
        while len(sheet.rows) < top:
            sheet.rows.append({})
        moved = sheet.rows[change.start : change.end]
        at = change.to if change.to <= change.start else change.to - change.count
        del sheet.rows[change.start : change.end]
        sheet.rows[at:at] = moved
    sheet.owned = set()


def move_attached(sheet: Sheet, shift: Shift) -> None:
    """What hangs on a sheet moves where it points to the shifted one."""
    for name in ATTACHED:
        setattr(sheet, name, attachments.moved_list(getattr(sheet, name), shift))
    sheet.conditional_formats = [rule for rule in sheet.conditional_formats if rule.get("ranges")]
    if sheet.basic_filter is not None:
        moved = attachments.moved_list([sheet.basic_filter], shift)
        sheet.basic_filter = moved[0] if moved else None


def rewrite_formulas(book: Spreadsheet, change: Callable[[str, Reference], str | None]) -> None:
    """Each formula's references are rewritten; `change` gets the title of the formula's sheet and the reference."""
    for sheet in book.sheets:

        def changed(text: str, title: str = sheet.title) -> str:
            return rewrite(text, lambda reference: change(title, reference))

        for row, cells in enumerate(sheet.rows):
            for column, cell in list(cells.items()):
                if type(cell.value) is Formula:
                    text = changed(cell.value)
                    if text != cell.value:
                        sheet.update(row, column, value=Formula(text))
        for rule in sheet.conditional_formats:
            rewrite_conditions(rule, changed)


def rewrite_conditions(message: Any, changed: Callable[[str], str]) -> None:
    """Formulas in the conditions of a rule are rewritten in place."""
    if isinstance(message, list):
        for item in message:
            rewrite_conditions(item, changed)
    elif isinstance(message, dict):
        text = message.get("userEnteredValue")
        if isinstance(text, str) and text.startswith("="):
            message["userEnteredValue"] = changed(text)
        for item in message.values():
            rewrite_conditions(item, changed)


def moved_reference(book: Spreadsheet, title: str, reference: Reference, shift: Shift) -> str | None:
    """A reference in a formula on the titled sheet in; its new text out, None if it does not move."""
    target = book.titled(reference.sheet if reference.sheet is not None else title)
    if target is None or target.id != shift.sheet_id:
        return None
    return shift.reference(reference)


def inherit(sheet: Sheet, shift: Shift, from_before: bool) -> None:
    """New lines take formats and sizes from the line before or after them."""
    if not isinstance(shift.change, Insert):
        return
    at, count = shift.change.at, shift.change.count
    source = at - 1 if from_before else at + count
    props = sheet.row_props if shift.is_rows else sheet.column_props
    for line in range(at, at + count):
        size = {key: value for key, value in props.get(source, {}).items() if key == "pixelSize"}
        if size:
            props[line] = size
    lines = {}
    if shift.is_rows and 0 <= source < len(sheet.rows):
        lines = dict(sheet.rows[source])
        for line in range(at, at + count):
            for column, cell in lines.items():
                put_format(sheet, line, column, cell)
    elif not shift.is_rows:
        for row in range(len(sheet.rows)):
            cell = sheet.cell(row, source)
            for line in range(at, at + count):
                put_format(sheet, row, line, cell)


def put_format(sheet: Sheet, row: int, column: int, like: Cell) -> None:
    """A new cell takes format and validation of another one."""
    if like.format or like.validation:
        sheet.update(row, column, format=shared(like.format), validation=like.validation)


def drop_outside(book: Spreadsheet, sheet: Sheet, old: Json, new: Json) -> None:
    """The grid was shrunk by its properties: what lay in the part cut off goes away."""
    for dimension, count in (("ROWS", "rowCount"), ("COLUMNS", "columnCount")):
        before, after = old.get(count, 0), new.get(count, 0)
        if after < before:
            shift = Shift(sheet.id, dimension, Delete(after, before))
            move_properties(sheet, shift)
            apply(book, shift, with_grid=False)
