"""Phones and e-mails: text → SQL for one person's address, or the reason why it is nobody's."""

from __future__ import annotations

from config.documents import NUMBER_MARK
from config.macros import expanded
from config.words import fold, vocabulary
from transforms.parse.cells import among, folded, has_mark, let, marked_number, tidy, why
from transforms.parse.reading import Parsed, Reading

LABEL = "^(?:тел(?:ефон)?|моб(?:ильный)?|т|м|phone|tel|whatsapp|wa|viber)?[.:]* *"
EXTENSION = " *(?:доб(?:авочный)?|вн(?:утр)?|ext|x|#)[. :]*[0-9]+$"
SECOND = " +(?:или|либо|и|or) .*$"
LOST_DIGITS = "[0-9](?:[.,][0-9]+)?e[+]?[0-9]+"
LONGEST_EXTENSION = 4
BARE = "[+]?7[0-9]{10}|8[0-9]{10}"
SPACED = "(?:[+]?7|8)[- ]?[(]?[0-9]{3}[)]?[- ]?[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{2}"
USUAL = "^[+]?[78][- ]?[(]?([0-9]{3})[)]?[- ]?([0-9]{3})[- ]?([0-9]{2})[- ]?([0-9]{2})$"


def is_known(phone: str) -> str:
    """Name of a staged phone column in; whether it is a person's number out: odd ones stay, but are nobody's."""
    return expanded(f"is_known_phone({phone})")


def phone(cell: str, reading: Reading) -> Parsed:
    """A phone: 11 digits with a leading 7, the first of several; an odd number stays as its digits, with a reason."""
    ten = f"right(translate({cell}, '+-() ', ''), 10)"
    return Parsed(
        short=f"case when regexp_full_match({cell}, '{SPACED}') then '7' || {ten} end",
        value=f"""case when regexp_full_match({cell}, '{BARE}') then '7' || right({cell}, 10)
            when {cell} <> '' then {_written(cell)} end""",
        why=why(
            cell,
            (among(folded(cell), _hidden()), ""),
            (f"not {has_mark(cell, NUMBER_MARK)} and regexp_full_match({tidy(cell)}, '{LOST_DIGITS}')", "lost_digits"),
            (f"regexp_full_match({tidy(cell)}, '.*(?:sip:|@).*|[0-9]{{1,{LONGEST_EXTENSION}}}')", ""),
            (f"{_written(cell)} is not null", "odd_phone"),
            otherwise="not_a_phone",
        ).replace("then ''", "then null"),
        suspect=f"not coalesce({is_known('{value}')}, false)",
    )


def _hidden() -> list[str]:
    return [fold(word) for word in vocabulary().hidden_numbers]


def _written(cell: str) -> str:
    """Every other way of writing one, the usual `+7 (900) 000-00-00` first."""
    parts = f"regexp_extract({cell}, '{USUAL}', ['a', 'b', 'c', 'd'])"
    is_usual = f"p.a <> '' and not starts_with({cell}, '+8')"
    return let("p", parts, f"case when {is_usual} then concat('7', p.a, p.b, p.c, p.d) else {_first(cell)} end")


def _first(cell: str) -> str:
    """The first number of a cell, in canonical form."""
    typed = f"try_cast(try_cast({marked_number(cell)} as decimal(20,0)) as varchar)"
    line = f"split_part(trim({cell}, chr(10) || chr(13) || ' '), chr(10), 1)"
    first = f"regexp_extract({tidy(line)}, '^[,;/|\\s]*([^,;/|]*)', 1)"
    for clutter, kept in ((SECOND, ""), (LABEL, ""), (EXTENSION, ""), ("^([0-9]+)[.]0+ *$", "\\1")):
        first = f"regexp_replace({first}, '{clutter}', '{kept}')"
    return let("t", f"case when {has_mark(cell, NUMBER_MARK)} then {typed} else {first} end", _canonical())


def _canonical() -> str:
    """Text of one number → its canonical form; NULL where it is no number."""
    digits = "regexp_replace(t, '[^0-9]', '', 'g')"
    form = f"""case
        when not regexp_full_match(t, '[+]?[-0-9 ().]+') then null
        when strlen(d) = 11 and (d[1] = '7' or d[1] = '8' and not starts_with(t, '+')) then '7' || substr(d, 2)
        when strlen(d) = 10 and not starts_with(t, '+') then '7' || d
        when strlen(d) = 22 and regexp_full_match(d, '[78].{{10}}[78].{{10}}') then '7' || substr(d, 2, 10)
        when strlen(d) > {LONGEST_EXTENSION} then d end"""
    return let("d", digits, form)


def email(cell: str, reading: Reading) -> Parsed:
    """An e-mail: trimmed, lower case, the first of several."""
    address = r"[^@\s,;:<>\"]+@[^@\s,;<>\"]+[.][^@\s,;<>\"]+"
    found = f"nullif(regexp_extract({tidy(cell)}, '^(?:mailto:|[^@]*<)?({address})(?:>|[,; ].*)?$', 1, 's'), '')"
    quick = f"case when regexp_full_match({cell}, '{address}') then lower({cell}) end"
    return Parsed(
        short=quick,
        value=f"coalesce({quick}, case when {cell} <> '' then {found} end)",
        why=why(cell, otherwise="not_an_email"),
    )
