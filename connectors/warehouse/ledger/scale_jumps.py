"""Amounts of one file, in its order → where they are suddenly a hundred or a thousand times others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from statistics import fmean
from typing import Any

from config.tables import tables
from connectors.warehouse.answers.ask import Notice

BLOCKS, FEWEST = 20, 5
"""Parts that a file is looked at in, and how many amounts make a part worth looking at."""
STEADY, NEAR = 0.6, 0.2
"""In powers of ten: so far may parts on one side be from each other, and the jump from a hundred or a thousand."""
JUMPS = (2, 3)


def scale_jumps(connection: Any, names: Iterable[str]) -> Iterator[Notice]:
    """Tables that are loaded in; the row of each file where its amounts jump, and how many follow, out."""
    for name in names:
        table = tables()[name]
        if table.money is None or table.looks_ahead:
            continue
        found = connection.execute(
            f"""with amounts as (
                select load_id, source_row, log10({table.money}) as power from loaded.{name}
                where not is_displaced and {table.money} > 0
            ),
            spans as (
                select load_id, min(source_row) as first_row, max(source_row) - min(source_row) + 1 as long
                from amounts group by load_id having count(*) >= {BLOCKS * FEWEST}
            ),
            blocks as (
                select load_id, (source_row - first_row) * {BLOCKS} // long as block, avg(power) as power,
                    min(source_row) as source_row, count(*) as rows
                from amounts join spans using (load_id) group by all having rows >= {FEWEST}
            )
            select source, file, power, source_row, rows
            from blocks join ops.files using (load_id) order by load_id, block"""
        ).fetchall()
        for (source, file), group in groupby(found, lambda row: (row[0], row[1])):
            blocks = list(group)
            place = jump_in([power for _, _, power, _, _ in blocks])
            if place is not None:
                rows = sum(row[4] for row in blocks[place:])
                yield Notice("scale_jumps", source, file, rows, Decimal(0), str(blocks[place][3]))


def jump_in(powers: Sequence[float]) -> int | None:
    """Means of the parts of a file in; the part in which all amounts begin to be others, None if they do not."""
    for place in reversed(range(1, len(powers) - 2)):
        before, after = powers[:place], powers[place + 1 :]
        is_steady = all(max(side) - min(side) < STEADY for side in (before, after))
        apart = abs(fmean(after) - fmean(before))
        if is_steady and any(abs(apart - jump) < NEAR for jump in JUMPS):
            return place
    return None
