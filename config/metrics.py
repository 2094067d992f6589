"""What each metric table and column is called and means: metrics.yaml → MetricTable, MetricColumn."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.declarations import Strict, declaration
from config.labels import Good, Text

Unit = Literal["rub", "count", "share", "ratio", "date", "text", "flag"]
"""Roubles, whole things, a part of 1 (never per cent), any other ratio, a day, a name, yes or no."""


class MetricColumn(Strict):
    """One column of a metric table, in the words of its readers."""

    title: Text
    """Short: the header of a column."""
    name: Text
    """In full."""
    meaning: Text
    formula: Text
    """In words."""
    unit: Unit
    good: Good = "none"
    """Which way is good for the business."""
    tables: list[str] = Field(default_factory=list)
    """Staged tables that it is made of."""
    numerator: str | None = None
    """Of a ratio: the column of the same table above the line."""
    minus: str | None = None
    """Of a ratio: the column taken off the numerator."""
    denominator: str | None = None
    """Of a ratio: the column below the line."""
    times: int = 1
    """Of a ratio: what it is multiplied by."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that a ratio is made of, each once; empty for a figure of its own."""
        return tuple(dict.fromkeys(part for part in (self.numerator, self.minus, self.denominator) if part))


class MetricTable(Strict):
    """One metric table: its key and its figures."""

    title: Text
    meaning: Text
    key: list[str]
    columns: dict[str, MetricColumn]
    """The key's columns first, `is_complete` last."""


class Metrics(Strict):
    """The whole of metrics.yaml."""

    tables: dict[str, MetricTable]
    rules: dict[str, Text]
    """What is wrong when a rule is broken."""


@cache
def metrics() -> Metrics:
    """Every metric table and rule, described."""
    declared = declaration(Path(__file__).parent / "metrics.yaml")
    shared = declared["shared"]
    for table in declared["tables"].values():
        own = table["columns"]
        table["columns"] = {name: shared[name] for name in table["key"]} | own | {"is_complete": shared["is_complete"]}
    return Metrics.model_validate({"tables": declared["tables"], "rules": declared["rules"]})


def metric(table: str, column: str) -> MetricColumn:
    """Table and column in; what it is, out. Raises KeyError for one that does not exist: a mistake of ours."""
    return metrics().tables[table].columns[column]
