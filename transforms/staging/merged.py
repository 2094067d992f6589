"""An amount in a cell that is merged over several rows: nobody but its owner knows whose it is, so it asks."""

from __future__ import annotations

from config.client import SourceConfig
from config.errors import ContractError
from config.tables import Table
from transforms.recognise import Recognised
from transforms.shape.header import MARKS
from transforms.shape.totals import figure_in
from transforms.staging.records import heading


def ask_merged(recognised: Recognised, source: SourceConfig, table: Table) -> None:
    """Raise ContractError for such an amount, unless `amounts` or an id merged over the same rows tells whose it is."""
    raw, shape = recognised.raw, recognised.shape
    place = _place(recognised, table.money or "")
    if place is None or source.amounts is not None or raw.rows is None:
        return
    of_ids = _place(recognised, table.key[0]) if table.key else None
    known = {(area[0], area[2]) for area in raw.merged if area[1] == of_ids}
    for first_row, first_column, last_row, _ in raw.merged:
        is_data = first_column == place and first_row >= shape.first_row and last_row > first_row
        value = raw.rows[first_row][place].strip(MARKS) if is_data and place < len(raw.rows[first_row]) else ""
        if figure_in(value) and (first_row, last_row) not in known:
            raise ContractError(
                "staging.merged_amounts",
                file=raw.origin.file,
                source=raw.origin.source,
                header=shape.headers[place],
                value=value,
                rows=f"{first_row + 1}–{last_row + 1}",
            )


def _place(recognised: Recognised, name: str) -> int | None:
    """Where a column of ours stands in the file's rows."""
    header = heading(recognised, name)
    return recognised.shape.headers.index(header) if header in recognised.shape.headers else None
