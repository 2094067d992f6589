"""The whole server without HTTP: spreadsheets, clock, quota, faults, who may what, and a log of requests."""

from __future__ import annotations

import copy
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from .access import OWNER, STRANGER, Access
from .clock import Clock
from .defaults import DEFAULT_FORMAT, THEME
from .errors import not_found
from .faults import Faults
from .model import Json, Sheet, Spreadsheet
from .quota import Quota

FORBIDDEN_ID = "1forbidden-to-everyone-but-a-stranger-000000"


@dataclass(frozen=True)
class Logged:
    """One request that came in: what it was, who asked, what was answered."""

    method: str
    path: str
    kind: str  # read, write, drive-read, drive-write or token
    user: str
    status: int  # 0 where the connection was dropped
    request_bytes: int
    request_kinds: tuple[str, ...] = ()


@dataclass
class World:
    """Everything there is. Each request holds the lock, so batches are atomic for readers too."""

    clock: Clock = field(default_factory=Clock)
    access: Access = field(default_factory=Access)
    faults: Faults = field(default_factory=Faults)
    quota: Quota = field(init=False)
    books: dict[str, Spreadsheet] = field(default_factory=dict)
    log: list[Logged] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    quotas_enforced: bool = False

    def __post_init__(self) -> None:
        self.quota = Quota(self.clock, self.quotas_enforced)
        self.create("Private", STRANGER, book_id=FORBIDDEN_ID)

    def book(self, book_id: str) -> Spreadsheet:
        """A spreadsheet's id in, itself out. Raises ApiError 404."""
        found = self.books.get(book_id)
        if found is None or (found.is_trashed and found.owner == STRANGER):
            raise not_found()
        return found

    def save(self, book: Spreadsheet, touched: bool = True) -> None:
        """A changed draft takes the place of the spreadsheet."""
        if touched:
            book.modified_at = self.clock.now()
        self.books[book.id] = book

    def create(self, title: str, owner: str = OWNER, book_id: str = "", **properties: Any) -> Spreadsheet:
        """A title in; a new spreadsheet with one sheet, as Drive makes it, out."""
        now = self.clock.now()
        book = Spreadsheet(
            id=book_id or new_id(),
            properties=spreadsheet_properties(title, **properties),
            sheets=[Sheet(sheet_properties(0, "Sheet1", 0))],
            owner=owner,
            created_at=now,
            modified_at=now,
        )
        self.books[book.id] = book
        return book

    def duplicate(self, book: Spreadsheet, title: str, owner: str) -> Spreadsheet:
        """A spreadsheet in; a Drive copy, whose sheets and objects keep their ids, out."""
        twin = book.draft()
        twin.id, twin.owner, twin.writers, twin.readers, twin.pending_owner = new_id(), owner, set(), set(), ""
        twin.properties["title"] = title
        twin.created_at = twin.modified_at = self.clock.now()
        self.books[twin.id] = twin
        return twin


def new_id() -> str:
    """An id of 44 characters that nobody has out."""
    return "1" + secrets.token_urlsafe(33)[:43]


def spreadsheet_properties(title: str, **properties: Any) -> Json:
    """A title in; SpreadsheetProperties with what a new spreadsheet has out."""
    return {
        "title": title,
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
        "defaultFormat": copy.deepcopy(DEFAULT_FORMAT),
        "spreadsheetTheme": copy.deepcopy(THEME),
        **properties,
    }


def sheet_properties(sheet_id: int, title: str, index: int, rows: int = 1000, columns: int = 26) -> Json:
    """A sheet's id, title, place and size in; its SheetProperties out."""
    return {
        "sheetId": sheet_id,
        "title": title,
        "index": index,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": rows, "columnCount": columns},
    }
