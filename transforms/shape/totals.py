"""A row's first words → whether it is a totals row, a service row, or data."""

import re
from collections.abc import Sequence
from decimal import Decimal

from config.words import vocabulary

LOOK_ALIKES = {
    "а": "аa",
    "в": "вb",
    "г": "гr",
    "е": "еeё",
    "и": "иu",
    "о": "оo0",
    "с": "сc",
    "т": "тt",
    "ы": "ыи",
    "д": "д",
    "п": "пn",
}
"""Latin letters that stand for Cyrillic ones in totals: `Bcero` of Ozon Performance."""

TOTAL_WORDS = ("итого", "итог", "всего", "подытог", "общий итог", "промежуточный итог", "промежуточные итоги")
TOTAL_WORDS_LATIN = ("total", "totals", "grand total", "subtotal", "合計")


def _letter_class(letter: str) -> str:
    both = "".join(dict.fromkeys(c for like in LOOK_ALIKES.get(letter, letter) for c in (like, like.upper())))
    return f"[{both}]" if len(both) > 1 else both


def _words_pattern() -> str:
    words = ["".join(map(_letter_class, word)) for word in TOTAL_WORDS]
    words += [f"(?i:{word})" for word in TOTAL_WORDS_LATIN]
    return "|".join(words)


NAMES_OF_TOTALS = tuple(f"{word}{end}" for word in (*TOTAL_WORDS, *TOTAL_WORDS_LATIN) for end in ("", ":"))
"""What a cell that names a total says, lower-cased: in the column of items or channels, beside a day, say."""

TOTALS_WORD = r"^[\s\"'«]*(?:" + _words_pattern() + r")"
NAME_OF_TOTAL_PATTERN = r"[\s\"'«]*(?:" + _words_pattern() + r")[»\"']?(?:\s*:.*)?"
"""All that a cell says which names a total: «Итого», `Bcero`, «Итого: аккаунт»; both engines read it alike."""
TOTALS_PATTERN = TOTALS_WORD + r"(?:$|[^а-яёА-ЯЁa-zA-Z0-9_])"
"""How the label of a totals row begins; both Python's `re` and RE2 (DuckDB's `regexp_matches`) read it alike."""

TOTALS = re.compile(TOTALS_PATTERN)

ROW_COUNT_PATTERN = (
    r"^[\s\"'«]*(?:"
    r"(?:[Tt]otal rows|[Вв]сего (?:строк|записей)|[Кк]оличество (?:строк|записей)|[Чч]исло платежей)\s*[:=]?\s*\d"
    r"|[Кк]оличество операций|(?:[Вв]ходящ|[Ии]сходящ)(?:ий|ее|ая) (?:остаток|сальдо)"
    r"|(?:[Оо]статок|[Сс]альдо) (?:на (?:начало|конец)|входящ|исходящ|начальн|конечн)|[Оо]борот(?:ы|ов)? (?:за|по) )"
)
"""A last line that counts rows, or what a bank writes of balances. It is looked for before totals, because
`Total rows: 30` begins like one."""

ROW_COUNT = re.compile(ROW_COUNT_PATTERN)


def label(row: Sequence[str]) -> str:
    """A row's cells; its first filled one, trimmed, or an empty text."""
    for cell in row:
        if cell and (text := cell.strip()):
            return text
    return ""


BEGINNINGS = frozenset("ИиUuІіВвBbПпNnОоOo0TtТтGgSsСс合КкЧч\"'«")
"""First characters of every label above: most rows need no regular expression."""


def is_totals(row: Sequence[str]) -> bool:
    """A row's cells; whether its first filled one names a total."""
    return is_totals_label(label(row))


def is_totals_label(first: str) -> bool:
    """The first filled cell of a row; whether it names a total."""
    if is_subtotal_label(first):
        return True
    return bool(first) and first[0] in BEGINNINGS and bool(TOTALS.match(first)) and not ROW_COUNT.match(first)


