"""Rows that are no business of this table → SQL that says why they are skipped; of a statement, what else it moved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from config.client import SourceConfig
from config.documents import NUMBER_MARK
from config.draft import LOAD, ROW
from config.errors import ContractError
from config.words import fold, is_headed, saying, vocabulary
from transforms.parse import Reading, parsed
from transforms.parse.cells import folded, literal, literals
from transforms.recognise.recognised import OTHER_WAY
from transforms.shape import NAME_OF_TOTAL_PATTERN, NAMES_OF_TOTALS
from transforms.staging.cells import is_among
from transforms.staging.columns import is_constant
from transforms.staging.context import StagingContext
from transforms.staging.one_table import OneTable

LIST_ENDING = ".csv"
SAYS_WHAT = {"deals": "product", "costs": "item"}
"""Table → the column in which statements say what a payment was for."""
ADDED_UP = frozenset({"ad_spend", "deals", "costs"})
"""Tables whose rows people add up; in a plan, «Всего» is all channels together."""
NAMED = frozenset({"item", "channel", "campaign", "product", "manager"})
"""Columns that may name a total beside a day or a month that is its own."""
OWN_ACCOUNTS = "own_accounts"
"""Stands in a profile's conditions for the accounts of all bank statements of the client."""


def by_cells(one: OneTable) -> str:
    """The SQL over `raw_cells` of why a row is skipped, by what the file says in any header; NULL: it is not."""
    source, cells = one.source, one.cells
    accounts = f"[{literals(one.context.accounts)}]::varchar[]"
    skips = one.recognised.skips
    cases = [(cells.rewritten(f"({skip.when.replace(OWN_ACCOUNTS, accounts)})"), skip.why) for skip in skips]
    for header, values in source.where.items():
        cell = f"coalesce({cells.named(header)}, '')"
        cases.append((f"not {is_among(cell, values)}", "where"))
    for header, values in source.exclude.items():
        if header not in one.table.mappable_columns and values:
            cases.append((is_among(cells.named(header), _listed(values, one.context)), "excluded"))
    cases += [(condition, "void") for _, condition in voids(one)]
    cases += [(_is_of_all(cells.named(header)), "totals") for header in _with_totals(one)]
    for header, what, why in moves(one):
        undone = f" and not {is_among(cells.named(header), words)}" if (words := source.refunds.get(header)) else ""
        cases.append((_is_kind(kind_of(one, header), what) + undone, why))
    cases += [(condition, LEFT_ASIDE[source.table]) for condition in _other_way(one)]
    return _case([("skipped is not null", "skipped")], cases)


LEFT_ASIDE = {"deals": "withdrawal", "costs": "income"}
"""Table → why a row is skipped whose money went the other way."""
NO_SUM = r"[\x{E001}-\x{E004}\s0.,–—-]*"


def _other_way(one: OneTable) -> list[str]:
    """Of a statement with a column for each way, that a row has a sum in the other one alone."""
    own = one.recognised.columns.get(one.table.money or "")
    if one.is_vendors or one.source.table not in OTHER_WAY or own is None or not own.headers:
        return []
    has_none = " and ".join(_is_no_sum(one.cells.named(header)) for header in own.headers)
    others = one.unread_as(OTHER_WAY[one.source.table])
    return [f"{has_none} and not {_is_no_sum(one.cells.named(other))}" for other in others]


def _is_no_sum(cell: str) -> str:
    return f"regexp_full_match(coalesce({cell}, ''), {literal(NO_SUM)})"


YES, NO = (tuple(map(fold, vocabulary().marks[mark])) for mark in ("true", "false"))
"""How a mark is set, and how one is left out."""
NOT = tuple(word for word in NO if word not in ("0", "-"))
"""How it is said that a sale is not paid: a 0 may be roubles."""
NOT_PAID = "is not paid"
"""Stands for how it is said, which depends on what else the column says."""
DELETED = ("удален", "удалена", "удалено", "заказ удален", "чек удален", "блюдо удалено", "deleted")
"""How programs of restaurants set the mark."""
PLANNED = ("план", "плановый", "плановые", "бюджет", "прогноз", "plan", "planned", "budget", "forecast")
"""How amounts are called that are but planned."""
OF_MARKS = frozenset({"deals", "costs", "ad_spend", "calls", "leads"})
OF_AMOUNTS = frozenset({"deals", "costs", "ad_spend"})
OF_DOCUMENTS = frozenset({"deals", "costs"})
"""Tables whose rows may be undone; a call that was cancelled was a call."""


