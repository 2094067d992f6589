"""Tables as they were read, and what a person put right → the tables as they are meant, and what was not applied."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from config.documents import Origin, RawTable
from config.errors import ContractError
from config.folder.corrections import Correction
from config.tables import Table, personal_columns
from transforms.mask import HIDDEN, mask_text
from transforms.recognise import Recognised
from transforms.recognise.fit import headers_used
from transforms.shape.header import MARKS

DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})|(\d{4})-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?)?")
FIGURE = re.compile(r"(-?\d+(?:[.,]\d{1,2})?)(?:₽|руб\.?)?")
"""A figure with kopecks at most: of longer fractions a program shows what it likes."""


@dataclass(frozen=True)
class Applied:
    """A correction that was applied, to how many rows, and how it may be told."""

    correction: Correction
    rows: int
    told: str
    """Where, what was and becomes, who, when and why; without personal data."""


@dataclass(frozen=True)
class There:
    """What stands in a place of a file."""

    column: str
    """The header that the file has; empty of a whole record."""
    text: str
    read_as: tuple[str, ...] = ()
    """Our columns that are read from it."""


@dataclass(frozen=True)
class Corrected:
    """What became of a file's corrections."""

    tables: Sequence[RawTable]
    applied: Sequence[Applied] = ()
    stale: Sequence[Correction] = ()
    """Of rows: what `was` says no longer stands there, or there is no such row or column. A record that this file does
    not have may be in another."""


@dataclass
class _Page:
    """A table of the file while it is being corrected."""

    raw: RawTable
    found: Recognised
    rows: list[Sequence[str]]
    struck: dict[int, Sequence[str]] = field(default_factory=dict)

    def put(self, place: int, row: Sequence[str]) -> None:
        """Another row instead of the one that stands there; what the file has is kept aside."""
        self.struck.setdefault(place, self.rows[place])
        self.rows[place] = row


def correct(
    tables: Sequence[RawTable], recognised: Sequence[Recognised], wanted: Sequence[Correction], table: Table
) -> Corrected:
    """A file's tables, as what they were recognised, and its corrections in; the corrected tables out.

    A row that is not to be counted is left blank, so that the others keep their numbers.
    Raises ContractError for a file too large to be corrected.
    """
    known: Mapping[Origin, Recognised] = {found.raw.origin: found for found in recognised}
    pages = [_page(raw, known[raw.origin]) for raw in tables if raw.origin in known]
    applied, stale = [], []
    for one in wanted:
        rows = sum(_apply(one, page, table) for page in pages if not one.file or page.raw.origin.file == one.file)
        if rows:
            applied.append(Applied(one, rows, _told(one, pages, table)))
        elif not one.record:
            stale.append(one)
    made = {page.raw.origin: replace(page.raw, rows=page.rows, head=page.rows[: len(page.raw.head)], struck=page.struck)
            for page in pages if page.struck}  # fmt: skip
    return Corrected([made.get(raw.origin, raw) for raw in tables], applied, stale)


def cells_of(recognised: Sequence[Recognised], one: Correction, table: Table) -> Iterator[There]:
    """A file's tables as they were recognised and a place in; what stands there out, nothing if there is no such cell.

    Of what is not to be counted no column need be named: of a row, the first that tells it from others is looked at.
    """
    for found in recognised:
        if found.raw.rows is None or (one.file and found.raw.origin.file != one.file):
            continue
        read: dict[str, tuple[str, ...]] = {}
        for ours, source in found.columns.items():
            read |= {header: (*read.get(header, ()), ours) for header in headers_used(source)}
        for place in _places(one, found, found.raw.rows, table):
            row = found.raw.rows[place]
            column = _column(one.column, found) if one.column or one.record else _telling(found, row, table)
            if column is not None:
                header = found.shape.headers[column]
                yield There(header, _plain(_cell(row, column)), read.get(header, ()))
            elif one.record and not one.column:
                yield There("", "")


def _telling(found: Recognised, row: Sequence[str], table: Table) -> int | None:
    """The column of a row's id, else the first filled one that is read: were the row another one, it would differ."""
    places = [_column(name, found) for name in (*table.key, *table.columns)]
    return next((place for place in places if place is not None and _plain(_cell(row, place))), None)


def _page(raw: RawTable, found: Recognised) -> _Page:
    if raw.rows is None:
        raise ContractError("corrections.too_large", file=raw.origin.file)
    return _Page(raw, found, list(raw.rows))


def _apply(one: Correction, page: _Page, table: Table) -> int:
    """Put rows right in place; how many out: none where what stands there is not what the correction says."""
    column, done = _column(one.column, page.found), 0
    for place in _places(one, page.found, page.rows, table):
        row = list(page.rows[place])
        is_whole = one.record and one.is_left_out and not one.column
        if not is_whole and (column is None or column >= len(row) or not is_same(row[column], one.was)):
            continue
        meant = [""] * len(row) if one.is_left_out or column is None else row
        if not one.is_left_out and column is not None:
            meant[column] = one.becomes
        page.put(place, meant)
        done += 1
    return done


def _places(one: Correction, found: Recognised, rows: Sequence[Sequence[str]], table: Table) -> list[int]:
    """0-based places of the rows that a correction is about."""
    if not one.record:
        return [one.row - 1] if 1 <= one.row <= len(rows) else []
    key = _column(table.key[0], found)
    if key is None:
        return []
    wanted = _plain(one.record)
    return [at for at in range(found.shape.first_row, len(rows)) if _plain(_cell(rows[at], key)) == wanted]


def _column(name: str, found: Recognised) -> int | None:
    """A header of the file, or our name of a column, in; its place out."""
    headers = list(found.shape.headers)
    if name and name in headers:
        return headers.index(name)
    source = found.columns.get(name)
    for header in (source.headers or headers_used(source)) if source else ():
        if header in headers:
            return headers.index(header)
    return None


def _told(one: Correction, pages: Sequence[_Page], table: Table) -> str:
    """A correction without personal data: what stands in columns that tell of people is hidden."""
    is_personal = any(_is_personal(one.column, page.found) for page in pages)
    was, becomes = (HIDDEN if is_personal and text else mask_text(text) for text in (one.was, one.becomes))
    record = HIDDEN if one.record and table.key[0] in personal_columns() else mask_text(one.record)
    by = mask_text(", ".join(filter(None, (one.who, one.on, one.why))))
    change = f"{was} → {one.becomes if one.is_left_out else becomes}" if was else f"→ {becomes}"
    place = ", ".join(filter(None, (record or str(one.row), one.column)))
    return f"{place}: {change}{f' ({by})' if by else ''}"


def _is_personal(name: str, found: Recognised) -> bool:
    place = _column(name, found)
    return place is not None and any(_column(column, found) == place for column in personal_columns())


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def is_same(one: str, other: str) -> bool:
    """Whether two cells say the same, spelled as one program or another spells a figure or a day."""
    return _plain(one) == _plain(other) or (_value(one) is not None and _value(one) == _value(other))


def _value(text: str) -> Decimal | tuple[str, ...] | None:
    plain = _plain(text)
    if day := DAY.fullmatch(plain):
        return (day[3] or day[4], day[2] or day[5], day[1] or day[6])
    figure = FIGURE.fullmatch(plain.replace(" ", ""))
    return Decimal(figure[1].replace(",", ".")) if figure else None


def _plain(text: str) -> str:
    return " ".join(text.lstrip(MARKS).replace("\u00a0", " ").split())
