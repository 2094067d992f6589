"""Stub."""

from collections.abc import Callable
from datetime import datetime

from config.load import LoadedClient
from flows.lock import one_run
from flows.progress import Step, Verb
from flows.request import RunRequest
from flows.summary import RunSummary


def run_client(loaded: LoadedClient, asked: RunRequest, step: Step, clock: Callable[[], datetime]) -> RunSummary:
    """Stub."""
    import time

    with one_run(loaded.data, clock()):
        step(Verb.READ, "calls", lambda: time.sleep(3))
    return RunSummary(loaded.client.client, str(loaded.folder), written=["out/x.xlsx"])
