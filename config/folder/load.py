"""A client folder → its settings, checked; every mistake named by file, line, key and the nearest known key."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from config.client import Client, Consultant, Edition, SourceConfig, parse_period
from config.errors import ConfigError, SeveralErrors, SvodkaError
from config.folder.aliases import Aliases
from config.folder.schedule import flaw_of
from config.folder.wording import dotted, unknown, worded
from config.folder.yaml_file import YamlFile, inside, read_yaml
from config.messages import message
from config.metric_words import known_words
from config.nearest import nearest
from config.notices import doubting
from config.pages import pages_for
from config.profiles import profiles
from config.settings import settings
from config.tables import Table, tables
from config.words import fold, vocabulary

CLIENT_FILE, ALIASES_FILE = "svodka.yaml", "aliases.yaml"

MISNAMED = ("svodka.yml", "svodka.yaml.txt", "svodka.txt")
"""What an editor makes of the name; Windows does not show the ending."""

DEEPEST = 3
"""How deep in a client's folder exports are looked for when somebody takes theirs for the client's."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class LoadedClient:
    """One client: the folder, what svodka.yaml says, and what was accepted into aliases.yaml."""

    folder: Path
    client: Client
    aliases: Aliases
    config_hash: str
    """Of both files: tells a run whether the client's settings changed."""
    allowed_roots: tuple[Path, ...] = ()
    elsewhere: Path | None = None
    """Where the data are for a run that must leave the client's own as they are."""

    @property
    def data(self) -> Path:
        """Folder of the warehouse, the history and the lock."""
        return self.elsewhere or self.folder / "data"

    def path(self, place: str) -> Path:
        """A path of svodka.yaml in; where it leads out. Raises ConfigError if that is outside, see `inside`."""
        return inside(self.folder, place, self.allowed_roots)


@dataclass(frozen=True)
class LoadedConsultant:
    """Somebody with several clients: the folder and what its svodka.yaml says."""

    folder: Path
    consultant: Consultant
    allowed_roots: tuple[Path, ...] = ()

    def path(self, place: str) -> Path:
        """The same of a consultant's."""
        return inside(self.folder, place, self.allowed_roots)

    def as_client(self) -> LoadedClient:
        """All clients together as somebody with nights of their own: a name, a schedule and addresses, no sources."""
        said = self.consultant
        client = Client.model_construct(
            client=said.title or message("cli.all_clients", said.language),
            **{name: getattr(said, name) for name in ("timezone", "language", "catch_up", "notify")},
            schedule=said.schedule or Client.model_fields["schedule"].default,
            sources={},
            reports=[],
        )
        return LoadedClient(self.folder, client, Aliases(), "", self.allowed_roots)

    def clients(self) -> list[Path]:
        """The clients' folders. Raises ConfigError for a pattern that fits none or leads outside."""
        found: dict[Path, None] = {}
        for pattern in self.consultant.clients:
            place = self.path(pattern)
            inner = [one for one in _held(place) if one != self.folder.resolve()]
            for one in inner:
                self.path(os.path.relpath(one, self.folder.resolve()))
            if not inner:
                raise ConfigError("config.no_clients", file=CLIENT_FILE, folder=self.folder, pattern=pattern)
            found |= dict.fromkeys(inner)
        return list(found)


def load_consultant(folder: Path) -> LoadedConsultant | None:
    """A folder in; the consultant whose it is out, None if it is none's. Raises ConfigError for a mistake in it."""
    path = folder / CLIENT_FILE
    if not _names_clients(path):
        return None
    document, consultant = _read(folder, CLIENT_FILE, Consultant)
    for kind, place in (("xlsx", consultant.reports.xlsx), ("html", consultant.reports.html)):
        if place and not place.lower().endswith(f".{kind}"):
            raise _wrong(f"config.not_{kind}", document, ("reports", kind), place)
    if consultant.schedule is not None and (flaw := flaw_of(consultant.schedule)):
        raise _wrong(flaw, document, ("schedule",), consultant.schedule)
    return LoadedConsultant(folder.absolute(), consultant, settings().allowed_roots)


NAMES_CLIENTS = re.compile(rb"^clients[ \t]*:", re.MULTILINE)
"""What a consultant's svodka.yaml has, and a client's has not."""


def _names_clients(path: Path) -> bool:
    """Whether it does; a file that cannot be opened does not, and whoever reads it as a client's says why."""
    try:
        return path.is_file() and NAMES_CLIENTS.search(path.read_bytes()) is not None
    except OSError:
        return False


