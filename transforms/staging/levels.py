"""Columns that may tell sums of rows from the rows themselves: campaigns from their groups, «Все» from each device."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from config.draft import Level
from transforms.parse.cells import folded, literal
from transforms.shape.totals import figure_in
from transforms.staging.columns import is_constant
from transforms.staging.moments import CLOCK
from transforms.staging.one_table import OneTable
from transforms.staging.skips import OF_ALL

PARTS = {"ad_spend": ("spend_on", "channel", "campaign"), "costs": ("month_on", "item")}
"""Table → columns in which a sum and what it is of are alike."""
COUNTS = ("impressions", "clicks")
"""What an export tells again together with the amount: of each goal, say."""
NAMES = ("campaign", "item")
"""Of them, those that may name a sum themselves."""
LONGEST = 60
"""Letters of a cell; longer ones are remarks."""


def levels(one: OneTable, filled: Mapping[str, str], skipped: str) -> Iterator[Level]:
    """A file, the SQL of its columns and of why a row is skipped in.

    Each column of words by which rows may be sums of the others out; of a file that a profile knows, the goals alone.
    """
    name = one.source.table
    if name not in PARTS or one.cells.of(one.money_heading) is None:
        return
    keys = {name: filled[name] for name in PARTS[name] if name in filled and not is_constant(filled[name])}
    money = one.value("money", one.money_heading)
    said = {*one.source.where, *one.source.exclude}
    for header in one.unread_as("told_for_each") if one.is_vendors else one.unread:
        if _holds_words(one.sample(header)):
            counted = tuple(filled[name] for name in COUNTS if name in filled)
            yield replace(_level(header, one.cells.named(header), keys.values(), money, skipped), beside=counted)
    for name in () if one.is_vendors else NAMES:
        header = one.heading(name)
        if name in keys and len(keys) > 1 and header not in said and name not in one.source.exclude:
            others = [text for key, text in keys.items() if key != name]
            yield _level(header, keys[name], others, money, skipped)


def _level(header: str, cell: str, keys: Iterable[str], money: str, skipped: str) -> Level:
    """Rows that are known for totals already are no part of what is compared."""
    is_known = f"coalesce(regexp_full_match({folded(cell)}, {literal(OF_ALL.pattern)}), false)"
    return Level(header, cell, tuple(keys), money, f"({skipped}) is null and not {is_known}")


def _holds_words(found: list[str]) -> bool:
    """Whether cells are words: no figures, days, times or remarks."""
    return bool(found) and not any(
        figure_in(cell) is not None or CLOCK.fullmatch(cell) or len(cell) > LONGEST or cell[:1].isdigit()
        for cell in found
    )
