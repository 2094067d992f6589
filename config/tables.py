"""What a staged table holds: its columns with type and role, its key, its day; read from tables.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.strict import Strict, read_yaml

ColumnType = Literal[
    "text", "id", "money", "date", "moment", "count", "number", "share", "seconds", "phone", "email",
    "channel", "manager", "direction", "answered", "departed", "deal_status", "lead_status", "score", "grain",
]  # fmt: skip

SQL_TYPES: dict[ColumnType, str] = {
    "money": "decimal(18,2)",
    "date": "date",
    "moment": "timestamp",
    "count": "bigint",
    "seconds": "bigint",
    "number": "double",
    "share": "double",
    "score": "integer",
    "answered": "boolean",
    "departed": "boolean",
}
"""DuckDB type of each column type; all others are varchar."""


class Column(Strict):
    """One column of a staged table."""

    type: ColumnType
    is_required: bool = False
    """A row in which this cell is blank or unreadable is refused."""
    is_derived: bool = False
    """Filled by staging, never mapped to a header."""
    is_internal: bool = False
    """Mapped to a header, but not a column of the public table."""
    is_summed: bool = False
    """Added up over the rows of one key (products of one deal)."""
    default: str | None = None
    """Value where the source has no such column at all."""

    @property
    def sql_type(self) -> str:
        """DuckDB type."""
        return SQL_TYPES.get(self.type, "varchar")


class Table(Strict):
    """One staged table."""

    columns: dict[str, Column]
    needs: list[list[str]]
    """Of each group of columns, the source must have at least one."""
    day: list[str]
    """The columns that date a row; the first known one does."""
    money: str | None = None
    """The column whose roubles are reconciled."""
    key: list[str] = Field(default_factory=list)
    """Equal in two files of one source = the same record."""
    is_line_table: bool = False
    """Equal keys inside one file are separate lines, to be summed."""
    is_summed_by_key: bool = False
    """Rows of one key inside one file make one staged row (products of one deal)."""
    can_be_period: bool = False
    """A row may cover a period, which is spread over its days."""

    @property
    def public_columns(self) -> dict[str, Column]:
        """The columns of metrics.md, in order."""
        return {name: column for name, column in self.columns.items() if not column.is_internal}

    @property
    def mappable_columns(self) -> dict[str, Column]:
        """The columns that a profile or a client may map to headers."""
        return {name: column for name, column in self.columns.items() if not column.is_derived}


@cache
def tables() -> dict[str, Table]:
    """Every staged table by name."""
    return read_yaml(Path(__file__).parent / "tables.yaml", dict[str, Table])
