"""Typed rows → the rows of one staged table: ids, people, periods spread, answers taken apart."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from config.draft import LOAD, Remark
from config.macros import expanded
from config.tables import EXTRAS, Column, Table
from config.words import CAME_BACK
from transforms.parse import is_known_phone
from transforms.parse.cells import literal

NAMES = ("channel", "manager")
MOST_WORDS = 5
"""Unknown statuses of subscribers that are shown."""
GOOD = "select * from typed_rows where skipped is null and not is_refused"


@dataclass(frozen=True)
class Filled:
    """A table and which of its columns a file fills."""

    table: Table
    columns: Collection[str]
    source: str
    period: tuple[date, date] | None = None
    planned_in: int = 1
    """How many roubles one of a plan's figures stands for."""

    def has(self, name: str) -> bool:
        """Whether the file fills this column."""
        return name in self.columns

    def value(self, name: str) -> str:
        """The SQL of a column's value over `typed_rows`: NULL, or its default, where the file has no such column."""
        if name in self.columns:
            return f"v_{name}"
        column: Column = self.table.columns[name]
        text = "null" if column.default is None else literal(column.default)
        return f"{text}::{column.sql_type}"


def rows(name: str, filled: Filled) -> str:
    """A table's name and what a file fills of it; the SELECT of its rows over `typed_rows`."""
    made = MAKERS.get(name, _plain)(filled)
    columns = ", ".join([*filled.table.public_columns, *EXTRAS.get(name, ())])
    return f"""
    with made as ({made})
    select {columns}, source_row, source_rows, {_key_hash(filled.table)} as key_hash
    from made"""


def _key_hash(table: Table) -> str:
    """A hash equal for rows that may be one record; names are left out, because a dictionary may rename them."""
    content = [c for c in table.public_columns if c not in NAMES and c != "client_key"]
    keys = [c for c in table.key if c not in NAMES]
    if not keys:
        return f"hash({', '.join(content)})"
    if keys == table.key and len(keys) == 1:
        known = expanded(f"same_id({keys[0]})")
        return f"case when {keys[0]} is not null then hash({known}) else hash({', '.join(content)}) end"
    return f"hash({', '.join(keys)})"


def _select(filled: Filled, extras: Collection[str] = (), relation: str = f"({GOOD})", **special: str) -> str:
    columns = [f"{special.get(name, filled.value(name))} as {name}" for name in [*filled.table.public_columns, *extras]]
    rest = [
        f"{special.get(name, name if name == 'source_row' else '1')} as {name}"
        for name in ("source_row", "source_rows")
    ]
    return f"select {', '.join([*columns, *rest])} from {relation}"


def _plain(filled: Filled) -> str:
    derived = {name: "null" for name, column in filled.table.public_columns.items() if column.is_derived}
    return _select(filled, **derived)


def _calls(filled: Filled) -> str:
    """A call without a word about the answer is answered if somebody talked."""
    talked = "coalesce(v_talk_seconds, 0) > 0" if filled.has("talk_seconds") else "null::boolean"
    answered = f"coalesce(v_is_answered, {talked})" if filled.has("is_answered") else talked
    return _select(filled, direction=f"coalesce({filled.value('direction')}, 'in')", is_answered=answered)


def _leads(filled: Filled) -> str:
    return _select(filled, status=f"coalesce({filled.value('status')}, 'open')")


def _subscribers(filled: Filled) -> str:
    named = {"subscriber_id": _id_or_email("v_subscriber_id"), "email": "v_email", "phone": "v_phone"}
    identity = [value for name, value in named.items() if filled.has(name)]
    return _select(filled, EXTRAS["subscribers"], subscriber_id=f"coalesce({', '.join(identity)})")


def _activity(filled: Filled) -> str:
    return _select(filled, subscriber_id=_id_or_email("v_subscriber_id"))


def _id_or_email(text: str) -> str:
    """An id as it stands; an e-mail that serves as one is the same in capitals."""
    return f"case when contains({text}, '@') then lower({text}) else {text} end"


NOBODY = "'0', '-1', '00000000-0000-0000-0000-000000000000'"
"""What programs write for the client of a sale that has none."""


def _client_key(filled: Filled) -> str:
    """Phone if known, else e-mail, else the source's own id."""
    choices = []
    if filled.has("phone"):
        choices.append(f"case when {is_known_phone('v_phone')} then v_phone end")
    if filled.has("email"):
        choices.append("v_email")
    if filled.has("client_id"):
        choices.append(
            f"case when v_client_id not in ({NOBODY}) then {literal(filled.source + ':')} || v_client_id end"
        )
    return f"coalesce({', '.join(choices)})" if choices else "null::varchar"


def _deals(filled: Filled) -> str:
    """One row a line; `transforms.staging.records` makes one deal of several."""
    both = "v_created_on" if not filled.has("closed_on") else "v_closed_on" if not filled.has("created_on") else None
    special = {
        "created_on": both or "v_created_on",
        "closed_on": both or "v_closed_on",
        "status": filled.value("status"),
        "client_key": _client_key(filled),
    }
    if filled.has("status"):
        # with a minus it is a document of its own that takes money off; without, the sale itself that came to nothing
        taken_off = (
            "coalesce(v_status = 'refunded' and v_revenue_rub < 0, false)" if filled.has("revenue_rub") else "false"
        )
        status = "case v_status when 'refunded' then 'lost' else coalesce(v_status, 'open') end"
        special["status"] = f"case when {taken_off} then 'won' else {status} end"
        came_back = f"case when v_status = 'refunded' then '{CAME_BACK}' end"
        reason = f"coalesce({filled.value('loss_reason')}, {came_back})"
        special["loss_reason"] = f"case when not {taken_off} then {reason} end"
    if filled.has("client_id"):
        special["client_id"] = _id_or_email("v_client_id")
    return _select(filled, **special)


