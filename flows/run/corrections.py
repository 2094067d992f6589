"""The client's table of corrections → those of each file, and a mark that changes with them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

from config.client import DictionaryPlace
from config.corrections import Correction, corrections
from config.draft import SourceFile
from config.errors import ConfigError, SvodkaError
from config.load import LoadedClient
from config.nearest import nearest
from flows.run.dictionaries import rows_beside, texts_of
from flows.run.spreadsheets import CORRECTIONS, Found
from flows.say import say


def corrections_of(loaded: LoadedClient, spreadsheets: Mapping[str, Found]) -> list[Correction]:
    """A client and what was read from Google in; its corrections out, none without a table of them.

    Raises ConfigError for a table that cannot be read, or that names a source which there is not.
    """
    place = loaded.client.corrections
    if place is None:
        return []
    if isinstance(place, DictionaryPlace):
        found = spreadsheets[CORRECTIONS]
        if isinstance(found, SvodkaError):
            raise found
        name, rows = place.tab, texts_of(found[0])
    else:
        if not (loaded.folder / place).exists():
            return []
        name, rows = place, rows_beside(loaded, place)
    listed = corrections(rows, name)
    for one in listed:
        if one.source not in loaded.client.sources:
            near = ", ".join(nearest(one.source, loaded.client.sources)) or ", ".join(loaded.client.sources)
            raise ConfigError("config.correction_source", file=name, source=one.source, near=near)
    return listed


def of_file(listed: Sequence[Correction], file: SourceFile) -> list[Correction]:
    """The corrections of one file, its members or tabs included."""
    return [
        one
        for one in listed
        if one.source == file.source and (one.file == file.file or one.file.startswith(f"{file.file}!"))
    ]


def marked(mark: str, listed: Sequence[Correction]) -> str:
    """The fingerprint of a source and a file's corrections in; the same where there are none, else another out."""
    if not listed:
        return mark
    said = "\0".join(f"{one.file}\0{one.row}\0{one.column}\0{one.was}\0{one.becomes}" for one in listed)
    return f"{mark}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"


def unmet(listed: Sequence[Correction], files: Collection[str]) -> list[str]:
    """Corrections and the files that are loaded in; in words, those of files that there are not, out."""
    return [
        say("correction_no_file", file=one.file, place=one.place) for one in listed if not _is_loaded(one.file, files)
    ]


def _is_loaded(file: str, files: Collection[str]) -> bool:
    return file in files or file.partition("!")[0] in files
