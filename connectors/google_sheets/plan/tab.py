"""A draft, what we remember and what stands in the tab → where every cell goes, and what the owner changed."""

from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from connectors.a1 import cell_name
from connectors.google_sheets.known.publication import MERGED, Edit, Published, Remembered
from connectors.google_sheets.known.state import DEFAULT_ROW_PX, Seen, Tab, ValueRow
from connectors.google_sheets.plan.compare import Comparison, beside, compare, covered, orphaned, recognise
from connectors.google_sheets.plan.merges import Carried, Step, carried, tall_beside
from connectors.google_sheets.plan.moved import Cut, beside_ours, cut_columns, grid_of, pasted, told_moved, without_cut
from connectors.google_sheets.plan.rows import Draft
from connectors.google_sheets.values import Plain, canonical

# Rows as they stand and rows as they shall stand → the deletions, moves and insertions of whole rows that lead there.
#
# Whole rows are moved, so whatever an owner typed beside one of ours goes with it: values, formulas (which Google
# re-points), notes, heights, validation. Rows that an owner inserted between ours stay below the row they stood under.

MANY_ROWS = 3_000
"""Above this, only rows with something of the owner's in them keep their identity; the others are interchangeable."""


@dataclass(frozen=True)
class RowPlan:
    """The steps, and what each row of the rectangle is after them (None: a row the owner inserted)."""

    steps: Sequence[Step]
    after: Sequence[str | None]
    fresh: frozenset[str]
    """Identities of the rows that were inserted, or that another row of ours gave its place."""
    removed: frozenset[int] = frozenset()
    """Rows, as they stood before, that are deleted."""
    emptied: Sequence[int] = ()
    """Rows below ours, after the steps, that left the report and that Google lets us not delete."""

    def places(self) -> dict[str, int]:
        """Identity → row of the grid."""
        return {name: place for place, name in enumerate(self.after) if name is not None}


def plan_rows(
    standing: Sequence[str | None], wanted: Sequence[str], touched: Collection[str], locked: Collection[int] = ()
) -> RowPlan:
    """Rows that stand (None: the owner's own), identities wanted top down, and those touched in; the plan out.

    Touched are rows that hold something of the owner's. A sentence that leaves gives its place to a new one; in a very
    large report all rows but the touched are interchangeable. Rows at the places locked hold a cell that is protected
    from us, so Google deletes none of them: one that leaves is emptied and stands below ours.
    """
    grid = list(standing)
    if max(len(standing), len(wanted)) > MANY_ROWS:
        grid = _interchanged(grid, wanted, touched)
    grid = _recycled(grid, wanted, touched)
    kept = {name for name, before in zip(grid, standing, strict=True) if name == before and name is not None}
    asked = set(wanted)
    left = {place: f"~left:{place}" for place in locked if place < len(grid) and grid[place] not in {None, *asked}}
    grid = [left.get(place, name) for place, name in enumerate(grid)]
    fresh, wanted = frozenset(asked - kept), [*wanted, *left.values()]
    asked.update(left.values())
    removed = frozenset(place for place, name in enumerate(grid) if name is not None and name not in asked)
    steps = [*_deletions(grid, asked)]
    steps += _moves(grid, wanted)
    steps += _insertions(grid, wanted)
    emptied = [place for place, name in enumerate(grid) if name in left.values()]
    after = [None if place in emptied else name for place, name in enumerate(grid)]
    return RowPlan(steps, after, fresh, removed, emptied)


def _deletions(grid: list[str | None], wanted: set[str]) -> Iterator[Step]:
    """Delete our rows that are wanted no more, from the lowest up."""
    end = len(grid)
    while end > 0:
        start = end
        while start > 0 and grid[start - 1] is not None and grid[start - 1] not in wanted:
            start -= 1
        if start < end:
            del grid[start:end]
            yield Step("delete", start, end - start)
        end = min(start, end - 1)


