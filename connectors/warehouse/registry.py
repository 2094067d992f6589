"""`ops.files`: which files are loaded, with what content and how described; files come and go as units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.staging import Naming, SourceFile
from connectors.warehouse.load import forget_load, mark


@dataclass(frozen=True)
class Load:
    """One table of one file, as it is loaded."""

    load_id: int
    table: str


def is_unchanged(connection: Any, file: SourceFile, fingerprint: str, names: Mapping[str, Naming]) -> bool:
    """Whether the file is loaded with this content, this fingerprint, and (where it matters) these dictionaries."""
    found = connection.execute(
        "select distinct content_hash, fingerprint from ops.files where source = ? and file = ?",
        [file.source, file.file],
    ).fetchall()
    marks = {mark(fingerprint, names, uses) for uses in (False, True)}
    return bool(found) and all(content == file.content_hash and known in marks for content, known in found)


def holds_days(connection: Any, file: SourceFile, since: date | None, until: date | None) -> bool:
    """Whether the loaded file has data of those days."""
    found = connection.execute(
        """select count(*) from ops.files where source = ? and file = ? and data_from_on is not null
        and coalesce(data_to_on >= ?, true) and coalesce(data_from_on <= ?, true)""",
        [file.source, file.file, since, until],
    ).fetchone()
    return bool(found[0])


TOUCHED = "source = ? and file = ? and content_hash = ? and modified_at <> ?"


def touched(connection: Any, files: Sequence[SourceFile]) -> list[SourceFile]:
    """Files as they are now; those of them that are loaded with this content and an other modified time."""
    return [file for file in files if loads(connection, TOUCHED, _as_loaded(file))]


def renew_times(connection: Any, files: Sequence[SourceFile]) -> None:
    """Files as they are now; the modified times of those whose content is loaded are theirs."""
    for file in files:
        connection.execute(
            f"update ops.files set modified_at = ? where {TOUCHED}", [file.modified_at, *_as_loaded(file)]
        )


def _as_loaded(file: SourceFile) -> list[Any]:
    return [file.source, file.file, file.content_hash, file.modified_at]


def loads_of(connection: Any, file: SourceFile) -> list[Load]:
    """What is loaded of a file."""
    return loads(connection, "source = ? and file = ?", [file.source, file.file])


def loads(connection: Any, condition: str, parameters: list[Any]) -> list[Load]:
    """What is loaded of the files that meet a condition."""
    found = connection.execute(f"select load_id, table_name from ops.files where {condition}", parameters).fetchall()
    return [Load(*row) for row in found]


def forget(connection: Any, gone: Sequence[Load]) -> set[str]:
    """Loads in; they are taken out; the tables that changed out."""
    for load in gone:
        forget_load(connection, load.table, load.load_id)
    return {load.table for load in gone}
