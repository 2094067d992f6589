"""Tabs and named ranges of spreadsheets → RawTables; two requests a spreadsheet, however many ranges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK, Origin, RawTable
from config.errors import SourceError, SvodkaError
from config.words import composed
from connectors.a1 import cell_name, column_letters, quoted, spreadsheet_id, spreadsheet_link
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.known.marks import TAB_KEY
from connectors.google_sheets.values import SECONDS_A_DAY, SHEETS_EPOCH
from connectors.human_tables import broken, cut_filled_down, fill_groups, tab_error
from connectors.shown_money import currency_of_locale, is_foreign, money_text, shown_currency, without_roubles

CELLS_FIELDS = (
    "sheets(properties(sheetId,title),merges,data(startRow,startColumn,rowData(values("
    "effectiveValue,effectiveFormat(numberFormat(type,pattern)),userEnteredValue(formulaValue),pivotTable(source)))))"
)
SECONDS_TO_LOAD = 10.0
"""How long Google is given to work out a tab that is one formula."""
HEAD_ROWS = 40


@dataclass(frozen=True)
class Wanted:
    """What one source or dictionary wants of a spreadsheet."""

    source: str
    sheet: str
    """Address or id of the spreadsheet."""
    tabs: Sequence[str] = ()
    """Names or patterns (`Звонки *`); empty: every visible tab that is not a report of ours."""
    range: str | None = None
    """A named range, instead of tabs."""


Found = list[RawTable] | SvodkaError


def read(client: SheetsClient, wanted: Sequence[Wanted]) -> dict[str, Found]:
    """What the sources want in; source → its tables, or the error that keeps it from being read, out.

    Sources of one spreadsheet share its two requests. One that fails does not keep the others.
    """
    found: dict[str, Found] = {}
    by_spreadsheet: dict[str, list[Wanted]] = {}
    for one in wanted:
        try:
            by_spreadsheet.setdefault(spreadsheet_id(one.sheet), []).append(one)
        except SvodkaError as error:
            found[one.source] = error
    for spreadsheet, asked in by_spreadsheet.items():
        found.update(_read_spreadsheet(client, spreadsheet, asked))
    return found


def content_hash(tables: Sequence[RawTable]) -> str:
    """Tables in; a hash of everything in them out: equal means that nothing changed since they were last read.

    Answers of a Google form do not change a spreadsheet's modified time, so only its content can tell.
    """
    digest = sha256()
    for table in tables:
        digest.update(repr((table.origin.file, table.merged)).encode())
        for row in table.rows or ():
            digest.update("\x1f".join(row).encode() + b"\x1e")
    return digest.hexdigest()


def _read_spreadsheet(client: SheetsClient, spreadsheet: str, asked: Sequence[Wanted]) -> dict[str, Found]:
    """Everything that is asked of one spreadsheet, in two requests."""
    found: dict[str, Found] = {}
    try:
        there = contents(client.spreadsheet(spreadsheet, CONTENTS_FIELDS))
        chosen: dict[str, list[Place]] = {}
        for one in asked:
            try:
                chosen[one.source] = places(there, one.tabs, one.range)
            except SvodkaError as error:
                found[one.source] = error
        ranges = list(dict.fromkeys(place.a1 for group in chosen.values() for place in group))
        if ranges:
            tables = _read_cells(client, spreadsheet, there, ranges)
            if any(broken(_texts(table)) for table in tables.values()):
                client.pace.clock.sleep(SECONDS_TO_LOAD)
                tables = _read_cells(client, spreadsheet, there, ranges)
            for source, group in chosen.items():
                found[source] = _of_source(source, spreadsheet, there, group, tables)
    except SvodkaError as error:
        return {one.source: error for one in asked}
    return found


def _read_cells(
    client: SheetsClient, spreadsheet: str, there: Contents, ranges: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Range → its cells, as text with marks, and the merges of its tab."""
    answer = client.spreadsheet(spreadsheet, CELLS_FIELDS, ranges, partial(compact, locale=there.locale))
    return _tables(answer, ranges)


