"""The note on a column's header: what it is, formula in words, unit, source."""

from __future__ import annotations

from config.messages import Language


def column_note(table: str, column: str, language: Language) -> str | None:
    """Metric table and column in; the note's text out, None if nobody described it."""
    return None
