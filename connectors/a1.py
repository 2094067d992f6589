"""Places of a sheet ↔ their A1 names; a spreadsheet's address ↔ its id."""

import re
from functools import cache

from config.errors import ConfigError


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


# What an operator wrote as a spreadsheet → its id; its tabs → links, and names as ranges have them.

SPREADSHEET_URL = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([\w-]{10,})")
BARE_ID = re.compile(r"[\w-]{10,}")


def spreadsheet_id(place: str) -> str:
    """A spreadsheet's address as copied from the browser, or its bare id, in; the id out.

    Raises ConfigError if it is neither.
    """
    found = SPREADSHEET_URL.search(place)
    if found:
        return found.group(1)
    if BARE_ID.fullmatch(place.strip()):
        return place.strip()
    raise ConfigError("google.not_an_address", place=place)


def spreadsheet_link(spreadsheet: str, sheet_id: int | None = None) -> str:
    """Spreadsheet id, and a tab if wanted, in; the address that opens it there out."""
    link = f"https://docs.google.com/spreadsheets/d/{spreadsheet}/edit"
    return link if sheet_id is None else f"{link}#gid={sheet_id}"


def quoted(title: str) -> str:
    """A tab's title in; the same as A1 notation wants it out, whatever it looks like (`CRM26`, `Jon's`)."""
    return "'" + title.replace("'", "''") + "'"
