"""Pages of many megabytes are read within the memory of a small machine."""

from __future__ import annotations

import resource

import pytest

from connectors.files.find import FoundFile
from connectors.files.read import read
from tests.connectors.files.test_read_markup import large_page


@pytest.mark.parametrize("kind", ["html", "spreadsheetml"])
def test_many_megabytes_take_bounded_memory(tmp_path, kind):
    """The page is never held whole: peak memory stays far below what a tree of it would take."""
    path, _ = large_page(tmp_path, kind, 25_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read(FoundFile(path, "big.xls", 0, 0.0, ""), "s", tmp_path)) == 1
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 250
