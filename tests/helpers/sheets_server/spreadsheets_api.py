"""Methods of the spreadsheets collection: a parsed request in, the answer's JSON out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import batch
from .access import Caller, check_access
from .cells import cell_mask
from .errors import ApiError, forbidden, invalid, not_found
from .locales import is_known
from .masks import read_answer_mask, select
from .model import Json, Sheet, Spreadsheet
from .query import read_query
from .ranges import Rect
from .requests.call import Call
from .requests.cells import put_rows
from .requests.duplicates import duplicate_sheet
from .requests.metadata import matches
from .requests.sheets import add_sheet, number_sheets
from .schema import parse
from .show import Asked, show
from .world import World


@dataclass(frozen=True)
class Asking:
    """One request to the Sheets API: who, the query's pairs and the JSON body."""

    world: World
    caller: Caller
    pairs: list[tuple[str, str]]
    body: Any

    def query(self, method: str) -> Any:
        """The method's name in; its query's values out. Raises ApiError 400."""
        return read_query(method, self.pairs)

    def book(self, book_id: str, is_write: bool) -> Spreadsheet:
        """An id in; the spreadsheet out. Raises ApiError 404 or 403."""
        found = self.world.book(book_id)
        check_access(found, self.caller.user, is_write)
        return found


def masked(answer: Json, query: Any, schema: str) -> Json:
    """An answer and the query in; what its `fields` leave of it out."""
    if "fields" not in query:
        return answer
    left: Json = select(answer, read_answer_mask(query["fields"], schema))
    return left


def get(asking: Asking, book_id: str) -> Json:
    """spreadsheets.get."""
    query = asking.query("get")
    mask = read_answer_mask(query["fields"], "Spreadsheet") if query.get("fields") else None
    book = asking.book(book_id, is_write=False)
    return show(book, asked(asking, mask, query.get("ranges", ()), query.get("includeGridData", False)))


def asked(asking: Asking, mask: Any, ranges: Any, with_cells: bool) -> Asked:
    """What a caller wants to see."""
    return Asked(mask, tuple(ranges), with_cells, asking.caller.user, asking.world.clock.now())


def get_by_filter(asking: Asking, book_id: str) -> Json:
    """spreadsheets.getByDataFilter: only what the filters meet."""
    query = asking.query("getByDataFilter")
    body = parse("GetSpreadsheetByDataFilterRequest", asking.body)
    mask = read_answer_mask(query["fields"], "Spreadsheet") if query.get("fields") else None
    book = asking.book(book_id, is_write=False)
    ranges = [text for item in body.get("dataFilters", ()) for text in texts_of(book, item)]
    return show(book, asked(asking, mask, ranges, body.get("includeGridData", False)))


def texts_of(book: Spreadsheet, data_filter: Json) -> list[str]:
    """A data filter in; the A1 ranges it stands for out. Raises ApiError 400."""
    from .a1 import Bounds, full_text
    from .ranges import bounds_of, sheet_of

    if "a1Range" in data_filter:
        return [data_filter["a1Range"]]
    if "gridRange" in data_filter:
        sheet = sheet_of(book, data_filter["gridRange"].get("sheetId", 0))
        return [full_text(sheet.title, bounds_of(data_filter["gridRange"]))]
    if "developerMetadataLookup" not in data_filter:
        raise invalid("Must specify at least one data filter.")
    found = []
    for item in book.developer_metadata:
        if matches(book, item, data_filter):
            location = item["location"]
            area = location.get("dimensionRange")
            sheet_id = area.get("sheetId", 0) if area else location.get("sheetId")
            if sheet_id is None:
                found += [full_text(sheet.title, Bounds()) for sheet in book.sheets]
                continue
            ends = (area["startIndex"], area["endIndex"]) if area else (None, None)
            is_rows = bool(area) and area["dimension"] == "ROWS"
            bounds = Bounds(*ends) if is_rows else Bounds(None, None, *ends)
            found.append(full_text(sheet_of(book, sheet_id).title, bounds))
    return found


def batch_update(asking: Asking, book_id: str) -> Json:
    """spreadsheets.batchUpdate: everything or nothing."""
    query = asking.query("batchUpdate")
    body = parse("BatchUpdateSpreadsheetRequest", asking.body)
    book = asking.book(book_id, is_write=True)
    done = batch.run(book, body.get("requests", []), asking.caller.user, asking.world.clock.now())
    asking.world.save(done.book)
    answer: Json = {"spreadsheetId": book_id, "replies": done.replies}
    if body.get("includeSpreadsheetInResponse"):
        wanted = asked(asking, None, body.get("responseRanges", ()), body.get("responseIncludeGridData", False))
        answer["updatedSpreadsheet"] = show(done.book, wanted)
    return masked(answer, query, "BatchUpdateSpreadsheetResponse")


