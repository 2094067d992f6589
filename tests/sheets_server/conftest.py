"""A running server, a spreadsheet on it, and refusals as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.helpers.sheets_server import AnswerError, Book, Server, running_server


@pytest.fixture(scope="package")
def running() -> Iterator[Server]:
    """One server for all tests of the package."""
    with running_server() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The server with nothing planned and nothing spent."""
    running.faults.clear()
    running.faults.struck.clear()
    running.log.clear()
    running.quota.enforced = False
    running.quota.used.clear()
    running.clock.run()
    yield running
    running.faults.clear()
    running.quota.enforced = False
    running.clock.run()


@pytest.fixture
def book(server: Server) -> Book:
    """A new spreadsheet with one sheet, `Sheet1`, of 1000 rows and 26 columns."""
    return server.create("Book")


@pytest.fixture
def refusal() -> Callable[..., str]:
    """A function that carries out an action and gives back the words it was refused with."""

    def refused(action: Callable[..., Any], *arguments: Any) -> str:
        with pytest.raises(AnswerError) as caught:
            action(*arguments)
        return str(caught.value.body["error"]["message"])

    return refused
