"""Paths: a method and a raw path in; the function that answers and what it is counted as out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from . import drive, exports, sharing, spreadsheets_api, values_api

Answering = Callable[..., Any]
BOOK = r"/v4/spreadsheets/([^/:]+)"
FILE = r"/drive/v3/files/([^/:]+)"


@dataclass(frozen=True)
class Route:
    """One API method: its HTTP method and path, what answers it, and the quota it counts for."""

    method: str
    path: re.Pattern[str]
    answer: Answering
    kind: str


def route(method: str, path: str, answer: Answering, kind: str) -> Route:
    """Text in, a Route out."""
    return Route(method, re.compile(path), answer, kind)


ROUTES = (
    route("POST", r"/v4/spreadsheets", spreadsheets_api.create, "write"),
    route("GET", BOOK, spreadsheets_api.get, "read"),
    route("POST", rf"{BOOK}:getByDataFilter", spreadsheets_api.get_by_filter, "read"),
    route("POST", rf"{BOOK}:batchUpdate", spreadsheets_api.batch_update, "write"),
    route("POST", rf"{BOOK}/sheets/(\d+):copyTo", spreadsheets_api.copy_to, "write"),
    route("POST", rf"{BOOK}/developerMetadata:search", spreadsheets_api.search_metadata, "read"),
    route("GET", rf"{BOOK}/developerMetadata/(\d+)", spreadsheets_api.get_metadata, "read"),
    route("GET", rf"{BOOK}/values:batchGet", values_api.batch_get, "read"),
    route("POST", rf"{BOOK}/values:batchUpdate", values_api.batch_update, "write"),
    route("POST", rf"{BOOK}/values:batchClear", values_api.batch_clear, "write"),
    route("POST", rf"{BOOK}/values:batchGetByDataFilter", values_api.batch_get_by_filter, "read"),
    route("POST", rf"{BOOK}/values:batchUpdateByDataFilter", values_api.batch_update_by_filter, "write"),
    route("POST", rf"{BOOK}/values:batchClearByDataFilter", values_api.batch_clear_by_filter, "write"),
    route("POST", rf"{BOOK}/values/(.+):append", values_api.append, "write"),
    route("POST", rf"{BOOK}/values/(.+):clear", values_api.clear, "write"),
    route("GET", rf"{BOOK}/values/(.+)", values_api.get, "read"),
    route("PUT", rf"{BOOK}/values/(.+)", values_api.update, "write"),
    route("POST", r"/drive/v3/files", drive.create, "drive-write"),
    route("GET", r"/drive/v3/files", drive.list_files, "drive-read"),
    route("GET", FILE, drive.get, "drive-read"),
    route("PATCH", FILE, drive.change, "drive-write"),
    route("DELETE", FILE, drive.delete, "drive-write"),
    route("POST", rf"{FILE}/copy", drive.copy, "drive-write"),
    route("GET", rf"{FILE}/export", exports.export, "drive-read"),
    route("GET", rf"{FILE}/comments", drive.comments, "drive-read"),
    route("POST", rf"{FILE}/comments", drive.comment, "drive-write"),
    route("GET", rf"{FILE}/permissions", sharing.list_permissions, "drive-read"),
    route("POST", rf"{FILE}/permissions", sharing.share, "drive-write"),
    route("GET", rf"{FILE}/permissions/([^/]+)", sharing.get_permission, "drive-read"),
    route("PATCH", rf"{FILE}/permissions/([^/]+)", sharing.change_permission, "drive-write"),
    route("DELETE", rf"{FILE}/permissions/([^/]+)", sharing.unshare, "drive-write"),
    route("PUT", r"/upload/drive/v2/files/([^/]+)", drive.upload_csv, "drive-write"),
)


def find_route(method: str, raw_path: str) -> tuple[Route, list[str]] | None:
    """A method and a path, still percent-encoded, in; the route and the parts of the path out, None for none."""
    path = raw_path.replace("%3A", ":") if "/values" not in raw_path else raw_path
    for candidate in ROUTES:
        match = candidate.path.fullmatch(path) if candidate.method == method else None
        if match:
            return candidate, [unquote(part) for part in match.groups()]
    return None
