"""Rows that are no business of this table → SQL that says why they are skipped."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from config.client import SourceConfig
from config.errors import ContractError
from config.tables import Table
from config.words import fold, vocabulary
from transforms.parse import Reading, parsed
from transforms.parse.cells import folded, literal, literals
from transforms.recognise import Recognised
from transforms.recognise.both_ways import OTHER_WAY
from transforms.shape import NAMES_OF_TOTALS
from transforms.staging.cells import Cells, is_among
from transforms.staging.clocks import sample, unused
from transforms.staging.columns import is_constant
from transforms.staging.context import StagingContext
from transforms.staging.signs import of_kinds
from transforms.staging.void import voids

LIST_ENDING = ".csv"
SAYS_WHAT = {"deals": "product", "costs": "item"}
"""Table → the column in which statements say what a payment was for."""
OWN_MONEY = "между (своими |собственными )?счетами|(перевод|перечисление|внесение) собственных (денежных )?средств"
"""What banks write of money that stays with its owner."""
NOT_EARNED = "|".join(
    (
        "(перевод|перечисление|внесение|взнос|пополнение)[^;]*[ ,](собственн|личн)[а-я]+ (денежн[а-я]+ )?средств",
        "(выдача|предоставление|получение|возврат) ([а-я]+ )?(кредит|займ|за[её]м|ссуд)",
        "договор[а-я]* займа|за[её]м от учредител|(взнос|вклад) учредител",
        "(возврат|закрытие) (депозит|вклад)|процент[а-я]* (по|на) (депозит|вклад|остат)",
        "возврат [а-я ]*(налог|взнос)",
    )
)
"""What they write of money that came in for nothing sold: the owner's, lent, or given back by a bank or the state."""
PART_OF = r"^[-–—• ]*(в т\. ?ч\.?|в том числе|из них|including|of which)([ :,]|$)"
"""How an item begins that is in the one above already."""
CASH = "|".join(
    (
        "(внесен|взнос|зачислен|пополнен|сдач|прием|поступлен)[а-я]* ([а-я]+ )?(денежн[а-я]+ )?(наличн|выручк)",
        "наличными? (через|в) (банкомат|атм|адм|касс|терминал)|самоинкасс|инкассац|cash deposit",
        "пополнение (расч[а-я.]* |своего |р/?с )?(сч[её]т|баланс)",
    )
)
"""What they write of cash that somebody brought: takings that a register may show too, or the owner's money."""
ADDED_UP = frozenset({"ad_spend", "deals", "costs"})
"""Tables whose rows people add up; in a plan, «Всего» is all channels together."""
NAMED = frozenset({"item", "channel", "campaign", "product", "manager"})
"""Columns that may name a total beside a day or a month that is its own."""
OWN_ACCOUNTS = "own_accounts"
"""Stands in a profile's conditions for the accounts of all bank statements of the client."""


def by_cells(recognised: Recognised, source: SourceConfig, table: Table, context: StagingContext, cells: Cells) -> str:
    """The SQL over `raw_cells` of why a row is skipped, by what the file says in any header; NULL: it is not."""
    accounts = f"[{literals(context.accounts)}]::varchar[]"
    cases = [(cells.rewritten(f"({skip.when.replace(OWN_ACCOUNTS, accounts)})"), skip.why) for skip in recognised.skips]
    for header, values in source.where.items():
        cases.append((f"not {is_among(f'coalesce({cells.named(header)}, {empty()})', values)}", "where"))
    for header, values in source.exclude.items():
        if header not in table.mappable_columns and values:
            texts = _listed(values, context)
            cases.append((is_among(cells.named(header), texts), "excluded"))
    cases += [(condition, "void") for _, condition in voids(recognised, source, cells)]
    cases += [(f"{_is_of_all(cells.named(header))}", "totals") for header in _with_totals(recognised, source)]
    for header, what, why in moves(recognised, source):
        undone = f" and not {is_among(cells.named(header), words)}" if (words := source.refunds.get(header)) else ""
        cases.append((_is_kind(cells.named(header), what) + undone, why))
    cases += [(condition, LEFT_ASIDE[source.table]) for condition in _other_way(recognised, source, table, cells)]
    return _case([("skipped is not null", "skipped")], cases)


LEFT_ASIDE = {"deals": "withdrawal", "costs": "income"}
"""Table → why a row is skipped whose money went the other way."""
NO_SUM = r"[\x{E001}-\x{E004}\s0.,–—-]*"


def _other_way(recognised: Recognised, source: SourceConfig, table: Table, cells: Cells) -> list[str]:
    """Of a statement with a column for each way, that a row has a sum in the other one alone."""
    own = recognised.columns.get(table.money or "")
    if recognised.profile is not None or source.table not in OTHER_WAY or own is None or not own.headers:
        return []
    others = [header for header in unused(recognised, source) if OTHER_WAY[source.table].fullmatch(fold(header))]
    has_none = " and ".join(_is_no_sum(cells.named(header)) for header in own.headers)
    return [f"{has_none} and not {_is_no_sum(cells.named(other))}" for other in others]


