"""Svodka in a process of its own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def imported_by(code: str, *words: str) -> set[str]:
    """Top-level packages that a fresh process has loaded after a piece of code."""
    tail = "\nimport sys; sys.stderr.write(' '.join({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail, *words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stderr.split())
