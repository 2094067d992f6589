"""What a service of nights says of its Prefect server: one that dies, is older, is something else, or takes long."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.errors import Unavailable
from flows.serve import server
from flows.serve.server import prefect_server
from tests.flows.small_client import SVODKA, small_client
from tests.flows.test_nightly import Mailbox, free_port, service

QUOTE = '"'


@pytest.fixture
def answering() -> Iterator[dict[str, bytes]]:
    """A server on loopback and what it answers by path; its address under `address`."""
    answers: dict[str, bytes] = {"/api/health": b"true"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in answers else 404)
            self.end_headers()
            self.wfile.write(answers.get(self.path, b""))

        def log_message(self, *_arguments: object) -> None:
            pass

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    answers["address"] = f"http://127.0.0.1:{listening.server_port}/api".encode()
    yield answers
    listening.shutdown()


def refusal(address: str, tmp_path) -> str:
    """Why a service does not join the server at this address."""
    with pytest.raises(Unavailable) as refused, prefect_server("127.0.0.1", 0, address, tmp_path):
        pass
    return refused.value.text("ru")


@pytest.mark.parametrize("version", [b'"2.20.4"', b'"3.2.0"'])
def test_an_older_server_is_not_joined(answering, version, tmp_path):
    """With both versions and what to do; its API would answer in ways that nobody here knows."""
    answering["/api/admin/version"] = version
    said = refusal(answering["address"].decode(), tmp_path)
    assert f"там Prefect {version.decode().strip(QUOTE)}, а нужен 3.8." in said
    assert "обновите его или уберите --server" in said


def test_something_else_is_not_joined(answering, tmp_path):
    """It is healthy, but no Prefect server."""
    answering["/api/admin/version"] = b"<html>"
    address = answering["address"].decode()
    assert refusal(address, tmp_path).startswith(address)


@pytest.mark.slow
def test_a_port_that_another_program_has_is_named_with_what_to_do(tmp_path):
    """Whatever the words of this Prefect are for it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Unavailable) as raised, prefect_server("127.0.0.1", port, None, tmp_path):
            pass
    assert str(raised.value) == (
        f"http://127.0.0.1:{port}/api: порт занят другой программой — укажите другой: --port 4300"
    )


def test_a_server_that_is_not_there_is_named(tmp_path):
    """Nobody listens at the address that was given."""
    address = f"http://127.0.0.1:{free_port()}/api"
    assert refusal(address, tmp_path).startswith(address)


@pytest.mark.slow
def test_a_server_that_dies_ends_the_service_in_words(tmp_path):
    """Killed under it, as by a lack of memory: one sentence with the address and what to do, no traceback."""
    mailbox, port = Mailbox(), free_port()
    school = small_client(tmp_path / "school", {"svodka.yaml": SVODKA + 'schedule: "30 4 * * *"\n'})
    with service(tmp_path, [school], port, mailbox) as process:
        asked = ["pgrep", "-P", str(process.pid), "-f", "prefect server start"]
        for pid in subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split():
            os.kill(int(pid), signal.SIGKILL)
        assert process.wait(timeout=60) == Unavailable.exit_code
    journal = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{port}/api: сервер Prefect больше не отвечает, svodka serve остановлен" in journal
    assert "Traceback" not in journal


@pytest.mark.slow
def test_a_server_that_takes_long_is_explained(tmp_path, monkeypatch):
    """After an upgrade it brings its database up to date; said once, while the start goes on."""
    monkeypatch.setattr(server, "LONG_SECONDS", 0.1)
    said: list[str] = []
    port = free_port()
    with prefect_server("127.0.0.1", port, None, tmp_path / "prefect", said.append) as found:
        assert found.is_alive()
    assert said == ["server_long"]
