"""Dates and moments: every written form, zones, what no calendar has."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.documents import MOMENT_MARK, NUMBER_MARK
from tests.helpers.parse import read_all, read_cell, reason
from transforms.parse import Reading, with_format

MOSCOW = Reading(client_zone="Europe/Moscow")
FROM_UTC = Reading(client_zone="Europe/Moscow", source_zone="UTC")
MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("01.08.2026 10:30:00", "2026-08-01 10:30:00"),
        ("1.8.26 9:05", "2026-08-01 09:05:00"),  # two-digit year, hour without a zero
        ("03.08.2026 9:15:07", "2026-08-03 09:15:07"),
        ("2026-08-01T10:30:00.123", "2026-08-01 10:30:00"),
        ("2026-08-01T07:30:00Z", "2026-08-01 10:30:00"),
        ("2026-08-01T10:30:00+05:00", "2026-08-01 08:30:00"),
        ("20260801T073000Z", "2026-08-01 10:30:00"),
        ("2026/08/03 9:15:00 AM GMT+3", "2026-08-03 09:15:00"),
        ("2026/08/03 12:15:00 AM GMT+3", "2026-08-03 00:15:00"),
        ("2026/08/03 12:15 PM", "2026-08-03 12:15:00"),
        ("1 августа 2026 г.", "2026-08-01 00:00:00"),
        ("сб, 1 авг. 2026 г.", "2026-08-01 00:00:00"),  # the long form of Google and of Excel
        ("01.08.2026 (сб)", "2026-08-01 00:00:00"),
        ("Суббота, 1 августа 2026 10:30", "2026-08-01 10:30:00"),
        ("Sat, 01 Aug 2026 10:30:00 +0300", "2026-08-01 10:30:00"),  # RFC 2822
        ("Sat Aug 01 2026 10:30:00 GMT+0300 (MSK)", "2026-08-01 10:30:00"),  # JavaScript
        ("2026-08", "2026-08-01 00:00:00"),
        ("08.2026", "2026-08-01 00:00:00"),
        ("3 сент. 2026 г., 9:15", "2026-09-03 09:15:00"),
        ("сен 2026", "2026-09-01 00:00:00"),
        ("Aug 3, 2026", "2026-08-03 00:00:00"),
        ("01.08.2026 в 10:30", "2026-08-01 10:30:00"),
        ("01.08.2026\u00a010:30", "2026-08-01 10:30:00"),
        ("'01.08.2026", "2026-08-01 00:00:00"),
        ("46235", "2026-08-01 00:00:00"),  # Excel's day, as bare digits
        (f"{NUMBER_MARK}46235.4375", "2026-08-01 10:30:00"),
        (f"{MOMENT_MARK}2026-08-01 10:30:00", "2026-08-01 10:30:00"),
        ("1785569400", "2026-08-01 10:30:00"),  # Unix seconds are UTC
        ("29/11/2016 18:00", "2016-11-29 18:00:00"),  # only the day can be 29
        ("11/29/2016", "2016-11-29 00:00:00"),
        ("05/05/2026", "2026-05-05 00:00:00"),  # both readings agree
    ],
)
def test_a_moment_is_read_as_it_is_written(cell, moment):
    """In the client's local time."""
    assert read_all("moment", [cell], MOSCOW) == [(datetime.fromisoformat(moment), None)]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("31.02.2026", "impossible_date"),
        ("01.13.2026", "impossible_date"),
        ("01.08.2026 24:00:00", "impossible_date"),
        ("01.08.2026 10:61", "impossible_date"),
        ("2026/08/03 13:15 PM", "impossible_date"),
        ("01.08.1889", "impossible_date"),
        ("01.08.2226", "impossible_date"),
        ("01/02/2026", "ambiguous_date"),
        ("1-2-26 10:00", "ambiguous_date"),
        ("10:30", "not_a_date"),
        ("позавчера", "not_a_date"),
        ("01.08/2026", "impossible_date"),
        ("12", "not_a_date"),
        ("70005550123", "not_a_date"),
        ("infinity", "not_a_date"),
        ("epoch", "not_a_date"),
        ("#Н/Д", "error_cell"),
    ],
)
def test_what_is_no_date_says_why(cell, why):
    """Impossible, ambiguous and unreadable are three things."""
    assert read_all("moment", [cell], MOSCOW) == [(None, why)]