def _of_source(
    source: str, spreadsheet: str, there: Contents, group: Sequence[Place], tables: Mapping[str, Mapping[str, Any]]
) -> Found:
    """One source's tables; the error of a tab that is broken or asks, or of an empty one if none holds anything."""
    for place in group:
        if (found := broken(_texts(tables[place.a1]))) is not None:
            return tab_error(found, {"spreadsheet": there.title, "tab": place.title})
    try:
        raws = [_raw(source, spreadsheet, there, place, tables[place.a1]) for place in group]
    except SourceError as error:
        return error
    filled = [raw for raw in raws if raw.rows]
    if not filled:
        return SourceError("google.empty_tab", spreadsheet=there.title, tab=", ".join(place.title for place in group))
    return filled


def _tables(answer: Mapping[str, Any], ranges: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Google's answer and the ranges asked for in; range → its data with the merges of its tab out.

    Google groups the data by tab and keeps the order of the ranges within each.
    """
    by_tab: dict[int, list[str]] = {}
    titles = {sheet["properties"]["title"]: sheet["properties"].get("sheetId", 0) for sheet in answer.get("sheets", ())}
    for a1 in ranges:
        by_tab.setdefault(titles.get(_title_of(a1), -1), []).append(a1)
    found = {}
    for sheet in answer.get("sheets", ()):
        names = by_tab.get(sheet["properties"].get("sheetId", 0), [])
        for a1, data in zip(names, sheet.get("data", ()), strict=False):
            found[a1] = {"data": data, "merges": sheet.get("merges", ())}
    return {a1: found.get(a1, {"data": {}, "merges": ()}) for a1 in ranges}


def _title_of(a1: str) -> str:
    """The tab's title inside a range of ours, which always quotes it."""
    return a1[1 : a1.rindex("'")].replace("''", "'")


def _raw(source: str, spreadsheet: str, there: Contents, place: Place, table: Mapping[str, Any]) -> RawTable:
    """One range's data in; the RawTable out, with blank rows above a named range so that row numbers stay true."""
    data = table["data"]
    first_row, first_column = data.get("startRow", 0), data.get("startColumn", 0)
    merged = tuple(_merged(merge, first_column) for merge in table["merges"])
    rows = [_row(row, number, first_column) for number, row in enumerate(data.get("rowData", ()), first_row)]
    flags = [[type(cell) is Computed for cell in row.get("values", ())] for row in data.get("rowData", ())]
    cut_filled_down(rows, flags)
    within = [(first - first_row, left, last - first_row, right) for first, left, last, right in merged]
    is_pivot = any(type(cell) is PivotCorner for row in data.get("rowData", ()) for cell in row.get("values", ()))
    fill_groups(rows, within, is_pivot)
    while rows and not any(rows[-1]):
        rows.pop()
    if not any(is_foreign(text) for row in rows for text in row):
        rows = [list(map(without_roubles, row)) for row in rows]
    width = max(map(len, rows), default=0)
    padded = [[""] * width for _ in range(first_row if rows else 0)]
    padded += [row + [""] * (width - len(row)) for row in rows]
    link = spreadsheet_link(spreadsheet, place.sheet_id)
    origin = Origin(source, f"{there.title}!{place.title}", place.title, link)
    return RawTable(origin, padded[:HEAD_ROWS], padded, container="google", merged=merged)


def _texts(table: Mapping[str, Any]) -> list[list[str]]:
    """One range's cells as they came, in A1 order from its first."""
    rows = table["data"].get("rowData", ())
    return [[cell if isinstance(cell, str) else "" for cell in row.get("values", ())] for row in rows]


def _row(row: Mapping[str, Any], number: int, first_column: int) -> list[str]:
    """One row's cells as text; an error cell tells where it stands."""
    texts = [composed(cell) if isinstance(cell, str) else "" for cell in row.get("values", ())]
    return [
        f"{text} ({cell_name(number, first_column + column)})" if text.startswith(ERROR_MARK) else text
        for column, text in enumerate(texts)
    ]


def _merged(merge: Mapping[str, int], first_column: int) -> tuple[int, int, int, int]:
    """Google's half-open merge in; first row, first column, last row, last column of the table, inclusive, out."""
    return (
        merge.get("startRowIndex", 0),
        merge.get("startColumnIndex", 0) - first_column,
        merge["endRowIndex"] - 1,
        merge["endColumnIndex"] - 1 - first_column,
    )


# What a spreadsheet holds → the ranges that a source means by its tabs, patterns or named range.

CONTENTS_FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),namedRanges(name,range),"
    "sheets(properties(sheetId,title,index,sheetType,hidden),developerMetadata(metadataKey))"
)


