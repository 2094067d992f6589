"""What stands beside the columns that are read, and nothing reads → what to tell of it, if its cells hold it.

Beside the amount of a sale: what was given back, taken off, is owed or is in it. Beside the phone of a call: the whole
time it took. Beside any sum: sums of several rows, or of the days before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from config.documents import NUMBER_MARK
from config.draft import LOAD, Aside
from config.notices import Assumed
from config.words import fold, is_headed, saying, says, vocabulary
from transforms.parse import parsed
from transforms.parse.cells import folded, literal, literals
from transforms.staging.cells import readings
from transforms.staging.one_table import OneTable
from transforms.staging.skips import NO, YES, are_marks, moves, voids
from transforms.staging.units import currency_header, currency_in

IN_MONEY = re.compile(r",? ?\(?(?:руб(?:\.|лей)?|₽|rub)\)?$")
"""How a heading ends that says what it is measured in."""
LONGEST_TEST = 48
"""Bytes of a name that may be one; longer ones are not looked into, which costs."""
LOOKED_AT = 10_000
"""Rows of a file whose durations, or prices and pieces, are compared."""
BESIDE_NUMBERS = " \u00a0\u202f\u2009₽" + NUMBER_MARK
MOST_UNLIKE = 0.34
"""Of the rows: where more sums are not price times pieces, something else is in them."""
MOST_UNPAID = 0.9
"""Of the rows: where the day of the money is blank in more of them, nobody writes it down."""
MARKED = ("да", "yes", "true", "истина", "есть", "+", "v", "x", "х")
"""How a refund is marked where its column holds no amounts."""
COUNTED = {
    "calls": r"звонк(?:ов|и)|вызов(?:ов|ы)|calls",
    "leads": r"заяв(?:ок|ки)|лид(?:ов|ы)|обращени[йя]|leads",
    "deals": r"заказ(?:ов|ы)|сдел(?:ок|ки)|продаж[иа]?|чек(?:ов|и)|orders|deals|sales",
}
"""What a row of these tables is one of."""
HOW_MANY = (
    r"(?:(?:количество|кол-?во|число|всего|итого|number of|total|count of) )?(?:(?:входящих|новых) )?"
    r"(?:{})(?:,? ?шт\.?| count)?"
)
WHOSE = ("call_id", "lead_id", "deal_id", "client_id", "phone", "email")
"""Columns that a call or an enquiry has, and the statistics of a day have not."""


def asides(one: OneTable) -> Iterator[Aside]:
    """A table in; the columns beside those that are read whose amounts, or rows, are to be told of, out.

    A heading that svodka.yaml names under `refunds`, `where` or `exclude` is told of no more; of a file that a profile
    knows only what was but a try is.
    """
    if one.has_money and one.cells.of(one.money_heading):
        yield from _of_no_currency(one)
    if one.source.table == "calls":
        yield from _of_extensions(one)
        yield from _of_ringing(one)
    if one.source.table == "deals" and one.has_money:
        yield from _of_sales(one)


def _of_sales(one: OneTable) -> Iterator[Aside]:
    amount = one.money_heading
    is_read = one.cells.of(amount) is not None
    sold = one.value("money", amount) if is_read else "null"
    for header in one.recognised.shape.headers:
        if header and is_read and not _is_spoken_of(header, one):
            for kind, condition in _said_of(header, one):
                yield Aside(kind, f"(case when {condition} then {sold} end)", header)
    yield from _of_funnels(one, sold) if is_read else ()
    if one.is_vendors:
        return
    yield from _of_pieces(one, amount)
    yield from _of_net(one, sold)
    yield from _of_unpaid(one, sold)
    yield from _of_payments(one, sold)
    yield from _of_parts(one, amount)
    for header in one.unread_as("discount_shares"):
        share = f"try_cast(replace(regexp_replace({one.cells.named(header)}, '[^0-9.,]', '', 'g'), ',', '.') as double)"
        yield Aside("given_away", f"(case when {share} = 100 and {sold} > 0 then {sold} end)", header)
    left_out = {header for header, _ in voids(one) if not is_headed(header, "paid_at_all")}
    for header in one.unread:
        if header not in {*one.source.refunds, *left_out}:
            yield from _amounts(header, amount, sold, one)


def _of_no_currency(one: OneTable) -> Iterator[Aside]:
    """Amounts that were read as roubles, of whose money nothing is said, where a vendor says it or some are others."""
    header, nothing = currency_header(one), set(map(fold, vocabulary().nulls))
    if header is None or one.cells.of(header) is None or one.source.currency:
        return
    codes = {vocabulary().currency_code(cell) for cell in one.sample(header) if fold(cell) not in nothing}
    if codes - {"RUB"} or (one.is_vendors and not codes):
        amount = one.value("money", one.money_heading)
        no_code = f"(case when is_blank({one.cells.named(header)}) and {amount} > 0 then {amount} end)"
        yield Aside("currency_unsaid", no_code, header)


def _of_funnels(one: OneTable, sold: str) -> Iterator[Aside]:
    """Deals of funnels that are no sales by their names; where most deals are so, it is what the business sells."""
    for header in (header for header in one.headed("funnels") if not _is_spoken_of(header, one)):
        name = _says(header, saying("no_sales_funnel"), one)
        is_other = f"{name} and not {_says(header, saying('sales_funnel'), one)}"
        yield Aside("other_funnel", f"(case when {is_other} then {sold} else 0 end)", header, most=MOST_NONE)


def _of_extensions(one: OneTable) -> Iterator[Aside]:
    """Calls whose caller is one of the business's own telephones, where nothing says which way they went."""
    header = one.heading("phone")
    is_told = one.is_vendors or "direction" in {*one.recognised.columns, *one.source.columns, *one.source.constants}
    if not is_told and one.cells.of(header) and not _is_spoken_of(header, one):
        cell = one.cells.named(header)
        said = f"regexp_full_match(trim({cell}, ' {NUMBER_MARK}'), '[1-9][0-9]{{1,4}}')"
        yield Aside(
            "calls_of_extensions", f"(case when strlen({cell}) < 12 and {said} then 1 end)", header, is_money=False
        )


