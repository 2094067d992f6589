"""Columns of a table that a file fills → the SQL that lists what is wrong with each row."""

from __future__ import annotations

from collections.abc import Collection

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.tables import Table
from transforms.parse.cells import literal

QUESTIONS = frozenset({"direction", "answered"})
"""Types whose unknown words are asked about, never guessed."""
REPORTED = frozenset({"deal_status", "lead_status"})
"""Types whose unknown words have a meaning all the same; they are counted word by word, not cell by cell."""
LONGEST_VALUE = 300
FLAW = "struct(column_name varchar, value varchar, reason varchar, kind varchar)"


def required(table: Table, texts: Collection[str]) -> set[str]:
    """Columns whose blank cell refuses the row by itself."""
    several = {name for group in table.needs if len(group) > 1 for name in group}
    return {name for name in texts if table.columns[name].is_required and name not in several}


def groups(table: Table, texts: Collection[str]) -> list[list[str]]:
    """Groups of columns of which a row needs at least one, as far as the file has them."""
    return [[name for name in group if name in texts] for group in table.needs if len(group) > 1]


def flaws(table: Table, texts: Collection[str], read: Collection[str]) -> str:
    """The list of a row's offending cells; NULL for nearly every row."""
    has = {name: f"r_{name} is not null" for name in texts if name in read or name in required(table, texts)}
    for group in groups(table, texts):
        missing = " and ".join(f"v_{name} is null" for name in group)
        for name in group:
            has[name] = f"(r_{name} is not null or {missing})" if name in has else f"({missing})"
    cells = [
        f"case when {condition} then {{'column_name': '{name}', 'value': {_shown(name)}, "
        f"'reason': coalesce(r_{name}, 'missing'), 'kind': '{_kind(table, name)}'}} end"
        for name, condition in has.items()
    ]
    if not cells:
        return f"null::{FLAW}[]"
    listed = f"list_filter([{', '.join(cells)}], lambda f: f is not null)"
    return f"case when {' or '.join(has.values())} then {listed} end"


def _kind(table: Table, name: str) -> str:
    kind = table.columns[name].type
    return "question" if kind in QUESTIONS else "reported" if kind in REPORTED else "reject"


def _shown(name: str) -> str:
    marks = literal(NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK)
    return f"left(trim(translate(t_{name}, {marks}, '')), {LONGEST_VALUE})"
