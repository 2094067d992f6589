"""What passes between staging, which writes SQL, and the warehouse, which runs it; neither imports the other.

A file travels so: `transforms.staging.stage(…)` makes a `Draft`, which says what cells are wanted; the warehouse brings
them into the relation `raw_cells` and runs the draft's `Staging`: SQL that makes `typed_rows` of them, and SQL over
those. If cells were left open, it runs the draft's `probe` and asks `Draft.settle` for the Staging that decides them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from config.documents import Dialect, Origin

RAW_CELLS, TYPED_ROWS, FLAWED_ROWS = "raw_cells", "typed_rows", "flawed_rows"
"""The relations that staging SQL reads: `raw_cells` has `source_row, skipped, surplus, c0, c1, …`, all cells as text;
`surplus` is how many cells a row has that goes on beyond the last heading or lacks some, NULL for all others.
`flawed_rows` are those of `typed_rows` that have `flaws`.

`source_row` names a row of any file: the load times ROWS_OF_A_LOAD, and the number that a person sees."""

ROWS_OF_A_LOAD = 1 << 32
GIVEN = "given"
"""A column of `raw_cells`, where its draft says so: one text for every row of a load, which no cell holds."""
LOAD, ROW = "(source_row >> 32)", "(source_row & 4294967295)"
"""SQL of both parts of it."""

WHOLE_ROW, SURPLUS_CELLS, MISSING_CELLS = "row", "surplus_cells", "missing_cells"
"""What is refused, and why, where a row has more or fewer cells than headings; both counts are the value, `6 > 5`."""

OTHER_HEADINGS = "other_headings"
"""Why a file is not read in which a row holds headings in another order than the header: rows below follow it."""

COUNTED_DAYS = "counted_days"
"""The remark of a file whose days are bare numbers, `column: heading`; nobody reads it but the question about 1904."""
NAMED_MONTH = "named_month"
"""The remark of a file, or a tab, that is called like a month: `2026-08`, or `08` where it names no year."""
EPOCHS_APART = timedelta(days=1462)
"""Between the first days of the two systems in which workbooks count days."""

STRUCK = "struck"
"""Why a row is no data that a person put right: it stands in the file so, and something else, or nothing, is meant."""


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
    surplus: int | None = None
    """How many cells it seems to have, if they stand beside their headings."""


@dataclass(frozen=True)
class ControlSum:
    """What a file states of its rows in a line below them, or in each of them."""

    label: str
    stated: str
    """SQL of the stated sum."""
    is_count: bool = False
    """It counts rows instead of adding money."""
    is_of_own_rows: bool = False
    """It speaks of this table's rows only, not of those skipped as another's business."""


@dataclass(frozen=True)
class Remark:
    """One notice of a file as a whole."""

    kind: str
    detail: str
    rows: int = 0


@dataclass(frozen=True)
class Aside:
    """A column that nothing reads, and what to tell of its amounts."""

    kind: str
    """Of the notice."""
    amount: str
    """SQL over `raw_cells`."""
    detail: str
    is_money: bool = True
    """Its amounts are added up."""
    most: float = 1
    """Of the rows that have such an amount: if it is above zero in more of them, it is meant so."""
    looked_at: int | None = None
    """Among so many rows it is looked for: to compare cells of each row of a long file costs."""
    cell: str | None = None
    """The only column of `raw_cells` that the amount depends on, of few distinct texts: each is looked at once."""


@dataclass(frozen=True)
class Level:
    """A column of words by which some rows may be the sums of the others."""

    header: str
    cell: str
    """SQL over `raw_cells`, and so are the others."""
    keys: tuple[str, ...]
    """What a sum and its parts have in common."""
    amount: str
    counts: str
    """Whether a row counts at all."""
    beside: tuple[str, ...] = ()
    """What amounts that are but repeated have in common too."""


@dataclass(frozen=True)
class Usual:
    """What the first cells of a column say."""

    header: str
    kind: str | None
    """Of nearly all filled ones, as `Draft.kind_of` names it; None where none is usual."""
    is_full: bool
    """None is blank."""


@dataclass(frozen=True)
class Neighbour:
    """The first cells of a column that nothing reads, if they hold words."""

    words: Mapping[str, float]
    """In what share of the rows each of them stands."""
    repeated: Collection[str]
    """Those that stand there several times; none if most texts are different."""


@dataclass(frozen=True)
class Words:
    """A column that holds one cell as it stands; if its texts are few, each of them is read once for all rows."""

    cell: str
    """Its place among the wanted cells, `c0`, `c1`, …; nothing else reads that cell."""
    select: str
    """Over `found_<column>(cell, text)`: `cell, text, value, reason`, each text read in full."""


@dataclass(frozen=True)
class Reads:
    """SELECTs of every row, for one choice of columns that are read by their words.

    `raw_cells` become `quick_rows`, those become `typed_rows`. To read any cell whatever form it has takes long SQL,
    which costs more to plan than a small file to read; so only those cells are read by it that the quick way could not
    read, and if there are none it is not even planned.
    """

    quickly: str
    """Every row of `raw_cells`: texts, values as far as the usual forms go, and `is_odd`: some cell needs more."""
    doubts: Mapping[str, str]
    """Column → condition over an odd row of `quick_rows`: this cell needs more."""
    typed: str
    """The SELECT of the rows of `quick_rows` that are not odd, as `typed_rows`.

    `source_row, skipped, is_refused, money_rub, day_from_on, day_to_on, v_…` and `flaws`, a list of
    `{column_name, value, reason, kind}`, NULL for most rows.
    """
    in_full: Callable[[Collection[str]], str]
    """The columns in doubt in; the SELECT of `odd_cells`, the odd rows, out, likewise."""


@dataclass(frozen=True)
class Staging:
    """SELECTs that turn raw cells into rows of one table; all but those of `reads` read `typed_rows`."""

    words: Mapping[str, Words]
    """Column → how its distinct texts are read, where that can be."""
    reads: Callable[[Collection[str]], Reads]
    """Which of those columns are read by their words, whose `words_<column>` are there."""
    filled: Collection[str]
    """The columns that the file fills."""
    rows: str
    """Rows of `loaded.<table>`: its own columns, names as found, then `source_row, source_rows, key_hash`."""
    has_money: bool
    """Whether rows have an amount, so that those without one are counted."""
    notices: str | None = None
    """`load_id, kind, rows, money_rub, detail` of what the report must say."""
    legs: str | None = None
    """`load_id, source_row, day_on, money_rub, account` of what came into an account and went out of it (below 0)."""
    remarks: Sequence[Remark] = ()
    """What the readings of its columns have to say of a file, `config.notices` among it."""
    missing_rates: str | None = None
    """`currency, day_on, rows`: amounts whose rate is not known; any row of it is an error."""
    controls: Sequence[ControlSum] = ()
    tables: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    """Small relations the SELECTs need: name → rows of text; columns are `c0, c1, …`."""
    derived: Mapping[str, str] = field(default_factory=dict)
    """Others they need: name → SELECT over those."""


@dataclass(frozen=True)
class Records:
    """Which loaded rows of one file may be one record; the SQL is over `lines`, the rows that share a key."""

    id_column: str
    """The column whose value rows of one record share."""
    may_repeat: str
    """Condition over `lines`: a row equal to this one in every cell of the file is the same row exported twice."""
    contradicts: str | None = None
    """Over a group of one id: whether its rows cannot be one record, so that the column is no id."""
    merged: Mapping[str, str] = field(default_factory=dict)
    """`line` or `deal`, whose the amounts are → the SELECT of one row of `loaded.<table>` for each id in `lines`."""
    differences: str | None = None
    """`kind, rows, money_rub, detail` of what rows of one record say differently."""
    apart: str = "false"
    """Condition over loaded rows: lines without an id, which stay apart however equal."""
    repeats: str | None = None
    """What svodka.yaml says of rows equal in every cell: `keep` or `drop`."""
    lines: str = "false"
    """Condition over `lines`: rows of a vendor who writes one a product, equal where it was put into a deal twice."""
    amounts: str | None = None
    """Whose the amounts are, if svodka.yaml, the vendor or the heading says so: `line` or `deal`."""
    is_heading_of_deal: bool = False
    """The heading says that an amount is the whole deal's; it decides where lines of a deal repeat it."""
    counts_anew: int | None = None
    """Place in the file's rows of a till or a shop that may count its records from one."""
    products: str | None = None
    """The column of products, where nothing tells the buyers of deals apart: an id may be its product's."""