def _of_ringing(one: OneTable) -> Iterator[Aside]:
    """Durations that are longer than the talk, which stands in a column of its own that nothing reads."""
    read = one.heading("talk_seconds")
    if one.is_vendors or not one.has("talk_seconds") or one.cells.of(read) is None or is_headed(read, "talks"):
        return
    for header in one.unread_as("talks"):
        whole, talk = one.cells.named(read), one.cells.named(header)
        clocks = f"{whole} like '%:%' and strlen({whole}) = strlen({talk}) and {whole} > {talk}"
        longer = f"coalesce({_plain(whole)} > {_plain(talk)}, {clocks})::integer"
        yield Aside("ringing_counted", longer, f"{read} > {header}", is_money=False, looked_at=LOOKED_AT)


def _of_net(one: OneTable, sold: str) -> Iterator[Aside]:
    """Sums that were read before the discount, where a column has them after it."""
    discounts = [header for header in one.unread if is_headed(_bare(header), "discounts")]
    for header in one.unread:
        if not is_headed(_bare(header), "net"):
            continue
        net = one.value("money", header)
        if is_headed(header, "less_discount"):
            yield Aside("net_beside", f"(case when {net} > 0 and {net} < {sold} then {sold} - {net} end)", header)
        elif len(discounts) == 1:
            taken = one.value("money", discounts[0])
            is_less = f"{taken} > 0 and {net} > 0 and abs({sold} - {taken} - {net}) <= 1"
            yield Aside("net_beside", f"(case when {is_less} then {sold} - {net} end)", header)


