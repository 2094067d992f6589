"""What each metric table and column is called and means: metrics.yaml → MetricTable, MetricColumn."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.declarations import declaration
from config.labels import Good, Text
from config.nearest import nearest
from config.strict import Strict

Unit = Literal["rub", "count", "share", "ratio", "own", "date", "text", "flag"]
"""Roubles, whole things, a part of 1 (never per cent), any other ratio, that of the figure which a row is about, a day,
a name, yes or no."""
LOOKS: dict[Unit, str] = {
    "rub": "money",
    "count": "count",
    "share": "share",
    "ratio": "ratio",
    "own": "ratio",
    "date": "date",
    "text": "name",
    "flag": "words",
}


COUNTED_CALLS = frozenset({"counted_calls", "paid_calls"})
"""Columns of the calls that the setting `calls.count` chooses."""


class Rows(Strict):
    """Rows that a figure is the sum of: those of a relation whose reason not to count is blank."""

    of: str
    """A fact of transforms/metrics/facts, or a relation of transforms/explain."""
    unless: str | None = None
    """Its column that says why a row does not count: blank where it does, `other` where that is beside the point."""
    sum: str = "1"
    """Its column that a row adds."""
    pick: str | None = None
    """Instead of a sum: its column that the only row has."""
    once: str | None = None
    """If people are counted and not rows: its column that tells them apart; only the first row of each counts."""
    among: Literal["paid", "clicked", "taking"] | None = None
    """Only rows of channels with spend, of channels with clicks, of managers with calls."""
    calls_count: list[str] = Field(default_factory=list)
    """Only where the setting `calls.count` is one of these."""
    is_whole: bool = False
    """Of all channels, managers and reasons, whatever the key names."""


class Behind(Strict):
    """A figure that is no column, but that columns are made of."""

    title: Text
    unit: Unit = "count"
    rows: list[Rows]


class MetricColumn(Strict):
    """One column of a metric table, in the words of its readers."""

    title: Text
    """Short: the header of a column, and the label by which a plan may name it."""
    header: Text | None = None
    """What a page calls it where the title would say too much."""
    name: Text
    """In full."""
    also: list[str] = Field(default_factory=list)
    """What else people call it: by these words it is explained too."""
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
    needs: str | None = None
    """The column of the same table that must be above zero; else the price of nothing is asked."""
    known_if: str | None = None
    """The flag without which the figure is not known, whatever SQL could count: of the same table, or `table.flag`."""
    rows: list[Rows] = Field(default_factory=list)
    """The rows of files that it is the sum of."""
    made_of: list[str] = Field(default_factory=list)
    """What else it is computed from: columns and figures `behind` of the same table, cells of others (`table.column`,
    with `each channel` those of every channel), settings (`setting.calls.count`), what is known (`given.as_of`)."""
    rests_on: str | None = None
    """The column that counts its cases, of the same table or `table.column`: while few, a change may be chance."""

    @property
    def heading(self) -> Text:
        """What a page calls it."""
        return self.header or self.title

    @property
    def look(self) -> str:
        """How its figures are written: the name of a format of theme.yaml."""
        return LOOKS[self.unit]

    @property
    def adds_up(self) -> bool:
        """Whether figures of several rows may be summed: counts and money, but no quotient of them."""
        return self.unit in {"count", "rub"} and self.denominator is None

    @property
    def has_total(self) -> bool:
        """Whether its rows of each channel, manager, … make one of all: those of sums do, and of their quotients."""
        return bool(self.rows) or self.adds_up or bool(self.numerator and self.denominator)

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that a ratio is made of, each once; empty for a figure of its own."""
        return tuple(dict.fromkeys(part for part in (self.numerator, self.minus, self.denominator) if part))

    @property
    def counts_above(self) -> bool:
        """Whether it is a rate of its cases: clients of ten calls."""
        return self.rests_on is not None and self.rests_on == self.numerator

    @property
    def counts_below(self) -> bool:
        """Whether it is a price of one of its cases in what is spent, which no chance moves: not an average check."""
        return self.rests_on is not None and self.rests_on == self.denominator and self.good == "down"

    @property
    def counts_calls(self) -> bool:
        """Whether it is of the calls that `calls.count` chooses, which may be enquiries."""
        return not COUNTED_CALLS.isdisjoint({self.rests_on, *self.parts})

    @property
    def left_of(self) -> str | None:
        """Of a profit: what its cases brought, before what was spent is taken off."""
        is_remainder = self.unit == "rub" and self.adds_up and not self.rows
        return self.sources[0] if is_remainder and self.sources else None

    @property
    def sources(self) -> tuple[str, ...]:
        """All that it is made of, each once: the parts of a ratio first; empty for a sum of rows."""
        return tuple(dict.fromkeys((*self.parts, *self.made_of)))


class MetricTable(Strict):
    """One metric table: its key and its figures."""

    title: Text
    meaning: Text
    key: list[str]
    fed_by: list[str] = Field(default_factory=list)
    """Staged tables whose age decides whether its figures are fresh; all that its columns name if left out."""
    behind: dict[str, Behind] = Field(default_factory=dict)
    """Figures that are no columns, but that columns are made of."""
    has_gaps: bool = False
    """Of a table by period: it tells of those alone that somebody asked for."""
    columns: dict[str, MetricColumn]
    """The key's columns first; of a table by period `is_complete` last."""

    @property
    def feeds(self) -> tuple[str, ...]:
        """Staged tables behind it: if one is stale, no change is told."""
        return tuple(self.fed_by or dict.fromkeys(name for column in self.columns.values() for name in column.tables))


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
        is_periodic = {"period_start", "cohort_on"} & set(table["key"])
        last = {"is_complete": shared["is_complete"]} if is_periodic else {}
        table["columns"] = {name: shared[name] for name in table["key"]} | own | last
    return Metrics.model_validate({"tables": declared["tables"], "rules": declared["rules"]})


def metric(table: str, column: str) -> MetricColumn:
    """Table and column in; what it is, out. Raises KeyError for one that does not exist: a mistake of ours."""
    return metrics().tables[table].columns[column]


def lacking_columns(named: Iterable[tuple[str, str]]) -> str:
    """Tables and columns in; a word on each that does not exist, with what is near, out; nothing where all do."""
    tables = metrics().tables
    lacking = ((table, column) for table, column in named if table not in tables or column not in tables[table].columns)
    return "; ".join(
        f"no column {table}.{column}" + "".join(f", {near}?" for near in nearest(column, _columns(table)))
        for table, column in lacking
    )


def _columns(table: str) -> Iterable[str]:
    return metrics().tables[table].columns if table in metrics().tables else ()
