"""An empty table to fill in: a workbook with the headings of one table, what each means in its note, and its source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from config.documents import Cell, Sheet
from config.errors import ConfigError
from config.inputs import InputColumn, InputTable, inputs
from config.messages import Language
from flows.init.client_yaml import scalar


class Template(NamedTuple):
    """A table that was written, and what to add to svodka.yaml so that it is read."""

    file: str
    """Relative to the client's folder."""
    source: Sequence[str]
    """Lines below `sources:`."""


def write_template(folder: Path, table: str, language: Language) -> Template:
    """The client's folder and a table's name in; the workbook in exports/ out. Raises ConfigError, nothing replaced."""
    from connectors.xlsx import workbook_bytes
    from connectors.xlsx.save import replace_file

    if table not in inputs():
        raise ConfigError("cli.no_template", found=table, known=", ".join(inputs()))
    kept = inputs()[table]
    file = f"exports/{kept.title.say(language)}.xlsx"
    if (folder / file).exists():
        raise ConfigError("cli.template_exists", file=file)
    replace_file(folder / file, workbook_bytes([_sheet(table, kept, language)], language))
    return Template(file, list(_source(table, file, kept, language)))


def _sheet(table: str, kept: InputTable, language: Language) -> Sheet:
    columns = kept.columns.values()
    cells = [
        Cell(0, place, column.header.say(language), "headerleft", note=_note(column, language))
        for place, column in enumerate(columns)
    ]
    widths = [max(14, len(column.header.say(language)) + 2, *map(len, column.examples)) for column in columns]
    return Sheet(table, kept.title.say(language), cells, widths=widths, frozen_rows=1)


def _note(column: InputColumn, language: Language) -> str:
    meaning, examples = column.meaning.say(language), dict.fromkeys(filter(None, column.examples))
    return f"{meaning[:1].upper()}{meaning[1:]}\n{'; '.join(examples)}"


def _source(table: str, file: str, kept: InputTable, language: Language) -> Sequence[str]:
    columns = (f"      {name}: {scalar(column.header.say(language))}" for name, column in kept.columns.items())
    return [f"  {table}:", f"    table: {table}", f"    files: {scalar(file)}", "    columns:", *columns]
