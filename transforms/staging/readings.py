"""A source's formats, words and zone → how each of its columns is read."""

from __future__ import annotations

from collections.abc import Mapping

from config.client import SourceConfig
from config.errors import ContractError
from config.tables import ColumnType, Table
from config.words import vocabulary
from transforms.parse import Reading, own_words, with_format
from transforms.recognise import Recognised
from transforms.staging.context import StagingContext

NUMERIC: frozenset[ColumnType] = frozenset({"money", "number", "count", "share"})
DATED: frozenset[ColumnType] = frozenset({"date", "moment"})
SCALES = {"csi": (1, 5), "csat": (1, 5), "nps": (0, 10)}


def readings(table: Table, recognised: Recognised, source: SourceConfig, context: StagingContext) -> dict[str, Reading]:
    """Every mappable column of the table → its Reading, as far as the client and the profile decide it."""
    return {
        name: _reading(name, column.type, recognised, source, context)
        for name, column in table.mappable_columns.items()
    }


def zone(recognised: Recognised, source: SourceConfig) -> str | None:
    """The zone in which a source keeps its moments: the client's word, else the vendor's."""
    declared = recognised.declared.timezone if recognised.declared else None
    return source.timezone or declared or (recognised.profile.timezone if recognised.profile else None)


def currency(source: SourceConfig) -> str:
    """ISO code of the money of a source. Raises ContractError for a word nobody uses for money."""
    if source.currency is None:
        return "RUB"
    code = vocabulary().currency_code(source.currency)
    if code is None:
        raise ContractError("staging.unknown_currency", found=source.currency, known=", ".join(vocabulary().currencies))
    return code


def _reading(
    name: str, kind: ColumnType, recognised: Recognised, source: SourceConfig, context: StagingContext
) -> Reading:
    vendor = recognised.declared
    reading = Reading(
        currency=currency(source),
        source_zone=zone(recognised, source),
        client_zone=context.timezone,
        words=own_words(vendor.values.get(name, {}) if vendor else {}, source.values.get(name, {})),
        scale=SCALES.get(name, (0, 10)),
    )
    for written in [*_formats(name, kind, vendor.formats if vendor else {}), *_formats(name, kind, source.formats)]:
        reading = with_format(reading, written)
    return reading


def _formats(name: str, kind: ColumnType, formats: Mapping[str, str]) -> list[str]:
    """What is said of all numbers or all dates, then what is said of this column."""
    found = []
    if kind in NUMERIC and "decimal" in formats:
        found.append(formats["decimal"])
    if kind in NUMERIC and formats.get("thousands") in (",", "."):
        found.append("." if formats["thousands"] == "," else ",")
    if kind in DATED and "date" in formats:
        found.append(formats["date"])
    return [*found, *([formats[name]] if name in formats else [])]