@pytest.mark.parametrize("cell", ["", "не закрыта", "-", "—", None])
def test_an_open_deal_has_no_closing_date(cell):
    """In place of a date amoCRM writes «не закрыта»."""
    assert read_all("date", [cell]) == [(None, None)]


def test_a_date_of_another_zone_is_the_local_one():
    """22:30 UTC is the next day in Moscow; a bare date is the day it says."""
    assert read_all("date", ["2026-08-01 22:30:00", "2026-08-01", "01.08.2026", "46235"], FROM_UTC) == [
        (date(2026, 8, 2), None),
        (date(2026, 8, 1), None),
        (date(2026, 8, 1), None),
        (date(2026, 8, 1), None),
    ]


@pytest.mark.parametrize(
    ("cell", "day"), [("авг.26", "2026-08-01"), ("Aug-26", "2026-08-01"), ("сент.25", "2025-09-01"), ("абв.26", None)]
)
def test_a_month_as_excel_shows_it_is_its_first_day(cell, day):
    """A day would stand before it, `26-Aug`; no space, as in `Aug 26`, which may be either."""
    [(read, _)] = read_all("date", [cell])
    assert (read and read.isoformat()) == day
    assert read_all("date", ["Aug 26"]) == [(None, "not_a_date")]


def test_a_typed_midnight_is_a_date():
    """A workbook knows no dates, only moments at midnight: they are not shifted."""
    assert read_cell(
        "date",
        f"{MOMENT_MARK}2026-08-01 00:00:00",
        Reading(client_zone="Asia/Yekaterinburg", source_zone="Europe/London"),
    ) == date(2026, 8, 1)
    assert read_cell(
        "date", f"{MOMENT_MARK}2026-08-01 00:00:00", Reading(client_zone="America/New_York", source_zone="UTC")
    ) == date(2026, 8, 1)


def test_an_offset_of_its_own_wins_over_the_zone_of_the_source():
    """10:30+03:00 is 10:30 in Moscow, whatever zone the source keeps otherwise."""
    assert read_cell("moment", "2026-08-01 10:30:00+03:00", FROM_UTC) == datetime(2026, 8, 1, 10, 30)


@pytest.mark.parametrize(
    ("written", "cell", "day"),
    [
        ("dd/mm/yyyy", "01/02/2026", (2026, 2, 1)),
        ("mm/dd/yyyy", "01/02/2026", (2026, 1, 2)),
        ("mm.dd.yyyy", "01.02.2026", (2026, 1, 2)),
    ],
)
def test_a_format_decides_which_is_the_day(written, cell, day):
    """`formats:` is asked for where the values cannot decide."""
    assert read_cell("date", cell, with_format(Reading(), written)) == date(*day)


def test_a_date_against_its_format_is_refused():
    """Under dd/mm/yyyy there is no thirteenth month."""
    assert reason("date", "01/13/2026", with_format(Reading(), "dd/mm/yyyy")) == "impossible_date"


def test_unix_seconds_by_format():
    """Seconds of 2001 have nine digits, and need the format."""
    reading = with_format(FROM_UTC, "unix")
    assert read_cell("moment", "999999999", reading) == datetime(2001, 9, 9, 5, 46, 39)
    assert read_cell("date", f"{NUMBER_MARK}1785531600.0", reading) == date(2026, 8, 1)
    assert reason("moment", "01.08.2026", reading) == "impossible_date"


