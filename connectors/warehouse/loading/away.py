"""The words of a table's columns → a notice of rows in which they stand under other headings than they usually do.

Cells that were shifted inside a row, or changed places, are texts beside texts: each reads well. Only the words tell:
a manager's name where channels stand. Whole rows are looked at where such a word, or a rare blank, is found; one alone
where it does not belong, or one at home in several columns, may be meant so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.draft import LOAD, ROW, Draft, Neighbour, Usual
from config.tables import tables
from config.words import fold, vocabulary
from connectors.files.table import meant, read_csv_sql
from connectors.warehouse.loading.raw_cells import Brought, look_at_all
from connectors.warehouse.loading.read_cells import is_short
from connectors.warehouse.store.database import small_table

WORDY = frozenset({"text", "channel", "manager", "deal_status", "lead_status"})
"""Types whose cells are words."""
AT_HOME, FEWEST = 4, 3
"""So many times as often, and so often at least, a word stands where it belongs as where it does not."""
MOST, RARE = 0.1, 0.001
"""Of the rows: what is found in more is no slip but the way the table is kept; so few blanks, or numbers, are odd."""
MOST_TEXTS, NEARLY_ALL = 500, 0.9
"""Of a column with no more texts, nearly all of which are words, numbers are odd."""
FEWEST_WORDS = 2
"""A column with a single word that the other has not is no home: «да» and «нет» change places in any two columns."""
MOST_LOOKED_AT = 5_000
"""Rows of a file that are looked at whole."""
SHOWN = 3
"""Rows that are named."""


@dataclass(frozen=True)
class _Words:
    """The words of a table, by the cell in which they stand."""

    texts: Mapping[str, Mapping[str, str]]
    """Cell → each text as it was read → what it says where the file is in an old code page."""
    beside: Mapping[str, Neighbour]
    """Heading of a column that nothing reads → what stands there."""
    rows: int

    def times(self, to: str, word: str) -> float:
        """In about how many rows a word stands under such a heading."""
        return self.beside[to].words.get(word, 0) * self.rows

    def shared(self) -> set[str]:
        """Texts that stand in several columns."""
        seen: set[str] = set()
        shared: set[str] = set()
        for of in self.texts.values():
            shared |= seen & of.keys()
            seen |= of.keys()
        if beside := {word for one in self.beside.values() for word in one.words}:
            shared |= {text for of in self.texts.values() for text, said in of.items() if said in beside}
        nulls = set(map(fold, vocabulary().nulls))
        return {text for text in shared if _has_letters(text) and fold(text) not in nulls}


@dataclass(frozen=True)
class _Home:
    """Where the words of a table belong: to a cell, or to the heading of a column that nothing reads."""

    away: Collection[tuple[str, str, str]]
    """A cell, a text that it holds, and where that belongs; an empty text is a blank, which belongs nowhere."""
    belongs: Mapping[str, Collection[str]]
    """Where → what is at home there."""


def tell_away(connection: Any, brought: Brought) -> None:
    """A notice of each load's rows whose cells would fit pushed back, and do not where they are."""
    draft = brought.batch.draft
    columns = tables()[draft.table].columns
    cells = {name: one.cell for name, one in draft.staging.words.items() if columns[name].type in WORDY}
    if not cells:
        return
    look_at_all(connection, brought)
    words = _Words(_texts(connection, brought, cells), draft.neighbours, brought.count)
    odd = {cell: _odd(of, draft) for cell, of in words.texts.items()}
    blank = _blank(connection, list(words.texts), brought.count) if draft.dialect else set()
    asked = words.shared().union(*odd.values())
    if not asked and not blank:
        return
    home = _home(words, _counts(connection, list(words.texts), sorted(asked)), odd, blank)
    if home.away:
        listed = [(cell, text, _as_read(text, _page(draft))) for cell, text, _ in home.away]
        small_table(connection, "away_words", ["cell", "word", "as_read"], listed)
        drafts = dict(zip(brought.batch.loads, brought.batch.drafts, strict=True))
        for load_id, rows in _rows_with_any(connection, draft).items():
            _tell(connection, drafts[load_id], load_id, home, rows)
        connection.execute("drop table away_words")


