"""Drive v3 (and the one v2 upload gspread uses): files made, listed, copied, commented, deleted."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import Any

from .access import may_read, may_write
from .clock import rfc3339
from .entered import read_entered
from .errors import DriveError
from .masks import MaskError, select, tree_of
from .model import Cell, Json, Sheet, Spreadsheet
from .permissions import permissions_of
from .spreadsheets_api import Asking
from .world import sheet_properties

MIME = "application/vnd.google-apps.spreadsheet"
DEFAULT_FIELDS = ("kind", "id", "name", "mimeType")
CLAUSE = re.compile(r"""(?:not\s+)?(\w+)\s*(=|!=|contains|in)\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\w+)""")


def query_of(asking: Asking) -> dict[str, str]:
    """The query of a request in; its values by name out. Drive ignores what it does not know."""
    return dict(asking.pairs)


def file_of(asking: Asking, file_id: str, is_write: bool = False) -> Spreadsheet:
    """A file's id in; the spreadsheet out. Raises DriveError 404, also for what is not shared, and 403."""
    book = asking.world.books.get(file_id)
    if book is None or not may_read(book, asking.caller.user):
        raise DriveError(404, f"File not found: {file_id}.", "notFound", "fileId")
    if is_write and not may_write(book, asking.caller.user):
        text = f"The user does not have sufficient permissions for file {file_id}."
        raise DriveError(403, text, "insufficientFilePermissions")
    return book


def describe(book: Spreadsheet, user: str) -> Json:
    """A spreadsheet in; its Drive file resource out."""
    return {
        "kind": "drive#file",
        "id": book.id,
        "name": book.title,
        "mimeType": MIME,
        "createdTime": rfc3339(book.created_at),
        "modifiedTime": rfc3339(book.modified_at),
        "trashed": book.is_trashed,
        "parents": book.parents or ["root"],
        "owners": [
            {"kind": "drive#user", "displayName": book.owner, "me": book.owner == user, "emailAddress": book.owner}
        ],
        "ownedByMe": book.owner == user,
        "shared": bool(book.writers or book.readers),
        "capabilities": {"canEdit": may_write(book, user), "canShare": may_write(book, user)},
        "permissions": permissions_of(book),
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{book.id}/edit?usp=drivesdk",
        "version": "1",
    }


def shown(resource: Json, fields: str | None) -> Json:
    """A resource and the `fields` of the query in; what the answer shows out. Raises DriveError 400."""
    if not fields:
        return {name: resource[name] for name in DEFAULT_FIELDS if name in resource}
    try:
        left: Json = select(resource, tree_of(fields))
    except MaskError as error:
        raise DriveError(400, f"Invalid field selection {error}", "invalidParameter", "fields") from error
    return left


def create(asking: Asking) -> Json:
    """files.create; a service account has no room for files of its own."""
    sent = asking.body or {}
    if asking.caller.is_service:
        text = "The user's Drive storage quota has been exceeded."
        raise DriveError(403, text, "storageQuotaExceeded")
    book = asking.world.create(sent.get("name") or "Untitled", asking.caller.user)
    book.parents = list(sent.get("parents") or [])
    return shown(describe(book, asking.caller.user), query_of(asking).get("fields"))


def get(asking: Asking, file_id: str) -> Json:
    """files.get."""
    return shown(describe(file_of(asking, file_id), asking.caller.user), query_of(asking).get("fields"))


def change(asking: Asking, file_id: str) -> Json:
    """files.update: name and trash."""
    book, sent = file_of(asking, file_id, is_write=True), asking.body or {}
    if "name" in sent:
        book.properties["title"] = sent["name"]
    book.is_trashed = bool(sent.get("trashed", book.is_trashed))
    asking.world.save(book)
    return shown(describe(book, asking.caller.user), query_of(asking).get("fields"))


