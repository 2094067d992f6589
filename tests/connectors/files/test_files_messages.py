"""Every sentence about a file exists in both languages, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.messages import catalogue

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("area", "folders"), [("files", ["connectors/files"]), ("shape", ["transforms/recognise", "transforms/shape"])]
)
def test_messages_raised_are_the_messages_written(area, folders):
    """A key without a text would end in a traceback; a text without a key is dead."""
    code = "".join(path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))
    raised = set(re.findall(rf'"({area}\.[a-z_0-9]+)"', code))
    written = {key for key in catalogue() if key.startswith(f"{area}.")}
    assert raised == written
    assert all(set(catalogue()[key]) == {"ru", "en"} for key in written)
