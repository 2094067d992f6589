"""Money: text → SQL that reads all of it against a grammar, never by deleting characters, never through a float."""

from __future__ import annotations

import re
from collections.abc import Iterable

from config.documents import NUMBER_MARK
from config.words import fold, vocabulary
from transforms.parse.cells import has_mark, let, literals, marked_text, tidy, whole_number, why
from transforms.parse.grammar import is_ambiguous, is_dated, number_text
from transforms.parse.reading import Parsed, Reading

PARTS = ("bracket", "sign", "before", "second_sign", "number", "after", "end")
FACTORS = {"micros": "0.000001::decimal(6,6)", "kopecks": "0.01::decimal(2,2)"}
"""Multiplied, because DECIMAL divided by anything is a DOUBLE."""
AMOUNT = "decimal(14,2)"
"""A trillion roubles is somebody's card number; four of them would be more than the sums of a file can hold."""
EXPONENT = "[-+]?[0-9][0-9.,]*e[-+]?[0-9]+"


def money(cell: str, reading: Reading) -> Parsed:
    """An amount: DECIMAL(18,2), halves of a kopeck away from zero; `unit` says if it is micros or kopecks."""
    marked = f"case when {has_mark(cell, NUMBER_MARK)} then {_amount(marked_text(cell), reading)} end"
    parts = _parts(tidy(cell), reading.currency)
    signed = f"if('-' in (p.sign, p.second_sign) or p.bracket = '(', '-', '') || {number_text('p.number', reading)}"
    written = let("p", parts, f"case when {_fits()} then {_amount(signed, reading)} end")
    spelled = f"case when {cell} <> '' then coalesce({marked}, {written}) end"
    number = f"({parts}).number"
    is_number = f"{_fits()} and {number_text('p.number', reading)} is not null"
    return Parsed(
        short=f"coalesce({_short(cell, reading)})::decimal(18,2)",
        value=f"coalesce({_quick(cell, reading)}, {spelled})::decimal(18,2)",
        why=why(
            cell,
            (is_dated(cell), "cell_is_date"),
            (f"{has_mark(cell, NUMBER_MARK)} and {_is_other_currency(cell, reading.currency)}", "other_currency"),
            (is_ambiguous(number, reading), "ambiguous_number"),
            (
                f"{has_mark(cell, NUMBER_MARK)} or {let('p', parts, is_number)}",
                "not_whole" if reading.unit in FACTORS else "too_large",
            ),
            (f"regexp_full_match({tidy(cell)}, '{EXPONENT}')", "lost_digits"),
            (_is_other_currency(cell, reading.currency), "other_currency"),
            otherwise="not_money",
        ),
    )


def _short(cell: str, reading: Reading) -> str:
    quick = _quick(cell, reading)
    if reading.unit in FACTORS:
        return quick
    return f"{quick}, case when {has_mark(cell, NUMBER_MARK)} then try_cast({marked_text(cell)} as {AMOUNT}) end"


def _quick(cell: str, reading: Reading) -> str:
    """The forms that fill whole columns: two decimals after a comma or a dot, whole numbers."""
    if reading.unit in FACTORS:
        return _scaled(whole_number(cell), reading)
    pointed = f"try_cast(replace({cell}, ',', '.') as {AMOUNT})"
    has_kopecks = f"substr({cell}, -3, 1) in (',', '.') and not contains({cell}, '_')"
    # not `whole_number`: its repeated cast would be worked out for every row, and a failing cast is dear
    whole = f"case when regexp_full_match({cell}, '-?[0-9]{{1,16}}') then try_cast({cell} as {AMOUNT}) end"
    return f"case when {has_kopecks} then {pointed} end, {whole}"


def _amount(text: str, reading: Reading) -> str:
    """Plain text of a number → money in roubles; a unit that is not money's own has no fractions."""
    if reading.unit in FACTORS:
        whole = f"try_cast({text} as decimal(28,2))"
        return let("w", whole, f"case when w = round(w, 0) then {_scaled('w', reading)} end")
    return f"try_cast({text} as {AMOUNT})"


def _scaled(amount: str, reading: Reading) -> str:
    return f"try_cast({amount}::decimal(28,2) * {FACTORS[reading.unit]} as {AMOUNT})"


def _parts(tidied: str, currency: str) -> str:
    known = _alternatives([currency, *vocabulary().currencies.get(currency, [])])
    pattern = rf"^([(])?([-+])? ?({known})? ?([-+])? ?([0-9.,'' ]*[0-9]) ?({known})?([)])?$"
    return f"regexp_extract({tidied}, '{pattern}', [{literals(PARTS)}])"


def _fits() -> str:
    """Brackets come in pairs; there is one sign at most, one currency at most."""
    return """(p.bracket = '(') = (p.end = ')') and '' in (p.before, p.after)
        and '' in (p.sign, p.second_sign) and '' in (p.bracket, p.sign || p.second_sign)"""


def _alternatives(words: Iterable[str]) -> str:
    """Currency words as a regular expression, longer ones first; bare numeric codes would be part of the number."""
    written = sorted({fold(word) for word in words if not word.isdigit()}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace("'", "''") for word in written)


def _is_other_currency(cell: str, own: str) -> str:
    known = {code: words for code, words in vocabulary().currencies.items() if code != own}
    others = _alternatives(word for code, words in known.items() for word in [code, *words])
    amount = "[-+]? ?[0-9.,'' ]*[0-9]"
    form = f"[-+(]? ?(?:(?:{others}) ?{amount}|{amount} ?(?:{others}))[)]?"
    return f"regexp_full_match({tidy(cell)}, '{form}')"
