"""Columns that a file fills → the SQL that says of each typed row whether it is refused, or skipped after all."""

from __future__ import annotations

from transforms.parse.cells import literal
from transforms.shape import NAMES_MORE_PATTERN, ROW_COUNT_PATTERN, SAYS_WHAT_PATTERN, TOTALS_PATTERN
from transforms.staging.columns import Typing, is_constant
from transforms.staging.flaws import groups, required

NO_FIGURE = "(label < '0' or label > ':')"
"""Ids and dates begin with a figure and totals do not: it saves most rows the expression."""


def refused(typing: Typing) -> str:
    """Whether a row lacks what every row must have, or holds an amount that cannot be read."""
    conditions = [f"v_{name} is null" for name in sorted(required(typing.table, typing.texts))]
    conditions += [
        "(" + " and ".join(f"v_{name} is null" for name in group) + ")"
        for group in groups(typing.table, typing.texts)
        if group
    ]
    money = typing.table.money
    if money in typing.texts and money not in required(typing.table, typing.texts):
        conditions.append(f"r_{money} is not null")  # a blank amount is unknown, an unreadable one refuses the row
    return "(" + " or ".join(conditions or ["false"]) + ")"


def skipped_late(typing: Typing) -> str:
    """Why a row is skipped, now that its values are known; NULL: it is not.

    Of a file in memory `transforms.shape` has looked at every row; of one on disk, at its ends alone.
    """
    cases = ["when skipped is not null then skipped"]
    if typing.is_on_disk:
        blank = " and ".join(_is_blank(name) for name in typing.texts if not is_constant(typing.texts[name]))
        label = "trim(label)" if typing.first_cell else "null::varchar"
        cases += ["when is_blank_row then 'blank'"] if typing.blank_row else []
        cases.append(f"when is_refused_if_read and {blank or 'true'} and coalesce({label}, '') = '' then 'blank'")
        if typing.first_cell:
            cases += [f"when {condition} then '{why}'" for condition, why in _labelled(typing)]
        if typing.first_cell and typing.first_header:
            cases.append(f"when is_refused_if_read and {label} = {literal(typing.first_header)} then 'service'")
    cases += [f"when {condition} then '{why}'" for condition, why in typing.late_skips]
    return f"case {' '.join(cases)} end"


def _labelled(typing: Typing) -> list[tuple[str, str]]:
    """What a row's first cell says of it: that it counts rows, or is a total."""
    own = [name for name, text in typing.texts.items() if name in typing.table.day and not is_constant(text)]
    has_day = f"not ({' and '.join(f'v_{name} is null' for name in own)})" if own else "false"
    names_more = f"{_is(NAMES_MORE_PATTERN)} and not {_is(SAYS_WHAT_PATTERN)}"
    return [
        (f"is_refused_if_read and {_is(ROW_COUNT_PATTERN)}", "service"),
        (f"{NO_FIGURE} and {_is(TOTALS_PATTERN)} and not ({names_more} and {has_day})", "totals"),
    ]


def may_be_data(first_cell: str | None) -> str:
    """The cell that labels totals, of a file on disk, in; the condition over `raw_cells` that a row may be data out."""
    totals = f" and not coalesce(regexp_matches({first_cell}, {literal(TOTALS_PATTERN)}), false)"
    return "skipped is null" + (totals if first_cell else "")


def _is(pattern: str) -> str:
    return f"regexp_matches(label, {literal(pattern)})"


def _is_blank(name: str) -> str:
    """Only odd rows have all their texts; in the others a cell with a value is not blank."""
    return f"(coalesce(t_{name}, '') = '' and v_{name} is null)"
