"""Tables that a person with a spreadsheet keeps: their headings, meanings and example rows, read from inputs.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from config.declarations import declaration
from config.messages import Language
from config.strict import Strict


class Said(Strict):
    """A text in both languages."""

    ru: str
    en: str

    def text(self, language: Language) -> str:
        """The text in one of them."""
        return self.ru if language == "ru" else self.en


class InputColumn(NamedTuple):
    """A column as its keeper sees it."""

    header: Said
    meaning: Said
    examples: tuple[str, ...]


class InputTable(NamedTuple):
    """A table as its keeper sees it."""

    title: Said
    about: Said
    columns: dict[str, InputColumn]
    """Our column → what stands above it, what it means, a value for each example row."""


@cache
def inputs() -> dict[str, InputTable]:
    """Staged table → how a person keeps it."""
    declared = declaration(Path(__file__).parent / "inputs.yaml")
    return {
        name: InputTable(
            Said.model_validate(table["title"]),
            Said.model_validate(table["about"]),
            {
                column: InputColumn(Said.model_validate(header), Said.model_validate(meaning), tuple(examples))
                for column, (header, meaning, *examples) in table["columns"].items()
            },
        )
        for name, table in declared.items()
    }
