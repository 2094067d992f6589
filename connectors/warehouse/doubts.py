"""Cells of a short table that are in doubt → `doubts_<column>`: each of their texts read in full.

The SQL that reads any form of a cell takes longer to plan than to run; it is planned once for all columns of a type.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from config.staging import Reads
from connectors.warehouse.raw_cells import small_table

MOST_TEXTS = 500
"""More of them are read sooner where they are than handed over."""
_PREPARED: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def read_doubts(connection: Any, reads: Reads, names: Collection[str]) -> None:
    """Columns of `quick_rows` in; their `doubts_<column>` made: `text, value, reason`, all as text."""
    for name in names:
        texts = f"select distinct t_{name} as cell_text from quick_rows where is_odd and {reads.doubts[name]}"
        found = [row[0] for row in connection.execute(f"{texts} limit {MOST_TEXTS + 1}").fetchall()]
        if len(found) > MOST_TEXTS or any("\0" in text for text in found):
            select = reads.texts_in_full(name, texts)
            connection.execute(f"create or replace temp table doubts_{name} as {select}")
            continue
        statement = _prepared(connection, reads.texts_in_full(name, "select unnest($1::varchar[]) as cell_text"))
        rows = connection.execute(f"execute {statement}([{', '.join(map(_literal, found))}])").fetchall()
        small_table(connection, f"doubts_{name}", ["text", "value", "reason"], rows)


def _prepared(connection: Any, select: str) -> str:
    """The name of a statement that is prepared, now or earlier on this connection."""
    name = f"read_{hashlib.sha256(select.encode()).hexdigest()[:24]}"
    known = _PREPARED.setdefault(connection, set())
    if name not in known:
        connection.execute(f"prepare {name} as {select}")
        known.add(name)
    return name


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
