"""A report of the whole and one of its readers → the same with nothing in it that is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from config.client import Client, Edition, Narrowing
from config.documents import Result, Value
from transforms.layout.drawing.book import UNKNOWN, WHOLE, ReportInput

SIDES: dict[Narrowing, tuple[str, ...]] = {
    "manager": ("manager", "last_manager"), "channel": ("channel",), "partner": ("partner",)
}  # fmt: skip
"""What a report is narrowed to → the columns of metric tables that name it."""
OWN_OPS = ("sources",)
"""Of a run only the age of its sources is told to somebody who sees nothing of the whole."""
OPS_OF_WHOLE = ("sources", "loads", "earlier_run", "restated", "moved")
"""Neither refused cells nor unknown names: they are texts as somebody typed them."""
LISTS = frozenset({"low_score_reason", "winback_first", "manager_channel_period"})
"""Tables that tell of everybody's clients, and of managers among channels: a part of it proves nothing."""


def for_reader(report: ReportInput, edition: Edition) -> ReportInput:
    """The report of the whole and what one reader may see in; what is theirs, in their language, out."""
    found = replace(report, client=for_client(report.client, edition), edition=edition)
    if edition.by is None:
        return found
    kept = OPS_OF_WHOLE if edition.sees == "all" else OWN_OPS
    return replace(
        found,
        now=_narrowed(report.now, edition),
        before=_narrowed(report.before, edition),
        ops={name: result for name, result in report.ops.items() if name in kept},
        hidden=frozenset(_names(report, edition.by)) - set(edition.names),
    )


def for_client(client: Client, edition: Edition) -> Client:
    """The client in the language of a report, and with its masking."""
    hidden = edition.personal_data or client.settings.personal_data
    settings = client.settings.model_copy(update={"personal_data": hidden})
    return client.model_copy(update={"language": edition.language or client.language, "settings": settings})


def _names(report: ReportInput, by: Narrowing) -> Iterator[str]:
    """Everybody of that kind whom any table names."""
    for result in (*report.now.values(), *report.before.values()):
        for place in (place for place, column in enumerate(result.columns) if column in SIDES[by]):
            yield from (str(row[place]) for row in result.rows if row[place] not in {None, WHOLE, UNKNOWN})


def _narrowed(tables: dict[str, Result], edition: Edition) -> dict[str, Result]:
    found = ((name, _rows_of(result, edition)) for name, result in tables.items() if name not in LISTS)
    return {name: result for name, result in found if result is not None}


def _rows_of(result: Result, edition: Edition) -> Result | None:
    """Rows about whom the report is; None where no row of the table can be."""
    by = edition.by
    own = [place for place, column in enumerate(result.columns) if by and column in SIDES[by]]
    others = [place for place, column in enumerate(result.columns) if column in _others(by)]
    if edition.sees == "own" and not own:
        return None
    names: set[Value] = {*edition.names, *([WHOLE] if edition.sees == "all" else [])}
    whole: set[Value] = {WHOLE, None}
    rows = [
        row
        for row in result.rows
        if all(row[place] in names for place in own)
        and (edition.sees == "all" or all(row[place] in whole for place in others))
    ]
    return replace(result, rows=rows)


def _others(by: Narrowing | None) -> set[str]:
    return {column for side, columns in SIDES.items() if side != by for column in columns}
