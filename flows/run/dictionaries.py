"""Small tables beside the sources → dictionaries of names, lists of values to exclude, rates of currencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from config.aliases import Aliases, Dictionary
from config.client import DictionaryPlace, SourceConfig
from config.documents import RawTable
from config.draft import Naming
from config.errors import ConfigError, SvodkaError
from config.load import LoadedClient
from config.words import fold
from connectors.files.find import find, matching
from connectors.files.read import read
from connectors.files.read_bank import own_accounts
from connectors.files.table import MEGABYTE, Limits
from flows.run.spreadsheets import DICTIONARY, RATES, Found
from transforms.dictionary import NO_DICTIONARY, dictionary
from transforms.rates import rate_rows
from transforms.staging import StagingContext

NAMES: tuple[Dictionary, ...] = ("channels", "managers")
ALIAS = ("alias", "псевдоним", "написание", "как в источнике")
NAME = ("name", "имя", "название", "как в отчёте")
LIMITS = Limits(64 * MEGABYTE, 64 * MEGABYTE, in_memory_bytes=64 * MEGABYTE)
"""A dictionary is always read into rows: what stays on disk shows its head alone."""
MARKS = "\ue001\ue002\ue003\ue004"
STATEMENT = ".txt"
Rows = list[tuple[str, ...]]


def namings(loaded: LoadedClient, spreadsheets: Mapping[str, Found]) -> dict[str, Naming]:
    """A client and what was read from Google in; `channels`, `managers` → its dictionary out.

    Without one every spelling is a name. Raises ConfigError for a dictionary that cannot be read or contradicts itself.
    """
    return {name: _naming(loaded, name, spreadsheets) for name in NAMES}


def staging_context(
    loaded: LoadedClient, names: Mapping[str, Naming], spreadsheets: Mapping[str, Found]
) -> StagingContext:
    """A client, its dictionaries and what was read from Google in; what staging must know beside file and source out.

    Rates that cannot be read are left out: the source that needs them says so when it is loaded.
    """
    lists: dict[str, list[str]] = {}
    rates: dict[str, Sequence[tuple[str, ...]]] = {}
    for source in loaded.client.sources.values():
        for values in source.exclude.values():
            for value in values:
                if value.casefold().endswith(".csv"):
                    lists[value] = [row[0] for row in _rows(loaded, value) if row and row[0].strip()]
        if source.rates:
            with suppress(SvodkaError):
                rates[source.rates_key] = rates_of(loaded, source, spreadsheets)
    return StagingContext(loaded.client.timezone, names, lists, rates, _own_accounts(loaded))


def _own_accounts(loaded: LoadedClient) -> list[str]:
    """The accounts of all bank statements among the client's files; what cannot be read says so when it is loaded."""
    found: set[str] = set()
    patterns = {pattern for source in loaded.client.sources.values() for pattern in source.files}
    for pattern in sorted(patterns):
        with suppress(SvodkaError):
            names = matching(pattern, loaded.folder, loaded.allowed_roots)
            for name in names:
                if name.casefold().endswith(STATEMENT):
                    with suppress(OSError):
                        found |= set(own_accounts(loaded.folder / name))
    return sorted(found)


def rates_of(
    loaded: LoadedClient, source: SourceConfig, spreadsheets: Mapping[str, Found]
) -> Sequence[tuple[str, ...]]:
    """A source in; its rates as rows of day, currency and roubles for one unit out; none if it has no table of them.

    Raises why the file or tab cannot be read, and ContractError for a rate that is no number.
    """
    if source.rates is None:
        return ()
    if isinstance(source.rates, str):
        return rate_rows(_rows(loaded, source.rates), source.rates)
    found = spreadsheets.get(RATES + source.rates_key, [])
    if isinstance(found, SvodkaError):
        raise found
    return rate_rows(_texts(found[0]), found[0].origin.file) if found else ()


def places(loaded: LoadedClient) -> dict[str, str]:
    """A client in; dictionary → the file or tab where it is kept out."""
    found = {}
    for name in NAMES:
        place: str | DictionaryPlace | None = getattr(loaded.client.dictionaries, name)
        if place is not None:
            found[str(name)] = place if isinstance(place, str) else place.tab
    return found


def _naming(loaded: LoadedClient, name: Dictionary, spreadsheets: Mapping[str, Found]) -> Naming:
    place: str | DictionaryPlace | None = getattr(loaded.client.dictionaries, name)
    accepted = _accepted(loaded.aliases, name)
    if place is None:
        return dictionary([], "aliases.yaml", accepted) if accepted else NO_DICTIONARY
    if isinstance(place, str):
        return dictionary(_pairs(_rows(loaded, place), place), place, accepted)
    found = spreadsheets[DICTIONARY + name]
    if isinstance(found, SvodkaError):
        raise found
    return dictionary(_pairs(_texts(found[0]), found[0].origin.file), found[0].origin.file, accepted)


def _accepted(aliases: Aliases, name: Dictionary) -> dict[str, str]:
    return aliases.names_of(name)


def _pairs(rows: Rows, file: str) -> list[tuple[str, str | None]]:
    """A dictionary's rows; (alias, name) below its header. Raises ConfigError if no row is a header."""
    for place, row in enumerate(rows):
        cells = [fold(cell) for cell in row]
        alias = next((cells.index(word) for word in map(fold, ALIAS) if word in cells), None)
        name = next((cells.index(word) for word in map(fold, NAME) if word in cells), None)
        if alias is not None and name is not None:
            return [(_cell(below, alias), _cell(below, name)) for below in rows[place + 1 :]]
    raise ConfigError("cli.dictionary_columns", file=file, present=", ".join(rows[0]) if rows else "—")


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _rows(loaded: LoadedClient, path: str) -> Rows:
    """Every row of a small table beside svodka.yaml, header included."""
    if not (loaded.folder / path).exists():
        raise ConfigError("cli.dictionary_missing", file=Path(path).as_posix())
    try:
        found = find("dictionaries", [path], loaded.folder, loaded.allowed_roots, LIMITS.max_file_bytes)
        with TemporaryDirectory(prefix="svodka-dictionary-") as scratch:
            return _texts(read(found[0], "dictionaries", Path(scratch), LIMITS)[0])
    except SvodkaError as error:
        raise ConfigError("cli.dictionary_unreadable", file=Path(path).as_posix(), why=error) from error


def _texts(table: RawTable) -> Rows:
    """Raises ConfigError for a table that is not in memory: its head alone would pass for all of it."""
    if table.rows is None:
        raise ConfigError("cli.dictionary_too_long", file=table.origin.file)
    return [tuple(cell.lstrip(MARKS) for cell in row) for row in table.rows]
