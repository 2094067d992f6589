"""The months that a report compares, what their headers say, and which figures of them can be known."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from config.documents import Value
from config.messages import Language, message
from config.metrics import metrics
from transforms import words

LEAST_DAYS = 7
"""Fewer are compared with nothing: not every day of the week is among them yet."""


@dataclass(frozen=True)
class Span:
    """Part of one month, from its first day."""

    first: date
    last: date

    @property
    def is_whole(self) -> bool:
        """It reaches the last day of its month."""
        return self.last == month_end(self.last)

    @property
    def is_just_begun(self) -> bool:
        """It has no whole week yet."""
        return self.last.day < LEAST_DAYS

    def header(self, language: Language) -> str:
        """`1–20 сен`, or `сентябрь` if whole."""
        if self.is_whole:
            return words.month(self.last, "name", language)
        return words.span(self.first, self.last, language)

    def against(self, language: Language) -> str:
        """`к 1–20 авг`, or `к августу` if whole."""
        text = words.month(self.last, "to", language) if self.is_whole else words.span(self.first, self.last, language)
        return message("report.against", language, span=text)

    def during(self, language: Language) -> str:
        """`1–20 сен`, or `в августе` if whole: for sentences."""
        if self.is_whole:
            return message("report.in_month", language, month=words.month(self.last, "in", language))
        return words.span(self.first, self.last, language)


@dataclass(frozen=True)
class Periods:
    """The running month to `as_of`, the whole month before it, and what each is compared with."""

    running: Span
    running_before: Span
    whole: Span
    whole_before: Span


def periods(as_of: date) -> Periods:
    """The last day with data in, the four spans of the report out."""
    back = month_back(as_of)
    whole = _month_of(as_of.replace(day=1) - timedelta(days=1))
    return Periods(
        running=Span(as_of.replace(day=1), as_of),
        running_before=Span(back.replace(day=1), back),
        whole=whole,
        whole_before=_month_of(whole.first - timedelta(days=1)),
    )


def month_back(day: date) -> date:
    """The same day one month earlier; a month's last day gives a month's last day."""
    end = day.replace(day=1) - timedelta(days=1)
    if day == month_end(day):
        return end
    return end.replace(day=min(day.day, end.day))


def month_end(day: date) -> date:
    """The last day of that month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _month_of(end: date) -> Span:
    return Span(end.replace(day=1), end)


# Which figures of a month can be known: their flag says so, their sources had begun by then and are not over.

SPANNED = frozenset({"ad_spend", "calls", "deals", "survey_answers"})
"""Staged tables whose days tell what is known; leads are few, and the past of subscribers has a flag of its own."""
DENSE = frozenset({"ad_spend", "calls"})
"""Those that have rows on most days: where they begin, nothing was written down before."""
TIMELESS = frozenset({"subscribers", "activity", "plan", "experiments"})
"""What is made of these is known, or is not, by a flag of its own."""


@dataclass(frozen=True)
class Reach:
    """From what day and to what day the sources of staged tables say anything."""

    begun: Mapping[str, date]
    ended: Mapping[str, date]
    """Of old sources alone: a fresh one that says nothing says zero."""

    def is_late(self, table: str, first: date) -> bool:
        """Whether the table begins so far into the month, by more than a tenth of it, that nothing compares with it."""
        begun = self.begun.get(table)
        return begun is not None and (begun - first).days * 10 > _days(first)

    def hides(self, table: str, first: date, *, is_compared: bool) -> bool:
        """Whether nothing is known of that month: it was before the first row, or after the last of an old source."""
        begun, ended = self.begun.get(table), self.ended.get(table)
        is_over = ended is not None and ended < first
        is_ahead = begun is not None and begun > first.replace(day=_days(first))
        return is_over or is_ahead or (is_compared and self.is_late(table, first))

    def unknown(self, table: str, first: date, *, is_compared: bool) -> frozenset[str]:
        """Columns of a metric table of which nothing is known in that month."""
        hidden = {name for name in SPANNED if self.hides(name, first, is_compared=is_compared)}
        spanned = _spanned(table)
        hiding = {feeds for feeds in set(spanned.values()) if hidden & feeds or self._is_uneven(feeds, first)}
        return frozenset(name for name, feeds in spanned.items() if feeds in hiding)

    def _is_uneven(self, feeds: frozenset[str], first: date) -> bool:
        """Whether a figure would set the calls of ten days against the spend of thirty."""
        days = {self.begun[name] for name in feeds if name in self.begun}
        if not days or not any(self.is_late(name, first) for name in DENSE & feeds):
            return False
        return (max(days) - min(days)).days * 10 > _days(first)


def flags(table: str) -> Mapping[str, str]:
    """Column → the flag without which it is not known."""
    found = metrics().tables.get(table)
    return {name: column.known_if for name, column in found.columns.items() if column.known_if} if found else {}


def uneven(table: str, named: Sequence[Mapping[str, Value]]) -> frozenset[str]:
    """Ratios that «Не указан» cannot have: the calls of all channels, named nowhere, against the spend of one."""
    found = metrics().tables.get(table)
    if found is None or not named:
        return frozenset()
    of_nobody = {name for name in found.columns if all(row.get(name) is None for row in named)}
    parts = {name: set(column.parts) for name, column in found.columns.items()}
    return frozenset(name for name, of in parts.items() if of & of_nobody and of - of_nobody)


def known(row: Mapping[str, Value], unknown: Iterable[str]) -> dict[str, Value]:
    """The row without what only looks known."""
    hidden = frozenset(unknown)
    return {name: None if name in hidden else value for name, value in row.items()}


@cache
def _spanned(table: str) -> Mapping[str, frozenset[str]]:
    """Figure → the staged tables whose days decide whether it is known."""
    found = metrics().tables.get(table)
    columns = found.columns.items() if found else ()
    return {
        name: SPANNED.intersection(column.tables)
        for name, column in columns
        if column.unit not in {"text", "flag", "date"} and TIMELESS.isdisjoint(column.tables)
    }


def _days(first: date) -> int:
    return calendar.monthrange(first.year, first.month)[1]
