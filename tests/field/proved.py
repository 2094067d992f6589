"""A situation → its client folder, run, and what must be so in the end."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.field.test_field import LONG, Situation, ran

BOTH_SIZES = pytest.mark.parametrize("padding", ["", LONG], ids=["short", "long"])
"""Held in memory or read from disk."""


def prove(folder: Path, situation: Situation, padding: str) -> None:
    """An empty folder, a situation and what makes its files long in; asserts that it gives what is right, or asks."""
    summary = ran(folder, situation, padding)
    told = " ".join([*summary.problems, *summary.notes]).replace("\u00a0", " ")
    assert situation.says in told, told
    if not situation.right:
        assert summary.exit_code == 4, told
        return
    assert summary.exit_code == 0, told
    with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as connection:
        assert connection.execute(situation.sql).fetchone() == (situation.right,)
