"""The command line as a person meets it: words in; exit code, output and errors out."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from flows.cli import main
from tests.flows.small_client import AS_OF, small_client


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Output lines with single ordinary spaces."""
        return [" ".join(line.replace("\u00a0", " ").split()) for line in self.out.splitlines()]


@pytest.fixture
def svodka(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run `svodka …` in this process."""

    def run(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        shown = capsys.readouterr()
        return Answer(code, shown.out, shown.err)

    return run


@pytest.fixture(scope="session")
def after_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A folder and what is changed in the client in; the small client there after its first run out.

    Each kind of client is run once, tests get copies of it.
    """
    kept: dict[object, Path] = {}

    def copied(
        folder: Path, changed: Mapping[str, str | None] | None = None, as_of: str = AS_OF, to: str = "xlsx"
    ) -> Path:
        kind = (tuple((changed or {}).items()), as_of, to)
        if kind not in kept:
            made = small_client(tmp_path_factory.mktemp("kept") / "school", changed)
            assert main(["run", str(made), "--as-of", as_of, "--to", to, "--quiet"]) == 0
            kept[kind] = made
        return shutil.copytree(kept[kind], folder, dirs_exist_ok=True)

    return copied


@pytest.fixture
def mailbox():
    """A loopback service that keeps what it is told; `/refuse` answers 500."""
    received: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(json.loads(body))
            self.send_response(500 if "refuse" in self.path else 200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port, received
    server.shutdown()
