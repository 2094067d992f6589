"""The morning digest: made by a good run, sent once, in the words of «Сводка», and never in the report's way."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from config.errors import Unavailable
from config.folder.load import load_client
from flows.cli import main
from flows.run.reports.digest import FOLDER, PICTURE, TEXT, Sent, send_digest, send_due
from tests.flows.small_client import AS_OF, SVODKA

MONDAY, TUESDAY = datetime(2026, 9, 7, 6, tzinfo=UTC), datetime(2026, 9, 8, 6, tzinfo=UTC)


@pytest.fixture
def client(tmp_path, after_run):
    """What makes a small client whose owner is told at an address, after its run."""

    def made(address, quiet_days="[]"):
        folder = after_run(tmp_path / "vasilek", {"svodka.yaml": digest_to("json://127.0.0.1:9/", "[]")})
        (folder / "svodka.yaml").write_text(digest_to(address, quiet_days), "utf-8")
        return load_client(folder)

    return made


def digest_to(address, quiet_days):
    """The settings of such a client."""
    return SVODKA + f'digest: {{to: ["{address}"], quiet_days: {quiet_days}}}\n'


@pytest.mark.slow
def test_a_digest_is_sent_once_with_its_picture(client, mailbox):
    """Words and picture arrive; the same figures are not sent again, unless somebody asks for it."""
    port, received = mailbox
    loaded = client(f"json://127.0.0.1:{port}/")
    assert send_digest(loaded, {}, MONDAY) is Sent.WHOLE
    assert send_digest(loaded, {}, TUESDAY) is Sent.NOTHING_NEW
    assert send_digest(loaded, {}, TUESDAY, again=True) is Sent.WHOLE
    assert len(received) == 2
    assert received[0]["title"] == "Школа «Василёк»"
    assert received[0]["message"].startswith("Школа «Василёк»\n")
    assert "Главное" in received[0]["message"]
    sent = base64.b64decode(received[0]["attachments"][0]["base64"])
    assert sent == (loaded.data / FOLDER / PICTURE).read_bytes()


@pytest.mark.slow
def test_a_quiet_day_has_one_line(client, mailbox):
    """On Mondays the owner hears that nothing is new, on Tuesdays nothing at all."""
    port, received = mailbox
    loaded = client(f"json://127.0.0.1:{port}/", "[mon]")
    send_digest(loaded, {}, MONDAY)
    assert send_digest(loaded, {}, TUESDAY) is Sent.NOTHING_NEW
    assert send_digest(loaded, {}, MONDAY) is Sent.LINE
    assert [message["message"] for message in received[1:]] == ["Новых данных с прошлой сводки нет."]


@pytest.mark.slow
def test_a_digest_that_is_not_taken_is_sent_another_time(client, mailbox):
    """The service answers 500: the report stands, and the next morning tries again."""
    port, received = mailbox
    loaded = client(f"json://127.0.0.1:{port}/refuse")
    for _ in range(2):
        with pytest.raises(Unavailable):
            send_digest(loaded, {}, MONDAY)
    assert len(received) == 2


@pytest.mark.slow
def test_a_digest_that_cannot_be_made_keeps_nobody_from_the_report(client, capsys):
    """A file stands where its folder should be: the run says so and ends well."""
    made = client("json://127.0.0.1:9/").folder
    for path in (made / "data" / FOLDER).iterdir():
        path.unlink()
    (made / "data" / FOLDER).rmdir()
    (made / "data" / FOLDER).write_text("")
    assert main(["run", str(made), "--as-of", AS_OF, "--to", "xlsx"]) == 0
    assert "утренняя сводка не готова" in capsys.readouterr().out


@pytest.mark.slow
def test_nobody_named_nothing_made(tmp_path, after_run, capsys):
    """Without addresses a run keeps no digest, and the command says what to do."""
    made = after_run(tmp_path / "vasilek")
    assert not (made / "data" / FOLDER / TEXT).exists()
    assert main(["digest", str(made)]) == 0
    assert "впишите адреса в digest" in capsys.readouterr().out


@pytest.mark.slow
def test_the_service_sends_it_at_the_clients_own_time(client, mailbox):
    """Not before 8:30 in Moscow (5:30 UTC), then once that day; a report of a later hour waits for the next morning."""
    port, received = mailbox
    loaded = client(f"json://127.0.0.1:{port}/", "[tue]")
    early, late = MONDAY.replace(hour=5, minute=29), MONDAY.replace(hour=5, minute=31)
    assert [send_due(loaded, {}, moment) for moment in (early, late, MONDAY)] == [None, Sent.WHOLE, None]
    assert [send_due(loaded, {}, TUESDAY), send_due(loaded, {}, TUESDAY)] == [Sent.LINE, None]
    assert len(received) == 2
