"""Published reports as data: the last sixty of them, and one a month beyond; and what the last was written of."""

import gzip
import hashlib
import io
import json
import os
import pickle  # read by a reader of our own that knows the documents alone, see `_Sheets`
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import config
import connectors
import flows
import transforms
from config import documents
from config.documents import Sheet
from config.errors import ConfigError, TargetError
from config.folder.load import LoadedClient
from config.settings import own_version
from connectors.warehouse import Warehouse
from flows.run.given.request import TARGETS, RunRequest
from flows.run.reports.publish import callers_path
from flows.say import language

FOLDER, ENDING = "reports", ".sheets"
NAME = "%Y-%m-%d %H%M%S"
MOST = 60
"""Reports that are all kept; of the older ones the last of each month."""
VALUES = {("decimal", "Decimal"), ("datetime", "date"), ("datetime", "datetime")}
NEAREST = 3


@dataclass(frozen=True)
class Kept:
    """What was published at one moment."""

    sheets: Sequence[Sheet]
    """Of the report of the whole."""
    others: Mapping[str, Sequence[Sheet]] = field(default_factory=dict)
    """Of each other report, by `Edition.key`."""


def keep_report(data: Path, kept: Kept, published_at: datetime) -> None:
    """Reports and the local moment they were published at in; kept in `data/reports/`, older ones thinned out."""
    folder = data / FOLDER
    path = folder / f"{published_at:{NAME}}{ENDING}"
    fresh = path.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told = {"": tuple(kept.sheets), **{key: tuple(sheets) for key, sheets in kept.others.items()}}
        fresh.write_bytes(gzip.compress(_form() + _packed(told), compresslevel=6, mtime=0))
        fresh.replace(path)
        for old in thinned(kept_reports(data)):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise TargetError("cli.report_not_kept", problem=error) from error


def kept_or_why(data: Path, kept: Kept, published_at: datetime) -> str | None:
    """The same; why it could not be kept out, in words: a report that was written is no worse for it."""
    try:
        keep_report(data, kept, published_at)
    except TargetError as error:
        return error.text(language())
    return None


def kept_reports(data: Path) -> list[Path]:
    """The kept reports of a client, the oldest first."""
    return sorted((data / FOLDER).glob(f"*{ENDING}"))


def published_at(path: Path) -> datetime:
    """When a kept report was published: local time of the client."""
    return datetime.strptime(path.stem, NAME)


def thinned(paths: Sequence[Path]) -> list[Path]:
    """Reports, the oldest first, in; those that are kept no longer out."""
    older = paths[:-MOST]
    last_of_month = {f"{published_at(path):%Y-%m}": path for path in older}
    return [path for path in older if path not in last_of_month.values()]


def report_of(data: Path, day: date) -> Path:
    """The last report published on a day. Raises ConfigError, with the nearest days that have one."""
    paths = kept_reports(data)
    found = [path for path in paths if published_at(path).date() == day]
    if found:
        return found[-1]
    days = sorted({published_at(path).date() for path in paths}, key=lambda one: abs(one - day))[:NEAREST]
    raise ConfigError("cli.restore_no_day", day=day, near=", ".join(map(str, sorted(days))) or "—")


def read_report(path: Path) -> Kept:
    """A kept report in; its sheets and those of other readers out.

    Raises TargetError for one of another version, or a damaged one.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise TargetError("cli.restore_damaged", file=path.name) from error
    form = _form()
    if not content.startswith(form):
        raise TargetError("cli.restore_other_version", file=path.name)
    try:
        found = _Sheets(io.BytesIO(content[len(form) :])).load()
        # an earlier version kept the report of the whole alone
        told: dict[str, tuple[Sheet, ...]] = found if isinstance(found, dict) else {"": found}
        whole = told.pop("")
    except (pickle.UnpicklingError, AttributeError, EOFError, KeyError, TypeError, ValueError) as error:
        raise TargetError("cli.restore_damaged", file=path.name) from error
    return Kept(whole, told)


def drop_reports_with(data: Path, texts: Iterable[str]) -> None:
    """Kept reports that tell of somebody who was forgotten, by a phone, an e-mail or an id, go."""
    wanted = [text.encode() for text in texts if text]
    for path in kept_reports(data):
        try:
            content = gzip.decompress(path.read_bytes())
        except (OSError, EOFError):
            content = b""
        if any(text in content for text in wanted):
            path.unlink(missing_ok=True)


def _by_value(member: Enum) -> tuple[type[Enum], tuple[Any]]:
    return type(member), (member.value,)


BY_VALUE = {made: _by_value for made in vars(documents).values() if isinstance(made, type) and issubclass(made, Enum)}
"""Python before 3.11.3 packs a member by `getattr`, which no reader of files should call."""


def _packed(told: Mapping[str, Sequence[Sheet]]) -> bytes:
    """Sheets in; their bytes, the same from every Python, out."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5)
    pickler.dispatch_table = BY_VALUE
    pickler.dump(told)
    return stream.getvalue()