def voids(one: OneTable) -> Iterator[tuple[str, str]]:
    """Headings that mark rows as deleted, cancelled, a test or a plan, with the SQL of those that do not count.

    Not of a file that a profile knows. A heading that svodka.yaml names is its own business, and so is what became of a
    deal whose status is read.
    """
    name = one.source.table
    if one.is_vendors or name not in OF_MARKS:
        return
    is_open = name in OF_DOCUMENTS and not one.has("status")
    is_set, is_left_out = f"in ({literals((*YES, *DELETED))})", f"in ({literals(NO)})"
    marks = [("gone", is_set), ("gone_since", "")]
    marks += [("undone", is_set), ("undone_since", ""), ("booked", is_left_out)] if is_open else []
    marks += [("paid_at_all", NOT_PAID)] if is_open and name == "deals" else []
    marks += [("scenarios", f"in ({literals(PLANNED)})")] if name in OF_AMOUNTS else []
    for header in one.unread:  # a cell that is asked for is kept of every row
        told = next((told for kind, told in marks if is_headed(header, kind)), None)
        if told is not None:
            told = f"in ({literals(NO if are_marks(one.sample(header)) else NOT)})" if told == NOT_PAID else told
            text = f"coalesce({folded(one.cells.named(header))}, '')"
            yield header, f"{text} {told}" if told else f"regexp_matches({text}, '[1-9]')"


def are_marks(cells: Sequence[str]) -> bool:
    """Whether filled cells only say yes, or no: then «-», and 0, are no dash and no roubles."""
    said = set(map(fold, cells))
    return said <= {*YES, *NO} and not said.isdisjoint(YES)


OF_ALL = re.compile(
    rf"(?:{'|'.join(map(re.escape, NAMES_OF_TOTALS))}"
    r"|(?:все|all) (?:устройства|платформы|площадки|регионы|города|сети|типы|devices|platforms|networks|regions))"
)
"""What a row that adds up others is called in a column that tells its parts apart."""


def _with_totals(one: OneTable) -> list[str]:
    """Headings that nothing reads, under which some rows are called the sum of the others: «Все устройства»."""
    if one.source.table not in ADDED_UP or one.is_vendors:
        return []
    found = {header: set(map(fold, one.sample(header))) for header in one.unread}
    sums = {header: {text for text in texts if OF_ALL.fullmatch(text)} for header, texts in found.items()}
    return [header for header, texts in found.items() if sums[header] and texts - sums[header]]


def _is_of_all(cell: str) -> str:
    return f"regexp_full_match({folded(cell)}, {literal(OF_ALL.pattern)})"


MOVES = {
    "deals": (("moves_out", "withdrawal"), ("no_sales", "no_sale")),
    "costs": (("moves_in", "income"),),
    "ad_spend": (("moves_in", "income"),),
}
"""Table → the lists of kinds of operations that are none of its business, and why their rows are skipped."""


def moves(one: OneTable) -> list[tuple[str, str, str]]:
    """Columns of kinds of operations with the lists of words by which a row is none of the table's, and why.

    Where a vendor, `where` or `exclude` speaks, or the column is one of the table's own, its words decide nothing.
    """
    name = one.source.table
    if one.is_vendors or name not in MOVES:
        return []
    said = {*one.source.where, *one.source.exclude}
    kinds = one.headed("kinds") if name == "deals" else []
    headers = [header for header in dict.fromkeys([*kinds, *one.unread_as("ways_of_money")]) if header not in said]
    return [(header, what, why) for header in headers for what, why in MOVES[name]]


def kind_of(one: OneTable, header: str) -> str:
    """The SQL of a kind of operations in words, where a receipt's sign is a code."""
    cell = one.cells.named(header)
    if not is_headed(header, "receipt_signs"):
        return cell
    words = "when '2' then 'возврат прихода' when '3' then 'расход' when '4' then 'расход'"
    return f"(case trim({cell}, ' {NUMBER_MARK}') {words} else {cell} end)"


def _is_kind(cell: str, what: str) -> str:
    """SQL of a kind of operations and the name of a list of words; whether it begins like one of them."""
    words = getattr(vocabulary(), what)
    kind = f"coalesce({folded(cell)}, '')"
    begins = f"regexp_matches({kind}, {literal('^(?:' + '|'.join(words['begin']) + ')')})"
    return f"({begins} and not regexp_matches({kind}, {literal('|'.join(words['unless']))}))"


