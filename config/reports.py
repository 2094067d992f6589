"""What stands on each page and in which order: reports/*.yaml → ReportSpec; figures.yaml → FigureSpec."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.declarations import declaration
from config.errors import ConfigError
from config.labels import Good, Text
from config.metrics import MetricColumn, lacking_columns, metric
from config.strict import Strict, declared_as

HERE = Path(__file__).parent


class PartSpec(Strict):
    """Along what a change is split to find its cause: rows whose figures, or their parts, add up to the whole's."""

    table: str
    by: str


class FigureWords(Strict):
    """What the first screen calls a figure, where it says it otherwise than metrics.yaml."""

    title: Text
    meaning: Text
    formula: Text


class FigureSpec(Strict):
    """One figure of a whole month: a column of a metric table that has one row a month."""

    name: str
    """The column."""
    table: str
    stake: Literal["revenue_rub", "spend_rub"] = "revenue_rub"
    """What a change of it puts at stake, to rank the sentences: a column of whole_period."""
    parts: list[PartSpec] = Field(default_factory=list)
    words: FigureWords | None = None
    without_cost: bool = False
    """Its label says so if no deal has a cost."""
    stands_with: str | None = None
    """The staged table without a source of which it would say again what another figure says."""
    stands_without: str | None = None
    """And the one with a source of which another figure says more."""

    @property
    def column(self) -> MetricColumn:
        """What metrics.yaml says of it."""
        return metric(self.table, self.name)

    @property
    def title(self) -> Text:
        """Its name on the first screen."""
        return self.words.title if self.words else self.column.title

    @property
    def meaning(self) -> Text:
        """What it is."""
        return self.words.meaning if self.words else self.column.meaning

    @property
    def formula(self) -> Text:
        """How it is counted, in words."""
        return self.words.formula if self.words else self.column.formula

    @property
    def look(self) -> str:
        """How it is written."""
        return self.column.look

    @property
    def good(self) -> Good:
        """Which way is good for the business."""
        return self.column.good

    @property
    def feeds(self) -> list[str]:
        """Staged tables; if one of them is stale, the figure is grey and has no change.

        Costs are entered when a month is over: of each the metric itself says whether they are.
        """
        return [name for name in self.column.tables if name != "costs"]


class Sentences(Strict):
    """What the page says, in plain words."""

    kind: Literal["sentences"]
    say: list[str]
    title: Text | None = None
    """Above them; with one, there is nothing where nothing is told."""


class MainPoints(Strict):
    """«Главное»: the largest changes of the figures, each with its cause."""

    kind: Literal["main"]
    most: int = 3
    figures: list[str]


class Figures(Strict):
    """The figures of the first screen."""

    kind: Literal["figures"]
    figures: list[str]
    """In this order, seven at most: those that nobody can know make room for the next."""


class Doubts(Strict):
    """«Чему пока не верить»."""

    kind: Literal["doubts"]
    figures: list[str]
    most: int = 6


Form = Literal["figure", "of_ten", "interval_of_ten", "of_hundred", "hundredths", "kopecks"]
"""A figure as usual; a share as how many of ten, the same with its 95 % interval, × 100; a ratio to the hundredth."""


class TableColumn(Strict):
    """One column of a table by channel or manager."""

    column: str
    title: Text | None = None
    """Instead of the column's usual header."""
    is_change: bool = False
    """Not the figure but its change against the same days before."""
    is_main: bool = False
    """The figure the page is about: bold."""
    form: Form = "figure"
    total: str | None = None
    """Column of whole_period for the totals row; without it a plain sum of counts and money, else blank."""
    is_part: bool = False
    """Shares of one whole, which are summed in the totals row."""


class Breakdown(Strict):
    """A table of the running period: one row per channel or manager."""

    kind: Literal["breakdown"]
    key: str
    of: str
    by: str
    columns: list[TableColumn]
    order: str
    """Column by which rows stand, largest first."""
    grey: Literal["few_clients", "few_callers", "none"]
    title: Text | None = None
    nothing: Text | None = None
    """What stands there where all of it is zero."""
    total: Literal["paid", "all", "row", "none"] = "none"
    """The foot: over paid channels, over all, the table's own row `Всего`, or none."""
    span: Literal["running", "whole"] = "running"
    """The running month, or the last whole one."""
    drops_unknown: bool = False
    """A column of which nothing is known is left out."""
    has_rule: bool = False
    """The last column says by what rule each of them is paid."""


SAID_MOST = 4
"""Figures in the first sentence of a narrowed page."""


class Own(Strict):
    """What a page narrowed to some managers, channels or a partner says first: their figures, a sentence each."""

    table: Breakdown


class Heat(Strict):
    """One figure by month as a heat table: a row per channel or manager."""

    kind: Literal["heat"]
    key: str
    of: str
    by: str
    column: str
    form: Form = "figure"
    title: Text
    months: int = 9
    unripe: bool = False
    """Mark the months in which the figure still ripens."""
    good: Literal["high", "low", "none"] = "high"


class Months(Strict):
    """One row per month, the latest last."""

    kind: Literal["months"]
    key: str
    title: Text | None = None
    part_title: Text | None = None
    """Instead of a title that says how columns add up, where one of them is not known in any month."""
    title_columns: int | None = None
    """Over how many columns the title may run, if not over those of the page's sentences."""
    of: str | None = None
    columns: list[str]
    """Columns of `of`, or figures of figures.yaml."""
    months: int = 12
    main: list[str] = Field(default_factory=list)
    hundredths: list[str] = Field(default_factory=list)
    """Columns that are written to the hundredth, as scores are."""


