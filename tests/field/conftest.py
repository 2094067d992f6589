"""Every situation is loaded on every run of the suite, in memory or from disk; in both sizes at night."""

from __future__ import annotations

import os
from zlib import crc32

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the two sizes of a situation the one is left to the long setting, by its name: half of them short."""
    if os.environ.get("TESTS") == "long":
        return
    for item in items:
        size = getattr(getattr(item, "callspec", None), "params", {}).get("padding")
        if size is not None and "tests/field/" in item.nodeid:
            name = item.nodeid.replace("short", "").replace("long", "")
            if bool(size) != bool(crc32(name.encode()) % 2):
                item.add_marker(pytest.mark.long)
