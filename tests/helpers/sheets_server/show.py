"""A spreadsheet in; its JSON as spreadsheets.get answers out: only what mask and ranges ask for is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import CellView
from .formulas.evaluate import Calculation
from .guards import may_edit
from .masks import Tree, names, select
from .model import Json, Sheet, Spreadsheet
from .ranges import Rect, find_range
from .requests.dimensions import DEFAULT_SIZE

LISTS = {
    "merges": "merges",
    "conditionalFormats": "conditional_formats",
    "filterViews": "filter_views",
    "charts": "charts",
    "bandedRanges": "banded_ranges",
    "rowGroups": "row_groups",
    "columnGroups": "column_groups",
    "slicers": "slicers",
    "tables": "tables",
}


@dataclass(frozen=True)
class Asked:
    """What a caller wants to see: a mask (None: everything), A1 ranges, and whether cells are wanted without a mask."""

    mask: Tree | None = None
    ranges: Sequence[str] = ()
    with_cells: bool = False
    user: str = ""
    now: float = 0.0

    @property
    def wants_cells(self) -> bool:
        """Are cells asked for? A mask decides alone."""
        return self.with_cells if self.mask is None else names(self.mask, "sheets", "data")

    def sheet_mask(self, *path: str) -> Tree:
        """The part of the mask below a path inside a sheet, {} for everything."""
        tree: Tree = {} if self.mask is None else self.mask
        for name in ("sheets", *path):
            if not tree or "*" in tree:
                return {}
            tree = tree.get(name, {})
        return tree


def show(book: Spreadsheet, asked: Asked) -> Json:
    """A spreadsheet and what is asked for in; its JSON out. Raises ApiError 400 for ranges that cannot be read."""
    places = [find_range(book, text) for text in asked.ranges]
    by_sheet: dict[int, list[Rect]] = {}
    for found in places:
        by_sheet.setdefault(found.sheet.id, []).append(found.rect)
    shown: Json = {"spreadsheetId": book.id, "properties": book.properties}
    sheets = [sheet for sheet in book.sheets if not places or sheet.id in by_sheet]
    if asked.mask is None or names(asked.mask, "sheets"):
        shown["sheets"] = [show_sheet(book, sheet, by_sheet.get(sheet.id, []), asked) for sheet in sheets]
    if book.named_ranges:
        shown["namedRanges"] = book.named_ranges
    on_book = [item for item in book.developer_metadata if item["location"].get("spreadsheet")]
    if on_book:
        shown["developerMetadata"] = on_book
    shown["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    answer: Json = shown if asked.mask is None else select(shown, asked.mask)
    return {name: value for name, value in answer.items() if value != []}


def show_sheet(book: Spreadsheet, sheet: Sheet, rects: Sequence[Rect], asked: Asked) -> Json:
    """A sheet in; its JSON out. Empty lists are left out."""
    shown: Json = {"properties": sheet.properties}
    for name, attribute in LISTS.items():
        if getattr(sheet, attribute):
            shown[name] = getattr(sheet, attribute)
    if sheet.basic_filter is not None:
        shown["basicFilter"] = sheet.basic_filter
    if sheet.protected_ranges:
        shown["protectedRanges"] = [show_protected(book, item, asked.user) for item in sheet.protected_ranges]
    own = [item for item in book.developer_metadata if item["location"].get("sheetId") == sheet.id]
    if own:
        shown["developerMetadata"] = own
    if asked.wants_cells and sheet.properties["sheetType"] == "GRID":
        whole = Rect(0, sheet.row_count, 0, sheet.column_count)
        shown["data"] = [show_grid(book, sheet, rect, asked) for rect in rects or [whole]]
    return shown


def show_protected(book: Spreadsheet, protected: Json, user: str) -> Json:
    """A protected range in; the same as the caller sees it out."""
    shown = {name: value for name, value in protected.items() if name != "requestingUserCanEdit"}
    if may_edit(book, protected, user):
        shown["requestingUserCanEdit"] = True
    elif "editors" in shown:
        del shown["editors"]  # only those who may edit see who may
    return shown


def show_grid(book: Spreadsheet, sheet: Sheet, rect: Rect, asked: Asked) -> Json:
    """A rectangle in; its GridData out: zero starts, trailing empty cells and rows are left out."""
    data: Json = {}
    if rect.top:
        data["startRow"] = rect.top
    if rect.left:
        data["startColumn"] = rect.left
    below = asked.sheet_mask("data")
    if names(below, "rowData"):
        rows = show_rows(book, sheet, rect, asked)
        if rows:
            data["rowData"] = rows
    for name, dimension, lines in (
        ("rowMetadata", "ROWS", range(rect.top, rect.bottom)),
        ("columnMetadata", "COLUMNS", range(rect.left, rect.right)),
    ):
        if names(below, name):
            data[name] = [show_line(book, sheet, dimension, line) for line in lines]
    return data


def show_rows(book: Spreadsheet, sheet: Sheet, rect: Rect, asked: Asked) -> list[Json]:
    """A rectangle in; its RowData out."""
    mask = asked.sheet_mask("data", "rowData", "values")
    view = CellView(Calculation(book, asked.now), sheet, mask, book.properties["defaultFormat"])
    rows: list[Json] = []
    for row in range(rect.top, min(rect.bottom, len(sheet.rows))):
        last = max(sheet.rows[row], default=-1)
        cells = [view.show(row, column) for column in range(rect.left, min(rect.right, last + 1))]
        while cells and not cells[-1]:
            cells.pop()
        rows.append({"values": cells} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    return rows


def show_line(book: Spreadsheet, sheet: Sheet, dimension: str, line: int) -> Json:
    """A row or a column in; its DimensionProperties out."""
    props = sheet.row_props if dimension == "ROWS" else sheet.column_props
    shown = {"pixelSize": DEFAULT_SIZE[dimension], **props.get(line, {})}
    own = [
        item
        for item in book.developer_metadata
        if (area := item["location"].get("dimensionRange"))
        and (area.get("sheetId", 0), area["dimension"], area["startIndex"]) == (sheet.id, dimension, line)
    ]
    return shown | ({"developerMetadata": own} if own else {})