def _survey_answers(filled: Filled) -> str:
    """One row an answered question; the first of a row stands for it in the count of rows."""
    kinds = [kind for kind in ("csi", "csat", "nps") if filled.has(kind)]
    parts = []
    for place, kind in enumerate(kinds):
        earlier = " and ".join(f"v_{before} is null" for before in kinds[:place]) or "true"
        select = _select(
            filled,
            client_key=_client_key(filled),
            kind=literal(kind),
            score=f"v_{kind}",
            source_rows=f"case when {earlier} then 1 else 0 end",
        )
        parts.append(f"{select} where v_{kind} is not null")
    return " union all ".join(parts)


def _ad_spend(filled: Filled) -> str:
    """Days as the file has them, or one row a day of the period: figures grow by round(total·i/n) to the kopeck."""
    if filled.period is None:
        return _select(filled)
    first, last = filled.period
    days = (last - first).days + 1
    relation = f"({GOOD}) cross join (select unnest(generate_series(1, {days})) as i)"
    special = {
        "spend_on": f"(date '{first}' + (i - 1)::integer)",
        "spend_rub": f"({_spread('v_spend_rub * 100', days)} / 100::decimal(3,0))::decimal(18,2)",
        "source_rows": "case when i = 1 then 1 else 0 end",
    }
    for name in ("impressions", "clicks"):
        if filled.has(name):
            special[name] = f"({_spread(f'v_{name}', days)})::bigint"
    return _select(filled, relation=relation, **special)


def _spread(total: str, days: int) -> str:
    """Whole units of day i: round(total·i/n) − round(total·(i−1)/n), halves away from zero."""

    def up_to(i: str) -> str:
        return f"((2 * abs(({total})::hugeint) * {i} + {days}) // {2 * days})"

    return f"(sign({total})::hugeint * ({up_to('i')} - {up_to('(i - 1)')}))::decimal(38,0)"


PART_OF_WHOLE = "_share$|conversion|churn|retention|gross_margin"
"""How figures are called that cannot be above one."""


def _plan(filled: Filled) -> str:
    """What is planned in thousands is roubles of them; a part above the whole was written in per cent."""
    special = {"period_start": "date_trunc(v_grain, v_period_start)::date"}
    in_per_cent = f"v_planned > 1 and regexp_matches(v_metric, '{PART_OF_WHOLE}')"
    times = f"case when ends_with(v_metric, '_rub') then {filled.planned_in} else 1 end"
    special["planned"] = f"case when {in_per_cent} then v_planned / 100 else v_planned * {times} end"
    return _select(filled, **special)


def _costs(filled: Filled) -> str:
    return _select(filled, month_on="date_trunc('month', v_month_on)::date")


MAKERS: dict[str, Callable[[Filled], str]] = {
    "ad_spend": _ad_spend,
    "calls": _calls,
    "deals": _deals,
    "leads": _leads,
    "subscribers": _subscribers,
    "activity": _activity,
    "survey_answers": _survey_answers,
    "plan": _plan,
    "costs": _costs,
}


# Typed rows → what the report must say of them beside refused cells: unknown stages, currencies.


def notices(name: str, filled: Filled, currency: str, told: Mapping[str, Remark]) -> str | None:
    """A table, what a file fills, its currency, and some rows (a FROM) with what to say of them in.

    The SELECT of `Staging.notices` out.
    """
    parts = [_told(one.kind, f"{MONEY}, {literal(one.detail)}", some) for some, one in told.items()]
    if filled.has("status") and name in ("deals", "leads"):
        parts.append(_unknown_statuses("unknown_status" if name == "deals" else "unknown_lead_status"))
        parts.append(_told("filled_status", "0, null", f"({GOOD}) where v_status is not null"))
        parts.append(_told("won_status", "0, null", f"({GOOD}) where v_status = 'won'"))
    if name == "subscribers" and filled.has("is_departed"):
        parts.append(UNKNOWN_DEPARTED)
    if currency != "RUB":
        parts.append(_told("currency_converted", f"{MONEY}, '{currency}'", f"({GOOD})"))
    return " union all ".join(parts) or None


MONEY = "coalesce(sum(money_rub), 0)"


def _told(kind: str, rest: str, rows: str) -> str:
    """A kind of notice, the SQL of its roubles and detail, and the rows it is of in; a line for each load out."""
    return f"select {LOAD} as load_id, {literal(kind)}, count(*), {rest} from {rows} group by 1"


def _unknown_statuses(kind: str) -> str:
    return f"""
    select {LOAD} as load_id, '{kind}', count(*), {MONEY}, flaw.value
    from ({UNKNOWN}) where flaw.reason = 'unknown_status' group by 1, flaw.value"""


UNKNOWN = """select source_row, money_rub, unnest(flaws) as flaw from flawed_rows
    where skipped is null and not is_refused"""
UNKNOWN_DEPARTED = f"""
    select load_id, 'unknown_departed', sum(rows),
        0, array_to_string(list('«' || word || '» (' || rows || ')' order by rows desc, word)[:{MOST_WORDS}], ', ')
    from (
        select {LOAD} as load_id, flaw.value as word, count(*) as rows
        from ({UNKNOWN}) where flaw.reason = 'unknown_status' group by all
    ) group by load_id"""
"""One notice of a file, its commonest words and their rows: a column of tags would make a page of them."""
