"""The loaded rows of files → whether what they say can be so; what cannot is asked about.

A cell by itself reads well; only all of them together show a wrong sign, a wrong unit or a wrong column.
"""

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb

from config.draft import LOAD, Aside, Draft
from config.errors import ContractError
from config.notices import PREFIX
from config.tables import tables
from connectors.files.text.encoding import undone
from connectors.warehouse.kept.stored import Handed, files_of, loaded_of
from connectors.warehouse.loading.raw_cells import Brought, look_at_all
from connectors.warehouse.store.database import bounds
from connectors.warehouse.store.folders import let_see

NEARLY_ALL = 0.9
"""Of expenses that bear a minus: what a plus means is then anybody's guess."""
MANY = 0.3
"""Of sales: so many that come back are rather what the owner paid."""
FEWEST = 3
"""Fewer rows prove nothing."""
FEWEST_BACK = 2
"""Of money that nobody is said to have paid; one may have come back."""
FEWEST_SUMMED, MOST_SUMMED, MOST_FILES, UNLIKELY = 6, 20_000, 20, 200
"""Rows of a file, and files, that are looked into for sums of groups; how often amounts would add up so by chance."""
LONG_TALK = 3 * 3600
"""Seconds that half of all talks cannot last: they are milliseconds."""
HOUR, MINUTE = 3600, 60
DEAREST_CLICK, DEAREST_SIGHT = 50_000, 1_000
"""Roubles that no click, and no impression, costs over a whole file."""
LEGS_SHARE = 0.05
"""Of all calls; fewer are people who pressed the button twice."""
RINGS, PASSED_SHARE = 30, 0.15
"""Seconds between two legs of a call that nobody answered yet, and the share of all calls; fewer are redialled."""
NOT_TAKEN = f"not was_answered and manager <> other and started_at - before <= interval {RINGS} second"
"""Of two calls of a phone: the first was nobody's, and the second came to somebody else while it rang."""
LOOKED_AT = 20_000
"""Rows of a file in which legs that have numbers of their own are looked for."""
BY_WORD = PREFIX + "refund_by_word", PREFIX + "refunds_by_title"
"""The notices of rows whose minus a word explains."""
NAMES = frozenset({"channel", "manager"})
TORN_SHARE = 0.05
"""Of all rows; fewer are told of one by one."""
TORN = "|".join(
    (
        r"^[?\x{fffd}][?\x{fffd} .-]*[?\x{fffd}]$",  # a program that knew no Russian wrote `????`
        r"(?:[РС][^ -~А-Яа-яЁё]|[РС][°±µ‚-›€™]){2}|(?:[РС][^ -~ ]){4}",  # UTF-8 that was read as cp1251, and saved so
        r"[À-ÿ]{4}",  # cp1251 that was read as Latin
    )
)
"""Names of which no letter can be believed."""
ODD = "[^ -~А-Яа-яЁё]|[а-яё][А-ЯЁ]"
"""What a name must have for its letters to be looked at one by one."""
PERSONAL = frozenset({"phone", "email"})
"""Columns in which odd texts stand for nobody, each told of by itself."""


def ask_believed(connection: Any, draft: Draft, loads: range) -> None:
    """Raise ContractError, which asks, if the rows of a load cannot mean what they were taken for."""
    _ask_sign(connection, draft, loads)
    if draft.table == "calls" and not draft.is_duration_known:
        _ask_duration(connection, draft, loads)
    if tables()[draft.table].money and draft.profile is None:
        _tell_sums(connection, draft, loads)
    if draft.table == "ad_spend" and not draft.is_unit_known:
        _ask_unit(connection, draft, loads)
    if draft.profile is None:
        _ask_unread(connection, draft, loads)
    for column in NAMES & set(draft.headers):
        _ask_torn(connection, draft, column, loads)


