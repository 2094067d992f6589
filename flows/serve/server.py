"""A Prefect server to work with: the one that runs already, else one started here; imports no prefect itself."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from config.errors import Unavailable

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_PROMPT": "false",
}
"""Nothing about a client's nights leaves the machine."""

LASTING = {"PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem"}
"""A server that is started again still knows which locks the workers of a pool hold."""

START_SECONDS = 600
"""A cold machine needs half a minute, a database of an older version some more; then it is not coming."""
LONG_SECONDS = 40
"""After so long it is said that the server still starts."""
FAILURES = 3
"""So many times in a row a server must not answer before it is taken for gone."""
LOG = "svodka-server.log"
NEWER = "Can't locate revision"
TAKEN = ("ddress already in use", "is already in use")


@dataclass
class Server:
    """A Prefect server that answers."""

    address: str
    """Of its API."""
    process: subprocess.Popen[bytes] | None = None
    """Of a server started here."""
    _failures: int = 0

    @property
    def is_lost(self) -> bool:
        """Whether its process has ended, or it failed to answer several times in a row."""
        return (self.process is not None and self.process.poll() is not None) or self._failures >= FAILURES

    def is_alive(self) -> bool:
        """Ask it once more; whether it is still there."""
        if not self.is_lost:
            self._failures = 0 if answers(self.address) else self._failures + 1
        return not self.is_lost


@contextmanager
def prefect_server(
    host: str, port: int, api_url: str | None, home: Path, tell: Callable[[str], None] = lambda _: None
) -> Iterator[Server]:
    """Where to listen, or the API of a running server, and the folder of Prefect; a server that answers out.

    A server that already answers is joined and left running; one started here ends with the block. `tell` is given
    the name of a message when it takes long. Raises Unavailable if the named server does not answer or is older than
    what works with it, or the started one does not come up.
    """
    os.environ.update(QUIET)
    signal.signal(signal.SIGTERM, _interrupted)
    address = (api_url or f"http://{host}:{port}/api").rstrip("/")
    server = Server(address)
    if not answers(address):
        if api_url:
            raise Unavailable("cli.no_server", address=address)
        server.process = _start(host, port, home)
    try:
        _wait(server, home, tell)
        _check_version(address)
        os.environ["PREFECT_API_URL"] = address
        yield server
    finally:
        if server.process is not None:
            _stop(server.process)


def _interrupted(_number: int, _frame: object) -> None:
    """What systemd sends ends the service as Ctrl+C does, its server included."""
    raise KeyboardInterrupt


def answers(address: str) -> bool:
    """Whether a Prefect API is healthy at this address."""
    return _asked(f"{address}/health") is not None


def _asked(url: str) -> bytes | None:
    """What the operator's own server answers, None if it does not."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
            return answer.read() if answer.status == 200 else None
    except (urllib.error.URLError, OSError, ValueError):
        return None


def _check_version(address: str) -> None:
    """Raise Unavailable, with both versions, for a server of another kind or older than the library."""
    needed = version("prefect")
    found = _said(_asked(f"{address}/admin/version"))
    if found is None:
        raise Unavailable("cli.server_other", address=address)
    if _numbers(found)[:1] != _numbers(needed)[:1] or _numbers(found)[:2] < _numbers(needed)[:2]:
        raise Unavailable("cli.server_older", address=address, found=found, needed=needed)


def _said(answer: bytes | None) -> str | None:
    try:
        said = json.loads(answer or b"")
    except ValueError:
        return None
    return said if isinstance(said, str) else None


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(".") if part.isdecimal()]


def _start(host: str, port: int, home: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)]
    environment = {**os.environ, **QUIET, **LASTING, "PREFECT_API_URL": f"http://{host}:{port}/api"}
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOG).open("wb") as log:
        return subprocess.Popen(  # noqa: S603
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )


def _wait(server: Server, home: Path, tell: Callable[[str], None]) -> None:
    begun, is_told = time.monotonic(), False
    while not answers(server.address):
        waited = time.monotonic() - begun
        if waited > START_SECONDS or (server.process is not None and server.process.poll() is not None):
            raise _not_started(server.address, home / LOG)
        if waited > LONG_SECONDS and not is_told:
            tell("server_long")
            is_told = True
        time.sleep(0.5)


def _not_started(address: str, log: Path) -> Unavailable:
    """Why a server did not come up, as its log says, in words."""
    said = log.read_text("utf-8", errors="replace") if log.exists() else ""
    if NEWER in said:
        return Unavailable("cli.server_newer_database", home=log.parent)
    if any(sign in said for sign in TAKEN):
        return Unavailable("cli.server_port_taken", address=address)
    return Unavailable("cli.server_did_not_start", address=address, log=log)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
