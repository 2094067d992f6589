"""Texts of our columns and their readings → the SELECTs that type every row and say what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

from config.staging import Reads, Words
from config.tables import Table
from transforms.parse import Parsed, Reading, parsed
from transforms.parse.cells import among, literal, null_words
from transforms.shape import TOTALS_PATTERN
from transforms.staging.flaws import flaws, groups, required
from transforms.staging.rates import Roubles
from transforms.staging.words import found, joined, words

NOT_ODD = "select * from quick_rows where not is_odd"


@dataclass(frozen=True)
class Typing:
    """What the typed SELECT is made of."""

    table: Table
    texts: Mapping[str, str]
    readings: Mapping[str, Reading]
    skipped: str
    """SQL over `raw_cells`: why a row is skipped."""
    late_skips: Sequence[tuple[str, str]]
    """(condition over values, why)."""
    is_on_disk: bool
    first_cell: str | None
    """Of a file on disk, the cell in which a totals row in the middle has its label."""
    roubles: Roubles | None = None
    """How the money column's value becomes roubles, where it is not in roubles."""
    period: tuple[date, date] | None = None

    words: Collection[str] = ()
    """The columns that are read by their words."""

    @cached_property
    def parses(self) -> Mapping[str, Parsed]:
        """Column → the SQL of its value and of why it has none."""
        return {name: parsed(self.table.columns[name].type, f"t_{name}", self.readings[name]) for name in self.texts}

    @cached_property
    def wordy(self) -> Mapping[str, Words]:
        """The columns that can be read by their words."""
        return words(self.texts, self.parses, self._others)

    @property
    def extra(self) -> Mapping[str, str]:
        """What a quickly read row holds beside its columns."""
        label = {"label": self.first_cell} if self.is_on_disk and self.first_cell else {}
        return {**label, "code": self.roubles.code} if self.roubles else label

    @property
    def _others(self) -> list[str]:
        return [self.skipped, *self.extra.values()]


def reads(typing: Typing, chosen: Collection[str]) -> Reads:
    """Which columns are read by their words in; the SELECTs of every row out."""
    how = replace(typing, words=frozenset(chosen))
    return Reads(_quickly(how), _doubts(how), partial(_in_full, how), _typed(how, NOT_ODD, {}))


def _quickly(typing: Typing) -> str:
    """The SELECT over `raw_cells`; see `Reads.quickly` for its columns.

    A row is odd where some cell says something and the quick way made nothing of it, or made something suspect.
    Odd rows are few, and they alone keep their texts, save what the other rows need.
    """
    parses = typing.parses
    columns = [f"{sql} as {name}" for name, sql in typing.extra.items()]
    for name, text in typing.texts.items():
        columns += found(name) if name in typing.words else [f"{text} as t_{name}"]
    values = [f"{parse.quick or parse.value} as v_{name}" for name, parse in parses.items() if name not in typing.words]
    odd = " or ".join(_doubts(typing).values()) if parses and not typing.roubles else "true"
    kept = [f"{_kept(typing, name)} as t_{name}" for name in parses]
    return f"""
    select * replace ({_list(kept)}) from (
        select *, {odd} as is_odd from (
            select {_list(["*", *values])} from (
                select {_list(["source_row", f"{typing.skipped} as skipped", *columns])}
                from raw_cells{joined(typing.words, typing.wordy)}
            )
        )
    )"""


def _doubts(typing: Typing) -> dict[str, str]:
    """Column → the condition over a quickly read row that its cell needs a closer look."""
    return {
        name: f"w_{name} is not null"
        if name in typing.words
        else f"case when {_suspect(name, parse)} then not {_says_nothing(f't_{name}')} else false end"
        for name, parse in typing.parses.items()
    }


def _suspect(name: str, parse: Parsed) -> str:
    return parse.suspect.format(value=f"v_{name}")


def _says_nothing(text: str) -> str:
    """Cheap: empty, or a word for an absence in its usual spelling."""
    return f"({text} is null or {among(f'lower({text})', null_words())})"


def _in_full(typing: Typing, doubtful: Collection[str]) -> str:
    """The rows of `odd_cells`; cells of the doubtful columns are read in full where the quick way found nothing.

    What is read by its words has been read in full already.
    """
    asked = _doubts(typing)
    read = {name: parse for name, parse in typing.parses.items() if name in doubtful}
    slow = {name: parse for name, parse in read.items() if parse.quick and name not in typing.words}
    values = [
        f"case when {asked[name]} then {parse.value} else v_{name} end as v_{name}" for name, parse in slow.items()
    ]
    replaced = f" replace ({_list(values)})" if values else ""
    return _typed(typing, f"select *{replaced} from odd_cells", read)


def _typed(typing: Typing, rows: str, read: Mapping[str, Parsed]) -> str:
    """Rows with values, and how the columns that may lack one were read, in; the same rows with what is wrong out."""
    reasons = [f"{_reason(typing, name, read.get(name))} as r_{name}" for name in typing.texts]
    return f"""
    with parsed as {"materialized" if read else ""} (
        {rows}
    ),
    valued as (
        select * {_in_roubles(typing)} from parsed
    ),
    reasoned as (
        select *, {_list(reasons)} from valued
    ),
    judged as (
        select *, {_refused(typing)} as is_refused_if_read from reasoned
    ),
    kept as (
        select *, {_skipped_late(typing)} as why_skipped from judged
    )
    select
        source_row,
        why_skipped as skipped,
        why_skipped is null and is_refused_if_read as is_refused,
        {_money(typing)} as money_rub,
        {_day(typing, "least")} as day_from_on,
        {_day(typing, "greatest")} as day_to_on,
        {_list([*(["missing_rate"] if typing.roubles else []), *(f"v_{name}" for name in typing.texts)])},
        case when why_skipped is null then {flaws(typing.table, typing.texts, read)} end as flaws
    from kept"""


def _kept(typing: Typing, name: str) -> str:
    """The text of a row that is not odd is kept where it has no value, to be shown, or where some rule asks for it."""
    if any(f"t_{name}" in condition for condition, _ in typing.late_skips):
        return f"t_{name}"
    return f"case when is_odd or v_{name} is null then t_{name} end"


def _list(items: Iterable[str]) -> str:
    return ", ".join(items)


def _in_roubles(typing: Typing) -> str:
    if typing.roubles is None:
        return ""
    money = f"v_{typing.table.money}"
    missing = f"case when {money} is not null and ({typing.roubles.money}) is null then code end"
    return f"replace (({typing.roubles.money}) as {money}), {missing} as missing_rate"


def _reason(typing: Typing, name: str, parse: Parsed | None) -> str:
    """Why a cell has no value; of a required one also `missing`. Without a parse it has one, or is blank."""
    why = None if parse is None else f"w_{name}" if name in typing.words else parse.why
    if name in required(typing.table, typing.texts):
        return (
            f"case when v_{name} is null then coalesce({why}, 'missing') end"
            if why
            else f"case when v_{name} is null then 'missing' end"
        )
    if parse is None or why is None:
        return "null::varchar"
    return why if name in typing.words else parse.reason_of(f"v_{name}")


def _refused(typing: Typing) -> str:
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


def _skipped_late(typing: Typing) -> str:
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


def _money(typing: Typing) -> str:
    money = typing.table.money
    return f"v_{money}" if money in typing.texts else "null::decimal(18,2)"


def _day(typing: Typing, which: str) -> str:
    if typing.period is not None:
        first, last = typing.period
        return f"date '{first if which == 'least' else last}'"
    days = [f"v_{name}::date" for name in typing.table.day if name in typing.texts]
    return f"{which}({_list(days)})" if days else "null::date"
