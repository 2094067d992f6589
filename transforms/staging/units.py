"""A column of money → what its amounts are measured in: by svodka.yaml, else by its profile, else by its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from config.assumed import Assumed
from config.client import SourceConfig
from config.errors import ContractError
from config.tables import Column, Table
from config.words import fold, vocabulary
from transforms.parse import Reading, currency_words
from transforms.parse.reading import DurationUnit, Unit
from transforms.recognise import Recognised

WORDS: dict[Unit, str] = {
    "thousand": r"тыс(?:яч(?:и|ах)?)?\b\.?|т\. ?р(?:уб)?\b\.?|\bтр\b|\bth(?:ousands?)?\b|\b000s?\b|[кk](?= ?[₽$€])",
    "kopecks": r"коп\b\.?|копе(?:йках|йки|ек)\b|kopecks?\b",
    "million": r"млн\b\.?|миллион(?:ы|ах|ов)?\b|\bmln\b|\bmillions?\b",
}
"""As they stand in headings. `за тысячу показов` is a price, no unit."""
TIMES: dict[Unit, int] = {"thousand": 1_000, "million": 1_000_000}
FROM_HEADING: dict[Unit, str] = {"thousand": "unit_thousand", "million": "unit_million", "kopecks": "unit_kopecks"}


def unit_in(header: str) -> Unit | None:
    """A heading in; thousands, millions or kopecks where it says so, at its end or before a word for money, out."""
    money = currency_words(vocabulary().currencies)
    for unit, words in WORDS.items():
        if unit == "kopecks" and re.search(rf"(?<![^\W\d_])(?:{money})(?![^\W\d_])", fold(header)):
            continue  # «руб., коп.»: roubles with their kopecks
        if re.search(rf"(?<!за )(?<![^\W\d_])(?:{words}) *(?:$|[\])/,;]|(?:{money})(?![^\W\d_]))", fold(header)):
            return unit
    return None


DURATIONS: dict[DurationUnit, str] = {
    "minutes": r"мин(?:ут(?:ы|ах)?)?\.?|minutes?|mins?\.?",
    "hours": r"час(?:ы|ах|ов)?|ч\.?|hours?|hrs?\.?",
    "milliseconds": r"мс\.?|миллисекунд(?:ы|ах)?|ms|milliseconds?",
}
"""As they stand at the end of a heading of durations, or as its first word."""


def durations(table: Table, recognised: Recognised, source: SourceConfig) -> dict[str, DurationUnit]:
    """Columns of durations whose heading says what their bare numbers count, where nobody else says it."""
    if recognised.profile is not None:
        return {}
    names = [name for name, column in table.mappable_columns.items() if column.type == "seconds"]
    said = {name: duration_in(header) for name in names for header in headings(recognised, name)}
    return {name: unit for name, unit in said.items() if unit and name not in source.formats}


def duration_in(header: str) -> DurationUnit | None:
    """A heading in; minutes, hours or milliseconds where it says so, out."""
    for unit, words in DURATIONS.items():
        if re.search(rf"(?:^|[\s,(/\[])(?:в )?(?:{words})[\s)\].]*$|^(?:{words}) ", fold(header)):
            return unit
    return None


def currency_in(header: str) -> str | None:
    """A heading in; the code of the money that stands at its end, in its brackets or between commas out.

    Of several that fit the longest word speaks: «бел. руб.» are no roubles.
    """
    folded, found = fold(header), {}
    for code, pattern in _money_in_headings().items():
        if match := pattern.search(folded):
            found[max(len(word or "") for word in match.groups())] = code
    return found[max(found)] if found else None


@cache
def _money_in_headings() -> Mapping[str, re.Pattern[str]]:
    """The code of each currency → what a heading has that is in it."""
    found = {}
    for code, words in vocabulary().currencies.items():
        known = "|".join(re.escape(fold(word)) for word in [*words, code] if not word.isdigit())
        found[code] = re.compile(rf"(?:^|[\s,(/\[])[кk]?({known})[\s)\].]*$|[,(/\[] ?[кk]?({known}) ?[,)\]/]")
    return found


def currency_of(name: str, recognised: Recognised, source: SourceConfig) -> str:
    """A column of money in; ISO code of its amounts, as svodka.yaml or the heading says, out."""
    if source.currency and (code := vocabulary().currency_code(source.currency)):
        return code
    said = {code for header in headings(recognised, name) if (code := currency_in(header))}
    if not said and recognised.profile is None:
        said = {code for line in _lines_beside(recognised) if (code := _currency_of_title(line))}
    return said.pop() if len(said) == 1 else "RUB"


SAYS_OF_ALL = re.compile(r"сумм|данны|показател|значени|указан|приведен|ед\.|единиц|валют|amount|figure|currency|all ")
"""What a line below a table must speak of to tell of all its amounts."""


def _lines_beside(recognised: Recognised) -> list[str]:
    """Lines above the table, and those below it that speak of all amounts; none of a vendor's file."""
    if recognised.profile is not None:
        return []
    raw, shape = recognised.raw, recognised.shape
    below = [raw.rows[one.row] for one in shape.skipped if one.why == "service"] if raw.rows is not None else []
    below += [raw.tail[-one.from_end] for one in shape.skipped_tail if one.from_end <= len(raw.tail)]
    lines = [" ".join(filter(None, row)) for row in below]
    return [*shape.title, *(line for line in lines if SAYS_OF_ALL.search(fold(line)))]