def delete(asking: Asking, file_id: str) -> None:
    """files.delete: only by the owner."""
    book = file_of(asking, file_id)
    if book.owner != asking.caller.user:
        text = f"The user does not have sufficient permissions for file {file_id}."
        raise DriveError(403, text, "insufficientFilePermissions")
    del asking.world.books[file_id]


def copy(asking: Asking, file_id: str) -> Json:
    """files.copy: sheets and objects keep their ids."""
    book, sent = file_of(asking, file_id), asking.body or {}
    if asking.caller.is_service:
        raise DriveError(403, "The user's Drive storage quota has been exceeded.", "storageQuotaExceeded")
    twin = asking.world.duplicate(book, sent.get("name") or f"Copy of {book.title}", asking.caller.user)
    twin.parents = list(sent.get("parents") or book.parents)
    return shown(describe(twin, asking.caller.user), query_of(asking).get("fields"))


def list_files(asking: Asking) -> Json:
    """files.list: what the caller may see and `q` finds, newest first, by pages."""
    query = query_of(asking)
    user = asking.caller.user
    books = [
        book for book in asking.world.books.values() if may_read(book, user) and book.owner != "stranger@example.com"
    ]
    found = [book for book in books if meets(describe(book, user), query.get("q", ""))]
    found.sort(key=lambda book: -book.modified_at)
    start, size = int(query.get("pageToken") or 0), int(query.get("pageSize") or 100)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        answer["nextPageToken"] = str(start + size)
    fields = query.get("fields") or "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)"
    answer["files"] = [describe(book, user) for book in found[start : start + size]]
    return shown(answer, fields)


def meets(resource: Json, q: str) -> bool:
    """A file and a search in; does it meet all its clauses (joined by `and`), yes or no."""
    for match in CLAUSE.finditer(q):
        name, operator, raw = match.groups()
        if operator == "in":
            continue
        value: Any = raw[1:-1].replace("\\'", "'").replace('\\"', '"') if raw[0] in "'\"" else raw == "true"
        there = resource.get(name)
        if name == "modifiedTime":
            continue
        is_met = str(value).lower() in str(there).lower() if operator == "contains" else there == value
        if is_met == (operator == "!=" or match[0].startswith("not")):
            return False
    parent = re.search(r"""['"]([^'"]+)['"]\s+in\s+parents""", q)
    return parent is None or parent[1] in resource["parents"]


def comments(asking: Asking, file_id: str) -> Json:
    """comments.list."""
    book = file_of(asking, file_id)
    return shown({"kind": "drive#commentList", "comments": book.comments}, query_of(asking).get("fields") or "comments")


def comment(asking: Asking, file_id: str) -> Json:
    """comments.create."""
    book = file_of(asking, file_id)
    number = f"AAAA{len(book.comments):07d}"
    item = {"kind": "drive#comment", "id": number, **(asking.body or {})}
    book.comments.append(item)
    return item


def upload_csv(asking: Asking, file_id: str) -> Json:
    """v2 files.update with a CSV: one sheet, named as the file, with an id by chance, is left."""
    book = file_of(asking, file_id, is_write=True).draft()
    text = asking.body.decode("utf-8") if isinstance(asking.body, bytes) else json.dumps(asking.body)
    rows = list(csv.reader(io.StringIO(text)))
    width = max(map(len, rows), default=0)
    properties = sheet_properties(random.randint(1, 2**31 - 1), book.title, 0, max(1000, len(rows)), max(26, width))
    sheet = Sheet(properties)
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            entered = read_entered(value, book.locale)
            number_format = {"numberFormat": entered.number_format} if entered.number_format else None
            sheet.put(row, column, Cell(entered.value, number_format))
    book.sheets, book.named_ranges, book.developer_metadata = [sheet], [], []
    book.properties["timeZone"] = "America/Los_Angeles"
    asking.world.save(book)
    return {"kind": "drive#file", "id": book.id, "title": book.title, "mimeType": MIME}
