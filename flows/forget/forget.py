"""A folder and what must go → the client's warehouse without it, under the same lock as a run."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from config.errors import ConfigError
from config.folder.load import LoadedClient, load_client
from config.nearest import nearest
from config.settings import now
from connectors.warehouse import Forgotten, Reading, forget_file, forget_person, remove, run_folder
from flows.run.lock import one_run
from flows.run.reports.kept import drop_reports_with
from flows.run.reports.publish import callers_path


def forget_file_in(folder: Path, file: str) -> int:
    """A client's folder and a file as the report names it; how many rows of history went out."""
    loaded = load_client(folder)
    with one_run(loaded.data, now()):
        check_known(folder, file)
        return forget_file(loaded.data, file)


def forget_person_in(folder: Path, person: str) -> Forgotten:
    """A client's folder and a phone, an e-mail or an id; what was found of the person out."""
    loaded = load_client(folder)
    keys = spellings(person)
    with one_run(loaded.data, now()):
        with Reading.open(loaded.data):
            pass  # nobody is known before the first run
        found = forget_person(loaded.data, keys)
        _drop_callers(loaded)
        drop_reports_with(loaded.data, keys)
        remove(run_folder(loaded.client.engine, loaded.data))
    if not found.rows and not found.history_rows and not found.published_cells:
        raise ConfigError("cli.forget_no_person", person=person.strip())
    return replace(found, files=[*found.files, *_corrections_with(loaded, keys)])


def _corrections_with(loaded: LoadedClient, keys: Sequence[str]) -> list[str]:
    """The table of corrections, if it tells of the person: people write it, so it stays as exports do."""
    place = loaded.client.corrections
    if not isinstance(place, str) or not (path := loaded.path(place)).exists():
        return []
    text = path.read_text("utf-8-sig", errors="replace").casefold()
    digits = re.sub(r"[^\d\n,;]", "", text)
    return [place] if any(key.casefold() in text or (key.isdecimal() and key in digits) for key in keys) else []


def _drop_callers(loaded: LoadedClient) -> None:
    """The list of whom to call goes as a whole: the next run writes it anew, without the person."""
    for place in (edition.xlsx for edition in loaded.client.reports if edition.xlsx):
        callers_path(loaded.path(place)).unlink(missing_ok=True)


def check_known(folder: Path, file: str | None) -> None:
    """Raise ConfigError for a folder without data, or, with the nearest names, for a file that left nothing there."""
    with Reading.open(load_client(folder).data) as warehouse:
        known = warehouse.known_files()
    if file is not None and file not in known:
        near = nearest(file, known, 0.4, most=3) or known[:3]
        raise ConfigError("cli.forget_no_file", file=file, near=", ".join(near) or "—")


def spellings(person: str) -> list[str]:
    """A phone, an e-mail or an id as typed; the ways the warehouse may hold it. Raises ConfigError if blank."""
    text = person.strip()
    if not text:
        raise ConfigError("cli.forget_one")
    if "@" in text:
        return [text.lower()]
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"[+\d\s()-]+", text) and len(digits) in (10, 11):
        return list(dict.fromkeys([f"7{digits[-10:]}", digits, text]))
    return [text]