def client_folders(asked: Sequence[Path]) -> list[Path]:
    """Folders of clients, of consultants, folders that hold clients', or patterns in; the clients', each once, out.

    What is none of these is itself, so that whoever opens it says what is wrong.
    """
    found: dict[Path, None] = {}
    for folder in asked:
        consultant = load_consultant(folder)
        found |= dict.fromkeys(consultant.clients() if consultant else _held(folder) or [folder])
    return list(found)


def _held(place: Path) -> list[Path]:
    """A client's folder, a folder that holds such, or a pattern that no shell has filled in; the clients' folders."""
    if (place / CLIENT_FILE).exists():
        return [place]
    fixed = next((one for one in (place, *place.parents) if os.path.isdir(one)), Path())  # noqa: PTH112 - is_dir raises
    patterns = (place.relative_to(fixed).joinpath(*middle, CLIENT_FILE) for middle in ("*", ""))
    return next((found for one in patterns if (found := sorted(path.parent for path in fixed.glob(str(one))))), [])


def load_client(folder: Path) -> LoadedClient:
    """A folder in; its client out. Raises ConfigError, or SeveralErrors with every mistake found in the two files."""
    if folder.is_file():
        if folder.name != CLIENT_FILE:
            raise ConfigError("config.not_a_folder", folder=folder)
        folder = folder.parent
    if not (folder / CLIENT_FILE).exists():
        raise _absent(folder)
    if consultant := load_consultant(folder):
        raise ConfigError("config.of_consultant", folder=folder, clients=", ".join(map(str, consultant.clients())))
    folder = folder.absolute()  # `.` has no name to be called by
    document, client = _read(folder, CLIENT_FILE, Client)
    aliases = _read(folder, ALIASES_FILE, Aliases)[1] if (folder / ALIASES_FILE).exists() else Aliases()
    roots = settings().allowed_roots
    found = list(mistakes(client, aliases, document, folder, roots))
    if found:
        raise _together(found)
    return LoadedClient(folder, client, aliases, _hash(folder), roots)


def _absent(folder: Path) -> ConfigError:
    """A folder that is no client's; what its name, or that of a file in it, was meant to be."""
    beside = [] if folder.exists() else [path.parent.name for path in folder.parent.glob(f"*/{CLIENT_FILE}")]
    if near := nearest(folder.name, beside):
        return ConfigError("config.no_such_folder", folder=folder, nearest=folder.parent / near[0])
    if client := client_around(folder):
        return ConfigError("config.inside_client", folder=folder, client=client)
    if not folder.exists():
        return ConfigError("config.absent", folder=folder, quoted=shlex.quote(str(folder)))
    if found := next((name for name in MISNAMED if (folder / name).is_file()), None):
        return ConfigError("config.misnamed", folder=folder, found=found, file=CLIENT_FILE)
    return ConfigError("config.missing", file=CLIENT_FILE, folder=folder, quoted=shlex.quote(str(folder)))


def client_around(folder: Path) -> Path | None:
    """A folder in; the client's folder in which it lies, as its exports do, out."""
    return next((one for one in list(folder.parents)[:DEEPEST] if _is_client(one)), None)


def _is_client(folder: Path) -> bool:
    file = folder / CLIENT_FILE
    return os.access(file, os.R_OK) and file.is_file() and not _names_clients(file)


def _read(folder: Path, file: str, model: type[Model]) -> tuple[YamlFile, Model]:
    document = read_yaml(folder / file, file)
    if document.values is None and model is Aliases:
        return document, model()
    if not isinstance(document.values, dict):
        raise ConfigError("config.no_keys", file=file)
    try:
        return document, model.model_validate(document.values)
    except ValidationError as error:
        raise _together(worded(error, document, model)) from error


def _together(errors: list[SvodkaError]) -> SvodkaError:
    return errors[0] if len(errors) == 1 else SeveralErrors(errors)


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (CLIENT_FILE, ALIASES_FILE):
        path = folder / name
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]


# A client's declarations → the mistakes only other declarations can show: tables, columns, profiles, paths.