@dataclass(frozen=True)
class TabInfo:
    """One tab of somebody's spreadsheet."""

    sheet_id: int
    title: str
    is_hidden: bool
    is_ours: bool
    """It bears the mark of a report of ours."""


@dataclass(frozen=True)
class Contents:
    """A spreadsheet's title and locale, its tabs in order, and its named ranges."""

    title: str
    locale: str
    tabs: Sequence[TabInfo]
    ranges: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Place:
    """One range to read: its tab, and how the API calls it."""

    sheet_id: int
    title: str
    a1: str


def contents(answer: Mapping[str, Any]) -> Contents:
    """Google's answer under CONTENTS_FIELDS in; what the spreadsheet holds out. Tabs without cells are left out."""
    tabs = [
        TabInfo(
            sheet["properties"].get("sheetId", 0),
            sheet["properties"]["title"],
            bool(sheet["properties"].get("hidden")),
            any(mark.get("metadataKey") == TAB_KEY for mark in sheet.get("developerMetadata", ())),
        )
        for sheet in answer.get("sheets", ())
        if sheet["properties"].get("sheetType", "GRID") == "GRID"
    ]
    ranges = {named["name"]: named.get("range", {}) for named in answer.get("namedRanges", ())}
    properties = answer.get("properties", {})
    return Contents(properties.get("title", ""), properties.get("locale", ""), tabs, ranges)


def places(there: Contents, patterns: Sequence[str], named_range: str | None) -> list[Place]:
    """What a spreadsheet holds, and tabs or patterns or a named range, in; the ranges to read, in tab order, out.

    Raises SourceError, naming what there is, for a tab or a range that is not there.
    """
    if named_range:
        return [_named(there, named_range)]
    if not patterns:
        return [_whole(tab) for tab in there.tabs if not tab.is_hidden and not tab.is_ours]
    chosen: dict[int, Place] = {}
    for pattern in patterns:
        matching = [tab for tab in there.tabs if tab.title == pattern] or [
            tab for tab in there.tabs if _matches(tab.title, pattern)
        ]
        if not matching:
            present = ", ".join(f"«{tab.title}»" for tab in there.tabs)
            raise SourceError("google.no_tab", spreadsheet=there.title, tab=pattern, present=present)
        chosen.update({tab.sheet_id: _whole(tab) for tab in matching})
    order = [tab.sheet_id for tab in there.tabs]
    return sorted(chosen.values(), key=lambda place: order.index(place.sheet_id))


def _matches(title: str, pattern: str) -> bool:
    """Whether a title fits a pattern in which `*` is anything and `?` one character; all else is itself."""
    wild = re.escape(pattern.strip()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, title.strip(), re.IGNORECASE | re.DOTALL) is not None


def _whole(tab: TabInfo) -> Place:
    return Place(tab.sheet_id, tab.title, quoted(tab.title))


def _named(there: Contents, name: str) -> Place:
    """A named range as tab and cells, so that the answer tells its tab whatever the range is called."""
    found = next((there.ranges[known] for known in there.ranges if known.casefold() == name.casefold()), None)
    tab = next((tab for tab in there.tabs if found is not None and tab.sheet_id == found.get("sheetId", 0)), None)
    if found is None or tab is None:
        present = ", ".join(sorted(there.ranges)) or "—"
        raise SourceError("google.no_range", spreadsheet=there.title, range=name, present=present)
    if "endColumnIndex" not in found:
        return _whole(tab)
    first = cell_name(found.get("startRowIndex", 0), found.get("startColumnIndex", 0))
    last = column_letters(found["endColumnIndex"] - 1) + str(found.get("endRowIndex", ""))
    return Place(tab.sheet_id, tab.title, f"{quoted(tab.title)}!{first}:{last}")


