"""Money in other currencies → SQL of roubles by the client's table of rates, and how that table is read."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from config.errors import ContractError
from config.tables import Table
from config.words import fold
from transforms.parse import Reading, parsed
from transforms.parse.cells import literal
from transforms.staging.one_table import OneTable
from transforms.staging.units import currency_header, currency_of

MISSING = """
select missing_rate as currency, min(day_from_on) as day_on, count(*) as rows
from typed_rows where skipped is null and missing_rate is not null group by 1"""
COLUMNS = (
    frozenset({"date", "дата", "день"}),
    frozenset({"currency", "валюта", "код валюты", "код"}),
    frozenset({"rate", "курс", "курс, руб.", "рублей за единицу"}),
)
"""Known headers of the day, the currency and the rate."""
RATE = re.compile(r"0*\d{1,12}([.,]\d+)?")


@dataclass(frozen=True)
class Roubles:
    """How the money of a file becomes roubles."""

    code: str
    """SQL over `raw_cells` of the ISO code of a row's currency."""
    money: Mapping[str, str]
    """Column → SQL over `v_…` and `code` of the amount in roubles; NULL where there is no rate."""
    codes: Mapping[str, str]
    """Column → SQL over `code` of the currency that it is in."""
    rates: Sequence[tuple[str, ...]]
    """Rows of day, currency and rate, as they are written."""


def roubles(one: OneTable, filled: Collection[str]) -> Roubles | None:
    """A file and its source; how its money becomes roubles, or None if it is in roubles.

    Raises ContractError if the source is in another currency and has no table of rates.
    """
    columns = {name: currency_of(name, one) for name in _of_money(one.table, filled)}
    header = currency_header(one) if columns else None
    cell = one.cells.of(header) if header else None
    foreign = [code for code in columns.values() if code != "RUB"]
    if not columns or (not foreign and cell is None):
        return None
    if foreign and one.source.rates is None:
        raise ContractError.of(
            one.origin,
            "staging.no_rates",
            header=", ".join(one.headings(next(name for name, code in columns.items() if code == foreign[0]))),
            currency=foreign[0],
        )
    main = next(iter(columns.values()))
    rates = list(one.context.rates.get(one.source.rates_key, ()))
    until = _day(one, filled)
    codes = {name: "code" if own == main else literal(own) for name, own in columns.items()}
    return Roubles(
        code=literal(main) if cell is None else f"currency_code({cell}, {literal(main)})",
        money={name: _in_roubles(f"v_{name}", code, until, bool(rates)) for name, code in codes.items()},
        codes=codes,
        rates=rates,
    )


def _of_money(table: Table, filled: Collection[str]) -> list[str]:
    """The columns of amounts that a file fills, that of the table first."""
    kinds = table.mappable_columns
    found = [name for name in filled if name in kinds and kinds[name].type == "money"]
    return sorted(found, key=lambda name: name != table.money) if table.money in found else []


def _in_roubles(money: str, code: str, until: str, has_rates: bool) -> str:
    found = f"(select max_by(rate, day_on) from known_rates where rate_code = {code} and day_on <= {until})"
    rate = found if has_rates else "null::decimal(18,6)"
    return f"case when {code} = 'RUB' then {money} else round({money} * {rate}, 2)::decimal(18,2) end"


def known_rates() -> str:
    """The SELECT over `rates` of `day_on, rate_code, rate`."""
    return f"""
    select * from (
        select {parsed("date", "c0", Reading()).value} as day_on, currency_code(c1, '') as rate_code,
            try_cast(replace(c2, ',', '.') as decimal(18,6)) as rate from rates
    ) where rate is not null"""


def _day(one: OneTable, filled: Collection[str]) -> str:
    days = [f"v_{name}::date" for name in one.table.day if name in filled]
    if days:
        return f"coalesce({', '.join(days)})"
    return f"date '{one.recognised.period[1]}'" if one.recognised.period else "null::date"


def rate_rows(rows: Sequence[Sequence[str]], file: str) -> list[tuple[str, str, str]]:
    """A table's rows and its name in; day, currency and rate of each row below its header out, as text.

    Columns go by their headers; without known ones they are the first three. A row without a rate is a day without one.
    Raises ContractError for a table of fewer columns, and for a rate that is no number above zero.
    """
    header, places = _header(rows)
    if header is None and not any(len(row) >= len(places) for row in rows):
        present = ", ".join(cell for cell in rows[0] if cell.strip()) if rows else ""
        raise ContractError("staging.rates_columns", file=file, present=present or "—")
    found = []
    for number, row in enumerate(rows, 1):
        if number <= (header or 0):
            continue
        day, currency, rate = (row[place].strip() if place < len(row) else "" for place in places)
        if not (day and currency and rate):
            continue
        plain = "".join(rate.split()).removesuffix("RUB")
        if RATE.fullmatch(plain) and plain.strip("0.,"):
            found.append((day, currency, plain))
        elif header is not None or number > 1:
            raise ContractError("staging.rate_unreadable", file=file, row=number, found=rate)
    return found


def _header(rows: Sequence[Sequence[str]]) -> tuple[int | None, Sequence[int]]:
    """The number of the first row that names all three columns, and where they stand; None without such a row."""
    for number, row in enumerate(rows, 1):
        cells = [fold(cell) for cell in row]
        places = [next((place for place, cell in enumerate(cells) if cell in words), -1) for words in COLUMNS]
        if -1 not in places:
            return number, places
    return None, range(len(COLUMNS))
