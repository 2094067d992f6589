"""What a spreadsheet is here: cells, what is attached to sheets, and cheap drafts, so that a batch is atomic."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]


class Formula(str):
    """The text of a formula, with its equals sign, as a cell keeps it."""

    __slots__ = ()


Value = None | float | int | str | bool | Formula


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. It is never changed, only replaced; formats that are equal share one dict."""

    value: Value = None
    format: Json | None = None
    note: str = ""
    validation: Json | None = None
    runs: tuple[Json, ...] = ()
    hyperlink: str = ""
    other: Json | None = None  # members nobody interprets: pivotTable, chipRuns, dataSource…

    @property
    def is_blank(self) -> bool:
        """Is there nothing at all in it, yes or no."""
        return self == EMPTY

    @property
    def has_value(self) -> bool:
        """Would a person see something in it, yes or no."""
        return self.value is not None


EMPTY = Cell()
Row = dict[int, Cell]


@dataclass
class Sheet:
    """One tab: its properties as the API shows them, its rows, and what hangs on them."""

    properties: Json
    rows: list[Row] = field(default_factory=list)
    row_props: dict[int, Json] = field(default_factory=dict)
    column_props: dict[int, Json] = field(default_factory=dict)
    merges: list[Json] = field(default_factory=list)
    conditional_formats: list[Json] = field(default_factory=list)
    protected_ranges: list[Json] = field(default_factory=list)
    banded_ranges: list[Json] = field(default_factory=list)
    charts: list[Json] = field(default_factory=list)
    slicers: list[Json] = field(default_factory=list)
    filter_views: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    row_groups: list[Json] = field(default_factory=list)
    column_groups: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)
    owned: set[int] = field(default_factory=set)  # rows (by id) that this draft may change in place

    @property
    def id(self) -> int:
        """The sheetId."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """The tab's title."""
        return str(self.properties["title"])

    @property
    def row_count(self) -> int:
        """Rows of the grid, 0 for an object sheet."""
        return int(self.properties.get("gridProperties", {}).get("rowCount", 0))

    @property
    def column_count(self) -> int:
        """Columns of the grid, 0 for an object sheet."""
        return int(self.properties.get("gridProperties", {}).get("columnCount", 0))

    def cell(self, row: int, column: int) -> Cell:
        """A zero-based place in; its cell out."""
        return self.rows[row].get(column, EMPTY) if row < len(self.rows) else EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Sets one cell; a blank one takes no room."""
        if cell.is_blank:
            if row < len(self.rows) and column in self.rows[row]:
                del self.own(row)[column]
        else:
            self.own(row)[column] = cell

    def own(self, row: int) -> Row:
        """A row in; its cells, which may be changed, out."""
        while len(self.rows) <= row:
            new: Row = {}
            self.rows.append(new)
            self.owned.add(id(new))
        cells = self.rows[row]
        if id(cells) not in self.owned:
            cells = dict(cells)
            self.rows[row] = cells
            self.owned.add(id(cells))
        return cells

    def update(self, row: int, column: int, **members: Any) -> None:
        """Sets some members of one cell."""
        self.put(row, column, replace(self.cell(row, column), **members))

    def draft(self) -> Sheet:
        """A copy out that shares its rows until they are written."""
        return Sheet(
            properties=copy.deepcopy(self.properties),
            rows=list(self.rows),
            row_props={key: dict(value) for key, value in self.row_props.items()},
            column_props={key: dict(value) for key, value in self.column_props.items()},
            basic_filter=copy.deepcopy(self.basic_filter),
            **{name: copy.deepcopy(getattr(self, name)) for name in ATTACHED},
        )


ATTACHED = (
    "merges",
    "conditional_formats",
    "protected_ranges",
    "banded_ranges",
    "charts",
    "slicers",
    "filter_views",
    "row_groups",
    "column_groups",
    "tables",
)


@dataclass
class Spreadsheet:
    """One spreadsheet, who may see it, and when it was touched (seconds since 1970)."""

    id: str
    properties: Json
    sheets: list[Sheet]
    owner: str
    pending_owner: str = ""
    created_at: float = 0.0
    modified_at: float = 0.0
    writers: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    parents: list[str] = field(default_factory=list)
    is_trashed: bool = False
    comments: list[Json] = field(default_factory=list)
    named_ranges: list[Json] = field(default_factory=list)
    developer_metadata: list[Json] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The spreadsheet's title, which is also the file's name."""
        return str(self.properties["title"])

    @property
    def locale(self) -> str:
        """The locale, as in ru_RU."""
        return str(self.properties["locale"])

    def draft(self) -> Spreadsheet:
        """A copy to try a batch on out."""
        return replace(
            self,
            properties=copy.deepcopy(self.properties),
            sheets=[sheet.draft() for sheet in self.sheets],
            named_ranges=copy.deepcopy(self.named_ranges),
            developer_metadata=copy.deepcopy(self.developer_metadata),
            comments=copy.deepcopy(self.comments),
            writers=set(self.writers),
            readers=set(self.readers),
        )

    def find(self, sheet_id: int) -> Sheet | None:
        """A sheetId in; its sheet out, None if there is none."""
        return next((sheet for sheet in self.sheets if sheet.id == sheet_id), None)

    def titled(self, title: str) -> Sheet | None:
        """A title in; its sheet out: exactly so written or, failing that, in any case of letters."""
        exact = [sheet for sheet in self.sheets if sheet.title == title]
        alike = [sheet for sheet in self.sheets if sheet.title.lower() == title.lower()]
        return next(iter(exact + alike), None)

    @property
    def cell_count(self) -> int:
        """Cells of all grids, empty ones too: what the limit of 10 million counts."""
        return sum(sheet.row_count * sheet.column_count for sheet in self.sheets)
