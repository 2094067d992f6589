"""A workbook that somebody edited is kept beside the new one, never lost."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from config.errors import TargetError
from config.messages import DEFAULT_LANGUAGE, Language, message
from connectors.xlsx.save import replace_file

BLOCK = 1 << 20


def keep_edited(path: Path, last_hash: str | None, day: date, language: Language = DEFAULT_LANGUAGE) -> Path | None:
    """The workbook's path, the hash of the one we last wrote and the day in; where the edited one was kept out.

    None if there is no workbook or it is ours untouched. Kept as `Сводка (правки 2026-09-21).xlsx`, numbered if
    that name is taken by another content. The original stays in place until `write_workbook` replaces it.
    """
    if not path.is_file():
        return None
    found = file_hash(path)
    if found == last_hash:
        return None
    try:
        return _keep(path, found, day, language)
    except OSError as error:
        raise TargetError("xlsx.failed", file=path.name, problem=error.strerror or type(error).__name__) from error


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _keep(path: Path, found: str, day: date, language: Language) -> Path:
    number = 1
    while True:
        ending = "" if number == 1 else f" {number}"
        kept = path.with_name(f"{path.stem} ({message('xlsx.edits', language)} {day.isoformat()}{ending}){path.suffix}")
        if not kept.exists():
            replace_file(kept, path.read_bytes())
            return kept
        if file_hash(kept) == found:
            return kept
        number += 1
