"""A tab's plan → the cells to write, as few rectangles of typed values with their formats; and the notes.

Rectangles are serialised row by row, so that a report of half a million cells never stands in memory twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, groupby

from connectors.google_sheets.formats import as_text, cell_format, format_json, with_overrides
from connectors.google_sheets.known.publication import Published, RememberedRow
from connectors.google_sheets.plan.rows import DraftRow, Written
from connectors.google_sheets.plan.tab import TabPlan
from connectors.google_sheets.values import Plain, cells_json, values_json

KEPT = "kept"
"""Format of a cell that stands as we left it, or as the owner changed it, and is not written again."""
CLEARED = "{}"
"""Format of a cell of ours that holds nothing any more: value and format go."""
WHOLE: tuple[int, ...] = ()
"""Every cell of a row, in order."""


@dataclass(frozen=True, slots=True)
class Run:
    """Cells side by side: their values, and their CellFormats as JSON, or KEPT, or CLEARED."""

    values: Sequence[Plain]
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A rectangle of cells to write; rows and columns of the grid, counted from 0."""

    row: int
    column: int
    rows: Sequence[Run]

    @property
    def width(self) -> int:
        """How many columns."""
        return len(self.rows[0].values)


def blocks(plan: TabPlan, sheet_ids: Mapping[str, int]) -> list[Block]:
    """A plan, and the ids of the report's tabs for links between them, in; the rectangles to write out.

    A cell that the draft does not name is left as it stands, unless we wrote it before: then it is cleared.
    """
    places = plan.rows.places()
    by_row = sorted((places[name], row) for row, name in enumerate(plan.draft.identities))
    writing = _Writing(plan, sheet_ids)
    runs = ((place, *run) for place, row in by_row for run in writing.runs(row))
    blank = dict.fromkeys(plan.columns, (None, CLEARED))
    return list(_stacked(chain(runs, ((place, *run) for place in plan.rows.emptied for run in _loose(blank)))))


def notes(plan: TabPlan) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of the notes to write: on cells new to the tab, and where nobody but us ever changed it."""
    places = plan.rows.places()
    for name, cells in zip(plan.draft.identities, plan.draft.rows, strict=True):
        if cells.notes or plan.remembered.has_notes(name):
            for column, cell in cells.items():
                if _owes_note(plan, name, column, cell):
                    yield places[name], plan.columns[column], cell.note


def serialised(block: Block) -> Iterator[str]:
    """A rectangle in; its rows as JSON out: `{"values":[…]}` with values and formats."""
    return (cells_json(run.values, run.formats) for run in block.rows)


def serialised_values(block: Block) -> Iterator[str]:
    """A rectangle in; its rows as JSON out, values only."""
    return (values_json(run.values) for run in block.rows)


@dataclass(frozen=True)
class _Writing:
    """One plan's rows on their way to be runs of cells; rows alike are looked into once."""

    plan: TabPlan
    sheet_ids: Mapping[str, int]

    @cached_property
    def _changed(self) -> set[str]:
        """Identities of the rows in which the owner changed a format."""
        return {name for name, _ in self.plan.changed_formats}

    @cached_property
    def _columns(self) -> tuple[int, ...]:
        return tuple(self.plan.columns)

    @cached_property
    def _inserted(self) -> frozenset[int]:
        return frozenset(column for column, _ in self.plan.new_columns)

    @cached_property
    def _keeping(self) -> bool:
        """Whether rows that stood keep their formats: on a large tab, whose formats were not read."""
        return self.plan.tab is not None and self.plan.tab.is_large

    def runs(self, row: int) -> Iterator[tuple[int, Run]]:
        """A row of the draft in; its unbroken runs, each with its first column of the grid, out."""
        name, cells = self.plan.draft.identities[row], self.plan.draft.rows[row]
        cleared = self._cleared(name, cells)
        formats = None if cleared else self._formats(name, cells)
        if formats is not None:
            return _placed(cells, formats, self._columns)
        return _loose(self._cells(name, cells, cleared))

    def _cleared(self, name: str, cells: DraftRow) -> frozenset[int]:
        """Columns of the document where something of ours stood, or which were just inserted, and nothing comes."""
        plan = self.plan
        if plan.is_new:
            return frozenset()
        if name in plan.rows.fresh:
            return _besides(tuple(range(len(plan.columns))), cells.columns)
        before = plan.remembered.row(name)
        stood = before.columns if isinstance(before, RememberedRow) else tuple(before)
        left = _besides(stood, cells.columns) | self._inserted.difference(cells.columns)
        return frozenset(column for column in left if column < len(plan.columns)) if left else left

    def _formats(self, name: str, cells: DraftRow) -> tuple[str, ...] | None:
        """The formats of a row all of whose cells keep theirs, or all have those of the draft; else None."""
        shape = cells.shape
        if self._keeps(name):
            before = self.plan.remembered.row(name)
            if isinstance(before, RememberedRow) and before.kept.columns == shape.columns:
                return _all_kept(len(cells)) if before.kept.formats == shape.formats_json else None
            return None
        return None if cells.links or name in self._changed else shape.formats

    def _cells(self, name: str, cells: DraftRow, cleared: frozenset[int]) -> dict[int, tuple[Plain, str]]:
        """Column of the grid → value and format, for everything of one row that is to be written or cleared."""
        plan = self.plan
        found: dict[int, tuple[Plain, str]] = {plan.columns[column]: (None, CLEARED) for column in cleared}
        before = plan.remembered.row(name) if self._keeps(name) else {}
        for column, cell in cells.items():
            found[plan.columns[column]] = (cell.value, self._drawn(name, column, cell, before.get(column)))
        return found

    def _keeps(self, name: str) -> bool:
        return self._keeping and name not in self.plan.rows.fresh

    def _drawn(self, name: str, column: int, cell: Written, before: Published | None) -> str:
        """A cell, and what stood there if formats are kept, in; its format with an owner's change or a link, out."""
        drawn = format_json(cell.look, isinstance(cell.value, str))
        if before is not None and before.format == drawn:
            return KEPT
        changed = self.plan.changed_formats.get((name, column))
        if not changed and not cell.link:
            return drawn
        format_ = with_overrides(cell_format(cell.look, isinstance(cell.value, str)), changed or {})
        if cell.link:
            uri = f"#gid={self.sheet_ids.get(cell.link[1:], 0)}" if cell.link.startswith("#") else cell.link
            format_ = format_ | {"textFormat": format_["textFormat"] | {"link": {"uri": uri}}}
        return as_text(format_)


