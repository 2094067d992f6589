"""The wanted cells of a table, from memory or from disk → the relation `raw_cells`: all text, rows numbered."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from config.documents import NUMBER_MARK, Dialect
from config.draft import Draft, RawRow
from connectors.files.table import LONGEST_RECORD, columns_sql, meant, quoted, read_csv_sql

NEVER = "\ue000"
"""Stands for NULL in what is written here: an empty text stays one."""
SURPLUS_CELLS = 3
"""So many cells more than any of its first records has are looked at in each: a decimal comma makes one of each sum."""
PIECE_ROWS = 1_000_000
"""So many rows of a long file are typed at a time, so that memory stays bounded."""


@dataclass(frozen=True)
class Brought:
    """What `all_cells` holds of one table."""

    count: int
    """Of its records down to the last with a value."""
    blank: int
    """Of the records after that one, which are not read at all."""
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The columns that are read by their words, each with its distinct texts."""
    translated: Sequence[str] = ()
    """The cells whose texts as meant are in `code_<cell>`."""


def bring(connection: Any, draft: Draft, scratch: Path) -> int:
    """A draft in; the temp table `all_cells` made; the number of its rows out. `look_at` then shows a piece of it."""
    connection.execute("drop view if exists raw_cells; drop table if exists all_cells")
    if draft.dialect is None:
        return _from_memory(connection, draft, scratch)
    return _from_disk(connection, draft, draft.dialect)


def look_at(connection: Any, draft: Draft, brought: Brought, first: int, last: int) -> None:
    """Make `raw_cells` a view of some records, counted from 0, the last included."""
    base = _first_rowid(connection)
    _show(connection, draft, brought, base, f"between {base + first} and {base + last}")


def look_at_some(connection: Any, draft: Draft, brought: Brought, places: Sequence[int]) -> None:
    """Make `raw_cells` a view of the records at these places, counted from 0: the table is not read for them."""
    base = _first_rowid(connection)
    numbers = [base + place for place in places]
    connection.execute("create or replace temp table some_places as select unnest(?::bigint[]) as place", [numbers])
    _show(connection, draft, brought, base, "in (select place from some_places)")


def _show(connection: Any, draft: Draft, brought: Brought, base: int, which: str) -> None:
    if draft.dialect is None:
        connection.execute(f"create or replace temp view raw_cells as select * from all_cells where rowid {which}")
        return
    skipped = "".join(
        f" when {base + brought.count + brought.blank - from_end} then '{why}'"
        for from_end, why in draft.skipped_tail.items()
    )
    why = f"case all_cells.rowid{skipped} end" if skipped else "null::varchar"
    pages = {name: f"coalesce(code_{name}.meant, all_cells.{name})" for name in brought.translated}
    cells = "".join(f", {pages.get(name, f'all_cells.{name}')} as {name}" for name in cells_of(draft))
    joins = "".join(f" left join code_{name} on code_{name}.found = all_cells.{name}" for name in pages)
    connection.execute(f"""create or replace temp view raw_cells as
        select all_cells.rowid - {base} + {draft.dialect.first_record + 1} as source_row,
            {why} as skipped, surplus{cells}
        from all_cells{joins} where all_cells.rowid {which}""")


def _first_rowid(connection: Any) -> int:
    """Rows of a table that is not committed yet are not numbered from 0 but from a large number."""
    found = connection.execute("select min(rowid) from all_cells").fetchone()
    return int(found[0] or 0)


def write_cells(draft: Draft, scratch: Path) -> Draft:
    """Write a draft's rows in memory as a plain CSV, which DuckDB reads far faster than it takes rows one by one.

    Touches no connection, so it may be done in another thread. Raises OSError.
    """
    if draft.rows is None or draft.written is not None:
        return draft
    handle, name = mkstemp(suffix=".csv", dir=scratch)
    # lone halves of a character, from broken JSON, are what UTF-8 cannot hold
    with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:  # noqa: PTH123  # a descriptor
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([row.number, row.skipped or "", row.surplus or "", *row.cells] for row in draft.rows())
    return replace(draft, written=Path(name))


def _from_memory(connection: Any, draft: Draft, scratch: Path) -> int:
    path = write_cells(draft, scratch).written
    if path is None:
        raise RuntimeError("a draft has neither rows nor a file")
    names = cells_of(draft)
    columns = columns_sql(["source_row", "skipped", "surplus", *names])
    cells = "".join(f", {name}" for name in names)
    try:
        brought: tuple[int] = connection.execute(f"""create temp table all_cells as
            select source_row::bigint as source_row, nullif(skipped, '') as skipped,
                nullif(surplus, '')::integer as surplus{cells}
            from read_csv({quoted(str(path))}, header = false, auto_detect = false, delim = ',', quote = '"',
                escape = '"', columns = {columns}, max_line_size = {LONGEST_RECORD}, new_line = '\\n',
                parallel = false, nullstr = '{NEVER}')""").fetchone()
    finally:
        path.unlink()
    return brought[0]


def _from_disk(connection: Any, draft: Draft, dialect: Dialect) -> int:
    """All cores read, and keep the order: `rowid` counts the records."""
    wanted = {position: f"c{place}" for place, position in enumerate(draft.positions)}
    width = dialect.columns if dialect.is_even else max(dialect.columns, *(p + 1 for p in wanted))
    beyond = 0 if dialect.is_even or draft.headings is None else SURPLUS_CELLS
    names = [wanted.get(place, f"x{place}") for place in range(width + beyond)]
    cells = [name if place < width else f"null::varchar as {name}" for place, name in wanted.items()]
    cells.append(f"{_surplus(names, draft.headings)} as surplus")
    brought: tuple[int] = connection.execute(
        f"create temp table all_cells as"
        f" select {', '.join(cells)} from {read_csv_sql(dialect, names, dialect.first_record)}"
    ).fetchone()
    return brought[0]


