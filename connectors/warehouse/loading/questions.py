"""What a load must not guess: unknown words, another currency, a missing rate. Each stops the load and asks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from config.draft import LOAD, OTHER_HEADINGS, ROW, STRUCK, ControlSum, Draft, Staging
from config.errors import ContractError
from config.tables import tables
from config.words import vocabulary

LONGEST_SHOWN = 80
"""Characters of a word that is asked about."""
MOST_WORDS = 10
"""Words of one column that are asked about at once."""
AMBIGUOUS, CURRENCY, WORD = "ambiguous", "currency", "word"
"""A cell that has two readings, an amount of other money, a word whose meaning must not be guessed."""
KINDS = {"unknown_direction": "direction", "unknown_answer": "answered"}
"""Why a word is asked about → the list of the vocabulary that its meaning is one of."""


def find_questions(connection: Any) -> frozenset[str]:
    """Of what kinds the flaws of `flawed_rows` are that may be asked about; most files have none."""
    found = connection.execute(f"""
        select distinct case when starts_with(flaw.reason, 'ambiguous_') then '{AMBIGUOUS}'
            when flaw.reason = 'other_currency' then '{CURRENCY}' else '{WORD}' end
        from (select unnest(flaws) as flaw from flawed_rows)
        where starts_with(flaw.reason, 'ambiguous_') or flaw.reason = 'other_currency' or flaw.kind = 'question'
        """).fetchall()
    return frozenset(row[0] for row in found)


def ask(connection: Any, draft: Draft, staging: Staging, questions: Collection[str]) -> None:
    """The typed rows of a draft and what `find_questions` found; raises ContractError for what only a person knows."""
    if WORD in questions:
        _ask_order(connection, draft)
        _ask_words(connection, draft)
    if CURRENCY in questions:
        _ask_currency(connection, draft)
    _ask_rates(connection, draft, staging)


def _ask_order(connection: Any, draft: Draft) -> None:
    """Raise ContractError for a row amid the data that holds headings in another order than the header."""
    found = connection.execute(
        f"""select min({ROW}) from (select source_row, unnest(flaws) as flaw from flawed_rows)
        where flaw.reason = '{OTHER_HEADINGS}'"""
    ).fetchone()
    if found[0] is not None:
        raise ContractError.of(draft.origin, "staging.other_order", row=found[0])


def _ask_words(connection: Any, draft: Draft) -> None:
    """Words whose meaning must not be guessed stop the load. Raises ContractError that lists them, column by column."""
    found = connection.execute("""
        with words as (
            select flaw.column_name, flaw.value, any_value(flaw.reason) as reason, count(*) as rows
            from (select unnest(flaws) as flaw from flawed_rows)
            where flaw.kind = 'question' and flaw.reason like 'unknown%' group by flaw.column_name, flaw.value
        )
        select column_name, any_value(reason), list({'word': value, 'rows': rows} order by rows desc, value)
        from words group by column_name order by sum(rows) desc, column_name""").fetchall()
    if found:
        raise ContractError.of(
            draft.origin,
            "staging.unknown_words",
            words="; ".join(f"{column} {shown_words(words)}" for column, _, words in found),
            values=", ".join(f"{column}: {{{_meanings(reason)}}}" for column, reason, _ in found),
        )


def shown_words(words: list[dict[str, Any]]) -> str:
    """The commonest words and their rows, `«перевод» (3)`."""
    return ", ".join(f"«{one['word'][:LONGEST_SHOWN]}» ({one['rows']})" for one in words[:MOST_WORDS])


def _meanings(reason: str) -> str:
    """What such a word can mean, as it is written under `values:`."""
    known: dict[str, list[str]] = getattr(vocabulary(), KINDS[reason])
    return ", ".join(f"{meaning}: […]" for meaning in known)


def _ask_currency(connection: Any, draft: Draft) -> None:
    """Amounts of money in another currency than the source's stop the load: refused, they would understate it."""
    found = connection.execute(
        """select flaw.value, count(*) over () as cells
        from (select source_row, unnest(flaws) as flaw from flawed_rows)
        where flaw.reason = 'other_currency' and flaw.column_name = ? order by source_row limit 1""",
        [tables()[draft.table].money],
    ).fetchone()
    if found:
        raise ContractError.of(
            draft.origin,
            "staging.other_currency",
            example=found[0],
            cells=found[1],
            currency=draft.currency,
            found=vocabulary().currency_within(found[0]) or "USD",
        )


