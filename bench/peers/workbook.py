"""Six tables as plain sheets of a workbook, the quickest way there is: what every peer ends with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter


@dataclass(frozen=True)
class Table:
    """A table of the report."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def save(path: Path, tables: dict[str, Table]) -> None:
    """The tables as sheets of their names."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy", "remove_timezone": True}) as book:
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, table.columns)
            for number, row in enumerate(table.rows, 1):
                for column, value in enumerate(row):
                    write(sheet, number, column, value)


def write(sheet: Any, row: int, column: int, value: object) -> None:
    """One value in its place; what is unknown stays blank."""
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)
