"""Which night was missed."""

from datetime import UTC, datetime

from config.client import Client
from flows.serve.nights import Nights, missed_night, read_nights, served, started, told

CLIENT = Client.model_validate(
    {"client": "Школа", "schedule": "0 3 * * *", "sources": {"calls": {"table": "calls", "files": "a.csv"}}}
)
SERVED = "2026-11-20T12:00:00+00:00"
DUE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 3:00 in Moscow


def at(hour: int, minute: int = 0) -> datetime:
    """A moment of the same day."""
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


def test_a_night_that_never_started_is_missed_after_an_hour():
    """Due at 3:00 in Moscow; at 3:59 it may still come, at 4:00 it is missed."""
    nights = Nights(served_since=SERVED, started="2026-11-23T00:00:05+00:00")
    assert missed_night(CLIENT, nights, at(0, 59)) is None
    assert missed_night(CLIENT, nights, at(1)) == DUE


def test_a_night_that_started_is_not_missed():
    """Whether it was by schedule or by hand, on time or late."""
    assert missed_night(CLIENT, Nights(served_since=SERVED, started=at(0).isoformat()), at(9)) is None
    assert missed_night(CLIENT, Nights(served_since=SERVED, started=at(5).isoformat()), at(9)) is None


def test_nights_before_the_client_was_served_were_never_promised():
    """The first `svodka serve` at noon does not complain of last night."""
    assert missed_night(CLIENT, Nights(served_since=at(9).isoformat()), at(10)) is None
    assert missed_night(CLIENT, Nights(), at(10)) is None


def test_a_missed_night_is_told_once(tmp_path):
    """The record survives a restart."""
    served(tmp_path, datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    night = missed_night(CLIENT, read_nights(tmp_path), at(9))
    assert night == DUE
    told(tmp_path, night)
    assert missed_night(CLIENT, read_nights(tmp_path), at(9)) is None


def test_the_record_remembers_the_first_service_and_the_last_start(tmp_path):
    """Serving again does not move the promise."""
    served(tmp_path, at(1))
    served(tmp_path, at(2))
    started(tmp_path, at(3))
    assert read_nights(tmp_path) == Nights(served_since=at(1).isoformat(), started=at(3).isoformat())
