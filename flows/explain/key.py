"""`key=value` words → the whole key of a row of a metric table, what was left out filled in, a typo told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from config.errors import ConfigError
from config.metrics import MetricColumn, metrics
from config.nearest import nearest
from config.words import fold
from connectors.warehouse import Reading
from transforms.explain import DIMENSIONS, PAID, WHOLE, WITH_WHOLE

TOTALS = {"всего": WHOLE, "total": WHOLE, "всего, платные": PAID, "платные": PAID, "total, paid": PAID, "paid": PAID}
MOST_NAMED = 12


@dataclass(frozen=True)
class AskedKey:
    """A key, and the values that those of its parts may have which nobody gave."""

    key: Mapping[str, str]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def asked_key(warehouse: Reading, table: str, column: str, words: Sequence[str]) -> AskedKey:
    """A warehouse, table, column and words in; the key out: the last complete period and the total by default.

    Raises ConfigError, with the nearest names, for a channel, manager or period that the table does not have.
    """
    key = _given(words)
    described = metrics().tables.get(table)
    if described is None or column not in described.columns:
        return AskedKey(key)  # what is wrong is told by the explanation
    choices = {}
    for name in (name for name in DIMENSIONS if name in described.key):
        values = warehouse.values_of(table, name)
        if name in key:
            key[name] = _known(table, name, key[name], values)
        else:
            key[name] = _total_of(table, described.columns[column])
            choices[name] = [value for value in values if value != WHOLE][:MOST_NAMED]
    if "period_start" in described.key:
        _fill_period(warehouse, key)
    return AskedKey(key, choices)


def _given(words: Sequence[str]) -> dict[str, str]:
    key = {}
    for word in words:
        name, found, value = word.partition("=")
        if not found:
            raise ConfigError("cli.explain_not_key", found=word)
        key[name.strip()] = value.strip()
    return key


def _total_of(table: str, column: MetricColumn) -> str:
    """What «Сводка» shows: prices of advertising over the channels that cost something, all else over all."""
    is_of_spend = table == "channel_period" and "spend_rub" in (column.numerator, column.denominator)
    return PAID if is_of_spend else WHOLE


def _known(table: str, name: str, value: str, values: Sequence[str]) -> str:
    """The name as the table has it; case and ё do not matter."""
    by_fold = {fold(known): known for known in values}
    if fold(value) in by_fold:
        return by_fold[fold(value)]
    total = TOTALS.get(fold(value))
    if total == WHOLE or (total == PAID and table not in WITH_WHOLE and name == "channel"):
        return total
    near = nearest(value, by_fold, 0.4, most=3)
    raise ConfigError(
        "explain.unknown_name",
        table=table,
        key=name,
        value=value,
        near=", ".join(f"«{by_fold[one]}»" for one in near) or "—",
        known=", ".join(values[:MOST_NAMED]) + (", …" if len(values) > MOST_NAMED else ""),
    )


def _fill_period(warehouse: Reading, key: dict[str, str]) -> None:
    """The last complete period where none is named; a day inside a period is told the period's first."""
    grain = key.get("grain", "month")
    if not key.get("period_start"):
        if last := warehouse.last_whole_period(grain):
            key["period_start"] = last.isoformat()
        return
    try:
        day = date.fromisoformat(key["period_start"])
    except ValueError:
        return  # told by the explanation
    around, span = warehouse.period_around(grain, day), warehouse.period_span(grain)
    if around and around != day:
        raise ConfigError("explain.inside_period", value=day, start=around)
    if not around and span.first:
        raise ConfigError("explain.no_such_period", value=day, first=span.first, last=span.last, grain=grain)
