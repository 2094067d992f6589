"""`check` names every spreadsheet that cannot be read or written, and why, and changes nothing."""

from __future__ import annotations

from connectors.google_sheets.reach import Planned, check_sources, check_target, planned
from connectors.google_sheets.read import Wanted
from tests.connectors.google_sheets.google_fixtures import ADDRESS

NOWHERE = "1-no-spreadsheet-has-this-id-0000000000000000"


def keys(errors):
    """The messages' keys."""
    return [error.key for error in errors]


def test_every_source_that_cannot_be_read_is_named(server, reader, owner):
    """Not shared, not there, no such tab, no such range, no address: five errors of five sources, and a sixth fits."""
    wanted = [
        Wanted("a", server.forbidden_id, ("x",)),
        Wanted("b", NOWHERE, ("x",)),
        Wanted("c", owner.spreadsheet, ("Нет такой",)),
        Wanted("d", owner.spreadsheet, (), "нет_такого"),
        Wanted("e", "таблица.xlsx"),
        Wanted("f", owner.spreadsheet, ("Sheet1",)),
    ]
    assert keys(check_sources(reader, wanted).errors) == [
        "google.not_shared", "google.not_found", "google.no_tab", "google.no_range", "google.not_an_address",
    ]  # fmt: skip


def test_a_target_that_may_only_be_read_is_told(server, client):
    """A reader sees the spreadsheet and would fail at night: said now, with the address to let in."""
    book = server.create("Только читать", locale="ru_RU")
    book.share(ADDRESS, "reader")
    error = check_target(client, book.id, "ru").errors[0]
    assert error.text("ru") == (
        f"Таблица {book.id}: писать в неё нельзя — откройте её, нажмите «Настройки доступа» и дайте {ADDRESS} роль "
        "«Редактор»"
    )


def test_a_target_of_another_locale_is_advised(server, client):
    """The report would have foreign separators; this is advice, not an error."""
    book = server.create("Report", locale="en_US")
    book.share(ADDRESS)
    checked = check_target(client, book.id, "ru")
    assert (keys(checked.errors), keys(checked.advice)) == ([], ["google.locale"])


def test_a_good_target_passes_and_is_not_changed(server, client, owner):
    """Nothing to say, and nothing is different afterwards."""
    before = owner.look("*")
    checked = check_target(client, owner.spreadsheet, "ru")
    assert (list(checked.errors), list(checked.advice)) == ([], [])
    assert owner.look("*") == before


def test_a_switched_off_api_is_told(server, client, owner):
    """The operator is sent to the step that enables it."""
    server.access.disabled_apis.add("sheets.googleapis.com")
    try:
        assert keys(check_target(client, owner.spreadsheet, "ru").errors) == ["google.api_disabled"]
    finally:
        server.access.disabled_apis.clear()


def test_the_cost_of_a_run_is_known_before_it():
    """Two reads per source spreadsheet, one read and one write for the report."""
    wanted = [Wanted("a", NOWHERE), Wanted("b", NOWHERE), Wanted("c", NOWHERE + "2")]
    assert planned(wanted, NOWHERE + "3") == [
        Planned(NOWHERE, 2, 0), Planned(NOWHERE + "2", 2, 0), Planned(NOWHERE + "3", 1, 1),
    ]  # fmt: skip


def test_no_credential_is_logged_or_told(server, reader, owner, caplog, key_file):
    """Neither the key nor a token appears in a log or in an error, even at the most talkative level."""
    caplog.set_level(0)
    secret = key_file.read_text().split("PRIVATE KEY-----")[1][:60]
    server.faults.add("500", only="token")
    check_sources(reader, [Wanted("a", owner.spreadsheet), Wanted("b", NOWHERE)])
    errors = check_sources(reader, [Wanted("b", NOWHERE)]).errors
    told = caplog.text + "".join(error.text(language) for error in errors for language in ("ru", "en"))
    assert secret.strip("\\n") not in told
    assert "ya29" not in told
    assert "Bearer" not in told
