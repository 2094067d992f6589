"""`svodka status`: every client in one look, those that need a hand first, without opening what a run may hold."""

import json
import shutil
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from flows.run.told.summary import Figure
from flows.status.nights import Nights, write_nights
from flows.status.show import _change
from flows.status.status import ClientStatus, Need, status_of
from tests.flows.small_client import AS_OF, SVODKA, small_client


@pytest.fixture
def clients(tmp_path, svodka, after_run):
    """A client that is well, one whose exports are gone, one that never ran, and one with a mistake in svodka.yaml."""
    after_run(tmp_path / "a-well", {"svodka.yaml": SVODKA + "settings: {loading: {stale_days: 90}}\n"})
    broken = small_client(tmp_path / "b-broken", {"exports/calls.csv": None})
    small_client(tmp_path / "c-fresh")
    small_client(tmp_path / "d-typo", {"svodka.yaml": SVODKA.replace("client:", "klient:")})
    svodka("run", broken, "--as-of", AS_OF)
    return tmp_path


@pytest.mark.slow
def test_those_that_need_a_hand_come_first(clients, svodka):
    """A folder of clients is all of them; each reason says what to do."""
    answer = svodka("status", clients)
    assert answer.code == 0
    places = [answer.out.index(name) for name in ("b-broken", "c-fresh", "d-typo", "a-well")]
    assert max(places[:3]) < places[3]
    assert "отчёт не обновлён: источник calls: шаблону «exports/calls*.csv» не подходит ни один файл" in answer.out
    assert f"прогонов ещё не было: svodka run {clients / 'c-fresh'}" in answer.lines
    assert answer.lines[-1].startswith("Клиентов: 4, требуют руки: 3, стоит посмотреть: 1 · на диске занято ")


def test_the_run_ended_by_the_clock_of_the_client(tmp_path, svodka):
    """As the report says it; the computer may stand in another zone."""
    folder = small_client(tmp_path / "far", {"svodka.yaml": SVODKA.replace("Europe/Moscow", "Asia/Kamchatka")})
    (folder / "data").mkdir()
    ended = {"status": "done", "ended_at": "2026-09-20T15:04:00+00:00"}
    (folder / "data" / "last_run.json").write_text(json.dumps({"last": ended}))
    assert "21.09.2026 03:04" in svodka("status", folder).out
    assert "2026-09-21 03:04" in svodka("--language", "en", "status", folder).out


@pytest.mark.slow
def test_the_same_for_machines(clients, svodka):
    """Last run, data up to each source's own day, the main figure, what was rejected, the night, the disk."""
    found = {Path(one["folder"]).name: one for one in json.loads(svodka("status", clients, "--json").out)}
    well = found["a-well"]
    assert (well["need"], well["last_status"], well["as_of"]) == ("doubt", "done", "2026-08-31")
    assert well["reasons"] == ["незнакомых имён: 1; какие и что с ними делать: svodka check"]
    assert well["sources"] == {
        "spend": "2026-08-02",
        "calls": "2026-08-05",
        "orders": "2026-08-11",
        "users": "2026-08-30",
    }
    assert well["data_to_on"] == "2026-08-02"
    assert (well["figure"]["name"], well["figure"]["value"]) == ("Выручка", "12000.50")
    assert well["disk_bytes"] > 0
    assert [found[name]["need"] for name in ("b-broken", "c-fresh", "d-typo")] == ["broken"] * 3


@pytest.mark.slow
def test_a_failed_run_keeps_what_the_last_good_one_told(clients, svodka):
    """The report of yesterday still stands; why there is none of today is said first."""
    folder = clients / "a-well"
    (folder / "exports" / "calls.csv").unlink()
    svodka("run", folder, "--as-of", "2026-09-01")
    [one] = json.loads(svodka("status", folder, "--json").out)
    assert (one["need"], one["last_status"], one["as_of"]) == ("broken", "failed", "2026-08-31")
    assert one["reasons"][0].startswith("отчёт не обновлён: ")


def test_what_was_changed_months_ago_makes_no_data_old(tmp_path):
    """Nor do costs of a month, or a source that is late, which is told apart: «Данные по» is that of the report."""
    folder = small_client(tmp_path / "school")
    (folder / "data").mkdir()
    reached = {"deals": "2026-09-19", "ad_spend": "2026-09-20", "experiments": "2026-05-11", "costs": "2026-08-31"}
    sources = [
        {"source": table, "table": table, "data_to_on": to_on, "is_stale": False, "rows_rejected": 0}
        | {"money_rejected_rub": "0"}
        for table, to_on in reached.items()
    ]
    sources.append(sources[0] | {"source": "old", "data_to_on": "2026-01-01", "is_stale": True})
    (folder / "data" / "last_run.json").write_text(json.dumps({"good": {"sources": sources}}))
    assert status_of(folder, datetime.now(UTC)).data_to_on == date(2026, 9, 19)


def test_a_folder_that_is_not_there_is_a_mistake(svodka, tmp_path):
    """It is told, and the code says so too."""
    answer = svodka("status", tmp_path / "nobody")
    assert (answer.code, "такой папки нет" in answer.out) == (2, True)


def test_a_missed_night_needs_a_hand(tmp_path, svodka):
    """Served since last week, no run since."""
    folder = small_client(tmp_path / "school")
    write_nights(folder / "data", Nights(served_since=(datetime.now(UTC) - timedelta(7)).isoformat()))
    [one] = json.loads(svodka("status", folder, "--json").out)
    assert one["missed_night"] is not None
    assert any("пропущена: работает ли svodka serve?" in line for line in one["reasons"])


@pytest.mark.slow
def test_two_hundred_clients_take_a_moment(clients, svodka):
    """At most 3 s, on two cores with others at work."""
    for number in range(200):
        folder = clients / f"client-{number:03}"
        folder.mkdir()
        shutil.copy(clients / "a-well" / "svodka.yaml", folder)
        (folder / "data").mkdir()
        shutil.copy(clients / "a-well" / "data" / "last_run.json", folder / "data")
    started = time.process_time()
    answer = svodka("status", clients)
    spent = time.process_time() - started
    assert answer.lines[-1].startswith("Клиентов: 204, требуют руки: 3, стоит посмотреть: 201 · на диске занято ")
    assert spent <= 3


def test_a_month_like_the_one_before_is_told_as_such():
    """903,500 and 907,500 roubles are the same in whole per cent; −2 % is told with its sign."""
    one = ClientStatus("a", "a", Need.NONE, figure=Figure("Выручка", Decimal(907_500), Decimal(903_500), "rub"))
    assert _change(one) == "="
    assert _change(replace(one, figure=Figure("Выручка", Decimal(98), Decimal(100), "rub"))) == "−2\N{NO-BREAK SPACE}%"
