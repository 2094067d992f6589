"""The ops tables of a run → where the rows of each source went, what no dictionary knows, what must be said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.warehouse import Warehouse
from flows.sources import Loaded
from flows.summary import SourceRows
from flows.words import language, roubles, say, whole
from transforms.mask import mask_text

ROWS = """
select
    s.source,
    s.table_name,
    count(l.source_file) as files,
    coalesce(sum(l.rows_read), 0)::bigint as rows_read,
    coalesce(sum(l.rows_staged), 0)::bigint as rows_staged,
    coalesce(sum(l.rows_rejected), 0)::bigint as rows_rejected,
    coalesce(sum(l.rows_duplicate), 0)::bigint as rows_duplicate,
    coalesce(sum(l.rows_skipped), 0)::bigint as rows_skipped,
    coalesce(sum(l.money_read_rub), 0) as money_read_rub,
    coalesce(sum(l.money_rejected_rub), 0) as money_rejected_rub,
    s.data_to_on,
    s.is_stale
from ops.sources s
left join ops.loads l on l.source = s.source and l.run_id = ?
group by all
order by s.source
"""
NOTICES = """
select kind, source, source_file, rows, money_rub, detail
from ops.notices
where run_id = ?
order by source, source_file, kind, detail
"""
TOLD = frozenset({"vanished_file", "column_lost", "empty_file", "channels_alone", "repeated_across_sources"})
"""Kinds of notices that a person at the command line must act on; the report tells the others."""
UNMAPPED = """
select dictionary, alias, suggestion
from ops.unmapped
where run_id = ?
order by dictionary, money_rub desc, rows desc, alias
"""


def source_rows(warehouse: Warehouse, run_id: str, loaded: Loaded, order: Sequence[str]) -> list[SourceRows]:
    """A run and what loading came to in; one line a source out, in the client's order."""
    problems = {trouble.source: trouble.error.text(language()) for trouble in loaded.troubles}
    found = []
    for row in warehouse.query("rows", ROWS, [run_id]).dicts():
        name = str(row.pop("source"))
        table = str(row.pop("table_name"))
        facts = {column: value for column, value in row.items() if column != "is_stale"}
        found.append(
            SourceRows(
                source=name,
                table=table,
                files_read=loaded.files_read.get(name, 0),
                is_stale=bool(row["is_stale"]),
                problem=problems.get(name),
                **facts,  # type: ignore[arg-type]
            )
        )
    return sorted(found, key=lambda rows: order.index(rows.source) if rows.source in order else len(order))


def notices(warehouse: Warehouse, run_id: str) -> list[str]:
    """A run in; in words, what somebody should look into: files, columns and channels that lost what they had, out."""
    return [_worded(row) for row in warehouse.query("notices", NOTICES, [run_id]).dicts() if row["kind"] in TOLD]


def _worded(row: Mapping[str, Any]) -> str:
    kind, money = row["kind"], row["money_rub"]
    facts = {"source": row["source"], "file": row["source_file"], "rows": whole(row["rows"])}
    if kind == "vanished_file":
        return say("vanished_money" if money else "vanished", money=roubles(money or 0), **facts)
    shown = f", {roubles(money)}" if money else ""
    return say(f"notice_{kind}", money=shown, column=row["detail"], detail=row["detail"], **facts)


def unmapped(warehouse: Warehouse, run_id: str) -> list[tuple[str, str, str | None]]:
    """A run in; (dictionary, alias, nearest known name) out, the dearest first."""
    rows = warehouse.query("unmapped", UNMAPPED, [run_id]).rows
    return [(str(row[0]), str(row[1]), str(row[2]) if row[2] is not None else None) for row in rows]


def shown_unmapped(
    found: Sequence[tuple[str, str, str | None]], personal_data: str
) -> list[tuple[str, str, str | None]]:
    """Unknown names in; the same fit to be shown out: a phone or an e-mail where a name should be is masked."""
    if personal_data == "keep":
        return list(found)
    return [(dictionary, _masked(alias), near) for dictionary, alias, near in found]


def _masked(alias: str) -> str:
    """Without the phone or e-mail in it; the last two digits stay, so that the operator knows which one to add."""
    shown = mask_text(alias)
    digits = re.sub(r"\D", "", alias)
    return shown if shown == alias or not digits else f"{shown}{digits[-2:]}"


def unmapped_lines(found: Sequence[tuple[str, str, str | None]], places: Mapping[str, str]) -> list[str]:
    """Unknown names and the place of each dictionary in; a line each out, with what to do about it."""
    return [
        say("unmapped_near", alias=alias, near=near)
        if near
        else say(
            "unmapped",
            alias=alias,
            place=places.get(name, say("some_dictionary")),
            dictionary=say(f"dictionary_{name}"),
        )
        for name, alias, near in found
    ]
