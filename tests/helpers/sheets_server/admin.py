"""The admin endpoint: faults, clock, quota, tokens, spreadsheets and the log, by JSON, for tests in other processes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from .world import World


def administer(world: World, method: str, what: str, body: bytes) -> tuple[int, str]:
    """A method, what it is about and JSON in; a status and JSON out."""
    action = ACTIONS.get((method, what))
    if action is None:
        return 404, json.dumps({"error": f"no such action; there are {[' '.join(key) for key in ACTIONS]}"})
    with world.lock:
        try:
            return 200, json.dumps(action(world, json.loads(body or b"{}")), ensure_ascii=False)
        except (TypeError, ValueError, KeyError) as error:
            return 400, json.dumps({"error": str(error)})


def add_fault(world: World, sent: dict[str, Any]) -> Any:
    """{"kind": "503", "at": 2, "after": true, "only": "write"}."""
    return asdict(world.faults.add(sent.pop("kind"), **sent))


def clear_faults(world: World, sent: dict[str, Any]) -> Any:
    """Nothing goes wrong any more."""
    world.faults.clear()
    return {}


def set_clock(world: World, sent: dict[str, Any]) -> Any:
    """{"set": 1700000000}, {"advance": 60} or {"run": true}."""
    if "set" in sent:
        world.clock.set(sent["set"])
    if "advance" in sent:
        world.clock.advance(sent["advance"])
    if sent.get("run"):
        world.clock.run()
    return {"now": world.clock.now()}


def set_quota(world: World, sent: dict[str, Any]) -> Any:
    """{"enforced": true, "per_user": 60, "per_project": 300}."""
    for name in ("enforced", "per_user", "per_project"):
        if name in sent:
            setattr(world.quota, name, sent[name])
    return {"enforced": world.quota.enforced, "used": {"/".join(key): n for key, n in world.quota.used.items()}}


def create_book(world: World, sent: dict[str, Any]) -> Any:
    """{"title": "Отчёт", "locale": "ru_RU", "writers": [...], "readers": [...], "owner": "..."}."""
    owner = {"owner": sent["owner"]} if "owner" in sent else {}
    properties = {name: sent[name] for name in ("locale", "timeZone") if name in sent}
    book = world.create(sent["title"], book_id=sent.get("id", ""), **owner, **properties)
    book.writers |= set(sent.get("writers", ()))
    book.readers |= set(sent.get("readers", ()))
    return {"spreadsheetId": book.id}


def list_books(world: World, sent: dict[str, Any]) -> Any:
    """The spreadsheets there are."""
    return [{"spreadsheetId": book.id, "title": book.title, "owner": book.owner} for book in world.books.values()]


def share_book(world: World, sent: dict[str, Any]) -> Any:
    """{"spreadsheetId": "…", "user": "…", "role": "writer"|"reader"|"none"}."""
    book = world.books[sent["spreadsheetId"]]
    for users in (book.writers, book.readers):
        users.discard(sent["user"])
    if sent.get("role", "writer") != "none":
        (book.readers if sent.get("role") == "reader" else book.writers).add(sent["user"])
    return {}


def make_token(world: World, sent: dict[str, Any]) -> Any:
    """{"user": "…"}."""
    return {"access_token": world.access.token_of(sent["user"])}


def make_key(world: World, sent: dict[str, Any]) -> Any:
    """{"email": "…", "token_uri": "http://127.0.0.1:8765/token"}: a key file."""
    return world.access.key_file(sent["email"], sent["token_uri"])


def show_log(world: World, sent: dict[str, Any]) -> Any:
    """The requests that came in."""
    return [asdict(entry) for entry in world.log]


def clear_log(world: World, sent: dict[str, Any]) -> Any:
    """Forgets the requests that came in."""
    world.log.clear()
    return {}


ACTIONS = {
    ("POST", "faults"): add_fault,
    ("DELETE", "faults"): clear_faults,
    ("POST", "clock"): set_clock,
    ("POST", "quota"): set_quota,
    ("POST", "spreadsheets"): create_book,
    ("GET", "spreadsheets"): list_books,
    ("POST", "share"): share_book,
    ("POST", "token"): make_token,
    ("POST", "key"): make_key,
    ("GET", "requests"): show_log,
    ("DELETE", "requests"): clear_log,
}
