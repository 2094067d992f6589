"""What is to be said, or asked, of a table beside its rows: torn letters, tabs left aside, what cells leave open."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from config.documents import NUMBER_MARK, RawTable
from config.draft import COUNTED_DAYS, NAMED_MONTH, Remark
from config.errors import ContractError
from config.notices import Assumed
from config.words import fold, is_headed, saying
from transforms.parse import Reading
from transforms.period import month_in, period_in
from transforms.shape.header import MARKS
from transforms.shape.totals import figure_in
from transforms.staging.one_table import OneTable
from transforms.staging.units import currency_in, lines_below, unit_in

MOST_NAMED = 10
"""Cells that a remark names one by one."""
SERIAL = re.compile(rf"{NUMBER_MARK}?[3-6][0-9]{{4}}(?:[.,][0-9]+)?(?: .*)?")
OFFSET = re.compile(r":\d\d(?:\.\d+)? ?(?:Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)$")
"""How a moment ends that says its zone."""
BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3})")
OF_A_FILTER = re.compile(r" (?:и|and) |[;,]", re.IGNORECASE)
"""What stands between the conditions of a filter."""
IS_EQUAL = re.compile(
    r"\s*(?:=|<|>|\"|«|\b(?:не )?(?:равн|в спис|в груп|содерж|больш|меньш|заполн|is\b|in\b|equals))", re.IGNORECASE
)
"""What stands between the name of a condition and its value."""
ANY_YEAR = 2000
"""Stands for the year of a month that is named without one."""
FEWEST = 3
"""Fewer numbers that may be days may be anything."""


def remarks(one: OneTable, readings: Mapping[str, Reading]) -> list[Remark]:
    """A table and how its columns are read in; its remarks out."""
    known = (assumed.remark for assumed in one.recognised.assumed)
    return [
        *_of_file(one.recognised.raw),
        *_no_money(one),
        *_no_plan(one),
        *known,
        *_turned_scales(one),
        *_named_month(one),
        *_units_below(one),
        *_left_out(one),
        *_zones_mixed(one),
        *_counted_days(one, readings),
    ]


def _of_file(raw: RawTable) -> Iterator[Remark]:
    if raw.torn_cells:
        named = [*raw.torn_cells[:MOST_NAMED], *(["…"] if len(raw.torn_cells) > MOST_NAMED else [])]
        yield Remark("torn_letters", ", ".join(named), len(raw.torn_cells))
    tab = raw.origin.tab or ""
    tabs = (
        ("tabs_together", f'"{raw.joined[0]}"' if raw.joined else "", raw.joined),
        ("tabs_left", tab, raw.left_aside),
        ("tabs_hidden", tab, raw.hidden_alike),
    )
    for what, header, titles in tabs:
        if titles:
            yield Assumed(what, header=header, value=_named(titles)).remark
    if raw.hidden_rows:
        yield Assumed("rows_hidden", value=str(raw.hidden_rows)).remark


def _named(titles: Sequence[str]) -> str:
    return ", ".join(f"«{title}»" for title in titles)


def _no_money(one: OneTable) -> Iterator[Remark]:
    """Money that svodka.yaml takes from a column that has none by its heading."""
    if not one.is_vendors and one.has_money:
        for header in one.recognised.columns[one.table.money or ""].headers:
            has_spent = any(is_headed(other, "spent") and not is_headed(other, "not_spent") for other in one.unread)
            is_left = has_spent or bool(one.unread_as("running"))  # a budget beside what is left of it
            is_not_spent = one.source.table == "ad_spend" and is_left and is_headed(header, "not_spent")
            is_planned = is_headed(header, "planned") and one.unread_as("done")
            is_topped_up = one.source.table == "ad_spend" and is_headed(header, "topped_up")
            is_part = one.source.table == "ad_spend" and one.unread_as("spent_in_all")
            if is_headed(header, "no_money") or is_not_spent or is_planned or is_topped_up or is_part:
                yield Remark("no_money_by_heading", header)


def _no_plan(one: OneTable) -> Iterator[Remark]:
    """What came of a plan that is read as planned, where the plan stands beside it."""
    if one.source.table == "plan" and is_headed(one.heading("planned"), "done") and one.unread_as("planned"):
        yield Remark("no_money_by_heading", one.heading("planned"))


def _turned_scales(one: OneTable) -> Iterator[Remark]:
    """A remark of each question whose best answer is one, as the question or its answers say."""
    for name in ("csi", "csat", "nps"):
        for header in one.headings(name):
            if any(is_headed(text, "best_is_one") for text in (header, *one.sample(header))):
                yield Remark("scale_turned", header)


def _units_below(one: OneTable) -> Iterator[Remark]:
    """What the money is measured in, where that stands in the first row below its heading and says no roubles."""
    first = one.first_rows[0] if one.first_rows else ()
    place = one.place(one.table.money or "") if one.has_money else None
    cell = first[place].strip(MARKS + " ") if place is not None and place < len(first) else ""
    is_words = bool(cell) and not any(sign.isdigit() for sign in cell)
    if is_words and (unit_in(cell) or currency_in(cell) not in (None, "RUB")):
        yield Remark("units_below", cell)


def _left_out(one: OneTable) -> Iterator[Remark]:
    """Lines above or below a table that say that it holds but some of the rows: «Показано 20 из 350», «Отбор: …».

    Whom or what a filter is of stays unsaid: it may be a person.
    """
    raw, shape = one.recognised.raw, one.recognised.shape
    above = [
        " ".join(cell.strip(MARKS) for cell in row if cell) for row in raw.head[: min(shape.header_rows, default=0)]
    ]
    for line in (*above, *lines_below(one)):
        folded = BETWEEN_DIGITS.sub("", fold(line))
        counts = re.search(saying("shown_of"), folded)
        if counts and int(counts[1]) < int(counts[2]):
            yield Remark("shown_of", f"{counts[1]} / {counts[2]}")
        parts = OF_A_FILTER.split(line.partition(":")[2]) if re.search(saying("filtered"), folded) else []
        names = [IS_EQUAL.split(part.strip(), maxsplit=1)[0] for part in parts]
        if left := [name for name in names if name and not re.match(saying("filter_of_all"), fold(name))]:
            yield Remark("filtered", ", ".join(left))


def _zones_mixed(one: OneTable) -> Iterator[Remark]:
    """A column of moments some of which say how far they are from UTC and others do not."""
    for name, column in one.recognised.columns.items():
        if one.table.columns[name].type == "moment" and len(column.headers) == 1:
            cells = [cell for cell in one.sample(one.in_file(column.headers[0])) if ":" in cell]
            told = sum(bool(OFFSET.search(cell)) for cell in cells)
            if 0 < told < len(cells):
                yield Remark("zones_mixed", column.headers[0])


def _named_month(one: OneTable) -> Iterator[Remark]:
    """The month, and nothing longer, that the tab or else the file is called like; rows of a period are of that one."""
    origin = one.origin
    name = origin.tab or Path(origin.member or origin.file).stem
    named = period_in(name) or month_in(name)
    if named and named[0].strftime("%Y-%m") == named[1].strftime("%Y-%m"):
        yield Remark(NAMED_MONTH, named[0].strftime("%Y-%m"))
    elif named is None and (lone := month_in(name, ANY_YEAR)):
        yield Remark(NAMED_MONTH, lone[0].strftime("%m"))


def _counted_days(one: OneTable, readings: Mapping[str, Reading]) -> Iterator[Remark]:
    """A remark of each column of days that are bare numbers of days: nothing in them says from which year they count.

    None where a workbook or svodka.yaml says from when they count, nor of plans, which are of days to come.
    """
    for name, column in one.recognised.columns.items():
        if one.table.looks_ahead or one.table.columns[name].type not in ("date", "moment") or len(column.headers) != 1:
            continue
        header = one.in_file(column.headers[0])
        days = one.sample(header)
        is_open = readings[name].is_1904 is None and readings[name].unit != "unix"
        if is_open and len(days) >= FEWEST and all(map(SERIAL.fullmatch, days)):
            yield Remark(COUNTED_DAYS, f"{name}: {header}")


def ask_merged(one: OneTable) -> None:
    """Raise ContractError for an amount in a cell that is merged over several rows: only its owner knows whose it is.

    Not where `amounts` or an id merged over the same rows tells.
    """
    raw, shape = one.recognised.raw, one.recognised.shape
    place = one.place(one.table.money or "")
    if place is None or one.source.amounts is not None or raw.rows is None:
        return
    of_ids = one.place(one.table.key[0]) if one.table.key else None
    known = {(area[0], area[2]) for area in raw.merged if area[1] == of_ids}
    for first_row, first_column, last_row, _ in raw.merged:
        is_data = first_column == place and first_row >= shape.first_row and last_row > first_row
        value = raw.rows[first_row][place].strip(MARKS) if is_data and place < len(raw.rows[first_row]) else ""
        if figure_in(value) and (first_row, last_row) not in known:
            raise ContractError.of(
                raw.origin,
                "staging.merged_amounts",
                header=shape.headers[place],
                value=value,
                rows=f"{first_row + 1}–{last_row + 1}",
            )
