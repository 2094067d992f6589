"""Column type and the SQL of a text cell in; the SQL of its value, and of the reason why there is none, out."""

from __future__ import annotations

from config.tables import ColumnType
from transforms.parse import durations, moments, numbers, people, words
from transforms.parse.money import money
from transforms.parse.people import is_known as is_known_phone
from transforms.parse.probe import Where, probe, settle
from transforms.parse.reading import Parsed, Parser, Reading, own_words, with_format

PARSERS: dict[ColumnType, Parser] = {
    "text": words.plain,
    "channel": words.plain,
    "manager": words.plain,
    "id": words.identifier,
    "money": money,
    "count": numbers.count,
    "number": numbers.number,
    "share": numbers.share,
    "date": moments.date,
    "moment": moments.moment,
    "seconds": durations.seconds,
    "phone": people.phone,
    "email": people.email,
    "score": words.score,
    "direction": words.by_vocabulary("direction", "unknown_direction"),
    "answered": words.by_vocabulary("answered", "unknown_answer", sql_type="boolean"),
    "departed": words.by_vocabulary("departed", "unknown_word", sql_type="boolean"),
    "deal_status": words.by_vocabulary("deal_status", "unknown_status", otherwise="open"),
    "lead_status": words.by_vocabulary("lead_status", "unknown_status", otherwise="open"),
    "grain": words.by_vocabulary("grain", "not_a_grain"),
}


def parsed(type: ColumnType, text_sql: str, reading: Reading | None = None) -> Parsed:
    """A column's type, the SQL of its text (a plain column name is fastest) and its reading in; value and reason out.

    The expressions bind one-letter names, which the relation they run over must not use for its columns.
    `direction` may also be `internal`: such rows are no calls. An unknown status is `open`, with the reason
    `unknown_status`; all other reasons but those of phones stand beside a NULL.
    """
    return PARSERS[type](text_sql, reading or Reading())


__all__ = ["Parsed", "Reading", "Where", "is_known_phone", "own_words", "parsed", "probe", "settle", "with_format"]