class ChartSeries(Strict):
    """One line: a column (or a row) of a table of this page."""

    of: str
    name: Text | None = None
    role: str = "actual"
    running: bool = True


class ChartBlock(Strict):
    """A chart over a table of this page."""

    kind: Literal["chart"]
    key: str
    table: str
    title: str
    """Name of the sentence above it."""
    chart: Literal["line", "column", "bar"] = "line"
    look: str = "count"
    series: list[ChartSeries] = Field(default_factory=list)
    largest_rows: int = 0
    """Instead of series: that many largest rows of a heat table."""


class Step(Strict):
    """One step of a chain and the share kept from the step before."""

    column: str
    share: str | None = None
    share_of: str | None = None
    """The table that tells the share, if it is another than the chain's."""

    def columns(self, of: str) -> Iterator[tuple[str, str]]:
        """Table and column of what it shows, in the order of its rows; `of` is the chain's table."""
        if self.share:
            yield self.share_of or of, self.share
        yield of, self.column


class Chain(Strict):
    """Steps as rows, months as columns, the share kept at each step above it in grey."""

    kind: Literal["chain"]
    key: str
    of: str
    steps: list[Step]
    months: int = 7


class Restated(Strict):
    """Past figures that differ from those of the last report."""

    kind: Literal["restated"]
    compared: dict[str, list[str]]
    """Metric table with a row a month → its columns that are compared."""


class Special(Strict):
    """A table of one page alone."""

    kind: Literal["levers", "cohorts", "segments", "dependence", "winback", "low_scores", "plan", "experiments"]
    key: str
    of: str | None = None
    columns: list[str] = Field(default_factory=list)
    """Columns of `of` that it shows, in the order in which it shows them."""
    months: int = 12
    """Of `cohorts`: how many."""


class Plain(Strict):
    """A block that needs no settings."""

    kind: Literal["freshness", "reconciliation", "rejects", "unmapped", "notices", "assumed", "glossary", "settings"]


Block = Annotated[
    Sentences
    | MainPoints
    | Figures
    | Doubts
    | Breakdown
    | Heat
    | Months
    | ChartBlock
    | Chain
    | Special
    | Restated
    | Plain,
    Field(discriminator="kind"),
]


class Stand(Strict):
    """Sources without which there is no page at all, and what `check` says of it."""

    tables: list[str]
    """Staged tables, each of which some source must fill."""
    dictionary: str | None = None
    """A dictionary that the client must have, too."""
    brings: Text
    """What the page would show, and what would bring it."""


class Need(Strict):
    """A metric table without which the page has nothing to say, and the words that say so (three lines at most)."""

    table: str
    columns: list[str]
    """One of them must be more than nothing in some row, else the page has nothing to say."""
    named: list[str] = Field(default_factory=list)
    """Or one of these in a row that names somebody: then the page stands without what its columns would tell."""
    missing: list[Text]
    loaded: dict[str, Text] = Field(default_factory=dict)
    """Staged table → what to say instead where a source fills it, and still there is nothing to show."""


class ReportSpec(Strict):
    """One page."""

    key: str
    title: Text
    order: int
    widths: list[int]
    text_columns: int
    """Sentences are merged over that many first columns."""
    is_landscape: bool = False
    frozen_columns: int = Field(default=0, le=1)
    stands_on: Stand | None = None
    """Without it the page is always there."""
    needs: Need | None = None
    stands_with: str | None = None
    """Name of an ops table that must have a row, else the report has no such page."""
    subtitle: Literal["freshness", "compared", "none"] = "compared"
    blocks: list[Block]


@cache
def reports() -> list[ReportSpec]:
    """Every page, in the order of the tabs."""
    pages = (page_of(declaration(path), path) for path in (HERE / "reports").glob("*.yaml"))
    return sorted(pages, key=lambda report: report.order)


def page_of(declared: Mapping[str, object], path: Path) -> ReportSpec:
    """What one file says in; its page out. Raises ConfigError for a key that is not, and for a column that is not."""
    page: ReportSpec = declared_as(ReportSpec, {"key": path.stem, **declared}, path)
    named = [one for block in page.blocks for one in _columns_of(block)]
    if page.needs:
        named += [(page.needs.table, column) for column in (*page.needs.columns, *page.needs.named)]
    if lacking := lacking_columns(named):
        raise ConfigError("config.declaration", file=f"{path.parent.name}/{path.name}", mistakes=lacking)
    return page


def _columns_of(block: Block) -> Iterator[tuple[str, str]]:
    """Every metric table and column that a table of channels, managers or months names."""
    if isinstance(block, Breakdown):
        yield from ((block.of, name) for name in (block.by, block.order, *(one.column for one in block.columns)))
        yield from (("whole_period", one.total) for one in block.columns if one.total)
    elif isinstance(block, Heat):
        yield from ((block.of, name) for name in (block.by, block.column))


@cache
def restated_figures() -> dict[str, list[str]]:
    """Metric table → the columns whose past months every run compares with those of the last report."""
    blocks = [block for report in reports() for block in report.blocks if isinstance(block, Restated)]
    return {table: columns for block in blocks for table, columns in block.compared.items()}


@cache
def figures() -> dict[str, FigureSpec]:
    """Every figure of a whole month by name."""
    declared = declaration(HERE / "figures.yaml")
    return {name: FigureSpec.model_validate({"name": name, **fields}) for name, fields in declared.items()}
