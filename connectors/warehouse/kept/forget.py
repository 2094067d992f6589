"""One wrong file, or one person, in; what they left in the warehouse and its history is gone out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.documents import FORGOTTEN
from config.tables import personal_columns, tables
from connectors.warehouse.figures.build import forget_built
from connectors.warehouse.kept import history, stored
from connectors.warehouse.kept.undo import drop_before
from connectors.warehouse.store.database import (
    DATABASE,
    TO_BE_REWRITTEN,
    connect,
    drop_copy,
    is_stored,
    rewrite,
    worded,
)
from connectors.warehouse.store.published import as_cells
from connectors.warehouse.store.schema import prepare

BUILT = ("metrics", "metrics_before")
SHORTEST_KEY = 4
"""Characters: a shorter id stands in too many texts that have nothing to do with it."""
SHORTEST_NUMBER = 7
"""Digits: a shorter number of a subscriber, whom nobody named by it, may as well be a figure of the report."""
REMEMBERED = ("value", "row_key", "format", "note")
"""Texts that are remembered of a published cell."""
NOTHING = r"[^\s\S]"
"""A pattern that no text fits."""
PHONE = re.compile(r"[+\d\s()-]*")
PHONE_DIGITS = 10
"""Of a number without its country, however it is written out in a report."""


@dataclass(frozen=True)
class Forgotten:
    """What was found of somebody, and where it came from."""

    rows: int
    """Rows of the warehouse that no longer say who it was; their sums stay."""
    history_rows: int
    files: Sequence[str]
    """Sources' files that held the person when they were last read."""
    published_cells: int = 0
    """Cells of reports on the web, as they are remembered, that told of the person."""


def forget_file(data: Path, file: str) -> int:
    """A file as the report names it; how many rows it had left in the history out. Rows of other files stay.

    If the file is still there, the next run reads it as if for the first time: what it shows now is history again.
    """
    connection = _opened(data)
    try:
        with worded(data / DATABASE):
            gone = history.rewrite(connection, data, "source_file = ?", [file])
            history.derive(connection)
            if gone:
                forget_built(connection)
            connection.execute("update ops.files set fingerprint = '' where source_file = ?", [file])
    finally:
        connection.close()
    drop_before(data)
    rewrite(data)
    return gone


def forget_person(data: Path, keys: Sequence[str]) -> Forgotten:
    """Every way a person may be written (phone, e-mail, id); nothing tells them any more, in any table or history file.

    Rows stay, so that counts and roubles still balance with the files; a subscriber gets a name of chance.
    """
    connection = _opened(data)
    try:
        with worded(data / DATABASE):
            found = _erase(connection, data, keys)
        drop_copy(data)
        drop_before(data)
        stored.sweep(connection, data)
    finally:
        connection.close()
    rewrite(data)
    return found


def _opened(data: Path) -> Any:
    connection = connect(data)
    prepare(connection)
    history.take_in(connection, data)
    return connection


def _erase(connection: Any, data: Path, keys: Sequence[str]) -> Forgotten:
    subscribers = _subscribers(connection, keys)
    wanted = [*keys, *subscribers]
    files: set[str] = set()
    rows = 0
    gone = history.rewrite(connection, data, "list_contains(?::varchar[], subscriber_id)", [wanted])
    connection.begin()
    for name, table in tables().items():
        columns = [column for column in table.public_columns if column in personal_columns()]
        if columns:
            held, count = _erase_from(connection, f"loaded.{name}", columns, wanted)
            files |= held
            rows += count
    patterns = _patterns([*keys, *(one for one in subscribers if not one.isdigit() or len(one) >= SHORTEST_NUMBER)])
    connection.execute(f"update loaded.rejects set value = '—' where {_tells('value')}", patterns)
    connection.execute("delete from loaded.departures where list_contains(?::varchar[], subscriber_id)", [wanted])
    history.derive(connection)
    _erase_built(connection, wanted)
    if rows or gone:
        forget_built(connection)
    cells = _erase_published(connection, patterns)
    connection.execute(TO_BE_REWRITTEN)
    connection.commit()
    return Forgotten(rows, gone, sorted(files), cells)


