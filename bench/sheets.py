"""One night's report into a spreadsheet: Svodka beside gspread-dataframe and gspread-formatting doing the same.

    python -m bench.sheets

Eight pages of an invented school, published over those of the night before to the local server, which counts. The
libraries are used as their documentation shows, then with everything that they can batch. Charts are left out: neither
library makes them. What they leave out as well: the owner's columns, formats and edits, and any moment between two
requests, in which a reader sees half a report.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import gspread
import gspread_formatting as formatting
import pandas as pd
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from gspread.utils import rowcol_to_a1
from gspread_dataframe import set_with_dataframe

from config.documents import Cell, Sheet
from config.letters import column_pixels
from config.settings import settings
from config.theme import theme
from connectors.google_sheets.account import WRITE_SCOPE, account
from connectors.google_sheets.client import Pace, SheetsClient, connect
from connectors.google_sheets.formats import cell_format
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.publish import publish
from tests.helpers.memory import InMemory
from tests.helpers.report_input import report_input
from tests.helpers.sheets_server import Server, running_server
from transforms.layout import lay_out

ADDRESS = "bench@school.iam.gserviceaccount.com"
A_MINUTE, CLIENTS = 60, 20
Publish = Callable[[Sequence[Sheet]], object]


@dataclass(frozen=True)
class Night:
    """What one publication of a report that stands already took."""

    reads: int
    writes: int
    sent_bytes: int
    cpu_seconds: float

    def line(self) -> str:
        """This night as a row of the table, with the minutes that the quota makes of twenty clients."""
        minutes = CLIENTS * max(self.reads, self.writes) / A_MINUTE
        return (
            f"{self.reads:6} {self.writes:7} {self.sent_bytes / 1024:9.0f} KiB {self.cpu_seconds:8.2f} s"
            f" {minutes:10.1f} min"
        )


def main() -> None:
    """Publish two nights in each of three ways and print what the second took."""
    sheets = lay_out(report_input())
    print(f"{'':34} reads  writes      sent       processor   20 clients")
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        key_file = Path(folder) / "key.json"
        key_file.write_text(json.dumps(server.key_file(ADDRESS)))
        ways: dict[str, Publish] = {
            "Svodka": svodka(server, key_file),
            "the libraries, everything batched": libraries(server, key_file, batched),
            "the libraries, as documented": libraries(server, key_file, as_documented),
        }
        for name, way in ways.items():
            print(f"{name:34}{second_night(server, way, sheets).line()}", flush=True)


def second_night(server: Server, way: Publish, sheets: Sequence[Sheet]) -> Night:
    """Publish once, then once more, counted at the server; processor time of the client's thread alone."""
    way(sheets)
    before = len(server.log)
    started = time.thread_time()
    way(sheets)
    spent = time.thread_time() - started
    sent = server.log[before:]
    kinds = [logged.kind for logged in sent]
    return Night(kinds.count("read"), kinds.count("write"), sum(logged.request_bytes for logged in sent), spent)


def svodka(server: Server, key_file: Path) -> Publish:
    """The product's own publication, with its memory of the night before."""
    book = server.create("Svodka", locale="ru_RU")
    book.share(ADDRESS)
    found = settings({"SVODKA_GOOGLE_API_ROOT": server.url, "GOOGLE_APPLICATION_CREDENTIALS": str(key_file)})
    client: SheetsClient = connect(account(found), True, Pace(cache=key_file.parent))
    memory = InMemory()
    return lambda sheets: publish(client, book.id, sheets, memory, Occasion(datetime(2026, 9, 21, 3, 4)))


def libraries(server: Server, key_file: Path, way: Callable[[gspread.Spreadsheet, Sequence[Sheet]], None]) -> Publish:
    """A way of the libraries, on a spreadsheet whose tabs are there, large enough."""
    book = server.create("Libraries", locale="ru_RU")
    book.share(ADDRESS)
    for sheet in lay_out(report_input()):
        grid = {"rowCount": 400, "columnCount": 60}
        book.batch_update({"addSheet": {"properties": {"title": sheet.title, "gridProperties": grid}}})
    credentials = Credentials.from_service_account_file(str(key_file), scopes=[WRITE_SCOPE])  # type: ignore[no-untyped-call]  # google-auth types its answers alone
    session = server.route(AuthorizedSession(credentials))  # type: ignore[no-untyped-call]  # as above
    client = gspread.Client(auth=credentials, session=session)
    return lambda sheets: way(client.open_by_key(book.id), sheets)


def as_documented(spreadsheet: gspread.Spreadsheet, sheets: Sequence[Sheet]) -> None:
    """Every tab by its title; a call for its values, its formats, its frozen rows, its widths, merges, notes, heat."""
    for sheet in sheets:
        tab = spreadsheet.worksheet(sheet.title)
        tab.clear()
        set_with_dataframe(tab, frame(sheet), include_column_header=False)
        formatting.format_cell_ranges(tab, ranges(sheet))
        formatting.set_frozen(tab, rows=sheet.frozen_rows, cols=sheet.frozen_columns)
        formatting.set_column_widths(tab, widths(sheet))
        for area in merged(sheet):
            tab.merge_cells(area)
        if told := notes(sheet):
            tab.insert_notes(told)
        heat(tab, sheet)


