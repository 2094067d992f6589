"""Rows of a table in memory → those whose cells stand beside their headings: too many, too few, or pushed aside.

Of a file that is written out (CSV) the number of its cells tells; in a workbook, where cells have addresses, only what
they hold: a row that fits the kinds of all other rows once it is pushed back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK, RawTable

WRITTEN_OUT = frozenset({"csv", "json", "html"})
LOOKED_AT = 2_000
"""Rows by which the kinds of columns are known."""
FEWEST_ROWS, USUAL = 3, 0.9
MARKED = {NUMBER_MARK: "number", MOMENT_MARK: "moment", DURATION_MARK: "duration"}
Rows = Sequence[Sequence[str]]


def beside(raw: RawTable, headings: int, data: Sequence[int]) -> Mapping[int, int]:
    """A table, how many headings it has and its rows of data in; row → how many cells it seems to have out.

    More than the headings: what a program cut at a mark inside a cell (`1200,10` in a comma-separated file) pushes all
    that follows aside. Fewer: a delimiter is missing, or the file breaks off.
    """
    rows = raw.rows or ()
    if raw.container in WRITTEN_OUT:
        found = {row: count for row in data if (count := surplus_of(rows[row], headings)) is not None}
        return {**found, **(_short(rows, headings, data) if raw.container == "csv" else {})}
    return dict.fromkeys(_pushed(rows, headings, data), headings + 1)


def surplus_of(row: Sequence[str], headings: int) -> int | None:
    """A row and how many headings there are in; how many cells it has if a filled one is beyond them, else None."""
    if len(row) <= headings:
        return None
    return max((place for place, cell in enumerate(row[headings:], headings + 1) if cell.strip()), default=None)


def _short(rows: Rows, headings: int, data: Sequence[int]) -> Mapping[int, int]:
    """Rows that end before the last heading, where nearly all others fill every heading that these lack."""
    short = [row for row in data if 1 < len(rows[row]) < headings]
    if not short or not _are_few(short, data):
        return {}
    fullest = min(len(rows[row]) for row in short)
    cut = set(short)
    lacking = range(fullest, headings)
    full = [row for row in data if row not in cut]
    filled = sum(all(_cell(rows[row], place).strip() for place in lacking) for row in full)
    return {row: len(rows[row]) for row in short} if filled == len(full) else {}


def _are_few(odd: Sequence[int], data: Sequence[int]) -> bool:
    """Whether rows are so few of all that the others tell what is usual; in a short table one is."""
    return len(odd) <= max(1, (1 - USUAL) * len(data)) and len(data) - len(odd) >= FEWEST_ROWS


def _pushed(rows: Rows, headings: int, data: Sequence[int]) -> list[int]:
    """Rows with a cell right beyond the last heading that fit the kinds of the columns only if pushed back."""
    suspects = [row for row in data if _cell(rows[row], headings).strip()]
    if not suspects or not _are_few(suspects, data):
        return []
    others = [row for row in data[:LOOKED_AT] if not _cell(rows[row], headings).strip()]
    usual = [_usual([_cell(rows[row], place) for row in others]) for place in range(headings)]
    full = {place for place in range(headings) if all(_cell(rows[row], place).strip() for row in others)}
    return [row for row in suspects if _fits_pushed_back(rows[row], usual, full)]


def _fits_pushed_back(row: Sequence[str], usual: Sequence[str | None], full: Collection[int]) -> bool:
    """Whether cells fit one place further left: a kind tells, or a hole where no other row has one."""
    kinds = [_kind(_cell(row, place)) for place in range(len(usual) + 1)]
    for place in reversed(range(len(usual))):
        if usual[place] is None or kinds[place + 1] not in {usual[place], ""}:
            return False
        if kinds[place] not in {usual[place], ""} or (not kinds[place] and place in full):
            return True
    return False


def _usual(cells: Sequence[str]) -> str | None:
    """The kind of nearly all filled cells of a column; None if it has several, or too few are filled."""
    kinds = Counter(kind for cell in cells if (kind := _kind(cell)))
    [(kind, count)] = kinds.most_common(1) or [("", 0)]
    return kind if count >= max(FEWEST_ROWS, USUAL * kinds.total()) else None


def _kind(cell: str) -> str:
    return MARKED.get(cell[:1], "text") if cell.strip() else ""


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""
