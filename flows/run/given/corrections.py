"""The client's table of corrections → those of each file, a mark that changes with them, and what was not applied."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from config.draft import SourceFile
from config.errors import ConfigError
from config.folder.corrections import Correction, corrections
from config.folder.load import LoadedClient
from config.nearest import nearest
from config.tables import tables
from connectors.warehouse import Warehouse
from flows.run.given.dictionaries import small_table
from flows.run.given.spreadsheets import CORRECTIONS, Found
from transforms.correct import Corrected
from transforms.mask import mask_text

RECORD = "corrected_record"
"""Kind of the notices, told to nobody, that say which records were found."""
MOST_TOLD = 20
"""Corrections of one file that the report tells one by one."""


def corrections_of(loaded: LoadedClient, spreadsheets: Mapping[str, Found]) -> list[Correction]:
    """A client and what was read from Google in; its corrections out, none without a table of them.

    Raises ConfigError for a table that cannot be read, or that names a source which there is not, or a record of a
    source whose records have no id.
    """
    place = loaded.client.corrections
    if place is None:
        return []
    if isinstance(place, str) and not (loaded.folder / place).exists():
        return []
    rows, _ = small_table(loaded, place, spreadsheets, CORRECTIONS)
    name = place if isinstance(place, str) else place.tab
    listed = corrections(rows, name)
    for one in listed:
        if one.source not in loaded.client.sources:
            near = ", ".join(nearest(one.source, loaded.client.sources)) or ", ".join(loaded.client.sources)
            raise ConfigError("config.correction_source", file=name, source=one.source, near=near)
        table = loaded.client.sources[one.source].table
        if one.record and not has_id(table):
            raise ConfigError("config.correction_no_id", file=name, source=one.source, table=table)
    return listed


def has_id(table: str) -> bool:
    """Whether the records of a staged table have an id of their own."""
    key = tables()[table].key
    return len(key) == 1 and key[0].endswith("_id")


def of_file(listed: Sequence[Correction], file: SourceFile) -> list[Correction]:
    """The corrections of one file, its members or tabs included; a record may be in any file of its source."""
    return [
        one
        for one in listed
        if one.source == file.source and (one.file in ("", file.file) or one.file.startswith(f"{file.file}!"))
    ]


def marked(mark: str, listed: Sequence[Correction]) -> str:
    """The fingerprint of a source and a file's corrections in; the same where there are none, else another out."""
    if not listed:
        return mark
    return f"{mark}-{_hash(*map(_said, listed))[:8]}"


def note_corrected(warehouse: Warehouse, file: SourceFile, corrected: Corrected | None) -> None:
    """Notices of what was put right in a file, in rows and roubles, and of each row's correction that was not applied.

    Which records were found is kept, without a word of them: of several files one has it, and the others are no news.
    """
    if corrected is None:
        return
    if corrected.applied:
        told = "; ".join(one.told for one in corrected.applied[:MOST_TOLD])
        more = len(corrected.applied) - MOST_TOLD
        rows = sum(one.rows for one in corrected.applied)
        warehouse.note_corrected(file, told + (f"; … +{more}" if more > 0 else ""), rows)
    for one in corrected.applied:
        if one.correction.record:
            warehouse.note(RECORD, _hash(_said(one.correction)), file)
    for stale in corrected.stale:
        warehouse.note("correction_stale", stale.place, file, 1)


def note_unmet(warehouse: Warehouse, listed: Sequence[Correction], unread: Collection[str] = ()) -> None:
    """A notice of each correction whose file or record none of the loaded files is or has.

    `unread`: sources of which nothing could be read now, so that nothing is known of their corrections.
    """
    if not listed:
        return
    files, found = set(warehouse.known_files()), warehouse.noted(RECORD)
    for one in listed:
        place = mask_text(one.place)
        if one.source in unread:
            continue
        if one.file and not {one.file, one.file.partition("!")[0]} & files:
            warehouse.note_unmet("correction_no_file", one.source, one.file, place)
        elif one.record and _hash(_said(one)) not in found:
            warehouse.note_unmet("correction_no_record", one.source, None, place)


def _said(one: Correction) -> str:
    return "\0".join((one.source, one.file, str(one.row), one.record, one.column, one.was, one.becomes))


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
