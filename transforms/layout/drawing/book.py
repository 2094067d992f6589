"""The figures at hand: rows of metric and ops tables by month, freshness of what feeds them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Literal, cast

from config.client import Client, Edition
from config.documents import Result, Value
from config.labels import Text, of_enquiries
from config.messages import Language, catalogue, filled, message
from config.metrics import MetricColumn, metrics
from config.pages import lacking, shown_to
from config.profiles import KnownSource, source_titles
from config.reports import ReportSpec, Special, reports
from config.tables import tables
from transforms import words
from transforms.layout.drawing.spans import Periods, Reach, Span, flags, known, month_end, periods, uneven
from transforms.mask import hide_names, mask_text
from transforms.metrics import of_today
from transforms.words import DASH

# What the report is made of: the client, the day, and the tables that left the warehouse.

BannerKind = Literal["failed", "stale"]


@dataclass(frozen=True)
class Banner:
    """A line across the head of every page: the last run failed (red), or the data are old (grey)."""

    text: str
    kind: BannerKind = "failed"


@dataclass(frozen=True)
class ReportInput:
    """Everything `lay_out` reads; it asks nobody else."""

    client: Client
    as_of: date
    """The last day of the data."""
    updated_at: datetime
    """When this report was made, in the client's local time: the stamp, and nothing else, shows it."""
    now: dict[str, Result]
    """Metric tables by name."""
    before: dict[str, Result]
    """The same SQL with `as_of` moved back one month."""
    ops: dict[str, Result]
    """`sources`, `loads`, `rejects`, `unmapped`, `notices` of this run."""
    banner: Banner | None = None
    edition: Edition = field(default_factory=Edition)
    """What its reader sees of the whole; the tables hold no more than that."""
    hidden: frozenset[str] = frozenset()
    """Names of others, which no text of the data may tell this reader."""


Row = dict[str, Value]
When = Literal["now", "before"]
Months = dict[tuple[When, str, date], list[Row]]
"""Side, metric table and first day of a month → its rows."""
Number = int | float | Decimal
NAMED = ("channel", "manager")
"""Columns of metric tables that hold what somebody typed."""
WHOLE = "Всего"
"""Channel of the row that sums all channels, in tables that have one."""
UNKNOWN = "Не указан"
"""Channel or manager that nobody named, as metric tables call it."""
OF_COUNTED_CALLS = frozenset(
    {"dearest_and_cheapest_call", "one_call_price", "one_caller", "spent_in_vain", "no_paid_calls",
     "call_prices_of_few", "largest_channel_counted_calls", "calls_per_1000_change", "chart_calls_per_1000",
     "chart_calls_per_1000_alone", "chart_calls_per_1000_none", "chart_largest_channels",
     "chart_largest_channels_one", "chart_largest_channels_fell", "chart_largest_channels_rose"}
)  # fmt: skip
"""Sentences about what `calls.count` counts."""
OWN_WORDS = frozenset(
    {"run_id", "content_hash", "kind", "source", "table_name", "reason", "column_name", "value", "dictionary"}
)
"""Columns of ops tables that hold our own words; the text of a refused cell is hidden by its column's type."""


