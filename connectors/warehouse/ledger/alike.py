"""Names of managers → those that are most likely one person: in another order, or with initials for the first name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from config.words import fold
from connectors.warehouse.ledger.note import Note

MOST = 2000
"""More names than this are no staff."""
WORD = re.compile(r"[а-яa-z]+(?:-[а-яa-z]+)*")
FEWEST_LETTERS = 3
"""Of a surname; a shorter word is told by nothing but its company."""


def same_people(names: Iterable[str]) -> list[list[str]]:
    """Names in; groups of two and more that are one person as far as letters tell.

    «И. Петров» joins «Петров Иван» only where no other full name has that surname and initial.
    """
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    short: list[tuple[str, str, str]] = []
    for name in sorted(set(names)):
        words = WORD.findall(fold(name).replace(".", ". "))
        full = [word for word in words if len(word) >= FEWEST_LETTERS]
        initials = [word for word in words if len(word) == 1]
        if len(full) >= 2 and not initials:
            groups[tuple(sorted(full))].append(name)
        elif len(full) == 1 and initials and len(full) + len(initials) == len(words):
            short.append((full[0], initials[0], name))
    for surname, initial, name in short:
        meant = [key for key in groups if surname in key and any(w[0] == initial for w in key if w != surname)]
        place = meant[0] if len(meant) == 1 else (surname, initial)
        if len(meant) <= 1:
            groups[place].append(name)
    return [group for group in groups.values() if len(group) > 1]


def names_alike(connection: Any) -> list[Note]:
    """The names that loaded rows bear; of each person with several: a source, how many, and the names."""
    found = connection.execute(
        """select names.name, min(files.source) from loaded.names as names
        join loaded.aliases as aliases on aliases.dictionary = names.dictionary and aliases.alias = names.alias
        join ops.files as files using (load_id)
        where names.dictionary = 'managers' and names.name is not null group by names.name limit ?""",
        [MOST + 1],
    ).fetchall()
    source_of = dict(found) if len(found) <= MOST else {}
    return [
        Note("names_alike", source_of[group[0]], None, len(group), 0, ", ".join(f"«{name}»" for name in group))
        for group in same_people(source_of)
    ]