WORDED = frozenset(
    {"text", "channel", "manager", "kind", "metric", "grain", "direction", "answered", "departed", "deal_status",
     "lead_status"}
)  # fmt: skip
"""Types of columns that words have a meaning in, so that `values:` may add some."""
PSEUDO_FORMATS = ("decimal", "thousands", "date")
"""Keys of `formats:` that speak of the whole source instead of one column."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")


def mistakes(
    client: Client, aliases: Aliases, document: YamlFile, folder: Path, allowed_roots: Sequence[Path]
) -> Iterator[SvodkaError]:
    """Everything in the two files that contradicts the tables, the profiles or the folder's borders."""
    for name, source in client.sources.items():
        yield from _of_source(name, source, document)
    yield from _of_schedule(client, document)
    yield from _of_checked(client, document)
    yield from _of_aliases(client, aliases)
    yield from _of_paths(client, document, folder, allowed_roots)
    yield from _of_editions(client, document)


def _of_source(name: str, source: SourceConfig, document: YamlFile) -> Iterator[SvodkaError]:
    here = ("sources", name)
    if source.table not in tables():
        yield _unknown(document, (*here, "table"), source.table, list(tables()))
        return
    table = tables()[source.table]
    if source.profile not in ("auto", "none") and source.profile not in profiles():
        yield _unknown(document, (*here, "profile"), source.profile, ["auto", *profiles()])
    elif source.profile in profiles() and source.table not in profiles()[source.profile].tables:
        known = ", ".join(profiles()[source.profile].tables)
        yield _wrong(
            "config.profile_has_no_table", document, (*here, "table"), source.table, profile=source.profile, known=known
        )
    for part in ("columns", "constants"):
        yield from _of_columns(getattr(source, part), list(table.mappable_columns), document, (*here, part))
    yield from _of_one_header(source, table, document, (*here, "columns"))
    yield from _of_columns(source.formats, [*table.mappable_columns, *PSEUDO_FORMATS], document, (*here, "formats"))
    worded = [column for column, declared in table.mappable_columns.items() if declared.type in WORDED]
    yield from _of_columns(source.values, worded, document, (*here, "values"))
    for column in worded:
        ours = vocabulary().values_of(table.mappable_columns[column].type)
        meant = {value.lower(): words for value, words in source.values.get(column, {}).items()}
        yield from _of_columns(meant if ours else {}, ours or [], document, (*here, "values", column))
    if "metric" in worded:
        strange = {word: None for word in source.values.get("metric", {}) if fold(word) not in known_words()}
        columns = sorted({figure.partition(".")[2] for figure in known_words().values()})
        yield from _of_columns(strange, columns, document, (*here, "values", "metric"))
    money = [column for column, declared in table.mappable_columns.items() if declared.type == "money"]
    planned = [name for name in table.mappable_columns if name == "planned"]
    yield from _of_columns(source.signs, money, document, (*here, "signs"))
    yield from _of_columns(source.units, [*money, *planned], document, (*here, "units"))
    yield from _of_period(source, table, document, here)


def _of_columns(
    found: Mapping[str, object], known: list[str], document: YamlFile, path: tuple[str, ...]
) -> Iterator[SvodkaError]:
    for column in found:
        if column not in known:
            yield _unknown(document, (*path, column), column, known, above=path)


COUNTED = frozenset({"money", "count", "number", "planned", "seconds", "date", "moment"})
"""Types of which no two are one column: clicks are no roubles."""


def _of_one_header(
    source: SourceConfig, table: Table, document: YamlFile, path: tuple[str, ...]
) -> Iterator[SvodkaError]:
    """Two columns of figures of unlike kinds that are read from one header."""
    read: dict[str, str] = {}
    for name, headers in source.columns.items():
        kind = table.mappable_columns[name].type if name in table.mappable_columns else "text"
        for header in headers if kind in COUNTED else ():
            other = read.setdefault(fold(header), name)
            if table.mappable_columns[other].type != kind:
                yield _wrong("config.one_header", document, (*path, name), header, other=other)


def _of_period(source: SourceConfig, table: Table, document: YamlFile, here: tuple[str, ...]) -> Iterator[SvodkaError]:
    if source.period is None:
        return
    if not table.can_be_period:
        yield _wrong("config.no_period_here", document, (*here, "period"), source.table)
    periods = source.period if isinstance(source.period, dict) else {None: source.period}
    for pattern, text in periods.items():
        try:
            parse_period(text)
        except ValueError:
            key, facts = _flaw_of(text)
            yield _wrong(key, document, (*here, "period", *([pattern] if pattern else [])), text, **facts)


def _flaw_of(period: str) -> tuple[str, dict[str, str]]:
    """A period that is none in; the message that says why, and the day that there is not, out."""
    days = [part.strip() for part in period.partition("..")[::2]]
    if not all(DAY.fullmatch(day) for day in days):
        return "config.not_period", {}
    for day in days:
        try:
            date.fromisoformat(day)
        except ValueError:
            return "config.period_no_day", {"day": day}
    return "config.period_reversed", {}


