"""Money in other currencies → SQL of roubles by the client's table of rates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from config.client import SourceConfig
from config.errors import ContractError
from config.tables import Table, tables
from transforms.parse import Reading, parsed
from transforms.parse.cells import literal
from transforms.recognise import Recognised
from transforms.staging.cells import Cells, currency
from transforms.staging.context import StagingContext

MISSING = """
select missing_rate as currency, min(day_from_on) as day_on, count(*) as rows
from typed_rows where skipped is null and missing_rate is not null group by 1"""


@dataclass(frozen=True)
class Roubles:
    """How the money of a file becomes roubles."""

    code: str
    """SQL over `raw_cells` of the ISO code of a row's currency."""
    money: str
    """SQL over `v_…` and `code` of the amount in roubles; NULL where there is no rate."""
    rates: Sequence[tuple[str, ...]]
    """Rows of day, currency and rate, as they are written."""


def roubles(
    recognised: Recognised, source: SourceConfig, filled: Collection[str], context: StagingContext, cells: Cells
) -> Roubles | None:
    """A file and its source; how its money becomes roubles, or None if it is in roubles.

    Raises ContractError if the source is in another currency and has no table of rates.
    """
    table = tables()[source.table]
    if table.money is None or table.money not in filled:
        return None
    header = recognised.profile.currency_header if recognised.profile else None
    cell = cells.of(header) if header else None
    own = currency(source)
    if own == "RUB" and cell is None:
        return None
    if own != "RUB" and source.rates is None:
        raise ContractError("staging.no_rates", source=recognised.raw.origin.source, currency=own)
    code = literal(own) if cell is None else f"currency_code({cell}, {literal(own)})"
    money = f"v_{table.money}"
    rates = list(context.rates.get(source.rates_key, ()))
    until = _day(recognised, table, filled)
    found = f"(select max_by(rate, day_on) from known_rates where rate_code = code and day_on <= {until})"
    rate = found if rates else "null::decimal(18,6)"
    in_roubles = f"case when code = 'RUB' then {money} else round({money} * {rate}, 2)::decimal(18,2) end"
    return Roubles(code, in_roubles, rates)


def known_rates() -> str:
    """The SELECT over `rates` of `day_on, rate_code, rate`."""
    return f"""
    select * from (
        select {parsed("date", "c0", Reading()).value} as day_on, currency_code(c1, '') as rate_code,
            try_cast(replace(c2, ',', '.') as decimal(18,6)) as rate from rates
    ) where rate is not null"""


def _day(recognised: Recognised, table: Table, filled: Collection[str]) -> str:
    days = [f"v_{name}::date" for name in table.day if name in filled]
    if days:
        return f"coalesce({', '.join(days)})"
    return f"date '{recognised.period[1]}'" if recognised.period else "null::date"
