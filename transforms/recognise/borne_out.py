"""Guessed columns → those that their cells bear out or alone tell; a guessed table → whether it is another one."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from config.documents import RawTable
from config.tables import tables
from config.words import fold, is_headed, saying, says, vocabulary
from transforms.recognise.ambiguous import BARE, TELLING, are_remarks, mostly_known, tells, tells_refunds
from transforms.recognise.complain import meaning
from transforms.recognise.fit import pseudo_texts
from transforms.shape.header import MARKS, Header
from transforms.shape.totals import figure_in

BESIDE_ID = ("created_on", "closed_on", "started_at", "created_at", "phone", "email", "client_id")
"""What rows of one id share."""
PEOPLE = frozenset({"phone", "email", "client_id"})
"""Of them, who it was."""
DAY_LETTERS = len("01.08.2026")
"""Of a moment the day is compared."""
MOST_TORN = 0.05
FEWEST_ARTICLES = 3
"""Fewer ids that repeat beside one product each are orders of two of a kind."""
PRICES = ("цена", "price")
"""What a piece costs is no sum of a sale, where pieces are counted or the heading says whose price it is."""
NUMBERS = ("номер", "number", "№")
PHONE_LENGTHS = range(10, 14)
MEDIA = frozenset(
    {"cpc", "cpm", "cpa", "cpv", "ppc", "organic", "referral", "none", "(none)", "(not set)", "display", "social"}
    | {"email", "direct", "(direct)", "messenger", "offline"}
)
"""What counters of a site write under «Канал»: by what kind of a link somebody came; the source stands beside it."""
OF_LETTERS = re.compile(f"(?:{saying('no_deed')}|прочитан|открыт|просмотрен|read|opened)")
"""What became of a letter that was sent, and of no enquiry."""
COUNTED = re.compile(r"\d{1,4}")
"""Under a heading that may be a phone's or an order's, such cells are no phones."""


def believed(raw: RawTable, header: Header, table: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Guessed columns without an id that is none by its values, and without a price for an amount."""
    cells = {column: cells_below(raw, header, name) for column, name in columns.items()}
    kept = dict(columns)
    key = tables()[table].key[:1] if len(tables()[table].key) == 1 else []
    for column in key:
        beside = [cells[name] for name in BESIDE_ID if name in cells]
        tills = [cells_below(raw, header, name) for name in header.names if name and is_headed(name, "tills")]
        products = [] if PEOPLE & set(cells) else cells.get("product", [])
        if column in cells and (not _is_id(cells[column], [*beside, *tills]) or _are_articles(cells[column], products)):
            del kept[column]
    if "phone" in kept and not _are_phones(columns["phone"], cells["phone"]):
        del kept["phone"]
    if table == "deals" and "channel" not in kept and "utm_source" in kept:
        kept["channel"] = kept["utm_source"]
    if "channel" in kept and set(map(fold, filter(None, cells.get("channel", ["?"])))) <= MEDIA:
        kept["channel"] = next((n for n in header.names if _names_sources(n, raw, header, columns)), kept["channel"])
    if telling := _telling(raw, header, table, kept):
        kept |= telling
    if table == "subscribers":
        kept |= _departed(raw, header, kept)
    kept |= _whole(raw, header, kept)
    amount = fold(columns.get("revenue_rub", ""))
    if amount.startswith(PRICES) and (amount not in PRICES or "quantity" in columns):
        del kept["revenue_rub"]
    return kept


def _departed(raw: RawTable, header: Header, columns: dict[str, str]) -> dict[str, str]:
    """Who left, by a heading below which only words for it stand; a heading of days that holds none is taken away."""

    def only(name: str) -> bool:
        return say_only(cells_below(raw, header, name), "departed")

    if "unsubscribed_on" in columns and only(columns["unsubscribed_on"]):
        return {"is_departed": columns.pop("unsubscribed_on")}
    marks = [name for name in header.names if name and is_headed(name, "live", "departed")]
    free = (name for name in marks if name not in columns.values() and only(name))
    return {"is_departed": name} if "is_departed" not in columns and (name := next(free, None)) else {}


def _are_phones(name: str, cells: Sequence[str]) -> bool:
    """Whether numbers are of telephones, under a heading that may be an order's or a document's."""
    if fold(name) in NUMBERS and any(map(COUNTED.fullmatch, cells)):
        return False
    filled = [cell for cell in cells if cell]
    is_of_any = fold(name) not in NUMBERS and fold(name).startswith(NUMBERS) and not says(name, "phones")
    return not is_of_any or sum(len(re.sub(r"\D", "", cell)) in PHONE_LENGTHS for cell in filled) * 2 > len(filled)


def _names_sources(name: str, raw: RawTable, header: Header, columns: Mapping[str, str]) -> bool:
    """Whether a free heading is one of channels, and what stands below it is more than «cpc» and «organic»."""
    if not name or name in columns.values() or not meaning(name, "deals", "channel"):
        return False
    return not set(map(fold, filter(None, cells_below(raw, header, name)))) <= MEDIA


