"""Texts, ids and everything that is read by vocabulary: text → SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from config.words import vocabulary
from transforms.parse.cells import (
    among,
    folded,
    has_mark,
    is_blank,
    is_error,
    let,
    literal,
    literals,
    marked_number,
    marked_text,
    may_be_marked,
    null_words,
    text,
    tidy,
    why,
)
from transforms.parse.reading import Parsed, Parser, Reading

ODD = "^[=''\"\\s]|\\s$|[\\r\\n\\t\u00a0\u202f\u2009\u200b\ufeff]"
"""Texts that need care: guarded, padded, broken over lines, with spaces that only look like spaces."""
PLAIN_ID = "[A-Za-z]{0,8}[-_]?[0-9][-0-9A-Za-z_:]*(?:[.][0-9]*[1-9])?"
"""No word of absence, no number with nothing but zeros behind its point, none in exponent notation."""
CUT_NUMBER = "-?[0-9]{16,}(?:[.][0-9]*)?|.*e[+]?(?:1[5-9]|[2-9][0-9]|[0-9]{3,})"
"""Of a number a workbook keeps 15 digits."""  # learn.microsoft.com/office/troubleshoot/excel: last digits become zeros
SCORE = "^([0-9]{1,3})(?:[.,]0+)?(?:$| *[^-0-9.,:/ ].*| *-+[^0-9].*| +/ *[0-9]+$)"
"""A leading whole number, alone, or followed by its label or by `/ 10`."""


def plain(cell: str, reading: Reading) -> Parsed:
    """Any text: trimmed, inner line breaks made spaces; NULL for words of absence."""
    nothing = f"{is_error(cell)} or {is_blank(cell)}"
    shown = f"case when {nothing} then null else coalesce({_typed(cell)}, nullif({text(cell)}, '')) end"
    nulls = sorted({word for null in null_words() for word in (null, null.capitalize(), null.upper())})
    is_odd = f"{may_be_marked(cell)} or regexp_matches({cell}, '{ODD}')"
    is_plain = f"not ({is_odd}) and not {among(cell, nulls)}"
    return Parsed(
        short=f"case when {is_plain} then {cell} end",
        value=f"case when {cell} in ({literals(nulls)}) then null when {is_odd} then {shown} else {cell} end",
        why=f"case when {is_error(cell)} then 'error_cell' end",
    )


def identifier(cell: str, reading: Reading) -> Parsed:
    """An id as text; a number without its `.0`.

    One in exponent notation has lost its digits, and so has one of more digits than a workbook keeps of a number.
    """
    number = f"case when {has_mark(cell, NUMBER_MARK)} then {_without_fraction(marked_number(cell))} end"
    exponent = "[0-9](?:[.,][0-9]+)?e[+][0-9]+"
    is_cut = f"regexp_full_match({marked_text(cell)}, '{CUT_NUMBER}')"
    is_exponent = f"regexp_full_match({tidy(cell)}, '{exponent}')"
    lost = f"case when {has_mark(cell, NUMBER_MARK)} then {is_cut} else {is_exponent} end"
    other = f"""case when {is_blank(cell)} or {is_error(cell)} or {lost} then null
        else coalesce({number}, regexp_replace({text(cell)}, '^([0-9]+)[.]0+$', '\\1')) end"""
    is_plain = f"regexp_full_match({cell}, '{PLAIN_ID}')"
    return Parsed(
        short=f"case when {is_plain} then {cell} end",
        value=f"case when {is_plain} then {cell} when {cell} <> '' then {other} end",
        why=why(cell, (lost, "lost_digits"), otherwise="not_an_id"),
    )


def by_vocabulary(kind: str, unknown: str, otherwise: str | None = None, sql_type: str = "varchar") -> Parser:
    """Parser of whole words: `unknown` is the reason, `otherwise` the value, of a word nobody knows."""

    def parse(cell: str, reading: Reading) -> Parsed:
        words = {**vocabulary().meanings(kind), **reading.words}
        short, found = _short(cell, words, sql_type), _lookup(cell, words, sql_type)
        if otherwise is None:
            return Parsed(value=found, why=why(cell, otherwise=unknown), short=short)
        stays = f"case when not {is_blank(cell)} and not {is_error(cell)} then {literal(otherwise)} end"
        return Parsed(
            value=f"coalesce({found}, {stays})",
            why=f"case when {found} is null then {why(cell, otherwise=unknown)} end",
            suspect=f"coalesce({{value}} = {literal(otherwise)}, true)",
            short=short,
        )

    return parse


def score(cell: str, reading: Reading) -> Parsed:
    """A score: INTEGER, the leading whole number of `10 - точно порекомендую`, inside the question's scale."""
    lowest, highest = reading.scale
    number = f"case when {has_mark(cell, NUMBER_MARK)} then {_without_fraction(marked_number(cell))} end"
    leading = f"regexp_extract({tidy(cell)}, '{SCORE}', 1, 's')"
    found = f"try_cast(coalesce({number}, {leading}) as integer)"
    return Parsed(
        value=let("s", found, f"case when s between {lowest} and {highest} then s end"),
        why=why(cell, (f"{found} is not null", "outside_scale"), otherwise="not_a_score"),
    )


def _short(cell: str, words: Mapping[str, str], sql_type: str) -> str:
    """Usual spellings compared as they stand, in one text of all of them: a list takes long to plan."""
    found = _case(f"when {among(cell, known)} then {literal(value)}" for value, known in _usual(words).items())
    return f"({found})::{sql_type}" if sql_type != "varchar" else found


def _usual(words: Mapping[str, str]) -> dict[str, list[str]]:
    """Our value → its words, as they are known and with a capital."""
    return {value: [*known, *(word.capitalize() for word in known)] for value, known in _by_meaning(words).items()}


def _by_meaning(words: Mapping[str, str]) -> dict[str, list[str]]:
    by_meaning: dict[str, list[str]] = {}
    for word, meaning in words.items():
        by_meaning.setdefault(meaning, []).append(word)
    return by_meaning


def _lookup(cell: str, words: Mapping[str, str], sql_type: str) -> str:
    """Usual spellings compared as they stand, all others folded."""
    by_meaning = _by_meaning(words)
    quick = _case(f"when {cell} in ({literals(known)}) then {literal(value)}" for value, known in _usual(words).items())
    slow = _case(f"when {among('w', known)} then {literal(value)}" for value, known in by_meaning.items())
    found = f"coalesce({quick}, case when {cell} <> '' then {let('w', _folded_value(cell), slow)} end)"
    return f"({found})::{sql_type}" if sql_type != "varchar" else found


def _case(branches: Iterable[str]) -> str:
    return f"case {' '.join(branches)} end"


def _folded_value(cell: str) -> str:
    number = f"case when {has_mark(cell, NUMBER_MARK)} then {_without_fraction(marked_number(cell))} end"
    return f"coalesce({number}, {folded(cell)})"


def _without_fraction(number: str) -> str:
    """The text of a number; whole ones without a point or an exponent."""
    exact = f"try_cast({number} as decimal(38,10))"
    whole = f"case when {exact} = round({exact}, 0) then try_cast({exact} as decimal(28,0))::varchar end"
    return f"coalesce({whole}, {number})"


def _typed(cell: str) -> str:
    return f"""case when {has_mark(cell, NUMBER_MARK)} then {_without_fraction(marked_number(cell))}
        when {has_mark(cell, MOMENT_MARK)} or {has_mark(cell, DURATION_MARK)} then {marked_text(cell)} end"""
