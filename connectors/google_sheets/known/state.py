"""Google's answer about a spreadsheet → what stands there: our tabs, their columns and rows, the owner's things."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from config.errors import TargetError
from connectors.google_sheets.formats import READ_MASK
from connectors.google_sheets.known.marks import (
    CLIENT_KEY,
    COLUMN_KEY,
    FORMER_TAB,
    STAMP_KEY,
    TAB_KEY,
    Noted,
    Remark,
    noted,
    owner_noted,
    stable_id,
    under,
)
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.values import Plain, canonical

EDITS_TAB = "edits!"
"""`key` of the tab «Правки»; no sheet of a report is called so."""
CONTROL_TAB = "control!"
"""`key` of the tab «Пульт»."""
DEFAULT_ROW_PX = 21

_METADATA = "developerMetadata(metadataId,metadataKey,metadataValue)"
_GUARDS = "protectedRanges(protectedRangeId,range,warningOnly,requestingUserCanEdit,unprotectedRanges)"
_NAMED = "namedRanges(namedRangeId,name,range)"
OUTLINE_FIELDS = (
    f"spreadsheetId,properties(title,locale),{_METADATA},{_NAMED},"
    f"sheets(properties,{_METADATA},charts(chartId),{_GUARDS})"
)
"""Every tab without cells: where a title or an id is to be taken, and when a tab is not where we remember it."""
FULL_FIELDS = (
    f"spreadsheetId,properties(title,locale),{_METADATA},{_NAMED},"
    f"sheets(properties,{_METADATA},merges,conditionalFormats,"
    f"charts(chartId,spec),{_GUARDS},data(startRow,startColumn,"
    f"rowMetadata(pixelSize),columnMetadata({_METADATA}),"
    f"rowData(values(userEnteredValue,userEnteredFormat({READ_MASK}),note))))"
)
TARGET_FIELDS = OUTLINE_FIELDS.removesuffix(")") + f",data(columnMetadata({_METADATA})))"
"""The same with the places of our columns: for a look before a run."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One cell as it stands."""

    value: Plain
    format: Mapping[str, Any]
    note: str

    @property
    def text(self) -> str:
        """Canonical text of the value."""
        return canonical(self.value)


BLANK = Seen(None, {}, "")


class ValueRow(Mapping[int, Seen]):
    """One row of a large tab: bare values, looked at as cells only when asked for."""

    __slots__ = ("_values",)

    def __init__(self, values: Sequence[Plain]) -> None:
        self._values = values

    def __getitem__(self, column: int) -> Seen:
        if 0 <= column < len(self._values) and self._values[column] not in BLANKS:
            return Seen(self._values[column], {}, "")
        raise KeyError(column)

    def __iter__(self) -> Iterator[int]:
        return (column for column, value in enumerate(self._values) if value not in BLANKS)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def picked(self, columns: Sequence[int]) -> list[Plain]:
        """Columns of the grid in; their values in that order, None beyond the last, out."""
        values = self._values
        try:
            return [values[column] for column in columns]
        except IndexError:
            return [values[column] if column < len(values) else None for column in columns]

    def holds(self, edge: int, ours: Collection[int]) -> bool:
        """Whether anything stands outside these columns, all of which up to an edge are ours."""
        beyond = enumerate(self._values[edge:], edge)
        return any(value not in BLANKS and column not in ours for column, value in beyond)


BLANKS = (None, "")