def _texts(connection: Any, brought: Brought, cells: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Cell → its distinct texts; not of a long file's columns that hold many."""
    if not is_short(brought.count):
        few = {cells[name]: texts for name, texts in brought.words.items() if name in cells}
        return {cell: {text: meant(text, _page(brought.batch.draft)) for text in of} for cell, of in few.items()}
    listed = ", ".join(f"list(distinct {cell})" for cell in cells.values())
    found = connection.execute(f"select {listed} from raw_cells").fetchone()
    return {cell: {text: text for text in of or () if text} for cell, of in zip(cells.values(), found, strict=True)}


def _page(draft: Draft) -> str | None:
    return draft.dialect.code_page if draft.dialect else None


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _odd(texts: Mapping[str, str], draft: Draft) -> set[str]:
    """Numbers and days among words."""
    odd = {text for text in texts if draft.kind_of(text) not in ("", "text")} if len(texts) <= MOST_TEXTS else set()
    return odd if len(odd) <= max(1, (1 - NEARLY_ALL) * len(texts)) and len(odd) < len(texts) else set()


def _blank(connection: Any, cells: Sequence[str], rows: int) -> set[str]:
    """Cells of a file on disk that hardly a row leaves blank, and some do; rows in memory were looked at one by one."""
    if not cells:
        return set()
    filled = connection.execute(f"select {', '.join(f'count({cell})' for cell in cells)} from all_cells").fetchone()
    return {cell for cell, count in zip(cells, filled, strict=True) if 0 < rows - count <= max(1, RARE * rows)}


Counts = Mapping[tuple[str, str], int]


def _counts(connection: Any, cells: Sequence[str], texts: list[str]) -> Counts:
    """Cell and text → how many rows bear it."""
    parts = [
        f"select '{cell}', {cell}, count(*) from raw_cells where {cell} in (select unnest($1::varchar[])) group by 2"
        for cell in cells
    ]
    found = connection.execute(" union all ".join(parts), [texts]).fetchall() if texts else []
    return {(cell, text): count for cell, text, count in found}


def _home(words: _Words, counts: Counts, odd: Mapping[str, Collection[str]], blank: Collection[str]) -> _Home:
    """Where each of those texts belongs, by how often it stands there."""
    away: dict[str, dict[str, str]] = {cell: {} for cell in words.texts}
    for (cell, text), count in counts.items():
        said = words.texts[cell][text]
        there: dict[str, float] = {other: counts.get((other, text), 0) for other in words.texts if other != cell}
        there |= {to: words.times(to, said) for to, one in words.beside.items() if said in one.repeated}
        most = max(there, key=lambda other: there[other], default="")
        if text in odd[cell]:
            away[cell] |= {text: ""} if count <= max(1, RARE * words.rows) else {}
        elif count <= max(1, MOST * words.rows) and there.get(most, 0) >= max(FEWEST, AT_HOME * count):
            away[cell][text] = most
    belongs = _belonging(words, away, counts)
    found = [
        (cell, text, to)
        for cell, of in away.items()
        for text, to in of.items()
        if not to or len(belongs[to] - belongs[cell]) >= FEWEST_WORDS
    ]
    return _Home([*found, *((cell, "", "") for cell in blank)], belongs)


def _belonging(words: _Words, away: Mapping[str, Collection[str]], counts: Counts) -> dict[str, set[str]]:
    most: dict[str, float] = {}
    for (cell, text), count in counts.items():
        said = words.texts[cell][text]
        most[said] = max(most.get(said, 0), count)
    read = {cell: {said for text, said in of.items() if text not in away[cell]} for cell, of in words.texts.items()}
    return read | {
        to: {word for word in one.words if words.times(to, word) * AT_HOME > most.get(word, 0)}
        for to, one in words.beside.items()
    }


def _rows_with_any(connection: Any, draft: Draft) -> dict[int, list[tuple[int, bool]]]:
    """Load → the rows in which something is away, each with whether it is data."""
    asked = " or ".join(_is_away(f"c{place}", f"c{place}") for place in range(len(draft.positions)))
    found: dict[int, list[tuple[int, bool]]] = {}
    for load_id, row, is_data in connection.execute(
        f"select {LOAD}, {ROW}, {draft.data} from raw_cells where {asked} order by source_row"
    ).fetchmany(MOST_LOOKED_AT):
        found.setdefault(load_id, []).append((row, is_data))
    return found


def _tell(connection: Any, draft: Draft, load_id: int, home: _Home, rows: Sequence[tuple[int, bool]]) -> None:
    """A notice of those rows of a load that are pushed aside, and were not refused."""
    table, money = f"loaded.{draft.table}", tables()[draft.table].money or "0"
    there = connection.execute(
        f"""select source_row, coalesce({money}, 0) from {table}
        where load_id = ? and source_row in (select unnest(?::bigint[])) order by source_row""",
        [load_id, _pushed(_whole(connection, draft, rows), draft, home)],
    ).fetchall()
    if there:
        detail = _named(connection, draft, home, load_id, [row for row, _ in there])
        sums = [len(there), sum(amount for _, amount in there)]
        connection.execute("insert into loaded.notices values (?, 'words_away', ?, ?, ?)", [load_id, *sums, detail])


def _pushed(rows: Iterable[tuple[int, Sequence[str]]], draft: Draft, home: _Home) -> list[int]:
    """The numbers of those rows that are pushed aside; not where a word mostly stands alike in rows that fit."""
    places, page = _places(draft, home), _page(draft)
    away = {(draft.positions[int(cell[1:])], meant(text, page)) for cell, text, _ in home.away}
    looked_at, aside = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    pushed = {}
    for row, cells in rows:
        words = away & set(enumerate(cells))
        looked_at.update(words)
        if places.is_pushed(cells):
            aside.update(words)
            pushed[row] = words
    return [row for row, words in pushed.items() if any(2 * aside[word] >= looked_at[word] for word in words)]


def _places(draft: Draft, home: _Home) -> Places:
    usual = draft.usual()
    cells = {position: f"c{place}" for place, position in enumerate(draft.positions)}
    named = [(cells.get(place, ""), one.header) for place, one in enumerate(usual)]
    keys = [next((name for name in names if name in home.belongs), None) for names in named]
    homes = Counter(word for of in home.belongs.values() for word in of if _has_letters(word))
    owner = {word: to for to, of in home.belongs.items() for word in of if homes[word] == 1}
    return Places(usual, keys, home.belongs, owner, draft.kind_of)


def _whole(connection: Any, draft: Draft, rows: Sequence[tuple[int, bool]]) -> Iterator[tuple[int, Sequence[str]]]:
    """All cells of those of the rows that are data."""
    width = max(draft.positions) + 1
    if draft.dialect is None:
        data = {row for row, is_data in rows if is_data}
        for one in draft.whole() if draft.whole and data else ():
            if one.number in data:
                yield one.number, [*one.cells, *[""] * (width - len(one.cells))]
        return
    page, names = draft.dialect.code_page, [f"x{place}" for place in range(max(draft.dialect.columns, width))]
    asked = " or ".join(_is_away(f"x{place}", f"c{at}") for at, place in enumerate(draft.positions))
    found = connection.execute(f"""select {", ".join(f"coalesce({name}, '')" for name in names)}
        from {read_csv_sql(draft.dialect, names, draft.dialect.first_record)} where {asked}""").fetchmany(len(rows))
    if len(found) == len(rows):
        for (row, is_data), cells in zip(rows, found, strict=True):
            if is_data:
                yield row, [meant(cell, page) for cell in cells]


def _is_away(name: str, cell: str) -> str:
    return f"coalesce({name}, '') in (select unnest([word, as_read]) from away_words where cell = '{cell}')"


def _as_read(text: str, page: str | None) -> str:
    """What an old code page's bytes were read as, Latin-1: the other way round than `meant`."""
    return text if page is None or max(text, default="") <= "\xff" else text.encode(page, "replace").decode("latin-1")


def _named(connection: Any, draft: Draft, home: _Home, load_id: int, rows: Sequence[int]) -> str:
    """The first rows: what stands under which heading, and under which it belongs."""
    headings = {one.cell: draft.headers.get(name, name) for name, one in draft.staging.words.items()}
    belongs = {(cell, word): headings.get(to, to) for cell, word, to in home.away}
    cells = sorted({cell for cell, _, _ in home.away})
    named = []
    for row, *texts in connection.execute(
        f"""select {ROW}, {", ".join(cells)} from raw_cells
        where {LOAD} = {load_id} and {ROW} in (select unnest(?::bigint[])) order by source_row""",
        [rows[:SHOWN]],
    ).fetchall():
        said = [
            f"«{meant(text or '', _page(draft))}» («{headings[cell]}»{f' ← «{to}»' if to else ''})"
            for cell, text in zip(cells, texts, strict=True)
            if (to := belongs.get((cell, text or ""))) is not None
        ]
        named.append(f"{row}: {', '.join(said)}")
    return "; ".join([*named, *(["…"] if len(rows) > SHOWN else [])])


# What is usual in each place of a table's rows → whether a row fits only if its cells are pushed back.

FEWEST_WRONG = 2
"""Cells of a row that stand under wrong headings: one may be meant so."""


@dataclass(frozen=True)
class Places:
    """The places of a table's rows."""

    usual: Sequence[Usual]
    keys: Sequence[str | None]
    """What a place is called in the next two, None where nothing is known of its words."""
    belongs: Mapping[str, Collection[str]]
    """Where → the words that are at home there."""
    owner: Mapping[str, str]
    """Word → where it is at home, and nowhere else."""
    kind_of: Callable[[str], str]

    def is_pushed(self, row: Sequence[str]) -> bool:
        """Whether cells of a row changed places, or one was lost or put in, and a blank one made up for it."""
        cells = [*(cell.strip() for cell in row), *[""] * len(self.usual)][: len(self.usual)]
        wrong = [place for place, cell in enumerate(cells) if self._is_wrong(place, cell)]
        if len(wrong) < FEWEST_WRONG:
            return False
        first, last = wrong[0], wrong[-1]
        are_swapped = len(wrong) == FEWEST_WRONG and cells[first] and cells[last]
        if are_swapped and not (self._is_wrong(first, cells[last]) or self._is_wrong(last, cells[first])):
            return True
        return self._fits_right(cells, first, last) or self._fits_left(cells, first, last)

    def _is_wrong(self, place: int, cell: str) -> bool:
        usual, key = self.usual[place], self.keys[place]
        if not (kind := self.kind_of(cell)):
            return usual.is_full
        if usual.kind not in (None, kind):
            return True
        is_at_home = key is not None and cell in self.belongs[key]
        return not is_at_home and self.owner.get(cell, key) != key

    def _fits_right(self, cells: Sequence[str], first: int, last: int) -> bool:
        """A cell was lost at the first place, and a blank one stands behind what moved up."""
        end = next((place for place in range(last, len(cells)) if not self.kind_of(cells[place])), first)
        return end > first and not any(self._is_wrong(place + 1, cells[place]) for place in range(first, end))

    def _fits_left(self, cells: Sequence[str], first: int, last: int) -> bool:
        """A cell was put in at the first place, and what moved on took the last one, whatever had stood there."""
        return not any(self._is_wrong(place, cells[place + 1]) for place in range(first, last))
