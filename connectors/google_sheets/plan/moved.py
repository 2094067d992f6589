"""Columns of ours that somebody cut → where they were pasted: there they would grow old unnoticed.

Google keeps our marks where they stood, so the report is written in its own place; what was pasted is the owner's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from config.documents import FORGOTTEN
from connectors.a1 import cell_name
from connectors.google_sheets.known.publication import MOVED, VALUE, Edit, Remembered
from connectors.google_sheets.known.state import Tab
from connectors.google_sheets.plan.compare import Comparison
from connectors.google_sheets.values import Plain, canonical

FEWEST, SHARE_CUT, SHARE_FOUND = 3, 0.3, 0.6
"""So many cells of a column, and this share of its cells, must be changed here; of those, this share stands there."""
FEWEST_CELLS = 2
"""Cells of a row of a table."""
Texts = Mapping[int, Sequence[str]]
"""Column of the document → what was published in it and stands there no more."""
Grid = Mapping[int, Sequence[tuple[int, str]]]
"""Column of a grid → row and text of what stands in it."""


@dataclass(frozen=True)
class Cut:
    """Columns of one tab of which many cells hold no more what was published there; those cells."""

    columns: Texts = field(default_factory=dict)
    headers: Mapping[int, str] = field(default_factory=dict)


def cut_columns(tab: Tab, memory: Remembered, found: Comparison, columns: Mapping[int, int]) -> Cut:
    """A tab compared with what was last published there in; the columns many of whose cells are not as they were out.

    Of tables alone: a title or a sentence stands in one cell.
    """
    gone: dict[int, list[str]] = {}
    counts: Counter[int] = Counter()
    headers: dict[int, str] = {}
    for name, row in zip(memory.identities, memory.rows, strict=True):
        cells = {
            column: cell.value
            for column, cell in row.items()
            if cell.value not in {"", FORGOTTEN} and column in columns
        }
        if len(cells) < FEWEST_CELLS or name not in found.standing:
            continue
        for column, value in cells.items():
            if name.startswith("~header"):
                headers.setdefault(column, value)
            counts[column] += 1
            if tab.at(found.standing[name], columns[column]).text != value:
                gone.setdefault(column, []).append(value)
    return Cut({at: texts for at, texts in gone.items() if _is_part(len(texts), counts[at], SHARE_CUT)}, headers)


def pasted(cut: Cut, grid: Grid) -> dict[int, tuple[int, int]]:
    """Columns that were cut, and what stands elsewhere, in; of each column found there its first row and column out."""
    found: dict[int, tuple[int, int]] = {}
    free = dict(grid)
    for column, texts in cut.columns.items():
        wanted = Counter(texts)
        best = max(free, key=lambda at: _alike(wanted, free[at]), default=None)
        if best is not None and _is_part(_alike(wanted, free[best]), len(texts), SHARE_FOUND):
            found[column] = (next(row for row, text in free.pop(best) if text in wanted), best)
    return found


def beside_ours(tab: Tab, ours: set[int]) -> Grid:
    """What stands on a tab outside our columns."""
    grid: dict[int, list[tuple[int, str]]] = {}
    for number, row in enumerate(tab.rows):
        for column, seen in row.items():
            if column not in ours and seen.text:
                grid.setdefault(column, []).append((number, seen.text))
    return grid


def grid_of(rows: Sequence[Sequence[Plain]]) -> Grid:
    """The values of another tab, as columns."""
    grid: dict[int, list[tuple[int, str]]] = {}
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value not in (None, ""):
                grid.setdefault(column, []).append((number, canonical(value)))
    return grid


def told_moved(tab: Tab, cut: Cut, places: Mapping[int, tuple[int, int]], other: str = "") -> Iterator[Edit]:
    """Columns and where they were pasted, on another tab if one is named, in; one remark for all of them out."""
    if places:
        row, column = min(places.values(), key=lambda place: place[::-1])
        where = cell_name(row, column)
        names = ", ".join(cut.headers.get(column, cell_name(0, column)[:-1]) for column in sorted(places))
        cell = f"{where} («{other}»)" if other else where
        yield Edit(tab.key, tab.title, cell, "~moved", None, None, kind=MOVED, label=names)


def without_cut(edits: Sequence[Edit], memory: Remembered) -> list[Edit]:
    """Edits without what only follows from a cut: blanks and figures of a neighbouring column are no edits."""
    return [
        edit
        for edit in edits
        if edit.kind != VALUE
        or (_told(edit) and _told(edit) not in {cell.value for cell in memory.row(edit.row_key).values()})
    ]


def _told(edit: Edit) -> str:
    """What stands where an edit was found; values that stand on a tab are plain ones."""
    return canonical(edit.found) if isinstance(edit.found, str | int | float | None) else str(edit.found)


def _alike(wanted: Counter[str], there: Sequence[tuple[int, str]]) -> int:
    return (wanted & Counter(text for _, text in there)).total()


def _is_part(count: int, of: int, share: float) -> bool:
    return count >= FEWEST and count >= share * of