def _is_no_sum(cell: str) -> str:
    return f"regexp_full_match(coalesce({cell}, ''), {literal(NO_SUM)})"


OF_ALL = re.compile(
    rf"(?:{'|'.join(map(re.escape, NAMES_OF_TOTALS))}"
    r"|(?:все|all) (?:устройства|платформы|площадки|регионы|города|сети|типы|devices|platforms|networks|regions))"
)
"""What a row that adds up others is called in a column that tells its parts apart."""


def _with_totals(recognised: Recognised, source: SourceConfig) -> list[str]:
    """Headings that nothing reads, under which some rows are called the sum of the others: «Все устройства»."""
    if source.table not in ADDED_UP or recognised.profile is not None:
        return []
    said = {*source.where, *source.exclude}
    found = {header: set(map(fold, sample(header, recognised))) for header in unused(recognised, source)}
    sums = {header: {text for text in texts if OF_ALL.fullmatch(text)} for header, texts in found.items()}
    return [header for header, texts in found.items() if sums[header] and texts - sums[header] and header not in said]


def _is_of_all(cell: str) -> str:
    return f"regexp_full_match({folded(cell)}, {literal(OF_ALL.pattern)})"


MOVES = {
    "deals": (("moves_out", "withdrawal"), ("no_sales", "no_sale")),
    "costs": (("moves_in", "income"),),
    "ad_spend": (("moves_in", "income"),),
}
"""Table → the lists of kinds of operations that are none of its business, and why their rows are skipped."""
TWO_WAYS = re.compile(
    r"(?:приход|доход|поступлени[ея]|зачислени[ея]|дебет|кредит|debit|credit|dr)"
    r" ?[/\\|-] ?(?:расход|приход|списани[ея]|кредит|дебет|debit|credit|cr)"
    r"|(?:тип|вид|направление) (?:операции|движения|платежа|проводки)|направление|операция|тип|вид"
    r"|(?:transaction|operation|payment) type|direction|type"
)
"""Headings of columns that tell which way money went."""


def moves(recognised: Recognised, source: SourceConfig) -> list[tuple[str, str, str]]:
    """Columns of kinds of operations with the lists of words by which a row is none of the table's, and why.

    Where a vendor, `where` or `exclude` speaks, or the column is one of the table's own, its words decide nothing.
    """
    if recognised.profile is not None or source.table not in MOVES:
        return []
    said = {*source.where, *source.exclude}
    kinds = of_kinds(recognised) if source.table == "deals" else []
    two_ways = [header for header in unused(recognised, source) if TWO_WAYS.fullmatch(fold(header))]
    headers = [header for header in dict.fromkeys([*kinds, *two_ways]) if header not in said]
    return [(header, what, why) for header in headers for what, why in MOVES[source.table]]


def _is_kind(cell: str, what: str) -> str:
    """SQL of a kind of operations and the name of a list of words; whether it begins like one of them."""
    words = getattr(vocabulary(), what)
    kind = f"coalesce({folded(cell)}, '')"
    begins = f"regexp_matches({kind}, {literal('^(?:' + '|'.join(words['begin']) + ')')})"
    return f"({begins} and not regexp_matches({kind}, {literal('|'.join(words['unless']))}))"


def by_values(
    source: SourceConfig, table: Table, filled: Mapping[str, str], context: StagingContext
) -> tuple[list[tuple[str, str]], dict[str, Sequence[tuple[str, ...]]]]:
    """Conditions over `v_…` and `t_…` under which a row is skipped, with reasons; and the lists they look into."""
    cases: list[tuple[str, str]] = []
    lists: dict[str, Sequence[tuple[str, ...]]] = {}
    for name, values in source.exclude.items():
        if name not in table.mappable_columns or not values:
            continue
        if name not in filled:
            raise ContractError("staging.exclude_unfilled", column=name)
        kind = table.columns[name].type
        if kind in ("text", "channel", "manager"):
            cases.append((is_among(f"t_{name}", _listed(values, context)), "excluded"))
            continue
        relation = f"exclude_{name}"
        lists[relation] = [(text,) for text in _listed(values, context)]
        value = parsed(kind, "c0", Reading()).value
        cases.append((f"v_{name} in (select {value} from {relation} where ({value}) is not null)", "excluded"))
    if SAYS_WHAT.get(source.table) in filled:
        cases.append((f"regexp_matches(lower(t_{SAYS_WHAT[source.table]}), '{OWN_MONEY}')", "own_transfer"))
    if says_what(source, filled):
        cases.append((f"regexp_matches(lower(t_{SAYS_WHAT['deals']}), '{NOT_EARNED}')", "not_earned"))
    if source.table == "costs" and "item" in filled and "item" not in source.exclude:
        cases.append((f"regexp_matches(lower(t_item), '{PART_OF}')", "part_of"))
    named = sorted(NAMED & set(filled)) if source.table in ADDED_UP else []
    totals = literals(NAMES_OF_TOTALS)
    cases += [(f"lower(v_{name}) in ({totals})", "totals") for name in named if not is_constant(filled[name])]
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


def empty() -> str:
    """SQL of an empty text."""
    return "''"


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
