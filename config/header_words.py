"""Words of headers by which columns of an unknown file are guessed: header_words.yaml → table → column → words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from config.declarations import declaration


@cache
def header_words() -> dict[str, dict[str, list[str]]]:
    """Table → our column → words, likeliest first."""
    declared = declaration(Path(__file__).parent / "header_words.yaml")
    return {
        table: {column: list(map(str, words)) for column, words in columns.items()}
        for table, columns in declared.items()
    }
