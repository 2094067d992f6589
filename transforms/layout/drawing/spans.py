"""The months that a report compares, and what their headers say."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from config.messages import Language, message
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
