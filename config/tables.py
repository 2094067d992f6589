"""What a staged table holds: its columns with type and role, its key, its day; and how a person keeps it."""

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from config.declarations import declaration
from config.labels import Text
from config.strict import Strict, read_yaml

ColumnType = Literal[
    "text", "id", "money", "date", "moment", "count", "number", "planned", "share", "seconds", "phone", "email",
    "channel", "manager", "direction", "answered", "departed", "deal_status", "lead_status", "score", "grain",
    "metric",
]  # fmt: skip

SQL_TYPES: dict[ColumnType, str] = {
    "money": "decimal(18,2)",
    "date": "date",
    "moment": "timestamp",
    "count": "bigint",
    "seconds": "bigint",
    "number": "double",
    "planned": "double",
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
    is_personal: bool = False
    """Tells who somebody is: what is forgotten with them."""
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
    is_expense: bool = False
    """Its money is spent: amounts that are nearly all negative leave open what their sign means."""
    can_be_period: bool = False
    """A row may cover a period, which is spread over its days."""
    newness: str | None = None
    """SQL of the day that a row says its file reaches, where that is not its day."""
    last_stays: bool = False
    """Of rows that are one record inside one file, the last one stays."""
    one_to_one: bool = False
    """A staged row is one row of the source, so that a long file may be staged at one go."""
    derives: list[str] = Field(default_factory=list)
    """Staged tables that follow from this one."""
    looks_ahead: bool = False
    """Rows are dated later than today by nature."""

    @property
    def tells_days(self) -> bool:
        """Whether its last row says until what day the client is known: plans and costs are of a month."""
        return not self.looks_ahead and self.day != ["month_on"]

    @property
    def reach(self) -> str:
        """SQL of the day that a row's data reach."""
        return self.newness or f"coalesce({', '.join(f'{day}::date' for day in self.day)})"

    @property
    def public_columns(self) -> dict[str, Column]:
        """The columns of metrics.md, in order."""
        return {name: column for name, column in self.columns.items() if not column.is_internal}

    @property
    def mappable_columns(self) -> dict[str, Column]:
        """The columns that a profile or a client may map to headers."""
        return {name: column for name, column in self.columns.items() if not column.is_derived}


EXTRAS = {"subscribers": {"is_departed": "boolean"}}
"""Table → columns of its rows as they are loaded, with their types, that are staged no more."""


@cache
def personal_columns() -> frozenset[str]:
    """Names of columns that tell who somebody is, in any table."""
    return frozenset(
        name for table in tables().values() for name, column in table.columns.items() if column.is_personal
    )


@cache
def tables() -> dict[str, Table]:
    """Every staged table by name."""
    return read_yaml(Path(__file__).parent / "tables.yaml", dict[str, Table])


# How a person with a spreadsheet keeps such a table: its headings, meanings and example rows, read from inputs.yaml.


class InputColumn(NamedTuple):
    """A column as its keeper sees it."""

    header: Text
    meaning: Text
    examples: tuple[str, ...]


class InputTable(NamedTuple):
    """A table as its keeper sees it."""

    title: Text
    """The name of a tab or file that holds it."""
    named: Text
    """What a sentence calls its rows."""
    about: Text
    columns: dict[str, InputColumn]
    """Our column → what stands above it, what it means, a value for each example row."""


@cache
def inputs() -> dict[str, InputTable]:
    """Staged table → how a person keeps it."""
    declared = declaration(Path(__file__).parent / "inputs.yaml")
    return {
        name: InputTable(
            Text.model_validate(table["title"]),
            Text.model_validate(table["named"]),
            Text.model_validate(table["about"]),
            {
                column: InputColumn(Text.model_validate(header), Text.model_validate(meaning), tuple(examples))
                for column, (header, meaning, *examples) in table["columns"].items()
            },
        )
        for name, table in declared.items()
    }
