"""A day in one column and its time in another are one moment."""

from __future__ import annotations

from typing import Any

import pytest

from config.client import SourceConfig
from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from config.errors import ContractError
from tests.connectors.warehouse.loading import side_by_side
from tests.connectors.warehouse.test_units import BOTH, loaded
from tests.transforms.test_parse_macros import evaluated

pytestmark = pytest.mark.slow

CALLS: dict[str, Any] = {"table": "calls", "columns": {"started_at": "Дата", "phone": "Телефон"}}
MOMENTS = "select started_at::varchar from staged.calls order by 1"


def journal(day: str, time: str) -> str:
    """A journal whose columns are headed so."""
    return (
        f"{day};{time};Телефон\n03.08.2026;9:05;70000000001\n03.08.2026;18:40:30;70000000001\n04.08.2026;;70000000001\n"
    )


@BOTH
def test_a_time_named_like_its_day_is_joined_to_it(tmp_path, is_on_disk):
    """Three calls of one person, each at its own time; without a time the day alone."""
    headings = [("Дата", "Время"), ("Дата звонка", "Время звонка"), ("Date", "Time"), ("Дата звонка", "Время")]
    cases = {
        f"{day}, {time}": ({**CALLS, "columns": {"started_at": day, "phone": "Телефон"}}, journal(day, time))
        for day, time in headings
    }
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    moments = [("2026-08-03 09:05:00",), ("2026-08-03 18:40:30",), ("2026-08-04 00:00:00",)]
    assert of(MOMENTS.replace("order", "where source = $source order")) == dict.fromkeys(cases, moments)


@pytest.mark.parametrize(
    ("day", "clock", "joined"),
    [
        ("03.08.2026", "9:05", "03.08.2026 9:05"),
        ("03.08.2026 0:00:00", "9:05", "03.08.2026 9:05"),
        (f"{MOMENT_MARK}2026-08-03", f"{MOMENT_MARK}1899-12-30 09:05:10", "2026-08-03 09:05:10"),
        (f"{MOMENT_MARK}2026-08-03 00:00:00", f"{MOMENT_MARK}09:05:10", "2026-08-03 09:05:10"),
        (f"{MOMENT_MARK}2026-08-03", f"{DURATION_MARK}32710", "2026-08-03 09:05:10"),
        (f"{NUMBER_MARK}46237", f"{NUMBER_MARK}0.5", "2026-08-03 12:00:00"),
        ("03.08.2026 10:00", "9:05", "03.08.2026 10:00"),
        ("03.08.2026", "", "03.08.2026"),
        ("", "9:05", ""),
    ],
)
def test_whatever_a_workbook_makes_of_them(day, clock, joined):
    """Typed days and times, fractions of a day; a day that has its time keeps it."""
    assert evaluated("joined_moment(day, clock)", day=day, clock=clock) == joined


def test_svodka_yaml_names_both(tmp_path):
    """Whatever they are called."""
    source = {**CALLS, "columns": {"started_at": {"date": "День", "time": "Ч"}, "phone": "Телефон"}}
    assert len(set(loaded(tmp_path, source, journal("День", "Ч")).rows(MOMENTS))) == 3
    written = SourceConfig.model_validate({"files": "a.csv", **source})
    assert (written.columns["started_at"], written.times) == (["День"], {"started_at": "Ч"})


@BOTH
def test_bare_days_beside_times_of_another_name_ask(tmp_path, is_on_disk):
    """The question names both columns and what to write."""
    with pytest.raises(ContractError, match=r"started_at: {date: Дата, time: Начало}"):
        loaded(tmp_path, CALLS, journal("Дата", "Начало"), is_on_disk=is_on_disk)


def test_how_long_a_talk_lasted_is_no_time_of_day(tmp_path):
    """Nor is a column asked about beside moments that are whole."""
    assert len(loaded(tmp_path / "1", CALLS, journal("Дата", "Длительность")).rows(MOMENTS)) == 3
    text = "Дата;Начало;Телефон\n03.08.2026 10:00;9:05;70000000001\n"
    assert loaded(tmp_path / "2", CALLS, text).rows(MOMENTS) == [("2026-08-03 10:00:00",)]


def test_a_time_that_cannot_be_read_refuses_the_row(tmp_path):
    """It is told, not taken for midnight."""
    text = journal("Дата", "Время").replace("9:05", "утром")
    folder = loaded(tmp_path, CALLS, text)
    assert folder.rows("select value, reason from ops.rejects") == [("03.08.2026 утром", "impossible_date")]
