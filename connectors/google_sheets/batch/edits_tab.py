"""Human edits → rows of the tab «Правки», newest on top."""

from collections.abc import Sequence
from typing import Any

from config.documents import Value
from config.letters import column_pixels
from config.messages import Language, message
from connectors.google_sheets.batch.body import update_cells
from connectors.google_sheets.batch.structure import Request, dimension, mark
from connectors.google_sheets.formats import pattern_type
from connectors.google_sheets.known.marks import TAB_KEY, Noted
from connectors.google_sheets.known.publication import Edit, Occasion, Publishing
from connectors.google_sheets.known.state import EDITS_TAB, Tab
from connectors.google_sheets.values import plain

WIDTHS = (17, 16, 8, 26, 18, 18, 46)
MOMENT = {"type": "DATE_TIME", "pattern": "dd.mm.yyyy hh:mm"}
HEADER = {"textFormat": {"bold": True, "fontSize": 9}, "wrapStrategy": "WRAP"}


def edit_requests(
    tab: Tab | None, sheet_id: int, title: str, edits: Sequence[Edit], occasion: Occasion
) -> list[Request]:
    """The tab if there is one, a free id and title, and edits in; the requests that put them on top of it out.

    The tab «Правки» is made at the first edit.
    """
    if not edits:
        return []
    rows = [edit_row(edit, occasion) for edit in edits]
    if tab is None:
        return [*_new_tab(sheet_id, title, len(rows), occasion), update_cells(sheet_id, 1, 0, rows)]
    insert: Request = {"insertDimension": {"range": dimension(tab.sheet_id, "ROWS", 1, len(rows))}}
    if tab.row_count <= 1:
        insert = {"appendDimension": {"sheetId": tab.sheet_id, "dimension": "ROWS", "length": len(rows)}}
    return [insert, update_cells(tab.sheet_id, 1, 0, rows)]


def edits_beneath(sheet_id: int, edits: Sequence[Edit], occasion: Occasion) -> list[Request]:
    """Where the spreadsheet has no room for «Правки»: the same rows below all that stands on a tab of ours.

    They are the owner's from then on, and move as the table above them grows.
    """
    rows = [{"values": row} for row in ([{}], _header(occasion), *(edit_row(edit, occasion) for edit in edits))]
    return [{"appendCells": {"sheetId": sheet_id, "rows": rows, "fields": "userEnteredValue,userEnteredFormat"}}]


def edit_row(edit: Edit, occasion: Occasion) -> list[dict[str, Any]]:
    """One edit in; when, which tab, cell and row, both values, and what it is, as cells out."""
    words = [_cell(text) for text in (edit.title, edit.cell, edit.row_name)]
    when = _cell(occasion.updated_at.replace(tzinfo=None)) | {"userEnteredFormat": {"numberFormat": MOMENT}}
    values = [_value(value, edit.pattern, occasion) for value in (edit.published, edit.found)]
    return [when, *words, *values, _cell(message(f"google.edits_{edit.kind}", occasion.language))]


def _new_tab(sheet_id: int, title: str, count: int, occasion: Occasion) -> list[Request]:
    grid = {"rowCount": count + 20, "columnCount": len(WIDTHS), "frozenRowCount": 1}
    widths: list[Request] = [
        {
            "updateDimensionProperties": {
                "range": dimension(sheet_id, "COLUMNS", column, 1),
                "properties": {"pixelSize": column_pixels([characters])},
                "fields": "pixelSize",
            }
        }
        for column, characters in enumerate(WIDTHS)
    ]
    return [
        {"addSheet": {"properties": {"sheetId": sheet_id, "title": title, "gridProperties": grid}}},
        mark(TAB_KEY, Noted(EDITS_TAB, occasion.prefix, sheet_id).as_json(), {"sheetId": sheet_id}),
        update_cells(sheet_id, 0, 0, [_header(occasion)]),
        *widths,
    ]


def _header(occasion: Occasion) -> list[dict[str, Any]]:
    headers = message("google.edits_headers", occasion.language).split("|")
    return [_cell(text) | {"userEnteredFormat": HEADER} for text in headers]


def _value(value: Value, pattern: str | None, occasion: Occasion) -> dict[str, Any]:
    """One of the two values, drawn as the report draws it."""
    if value is None or value == "":
        return _cell(message("google.edits_blank", occasion.language))
    cell = _cell(value)
    if pattern and isinstance(value, float | int):
        cell["userEnteredFormat"] = {"numberFormat": {"type": pattern_type(pattern), "pattern": pattern}}
    return cell


def _cell(value: Value) -> dict[str, Any]:
    written = plain(value)
    if written is None:
        return {}
    if isinstance(written, bool):
        return {"userEnteredValue": {"boolValue": written}}
    return {"userEnteredValue": {"stringValue" if isinstance(written, str) else "numberValue": written}}


# What a publication found → the lines of the run's summary.

MOST_EDITS = 5


def told(done: Publishing, language: Language) -> list[str]:
    """A publication in; a line for each of the first edits, how many more, copies kept and pages left out, out."""
    lines = [_edit(edit, done.edits_title, language) for edit in done.edits[:MOST_EDITS]]
    if len(done.edits) > MOST_EDITS:
        lines.append(message("google.more_edits", language, edits=len(done.edits) - MOST_EDITS, tab=done.edits_title))
    lines += [message("google.copy_kept", language, title=title) for title in done.kept_copies]
    if done.left_out:
        lines.append(message("google.left_out", language, titles="», «".join(done.left_out)))
    return lines


def _edit(edit: Edit, tab: str, language: Language) -> str:
    facts = {"title": edit.title, "cell": edit.cell, "tab": tab}
    match edit.kind:
        case "beside":
            return message("google.beside_seen", language, **facts)
        case "merged":
            return message("google.merged_seen", language, **facts, rows=edit.row_name)
        case "moved":
            return message("google.moved_seen", language, **facts, column=edit.row_name)
        case "value":
            values = {"published": edit.published, "found": edit.found}
            shown = {name: _told_value(value, language) for name, value in values.items()}
            return message("google.edit_seen", language, **facts, **shown)


def _told_value(value: Value, language: Language) -> str:
    """A value as a person would say it: a whole number without a point, a blank by its name."""
    if value is None or value == "":
        return message("google.edits_blank", language)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
