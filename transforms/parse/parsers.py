"""Kinds of columns → calls of the macros that read their cells."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from config.macros import expanded
from config.metric_words import PLACES, metric_of, placed_words
from config.tables import ColumnType
from config.words import of_one_alphabet, vocabulary
from transforms.parse.cells import currency_words, literal, meanings
from transforms.parse.reading import Parsed, Parser, Reading

FACTORS = {
    "micros": "0.000001::decimal(6,6)",
    "kopecks": "0.01::decimal(2,2)",
    "thousand": "1000::decimal(7,0)",
    "million": "1000000::decimal(7,0)",
}
"""What one of a unit is in roubles."""
SECONDS: dict[str, str] = {"milliseconds": "0.001", "minutes": "60", "hours": "3600"}
"""How many seconds one of a bare number is."""
SMALL = frozenset({"micros", "kopecks"})
"""Units that have no fractions."""


def is_known_phone(phone: str) -> str:
    """Name of a staged phone column in; whether it is a person's number out: odd ones stay, but are nobody's."""
    return expanded(f"is_known_phone({phone})")


def _plain(cell: str, reading: Reading) -> Parsed:
    return Parsed(f"plain_text({cell})", f"why_no_text({cell})", quick=f"usual_text({cell})")


def _text_or_word(cell: str, reading: Reading) -> Parsed:
    """Any text; one that the client or the vendor gives a meaning has that meaning."""
    if not reading.words:
        return _plain(cell, reading)
    value = f"coalesce(by_words({_meant(cell, reading.words).full}), plain_text({cell}))"
    return Parsed(value, f"why_no_text({cell})")


def _metric(cell: str, reading: Reading) -> Parsed:
    """A figure by any word for it, and what the row names beside it, see `config.metric_words`."""
    own = {word + place: metric_of(meaning, place) for word, meaning in reading.words.items() for place in PLACES}
    known = {**placed_words()} | {word: metric for word, metric in own.items() if metric}
    meant = _meant(cell, known)
    return Parsed(f"by_words({meant.full})", f"why_no_word({cell}, 'unknown_metric')", quick=meant.quick)


def _identifier(cell: str, reading: Reading) -> Parsed:
    return Parsed(f"identifier({cell})", f"why_no_id({cell})")


def _money(cell: str, reading: Reading) -> Parsed:
    """Halves of a kopeck away from zero; `unit` says if it is micros or kopecks."""
    how = f"{cell}, {literal(currency_words((reading.currency,)))}, {_text(reading.decimal)}"
    others = literal(currency_words(tuple(code for code in vocabulary().currencies if code != reading.currency)))
    if reading.unit in FACTORS:
        too_much = "not_whole" if reading.unit in SMALL else "too_large"
        return Parsed(f"money_in_units({how}, {FACTORS[reading.unit]})", f"why_no_money({how}, {others}, '{too_much}')")
    return Parsed(f"money({how})", f"why_no_money({how}, {others}, 'too_large')")


def _numeric(kind: str, cell: str, reading: Reading) -> Parsed:
    how = f"{cell}, {_text(reading.decimal)}"
    return Parsed(f"{kind}_of({how})", f"why_no_{kind}({how})")


def _planned(cell: str, reading: Reading) -> Parsed:
    """A number, a share with its per cent sign, or an amount as people write one: `3,6 млн`, `70 тыс. ₽`."""
    number, amount = _numeric("number", cell, reading), _money(cell, reading)
    return Parsed(
        f"coalesce({number.value}, ({amount.value})::double)",
        f"case {amount.why} when 'other_currency' then 'other_currency' else {number.why} end",
    )


def _moment(cell: str, reading: Reading, cast: str = "") -> Parsed:
    """A moment gives its date after its zone; a bare date is never shifted."""
    if reading.is_swapped:
        cell = f"unswapped({cell})"
    if reading.is_1904:
        cell = f"since_1900({cell})"
    order, source, client = map(_text, (reading.date_order, reading.source_zone, reading.client_zone))
    why = f"why_no_moment({cell}, {order})"
    if reading.unit == "unix":
        return Parsed(f"moment_of_unix({cell}, {client}){cast}", why)
    how = f"{cell}, {order}, {source}, {client}"
    value = f"coalesce(first_of_year({cell}), moment({how}))" if reading.is_year_whole else f"moment({how})"
    return Parsed(f"{value}{cast}", why, quick=f"usual_moment({how}){cast}")


def _seconds(cell: str, reading: Reading) -> Parsed:
    value = f"seconds_of_minutes({cell})" if reading.is_minutes else f"seconds_of({cell})"
    if (each := SECONDS.get(reading.duration_unit)) is not None:
        value = f"coalesce(seconds_counted({cell}, {each}), {value})"
    return Parsed(value, f"why_no_seconds({cell})")


def _phone(cell: str, reading: Reading) -> Parsed:
    suspect = f"not coalesce({is_known_phone('{value}')}, false)"
    return Parsed(f"phone({cell})", f"why_no_phone({cell})", suspect)


def _email(cell: str, reading: Reading) -> Parsed:
    return Parsed(f"email({cell})", f"why_no_email({cell})")


def _score(cell: str, reading: Reading) -> Parsed:
    """Inside the question's scale."""
    lowest, highest = reading.scale
    return Parsed(f"score({cell}, {lowest}, {highest})", f"why_no_score({cell})")