@dataclass(frozen=True)
class Tab:
    """One tab of ours as it stands."""

    key: str
    sheet_id: int
    title: str
    row_count: int
    column_count: int
    frozen_rows: int
    frozen_columns: int
    remark: Remark
    rows: Sequence[Mapping[int, Seen]] = ()
    """Row → column of the grid → cell; blank cells are absent."""
    heights: Sequence[int] = ()
    is_large: bool = False
    """Only the values were read: formats, notes and heights are not known."""
    columns: Mapping[int, int] = field(default_factory=dict)
    """Column of the document → column of the grid."""
    merges: Sequence[Mapping[str, int]] = ()
    rules: Sequence[Mapping[str, Any]] = ()
    charts: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """Chart id → its spec."""
    protections: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    locked: Sequence[Mapping[str, Any]] = ()
    """Protected ranges in which we may not write."""

    @cached_property
    def noted(self) -> Noted:
        """What the tab's mark says: how many rows, which charts, how many highlights were made."""
        return noted(self.remark)

    def locked_over(self) -> list[Mapping[str, Any]]:
        """Protected ranges over cells of ours in which we may not write."""
        rows, ours = max(self.noted.rows, 1), set(self.columns.values()) or set(range(self.column_count))
        end = max(ours, default=0) + 1

        def columns(area: Mapping[str, int]) -> set[int]:
            return ours & set(range(area.get("startColumnIndex", 0), area.get("endColumnIndex", end)))

        def is_open(area: Mapping[str, int]) -> bool:
            is_high = not area.get("startRowIndex", 0) and area.get("endRowIndex", rows) >= rows
            return is_high and columns(area) == ours

        return [
            guard
            for guard in self.locked
            if (area := guard.get("range", {})).get("startRowIndex", 0) < rows
            and columns(area)
            and not any(map(is_open, guard.get("unprotectedRanges", ())))
        ]

    def locked_rows(self, count: int) -> set[int]:
        """Of so many rows from the top, those in which a cell is protected from us."""
        areas = [guard.get("range", {}) for guard in self.locked]
        within = [range(area.get("startRowIndex", 0), min(area.get("endRowIndex", count), count)) for area in areas]
        return {row for rows in within for row in rows}

    def values(self, columns: Sequence[int]) -> Iterator[list[Plain]]:
        """Columns of the grid in; row by row, the values that stand in them, None for a blank, out."""
        for row in self.rows:
            if isinstance(row, ValueRow):
                yield row.picked(columns)
            else:
                yield [row[column].value if column in row else None for column in columns]

    def at(self, row: int, column: int) -> Seen:
        """The cell at a place of the grid."""
        return self.rows[row].get(column, BLANK) if 0 <= row < len(self.rows) else BLANK


@dataclass(frozen=True)
class Named:
    """A named range."""

    id: str
    range: Mapping[str, int]


@dataclass(frozen=True)
class Former:
    """A hidden copy of a tab of ours, kept because it was not known what of it was an owner's."""

    sheet_id: int
    of: str
    """Key of the tab."""
    at: str


@dataclass(frozen=True)
class State:
    """A spreadsheet as it stands."""

    title: str
    locale: str
    stamps: Sequence[Remark]
    """Which publication was the last to arrive; one, unless somebody meddled."""
    client: Remark | None
    """Whose report it is."""
    tabs: Mapping[str, Tab]
    """Our tabs by key."""
    titles: Mapping[int, str]
    """Every tab that was told of: id → title."""
    formers: Sequence[Former] = ()
    ids: frozenset[int] = frozenset()
    """Ids of every tab, chart and protection that was told of."""
    named: Mapping[str, Named] = field(default_factory=dict)
    """Named ranges by name."""
    is_whole: bool = False
    """Every tab was told of."""

    @property
    def stamp(self) -> str | None:
        """Which publication was the last to arrive; stamps begin with their moment."""
        return max((remark.value for remark in self.stamps), default=None)


def state(answer: Mapping[str, Any], prefix: str = "", is_whole: bool = False) -> State:
    """Google's answer under OUTLINE_FIELDS or FULL_FIELDS, and a client's prefix, in; the state as it sees it out."""
    properties = answer.get("properties", {})
    sheets = answer.get("sheets", ())
    found = [tab for tab in map(_tab, sheets) if tab is not None and tab.noted.prefix == prefix]
    tabs: dict[str, Tab] = {}
    for tab in found:
        is_itself = tab.sheet_id in {tab.noted.tab, stable_id(answer["spreadsheetId"], tab.key)}
        if tab.key != FORMER_TAB and (tab.key not in tabs or is_itself):
            tabs[tab.key] = tab  # a copy that the owner made bears the mark too, but not the id that it says
    remarks = _remarks(answer)
    clients = [remark for remark in remarks if remark.key == under(CLIENT_KEY, prefix)]
    return State(
        title=properties.get("title", ""),
        locale=properties.get("locale", ""),
        stamps=[remark for remark in remarks if remark.key == under(STAMP_KEY, prefix)],
        client=clients[0] if clients else None,
        tabs=tabs,
        titles={_sheet_id(sheet): sheet["properties"]["title"] for sheet in sheets if sheet.get("properties")},
        formers=[Former(tab.sheet_id, tab.noted.of, tab.noted.at) for tab in found if tab.key == FORMER_TAB],
        ids=frozenset(_ids(sheets)),
        named={one["name"]: Named(one["namedRangeId"], one.get("range", {})) for one in answer.get("namedRanges", ())},
        is_whole=is_whole,
    )


