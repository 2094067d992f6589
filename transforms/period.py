"""A title line or a file name → the first and last day it names, in figures or in Russian or English words."""

import calendar
import re
from datetime import date

Period = tuple[date, date]

RUSSIAN_MONTHS = (
    "янв(?:ар[ьяе])?", "фев(?:рал[ьяе])?", "мар(?:т[ае]?)?", "апр(?:ел[ьяе])?", "ма[йяе]", "июн[ьяе]?",
    "июл[ьяе]?", "авг(?:уст[ае]?)?", "сен(?:т(?:ябр[ьяе])?)?", "окт(?:ябр[ьяе])?", "ноя(?:бр[ьяе])?",
    "дек(?:абр[ьяе])?",
)  # fmt: skip
ENGLISH_MONTHS = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
    "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip

WORD = rf"(?P<{{0}}word>(?:{'|'.join((*RUSSIAN_MONTHS, *ENGLISH_MONTHS))})(?![а-яa-z]))\.?"
YEAR = r"(?P<{0}year>20\d\d)(?!\d)(?:\s*г(?:ода|\.)?)?"
DAY_FORMS = (
    r"(?<!\d)(?P<{0}year>20\d\d)[-./_](?P<{0}month>\d\d)[-./_](?P<{0}day>\d\d)(?!\d)",
    r"(?<!\d)(?P<{0}day>\d\d?)[./](?P<{0}month>\d\d)[./](?P<{0}year>20\d\d|\d\d)(?!\d)",
    r"(?<!\d)(?P<{0}day>\d\d)[-_](?P<{0}month>\d\d)[-_](?P<{0}year>20\d\d)(?!\d)",
    r"(?<!\d)(?P<{0}year>20\d\d)(?P<{0}month>\d\d)(?P<{0}day>\d\d)(?!\d)",
    rf"(?<!\d)(?P<{{0}}day>\d\d?)\s+{WORD}\s*,?\s*{YEAR}",
    rf"{WORD}\s+(?P<{{0}}day>\d\d?)\s*,\s*{YEAR}",
)
BETWEEN = r"[\s_]*(?:-|–|—|\.\.\.?|…|по|до|to|until|_)[\s_]*"
PAIRS = tuple(form.format("first_") + BETWEEN + form.format("last_") for form in DAY_FORMS)
"""Texts, not compiled: `re` keeps those it has met, and most runs need two of them, which take a while to compile."""
DAY, LAST_DAY = r"(?<!\d)(?P<first_day>\d\d?)", r"(?P<last_day>\d\d?)"
LAST_MONTH = rf"\s+{WORD.format('last_')}\s*,?\s*" + YEAR.format("last_")
SHORT_PAIRS = (
    # «1 августа - 5 сентября 2026»
    rf"{DAY}\s+{WORD.format('first_')}{BETWEEN}{LAST_DAY}{LAST_MONTH}",
    # «1 - 31 августа 2026», «с 1 по 31 августа 2026»
    f"{DAY}{BETWEEN}{LAST_DAY}{LAST_MONTH}",
    # «01.07-31.07.2026»
    r"(?<![\d.])(?P<first_day>\d\d)\.(?P<first_month>\d\d)" + BETWEEN + DAY_FORMS[1].format("last_"),
)
ONE_DAY = tuple(
    r"(?:(?<![а-яa-z])за|период|дата платежей|date range)[\s:_]*" + form.format("first_") for form in DAY_FORMS
)
OF_A_MONTH = ("ь", "т", "й")
"""How a month ends in Russian where the figure before it is no day of it: «VK 2 август 2026»."""
LONE_DAY = (DAY_FORMS[4].format("first_"), DAY_FORMS[5].format("first_"))
"""A day in words: a line of nothing else is the period, as Google Ads writes one of a single day."""
MONTHS = (
    rf"(?<![а-яa-z]){WORD.format('first_')}[\s_\-]*" + YEAR.format("first_"),
    r"(?<!\d)(?P<first_year>20\d\d)[-_.](?P<first_month>0[1-9]|1[0-2])(?![-_.]?\d)",
    r"(?<![\d.])(?P<first_month>0[1-9]|1[0-2])[-_.](?P<first_year>20\d\d)(?!\d)",
)


