"""Metric tables: one SQL file each, named like the table; and the variables that their SQL reads."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from config.client import ClientSettings
from config.macros import expanded

LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}
"""Days of the longest period of a grain."""


@cache
def metric_queries() -> MappingProxyType[str, str]:
    """Every table of schema `metrics` → the SELECT that makes it, spines included, macros written out, in no order."""
    return MappingProxyType({**_queries("transforms.metrics.spines"), **portable_queries()})


@cache
def portable_queries() -> MappingProxyType[str, str]:
    """The tables whose SQL keeps to what other engines understand too: all but the spines of days and periods."""
    return MappingProxyType(_queries("transforms.metrics"))


def variables(settings: ClientSettings, as_of: date) -> dict[str, object]:
    """A client's settings and the day in; what `getvariable` answers inside metric SQL out."""
    return {
        "as_of": as_of,
        "grains": list(settings.grains),
        "calls_count": settings.calls.count,
        "unique_days": settings.calls.unique_days,
        "near_days": max(settings.calls.unique_days, *(LONGEST[grain] for grain in settings.grains)),
        "target_seconds": settings.calls.target_seconds,
        "active_days": settings.subscribers.active_days,
        "client_days": settings.clients.client_days,
        "min_callers": settings.managers.min_callers,
        "several_orders": settings.clients.segment_orders[0],
        "many_orders": settings.clients.segment_orders[1],
        "min_units": settings.economics.min_units,
        "min_buyers": settings.economics.min_buyers,
        "min_clients": settings.channels.min_clients,
        "attribution_model": settings.attribution.model,
        "lookback_days": settings.attribution.lookback_days,
        "economics_unit": settings.economics.unit,
        "advertising_items": list(settings.costs.advertising_items),
    }


def _queries(package: str) -> dict[str, str]:
    folder = files(package)
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return {entry.name.removesuffix(".sql"): expanded(entry.read_text(encoding="utf-8")) for entry in found}
