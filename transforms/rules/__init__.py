"""Rules: SELECTs of rows that must not exist, the identities of the business."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType

from config.macros import expanded


@cache
def rule_queries() -> MappingProxyType[str, str]:
    """Every rule → the SELECT whose rows must not exist; the first columns say where, the last two what differs."""
    found = sorted(
        (entry for entry in files(__name__).iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name
    )
    return MappingProxyType(
        {entry.name.removesuffix(".sql"): expanded(entry.read_text(encoding="utf-8")) for entry in found}
    )
