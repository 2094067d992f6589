"""A folder and what must go → the client's warehouse without it, under the same lock as a run."""

from __future__ import annotations

import re
from pathlib import Path

from config.errors import ConfigError
from config.load import load_client
from config.settings import settings
from connectors.warehouse.forget import Forgotten, forget_file, forget_person
from flows.door import now
from flows.lock import one_run


def forget_file_in(folder: Path, file: str) -> int:
    """A client's folder and a file as the report names it; how many rows of history went out."""
    loaded = load_client(folder, settings().allowed_roots)
    with one_run(loaded.data, now()):
        return forget_file(loaded.data, file)


def forget_person_in(folder: Path, person: str) -> Forgotten:
    """A client's folder and a phone, an e-mail or an id; what was found of the person out."""
    loaded = load_client(folder, settings().allowed_roots)
    keys = spellings(person)
    with one_run(loaded.data, now()):
        return forget_person(loaded.data, keys)


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
