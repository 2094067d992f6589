"""A report that was written → what it was written of, so that a run which finds all of that again need not write it."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import config
import connectors
import flows
import transforms
from config.folder.load import LoadedClient
from config.settings import own_version
from connectors.warehouse import Warehouse
from flows.run.given.request import TARGETS, RunRequest
from flows.run.reports.publish import callers_path


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