def create(asking: Asking) -> Json:
    """spreadsheets.create: properties and sheets may be given; sheets named here get ids by chance."""
    query = asking.query("create")
    sent = parse("Spreadsheet", asking.body or {})
    if asking.caller.is_service:
        raise forbidden()
    properties = sent.get("properties", {})
    if "locale" in properties and not is_known(properties["locale"]):
        raise invalid(f"Invalid properties.locale: {properties['locale']}")
    wanted = {name: properties[name] for name in ("locale", "timeZone", "autoRecalc") if name in properties}
    world = asking.world
    book = world.create(properties.get("title") or "Untitled spreadsheet", asking.caller.user, **wanted)
    try:
        if sent.get("sheets"):
            add_sent_sheets(Call(book, asking.caller.user, world.clock.now()), sent["sheets"])
        batches = [{"addNamedRange": {"namedRange": item}} for item in sent.get("namedRanges", ())]
        if batches:
            world.save(batch.run(book, batches, asking.caller.user).book)
    except ApiError:
        del world.books[book.id]
        raise
    return masked(show(world.books[book.id], Asked(user=asking.caller.user)), query, "Spreadsheet")


def add_sent_sheets(call: Call, sheets: list[Json]) -> None:
    """The sheets of a create request take the place of the first one."""
    placeholder = call.book.sheets.pop()
    for sent in sheets:
        properties = {"title": f"Sheet{len(call.book.sheets) + 1}", **sent.get("properties", {})}
        added = add_sheet(call, {"properties": {name: v for name, v in properties.items() if name != "index"}})
        sheet = call.sheet(added["properties"]["sheetId"])
        for data in sent.get("data", ()):
            top, left = data.get("startRow", 0), data.get("startColumn", 0)
            rect = Rect(top, sheet.row_count, left, sheet.column_count)
            put_rows(sheet, data.get("rowData", []), rect, cell_mask({}))
    del placeholder
    number_sheets(call)


def copy_to(asking: Asking, book_id: str, sheet_id: str) -> Json:
    """spreadsheets.sheets.copyTo: the copy goes last in the destination."""
    query = asking.query("sheets.copyTo")
    body = parse("CopySheetToAnotherSpreadsheetRequest", asking.body)
    source = asking.book(book_id, is_write=False)
    target = asking.book(body.get("destinationSpreadsheetId", ""), is_write=True).draft()
    sheet = source.find(int(sheet_id))
    if sheet is None:
        raise invalid(f"The sheet ({sheet_id}) does not exist.")
    call = Call(target, asking.caller.user)
    there = source.draft() if source.id != target.id else target
    original = there.find(sheet.id)
    if there is not target and original is not None:
        target.sheets.append(original)
        original.properties["sheetId"] = -1
    from_id = -1 if there is not target else sheet.id
    title = free_copy_title(target, sheet)
    reply = duplicate_sheet(
        call, {"sourceSheetId": from_id, "newSheetName": title, "insertSheetIndex": len(target.sheets)}
    )
    target.sheets = [item for item in target.sheets if item.id != -1]
    number_sheets(call)
    asking.world.save(target)
    new = target.find(reply["properties"]["sheetId"])
    return masked(dict(new.properties) if new else {}, query, "SheetProperties")


def free_copy_title(book: Spreadsheet, sheet: Sheet) -> str:
    """A sheet in; the title its copy gets in a spreadsheet out."""
    title, number = f"Copy of {sheet.title}", 1
    while book.titled(title):
        number += 1
        title = f"Copy of {sheet.title} {number}"
    return title


def search_metadata(asking: Asking, book_id: str) -> Json:
    """developerMetadata.search: what the filters find, each with the filters that found it."""
    query = asking.query("developerMetadata.search")
    body = parse("SearchDeveloperMetadataRequest", asking.body)
    book = asking.book(book_id, is_write=False)
    filters = body.get("dataFilters", [])
    if not filters:
        raise invalid("Must specify at least one data filter.")
    found = []
    for item in book.developer_metadata:
        hits = [data_filter for data_filter in filters if matches(book, item, data_filter)]
        if hits:
            found.append({"developerMetadata": item, "dataFilters": hits})
    return masked({"matchedDeveloperMetadata": found} if found else {}, query, "SearchDeveloperMetadataResponse")


def get_metadata(asking: Asking, book_id: str, metadata_id: str) -> Json:
    """developerMetadata.get."""
    query = asking.query("developerMetadata.get")
    book = asking.book(book_id, is_write=False)
    for item in book.developer_metadata:
        if str(item["metadataId"]) == metadata_id:
            return masked(item, query, "DeveloperMetadata")
    raise not_found()
