"""Figures, days and counted nouns as people write them in a sentence, in Russian and English."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from config.messages import Language

if TYPE_CHECKING:
    from config.labels import MonthForm

NBSP = "\u00a0"
DASH = "—"
"""Stands where a figure cannot be known."""

Number = int | float | Decimal

PLAIN = re.compile(r"(?<![\w.,-])(?:(?P<day>\d{4}-\d\d-\d\d)|(?P<number>\d+(?:\.(?P<places>\d\d))?))(?![\w-]|[.,]\d)")
"""A day or a figure as a program writes it."""


def counted(count: Number, noun: str, language: Language) -> str:
    """21 and `call` in, `21 звонок` out; fractions take the second form (`1,9 звонка`)."""
    places = 0 if count == int(count) else 1
    return f"{number(count, places, language)}{NBSP}{agreed(count, noun, language)}"


def agreed(count: Number, noun: str, language: Language) -> str:
    """The form of the noun that agrees with the count."""
    from config.labels import labels  # its models take a fifth of a second, which `svodka --help` need not wait for

    forms = labels().nouns[noun]
    if language == "en":
        return forms.en[0 if count == 1 else 1]
    return forms.ru[_russian_form(count)]


def _russian_form(count: Number) -> int:
    if count != int(count):
        return 1
    tens, ones = abs(int(count)) // 10 % 10, abs(int(count)) % 10
    if tens == 1 or ones == 0 or ones > 4:
        return 2
    return 0 if ones == 1 else 1


def number(value: Number, places: int, language: Language) -> str:
    """1284500.4 with 0 places in, `1 284 500` out (non-breaking); half rounds away from zero."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{places}f}"
    if language == "ru":
        text = text.replace(",", NBSP).replace(".", ",")
    return f"−{text}" if rounded < 0 else text


def figure(value: Number | None, look: str, language: Language) -> str:
    """A value and the first part of its look in, the text a person would write out; `—` if it is not known."""
    if value is None:
        return DASH
    match look:
        case "money":
            return number(value, 0, language) + NBSP + "₽"
        case "kopecks":
            return number(value, 2, language) + NBSP + "₽"
        case "ratio":
            return number(value, ratio_places(value), language)
        case "share":
            return number(Decimal(str(value)) * 100, share_places(value), language) + NBSP + "%"
        case "ratio2":
            return number(value, 2, language)
        case _:
            return number(value, 0, language)


PLACES_MOST = 6
"""Decimals of the smallest ratio."""


def ratio_places(value: Number) -> int:
    """Decimals of a ratio: one, or as many as give two significant digits below 1."""
    size = abs(float(value))
    if size == 0 or size >= 0.995:
        return 1
    return next((places for places in range(2, PLACES_MOST) if size >= 0.995 * 10 ** (1 - places)), PLACES_MOST)


def share_places(value: Number) -> int:
    """Decimals of a share shown in per cent: one below 10 %."""
    return 1 if 0 < abs(float(value)) < 0.0995 else 0


def shortened(name: str, most: int) -> str:
    """A name of so many letters at most: a long one keeps its beginning and its end, which tells it from others."""
    half = most // 2
    return name if len(name) <= most else f"{name[:half].rstrip()}…{name[-half + 1 :].lstrip()}"


def as_people_write(text: str, language: Language) -> str:
    """Days and figures of a program's text as people write them: `1582 → 383.50` in, `1 582 → 383,50` out."""

    def written(found: re.Match[str]) -> str:
        if found["day"]:
            return figured_day(date.fromisoformat(found["day"]), language)
        return number(Decimal(found["number"]), len(found["places"] or ""), language)

    return PLAIN.sub(written, text)


def month(day: date, form: MonthForm, language: Language) -> str:
    """The month's name in one of its forms: `сен`, `сентябрь`, `сентября`, `сентябрю`, `сентябре`."""
    from config.labels import labels

    return labels().months[language][form][day.month - 1]


def short_day(day: date, language: Language) -> str:
    """`20 сен`; `20 Sep`."""
    return f"{day.day}{NBSP}{month(day, 'short', language)}"


def full_day(day: date, language: Language) -> str:
    """`20 сен 2026`."""
    return f"{short_day(day, language)}{NBSP}{day.year}"


def figured_day(day: date, language: Language) -> str:
    """`20.09.2026`; in English `2026-09-20`."""
    return f"{day:%d.%m.%Y}" if language == "ru" else day.isoformat()


def figured_moment(moment: datetime, language: Language) -> str:
    """`20.09.2026 03:00`; in English `2026-09-20 03:00`."""
    return f"{figured_day(moment.date(), language)} {moment:%H:%M}"


def short_month(day: date, language: Language) -> str:
    """`сен 2026`."""
    return f"{month(day, 'short', language)}{NBSP}{day.year}"


def month_of_year(day: date, language: Language) -> str:
    """`сентябрь 2026`."""
    return f"{month(day, 'name', language)} {day.year}"


def span(first: date, last: date, language: Language) -> str:
    """Days of one month: `1–20 сен`, or one day: `1 сен`."""
    if first == last:
        return short_day(last, language)
    return f"{first.day}–{short_day(last, language)}"


def days(first: date, last: date, language: Language, *, with_year: bool = False) -> str:
    """Two days of any months: `17–20 сен`, `29 авг – 2 сен`, or one: `20 сен`; with the last one's year if asked."""
    end = full_day(last, language) if with_year else short_day(last, language)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = full_day(first, language) if first.year != last.year else short_day(first, language)
    return f"{start} – {end}"
