"""A server started in a thread on a free port: `with running_server() as server: ...`."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import requests
import uvicorn
from requests.adapters import HTTPAdapter

from .access import FULL, OWNER, Access
from .app import DroppingProtocol, make_app
from .clock import Clock
from .faults import Faults
from .handling import Incoming, handle
from .model import Spreadsheet
from .quota import Quota
from .world import FORBIDDEN_ID, Logged, World

HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com", "https://oauth2.googleapis.com")


class LoopbackAdapter(HTTPAdapter):
    """Sends what is meant for Google's hosts to a loopback server instead."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.target = urlsplit(url)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """A prepared request in, the loopback server's response out."""
        parts = urlsplit(request.url or "")
        request.url = urlunsplit((self.target.scheme, self.target.netloc, parts.path, parts.query, ""))
        options["proxies"] = {}
        return super().send(request, *args, **options)


class AnswerError(Exception):
    """A refusal of an action taken through a Book: the status and the body."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Book:
    """A spreadsheet as its owner handles it, past quota and faults but through the same API methods."""

    world: World
    id: str
    user: str = OWNER

    def call(self, method: str, path: str, query: str = "", body: Any = None) -> Any:
        """A path after the spreadsheet's own, a query and a body in; the answer out. Raises AnswerError."""
        with self.world.lock:
            token = self.world.access.token_of(self.user)
            planned, enforced, logged = self.world.faults.planned, self.world.quota.enforced, len(self.world.log)
            used = self.world.quota.used.copy()
            self.world.faults.planned, self.world.quota.enforced = [], False
            try:
                data = b"" if body is None else json.dumps(body).encode()
                headers = {"authorization": f"Bearer {token}"}
                answer = handle(self.world, Incoming(method, f"/v4/spreadsheets/{self.id}{path}", query, headers, data))
            finally:
                self.world.faults.planned, self.world.quota.enforced = planned, enforced
                self.world.quota.used = used
                del self.world.log[logged:]
        shown = json.loads(answer.body) if answer.body else None
        if answer.status >= 400:
            raise AnswerError(answer.status, shown)
        return shown

    def batch_update(self, *sent: dict[str, Any]) -> list[dict[str, Any]]:
        """Requests in; their replies out."""
        replies: list[dict[str, Any]] = self.call("POST", ":batchUpdate", body={"requests": list(sent)})["replies"]
        return replies

    def metadata(self, query: str = "includeGridData=true") -> dict[str, Any]:
        """The spreadsheet's JSON, with cells unless another query is given."""
        shown: dict[str, Any] = self.call("GET", "", query)
        return shown

    def values(self, a1: str, render: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        """A1 text in; the values there out."""
        query = f"valueRenderOption={render}"
        shown: list[list[Any]] = self.call("GET", f"/values/{quote(a1, safe='')}", query).get("values", [])
        return shown

    def update(self, a1: str, rows: list[list[Any]], option: str = "USER_ENTERED") -> dict[str, Any]:
        """A1 text and rows in; what a person typing them there does."""
        path = f"/values/{quote(a1, safe='')}"
        done: dict[str, Any] = self.call("PUT", path, f"valueInputOption={option}", {"values": rows})
        return done

    def share(self, user: str, role: str = "writer") -> None:
        """An address in; the spreadsheet is shared with it as writer or reader."""
        book = self.world.books[self.id]
        (book.readers if role == "reader" else book.writers).add(user)

    def copy(self, title: str = "Копия") -> Book:
        """File → Make a copy: sheets, objects and metadata keep their ids; the copy out, shared with nobody."""
        with self.world.lock:
            return Book(self.world, self.world.duplicate(self.world.books[self.id], title, self.user).id, self.user)

    def version(self) -> Spreadsheet:
        """The spreadsheet as the version history keeps it at this moment."""
        return self.world.books[self.id].draft()

    def restore(self, version: Spreadsheet) -> None:
        """File → Version history → Restore this version: cells, objects and metadata are as they were."""
        with self.world.lock:
            now, then = self.world.books[self.id], version.draft()
            then.writers, then.readers, then.owner = now.writers, now.readers, now.owner
            self.world.save(then)

    def unshare(self, user: str) -> None:
        """An address in; the spreadsheet is no longer shared with it."""
        book = self.world.books[self.id]
        book.writers.discard(user)
        book.readers.discard(user)


@dataclass(frozen=True)
class Server:
    """A running server: where it is and how a test steers it."""

    url: str
    world: World

    @property
    def clock(self) -> Clock:
        """The clock of quotas, of file times and of NOW()."""
        return self.world.clock

    @property
    def faults(self) -> Faults:
        """What shall go wrong: `server.faults.add("503", at=2, after=True, only="write")`."""
        return self.world.faults

    @property
    def quota(self) -> Quota:
        """The limits: `server.quota.enforced = True`."""
        return self.world.quota

    @property
    def access(self) -> Access:
        """Tokens and accounts."""
        return self.world.access

    @property
    def log(self) -> list[Logged]:
        """The requests that came in over HTTP."""
        return self.world.log

    @property
    def forbidden_id(self) -> str:
        """The id of a spreadsheet nobody but a stranger may see."""
        return FORBIDDEN_ID

    def create(self, title: str = "Отчёт", owner: str = OWNER, **properties: Any) -> Book:
        """A title and properties such as locale="ru_RU" in; a new spreadsheet out."""
        with self.world.lock:
            return Book(self.world, self.world.create(title, owner, **properties).id, owner)

    def spreadsheet(self, book_id: str) -> Book:
        """An id in; the spreadsheet as its owner handles it out."""
        return Book(self.world, book_id, self.world.books[book_id].owner)

    def key_file(self, email: str = "svodka@svodka-test.iam.gserviceaccount.com") -> dict[str, str]:
        """A service account's address in; its key, as a dict, whose tokens this server gives out."""
        return self.access.key_file(email, f"{self.url}/token")

    def token(self, user: str = OWNER, scopes: tuple[str, ...] = FULL) -> str:
        """A person's address in; a bearer token of theirs out."""
        return self.access.token_of(user, scopes)

    def route(self, session: requests.Session) -> requests.Session:
        """A session in; the same, with requests to Google's hosts coming here, out."""
        session.trust_env = False
        for host in HOSTS:
            session.mount(host, LoopbackAdapter(self.url))
        return session


@contextlib.contextmanager
def running_server(quotas: bool = False, port: int = 0) -> Iterator[Server]:
    """Whether quotas are enforced from the start, and a port (0: any free one), in; a running server out."""
    world = World(quotas_enforced=quotas)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    server = uvicorn.Server(config_of(world))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield Server(f"http://127.0.0.1:{listening.getsockname()[1]}", world)
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(5)
        listening.close()


def config_of(world: World, **options: Any) -> uvicorn.Config:
    """A state in; how uvicorn serves it out."""
    return uvicorn.Config(
        make_app(world),
        http=DroppingProtocol,
        lifespan="off",
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
        **options,
    )
