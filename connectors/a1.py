"""Places of a sheet ↔ their A1 names."""

from __future__ import annotations

from functools import cache


def column_letters(column: int) -> str:
    """A column counted from 0 in; its letters out: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """A cell counted from 0 in; its A1 name out."""
    return f"{column_letters(column)}{row + 1}"


@cache
def column_number(letters: str) -> int:
    """A column's letters in; it counted from 0 out: A is 0, XFD 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
