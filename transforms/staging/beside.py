"""What stands beside the amount of a sale, or for the phone of a call, and nothing reads → what to tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.assumed import Assumed
from config.client import SourceConfig
from config.documents import NUMBER_MARK
from config.draft import Aside
from config.words import fold, vocabulary
from transforms.parse import Reading, parsed
from transforms.parse.cells import folded, literal, literals
from transforms.recognise import Recognised
from transforms.staging.cells import Cells
from transforms.staging.clocks import unused
from transforms.staging.records import heading
from transforms.staging.units import currency_in
from transforms.staging.void import PAID_AT_ALL, voids

REFUNDS = re.compile(
    r"(?:сумма )?возврат(?:а|ы|ов)?(?:,? (?:руб\.?|₽|покупател\w+|средств))?|возвращено|refund(?:s|ed)?"
)
DISCOUNTS = re.compile(r"(?:сумма )?скидк[аи](?:,? ?(?:руб\.?|₽))?|discount(?: amount)?")
NET = re.compile(
    r"(?:итого|всего|сумма|стоимость)?(?: заказа)? ?(?:со скидк(?:ой|ами)|с учетом скид(?:ки|ок)|после скидки|к оплате)"
    r"|(?:net|total|amount)(?: (?:after discount|due|payable|amount|total))?"
)
LESS = re.compile(r"скид|discount")
"""Headings of what is to be paid of it after the discount; some of them say so, others may be of a debt."""
DEBTS = re.compile(r"долг|не ?оплачено|задолженность|остаток(?: к оплате)?|к доплате|осталось оплатить|unpaid|debt")
"""Headings of what was given back, taken off or is still to be paid of the amount that stands in its own column."""
PAID = re.compile(
    r"оплачено|сумма оплаты|оплаченн?ая сумма|(?:сумма )?предоплат[аы]|аванс|внесено|получено|(?:amount )?paid|prepaid"
)
"""Headings of what was paid of it; where it is less, the rest is a debt."""
PARTS = re.compile(
    r"(?:стоимость |сумма |цена )?доставк[аи]|(?:delivery|shipping)(?: cost| price| amount)?|чаевые|tips?"
    r"|(?:сумма |комиссия )?эквайринг[а]?|(?:сумма )?комисси[яи](?: .*)?|commission|fee"
    r"|(?:в т\. ?ч\. |в том числе |сумма )?ндс|.*(?:без|с|вкл\S*) (?:учетом )?ндс.*"
    r"|vat(?: amount)?|.*(?:excl|incl)\S* vat.*"
    r"|(?:по |оплата )?(?:наличн\w+|безнал\w*|карт(?:а|ой|е)|сбп|qr|онлайн(?:-оплата)?)|cash|card"
)
"""Headings of what may be in the amount, or beside it."""
IN_MONEY = re.compile(r",? ?\(?(?:руб(?:\.|лей)?|₽|rub)\)?$")
"""How a heading ends that says what it is measured in."""
TITLES = re.compile(
    r"(?:название|наименование)(?: (?:сделки|заказа|товара|услуги|лида))?|сделка|товар|услуга|имя|фио|клиент|покупатель"
    r"|контакт|(?:deal |order )?(?:name|title)|customer|product"
)
"""Headings of what people call a sale, or its buyer."""
EMAILS = re.compile(r"(?:e-?mail|(?:эл\S* |электронная )?почта)(?: (?:клиента|покупателя))?")
SAYS_TEST_EMAIL = r"^(?:test|тест)[0-9._-]*@|@test\."
PREPAID_HEADER = re.compile(r"(?:способ|вид|форма|тип) оплаты|оплата|payment (?:method|type)")
SAYS_PREPAID = r"сертификат|депозит|бонус|балл|абонемент|gift card|voucher|bonus|deposit"
"""Ways of paying with money that came in before, and what they are called."""
LONGEST_TEST = 48
"""Bytes of a name that may be one; longer ones are not looked into, which costs."""
SAYS_TEST = (
    r"^[«\"(\[]*(?:тест|test|тестов[а-я]+ [а-я]+|test (?:order|deal|lead|user|payment))[»\")\]]*(?: ?№? ?[0-9]{1,4})?$"
)
"""What they call one that was but a try."""
TEXTS = re.compile(r"комментари[йи]|примечани[ея]|заметк[аи]|comments?|notes?|remark|основание(?: платежа)?")
"""Headings of what people write beside a sale."""
SAYS_REFUND = (
    r"^возврат[^а-я]*(?:$|[0-9]|по |за |от |товар)|(?:оформлен|сделан|полный|частичный) возврат"
    r"|возврат (?:денег|средств|оплаты|денежных|покупател)|деньги вернули|^refund"
)
"""What they write of one that came back."""
CALLED_REFUND = r"^(?:возврат(?:[^а-я]|ы?$| [а-я])|refund)"
"""How a thing is called whose row is its refund."""
PIECES = re.compile(r"(?:количество|кол-?во)(?: товара)?,? ?(?:шт\.?)?|quantity|qty")
"""Headings of pieces: below zero they came back, even if the amount beside them bears no minus."""
REFUND_DAYS = re.compile(
    r"(?:дата|день|время) (?:возврата|отмены|аннулирования|сторно)|возвращен|отменен"
    r"|(?:refund|cancel|return)\w*(?: at| on| date)?"
)
"""Headings of the day on which a sale was undone."""
PRICE_OF_ONE = re.compile(r"цена(?: (?:продажи|за ед\S*|за шт\S*|единицы|розничная))?|(?:unit )?price")
ANY_DISCOUNT = re.compile(r"скидк|discount|бонус|промокод|наценк")
LOOKED_AT = 10_000
"""Rows of a file whose durations, or prices and pieces, are compared."""
BESIDE_NUMBERS = " \u00a0\u202f\u2009₽" + NUMBER_MARK
MOST_UNLIKE = 0.34
"""Of the rows: where more sums are not price times pieces, something else is in them."""
TALKS = re.compile(r"(?:длительность |продолжительность |время )?разговора?|talk(?: ?time| duration)?|billsec(?:onds)?")
"""Headings of the talk alone; under others a duration may begin with the first ring."""
YES = ("да", "yes", "true", "истина", "есть", "+", "v", "x", "х")
"""How a refund is marked where its column holds no amounts."""


def asides(recognised: Recognised, source: SourceConfig, cells: Cells) -> Iterator[Aside]:
    """A file of sales that no profile knows in; the columns whose amounts may have to be taken off those of its sales.

    A heading that svodka.yaml names under `refunds`, `where` or `exclude` is told of no more.
    """
    if source.table == "calls":
        yield from _of_extensions(recognised, source, cells)
        yield from _of_ringing(recognised, source, cells)
    if source.table != "deals" or "revenue_rub" not in recognised.columns:
        return
    amount = heading(recognised, "revenue_rub")
    sold = parsed("money", cells.named(amount), Reading()).value if cells.of(amount) else "null"
    for header in recognised.shape.headers:
        if header and cells.of(amount) and not _is_spoken_of(header, source):
            for kind, condition in _said_of(header, recognised, cells):
                yield Aside(kind, f"(case when {condition} then {sold} end)", header)
    if recognised.profile is not None:
        return
    yield from _of_pieces(recognised, source, amount, cells)
    yield from _of_net(recognised, source, sold, cells)
    left_out = {one for one, _ in voids(recognised, source, cells) if not PAID_AT_ALL.fullmatch(fold(one))}
    for header in unused(recognised, source):
        if header not in {*source.refunds, *left_out}:
            yield from _amounts(header, amount, sold, cells)


def _of_extensions(recognised: Recognised, source: SourceConfig, cells: Cells) -> Iterator[Aside]:
    """Calls whose caller is one of the business's own telephones, where nothing says which way they went."""
    header = heading(recognised, "phone")
    is_told = recognised.profile is not None or {"direction"} & {
        *recognised.columns,
        *source.columns,
        *source.constants,
    }
    if not is_told and cells.of(header) and not _is_spoken_of(header, source):
        cell = cells.named(header)
        said = f"regexp_full_match(trim({cell}, ' {NUMBER_MARK}'), '[1-9][0-9]{{1,4}}')"
        yield Aside(
            "calls_of_extensions", f"(case when strlen({cell}) < 12 and {said} then 1 end)", header, is_money=False
        )


