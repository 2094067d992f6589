"""What a file gave before and gives now → an error where rows are gone, a notice where a column or every row is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config.client import SourceConfig
from config.errors import SourceError
from config.staging import SourceFile
from connectors.warehouse.memory import Memory, note, remember
from transforms.recognise import Recognised
from transforms.shape import Shape


def check_emptied(memory: Memory, file: SourceFile, recognised: Sequence[Recognised]) -> None:
    """Raise SourceError if a file that had rows has a header alone: an export that broke off, not a fact."""
    had = memory.rows.get(file.source, {}).get(file.file, 0)
    if had and _is_empty(recognised):
        raise SourceError("cli.file_emptied", source=file.source, file=file.file, rows=had)


def check_source_emptied(memory: Memory, source: str, now: Memory) -> None:
    """Raise SourceError if a source that had rows, in files of other names, has none left."""
    had, left = (sum(known.rows.get(source, {}).values()) for known in (memory, now))
    if had and not left:
        raise SourceError("cli.source_emptied", source=source, rows=had, files=", ".join(now.rows.get(source, {})))


def note_losses(
    connection: Any, memory: Memory, source: SourceConfig, file: SourceFile, recognised: Sequence[Recognised]
) -> None:
    """Remember what a file was read with; a notice for each column that it had and for a file without rows."""
    columns = {column for found in recognised for column in found.columns}
    if _is_empty(recognised):
        note(connection, "empty_file", "", file.source, file.file)
    else:
        denied = {column for column, headers in source.columns.items() if not headers}
        for column in sorted(memory.columns_of(file.source, file.file) - columns - denied - source.constants.keys()):
            note(connection, "column_lost", column, file.source, file.file)
    remember(connection, file.source, file.file, columns)


def _is_empty(recognised: Sequence[Recognised]) -> bool:
    return all(_has_no_rows(found.shape) for found in recognised)


def _has_no_rows(form: Shape) -> bool:
    """Nothing but blank rows and totals below the header; a file that stays on disk is too long for that."""
    return form.rows_read is not None and form.rows_read <= len(form.skipped)
