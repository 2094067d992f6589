"""What staging must know beside the file and its source: the client's zone, dictionaries, lists and rates."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from config.client import SourceConfig
from config.draft import Naming


@dataclass(frozen=True)
class StagingContext:
    """Facts of the client that hold for every file of a run."""

    timezone: str
    names: Mapping[str, Naming] = field(default_factory=dict)
    """`channels`, `managers` → its dictionary."""
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Path as written under `exclude:` → the texts of that file's first column."""
    rates: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    """`rates_key` of a source → rows of text: day, currency, roubles for one unit."""
    accounts: Sequence[str] = ()
    """The client's own bank accounts, as far as statements among its files tell them."""


# A source's config and all else that decides how its files are staged → a text that changes with any of it.

CODE = (
    ("transforms", ("parse", "recognise", "shape", "staging", "period.py")),
    ("config", ("profiles", "tables.yaml", "vocabulary.yaml", "metrics.yaml")),
)
"""Modules and declarations that make rows of cells."""
NOT_OF_ROWS = frozenset({"title", "stale_days", "vat", "files", "sheet"})
"""Keys of a source that change no row of a file."""


def fingerprint(
    source: SourceConfig, context: StagingContext, accepted: Mapping[str, Sequence[str]] | None = None
) -> str:
    """A source, the run's context and the headers accepted for the source in; the fingerprint out."""
    facts = {
        "code": _code(),
        "source": source.model_dump(mode="json", exclude=set(NOT_OF_ROWS)),
        "timezone": context.timezone,
        "accepted": {column: list(headers) for column, headers in (accepted or {}).items()},
        "lists": {
            value: list(context.lists[value])
            for values in source.exclude.values()
            for value in values
            if value in context.lists
        },
        **({"accounts": list(context.accounts)} if context.accounts else {}),
        "rates": [list(map(str, row)) for row in context.rates.get(source.rates_key, ())],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:24]


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for package, names in CODE:
        for name in names:
            for part in _texts(files(package) / name):
                digest.update(part)
    return digest.hexdigest()


def _texts(place: Traversable) -> Iterator[bytes]:
    if place.is_file():
        yield place.read_bytes()
    elif place.is_dir():
        for inner in sorted(place.iterdir(), key=lambda entry: entry.name):
            if (inner.is_dir() and inner.name != "__pycache__") or inner.name.endswith((".py", ".sql", ".yaml")):
                yield from _texts(inner)
