"""What we remember of a tab and what stands there → where our rows are, and everything an owner changed in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, overload

from config.documents import FORGOTTEN
from connectors.a1 import cell_name
from connectors.google_sheets.formats import overrides, theirs
from connectors.google_sheets.known.marks import LONGEST_LABEL, content_of
from connectors.google_sheets.known.publication import (
    BESIDE,
    VALUE,
    Edit,
    EditKind,
    Published,
    Remembered,
    RememberedRow,
)
from connectors.google_sheets.known.state import Seen, Tab
from connectors.google_sheets.plan.rows import Draft
from connectors.google_sheets.values import Plain, canonical, texts_json

FEWEST_MISSING, FEWEST_FIGURES = 2, 2
ByColumn = Mapping[int, Published]
Place = tuple[str, int]
"""Identity of a row, and a column of the document."""


@dataclass
class Comparison:
    """What stands of ours, and what of it is the owner's."""

    standing: dict[str, int] = field(default_factory=dict)
    """Identity → row of the grid."""
    edits: list[Edit] = field(default_factory=list)
    """Values of ours that somebody changed."""
    formats: dict[Place, dict[str, Any]] = field(default_factory=dict)
    """Cell → the properties of its format that somebody changed."""
    strangers: dict[Place, Seen] = field(default_factory=dict)
    """Cells inside our rectangle where we wrote nothing and somebody typed."""
    missing: list[str] = field(default_factory=list)
    """Rows with a key that are nowhere on the tab."""
    labels: dict[str, str] = field(default_factory=dict)
    """Identity → what stands first in the row, for rows that have no better name."""
    is_untouched: bool = False
    """Nothing of ours was changed since it was published, by whomever."""


def compare(tab: Tab, memory: Remembered, columns: Mapping[int, int]) -> Comparison:
    """A tab, what was last published there, and document column → grid column in; the comparison out.

    Of a large tab only the values are known, so a row whose values are all as they were is done with at a glance.
    """
    order = tuple(sorted(columns))
    published, found = _published(memory, order), _found(tab, columns, order)
    compared = Comparison()
    places = align(published, found)
    _find_renamed(memory.identities, places, found, published)
    rows = zip(memory.identities, memory.rows, places, published.contents, strict=True)
    for name, row, place, content in rows:
        if place is None and not name.startswith("~"):
            compared.missing.append(name)
        if place is not None:
            compared.standing[name] = place
            if not tab.is_large or content != found.contents[place]:
                _compare_row(compared, tab, name, row, columns)
    return compared


def recognise(tab: Tab, draft: Draft, columns: Mapping[int, int]) -> Comparison:
    """A tab of which we remember nothing in; which of its rows is which, read off what stands there, out.

    The tab's own mark says how its rows were called and what stood first in each. Where it does not (an earlier
    version, a very long table), a row is the one of the draft that begins alike.
    """
    order = tuple(sorted(columns))
    found = _found(tab, columns, order)
    labels = [_label(values) for values in tab.values([columns[column] for column in order])]
    known = tab.noted.names or _by_label(draft, labels, tab.noted.rows)
    names, before = [name for name, _ in known], [label for _, label in known]
    places = align(_numbered(before), _numbered(labels))
    unknown = _find_renamed(names, places, found)
    standing = {name: place for (name, _), place in zip(known, places, strict=True) if place is not None}
    standing |= {f"~old:{place}": place for place in unknown}  # ours, but which cannot be known: they leave
    rows = [found.contents[place] for place in sorted(standing.values()) if place < len(found)]
    return Comparison(
        standing,
        formats=dict(_their_formats(tab, draft, standing, columns)),
        missing=[name for name, _ in known if name not in standing and not name.startswith("~")],
        labels={name: labels[place] for name, place in standing.items() if place < len(labels)},
        is_untouched=bool(tab.noted.content) and tab.noted.content == content_of(rows),
    )


