"""The relation `raw_cells` → the relation `typed_rows`: every cell read, most of them the quick way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.draft import Draft, Reads, Staging
from connectors.files.table import meant
from connectors.warehouse.loading.raw_cells import Brought
from connectors.warehouse.store.database import FOR_FEW_ROWS, define, planned_without, small_table

TABLES = (
    "small_typed_rows",
    "odd_rows",
    "odd_cells",
    "flawed_rows",
    "quick_rows",
    "rest_cells",
    "some_places",
    "shifts",
    "all_cells",
)
GONE = "; ".join(
    ["drop view if exists typed_rows", "drop view if exists raw_cells", *(f"drop table if exists {t}" for t in TABLES)]
)
PLANNED_SOONER = f"in_clause, {FOR_FEW_ROWS}"
"""What makes the SQL of few rows no quicker, and longer to plan."""
FEW_TO_PLAN = 20_000
"""Rows up to which it is so; of 45,000 it can be told neither way."""
SMALL_ROWS = 200_000
"""So many rows are copied sooner than a view of them is planned ten times."""


def read_cells(connection: Any, staging: Staging, words: Collection[str], count: int) -> int:
    """Make `typed_rows` of `count` rows: those read the quick way, and the odd ones that had to be read in full.

    How many of them have flaws, and stand in `flawed_rows`, is given out.

    Columns of `words` are read by `words_<column>`. DuckDB turns every list of words behind an `in` into a join of its
    own, which costs ten times the parsing.
    """
    reads = staging.reads(words)
    with planned_without(connection, PLANNED_SOONER if count < FEW_TO_PLAN else "in_clause"):
        connection.execute(f"create or replace temp table quick_rows as {reads.quickly}")
        rows = _with_odd_rows(connection, reads)
        if count <= SMALL_ROWS:
            connection.execute(f"create or replace temp table small_typed_rows as {rows}")
            rows = "from small_typed_rows"
    connection.execute(f"create or replace temp view typed_rows as {rows}")
    flawed: tuple[int] = connection.execute(
        "create or replace temp table flawed_rows as from typed_rows where flaws is not null"
    ).fetchone()
    return flawed[0]


def _with_odd_rows(connection: Any, reads: Reads) -> str:
    """Long SQL over a few odd rows of each thousand costs as much as over all of them, so they are gathered first."""
    connection.execute("create or replace temp table odd_cells as from quick_rows where is_odd")
    doubtful = _doubtful(connection, reads)
    if doubtful is None:
        return reads.typed
    connection.execute(f"create or replace temp table odd_rows as {reads.in_full(doubtful)}")
    return f"({reads.typed}) union all from odd_rows"


def drop_cells(connection: Any) -> None:
    """Take away every relation that reading a table made."""
    connection.execute(GONE)


def _doubtful(connection: Any, reads: Reads) -> list[str] | None:
    """The columns of which some cell could not be read the quick way; None if no row is odd."""
    asked = "".join(f", coalesce(bool_or({condition}), false)" for condition in reads.doubts.values())
    count, *found = connection.execute(f"select count(*){asked} from odd_cells").fetchone()
    return [name for name, is_so in zip(reads.doubts, found, strict=True) if is_so] if count else None


# Columns of which a long file holds few distinct texts → each text read once, in the relation `words_<column>`.
#
# Months of one export hold the same words: what was read of one file stands for the next.

FEWEST_ROWS = 5_000
SAMPLE_ROWS = 20_000
MOST_IN_SAMPLE = 2_000
MOST_WORDS = 20_000

Found = Mapping[str, Sequence[str]]
"""Column → its distinct texts in one file, as they were read."""


def is_short(count: int) -> bool:
    """Whether so many rows are read sooner than their words are found."""
    return count < FEWEST_ROWS


@dataclass(frozen=True)
class Reading:
    """All that decides what the texts of a column are read as."""

    select: str
    code_page: str | None
    tables: Mapping[str, Sequence[Sequence[str]]]
    derived: Mapping[str, str]


@dataclass
class WordBook:
    """What was made of the words of files on one connection, within one transaction."""

    _sampled: tuple[str, Mapping[str, str]] = ("", {})
    """The source and the columns whose texts were last counted, each with its cell."""
    _few: Sequence[str] = ()
    """Those of them that seem to hold few."""
    _read: dict[str, tuple[Reading, frozenset[str]]] = field(default_factory=dict)
    """Column → how `words_<column>` was made, and the texts in it."""
    _macros: str = ""
    """The statements that were run already."""

    def define(self, connection: Any, macros: str) -> None:
        """Make the functions that read cells, once on this connection."""
        if macros != self._macros:
            define(connection, macros)
            self._macros = macros

    def find(self, connection: Any, brought: Brought) -> Found:
        """What `all_cells` holds in; the columns with few texts out, each with its texts.

        What a whole column decides, its date order or decimal mark, is asked of its cells as they are.
        """
        draft = brought.batch.draft
        columns = {name: word.cell for name, word in draft.staging.words.items() if name not in draft.probe}
        if is_short(brought.count) or not columns:
            return {}
        if self._sampled != (draft.origin.source, columns):
            self._sampled, self._few = (draft.origin.source, columns), _sampled_few(connection, columns)
        found = {name: _texts(connection, columns[name]) for name in self._few}
        return {name: texts for name, texts in found.items() if len(texts) <= MOST_WORDS}

    def read(self, connection: Any, draft: Draft, staging: Staging, found: Found) -> None:
        """Make `words_<column>` of those columns, unless it stands and holds every text of the file."""
        code_page = draft.dialect.code_page if draft.dialect else None
        for name, texts in found.items():
            reading = Reading(staging.words[name].select, code_page, staging.tables, staging.derived)
            before, known = self._read.get(name, (None, frozenset()))
            if before == reading and known.issuperset(texts):
                continue
            whole = frozenset(texts)
            if before == reading and len(known | whole) <= MOST_WORDS:
                whole |= known
            small_table(
                connection, f"found_{name}", ["cell", "text"], [(text, meant(text, code_page)) for text in whole]
            )
            connection.execute(f"create or replace temp table words_{name} as {reading.select}")
            connection.execute(f"drop table found_{name}")
            self._read[name] = (reading, whole)


def meanings(connection: Any, name: str, texts: Sequence[str]) -> list[str]:
    """A column whose words are read and texts of it; the distinct values they were read as."""
    rows = connection.execute(
        f"select distinct value from words_{name} where value is not null and cell in (select unnest(?::varchar[]))",
        [list(texts)],
    ).fetchall()
    return [value for (value,) in rows]


def _sampled_few(connection: Any, columns: Mapping[str, str]) -> list[str]:
    """Columns with their cells; those of which the first rows hold few distinct texts."""
    asked = ", ".join(f"count(distinct {cell})" for cell in columns.values())
    counts = connection.execute(f"select {asked} from (from all_cells limit {SAMPLE_ROWS})").fetchone()
    return [name for name, count in zip(columns, counts, strict=True) if count <= MOST_IN_SAMPLE]


def _texts(connection: Any, cell: str) -> list[str]:
    """The distinct texts of a cell, no more than one beyond the most that are read as words."""
    select = f"select distinct {cell} from all_cells where {cell} is not null limit {MOST_WORDS + 1}"
    return [row[0] for row in connection.execute(select).fetchall()]