def _telling(raw: RawTable, header: Header, table: str, columns: Mapping[str, str]) -> dict[str, str]:
    """A column that no word of its heading tells, but its cells: which calls are outgoing, which deals are lost."""
    column, kind, sought = TELLING.get(table, ("", "", set()))
    if not column or column in columns:
        return {}
    known = vocabulary().meanings(kind)
    for name in header.names:
        is_free = name and name not in columns.values()
        cells = cells_below(raw, header, name) if is_free else []
        words = set() if column == "status" and are_remarks(name, cells) else set(map(fold, cells)) - {""}
        is_telling = any(known.get(word) in sought and tells(word, name, table) for word in words)
        if is_telling and mostly_known(known, words) and not tells_refunds(name, words):
            return {column: name}
    return {}


def is_of_others(statuses: Sequence[str]) -> bool:
    """Whether what became of enquiries is rather what calls end with, or subscribers."""
    if say_only(statuses, "answered"):
        return True
    words = set(map(fold, statuses)) - {""}
    known, own = vocabulary().meanings("departed"), vocabulary().meanings("lead_status")
    has_left = any(known.get(word) == "true" and word not in own for word in words - BARE)
    are_all = bool(words - BARE) and words <= known.keys() - own.keys()
    return are_letters(statuses) or are_all or (has_left and mostly_known(known, words))


def are_letters(cells: Sequence[str]) -> bool:
    """Whether what became of rows is what becomes of letters that are sent."""
    words = [fold(cell) for cell in cells if cell]
    return bool(words) and all(map(OF_LETTERS.match, words))


def say_only(cells: Sequence[str], kind: str) -> bool:
    """Whether a column holds nothing but words of one list: «да» and «нет» are no days."""
    known = vocabulary().meanings(kind)
    return any(cells) and all(fold(cell) in known for cell in cells if cell)


def _whole(raw: RawTable, header: Header, columns: Mapping[str, str]) -> dict[str, str]:
    """The heading of all that was spent, where one stands beside its parts, and of what was paid of a sale."""
    found = {}
    if "spend_rub" in columns and (
        whole := next((one for one in header.names if is_headed(one, "spent_in_all")), None)
    ):
        found["spend_rub"] = whole
    if "revenue_rub" in columns:
        found["revenue_rub"] = _paid(raw, header, columns)
    return found


def _paid(raw: RawTable, header: Header, columns: Mapping[str, str]) -> str:
    """The heading of a sale's amount; that of what was paid of it, where one stands beside it and is never more."""
    chosen = columns["revenue_rub"]
    ordered = [figure_in(cell) for cell in cells_below(raw, header, chosen)]
    ids = list(filter(None, cells_below(raw, header, columns["deal_id"]))) if "deal_id" in columns else []
    if len(set(ids)) < len(ids):
        return chosen  # beside a line, the total may be that of its order
    for name in header.names:
        if name and name not in columns.values() and is_headed(name, "sums_paid"):
            paid = [figure_in(cell) for cell in cells_below(raw, header, name)]
            pairs = [(one, other) for one, other in zip(ordered, paid, strict=True) if one is not None]
            if any(other for _, other in pairs) and all((other or 0) <= one for one, other in pairs):
                return name
    return chosen


def cells_below(raw: RawTable, header: Header, name: str) -> list[str]:
    """The texts below a heading, as far as they are at hand."""
    place = header.names.index(name)
    below = (raw.rows if raw.rows is not None else raw.head)[max(header.rows, default=-1) + 1 :]
    return [row[place].strip(MARKS).strip() if place < len(row) else "" for row in below]


def _is_id(ids: Sequence[str], beside: Sequence[Sequence[str]]) -> bool:
    """Whether a column may be an id: not one value in all rows, nor values that repeat beside other days or people."""
    filled = [text for text in ids if text]
    if len(filled) > 1 and len(set(filled)) == 1:
        return False
    repeated = {text for text, count in Counter(filled).items() if count > 1}
    torn = 0
    for one in repeated:
        places = [place for place, text in enumerate(ids) if text == one]
        torn += any(len({column[place][:DAY_LETTERS] for place in places} - {""}) > 1 for column in beside)
    return torn <= MOST_TORN * len(repeated)


def _are_articles(ids: Sequence[str], products: Sequence[str]) -> bool:
    """Whether an id names its product and nothing else: each has one, each product one id, and most repeat."""
    pairs = {(one, product) for one, product in zip(ids, products, strict=False) if one and product}
    repeated = [one for one, count in Counter(filter(None, ids)).items() if count > 1]
    is_one_to_one = len(pairs) == len({one for one, _ in pairs}) == len({product for _, product in pairs})
    return bool(pairs) and len(repeated) >= FEWEST_ARTICLES and is_one_to_one


def hold_figures(cells: Sequence[str]) -> bool:
    """Whether all that stands in a column is figures."""
    return any(cells) and all(figure_in(cell) is not None for cell in cells if cell)


# A table that its headings would do for → whether it is another one, by what tells the two apart.

