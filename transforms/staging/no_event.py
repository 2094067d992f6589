"""Words beside a call, an enquiry or a subscriber that call it a try, spam, a repeat or a machine's → what to tell.

The row counts: a business may want its spam counted, and whether «дубль» is the first or the second nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.draft import Aside
from config.words import is_headed, saying
from transforms.parse.cells import folded, literal, literals
from transforms.staging.one_table import OneTable
from transforms.staging.skips import NO, YES

SAYS = {"calls": "no_call", "leads": "no_lead", "subscribers": "no_subscriber"}
"""Table → words that say of a row that it is none of those that it counts among."""
MOST = 0.5
"""Of the rows: where more say so, it is what they are, and meant to count."""


def no_events(one: OneTable) -> Iterator[Aside]:
    """A file that counts events or people in; the columns that say of some of its rows that they are none."""
    name = one.source.table
    if name not in SAYS:
        return
    if name == "calls":
        who = one.heading("manager")
        if one.cells.of(who) and who not in {*one.source.where, *one.source.exclude}:
            yield _begins(who, "machine", one)
    for header in () if one.is_vendors else one.unread:
        if is_headed(header, "flags"):
            yield _among(header, YES, one)
        elif name == "subscribers" and is_headed(header, "live"):
            yield _among(header, NO, one)
        elif is_headed(header, "states"):
            yield _begins(header, SAYS[name], one)
        elif name == "calls" and is_headed(header, "takers"):
            yield _begins(header, "machine", one)


def _among(header: str, words: tuple[str, ...], one: OneTable) -> Aside:
    return _said(header, f"{_text(header, one)} in ({literals(words)})")


def _begins(header: str, kind: str, one: OneTable) -> Aside:
    pattern = rf"^(?:{saying(kind)})(?:[^а-яa-z]|$)"
    return _said(header, f"regexp_matches({_text(header, one)}, {literal(pattern)})")


def _text(header: str, one: OneTable) -> str:
    return f"coalesce({folded(one.cells.named(header))}, '')"


def _said(header: str, condition: str) -> Aside:
    return Aside("no_event", f"({condition})::integer", header, is_money=False, most=MOST)
