"""Small tables beside the sources → dictionaries of names, lists of values to exclude, rates of currencies.

And who of them, and of the loaded rows, is meant by a name of svodka.yaml.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from config.client import DictionaryPlace, Edition, SourceConfig
from config.documents import RawTable
from config.draft import Naming, Partner
from config.errors import ConfigError, SvodkaError
from config.folder.aliases import Dictionary
from config.folder.load import LoadedClient
from config.nearest import nearest
from config.words import fold
from connectors.files.find import find, matching
from connectors.files.read import read
from connectors.files.read_bank import own_accounts
from connectors.files.table import MEGABYTE, Limits
from connectors.warehouse import Asked
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


# A client's reports, each with its reader → who of the data is meant by the names that svodka.yaml gives.

KINDS = {"manager": "managers", "channel": "channels"}
NEAR_MOST = 5
"""Names told where none is near."""


@dataclass(frozen=True)
class KnownNames:
    """What a report can be narrowed to: manager, channel or partner → folded spelling → name."""

    by: Mapping[str, Mapping[str, str]]

    def meant(self, edition: Edition) -> Edition:
        """The report under the names that the figures bear; an unknown one stands as it is."""
        known = self.by.get(edition.by or "", {})
        names = {name: known.get(fold(name), name) for name in edition.names}
        changed = {kind: [names[name] for name in getattr(edition, kind)] for kind in KINDS.values()}
        return edition.model_copy(
            update={**changed, "partner": names.get(edition.partner) if edition.partner else edition.partner}
        )

    def check(self, edition: Edition) -> None:
        """Raise ConfigError, with the nearest name, for a report of somebody whom nobody knows."""
        known = self.by.get(edition.by or "", {})
        for name in edition.names:
            if fold(name) not in known:
                names = sorted(set(known.values()))
                near = nearest(name, names, 0.4) or names[:NEAR_MOST]
                raise ConfigError(f"config.no_such_{edition.by}", name=name, near=", ".join(near) or "—")


def known_names(
    reports: Iterable[Edition], warehouse: Asked, names: Mapping[str, Naming], partners: Sequence[Partner]
) -> KnownNames:
    """The reports, the loaded data and the dictionaries in; whom they know out; nothing is asked for reports of all."""
    wanted = {edition.by for edition in reports}
    found: dict[str, Mapping[str, str]] = {
        by: {**_of_dictionary(names.get(kind)), **_folded(warehouse.names_met(kind))}
        for by, kind in KINDS.items()
        if by in wanted
    }
    if "partner" in wanted:
        found["partner"] = _folded(dict.fromkeys((*warehouse.partners(), *(one.name for one in partners))))
    return KnownNames(found)


def _of_dictionary(naming: Naming | None) -> dict[str, str]:
    known = naming.names(naming.known()) if naming else {}
    return _folded({alias: name for alias, name in known.items() if name is not None})


def _folded(names: Mapping[str, str | None]) -> dict[str, str]:
    """Spelling → name (None: its own) in; folded spelling, and folded name, → name out."""
    spelled = {fold(spelling): name or spelling for spelling, name in names.items()}
    return {**spelled, **{fold(name): name for name in spelled.values()}}