def _form() -> bytes:
    """What the sheets are made of, so that those of another version are known as such."""
    told = [
        (name, [field.name for field in fields(made)])
        for name, made in sorted(vars(documents).items())
        if isinstance(made, type) and is_dataclass(made)
    ]
    return hashlib.sha256(repr(told).encode()).digest()


class _Sheets(pickle.Unpickler):
    """Reads nothing but the documents and their values: a file of somebody else runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of a part of a sheet."""
        if module == documents.__name__ or (module, name) in VALUES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


# A report that was written → what it was written of, so that a run which finds all of that again need not write it.


@dataclass(frozen=True)
class Told:
    """What is known of a report."""

    run: str
    """The last run that it is of."""
    by: str
    """The run that wrote it: the same, or an earlier one of the same day."""
    of: str
    """A mark of settings and code."""
    places: list[str]
    files: dict[str, str]
    """Every file of it, lists of callers too, and its hash."""


def standing(warehouse: Warehouse, loaded: LoadedClient, asked: RunRequest, last: str) -> Told | None:
    """The run before and what is asked for in; its report, if all of it stands as it was written, out."""
    told = _told(warehouse, loaded)
    return told if told is not None and told.run == last and _is_whole(loaded, asked) else None


def keep_standing(warehouse: Warehouse, told: Told, run_id: str) -> None:
    """The report is also that of another run, which found nothing else."""
    warehouse.tell_report(json.dumps(asdict(replace(told, run=run_id)), ensure_ascii=False))


def left_standing(warehouse: Warehouse, loaded: LoadedClient, last: str) -> Told | None:
    """The run that is the last once one was taken back in; its report, where the one taken back had left it, out."""
    told = _told(warehouse, loaded)
    return told if told is not None and told.by <= last < told.run else None


def remember(warehouse: Warehouse, loaded: LoadedClient, asked: RunRequest, run_id: str, places: Sequence[str]) -> None:
    """A run whose report was written without an error in; remembered, if it is whole and all on disk."""
    if _is_whole(loaded, asked):
        files = _files(loaded, [beside for place in places for beside in _with_list(place)])
        keep_standing(warehouse, Told(run_id, run_id, _mark(loaded), list(places), files), run_id)


def _told(warehouse: Warehouse, loaded: LoadedClient) -> Told | None:
    """The report that was written last, if its files and what it was written of are what they were."""
    found = warehouse.report_told()
    if found is None:
        return None
    told = Told(**json.loads(found))
    return told if told.of == _mark(loaded) and told.files == _files(loaded, told.files) else None


def _is_whole(loaded: LoadedClient, asked: RunRequest) -> bool:
    """Whether everything is asked for, nothing twice, and no spreadsheet, in which people write."""
    is_all = asked.to == TARGETS and not asked.only and not asked.is_reread and not asked.is_control
    return is_all and not any(edition.sheet for edition in loaded.client.reports)


def _with_list(place: str) -> tuple[str, str]:
    """A report, and the list of callers that may lie beside it."""
    return place, str(callers_path(Path(place)))


def _files(loaded: LoadedClient, places: Iterable[str]) -> dict[str, str]:
    """Places in the client's folder in; those where there is a file, each with a hash of it, out."""
    found = {place: loaded.path(place) for place in places}
    return {place: hashlib.sha256(path.read_bytes()).hexdigest() for place, path in found.items() if path.is_file()}


def _mark(loaded: LoadedClient) -> str:
    """All that a report follows from beside rows, names and day: settings and code."""
    return hashlib.sha256(f"{_code()} {loaded.client.model_dump_json()}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """The release, and each of its files by size and time: code under work has no number of its own."""
    parts = [part for package in (config, connectors, flows, transforms) for part in _parts(package.__path__[0])]
    return hashlib.sha256(repr((own_version(), sorted(parts))).encode()).hexdigest()[:16]


def _parts(folder: str) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _parts(entry.path)
        elif entry.name.endswith((".py", ".yaml", ".sql")):
            told = entry.stat()
            yield entry.path, told.st_size, told.st_mtime_ns
