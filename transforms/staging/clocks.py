"""A column of days and one of times of day → the SQL of the moment that both make; or a question."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from config.client import SourceConfig
from config.documents import MOMENT_MARK
from config.errors import ContractError
from config.profiles import ColumnSource
from config.tables import Table
from config.words import fold
from transforms.recognise import Recognised
from transforms.recognise.fit import headers_used
from transforms.staging.cells import Cells
from transforms.staging.zones import MOSCOW, at_offset, zone_in

DAY_WORD = re.compile(r"\b(?:дата|день|date|day)\b")
TIME_WORDS = {"дата": "время", "день": "время", "date": "time", "day": "time"}
ALONE = ("время", "time")
"""The heading of a column of times that belongs to the only column of days."""
LASTS = re.compile(r"длит|продолж|разговор|ожидан|дозвон|duration|talk|wait|hold|sec|сек|мин")
"""Headings of how long something took."""
CLOCK = re.compile(rf"{MOMENT_MARK}1899-12-3[01][ t]\d\d:\d\d.*|{MOMENT_MARK}?\d{{1,2}}:\d\d(?::\d\d)?(?: ?[ap]m)?")
OFFSET = re.compile(r"([+-])0?(\d{1,2}):?00|(0)")
"""An offset that stands alone in a column of zones."""
ZONES = re.compile(r"часовой пояс|таймзона|зона|смещение(?: utc)?|time ?_?zone|tz|utc[ _]?offset|gmt[ _]?offset")
MIDNIGHT = re.compile(r"[ t]0?0:00(?::00)?$")


def with_times(
    filled: Mapping[str, str], table: Table, recognised: Recognised, source: SourceConfig, cells: Cells
) -> dict[str, str]:
    """Columns with the SQL of their texts in; the same, of moments with the time of day that stands apart, out.

    Raises ContractError, which asks, where days without a time stand beside a column of times that nothing reads.
    """
    moments = [name for name in filled if table.columns[name].type == "moment" and name in recognised.columns]
    found = dict(filled)
    for name in moments:
        column = recognised.columns[name]
        header = source.times.get(name) or _named_alike(column, recognised, source)
        if header is not None:
            found[name] = f"joined_moment({filled[name]}, {cells.named(header)})"
        elif recognised.profile is None and len(moments) == len(column.headers) == 1:
            _ask(name, column.headers[0], recognised, source)
    return found


def _named_alike(column: ColumnSource, recognised: Recognised, source: SourceConfig) -> str | None:
    """The unused heading that is to a column of times what this one's is to its days."""
    if recognised.profile is not None or len(column.headers) != 1:
        return None
    day = fold(in_file(column.headers[0], recognised))
    if not DAY_WORD.search(day):
        return None
    wanted = {DAY_WORD.sub(lambda word: TIME_WORDS[word[0]], day), *ALONE}
    found = [header for header in unused(recognised, source) if fold(header) in wanted]
    return found[0] if len(found) == 1 else None


def _ask(name: str, header: str, recognised: Recognised, source: SourceConfig) -> None:
    days = sample(in_file(header, recognised), recognised)
    if not days or any(":" in MIDNIGHT.sub("", day) for day in days):
        return
    for beside in unused(recognised, source):
        times = sample(beside, recognised)
        if times and all(map(CLOCK.fullmatch, times)) and not LASTS.search(fold(beside)):
            raise ContractError(
                "staging.time_beside",
                file=recognised.raw.origin.file,
                source=recognised.raw.origin.source,
                column=name,
                header=header,
                beside=beside,
                example=times[0].removeprefix(MOMENT_MARK),
            )


def unused(recognised: Recognised, source: SourceConfig) -> Iterator[str]:
    """Headings of the file that no column reads and svodka.yaml does not speak of."""
    used: Collection[str] = {
        fold(header)
        for column in recognised.columns.values()
        for header in [*column.headers, *headers_used(column)]
        for header in (header, in_file(header, recognised))
    } | {fold(header) for header in [*source.where, *source.exclude, *source.times.values()]}
    yield from (header for header in recognised.shape.headers if header and fold(header) not in used)


def in_file(header: str, recognised: Recognised) -> str:
    """Any name of a heading in; how the file writes it out."""
    return recognised.actual.get(fold(header), header)


def sample(header: str, recognised: Recognised) -> list[str]:
    """Filled cells of a column among the first rows."""
    if header not in recognised.shape.headers:
        return []
    place = recognised.shape.headers.index(header)
    rows = (recognised.raw.rows or recognised.raw.head)[recognised.shape.first_row :][:40]
    return [cell for row in rows if place < len(row) and (cell := row[place].strip())]


def ask_zone(recognised: Recognised, source: SourceConfig, client: str) -> None:
    """Raise ContractError, which asks, where a column says that moments are of another zone and nobody reads it."""
    if recognised.profile is not None or source.timezone is not None:
        return
    for header in unused(recognised, source):
        if not ZONES.fullmatch(fold(header)):
            continue
        zones = {zone for cell in sample(header, recognised) if (zone := _zone_in_cell(cell)) is not None}
        if zones - {client, *({"Etc/GMT-3"} if client == MOSCOW else set())}:
            raise ContractError(
                "staging.zone_beside",
                file=recognised.raw.origin.file,
                source=recognised.raw.origin.source,
                header=header,
                zone=sorted(zones)[0],
                client=client,
            )


def _zone_in_cell(cell: str) -> str | None:
    """A cell of a column of zones in; the zone out."""
    found = OFFSET.fullmatch(cell.strip())
    if found is None:
        return zone_in(cell) or (MOSCOW if fold(cell) == fold(MOSCOW) else None)
    return "UTC" if found[3] else at_offset(int(found[2]) * (1 if found[1] == "+" else -1))
