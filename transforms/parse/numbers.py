"""Money, counts, numbers and shares: text → SQL that reads it whole against a grammar, never by deleting characters."""

from __future__ import annotations

import re

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from config.vocabulary import fold, vocabulary
from transforms.parse.cells import has_mark, let, literal, marked_text, tidy, whole_number, why
from transforms.parse.reading import Parsed, Reading

AMBIGUOUS = "[1-9][0-9]{0,2}[.,][0-9]{3}"
"""One mark and exactly three digits: thousands to one reader, thousandths to another."""

PARTS = ["bracket", "sign", "before", "second_sign", "number", "after", "end"]


def money(cell: str, reading: Reading) -> Parsed:
    """An amount: DECIMAL(18,2), halves of a kopeck away from zero; `unit` says if it is micros or kopecks."""
    if reading.unit in {"micros", "kopecks"}:
        quick = _scaled(whole_number(cell), reading)
    else:
        quick = f"""coalesce(
            case when substr({cell}, -3, 1) in (',', '.') and not contains({cell}, '_') then {_decimal(f"replace({cell}, ',', '.')")} end,
            {whole_number(cell)}::decimal(18,2))"""
    marked = f"case when {has_mark(cell, NUMBER_MARK)} then {_amount(marked_text(cell), reading)} end"
    signed = (
        f"if(p.bracket = '(' or p.sign = '-' or p.second_sign = '-', '-', '') || {_number_text('p.number', reading)}"
    )
    written = let(
        "p",
        _money_parts(tidy(cell), reading.currency),
        f"case when {_money_fits()} then {_amount(signed, reading)} end",
    )
    return Parsed(
        value=f"coalesce({quick}, case when {cell} <> '' then coalesce({marked}, {written}) end)",
        why=why(
            cell,
            (_is_dated(cell), "cell_is_date"),
            (_is_ambiguous(_money_number(cell, reading.currency), reading), "ambiguous_number"),
            (f"{_has_number(cell, reading.currency)} or {has_mark(cell, NUMBER_MARK)}", "too_large"),
            (f"regexp_full_match({tidy(cell)}, '[-+]?[0-9][0-9.,]*e[-+]?[0-9]+')", "lost_digits"),
            (_is_other_currency(cell), "other_currency"),
            otherwise="not_money",
        ),
    )


def count(cell: str, reading: Reading) -> Parsed:
    """A whole number of things: BIGINT; `1 234`, `1.234` where the column says so, `12,0`."""
    exact = f"coalesce({_marked_or(cell, _signed_number(cell, reading, is_whole=True))})"
    whole = let("n", f"try_cast({exact} as decimal(38,10))", "case when n = round(n, 0) then try_cast(n as bigint) end")
    return Parsed(
        value=f"coalesce({whole_number(cell)}, case when {cell} <> '' then {whole} end)",
        why=why(
            cell,
            (_is_dated(cell), "cell_is_date"),
            (_is_ambiguous(tidy(cell), reading, is_whole=True), "ambiguous_number"),
            (f"try_cast({exact} as decimal(38,10)) is not null", "not_whole"),
            otherwise="not_a_count",
        ),
    )


def number(cell: str, reading: Reading) -> Parsed:
    """Any number: DOUBLE."""
    written = _marked_or(cell, _signed_number(cell, reading))
    return Parsed(
        value=f"coalesce({whole_number(cell)}::double, case when {cell} <> '' then try_cast({written} as double) end)",
        why=why(
            cell,
            (_is_dated(cell), "cell_is_date"),
            (_is_ambiguous(tidy(cell), reading), "ambiguous_number"),
            otherwise="not_a_number",
        ),
    )


def share(cell: str, reading: Reading) -> Parsed:
    """A share: DOUBLE; `1,67 %` is 0.0167, a number without a per cent sign is a share already."""
    bare = f"rtrim({tidy(cell)}, '% ')"
    per_cent = f"try_cast({_number_text_signed(bare, reading)} as double) / 100"
    plain = number(cell, reading)
    return Parsed(
        value=f"case when contains({cell}, '%') then {per_cent} else {plain.value} end",
        why=why(
            cell,
            (_is_dated(cell), "cell_is_date"),
            (_is_ambiguous(bare, reading), "ambiguous_number"),
            otherwise="not_a_share",
        ),
    )


def _decimal(text: str) -> str:
    return f"try_cast({text} as decimal(18,2))"


def _amount(text: str, reading: Reading) -> str:
    """Plain text of a number → money in roubles."""
    if reading.unit in {"micros", "kopecks"}:
        return _scaled(f"try_cast({text} as decimal(28,2))", reading)
    return _decimal(text)


def _scaled(amount: str, reading: Reading) -> str:
    """Micros or kopecks → roubles, exactly: DECIMAL divided by anything would be a DOUBLE."""
    factor = "0.000001::decimal(6,6)" if reading.unit == "micros" else "0.01::decimal(2,2)"
    return f"try_cast({amount}::decimal(28,2) * {factor} as decimal(18,2))"


