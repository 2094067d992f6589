"""A client folder → its settings, checked; every mistake named by file, line, key and the nearest known key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from config.aliases import Aliases
from config.client import Client
from config.declared import mistakes
from config.errors import ConfigError, SeveralErrors, SvodkaError
from config.wording import worded
from config.yaml_file import YamlFile, read_yaml

CLIENT_FILE, ALIASES_FILE = "svodka.yaml", "aliases.yaml"

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

    @property
    def data(self) -> Path:
        """Folder of the warehouse, the history and the lock."""
        return self.folder / "data"


def load_client(folder: Path, allowed_roots: Sequence[Path] = ()) -> LoadedClient:
    """A folder in; its client out. Raises ConfigError, or SeveralErrors with every mistake found in the two files."""
    if folder.is_file():
        if folder.name != CLIENT_FILE:
            raise ConfigError("config.not_a_folder", folder=folder)
        folder = folder.parent
    if not (folder / CLIENT_FILE).exists():
        raise ConfigError("config.missing", file=CLIENT_FILE, folder=folder)
    folder = folder.absolute()  # `.` has no name to be called by
    document, client = _read(folder, CLIENT_FILE, Client)
    aliases = _read(folder, ALIASES_FILE, Aliases)[1] if (folder / ALIASES_FILE).exists() else Aliases()
    found = list(mistakes(client, aliases, document, folder, allowed_roots))
    if found:
        raise _together(found)
    return LoadedClient(folder, client, aliases, _hash(folder), tuple(allowed_roots))


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
