"""Drive, as gspread uses it: files exported and handed over."""

from __future__ import annotations

import io
import re

import gspread
import openpyxl
import pytest
import requests
from gspread.utils import ExportFormat

from tests.helpers.sheets_server import Book, Server
from tests.helpers.sheets_server import exports as exporting

OWNER, HEIR = "owner@example.com", "heir@example.org"


def opened(server: Server, book: Book, user: str = OWNER) -> gspread.Spreadsheet:
    """A spreadsheet as gspread opens it for a person."""
    session = server.route(requests.Session())
    session.headers["Authorization"] = f"Bearer {server.token(user)}"
    return gspread.Client(auth=None, session=session).open_by_key(book.id)


def test_a_spreadsheet_is_exported_as_a_workbook(server: Server, book: Book) -> None:
    """Every sheet, values by type, formulas as they stand, number formats, hidden sheets hidden."""
    book.batch_update({"addSheet": {"properties": {"title": "Скрытая", "hidden": True}}})
    book.update("Sheet1!A1:C2", [["канал", 12.5, "=B1*2"], ["", "01.02.2026", True]])
    book.update("Скрытая!A1", [["x"]])
    pattern = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}}
    over = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2}
    book.batch_update({"repeatCell": {"range": over, "cell": pattern, "fields": "userEnteredFormat.numberFormat"}})
    made = openpyxl.load_workbook(io.BytesIO(opened(server, book).export(ExportFormat.EXCEL)))
    assert [(page.title, page.sheet_state) for page in made] == [("Sheet1", "visible"), ("Скрытая", "hidden")]
    page = made["Sheet1"]
    assert [cell.value for cell in page[1]] == ["канал", 12.5, "=B1*2"]
    assert page["C2"].value is True
    assert page["B1"].number_format == "0.00"


def test_a_spreadsheet_is_exported_as_a_pdf(server: Server, book: Book) -> None:
    """A page a sheet; the table of objects says where each stands."""
    book.batch_update({"addSheet": {"properties": {"title": "Second"}}})
    content = opened(server, book).export(ExportFormat.PDF)
    assert content.count(b"/Type /Page ") == 2
    table = int(content.rpartition(b"startxref\n")[2].split()[0])
    assert content[table:].startswith(b"xref\n0 5\n")
    places = [int(place) for place in re.findall(rb"^(\d{10}) 00000 n", content[table:], re.MULTILINE)]
    assert [content[place : place + 7] for place in places] == [b"%d 0 obj" % number for number in (1, 2, 3, 4)]


def test_what_cannot_be_exported_is_refused(server: Server, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that is not made, and content over 10 MB, in Google's words."""
    there = opened(server, book)
    with pytest.raises(gspread.exceptions.APIError, match="requested conversion is not supported"):
        there.export(ExportFormat.OPEN_OFFICE_SHEET)
    book.update("Sheet1!A1", [["я" * 40_000] * 20])
    monkeypatch.setattr(exporting, "LARGEST", 1_000_000)
    with pytest.raises(gspread.exceptions.APIError, match="too large to be exported") as caught:
        there.export(ExportFormat.CSV)
    assert caught.value.response.json()["error"]["errors"][0]["reason"] == "exportSizeLimitExceeded"


def test_a_file_is_handed_over_with_the_new_owners_consent(server: Server, book: Book) -> None:
    """The owner marks a writer as pending; that person takes the file, and the former owner stays a writer."""
    there = opened(server, book)
    given = there.share(HEIR, "user", "writer", notify=False).json()["id"]
    there.transfer_ownership(given)
    assert {one["emailAddress"]: one["pendingOwner"] for one in there.list_permissions()} == {OWNER: False, HEIR: True}
    opened(server, book, HEIR).accept_ownership(given)
    assert {one["emailAddress"]: one["role"] for one in there.list_permissions()} == {OWNER: "writer", HEIR: "owner"}
    there.update_title("mine no more, yet I may write")


def test_nobody_is_made_an_owner_unasked(server: Server, book: Book) -> None:
    """Without `transferOwnership`, without consent, and by somebody who was not asked: refused."""
    there = opened(server, book)
    given = there.share(HEIR, "user", "writer", notify=False).json()["id"]
    refused = gspread.exceptions.APIError
    with pytest.raises(refused, match="The transferOwnership parameter must be enabled"):
        there.share(HEIR, "user", "owner", notify=False)
    with pytest.raises(refused, match="Consent is required to transfer ownership of a file to another user"):
        there.accept_ownership(given)
    with pytest.raises(refused, match="does not have sufficient permissions"):
        opened(server, book, HEIR).accept_ownership(given)
    with pytest.raises(refused, match="Permission not found: 7"):
        there.transfer_ownership("7")
    assert {one["emailAddress"]: one["role"] for one in there.list_permissions()} == {OWNER: "owner", HEIR: "writer"}
