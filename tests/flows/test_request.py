"""What is asked of a run."""

from datetime import UTC, date, datetime

import pytest

from config.client import Client
from config.errors import ConfigError
from flows.run.given.request import RunRequest, check_asked, request, settled_as_of

CLIENT = Client.model_validate(
    {"client": "Школа", "timezone": "Asia/Vladivostok", "sources": {"calls": {"table": "calls", "files": "a.csv"}}}
)


def test_nothing_asked_is_everything():
    """All sources, all targets, yesterday."""
    assert request() == RunRequest(to=("xlsx", "sheets", "html"))


def test_lists_may_be_written_with_commas_or_repeated():
    """`--only a,b --only c`."""
    assert request(only=["a,b", "c"], to=["none"]) == RunRequest(only=("a", "b", "c"), to=())


def test_days_in_both_ways_of_writing():
    """ISO and Russian."""
    asked = request(since="2026-09-01", until="10.09.2026")
    assert (asked.since, asked.until, asked.is_reread) == (date(2026, 9, 1), date(2026, 9, 10), True)


def test_yesterday_is_the_clients_yesterday():
    """At 20:00 UTC it is tomorrow already in Vladivostok (UTC+10)."""
    assert settled_as_of(request(), CLIENT, datetime(2026, 9, 20, 13, 59, tzinfo=UTC)) == date(2026, 9, 19)
    assert settled_as_of(request(), CLIENT, datetime(2026, 9, 20, 14, 0, tzinfo=UTC)) == date(2026, 9, 20)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({"as_of": "вчера"}, "--as-of: найдено «вчера», нужен день вида 2026-09-20"),
        ({"as_of": "2026-02-30"}, "--as-of: найдено «2026-02-30», нужен день вида 2026-09-20"),
        (
            {"since": "2026-09-02", "until": "2026-09-01"},
            "--since 2026-09-02 позже, чем --until 2026-09-01 — поменяйте местами",
        ),
        ({"to": ["pdf"]}, "--to: найдено «pdf», возможны: xlsx, sheets, html, none"),
    ],
)
def test_what_cannot_be_meant_is_said(asked, text):
    """What was found and what is possible."""
    with pytest.raises(ConfigError) as raised:
        request(**asked)
    assert str(raised.value) == text


def test_an_unknown_source_names_the_nearest():
    """A slip of the hand in --only."""
    with pytest.raises(ConfigError) as raised:
        check_asked(request(only=["cals"]), CLIENT)
    assert "«cals» — может быть, «calls»?" in str(raised.value)
