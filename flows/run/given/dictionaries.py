"""Small tables beside the sources → dictionaries of names, lists of values to exclude, rates of currencies."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from config.client import DictionaryPlace, SourceConfig
from config.documents import RawTable
from config.draft import Naming, Partner
from config.errors import ConfigError, SvodkaError
from config.folder.aliases import Dictionary
from config.folder.load import LoadedClient
from config.words import fold
from connectors.files.find import find, matching
from connectors.files.read import read
from connectors.files.read_bank import own_accounts
from connectors.files.table import MEGABYTE, Limits
from flows.run.given.spreadsheets import DICTIONARY, RATES, Found
from transforms.dictionary import NO_DICTIONARY, dictionary, loss_reasons, partners
from transforms.staging import StagingContext
from transforms.staging.rates import rate_rows

NAMES: tuple[Dictionary, ...] = ("channels", "managers", "loss_reasons")
ALIAS = ("alias", "псевдоним", "написание", "как в источнике")
NAME = ("name", "имя", "название", "как в отчёте")
GROUP = ("group", "группа")
PARTNER = {
    "name": (*NAME, "партнёр", "партнер"),
    "promo_code": ("promo_code", "промокод", "код"),
    "utm_source": ("utm_source", "utm source", "метка"),
    "share": ("share", "доля"),
    "rub_per_client": ("rub_per_client", "рублей за клиента", "за клиента"),
}
"""Column of a table of partners → what a file may call it."""
LIMITS = Limits(64 * MEGABYTE, 64 * MEGABYTE, in_memory_bytes=64 * MEGABYTE)
"""A dictionary is always read into rows: what stays on disk shows its head alone."""
MARKS = "\ue001\ue002\ue003\ue004"
STATEMENT = ".txt"
Rows = list[tuple[str, ...]]


def namings(loaded: LoadedClient, spreadsheets: Mapping[str, Found]) -> dict[str, Naming]:
    """A client and what was read from Google in; `channels`, `managers`, `loss_reasons` → its dictionary out.

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
                    lists[value] = [row[0] for row in rows_beside(loaded, value) if row and row[0].strip()]
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
    key = RATES + source.rates_key
    if source.rates is None or not (isinstance(source.rates, str) or spreadsheets.get(key)):
        return ()
    return rate_rows(*small_table(loaded, source.rates, spreadsheets, key))


def places(loaded: LoadedClient) -> dict[str, str]:
    """A client in; dictionary → the file or tab where it is kept out."""
    found = {}
    for name in NAMES:
        place: str | DictionaryPlace | None = getattr(loaded.client.dictionaries, name)
        if place is not None:
            found[str(name)] = place if isinstance(place, str) else place.tab
    return found


def partners_of(loaded: LoadedClient, spreadsheets: Mapping[str, Found]) -> list[Partner]:
    """A client and what was read from Google in; who brings clients out, nobody without such a table.

    Raises ConfigError for a table that cannot be read or contradicts itself.
    """
    if loaded.client.dictionaries.partners is None:
        return []
    rows, file = small_table(loaded, loaded.client.dictionaries.partners, spreadsheets, DICTIONARY + "partners")
    for place, row in enumerate(rows):
        columns = {column: _place(row, words) for column, words in PARTNER.items()}
        if columns["name"] is not None and (columns["promo_code"], columns["utm_source"]) != (None, None):
            below = rows[place + 1 :]
            return partners([{name: _cell(one, at) for name, at in columns.items()} for one in below], file)
    raise ConfigError("cli.partners_columns", file=file, present=", ".join(rows[0]) if rows else "—")


def _naming(loaded: LoadedClient, name: Dictionary, spreadsheets: Mapping[str, Found]) -> Naming:
    accepted, is_of_people = loaded.aliases.names_of(name), name == "managers"
    place: str | DictionaryPlace | None = getattr(loaded.client.dictionaries, name)
    if place is None:
        return dictionary([], "aliases.yaml", accepted, is_of_people=is_of_people) if accepted else NO_DICTIONARY
    rows, file = small_table(loaded, place, spreadsheets, DICTIONARY + name)
    entries = _entries(rows, file)
    if name == "loss_reasons":
        return loss_reasons(entries, file, accepted)
    return dictionary([(alias, called) for alias, called, _ in entries], file, accepted, is_of_people=is_of_people)


def _entries(rows: Rows, file: str) -> list[tuple[str, str, str]]:
    """A dictionary's rows; (alias, name, group) below its header. Raises ConfigError if no row is a header."""
    for place, row in enumerate(rows):
        alias, name, group = _place(row, ALIAS), _place(row, NAME), _place(row, GROUP)
        if alias is not None and name is not None:
            return [(_cell(below, alias), _cell(below, name), _cell(below, group)) for below in rows[place + 1 :]]
    raise ConfigError("cli.dictionary_columns", file=file, present=", ".join(rows[0]) if rows else "—")


def _place(header: Sequence[str], words: Sequence[str]) -> int | None:
    """Where in the header the first of these words stands."""
    cells = [fold(cell) for cell in header]
    return next((cells.index(word) for word in map(fold, words) if word in cells), None)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def small_table(
    loaded: LoadedClient, place: str | DictionaryPlace, spreadsheets: Mapping[str, Found], key: str
) -> tuple[Rows, str]:
    """A table that svodka.yaml names, and its key among what was read from Google, in.

    Every row of it, header included, and how messages call its file or tab, out. Raises why it cannot be read.
    """
    if isinstance(place, str):
        return rows_beside(loaded, place), place
    found = spreadsheets[key]
    if isinstance(found, SvodkaError):
        raise found
    return texts_of(found[0]), found[0].origin.file


def rows_beside(loaded: LoadedClient, path: str) -> Rows:
    """Every row of a small table beside svodka.yaml, header included."""
    if not (loaded.folder / path).exists():
        raise ConfigError("cli.dictionary_missing", file=Path(path).as_posix())
    try:
        found = find("dictionaries", [path], loaded.folder, loaded.allowed_roots, LIMITS.max_file_bytes)
        with TemporaryDirectory(prefix="svodka-dictionary-") as scratch:
            return texts_of(read(found[0], "dictionaries", Path(scratch), LIMITS)[0])
    except SvodkaError as error:
        raise ConfigError("cli.dictionary_unreadable", file=Path(path).as_posix(), why=error) from error


def texts_of(table: RawTable) -> Rows:
    """Raises ConfigError for a table that is not in memory: its head alone would pass for all of it."""
    if table.rows is None:
        raise ConfigError("cli.dictionary_too_long", file=table.origin.file)
    return [tuple(cell.lstrip(MARKS) for cell in row) for row in table.rows]
