"""Questions about every row below a header, which the first rows of a long file cannot answer for the others."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ContractError
from config.profiles import ColumnSource, ProfileTable
from config.tables import Table
from config.words import fold as fold_word
from config.words import is_headed, says, vocabulary
from transforms.shape import Header, fold
from transforms.shape.header import MARKS


class Filled:
    """The headers with a value in some row below them; all of them where there is no row. A file is asked but once."""

    def __init__(self, raw: RawTable, header: Header) -> None:
        self._raw, self._header = raw, header
        self._has_value = cache(self._has)

    def __contains__(self, name: str) -> bool:
        return self._has_value(name) or not any(self._has_value(other) for other in self._header.names if other)

    def _has(self, name: str) -> bool:
        return name in self._header.names and has_value(self._raw, self._header, self._header.names.index(name))


def likeliest(find: Callable[[Sequence[str]], str | None], free: Sequence[str], filled: Filled) -> str | None:
    """How to choose among headers, and those free; the best that has a value: an empty column is nobody's new name."""
    left = list(free)
    while (name := find(left)) is not None and name not in filled:
        left.remove(name)
    return name


def has_value(raw: RawTable, header: Header, place: int) -> bool:
    """Whether some row has a text in the column at this place."""
    if any(_cell(row, place) for row in _at_hand(raw, header)):
        return True
    return raw.beyond is not None and raw.beyond.has_value(place, header.first_data_row)


def differ(raw: RawTable, header: Header, one: int, other: int) -> bool:
    """Whether some row has a text in the column `other` that is not what stands in `one`."""
    if any(_cell(row, other) not in ("", _cell(row, one)) for row in _at_hand(raw, header)):
        return True
    return raw.beyond is not None and raw.beyond.differ(one, other, header.first_data_row)


def texts(raw: RawTable, header: Header, place: int) -> Iterable[str]:
    """The texts of a column, some of them more than once."""
    yield from filter(None, (_cell(row, place) for row in _at_hand(raw, header)))
    if raw.beyond is not None:
        yield from map(str.strip, raw.beyond.texts(place, header.first_data_row))


def _at_hand(raw: RawTable, header: Header) -> Sequence[Sequence[str]]:
    return (raw.rows or raw.head)[header.first_data_row :]


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


# A header that stands twice, where the table cannot live without the column and the two say different things.

FIRST, SECOND = "#1", "#2"


def ask_which(
    raw: RawTable, header: Header, table: Table, columns: Mapping[str, ColumnSource], source: SourceConfig
) -> None:
    """Our columns and where the file has them in; raises ContractError that asks which of two columns is meant.

    `Сумма#1` and `Сумма#2` under `columns` say so. Columns that the table can live without take the first, as before.
    """
    for column in dict.fromkeys(name for group in table.needs for name in group):
        for name in _unsaid(column, columns, source):
            if _differ(raw, header, name):
                raise ContractError.of(
                    raw.origin,
                    "shape.doubled_header",
                    header=name,
                    column=column,
                    first=name + FIRST,
                    second=name + SECOND,
                )


def _unsaid(column: str, columns: Mapping[str, ColumnSource], source: SourceConfig) -> Iterator[str]:
    """The header a column is read from, unless the client said which of several it is."""
    found = columns.get(column)
    if found is None or found.sql is not None or column in source.constants:
        return
    said = {fold(name) for name in source.columns.get(column, ())}
    for name in found.headers[:1]:
        if fold(name + FIRST) not in said and fold(name + SECOND) not in map(fold, found.headers):
            yield name


def _differ(raw: RawTable, header: Header, name: str) -> bool:
    """Whether the second column of a name has a value that the first has not."""
    if name not in header.names or name + SECOND not in header.names:
        return False
    return differ(raw, header, header.names.index(name), header.names.index(name + SECOND))


# A vendor's export is all of one channel; a table that names channels of its own is asked about, not taken for one.

CHANNEL = "channel"


def names_channels(header: Header, declared: ProfileTable) -> bool:
    """Whether a table has channels of its own, and the export it looks like is all of one channel."""
    return CHANNEL in declared.constants and any(is_headed(name, "channels") for name in header.names)


def ask_channel(
    raw: RawTable,
    header: Header,
    declared: ProfileTable | None,
    columns: Mapping[str, ColumnSource],
    source: SourceConfig,
) -> None:
    """A recognised table in; raises ContractError that asks if it has channels beside the one of its profile.

    `channel:` under `columns` or `constants` answers, and so does `svodka accept`.
    """
    one = declared.constants.get(CHANNEL) if declared else None
    if one is None or CHANNEL in {*columns, *source.columns, *source.constants}:
        return
    for place, name in enumerate(header.names):
        if is_headed(name, "channels") and any(fold(text) not in ("", fold(one)) for text in texts(raw, header, place)):
            raise ContractError.of(
                raw.origin,
                "shape.channel_in_column",
                header=name,
                channel=one,
                proposals=[(raw.origin.source, CHANNEL, name)],
            )


# A column that nobody reads, though its words say of each row whether it counts, or as what.

TELLING = {
    "calls": ("direction", "direction", {"out", "internal"}),
    "deals": ("status", "deal_status", {"lost", "refunded"}),
    "subscribers": ("is_departed", "departed", {"true"}),
}
"""Table → our column, the list of its words, and the meanings that no other column would give to a row."""
QUESTIONS = {
    "direction": "shape.direction_unread",
    "status": "shape.status_unread",
    "is_departed": "shape.departed_unread",
}
"""Column → what is asked where nobody reads it."""


