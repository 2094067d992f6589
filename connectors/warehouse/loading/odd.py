"""The loaded rows of a file → notices of what cannot be so beside all its others: a slip, two columns exchanged, a sum.

What SQL alone tells stands in the files of `found`, each a SELECT of `load_id, kind, rows, money_rub, detail` in which
`{loads}`, `{table}`, `{money}`, `{column}` and `{heading}`, the headings of the columns that it needs, are written out.
"""

from dataclasses import dataclass
from typing import Any

from config.draft import LOAD, Draft, Level
from config.errors import ContractError
from config.macros import sql_file
from config.tables import tables
from config.words import is_headed
from connectors.warehouse.loading.raw_cells import Brought, look_at_all
from connectors.warehouse.store.database import quoted


@dataclass(frozen=True)
class Odd:
    """A file of `found`, and of which drafts it is asked."""

    name: str
    table: str = ""
    """Nothing: of every table."""
    needs: tuple[str, ...] = ()
    """Columns that the file must fill."""
    between: str = ""
    """What stands between their headings."""
    headed: str = ""
    """What the heading of the first of them must say, by vocabulary.yaml."""
    is_of_money: bool = False
    """Whether only of a table that has money."""
    is_of_vendors: bool = False
    """Whether it is asked of files that a profile knows, too."""

    def is_asked_of(self, draft: Draft) -> bool:
        """Whether a draft may show it."""
        is_table = self.table in ("", draft.table) and (not self.is_of_money or tables()[draft.table].money is not None)
        is_known = self.is_of_vendors or draft.profile is None
        is_filled = set(self.needs) <= set(draft.headers)
        return is_table and is_known and is_filled and (not self.headed or is_headed(self._heading(draft), self.headed))

    def sql(self, draft: Draft, loads: range) -> str:
        """The SELECT of its notices."""
        heading = self.between.join(draft.headers[column] for column in self.needs) if self.between else ""
        return sql_file(__package__, f"found/{self.name}").format(
            loads=f"load_id between {loads[0]} and {loads[-1]}",
            table=draft.table,
            money=tables()[draft.table].money or "0",
            column=self.needs[0] if self.needs else "",
            heading=f"'{quoted(heading or self._heading(draft))}'",
        )

    def _heading(self, draft: Draft) -> str:
        return draft.headers[self.needs[0]] if self.needs else ""


ODD = (
    Odd("row_outweighs", "deals", is_of_vendors=True),
    Odd("row_outweighs", "ad_spend", is_of_vendors=True),
    Odd("clicks_over_sights", "ad_spend", ("clicks", "impressions"), " > ", is_of_vendors=True),
    Odd("closed_before", "deals", ("closed_on", "created_on"), " < ", is_of_vendors=True),
    Odd("long_talks", "calls", ("talk_seconds",), is_of_vendors=True),
    Odd("left_before_joined", "subscribers", ("unsubscribed_on", "subscribed_on"), is_of_vendors=True),
    Odd("row_is_sum", is_of_money=True),
    Odd("price_of_a_piece", "deals", ("revenue_rub", "quantity"), headed="price_of_a_piece"),
    Odd("price_of_a_piece", "deals", ("cogs_rub", "quantity"), headed="price_of_a_piece"),
    Odd("names_in_first_rows", needs=("channel",)),
    Odd("names_in_first_rows", needs=("manager",)),
    Odd("lines_without_id", "deals", ("deal_id",)),
    Odd("running_total", "costs"),
    Odd("costs_of_parts", "costs"),
    Odd("days_twice", "ad_spend", ("spend_on", "campaign")),
)
"""Asked of the rows as a file has them."""


def tell_odd(connection: Any, draft: Draft, loads: range) -> None:
    """A notice of each kind that a load's rows show, as its file has them."""
    for one in ODD:
        if one.is_asked_of(draft):
            connection.execute(f"insert into loaded.notices {one.sql(draft, loads)}")
    if draft.table == "deals" and draft.profile is None and "deal_id" in draft.headers:
        for load_id in loads:
            _tell_exchanged(connection, draft, load_id)


SAMPLE = 1_000
"""Rows that show how long numbers usually are."""
SHORTEST = 4
"""Digits; shorter numbers are as long as amounts."""
RARE = 0.02
"""Of the rows: in more of them nothing changed places, numbers are of many lengths."""


def _tell_exchanged(connection: Any, draft: Draft, load_id: int) -> None:
    """Rows in which the number of a sale is as long as another number usually is, and the other way round."""
    rows = f"loaded.deals where load_id = {load_id} and deal_id is not null"
    other = "strlen(client_id)" if "client_id" in draft.headers else "null::bigint"
    usual, of_other = connection.execute(
        f"select mode(strlen(deal_id)), mode({other}) from (from {rows} limit {SAMPLE})"
    ).fetchone()
    if usual is None or usual < SHORTEST:
        return
    as_id = f"revenue_rub >= {10 ** (usual - 1)} and revenue_rub < {10**usual} and revenue_rub = round(revenue_rub, 0)"
    is_odd = f"strlen(deal_id) <> {usual}"
    pairs = {"revenue_rub": (as_id, f"{is_odd} and {as_id} and try_cast(deal_id as bigint) is not null")}
    if of_other not in (None, usual):
        as_client = f"strlen(client_id) = {usual}"
        pairs["client_id"] = (as_client, f"strlen(deal_id) = {of_other} and {as_client}")
    for column, (is_like, is_exchanged) in pairs.items():
        if connection.execute(f"select 1 from {rows} and {is_exchanged} limit 1").fetchone():
            connection.execute(
                f"""insert into loaded.notices
                select {load_id}, 'numbers_exchanged', count(*) filter (where {is_exchanged}) as rows,
                    sum(revenue_rub) filter (where {is_exchanged}), ? || min(source_row) filter (where {is_exchanged})
                from {rows} having count(*) filter (where {is_like}) <= greatest(1, {RARE} * count(*))""",
                [f"{draft.headers['deal_id']} ↔ {draft.headers[column]}, "],
            )


