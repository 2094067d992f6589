"""A folder, empty or with exports in it → a client folder with a svodka.yaml that runs; nothing there is changed."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from config.documents import RawTable
from config.errors import ConfigError, SvodkaError, TargetError
from config.folder.load import CLIENT_FILE, client_around, load_client
from config.profiles import profiles
from config.words import channel_names
from connectors.files.find import UNFINISHED, find
from connectors.files.read import read
from connectors.files.table import Limits
from flows.init.client_yaml import ProposedSource, client_yaml
from flows.say import UNKNOWN, Step, Verb, hint, language, say
from transforms.recognise.complain import quoted, visible_headers
from transforms.recognise.guess import Guess, dictionary_of
from transforms.recognise.months import across_of
from transforms.recognise.workbook import guesses_of_tabs
from transforms.shape.header import headers_possible

OWN = frozenset({"data", "out"})
EXPORTS = "exports"
CHANNELS = "channels.csv"
KEPT_BESIDE = (CHANNELS, "managers.csv", "loss_reasons.csv", "partners.csv", "corrections.csv")
"""Tables that lie beside svodka.yaml sooner or later: no pattern of exports may mean them too."""
OF_THE_SYSTEM = frozenset({"thumbs.db", "desktop.ini"})
"""What Windows leaves in every folder."""
MOST_FILES = 2000
SOME_YEAR = 2000
"""Whether months stand across a table shows, whatever their year."""


@dataclass(frozen=True)
class Started:
    """What became of the folder."""

    written: bool
    """False where a svodka.yaml was there already."""
    sources: Sequence[ProposedSource] = ()
    unknown: Sequence[tuple[str, str]] = ()
    """File → why it feeds nothing."""
    dictionary: str | None = None
    """The dictionary of channels that was written to begin with."""


def start(folder: Path, step: Step) -> Started:
    """Make what is missing of a client folder, exports recognised; where a svodka.yaml is, look for what it lacks.

    Raises ConfigError for a folder that holds clients' folders, their exports being no one client's, and inside of one.
    """
    if client := client_around(folder):
        raise ConfigError("config.inside_client", folder=folder, client=client)
    deeper = (f"*/{CLIENT_FILE}", f"*/*/{CLIENT_FILE}")  # a consultant's clients stand in a folder of their own
    if inner := sorted(path.parent.relative_to(folder).as_posix() for one in deeper for path in folder.glob(one)):
        raise ConfigError("cli.init_of_clients", folder=folder, clients=", ".join(inner))
    several = sorted(
        path.parent.relative_to(folder).as_posix() for path in folder.glob(f"*/{EXPORTS}") if path.is_dir()
    )
    if len(several) > 1:
        raise ConfigError(
            "cli.init_of_several", folder=folder, clients=", ".join(several), init=hint("init", folder / several[0])
        )
    _make(folder)
    looked = _looked(folder, step)
    path = folder / CLIENT_FILE
    if looked.sources and _is_bare(path):
        path.unlink()  # nobody has written into it what we made when there were no exports
    if path.exists():
        named = _named(folder)
        strange = [source for source in looked.sources if not set(source.files) <= named]
        return Started(False, strange, [one for one in looked.unknown if one[0] not in named])
    given = None if "channels" in looked.dictionaries else _starter(folder)
    dictionaries = looked.dictionaries | ({"channels": given} if given else {})
    _write(path, client_yaml(folder.resolve().name, looked.sources, dictionaries, [*looked.files, *KEPT_BESIDE]))
    return Started(True, looked.sources, looked.unknown, given)


def _is_bare(path: Path) -> bool:
    """Whether a svodka.yaml is, to a letter, what we write for a folder without exports."""
    made = client_yaml(path.parent.resolve().name, [], {"channels": CHANNELS}, [])
    return path.exists() and path.read_bytes() == made.encode()


def _starter(folder: Path) -> str | None:
    """The file of common spellings of channels, written; None where a file of that name is something else."""
    path = folder / CHANNELS
    if path.exists():
        return None
    rows = [(alias, name) for name, aliases in channel_names().items() for alias in aliases]
    _write(path, "alias,name\n" + "".join(f"{alias},{name}\n" for alias, name in rows))
    return CHANNELS


def _make(folder: Path) -> None:
    try:
        is_new = not folder.exists() or not any(folder.iterdir())
        folder.mkdir(parents=True, exist_ok=True)
        if is_new:
            (folder / EXPORTS).mkdir()
    except OSError as error:
        raise TargetError("cli.folder_not_writable", folder=folder, problem=error) from error


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:  # "x": whatever appeared meanwhile is not overwritten
            file.write(text)
    except OSError as error:
        raise TargetError("cli.folder_not_writable", folder=path.parent, problem=error) from error


def _named(folder: Path) -> set[str]:
    """Files that the present svodka.yaml names, and those that lie beside it; only these if it does not load."""
    named = set(KEPT_BESIDE)
    try:
        client = load_client(folder).client
    except SvodkaError:
        return named
    named |= {one for one in (client.corrections,) if isinstance(one, str)}
    for name, source in client.sources.items():
        try:
            named |= {found.file for found in find(name, source.files, folder)} if source.files else set()
        except SvodkaError:
            continue
    return named


@dataclass
class _Looked:
    """What the files of a folder turned out to be, as they are looked at."""

    groups: dict[str, tuple[Guess, list[str]]] = field(default_factory=dict)
    """Files of one folder that are the same export, by what was guessed of them."""
    notes: dict[str, str] = field(default_factory=dict)
    dictionaries: dict[str, str] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def add(self, file: str, found: Sequence[Guess]) -> None:
        """Remember what one file is."""
        for guess in found:
            alike = repr((PurePosixPath(file).parent, replace(guess, certainty=0, signs={}, refunds={})))
            known, files = self.groups.get(alike, (guess, []))
            signs, refunds = {**guess.signs, **known.signs}, dict(known.refunds)
            for header, words in guess.refunds.items():
                refunds[header] = list(dict.fromkeys([*refunds.get(header, ()), *words]))
            self.groups[alike] = (replace(known, signs=signs, refunds=refunds), [*files, file])
            if guess.profile:
                title = profiles()[guess.profile].title
                said = title.ru if language() == "ru" else title.en
                self.notes[guess.profile] = f"{said} ({guess.certainty:.0%})"

    @property
    def sources(self) -> list[ProposedSource]:
        """One source for files of one folder that are the same export."""
        return [
            ProposedSource(**vars(guess), files=files, note=self.notes.get(guess.profile or "", ""))
            for guess, files in self.groups.values()
        ]


def _looked(folder: Path, step: Step) -> _Looked:
    looked = _Looked()
    with tempfile.TemporaryDirectory(prefix="svodka-init-") as scratch:
        for file in _files(folder):
            looked.files.append(file)
            if UNFINISHED.search(PurePosixPath(file).name):
                looked.unknown.append((file, say("init_unfinished")))
                continue
            try:
                raws = step(Verb.READ, file, partial(_read, folder, file, Path(scratch)))
            except SvodkaError as error:
                looked.unknown.append((file, error.text(language()).removeprefix(f"{file}: ")))
                continue
            if name := dictionary_of(file, raws):
                looked.dictionaries[name] = file
                continue
            found = guesses_of_tabs(raws)
            looked.add(file, found.guesses)
            if not found.guesses:
                has_no_year = any(across_of(raw) is None and across_of(raw, SOME_YEAR) is not None for raw in raws)
                looked.unknown.append((file, say("init_no_year") if has_no_year else _unknown(raws[0])))
            elif found.unknown:
                looked.unknown.append((file, say("init_unknown_tabs", tabs=quoted(found.unknown))))
    return looked


def _unknown(raw: RawTable) -> str:
    """A table that nothing is known to look like; how to describe it, by what stands over its columns, out."""
    header = next(iter(headers_possible(raw)), None)
    return say("init_unknown", present=(visible_headers(header.names) if header else "") or UNKNOWN)


def _files(folder: Path) -> list[str]:
    """Files that may be exports: not hidden, not ours, at most so many."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_none = parts[0] in OWN or path.suffix in {".yaml", ".yml", ".md"} or path.name.lower() in OF_THE_SYSTEM
        if path.is_file() and not is_none and not any(part.startswith((".", "~$")) for part in parts):
            found.append(path.relative_to(folder).as_posix())
    return found[:MOST_FILES]


def _read(folder: Path, file: str, scratch: Path) -> list[RawTable]:
    escaped = re.sub(r"[*?[]", lambda found: f"[{found[0]}]", file)
    return read(find("init", [escaped], folder)[0], "init", scratch, Limits())