def _number_text(number: str, reading: Reading, is_whole: bool = False) -> str:
    """Digits with marks → digits with a decimal point, or NULL where the marks fit no way of writing a number."""
    thousands, decimals = f"replace(replace({number}, ' ', ''), '''', '')", "replace({}, ',', '.')"
    if is_whole:  # no count has a fraction, unless it is nothing
        ambiguous = f"when regexp_full_match({number}, '[1-9][0-9]{{0,2}}[.,][0-9]{{3}}') and not regexp_full_match({number}, '.*000') then replace(replace({number}, ',', ''), '.', '')"
    else:
        ambiguous = ""
    if reading.decimal is not None:
        mark = reading.decimal
        other = "." if mark == "," else ","
        ambiguous += f" when regexp_full_match({number}, '{AMBIGUOUS}') then replace(replace({number}, '{other}', ''), '{mark}', '.')"
    return f"""case
        when regexp_full_match({number}, '[0-9]+(?:[.,](?:[0-9]{{1,2}}|[0-9]{{4,}}))?|0[0-9]*[.,][0-9]+|[0-9]{{4,}}[.,][0-9]+')
            then {decimals.format(number)}
        when regexp_full_match({number}, '[0-9]{{1,3}}(?:[ ''][0-9]{{3}})+(?:[.,][0-9]+)?') then {decimals.format(thousands)}
        when regexp_full_match({number}, '[0-9]{{1,3}}(?:[.][0-9]{{3}})+,[0-9]+|[0-9]{{1,3}}(?:[.][0-9]{{3}}){{2,}}')
            then {decimals.format(f"replace({number}, '.', '')")}
        when regexp_full_match({number}, '[0-9]{{1,3}}(?:,[0-9]{{3}})+[.][0-9]+|[0-9]{{1,3}}(?:,[0-9]{{3}}){{2,}}') then replace({number}, ',', '')
        {ambiguous}
        when regexp_full_match({number}, '[.,][0-9]+') then '0' || {decimals.format(number)}
    end"""


def _number_text_signed(text: str, reading: Reading, is_whole: bool = False) -> str:
    """The same with a sign before it, or in brackets."""
    parts = (
        f"""regexp_extract({text}, '^([(])?([-+])? ?([0-9.,'' ]*[0-9])([)])?$', ['bracket', 'sign', 'number', 'end'])"""
    )
    value = _number_text("p.number", reading, is_whole)
    return let(
        "p",
        parts,
        f"case when (p.bracket = '(') = (p.end = ')') then if(p.bracket = '(' or p.sign = '-', '-', '') || {value} end",
    )


def _signed_number(cell: str, reading: Reading, is_whole: bool = False) -> str:
    return _number_text_signed(tidy(cell), reading, is_whole)


def _marked_or(cell: str, text: str) -> str:
    """A marked number is its own text, with a dot; no other marked cell is a number."""
    dated = f"when {has_mark(cell, MOMENT_MARK)} or {has_mark(cell, DURATION_MARK)} then null"
    return f"case when {has_mark(cell, NUMBER_MARK)} then {marked_text(cell)} {dated} else {text} end"


def _currency_pattern(words: list[str]) -> str:
    escaped = [
        re.escape(word) for word in sorted({fold(word) for word in words}, key=len, reverse=True) if not word.isdigit()
    ]
    return "|".join(word.replace("'", "''") for word in escaped)


def _money_parts(tidied: str, currency: str) -> str:
    known = _currency_pattern([currency, *vocabulary().currencies.get(currency, [])])
    pattern = rf"^([(])?([-+])? ?({known})? ?([-+])? ?([0-9.,'' ]*[0-9]) ?({known})?([)])?$"
    return f"regexp_extract({tidied}, '{pattern}', [{', '.join(literal(part) for part in PARTS)}])"


def _money_fits() -> str:
    return "(p.bracket = '(') = (p.end = ')') and (p.before = '' or p.after = '') and (p.sign = '' or p.second_sign = '') and (p.bracket = '' or p.sign || p.second_sign = '')"


def _money_number(cell: str, currency: str) -> str:
    return f"({_money_parts(tidy(cell), currency)}).number"


def _has_number(cell: str, currency: str) -> str:
    return f"{_number_text(_money_number(cell, currency), Reading(decimal='.'))} is not null"


def _is_other_currency(cell: str) -> str:
    others = _currency_pattern([word for code, words in vocabulary().currencies.items() for word in [code, *words]])
    amount = "[-+]? ?[0-9.,'' ]*[0-9]"
    return f"regexp_full_match({tidy(cell)}, '[-+(]? ?(?:(?:{others}) ?{amount}|{amount} ?(?:{others}))[)]?')"


def _is_ambiguous(text: str, reading: Reading, is_whole: bool = False) -> str:
    if reading.decimal is not None:
        return "false"
    pattern = "[1-9][0-9]{0,2}[.,]000" if is_whole else AMBIGUOUS
    return f"regexp_full_match({text}, '[-+(]? ?{pattern}[)]?')"


def _is_dated(cell: str) -> str:
    return f"({has_mark(cell, MOMENT_MARK)} or {has_mark(cell, DURATION_MARK)})"