# A cell of Google's answer → its text with the mark of the type that the sheet gave it.

ERROR_TEXTS = {
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "NULL_VALUE": "#NULL!",
    "LOADING": "Loading…",
}
MARKS = str.maketrans("", "", NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK)
LAST_SERIAL = (date(9999, 12, 31) - SHEETS_EPOCH).days
FIRST_MOMENT, LAST_MOMENT = ((date(year, 1, 1) - SHEETS_EPOCH).days for year in (1990, 2101))
"""Days since the epoch between which a number that is shown as a time is a moment: nothing lasts ninety years."""
ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
LONGEST_EXACT = 1e15
CELL_KEYS = frozenset({"effectiveValue", "effectiveFormat", "userEnteredValue", "pivotTable"})


def compact(member: dict[str, Any], locale: str = "") -> Any:
    """One JSON object of Google's answer, innermost first, in; a cell as marked text, anything else as it is, out.

    Given to the JSON parser, it keeps a large tab from standing in memory as millions of dictionaries.
    """
    if not member or not CELL_KEYS.issuperset(member):
        return member
    text = cell_text(member, locale)
    if "pivotTable" in member:
        return PivotCorner(text)
    return Computed(text) if member.get("userEnteredValue") else text


class Computed(str):
    """The text of a cell that a formula gives."""

    __slots__ = ()


class PivotCorner(str):
    """The text of the cell in which a pivot table begins."""

    __slots__ = ()


def cell_text(cell: dict[str, Any], locale: str = "") -> str:
    """A cell and the spreadsheet's locale in; its text out, with the mark of config/documents.py that says its type."""
    value = cell.get("effectiveValue", {})
    number_format = cell.get("effectiveFormat", {}).get("numberFormat", {})
    if "numberValue" in value:
        kind, pattern = number_format.get("type", ""), number_format.get("pattern", "")
        return number_text(float(value["numberValue"]), kind, pattern, locale)
    if "boolValue" in value:
        return "TRUE" if value["boolValue"] else "FALSE"
    if "errorValue" in value:
        return ERROR_MARK + ERROR_TEXTS.get(value["errorValue"].get("type", ""), "#ERROR!")
    text = str(value.get("stringValue", ""))
    return text if text.isascii() else text.translate(MARKS)


def number_text(value: float, kind: str, pattern: str, locale: str = "") -> str:
    """A number and its declared format in; marked text out.

    A date format makes it a moment; one of times a duration, but a moment of our days is one however it is shown; one
    of money says the currency.
    """
    if kind == "TIME" or (ELAPSED.search(pattern) and kind in {"DATE_TIME", "NUMBER", "DATE"}):
        if FIRST_MOMENT <= value <= LAST_MOMENT:
            return MOMENT_MARK + moment_text(value, "DATE_TIME")
        return f"{DURATION_MARK}{round(value * SECONDS_A_DAY)}"
    if kind in {"DATE", "DATE_TIME"} and 0 <= value <= LAST_SERIAL:
        return MOMENT_MARK + moment_text(value, kind)
    if pattern or kind == "CURRENCY":
        currency = shown_currency(pattern) if pattern else currency_of_locale(locale)
        if currency is not None:
            return money_text(value, currency)
    if value.is_integer() and abs(value) < LONGEST_EXACT:
        return f"{NUMBER_MARK}{int(value)}"
    return f"{NUMBER_MARK}{value!r}"


def moment_text(serial: float, kind: str) -> str:
    """Days since 1899-12-30 in; the local date, and the time to the second where there is one, out."""
    seconds = round(serial * SECONDS_A_DAY)
    moment = datetime(SHEETS_EPOCH.year, SHEETS_EPOCH.month, SHEETS_EPOCH.day) + timedelta(seconds=seconds)
    if kind == "DATE" and seconds % SECONDS_A_DAY == 0:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")
