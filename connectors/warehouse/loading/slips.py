"""The loaded rows of files → notices of those that cannot be so beside all others: a slip, or two columns exchanged."""

from __future__ import annotations

from typing import Any

from config.draft import Draft

FEWEST, TIMES = 10, 50
"""Amounts, one of which is so many times the next and more than all others together."""
SAMPLE = 1_000
"""Rows that show how long numbers usually are."""
SHORTEST = 4
"""Digits; shorter numbers are as long as amounts."""
RARE = 0.02
"""Of the rows: in more of them nothing changed places, numbers are of many lengths."""
FEWEST_CLICKS = 10
"""Beyond the sights of their day; a few come later than what they were clicked on."""
LONGEST_TALK = 4 * 3600
"""Seconds; nobody talks longer, but a line may stay open over night."""
FEWEST_BEFORE, SHARE_BEFORE = 3, 0.1
"""Of sales whose both days are known."""


def tell_slips(connection: Any, draft: Draft, loads: range) -> None:
    """A notice of each kind that a load's rows show."""
    filled = set(draft.headers)
    of_loads = f"where load_id between {loads[0]} and {loads[-1]}"
    if draft.table in ("deals", "ad_spend"):
        _tell_outweighing(connection, draft.table, "revenue_rub" if draft.table == "deals" else "spend_rub", of_loads)
    if draft.table == "ad_spend" and {"impressions", "clicks"} <= filled:
        connection.execute(
            f"""insert into loaded.notices
            select load_id, 'clicks_over_sights', count(*) as rows, sum(spend_rub), ? from loaded.ad_spend
            {of_loads} and clicks > impressions and clicks - impressions >= {FEWEST_CLICKS} group by load_id""",
            [f"{draft.headers['clicks']} > {draft.headers['impressions']}"],
        )
    if draft.table == "deals" and {"created_on", "closed_on"} <= filled:
        connection.execute(
            f"""insert into loaded.notices
            select load_id, 'closed_before', count(*) filter (where closed_on < created_on) as rows,
                coalesce(sum(revenue_rub) filter (where closed_on < created_on), 0), ?
            from loaded.deals {of_loads} and closed_on is not null and created_on is not null group by load_id
            having rows >= {FEWEST_BEFORE} and rows >= {SHARE_BEFORE} * count(*)""",
            [f"{draft.headers['closed_on']} < {draft.headers['created_on']}"],
        )
    if draft.table == "calls" and "talk_seconds" in filled:
        connection.execute(
            f"""insert into loaded.notices
            select load_id, 'long_talks', count(*), 0, max(talk_seconds) // 3600 from loaded.calls
            {of_loads} and talk_seconds > {LONGEST_TALK} group by load_id"""
        )
    if draft.table == "deals" and draft.profile is None and "deal_id" in filled:
        for load_id in loads:
            _tell_exchanged(connection, draft, load_id)


def _tell_outweighing(connection: Any, table: str, money: str, of_loads: str) -> None:
    """An amount that is more than all others of its file, and many times the next."""
    for (load_id,) in connection.execute(
        f"""select load_id from loaded.{table} {of_loads} and {money} > 0
        group by load_id having count(*) >= {FEWEST} and max({money}) * 2 > sum({money}) order by load_id"""
    ).fetchall():
        [(row, most), (_, second)] = connection.execute(
            f"select source_row, {money} from loaded.{table} where load_id = ? order by 2 desc nulls last limit 2",
            [load_id],
        ).fetchall()
        if most >= TIMES * second:
            connection.execute(
                "insert into loaded.notices values (?, 'row_outweighs', 1, ?, ?)", [load_id, most, str(row)]
            )


def _tell_exchanged(connection: Any, draft: Draft, load_id: int) -> None:
    """Rows in which the number of a sale is as long as another number usually is, and the other way round."""
    rows = f"loaded.deals where load_id = {load_id} and deal_id is not null"
    other = "strlen(client_id)" if "client_id" in draft.headers else "null::bigint"
    usual, of_other = connection.execute(
        f"select mode(strlen(deal_id)), mode({other}) from (from {rows} limit {SAMPLE})"
    ).fetchone()
    if usual is None or usual < SHORTEST:
        return
    as_id = f"revenue_rub >= {10 ** (usual - 1)} and revenue_rub < {10**usual} and revenue_rub = round(revenue_rub, 0)"
    is_odd = f"strlen(deal_id) <> {usual}"
    pairs = {"revenue_rub": (as_id, f"{is_odd} and {as_id} and try_cast(deal_id as bigint) is not null")}
    if of_other not in (None, usual):
        as_client = f"strlen(client_id) = {usual}"
        pairs["client_id"] = (as_client, f"strlen(deal_id) = {of_other} and {as_client}")
    for column, (is_like, is_exchanged) in pairs.items():
        if connection.execute(f"select 1 from {rows} and {is_exchanged} limit 1").fetchone():
            connection.execute(
                f"""insert into loaded.notices
                select {load_id}, 'numbers_exchanged', count(*) filter (where {is_exchanged}) as rows,
                    sum(revenue_rub) filter (where {is_exchanged}), ? || min(source_row) filter (where {is_exchanged})
                from {rows} having count(*) filter (where {is_like}) <= greatest(1, {RARE} * count(*))""",
                [f"{draft.headers['deal_id']} ↔ {draft.headers[column]}, "],
            )
