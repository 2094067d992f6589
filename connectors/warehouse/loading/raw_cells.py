"""The wanted cells of a table, from memory or from disk → the relation `raw_cells`: all text, rows numbered."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from config.documents import NUMBER_MARK, Dialect
from config.draft import GIVEN, ROWS_OF_A_LOAD, Draft, RawRow
from connectors.files.table import LONGEST_RECORD, columns_sql, meant, read_csv_sql
from connectors.warehouse.store.database import small_table

NEVER = "\ue000"
"""Stands for NULL in what is written here: an empty text stays one."""
SURPLUS_CELLS = 3
"""So many cells more than any of its first records has are looked at in each: a decimal comma makes one of each sum."""
PIECE_ROWS = 1_000_000
"""So many rows of a long file are typed at a time, so that memory stays bounded."""


@dataclass(frozen=True)
class Batch:
    """Tables of one shape, each of a file or a month of its own, that the same statements bring in and read."""

    drafts: Sequence[Draft]
    first_load: int
    """The load of the first of them; each following one has the next number."""

    @property
    def draft(self) -> Draft:
        """Any of them, for what they have in common."""
        return self.drafts[0]

    @property
    def loads(self) -> range:
        """The load of each."""
        return range(self.first_load, self.first_load + len(self.drafts))

    @property
    def is_of_one(self) -> bool:
        """Whether there is but one table."""
        return len(self.drafts) == 1


@dataclass(frozen=True)
class Brought:
    """What `all_cells` holds of a batch."""

    batch: Batch
    base: int
    """The `rowid` of its first record: of a table that is not committed yet it is a large number."""
    counts: Sequence[int]
    """Of the records of each table, down to the last."""
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The columns that are read by their words, each with its distinct texts."""
    translated: Sequence[str] = ()
    """The cells whose texts as meant are in `code_<cell>`."""

    @property
    def count(self) -> int:
        """Of all records, but for those without a value at an end, which are not read at all."""
        return sum(self.counts) - sum(map(blank_end, self.batch.drafts))

    @property
    def starts(self) -> list[int]:
        """How many records stand before each table."""
        return list(accumulate(self.counts, initial=0))[:-1]

    @property
    def shifts(self) -> list[int]:
        """What is to be added, table by table, to the `rowid` (or the row's own number) to make its `source_row`."""
        loads = [load * ROWS_OF_A_LOAD for load in self.batch.loads]
        dialect = self.batch.draft.dialect
        if dialect is None:
            return loads
        below = dialect.first_record + 1 - self.base
        return [load + below - start for load, start in zip(loads, self.starts, strict=True)]


def bring(connection: Any, batch: Batch, scratch: Path) -> Brought:
    """A batch in; the temp table `all_cells` made of it. `look_at` then shows a piece of it."""
    connection.execute("drop view if exists raw_cells; drop table if exists all_cells")
    if batch.draft.dialect is None:
        _from_memory(connection, batch, scratch)
    else:
        _from_disk(connection, batch, batch.draft.dialect)
    load = str(batch.first_load) if batch.is_of_one else "load_id"
    found = connection.execute(
        f"select {load} as load_id, count(*), min(rowid), max(rowid) from all_cells group by 1"
    ).fetchall()
    counts = {load_id: count for load_id, count, _, _ in found}
    base = min((first for _, _, first, _ in found), default=0)
    brought = Brought(batch, base, [counts.get(load_id, 0) for load_id in batch.loads])
    starts = dict(zip(batch.loads, brought.starts, strict=True))
    if any(last - first + 1 != count or first != base + starts[load_id] for load_id, count, first, last in found):
        raise RuntimeError("records of several files came mixed")
    if odd := _misplaced(brought):
        listed = "select unnest(?::bigint[]) as row, unnest(?::integer[]) as cells"
        connection.execute(f"create or replace temp table misplaced as {listed}", [list(odd), list(odd.values())])
    if not batch.is_of_one:
        shifts = f"select unnest(?::bigint[]) as load_id, unnest(?::bigint[]) as shift, unnest(?::varchar[]) as {GIVEN}"
        of_each = [list(batch.loads), brought.shifts, [draft.given for draft in batch.drafts]]
        connection.execute(f"create or replace temp table shifts as {shifts}", of_each)
    return brought


def look_at(connection: Any, brought: Brought, first: int, last: int) -> None:
    """Make `raw_cells` a view of some records, counted from 0, the last included."""
    _show(connection, brought, f"between {brought.base + first} and {brought.base + last}")


def look_at_all(connection: Any, brought: Brought) -> None:
    """Make `raw_cells` a view of every record."""
    look_at(connection, brought, 0, max(sum(brought.counts) - 1, 0))


def _look_at_some(connection: Any, brought: Brought, places: Sequence[int]) -> None:
    """Make `raw_cells` a view of the records at these places, counted from 0: the table is not read for them."""
    numbers = [brought.base + place for place in places]
    connection.execute("create or replace temp table some_places as select unnest(?::bigint[]) as place", [numbers])
    _show(connection, brought, "in (select place from some_places)")


