"""Columns whose days are bare numbers of days → a remark of each: nothing in them says from which year they count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from config.documents import NUMBER_MARK
from config.draft import COUNTED_DAYS, Remark
from config.tables import Table
from transforms.parse import Reading
from transforms.recognise import Recognised
from transforms.staging.clocks import in_file, sample

SERIAL = re.compile(rf"{NUMBER_MARK}?[3-6][0-9]{{4}}(?:[.,][0-9]+)?(?: .*)?")
FEWEST = 3
"""Fewer numbers may be anything."""


def counted_days(recognised: Recognised, table: Table, readings: Mapping[str, Reading]) -> Iterator[Remark]:
    """A table and how its columns are read in; a remark of each column of days of which all cells at hand are numbers.

    None where a workbook or svodka.yaml says from when they count, nor of plans, which are of days to come.
    """
    for name, column in recognised.columns.items():
        if table.looks_ahead or table.columns[name].type not in ("date", "moment") or len(column.headers) != 1:
            continue
        header = in_file(column.headers[0], recognised)
        days = sample(header, recognised)
        is_open = readings[name].is_1904 is None and readings[name].unit != "unix"
        if is_open and len(days) >= FEWEST and all(map(SERIAL.fullmatch, days)):
            yield Remark(COUNTED_DAYS, f"{name}: {header}")