def _find_renamed(
    names: Sequence[str], places: list[int | None], found: Rows, published: Sequence[Row] = ()
) -> list[int]:
    """Rows with a key that were not found are looked for among the rows with figures that are nobody's; those left out.

    A row is known by most of its cells, else by there being as many of the one as of the other: so is a row that an
    owner both moved and called otherwise.
    """
    lost = [number for number, name in enumerate(names) if places[number] is None and not name.startswith("~")]
    if not lost:
        return []
    taken = {place for place in places if place is not None}
    free = [place for place in range(max(taken, default=0)) if place not in taken and place < len(found)]
    strangers = [place for place in free if len(found[place]) >= FEWEST_FIGURES]
    for number in list(lost) if published else ():
        alike = [place for place in strangers if _is_alike(published[number], found[place])]
        if len(alike) == 1:
            places[number] = alike[0]
            strangers.remove(alike[0])
            lost.remove(number)
    if len(strangers) == len(lost):
        for number, place in zip(lost, strangers, strict=True):
            places[number] = place
        return []
    return strangers if lost else []


def published_content(draft: Draft, columns: int) -> str:
    """A draft and how many columns we own in; the note by which the tab is known to hold just that, out."""
    order, blank = tuple(range(columns)), texts_json([""] * columns)
    rows = [
        texts_json(row.held if row.columns == order else [row.value_at(column) for column in order])
        for row in draft.rows
    ]
    return content_of([row for row in rows if row != blank])


def _label(values: Sequence[Plain]) -> str:
    """What stands first in a row."""
    return next((canonical(value) for value in values if value not in (None, "")), "")[:LONGEST_LABEL]


def _numbered(labels: Sequence[str]) -> list[dict[int, str]]:
    """Labels as rows of one cell, the second «SEO» told from the first."""
    seen: Counter[str] = Counter()
    rows = []
    for label in labels:
        seen[label] += 1
        rows.append({0: f"{label}\x1f{seen[label]}"} if label else {})
    return rows


def _by_label(draft: Draft, labels: Sequence[str], count: int) -> list[tuple[str, str]]:
    """The labels that stand in a tab's first rows in; each with the identity of the row of the draft that has it."""
    names: dict[str, list[str]] = {}
    for name, label in zip(draft.identities, draft.labels(), strict=True):
        names.setdefault(label[:LONGEST_LABEL], []).append(name)
    padded = [*labels[:count], *[""] * (count - len(labels))]
    return [
        (names[label].pop(0) if label and names.get(label) else f"~old:{place}", label)
        for place, label in enumerate(padded)
    ]


