"""spreadsheets.batchUpdate: a spreadsheet and requests in; a changed draft and the replies out, or one refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import ApiError, invalid
from .model import Json, Spreadsheet
from .requests import HANDLERS, Call


@dataclass(frozen=True)
class Batch:
    """The spreadsheet after a batch, and one reply per request."""

    book: Spreadsheet
    replies: list[Json]


def run(book: Spreadsheet, requests: list[Json], user: str, now: float = 0.0) -> Batch:
    """Requests in order in; the outcome out. Raises ApiError 400 at the first that is not valid: nothing is applied."""
    if not requests:
        raise invalid("Must specify at least one request.")
    draft = book.draft()
    call = Call(draft, user, now)
    return Batch(draft, [run_one(call, request, place) for place, request in enumerate(requests)])


def run_one(call: Call, request: Json, place: int) -> Json:
    """One request and its place in the batch in; its reply out. Raises ApiError 400 naming the place and the kind."""
    kinds = list(request)
    if len(kinds) != 1:
        text = "No request set." if not kinds else "Only one request may be set."
        raise invalid(f"Invalid requests[{place}]: {text}")
    kind = kinds[0]
    handler = HANDLERS.get(kind)
    if handler is None:
        raise invalid(f"Invalid requests[{place}].{kind}: This request is not supported by this server.")
    try:
        reply: Any = handler(call, request[kind])
    except ApiError as error:
        raise error.prefixed(f"Invalid requests[{place}].{kind}: ") from error
    return {kind: reply} if reply is not None else {}
