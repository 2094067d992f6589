"""Headings of moments that name a zone → the zone that they are kept in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.assumed import Assumed
from config.client import SourceConfig
from config.words import fold
from transforms.recognise import Recognised

MOSCOW = "Europe/Moscow"
NAMED = re.compile(
    r"(?<![a-zа-я])(?:(?:utc|gmt)(?: ?([+-]) ?0?(\d{1,2})(?::?00)?)?|(мск|msk)(?: ?([+-]) ?(\d{1,2}))?)"
    r"(?![a-zа-я0-9]|:\d| ?[+-]? ?\d)"
)
"""`UTC`, `UTC+3`, `GMT+05:00`, `МСК+2` in a heading or a cell."""


def zone_in(text: str) -> str | None:
    """A heading in; the zone that it names, None if it names none or one with a part of an hour."""
    found = NAMED.search(fold(text))
    if found is None:
        return None
    sign, hours, moscow, further, more = found.groups()
    if moscow:
        return at_offset(3 + int(more) * (1 if further == "+" else -1)) if more else MOSCOW
    return at_offset(int(hours) * (-1 if sign == "-" else 1)) if hours else "UTC"


def zone_of(name: str, recognised: Recognised) -> str | None:
    """A column of moments in; the zone of its heading, if that is one heading and no vendor's."""
    column = recognised.columns.get(name)
    if recognised.profile is not None or column is None or len(column.headers) != 1:
        return None
    return zone_in(column.headers[0])


def assumed_zones(recognised: Recognised, source: SourceConfig, dated: Iterator[str], client: str) -> Iterator[Assumed]:
    """Columns of days and moments whose heading names another zone than the client's: what was taken."""
    if source.timezone is None:
        for name in dated:
            zone = zone_of(name, recognised)
            if zone not in (None, client):
                yield Assumed("zone_of_heading", name, recognised.columns[name].headers[0], zone or "")


def at_offset(hours: int) -> str:
    """Hours ahead of UTC → its zone, whose name counts the other way."""
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"
