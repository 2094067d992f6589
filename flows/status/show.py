"""How the clients stand → a table of one line each, then what needs a hand."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.table import Table
from rich.text import Text

from config.folder.load import LoadedConsultant
from flows.say import UNKNOWN, console, day, figure, language, moment, pasted, say, whole
from flows.status.status import MEGABYTE, ClientStatus, Need, disk_and_quota

STYLES = {Need.BROKEN: "red", Need.NIGHT: "red", Need.PART: "yellow", Need.DOUBT: "yellow", Need.NONE: None}
COLUMNS = ("client", "report", "run", "data_to", "figure", "change", "disk")
MOST_REASONS = 5


def tell_statuses(found: Sequence[ClientStatus], of_all: Sequence[str] = ()) -> None:
    """Print them, those that need a hand first, and what is to be said of all together."""
    out = console()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in COLUMNS:
        is_right = name in {"change", "disk"}
        table.add_column(say(f"status_{name}"), justify="right" if is_right else "left", overflow="fold")
    for one in found:
        table.add_row(*_cells(one), style=STYLES[one.need])
    out.print(table)
    for one in found:
        if one.reasons:
            out.print(Text(f"\n{one.client} ({one.folder})", style="bold"))
            for line in one.reasons[:MOST_REASONS]:
                out.print(Text(f"  {pasted(line, one.folder)}"))
            if len(one.reasons) > MOST_REASONS:
                out.print(Text("  " + say("and_more", more=whole(len(one.reasons) - MOST_REASONS))))
    for line in of_all:
        out.print(Text(f"\n{line}", style="red"))
    out.print(Text("\n" + disk_and_quota(found, Path()), style="bold"))


def tell_published(loaded: LoadedConsultant, now: datetime, *, is_quiet: bool = False) -> int:
    """Write a consultant's «Все клиенты» and print where it stands; the exit code out."""
    from flows.run.show import reached
    from flows.status.publish import publish_statuses

    shown = publish_statuses(loaded, now)
    for place in () if is_quiet else shown.places:
        console().print(Text(say("written", place=reached(loaded.folder, place)), style="bold"))
    for note in shown.notes:
        console().print(Text(note))
    for error in shown.errors:
        console(stderr=True).print(Text(error.text(language()), style="red"))
    return max((error.exit_code for error in shown.errors), default=0)


def _cells(one: ClientStatus) -> list[str]:
    ended = "—" if one.last_run is None else moment(one.last_run)
    run = say("status_running") if one.is_running else say(f"status_short_{one.last_status}") if one.last_status else ""
    return [
        one.client,
        day(one.as_of),
        f"{ended} {run}".strip(),
        day(one.data_to_on),
        _figure(one),
        _change(one),
        say("status_megabytes", size=whole(one.disk_bytes / MEGABYTE)),
    ]


def _figure(one: ClientStatus) -> str:
    return f"{one.figure.name} {figure(one.figure.value, one.figure.unit)}" if one.figure else UNKNOWN


def _change(one: ClientStatus) -> str:
    """In whole per cent of the month before, `=` where it is the same; nothing where that is unknown or zero."""
    shown = one.figure
    if shown is None or shown.value is None or not shown.before:
        return ""
    share = round(100 * (shown.value - shown.before) / abs(shown.before))
    return f"{share:+d}\u00a0%".replace("-", "−") if share else "="
