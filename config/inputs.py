"""Tables that a person with a spreadsheet keeps: their headings, meanings and example rows, read from inputs.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from config.declarations import declaration
from config.labels import Text


class InputColumn(NamedTuple):
    """A column as its keeper sees it."""

    header: Text
    meaning: Text
    examples: tuple[str, ...]


class InputTable(NamedTuple):
    """A table as its keeper sees it."""

    title: Text
    """The name of a tab or file that holds it."""
    named: Text
    """What a sentence calls its rows."""
    about: Text
    columns: dict[str, InputColumn]
    """Our column → what stands above it, what it means, a value for each example row."""


@cache
def inputs() -> dict[str, InputTable]:
    """Staged table → how a person keeps it."""
    declared = declaration(Path(__file__).parent / "inputs.yaml")
    return {
        name: InputTable(
            Text.model_validate(table["title"]),
            Text.model_validate(table["named"]),
            Text.model_validate(table["about"]),
            {
                column: InputColumn(Text.model_validate(header), Text.model_validate(meaning), tuple(examples))
                for column, (header, meaning, *examples) in table["columns"].items()
            },
        )
        for name, table in declared.items()
    }