FORMS = {
    "dotted": lambda moment: f"{moment:%d.%m.%Y %H:%M:%S}",
    "short": lambda moment: f"{moment.day}.{moment.month}.{moment.year} {moment.hour}:{moment:%M:%S}",
    "iso": lambda moment: moment.isoformat(" "),
    "iso t": lambda moment: moment.isoformat("T") + ".000",
    "slashes": lambda moment: f"{moment:%Y/%m/%d %H:%M:%S}",
    "words": lambda moment: f"{moment.day} {MONTHS[moment.month - 1]} {moment.year} г., {moment:%H:%M:%S}",
    "half days": lambda moment: (
        f"{moment:%Y/%m/%d} {(moment.hour + 11) % 12 + 1}:{moment:%M:%S} {'AM' if moment.hour < 12 else 'PM'}"
    ),
    "typed": lambda moment: f"{MOMENT_MARK}{moment.isoformat(' ')}",
    "serial": lambda moment: f"{NUMBER_MARK}{(moment - datetime(1899, 12, 30)) / timedelta(days=1)!r}",
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=6, deadline=None)
@given(moments=st.lists(MOMENTS, min_size=1, max_size=25))
def test_writing_and_reading_a_moment_is_nothing(form, moments):
    """Each written form gives back the moment, to the second."""
    assert read_all("moment", [FORMS[form](moment) for moment in moments]) == [(moment, None) for moment in moments]


@settings(max_examples=6, deadline=None)
@given(
    moments=st.lists(MOMENTS, min_size=1, max_size=25),
    zone=st.sampled_from(["UTC", "Asia/Vladivostok", "America/New_York"]),
)
def test_zones_agree_with_the_standard_library(moments, zone):
    """Every moment that its zone has exactly once becomes Moscow's."""
    tz = ZoneInfo(zone)
    single = [
        m
        for m in moments
        if m.replace(tzinfo=tz).astimezone(ZoneInfo("UTC")).astimezone(tz).replace(tzinfo=None) == m
        and m.replace(tzinfo=tz).utcoffset() == m.replace(tzinfo=tz, fold=1).utcoffset()
        and 1990 < m.year < 2038  # the first morning of 1990 in Vladivostok is 1989 in Moscow, which is not plausible
    ]
    expected = [m.replace(tzinfo=tz).astimezone(ZoneInfo("Europe/Moscow")).replace(tzinfo=None) for m in single]
    reading = Reading(client_zone="Europe/Moscow", source_zone=zone)
    assert [value for value, _ in read_all("moment", [f"{m:%d.%m.%Y %H:%M:%S}" for m in single], reading)] == expected


@settings(max_examples=6, deadline=None)
@given(st.lists(st.text("0123456789./-: TZапрмйю+", max_size=22), min_size=1, max_size=25))
def test_no_jumble_becomes_a_year_outside_the_plausible(texts):
    """Whatever is read lies between 1990 and 2100, and nothing makes the query fail."""
    for value, why in read_all("moment", texts, FROM_UTC):
        assert value is None or (1989 <= value.year <= 2101 and why is None)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("20260801", "2026-08-01"),
        (f"{NUMBER_MARK}20260801", "2026-08-01"),
        ("01082026", "2026-08-01"),
        ("20102010", "2010-10-20"),
        ("20260832", None),
        ("20261301", None),
        ("19891231", None),
        ("12345678", None),
    ],
)
def test_eight_digits_are_a_day_where_a_year_begins_or_ends_them(cell, day):
    """No two readings are possible: the month would be 19 or 20."""
    found = read_cell("date", cell)
    assert (found and found.isoformat()) == day


def test_fourteen_digits_are_a_moment():
    """As programs write them into names and logs."""
    assert read_cell("moment", "20260801103005") == datetime(2026, 8, 1, 10, 30, 5)


@pytest.mark.parametrize("cell", ["2026", "2026 год", "2026 г.", f"{NUMBER_MARK}2026", f"{NUMBER_MARK}2026.0"])
def test_a_year_alone_is_a_date_of_a_plan_only(cell):
    """A sale of 2026 has lost its day; a plan of 2026 has not."""
    assert read_cell("date", cell, Reading(is_year_whole=True)) == date(2026, 1, 1)
    assert read_cell("date", cell) is None
