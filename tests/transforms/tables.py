"""Small RawTables for the tests of shape and recognition."""

from __future__ import annotations

from config.documents import Dialect, Origin, RawTable


def table(text: str, delimiter: str = ";", **facts: object) -> RawTable:
    """A table in memory from lines of cells."""
    rows = [line.strip().split(delimiter) if line.strip() else [] for line in text.strip("\n").split("\n")]
    return table_of(rows, **facts)


def table_of(
    rows: list[list[str]],
    file: str = "выгрузка.csv",
    tab: str | None = None,
    member: str | None = None,
    **facts: object,
) -> RawTable:
    """A table in memory from its rows."""
    name = f"{file}!{member}" if member else file
    origin = Origin("s", f"{name}!{tab}" if tab else name, tab, member=member)
    return RawTable(origin, rows[:40], rows, **facts)  # type: ignore[arg-type]


def on_disk(head: list[list[str]], tail: list[list[str]], dialect: Dialect) -> RawTable:
    """A table that stays on disk."""
    return RawTable(Origin("s", "большая.csv"), head, dialect=dialect, tail=tail)