def batched(spreadsheet: gspread.Spreadsheet, sheets: Sequence[Sheet]) -> None:
    """The tabs read once, all formats of the report in one request; values and heat are a request a tab at best."""
    tabs = {tab.title: tab for tab in spreadsheet.worksheets()}
    spreadsheet.values_batch_clear(body={"ranges": [f"'{sheet.title}'" for sheet in sheets]})
    with formatting.batch_updater(spreadsheet) as batch:
        for sheet in sheets:
            tab = tabs[sheet.title]
            set_with_dataframe(tab, frame(sheet), include_column_header=False)
            batch.format_cell_ranges(tab, ranges(sheet))
            batch.set_frozen(tab, rows=sheet.frozen_rows, cols=sheet.frozen_columns)
            batch.set_column_widths(tab, widths(sheet))
    merges = [{"mergeCells": {"range": grid_range(tabs[sheet.title].id, cell), "mergeType": "MERGE_ALL"}}
              for sheet in sheets for cell in sheet.cells if is_merged(cell)]  # fmt: skip
    spreadsheet.batch_update({"requests": merges})
    for sheet in sheets:
        if told := notes(sheet):
            tabs[sheet.title].insert_notes(told)
        heat(tabs[sheet.title], sheet)


def frame(sheet: Sheet) -> pd.DataFrame:
    """A page's values as the frame that a script would have."""
    rows = 1 + max(cell.row for cell in sheet.cells)
    columns = 1 + max(cell.column for cell in sheet.cells)
    values: list[list[object]] = [[None] * columns for _ in range(rows)]
    for cell in sheet.cells:
        values[cell.row][cell.column] = cell.value
    return pd.DataFrame(values, dtype=object)


def ranges(sheet: Sheet) -> list[tuple[str, formatting.CellFormat]]:
    """A range and its format for every run of equal looks along a row."""
    found = []
    for _, row in groupby(sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)), key=lambda cell: cell.row):
        for (look, is_text, _), run in groupby(
            enumerate(row), key=lambda one: (one[1].look, isinstance(one[1].value, str), one[1].column - one[0])
        ):
            cells = [cell for _, cell in run]
            first, last = cells[0], cells[-1]
            area = f"{at(first.row, first.column)}:{at(last.row, last.column)}"
            found.append((area, formatting.CellFormat.from_props(cell_format(look, is_text))))
    return found


def widths(sheet: Sheet) -> list[tuple[str, int]]:
    """Column letters and pixels."""
    return [(rowcol_to_a1(1, number)[:-1], column_pixels([width])) for number, width in enumerate(sheet.widths, 1)]


def merged(sheet: Sheet) -> list[str]:
    """The ranges to merge."""
    return [
        f"{at(cell.row, cell.column)}:{at(cell.row + cell.rows - 1, cell.column + cell.columns - 1)}"
        for cell in sheet.cells
        if is_merged(cell)
    ]


def notes(sheet: Sheet) -> dict[str, str]:
    """Cell → the note on it."""
    return {at(cell.row, cell.column): cell.note for cell in sheet.cells if cell.note}


def heat(tab: gspread.Worksheet, sheet: Sheet) -> None:
    """The page's colour scales in place of those that stand."""
    rules = formatting.get_conditional_format_rules(tab)
    rules.clear()
    for highlight in sheet.highlights:
        colors = theme().heats[highlight.kind]
        names = [f"{at(each.row, each.column)}:{at(each.last_row, each.last_column)}" for each in highlight.areas]
        points = [
            formatting.InterpolationPoint(color=formatting.Color.fromHex(f"#{color}"), type=kind, value=value)
            for color, kind, value in (
                (colors.low, "MIN", None), (colors.middle, "PERCENTILE", "50"), (colors.high, "MAX", None),
            )
        ]  # fmt: skip
        rules.append(
            formatting.ConditionalFormatRule(
                ranges=[formatting.GridRange.from_a1_range(cells, tab) for cells in names],
                gradientRule=formatting.GradientRule(minpoint=points[0], midpoint=points[1], maxpoint=points[2]),
            )
        )
    rules.save()


def is_merged(cell: Cell) -> bool:
    """Whether a cell spans several."""
    return cell.rows > 1 or cell.columns > 1


def grid_range(sheet_id: int, cell: Cell) -> dict[str, int]:
    """The cells that a merged one spans."""
    return {
        "sheetId": sheet_id,
        "startRowIndex": cell.row,
        "endRowIndex": cell.row + cell.rows,
        "startColumnIndex": cell.column,
        "endColumnIndex": cell.column + cell.columns,
    }


def at(row: int, column: int) -> str:
    """A cell's address from a row and a column counted from 0."""
    return str(rowcol_to_a1(row + 1, column + 1))


if __name__ == "__main__":
    main()