def _of_schedule(client: Client, document: YamlFile) -> Iterator[SvodkaError]:
    if flaw := flaw_of(client.schedule):
        yield _wrong(flaw, document, ("schedule",), client.schedule)


def _of_checked(client: Client, document: YamlFile) -> Iterator[SvodkaError]:
    """What is called checked and is no notice, or of no source, or for no reason."""
    for key, why in client.checked.items():
        source, _, kind = key.partition(" ")[0].rpartition(".")
        if kind not in doubting():
            yield _unknown(document, ("checked", key), kind, doubting(), above=("checked",))
        elif source and source not in client.sources:
            yield _unknown(document, ("checked", key), source, list(client.sources), above=("checked",))
        elif not why.strip():
            yield _wrong("config.checked_why", document, ("checked", key), why)


def _of_editions(client: Client, document: YamlFile) -> Iterator[SvodkaError]:
    """Reports with no place or with that of another, endings, and pages that are none or cannot be narrowed so."""
    taken: set[str] = set()
    for path, edition in _editions(client, document):
        for kind, place in (("xlsx", edition.xlsx), ("html", edition.html)):
            if place and not place.lower().endswith(f".{kind}"):
                yield _wrong(f"config.not_{kind}", document, (*path, kind), place)
        places = [place for place in (*edition.files, edition.sheet) if place]
        if not places and len(client.reports) > 1:
            yield _wrong("config.report_nowhere", document, path, "")
        for place in places:
            if place.casefold() in taken:
                yield _wrong("config.report_twice", document, path, place)
            taken.add(place.casefold())
        possible = pages_for(edition)
        for page in edition.pages:
            if page not in pages_for(Edition()):
                yield _unknown(document, (*path, "pages"), page, pages_for(Edition()))
            elif page not in possible:
                yield _wrong("config.page_not_narrowed", document, (*path, "pages"), page, known=", ".join(possible))


def _editions(client: Client, document: YamlFile) -> Iterator[tuple[tuple[str | int, ...], Edition]]:
    """Each report and where it stands in the file: one alone may stand without a dash."""
    is_listed = isinstance(document.values, dict) and isinstance(document.values.get("reports"), list)
    for place, edition in enumerate(client.reports):
        yield ("reports", place) if is_listed else ("reports",), edition


def _of_aliases(client: Client, aliases: Aliases) -> Iterator[SvodkaError]:
    for source, columns in aliases.headers.items():
        if source not in client.sources:
            continue  # a source may be taken out and come back; what was accepted for it stays
        known = (
            tables()[client.sources[source].table].mappable_columns if client.sources[source].table in tables() else {}
        )
        for column in columns:
            if known and column not in known:
                yield unknown("aliases.yaml", 1, f"headers.{source}", column, list(known))


def _of_paths(client: Client, document: YamlFile, folder: Path, allowed_roots: Sequence[Path]) -> Iterator[SvodkaError]:
    for path, text in _paths(client, document):
        try:
            inside(folder, text, allowed_roots)
        except ConfigError:
            yield _wrong("config.leaves_folder", document, path, text)


def _paths(client: Client, document: YamlFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name, source in client.sources.items():
        for pattern in source.files:
            yield ("sources", name, "files"), pattern
        if isinstance(source.rates, str):
            yield ("sources", name, "rates"), source.rates
        for column, values in source.exclude.items():
            lists = [value for value in values if value.lower().endswith(".csv")]
            yield from ((("sources", name, "exclude", column), value) for value in lists)
    for name in type(client.dictionaries).model_fields:
        place = getattr(client.dictionaries, name)
        if isinstance(place, str):
            yield ("dictionaries", name), place
    yield from (
        ((*path, kind), place)
        for path, edition in _editions(client, document)
        for kind, place in (("xlsx", edition.xlsx), ("html", edition.html))
        if place
    )


def _unknown(
    document: YamlFile, path: tuple[str | int, ...], key: str, known: list[str], above: tuple[str, ...] | None = None
) -> ConfigError:
    return unknown(document.file, document.line(path), dotted(above or path, document.file), key, known)


def _wrong(key: str, document: YamlFile, path: tuple[str | int, ...], found: str, **facts: object) -> ConfigError:
    return ConfigError(
        key, file=document.file, line=document.line(path), where=dotted(path, document.file), found=found, **facts
    )