def _ask_rates(connection: Any, draft: Draft, staging: Staging) -> None:
    lacking = connection.execute(staging.missing_rates).fetchall() if staging.missing_rates else []
    for found in lacking[:1]:
        raise ContractError.of(draft.origin, "staging.no_rate", currency=found[0], day=found[1], rows=found[2])


# Totals rows and control sums → a notice for each that is not the sum it should be.

DATA = f"coalesce(skipped, '') not in ('totals', 'service', 'blank', '{STRUCK}')"
"""Rows left out by `where` or `exclude` are in the vendor's totals all the same."""
OWN = f"coalesce(skipped, '') not in ('totals', 'service', 'blank', 'other_kind', '{STRUCK}')"
"""The same, of this table's rows alone: a bank states what came in apart from what went out."""

SO_FAR = f"""select {ROW}, money_rub, so_far from (
    select source_row, money_rub, skipped,
        coalesce(sum(money_rub) filter (where {{data}}) over (order by source_row), 0)
        as so_far
    from typed_rows where {LOAD} = ?) where skipped = 'totals' order by source_row"""
"""Of each totals row: its figure, and the sum of the data above it in this piece."""


def meant(put_right: Sequence[int]) -> str:
    """Over `typed_rows`: whether a row is what a person put instead of one of the file's."""
    numbers = ", ".join(map(str, put_right)) or "null"
    return f"(coalesce({ROW} in ({numbers}), false) and skipped is distinct from '{STRUCK}')"


def as_meant_and_as_read(put_right: Sequence[int] | None, data: str = DATA) -> list[str]:
    """Which rows of `typed_rows` a file's own sums are of: those that are meant, or those that it has; both may be."""
    if put_right is None:
        return [data]
    return [data, f"(skipped = '{STRUCK}' or ({data} and not {meant(put_right)}))"]


def check_controls(
    connection: Any, controls: Sequence[ControlSum], load_id: int, put_right: Sequence[int] | None = None
) -> None:
    """What files state of their rows beside them, and all rows in `typed_rows`; notices of what is not so."""
    for control in controls:
        stated: Any = connection.execute(f"select {control.stated}").fetchone()[0]
        rows = as_meant_and_as_read(put_right, OWN if control.is_of_own_rows else DATA)
        found, *others = [sum_ for of in rows for sum_ in _found(connection, control, of)]
        if stated is not None and stated not in (found, *others):
            money = 0 if control.is_count else stated - found
            detail = f"{control.label}: {stated} ≠ {found}"
            connection.execute(
                "insert into loaded.notices values (?, 'totals_mismatch', 0, ?, ?)", [load_id, money, detail]
            )


def _found(connection: Any, control: ControlSum, rows: str) -> list[Any]:
    """What the rows come to, likeliest first; a statement of both accounts may have a transfer between them twice."""
    what = "count(*)" if control.is_count else "coalesce(sum(money_rub), 0)"
    twice = "skipped = 'own_transfer'"
    found: tuple[Any, Any, Any] = connection.execute(
        f"""select {what}, coalesce(sum(money_rub) filter (where {twice}), 0), count(*) filter (where {twice})
        from typed_rows where {rows}"""
    ).fetchone()
    whole, transfers, count = found
    return [whole, whole - transfers / 2] if control.is_of_own_rows and count and count % 2 == 0 else [whole]


@dataclass(frozen=True)
class _Heading:
    """A totals row that is not the sum above it: it may be that of what stands below."""

    row: int
    stated: Decimal
    above: Decimal
    """The sum of all data above it."""
    has_data_above: bool
    """Some stand between it and the total before."""
    ends: tuple[Decimal, ...] = ()
    """The sums of all data above each totals row further down."""


