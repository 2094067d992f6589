"""Tabs and named ranges of spreadsheets → RawTables; two requests a spreadsheet, however many ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from config.documents import ERROR_MARK, Origin, RawTable
from config.errors import SourceError, SvodkaError
from connectors.a1 import cell_name
from connectors.google_sheets.addresses import spreadsheet_id, spreadsheet_link
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.contents import CONTENTS_FIELDS, Contents, Place, contents, places
from connectors.google_sheets.native import compact

CELLS_FIELDS = (
    "sheets(properties(sheetId,title),merges,data(startRow,startColumn,rowData(values("
    "effectiveValue,effectiveFormat(numberFormat(type,pattern))))))"
)
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


def row_link(origin: Origin, row: int) -> str | None:
    """Where a table came from and a row as a person counts it in; the address that opens that row out."""
    return f"{origin.link}&range=A{row}" if origin.link else None


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
            cells = client.spreadsheet(spreadsheet, CELLS_FIELDS, ranges, compact)
            tables = _tables(cells, ranges)
            for source, group in chosen.items():
                found[source] = _of_source(source, spreadsheet, there, group, tables)
    except SvodkaError as error:
        return {one.source: error for one in asked}
    return found


def _of_source(
    source: str, spreadsheet: str, there: Contents, group: Sequence[Place], tables: Mapping[str, Mapping[str, Any]]
) -> Found:
    """One source's tables; the error of an empty tab if none of them holds anything."""
    raws = [_raw(source, spreadsheet, there, place, tables[place.a1]) for place in group]
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
    rows = [_row(row, number, first_column) for number, row in enumerate(data.get("rowData", ()), first_row)]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    padded = [[""] * width for _ in range(first_row if rows else 0)]
    padded += [row + [""] * (width - len(row)) for row in rows]
    link = spreadsheet_link(spreadsheet, place.sheet_id)
    origin = Origin(source, f"{there.title}!{place.title}", place.title, link)
    merged = tuple(_merged(merge, first_column) for merge in table["merges"])
    return RawTable(origin, padded[:HEAD_ROWS], padded, container="google", merged=merged)


def _row(row: Mapping[str, Any], number: int, first_column: int) -> list[str]:
    """One row's cells as text; an error cell tells where it stands."""
    texts = [cell if isinstance(cell, str) else "" for cell in row.get("values", ())]
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
