"""Counts, numbers and shares: text → SQL that reads the whole of it against a grammar."""

from __future__ import annotations

from config.documents import NUMBER_MARK
from transforms.parse.cells import has_mark, let, marked_text, tidy, whole_number, why
from transforms.parse.grammar import any_number_text, is_ambiguous, is_dated, signed_number_text
from transforms.parse.reading import Parsed, Reading


def count(cell: str, reading: Reading) -> Parsed:
    """A whole number of things: BIGINT; `1 234`, `1,234`, `12,0`."""
    exact = f"try_cast({any_number_text(cell, reading, is_whole=True)} as decimal(38,10))"
    is_number = has_mark(cell, NUMBER_MARK)
    whole = let("n", exact, "case when n = round(n, 0) then try_cast(n as bigint) end")
    return Parsed(
        short=f"coalesce({whole_number(cell)}, case when {is_number} then {whole_number(marked_text(cell))} end)",
        value=f"coalesce({whole_number(cell)}, case when {cell} <> '' then {whole} end)",
        why=why(
            cell,
            (is_dated(cell), "cell_is_date"),
            (is_ambiguous(tidy(cell), reading, is_whole=True), "ambiguous_number"),
            (f"{exact} is not null", "not_whole"),
            otherwise="not_a_count",
        ),
    )


def number(cell: str, reading: Reading) -> Parsed:
    """Any number: DOUBLE."""
    written = f"try_cast({any_number_text(cell, reading)} as double)"
    return Parsed(
        short=f"{whole_number(cell)}::double",
        value=f"coalesce({whole_number(cell)}::double, case when {cell} <> '' then {written} end)",
        why=why(
            cell,
            (is_dated(cell), "cell_is_date"),
            (is_ambiguous(tidy(cell), reading), "ambiguous_number"),
            otherwise="not_a_number",
        ),
    )


def share(cell: str, reading: Reading) -> Parsed:
    """A share: DOUBLE; `1,67 %` is 0.0167, a number without a per cent sign is a share already."""
    bare = f"rtrim({tidy(cell)}, '% ')"
    per_cent = f"try_cast({signed_number_text(bare, reading)} as double) / 100"
    return Parsed(
        value=f"case when contains({cell}, '%') then {per_cent} else {number(cell, reading).value} end",
        why=why(
            cell,
            (is_dated(cell), "cell_is_date"),
            (is_ambiguous(bare, reading), "ambiguous_number"),
            otherwise="not_a_share",
        ),
    )
