"""A column of units beside the amounts → the SQL of amounts as they would be written with their unit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from config.assumed import Assumed
from config.client import SourceConfig
from config.documents import NUMBER_MARK
from config.tables import Table
from config.words import fold
from transforms.parse.cells import folded, literal
from transforms.parse.reading import Unit
from transforms.recognise import Recognised
from transforms.staging.cells import Cells
from transforms.staging.clocks import sample, unused
from transforms.staging.units import TIMES, currency_in, headings, unit_in

UNIT_HEADER = re.compile(
    r"(?:ед(?:\.|иниц[аы])? ?)(?:изм(?:\.|ерения)?)?|размерность|масштаб|множитель|units?(?: of measure)?|scale"
)
"""Headings of a column that tells what the amount of each row is measured in."""
BEGIN: dict[Unit, str] = {"thousand": r"^(?:тыс|т[. ]+р|тр\b|th)", "million": r"^(?:млн|миллион|mln|million)"}
"""How the cells of such a column begin; DuckDB knows no look-ahead."""
PIECES = re.compile(r"кол-?во|количество|quantity|qty|шт\b")


def unit_header(recognised: Recognised, source: SourceConfig) -> str | None:
    """The unused heading of a column of units, of which some are thousands or millions of money."""
    if recognised.profile is not None or source.units:
        return None
    counts = any(PIECES.search(fold(header)) for header in recognised.shape.headers if header)
    for header in unused(recognised, source):
        if UNIT_HEADER.fullmatch(fold(header)):
            said = [cell for cell in sample(header, recognised) if unit_in(cell) in TIMES]
            if said and (not counts or any(currency_in(cell) for cell in said)):
                return header
    return None


def in_roubles(cell: str, unit: str) -> str:
    """SQL of an amount and of its unit; the amount as it would be written with that unit beside it."""
    mark, unit = literal(NUMBER_MARK), f"coalesce({folded(unit)}, '')"
    cases = ""
    for name, times in TIMES.items():
        whole = f"{mark} || (try_cast(ltrim({cell}, {mark}) as decimal(28,6)) * {times})::varchar"
        word = literal(f" {'тыс.' if name == 'thousand' else 'млн'}")
        cases += f" when regexp_matches({unit}, {literal(BEGIN[name])})"
        cases += f" then case when starts_with({cell}, {mark}) then {whole} else {cell} || {word} end"
    return f"case when coalesce({cell}, '') = '' then {cell}{cases} else {cell} end"


def with_units_beside(
    filled: Mapping[str, str], table: Table, recognised: Recognised, source: SourceConfig, cells: Cells
) -> dict[str, str]:
    """Columns with the SQL of their texts in; the same, amounts with the unit that stands beside them, out."""
    header, money = unit_header(recognised, source), table.money or ""
    if header is None or money not in filled or money not in recognised.columns:
        return dict(filled)
    return {**filled, money: in_roubles(filled[money], cells.named(header))}


def assumed_beside(table: Table, recognised: Recognised, source: SourceConfig) -> list[Assumed]:
    """What the column of units said of the amounts."""
    header = unit_header(recognised, source)
    if header is None or table.money not in recognised.columns:
        return []
    return [Assumed("unit_beside", table.money or "", ", ".join(headings(recognised, table.money or "")), header)]