def by_values(
    one: OneTable, filled: Mapping[str, str]
) -> tuple[list[tuple[str, str]], dict[str, Sequence[tuple[str, ...]]]]:
    """Conditions over `v_…` and `t_…` under which a row is skipped, with reasons; and the lists they look into."""
    source, table = one.source, one.table
    cases: list[tuple[str, str]] = []
    lists: dict[str, Sequence[tuple[str, ...]]] = {}
    for name, values in source.exclude.items():
        if name not in table.mappable_columns or not values:
            continue
        if name not in filled:
            raise ContractError("staging.exclude_unfilled", column=name)
        kind = table.columns[name].type
        if kind in ("text", "channel", "manager"):
            cases.append((is_among(f"t_{name}", _listed(values, one.context)), "excluded"))
            continue
        relation = f"exclude_{name}"
        lists[relation] = [(text,) for text in _listed(values, one.context)]
        value = parsed(kind, "c0", Reading()).value
        cases.append((f"v_{name} in (select {value} from {relation} where ({value}) is not null)", "excluded"))
    what = SAYS_WHAT.get(source.table)
    said = ["own_transfer"] if what in filled else []
    said += ["not_earned"] if says_what(source, filled) else []
    said += ["part_of"] if source.table == "costs" and "item" in filled and "item" not in source.exclude else []
    cases += [(f"regexp_matches(lower(t_{what}), {literal(saying(kind))})", kind) for kind in said]
    named = sorted(NAMED & set(filled)) if source.table in ADDED_UP else []
    named = [name for name in named if not is_constant(filled[name])]
    cases += [(f"regexp_full_match(v_{name}, {literal(NAME_OF_TOTAL_PATTERN)})", "totals") for name in named]
    cases += [
        (f"v_{name} < 0", "withdrawal") for name, sign in source.signs.items() if sign == "income" and name in filled
    ]
    if "direction" in filled:
        cases.append(("v_direction = 'internal'", "internal"))
    return cases, lists


def says_what(source: SourceConfig, filled: Collection[str]) -> bool:
    """Whether a source of sales tells what each payment was for, and svodka.yaml does not say which are none."""
    what = SAYS_WHAT["deals"]
    return source.table == "deals" and what in filled and what not in source.exclude


def _case(first: list[tuple[str, str]], cases: list[tuple[str, str]]) -> str:
    whens = [f"when {condition} then {result}" for condition, result in first]
    whens += [f"when {condition} then '{why}'" for condition, why in cases]
    return f"case {' '.join(whens)} end"


def _listed(values: Sequence[str], context: StagingContext) -> list[str]:
    """Values as written, those of a file instead of its name."""
    found: list[str] = []
    for value in values:
        found += context.lists[value] if value.casefold().endswith(LIST_ENDING) else [value]
    return found


# A bank's statement as a table → the SQL of all that came into an account and went out of it.
# A sale is what came in and a cost what went out; a transfer between two accounts of one owner is neither, and shows
# only where both its legs are seen: what a source leaves aside is kept here beside what it counts.

MOST_ACCOUNTS = 10
"""Of as many cells more texts are numbers of invoices."""
NOBODY = ("phone", "email", "manager")
"""A sale of which one of these is known stands in no statement."""


def legs(one: OneTable, readings: Mapping[str, Reading]) -> str | None:
    """A table in; over `typed_rows` and `raw_cells`: `load_id, source_row, day_on, money_rub, account`, out is below 0.

    None for whatever is no statement of an account, or where svodka.yaml says what payments are none of its business.
    """
    name, money, said = one.source.table, one.table.money or "", SAYS_WHAT.get(one.source.table)
    if name not in OTHER_WAY or one.is_vendors or said in one.source.exclude or not one.has_money:
        return None
    others = one.unread_as(OTHER_WAY[name])
    has_both = one.source.signs.get(money) in ("income", "minus") or moves(one)
    if any(map(one.has, NOBODY)) or not (others or has_both):
        return None
    sign, other_sign = ("", "-") if name == "deals" else ("-", "")
    aside = f"when skipped = '{LEFT_ASIDE[name]}' then {other_sign}abs(money_rub)"
    amounts = f"case {aside} when skipped is null and not is_refused then {sign}money_rub end"
    for header in others:
        amount = parsed("money", one.cells.named(header), readings[money]).value
        amounts = f"coalesce(nullif({amounts}, 0), {other_sign}abs({amount}))"
    return f"""
    select {LOAD} as load_id, {ROW} as source_row, day_on, money_rub, account from (
        select source_row, day_from_on as day_on, {amounts} as money_rub, {_account(one)} as account
        from typed_rows join (select * exclude (skipped) from raw_cells) using (source_row)
        where coalesce(skipped, '') not in ('totals', 'service', 'blank', 'own_transfer')
    ) where day_on is not null and money_rub <> 0"""


def _account(one: OneTable) -> str:
    """The SQL of whose statement a row is of, where one file has several; never the account itself, only its mark."""
    for header in one.unread_as("accounts"):
        texts = one.sample(header)
        if texts and len(set(texts)) <= min(MOST_ACCOUNTS, (len(texts) + 1) // 2):
            return f"hash({one.cells.named(header)})::varchar"
    return "null::varchar"