def _moves(grid: list[str | None], wanted: Sequence[str]) -> Iterator[Step]:
    """Bring the rows that stay into the wanted order, leaving as many as possible where they are."""
    rank = {name: number for number, name in enumerate(wanted)}
    ranks = [rank[name] for name in grid if name is not None]
    settled = _longest_rising(ranks)
    previous: str | None = None
    for name in sorted((name for name in grid if name is not None), key=rank.__getitem__):
        if rank[name] not in settled:
            start = grid.index(name)
            size = 1 + _owners_rows_below(grid, start)
            destination = _end_of_group(grid, previous)
            if destination not in range(start, start + size + 1):
                yield Step("move", start, size, destination)
                block = grid[start : start + size]
                del grid[start : start + size]
                at = destination - size if destination > start else destination
                grid[at:at] = block
        previous = name


def _insertions(grid: list[str | None], wanted: Sequence[str]) -> Iterator[Step]:
    """Insert the rows that are new, each run of them at once."""
    present = {name for name in grid if name is not None}
    run: list[str] = []
    previous: str | None = None
    for name in [*wanted, None]:
        if name is not None and name not in present:
            run.append(name)
            continue
        if run:
            at = _end_of_group(grid, previous)
            grid[at:at] = run
            yield Step("insert", at, len(run))
            run = []
        previous = name


def _end_of_group(grid: Sequence[str | None], name: str | None) -> int:
    """The place after a row of ours and the owner's rows under it; for None, after the owner's rows at the very top."""
    start = -1 if name is None else grid.index(name)
    return start + 1 + _owners_rows_below(grid, start)


def _owners_rows_below(grid: Sequence[str | None], start: int) -> int:
    found = 0
    while start + 1 + found < len(grid) and grid[start + 1 + found] is None:
        found += 1
    return found


def _interchanged(standing: Sequence[str | None], wanted: Sequence[str], touched: Collection[str]) -> list[str | None]:
    """Give the rows that hold nothing of the owner's the identities wanted, in order, so that they need not move."""
    bound = set(touched) & set(wanted)
    free = (name for name in wanted if name not in bound)
    gone = (f"~gone:{number}" for number in count())
    return [name if name is None or name in touched else next(free, None) or next(gone) for name in standing]


def _recycled(standing: Sequence[str | None], wanted: Sequence[str], touched: Collection[str]) -> list[str | None]:
    """Give the places of sentences and blanks that leave, if the owner left them alone, to new ones of their kind.

    Not so rows with a key: a formula that an owner points at the calls of «VK» must break when «VK» leaves, rather
    than go on with another channel's.
    """
    asked, present = set(wanted), {name for name in standing if name is not None}
    coming: dict[str, deque[str]] = {}
    for name in wanted:
        if name not in present and name.startswith("~"):
            coming.setdefault(_kind(name), deque()).append(name)
    grid = list(standing)
    for place, stood in enumerate(standing):
        if stood is not None and stood not in asked and stood not in touched and coming.get(_kind(stood)):
            grid[place] = coming[_kind(stood)].popleft()
    return grid


def _kind(name: str) -> str:
    """What an unkeyed row is, without which one: two texts are of one kind."""
    return name.partition(":")[0]


