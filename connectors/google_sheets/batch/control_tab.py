"""The tab «Пульт»: what its owner asks there, and the requests that make it, answer it and clear the tick.

Its four cells (tick, two days, what happened) are a named range, so that they are found wherever the owner moves them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from config.errors import SourceError
from config.letters import column_pixels
from config.messages import Language, message
from connectors.a1 import spreadsheet_id
from connectors.google_sheets.batch.body import body_of, remark, update_cells
from connectors.google_sheets.batch.structure import Request, dimension, grid_range, mark
from connectors.google_sheets.client import SheetsClient
from connectors.google_sheets.known.marks import TAB_KEY, Noted, stable_id
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.known.state import CONTROL_TAB, State, Tab
from connectors.google_sheets.values import Plain, compact_json

NAME = "svodka_control"
SHEETS_EPOCH = date(1899, 12, 30)  # developers.google.com/sheets/api/guides/formats
LAST_DAY = 2_958_465  # 31.12.9999
RUSSIAN_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")
FIRST_ROW, COLUMN = 3, 1
"""Where the four cells are made."""
WIDTHS = (20, 76)
TICK, DAY = {"type": "BOOLEAN"}, {"type": "DATE_IS_VALID"}
LOOK = {"horizontalAlignment": "LEFT", "verticalAlignment": "TOP", "wrapStrategy": "WRAP"}


@dataclass(frozen=True)
class Asked:
    """What stands in the four cells."""

    is_ticked: bool = False
    since: str = ""
    """A day as ISO text, empty for none, or whatever was typed that is no day."""
    until: str = ""

    @property
    def days(self) -> tuple[str, str]:
        """Both days."""
        return self.since, self.until


def asked(cells: Sequence[Plain]) -> Asked:
    """The values of the cells, top down, in; what is asked out."""
    tick, since, until = [*cells, None, None, None][:3]
    return Asked(tick is True, _day(since), _day(until))


def look(client: SheetsClient, place: str, prefix: str = "") -> Asked | None:
    """A spreadsheet in; what is asked on its tab «Пульт» out, None if it has none. One read."""
    try:
        [rows] = client.values(spreadsheet_id(place), [range_name(prefix)])
    except SourceError as error:
        if "Unable to parse range" in str(error.facts.get("detail", "")):
            return None
        raise
    return asked([row[0] if row else None for row in rows])


def answer(client: SheetsClient, place: str, prefix: str, text: str) -> None:
    """What happened, where no report could say it; the tick is cleared in the same write."""
    spreadsheet = spreadsheet_id(place)
    told = client.spreadsheet(spreadsheet, "namedRanges(name,range)").get("namedRanges", ())
    for named in told:
        if named.get("name") == range_name(prefix):
            requests = [*_told(named["range"], text), *_cleared(named["range"])]
            client.batch_update(spreadsheet, body_of(map(compact_json, requests)))


def range_name(prefix: str) -> str:
    """What the four cells are called, for the client with this prefix."""
    return f"{NAME}_{stable_id(prefix)}" if prefix else NAME


def control_requests(state: State, tab: Tab | None, sheet_id: int, title: str, occasion: Occasion) -> Iterator[Request]:
    """The spreadsheet, the tab if there is one, and a free id and title in; requests that make and answer it out.

    The tick is cleared only if this publication answers what stands there now: whoever ticked it meanwhile is next.
    """
    control = occasion.control
    if control is None or (tab is not None and tab.locked):
        return  # the report does not wait for an owner who protected this tab from us
    named = state.named.get(range_name(occasion.prefix))
    place = named.range if named and tab is not None and named.range.get("sheetId", 0) == tab.sheet_id else None
    if tab is None:
        yield from _new_tab(sheet_id, title, occasion)
    elif tab.noted.is_away:
        yield {"updateSheetProperties": {"properties": {"sheetId": tab.sheet_id, "hidden": False}, "fields": "hidden"}}
        yield remark(tab.remark.id, Noted(CONTROL_TAB, occasion.prefix, tab.sheet_id).as_json())
    if place is None:
        place = grid_range(tab.sheet_id if tab else sheet_id, FIRST_ROW, COLUMN, FIRST_ROW + 3, COLUMN)
        yield from _laid_out(place, occasion, None if named is None or tab is None else named.id)
    elif tab is not None and control.answered == _standing(tab, place).days:
        yield from _cleared(place)
    if control.text:
        yield from _told(place, control.text)


def _standing(tab: Tab, place: Mapping[str, int]) -> Asked:
    row, column = place.get("startRowIndex", 0), place.get("startColumnIndex", 0)
    return asked([tab.at(row + below, column).value for below in range(3)])


def _day(value: Plain) -> str:
    """A cell of a day in: a number of days, or a text; ISO text out, or the text as it is if it is no day."""
    if isinstance(value, bool) or value in (None, ""):
        return ""
    if isinstance(value, int | float):
        is_day = 0 < value <= LAST_DAY
        return (SHEETS_EPOCH + timedelta(days=int(value))).isoformat() if is_day else str(value)
    return RUSSIAN_DAY.sub(r"\3-\2-\1", str(value).strip())


# The tab as it is made, and the two changes that are ever made on it.


def _new_tab(sheet_id: int, title: str, occasion: Occasion) -> Iterator[Request]:
    grid = {"rowCount": FIRST_ROW + 20, "columnCount": COLUMN + 4, "hideGridlines": True}
    yield {"addSheet": {"properties": {"sheetId": sheet_id, "title": title, "gridProperties": grid}}}
    yield mark(TAB_KEY, Noted(CONTROL_TAB, occasion.prefix, sheet_id).as_json(), {"sheetId": sheet_id})
    for column, characters in enumerate(WIDTHS):
        size = {"properties": {"pixelSize": column_pixels([characters])}, "fields": "pixelSize"}
        yield {"updateDimensionProperties": {"range": dimension(sheet_id, "COLUMNS", column, 1), **size}}


def _laid_out(place: Mapping[str, int], occasion: Occasion, known: str | None) -> Iterator[Request]:
    """Everything that stands on the tab, and the name of its cells."""
    sheet_id, language = place["sheetId"], occasion.language
    head = [[_text(_say("title", language), {"textFormat": {"bold": True, "fontSize": 14}})]]
    head.append([_text(_say("about", language), {"textFormat": {"fontSize": 9}, "wrapStrategy": "OVERFLOW_CELL"})])
    yield update_cells(sheet_id, 0, 0, head)
    labels = [[_text(_say(name, language), LOOK)] for name in ("tick", "since", "until", "told")]
    yield update_cells(sheet_id, FIRST_ROW, 0, labels)
    day = LOOK | {"numberFormat": {"type": "DATE", "pattern": "dd.mm.yyyy"}}
    tick = {"userEnteredValue": {"boolValue": False}, "userEnteredFormat": LOOK}
    cells: list[list[dict[str, Any]]] = [
        [tick],
        [{"userEnteredFormat": day}],
        [{"userEnteredFormat": day}],
        [{"userEnteredFormat": LOOK}],
    ]
    yield update_cells(sheet_id, FIRST_ROW, COLUMN, cells)
    for first, last, condition in ((0, 0, TICK), (1, 2, DAY)):
        over = grid_range(sheet_id, FIRST_ROW + first, COLUMN, FIRST_ROW + last, COLUMN)
        rule = {"condition": condition, "strict": condition is DAY, "showCustomUi": True}
        yield {"setDataValidation": {"range": over, "rule": rule}}
    named = {"name": range_name(occasion.prefix), "range": dict(place)}
    if known is None:
        yield {"addNamedRange": {"namedRange": named}}
    else:
        yield {"updateNamedRange": {"namedRange": named | {"namedRangeId": known}, "fields": "range"}}


def _cleared(place: Mapping[str, int]) -> Iterator[Request]:
    yield _one(place, 0, {"userEnteredValue": {"boolValue": False}})


def _told(place: Mapping[str, int], text: str) -> Iterator[Request]:
    yield _one(place, 3, {"userEnteredValue": {"stringValue": text}})


def _one(place: Mapping[str, int], below: int, cell: dict[str, Any]) -> Request:
    row, column = place.get("startRowIndex", 0) + below, place.get("startColumnIndex", 0)
    return update_cells(place.get("sheetId", 0), row, column, [[cell]], "userEnteredValue")


def _text(text: str, look: Mapping[str, Any]) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": text}, "userEnteredFormat": dict(look)}


def _say(name: str, language: Language) -> str:
    return message(f"google.control_{name}", language)
