"""Dictionaries of reasons and partners as metric SQL reads them: each spelling the deals bear, and what it means."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from config.draft import GroupedNaming, Naming, Partner
from config.words import fold

TABLES = {
    "loss_reasons": "spelling varchar, reason varchar, reason_group varchar",
    "partners": "partner varchar, share decimal(18, 12), rub_per_client decimal(18, 2)",
    "partner_marks": "kind varchar, spelling varchar, partner varchar",
}
"""Table of schema `ops` → its columns. `kind` of a mark: the column of deals in which it stands."""
CREATE = "".join(f"create table if not exists ops.{name} ({columns});" for name, columns in TABLES.items())
REASONS = "loss_reasons"
UNKNOWN = """
insert into ops.unmapped
select ?, ?, loss_reason, sum(source_rows), coalesce(sum(revenue_rub), 0), ?
from loaded.deals where not is_displaced and loss_reason = ? group by loss_reason
"""


NAMED = "dictionaries"
"""Key of `ops.meta`: `mark` of the dictionaries that the rows are named by."""


def mark(names: Mapping[str, Naming], partners: Sequence[Partner]) -> str:
    """All that the dictionaries say, in a few characters."""
    return hashlib.sha256(repr((sorted(names.items()), partners)).encode()).hexdigest()[:16]


def renew(connection: Any, names: Mapping[str, Naming], partners: Sequence[Partner]) -> bool:
    """The dictionaries in; the tables of schema `ops` as they say; whether any of them changed, out."""
    marks = {(kind, mark): one.name for one in partners for kind, mark in one.marks}
    wanted: dict[str, list[tuple[Any, ...]]] = {
        "loss_reasons": _reasons(connection, names),
        "partners": [(one.name, one.share, one.rub_per_client) for one in partners],
        "partner_marks": [
            (kind, spelling, marks[kind, fold(spelling)])
            for kind in sorted({kind for kind, _ in marks})
            for spelling in _spellings(connection, kind)
            if (kind, fold(spelling)) in marks
        ],
    }
    changed = [name for name, rows in wanted.items() if _replace(connection, name, rows)]
    return bool(changed)


def write_unmapped(connection: Any, run_id: str, names: Mapping[str, Naming]) -> None:
    """The dictionaries in; `ops.unmapped` of this run also tells of reasons that the dictionary lacks."""
    naming = names.get(REASONS)
    if naming is not None:
        for alias, nearest in naming.unknown(_spellings(connection, "loss_reason")).items():
            connection.execute(UNKNOWN, [run_id, REASONS, nearest, alias])


def _reasons(connection: Any, names: Mapping[str, Naming]) -> list[tuple[Any, ...]]:
    naming = names.get(REASONS)
    if naming is None:
        return []
    named = naming.names(_spellings(connection, "loss_reason"))
    groups = naming if isinstance(naming, GroupedNaming) else None
    return [(spelling, name, groups.group(name) if groups else None) for spelling, name in sorted(named.items())]


def _spellings(connection: Any, column: str) -> list[str]:
    found = connection.execute(
        f"select distinct {column} from loaded.deals where {column} is not null and not is_displaced order by 1"
    ).fetchall()
    return [row[0] for row in found]


def _replace(connection: Any, name: str, rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether the table now holds other rows than before."""
    if sorted(connection.execute(f"select * from ops.{name}").fetchall(), key=str) == sorted(rows, key=str):
        return False
    connection.execute(f"delete from ops.{name}")
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into ops.{name} values ({marks})", [list(row) for row in rows])
    return True