@lru_cache(maxsize=4096)
def _besides(stood: tuple[int, ...], drafted: tuple[int, ...]) -> frozenset[int]:
    return frozenset(stood).difference(drafted)


@lru_cache(maxsize=1024)
def _all_kept(count: int) -> tuple[str, ...]:
    return (KEPT,) * count


def _placed(cells: DraftRow, formats: tuple[str, ...], columns: tuple[int, ...]) -> Iterator[tuple[int, Run]]:
    """A row of the draft, its formats, and where columns of the document stand in the grid, in; its runs out."""
    for start, numbers in _layout(cells.columns, columns):
        if numbers is WHOLE:
            yield start, Run(cells.held, formats)
        else:
            yield start, Run([cells.held[number] for number in numbers], tuple([formats[number] for number in numbers]))


@lru_cache(maxsize=1024)
def _layout(drafted: tuple[int, ...], columns: tuple[int, ...]) -> Sequence[tuple[int, tuple[int, ...]]]:
    """Columns of a row and where columns stand in the grid in; each run's first column and which cells it has out."""
    number_at = {columns[column]: number for number, column in enumerate(drafted)}
    runs = [(run[0], tuple(number_at[place] for place in run)) for run in _unbroken(sorted(number_at))]
    whole = tuple(range(len(drafted)))
    return [(start, WHOLE if numbers == whole else numbers) for start, numbers in runs]


def _loose(cells: Mapping[int, tuple[Plain, str]]) -> Iterator[tuple[int, Run]]:
    """Column of the grid → value and format in; the unbroken runs out."""
    for run in _unbroken(sorted(cells)):
        yield run[0], Run([cells[place][0] for place in run], tuple([cells[place][1] for place in run]))


def _unbroken(places: Sequence[int]) -> Iterator[list[int]]:
    """Rising numbers in; the runs of those that follow one another out."""
    for _, run in groupby(enumerate(places), lambda one: one[1] - one[0]):
        yield [place for _, place in run]


def _stacked(runs: Iterator[tuple[int, int, Run]]) -> Iterator[Block]:
    """Runs, top down, in; rectangles of those that stand under one another in the same columns out."""
    open_: dict[tuple[int, int], tuple[int, list[Run]]] = {}
    for row, column, run in runs:
        shape = (column, len(run.values))
        first, rows = open_.get(shape, (row, []))
        if rows and first + len(rows) != row:
            yield Block(first, column, rows)
            first, rows = row, []
        rows.append(run)
        open_[shape] = (first, rows)
    for (column, _), (first, rows) in open_.items():
        yield Block(first, column, rows)


def _owes_note(plan: TabPlan, name: str, column: int, cell: Written) -> bool:
    if plan.is_new or name in plan.rows.fresh:
        return bool(cell.note)
    before = plan.remembered.note(name, column)
    if before == cell.note or plan.tab is None or name not in plan.standing or column not in plan.tab.columns:
        return False
    return plan.tab.at(plan.standing[name], plan.tab.columns[column]).note == before
