"""Texts of our columns and their readings → the SELECTs that type every row and say what is wrong with it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from config.draft import Reads
from transforms.parse import Parsed
from transforms.staging.columns import Typing, found, joined
from transforms.staging.verdicts import flaws, refused, required, skipped_late

NOT_ODD = "select * from quick_rows where not is_odd"


def reads(typing: Typing, chosen: Collection[str]) -> Reads:
    """Which columns are read by their words in; the SELECTs of every row out."""
    how = replace(typing, words=frozenset(chosen))
    return Reads(
        quickly=_quickly(how),
        doubts=_doubts(how),
        typed=_typed(how, NOT_ODD, {}),
        in_full=partial(_in_full, how),
    )


def _quickly(typing: Typing) -> str:
    """The SELECT over `raw_cells`; see `Reads.quickly` for its columns.

    A row is odd where some cell says something and the quick way made nothing of it, or made something suspect.
    Odd rows are few, and they alone keep their texts, save what the other rows need.
    """
    parses = typing.parses
    columns = [f"{sql} as {name}" for name, sql in typing.extra.items()]
    columns += [f"{typing.blank_row} as is_blank_row"] if typing.blank_row else []
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
    return f"({text} is null or is_among(lower({text}), null_words()))"


def _in_full(typing: Typing, doubtful: Collection[str]) -> str:
    """The rows of `odd_cells`; cells of the doubtful columns are read in full where the quick way found nothing.

    What is read by its words has been read in full already.
    """
    asked = _doubts(typing)
    read = {name: parse for name, parse in typing.parses.items() if name in doubtful}
    values = [
        f"case when {asked[name]} then {parse.value} else v_{name} end as v_{name}"
        for name, parse in read.items()
        if parse.quick and name not in typing.words
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
        select * {_in_roubles(typing)} from ({_signed(typing)})
    ),
    reasoned as (
        select *, {_list(reasons)} from valued
    ),
    judged as (
        select *, {refused(typing)} as is_refused_if_read from reasoned
    ),
    kept as (
        select *, {skipped_late(typing)} as why_skipped from judged
    )
    select
        source_row,
        why_skipped as skipped,
        why_skipped is null and is_refused_if_read as is_refused,
        {_money(typing)} as money_rub,
        {_day(typing, "least")} as day_from_on,
        {_day(typing, "greatest")} as day_to_on,
        {_list([*_extras(typing), *(f"v_{name}" for name in typing.texts)])},
        case when why_skipped is null then {flaws(typing, read)} end as flaws
    from kept"""


def _extras(typing: Typing) -> list[str]:
    return [*(["missing_rate"] if typing.roubles else []), *(["is_refund"] if typing.refund else [])]


def _kept(typing: Typing, name: str) -> str:
    """The text of a row that is not odd is kept where it has no value, to be shown, or where some rule asks for it."""
    if any(f"t_{name}" in condition for condition, _ in typing.late_skips):
        return f"t_{name}"
    return f"case when is_odd or v_{name} is null then t_{name} end"


def _list(items: Iterable[str]) -> str:
    return ", ".join(items)


def _signed(typing: Typing) -> str:
    """Amounts with the sign that they count with; a refund is a sale that is undone, under an id of its own."""
    values = dict(typing.turned)
    money = typing.table.money or ""
    if typing.refund and money in typing.texts:
        values[money] = f"case when is_refund then -abs(v_{money}) else {values.get(money, f'v_{money}')} end"
        for name, sql in {"status": "'won'", "deal_id": "v_deal_id || ':refund'"}.items():
            if name in typing.texts:
                values[name] = f"case when is_refund then {sql} else v_{name} end"
    replaced = [f"{sql} as v_{name}" for name, sql in values.items()]
    if typing.refund and "status" in typing.words:
        replaced.append("case when not is_refund then w_status end as w_status")
    return f"select * replace ({_list(replaced)}) from parsed" if replaced else "from parsed"


def _in_roubles(typing: Typing) -> str:
    if typing.roubles is None:
        return ""
    money = typing.roubles.money
    missing = [
        f"case when v_{name} is not null and ({sql}) is null then {typing.roubles.codes[name]} end"
        for name, sql in money.items()
    ]
    replaced = _list(f"({sql}) as v_{name}" for name, sql in money.items())
    return f"replace ({replaced}), coalesce({_list(missing)}, null) as missing_rate"


def _reason(typing: Typing, name: str, parse: Parsed | None) -> str:
    """Why a cell has no value; of a required one also `missing`. Without a parse it has one, or is blank."""
    is_known = name in typing.words
    why = None if parse is None else f"w_{name}" if is_known else parse.why
    if name in required(typing.table, typing.texts):
        return (
            f"case when v_{name} is null then coalesce({why}, 'missing') end"
            if why
            else f"case when v_{name} is null then 'missing' end"
        )
    if parse is None or why is None:
        return "null::varchar"
    return why if is_known else parse.reason_of(f"v_{name}")


def _money(typing: Typing) -> str:
    money = typing.table.money
    return f"v_{money}" if money in typing.texts else "null::decimal(18,2)"


def _day(typing: Typing, which: str) -> str:
    if typing.period is not None:
        first, last = typing.period
        return f"date '{first if which == 'least' else last}'"
    days = [f"v_{name}::date" for name in typing.table.day if name in typing.texts]
    return f"{which}({_list(days)})" if days else "null::date"