@dataclass(frozen=True)
class Draft:
    """One recognised table of a file, before the ambiguities of its columns are settled."""

    table: str
    origin: Origin
    positions: Sequence[int]
    """Places of the wanted cells in the file's rows; `c0` is the first of them."""
    rows: Callable[[], Iterator[RawRow]] | None
    """Every row below the header, where the file is held in memory."""
    dialect: Dialect | None
    """How the warehouse reads the file from disk, where it is not."""
    staging: Staging
    """As far as cells tell by themselves."""
    settle: Callable[[Mapping[str, Any]], Staging]
    """Column → what `probe` found of it in; the Staging that decides every cell out.

    Raises ContractError, which asks.
    """
    macros: str = ""
    """Statements that make the functions which all this SQL calls; the same for every draft."""
    probe: Mapping[str, str] = field(default_factory=dict)
    """Column → aggregate over `probed`, for columns whose cells may be open."""
    probed: str = "raw_cells"
    """The relation that `probe` looks at, made of the rows of `raw_cells` that may be data."""
    is_sign_known: bool = True
    """svodka.yaml says which sign an ordinary amount bears, or it may bear any."""
    is_duration_known: bool = True
    """A vendor, svodka.yaml or the heading says what durations are counted in, or there are none."""
    is_open: bool = False
    """The probe must be asked in any case: the values alone tell the unit of a column."""
    two_forms: str | None = None
    """Over all rows of `raw_cells`: whether some column of days has two forms, which asks the probe as well."""
    asides: Sequence[Aside] = ()
    """Columns beside the amounts that may have to be taken off them."""
    levels: Sequence[Level] = ()
    """Columns that may tell sums from what they are of."""
    is_unit_known: bool = True
    """Somebody says what amounts of advertising are counted in."""
    data: str = "skipped is null"
    """Over `raw_cells`: whether a row may be data."""
    put_right: Sequence[int] | None = None
    """Numbers of the rows that say what is meant; of each, `rows` has the one that the file has too, as `STRUCK`, as of
    rows that are not to be counted. None where nobody put anything right."""
    given: str | None = None
    """What `GIVEN` is in all rows."""
    rows_read: int | None = None
    """Rows below the header down to the last with a value; None for a file on disk."""
    skipped_tail: Mapping[int, str] = field(default_factory=dict)
    """Of a file on disk: place from the end (1 is the last record) → why it is no data."""
    written: Path | None = None
    """Where the warehouse wrote `rows` already, to read them at once when their turn comes."""
    headings: int | None = None
    """How many cells a row may fill, up to the last heading; None where cells beyond it are no sign of anything."""
    misplaced: Mapping[int, int] = field(default_factory=dict)
    """Of a file on disk: rows of data, counted from 0, whose cells stand beside their headings → how many they have."""
    remarks: Sequence[Remark] = ()
    """What is to be said of the file beside its rows."""
    profile: str | None = None
    certainty: float = 1.0
    uses_dictionary: bool = False
    """Values depend on what the dictionary knows, so the file is staged anew when that changes."""
    own_positions: Sequence[int] = ()
    """Of `positions`, those that our columns are read from."""
    records: Records | None = None
    """How rows of one id become one; None where every row is a record of its own."""
    whole: Callable[[], Iterator[RawRow]] | None = None
    """Of a file in memory, the rows of data with every cell they have."""
    neighbours: Mapping[str, Neighbour] = field(default_factory=dict)
    """Headings that nothing reads → what their first cells say."""
    usual: Callable[[], Sequence[Usual]] = tuple
    """What is usual in each place of the file's rows."""
    kind_of: Callable[[str], str] = str
    """Kind of a cell: `text`, `number` and so on, empty where it is blank."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Our column → the headings it is read from, to be shown."""
    is_clients_period: bool = False
    """The days were given by `period:` of svodka.yaml, and one period only one file can have."""
    vat: str | None = None
    currency: str = "RUB"
    timezone: str | None = None
    alike: object = None
    """Drafts that are equal in it have the same SQL, wherever it reads no small table of its own."""


