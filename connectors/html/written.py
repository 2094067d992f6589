"""A value and its number pattern → the text that a workbook would show for it; a page → its first rows as such text."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import groupby
from typing import NamedTuple

from config.documents import Cell, Sheet, Value
from config.messages import DEFAULT_LANGUAGE, Language, message
from config.theme import Look, look

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


# The first rows of a page as plain text, a line a row, for a message.

HEADINGS = {"heading", "warnhead", "charthead"}
UNSAID = {"footnote"}
"""A line about what is grey means nothing where nothing is."""
UNKNOWN = "—"


def plain_text(sheet: Sheet, language: Language = DEFAULT_LANGUAGE) -> str:
    """Titles, sentences and figures above the first chart; a figure as `name: value (change)`."""
    end = min((chart.anchor_row - 1 for chart in sheet.charts), default=None)
    return "\n".join(_lines(sheet, end, language)).strip()


def _lines(sheet: Sheet, end: int | None, language: Language) -> Iterator[str]:
    headers: list[str] = []
    ordered = sorted(sheet.cells, key=lambda cell: (cell.row, cell.column))
    for row, group in groupby(ordered, key=lambda cell: cell.row):
        if end is not None and row >= end:
            return
        cells = [cell for cell in group if cell.value is not None and cell.column < PHONE_COLUMNS]
        kinds = {cell.look.partition(".")[0] for cell in cells}
        texts = [written(cell.value, look(cell.look), language).replace("\n", " ") for cell in cells]
        if kinds & {"header", "headerleft"}:
            headers = texts
        elif texts and not kinds & UNSAID:
            yield from ["", *texts] if kinds & HEADINGS else [_figures(cells, texts, headers, language)]


def _figures(cells: list[Cell], texts: list[str], headers: list[str], language: Language) -> str:
    """A row of a table as one line: what the last column compares with stands in its header; grey is said in words."""
    if len(texts) < 2 or cells[0].columns > 1:
        return " ".join(texts)
    name, value, *rest = texts
    rest = [text for text in rest if text != UNKNOWN]
    against = f" {headers[-1]}" if rest and headers else ""
    against += message("report.may_be_chance", language) if cells[-1].look.endswith(".grey") else ""
    return f"{name}: {value}" + (f" ({' · '.join(rest)}{against})" if rest else "")
