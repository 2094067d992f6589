"""Words that may be shown of a refused cell, because they are no names: known_words.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from config.declarations import declaration


@cache
def known_words() -> frozenset[str]:
    """Nothing in; the words of every language, small letters, out."""
    declared = declaration(Path(__file__).parent / "known_words.yaml")
    return frozenset(word for words in declared.values() for word in words)