def _their_formats(
    tab: Tab, draft: Draft, standing: Mapping[str, int], columns: Mapping[int, int]
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Of cells whose last format we do not remember, what no look of ours draws: that is the owner's."""
    if tab.is_large:
        return
    for name, row in zip(draft.identities, draft.rows, strict=True):
        for column in columns if name in standing else ():
            seen = tab.at(standing[name], columns[column])
            if seen.format and column in row and (changed := theirs(json.dumps(seen.format))):
                yield (name, column), changed


def beside(
    tab: Tab,
    memory: Remembered | None,
    compared: Comparison,
    gone: Collection[str],
    *,
    ours: set[int],
    kept: Collection[tuple[int, int]] = (),
) -> Iterator[Edit]:
    """Rows that leave the report in; what an owner put beside them, into them and on their notes out.

    Where nothing is remembered, a note on a cell of ours may be ours. Cells that are kept beside another row are not
    told.
    """
    for name in gone:
        place = compared.standing[name]
        notes = {cell.note for cell in memory.row(name).values()} if memory else set()
        label = compared.labels.get(name, "")
        for column, seen in sorted(tab.rows[place].items() if place < len(tab.rows) else ()):
            where = cell_name(place, column)
            if (place, column) in kept:
                continue
            if column not in ours and seen.value not in (None, ""):
                yield Edit(tab.key, tab.title, where, name, None, seen.value, kind=BESIDE, label=label)
            if seen.note and (column not in ours or (memory is not None and seen.note not in notes)):
                yield Edit(tab.key, tab.title, where, name, None, seen.note, kind=BESIDE, label=label)


def orphaned(tab: Tab, compared: Comparison, ours: set[int]) -> Iterator[Edit]:
    """What stands beside rows of which nothing of ours is left, where rows of ours are nowhere: whose, nobody knows.

    One row that an owner deleted leaves none; a table that was cut out, or overwritten, does.
    """
    if len(compared.missing) < FEWEST_MISSING:
        return
    taken = set(compared.standing.values())
    for place in sorted(set(range(max(taken, default=0))) - taken):
        cells = tab.rows[place].items() if place < len(tab.rows) else ()
        if any(column in ours and seen.text for column, seen in cells):
            continue
        for column, seen in cells:
            if seen.text:
                where = cell_name(place, column)
                yield Edit(tab.key, tab.title, where, "~orphan", None, seen.value, kind=BESIDE)


def covered(
    tab: Tab, compared: Comparison, wanted: Mapping[str, Collection[int]], columns: Mapping[int, int]
) -> list[Edit]:
    """Identity → columns about to be written in; what somebody had typed into cells of ours that were blank out."""
    found = []
    for (name, column), seen in compared.strangers.items():
        if name not in wanted or column in wanted[name]:
            where = cell_name(compared.standing[name], columns[column])
            kind: EditKind = VALUE if name in wanted else BESIDE
            found.append(Edit(tab.key, tab.title, where, name, None, seen.value, kind=kind))
    return found


def _compare_row(compared: Comparison, tab: Tab, name: str, row: ByColumn, columns: Mapping[int, int]) -> None:
    place = compared.standing[name]
    for column, at in columns.items():
        seen, cell = tab.at(place, at), row.get(column)
        if cell is None:
            if seen.text:
                compared.strangers[name, column] = seen
            continue
        if cell.value not in {seen.text, FORGOTTEN}:
            compared.edits.append(_edit(tab, cell, cell_name(place, at), seen.value))
        changed = {} if tab.is_large else _changed(cell.format or "{}", json.dumps(seen.format))
        if changed:
            compared.formats[name, column] = changed


@lru_cache(maxsize=4096)
def _changed(written: str, found: str) -> dict[str, Any]:
    """Two formats as JSON in; what the owner changed out, not to be altered. Few formats stand in many cells."""
    return overrides(json.loads(written), json.loads(found))


def _published(memory: Remembered, order: tuple[int, ...]) -> Rows:
    """The texts that were published, each row's as one JSON list in the order of these columns."""
    blank = texts_json([""] * len(order))
    contents = [_content(row, order, blank) for row in memory.rows]
    return Rows(
        contents, lambda place: {column: cell.value for column, cell in memory.rows[place].items() if cell.value}
    )


def _content(row: ByColumn, order: tuple[int, ...], blank: str) -> str:
    if not row:
        return ""
    if isinstance(row, RememberedRow) and row.columns == order:
        content = row.kept.values
    else:
        content = texts_json([row[column].value if column in row else "" for column in order])
    return content if content != blank else ""


def _found(tab: Tab, columns: Mapping[int, int], order: tuple[int, ...]) -> Rows:
    """The texts that stand in our columns, each row's as one JSON list in this order; blank ones are empty."""
    places = [columns[column] for column in order]
    blank = texts_json([""] * len(order))
    contents = [texts_json(values) for values in tab.values(places)]
    contents = [content if content != blank else "" for content in contents]

    def texts(row: int) -> dict[int, str]:
        cells = ((column, tab.at(row, place).text) for column, place in columns.items())
        return {column: text for column, text in cells if text}

    return Rows(contents, texts)


def _edit(tab: Tab, cell: Published, name: str, found: str | float | bool | None) -> Edit:
    number = json.loads(cell.format or "{}").get("numberFormat", {})
    is_number = number.get("type", "TEXT") != "TEXT"
    published: str | float = cell.value
    if is_number:
        try:
            published = float(cell.value)
        except ValueError:
            is_number = False
    return Edit(tab.key, tab.title, name, cell.row_key, published, found, number.get("pattern") if is_number else None)


# What we last published and what stands in the tab now → which row on the tab is which row of ours.

Row = Mapping[int, str]
"""Column of the document → canonical text; blank cells are absent."""
Content = Hashable

ALIKE = 0.5
"""From this share of equal cells on, a row that was edited is still the same row."""


class Rows(Sequence[Row]):
    """Rows that are made when looked at: a large tab's need not stand in memory a second time."""

    def __init__(self, contents: Sequence[Content], make: Callable[[int], Row]) -> None:
        """What each row holds as one value, equal for two rows that hold the same and empty for a blank; the rows."""
        self.contents, self._make = contents, make

    def __len__(self) -> int:
        return len(self.contents)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self._make(number) for number in range(len(self))[place]]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._make(place)


