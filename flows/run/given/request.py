"""What a person or the schedule asks of a run: the day, the days to read again, the sources, the targets.

What `svodka run` takes of it is declared here alone: the command has the options that `request` names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from typer import Option

from config.errors import ConfigError, RequestError
from flows.say import say

if TYPE_CHECKING:
    from config.client import Client, Edition

Target = Literal["xlsx", "sheets", "html"]
Trigger = Literal["manual", "schedule"]
TARGETS: tuple[Target, ...] = get_args(Target)
KEYS: dict[Target, str] = {"xlsx": "xlsx: out/Сводка.xlsx", "sheets": "sheet: …", "html": "html: out/Сводка.html"}
"""What `reports` of svodka.yaml says of a target."""


@dataclass(frozen=True)
class RunRequest:
    """One run, as asked for."""

    as_of: date | None = None
    """Figures as of the end of this day; None is yesterday in the client's timezone."""
    since: date | None = None
    until: date | None = None
    """Files and tabs holding data of these days are read again, changed or not."""
    only: tuple[str, ...] = ()
    """Sources to read; the others keep their rows. Empty: all."""
    to: tuple[Target, ...] = TARGETS
    trigger: Trigger = "manual"
    is_ahead: bool = False
    """`as_of` may be a day that has not come yet."""
    is_control: bool = False
    """A tick on «Пульт» asked for it, which the report clears."""

    @property
    def is_reread(self) -> bool:
        """Whether days were named whose files are read again."""
        return self.since is not None or self.until is not None


def request(
    *,
    as_of: Annotated[str | None, Option("--as-of", help=say("opt_as_of"), metavar="D")] = None,
    is_ahead: Annotated[bool, Option("--ahead", help=say("opt_ahead"))] = False,
    since: Annotated[str | None, Option("--since", help=say("opt_since"), metavar="D")] = None,
    until: Annotated[str | None, Option("--until", help=say("opt_until"), metavar="D")] = None,
    only: Annotated[list[str] | None, Option("--only", help=say("opt_only"), metavar="A,B")] = None,
    to: Annotated[list[str] | None, Option("--to", help=say("opt_to"), metavar="xlsx,sheets,html,none")] = None,
    trigger: Trigger = "manual",
    is_control: bool = False,
) -> RunRequest:
    """Words of a command line or a form in; the request out. Raises ConfigError for a day or target that is none."""
    first, last = day_asked("since", since), day_asked("until", until)
    if first and last and first > last:
        raise ConfigError("cli.days_reversed", since=first, until=last)
    return RunRequest(
        as_of=day_asked("as-of", as_of),
        since=first,
        until=last,
        only=tuple(_names(only)),
        to=_targets(_names(to)),
        trigger=trigger,
        is_ahead=is_ahead,
        is_control=is_control,
    )


def answered_days(asked: RunRequest) -> tuple[str, str] | None:
    """The two days as a tick on «Пульт» asked for them, ISO or empty; None if no tick did."""
    if not asked.is_control:
        return None
    since, until = (day.isoformat() if day else "" for day in (asked.since, asked.until))
    return since, until


def settled_as_of(asked: RunRequest, client: Client, now: datetime) -> date:
    """The day whose end the figures stand for: the one asked for, else yesterday where the client lives.

    Raises RequestError for a day to come, unless that is what was asked for: every source would look old on it.
    """
    today = now.astimezone(ZoneInfo(client.timezone)).date()
    if asked.as_of is not None and asked.as_of > today and not asked.is_ahead:
        raise RequestError("cli.day_to_come", as_of=asked.as_of, today=today)
    return asked.as_of or today - timedelta(days=1)


def place_of(target: Target, edition: Edition) -> str | None:
    """Where a report stands that is written to a target; None where svodka.yaml names no such place."""
    return {"xlsx": edition.xlsx, "sheets": edition.sheet, "html": edition.html}[target]


def check_asked(asked: RunRequest, client: Client) -> None:
    """Raise RequestError for a source of `--only`, or a target of `--to`, that svodka.yaml does not name."""
    from config.nearest import nearest

    for target in asked.to if asked.to != TARGETS else ():
        if not any(place_of(target, edition) for edition in client.reports):
            raise RequestError("cli.no_place", target=target, key=KEYS[target])

    for name in asked.only:
        if name not in client.sources:
            near = nearest(name, client.sources)
            known = ", ".join(client.sources)
            key = "cli.no_source_near" if near else "cli.no_source"
            raise RequestError(key, name=name, near="".join(near), known=known)


def day_asked(option: str, text: str | None) -> date | None:
    """What an option says in, written either way; the day out. Raises ConfigError for a text that is none."""
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise ConfigError("cli.not_a_day", option=option, found=text)


def _names(words: Sequence[str] | None) -> list[str]:
    return [name.strip() for word in words or () for name in word.split(",") if name.strip()]


def _targets(names: list[str]) -> tuple[Target, ...]:
    if not names:
        return TARGETS
    for name in names:
        if name not in (*TARGETS, "none"):
            raise ConfigError("cli.not_a_target", found=name, known=", ".join((*TARGETS, "none")))
    return tuple(target for target in TARGETS if target in names)
