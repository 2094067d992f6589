"""What may leave the warehouse under `personal_data: mask`: phones, e-mails and names of people never do."""

import re
import secrets
from collections.abc import Callable, Collection
from hashlib import blake2b

from config.draft import WHOLE_ROW
from config.tables import ColumnType, personal_columns, tables
from config.words import known_words

SAFE_TYPES: frozenset[ColumnType] = frozenset(
    {"money", "date", "moment", "count", "number", "planned", "share", "seconds", "score", "grain"}
)
"""Columns of these types hold figures and days: their refused text is shown, without words that may be a name."""

FIGURE_NAMES: ColumnType = "metric"
"""A column of names of figures: one that is not known is told, or nobody could put it right."""
HIDDEN = "•••"
SHORTEST_PHONE = 10
_EMAIL = re.compile(r"[^\s@;,<>]+@[^\s@;,<>]*\w")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DIGIT_RUN = re.compile(r"\+?\d[\d\s().\-\u00a0]{8,}\d")


def masked(column: str, text: str | None, personal_data: str = "mask") -> str | None:
    """Our column name and the text of a cell in; the text fit to be shown out, `•••` where a person would be seen."""
    if text is None or personal_data == "keep":
        return text
    if _types(column) == {FIGURE_NAMES}:
        return mask_text(text)
    if not _is_safe(column):
        return HIDDEN
    return _WORD.sub(_hide_word, mask_text(text))


def mask_text(text: str) -> str:
    """Any text in; the same without e-mails and without digit runs long enough for a phone."""
    return _DIGIT_RUN.sub(_hide_phone, _EMAIL.sub(HIDDEN, text))


def hide_names(text: str, names: Collection[str]) -> str:
    """Any text and names that its reader may not meet in; the same with `•••` for each out, in any case and ending."""
    if not names:
        return text
    longest = sorted(names, key=len, reverse=True)
    pattern = "|".join(re.escape(name) for name in longest)
    return re.sub(rf"(?<!\w)(?:{pattern})\w{{0,2}}(?!\w)", "•••", text, flags=re.IGNORECASE)


def _hide_word(found: re.Match[str]) -> str:
    return found[0] if found[0].casefold() in known_words() else HIDDEN


def _hide_phone(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return HIDDEN if digits >= SHORTEST_PHONE and not _is_moment(found[0]) else found[0]


def _is_moment(text: str) -> bool:
    return re.match(r"\d{1,2}[.\-]\d{1,2}[.\-]\d{4}|\d{4}-\d{2}-\d{2}", text) is not None


def _is_safe(column: str) -> bool:
    if column == WHOLE_ROW:
        return True
    types = _types(column)
    return bool(types) and types <= SAFE_TYPES


def _types(column: str) -> set[ColumnType]:
    return {table.columns[column].type for table in tables().values() if column in table.columns}


# Tables that leave for other tools: one person is one mask, so that they join.


def mask_of(personal_data: str) -> Callable[[str, str], str] | None:
    """`personal_data:` in; what masks the text of a column out, None where everything may be shown.

    Phones, e-mails and ids get a mask made with a secret of the moment: it is the same for one person as long as this
    function is kept, and leads back to nobody.
    """
    if personal_data == "keep":
        return None
    secret, personal = secrets.token_bytes(16), personal_columns()

    def mask(column: str, text: str) -> str:
        if column in personal:
            return HIDDEN + blake2b(text.encode(), key=secret, digest_size=5).hexdigest()
        return mask_text(text)

    return mask
