"""Columns that a file fills → the SQL that says of each typed row whether it is refused, or skipped after all."""

from collections.abc import Collection, Mapping

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.draft import MISSING_CELLS, OTHER_HEADINGS, SURPLUS_CELLS, WHOLE_ROW
from config.metric_words import OF_CHANNEL, OF_MANAGER
from config.tables import Table
from transforms.parse.cells import folded, literal, literals
from transforms.shape import (
    NAMES_MORE_PATTERN,
    ROW_COUNT_PATTERN,
    SAYS_WHAT_PATTERN,
    SUBTOTAL_PATTERN,
    TOTALS_PATTERN,
)
from transforms.staging.columns import Typing, is_constant

ENDS_LIKE_SUBTOTAL = "right(label, 1) in ('г', 'Г', 'l', 'L', ' ')"


OTHERS_OF_A_HEAD = 2
"""Columns beside the first that must be empty; with one alone a row has lost its amount."""
LABEL, NAME = "trim(label)", "[А-Яа-яЁёA-Za-z]{3}"


def refused(typing: Typing) -> str:
    """Whether a row lacks what every row must have, or holds an amount that cannot be read."""
    conditions = [f"v_{name} is null" for name in sorted(required(typing.table, typing.texts))]
    conditions += [
        "(" + " and ".join(f"v_{name} is null" for name in group) + ")"
        for group in groups(typing.table, typing.texts)
        if group
    ]
    money = typing.table.money
    if money in typing.texts and money not in required(typing.table, typing.texts):
        conditions.append(f"r_{money} is not null")  # a blank amount is unknown, an unreadable one refuses the row
    if typing.headings is not None:
        conditions.append("surplus is not null")  # whatever stands left of what is too many may be another heading's
    return "(" + " or ".join(conditions or ["false"]) + ")"


def skipped_late(typing: Typing) -> str:
    """Why a row is skipped, now that its values are known; NULL: it is not.

    Of a short table `transforms.shape` has looked at every row already, of a long one at its ends alone.
    """
    blank = " and ".join(_is_blank(name) for name in typing.texts if not is_constant(typing.texts[name]))
    cases = ["when skipped is not null then skipped"]
    cases += ["when is_blank_row then 'blank'"] if typing.blank_row else []
    cases.append(f"when is_refused_if_read and {blank or 'true'} and coalesce({LABEL}, '') = '' then 'blank'")
    cases += [f"when {condition} then '{why}'" for condition, why in _labelled(typing)]
    if typing.headings_read:
        cases.append(f"when is_refused_if_read and {_says_again(typing.headings_read)} then 'service'")
    cases += [f"when {condition} then 'service'" for condition in _group_heads(typing)]
    cases += [f"when {condition} then '{why}'" for condition, why in typing.late_skips]
    return f"case {' '.join(cases)} end"


FEWEST_HEADINGS = 2
"""Cells of a row that say headings: one may be a word of the data."""


def _says_again(headings: Mapping[str, str]) -> str:
    """Whether a row holds the very heading of each column."""
    return "(" + " and ".join(f"{_as_heading(name)} = {literal(said)}" for name, said in headings.items()) + ")"


def says_otherwise(headings: Mapping[str, str]) -> str:
    """Whether a row holds headings of several columns, and not each its own: what follows is in another order."""
    words = literals(dict.fromkeys(headings.values()))
    count = " + ".join(f"coalesce({_as_heading(name)} in ({words}), false)::integer" for name in headings)
    return f"({count} >= {FEWEST_HEADINGS} and not coalesce({_says_again(headings)}, false))"


def _as_heading(name: str) -> str:
    return folded(f"ltrim(t_{name}, chr(65279))")  # the mark of UTF-8, where a second file was put below the first


def _group_heads(typing: Typing) -> list[str]:
    """A row that cannot be read and has nothing but a name in its first cell: the rows below it are of that name."""
    others = [name for name, text in typing.texts.items() if not is_constant(text) and text != typing.first_cell]
    if len(others) < OTHERS_OF_A_HEAD:
        return []
    blank = " and ".join(_is_blank(name) for name in others)
    return [
        f"is_refused_if_read and {blank} and regexp_matches(label, '{NAME}') and not regexp_matches(label, '[0-9]')"
    ]


