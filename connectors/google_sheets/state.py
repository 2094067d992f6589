"""Google's answer about a spreadsheet → what stands there: our tabs, their columns and rows, the owner's things."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from connectors.google_sheets.formats import READ_MASK
from connectors.google_sheets.values import Plain, canonical

TAB_KEY, COLUMN_KEY, STAMP_KEY = "svodka.tab", "svodka.column", "svodka.published"
EDITS_TAB = "edits!"
"""`key` of the tab «Правки»; no sheet of a report is called so."""
DEFAULT_ROW_PX = 21

_METADATA = "developerMetadata(metadataId,metadataKey,metadataValue)"
OUTLINE_FIELDS = f"spreadsheetId,properties(title,locale),{_METADATA},sheets(properties,{_METADATA})"
"""Without cells: for a first publication, and when a tab is not where we remember it."""
FULL_FIELDS = (
    f"spreadsheetId,properties(title,locale),{_METADATA},sheets(properties,{_METADATA},merges,conditionalFormats,"
    "charts(chartId,spec),protectedRanges(protectedRangeId,range),data(startRow,startColumn,"
    f"rowMetadata(pixelSize),columnMetadata({_METADATA}),"
    f"rowData(values(userEnteredValue,userEnteredFormat({READ_MASK}),note))))"
)


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
class Remark:
    """One entry of developer metadata."""

    id: int
    key: str
    value: str


@dataclass(frozen=True)
class Tab:
    """One tab of ours as it stands."""

    key: str
    sheet_id: int
    title: str
    row_count: int
    column_count: int
    frozen_rows: int
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

    @property
    def made(self) -> Mapping[str, Any]:
        """What we noted in the tab's mark: how many rows, which charts, how many highlights were made."""
        try:
            noted = json.loads(self.remark.value)
        except ValueError:
            return {}
        return noted if isinstance(noted, dict) else {}

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
class State:
    """A spreadsheet as it stands."""

    title: str
    locale: str
    stamp: Remark | None
    """Which publication was the last to arrive."""
    tabs: Mapping[str, Tab]
    """Our tabs by key."""
    titles: Mapping[int, str]
    """Every tab that was told of: id → title."""


def state(answer: Mapping[str, Any]) -> State:
    """Google's answer under OUTLINE_FIELDS or FULL_FIELDS in; the state out."""
    properties = answer.get("properties", {})
    sheets = answer.get("sheets", ())
    tabs: dict[str, Tab] = {}
    for sheet in sheets:
        tab = _tab(sheet)
        if tab is not None and (tab.key not in tabs or tab.sheet_id == stable_id(answer["spreadsheetId"], tab.key)):
            tabs[tab.key] = tab  # a copy that the owner made bears the mark too, but not the id we chose
    stamps = [remark for remark in _remarks(answer) if remark.key == STAMP_KEY]
    titles = {_sheet_id(sheet): sheet["properties"]["title"] for sheet in sheets if sheet.get("properties")}
    return State(properties.get("title", ""), properties.get("locale", ""), stamps[0] if stamps else None, tabs, titles)


def _tab(sheet: Mapping[str, Any]) -> Tab | None:
    """One sheet of the answer in; our tab out, or None if it bears no mark of ours."""
    marks = [remark for remark in _remarks(sheet) if remark.key == TAB_KEY]
    if not marks:
        return None
    grid = sheet["properties"].get("gridProperties", {})
    data = sheet.get("data") or [{}]
    rows = data[0].get("rowMetadata", ())
    return Tab(
        key=_key_of(marks[0]),
        sheet_id=_sheet_id(sheet),
        title=sheet["properties"]["title"],
        row_count=grid.get("rowCount", 0),
        column_count=grid.get("columnCount", 0),
        frozen_rows=grid.get("frozenRowCount", 0),
        remark=marks[0],
        rows=[_row(row) for row in data[0].get("rowData", ())],
        heights=[row.get("pixelSize", DEFAULT_ROW_PX) for row in rows],
        columns=dict(_columns(data[0].get("columnMetadata", ()))),
        merges=sheet.get("merges", ()),
        rules=sheet.get("conditionalFormats", ()),
        charts={chart["chartId"]: chart.get("spec", {}) for chart in sheet.get("charts", ())},
        protections={guard["protectedRangeId"]: guard.get("range", {}) for guard in sheet.get("protectedRanges", ())},
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


def _key_of(mark: Remark) -> str:
    try:
        return str(json.loads(mark.value)["key"])
    except (ValueError, KeyError, TypeError):
        return mark.value


def _remarks(holder: Mapping[str, Any]) -> list[Remark]:
    return [
        Remark(entry["metadataId"], entry.get("metadataKey", ""), entry.get("metadataValue", ""))
        for entry in holder.get("developerMetadata", ())
    ]


def _sheet_id(sheet: Mapping[str, Any]) -> int:
    """A tab's id; Google omits a zero."""
    return int(sheet["properties"].get("sheetId", 0))


# Ids that we choose for tabs, charts, protections and marks, so that a repeat after a lost answer doubles nothing.


def stable_id(*parts: object) -> int:
    """What an object is, in words, in; the same positive int32 for it every time out."""
    digest = sha256("\x1f".join(map(str, parts)).encode()).digest()
    return (int.from_bytes(digest[:4], "big") & 0x7FFFFFFF) or 1
