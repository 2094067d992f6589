"""A column of money or durations → what it is measured in: by svodka.yaml, else by its profile, else by its words.

The words stand in its heading, in a line above or below the table, or in a column of units beside the amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Literal

from config.documents import NUMBER_MARK
from config.errors import ContractError
from config.notices import Assumed
from config.tables import Column
from config.words import fold, is_headed, vocabulary
from transforms.parse import Reading, currency_words
from transforms.parse.cells import folded, literal
from transforms.parse.reading import DurationUnit, Unit
from transforms.staging.one_table import OneTable

WORDS: dict[Unit, str] = {
    "thousand": r"тыс(?:яч(?:и|ах)?)?\b\.?|т\. ?р(?:уб)?\b\.?|\bтр\b|\bth(?:ousands?)?\b|\b000s?\b|[кk](?= ?[₽$€])",
    "kopecks": r"коп\b\.?|копе(?:йках|йки|ек)\b|kopecks?\b",
    "million": r"млн\b\.?|миллион(?:ы|ах|ов)?\b|\bmln\b|\bmillions?\b",
}
"""As they stand in headings. `за тысячу показов` is a price, no unit."""
BEGIN: dict[Unit, str] = {"thousand": r"^(?:тыс|т[. ]+р|тр\b|th)", "million": r"^(?:млн|миллион|mln|million)"}
"""How the cells of a column of units begin; DuckDB knows no look-ahead."""
TIMES: dict[Unit, int] = {"thousand": 1_000, "million": 1_000_000}
FROM_HEADING: dict[Unit, str] = {"thousand": "unit_thousand", "million": "unit_million", "kopecks": "unit_kopecks"}


def vat_in(headings: Iterable[str]) -> Literal["included", "excluded"] | None:
    """Headings of amounts in; whether these hold VAT, where one says so, out."""
    said: dict[Literal["included", "excluded"], str] = {"excluded": "without_vat", "included": "with_vat"}
    every = list(headings)
    return next((vat for vat, kind in said.items() if any(is_headed(one, kind) for one in every)), None)


def unit_in(header: str) -> Unit | None:
    """A heading in; thousands, millions or kopecks where it says so, at its end or before a word for money, out."""
    money = currency_words(tuple(vocabulary().currencies))
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


def durations(one: OneTable) -> dict[str, DurationUnit]:
    """Columns of durations whose heading says what their bare numbers count, where nobody else says it."""
    if one.is_vendors:
        return {}
    names = [name for name, column in one.table.mappable_columns.items() if column.type == "seconds"]
    said = {name: duration_in(header) for name in names for header in one.headings(name)}
    return {name: unit for name, unit in said.items() if unit and name not in one.source.formats}


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


def currency_of(name: str, one: OneTable) -> str:
    """A column of money in; ISO code of its amounts, as svodka.yaml or the heading says, out."""
    if one.source.currency and (code := vocabulary().currency_code(one.source.currency)):
        return code
    said = {code for header in one.headings(name) if (code := currency_in(header))}
    if not said:
        said = {code for line in _lines_beside(one) if (code := _currency_of_title(line))}
    return said.pop() if len(said) == 1 else "RUB"


SAYS_OF_ALL = re.compile(r"сумм|данны|показател|значени|указан|приведен|ед\.|единиц|валют|amount|figure|currency|all ")
"""What a line below a table must speak of to tell of all its amounts."""


def _lines_beside(one: OneTable) -> list[str]:
    """Lines above the table, and those below it that speak of all amounts; none of a vendor's file."""
    if one.is_vendors:
        return []
    return [*one.recognised.shape.title, *(line for line in lines_below(one) if SAYS_OF_ALL.search(fold(line)))]


def lines_below(one: OneTable) -> list[str]:
    """What people or programs wrote below a table, each line as one text."""
    raw, shape = one.recognised.raw, one.recognised.shape
    below = [raw.rows[left.row] for left in shape.skipped if left.why == "service"] if raw.rows is not None else []
    below += [raw.tail[-left.from_end] for left in shape.skipped_tail if left.from_end <= len(raw.tail)]
    return [" ".join(filter(None, row)) for row in below]


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