def _show(connection: Any, brought: Brought, which: str) -> None:
    batch = brought.batch
    own, skipped = ("rowid", _skipped(brought)) if batch.draft.dialect else ("source_row", "skipped")
    shift, joins = (str(brought.shifts[0]), "") if batch.is_of_one else ("shift", " join shifts using (load_id)")
    pages = {name: f"coalesce(code_{name}.meant, all_cells.{name})" for name in brought.translated}
    cells = "".join(f", {pages.get(name, f'all_cells.{name}')} as {name}" for name in cells_of(batch.draft))
    if batch.draft.given is not None:
        cells += f", '{batch.draft.given}' as {GIVEN}" if batch.is_of_one else f", shifts.{GIVEN}"
    joins += "".join(f" left join code_{name} on code_{name}.found = all_cells.{name}" for name in pages)
    surplus = "surplus"
    if _misplaced(brought):
        surplus = "coalesce(surplus, misplaced.cells) as surplus"
        joins += " left join misplaced on misplaced.row = all_cells.rowid"
    connection.execute(f"""create or replace temp view raw_cells as
        select all_cells.{own} + {shift} as source_row, {skipped} as skipped, {surplus}{cells}
        from all_cells{joins} where all_cells.rowid {which}{_without_blank_ends(brought)}""")


def _misplaced(brought: Brought) -> dict[int, int]:
    """`rowid` → how many cells a record of a file on disk has that stand beside their headings."""
    return {
        brought.base + start + place: cells
        for draft, start in zip(brought.batch.drafts, brought.starts, strict=True)
        for place, cells in draft.misplaced.items()
    }


def _skipped(brought: Brought) -> str:
    """The SQL of why a record of a file on disk is no data: what was seen of its last ones."""
    cases = "".join(
        f" when {brought.base + start + count - from_end} then '{why}'"
        for draft, start, count in zip(brought.batch.drafts, brought.starts, brought.counts, strict=True)
        for from_end, why in draft.skipped_tail.items()
    )
    return f"case all_cells.rowid{cases} end" if cases else "null::varchar"


def _without_blank_ends(brought: Brought) -> str:
    ends = [
        (brought.base + start + count, blank_end(draft))
        for draft, start, count in zip(brought.batch.drafts, brought.starts, brought.counts, strict=True)
    ]
    return "".join(f" and all_cells.rowid not between {end - blank} and {end - 1}" for end, blank in ends if blank)


def write_cells(draft: Draft, scratch: Path) -> Draft:
    """Write a draft's rows in memory as a plain CSV, which DuckDB reads far faster than it takes rows one by one.

    Touches no connection, so it may be done in another thread. Raises OSError.
    """
    if draft.rows is None or (draft.written is not None and draft.written.exists()):
        return draft  # it is gone where files that were read together turned out to be read apart
    handle, name = mkstemp(suffix=".csv", dir=scratch)
    # lone halves of a character, from broken JSON, are what UTF-8 cannot hold
    with open(handle, "w", encoding="utf-8", errors="replace", newline="") as file:  # noqa: PTH123  # a descriptor
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([row.number, row.skipped or "", row.surplus or "", *row.cells] for row in draft.rows())
    return replace(draft, written=Path(name))


def _from_memory(connection: Any, batch: Batch, scratch: Path) -> None:
    paths = [written for draft in batch.drafts if (written := write_cells(draft, scratch).written)]
    if len(paths) < len(batch.drafts):
        raise RuntimeError("a draft has neither rows nor a file")
    names = cells_of(batch.draft)
    cells = "".join(f", {name}" for name in names)
    columns = columns_sql(["source_row", "skipped", "surplus", *names])
    try:
        connection.execute(
            f"""create temp table all_cells as
            select source_row::bigint as source_row, nullif(skipped, '') as skipped,
                nullif(surplus, '')::integer as surplus{cells}{_load(batch)}
            from read_csv(?, header = false, auto_detect = false, delim = ',',
                quote = '"', escape = '"', columns = {columns}, max_line_size = {LONGEST_RECORD}, new_line = '\\n',
                parallel = false, nullstr = '{NEVER}')""",
            [list(map(str, paths))],
        )
    finally:
        for path in paths:
            path.unlink()


def _from_disk(connection: Any, batch: Batch, dialect: Dialect) -> None:
    """All cores read, and keep the order: `rowid` counts the records."""
    others = [draft.dialect.path for draft in batch.drafts[1:] if draft.dialect]
    wanted = {position: f"c{place}" for place, position in enumerate(batch.draft.positions)}
    width = dialect.columns if dialect.is_even else max(dialect.columns, *(p + 1 for p in wanted))
    beyond = 0 if dialect.is_even or batch.draft.headings is None else SURPLUS_CELLS
    names = [wanted.get(place, f"x{place}") for place in range(width + beyond)]
    cells = [name if place < width else f"null::varchar as {name}" for place, name in wanted.items()]
    cells.append(f"{_surplus(names, batch.draft.headings)} as surplus")
    connection.execute(
        f"create temp table all_cells as select {', '.join(cells)}{_load(batch)}"
        f" from {read_csv_sql(dialect, names, dialect.first_record, *others)}"
    )


