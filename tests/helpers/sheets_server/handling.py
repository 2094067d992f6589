"""One request without the network: method, path, query, headers and body in; what to answer or to drop out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from .access import Caller, TokenError, check_enabled, check_scopes
from .errors import ApiError, DriveError, bad_request
from .exports import Exported
from .faults import HTML, Fault, error_of
from .routes import Route, find_route
from .spreadsheets_api import Asking
from .world import Logged, World

JSON_TYPE = "application/json; charset=UTF-8"
LOGGED_BYTES = 4_000_000  # kinds of larger batches are not noted
DROPPED = ("timeout", "reset", "truncated")


@dataclass(frozen=True)
class Incoming:
    """One HTTP request."""

    method: str
    raw_path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Outgoing:
    """One answer; `drop` says how the connection ends instead of, or in the middle of, it."""

    status: int
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    drop: Fault | None = None


def as_json(status: int, answer: Any) -> Outgoing:
    """A status and JSON in; the answer out."""
    return Outgoing(status, (json.dumps(answer, ensure_ascii=False) + "\n").encode())


def handle(world: World, incoming: Incoming) -> Outgoing:
    """A request in; the answer out. Faults planned for it strike before or after it is carried out."""
    with world.lock:
        found = find_route(incoming.method, incoming.raw_path)
        if incoming.raw_path == "/token":
            return token(world, incoming)
        if found is None:
            return Outgoing(404, HTML.format(code=404).encode(), "text/html; charset=UTF-8")
        route, parts = found
        fault = world.faults.next(route.kind, incoming.raw_path)
        user = ""
        if fault is not None and not fault.after:
            answer = struck(world, fault, route)
        else:
            user, answer = carry_out(world, route, parts, incoming)
            answer = struck(world, fault, route, answer) if fault is not None else answer
        log(world, incoming, route.kind, user, answer)
        return answer


def struck(world: World, fault: Fault, route: Route, done: Outgoing | None = None) -> Outgoing:
    """A fault and, if the request was carried out, its answer in; what goes out instead out."""
    if fault.kind in DROPPED:
        body = done.body if done is not None else b'{\n  "spreadsheetId": "1'
        return Outgoing(200, body, drop=fault)
    if fault.kind == "html":
        return Outgoing(fault.code, HTML.format(code=fault.code).encode(), "text/html; charset=UTF-8")
    error = error_of(fault, route.kind, world.quota.project)
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    answer = as_json(error.code, error.body())
    return Outgoing(answer.status, answer.body, answer.content_type, headers)


def carry_out(world: World, route: Route, parts: list[str], incoming: Incoming) -> tuple[str, Outgoing]:
    """A route and a request in; who asked and the answer out."""
    user = ""
    try:
        caller = world.access.caller(incoming.headers.get("authorization", ""))
        user = caller.user
        check_caller(world, caller, route)
        body = body_of(incoming, route)
        asking = Asking(world, caller, parse_qsl(incoming.query, keep_blank_values=True), body)
        answer = route.answer(asking, *parts)
    except (ApiError, DriveError) as error:
        return user, as_json(error.code, error.body())
    if answer is None:
        return user, Outgoing(204)
    if isinstance(answer, Exported):
        return user, Outgoing(200, answer.body, answer.content_type)
    return user, as_json(200, answer)


def check_caller(world: World, caller: Caller, route: Route) -> None:
    """Raises ApiError for a disabled API, missing scopes or a spent quota."""
    if route.kind.startswith("drive"):
        check_enabled(world.access, "drive.googleapis.com", "Google Drive API", world.quota.project)
        check_scopes(caller, route.kind)
        return
    check_enabled(world.access, "sheets.googleapis.com", "Google Sheets API", world.quota.project)
    check_scopes(caller, route.kind)
    world.quota.spend(caller.user, route.kind.capitalize())


def body_of(incoming: Incoming, route: Route) -> Any:
    """A request in; its JSON, the bytes of an upload, or {} out. Raises ApiError 400."""
    if "/upload/" in incoming.raw_path:
        return incoming.body
    if not incoming.body.strip():
        return {}
    try:
        return json.loads(incoming.body)
    except ValueError as error:
        text = f"Invalid JSON payload received. Unexpected token.\n{incoming.body[:40].decode(errors='replace')}\n^"
        raise bad_request([("", text)]) from error


def token(world: World, incoming: Incoming) -> Outgoing:
    """The OAuth token endpoint: a service account's signed JWT in, an access token out."""
    fault = world.faults.next("token", incoming.raw_path)
    if fault is not None and fault.kind in DROPPED:
        return Outgoing(200, b"", drop=fault)
    if fault is not None:
        return as_json(int(fault.kind) if fault.kind.isdigit() else fault.code, {"error": "internal_failure"})
    form = parse_qs(incoming.body.decode())
    try:
        return as_json(200, world.access.grant(form.get("assertion", [""])[0]))
    except TokenError as error:
        kind, _, description = str(error).partition(": ")
        return as_json(400, {"error": kind, "error_description": description})


def log(world: World, incoming: Incoming, kind: str, user: str, answer: Outgoing) -> None:
    """Notes a request."""
    kinds: tuple[str, ...] = ()
    if incoming.raw_path.endswith(":batchUpdate") and "/values" not in incoming.raw_path:
        kinds = kinds_of(incoming.body)
    status = 0 if answer.drop is not None else answer.status
    entry = Logged(incoming.method, incoming.raw_path, kind, user, status, len(incoming.body), kinds)
    world.log.append(entry)


def kinds_of(body: bytes) -> tuple[str, ...]:
    """The body of a batchUpdate in; the kinds of its requests in order out, () for a very large one."""
    if len(body) > LOGGED_BYTES:
        return ()
    try:
        requests = json.loads(body).get("requests", [])
        return tuple(kind for request in requests if isinstance(request, dict) for kind in request)
    except (ValueError, AttributeError):
        return ()
