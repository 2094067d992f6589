"""Column type and the SQL of a text cell in; the SQL of its value, and of the reason why there is none, out.

The SQL calls the macros of `definitions`, which a connection must have run.
"""

from __future__ import annotations

from config.tables import ColumnType
from transforms.parse.cells import currency_words
from transforms.parse.macros import definitions
from transforms.parse.parsers import PARSERS, is_known_phone
from transforms.parse.probe import probe, probed_rows, settle
from transforms.parse.reading import Parsed, Reading, Where, own_words, with_format


def parsed(type: ColumnType, text_sql: str, reading: Reading | None = None) -> Parsed:
    """A column's type, the SQL of its text (a plain column name is fastest) and its reading in; value and reason out.

    `direction` may also be `internal`: such rows are no calls. An unknown status is `open`, with the reason
    `unknown_status`; all other reasons but those of phones stand beside a NULL.
    """
    return PARSERS[type](text_sql, reading or Reading())


__all__ = [
    "PARSERS", "Parsed", "Reading", "Where", "currency_words", "definitions", "is_known_phone", "own_words", "parsed",
    "probe", "probed_rows", "settle", "with_format",
]  # fmt: skip
