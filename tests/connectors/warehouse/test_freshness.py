"""A source is late by its own rhythm and by the holidays of the client's country, not by three days for everyone."""

from datetime import date, timedelta

import pytest

from connectors.warehouse.ledger.freshness import country_of, is_late, weekdays
from tests.connectors.warehouse.loading import Folder

GRACE = 3
MONDAY = date(2026, 9, 21)


def days(first: date, last: date, weekdays: set[int]) -> list[date]:
    """The days of a stretch that fall on some days of the week; Monday is 0."""
    every = (first + timedelta(number) for number in range((last - first).days + 1))
    return [day for day in every if day.weekday() in weekdays]


EVERY_DAY = days(date(2026, 7, 1), date(2026, 9, 18), set(range(7)))
WORKING = days(date(2026, 7, 1), date(2026, 9, 18), {0, 1, 2, 3, 4})
WEEKLY = days(date(2026, 7, 1), date(2026, 9, 18), {0})


@pytest.mark.parametrize(
    ("known", "late_from"),
    [
        (EVERY_DAY, date(2026, 9, 22)),  # Friday the 18th, and the 19th, 20th and 21st without rows
        (WORKING, date(2026, 9, 24)),  # Monday the 21st and three days of grace
        (WEEKLY, date(2026, 9, 24)),  # its next Monday is the 21st
    ],
)
def test_a_source_is_late_by_its_own_rhythm(known, late_from):
    """The last day on which it is still fresh, and the first on which it is not."""
    assert not is_late(known, late_from - timedelta(1), GRACE, "RU")
    assert is_late(known, late_from, GRACE, "RU")


def test_a_monday_report_does_not_call_fridays_statement_old():
    """Nor does one of the third day of a long holiday: in Russia 1 to 8 January and the weekend after."""
    assert not is_late(WORKING, MONDAY - timedelta(1), 0, "RU"), "the report of Monday morning is as of Sunday"
    statement = days(date(2025, 11, 1), date(2025, 12, 30), {0, 1, 2, 3, 4})
    assert not is_late(statement, date(2026, 1, 11), GRACE, "RU")
    assert is_late(statement, date(2026, 1, 15), GRACE, "RU")
    assert is_late(statement, date(2026, 1, 5), GRACE, None), "without a calendar"


def test_a_source_of_every_day_has_no_holidays():
    """Advertising runs on the first of January as well."""
    spend = days(date(2025, 11, 1), date(2025, 12, 31), set(range(7)))
    assert is_late(spend, date(2026, 1, 4), GRACE, "RU")


def test_a_stray_saturday_is_no_rhythm():
    """One in eight weeks; two are."""
    assert weekdays([*WORKING, date(2026, 9, 12)], date(2026, 9, 18)) == {0, 1, 2, 3, 4}
    assert 5 in weekdays([*WORKING, date(2026, 9, 5), date(2026, 9, 12)], date(2026, 9, 18))


def test_a_source_that_is_often_silent_is_not_late_after_three_days():
    """Somebody joins every 5 to 12 days: late is what is silent for longer; of a week of rows nothing is known."""
    joined = [date(2026, 9, 1)]
    for pause in (5, 12, 7, 9, 6, 11, 8, 10):
        joined.append(joined[-1] + timedelta(pause))
    last = joined[-1]
    assert not is_late(joined, last + timedelta(12), GRACE, "RU")
    assert is_late(joined, last + timedelta(13), GRACE, "RU")
    assert is_late(joined[-8:], last + timedelta(10), GRACE, "RU"), "seven pauses are too few"


def test_a_source_of_few_weeks_has_every_day():
    """Nothing is known of its rhythm yet, so it is held to days as before."""
    assert weekdays([date(2026, 9, 17), date(2026, 9, 18)], date(2026, 9, 18)) == set(range(7))
    assert is_late([date(2026, 9, 17), date(2026, 9, 18)], date(2026, 9, 22), GRACE, "RU")


def test_the_country_is_that_of_the_time_zone():
    """As the table of zones says."""
    assert [country_of(zone) for zone in ("Europe/Moscow", "Asia/Almaty", "UTC")] == ["RU", "KZ", None]


@pytest.mark.parametrize(("stale_days", "is_stale"), [(None, False), (3, True)])
def test_the_report_says_so_of_a_source(tmp_path, stale_days, is_stale):
    """Deals of working days up to Friday, the report of Tuesday; `stale_days:` of the source is strict."""
    source = {"table": "deals", "columns": {"deal_id": "id", "closed_on": "день", "revenue_rub": "сумма"}}
    folder = Folder(tmp_path / "data", {"orders": source | ({"stale_days": stale_days} if stale_days else {})})
    rows = "\n".join(f"{number};{day:%d.%m.%Y};100" for number, day in enumerate(WORKING))
    folder.run({"orders": {"a.csv": f"id;день;сумма\n{rows}"}}, as_of=date(2026, 9, 22))
    assert folder.rows("select is_stale, data_to_on from ops.sources") == [(is_stale, date(2026, 9, 18))]


@pytest.mark.parametrize(
    ("cells", "as_of", "expected"),
    [
        ("07.2026 08.2026", date(2026, 8, 20), (False, date(2026, 8, 20))),
        ("07.2026 08.2026", date(2026, 9, 2), (False, date(2026, 8, 31))),
        ("07.2026 08.2026", date(2026, 9, 20), (True, date(2026, 8, 31))),
        ("01.07.2026 02.08.2026", date(2026, 8, 20), (True, date(2026, 8, 2))),
    ],
)
def test_spend_of_a_month_reaches_to_its_end(tmp_path, cells, as_of, expected):
    """«08.2026» says nothing of a day: on the 20th it is not nineteen days old."""
    source = {"table": "ad_spend", "columns": {"spend_on": "месяц", "spend_rub": "сумма"}}
    rows = "\n".join(f"{cell};100" for cell in cells.split())
    folder = Folder(tmp_path / "data", {"spend": source})
    folder.run({"spend": {"a.csv": f"месяц;сумма\n{rows}"}}, as_of=as_of)
    assert folder.rows("select is_stale, data_to_on from ops.sources") == [expected]