TITLE_SAYS = re.compile(r"(?:валют[аы]|currency)[^:=]*[:=] *(.+)|\bв ([^ ]+(?: сша)?)")
"""A line above a table that tells its money: «Валюта: EUR», «Расходы, в долларах»."""
IN_MONEY = {"долларах": "USD", "долларах сша": "USD", "евро": "EUR", "тенге": "KZT", "юанях": "CNY"}


def _currency_of_title(line: str) -> str | None:
    """A line above the table in; the code of the money that it says all amounts are in, out."""
    for match in TITLE_SAYS.finditer(fold(line)):
        named = (match[1] or match[2]).strip(" .,;()")
        words = [named, named.split(" ")[0].strip(".,;()")]
        for word in words:
            if code := IN_MONEY.get(word) or vocabulary().currency_code(word):
                return code
    return None


CURRENCY_HEADER = re.compile(
    r"(?:код )?валют[аы](?: \w+)?|вал\.?|ден(?:\.|ежная) ?ед(?:\.|иница)?|(?:\w+[ _])?currency(?:[ _]code)?|ccy"
)


def currency_header(recognised: Recognised, source: SourceConfig) -> str | None:
    """The heading of a column of currencies: the vendor's, the one that svodka.yaml names, or one that says so."""
    if recognised.profile and recognised.profile.currency_header:
        return recognised.profile.currency_header
    headers = [header for header in recognised.shape.headers if header]
    if source.currency and vocabulary().currency_code(source.currency) is None:
        named = [header for header in headers if fold(header) == fold(source.currency)]
        if not named:
            raise ContractError(
                "staging.unknown_currency", found=source.currency, known=", ".join(vocabulary().currencies)
            )
        return named[0]
    if recognised.profile or source.currency:
        return None
    return next((header for header in headers if CURRENCY_HEADER.fullmatch(fold(header))), None)


def units(table: Table, recognised: Recognised, source: SourceConfig) -> dict[str, tuple[Unit, bool]]:
    """Columns of money that are not in roubles → their unit, and whether the heading alone says so."""
    found: dict[str, tuple[Unit, bool]] = {}
    title = {unit for line in _lines_beside(recognised) if (unit := unit_in(line))}
    vendor = recognised.declared.formats if recognised.declared else {}
    for name, column in table.mappable_columns.items():
        if not may_have_unit(name, column) or name in vendor or name in source.formats:
            continue
        written = source.units.get(name)
        if written:
            found[name] = ("units" if written == "one" else written, False)
        elif name in recognised.columns:
            headers = headings(recognised, name)
            says_money = any(currency_in(header) for header in headers)
            said = {unit for header in headers if (unit := unit_in(header))} or (set() if says_money else title)
            if len(said) == 1:
                found[name] = (said.pop(), True)
    return found


def may_have_unit(name: str, column: Column) -> bool:
    """Whether a column of ours may be in thousands: money, and what is planned of it."""
    return column.type == "money" or name == "planned"


def assumed(recognised: Recognised, found: Mapping[str, tuple[Unit, bool]]) -> Iterator[Assumed]:
    """What the headings said of amounts."""
    for name, (unit, is_of_heading) in found.items():
        if is_of_heading:
            yield Assumed(FROM_HEADING[unit], name, ", ".join(headings(recognised, name)))


def assumed_durations(recognised: Recognised, found: Mapping[str, DurationUnit]) -> Iterator[Assumed]:
    """What the headings said of durations."""
    for name, unit in found.items():
        yield Assumed(f"duration_{unit}", name, ", ".join(headings(recognised, name)))


def with_units(
    readings: Mapping[str, Reading], found: Mapping[str, tuple[Unit, bool]], lasting: Mapping[str, DurationUnit]
) -> dict[str, Reading]:
    """Readings in; the same, of those columns in their unit, out."""
    known = {name: replace(one, unit=found[name][0]) if name in found else one for name, one in readings.items()}
    return {name: replace(one, duration_unit=lasting.get(name, one.duration_unit)) for name, one in known.items()}


def headings(recognised: Recognised, name: str) -> list[str]:
    """The file's own headings of a column, of the names that the profile or svodka.yaml knows."""
    actual = recognised.actual
    column = recognised.columns.get(name)
    return [actual.get(fold(header), header) for header in column.headers] if column else []
