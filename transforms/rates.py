"""A table of currency rates as a person keeps it → rows of day, currency and roubles for one unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.errors import ContractError
from config.words import fold

COLUMNS = (
    frozenset({"date", "дата", "день"}),
    frozenset({"currency", "валюта", "код валюты", "код"}),
    frozenset({"rate", "курс", "курс, руб.", "рублей за единицу"}),
)
"""Known headers of the day, the currency and the rate."""
RATE = re.compile(r"0*\d{1,12}([.,]\d+)?")


def rate_rows(rows: Sequence[Sequence[str]], file: str) -> list[tuple[str, str, str]]:
    """A table's rows and its name in; day, currency and rate of each row below its header out, as text.

    Columns go by their headers; without known ones they are the first three. A row without a rate is a day without one.
    Raises ContractError for a table of fewer columns, and for a rate that is no number above zero.
    """
    header, places = _header(rows)
    if header is None and not any(len(row) >= len(places) for row in rows):
        present = ", ".join(cell for cell in rows[0] if cell.strip()) if rows else ""
        raise ContractError("staging.rates_columns", file=file, present=present or "—")
    found = []
    for number, row in enumerate(rows, 1):
        if number <= (header or 0):
            continue
        day, currency, rate = (row[place].strip() if place < len(row) else "" for place in places)
        if not (day and currency and rate):
            continue
        plain = "".join(rate.split()).removesuffix("RUB")
        if RATE.fullmatch(plain) and plain.strip("0.,"):
            found.append((day, currency, plain))
        elif header is not None or number > 1:
            raise ContractError("staging.rate_unreadable", file=file, row=number, found=rate)
    return found


def _header(rows: Sequence[Sequence[str]]) -> tuple[int | None, Sequence[int]]:
    """The number of the first row that names all three columns, and where they stand; None without such a row."""
    for number, row in enumerate(rows, 1):
        cells = [fold(cell) for cell in row]
        places = [next((place for place, cell in enumerate(cells) if cell in words), -1) for words in COLUMNS]
        if -1 not in places:
            return number, places
    return None, range(len(COLUMNS))
