"""What svodka.yaml may say of a file: each takes what was said, the file's rows and luck and says something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from config.profiles import profiles
from config.tables import tables

Source = Mapping[str, Any]
Rows = Sequence[Sequence[str]]
Change = Callable[[Source, Rows, Random], Source]


def _cell(rows: Rows, rng: Random) -> tuple[str, str]:
    """A header of the first row and a value below it."""
    if len(rows) < 2 or not rows[0]:
        return "Дата", "x"
    place = rng.randrange(len(rows[0]))
    row = rng.choice(rows[1:])
    return rows[0][place], row[place] if place < len(row) else ""


def period(source: Source, _rows: Rows, rng: Random) -> Source:
    """Days given by the client, where a table may have them."""
    if not tables()[source["table"]].can_be_period:
        return source
    return {**source, "period": rng.choice(["2026-08-01..2026-08-31", "2026-08-01", "2020-01-01..2029-12-31"])}


def where(source: Source, rows: Rows, rng: Random) -> Source:
    """Only some rows are business."""
    header, value = _cell(rows, rng)
    return {**source, "where": {header: [value]}}


def exclude(source: Source, rows: Rows, rng: Random) -> Source:
    """Some rows are none."""
    header, value = _cell(rows, rng)
    column = rng.choice([header, *tables()[source["table"]].public_columns])
    return {**source, "exclude": {column: [value.removesuffix(".csv")]}}


def constant(source: Source, _rows: Rows, rng: Random) -> Source:
    """A column is the same for all rows."""
    column = rng.choice(["channel", "manager", "product", "kind"])
    return {**source, "constants": {column: "x"}} if column in tables()[source["table"]].mappable_columns else source


def other_profile(source: Source, _rows: Rows, rng: Random) -> Source:
    """Another vendor's profile, or one that fits by luck."""
    fitting = sorted(name for name, one in profiles().items() if source["table"] in one.tables)
    return {**source, "profile": rng.choice(fitting)} if fitting else source


def other_columns(source: Source, rows: Rows, rng: Random) -> Source:
    """Columns taken from whatever headers there are."""
    headers = [header for header in (rows[0] if rows else ()) if header.strip()]
    if not headers:
        return source
    columns = list(tables()[source["table"]].mappable_columns)
    chosen = {rng.choice(columns): rng.choice(headers) for _ in range(rng.choice([1, 2, 5]))}
    return {**source, "columns": {**source.get("columns", {}), **chosen}}


def currency(source: Source, _rows: Rows, _rng: Random) -> Source:
    """Roubles under their own name."""
    return {**source, "currency": "RUB"}


def timezone(source: Source, _rows: Rows, rng: Random) -> Source:
    """Somewhere else."""
    return {**source, "timezone": rng.choice(["UTC", "Asia/Vladivostok", "America/New_York", "Pacific/Apia"])}


def other_table(source: Source, _rows: Rows, rng: Random) -> Source:
    """The file is said to feed another table."""
    return {"table": rng.choice(list(tables()))}


CHANGES: dict[str, tuple[int, Change]] = {
    change.__name__: (weight, change)
    for weight, change in (
        (2, period), (2, where), (2, exclude), (1, constant), (2, other_profile), (3, other_columns), (1, currency),
        (1, timezone), (1, other_table),
    )
}  # fmt: skip
"""Name → how often it is said, and how."""
