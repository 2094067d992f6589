"""A workbook whose table was found on one tab → the other tabs that bear the same table, month by month."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from config.documents import RawTable
from config.errors import ContractError
from config.words import says
from transforms.period import month_in
from transforms.recognise.fit import headers_used
from transforms.recognise.recognised import Recognised
from transforms.shape import PSEUDO_HEADERS, find_header, fold

WITH_TABS = frozenset({"xlsx", "xls", "spreadsheetml", "google"})
ALIKE = 0.8
"""Share of all headings of the table from which on a tab that has every one in use is another month of it."""
NEARLY = 0.6
"""Share of the headings of both tabs that they have in common, from which on a tab is asked about, not left aside."""
A_YEAR = re.compile(r"\W*20\d\d\W*(?:г\.?|год)?")
"""The title of a tab that holds a year of a table; others hold a month."""


@dataclass(frozen=True)
class Tabs:
    """The tabs beside the one that was recognised."""

    alike: Sequence[RawTable] = ()
    left: Sequence[str] = ()
    """Titles of those that hold something else."""
    hidden: Sequence[str] = ()
    """Titles of those that nobody sees and that seem to hold the same."""


def other_tabs(first: Recognised, raws: Sequence[RawTable]) -> Tabs:
    """The table of one tab and all tabs of its workbook in; which of the others are the same table out.

    Vendors that keep one thing on several sheets say which in their profile; hidden tabs are nobody's months. Raises
    ContractError, which asks, for a tab that is nearly the same table: `tab:` says whether it belongs to it.
    """
    others = [raw for raw in raws if raw is not first.raw and raw.origin.tab != first.raw.origin.tab]
    is_vendors = first.profile is not None and bool(first.profile.sheets)
    if first.raw.container not in WITH_TABS or is_vendors or not first.shape.header_rows:
        return Tabs()
    alike, left = [], []
    for raw in (raw for raw in others if not raw.is_hidden):
        match _likeness(first, raw):
            case "same":
                alike.append(raw)
            case "nearly":
                raise _which(first, raw)
            case "other":
                left.append(raw.origin.tab or "")
    _ask_of_all([first.raw, *alike])
    for raw in others:
        if raw.origin.tab in left and _are_of_a_kind(first.raw, raw) and _has_rows(raw):
            raise _which(first, raw)
    hidden = [raw.origin.tab or "" for raw in others if raw.is_hidden and _likeness(first, raw) != "other"]
    return Tabs(alike, [] if first.profile else left, hidden)


def _ask_of_all(raws: Sequence[RawTable]) -> None:
    """Raise ContractError where one of the tabs of a table is called like the sum of the others, or like none of it."""
    titles = [raw.origin.tab or "" for raw in raws]
    for words, message in (("tab_of_all", "shape.tab_of_all"), ("tab_of_none", "shape.tab_of_none")):
        found = [title for title in titles if says(title, words)]
        others = [title for title in titles if title not in found]
        if found and others:
            raise ContractError(
                message,
                file=raws[0].origin.file.removesuffix(f"!{raws[0].origin.tab}"),
                source=raws[0].origin.source,
                tab=found[0],
                others=", ".join(f'"{title}"' for title in others),
            )


def _are_of_a_kind(*raws: RawTable) -> bool:
    """Whether tabs are all called like months, or all like years."""
    titles = [raw.origin.tab or "" for raw in raws]
    return all(map(A_YEAR.fullmatch, titles)) or all(month_in(title, 2000) is not None for title in titles)


def _has_rows(raw: RawTable) -> bool:
    """Whether a tab has a row of several filled cells, as a table has."""
    return any(sum(map(bool, row)) > 1 for row in raw.rows or raw.head)


def _likeness(first: Recognised, raw: RawTable) -> Literal["same", "nearly", "other"]:
    """How much the row of a tab that has most of the table's headings is its header."""
    every = {fold(name) for name in first.shape.headers if name}
    header = find_header(raw, every)
    there = set(header.by_folded_name) if header else set()
    common = every & there
    if _used(first) <= there and len(common) >= ALIKE * len(every):
        return "same"
    if len(there) == len(every) == len(common) + 1 and common:
        return "nearly"  # one heading is called otherwise: a slip of the pen
    return "nearly" if len(common) >= NEARLY * len(every | there) else "other"


def _used(first: Recognised) -> set[str]:
    names = {fold(name) for column in first.columns.values() for name in headers_used(column)}
    return (names & {fold(name) for name in first.shape.headers}) - set(PSEUDO_HEADERS)


def _which(first: Recognised, raw: RawTable) -> ContractError:
    header = find_header(raw, first.shape.headers)
    there = header.by_folded_name if header else {}
    lacking = [name for name in first.shape.headers if fold(name) in _used(first) and fold(name) not in there]
    lacking = lacking or [name for name in first.shape.headers if name and fold(name) not in there]
    return ContractError(
        "shape.tab_differs",
        file=first.raw.origin.file.removesuffix(f"!{first.raw.origin.tab}"),
        source=first.raw.origin.source,
        tab=raw.origin.tab,
        first=first.raw.origin.tab,
        lacking=", ".join(f"«{name}»" for name in lacking),
    )
