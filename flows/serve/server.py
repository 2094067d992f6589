"""A Prefect server to work with: the one that runs already, else one started here; imports no prefect itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from config.errors import Unavailable

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_PROMPT": "false",
}
"""Nothing about a client's nights leaves the machine."""

START_SECONDS = 180
"""A cold machine needs half a minute; then it is not coming."""


@contextmanager
def prefect_server(host: str, port: int, api_url: str | None) -> Iterator[str]:
    """Where to listen, or the API of a running server; its API address out, with the process set to use it.

    A server that already answers is joined and left running; one started here ends with the block.
    Raises Unavailable if the named server does not answer, or the started one does not come up.
    """
    os.environ.update(QUIET)
    signal.signal(signal.SIGTERM, _interrupted)
    address = api_url or f"http://{host}:{port}/api"
    started = None
    if not answers(address):
        if api_url:
            raise Unavailable("cli.no_server", address=address)
        started = _start(host, port)
    try:
        _wait(address, started)
        os.environ["PREFECT_API_URL"] = address
        yield address
    finally:
        if started is not None:
            _stop(started)


def _interrupted(_number: int, _frame: object) -> None:
    """What systemd sends ends the service as Ctrl+C does, its server included."""
    raise KeyboardInterrupt


def answers(address: str) -> bool:
    """Whether a Prefect API is healthy at this address."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310 - the operator's own server
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _start(host: str, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", host, "--port", str(port)]
    environment = {**os.environ, **QUIET, "PREFECT_API_URL": f"http://{host}:{port}/api"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def _wait(address: str, started: subprocess.Popen[bytes] | None) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers(address):
        if time.monotonic() > deadline or (started is not None and started.poll() is not None):
            raise Unavailable("cli.server_did_not_start", address=address)
        time.sleep(0.5)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