def _tell_sums(connection: Any, draft: Draft, loads: range) -> None:
    """A notice of rows that are the sums of those above them, or below, up to the one before, whatever they are called.

    Of files that people look at; a long one was written by a program that knows no sums among its rows.
    """
    money = tables()[draft.table].money
    amounts = connection.execute(
        f"""select load_id, list(({money} * 100)::bigint order by source_row), list(source_row order by source_row)
        from loaded.{draft.table} where load_id between ? and ? and {money} is not null
        group by load_id having count(*) between {FEWEST_SUMMED} and {MOST_SUMMED}
        order by load_id limit {MOST_FILES}""",
        [loads[0], loads[-1]],
    ).fetchall()
    for load_id, kopecks, rows in amounts:
        below, above = sums_among(kopecks), sums_among(kopecks[::-1])
        sums = below or [len(rows) - 1 - place for place in reversed(above)]
        if sums:
            shown = ", ".join(str(rows[place]) for place in sums[:FEWEST]) + (", …" if len(sums) > FEWEST else "")
            connection.execute(
                "insert into loaded.notices values (?, 'rows_are_sums', ?, ?, ?)",
                [load_id, len(sums), sum(kopecks[place] for place in sums) / 100, shown],
            )


def sums_among(amounts: Sequence[int]) -> list[int]:
    """Amounts in their order; the places of sums of what stands above, up to the sum before, if every row is in one.

    With all added up a sum is half of what came since the one before it; the last may be that of all. None where it may
    be chance: the amounts are few and alike, or a group has hardly two.
    """
    so_far = list(accumulate(amounts))
    began = {0: 0}
    for amount, whole in zip(amounts, so_far, strict=True):
        if amount > 0 and whole - 2 * amount in began:
            began.setdefault(whole, whole - 2 * amount)
    total = [len(amounts) - 1] if amounts and amounts[-1] * 3 == so_far[-1] else []
    end, ends = sum(amounts) - sum(amounts[place] for place in total), set()
    while end and end in began:
        ends.add(end)
        end = began[end]
    if end or len(ends) < 2 or len(amounts) < 3 * len(ends) or len(set(amounts)) ** len(ends) < UNLIKELY:
        return []
    return [place for place, whole in enumerate(so_far) if whole in ends] + total


def tell_at_once(connection: Any, draft: Draft, loads: range) -> None:
    """A notice of calls that may be legs of one call, each counted as a call.

    One phone made them in one second, or one after another in less time than a phone rings, at different managers, the
    first of them not answered; where each has a number of its own, passing on a talk is looked for too, among the first
    rows. Rows that were exported twice have left by now.
    """
    filled = {"call_id", "phone"} & set(draft.headers)
    if draft.table != "calls" or "phone" not in filled:
        return
    is_numbered = "call_id" in filled
    ended = "before + to_seconds(coalesce(talked, 0))"
    is_passed_on = f"manager <> other and {ended} - started_at between interval '-{RINGS}' second and interval 5 second"
    connection.execute(
        f"""insert into loaded.notices
        select load_id, '{"legs_numbered" if is_numbered else "calls_at_once"}',
            count(*) filter (where is_at_once or is_passed_on) as more, 0, null
        from (
            select load_id, before = started_at and second(started_at) + minute(started_at) + hour(started_at) > 0
                    as is_at_once,
                {is_passed_on if is_numbered else NOT_TAKEN} as is_passed_on
            from (
                select load_id, started_at, manager, lag(started_at) over calls as before,
                    lag(manager) over calls as other, coalesce(lag(is_answered) over calls, false) as was_answered,
                    lag(talk_seconds) over calls as talked
                from loaded.calls
                where load_id between ? and ? and phone is not null and (call_id is not null) = {is_numbered}
                    {f"and source_row <= {LOOKED_AT}" if is_numbered else ""}
                window calls as (partition by load_id, phone order by started_at, source_row)
            )
        ) group by load_id
        having more >= {FEWEST} and (count(*) filter (where is_at_once) >= {LEGS_SHARE} * count(*)
            or count(*) filter (where is_passed_on) >= {LEGS_SHARE if is_numbered else PASSED_SHARE} * count(*))""",
        [loads[0], loads[-1]],
    )


def tell_asides(connection: Any, brought: Brought) -> None:
    """A notice of each column beside the amounts that holds some."""
    draft = brought.batch.draft
    if draft.asides:
        look_at_all(connection, brought)
    for aside in draft.asides:
        amounts = f"select source_row, alike, {aside.amount} as amount from ({_cells_of(aside, brought)})"
        money = "sum(amount)" if aside.is_money else "0"
        connection.execute(
            f"""insert into loaded.notices
            select {LOAD}, ?, sum(alike) filter (where amount > 0) as rows, {money}, ? from ({amounts})
            where amount >= 0 group by 1 having rows > 0 and rows <= ? * sum(alike)""",
            [aside.kind, aside.detail, aside.most],
        )