ROUNDED_APART, ROUBLES_APART = Decimal("0.0001"), Decimal(5)
"""Of a total and at most: advertising systems round it apart from its rows, yandex.ru/dev/direct/doc/ru/money."""


class AddedUp:
    """The sums round each totals row of a table, which may come in pieces: since the last total, of all, and below."""

    def __init__(self, data: str = DATA, near: Decimal = Decimal(0)) -> None:
        """`near` is the part of a total by which it may miss its rows."""
        self._data, self._near = data, near
        self._since, self._all = Decimal(0), Decimal(0)
        self._headings: list[_Heading] = []

    def look(self, connection: Any, load_id: int) -> None:
        """A piece of the load's table is in `typed_rows`; each totals row in it is added up."""
        totals, added = connection.execute(
            f"""select count(*) filter (where skipped = 'totals'),
            coalesce(sum(money_rub) filter (where {self._data}), 0) from typed_rows where {LOAD} = ?""",
            [load_id],
        ).fetchone()
        above, seen, so_far_of = self._all, Decimal(0), SO_FAR.format(data=self._data)
        for row, stated, so_far in connection.execute(so_far_of, [load_id]).fetchall() if totals else ():
            self._since, self._all, seen = self._since + so_far - seen, above + so_far, so_far
            self._headings = [replace(one, ends=(*one.ends, self._all)) for one in self._headings]
            if stated is not None and not self._is_one(stated, (self._since, self._all)):
                self._headings.append(_Heading(row, stated, self._all, self._since != 0))
            self._since = Decimal(0)
        self._since, self._all = self._since + added - seen, above + added

    def found(self) -> Iterator[tuple[int, Decimal, Decimal]]:
        """Every piece was looked at; totals that are no sum of what stands above or below them: row, stated, found."""
        for heading in self._headings:
            below = [end - heading.above for end in (*heading.ends, self._all)]
            if not self._is_one(heading.stated, below):
                found = heading.above if heading.has_data_above or not below[0] else below[0]
                yield heading.row, heading.stated, found

    def _is_one(self, stated: Decimal, sums: Sequence[Decimal]) -> bool:
        near = min(abs(stated) * self._near, ROUBLES_APART)
        return any(abs(stated - one) <= near for one in sums)


def tell_added_up(connection: Any, added_up: Sequence[AddedUp], load_id: int) -> None:
    """A notice of each total that is no sum of the rows, whether they are added up as meant or as read."""
    as_meant, *as_read = [list(one.found()) for one in added_up]
    torn = set.intersection(*({row for row, *_ in found} for found in (as_meant, *as_read)))
    for row, stated, found in as_meant:
        if row in torn:
            connection.execute(
                "insert into loaded.notices values (?, 'totals_mismatch', ?, ?, ?)",
                [load_id, row, stated - found, f"Итого: {stated} ≠ {found}"],
            )


class Totals:
    """The totals rows of a batch, each added up with the rows of its own load."""

    def __init__(self, table: str, put_right: Mapping[int, Sequence[int] | None]) -> None:
        """The table of the rows, and load → the numbers of its rows that a person put right."""
        near = ROUNDED_APART if table == "ad_spend" else Decimal(0)
        self._sums = {
            load_id: [AddedUp(data, near) for data in as_meant_and_as_read(rows)] for load_id, rows in put_right.items()
        }

    def look(self, connection: Any, *, is_whole: bool) -> None:
        """A piece of the batch, or all of it, is in `typed_rows`."""
        asked = "select count(*) from typed_rows where skipped = 'totals'"
        if is_whole and not connection.execute(asked).fetchone()[0]:
            return
        for load_id, sums in self._sums.items():
            for one in sums:
                one.look(connection, load_id)

    def tell(self, connection: Any) -> None:
        """Every piece was looked at; a notice of each total that is no sum."""
        for load_id, sums in self._sums.items():
            tell_added_up(connection, sums, load_id)