@dataclass(frozen=True)
class Incoming:
    """A file about to be loaded: its tables, and what their rows depend on beside its content."""

    file: SourceFile
    fingerprint: str
    drafts: Sequence[Draft]

    def goes_with(self, other: Incoming) -> bool:
        """Whether both hold one table, read by the same statements, so that they may be loaded together."""
        if len(self.drafts) != 1 or len(other.drafts) != 1:
            return False
        one, two = self.drafts[0], other.drafts[0]
        states_sums, is_open = one.staging.controls or two.staging.controls, one.is_open or two.is_open
        if one.alike is None or states_sums or is_open or one.put_right is not None or two.put_right is not None:
            return False
        return one.alike == two.alike and _without_path(one.dialect) == _without_path(two.dialect)


def _without_path(dialect: Dialect | None) -> Dialect | None:
    return dialect and replace(dialect, path=Path())


class Naming(Protocol):
    """The canonical names of channels or managers."""

    def known(self) -> Collection[str]:
        """Every folded alias that means something."""
        ...

    def names(self, aliases: Collection[str]) -> Mapping[str, str | None]:
        """Spellings as found in; spelling → canonical name, None where it is no channel, out."""
        ...

    def unknown(self, aliases: Collection[str]) -> Mapping[str, str | None]:
        """Spellings in; those with no entry → the nearest known name (or None) out. Empty without a dictionary."""
        ...


@runtime_checkable
class GroupedNaming(Naming, Protocol):
    """Names that stand in groups: reasons for which deals are lost."""

    def group(self, reason: str | None) -> str | None:
        """A canonical name in; its group, or None if it has none, out."""
        ...


@dataclass(frozen=True)
class Partner:
    """Who brings clients: by which codes and marks one knows it, and what is owed for it."""

    name: str
    share: Decimal | None = None
    """Of the money of each deal."""
    rub_per_client: Decimal | None = None
    """For each new client."""
    promo_code: Sequence[str] = ()
    """Folded, as utm_source is."""
    utm_source: Sequence[str] = ()

    @property
    def marks(self) -> list[tuple[str, str]]:
        """Column of deals and what stands in it, folded."""
        return [("promo_code", code) for code in self.promo_code] + [("utm_source", mark) for mark in self.utm_source]


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
