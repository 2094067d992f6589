"""What a publication found → the lines of the run's summary."""

from __future__ import annotations

from config.documents import Value
from config.messages import Language, message
from connectors.google_sheets.publication import Edit, Publishing

MOST_EDITS = 5


def told(done: Publishing, language: Language) -> list[str]:
    """A publication in; a line for each of the first edits, how many more there are, and the copies kept, out."""
    lines = [_edit(edit, language) for edit in done.edits[:MOST_EDITS]]
    if len(done.edits) > MOST_EDITS:
        lines.append(message("google.more_edits", language, edits=len(done.edits) - MOST_EDITS))
    return lines + [message("google.copy_kept", language, title=title) for title in done.kept_copies]


def _edit(edit: Edit, language: Language) -> str:
    if edit.is_beside:
        return message("google.beside_seen", language, title=edit.title, cell=edit.cell)
    facts = {"published": _value(edit.published, language), "found": _value(edit.found, language)}
    return message("google.edit_seen", language, title=edit.title, cell=edit.cell, **facts)


def _value(value: Value, language: Language) -> str:
    """A value as a person would say it: a whole number without a point, a blank by its name."""
    if value is None or value == "":
        return message("google.edits_blank", language)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