@dataclass(frozen=True)
class Book:
    """A ReportInput with its questions answered."""

    report: ReportInput

    @property
    def language(self) -> Language:
        """Language of the report."""
        return self.report.client.language

    @cached_property
    def periods(self) -> Periods:
        """The running month, the last whole one, and what they are compared with."""
        return periods(self.report.as_of)

    @cached_property
    def pages(self) -> list[ReportSpec]:
        """The pages that the client has a source for and that have what they need, in the order of their tabs."""
        absent = lacking(self.report.client)
        known = [report for report in reports() if report not in absent]
        standing = [report for report in known if not report.stands_with or self.ops(report.stands_with)]
        shown = shown_to(self.report.edition, standing)
        return [page for page in shown if self.report.edition.by is None or self._is_about_somebody(page)]

    def _is_about_somebody(self, page: ReportSpec) -> bool:
        """Whether a page of plans or changes has one of those whom the report is narrowed to."""
        asked = [
            block.of for block in page.blocks if isinstance(block, Special) and block.kind in {"plan", "experiments"}
        ]
        return not asked or any(self.report.now[name].rows for name in asked if name in self.report.now)

    def has_something(self, page: ReportSpec) -> bool:
        """Whether the page's table has its key figure in any month, or names somebody of whom something is known."""
        return self.has_key_figures(page) or bool(page.needs and self._are_told(page.needs.table, page.needs.named))

    def has_key_figures(self, page: ReportSpec) -> bool:
        """Whether the page's table has its key figure in any month."""
        need = page.needs
        if need is None:
            return True
        return any(number(row.get(name)) for row in self._of_all_months(need.table) for name in need.columns)

    def _are_told(self, table: str, columns: list[str]) -> bool:
        """Whether a row that names somebody has one of these figures."""
        named = (row for row in self._of_all_months(table) if not self._is_unnamed(row) and not self._is_whole(row))
        return any(number(row.get(name)) for row in named for name in columns)

    def _of_all_months(self, table: str) -> Iterator[Row]:
        return (row for first in self.months(table, 1000) for row in self.rows(table, first))

    def _is_whole(self, row: Row) -> bool:
        return any(row.get(name) == WHOLE for name in NAMED)

    def say(self, name: str, /, **facts: object) -> str:
        """A sentence of messages/report.yaml in the report's language."""
        if name not in OF_COUNTED_CALLS:
            return message(f"report.{name}", self.language, **facts)
        return filled(self._counted(catalogue()[f"report.{name}"][self.language]), self.language, **facts)

    def say_of(self, told: MetricColumn, text: Text) -> str:
        """A text about a figure: what `calls.count` counts is called what it is."""
        return self._counted(text.say(self.language)) if told.counts_calls else text.say(self.language)

    def noun_of_counted(self, noun: Literal["call", "call_of"]) -> str:
        """The noun that stands beside a number of what `calls.count` counts."""
        return noun.replace("call", "enquiry") if self._counts_enquiries else noun

    def _counted(self, text: str) -> str:
        return of_enquiries(text, self.language) if self._counts_enquiries else text

    @property
    def _counts_enquiries(self) -> bool:
        return self.report.client.settings.calls.count == "enquiries"

    @cached_property
    def _months(self) -> Months:
        found: Months = {}
        sides: list[tuple[When, dict[str, Result]]] = [("now", self.report.now), ("before", self.report.before)]
        for when, results in sides:
            for name, result in results.items():
                for row in result.dicts():
                    if "period_start" in row and row.get("grain", "month") == "month":
                        key = (when, name, cast(date, row["period_start"]))
                        found.setdefault(key, []).append(self._with_public_names(row))
        return {key: list(self._known(found, key)) for key in found}

    def _known(self, found: Months, key: tuple[When, str, date]) -> Iterator[Row]:
        """The rows without figures that only look known: before the first snapshot, the first call, after the last."""
        when, table, first = key
        unknown = self.reach.unknown(table, first, is_compared=when == "before")
        apart = {self.unknown, WHOLE}
        nobodys = uneven(table, [row for row in found[key] if not any(row.get(name) in apart for name in NAMED)])
        for row in found[key]:
            hidden = {name for name, flag in flags(table).items() if _flag(found, key, row, flag) is False}
            yield known(row, hidden | unknown | (nobodys if self._is_unnamed(row) else set()))

    def _is_unnamed(self, row: Row) -> bool:
        return any(row.get(name) == self.unknown for name in NAMED)

    def _with_public_names(self, row: Row) -> Row:
        public = {name: self._public_names.get(str(row[name]), row[name]) for name in NAMED if name in row}
        return {**row, **public}

    @cached_property
    def _public_names(self) -> dict[str, str]:
        """Channels and managers as they may be shown: no phone, no e-mail, still distinct; «Не указан» translated."""
        found: set[str] = set()
        for results in (self.report.now, self.report.before):
            for result in results.values():
                places = [result.columns.index(name) for name in NAMED if name in result.columns]
                found.update(str(row[place]) for row in result.rows for place in places if row[place] is not None)
        return {**self.shown_apart(sorted(found)), UNKNOWN: self.unknown}

    def public_name(self, name: str) -> str:
        """A channel, a manager or a partner as it is shown."""
        return self._public_names.get(name, self.shown(name))

    @property
    def unknown(self) -> str:
        """«Не указан» in the report's language."""
        return self.say("unknown_name")

    def shown(self, text: str) -> str:
        """Text of the data as its reader may see it: no names of others, no phones unless the client keeps them."""
        text = hide_names(text, self.report.hidden)
        return text if self.report.client.settings.personal_data == "keep" else mask_text(text)

    def shown_apart(self, texts: Iterable[str]) -> dict[str, str]:
        """Different texts in, each as it may leave; those that became equal are numbered."""
        found: dict[str, str] = {}
        for text in texts:
            public, others = self.shown(text), set(found.values())
            number = next(n for n in count(1) if (public if n == 1 else f"{public} ({n})") not in others)
            found[text] = public if number == 1 else f"{public} ({number})"
        return found

    def rows(self, table: str, first: date, when: When = "now") -> list[Row]:
        """Rows of one metric table for the month that begins on that day; empty if there is no such table.

        A month that has just begun is compared with nothing, so that nothing of the same days before is known.
        """
        if when == "before" and table in of_today():
            raise ValueError(f"{table}: says that nobody asks it of an earlier day")
        if when == "before" and self.periods.running.is_just_begun and first == self.periods.running_before.first:
            return []
        return self._months.get((when, table, first), [])

    def one(self, table: str, first: date, when: When = "now") -> Row:
        """The row of that month that is about the whole: the only one, or `Всего`; empty if there is none."""
        rows = self.rows(table, first, when)
        return next((row for row in rows if all(row.get(name, WHOLE) == WHOLE for name in NAMED)), {})

    def listed(self, table: str, when: When = "now") -> list[Row]:
        """All rows of a table that is no table of months: of cohorts, of clients, of changes."""
        result = (self.report.now if when == "now" else self.report.before).get(table)
        return [self._with_public_names(row) for row in result.dicts()] if result else []

    def value_word(self, column: str, value: Value) -> str:
        """A code of ours (`red`, `own`) or a flag in the reader's language; any other text as it may be shown."""
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        key = f"value_{column}_{value}"
        return self.say(key) if f"report.{key}" in catalogue() else DASH if value is None else self.shown(str(value))

    def months(self, table: str, most: int) -> list[date]:
        """First days of the table's latest months up to the running one, earliest first."""
        found = sorted(first for when, name, first in self._months if when == "now" and name == table)
        return [first for first in found if first <= self.report.as_of][-most:]

    def span(self, first: date) -> Span:
        """The part of that month that the figures cover."""
        running = self.periods.running
        if first == running.first:
            return running
        return Span(first, month_end(first))

    def ops(self, name: str) -> list[Row]:
        """Rows of an ops table; if it keeps several runs, those of the latest alone."""
        if name not in self._ops:
            self._ops[name] = [self._with_shown_texts(row) for row in self._latest(name)]
        return self._ops[name]

    @cached_property
    def _ops(self) -> dict[str, list[Row]]:
        return {}

    def _with_shown_texts(self, row: Row) -> Row:
        return {
            name: self.shown(value) if isinstance(value, str) and name not in OWN_WORDS else value
            for name, value in row.items()
        }

    def _latest(self, name: str) -> list[Row]:
        result = self.report.ops.get(name)
        rows = result.dicts() if result else []
        latest = max((str(row["run_id"]) for row in rows if row.get("run_id") is not None), default=None)
        return [row for row in rows if latest is None or str(row.get("run_id")) == latest]

    @cached_property
    def stale_tables(self) -> frozenset[str]:
        """Staged tables that a stale or unreachable source feeds."""
        return frozenset(str(row["table_name"]) for row in self._old_sources)

    def stale_sources(self, feeds: Iterable[str]) -> list[str]:
        """Titles of the stale or unreachable sources of these staged tables."""
        asked = set(feeds)
        return [self.source_title(str(row["source"])) for row in self._old_sources if row["table_name"] in asked]

    def source_title(self, names: str) -> str:
        """A source's key, or several with commas between, as the owner sees them; an unknown key stands as it is."""
        return ", ".join(self._source_titles.get(name, name) for name in names.split(", "))

    @cached_property
    def _source_titles(self) -> dict[str, str]:
        sources = [
            KnownSource(str(row["source"]), str(row["table_name"]), cast(str | None, row.get("profile")))
            for row in self.ops("sources")
        ]
        titles = source_titles(self.report.client, sources)
        return {name: self.shown(title) for name, title in titles.items()}

    @cached_property
    def _old_sources(self) -> list[Row]:
        return [row for row in self.ops("sources") if row.get("is_stale") or row.get("is_available") is False]

    @cached_property
    def data_days(self) -> tuple[date, date] | None:
        """Until what day fresh sources have rows: the earliest and the latest; of old ones if none is fresh."""
        dated = [
            row
            for row in self.ops("sources")
            if row.get("data_to_on") is not None and tables()[str(row["table_name"])].tells_days
        ]
        old = {str(row["source"]) for row in self._old_sources}
        fresh = [row for row in dated if str(row["source"]) not in old] or dated
        days = [cast(date, row["data_to_on"]) for row in fresh]
        return (min(days), max(days)) if days else None

    def is_silent(self, feeds: Iterable[str], first: date) -> bool:
        """Whether one of these staged tables is old and ends before that day: zeros from then on are not known."""
        return any(self.reach.ended.get(name, first) < first for name in feeds)

    @cached_property
    def reach(self) -> Reach:
        """From what day and to what day there are rows."""
        begun: dict[str, date] = {}
        ended = dict.fromkeys(self.stale_tables, date.min)
        for row in self.ops("sources"):
            name, first, last = str(row["table_name"]), row.get("data_from_on"), row.get("data_to_on")
            if first is not None:
                begun[name] = min(begun.get(name, date.max), cast(date, first))
            if last is not None and name in ended:
                ended[name] = max(ended[name], cast(date, last))
        return Reach(begun, ended)

    def is_old(self, table: str) -> bool:
        """Whether anything that a metric table is made of is old: no change of its figures is told."""
        return self.is_stale(metrics().tables[table].feeds)

    def is_stale(self, feeds: Iterable[str]) -> bool:
        """Whether any of these staged tables is old."""
        return not self.stale_tables.isdisjoint(feeds)

    def is_begun_late(self, table: str, first: date) -> bool:
        """Whether what a month's spend brought is known of its last days alone: no figure of the table is a measure."""
        feeds = metrics().tables[table].feeds
        return "ad_spend" in feeds and any(self.reach.is_late(feed, first) for feed in feeds)

    @property
    def first_sale_on(self) -> date | None:
        """The first day of the sales that are loaded."""
        days = [row.get("data_from_on") for row in self.ops("sources") if row["table_name"] == "deals"]
        return min((cast(date, day) for day in days if day is not None), default=None)

    @property
    def clients_known_from(self) -> date | None:
        """The day from which one can tell new clients and lost ones, while it is still ahead."""
        since = self.first_sale_on
        day = since and since + timedelta(days=self.report.client.settings.clients.client_days - 1)
        return day if day and day > self.report.as_of else None

    @cached_property
    def has_no_costs(self) -> bool:
        """No deal of any month has a cost of goods."""
        found = [
            row
            for (when, name, _), rows in self._months.items()
            if when == "now" and name == "channel_period"
            for row in rows
        ]
        known = [row for row in found if number(row.get("revenue_rub"))]
        return bool(known) and all(row.get("gross_profit_rub") == row.get("revenue_rub") for row in known)


