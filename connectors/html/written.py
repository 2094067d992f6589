"""A value and its number pattern → the text that a workbook would show for it."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from config.documents import Value
from config.messages import Language
from config.theme import Look

PHONE_COLUMNS = 3
"""What a phone shows of a table: the name, the figure, its change."""
FIRM_SPACE = "\N{NO-BREAK SPACE}"
YES_NO: dict[Language, tuple[str, str]] = {"ru": ("нет", "да"), "en": ("no", "yes")}
MONTHS: dict[Language, tuple[str, ...]] = {
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
NUMBER = re.compile(r"[#0][#0,]*(?:\.(?P<decimals>0+))?(?P<thousands>,*)")
DAY_PARTS = re.compile(r"mmm|yyyy|hh|mm|d")


class Section(NamedTuple):
    """One section of a number pattern: what stands around the number, and how the number itself is written."""

    before: str
    after: str
    decimals: int
    divisor: int
    is_grouped: bool
    is_share: bool
    has_number: bool


def written(value: Value, drawn: Look, language: Language) -> str:
    """The value as its look writes it; nothing for a blank. Halves round away from zero, as workbooks do."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO[language][value]
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return _day(value, drawn.pattern or "d mmm yyyy", language)
    return _number(Decimal(str(value)), drawn.pattern, language)


def _day(value: date, pattern: str, language: Language) -> str:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    parts = {
        "d": str(moment.day),
        "mmm": MONTHS[language][moment.month - 1],
        "yyyy": str(moment.year),
        "hh": f"{moment:%H}",
        "mm": f"{moment:%M}",
    }
    return DAY_PARTS.sub(lambda found: parts[found[0]], pattern).replace(" ", FIRM_SPACE)


def _number(value: Decimal, pattern: str | None, language: Language) -> str:
    if pattern is None:
        return _grouped(value.normalize(), None, language, is_grouped=False)
    sections = _sections(pattern)
    if value == 0 and len(sections) > 2:
        section = sections[2]
    elif value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    else:
        section = sections[0]
    if not section.has_number:
        return section.before
    scaled = value * (100 if section.is_share else 1) / section.divisor
    text = _grouped(scaled, section.decimals, language, is_grouped=section.is_grouped)
    return f"{section.before}{text}{section.after}".replace(" ", FIRM_SPACE)


@cache
def _sections(pattern: str) -> tuple[Section, ...]:
    return tuple(_section(part) for part in pattern.split(";"))


def _section(part: str) -> Section:
    found = NUMBER.search(part)
    if not found:
        return Section(part.replace('"', ""), "", 0, 1, False, False, has_number=False)
    before, after = part[: found.start()].replace('"', ""), part[found.end() :].replace('"', "")
    digits, thousands = found[0], found["thousands"] or ""
    if not found["decimals"]:  # commas at the end of the digits themselves
        stripped = digits.rstrip(",")
        thousands, digits = digits[len(stripped) :], stripped
    return Section(
        before,
        after,
        decimals=len(found["decimals"] or ""),
        divisor=1000 ** len(thousands),
        is_grouped="," in digits.removesuffix(thousands),
        is_share="%" in after,
        has_number=True,
    )


def _grouped(value: Decimal, decimals: int | None, language: Language, *, is_grouped: bool) -> str:
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{value:,f}" if is_grouped else f"{value:f}"
    return text.replace(",", FIRM_SPACE).replace(".", ",") if language == "ru" else text
