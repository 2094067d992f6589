"""What may happen to a table before it is exported: each takes rows and luck and gives other rows."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fuzz import nasty

Grid = list[list[str]]
Change = Callable[[Grid, Random], Grid]


def _row(rows: Grid, rng: Random) -> int:
    return rng.randrange(len(rows))


def _column(rows: Grid, rng: Random) -> int:
    return rng.randrange(max(1, *map(len, rows)))


def _cells(rows: Grid, rng: Random, change: Callable[[str], str]) -> Grid:
    """Change one cell, or a good part of one column."""
    column, share = _column(rows, rng), rng.choice([0, 0.3, 1])
    chosen = _row(rows, rng)
    for place, row in enumerate(rows):
        if column < len(row) and (place == chosen or (place and rng.random() < share)):
            row[column] = change(row[column])
    return rows


def nasty_cells(rows: Grid, rng: Random) -> Grid:
    """One nasty value for all."""
    chosen = nasty.value(rng)
    return _cells(rows, rng, lambda _: chosen)


def various_cells(rows: Grid, rng: Random) -> Grid:
    """Another nasty value for each."""
    return _cells(rows, rng, lambda _: nasty.value(rng))


def salted_cells(rows: Grid, rng: Random) -> Grid:
    """Something nasty before or behind what was there."""
    salt, is_before = nasty.value(rng), rng.random() < 0.5
    return _cells(rows, rng, lambda cell: salt + cell if is_before else cell + salt)


def other_separators(rows: Grid, rng: Random) -> Grid:
    """Points for commas, slashes for points, spaces for both."""
    old, new = tuple(rng.choice([".,", ",.", "./", ".-", "-.", "-/", ": ", " \u00a0", " \u202f", "0O"]))
    return _cells(rows, rng, lambda cell: cell.replace(old, new))


def renamed_header(rows: Grid, rng: Random) -> Grid:
    """Somewhere in the first rows."""
    row = rows[min(len(rows) - 1, rng.choice([0, 0, 0, 1, 2, 3]))]
    if row:
        row[rng.randrange(len(row))] = nasty.header(rng)
    return rows


def repeated_rows(rows: Grid, rng: Random) -> Grid:
    """A row once more, or the whole table."""
    if rng.random() < 0.2:
        return rows + [list(row) for row in rows]
    at = _row(rows, rng)
    return [*rows[: at + 1], *([list(rows[at])] * rng.choice([1, 1, 2, 20])), *rows[at + 1 :]]


def lost_rows(rows: Grid, rng: Random) -> Grid:
    """Some, or the end."""
    at = _row(rows, rng)
    return rows[:at] + rows[at + rng.choice([1, 1, 3, len(rows)]) :] or rows


def shuffled_rows(rows: Grid, rng: Random) -> Grid:
    """In any order, the header too now and then."""
    keep = rng.choice([0, 1, 1, 1])
    below = rows[keep:]
    rng.shuffle(below)
    return rows[:keep] + below


def lost_column(rows: Grid, rng: Random) -> Grid:
    """One, wherever."""
    column = _column(rows, rng)
    return [row[:column] + row[column + 1 :] for row in rows]


def repeated_column(rows: Grid, rng: Random) -> Grid:
    """Under the same name or another."""
    column = _column(rows, rng)
    return [[*row, row[column]] if column < len(row) else row for row in rows]


def shuffled_columns(rows: Grid, rng: Random) -> Grid:
    """All rows alike, or one row for itself."""
    order = list(range(max(map(len, rows))))
    rng.shuffle(order)
    alone = _row(rows, rng) if rng.random() < 0.3 else None
    return [
        [row[place] for place in order if place < len(row)] if alone in (None, number) else row
        for number, row in enumerate(rows)
    ]


def totals_row(rows: Grid, rng: Random) -> Grid:
    """At the end, in the middle, with sums of whatever."""
    word = rng.choice(["Итого", "Всего:", "Bcero", "Total", "ИТОГО по кампаниям", "Сумма", "Итого за 01.08.2026", ""])
    width = max(map(len, rows))
    row = [word] + [rng.choice(["", "0", "100", "1 234,50", "—"]) for _ in range(width - 1)]
    at = len(rows) if rng.random() < 0.6 else _row(rows, rng)
    return [*rows[:at], row, *rows[at:]]


def other_rows(rows: Grid, rng: Random) -> Grid:
    """Blank ones, lines of text, the header again."""
    at = _row(rows, rng)
    strange = rng.choice(
        [
            [],
            [""] * 3,
            ["Показано записей: 3"],
            ["Отчёт за период 01.08.2026 - 31.08.2026"],
            list(rows[0]),
            ["Подпись", "", "Иванов"],
        ]
    )
    return [*rows[:at], *([strange] * rng.choice([1, 1, 5, 45])), *rows[at:]]


def ragged_rows(rows: Grid, rng: Random) -> Grid:
    """Some shorter, some longer than the header."""
    for row in rows[1:]:
        if rng.random() < 0.4:
            row[rng.randrange(len(row) + 1) :] = [nasty.value(rng)] * rng.choice([0, 0, 1, 4])
    return rows


def wide(rows: Grid, rng: Random) -> Grid:
    """Hundreds of columns more."""
    count = rng.choice([50, 300, 2100])
    return [[*row, *[""] * (count - 1), "x"] if rng.random() < 0.5 else row for row in rows]


def transposed(rows: Grid, _rng: Random) -> Grid:
    """Rows for columns."""
    width = max(map(len, rows))
    return [[row[place] if place < len(row) else "" for row in rows] for place in range(min(width, 60))]


CHANGES: dict[str, tuple[int, Change]] = {
    change.__name__: (weight, change)
    for weight, change in (
        (8, nasty_cells), (8, various_cells), (5, salted_cells), (5, other_separators), (3, renamed_header),
        (4, repeated_rows), (2, lost_rows), (3, shuffled_rows), (2, lost_column), (2, repeated_column),
        (2, shuffled_columns), (4, totals_row), (4, other_rows), (3, ragged_rows), (1, wide), (1, transposed),
    )
}  # fmt: skip
"""Name → how often it happens, and what it does."""
