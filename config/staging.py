"""What passes between staging, which writes SQL, and the warehouse, which runs it; neither imports the other.

A file travels so: `transforms.staging.stage(…)` makes a `Draft` (which cells are wanted, what must be asked of them), the warehouse
brings those cells into the relation `raw_cells` and asks the draft's `probe`; with the answer `Draft.settle` gives the `Staging`,
SQL over `raw_cells` and `typed_rows`, which the warehouse runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from config.documents import Dialect, Origin

RAW_CELLS, TYPED_ROWS = "raw_cells", "typed_rows"
"""Names of the two relations that staging SQL reads: `raw_cells` has `source_row, skipped, c0, c1, …`, all cells as text."""


@dataclass(frozen=True)
class SourceFile:
    """One file or tab of a source, as it was found: the unit whose rows come and go together."""

    source: str
    file: str
    """Relative to the client's folder; or spreadsheet title + tab."""
    content_hash: str
    modified_at: float = 0.0
    """Seconds since 1970; the later one is newer where the data of two files reach the same day."""


@dataclass(frozen=True)
class RawRow:
    """One row below the header: the number a person sees, why it is no data (None if it is), the wanted cells."""

    number: int
    skipped: str | None
    cells: Sequence[str]


@dataclass(frozen=True)
class TotalsCheck:
    """A totals row or a control sum below the data: what it says, and the rows it must be the sum of."""

    label: str
    row: int | None
    """The number a person sees; None for a control sum."""
    since_rows: tuple[int, ...]
    """Numbers of the first row of each sum that would do: since the previous subtotal, or all."""
    before_row: int
    stated: str | None = None
    """SQL text of the stated sum; None if the row itself holds it."""
    is_count: bool = False
    """The control counts rows instead of adding money."""


@dataclass(frozen=True)
class Staging:
    """SELECTs that turn raw cells into rows of one table. All but `typed` read `typed_rows`, the result of `typed`."""

    typed: str
    """Every row below the header: `source_row, skipped, is_refused, money_rub, day_from_on, day_to_on, v_…, flaws`."""
    rejects: str
    """`source_row, column_name, value, reason, is_row_kept` of each unreadable cell, and of each blank one that is required."""
    rows: str
    """Rows of `loaded.<table>`: its own columns, then `channel_alias, manager_alias, source_row, source_rows, key_hash`."""
    questions: str | None = None
    """`column_name, value, rows`: words that must not be guessed; any row of it is an error that asks."""
    notices: str | None = None
    """`kind, rows, money_rub, detail` of what the report must say."""
    missing_rates: str | None = None
    """`currency, first_on, rows`: amounts whose rate is not known; any row of it is an error."""
    totals: Sequence[TotalsCheck] = ()
    stated_money: str = "money_rub"
    tables: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    """Small relations the SELECTs need, name → rows of text; columns are `c0, c1, …`."""


@dataclass(frozen=True)
class Draft:
    """One recognised table of a file, before the ambiguities of its columns are settled."""

    table: str
    origin: Origin
    profile: str | None
    positions: Sequence[int]
    """Places of the wanted cells in the file's rows; `c0` is the first of them."""
    rows: Callable[[], Iterator[RawRow]] | None
    """Every row below the header, where the file is held in memory."""
    dialect: Dialect | None
    """How the warehouse reads the file from disk, where it is not."""
    skipped_tail: Mapping[int, str]
    """Of a file on disk: place from the end (1 is the last record) → why it is no data."""
    settle: Callable[[Mapping[str, Any]], Staging]
    """The row that `probe` gave (column → value) in; the SQL out. Raises ContractError where a person must decide."""
    probe: str | None = None
    """SELECT of one row over `raw_cells`, or None if nothing has two readings."""
    rows_read: int | None = None
    """Rows below the header down to the last with a value; None for a file on disk."""
    label_position: int | None = None
    """Of a file on disk: which `c…` tells a totals row in the middle."""
    totals_pattern: str = ""
    """What the label of a totals row matches (RE2)."""
    uses_dictionary: bool = False
    """Values depend on what the dictionary knows, so the file is staged anew when that changes."""
    vat: str | None = None
    currency: str = "RUB"
    timezone: str | None = None


class Naming(Protocol):
    """The canonical names of channels or managers."""

    def names(self, aliases: Collection[str]) -> Mapping[str, str | None]:
        """Spellings as found in; spelling → canonical name, None where it is no channel, out."""
        ...

    def unknown(self, aliases: Collection[str]) -> Mapping[str, str | None]:
        """Spellings in; those with no entry → the nearest known name (or None) out. Empty without a dictionary."""
        ...


@dataclass(frozen=True)
class Run:
    """One run of one client, as it is recorded in `ops.runs`."""

    run_id: str
    """Sorts by time."""
    started_at: datetime
    as_of: date
    trigger: str
    version: str
    config_hash: str