def _ids(sheets: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    for sheet in sheets:
        yield _sheet_id(sheet)
        yield from (chart["chartId"] for chart in sheet.get("charts", ()))
        yield from (guard["protectedRangeId"] for guard in sheet.get("protectedRanges", ()))


def _tab(sheet: Mapping[str, Any]) -> Tab | None:
    """One sheet of the answer in; our tab out, or None if it bears no mark of ours."""
    marks = [remark for remark in _remarks(sheet) if remark.key == TAB_KEY]
    if not marks:
        return None
    mark = next((one for one in marks if noted(one).key == FORMER_TAB), marks[0])  # a copy may bear its original's too
    grid = sheet["properties"].get("gridProperties", {})
    data = sheet.get("data") or [{}]
    rows = data[0].get("rowMetadata", ())
    guards = sheet.get("protectedRanges", ())
    return Tab(
        key=noted(mark).key,
        sheet_id=_sheet_id(sheet),
        title=sheet["properties"]["title"],
        row_count=grid.get("rowCount", 0),
        column_count=grid.get("columnCount", 0),
        frozen_rows=grid.get("frozenRowCount", 0),
        frozen_columns=grid.get("frozenColumnCount", 0),
        remark=mark,
        rows=[_row(row) for row in data[0].get("rowData", ())],
        heights=[row.get("pixelSize", DEFAULT_ROW_PX) for row in rows],
        columns=dict(_columns(data[0].get("columnMetadata", ()))),
        merges=sheet.get("merges", ()),
        rules=sheet.get("conditionalFormats", ()),
        charts={chart["chartId"]: chart.get("spec", {}) for chart in sheet.get("charts", ())},
        protections={guard["protectedRangeId"]: guard.get("range", {}) for guard in guards},
        locked=[guard for guard in guards if not (guard.get("warningOnly") or guard.get("requestingUserCanEdit"))],
    )


def _row(row: Mapping[str, Any]) -> dict[int, Seen]:
    """One rowData in; its cells that hold anything out."""
    return {column: _seen(cell) for column, cell in enumerate(row.get("values", ())) if cell}


def _seen(cell: Mapping[str, Any]) -> Seen:
    value = cell.get("userEnteredValue", {})
    plain: Any = next(iter(value.values()), None)
    return Seen(plain, cell.get("userEnteredFormat", {}), cell.get("note", ""))


def _columns(metadata: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """Metadata of columns in; pairs of document column and grid column out, the leftmost of doubled marks."""
    found: set[int] = set()
    for place, column in enumerate(metadata):
        for remark in _remarks(column):
            if remark.key == COLUMN_KEY and remark.value.isdigit() and int(remark.value) not in found:
                found.add(int(remark.value))
                yield int(remark.value), place


def _remarks(holder: Mapping[str, Any]) -> list[Remark]:
    return [
        Remark(entry["metadataId"], entry.get("metadataKey", ""), entry.get("metadataValue", ""))
        for entry in holder.get("developerMetadata", ())
    ]


def _sheet_id(sheet: Mapping[str, Any]) -> int:
    """A tab's id; Google omits a zero."""
    return int(sheet["properties"].get("sheetId", 0))


# Whose report stands in a spreadsheet: whether this client may publish there, and what it takes over.


@dataclass(frozen=True)
class Claim:
    """What a client finds when it comes to a spreadsheet."""

    original: str | None = None
    """The file of which this one is a copy; None if it is none."""
    is_foreign: bool = False
    """The copy is of another client's report, whose figures are not kept."""


def claimed(state: State, spreadsheet: str, occasion: Occasion, known: Collection[str]) -> Claim:
    """A spreadsheet as it stands, who comes, and the publications that it remembers to have made there, in; the claim.

    A client that was renamed is known by what it remembers. Raises TargetError for another client's spreadsheet.
    """
    noted = owner_noted(state.client)
    if noted is None or not occasion.client:
        return Claim()
    is_copy = noted.file != spreadsheet
    if noted.client == occasion.client:
        return Claim(noted.file if is_copy else None)
    if is_copy:
        return Claim(noted.file, is_foreign=True)
    if state.stamp in known:
        return Claim()
    raise TargetError("google.other_client", sheet=state.title, owner=noted.client, client=occasion.client)
