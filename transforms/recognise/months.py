"""A table with months across its columns → the same table once for each month: a channel a row, a month a column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from config.client import SourceConfig
from config.documents import RawTable
from config.draft import GIVEN
from config.errors import ContractError
from config.notices import Assumed
from config.profiles import ColumnSource, Skip
from config.tables import tables
from transforms.period import Period, month_in
from transforms.recognise.complain import guess_columns
from transforms.recognise.fit import Aliases
from transforms.recognise.recognised import Chosen, Recognised, build
from transforms.shape import Header
from transforms.shape.header import MARKS, headers_possible

FEWEST = 2
"""Months in a header from which on a table is taken for one of months, though nobody said so."""
DAYS: Mapping[str, Mapping[str, str]] = {
    "ad_spend": {},
    "costs": {"month_on": GIVEN},
    "plan": {"period_start": GIVEN, "grain": "'month'"},
}
"""Tables that can be kept so → the columns that a month fills; spend is spread over its days."""
KEYS_ACROSS = {"plan": ("metric",), "costs": ("item",), "ad_spend": ("channel", "campaign")}
"""Table → the columns one of which stands beside months across, the likeliest table first."""
AMOUNTS = {"ad_spend": "spend_rub", "costs": "amount_rub", "plan": "planned"}
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True)
class Across:
    """A tab, its header, and the columns of it that are months."""

    raw: RawTable
    header: Header
    months: Mapping[str, Period]
    """Heading → its month, from the left."""


def across_of(raw: RawTable, year: int | None = None) -> Across | None:
    """A table and the year of its first month, if somebody said it, in; its months out, None if no row names any.

    A month without a year («янв») takes that of the lines above it, of the tab or of the file; after December comes
    January of the next year. The row that names most months is the header, one row before two.
    """
    best: Across | None = None
    for header in headers_possible(raw):
        found = _months(header, year or _year_said(raw, header))
        if found and len(found) < sum(map(bool, header.names)) and len(found) > len(best.months if best else ()):
            best = Across(raw, header, found)
    return best


def is_across(raws: Sequence[RawTable], table: str, source: SourceConfig) -> bool:
    """Whether a table is of months across: svodka.yaml says so, or its amount has no column of its own."""
    if source.months_across is not None:
        return True
    taken = {*source.columns, *source.constants}
    may_be = table in DAYS and source.profile == "auto" and taken.isdisjoint({AMOUNTS[table], *tables()[table].day})
    return may_be and any((found := across_of(raw)) is not None and len(found.months) >= FEWEST for raw in raws)


def by_months(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> list[Recognised]:
    """The tabs of one file in; each of them that has months across, once for each month, out.

    Raises ContractError for a table that cannot be kept so, for headings without months or without a year, and for a
    month that stands twice.
    """
    if table not in DAYS or (source.amount_across or AMOUNTS[table]) not in tables()[table].mappable_columns:
        raise _asked("shape.no_months_across", raws[0], source, table=table, tables=", ".join(DAYS))
    year = source.first_year
    found = [across for raw in raws if not raw.is_hidden and (across := across_of(raw, year)) is not None]
    if not found:
        key = "shape.months_without_year" if any(across_of(raw, 2000) for raw in raws) else "shape.no_months"
        raise _asked(key, raws[0], source, column=source.amount_across or AMOUNTS[table])
    for across in found:
        twice = [name for name, month in across.months.items() if list(across.months.values()).count(month) > 1]
        if twice:
            raise _asked("shape.months_twice", across.raw, source, headers=", ".join(f"«{name}»" for name in twice))
    read = [_of_month(across, heading, table, source, aliases) for across in found for heading in across.months]
    taken = {across.raw.origin.tab for across in found}
    left = tuple(raw.origin.tab or "" for raw in raws if raw.origin.tab not in taken and not raw.is_hidden)
    raw = replace(read[0].raw, left_aside=left)
    return [replace(read[0], raw=raw, assumed=tuple(_assumed(found, source))), *read[1:]]


def _assumed(found: Sequence[Across], source: SourceConfig) -> Iterator[Assumed]:
    """That headings are months, where nobody said it, and of which year, where they do not."""
    amount = source.amount_across or AMOUNTS[source.table]
    if source.months_across is None:
        headings = list(found[0].months)
        yield Assumed("months_across", amount, value=f"«{headings[0]}» … «{headings[-1]}»")
    for across in found:
        first = next(iter(across.months))
        if source.first_year is None and month_in(first.lstrip(MARKS)) is None:
            yield Assumed("year_of_months", amount, first, str(across.months[first][0].year))


def keys_beside(names: Sequence[str], table: str) -> dict[str, str]:
    """The headings that are no months, and a table, in; our column → the heading that says what a row is of, out."""
    return {column: name for column, name in guess_columns(names, table).items() if column in KEYS_ACROSS[table]}


def _with_keys(source: SourceConfig, across: Across, table: str) -> dict[str, list[str]]:
    """The source's columns and, where it names none of a row's keys, the heading that stands beside the months."""
    if not {*source.columns, *source.constants}.isdisjoint(KEYS_ACROSS[table]):
        return dict(source.columns)
    beside = [name for name in across.header.names if name and name not in across.months]
    found = keys_beside(beside, table) or ({KEYS_ACROSS[table][0]: beside[0]} if len(beside) == 1 else {})
    return {**source.columns, **{column: [name] for column, name in found.items()}}


def _of_month(across: Across, heading: str, table: str, source: SourceConfig, aliases: Aliases) -> Recognised:
    """The table as if it had this month's column alone; a row without an amount in it is blank."""
    first, last = across.months[heading]
    amount = source.amount_across or AMOUNTS[table]
    alone = source.model_copy(
        update={
            "columns": {**_with_keys(source, across, table), amount: [heading]},
            "period": f"{first}..{last}",
            "months_across": None,
        }
    )
    given = {column: ColumnSource(sql=sql) for column, sql in DAYS[table].items()}
    found = build(Chosen(across.raw, across.header, None, 1.0), table, alone, aliases, given=given)
    blank = Skip(when=f"trim({{{heading}}}) in ('', '-', '--', '—', '–')", why="blank")
    period = (first, last) if tables()[table].can_be_period else None
    return replace(found, period=period, given=str(first), skips=(*found.skips, blank))


def _months(header: Header, year: int | None) -> dict[str, Period]:
    """Headings that are months, each with its days; none if a year lacks."""
    found: dict[str, Period] = {}
    last: date | None = None
    for name in header.names:
        month = month_in(name.lstrip(MARKS), year, last)
        if month is not None:
            found[name], last = month, month[0]
    return found


def _year_said(raw: RawTable, header: Header) -> int | None:
    """The year that the lines above the header, the tab or the file name, the nearest first."""
    above = [cell for row in reversed(raw.head[: min(header.rows)]) for cell in row]
    file = raw.origin.file.rpartition("/")[2]
    for text in (*above, raw.origin.tab or "", file):
        if len(years := set(YEAR.findall(text))) == 1:
            return int(years.pop())
    return None


def _asked(key: str, raw: RawTable, source: SourceConfig, **facts: object) -> ContractError:
    return ContractError.of(raw.origin, key, **facts)
