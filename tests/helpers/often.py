"""How often a test repeats itself: enough to notice on every run of the suite, and many times at night."""

from __future__ import annotations

import os


def often(usually: int, long: int) -> int:
    """The number for this run: `make test-long` asks for the long one."""
    return long if os.environ.get("TESTS") == "long" else usually
