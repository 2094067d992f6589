"""Rows of a table → those whose cells stand beside their headings: too many, too few, or pushed aside.

Of a file that is written out (CSV) the number of its cells tells; in a workbook, where cells have addresses, only what
they hold: a row that fits the kinds of all other rows once it is pushed back.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK, RawTable
from config.words import fold, vocabulary
from transforms.shape.totals import is_totals

WRITTEN_OUT = frozenset({"csv", "json", "html"})
LOOKED_AT, NEAR = 2_000, 60
"""Rows by which the kinds of columns are known, and by which it is chosen in which column all rows are looked at."""
MOST_TEXTS = 4_096
"""So many cells are known by their texts: a column says the same again and again, and is looked at several times."""
FEWEST_ROWS, USUAL = 3, 0.9
MARKED = {NUMBER_MARK: "number", MOMENT_MARK: "moment", DURATION_MARK: "duration"}
WRITTEN = (
    ("phone", re.compile(r"\+?[78]?[ (-]*\d{3}[ )-]*\d{3}[ -]*\d\d[ -]*\d\d")),
    ("moment", re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d)(?:[ T].*)?")),
    ("number", re.compile(r"[-−+]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?\s*(?:%|₽|руб\.?)?", re.IGNORECASE)),
)
"""What cells of a text file look like, the first that fits."""
HARDLY_EVER = "hardly ever filled"
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class _Others:
    """All rows but those in doubt, and what is usual among them."""

    kinds: Sequence[str | None]
    """Of each column that of nearly all filled cells, HARDLY_EVER, or None where no kind is usual."""
    full: Set[int]
    """Columns that every row fills."""
    is_padded: bool
    """Some rows are written to their end though nothing stands there, so that a shorter one was cut."""
    kind_of: Callable[[str], str]


def beside(raw: RawTable, headings: int, data: Sequence[int]) -> Mapping[int, int]:
    """A table in memory, how many headings it has and its rows of data in; row → how many cells it seems to have out.

    More than the headings: what a program cut at a mark inside a cell (`1200,10` in a comma-separated file) pushes all
    that follows aside. Fewer: a delimiter is missing, or the file breaks off.
    """
    rows = raw.rows or ()
    if raw.container == "csv":
        found = {**_surplus(rows, headings, data), **_uneven(rows, headings, data)}
        return found or _shifted(rows, headings, data, _kind_said_of_text)
    if raw.container in WRITTEN_OUT:
        return _surplus(rows, headings, data)
    suspects = [row for row in data if _cell(rows[row], headings).strip()]
    if not suspects or not _are_few(suspects, data):
        return {} if suspects else _shifted(rows, headings, data, _kind_said)
    usual = _others(rows, headings, [row for row in data if not _cell(rows[row], headings).strip()], _kind)
    return {row: headings + 1 for row in suspects if _fits_pushed_back(rows[row], usual)}


def beside_on_disk(raw: RawTable, headings: int, first: int, no_data: Rows) -> Mapping[int, int]:
    """The same of a long text table, whose data begin at the row `first`; `no_data` are rows at its end.

    Filled cells beyond the headings are left to SQL, which sees every row.
    """
    odd = {row: cells for row, cells in raw.odd_rows.items() if row >= first and list(cells) not in no_data}
    if not odd or raw.beyond is None:
        return {}
    near = [cells for row, cells in enumerate(raw.head) if row >= first and row not in raw.odd_rows]
    width = max((len(cells) for cells in near), default=0)
    if list(raw.head[-len(raw.tail) :]) != list(raw.tail):
        near += [cells for cells in raw.tail if len(cells) == width and list(cells) not in no_data]
    elif not _are_few(list(odd), range(len(near) + len(odd))):  # these are all rows that there are
        return {}
    blanks = raw.beyond.blanks(range(headings), first)
    few = len(odd) + len(no_data)
    full = {place for place, count in enumerate(blanks) if count <= few}
    kinds = [_usual([_cell(cells, place) for cells in near], _kind_of_text) for place in range(headings)]
    others = _Others(kinds, full, headings - 1 not in full and width >= headings, _kind_of_text)
    return _judged(odd, headings, max(0, width - headings), others)


def _shifted(rows: Rows, headings: int, data: Sequence[int], kind_of: Callable[[str], str]) -> dict[int, int]:
    """Rows of the usual width in which a cell was deleted or inserted: all others fit only if it is taken back.

    Only rows that are odd in the last column which nearly every row fills are looked at.
    """
    near = [[kind_of(_cell(rows[row], place)) for row in data[:NEAR]] for place in range(headings)]
    kinds = [usual_kind(cells) for cells in near]
    filled = [sum(map(bool, cells)) >= USUAL * len(cells) for cells in near]
    last = max((place for place in range(headings) if kinds[place] and filled[place]), default=None)
    odd = [] if last is None else [row for row in data if kind_of(_cell(rows[row], last)) != kinds[last]]
    if not odd or not _are_few(odd, data):
        return {}
    left = set(odd)
    others = _others(rows, headings, [row for row in data if row not in left], kind_of)
    found = {row: _cells_meant([_cell(rows[row], place) for place in range(headings)], others) for row in odd}
    return {row: count for row, count in found.items() if count is not None}


FEWEST_WRONG = 2
"""Cells of a row that stand under wrong headings: one may be somebody's slip."""


def _cells_meant(row: list[str], others: _Others) -> int | None:
    """A row, as wide as the headings; one cell less if one was deleted, one more if one was inserted, else None."""
    if len(_wrong(row, others)) < FEWEST_WRONG:
        return None
    for place in range(len(row)) if not row[-1].strip() else ():
        if _wrong([*row[:place], "", *row[place:-1]], others) <= {place}:
            return len(row) - 1
    for place, cell in enumerate(row):
        if not cell.strip() and not _wrong([*row[:place], *row[place + 1 :], ""], others):
            return len(row) + 1
    return None