def _cells_of(aside: Aside, brought: Brought) -> str:
    """The rows of data: each by itself, or all that are `alike` in the cell which decides, as it is meant, as one."""
    draft, cell = brought.batch.draft, aside.cell
    if cell is None:
        some = f"limit {aside.looked_at}" if aside.looked_at else ""
        return f"select *, 1 as alike from raw_cells where {draft.data} {some}"
    texts = f"""select min(source_row) as source_row, {cell}, count(*) as alike
        from raw_cells where {draft.data} group by {LOAD}, {cell}"""
    read_by = [name for name in brought.words if draft.staging.words[name].cell == cell]
    joined = "".join(f" left join words_{name} as words on words.cell = texts.{cell}" for name in read_by)
    return f"select texts.* replace (words.text as {cell}) from ({texts}) as texts{joined}" if read_by else texts


def _ask_sign(connection: Any, draft: Draft, loads: range) -> None:
    """Expenses that are nearly all negative, or sales of nobody of which many are."""
    if draft.is_sign_known:
        return
    table = tables()[draft.table]
    share, fewest = (NEARLY_ALL, 1) if table.is_expense else (MANY, FEWEST_BACK)
    is_less = f"sum({table.money}) < 0" if table.is_expense else "false"  # nobody is paid for spending
    money = table.money
    for below, above, example in connection.execute(
        f"""select count(*) filter (where {money} < 0) - coalesce(any_value(told.rows), 0) as below,
            count(*) filter (where {money} > 0) as above, min({money})
        from loaded.{draft.table} left join (
            select load_id, sum(rows)::bigint as rows from loaded.notices where kind in {BY_WORD} group by load_id
        ) as told using (load_id)
        where load_id between ? and ? group by load_id
        having below >= ? and (below >= ? * (below + above) or {is_less}) order by load_id""",
        [loads[0], loads[-1], fewest, share],
    ).fetchall():
        raise ContractError.of(
            draft.origin,
            "staging.which_sign" if table.is_expense else "staging.which_sales",
            column=table.money,
            header=draft.headers.get(table.money or "", table.money),
            below=below,
            cells=below + above,
            example=example,
        )


def _ask_duration(connection: Any, draft: Draft, loads: range) -> None:
    """Talks of which half are longer than any, or longer than an hour and never a second off the minute."""
    for talks, long, example in connection.execute(
        f"""select count(*) as talks, count(*) filter (where talk_seconds > {HOUR}) as long, max(talk_seconds)
        from loaded.calls where load_id between ? and ? and talk_seconds > 0
        group by load_id having talks >= {FEWEST} and (
            count(*) filter (where talk_seconds > {LONG_TALK}) * 2 > talks
            or (long * 2 > talks and count(*) filter (where talk_seconds % {MINUTE} <> 0) = 0)
        ) order by load_id""",
        [loads[0], loads[-1]],
    ).fetchall():
        raise ContractError.of(
            draft.origin,
            "staging.which_duration",
            column="talk_seconds",
            header=draft.headers.get("talk_seconds", "talk_seconds"),
            talks=talks,
            cells=long,
            example=example,
        )


def _ask_unit(connection: Any, draft: Draft, loads: range) -> None:
    """Advertising of which a click, or an impression, would cost what no campaign does: millionths of a rouble."""
    for spend, clicks, impressions, example in connection.execute(
        """select sum(spend_rub) as spend, sum(clicks), sum(impressions), max(spend_rub) from loaded.ad_spend
        where load_id between ? and ? and spend_rub = round(spend_rub, 0) group by load_id order by load_id""",
        [loads[0], loads[-1]],
    ).fetchall():
        if spend > DEAREST_CLICK * (clicks or 0) > 0 or spend > DEAREST_SIGHT * (impressions or 0) > 0:
            raise ContractError.of(
                draft.origin,
                "staging.which_unit",
                column="spend_rub",
                header=draft.headers.get("spend_rub", "spend_rub"),
                example=f"{example:.0f}",
                price=f"{spend / (clicks or impressions):.0f}",
            )


