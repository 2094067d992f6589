"""A consultant's `schedule`: all clients are one deployment and one run, each faring as if it ran alone."""

from __future__ import annotations

import json

import pytest

from flows.status.nights import Nights, read_nights, write_nights
from tests.flows.small_client import AS_OF, SVODKA, small_client
from tests.flows.test_nightly import Mailbox, Served, free_port, service, wait_for

AGENCY = """\
clients: clients/*
title: Клиенты «Компаса»
schedule: 0 4 1 1 *
notify: "json://127.0.0.1:${MAILBOX}/"
"""


@pytest.mark.slow
@pytest.mark.long
def test_all_clients_are_one_run(tmp_path):
    """One is well, one has no calls, one cannot be read: partial, told once, listed; one of them can be run alone."""
    agency = tmp_path / "agency"
    well = small_client(agency / "clients" / "a", {"svodka.yaml": SVODKA.replace("Василёк", "Астра")})
    small_client(agency / "clients" / "b", {"exports/calls.csv": None})
    small_client(agency / "clients" / "c", {"svodka.yaml": SVODKA.replace("client:", "klient:")})
    write_nights(well / "data", Nights(served_since="2026-01-01T00:00:00+00:00"))  # it had nights of its own
    (agency / "svodka.yaml").write_text(AGENCY, encoding="utf-8")
    mailbox = Mailbox()
    server = mailbox.serve()
    port = free_port()
    with service(tmp_path, [agency], port, mailbox):
        served = Served(f"http://127.0.0.1:{port}/api", agency, agency, mailbox)
        [deployment] = served.ask("POST", "/deployments/filter", {})
        assert deployment["name"] == "Клиенты «Компаса»"
        assert deployment["schedules"][0]["schedule"]["cron"] == "0 4 1 1 *"
        fields = deployment["parameter_openapi_schema"]["properties"]
        assert fields["clients"]["items"]["enum"] == [str(agency / "clients" / name) for name in "abc"]
        run = served.fire("agency", as_of=AS_OF)
        state = served.ended(run)
        assert (state["name"], state["message"]) == (
            "Partial",
            "Клиентов: 3; отчёт готов: 1, не весь: 0, не обновлён: 2",
        )
        rows = json.loads(served.artifacts(run)["clients"])
        assert sorted(row["клиент"] for row in rows) == ["c", "Школа «Астра»", "Школа «Василёк»"]
        [told] = mailbox.received
        assert told["title"] == "Клиенты «Компаса». Клиентов: 3; отчёт готов: 1, не весь: 0, не обновлён: 2"
        assert len(told["message"].splitlines()) == 2
        assert read_nights(agency / "data").outcome == "done"
        assert read_nights(well / "data").served_since is None
        wait_for((agency / "out" / "Все клиенты.xlsx").exists)
        alone = served.ended(served.fire("agency", as_of=AS_OF, clients=[str(well)]))
        assert alone["name"] == "Completed"
        assert alone["message"].startswith("Школа «Астра»: отчёт на 31.08.2026 готов за ")
    server.shutdown()
