"""What became of each night: it ended, was torn off, slept through or missed; and what is done and told then."""

from datetime import UTC, datetime, timedelta

import pytest

from config.client import Client
from flows.status.nights import (
    Nights,
    Waking,
    caught_up,
    ended,
    missed_night,
    on_waking,
    read_nights,
    replacing,
    seconds_early,
    served,
    started,
    told,
)

CLIENT = Client.model_validate(
    {"client": "Школа", "schedule": "0 3 * * *", "sources": {"calls": {"table": "calls", "files": "a.csv"}}}
)
PUNCTUAL = CLIENT.model_copy(update={"catch_up": False})
SERVED = "2026-11-20T12:00:00+00:00"


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """A moment of November 2026; 3:00 in Moscow is 0:00."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


DUE = at(0)


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
    assert on_waking(CLIENT, Nights(served_since=at(9).isoformat()), at(10)) == Waking()


def test_a_night_that_was_slept_through_has_an_hour_after_waking():
    """The machine woke at 9:00: what is due is about to start."""
    nights = Nights(served_since=SERVED, started="2026-11-23T00:00:05+00:00")
    assert missed_night(CLIENT, nights, at(6, 1), awake_since=at(6)) is None
    assert missed_night(CLIENT, nights, at(7, 1), awake_since=at(6)) == DUE


def test_a_missed_night_is_told_once(tmp_path):
    """The record survives a restart."""
    served(tmp_path, at(12, day=20))
    night = missed_night(CLIENT, read_nights(tmp_path), at(9))
    assert night == DUE
    told(tmp_path, night)
    assert missed_night(CLIENT, read_nights(tmp_path), at(9)) is None


def test_the_record_remembers_ends_and_not_only_starts(tmp_path):
    """Serving again does not move the promise; a run that was skipped is no end."""
    served(tmp_path, at(1))
    served(tmp_path, at(2))
    started(tmp_path, "a", at(3))
    assert read_nights(tmp_path).under_way == {"a": at(3).isoformat()}
    started(tmp_path, "b", at(4))
    ended(tmp_path, "b", at(4, 1), "skipped")
    assert read_nights(tmp_path).ended is None
    ended(tmp_path, "a", at(5), "done")
    nights = read_nights(tmp_path)
    assert (nights.served_since, nights.ended, nights.outcome) == (at(1).isoformat(), at(5).isoformat(), "done")
    assert (nights.good, nights.under_way) == (at(3).isoformat(), {})


def test_nights_that_were_slept_through_are_one_run():
    """Four nights without anybody: the latest is run now, the three before it are missed."""
    nights = Nights(served_since=SERVED, started="2026-11-20T13:00:00+00:00", good="2026-11-20T13:00:00+00:00")
    waking = on_waking(CLIENT, nights, at(9))
    assert waking == Waking(
        (
            at(0, day=21),
            at(0, day=22),
            at(0, day=23),
        ),
        at(0),
    )


def test_a_client_that_wants_no_late_report_has_all_of_them_missed():
    """`catch_up: false`; within the hour it still is the night's own."""
    nights = Nights(served_since=SERVED, told=at(0, day=22).isoformat())
    assert on_waking(PUNCTUAL, nights, at(9)) == Waking((at(0, day=23), at(0)))
    assert on_waking(PUNCTUAL, nights, at(0, 40)) == Waking((at(0, day=23),), at(0))


def test_a_night_that_was_torn_off_is_run_once_more(tmp_path):
    """Once: a run that brings the machine down does not do it again at every start."""
    served(tmp_path, at(12, day=20))
    started(tmp_path, "a", at(0))
    assert on_waking(CLIENT, read_nights(tmp_path), at(0, 5)).catch_up is None, "it may be under way"
    ended(tmp_path, "a", at(0, 6), "torn")
    assert on_waking(CLIENT, read_nights(tmp_path), at(0, 6)).catch_up == DUE
    caught_up(tmp_path, DUE)
    assert on_waking(CLIENT, read_nights(tmp_path), at(0, 7)).catch_up is None


@pytest.mark.parametrize("outcome", ["done", "partial", "failed"])
def test_a_night_that_ended_is_not_run_again(tmp_path, outcome):
    """A failed one was told; what failed it is still there."""
    served(tmp_path, at(12, day=20))
    started(tmp_path, "a", at(0))
    ended(tmp_path, "a", at(0, 6), outcome)
    assert on_waking(CLIENT, read_nights(tmp_path), at(9)) == Waking()


def test_a_run_by_hand_that_was_torn_off_after_a_good_night_is_not_run_again(tmp_path):
    """The night has its report."""
    served(tmp_path, at(12, day=20))
    started(tmp_path, "night", at(0))
    ended(tmp_path, "night", at(0, 6), "done")
    started(tmp_path, "hand", at(8))
    ended(tmp_path, "hand", at(8, 1), "torn")
    assert on_waking(CLIENT, read_nights(tmp_path), at(9)) == Waking()


def test_a_late_run_gives_way_to_the_next_night():
    """Two nights are due at once after a sleep: the earlier says that the later takes its place."""
    assert replacing(CLIENT, at(0, day=23), at(9)) == DUE
    assert replacing(CLIENT, DUE, at(9)) is None
    assert replacing(PUNCTUAL, DUE, at(0, 30)) is None
    assert replacing(PUNCTUAL, DUE, at(9)) == at(0, day=25)


def test_a_night_that_is_started_a_little_early_waits_for_its_moment():
    """Prefect counts whole seconds; a run of half a second before would be of no night, and of the day before."""
    assert seconds_early(DUE, DUE - timedelta(seconds=0.5)) == 0.5
    assert seconds_early(DUE, DUE) == seconds_early(DUE, at(3)) == 0.0
    assert seconds_early(DUE, DUE - timedelta(minutes=5)) == 0.0, "a run by hand beside a night of later"