def _ask_unread(connection: Any, draft: Draft, loads: range) -> None:
    """A column of which hardly a cell could be read: it holds something else, or in another way."""
    for load_id, column, cells, example in connection.execute(
        """select load_id, column_name, count(*), min(value) from loaded.rejects
        where is_row_kept and load_id between ? and ? group by all having count(*) >= ? order by all""",
        [loads[0], loads[-1], FEWEST],
    ).fetchall():
        if column in PERSONAL or column not in tables()[draft.table].public_columns:
            continue
        read = f"count({column}) filter (where {column}::varchar <> '0')"
        found = connection.execute(f"select {read} from loaded.{draft.table} where load_id = ?", [load_id]).fetchone()
        if found[0] <= (1 - NEARLY_ALL) * cells:
            raise ContractError.of(
                draft.origin,
                "staging.unread_column",
                column=column,
                header=draft.headers.get(column, column),
                cells=cells,
                example=example,
            )


def _ask_torn(connection: Any, draft: Draft, column: str, loads: range) -> None:
    """Names whose letters were lost before the file was saved: no channel can be told from another."""
    torn: dict[int, list[tuple[int, str]]] = {}
    for load_id, name, rows, is_torn, fewest in connection.execute(
        f"""select load_id, {column} as told, count(*) as rows, regexp_matches(told, ?) as is_torn,
            {TORN_SHARE} * sum(count(*)) over (partition by load_id) as fewest
        from loaded.{draft.table} where load_id between ? and ? and {column} is not null group by load_id, told
        qualify regexp_matches(told, ?) order by load_id, told""",
        [TORN, loads[0], loads[-1], f"{ODD}|{TORN}"],
    ).fetchall():
        found = torn.setdefault(load_id, [])
        if is_torn or undone(name):
            found.append((rows, name))
        rows_torn = sum(rows for rows, _ in found)
        if rows_torn >= max(FEWEST, fewest):
            raise ContractError.of(
                draft.origin, "staging.torn_names", header=draft.headers[column], rows=rows_torn, example=found[0][1]
            )


# What workers loaded of the pieces of one file → whether it adds up to what the file would be as a whole.


def are_of_one_file(handed: Sequence[Handed], data: Path) -> bool:
    """Pieces in their order, and the data folder, in; whether nothing but their size tells them from the whole."""
    if len({tuple(one.rows) for one in handed}) != 1 or len(handed[0].rows) != 1:
        return False
    [load_id] = handed[0].rows
    with duckdb.connect(config=bounds(data)) as connection:
        let_see(connection, handed[0].folder)
        [(name,)] = connection.execute(f"select distinct table_name from {files_of(handed, 'ops.files')}").fetchall()
        rows = loaded_of(handed, load_id)
        return (
            _skip_nothing(connection, handed)
            and _are_records(connection, handed, rows)
            and _are_read(connection, handed, rows, name)
            and (name != "calls" or _have_talks(connection, handed, load_id))
        )


def _skip_nothing(connection: Any, handed: Sequence[Handed]) -> bool:
    """No row is skipped but in the last piece: there it stands, as in the whole, at the end."""
    skipped = f"select sum(rows_skipped) from {files_of(handed[:-1], 'ops.files')}"
    return not connection.execute(skipped).fetchone()[0]


def _are_records(connection: Any, handed: Sequence[Handed], rows: str) -> bool:
    """Every row is a record of its own: none is repeated, in its piece or another, none was folded into one."""
    again = f"select 1 from {rows} group by key_hash having count(*) > 1 or max(source_rows) > 1 limit 1"
    folded = f"select 1 from {files_of(handed, 'loaded.notices')} where kind = 'repeated_rows' limit 1"
    return not connection.execute(again).fetchall() and not connection.execute(folded).fetchall()


def _are_read(connection: Any, handed: Sequence[Handed], rows: str, name: str) -> bool:
    """Of a column with unreadable cells more others were read: what holds few of them in a piece may hold many."""
    found = connection.execute(
        f"""select column_name, count(*) from {files_of(handed, "loaded.rejects")} where is_row_kept
        group by column_name having count(*) >= {FEWEST}"""
    ).fetchall()
    for column, cells in found:
        if column in tables()[name].public_columns and column not in PERSONAL:
            read = f"select count({column}) filter (where {column}::varchar <> '0') from {rows}"
            if connection.execute(read).fetchone()[0] <= cells:
                return False
    return True


def _have_talks(connection: Any, handed: Sequence[Handed], load_id: int) -> bool:
    """In every piece there are enough talks to tell their unit, or there is none at all."""
    counts = [
        connection.execute(f"select count(*) from {loaded_of([one], load_id)} where talk_seconds > 0").fetchone()[0]
        for one in handed
    ]
    return min(counts) >= FEWEST or not any(counts)