def ask_words(
    raw: RawTable, header: Header, table: str, columns: Mapping[str, ColumnSource], source: SourceConfig
) -> None:
    """A table whose columns the client described in; raises ContractError that asks if one of the others tells more.

    Without it outgoing calls would count as inbound, and cancelled orders as sales. `direction: []` says that it does
    not matter.
    """
    column, kind, meant = TELLING.get(table, ("", "", set()))
    if not column or column in {*columns, *source.columns, *source.constants}:
        return
    known = vocabulary().meanings(kind)
    for place in _unread(header, columns, source):
        if column == "is_departed" and _is_dated(raw, header, place, columns):
            continue
        name = header.names[place]
        if column == "status" and are_remarks(name, [_cell(row, place) for row in _at_hand(raw, header)]):
            continue
        is_named = _says_so(name, column) or fold(name) == CODES.get(column)
        if not is_named and not mostly_known(known, (_cell(row, place).strip(MARKS) for row in _at_hand(raw, header))):
            continue
        words = {fold_word(text): text for text in (one.strip(MARKS).strip() for one in texts(raw, header, place))}
        telling = [text for word, text in words.items() if known.get(word) in meant and tells(word, name, table)]
        is_theirs = telling and mostly_known(known, words)
        if not telling and is_named and _is_ours(name, column, known, words):
            telling = [text for word, text in words.items() if word not in known]
        if (is_theirs or (telling and is_named)) and not tells_refunds(name, words):
            raise ContractError.of(raw.origin, QUESTIONS[column], header=name, word=telling[0])


def _is_dated(raw: RawTable, header: Header, place: int, columns: Mapping[str, ColumnSource]) -> bool:
    """Whether each row that says that somebody left has the day as well, and that is read; False of a long file."""
    read = columns["unsubscribed_on"].headers if "unsubscribed_on" in columns else ()
    days = [header.names.index(name) for name in read if name in header.names]
    known = vocabulary().meanings("departed")
    left = [row for row in _at_hand(raw, header) if known.get(fold_word(_cell(row, place).strip(MARKS))) == "true"]
    return raw.beyond is None and bool(days) and all(any(_cell(row, day) for day in days) for row in left)


def ask_days(
    raw: RawTable, header: Header, table: str, columns: Mapping[str, ColumnSource], source: SourceConfig
) -> None:
    """The same of a list of subscribers whose days of leaving, or of their last deeds, nobody reads."""
    known = {*columns, *source.columns, *source.constants}
    for column, (kind, key) in DAYS_OF.items() if table == "subscribers" else ():
        for place in _unread(header, columns, source) if column not in known else ():
            name = header.names[place]
            said = (text.strip(MARKS).strip() for text in texts(raw, header, place)) if says(name, kind) else ()
            if (day := next(filter(DAY.match, said), None)) is not None:
                where = {"file": raw.origin.file, "source": raw.origin.source}
                raise ContractError(key, **where, header=name, day=day)


SAYS_SO = {"direction": "directions", "status": "statuses"}
"""Column → the kind of headings that are its own, whatever stands below them."""
CODES = {"direction": "тип"}
"""The same of a heading that may be another's, where codes stand below it."""
MOST_WORDS = 20
CODE = re.compile(r"\d{1,2}|[a-zа-я]{1,3}|[←→↙↗]")


def _is_ours(name: str, column: str, known: Mapping[str, str], words: Mapping[str, str]) -> bool:
    """Whether a column is ours by its heading, or by codes below it, and holds several words, some of them unknown."""
    is_own = _says_so(name, column)
    is_coded = CODES.get(column) == fold(name) and all(map(CODE.fullmatch, words))
    return (is_own or is_coded) and 1 < len(words) <= MOST_WORDS and not known.keys() >= words.keys()


def _says_so(name: str, column: str) -> bool:
    return column in SAYS_SO and is_headed(name, SAYS_SO[column])


DAYS_OF = {
    "unsubscribed_on": ("left", "shape.left_on_unread"),
    "last_active_on": ("did_last", "shape.active_on_unread"),
}
"""Column of days → the headings that say that they are its own, and what is asked where nobody reads them."""
DAY = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d)")
BARE = frozenset({"true", "1", "yes", "да"})


def tells(word: str, header: str, table: str) -> bool:
    """Whether a word says by itself, or under its heading, what its row is."""
    return table != "subscribers" or word not in BARE or says(header, "left")


def are_remarks(header: str, cells: Sequence[str]) -> bool:
    """Whether a column holds what people note beside some rows: of the others it says nothing."""
    return is_headed(header, "comments") and sum(map(bool, cells)) * 2 < len(cells)


def tells_refunds(header: str, words: Iterable[str]) -> bool:
    """Whether rows of a column are refunds by its words, which are read without being asked about."""
    return is_headed(header, "kinds") and any(map(vocabulary().is_refund, words))


def _unread(header: Header, columns: Mapping[str, ColumnSource], source: SourceConfig) -> Iterator[int]:
    """The places of headings that no column, condition or kind of refunds of the client names."""
    read = {fold(name) for one in columns.values() for name in one.headers}
    named = {fold(name) for name in (*source.where, *source.exclude, *source.refunds)}
    return (place for place, name in enumerate(header.names) if name and fold(name) not in read | named)


MOST_UNKNOWN = 20
"""Of the words of a column that tells: every business has some of its own."""


def mostly_known(known: Mapping[str, str], cells: Iterable[str]) -> bool:
    """Whether most of the words of a column are known, each counted once."""
    seen: set[str] = set()
    found = 0
    for cell in cells:
        if cell and cell not in seen:
            seen.add(cell)
            found += fold_word(cell) in known
            if len(seen) - found > MOST_UNKNOWN:
                return False
    return found * 2 > len(seen)
