"""Fixtures of every test with a spreadsheet: the server, a service account, an owner who shared with it, a client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from config.settings import settings
from connectors.google_sheets.account import account
from connectors.google_sheets.client import Clock, Pace, SheetsClient, connect
from connectors.google_sheets.known.publication import Occasion, Publishing
from connectors.google_sheets.publish import publish as publish_sheets
from tests.connectors.google_sheets.owner import Owner
from tests.helpers.memory import InMemory
from tests.helpers.sheets_server import Server, running_server

ADDRESS = "svodka@school.iam.gserviceaccount.com"
AT = Occasion(datetime(2026, 9, 21, 3, 4))
Publish = Callable[..., Publishing]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Google, on this machine."""
    with running_server() as running:
        yield running


@pytest.fixture(scope="session")
def key_file(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of a service account that the server knows."""
    path = tmp_path_factory.mktemp("key") / "key.json"
    path.write_text(json.dumps(server.key_file(ADDRESS)))
    return path


def client_of(server: Server, key_file: Path, cache: Path, is_writing: bool = True, **pace: object) -> SheetsClient:
    """A client of the service account, on the server's clock."""
    found = settings({"SVODKA_GOOGLE_API_ROOT": server.url, "GOOGLE_APPLICATION_CREDENTIALS": str(key_file)})
    clock = Clock(server.clock.now, server.clock.advance)
    chosen = Pace(clock=clock, jitter=lambda: 0.0, cache=cache, **pace)  # type: ignore[arg-type]
    return connect(account(found), is_writing, chosen)


def shared_book(server: Server, title: str = "Школа") -> Owner:
    """A new spreadsheet, shared with the service account; its owner out."""
    book = server.create(title, locale="ru_RU")
    book.share(ADDRESS)
    return Owner(server.url, book.id)


@pytest.fixture
def owner(server: Server) -> Owner:
    """Somebody with a spreadsheet shared with the service account."""
    return shared_book(server)


@pytest.fixture
def client(server: Server, key_file: Path, tmp_path: Path) -> SheetsClient:
    """A client that may write."""
    return client_of(server, key_file, tmp_path)


@pytest.fixture
def reader(server: Server, key_file: Path, tmp_path: Path) -> SheetsClient:
    """A client that may only read."""
    return client_of(server, key_file, tmp_path, is_writing=False)


@pytest.fixture
def memory() -> InMemory:
    """What was published before."""
    return InMemory()


@pytest.fixture
def forget(memory: InMemory) -> Callable[[], None]:
    """Lose it."""
    return memory.kept.clear


@pytest.fixture
def publish(client: SheetsClient, owner: Owner, memory: InMemory) -> Publish:
    """Sheets in; published to the owner's spreadsheet, what it came to out."""
    return lambda *sheets: publish_sheets(client, owner.spreadsheet, sheets, memory, AT)


@pytest.fixture(scope="module")
def module_owner(server: Server) -> Owner:
    """One owner for all tests of a module that only look."""
    return shared_book(server)


@pytest.fixture(scope="module")
def module_publish(
    server: Server, key_file: Path, module_owner: Owner, tmp_path_factory: pytest.TempPathFactory
) -> Publish:
    """The same for the module's owner."""
    client = client_of(server, key_file, tmp_path_factory.mktemp("quota"))
    return lambda *sheets: publish_sheets(client, module_owner.spreadsheet, sheets, InMemory(), AT)
