"""What subscribers' exports showed outlives the exports, the warehouse and a kill; `forget` takes it back."""

from datetime import date
from pathlib import Path

import pytest

from connectors.warehouse.kept.forget import forget_file
from tests.connectors.warehouse.loading import Folder

pytestmark = pytest.mark.slow

USERS = {
    "table": "subscribers",
    "columns": {
        "subscriber_id": "id", "subscribed_on": "since", "last_active_on": "seen", "is_departed": "gone",
        "email": "mail",
    },
    "values": {"is_departed": {"true": ["да"], "false": ["нет"]}},
}  # fmt: skip
FIRST = "id;since;seen;gone;mail\n1;01.06.2026;01.07.2026;;a@example.org\n2;02.06.2026;03.07.2026;;b@example.org"
SECOND = "id;since;seen;gone;mail\n1;01.06.2026;20.08.2026;;a@example.org\n2;02.06.2026;03.07.2026;да;b@example.org"
SEEN = "select subscriber_id, active_on::varchar from staged.activity where kind = 'seen' order by all"
EVER = [("1", "2026-07-01"), ("1", "2026-08-20"), ("2", "2026-07-03")]


def nights(tmp_path: Path) -> Folder:
    """Two nights on which one export was overwritten at the source."""
    folder = Folder(tmp_path, {"users": USERS})
    folder.run({"users": {"users.csv": FIRST}})
    folder.run({"users": {"users.csv": SECOND}})
    return folder


def test_a_visit_that_the_source_overwrote_stays_known(tmp_path: Path):
    """Each distinct pair of a subscriber and a last visit ever loaded."""
    assert nights(tmp_path).rows(SEEN) == EVER


def test_a_lost_warehouse_loses_no_history(tmp_path: Path):
    """The files of data/history are an input like the exports."""
    folder = nights(tmp_path)
    (tmp_path / "svodka.duckdb").unlink()
    folder.run({"users": {"users.csv": SECOND}})
    assert folder.rows(SEEN) == EVER


def test_the_day_of_leaving_is_that_of_the_first_snapshot_that_showed_it(tmp_path: Path):
    """The state alone is known: the last data day of that snapshot, 20 August, never the clock."""
    folder = nights(tmp_path)
    third = SECOND.replace("20.08.2026", "25.08.2026")
    folder.run({"users": {"users.csv": third}})
    assert folder.rows("select subscriber_id, unsubscribed_on from staged.subscribers order by 1") == [
        ("1", None),
        ("2", date(2026, 8, 20)),
    ]


def test_the_first_snapshot_says_since_when_activity_is_known(tmp_path: Path):
    """Its latest date not after as_of: 3 July."""
    assert nights(tmp_path).rows("select * from ops.snapshots") == [("users", date(2026, 7, 3))]


def test_a_run_that_fails_leaves_no_history(tmp_path: Path):
    """Only what is committed was seen."""
    folder = Folder(tmp_path, {"users": USERS})
    with folder.running({"users": {"users.csv": FIRST}}) as warehouse:
        warehouse.fail(warehouse.query("now", "select timestamp '2026-09-01'").rows[0][0])
    assert not list((tmp_path / "history").glob("*")) if (tmp_path / "history").exists() else True
    assert folder.rows("select count(*) from loaded.history") == [(0,)]


def test_forgetting_a_file_takes_its_visits_back(tmp_path: Path):
    """A wrong file's visits leave the files and the warehouse; the other file's stay."""
    folder = Folder(tmp_path, {"users": USERS})
    folder.run({"users": {"users.csv": FIRST, "wrong.csv": SECOND}})
    folder.run({"users": {"users.csv": FIRST}})
    assert forget_file(tmp_path, "wrong.csv") > 0
    assert folder.rows(SEEN) == [("1", "2026-07-01"), ("2", "2026-07-03")]
    (tmp_path / "svodka.duckdb").unlink()
    folder.run({"users": {"users.csv": FIRST}})
    assert folder.rows(SEEN) == [("1", "2026-07-01"), ("2", "2026-07-03")]


def test_won_deals_of_a_subscriber_are_activity_free_ones_too_refunds_not(tmp_path: Path):
    """By id, else phone, else e-mail."""
    deals = {
        "table": "deals",
        "columns": {"closed_on": "day", "client_id": "user", "email": "mail", "revenue_rub": "rub"},
    }
    folder = Folder(tmp_path, {"users": USERS, "deals": deals})
    sales = "day;user;mail;rub\n01.08.2026;1;;100\n02.08.2026;;B@example.org;0\n03.08.2026;1;;-100\n04.08.2026;;;50"
    folder.run({"users": {"users.csv": FIRST}, "deals": {"deals.csv": sales}})
    assert folder.rows("select subscriber_id, active_on from staged.activity where kind = 'deal' order by 1") == [
        ("1", date(2026, 8, 1)),
        ("2", date(2026, 8, 2)),
    ]