def _load(batch: Batch) -> str:
    """The column of the load of each row, where there are several."""
    return "" if batch.is_of_one else f", {batch.first_load} + file_index::bigint as load_id"


def _surplus(names: Sequence[str], headings: int | None) -> str:
    """The SQL of how many cells a record has that goes on beyond the last heading."""
    filled = [
        f"when trim({names[place]}) <> '' then {place + 1}" for place in reversed(range(headings, len(names)))
    ] if headings is not None else []  # fmt: skip
    return f"(case {' '.join(filled)} end)::integer" if filled else "null::integer"


# Rows that were not inserted at once → the table `rest_cells`, to be read with care.

ROWS_FOR_ONE_ODD = 20
"""Where at most one row of so many is left, their places are sooner found than joined for."""


def keep_rest(connection: Any, brought: Brought, rest: int) -> int:
    """Make `rest_cells` of the rows that were not inserted: if they are few, by their places, which is sooner."""
    if rest * ROWS_FOR_ONE_ODD > brought.count:
        table, loads = brought.batch.draft.table, brought.batch.loads
        there = f"""select load_id * {ROWS_OF_A_LOAD} + source_row as source_row from loaded.{table}
            where load_id between {loads[0]} and {loads[-1]}"""
        wanted = f"from raw_cells anti join ({there}) using (source_row)"
    else:
        _look_at_some(connection, brought, _missing(connection, brought))
        wanted = "from raw_cells"
    kept: tuple[int] = connection.execute(f"create or replace temp table rest_cells as {wanted}").fetchone()
    return kept[0]


def _missing(connection: Any, brought: Brought) -> list[int]:
    """Places, counted from 0, of the records that were not inserted."""
    loads, count = brought.batch.loads, sum(brought.counts)
    shift, join = (str(brought.shifts[0]), "") if brought.batch.is_of_one else ("shift", "join shifts using (load_id)")
    place = f"load_id * {ROWS_OF_A_LOAD} + source_row - {shift} - {brought.base}"
    there: str | None = connection.execute(
        f"""select bitstring_agg(place, 0::bigint, {count - 1}::bigint)::varchar from (
            select {place} as place from loaded.{brought.batch.draft.table} {join}
            where load_id between {loads[0]} and {loads[-1]})"""
    ).fetchone()[0]
    return [found.start() for found in re.finditer("0", there)] if there else list(range(count))


def look_at_rest(connection: Any, first: int, last: int) -> None:
    """Make `raw_cells` a view of some of the rows left, counted from 0, the last included."""
    base = connection.execute("select coalesce(min(rowid), 0) from rest_cells").fetchone()[0]
    connection.execute(f"""create or replace temp view raw_cells as
        select * from rest_cells where rowid between {base + first} and {base + last}""")


# Every cell of some rows, the columns aside that merely number them → the relation `whole_rows`.

BETWEEN = "\x1f"
"""Stands between the cells of a row."""
FEWEST_NUMBERED = 3
"""Fewer rows show no numbering."""
SHARE_NUMBERED = 0.99
"""Totals and headings in the middle bear no number."""


def bring_whole(connection: Any, draft: Draft, wanted: str, place: int | None = None) -> None:
    """A draft and a relation with `source_row` in; `whole_rows(source_row, cells, placed)` made of those rows.

    `placed` is the cell in that place of a row, without a place an empty text.
    """
    if draft.dialect is None:
        numbers = {row[0] for row in connection.execute(f"select source_row from {wanted}").fetchall()}
        rows = list(draft.whole()) if draft.whole else []
        numbering = _numbering(rows, draft.own_positions)
        found = [row for row in rows if row.number in numbers]
        triples = [(str(row.number), _joined(row.cells, numbering), _cell(row, place)) for row in found]
        small_table(connection, "found_rows", ["source_row", "cells", "placed"], triples)
        connection.execute("""create or replace temp table whole_rows as
            select source_row::bigint as source_row, cells, placed from found_rows; drop table found_rows""")
        return
    names = [f"x{place}" for place in range(draft.dialect.columns)]
    connection.execute(f"""create or replace temp table whole_cells as
        select {", ".join(names)} from {read_csv_sql(draft.dialect, names, draft.dialect.first_record)}""")
    kept = _unnumbered(connection, names, draft.own_positions)
    base = connection.execute("select coalesce(min(rowid), 0) from whole_cells").fetchone()[0]
    number = f"rowid - {base} + {draft.dialect.first_record + 1}"
    cells = ", ".join(f"coalesce({name}, '')" for name in kept)
    placed = "''" if place is None or place >= len(names) else f"coalesce({names[place]}, '')"
    connection.execute(f"""create or replace temp table whole_rows as
        select {number} as source_row, concat_ws('{BETWEEN}', {cells}) as cells, {placed} as placed
        from whole_cells where {number} in (select source_row from {wanted}); drop table whole_cells""")


def _cell(row: RawRow, place: int | None) -> str:
    return row.cells[place].strip() if place is not None and place < len(row.cells) else ""


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


def cells_of(draft: Draft) -> list[str]:
    """The names of the wanted cells."""
    return [f"c{place}" for place in range(len(draft.positions))]
