"""What is to be said of a table beside its rows: torn letters, tabs that were left aside, rows that nobody sees."""

from __future__ import annotations

from collections.abc import Sequence

from config.assumed import Assumed
from config.documents import RawTable
from config.draft import Remark

MOST_NAMED = 10
"""Cells that a remark names one by one."""


def remarks(raw: RawTable) -> list[Remark]:
    """A table in; its remarks out."""
    found = []
    if raw.torn_cells:
        named = [*raw.torn_cells[:MOST_NAMED], *(["…"] if len(raw.torn_cells) > MOST_NAMED else [])]
        found.append(Remark("torn_letters", ", ".join(named), len(raw.torn_cells)))
    if raw.joined:
        found.append(Assumed("tabs_together", header=f'"{raw.joined[0]}"', value=_named(raw.joined)).remark)
    if raw.left_aside:
        found.append(Assumed("tabs_left", header=raw.origin.tab or "", value=_named(raw.left_aside)).remark)
    if raw.hidden_alike:
        found.append(Assumed("tabs_hidden", header=raw.origin.tab or "", value=_named(raw.hidden_alike)).remark)
    if raw.hidden_rows:
        found.append(Assumed("rows_hidden", value=str(raw.hidden_rows)).remark)
    return found


def _named(titles: Sequence[str]) -> str:
    return ", ".join(f"«{title}»" for title in titles)
