"""What a spreadsheet holds → the ranges that a source means by its tabs, patterns or named range."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.errors import SourceError
from connectors.a1 import cell_name, column_letters
from connectors.google_sheets.addresses import quoted
from connectors.google_sheets.state import TAB_KEY

CONTENTS_FIELDS = (
    "spreadsheetId,properties(title,locale,timeZone),namedRanges(name,range),"
    "sheets(properties(sheetId,title,index,sheetType,hidden),developerMetadata(metadataKey))"
)


@dataclass(frozen=True)
class TabInfo:
    """One tab of somebody's spreadsheet."""

    sheet_id: int
    title: str
    is_hidden: bool
    is_ours: bool
    """It bears the mark of a report of ours."""


@dataclass(frozen=True)
class Contents:
    """A spreadsheet's title and locale, its tabs in order, and its named ranges."""

    title: str
    locale: str
    tabs: Sequence[TabInfo]
    ranges: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Place:
    """One range to read: its tab, and how the API calls it."""

    sheet_id: int
    title: str
    a1: str


def contents(answer: Mapping[str, Any]) -> Contents:
    """Google's answer under CONTENTS_FIELDS in; what the spreadsheet holds out. Tabs without cells are left out."""
    tabs = [
        TabInfo(
            sheet["properties"].get("sheetId", 0),
            sheet["properties"]["title"],
            bool(sheet["properties"].get("hidden")),
            any(mark.get("metadataKey") == TAB_KEY for mark in sheet.get("developerMetadata", ())),
        )
        for sheet in answer.get("sheets", ())
        if sheet["properties"].get("sheetType", "GRID") == "GRID"
    ]
    ranges = {named["name"]: named.get("range", {}) for named in answer.get("namedRanges", ())}
    properties = answer.get("properties", {})
    return Contents(properties.get("title", ""), properties.get("locale", ""), tabs, ranges)


def places(there: Contents, patterns: Sequence[str], named_range: str | None) -> list[Place]:
    """What a spreadsheet holds, and tabs or patterns or a named range, in; the ranges to read, in tab order, out.

    Raises SourceError, naming what there is, for a tab or a range that is not there.
    """
    if named_range:
        return [_named(there, named_range)]
    if not patterns:
        return [_whole(tab) for tab in there.tabs if not tab.is_hidden and not tab.is_ours]
    chosen: dict[int, Place] = {}
    for pattern in patterns:
        matching = [tab for tab in there.tabs if tab.title == pattern] or [
            tab for tab in there.tabs if _matches(tab.title, pattern)
        ]
        if not matching:
            present = ", ".join(f"«{tab.title}»" for tab in there.tabs)
            raise SourceError("google.no_tab", spreadsheet=there.title, tab=pattern, present=present)
        chosen.update({tab.sheet_id: _whole(tab) for tab in matching})
    order = [tab.sheet_id for tab in there.tabs]
    return sorted(chosen.values(), key=lambda place: order.index(place.sheet_id))


def _matches(title: str, pattern: str) -> bool:
    """Whether a title fits a pattern in which `*` is anything and `?` one character; all else is itself."""
    wild = re.escape(pattern.strip()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, title.strip(), re.IGNORECASE | re.DOTALL) is not None


def _whole(tab: TabInfo) -> Place:
    return Place(tab.sheet_id, tab.title, quoted(tab.title))


def _named(there: Contents, name: str) -> Place:
    """A named range as tab and cells, so that the answer tells its tab whatever the range is called."""
    found = next((there.ranges[known] for known in there.ranges if known.casefold() == name.casefold()), None)
    tab = next((tab for tab in there.tabs if found is not None and tab.sheet_id == found.get("sheetId", 0)), None)
    if found is None or tab is None:
        present = ", ".join(sorted(there.ranges)) or "—"
        raise SourceError("google.no_range", spreadsheet=there.title, range=name, present=present)
    if "endColumnIndex" not in found:
        return _whole(tab)
    first = cell_name(found.get("startRowIndex", 0), found.get("startColumnIndex", 0))
    last = column_letters(found["endColumnIndex"] - 1) + str(found.get("endRowIndex", ""))
    return Place(tab.sheet_id, tab.title, f"{quoted(tab.title)}!{first}:{last}")
