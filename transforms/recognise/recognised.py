"""What recognition says about one table of one file: the border between finding columns and staging them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from config.documents import RawTable
from config.profiles import ColumnSource, Profile, ProfileTable, Skip
from transforms.shape import Shape


@dataclass(frozen=True)
class Recognised:
    """One table of a file, its shape, and where each of our columns comes from.

    Every header named here (in `columns`, `skips`, `actual`) stands in `shape.headers` or is a pseudo header.
    """

    raw: RawTable
    """Of a file that stays on disk, `dialect.first_record` and `dialect.columns` are set to the shape's."""
    shape: Shape
    profile: Profile | None
    certainty: float
    """1 if the client named the profile or all columns; below, how well the file fits what the profile describes."""
    columns: Mapping[str, ColumnSource]
    """Our column → its headers that this file has, or SQL whose `{header}` texts stand in this file."""
    actual: Mapping[str, str]
    """Folded name of a header (the vendor's, the client's, an accepted one) → the header in this file."""
    pseudo: Mapping[str, str]
    """`@file`, `@tab`, `@member` → their texts for every row of this table."""
    period: tuple[date, date] | None = None
    """Of rows without a day: what the heading, the file's name or the client says, in this order."""

    declared: ProfileTable | None = None
    """What the profile says of the table being fed."""
    skips: tuple[Skip, ...] = ()
    """The profile's rows that are not this table's business, over headers of this file."""
