"""Columns whose cells stand alone → how their distinct texts are read, each of them once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from config.draft import Words
from transforms.parse import Parsed

CELL = re.compile(r"\bc[0-9]+\b")


def words(texts: Mapping[str, str], parses: Mapping[str, Parsed], others: Iterable[str]) -> dict[str, Words]:
    """Column → SQL of its text, its parse, and all other SQL over the cells in; the columns that can be read so out.

    A cell that two columns share, or that decides whether a row is skipped, is needed as it is in every row.
    """
    used = [cell for sql in [*texts.values(), *others] for cell in cells_in(sql)]
    alone = {name: text for name, text in texts.items() if is_cell(text) and used.count(text) == 1}
    return {name: Words(cell, _select(name, parses[name])) for name, cell in alone.items()}


def is_cell(sql: str) -> bool:
    """The SQL of a text; whether it is a cell as it stands."""
    return bool(CELL.fullmatch(sql))


def cells_in(sql: str) -> list[str]:
    """The SQL of a text in; the cells that it is made of out."""
    return CELL.findall(sql)


def joined(names: Iterable[str], columns: Mapping[str, Words]) -> str:
    """Some of those columns in; what joins their words to `raw_cells` out."""
    return "".join(f" left join words_{name} on words_{name}.cell = raw_cells.{columns[name].cell}" for name in names)


def found(name: str) -> list[str]:
    """A column in; its text, value and reason of the joined words, as a quickly read row names them, out."""
    return [f"words_{name}.text as t_{name}", f"words_{name}.value as v_{name}", f"words_{name}.reason as w_{name}"]


def _select(name: str, parse: Parsed) -> str:
    return f"""
    select cell, t_{name} as text, v_{name} as value, {parse.reason_of(f"v_{name}")} as reason from (
        select cell, t_{name}, {parse.value} as v_{name} from (select cell, text as t_{name} from found_{name})
    )"""