def _labelled(typing: Typing) -> list[tuple[str, str]]:
    """What a row's first cell says of it: that it counts rows, or is a total."""
    own = [name for name, text in typing.texts.items() if name in typing.table.day and not is_constant(text)]
    has_day = f"not ({' and '.join(f'v_{name} is null' for name in own)})" if own else "false"
    names_more = f"{_is(NAMES_MORE_PATTERN)} and not {_is(SAYS_WHAT_PATTERN)}"
    return [
        (f"is_refused_if_read and {_is(ROW_COUNT_PATTERN)}", "service"),
        (f"{_begins_no_figure('label')} and {_is(TOTALS_PATTERN)} and not ({names_more} and {has_day})", "totals"),
        (f"{ENDS_LIKE_SUBTOTAL} and {_is(SUBTOTAL_PATTERN)} and not {has_day}", "totals"),
    ]


def may_be_data(first_cell: str) -> str:
    """The cell that labels totals in; the condition over `raw_cells` that a row may be data out."""
    is_total = f"{_begins_no_figure(first_cell)} and regexp_matches({first_cell}, {literal(TOTALS_PATTERN)})"
    return f"skipped is null and not coalesce({is_total}, false)"


def _begins_no_figure(cell: str) -> str:
    """Ids and dates begin with a figure and totals do not: it saves most rows the expression."""
    return f"({cell} < '0' or {cell} > ':')"


def _is(pattern: str) -> str:
    return f"regexp_matches(label, {literal(pattern)})"


def _is_blank(name: str) -> str:
    """Only odd rows have all their texts; in the others a cell with a value is not blank."""
    return f"(coalesce(t_{name}, '') = '' and v_{name} is null)"


# Columns of a table that a file fills → the SQL that lists what is wrong with each row.

QUESTIONS = frozenset({"direction", "answered"})
"""Types whose unknown words are asked about, never guessed."""
REPORTED = frozenset({"deal_status", "lead_status", "departed"})
"""Types of which an unknown word leaves the row as it is; they are counted word by word, not cell by cell."""
LONGEST_VALUE = 300
FLAW = "struct(column_name varchar, value varchar, reason varchar, kind varchar)"


def required(table: Table, texts: Collection[str]) -> set[str]:
    """Columns whose blank cell refuses the row by itself."""
    several = {name for group in table.needs if len(group) > 1 for name in group}
    return {name for name in texts if table.columns[name].is_required and name not in several}


def groups(table: Table, texts: Collection[str]) -> list[list[str]]:
    """Groups of columns of which a row needs at least one, as far as the file has them."""
    return [[name for name in group if name in texts] for group in table.needs if len(group) > 1]


def flaws(typing: Typing, read: Collection[str]) -> str:
    """The list of a row's offending cells; NULL for nearly every row."""
    table, texts, headings = typing.table, typing.texts, typing.headings
    has = {name: f"r_{name} is not null" for name in texts if name in read or name in required(table, texts)}
    for group in groups(table, texts):
        missing = " and ".join(f"v_{name} is null" for name in group)
        for name in group:
            has[name] = f"(r_{name} is not null or {missing})" if name in has else f"({missing})"
    cells = [
        f"case when {condition} then {{'column_name': '{name}', 'value': {_shown(name)}, "
        f"'reason': coalesce(r_{name}, 'missing'), 'kind': '{_kind(table, name)}'}} end"
        for name, condition in has.items()
    ]
    if headings is not None:
        has[WHOLE_ROW] = "surplus is not null"
        cells.append(f"case when surplus is not null then {_surplus(headings)} end")
    if read and len(typing.headings_read) >= FEWEST_HEADINGS:
        cells.append(f"case when is_refused_if_read and {says_otherwise(typing.headings_read)} then {OTHER_ORDER} end")
    if not cells:
        return f"null::{FLAW}[]"
    listed = f"list_filter([{', '.join(cells)}], lambda f: f is not null)"
    return f"case when {' or '.join(has.values())} then {listed} end"


OTHER_ORDER = f"{{'column_name': '{WHOLE_ROW}', 'value': label, 'reason': '{OTHER_HEADINGS}', 'kind': 'question'}}"


def _surplus(headings: int) -> str:
    """The flaw of a row, not of one cell of it: both counts are its value."""
    value = f"surplus || if(surplus > {headings}, ' > ', ' < ') || '{headings}'"
    reason = f"if(surplus > {headings}, '{SURPLUS_CELLS}', '{MISSING_CELLS}')"
    return f"{{'column_name': '{WHOLE_ROW}', 'value': {value}, 'reason': {reason}, 'kind': 'reject'}}"


def _kind(table: Table, name: str) -> str:
    kind = table.columns[name].type
    return "question" if kind in QUESTIONS else "reported" if kind in REPORTED else "reject"


def _shown(name: str) -> str:
    marks = literal(NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK + OF_CHANNEL + OF_MANAGER)
    return f"left(trim(translate(t_{name}, {marks}, '')), {LONGEST_VALUE})"
