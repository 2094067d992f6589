"""How a plan or a list of changes may name a figure → the figure's table and column."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from config.labels import of_enquiries
from config.metrics import MetricColumn, metrics
from config.words import fold

OF_CHANNEL, OF_MANAGER = "\x1c", "\x1d"
"""Stand after a word in a row that names a channel, a manager; no cell holds them."""
PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "": (
            "chain_period",
            "unit_economics_period",
            "subscriber_period",
            "client_period",
            "satisfaction_period",
        ),
        OF_CHANNEL: ("channel_period", "unit_economics_period"),
        OF_MANAGER: ("manager_period", "satisfaction_period"),
        OF_CHANNEL + OF_MANAGER: ("manager_channel_period",),
    }
)
"""What a row names beside the figure → the tables in which a bare column is looked for, in this order."""
WITH_WHOLE = frozenset({"chain_period", "unit_economics_period", "satisfaction_period"})
"""Tables with a row of all channels, or managers, together."""
OTHERWISE = {
    ("average_check_rub", ""): "unit_economics_period.av_price_rub",
    ("average_check_rub", OF_CHANNEL): "unit_economics_period.av_price_rub",
    ("deals_won", ""): "unit_economics_period.orders",
    ("new_clients", ""): "unit_economics_period.buyers_new",
}
"""Columns that stand under another name where they are looked for."""
MARKS = {"channel": OF_CHANNEL, "manager": OF_MANAGER}


@cache
def placed_words() -> Mapping[str, str]:
    """Folded word and what its row names → `table.column`; all words that mean something."""
    found: dict[str, str] = {}
    for place in PLACES:
        for word in sorted({*_columns(), *_labels(), *_outright(place)}):
            metric = metric_of(word, place)
            if metric is not None:
                found[word + place] = metric
    return MappingProxyType(found)


@cache
def known_words() -> Mapping[str, str]:
    """Every folded word that means a figure beside some names or none → one of the figures that it means."""
    bare = {word.rstrip(OF_CHANNEL + OF_MANAGER): metric for word, metric in reversed(list(placed_words().items()))}
    return MappingProxyType(bare)


def metric_of(word: str, place: str) -> str | None:
    """A column, `table.column` or a label, and what the row names; the figure out, None if there is no such one."""
    told = fold(word)
    if told in _outright(place):
        return told
    for name in dict.fromkeys([told, *_labels().get(told, ())]):
        metric = OTHERWISE.get((name, place)) or _first(name, place, told)
        if metric is not None:
            return metric
    return None


def _first(name: str, place: str, label: str) -> str | None:
    """The first table that has the column, or one with that label."""
    for table in PLACES[place]:
        own = name if name in _figures(table) else _titled(table).get(label)
        if own is not None:
            return f"{table}.{own}"
    return None


@cache
def _titled(table: str) -> Mapping[str, str]:
    """Folded title → the first column of the table that bears it."""
    found: dict[str, str] = {}
    for name, column in _figures(table).items():
        for title in titles(column):
            found.setdefault(title, name)
    return found


@cache
def _figures(table: str) -> Mapping[str, MetricColumn]:
    described = metrics().tables[table]
    return {
        name: column
        for name, column in described.columns.items()
        if name not in described.key and column.unit in {"rub", "count", "share", "ratio"}
    }


@cache
def _columns() -> frozenset[str]:
    return frozenset(name for table in metrics().tables for name in _figures(table))


@cache
def _outright(place: str) -> frozenset[str]:
    """`table.column` of the tables whose dimensions such a row fills in, no more and no less."""
    return frozenset(f"{table}.{name}" for table in metrics().tables if _fits(table, place) for name in _figures(table))


def _fits(table: str, place: str) -> bool:
    key = metrics().tables[table].key
    if key[:2] != ["grain", "period_start"] or not {*key[2:]} <= {"channel", "manager"}:
        return False
    own = "".join(MARKS[name] for name in ("channel", "manager") if name in key)
    return place == own or (place == "" and table in WITH_WHOLE)


@cache
def _labels() -> Mapping[str, tuple[str, ...]]:
    """Folded label → the columns that bear it: those whose short title it is first, what else people say last."""
    found: dict[str, dict[str, None]] = {}
    for kind in (titles, names, synonyms):
        for table in metrics().tables:
            for name, column in _figures(table).items():
                for label in kind(column):
                    found.setdefault(label, {})[name] = None
    return {label: tuple(names) for label, names in found.items()}


def titles(column: MetricColumn) -> Iterator[str]:
    """A column in; how a report heads it, folded, out."""
    for text in (column.title, column.heading):
        yield from (fold(text.ru), fold(text.en))


def names(column: MetricColumn) -> Iterator[str]:
    """A column in; its names, folded, out."""
    yield from (fold(column.name.ru), fold(column.name.en))


def synonyms(column: MetricColumn) -> Iterator[str]:
    """A column in; what else people call it, folded, out."""
    counted = (of_enquiries(column.title.ru, "ru"), of_enquiries(column.title.en, "en")) if column.counts_calls else ()
    return map(fold, (*column.also, *counted))