def _of_unpaid(one: OneTable, sold: str) -> Iterator[Aside]:
    """Sales whose money did not come by what another column says.

    Their stage is that of a sale, or nothing tells it, and the day of the money, or the mark of it, is blank.
    """
    for header in one.unread_as("paid_days") if not one.has("status") and not one.has("closed_on") else ():
        is_blank = f"{one.value('date', header)} is null"
        yield Aside("unpaid_by_day", f"(case when {is_blank} then {sold} else 0 end)", header, most=MOST_UNPAID)
    stage = one.cells.of(one.heading("status"))
    for header in one.unread_as("statuses_of_payment") if stage else ():
        is_won = f"{parsed('deal_status', stage or '', readings(one)['status']).value} = 'won'"
        not_paid = [word for word, means in vocabulary().meanings("deal_status").items() if means != "won"]
        is_unpaid = f"{_folded(header, one)} in ({literals(not_paid)}) and {is_won}"
        yield Aside("unpaid_by_status", f"(case when {is_unpaid} then {sold} else 0 end)", header, most=MOST_UNPAID)
    for header in one.unread_as("paid_at_all") if not one.has("status") else ():
        if are_marks(one.sample(header)):
            is_blank = f"{_folded(header, one)} = ''"
            yield Aside("unpaid_by_mark", f"(case when {is_blank} then {sold} else 0 end)", header, most=MOST_UNPAID)


def _of_payments(one: OneTable, sold: str) -> Iterator[Aside]:
    """Payments of one order, or person, whose whole amount each of them bears: together they are no more than it."""
    orders = one.unread_as("orders")
    whose = orders or [one.heading(name) for name in ("phone", "email", "client_id") if one.cells.of(one.heading(name))]
    for header in one.unread_as("paid") if len(orders) < 2 and whose else ():
        paid, key = one.value("money", header), one.cells.named(whose[0])
        window = f"over (partition by {LOAD}, nullif(trim({key}), ''))"
        is_whole = f"sum({paid}) {window} {'<=' if orders else 'between 0.99 * ' + sold + ' and'} 1.01 * {sold}"
        is_one = f"count(*) {window} > 1 and min({sold}) {window} = max({sold}) {window} and trim({key}) <> ''"
        extra = f"(case when {is_one} and {is_whole} and {paid} > 0 and {paid} < {sold} then {sold} - {paid} end)"
        yield Aside("whole_on_payments", extra, header)


def _of_parts(one: OneTable, amount: str) -> Iterator[Aside]:
    """Sums of the kind that is read, each of another shop or person: «Выручка Ленина», «Выручка Мира»."""
    if not is_headed(amount, "sums_of_parts") or says(amount, "no_part"):
        return
    for header in one.unread_as("sums_of_parts"):
        if fold(header).split()[0] == fold(amount).split()[0] and not says(header, "no_part"):
            yield Aside("sums_beside", one.value("money", header), f"{amount} + {header}")


def _plain(cell: str) -> str:
    """The number of a cell that is written plainly; NULL of any other, which is not compared."""
    return f"try_cast(replace(translate({cell}, {literal(BESIDE_NUMBERS)}, ''), ',', '.') as double)"


def _of_pieces(one: OneTable, amount: str) -> Iterator[Aside]:
    """Sums that are not their price times their pieces, though nearly all others are."""
    prices = [header for header in one.unread if is_headed(_bare(header), "prices")]
    pieces = one.headed("pieces")
    if len(prices) == len(pieces) == 1 and not one.headed("any_discount"):
        price, count, sold = (_plain(one.cells.named(header)) for header in (prices[0], pieces[0], amount))
        apart = f"round(abs(abs({sold}) - abs({price} * {count})), 2)"
        apart = f"(case when {apart} > greatest(1, 0.01 * abs({sold})) then {apart} else 0 * {apart} end)"
        detail = f"{amount} ≠ {prices[0]} × {pieces[0]}"
        yield Aside("sums_unlike_pieces", apart, detail, most=MOST_UNLIKE, looked_at=LOOKED_AT)


