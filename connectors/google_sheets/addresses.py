"""What an operator wrote as a spreadsheet → its id; tabs → A1 ranges and links."""

from __future__ import annotations

import re

from config.errors import ConfigError

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
