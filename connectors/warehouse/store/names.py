"""Names as found → canonical names, kept beside the rows so that a changed dictionary re-reads nothing."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from config.draft import GroupedNaming, Naming, Partner
from config.tables import tables
from config.words import fold
from connectors.warehouse.store.database import is_stored, small_table

DICTIONARIES = {"channel": "channels", "manager": "managers"}


def renew(connection: Any, kind: str, aliases: Collection[tuple[int, str]], names: Mapping[str, Naming]) -> None:
    """Aliases that loads bring in, each with its load; they are remembered, and those never seen get a name."""
    if not aliases:
        return
    connection.execute(
        """insert into loaded.aliases
        select load_id, $1, alias from (select unnest($2::bigint[]) as load_id, unnest($3::varchar[]) as alias) as found
        anti join loaded.aliases as known
            on known.load_id = found.load_id and known.dictionary = $1 and known.alias = found.alias""",
        [kind, [load_id for load_id, _ in aliases], [alias for _, alias in aliases]],
    )
    fresh = connection.execute(
        """select alias from (select unnest($2::varchar[]) as alias) as found
        anti join loaded.names as known on known.dictionary = $1 and known.alias = found.alias""",
        [kind, list(dict.fromkeys(alias for _, alias in aliases))],
    ).fetchall()
    if fresh:
        _remember(connection, kind, _named(names, kind, [row[0] for row in fresh]))


def spelled(rows: str, column: str) -> str:
    """Rows of a `loaded` table and a named column; how the file spells it: its `_alias` stands only where unlike."""
    return f"coalesce({rows}.{column}_alias, {rows}.{column})"


def rename(connection: Any, names: Mapping[str, Naming]) -> set[str]:
    """The dictionaries in; every loaded row under its canonical name; the tables whose rows changed out."""
    changed: set[str] = set()
    for column, kind in DICTIONARIES.items():
        changed |= _rename(connection, column, kind, names)
    return changed


def _rename(connection: Any, column: str, kind: str, names: Mapping[str, Naming]) -> set[str]:
    connection.execute(
        """delete from loaded.names
        where dictionary = ? and alias not in (select alias from loaded.aliases where dictionary = ?)""",
        [kind, kind],
    )
    before = dict(connection.execute("select alias, name from loaded.names where dictionary = ?", [kind]).fetchall())
    after = _named(names, kind, list(before))
    unlike = {alias: name for alias, name in after.items() if before[alias] != name}
    if not unlike:
        return set()
    connection.execute(
        "delete from loaded.names where dictionary = ? and alias in (select unnest(?::varchar[]))", [kind, list(unlike)]
    )
    _remember(connection, kind, unlike)
    if is_stored(connection):
        return _with_aliases(connection, kind, list(unlike))  # the rows themselves bear no names
    changed = set()
    for name, table in tables().items():
        if column in table.public_columns:
            updated = connection.execute(f"""
                update loaded.{name} as rows set {column} = names.name, {column}_alias = {spelled("rows", column)}
                from loaded.names as names
                where names.dictionary = '{kind}' and names.alias = {spelled("rows", column)}
                and rows.{column} is distinct from names.name""").fetchone()
            changed |= {name} if updated[0] else set()
    return changed


def _with_aliases(connection: Any, kind: str, aliases: Sequence[str]) -> set[str]:
    """The tables of the loads that hold some of these spellings."""
    found = connection.execute(
        """select distinct table_name from loaded.aliases join ops.files using (load_id)
        where dictionary = ? and list_contains(?::varchar[], alias)""",
        [kind, aliases],
    ).fetchall()
    return {name for (name,) in found}


def _named(names: Mapping[str, Naming], kind: str, aliases: Collection[str]) -> Mapping[str, str | None]:
    return names[kind].names(aliases) if kind in names else {alias: alias for alias in aliases}


def _remember(connection: Any, kind: str, named: Mapping[str, str | None]) -> None:
    connection.execute(
        "insert into loaded.names select ?, unnest(?::varchar[]), unnest(?::varchar[])",
        [kind, list(named), list(named.values())],
    )


UNKNOWN_REASON = """
insert into ops.unmapped
select ?, ?, loss_reason, sum(source_rows), coalesce(sum(revenue_rub), 0), ?
from loaded.deals where not is_displaced and loss_reason = ? group by loss_reason
"""


def write_unmapped(connection: Any, run_id: str, names: Mapping[str, Naming]) -> None:
    """The dictionaries in; `ops.unmapped` of this run: what has no entry, its rows, roubles and nearest name."""
    for column, kind in DICTIONARIES.items():
        if kind not in names:
            continue
        aliases = [
            row[0]
            for row in connection.execute(
                "select distinct alias from loaded.aliases where dictionary = ?", [kind]
            ).fetchall()
        ]
        unknown = names[kind].unknown(aliases)
        if not unknown:
            continue
        small_table(connection, "unknown_aliases", ["alias", "suggestion"], list(unknown.items()))
        parts = " union all ".join(
            f"""select {spelled("loaded", column)} as alias, sum(source_rows) as rows,
                coalesce(sum({table.money or "0"}), 0) as money_rub
            from loaded.{name} as loaded
            where not is_displaced and {spelled("loaded", column)} in (select alias from unknown_aliases) group by 1"""
            for name, table in tables().items()
            if column in table.public_columns
        )
        connection.execute(
            f"""insert into ops.unmapped select ?, ?, alias, sum(rows), sum(money_rub), any_value(suggestion)
            from ({parts}) join unknown_aliases using (alias) group by alias""",
            [run_id, kind],
        )
    reasons = names[REASONS].unknown(_spellings(connection, "loss_reason")) if REASONS in names else {}
    for alias, nearest in reasons.items():
        connection.execute(UNKNOWN_REASON, [run_id, REASONS, nearest, alias])


# Dictionaries of reasons and partners as metric SQL reads them: each spelling the deals bear, and what it means.

OPS_TABLES = {
    "loss_reasons": "spelling varchar, reason varchar, reason_group varchar",
    "partners": "partner varchar, share decimal(18, 12), rub_per_client decimal(18, 2)",
    "partner_marks": "kind varchar, spelling varchar, partner varchar",
}
"""Table of schema `ops` → its columns. `kind` of a mark: the column of deals in which it stands."""
CREATE_OPS = "".join(f"create table if not exists ops.{name} ({columns});" for name, columns in OPS_TABLES.items())
REASONS = "loss_reasons"


NAMED = "dictionaries"
"""Key of `ops.meta`: `mark_of` the dictionaries that the rows are named by."""


def mark_of(names: Mapping[str, Naming], partners: Sequence[Partner]) -> str:
    """All that the dictionaries say, in a few characters."""
    return hashlib.sha256(repr((sorted(names.items()), partners)).encode()).hexdigest()[:16]


def renew_tables(connection: Any, names: Mapping[str, Naming], partners: Sequence[Partner]) -> bool:
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