def _said_of(header: str, one: OneTable) -> Iterator[tuple[str, str]]:
    """A heading of texts in; what some rows may be by its words and the SQL of that.

    A cell that is asked for is kept of every row, so that only these are.
    """
    is_title, is_comment = is_headed(header, "titles"), is_headed(header, "comments")
    if is_title or is_headed(header, "emails"):
        cell, says = one.cells.named(header), saying("test" if is_title else "test_address")
        hints = " or ".join(f"contains({cell}, '{hint}')" for hint in ("ест", "ЕСТ", "est", "EST"))
        is_short = f"case when strlen({cell}) < {LONGEST_TEST} then {hints} end"
        yield "tests_sold", f"case when {is_short} then {_says(header, says, one)} end"
    if one.is_vendors:
        return
    if is_headed(header, "pieces"):
        yield "refunds_marked", f"{one.value('number', header)} < 0"
    if is_title:
        yield "parts_counted", _says(header, saying("part_of"), one)
    if is_comment and not one.has("status"):
        yield "not_after_all", _says(header, saying("no_sale_after_all"), one)
    if is_title or is_comment:
        is_refund = _says(header, saying("refund" if is_comment else "called_refund"), one)
        yield "refunds_marked", f"{is_refund} and not {_says(header, vocabulary().no_refund_pattern, one)}"
    if is_headed(header, "ways_of_paying"):
        yield "paid_before", _says(header, saying("prepaid"), one)


def _says(header: str, pattern: str, one: OneTable) -> str:
    return f"regexp_matches({_folded(header, one)}, {literal(pattern)})"


def _amounts(header: str, amount: str, sold: str, one: OneTable) -> Iterator[Aside]:
    """A heading that nothing reads, that of the sale's amount and its SQL in; what stands under it, if money."""
    what = _meant(header)
    if what is None:
        return  # a cell that is asked for is kept of every row
    money = one.value("money", header)
    if what == "refunds_dated":
        yield Aside(what, f"(case when {one.value('date', header)} is not null then {sold} end)", header)
    elif what == "paid_in_bonuses":
        yield _in_bonuses(header, money, sold)
    elif what == "refunds_beside":
        marked = f"{folded(one.cells.named(header))} in ({literals(MARKED)})"
        yield Aside(what, money, header)
        yield Aside("refunds_marked", f"(case when {marked} then {sold} end)", header)
    else:
        of_rest = f"({sold} - {money})" if is_headed(_bare(header), "paid") else money
        remark = Assumed(what, "revenue_rub", amount, header).remark
        yield Aside(remark.kind, of_rest, remark.detail)


def _in_bonuses(header: str, money: str, whole: str) -> Aside:
    return Aside("paid_in_bonuses", f"(case when {money} > 0 and {money} <= {whole} then {money} end)", header)


def _meant(header: str) -> str | None:
    """A heading in; the kind of notice, or what is assumed, of the amounts under it out, None if it tells of none."""
    name = _bare(header)
    kinds = (
        ("paid_in_bonuses", "no_cash", name),
        ("refunds_beside", "refunds", header),
        ("refunds_dated", "refund_days", name),
        ("debt_beside", "paid", name),
        ("discount_beside", "discounts", header),
        ("debt_beside", "debts", header),
        ("taken_beside", "parts", name),
    )
    other_money = "taken_beside" if currency_in(header) not in (None, "RUB") else None
    return next((notice for notice, kind, text in kinds if is_headed(text, kind)), other_money)


def _bare(header: str) -> str:
    """A heading without what it says of its money."""
    return IN_MONEY.sub("", fold(header))


def _is_spoken_of(header: str, one: OneTable) -> bool:
    return header in {*one.source.where, *one.source.exclude, *one.source.refunds}


