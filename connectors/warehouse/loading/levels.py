"""The cells of files → whether some rows are the sums of the others, so that all would count twice; then it asks."""

from __future__ import annotations

from typing import Any

from config.draft import LOAD, Level
from config.errors import ContractError
from connectors.warehouse.loading.raw_cells import Brought, look_at_all

FEWEST = 2
"""Days, campaigns or months in which a row is the sum of the others; in one it may be so by chance.

Two rows alike are a sum of one and its part, or two rents of one price: then amounts must differ from month to month.
"""


def ask_levels(connection: Any, brought: Brought) -> None:
    """Raise ContractError, which asks, if the rows of one word are to the kopeck the sums of all rows beside them."""
    draft = brought.batch.draft
    if draft.levels:
        look_at_all(connection, brought)
    for level in draft.levels:
        found = connection.execute(_sums(level, draft.data)).fetchone()
        if found:
            raise ContractError.of(
                draft.origin,
                "staging.sums_among_rows",
                header=level.header,
                word=found[0],
                rows=found[1],
                money=round(found[2]),
            )
        found = connection.execute(_same(level, draft.data)).fetchone() if level.beside else None
        if found:
            raise ContractError.of(
                draft.origin,
                "staging.amounts_for_each",
                header=level.header,
                words=", ".join(f"«{word}»" for word in found[0]),
                word=found[0][0],
                parts=found[1],
                money=round(found[2]),
            )


FEWEST_SAME, NEARLY_ALL = 2, 0.9
"""Parts of which each word has the same amount, and their share of all that have several words."""


def _same(level: Level, data: str) -> str:
    """The words, how many parts bear one amount under each of them, and what counts too often; no row if none do.

    So do their clicks or sights, and the amounts differ from part to part: two towns may have one budget.
    """
    return f"""
    with parts as (
        select load_id, part, count(*) as words, min(amount) as amount, min(beside) as counted, list(word) as listed,
            min(amount) = max(amount) and min(beside) = max(beside) and min(beside) <> '' as is_same
        from ({_parts(level, data)}) group by all having words > 1
    ),
    told as (
        select load_id, list_sort(list_distinct(flatten(list(listed))))[:3] as words,
            count(*) filter (where is_same and amount > 0) as same, count(*) as parts,
            count(distinct counted) filter (where is_same) as unlike,
            count(distinct amount) filter (where is_same) as amounts,
            sum(amount * (words - 1)) filter (where is_same) as money
        from parts group by load_id
    )
    select words, same, money from told
    where same >= greatest({FEWEST_SAME}, {NEARLY_ALL} * parts)
        and least(amounts, unlike) >= greatest({FEWEST_SAME}, 0.25 * same)
    order by load_id limit 1"""


def _parts(level: Level, data: str) -> str:
    """Of each load, part and word: what its rows come to, and how many they are."""
    keys = ", ".join(f"coalesce({key}, '')" for key in level.keys) or "''"
    beside = ", ".join(level.beside) or "''"
    return f"""
        select {LOAD} as load_id, concat_ws(chr(31), {keys}) as part, trim(coalesce({level.cell}, '')) as word,
            sum({level.amount}) as amount, count(*) as rows, min(concat_ws(chr(31), {beside})) as beside
        from raw_cells where {data} and {level.counts} group by all having amount is not null"""


def _sums(level: Level, data: str) -> str:
    """The word whose rows are the sums of the others, how many they are, and their roubles; no row if there is none.

    Sums and their parts, all of one word, are each other's: then the blank word is that of the sums, else the word of
    fewer rows; of equally many nobody can tell.
    """
    return f"""
    with parts as ({_parts(level, data)}
    ),
    wholes as (select load_id, part, sum(amount) as whole, count(*) as words from parts group by all),
    told as (
        select load_id, word, sum(rows)::bigint as rows, sum(amount) as amount,
            count(*) filter (where words > 1 and whole <> 0 and amount * 2 = whole) as alike,
            count(*) filter (where words > 2 and whole <> 0 and amount * 2 = whole) as of_several,
            count(distinct amount) filter (where words > 1 and whole <> 0 and amount * 2 = whole) as amounts,
            count(*) filter (where words > 1 and amount * 2 <> whole) as unlike
        from parts join wholes using (load_id, part) group by all
        having alike >= {FEWEST} and greatest(of_several, amounts) >= {FEWEST} and unlike = 0 and amount > 0
    )
    select word, rows, amount from told
    window likeliest as (partition by load_id order by word <> '', rows, word)
    qualify row_number() over likeliest = 1 and (word = '' or rows < coalesce(lead(rows) over likeliest, rows + 1))
    order by load_id limit 1"""
