"""Recorded answers of the real API are sent again and compared, where the recordings are at hand."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from tests.helpers.sheets_server import Server

RECORDINGS = Path(__file__).parents[3] / "shared" / "sheets" / "replay"
CASSETTES = sorted((RECORDINGS / "given").glob("*.json")) if RECORDINGS.is_dir() else []


@pytest.mark.slow
@pytest.mark.skipif(not CASSETTES, reason="the recordings are not part of the project")
@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda path: path.stem)
def test_answers_as_recorded(server: Server, cassette: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every recorded interaction gets the recorded answer."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(RECORDINGS))
    replay = importlib.import_module("replaylib")
    config = replay.Config(base_url=server.url, drive_base_url=server.url, forbidden_id=server.forbidden_id)
    result = replay.Replayer(config).replay(cassette.stem, replay.load_cassette(cassette))
    failed = [
        f"#{o.index} {o.endpoint} {o.reason} {[str(d) for d in o.diffs]}" for o in result.outcomes if o.result == "fail"
    ]
    assert result.scored
    assert failed == []
