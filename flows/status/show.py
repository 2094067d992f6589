"""How the clients stand → a table of one line each, then what needs a hand."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from flows.run.show import console
from flows.say import UNKNOWN, day, figure, say, whole
from flows.status.status import ClientStatus, Need

STYLES = {Need.BROKEN: "red", Need.NIGHT: "red", Need.PART: "yellow", Need.DOUBT: "yellow", Need.NONE: None}
COLUMNS = ("client", "report", "run", "data_to", "figure", "change", "disk")
MEGABYTE = 1024 * 1024
MOST_REASONS = 5


def tell_statuses(found: Sequence[ClientStatus]) -> None:
    """Print them, those that need a hand first."""
    out = console()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in COLUMNS:
        table.add_column(say(f"status_{name}"), justify="right" if name in {"change", "disk"} else "left")
    for one in found:
        table.add_row(*_cells(one), style=STYLES[one.need])
    out.print(table)
    for one in found:
        if one.reasons:
            out.print(Text(f"\n{one.client} ({one.folder})", style="bold"))
            for line in one.reasons[:MOST_REASONS]:
                out.print(Text(f"  {line}"))
            if len(one.reasons) > MOST_REASONS:
                out.print(Text("  " + say("and_more", more=whole(len(one.reasons) - MOST_REASONS))))
    hands = sum(one.need < Need.DOUBT for one in found)
    out.print(Text("\n" + say("status_all", clients=whole(len(found)), hands=whole(hands)), style="bold"))


def _cells(one: ClientStatus) -> list[str]:
    days = [to_on for to_on in one.sources.values() if to_on]
    ended = "—" if one.last_run is None else f"{one.last_run.astimezone():%d.%m %H:%M}"
    run = say("status_running") if one.is_running else say(f"status_short_{one.last_status}") if one.last_status else ""
    return [
        one.client,
        day(one.as_of),
        f"{ended} {run}".strip(),
        day(min(days)) if days else UNKNOWN,
        _figure(one),
        _change(one),
        say("status_megabytes", size=whole(one.disk_bytes / MEGABYTE)),
    ]


def _figure(one: ClientStatus) -> str:
    return f"{one.figure.name} {figure(one.figure.value, one.figure.unit)}" if one.figure else UNKNOWN


def _change(one: ClientStatus) -> str:
    """In whole per cent of the month before; nothing where that is unknown or zero."""
    shown = one.figure
    if shown is None or shown.value is None or not shown.before:
        return ""
    share = round(100 * (shown.value - shown.before) / abs(shown.before))
    return f"{share:+d}\u00a0%".replace("-", "−")
