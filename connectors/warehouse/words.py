"""Columns of which a long file holds few distinct texts → each text read once, in the relation `words_<column>`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from config.staging import Draft, Staging
from connectors.files.on_disk import meant
from connectors.warehouse.raw_cells import small_table

FEWEST_ROWS = 50_000
SAMPLE_ROWS = 20_000
MOST_IN_SAMPLE = 2_000
MOST_WORDS = 20_000


def is_short(count: int) -> bool:
    """Whether so many rows are read sooner than their words are found, and planning costs more than reading."""
    return count < FEWEST_ROWS


def find_words(connection: Any, draft: Draft, count: int) -> list[str]:
    """A draft whose `all_cells` of `count` rows are there; the columns with few texts out, `found_<column>` made.

    What a whole column decides, its date order or decimal mark, is asked of its cells as they are.
    """
    columns = {name: word.cell for name, word in draft.staging.words.items() if name not in draft.probe}
    if is_short(count) or not columns:
        return []
    asked = ", ".join(f"count(distinct {cell})" for cell in columns.values())
    counts = connection.execute(f"select {asked} from (from all_cells limit {SAMPLE_ROWS})").fetchone()
    likely = {name: cell for (name, cell), few in zip(columns.items(), counts, strict=True) if few <= MOST_IN_SAMPLE}
    return [name for name, cell in likely.items() if _found(connection, draft, name, cell)]


def read_words(connection: Any, staging: Staging, names: Collection[str]) -> None:
    """Make `words_<column>` of those columns."""
    for name in names:
        connection.execute(f"create or replace temp table words_{name} as {staging.words[name].select}")


def drop_words(connection: Any, names: Collection[str]) -> None:
    """Take away what was made of those columns."""
    for name in names:
        connection.execute(f"drop table if exists found_{name}; drop table if exists words_{name}")


def _found(connection: Any, draft: Draft, name: str, cell: str) -> bool:
    """Make `found_<column>`: each text as it was read and, in a file of an old code page, as it was meant."""
    select = f"select distinct {cell} from all_cells where {cell} is not null"
    texts = [row[0] for row in connection.execute(f"{select} limit {MOST_WORDS + 1}").fetchall()]
    if len(texts) > MOST_WORDS:
        return False
    code_page = draft.dialect.code_page if draft.dialect else None
    small_table(connection, f"found_{name}", ["cell", "text"], [(text, meant(text, code_page)) for text in texts])
    return True
