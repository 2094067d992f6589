"""SQL about a cell as such: its mark, its guards and odd spaces, whether it is blank."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.words import fold, vocabulary

SPACES = "\u00a0\u202f\u2009\u2007\u2008\u2002\u2003\u2004\u2005\u2006\u200a\u205f\u3000\t\n\r"
MINUSES = "\u2212\u2013\u2014\u2012\u2010\u2011\ufe63\uff0d"
APOSTROPHES = "\u2019\u2018\u02bc"
NOTHING = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202c\u202d"
FIRST_MARK = NUMBER_MARK
BETWEEN = "\x1f"
"""Stands between the words of a list; no cell holds it."""
FORMULA_ERRORS = (
    "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#error!", "#н/д", "#знач!", "#ссылка!",
    "#дел/0!", "#имя?", "#число!",
)  # fmt: skip


def literal(text: str) -> str:
    """Any text in, an SQL string literal out."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Texts in, the inside of an `in (…)` out."""
    return ", ".join(literal(text) for text in texts)


def among(value: str, texts: Iterable[str]) -> str:
    """Whether an expression is one of the texts.

    Neither `in` nor `list_contains`: both become a join, which works the expression out for every row.
    """
    bound = literal(BETWEEN)
    return f"contains({literal(BETWEEN + BETWEEN.join(texts) + BETWEEN)}, {bound} || {value} || {bound})"


def let(name: str, value: str, body: str) -> str:
    """`body` with `name` standing for `value`, which is worked out once. A column of that name would hide it."""
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def has_mark(cell: str, mark: str) -> str:
    """Whether a workbook gave the cell this type."""
    return f"starts_with({cell}, {literal(mark)})"


def may_be_marked(cell: str) -> str:
    """Cheap: false for nearly every text without a mark."""
    return f"{cell} >= {literal(FIRST_MARK)}"


def marked_text(cell: str) -> str:
    """The text after the mark."""
    return f"substr({cell}, 2)"


def marked_number(cell: str) -> str:
    """The digits of a typed number: the text after the mark, without the currency that it may be shown in."""
    return f"split_part(substr({cell}, 2), ' ', 1)"


def unguarded(cell: str) -> str:
    """The cell without the guards that keep Excel from guessing: `="…"`, a leading apostrophe, and without its mark."""
    marks = "".join([NUMBER_MARK, MOMENT_MARK, DURATION_MARK, ERROR_MARK])
    return f"""regexp_replace({cell}, '^(?:="(.*)"|''(.*)|[{marks}](.*))$', '\\1\\2\\3', 's')"""


def tidy(cell: str) -> str:
    """Unguarded, with every kind of space, minus and apostrophe made plain, trimmed and in lower case."""
    plain = " " * len(SPACES) + "-" * len(MINUSES) + "'" * len(APOSTROPHES)
    odd = SPACES + MINUSES + APOSTROPHES + NOTHING
    return f"lower(trim(translate({unguarded(cell)}, {literal(odd)}, {literal(plain)})))"


def text(cell: str) -> str:
    """Unguarded and trimmed, spaces made plain, otherwise as it was written."""
    return f"trim(translate({unguarded(cell)}, {literal(SPACES + NOTHING)}, {literal(' ' * len(SPACES))}))"


def folded(cell: str) -> str:
    """What is compared instead of the text: trimmed, lower case, `ё` → `е`."""
    return f"regexp_replace(replace(lower({text(cell)}), 'ё', 'е'), ' +', ' ', 'g')"


@cache
def null_words() -> tuple[str, ...]:
    """The folded words for an absence, the empty text first."""
    return "", *dict.fromkeys(fold(word) for word in [*vocabulary().nulls, *vocabulary().hidden_numbers])


def is_blank(cell: str) -> str:
    """Whether the cell says nothing: NULL, empty, or a word for absence."""
    return f"({cell} is null or {among(folded(cell), null_words())})"


def is_error(cell: str) -> str:
    """Whether a formula of a workbook failed in this cell."""
    return f"({has_mark(cell, ERROR_MARK)} or {among(folded(cell), FORMULA_ERRORS)})"


def why(cell: str, *reasons: tuple[str, str], otherwise: str) -> str:
    """Reason code of an unreadable cell: NULL if it is blank, else the first condition that holds, else `otherwise`."""
    tests = "".join(f" when {condition} then '{code}'" for condition, code in reasons)
    return f"case when {is_blank(cell)} then null when {is_error(cell)} then 'error_cell'{tests} else '{otherwise}' end"


def whole_number(cell: str, sql_type: str = "bigint") -> str:
    """A whole number written as digits and nothing else, at the price of two casts; NULL for all other texts."""
    return f"case when try_cast({cell} as {sql_type})::varchar = {cell} then try_cast({cell} as {sql_type}) end"
