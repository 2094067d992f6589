"""Methods of the values collection: a parsed request in, the answer's JSON out."""

from __future__ import annotations

from typing import Any

from . import values
from .append import append as append_rows
from .errors import ApiError, invalid
from .model import Json, Spreadsheet
from .schema import parse
from .spreadsheets_api import Asking, masked, texts_of
from .values import Rendering, Written


def get(asking: Asking, book_id: str, text: str) -> Json:
    """values.get."""
    query = asking.query("values.get")
    book = asking.book(book_id, is_write=False)
    answer = values.read(book, text, Rendering.of(query), asking.world.clock.now())
    return masked(answer, query, "ValueRange")


def batch_get(asking: Asking, book_id: str) -> Json:
    """values.batchGet: one request of the quota however many ranges."""
    query = asking.query("values.batchGet")
    book = asking.book(book_id, is_write=False)
    now, rendering = asking.world.clock.now(), Rendering.of(query)
    shown = [values.read(book, text, rendering, now) for text in query.get("ranges", ())]
    answer: Json = {"spreadsheetId": book_id} | ({"valueRanges": shown} if shown else {})
    return masked(answer, query, "BatchGetValuesResponse")


def update(asking: Asking, book_id: str, text: str) -> Json:
    """values.update."""
    query = asking.query("values.update")
    sent = parse("ValueRange", asking.body or {}, "data")
    book = asking.book(book_id, is_write=True).draft()
    written = values.write(book, text, sent, query.get("valueInputOption"), asking.caller.user)
    asking.world.save(book)
    return masked(answer_of(asking, book, written, query, sent), query, "UpdateValuesResponse")


def answer_of(asking: Asking, book: Spreadsheet, written: Written, options: Any, sent: Json) -> Json:
    """What was written in; the UpdateValuesResponse, with the values if they are asked for, out."""
    answer = written.answer(book)
    if options.get("includeValuesInResponse"):
        rendering = Rendering.of_answer(options, sent.get("majorDimension", "ROWS"))
        answer["updatedData"] = values.read_place(book, written.place, rendering, asking.world.clock.now())
    return answer


def batch_update(asking: Asking, book_id: str) -> Json:
    """values.batchUpdate: everything or nothing."""
    query = asking.query("values.batchUpdate")
    body = parse("BatchUpdateValuesRequest", asking.body)
    book = asking.book(book_id, is_write=True).draft()
    values.checked_option(body.get("valueInputOption"))
    done: list[tuple[Written, Json]] = []
    for place, sent in enumerate(body.get("data", ())):
        with_place = f"Invalid data[{place}]: "
        try:
            written = values.write(book, sent.get("range", ""), sent, body["valueInputOption"], asking.caller.user)
        except ApiError as error:
            raise error.prefixed(with_place) from error
        done.append((written, sent))
    asking.world.save(book)
    responses = [answer_of(asking, book, written, body, sent) for written, sent in done]
    answer = totals(book_id, [written for written, _ in done], responses)
    return masked(answer, query, "BatchUpdateValuesResponse")


def totals(book_id: str, done: list[Written], responses: list[Json]) -> Json:
    """What each range's write did in; the whole answer, its totals of distinct rows and columns, out."""
    counts = {
        "totalUpdatedRows": len({(item.place.sheet.id, row) for item in done for row in item.rows}),
        "totalUpdatedColumns": len({(item.place.sheet.id, column) for item in done for column in item.columns}),
        "totalUpdatedCells": sum(item.cells for item in done),
        "totalUpdatedSheets": len({item.place.sheet.id for item in done if item.cells}),
    }
    shown = {name: count for name, count in counts.items() if count}
    return {"spreadsheetId": book_id, **shown} | ({"responses": responses} if responses else {})