def align(published: Sequence[Row], found: Sequence[Row]) -> list[int | None]:
    """Rows as published and rows as found, top down, in; for each published row its place among the found out.

    Equal rows are paired wherever an owner moved or sorted them; an edited row is known by its neighbours or by what
    is left of it; a row that is nowhere (deleted by the owner) has None.
    """
    contents, standing = _contents(published), _contents(found)
    if contents == standing[: len(contents)]:
        return list(range(len(published)))
    places = _equal_rows(contents, standing)
    taken = {place for place in places if place is not None}
    for gap in _gaps(places):
        for number, place in _pairs(gap, places, taken, published, found):
            places[number] = place
            taken.add(place)
    return places


def _contents(rows: Sequence[Row]) -> list[Content]:
    """Rows in; what each holds as one value out."""
    return list(rows.contents) if isinstance(rows, Rows) else [tuple(sorted(row.items())) for row in rows]


def _equal_rows(published: Sequence[Content], found: Sequence[Content]) -> list[int | None]:
    """Pair the rows whose content stands once on either side."""
    where: dict[Content, list[int]] = {}
    for place, content in enumerate(found):
        where.setdefault(content, []).append(place)
    counts = Counter(published)
    return [
        where[content][0] if content and counts[content] == 1 and len(where.get(content, ())) == 1 else None
        for content in published
    ]


def _gaps(places: Sequence[int | None]) -> list[tuple[int, int]]:
    """First and last of each run of rows not yet paired."""
    gaps: list[tuple[int, int]] = []
    for number, place in enumerate(places):
        if place is None:
            if gaps and gaps[-1][1] == number - 1:
                gaps[-1] = (gaps[-1][0], number)
            else:
                gaps.append((number, number))
    return gaps


def _pairs(
    gap: tuple[int, int], places: Sequence[int | None], taken: set[int], published: Sequence[Row], found: Sequence[Row]
) -> Iterator[tuple[int, int]]:
    """A run of rows not yet paired in; each of them that is known among the free rows there, with its place, out."""
    first, last = gap
    above = -1 if first == 0 else places[first - 1]
    below = places[last + 1] if last + 1 < len(places) else None
    start = 0 if above is None else above + 1
    end = below if below is not None and below >= start else start + (last - first + 1)
    free = [place for place in range(start, end) if place not in taken]
    if len(free) == last - first + 1:
        yield from zip(range(first, last + 1), free, strict=True)
        return
    for number in range(first, last + 1):
        alike = next((place for place in free if _is_alike(published[number], _row(found, place))), None)
        if alike is not None:
            yield number, alike
            free = [other for other in free if other > alike]


def _is_alike(published: Row, found: Row) -> bool:
    """Whether two rows are both blank, or agree in enough of what was published."""
    if not published or not found:
        return not published and not found
    equal = sum(found.get(column) == text for column, text in published.items())
    return equal >= ALIKE * len(published)


def _row(found: Sequence[Row], place: int) -> Row:
    return found[place] if place < len(found) else {}
