"""How an owner sees the sources of svodka.yaml: by their titles, else by what is in them and whose export it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from config.client import Client, SourceConfig
from config.messages import Language
from config.profiles import profiles
from config.tables import inputs, tables


@dataclass(frozen=True)
class KnownSource:
    """One source as it was loaded."""

    name: str
    """Its key in svodka.yaml."""
    table: str
    profile: str | None = None


def source_titles(client: Client, sources: Iterable[KnownSource]) -> dict[str, str]:
    """The client and its loaded sources in; key → title out, all different.

    `title:` of the source wins; else «Звонки Sipuni»; else the key and its table, «calls_old (звонки)».
    """
    found = {source.name: source_title(client, source) for source in sources}
    alike = Counter(found.values())
    return {name: title if alike[title] == 1 else f"{title} ({name})" for name, title in found.items()}


def source_title(client: Client, source: KnownSource) -> str:
    """The title of one source, which another one may share."""
    config = client.sources.get(source.name)
    if config is not None and config.title:
        return config.title
    table = _table(source.table, client.language)
    is_own = config is not None and _is_mapped_by_hand(config, source.table)
    vendor = profiles()[source.profile].vendor if source.profile in profiles() and not is_own else None
    if vendor:
        return f"{table[:1].upper()}{table[1:]} {vendor}"
    return f"{table[:1].upper()}{table[1:]}" if source.name == source.table else f"{source.name} ({table})"


def _is_mapped_by_hand(config: SourceConfig, table: str) -> bool:
    """A table of one's own with headers that some vendor uses too is not that vendor's export."""
    return config.profile == "auto" and all(
        not config.columns.keys().isdisjoint(need) for need in tables()[table].needs
    )


def _table(name: str, language: Language) -> str:
    kept = inputs().get(name)
    return kept.named.say(language) if kept else name
