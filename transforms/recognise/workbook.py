"""All tabs of one file → every table of ours that they can feed, each with its tabs, and the tabs that feed none."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ConfigError, ContractError
from config.profiles import profiles
from config.words import says
from transforms.recognise.choose import recognise_file
from transforms.recognise.guess import Guess, guesses
from transforms.recognise.tabs import WITH_TABS

FEWEST_COLUMNS = 3
"""Columns by which the table of a further tab is known: a day and an amount may be a note beside the table."""


@dataclass(frozen=True)
class Workbook:
    """What a file can feed."""

    guesses: Sequence[Guess]
    unknown: Sequence[str] = ()
    """Titles of visible tabs that feed nothing."""


def guesses_of_tabs(raws: Sequence[RawTable]) -> Workbook:
    """A file's tables in; what its tabs can feed out, no table twice: a second tab of sales may be their summary."""
    found = guesses(raws)
    tabs = [raw for raw in raws if raw.origin.tab and not raw.is_hidden and raw.container in WITH_TABS]
    read = _tabs_read(found[0], raws) if found else []
    if len(tabs) < 2 or not read or _has_sheets_of_its_own(found[0]):
        return Workbook(found)
    home = next((raw.origin.tab or "" for raw in tabs if _is_of(found[0], raw)), read[0])
    needs_tab = home not in read
    read = [home] if needs_tab else read
    left = [raw for raw in tabs if raw.origin.tab not in read]
    further = list(_further(left, tabs, {guess.table for guess in found}))
    unread = [raw.origin.tab or "" for raw in left if not any(raw.origin.tab in guess.tabs for guess in further)]
    if further or needs_tab:
        found = [replace(guess, tabs=read, needs_tab=needs_tab) for guess in found]
    return Workbook([*found, *further], unread)


def _is_of(guess: Guess, raw: RawTable) -> bool:
    """Whether a guess was made of this tab."""
    return any((one.table, one.columns) == (guess.table, guess.columns) for one in guesses([raw]))


def _has_sheets_of_its_own(guess: Guess) -> bool:
    """Whether the vendor keeps one thing on several sheets."""
    return guess.profile is not None and bool(profiles()[guess.profile].sheets)


def _further(left: Sequence[RawTable], tabs: Sequence[RawTable], claimed: Collection[str]) -> Iterator[Guess]:
    """Tabs that the first table leaves, and all tabs; what the former feed beside it."""
    taken, given = set(claimed), set[str]()
    for raw in left:
        title = raw.origin.tab or ""
        guess = next((one for one in guesses([raw]) if one.table not in taken and _is_sure(one)), None)
        if title in given or says(title, "tab_of_all") or guess is None:
            continue
        alone, free = _tabs_read(guess, tabs), {one.origin.tab for one in left} - given
        needs_tab = title not in alone or not free.issuperset(alone)
        read = [title] if needs_tab else alone
        taken.add(guess.table)
        given |= set(read)
        yield replace(guess, tabs=read, needs_tab=needs_tab)


def _is_sure(guess: Guess) -> bool:
    return bool(guess.profile or guess.months_across) or len(guess.columns) >= FEWEST_COLUMNS


def _tabs_read(guess: Guess, raws: Sequence[RawTable]) -> list[str]:
    """The tabs that a source would read which names none; nothing where it would ask."""
    source = SourceConfig(
        table=guess.table,
        files=["*"],
        profile=guess.profile or "auto",
        columns={column: [header] for column, header in guess.columns.items()},
        constants=dict(guess.constants),
        months_across=guess.months_across,
    )
    try:
        return [one.raw.origin.tab or "" for one in recognise_file(raws, guess.table, source, {})]
    except (ConfigError, ContractError):
        return []
