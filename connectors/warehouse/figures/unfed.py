"""Tables and rules that have no rows as long as nothing feeds them: known without asking for their rows.

Such a SELECT says so below its first line, see `UNFED`. What a client does not keep, a plan or a survey, costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

UNFED = re.compile(r"^-- No rows without (staged|ops)\.(\w+)\.$", re.MULTILINE)
NO_ROWS = "0 None None"
"""The checksum of a table without rows."""
_columns: dict[str, str] = {}
"""SELECT → the columns of its rows, as a table declares them; kept as long as the process lives."""


class Unfed:
    """What of all that SELECTs are made of has no rows now."""

    def __init__(self, connection: Any, queries: Iterable[str]) -> None:
        feeds = sorted({feed for sql in queries if (feed := feed_of(sql))})
        asked = ", ".join(f"exists (from {feed})" for feed in feeds)
        found = connection.execute(f"select {asked}").fetchone() if feeds else ()
        self._dry = {feed for feed, is_fed in zip(feeds, found, strict=True) if not is_fed}

    def is_empty(self, sql: str) -> bool:
        """Whether a SELECT says that it has no rows as it is."""
        return feed_of(sql) in self._dry


def feed_of(sql: str) -> str | None:
    """A SELECT in; the table whose rows all of its own follow from, if it names one, out."""
    found = UNFED.search(sql)
    return found and f"{found[1]}.{found[2]}"


def make_empty(connection: Any, place: str, sql: str) -> None:
    """`schema.name` and a SELECT without rows in; a table of its columns there out, in place of one that may stand."""
    if sql not in _columns:
        connection.execute(f"create or replace table {place} as select * from ({sql}) limit 0")
        described = connection.execute(f"from {place} limit 0").description
        _columns[sql] = ", ".join(f"{name} {kind}" for name, kind, *_ in described)
    else:
        connection.execute(f"create or replace table {place} ({_columns[sql]})")