def _surplus(names: Sequence[str], headings: int | None) -> str:
    """The SQL of how many cells a record has that goes on beyond the last heading."""
    filled = [
        f"when trim({names[place]}) <> '' then {place + 1}" for place in reversed(range(headings, len(names)))
    ] if headings is not None else []  # fmt: skip
    return f"(case {' '.join(filled)} end)::integer" if filled else "null::integer"


# Every cell of some rows, the columns aside that merely number them → the relation `whole_rows`.

BETWEEN = "\x1f"
"""Stands between the cells of a row."""
FEWEST_NUMBERED = 3
"""Fewer rows show no numbering."""
SHARE_NUMBERED = 0.99
"""Totals and headings in the middle bear no number."""


def bring_whole(connection: Any, draft: Draft, wanted: str) -> None:
    """A draft and a relation with `source_row` in; `whole_rows(source_row, cells)` made of those rows."""
    if draft.dialect is None:
        numbers = {row[0] for row in connection.execute(f"select source_row from {wanted}").fetchall()}
        rows = list(draft.whole()) if draft.whole else []
        numbering = _numbering(rows, draft.own_positions)
        pairs = [(str(row.number), _joined(row.cells, numbering)) for row in rows if row.number in numbers]
        small_table(connection, "found_rows", ["source_row", "cells"], pairs)
        connection.execute("""create or replace temp table whole_rows as
            select source_row::bigint as source_row, cells from found_rows; drop table found_rows""")
        return
    names = [f"x{place}" for place in range(draft.dialect.columns)]
    connection.execute(f"""create or replace temp table whole_cells as
        select {", ".join(names)} from {read_csv_sql(draft.dialect, names, draft.dialect.first_record)}""")
    kept = _unnumbered(connection, names, draft.own_positions)
    base = connection.execute("select coalesce(min(rowid), 0) from whole_cells").fetchone()[0]
    place = f"rowid - {base} + {draft.dialect.first_record + 1}"
    cells = ", ".join(f"coalesce({name}, '')" for name in kept)
    connection.execute(f"""create or replace temp table whole_rows as
        select {place} as source_row, concat_ws('{BETWEEN}', {cells}) as cells
        from whole_cells where {place} in (select source_row from {wanted}); drop table whole_cells""")


def _numbering(rows: Sequence[RawRow], wanted: Collection[int]) -> set[int]:
    """Rows of data and the places that our columns are read from; the other places whose cells count the rows."""
    if len(rows) < FEWEST_NUMBERED:
        return set()
    width = max(len(row.cells) for row in rows)
    found = set()
    for place in set(range(width)) - set(wanted):
        texts = [row.cells[place].lstrip(NUMBER_MARK) if place < len(row.cells) else "" for row in rows]
        values = [int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None for text in texts]
        counted = [value - at in (0, 1) for at, value in enumerate(values) if value is not None]
        if sum(counted) >= SHARE_NUMBERED * len(rows):
            found.add(place)
    return found


def _unnumbered(connection: Any, names: Sequence[str], wanted: Collection[int]) -> list[str]:
    """The same of `whole_cells`: the columns that are left."""
    base = connection.execute("select coalesce(min(rowid), 0) from whole_cells").fetchone()[0]
    asked = ", ".join(f"count(*) filter (try_cast({name} as bigint) - (rowid - {base}) in (0, 1))" for name in names)
    rows, *counted = connection.execute(f"select count(*), {asked} from whole_cells").fetchone()
    return [
        name
        for place, (name, count) in enumerate(zip(names, counted, strict=True))
        if place in wanted or rows < FEWEST_NUMBERED or count < SHARE_NUMBERED * rows
    ]


def _joined(cells: Sequence[str], without: Collection[int]) -> str:
    """A row as one text; blank cells at its end do not count, nor do halves of characters."""
    kept = [cell for place, cell in enumerate(cells) if place not in without]
    return BETWEEN.join(kept).rstrip(BETWEEN).encode(errors="replace").decode()


def blank_end(draft: Draft) -> int:
    """How many records without a value a file on disk ends with."""
    blank = 0
    while draft.skipped_tail.get(blank + 1) == "blank":
        blank += 1
    return blank


def translate(connection: Any, draft: Draft, cells: Collection[str]) -> list[str]:
    """Of a file in an old code page, make `code_<cell>` of the distinct texts that are not ASCII: as read, as meant.

    Those cells that have any out. Translating every cell costs ten times more.
    """
    if draft.dialect is None or draft.dialect.code_page is None or not cells:
        return []
    asked = ", ".join(f"bool_or(strlen({name}) <> length({name}))" for name in cells)
    odd = connection.execute(f"select {asked} from all_cells").fetchone()
    translated = [name for name, is_odd in zip(cells, odd, strict=True) if is_odd]
    for name in translated:
        found = f"select distinct {name} from all_cells where strlen({name}) <> length({name})"
        texts = [row[0] for row in connection.execute(found).fetchall()]
        pairs = [(text, meant(text, draft.dialect.code_page)) for text in texts]
        small_table(connection, f"code_{name}", ["found", "meant"], pairs)
    return translated


def small_table(connection: Any, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A name, columns and rows of text in; a temp table of that name made."""
    unnested = ", ".join(f"unnest(?::varchar[]) as {column}" for column in columns)
    lists = [[row[place] for row in rows] for place in range(len(columns))]
    connection.execute(f"create or replace temp table {name} as select {unnested}", lists)


def cells_of(draft: Draft) -> list[str]:
    """The names of the wanted cells."""
    return [f"c{place}" for place in range(len(draft.positions))]