SUBTOTAL_PATTERN = r"\S\s+(?:[Ии]тог|ИТОГ|[Tt]otal|TOTAL)\s*$"
"""«Анна Итог», `Anna Total`: what a workbook writes below each group when it adds them up («Промежуточные итоги»)."""
SUBTOTAL = re.compile(SUBTOTAL_PATTERN)


def is_subtotal_label(first: str) -> bool:
    """The first filled cell of a row; whether it names the group that it adds up before the word for it."""
    return first[-4:].casefold() in ("итог", "otal") and bool(SUBTOTAL.search(first))


NAMES_MORE_PATTERN = TOTALS_WORD + r"\s+[а-яёА-ЯЁa-zA-Z]"
"""«Всего доброго», «Итого за май»: words after the total's own; both engines read it alike."""
SAYS_WHAT_PATTERN = TOTALS_WORD + r"\s+(?:по|за|на|с|в|for|by|of|per)(?:$|[^а-яёА-ЯЁa-zA-Z0-9_])"
"""Of those, the words that say what or when was added up."""
NAMES_MORE, SAYS_WHAT = re.compile(NAMES_MORE_PATTERN), re.compile(SAYS_WHAT_PATTERN)

WHOLE_DATE = re.compile(r"^\ue002?(?:\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)|\d{4}-\d\d-\d\d)(?:[ T]\d[\d:.]*)?$")


def is_named_like_total(row: Sequence[str], first: Sequence[str]) -> bool:
    """A row and the first row of data; whether it only has a totals row's words: it has a day where the data have."""
    words = label(row)
    names_more = bool(NAMES_MORE.match(words) and not SAYS_WHAT.match(words)) or is_subtotal_label(words)
    return names_more and any(
        WHOLE_DATE.match(cell.strip()) and WHOLE_DATE.match(above.strip())
        for cell, above in zip(row, first, strict=False)
    )


def is_row_count(row: Sequence[str]) -> bool:
    """A row's cells; whether it only counts the rows above it."""
    return is_row_count_label(label(row))


def is_row_count_label(first: str) -> bool:
    """The first filled cell of a row; whether it counts the rows above it."""
    return bool(first) and first[0] in BEGINNINGS and bool(ROW_COUNT.match(first))


def filled(row: Sequence[str]) -> int:
    """A row's cells; how many hold something."""
    return sum(1 for cell in row if cell and not cell.isspace())


# The last row of a table → whether it is a total that nobody called so: no key, and figures that are sums.

MONEY = "|".join(["₽", r"руб\.?", r"р\.?", *vocabulary().currencies])
FIGURE = re.compile(rf"^\ue001?'?(\(?)([-−]?\d[\d\s'’]*(?:[.,]\d+)?)\s*(?:{MONEY})?\)?$", re.IGNORECASE)
"""Excel's mark of a text may stand before it; brackets are a minus."""
MOST_ROWS = 200_000
"""A longer table is not added up for this."""


def is_unlabelled_total(data: Sequence[Sequence[str]], last: Sequence[str]) -> bool:
    """Data rows and the row after them; whether that row has no key, where all others have one, and adds them up.

    Two rows at least must be added, no column's figure may differ from its sum, and one sum must be above zero. Ratios
    (a CTR of 0,59 %) are no figures, so they prove and disprove nothing.
    """
    if not 2 <= len(data) <= MOST_ROWS or _cell(last, 0) or not all(_cell(row, 0) for row in data):
        return False
    sums = [(figure, _sum(data, column)) for column, cell in enumerate(last) if (figure := figure_in(cell)) is not None]
    return bool(sums) and any(figure > 0 for figure, _ in sums) and all(figure == total for figure, total in sums)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def figure_in(cell: str) -> Decimal | None:
    """A cell that is a plain figure or money; its value."""
    match = FIGURE.match(cell.strip())
    if match is None:
        return None
    figure = Decimal(re.sub(r"[\s'’]", "", match[2]).replace("−", "-").replace(",", "."))
    return -figure if match[1] else figure


def _sum(rows: Sequence[Sequence[str]], column: int) -> Decimal:
    figures = (figure_in(row[column]) for row in rows if column < len(row))
    return sum((figure for figure in figures if figure is not None), Decimal(0))
