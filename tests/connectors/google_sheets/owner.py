"""An owner at their spreadsheet: what a person does in the browser, done through the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from connectors.a1 import quoted

HEADERS = {"Authorization": "Bearer owner"}


@dataclass
class Owner:
    """Somebody who edits one spreadsheet by hand."""

    root: str
    spreadsheet: str

    @property
    def address(self) -> str:
        """The spreadsheet's API address."""
        return f"{self.root}/v4/spreadsheets/{self.spreadsheet}"

    def do(self, *actions: dict[str, Any]) -> list[dict[str, Any]]:
        """BatchUpdate requests in; replies out."""
        answer = requests.post(f"{self.address}:batchUpdate", json={"requests": actions}, headers=HEADERS, timeout=60)
        assert answer.ok, answer.text
        return answer.json()["replies"]

    def type(self, title: str, cell: str, value: Any) -> None:
        """Type into a cell, as in the browser: formulas and numbers are understood."""
        address = f"{self.address}/values/{quote(f'{quoted(title)}!{cell}', safe='')}"
        body = {"values": [[value]]}
        answer = requests.put(
            address, params={"valueInputOption": "USER_ENTERED"}, json=body, headers=HEADERS, timeout=60
        )
        assert answer.ok, answer.text

    def sees(self, title: str, cells: str = "", render: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        """The values of a tab, or of some of its cells."""
        where = quoted(title) + (f"!{cells}" if cells else "")
        address = f"{self.address}/values/{quote(where, safe='')}"
        answer = requests.get(address, params={"valueRenderOption": render}, headers=HEADERS, timeout=60)
        assert answer.ok, answer.text
        return answer.json().get("values", [])

    def cell(self, title: str, cell: str, render: str = "UNFORMATTED_VALUE") -> Any:
        """The value of one cell, None if blank."""
        found = self.sees(title, cell, render)
        return found[0][0] if found and found[0] else None

    def look(self, fields: str, *ranges: str) -> dict[str, Any]:
        """Whatever else there is to see, under a field mask."""
        answer = requests.get(
            self.address, params={"fields": fields, "ranges": list(ranges)}, headers=HEADERS, timeout=60
        )
        assert answer.ok, answer.text
        return answer.json()

    def tabs(self) -> dict[str, dict[str, Any]]:
        """Title → properties of every tab, in order."""
        sheets = self.look("sheets.properties")["sheets"]
        return {sheet["properties"]["title"]: sheet["properties"] for sheet in sheets}

    def tab_id(self, title: str) -> int:
        """A tab's id."""
        return int(self.tabs()[title].get("sheetId", 0))

    def tab(self, title: str, fields: str, cells: str = "") -> dict[str, Any]:
        """One tab under a mask rooted at a sheet."""
        where = quoted(title) + (f"!{cells}" if cells else "")
        return self.look(f"sheets({fields})", where)["sheets"][0]

    def range(self, title: str, row: int, column: int, rows: int = 1, columns: int = 1) -> dict[str, int]:
        """A rectangle of a tab."""
        return {
            "sheetId": self.tab_id(title),
            "startRowIndex": row,
            "endRowIndex": row + rows,
            "startColumnIndex": column,
            "endColumnIndex": column + columns,
        }

    def insert_columns(self, title: str, at: int, count: int = 1) -> None:
        """Insert columns to the left of a column."""
        self._insert(title, "COLUMNS", at, count)

    def insert_rows(self, title: str, at: int, count: int = 1) -> None:
        """Insert rows above a row."""
        self._insert(title, "ROWS", at, count)

    def _insert(self, title: str, kind: str, at: int, count: int) -> None:
        place = {"sheetId": self.tab_id(title), "dimension": kind, "startIndex": at, "endIndex": at + count}
        self.do({"insertDimension": {"range": place, "inheritFromBefore": at > 0}})

    def row_of(self, title: str, text: str) -> int:
        """The row, counted from 1, in whose first columns a text stands."""
        rows = [number for number, row in enumerate(self.sees(title), 1) if text in row]
        assert len(rows) == 1, (text, rows)
        return rows[0]

    def sees_range(self, name: str) -> list[list[Any]]:
        """The values of a named range."""
        address = f"{self.address}/values/{quote(name, safe='')}"
        answer = requests.get(address, params={"valueRenderOption": "UNFORMATTED_VALUE"}, headers=HEADERS, timeout=60)
        assert answer.ok, answer.text
        return answer.json().get("values", [])

    def comment(self, title: str, words: str, cell: str) -> None:
        """Leave a comment on a cell: Google keeps it with the file, anchored to the tab's id."""
        body = {"content": words, "anchor": f'{{"type":"workbook-range","uid":{self.tab_id(title)},"range":"{cell}"}}'}
        answer = requests.post(self._comments, params={"fields": "*"}, json=body, headers=HEADERS, timeout=60)
        assert answer.ok, answer.text

    def comments(self) -> list[dict[str, Any]]:
        """Every comment on the spreadsheet."""
        answer = requests.get(self._comments, params={"fields": "comments"}, headers=HEADERS, timeout=60)
        assert answer.ok, answer.text
        return answer.json()["comments"]

    @property
    def _comments(self) -> str:
        return f"{self.root}/drive/v3/files/{self.spreadsheet}/comments"
