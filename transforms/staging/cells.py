"""Columns of ours that a file fills → the SQL of their texts, and how each is read."""

import re
from collections.abc import Iterable, Mapping

from config.metric_words import MARKS
from config.profiles import ColumnSource
from config.tables import ColumnType
from config.words import fold as fold_word
from config.words import is_headed, vocabulary
from transforms.parse import Reading, own_words, with_format
from transforms.parse.cells import folded, is_blank, literal, literals
from transforms.recognise import Recognised
from transforms.shape import fold
from transforms.staging.moments import zone_of
from transforms.staging.one_table import Cells, OneTable
from transforms.staging.units import currency_of, with_units

WHOLE_WORDS = ("всего", "все", "итого", "all", "total")
"""A channel or a manager in a plan that means all of them."""


def texts(one: OneTable) -> dict[str, str]:
    """Our columns that this file can fill → the SQL of their text.

    The client's constants come first, then headers, then the vendor's constants.
    """
    found: dict[str, str] = {}
    recognised, names = one.recognised, one.context.names
    vendor = recognised.declared.constants if recognised.declared else {}
    for name, column in one.table.mappable_columns.items():
        known = names[f"{column.type}s"].known() if f"{column.type}s" in names else ()
        if name in one.source.constants:
            found[name] = literal(one.source.constants[name])
        elif name in recognised.columns:
            found[name] = _text(recognised.columns[name], one.cells, known)
        elif name in vendor:
            found[name] = literal(vendor[name])
    if "is_answered" in found and says_missed(recognised):  # who marks the missed ones leaves the others blank
        answered = found["is_answered"]
        found["is_answered"] = f"case when {is_blank(answered)} then {literal('нет')} else {answered} end"
    return _of_whole(found) if "metric" in one.table.columns else found


def _of_whole(found: dict[str, str]) -> dict[str, str]:
    """Texts of a plan or of changes: a channel or a manager called «все» is none, a figure is told by both."""
    for name in MARKS.keys() & found.keys():
        found[name] = f"case when {folded(found[name])} not in ({literals(WHOLE_WORDS)}) then {found[name]} end"
    if "metric" in found:
        marks = "".join(
            f" || case when {is_blank(found[name])} then '' else {literal(mark)} end"
            for name, mark in MARKS.items()
            if name in found
        )
        found["metric"] = f"case when not {is_blank(found['metric'])} then {found['metric']}{marks} end"
    return found


def uses_dictionary(recognised: Recognised) -> bool:
    """Whether some text counts only if a dictionary knows it."""
    return any(column.known_only for column in recognised.columns.values())


def _text(column: ColumnSource, cells: Cells, known: Iterable[str]) -> str:
    if column.sql is not None:
        return cells.rewritten(column.sql)
    choices = [_if_known(cell, column, header, known) for header in column.headers if (cell := cells.of(header))]
    if len(choices) == 1:
        return choices[0]
    filled = [f"case when not {is_blank(choice)} then {choice} end" for choice in choices[:-1]]
    return f"coalesce({', '.join([*filled, choices[-1]])})"


def _if_known(cell: str, column: ColumnSource, header: str, known: Iterable[str]) -> str:
    if fold(header) not in map(fold, column.known_only):
        return cell
    words = sorted(set(known))
    return f"case when {folded(cell)} in ({literals(words)}) then {cell} end" if words else "null::varchar"


def is_among(cell: str, values: Iterable[str]) -> str:
    """SQL of a text and words; the condition that it is one of them, folded. A cell without a text is an empty one."""
    words = dict.fromkeys(map(fold_word, values))
    text = f"coalesce({folded(cell)}, '')" if "" in words else folded(cell)
    return f"{text} in ({literals(words)})"


# A source's formats, words and zone → how each of its columns is read.

SHORTER = frozenset({"day", "week", "month"})
"""What a period of a plan may be, as svodka.yaml says of all rows, for which «2026» is none."""
NUMERIC: frozenset[ColumnType] = frozenset({"money", "number", "planned", "count", "share"})
DATED: frozenset[ColumnType] = frozenset({"date", "moment"})
SCALES = {"csi": (1, 5), "csat": (1, 5), "nps": (0, 10)}


def readings(one: OneTable) -> dict[str, Reading]:
    """Every mappable column of the table → its Reading, as far as the client and the profile decide it."""
    columns = one.table.mappable_columns.items()
    return with_units({name: _reading(name, column.type, one) for name, column in columns}, one)


def zone(one: OneTable) -> str | None:
    """The zone in which a source keeps its moments: the client's word, else the vendor's."""
    profile, declared = one.recognised.profile, one.recognised.declared
    return one.source.timezone or (declared and declared.timezone) or (profile.timezone if profile else None)


def _reading(name: str, kind: ColumnType, one: OneTable) -> Reading:
    recognised, source, vendor = one.recognised, one.source, one.recognised.declared
    is_turned = says_missed(recognised) if kind == "answered" else kind == "departed" and _says_live(name, one)
    turned = TURNED if is_turned else {}
    reading = Reading(
        currency=currency_of(name, one),
        source_zone=source.timezone or zone_of(name, one) or zone(one),
        client_zone=one.context.timezone,
        words=turned | own_words(vendor.values.get(name, {}) if vendor else {}, source.values.get(name, {})),
        scale=SCALES.get(name, (0, 10)),
        is_1904=True if recognised.raw.is_1904 else None,
        is_year_whole=name == "period_start" and source.constants.get("grain") not in SHORTER,
    )
    for written in [*_formats(name, kind, vendor.formats if vendor else {}), *_formats(name, kind, source.formats)]:
        reading = with_format(reading, written)
    return reading


TURNED = {
    **dict.fromkeys(("true", "1", "yes", "да", "+"), "false"),
    **dict.fromkeys(("false", "0", "no", "нет", "-"), "true"),
}
"""What plain words say below a heading that asks the other way: whether a call was missed, whether somebody stayed."""


def _says_live(name: str, one: OneTable) -> bool:
    """Whether the one heading of who left is a word for who stayed: «Активен», «Подписан», `is_subscribed`."""
    headings = one.headings(name)
    return len(headings) == 1 and not one.is_vendors and is_headed(headings[0], "live")


AROUND = re.compile(r"^is ?|^(?:звонок|вызов|call) |[^\w ]| (?:звонок|вызов|call)$")


def says_missed(recognised: Recognised) -> bool:
    """Whether the one heading of answers is a word for none: «Пропущен», «Не отвечен», `is_missed`."""
    column = recognised.columns.get("is_answered")
    if column is None or len(column.headers) != 1 or recognised.profile is not None:
        return False
    said = AROUND.sub("", fold(column.headers[0])).strip()
    return vocabulary().meanings("answered").get(said) == "false" and said not in TURNED


def _formats(name: str, kind: ColumnType, formats: Mapping[str, str]) -> list[str]:
    """What is said of all numbers or all dates, then what is said of this column."""
    found = []
    if kind in NUMERIC and "decimal" in formats:
        found.append(formats["decimal"])
    if kind in NUMERIC and formats.get("thousands") in (",", "."):
        found.append("." if formats["thousands"] == "," else ",")
    if kind in DATED and "date" in formats:
        found.append(formats["date"])
    return [*found, *([formats[name]] if name in formats else [])]
