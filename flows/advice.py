"""A client's sources and files → what nothing forbids and yet may be wrong, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from config.errors import SvodkaError
from config.load import LoadedClient
from connectors.files.find import matching
from flows.words import say

EXPORTS = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".zip"})
MOST_SHOWN = 10


def advice(loaded: LoadedClient) -> list[str]:
    """What `svodka check` adds about the sources as they are written."""
    return [*_several_deals(loaded), *_unnamed(loaded)]


def _several_deals(loaded: LoadedClient) -> list[str]:
    """Sources of sales are summed and never matched: one sale in two of them is two."""
    sales = [name for name, source in loaded.client.sources.items() if source.table == "deals"]
    return [say("several_deals", sources=", ".join(sales))] if len(sales) > 1 else []


def _unnamed(loaded: LoadedClient) -> list[str]:
    """Exports beside those that sources name and that none of them reads: next month's file, most often."""
    named = set(_named(loaded))
    folders = {str(PurePosixPath(file).parent) for file in named} - {"."}  # the client's folder holds other things too
    beside = {file for folder in folders for file in matching(f"{folder}/*", loaded.folder)}
    missed = sorted(
        file for file in beside - named - set(_beside(loaded)) if PurePosixPath(file).suffix.casefold() in EXPORTS
    )
    if not missed:
        return []
    more = f" … +{len(missed) - MOST_SHOWN}" if len(missed) > MOST_SHOWN else ""
    return [say("check_unnamed", files=", ".join(missed[:MOST_SHOWN]) + more)]


def _named(loaded: LoadedClient) -> Iterator[str]:
    """Files that the sources read; a pattern that must not be followed is told elsewhere."""
    for source in loaded.client.sources.values():
        for pattern in source.files:
            try:
                yield from matching(pattern, loaded.folder, loaded.allowed_roots)
            except SvodkaError:
                continue


def _beside(loaded: LoadedClient) -> Iterator[str]:
    """Dictionaries, rates and lists of values: small tables that are no exports."""
    places = loaded.client.dictionaries
    yield from (one for one in (places.channels, places.managers, places.loss_reasons) if isinstance(one, str))
    for source in loaded.client.sources.values():
        if isinstance(source.rates, str):
            yield source.rates
        yield from (value for values in source.exclude.values() for value in values)