def _subscribers(connection: Any, keys: Sequence[str]) -> list[str]:
    """Ids of the subscribers with this phone or e-mail."""
    found = connection.execute(
        "select distinct subscriber_id from loaded.subscribers"
        " where list_contains(?::varchar[], phone) or list_contains(?::varchar[], email)",
        [list(keys), list(keys)],
    ).fetchall()
    return [row[0] for row in found]


def _erase_from(connection: Any, table: str, columns: Sequence[str], wanted: Sequence[str]) -> tuple[set[str], int]:
    """A loaded table and its personal columns in; the files that held the person, and in how many rows, out."""
    held = " or ".join(f"list_contains(?::varchar[], {_key(column)})" for column in columns)
    parameters = [list(wanted)] * len(columns)
    found = connection.execute(
        f"select source_file, count(*) from {table} where {held} group by 1", parameters
    ).fetchall()
    if found:
        token = f"forgotten-{uuid4().hex}"
        values = {column: _instead(column, token) for column in columns}
        if is_stored(connection):
            stored.replace_rows(connection, table.removeprefix("loaded."), values, held, parameters)
        else:
            anew = ", ".join(f"{column} = {value}" for column, value in values.items())
            connection.execute(f"update {table} set {anew} where {held}", parameters)
    return {row[0] for row in found}, sum(row[1] for row in found)


def _key(column: str) -> str:
    """A client's key may carry its source before the id."""
    return f"regexp_replace({column}, '^[^:@]+:', '')" if column == "client_key" else column


def _instead(column: str, token: str) -> str:
    """A subscriber must have an id; nothing else must tell who it was."""
    return f"'{token}'" if column == "subscriber_id" else "null"


def _erase_built(connection: Any, wanted: Sequence[str]) -> None:
    """Rows about the person in computed tables; the next run computes them anew."""
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " semi join duckdb_tables() using (schema_name, table_name)"
        " where list_contains(?, schema_name) and list_contains(?, column_name)",
        [list(BUILT), sorted(personal_columns())],
    ).fetchall()
    for schema, table, column in columns:
        connection.execute(
            f'delete from {schema}."{table}" where list_contains(?::varchar[], {_key(column)})', [list(wanted)]
        )


def _erase_published(connection: Any, patterns: Mapping[str, str]) -> int:
    """How many cells, as they were last published, told of the person; what stood there is known no more.

    Their places stay, so that the next publication writes over them and takes none of them for an owner's.
    """
    told = {name: _tells(name) for name in REMEMBERED}
    with as_cells(connection) as cells:
        done = connection.execute(
            f"""update {cells} set
                value = case when {told["value"]} then '{FORGOTTEN}' else value end,
                row_key = case when {told["row_key"]} then '~forgotten:' || cell_row else row_key end,
                format = case when {told["format"]} then '' else format end,
                note = case when {told["note"]} then '' else note end
            where cell_row >= 0 and cell_column >= 0 and ({" or ".join(told.values())})
                or {told["row_key"]}""",
            patterns,
        ).fetchone()
    return int(done[0])


def _patterns(wanted: Sequence[str]) -> dict[str, str]:
    """What a person is written as in; the patterns of `_tells` out."""
    numbers = [re.sub(r"\D", "", key) for key in wanted if PHONE.fullmatch(key)]
    phones = "|".join({number[-PHONE_DIGITS:] for number in numbers if len(number) >= PHONE_DIGITS})
    words = "|".join(re.escape(key.lower()) for key in wanted if len(key) >= SHORTEST_KEY)
    return {"phones": phones or NOTHING, "words": rf"(^|[^\pL\pN_])({words or NOTHING})($|[^\pL\pN_])"}


def _tells(column: str) -> str:
    """SQL over `$phones`, `$words`: whether a text holds one of them, a phone in any spelling, a word as a whole."""
    text = f"coalesce({column}, '')"
    digits = f"regexp_replace({text}, '\\D', '', 'g')"
    return f"(regexp_matches({digits}, $phones) or regexp_matches(lower({text}), $words))"