def totals_in(one: OneTable) -> Iterator[Aside]:
    """Of a file that no profile knows, rows that are totals of several events, and sums that hold others."""
    name, table = one.source.table, one.table
    if one.is_vendors:
        return
    if name in COUNTED:
        is_of_nobody = not any(map(one.has, WHOSE))
        pattern = re.compile(HOW_MANY.format(COUNTED[name]))
        for header in one.unread:
            if pattern.fullmatch(fold(header)) or (is_of_nobody and is_headed(header, "statistics")):
                yield Aside("counted_rows", f"nullif({one.value('count', header)}, 1)", header, is_money=False)
    if name == "plan" and is_headed(planned := one.heading("planned"), "running") and one.cells.of(planned):
        yield Aside("running_total", one.value("number", planned), planned, is_money=False)
    header = one.money_heading
    if one.has_money and table.is_expense:
        yield from _beside_expenses(one, header)
    if one.has_money and is_headed(header, "running") and one.cells.of(header):
        yield Aside("running_total", one.value("money", header), header)


def _beside_expenses(one: OneTable, header: str) -> Iterator[Aside]:
    """Other sums beside an expense, its tax and what bonuses paid of it, and what tells of rows that they are none."""
    for other in one.unread:
        name = _bare(other)
        if is_headed(name, "no_cash") and one.cells.of(header) and not is_headed(header, "charged"):
            yield _in_bonuses(other, one.value("money", other), one.value("money", header))
        if is_headed(name, "parts") and is_headed(name, "taxes"):
            remark = Assumed("taken_beside", one.table.money or "", header, other).remark
            yield Aside(remark.kind, one.value("money", other), remark.detail)
    if one.source.table == "ad_spend" and one.cells.of(header):
        yield from _topped_up(one, header)
        yield from _of_spans(one, header)
    elif one.source.table == "costs" and one.cells.of(header):
        yield from _no_costs(one, header)


def _of_spans(one: OneTable, header: str) -> Iterator[Aside]:
    """Spend of several days that stands on the first of them, or the last, the other being read by nothing."""
    read, opposite = one.heading("spend_on"), {"span_begins": "span_ends", "span_ends": "span_begins"}
    others = [other for kind, end in opposite.items() if is_headed(read, kind) for other in one.unread_as(end)]
    for other in others if one.cells.of(read) else ():
        is_longer = f"{one.value('date', read)} <> {one.value('date', other)}"
        spend = f"(case when {is_longer} then {one.value('money', header)} end)"
        yield Aside("spend_of_span", spend, f"{read}, {other}")


def _no_costs(one: OneTable, header: str) -> Iterator[Aside]:
    """Items that are called like what came in, or what is left, and those that are called like other money."""
    item = one.heading("item")
    if one.cells.of(item) is None or _is_spoken_of(item, one) or "item" in one.source.exclude:
        return
    for kind in ("no_cost", "in_other_money"):
        counted = f"{_says(item, saying(kind), one)} and {one.value('money', header)} > 0"
        yield Aside(kind, f"(case when {counted} then {one.value('money', header)} end)", item)


def _topped_up(one: OneTable, header: str) -> Iterator[Aside]:
    """Rows of spend that some text beside it calls the topping up of an account, which is spent later."""
    left_out = {header for header, _, _ in moves(one)}
    texts = [*one.headings("campaign"), *one.unread_as("kinds", "ways_of_money", "comments", "purposes", "titles")]
    for text in texts:
        if text not in left_out and not _is_spoken_of(text, one):
            put_in = f"{_says(text, saying('topped_up'), one)} and {one.value('money', header)} > 0"
            yield Aside("topped_up", f"(case when {put_in} then {one.value('money', header)} end)", text)


