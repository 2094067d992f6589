"""Headers a file has and names that were looked for → the likeliest match, by spelling or meaning."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

from config.words import header_words
from transforms.shape import fold

NEAR = 0.72
"""From which likeness of spelling on a header is worth proposing."""
KIN = 0.86
"""What a header counts for that holds every word looked for in some form."""
WORD = re.compile(r"\w+")
EXACT, BEGINS, HOLDS = 1.0, 0.9, 0.75
GOOD_GUESS = BEGINS


def nearest(wanted: Sequence[str], present: Collection[str], table: str, column: str) -> str | None:
    """Names looked for, headers nobody uses yet, and the column they are for; the one likely meant, or None.

    Spelling first (`Дт звонка` for «Дата звонка»), then meaning (`Менеджер` for «Ответственный»).
    """
    near = max(((kinship(name, header), header) for name in wanted for header in present if header), default=(0.0, ""))
    meant = max(((meaning(header, table, column), header) for header in present if header), default=(0.0, ""))
    if near[0] >= NEAR and near[0] >= meant[0]:
        return near[1]
    return meant[1] if meant[0] >= GOOD_GUESS else near[1] if near[0] >= NEAR else None


def likeness(one: str, other: str) -> float:
    """How alike two headers are spelled, 0 to 1."""
    return SequenceMatcher(None, fold(one), fold(other)).ratio()


def kinship(wanted: str, header: str) -> float:
    """How alike a header is to the name looked for, 0 to 1, also where its words were turned round or bent.

    «Оплачен (дата)» is «Дата оплаты» in other words, «Расходы рекл» is «Расход» and more.
    """
    words, others = _words(wanted), _words(header)
    if words and all(any(_is_kin(word, other) for other in others) for word in words):
        return max(likeness(wanted, header), KIN)
    return likeness(wanted, header)


def _words(header: str) -> list[str]:
    return [word for word in WORD.findall(fold(header)) if len(word) > 2]


def _is_kin(word: str, other: str) -> bool:
    """The same word in another form: the same beginning of four letters at least, and of most of the shorter one."""
    common = next((place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    common = min(len(word), len(other)) if common is None else common
    return word == other or (common >= 4 and common >= 0.6 * min(len(word), len(other)))


def meaning(header: str, table: str, column: str) -> float:
    """How likely a header means our column, by the words such headers use; 0 if by none."""
    folded = fold(header.rpartition(" / ")[2] or header)
    best = 0.0
    for place, word in enumerate(header_words().get(table, {}).get(column, ())):
        base = _closeness(folded, fold(word))
        best = max(best, base - 0.004 * place if base else 0.0)
    return best


def _closeness(folded: str, word: str) -> float:
    if folded == word:
        return EXACT
    if folded.startswith((f"{word} ", f"{word},")):
        return BEGINS
    return HOLDS if f" {word} " in f" {folded} " else 0.0


def guess_columns(headers: Sequence[str], table: str) -> dict[str, str]:
    """Headers of a file and one of our tables in; our column → header out, no header twice, the surest pairs first."""
    pairs = sorted(
        (
            (meaning(header, table, column), -place, column, header)
            for column in header_words().get(table, {})
            for place, header in enumerate(headers)
            if header
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for likely, _, column, header in pairs:
        if likely and column not in found and header not in found.values():
            found[column] = header
    return found
