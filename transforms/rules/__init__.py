"""Rules: SELECTs of rows that must not exist, the identities of the business."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType

from config.macros import expanded
from transforms.rules.declared import declared_rules


@cache
def rule_queries() -> MappingProxyType[str, str]:
    """Every rule → the SELECT whose rows must not exist; the first columns say where, the last two what differs."""
    entries = [entry for entry in files(__name__).iterdir() if entry.name.endswith(".sql")]
    written = {entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8") for entry in entries}
    return MappingProxyType({name: expanded(sql) for name, sql in sorted({**written, **declared_rules()}.items())})
