"""Days and times of day that stand apart, and zones that headings or cells name → moments, or a question."""

import re
from collections.abc import Iterator, Mapping

from config.documents import MOMENT_MARK
from config.errors import ContractError
from config.notices import Assumed
from config.profiles import ColumnSource
from config.words import fold, is_headed
from transforms.staging.one_table import OneTable

DAY_WORD = re.compile(r"\b(?:дата|день|date|day)\b")
TIME_WORDS = {"дата": "время", "день": "время", "date": "time", "day": "time"}
ALONE = ("время", "time")
"""The heading of a column of times that belongs to the only column of days."""
CLOCK = re.compile(rf"{MOMENT_MARK}1899-12-3[01][ t]\d\d:\d\d.*|{MOMENT_MARK}?\d{{1,2}}:\d\d(?::\d\d)?(?: ?[ap]m)?")
MIDNIGHT = re.compile(r"[ t]0?0:00(?::00)?$")
MOSCOW = "Europe/Moscow"
NAMED = re.compile(
    r"(?<![a-zа-я])(?:(?:utc|gmt)(?: ?([+-]) ?0?(\d{1,2})(?::?00)?)?|(мск|msk)(?: ?([+-]) ?(\d{1,2}))?)"
    r"(?![a-zа-я0-9]|:\d| ?[+-]? ?\d)"
)
"""`UTC`, `UTC+3`, `GMT+05:00`, `МСК+2` in a heading or a cell."""
OFFSET = re.compile(r"([+-])0?(\d{1,2}):?00|(0)")
"""An offset that stands alone in a column of zones."""


def with_times(filled: Mapping[str, str], one: OneTable) -> dict[str, str]:
    """Columns with the SQL of their texts in; the same, of moments with the time of day that stands apart, out.

    Raises ContractError, which asks, where days without a time stand beside a column of times that nothing reads.
    """
    moments = [name for name in filled if one.table.columns[name].type == "moment" and one.has(name)]
    found = dict(filled)
    for name in moments:
        column, header = one.recognised.columns[name], time_of(name, one)
        if header is not None:
            found[name] = f"joined_moment({filled[name]}, {one.cells.named(header)})"
        elif not one.is_vendors and len(moments) == len(column.headers) == 1:
            _ask_time(name, column.headers[0], one)
    return found


def time_of(name: str, one: OneTable) -> str | None:
    """A column of moments in; the heading of the times of day that stand apart from its days, if they do, out."""
    return one.source.times.get(name) or _named_alike(one.recognised.columns[name], one)


def _named_alike(column: ColumnSource, one: OneTable) -> str | None:
    """The unused heading that is to a column of times what this one's is to its days."""
    if one.is_vendors or len(column.headers) != 1:
        return None
    day = fold(one.in_file(column.headers[0]))
    if not DAY_WORD.search(day):
        return None
    wanted = {DAY_WORD.sub(lambda word: TIME_WORDS[word[0]], day), *ALONE}
    found = [header for header in one.unread if fold(header) in wanted]
    return found[0] if len(found) == 1 else None


def _ask_time(name: str, header: str, one: OneTable) -> None:
    days = one.sample(one.in_file(header))
    if not days or any(":" in MIDNIGHT.sub("", day) for day in days):
        return
    for beside in one.unread:
        times = one.sample(beside)
        if times and all(map(CLOCK.fullmatch, times)) and not is_headed(beside, "durations"):
            raise ContractError.of(
                one.origin,
                "staging.time_beside",
                column=name,
                header=header,
                beside=beside,
                example=times[0].removeprefix(MOMENT_MARK),
            )


def zone_in(text: str) -> str | None:
    """A heading in; the zone that it names, None if it names none or one with a part of an hour."""
    found = NAMED.search(fold(text))
    if found is None:
        return None
    sign, hours, moscow, further, more = found.groups()
    if moscow:
        return _at_offset(3 + int(more) * (1 if further == "+" else -1)) if more else MOSCOW
    return _at_offset(int(hours) * (-1 if sign == "-" else 1)) if hours else "UTC"


def zone_of(name: str, one: OneTable) -> str | None:
    """A column of moments in; the zone of its heading, if that is one heading and no vendor's."""
    column = one.recognised.columns.get(name)
    return zone_in(column.headers[0]) if column and len(column.headers) == 1 and not one.is_vendors else None


def assumed_zones(one: OneTable, dated: Iterator[str]) -> Iterator[Assumed]:
    """Columns of days and moments whose heading names another zone than the client's: what was taken."""
    if one.source.timezone is None:
        for name in dated:
            zone = zone_of(name, one)
            if zone not in (None, one.context.timezone):
                yield Assumed("zone_of_heading", name, one.recognised.columns[name].headers[0], zone or "")


def ask_zone(one: OneTable) -> None:
    """Raise ContractError, which asks, where a column says that moments are of another zone and nobody reads it."""
    client = one.context.timezone
    if one.is_vendors or one.source.timezone is not None:
        return
    for header in one.unread_as("zones"):
        zones = {zone for cell in one.sample(header) if (zone := _zone_in_cell(cell)) is not None}
        if zones - {client, *({"Etc/GMT-3"} if client == MOSCOW else set())}:
            raise ContractError.of(
                one.origin, "staging.zone_beside", header=header, zone=sorted(zones)[0], client=client
            )


def _zone_in_cell(cell: str) -> str | None:
    """A cell of a column of zones in; the zone out."""
    found = OFFSET.fullmatch(cell.strip())
    if found is None:
        return zone_in(cell) or (MOSCOW if fold(cell) == fold(MOSCOW) else None)
    return "UTC" if found[3] else _at_offset(int(found[2]) * (1 if found[1] == "+" else -1))


def _at_offset(hours: int) -> str:
    """Hours ahead of UTC → its zone, whose name counts the other way."""
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"