def _flag(found: Months, key: tuple[When, str, date], row: Row, flag: str) -> Value:
    table, _, name = flag.rpartition(".")
    rows = found.get((key[0], table, key[2]), [{}]) if table else [row]
    return rows[0].get(name)


def number(value: Value) -> Number | None:
    """A value of a Result as a number, or None if it is not known."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return value


def total(rows: Iterable[Row], column: str) -> Number | None:
    """Sum of the known values of a column; None if none is known. Money stays Decimal."""
    known = [value for row in rows if (value := number(row.get(column))) is not None]
    if not known:
        return None
    if all(isinstance(value, Decimal | int) for value in known):
        return sum((Decimal(value) for value in known), Decimal(0)) if _has_decimal(known) else sum(map(int, known))
    return float(sum(map(float, known)))


def _has_decimal(known: list[Number]) -> bool:
    return any(isinstance(value, Decimal) for value in known)


def during(book: Book, span: Span) -> str:
    """`за 1–20 авг`, or `в августе` if whole."""
    if span.is_whole:
        return span.during(book.language)
    return book.say("for_span", span=span.during(book.language))


def during_before(book: Book, span: Span) -> str:
    """`за те же дни августа`, or `в августе` if whole."""
    if span.is_whole:
        return span.during(book.language)
    return book.say("same_days", month=words.month(span.last, "of", book.language))


def nothing_to_compare(book: Book) -> str:
    """Why no figure is compared: the month has only begun, or nothing is known of the one before."""
    return book.say("month_too_young" if book.periods.running.is_just_begun else "nothing_to_compare")