SHORTEST_NAMED, LONG_NAMED, MOST_NAMED = 5, 8, 20
"""Letters of a word that a slip may be in, and from which on two; and words of one heading that are compared."""
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
OF_ONE_BYTE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ{|}~^`"
"""DuckDB counts in bytes how far texts are apart."""


def nearly_named(one: OneTable) -> Iterator[Aside]:
    """Cells that are nearly a word by which svodka.yaml keeps rows, or leaves them out, and not that word.

    None of people, who are told apart by a letter, nor of what is numbered.
    """
    in_bytes = str.maketrans(LETTERS, OF_ONE_BYTE)
    for header, words in {**one.source.where, **one.source.exclude}.items():
        cell, known = one.cells.of(header), [fold(word) for word in words]
        likely = [word for word in known if len(word) >= SHORTEST_NAMED and not re.search(r"[0-9]|\.csv$", word)]
        if cell and likely and len(known) <= MOST_NAMED and header != one.heading("manager"):
            text = f"coalesce({folded(cell)}, '')"
            coded = f"translate({text}, {literal(LETTERS)}, {literal(OF_ONE_BYTE)})"
            slips = [
                f"damerau_levenshtein({coded}, {literal(word.translate(in_bytes))}) <= {1 + (len(word) >= LONG_NAMED)}"
                for word in likely
            ]
            is_other = f"{text} not in ({literals(known)}) and not regexp_matches({text}, '[0-9]')"
            is_slip = f"({is_other} and ({' or '.join(slips)}))::integer"
            yield Aside("nearly_named", is_slip, header, is_money=False, cell=cell)


# Words beside a call, an enquiry or a subscriber that call it a try, spam, a repeat or a machine's. The row counts: a
# business may want its spam counted, and whether «дубль» is the first or the second nobody knows.

SAYS = {
    "calls": "no_call",
    "leads": "no_lead",
    "subscribers": "no_subscriber",
    "deals": "no_sale",
    "activity": "no_deed",
}
"""Table → words that say of a row that it is none of those that it counts among."""
MOST_NONE = 0.5
"""Of the rows: where more say so, it is what they are, and meant to count."""


def no_events(one: OneTable) -> Iterator[Aside]:
    """A file that counts events or people in; the columns that say of some of its rows that they are none."""
    name = one.source.table
    if name not in SAYS or (name == "deals" and one.cells.of(one.money_heading) is None):
        return
    if name == "activity":
        yield from _no_deeds(one)
    elif name == "calls":
        who = one.heading("manager")
        if one.cells.of(who) and who not in {*one.source.where, *one.source.exclude}:
            yield _begins(who, "machine", one)
    for header in () if one.is_vendors else one.unread:
        if is_headed(header, "flags"):
            yield _among(header, YES, one)
        elif name == "subscribers" and is_headed(header, "live"):
            yield _among(header, NO, one)
        elif is_headed(header, "states"):
            yield _begins(header, SAYS[name], one)
        elif name == "calls" and is_headed(header, "takers"):
            yield _begins(header, "machine", one)


def _no_deeds(one: OneTable) -> Iterator[Aside]:
    """Letters that were sent, and those who left: nobody was active then; all rows may be such."""
    for what in () if one.is_vendors else [*one.headings("kind"), *one.unread_as("states")]:
        if not _is_spoken_of(what, one):
            yield replace(_begins(what, SAYS["activity"], one), most=1)


def _among(header: str, words: tuple[str, ...], one: OneTable) -> Aside:
    return _said(header, f"{_folded(header, one)} in ({literals(words)})", one)


def _begins(header: str, kind: str, one: OneTable) -> Aside:
    pattern = rf"^(?:{saying(kind)})(?:[^а-яa-z]|$)"
    return _said(header, f"regexp_matches({_folded(header, one)}, {literal(pattern)})", one)


def _folded(header: str, one: OneTable) -> str:
    return f"coalesce({folded(one.cells.named(header))}, '')"


def _said(header: str, condition: str, one: OneTable) -> Aside:
    if one.source.table == "deals":
        counted = f"(case when {condition} then {one.value('money', one.money_heading)} else 0 end)"
        return Aside("no_event", counted, header, most=MOST_NONE)
    cell = one.cells.named(header)
    return Aside("no_event", f"({condition})::integer", header, is_money=False, most=MOST_NONE, cell=cell)