def period_in(text: str) -> Period | None:
    """A title line or a file name; its period, or None if it names none.

    A pair of days first, then one day that is called the period or is all that is said, then a whole month. A lone day
    («Сформирован: 01.09.2026», «Создан 1 сентября 2026 г.») says when the file was made, so it is no period.
    """
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    if not re.search(r"\d\d", plain):
        return None
    for pattern in (*PAIRS, *SHORT_PAIRS):
        for match in re.finditer(pattern, plain, re.IGNORECASE):
            found = _pair(match.groupdict())
            if found is not None:
                return found
    for pattern in ONE_DAY:
        called = re.search(pattern, plain, re.IGNORECASE)
        day = _day(called.groupdict(), "first_") if called else None
        if day is not None:
            return day, day
    for pattern in LONE_DAY:
        lone = re.search(pattern, plain, re.IGNORECASE)
        if lone and not lone["first_word"].casefold().endswith(OF_A_MONTH):
            day = _day(lone.groupdict(), "first_") if lone.group() == plain.strip() else None
            return (day, day) if day else None
    return _month(plain)


def _pair(parts: dict[str, str | None]) -> Period | None:
    last = _day(parts, "last_")
    if last is None:
        return None
    filled = {**parts}
    filled["first_year"] = parts.get("first_year") or str(last.year)
    if not parts.get("first_month") and not parts.get("first_word"):
        filled["first_month"] = str(last.month)
    first = _day(filled, "first_")
    return (first, last) if first is not None and first <= last else None


def _day(parts: dict[str, str | None], prefix: str) -> date | None:
    year, month, day = parts.get(f"{prefix}year"), _month_number(parts, prefix), parts.get(f"{prefix}day")
    if not year or not month or not day:
        return None
    try:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, int(day))
    except ValueError:
        return None


def _month_number(parts: dict[str, str | None], prefix: str) -> int | None:
    figure, word = parts.get(f"{prefix}month"), parts.get(f"{prefix}word")
    if figure:
        return int(figure)
    if not word:
        return None
    for stems in (RUSSIAN_MONTHS, ENGLISH_MONTHS):
        for number, stem in enumerate(stems, 1):
            if re.fullmatch(stem, word, re.IGNORECASE):
                return number
    return None


def _month(text: str) -> Period | None:
    for pattern in MONTHS:
        found = re.search(pattern, text, re.IGNORECASE)
        if found is None:
            continue
        parts = found.groupdict()
        year, month = int(parts["first_year"]), _month_number(parts, "first_")
        if month is not None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return None


# A heading → the month it is, and nothing but it.

MONTH_NAME = (
    rf"(?:(?P<before>20\d\d)[\s/.,_-]*)?{WORD.format('')}[\s/.,'_-]*(?P<year>20\d\d|\d\d)?\s*(?:г(?:ода|од|\.)?)?"
)
MONTH_FIGURES = (
    r"(?P<month>0?[1-9]|1[0-2])[./-](?P<year>20\d\d)",
    r"(?P<year>20\d\d)[./-](?P<month>0[1-9]|1[0-2])(?:[./-]01(?: 00:00:00)?)?",
    r"01[./](?P<month>0[1-9]|1[0-2])[./](?P<year>20\d\d)",
)


def month_in(heading: str, year: int | None = None, after: date | None = None) -> Period | None:
    """A heading, the year if it names none, and the month to the left of it in; the month out, None if it is none.

    «янв», «Январь 2026», «2026 / Январь», `01.2026`, a date that is the first of a month. Without a year a month that
    would lie before the one to its left is of the next year.
    """
    text = " ".join(heading.replace("\u00a0", " ").split()).strip(" .,;:")
    for pattern in MONTH_FIGURES:
        if match := re.fullmatch(pattern, text):
            return _whole_month(int(match["year"]), int(match["month"]))
    match = re.fullmatch(MONTH_NAME, text, re.IGNORECASE)
    number = _month_number(match.groupdict(), "") if match else None
    if match is None or number is None:
        return None
    if named := match["before"] or match["year"]:
        return _whole_month(int(named) if len(named) == 4 else 2000 + int(named), number)
    if year is None:
        return None
    year = max(year, after.year) if after else year
    return _whole_month(year + (after is not None and number < after.month and year == after.year), number)


def _whole_month(year: int, month: int) -> Period:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