def _of_ringing(recognised: Recognised, source: SourceConfig, cells: Cells) -> Iterator[Aside]:
    """Durations that are longer than the talk, which stands in a column of its own that nothing reads."""
    read = heading(recognised, "talk_seconds")
    if recognised.profile is not None or "talk_seconds" not in recognised.columns or cells.of(read) is None:
        return
    for header in unused(recognised, source):
        if TALKS.fullmatch(fold(header)) and not TALKS.fullmatch(fold(read)):
            whole, talk = cells.named(read), cells.named(header)
            clocks = f"{whole} like '%:%' and strlen({whole}) = strlen({talk}) and {whole} > {talk}"
            longer = f"coalesce({_plain(whole)} > {_plain(talk)}, {clocks})::integer"
            yield Aside("ringing_counted", longer, f"{read} > {header}", is_money=False, looked_at=LOOKED_AT)


def _of_net(recognised: Recognised, source: SourceConfig, sold: str, cells: Cells) -> Iterator[Aside]:
    """Sums that were read before the discount, where a column has them after it."""
    headers = {header: IN_MONEY.sub("", fold(header)) for header in unused(recognised, source)}
    discounts = [header for header, name in headers.items() if DISCOUNTS.fullmatch(name)]
    for header, name in headers.items():
        net = parsed("money", cells.named(header), Reading()).value if NET.fullmatch(name) else ""
        taken = [parsed("money", cells.named(one), Reading()).value for one in discounts] if net else []
        if LESS.search(name) and net:
            yield Aside("net_beside", f"(case when {net} > 0 and {net} < {sold} then {sold} - {net} end)", header)
        elif len(taken) == 1:
            is_less = f"{taken[0]} > 0 and {net} > 0 and abs({sold} - {taken[0]} - {net}) <= 1"
            yield Aside("net_beside", f"(case when {is_less} then {sold} - {net} end)", header)


