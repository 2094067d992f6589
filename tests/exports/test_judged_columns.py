"""What a program did to a column of a workbook shows in the column as a whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from config.errors import ContractError
from tests.helpers.parse import facts, read_cell
from transforms.parse import Reading, Where, settle, with_format

WHERE = Where("a.xlsx", "Дата", "closed_on")


def settled(kind: str, cells: list[str], reading: Reading | None = None) -> Reading:
    """A column of typed cells in; how it is to be read out."""
    return settle(kind, facts(kind, cells, is_typed=True), reading or Reading(), WHERE)


def typed(*days: str) -> list[str]:
    """Days as a workbook gives them."""
    return [MOMENT_MARK + day for day in days]


AUGUST = ["14/08/2026", "17/08/2026", "29/08/2026"]


@pytest.mark.slow
def test_days_that_could_be_months_beside_texts_that_could_not_were_swapped():
    """All of August, if turned back; over the year, if not."""
    cells = [*typed("2026-03-08", "2026-05-08", "2026-11-08"), *AUGUST]
    reading = settled("date", cells)
    assert reading.is_swapped
    assert [read_cell("date", cell, reading) for cell in cells[:4]] == [
        date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 11), date(2026, 8, 14),
    ]  # fmt: skip
    assert read_cell("moment", f"{MOMENT_MARK}2026-03-08 10:20:30", reading) == datetime(2026, 8, 3, 10, 20, 30)


def test_so_it_is_with_the_month_first():
    """A workbook of Russian settings turns 8/3 of an American file into 8 March."""
    cells = [*typed("2026-03-08", "2026-05-08"), "8/14/2026", "8/17/2026"]
    reading = settled("date", cells)
    assert [read_cell("date", cell, reading) for cell in cells[:3:2]] == [date(2026, 8, 3), date(2026, 8, 14)]


@pytest.mark.parametrize(
    "cells",
    [
        typed("2026-03-08", "2026-05-08", "2026-11-08"),
        [*typed("2026-08-01", "2026-08-02", "2026-08-03"), *AUGUST],
        [*typed("2026-03-08", "2026-05-20"), *AUGUST],
        [*typed("2026-08-08"), *AUGUST],
        [*typed("2026-03-08"), *AUGUST, "03.08.2026"],
    ],
)
def test_days_in_order_are_no_question(cells):
    """Of one kind alone; near to the texts; some above 12; alike either way; texts below 12 too."""
    assert settled("date", cells).is_swapped is None


def test_what_could_be_either_way_asks():
    """A year of texts: both readings lie within it. The answer is kept."""
    cells = [*typed("2026-03-08", "2026-05-08"), "14/01/2026", "17/12/2026"]
    with pytest.raises(ContractError, match=r"formats: \{closed_on: swapped\}"):
        settled("date", cells)
    for written, is_swapped in (("swapped", True), ("not swapped", False)):
        assert settled("date", cells, with_format(Reading(), written)).is_swapped is is_swapped


def test_numbers_of_days_from_1904_lie_four_years_before_the_other_days():
    """44775 is 2 August 2022 to one system and 3 August 2026 to the other."""
    cells = [f"{NUMBER_MARK}44775", f"{NUMBER_MARK}44776.5", *typed("2026-08-20")]
    reading = settled("moment", cells)
    assert reading.is_1904
    assert [read_cell("moment", cell, reading) for cell in cells] == [
        datetime(2026, 8, 3), datetime(2026, 8, 4, 12), datetime(2026, 8, 20),
    ]  # fmt: skip
    assert settled("date", [f"{NUMBER_MARK}46237", *typed("2026-08-20")]).is_1904 is None


def test_minutes_that_a_program_took_for_hours():
    """One call would have lasted 25 hours, and none has a second."""
    lasted = [900, 5400, 300, 45_600, 90_600]
    cells = [f"{DURATION_MARK}{seconds}" for seconds in lasted]
    reading = settled("seconds", cells)
    assert [read_cell("seconds", cell, reading) for cell in cells] == [seconds // 60 for seconds in lasted]
    assert read_cell("seconds", "1:30", reading) == 90


def test_long_calls_without_seconds_ask():
    """Most over an hour, none over ten: a journal of consultations may be kept so."""
    cells = [f"{DURATION_MARK}{minutes * 60}" for minutes in (90, 75, 30, 120)]
    with pytest.raises(ContractError, match="m:ss"):
        settled("seconds", cells)
    assert settled("seconds", cells, with_format(Reading(), "h:mm")).is_minutes is False
    assert settled("seconds", cells, with_format(Reading(), "m:ss")).is_minutes is True


@pytest.mark.parametrize("lasted", [[61, 3700, 7300], [60, 120, 3600], [36_060, 60, 120, 180]])
def test_durations_in_order_are_no_question(lasted):
    """Some have seconds; or most are shorter than an hour."""
    assert settled("seconds", [f"{DURATION_MARK}{seconds}" for seconds in lasted]).is_minutes is None


def test_bare_numbers_of_a_workbook_that_counts_from_1904(tmp_path: Path):
    """The workbook says so itself."""
    from connectors.files.find import find
    from connectors.files.read import read
    from connectors.files.table import Limits

    for is_1904 in (True, False):
        book: Any = openpyxl.Workbook()
        if is_1904:
            book.epoch = CALENDAR_MAC_1904
        book.active.append(["Дата"])
        book.active.append([datetime(2026, 8, 3) + timedelta(hours=10)])
        book.save(tmp_path / "a.xlsx")
        [found] = find("s", ["a.xlsx"], tmp_path)
        [raw] = read(found, "s", tmp_path, Limits())
        assert raw.is_1904 is is_1904