def currency_header(one: OneTable) -> str | None:
    """The heading of a column of currencies: the vendor's, the one that svodka.yaml names, or one that says so."""
    profile, written = one.recognised.profile, one.source.currency
    headers = {fold(header) for header in one.recognised.shape.headers if header}
    if profile and (vendors := profile.currency_header):
        return vendors if fold(vendors) in headers else next(iter(one.headed("currencies")), vendors)
    if written and vocabulary().currency_code(written) is None:
        named = [header for header in one.recognised.shape.headers if header and fold(header) == fold(written)]
        if not named:
            raise ContractError("staging.unknown_currency", found=written, known=", ".join(vocabulary().currencies))
        return named[0]
    return None if written else next(iter(one.headed("currencies")), None)


def units(one: OneTable) -> dict[str, tuple[Unit, bool]]:
    """Columns of money that are not in roubles → their unit, and whether the heading alone says so."""
    found: dict[str, tuple[Unit, bool]] = {}
    title = {unit for line in _lines_beside(one) if (unit := unit_in(line))}
    vendor = one.recognised.declared.formats if one.recognised.declared else {}
    for name, column in one.table.mappable_columns.items():
        if not _may_have_unit(name, column) or name in vendor or name in one.source.formats:
            continue
        written = one.source.units.get(name)
        if written:
            found[name] = ("units" if written == "one" else written, False)
        elif one.has(name):
            headers = one.headings(name)
            says_money = any(currency_in(header) for header in headers)
            said = {unit for header in headers if (unit := unit_in(header))} or (set() if says_money else title)
            if len(said) == 1:
                found[name] = (said.pop(), True)
    return found


def _may_have_unit(name: str, column: Column) -> bool:
    """Whether a column of ours may be in thousands: money, and what is planned of it."""
    return column.type == "money" or name == "planned"


def with_units(readings: Mapping[str, Reading], one: OneTable) -> dict[str, Reading]:
    """Readings in; the same, of those columns in their unit, out."""
    found, lasting = units(one), durations(one)
    known = {name: replace(how, unit=found[name][0]) if name in found else how for name, how in readings.items()}
    return {name: replace(how, duration_unit=lasting.get(name, how.duration_unit)) for name, how in known.items()}


def with_units_beside(filled: Mapping[str, str], one: OneTable) -> dict[str, str]:
    """Columns with the SQL of their texts in; the same, amounts with the unit that stands beside them, out."""
    header, money = _unit_header(one), one.table.money or ""
    if header is None or money not in filled or not one.has_money:
        return dict(filled)
    return {**filled, money: _in_roubles(filled[money], one.cells.named(header))}


def assumed_units(one: OneTable) -> Iterator[Assumed]:
    """What the headings, and a column of units, said of amounts and durations."""
    for name, (unit, is_of_heading) in units(one).items():
        if is_of_heading:
            yield Assumed(FROM_HEADING[unit], name, ", ".join(one.headings(name)))
    money, header = one.table.money or "", _unit_header(one)
    if header is not None and one.has_money:
        yield Assumed("unit_beside", money, ", ".join(one.headings(money)), header)


def assumed_durations(one: OneTable) -> Iterator[Assumed]:
    """What the headings said of durations."""
    for name, unit in durations(one).items():
        yield Assumed(f"duration_{unit}", name, ", ".join(one.headings(name)))


def _unit_header(one: OneTable) -> str | None:
    """The unused heading of a column of units, of which some are thousands or millions of money."""
    if one.is_vendors or one.source.units:
        return None
    has_pieces = bool(one.headed("any_pieces"))
    for header in one.unread_as("units"):
        said = [cell for cell in one.sample(header) if unit_in(cell) in TIMES]
        if said and (not has_pieces or any(currency_in(cell) for cell in said)):
            return header
    return None


def _in_roubles(cell: str, unit: str) -> str:
    """SQL of an amount and of its unit; the amount as it would be written with that unit beside it."""
    mark, unit = literal(NUMBER_MARK), f"coalesce({folded(unit)}, '')"
    cases = ""
    for name, times in TIMES.items():
        whole = f"{mark} || (try_cast(ltrim({cell}, {mark}) as decimal(28,6)) * {times})::varchar"
        word = literal(f" {'тыс.' if name == 'thousand' else 'млн'}")
        cases += f" when regexp_matches({unit}, {literal(BEGIN[name])})"
        cases += f" then case when starts_with({cell}, {mark}) then {whole} else {cell} || {word} end"
    return f"case when coalesce({cell}, '') = '' then {cell}{cases} else {cell} end"