def _plain(cell: str) -> str:
    """The number of a cell that is written plainly; NULL of any other, which is not compared."""
    return f"try_cast(replace(translate({cell}, {literal(BESIDE_NUMBERS)}, ''), ',', '.') as double)"


def _of_pieces(recognised: Recognised, source: SourceConfig, amount: str, cells: Cells) -> Iterator[Aside]:
    """Sums that are not their price times their pieces, though nearly all others are."""
    headers = [header for header in recognised.shape.headers if header]
    prices = [header for header in unused(recognised, source) if PRICE_OF_ONE.fullmatch(IN_MONEY.sub("", fold(header)))]
    pieces = [header for header in headers if PIECES.fullmatch(fold(header))]
    if len(prices) == len(pieces) == 1 and not any(ANY_DISCOUNT.search(fold(header)) for header in headers):
        price, count, sold = (_plain(cells.named(one)) for one in (prices[0], pieces[0], amount))
        apart = f"round(abs(abs({sold}) - abs({price} * {count})), 2)"
        apart = f"(case when {apart} > greatest(1, 0.01 * abs({sold})) then {apart} else 0 * {apart} end)"
        detail = f"{amount} ≠ {prices[0]} × {pieces[0]}"
        yield Aside("sums_unlike_pieces", apart, detail, most=MOST_UNLIKE, looked_at=LOOKED_AT)


def _said_of(header: str, recognised: Recognised, cells: Cells) -> Iterator[tuple[str, str]]:
    """A heading of texts in; what some rows may be by its words and the SQL of that."""
    name = fold(header)
    if not any(one.fullmatch(name) for one in (TITLES, EMAILS, PIECES, TEXTS, PREPAID_HEADER)):
        return  # a cell that is asked for is kept of every row
    cell = cells.named(header)
    text = f"coalesce({folded(cell)}, '')"
    if TITLES.fullmatch(name) or EMAILS.fullmatch(name):
        says = SAYS_TEST if TITLES.fullmatch(name) else SAYS_TEST_EMAIL
        hints = " or ".join(f"contains({cell}, '{hint}')" for hint in ("ест", "ЕСТ", "est", "EST"))
        is_short = f"case when strlen({cell}) < {LONGEST_TEST} then {hints} end"
        yield "tests_sold", f"case when {is_short} then regexp_matches({text}, {literal(says)}) end"
    if recognised.profile is not None:
        return
    if PIECES.fullmatch(name):
        yield "refunds_marked", f"{parsed('number', cell, Reading()).value} < 0"
    if TEXTS.fullmatch(name) or TITLES.fullmatch(name):
        says = SAYS_REFUND if TEXTS.fullmatch(name) else CALLED_REFUND
        said = f"regexp_matches({text}, {literal(says)})"
        yield "refunds_marked", said + f" and not regexp_matches({text}, {literal(vocabulary().no_refund_pattern)})"
    if PREPAID_HEADER.fullmatch(name):
        yield "paid_before", f"regexp_matches({text}, {literal(SAYS_PREPAID)})"


def _amounts(header: str, amount: str, sold: str, cells: Cells) -> Iterator[Aside]:
    """A heading that nothing reads, that of the sale's amount and its SQL in; what stands under it, if money."""
    what = _meant(header)
    if what is None:
        return  # a cell that is asked for is kept of every row
    cell = cells.named(header)
    money = parsed("money", cell, Reading()).value
    if what == "refunds_dated":
        day = parsed("date", cell, Reading()).value
        yield Aside(what, f"(case when {day} is not null then {sold} end)", header)
    elif what == "refunds_beside":
        yield Aside(what, money, header)
        yield Aside("refunds_marked", f"(case when {folded(cell)} in ({literals(YES)}) then {sold} end)", header)
    else:
        of_rest = f"({sold} - {money})" if PAID.fullmatch(IN_MONEY.sub("", fold(header))) else money
        remark = Assumed(what, "revenue_rub", amount, header).remark
        yield Aside(remark.kind, of_rest, remark.detail)


def _meant(header: str) -> str | None:
    """A heading in; the kind of notice, or what is assumed, of the amounts under it out, None if it tells of none."""
    name, whole = IN_MONEY.sub("", fold(header)), fold(header)
    kinds = (
        ("refunds_beside", REFUNDS, whole),
        ("refunds_dated", REFUND_DAYS, name),
        ("debt_beside", PAID, name),
        ("discount_beside", DISCOUNTS, whole),
        ("debt_beside", DEBTS, whole),
        ("taken_beside", PARTS, name),
    )
    other_money = "taken_beside" if currency_in(header) not in (None, "RUB") else None
    return next((kind for kind, pattern, text in kinds if pattern.fullmatch(text)), other_money)


def _is_spoken_of(header: str, source: SourceConfig) -> bool:
    return header in {*source.where, *source.exclude, *source.refunds}