def append(asking: Asking, book_id: str, text: str) -> Json:
    """values.append: below the table found; `tableRange` is absent when there was none."""
    query = asking.query("values.append")
    sent = parse("ValueRange", asking.body or {}, "data")
    book = asking.book(book_id, is_write=True).draft()
    table, written = append_rows(
        book,
        text,
        sent,
        query.get("valueInputOption"),
        query.get("insertDataOption", "OVERWRITE"),
        user=asking.caller.user,
    )
    table_text = table.text if table else ""
    asking.world.save(book)
    answer: Json = {"spreadsheetId": book_id, "updates": answer_of(asking, book, written, query, sent)}
    if table_text:
        answer["tableRange"] = table_text
    return masked(answer, query, "AppendValuesResponse")


def clear(asking: Asking, book_id: str, text: str) -> Json:
    """values.clear."""
    query = asking.query("values.clear")
    parse("ClearValuesRequest", asking.body or {})
    book = asking.book(book_id, is_write=True).draft()
    cleared = values.clear(book, text, asking.caller.user)
    asking.world.save(book)
    return masked({"spreadsheetId": book_id, "clearedRange": cleared}, query, "ClearValuesResponse")


def batch_clear(asking: Asking, book_id: str) -> Json:
    """values.batchClear: everything or nothing."""
    query = asking.query("values.batchClear")
    body = parse("BatchClearValuesRequest", asking.body)
    book = asking.book(book_id, is_write=True).draft()
    cleared = []
    for place, text in enumerate(body.get("ranges", ())):
        try:
            cleared.append(values.clear(book, text, asking.caller.user))
        except ApiError as error:
            raise error.prefixed(f"Invalid range[{place}]: ") from error
    if not cleared:
        raise invalid("Must specify at least one range.")
    asking.world.save(book)
    return masked({"spreadsheetId": book_id, "clearedRanges": cleared}, query, "BatchClearValuesResponse")


def batch_get_by_filter(asking: Asking, book_id: str) -> Json:
    """values.batchGetByDataFilter."""
    query = asking.query("values.batchGetByDataFilter")
    body = parse("BatchGetValuesByDataFilterRequest", asking.body)
    book = asking.book(book_id, is_write=False)
    found = [
        {"valueRange": values.read(book, text, Rendering.of(body), asking.world.clock.now()), "dataFilters": [item]}
        for item in body.get("dataFilters", ())
        for text in texts_of(book, item)
    ]
    answer: Json = {"spreadsheetId": book_id} | ({"valueRanges": found} if found else {})
    return masked(answer, query, "BatchGetValuesByDataFilterResponse")


def batch_update_by_filter(asking: Asking, book_id: str) -> Json:
    """values.batchUpdateByDataFilter: everything or nothing."""
    query = asking.query("values.batchUpdateByDataFilter")
    body = parse("BatchUpdateValuesByDataFilterRequest", asking.body)
    book = asking.book(book_id, is_write=True).draft()
    done, responses = [], []
    for sent in body.get("data", ()):
        for text in texts_of(book, sent.get("dataFilter", {})):
            written = values.write(book, text, sent, body.get("valueInputOption"), asking.caller.user)
            done.append(written)
            shown = {name: value for name, value in written.answer(book).items() if name != "spreadsheetId"}
            responses.append(shown | {"dataFilter": sent["dataFilter"]})
    asking.world.save(book)
    return masked(totals(book_id, done, responses), query, "BatchUpdateValuesByDataFilterResponse")


def batch_clear_by_filter(asking: Asking, book_id: str) -> Json:
    """values.batchClearByDataFilter: everything or nothing."""
    query = asking.query("values.batchClearByDataFilter")
    body = parse("BatchClearValuesByDataFilterRequest", asking.body)
    book = asking.book(book_id, is_write=True).draft()
    texts = [text for item in body.get("dataFilters", ()) for text in texts_of(book, item)]
    cleared = [values.clear(book, text, asking.caller.user) for text in texts]
    asking.world.save(book)
    answer: Json = {"spreadsheetId": book_id} | ({"clearedRanges": cleared} if cleared else {})
    return masked(answer, query, "BatchClearValuesByDataFilterResponse")
