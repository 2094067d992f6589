"""SQL about the text of a cell, as calls of the macros of cells.sql, and texts for them to look words up in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from config.words import fold, vocabulary

BETWEEN, MEANS = "\x1f", "\x1e"
"""Stand between the words of a list, and between a word and its meaning; no cell holds them."""


def literal(text: str) -> str:
    """Any text in, an SQL string literal out."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Texts in, the inside of an `in (…)` out."""
    return ", ".join(literal(text) for text in texts)


def listed(texts: Iterable[str]) -> str:
    """Words in; the text in which `is_among` finds them out."""
    return BETWEEN + BETWEEN.join(dict.fromkeys(texts)) + BETWEEN


def meanings(words: Mapping[str, str]) -> str:
    """Word → meaning in; the text in which `meaning_of` finds it out. A word that means nothing is none of them."""
    return BETWEEN + BETWEEN.join(word + MEANS + meaning for word, meaning in words.items() if meaning) + BETWEEN


def folded(cell: str) -> str:
    """What is compared instead of the text: trimmed, lower case, `ё` → `е`."""
    return f"folded_text({cell})"


def is_blank(cell: str) -> str:
    """Whether the cell says nothing: NULL, empty, or a word for absence."""
    return f"is_blank({cell})"


@cache
def currency_words(codes: tuple[str, ...]) -> str:
    """ISO codes in; all words for that money as one regular expression out.

    Longer words come first; bare numeric codes would be part of the number.
    """
    words = {fold(word) for code in codes for word in [code, *vocabulary().currencies.get(code, [])]}
    written = sorted((word for word in words if not word.isdigit()), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) for word in written)