def _surplus(rows: Rows, headings: int, data: Iterable[int]) -> dict[int, int]:
    return {row: count for row in data if (count := surplus_of(rows[row], headings)) is not None}


def surplus_of(row: Sequence[str], headings: int) -> int | None:
    """A row and how many headings there are in; how many cells it has if a filled one is beyond them, else None."""
    if len(row) <= headings:
        return None
    return max((place for place, cell in enumerate(row[headings:], headings + 1) if cell.strip()), default=None)


def _uneven(rows: Rows, headings: int, data: Sequence[int]) -> dict[int, int]:
    """Rows of a text table that have more or fewer cells than nearly all others, and do not fit as they stand."""
    widths = Counter(len(rows[row]) for row in data)
    [(width, _)] = widths.most_common(1) or [(0, 0)]
    odd = [row for row in data if len(rows[row]) != width]
    if not odd or width < headings or not _are_few(odd, data):
        return {}
    others = _others(rows, headings, [row for row in data if len(rows[row]) == width], _kind_of_text)
    return _judged({row: rows[row] for row in odd}, headings, width - headings, others)


def _judged(odd: Mapping[int, Sequence[str]], headings: int, trailing: int, others: _Others) -> dict[int, int]:
    """Rows of another width in; those that are cut or pushed aside, each with the number of its cells, out.

    `trailing` delimiters end every row, whatever it holds.
    """
    found = {}
    for row, cells in odd.items():
        own = len(cells) - trailing
        is_short = own < headings and not any(cell.strip() for cell in cells[max(own, 0) :])
        if is_short and len(cells) > 1 and own > 0:
            lacking = range(own, headings)
            is_cut = bool(_wrong(cells, others)) if others.is_padded else others.full >= set(lacking)
            if is_cut and not is_totals(cells):
                found[row] = own
        elif own > headings and surplus_of(cells, headings) is None and _fits_pushed_back(cells, others):
            found[row] = own
    return found


def _are_few(odd: Sequence[int], data: Sequence[int]) -> bool:
    """Whether rows are so few of all that the others tell what is usual; in a short table one is."""
    return len(odd) <= max(1, (1 - USUAL) * len(data)) and len(data) - len(odd) >= FEWEST_ROWS


def _others(rows: Rows, headings: int, usual: Sequence[int], kind_of: Callable[[str], str]) -> _Others:
    kinds = [_usual([_cell(rows[row], place) for row in usual[:LOOKED_AT]], kind_of) for place in range(headings)]
    full = {place for place in range(headings) if all(kind_of(_cell(rows[row], place)) for row in usual)}
    return _Others(kinds, full, headings - 1 not in full, kind_of)


def _wrong(row: Sequence[str], others: _Others) -> set[int]:
    """The places of cells that are of another kind than their column, or blank where no other row's is."""
    return {
        place
        for place, usual in enumerate(others.kinds)
        if (
            usual not in {kind, HARDLY_EVER, None}
            if (kind := others.kind_of(_cell(row, place)))
            else place in others.full
        )
    }


def _fits_pushed_back(row: Sequence[str], others: _Others) -> bool:
    """Whether cells fit one place further left: a kind tells, a hole where no other row has one, or none at the end."""
    kinds = [others.kind_of(_cell(row, place)) for place in range(len(others.kinds) + 1)]
    for place in reversed(range(len(others.kinds))):
        usual, kind = others.kinds[place], kinds[place]
        if usual is None or kinds[place + 1] not in {usual, ""}:
            return False
        if usual == HARDLY_EVER:
            if kind and place + 1 == len(others.kinds):
                return True
        elif kind not in {usual, ""} or (not kind and place in others.full):
            return True
    return False


def kind_in(container: str) -> Callable[[str], str]:
    """How the kind of a cell is told, in files of text by its looks, else by its type; a dash is blank."""
    return _kind_said_of_text if container in WRITTEN_OUT else _kind_said


def usual_kind(kinds: Sequence[str]) -> str | None:
    """The kinds of a column's cells in; that of nearly all filled ones, or None, out."""
    filled = Counter(kind for kind in kinds if kind)
    [(kind, count)] = filled.most_common(1) or [("", 0)]
    return kind if count >= max(FEWEST_ROWS, USUAL * filled.total()) else None


def _usual(cells: Sequence[str], kind_of: Callable[[str], str]) -> str | None:
    """The kind of nearly all filled cells of a column; None if it has several, or too few are filled."""
    kinds = Counter(kind for cell in cells if (kind := kind_of(cell)))
    if kind_of is _kind_of_text and kinds.total() <= (1 - USUAL) * len(cells):
        return HARDLY_EVER
    return usual_kind([*kinds.elements()])


def _kind(cell: str) -> str:
    return MARKED.get(cell[:1], "text") if cell.strip() else ""


def _kind_said(cell: str) -> str:
    """The same, where «нет» and a dash are blank."""
    return "" if fold(cell) in _nulls() else _kind(cell)


@cache
def _nulls() -> frozenset[str]:
    return frozenset(map(fold, vocabulary().nulls))


@lru_cache(MOST_TEXTS)
def _kind_of_text(cell: str) -> str:
    text = cell.strip()
    return next((kind for kind, form in WRITTEN if form.fullmatch(text)), "text") if text else ""


@lru_cache(MOST_TEXTS)
def _kind_said_of_text(cell: str) -> str:
    return "" if fold(cell) in _nulls() else _kind_of_text(cell)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
