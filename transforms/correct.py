"""Tables as they were read, and what a person put right → the tables as they are meant, and what was not applied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from config.corrections import Correction
from config.documents import Origin, RawTable
from config.errors import ContractError
from config.tables import Table
from transforms.recognise import Recognised
from transforms.recognise.fit import headers_used

NOT_OF_NUMBER = re.compile(r"[\s\u00a0\u202f₽]|руб\.?")


@dataclass(frozen=True)
class Applied:
    """A correction that was applied, and the roubles that it moved; 0 where its column is no money."""

    correction: Correction
    money_rub: Decimal


@dataclass(frozen=True)
class Corrected:
    """What became of a file's corrections."""

    tables: Sequence[RawTable]
    applied: Sequence[Applied] = ()
    stale: Sequence[Correction] = ()
    """What `was` says no longer stands there, or there is no such row or column."""


def correct(
    tables: Sequence[RawTable], recognised: Sequence[Recognised], wanted: Sequence[Correction], table: Table
) -> Corrected:
    """A file's tables, as what they were recognised, and its corrections in; the corrected tables out.

    A row that is not to be counted is left blank: it is skipped as such, and the others keep their numbers.
    Raises ContractError for a file too large to be corrected.
    """
    known = {found.raw.origin: found for found in recognised}
    rows: dict[int, list[Sequence[str]]] = {}
    applied, stale = [], []
    for one in wanted:
        place = next((at for at, raw in enumerate(tables) if _is_of(one, raw, known)), None)
        if place is None:
            stale.append(one)
            continue
        raw, found = tables[place], known[tables[place].origin]
        if raw.rows is None:
            raise ContractError("corrections.too_large", file=one.file)
        now = rows.setdefault(place, list(raw.rows))
        done = _applied(one, now, found, table)
        if done is None:
            stale.append(one)
        else:
            applied.append(done)
    return Corrected([_with_rows(raw, rows.get(at)) for at, raw in enumerate(tables)], applied, stale)


def cell_of(recognised: Sequence[Recognised], one: Correction) -> str | None:
    """A file's tables as they were recognised and a place in; what stands there out, None if there is no such cell."""
    for found in recognised:
        column = _column(one.column, found)
        rows = found.raw.rows or ()
        if found.raw.origin.file == one.file and column is not None and 1 <= one.row <= len(rows):
            row = rows[one.row - 1]
            return row[column].strip() if column < len(row) else ""
    return None


def _is_of(one: Correction, raw: RawTable, known: Mapping[Origin, Recognised]) -> bool:
    return raw.origin.file == one.file and raw.origin in known and _column(one.column, known[raw.origin]) is not None


def _applied(one: Correction, rows: list[Sequence[str]], found: Recognised, table: Table) -> Applied | None:
    """Put the row right in place; None, and nothing done, where it is not what the correction says."""
    column = _column(one.column, found)
    if column is None or not 1 <= one.row <= len(rows):
        return None
    row = list(rows[one.row - 1])
    if column >= len(row) or _plain(row[column]) != _plain(one.was):
        return None
    money = _column(table.money, found) if table.money else None
    before = _amount(row, money)
    row = [""] * len(row) if one.is_left_out else [*row[:column], one.becomes, *row[column + 1 :]]
    rows[one.row - 1] = row
    return Applied(one, _amount(row, money) - before)


def _column(name: str, found: Recognised) -> int | None:
    """A header of the file, or our name of a column, in; its place out."""
    headers = list(found.shape.headers)
    if name in headers:
        return headers.index(name)
    source = found.columns.get(name)
    for header in (source.headers or headers_used(source)) if source else ():
        if header in headers:
            return headers.index(header)
    return None


def _amount(row: Sequence[str], place: int | None) -> Decimal:
    """Roubles of a row, as far as they can be read at a glance; a cell that cannot is told of when it is staged."""
    if place is None or place >= len(row):
        return Decimal(0)
    try:
        return Decimal(NOT_OF_NUMBER.sub("", row[place]).replace(",", "."))
    except InvalidOperation:
        return Decimal(0)


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def _with_rows(raw: RawTable, rows: list[Sequence[str]] | None) -> RawTable:
    return raw if rows is None else replace(raw, rows=rows, head=rows[: len(raw.head)])
