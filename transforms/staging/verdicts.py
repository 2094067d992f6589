"""Columns that a file fills → the SQL that says of each typed row whether it is refused, or skipped after all."""

from __future__ import annotations

from transforms.parse.cells import literal
from transforms.shape import TOTALS_PATTERN
from transforms.staging.columns import Typing
from transforms.staging.flaws import groups, required


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
    """Why a row is skipped, now that its values are known; NULL: it is not."""
    cases = ["when skipped is not null then skipped"]
    if typing.is_on_disk:
        blank = " and ".join(_is_blank(name) for name in typing.texts if not _is_constant(typing, name))
        label = "label" if typing.first_cell else "null::varchar"
        is_totals = f"coalesce(regexp_matches(trim({label}), {literal(TOTALS_PATTERN)}), false)"
        cases.append(f"when is_refused_if_read and {blank or 'true'} and coalesce({label}, '') = '' then 'blank'")
        cases.append(f"when is_refused_if_read and {is_totals} then 'totals'")
    cases += [f"when {condition} then '{why}'" for condition, why in typing.late_skips]
    return f"case {' '.join(cases)} end"


def _is_blank(name: str) -> str:
    """Only odd rows have all their texts; in the others a cell with a value is not blank."""
    return f"(coalesce(t_{name}, '') = '' and v_{name} is null)"


def _is_constant(typing: Typing, name: str) -> bool:
    return typing.texts[name].startswith("'")