def _longest_rising(ranks: Sequence[int]) -> set[int]:
    """The members of a longest rising subsequence: the rows that need not move."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, rank in enumerate(ranks):
        place = bisect_left(tails, rank)
        before.append(at[place - 1] if place else -1)
        if place == len(tails):
            tails.append(rank)
            at.append(number)
        else:
            tails[place], at[place] = rank, number
    kept: set[int] = set()
    number = at[-1] if at else -1
    while number >= 0:
        kept.add(ranks[number])
        number = before[number]
    return kept


SPARE_ROWS = 30
"""Blank rows below a new report, for its owner."""
ROW_PX = 20


@dataclass(frozen=True)
class TabPlan:
    """Where a draft goes on its tab."""

    draft: Draft
    tab: Tab | None
    """The tab as it stands; None if it is to be made."""
    rows: RowPlan
    standing: Mapping[str, int]
    """Identity → row of the grid before anything is changed ."""
    columns: Sequence[int]
    """Column of the document → column of the grid, after the missing ones are inserted."""
    new_columns: Sequence[tuple[int, int]]
    """Columns of the document that are to be inserted, in order, each with its place in the grid at that moment."""
    changed_formats: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    """Identity and column of the document → what the owner changed in the cell's format."""
    remembered: Remembered = field(default_factory=lambda: Remembered((), (), {}))
    edits: Sequence[Edit] = ()
    carried: Sequence[Carried] = ()
    """Merges of the owner's beside our rows, which come along."""
    cut: Cut = field(default_factory=Cut)
    """Columns that somebody cut and did not paste on the same tab."""
    is_untouched: bool = False
    """We do not remember the tab, but nothing of ours in it was changed since it was published."""

    @property
    def is_new(self) -> bool:
        """Whether the tab is to be made."""
        return self.tab is None

    def grid_rows(self) -> int:
        """How many rows the grid has once the plan is carried out."""
        if self.tab is None:
            below = (chart.anchor_row + chart.height_px // ROW_PX + 2 for chart in self.draft.sheet.charts)
            return max(len(self.draft.rows), *below, 1) + SPARE_ROWS
        grown = sum(step.count * {"insert": 1, "delete": -1, "move": 0}[step.kind] for step in self.rows.steps)
        return max(self.tab.row_count + grown, len(self.rows.after))


def plan_new(draft: Draft) -> TabPlan:
    """A draft whose tab does not exist in; the plan for a tab of its own out."""
    rows = RowPlan((), draft.identities, frozenset(draft.identities))
    return TabPlan(draft, None, rows, {}, range(draft.columns), ())


def plan_tab(draft: Draft, tab: Tab, memory: Remembered) -> TabPlan:
    """A draft, its tab and what was last published there in; the plan out, with the owner's edits."""
    before, memory = _before(draft, tab), _under_its_names(memory, draft)
    found = compare(tab, memory, before)
    cut = Cut() if tab.is_large else cut_columns(tab, memory, found, before)
    if not cut.columns:
        return _planned(draft, tab, before, found, memory)
    places = pasted(cut, beside_ours(tab, set(before.values())))
    lost = Cut({column: texts for column, texts in cut.columns.items() if column not in places}, cut.headers)
    if places:
        found.edits = without_cut(found.edits, memory)
    plan = _planned(draft, tab, before, found, memory)
    return replace(plan, edits=[*told_moved(tab, cut, places), *plan.edits], cut=lost)


def _under_its_names(memory: Remembered, draft: Draft) -> Remembered:
    """What is remembered, its rows under the names that they have in the draft: a key of ours may be called otherwise.

    Such a row bears the same label, alone of those of its kind that went and that came.
    """
    asked, known = set(draft.identities), set(memory.identities)
    cells = dict(zip(draft.identities, draft.rows, strict=True))
    went = _labelled((name, memory.row(name)[0].value) for name in known - asked if 0 in memory.row(name))
    came = _labelled((name, canonical(cells[name].value_at(0))) for name in asked - known)
    new = {went[label]: name for label, name in came.items() if label in went}
    if not new:
        return memory
    heights = {new.get(name, name): height for name, height in memory.heights.items()}
    return replace(memory, identities=[new.get(name, name) for name in memory.identities], heights=heights)


def _labelled(rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Identities and labels in; kind of key and label → identity, of keyed rows whose label no other has, out."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, label in rows:
        if label and "=" in name and not name.startswith("~"):
            found.setdefault((name.rpartition("=")[0], label), []).append(name)
    return {label: names[0] for label, names in found.items() if len(names) == 1}


def with_moved(plan: TabPlan, others: Mapping[str, Sequence[Sequence[Plain]]]) -> TabPlan:
    """A plan, and title → values of the tabs that are not ours, in; it with a remark on what was pasted there out."""
    if plan.tab is None or not plan.cut.columns:
        return plan
    for title, rows in others.items():
        if places := pasted(plan.cut, grid_of(rows)):
            told = told_moved(plan.tab, plan.cut, places, title)
            return replace(plan, edits=[*told, *without_cut(plan.edits, plan.remembered)])
    return plan


def plan_unremembered(draft: Draft, tab: Tab) -> TabPlan:
    """A draft and a tab of ours of which we remember nothing in; a plan by what can be read off the tab out."""
    before = _before(draft, tab)
    return _planned(draft, tab, before, recognise(tab, draft, before), None)


def _before(draft: Draft, tab: Tab) -> dict[int, int]:
    """Document column → grid column, as our columns stand."""
    return dict(tab.columns) or {column: column for column in range(min(draft.columns, tab.column_count))}


def _planned(
    draft: Draft, tab: Tab, before: Mapping[int, int], found: Comparison, memory: Remembered | None
) -> TabPlan:
    """Where rows and columns go, given where they stand; every cell of a row we do not remember is written anew."""
    ours, standing = set(before.values()), found.standing
    wanted = dict(zip(draft.identities, draft.rows, strict=True))
    grid = _standing_rows(standing)
    tall = tall_beside(tab.merges, ours, len(grid))
    touched = _touched(tab, grid, ours) | {name for name, _ in [*found.formats, *found.strangers]}
    touched |= {name for name, place in standing.items() if any(_covers(merge, place) for merge in tall)}
    rows = plan_rows(grid, draft.identities, touched, tab.locked_rows(len(grid)))
    carrying = carried(tall, rows.steps, max(tab.row_count, len(grid)), tab.frozen_rows)
    kept = {(one.first, one.column) for one in carrying if one.rows}
    edits = [*found.edits, *covered(tab, found, wanted, before)]
    edits += beside(tab, memory, found, _gone(standing, wanted), ours=ours, kept=kept)
    edits += orphaned(tab, found, ours)
    edits += [_torn(tab, found, grid, one) for one in carrying if one.lost and tab.at(one.first, one.column).text]
    columns, new_columns = _columns(before, max(draft.columns, *(column + 1 for column in before), 1))
    if memory is None:
        blank = [dict.fromkeys(before, Published(name, 0, "")) for name in standing]
        memory = Remembered(list(standing), blank, {})
    return TabPlan(
        draft,
        tab,
        rows,
        standing,
        columns,
        new_columns,
        found.formats,
        memory,
        edits,
        carrying,
        is_untouched=found.is_untouched,
    )


def _gone(standing: Mapping[str, int], wanted: Collection[str]) -> list[str]:
    """Rows that leave, top down."""
    return sorted((name for name in standing if name not in wanted), key=standing.__getitem__)


def _covers(merge: Mapping[str, int], place: int) -> bool:
    return merge.get("startRowIndex", 0) <= place < merge["endRowIndex"]


def _torn(tab: Tab, found: Comparison, grid: Sequence[str | None], one: Carried) -> Edit:
    """A merge whose rows do not stand together any more: what stands in it, and the rows it covers no more."""
    names = [grid[row] for row in one.lost if row < len(grid)]
    words = [found.labels.get(name, name) if name.startswith("~") else name for name in names if name is not None]
    text = tab.at(one.first, one.column).value
    where = cell_name(one.first, one.column)
    return Edit(tab.key, tab.title, where, "~merged", None, text, kind=MERGED, label=", ".join(words))


def _standing_rows(standing: Mapping[str, int]) -> list[str | None]:
    """Rows of the grid down to our last one: identities, and None for the owner's own."""
    grid: list[str | None] = [None] * (1 + max(standing.values(), default=-1))
    for name, place in standing.items():
        grid[place] = name
    return grid


def _touched(tab: Tab, grid: Sequence[str | None], ours: set[int]) -> set[str]:
    """Identities of the rows that hold something of the owner's: a cell beside, or a height of their own."""
    edge = next(column for column in count() if column not in ours)
    return {
        name
        for place, name in enumerate(grid[: len(tab.rows)])
        if name is not None and (_holds_beside(tab.rows[place], edge, ours) or _height(tab, place))
    }


def _holds_beside(row: Mapping[int, Seen], edge: int, ours: set[int]) -> bool:
    """Whether a row holds anything outside our columns; an edge below which all columns are ours saves a look."""
    return row.holds(edge, ours) if isinstance(row, ValueRow) else any(column not in ours for column in row)


def _height(tab: Tab, place: int) -> bool:
    return place < len(tab.heights) and tab.heights[place] != DEFAULT_ROW_PX


def _columns(before: Mapping[int, int], count: int) -> tuple[list[int], list[tuple[int, int]]]:
    """Where our columns stand and how many there shall be in; where they will stand, and which to insert, out."""
    places: dict[int, int] = dict(before)
    missing = []
    for column in range(count):
        if column in places:
            continue
        at = places[column - 1] + 1 if column else 0
        places = {other: place + (place >= at) for other, place in places.items()} | {column: at}
        missing.append((column, at))
    return [places[column] for column in range(count)], missing
