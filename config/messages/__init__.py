"""Messages people read, by key and language: config/messages/*.yaml → text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Language = Literal["ru", "en"]
DEFAULT_LANGUAGE: Language = "ru"


def message(key: str, language: Language = DEFAULT_LANGUAGE, /, **facts: object) -> str:
    """Key, language and facts in; the sentence out. Raises KeyError for an unknown key: a mistake of ours."""
    return catalogue()[key][language].format(**facts)


@cache
def catalogue() -> dict[str, dict[Language, str]]:
    """Every message of every file here; keys are `file_stem.name`, each with `ru` and `en`."""
    found: dict[str, dict[Language, str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        for name, texts in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            found[f"{path.stem}.{name}"] = texts
    return found
