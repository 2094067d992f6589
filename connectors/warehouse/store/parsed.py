"""A connection to DuckDB that parses a long text of SQL once a process, however many clients are run in it."""

from __future__ import annotations

from typing import Any

LONG_SQL, MOST_KEPT = 150, 1000
"""Characters from which a text is worth keeping as it was parsed, and how many of them are kept."""
_kept: dict[str, Any] = {}


class ParsedOnce:
    """DuckDB's own connection in all else: parsing is a fifth of what a statement over few rows costs."""

    def __init__(self, connection: Any) -> None:
        self._own = connection
        self.without = ""
        """Optimizers that its statements are usually planned without."""

    def execute(self, sql: str, parameters: Any = None) -> Any:
        """One or several statements, and the parameters of the last of them."""
        return self._own.execute(sql if len(sql) < LONG_SQL else self._parsed(sql), parameters)

    def _parsed(self, sql: str) -> Any:
        """A text in; its statement out, or the text itself if there are several."""
        known = _kept.get(sql)
        if known is None:
            statements = self._own.extract_statements(sql)
            known = _kept[sql] = statements[0] if len(statements) == 1 else sql
            if len(_kept) > MOST_KEPT:
                del _kept[next(iter(_kept))]
        return known

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)
