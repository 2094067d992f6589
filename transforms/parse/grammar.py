"""The grammar of a written number: digits with marks → digits with a decimal point, matched whole."""

from __future__ import annotations

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from transforms.parse.cells import has_mark, let, marked_number, tidy
from transforms.parse.reading import Reading

AMBIGUOUS = "[1-9][0-9]{0,2}[.,][0-9]{3}"
"""One mark and exactly three digits: thousands to one reader, thousandths to another."""
AMBIGUOUS_WHOLE = "[1-9][0-9]{0,2}[.,]000"
"""A count has no fraction, unless it is nothing; so only here the two readings differ."""
PLAIN = "[0-9]+(?:[.,](?:[0-9]{1,2}|[0-9]{4,}))?|0[0-9]*[.,][0-9]+|[0-9]{4,}[.,][0-9]+"
SPACED = "[0-9]{1,3}(?:[ ''][0-9]{3})+(?:[.,][0-9]+)?"
DOTTED = "[0-9]{1,3}(?:[.][0-9]{3})+,[0-9]+|[0-9]{1,3}(?:[.][0-9]{3}){2,}"
COMMAED = "[0-9]{1,3}(?:,[0-9]{3})+[.][0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}"


def number_text(number: str, reading: Reading, is_whole: bool = False) -> str:
    """SQL of digits with marks and how they are read in; SQL of plain text out, NULL where no way of writing fits."""
    spaceless, pointed = f"replace(replace({number}, ' ', ''), '''', '')", "replace({}, ',', '.')"
    forms = {
        PLAIN: pointed.format(number),
        SPACED: pointed.format(spaceless),
        DOTTED: pointed.format(f"replace({number}, '.', '')"),
        COMMAED: f"replace({number}, ',', '')",
        **_settled(number, reading, is_whole),
        "[.,][0-9]+": f"'0' || {pointed.format(number)}",
    }
    cases = (f"when regexp_full_match({number}, '{form}') then {text}" for form, text in forms.items())
    return f"case {' '.join(cases)} end"


def _settled(number: str, reading: Reading, is_whole: bool) -> dict[str, str]:
    """Readings of what is ambiguous by itself."""
    forms = {}
    if is_whole:
        without = f"replace(replace({number}, ',', ''), '.', '')"
        forms["[1-9][0-9]{0,2}[.,](?:[0-9]{2}[1-9]|[0-9][1-9]0|[1-9]00)"] = without
    if reading.decimal is not None:
        other = "." if reading.decimal == "," else ","
        forms[AMBIGUOUS] = f"replace(replace({number}, '{other}', ''), '{reading.decimal}', '.')"
    return forms


def signed_number_text(text: str, reading: Reading, is_whole: bool = False) -> str:
    """The same with a sign before it, or in brackets, which make it negative."""
    pattern = "^([(])?([-+])? ?([0-9.,'' ]*[0-9])([)])?$"
    parts = f"regexp_extract({text}, '{pattern}', ['bracket', 'sign', 'number', 'end'])"
    signed = f"if(p.bracket = '(' or p.sign = '-', '-', '') || {number_text('p.number', reading, is_whole)}"
    return let("p", parts, f"case when (p.bracket = '(') = (p.end = ')') then {signed} end")


def any_number_text(cell: str, reading: Reading, is_whole: bool = False) -> str:
    """A cell; its number as plain text. A marked number is its own text, with a dot; no other marked cell is one."""
    return f"""case when {has_mark(cell, NUMBER_MARK)} then {marked_number(cell)}
        when {is_dated(cell)} then null
        else {signed_number_text(tidy(cell), reading, is_whole)} end"""


def is_ambiguous(text: str, reading: Reading, is_whole: bool = False) -> str:
    """Whether a tidy text is a number with two readings that nothing settled."""
    if reading.decimal is not None:
        return "false"
    return f"regexp_full_match({text}, '[-+(]? ?{AMBIGUOUS_WHOLE if is_whole else AMBIGUOUS}[)]?')"


def is_dated(cell: str) -> str:
    """Whether a workbook holds a date, a time or a duration here."""
    return f"({has_mark(cell, MOMENT_MARK)} or {has_mark(cell, DURATION_MARK)})"