PROVED_BY = {
    "calls": {"phone", "direction", "is_answered", "talk_seconds"},
    "leads": {"phone", "email", "kind", "channel", "status"},
}
"""Table → columns of which its headings must hold one: nothing else tells it."""
OF_ADVERTISING = frozenset({"campaign", "impressions", "clicks"})
BEGAN = ("created_at", "created_on", "subscribed_on", "active_on")
"""Columns of days that the making of somebody's card may be mistaken for."""


def is_another(raw: RawTable, header: Header, table: str, columns: Mapping[str, str]) -> bool:
    """Whether nothing tells this table from others, or its cells tell another one."""
    if table in PROVED_BY and PROVED_BY[table].isdisjoint(columns):
        return True  # a number and a day may be of anything
    if table == "calls":
        return not _are_calls(raw, header, columns)
    if any(says(columns.get(day, ""), "of_a_card") for day in BEGAN):
        return True
    if table == "subscribers":
        return not _are_subscribers(header, columns)
    if table == "activity":
        return _are_no_deeds(raw, header, columns)
    if table == "deals":
        asks = any(is_headed(name, "forms") for name in header.names)
        is_lead = asks and {"deal_id", "status", "closed_on"}.isdisjoint(columns)
        is_person = is_headed(columns.get("revenue_rub", ""), "of_a_person")
        return is_lead or is_person or _is_of_an_account(raw, header, columns)
    if table == "ad_spend":
        return not _is_spend(raw, header, columns)
    if table == "leads" and any(is_headed(name, "departed") or says(name, "of_clients") for name in header.names):
        return True
    return table == "leads" and "status" in columns and is_of_others(cells_below(raw, header, columns["status"]))


def _are_no_deeds(raw: RawTable, header: Header, columns: Mapping[str, str]) -> bool:
    """Whether rows are of those who left, or of letters that somebody was sent."""
    known = vocabulary().meanings("departed")
    kinds = cells_below(raw, header, columns["kind"]) if "kind" in columns else []
    states = [cells_below(raw, header, name) for name in header.names if name and is_headed(name, "states")]
    return any(known.get(fold(cell)) == "true" for cell in kinds) or any(map(are_letters, states))


OF_PEOPLE = frozenset({"deal_id", "phone", "email", "client_id"})
TELL_WHAT = ("kinds", "ways_of_money", "purposes", "titles", "comments")
"""Headings under which it stands what a payment was."""


def _is_of_an_account(raw: RawTable, header: Header, columns: Mapping[str, str]) -> bool:
    """Whether rows are what advertising took, or its account was topped up with: nobody bought anything.

    Not where somebody paid: a bank says who, and what for.
    """
    if OF_PEOPLE & set(columns) or any(is_headed(name, "counterparts") for name in header.names):
        return False
    said_of = ["charged", *([] if "product" in columns else ["of_ads"])]
    if any(is_headed(name, *said_of) for name in header.names):
        return True
    texts = [cells_below(raw, header, name) for name in header.names if is_headed(name, *TELL_WHAT)]
    said = [cell for cells in texts for cell in cells if cell]
    told = [cell for cell in said if says(cell, "topped_up")]
    if told:
        return all(says(cell, "topped_up") or says(cell, "of_an_account") for cell in said)
    return "product" not in columns and (_is_titled_ads(raw) or says(title_of(raw), "topped_up"))


def _is_spend(raw: RawTable, header: Header, columns: Mapping[str, str]) -> bool:
    """Whether anything tells what advertising took from what any day cost, or from what is but planned."""
    if says(title_of(raw), "meant_to_be"):
        return False
    if OF_ADVERTISING & set(columns) or _is_titled_ads(raw):
        return True
    is_of_ads = "channel" in columns or any(
        is_headed(name, "of_ads") or says(name, "of_leads") for name in header.names
    )
    is_of_days = not is_of_ads and any(says(name, "earned") for name in header.names)
    return not is_of_days and says(columns.get("spend_rub", ""), "spent_on_ads")


def _is_titled_ads(raw: RawTable) -> bool:
    """Whether a tab, or its file, is called like spend on advertising, and like nothing that it brought."""
    return says(title_of(raw), "of_spend") and not says(title_of(raw), "not_spend")


def title_of(raw: RawTable) -> str:
    """How a tab and its file are called."""
    return " ".join(pseudo_texts(raw).values())


def _are_calls(raw: RawTable, header: Header, columns: Mapping[str, str]) -> bool:
    """Whether anything tells calls from enquiries and lists of people: a word of a heading, or what became of them."""
    if {"direction", "talk_seconds"} & set(columns) or any(says(name, "of_calls") for name in header.names):
        return True
    ends = cells_below(raw, header, columns["is_answered"]) if "is_answered" in columns else []
    return say_only(ends, "answered") and not set(map(fold, ends)) - {""} <= BARE


def _are_subscribers(header: Header, columns: Mapping[str, str]) -> bool:
    """Whether anything tells a list of subscribers from enquiries, which have a day and an e-mail as well."""
    own = {"last_active_on", "unsubscribed_on", "is_departed"} & set(columns)
    is_told = bool(own) or any(is_headed(name, "departed") for name in header.names)
    return is_told or not is_headed(columns.get("subscribed_on", ""), "bare_days")