# The cells of files → whether some rows are the sums of the others, so that all would count twice; then it asks.

FEWEST = 2
"""Days, campaigns or months in which a row is the sum of the others; in one it may be so by chance.

Two rows alike are a sum of one and its part, or two rents of one price: then amounts must differ from month to month.
"""


def ask_levels(connection: Any, brought: Brought) -> None:
    """Raise ContractError, which asks, if the rows of one word are to the kopeck the sums of all rows beside them."""
    draft = brought.batch.draft
    if draft.levels:
        look_at_all(connection, brought)
    for level in draft.levels:
        found = connection.execute(_sums(level, draft.data)).fetchone()
        if found:
            raise ContractError.of(
                draft.origin,
                "staging.sums_among_rows",
                header=level.header,
                word=found[0],
                rows=found[1],
                money=round(found[2]),
            )
        found = connection.execute(_same(level, draft.data)).fetchone() if level.beside else None
        if found:
            raise ContractError.of(
                draft.origin,
                "staging.amounts_for_each",
                header=level.header,
                words=", ".join(f"«{word}»" for word in found[0]),
                word=found[0][0],
                parts=found[1],
                money=round(found[2]),
            )


FEWEST_SAME, NEARLY_ALL = 2, 0.9
"""Parts of which each word has the same amount, and their share of all that have several words."""


def _same(level: Level, data: str) -> str:
    """The words, how many parts bear one amount under each of them, and what counts too often; no row if none do.

    So do their clicks or sights, and the amounts differ from part to part: two towns may have one budget.
    """
    return f"""
    with parts as (
        select load_id, part, count(*) as words, min(amount) as amount, min(beside) as counted, list(word) as listed,
            min(amount) = max(amount) and min(beside) = max(beside) and min(beside) <> '' as is_same
        from ({_parts(level, data)}) group by all having words > 1
    ),
    told as (
        select load_id, list_sort(list_distinct(flatten(list(listed))))[:3] as words,
            count(*) filter (where is_same and amount > 0) as same, count(*) as parts,
            count(distinct counted) filter (where is_same) as unlike,
            count(distinct amount) filter (where is_same) as amounts,
            sum(amount * (words - 1)) filter (where is_same) as money
        from parts group by load_id
    )
    select words, same, money from told
    where same >= greatest({FEWEST_SAME}, {NEARLY_ALL} * parts)
        and least(amounts, unlike) >= greatest({FEWEST_SAME}, 0.25 * same)
    order by load_id limit 1"""


def _parts(level: Level, data: str) -> str:
    """Of each load, part and word: what its rows come to, and how many they are."""
    keys = ", ".join(f"coalesce({key}, '')" for key in level.keys) or "''"
    beside = ", ".join(level.beside) or "''"
    return f"""
        select {LOAD} as load_id, concat_ws(chr(31), {keys}) as part, trim(coalesce({level.cell}, '')) as word,
            sum({level.amount}) as amount, count(*) as rows, min(concat_ws(chr(31), {beside})) as beside
        from raw_cells where {data} and {level.counts} group by all having amount is not null"""


def _sums(level: Level, data: str) -> str:
    """The word whose rows are the sums of the others, how many they are, and their roubles; no row if there is none.

    Sums and their parts, all of one word, are each other's: then the blank word is that of the sums, else the word of
    fewer rows; of equally many nobody can tell.
    """
    return f"""
    with parts as ({_parts(level, data)}
    ),
    wholes as (select load_id, part, sum(amount) as whole, count(*) as words from parts group by all),
    told as (
        select load_id, word, sum(rows)::bigint as rows, sum(amount) as amount,
            count(*) filter (where words > 1 and whole <> 0 and amount * 2 = whole) as alike,
            count(*) filter (where words > 2 and whole <> 0 and amount * 2 = whole) as of_several,
            count(distinct amount) filter (where words > 1 and whole <> 0 and amount * 2 = whole) as amounts,
            count(*) filter (where words > 1 and amount * 2 <> whole) as unlike
        from parts join wholes using (load_id, part) group by all
        having alike >= {FEWEST} and greatest(of_several, amounts) >= {FEWEST} and unlike = 0 and amount > 0
    )
    select word, rows, amount from told
    window likeliest as (partition by load_id order by word <> '', rows, word)
    qualify row_number() over likeliest = 1 and (word = '' or rows < coalesce(lead(rows) over likeliest, rows + 1))
    order by load_id limit 1"""