def _by_words(kind: str, unknown: str, sql_type: str, cell: str, reading: Reading) -> Parsed:
    """Whole words; `unknown` is the reason of a word that nobody knows."""
    words = _words(kind, cell, reading)
    cast = "" if sql_type == "varchar" else f"::{sql_type}"
    why = f"why_no_word({cell}, '{unknown}')"
    return Parsed(f"by_words({words.full}){cast}", why, quick=f"{words.quick}{cast}")


def _by_words_or_open(kind: str, cell: str, reading: Reading) -> Parsed:
    """The same; a word that nobody knows is `open`, and told of."""
    words = _words(kind, cell, reading)
    return Parsed(
        f"by_words_or({words.full}, 'open')",
        f"why_unknown_word({words.full}, 'unknown_status')",
        suspect="coalesce({value} = 'open', true)",
        quick=words.quick,
    )


class Meant(NamedTuple):
    """The SQL of what words mean."""

    full: str
    """Arguments of `by_words`: the cell, words as they are known and with a capital, and the words alone."""
    quick: str
    """What the cell means if it is written so; NULL for any other spelling."""


def _words(kind: str, cell: str, reading: Reading) -> Meant:
    return _meant(cell, {**vocabulary().meanings(kind), **reading.words})


def _meant(cell: str, known: Mapping[str, str]) -> Meant:
    """A cell and folded words, each with its meaning, in."""
    usual = _meanings({form: meaning for word, meaning in known.items() for form in (word.capitalize(), word)})
    compared = {of_one_alphabet(word): meaning for word, meaning in known.items()}
    return Meant(f"{cell}, {usual}, {_meanings(compared)}", f"meaning_of({cell}, {usual})")


def _meanings(words: Mapping[str, str]) -> str:
    return literal(meanings(words))


def _text(value: str | None) -> str:
    return "null::varchar" if value is None else literal(value)


PARSERS: dict[ColumnType, Parser] = {
    "text": _text_or_word,
    "channel": _text_or_word,
    "manager": _text_or_word,
    "metric": _metric,
    "id": _identifier,
    "money": _money,
    "count": partial(_numeric, "count"),
    "number": partial(_numeric, "number"),
    "planned": _planned,
    "share": partial(_numeric, "share"),
    "date": partial(_moment, cast="::date"),
    "moment": _moment,
    "seconds": _seconds,
    "phone": _phone,
    "email": _email,
    "score": _score,
    "direction": partial(_by_words, "direction", "unknown_direction", "varchar"),
    "answered": partial(_by_words, "answered", "unknown_answer", "boolean"),
    "departed": partial(_by_words, "departed", "unknown_status", "boolean"),
    "deal_status": partial(_by_words_or_open, "deal_status"),
    "lead_status": partial(_by_words_or_open, "lead_status"),
    "grain": partial(_by_words, "grain", "not_a_grain", "varchar"),
}
