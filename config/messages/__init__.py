"""Messages people read, by key and language: config/messages/*.yaml → text."""

import errno
from functools import cache
from pathlib import Path
from typing import Literal

from config.declarations import declaration
from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK

Language = Literal["ru", "en"]
DEFAULT_LANGUAGE: Language = "ru"
NO_MARKS = str.maketrans("", "", NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK)
"""Marks of cells' types are never shown, wherever in a text a file had them."""
COUNTS = frozenset(
    {"rows", "cells", "twice", "counted", "refused", "torn", "several", "deals", "below", "talks", "typed", "money"}
)
"""Facts that count something; a number of a row, or a year, is written as it is."""
FOLDER = Path(__file__).parent


def message(key: str, language: Language = DEFAULT_LANGUAGE, /, **facts: object) -> str:
    """Key, language and facts in; the sentence out. Raises KeyError for an unknown key: a mistake of ours."""
    area, _, name = key.partition(".")
    return filled(_area(area)[name][language], language, **facts)


def filled(text: str, language: Language, /, **facts: object) -> str:
    """A text with the names of its facts, the language it is in and the facts in; the sentence out."""
    counted = {name: _spaced(facts[name], language) for name in COUNTS & facts.keys()}
    failed = {name: _of_system(fact, language) for name, fact in facts.items() if isinstance(fact, OSError)}
    return text.format(**facts | counted | failed).translate(NO_MARKS)


def _of_system(error: OSError, language: Language) -> str:
    """What the operating system refused, in the reader's words; in its own where we have none."""
    known = _area("system").get(errno.errorcode.get(error.errno or 0, ""))
    return known[language] if known else error.strerror or str(error) or type(error).__name__


def _spaced(count: object, language: Language) -> object:
    """A whole number with its thousands parted; anything else as it is."""
    if type(count) is not int:
        return count
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}") if language == "ru" else f"{count:,}"


@cache
def catalogue() -> dict[str, dict[Language, str]]:
    """Every message of every file here; keys are `file_stem.name`, each with `ru` and `en`."""
    areas = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return {f"{area}.{name}": texts for area in areas for name, texts in _area(area).items()}


@cache
def _area(stem: str) -> dict[str, dict[Language, str]]:
    path = FOLDER / f"{stem}.yaml"
    if not path.exists():
        return {}
    return declaration(path) or {}
