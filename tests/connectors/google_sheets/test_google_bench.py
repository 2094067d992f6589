"""The bench counts the same night in three ways."""

from __future__ import annotations

import json

import pytest

from bench.sheets import ADDRESS, as_documented, batched, libraries, second_night, svodka
from tests.helpers.report_input import report_input
from transforms.layout import lay_out


@pytest.mark.slow
@pytest.mark.long
def test_a_night_of_every_page_is_one_read_and_one_write(server, bench_key):
    """The libraries need at least a write a page for the values alone."""
    sheets = lay_out(report_input())
    ours = second_night(server, svodka(server, bench_key), sheets)
    theirs = [second_night(server, libraries(server, bench_key, way), sheets) for way in (batched, as_documented)]
    assert (ours.reads, ours.writes) == (1, 1)
    assert all(night.writes >= len(sheets) for night in theirs)
    assert theirs[0].writes < theirs[1].writes


@pytest.fixture
def bench_key(server, tmp_path):
    """The key of the bench's own account."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(server.key_file(ADDRESS)))
    return path
