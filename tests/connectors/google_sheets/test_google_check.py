"""`check` names every spreadsheet that cannot be read or written, and why, and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from config.errors import TargetError
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.publish import publish
from connectors.google_sheets.reach import Checked, Planned, check_target, planned
from connectors.google_sheets.read import Wanted, read
from tests.connectors.google_sheets.google_fixtures import ADDRESS
from tests.connectors.google_sheets.report_sheets import channels, summary
from tests.helpers.memory import InMemory

RU = Occasion(datetime(2026, 9, 21, 3, 4), "ru", "Школа")
NOWHERE = "1-no-spreadsheet-has-this-id-0000000000000000"


def keys(errors):
    """The messages' keys."""
    return [error.key for error in errors]


def test_every_source_that_cannot_be_read_is_named(server, reader, owner):
    """Not shared, not there, no such tab, no such range, no address: five errors of five, and a sixth is blank."""
    wanted = [
        Wanted("a", server.forbidden_id, ("x",)),
        Wanted("b", NOWHERE, ("x",)),
        Wanted("c", owner.spreadsheet, ("Нет такой",)),
        Wanted("d", owner.spreadsheet, (), "нет_такого"),
        Wanted("e", "таблица.xlsx"),
        Wanted("f", owner.spreadsheet, ("Sheet1",)),
    ]
    found = read(reader, wanted)
    assert keys(found[name] for name in "abcdef") == [
        "google.not_shared", "google.not_found", "google.no_tab", "google.no_range", "google.not_an_address",
        "google.empty_tab",
    ]  # fmt: skip


def test_a_target_that_may_only_be_read_is_told(server, client):
    """A reader sees the spreadsheet and would fail at night: said now, with the address to let in."""
    book = server.create("Только читать", locale="ru_RU")
    book.share(ADDRESS, "reader")
    error = check_target(client, book.id, RU).errors[0]
    assert error.text("ru") == (
        f"Таблица {book.id}: писать в неё нельзя — откройте её, нажмите «Настройки доступа» и дайте {ADDRESS} роль "
        "«Редактор»"
    )


def test_a_target_of_another_locale_is_advised(server, client):
    """The report would have foreign separators; this is advice, not an error."""
    book = server.create("Report", locale="en_US")
    book.share(ADDRESS)
    checked = check_target(client, book.id, RU)
    assert (keys(checked.errors), keys(checked.advice)) == ([], ["google.locale"])


def test_a_good_target_passes_and_is_not_changed(server, client, owner):
    """Nothing to say, and nothing is different afterwards."""
    before = owner.look("*")
    checked = check_target(client, owner.spreadsheet, RU)
    assert (list(checked.errors), list(checked.advice)) == ([], [])
    assert owner.look("*") == before


def test_a_switched_off_api_is_told(server, client, owner):
    """The operator is sent to the step that enables it."""
    server.access.disabled_apis.add("sheets.googleapis.com")
    try:
        assert keys(check_target(client, owner.spreadsheet, RU).errors) == ["google.api_disabled"]
    finally:
        server.access.disabled_apis.clear()


def test_the_cost_of_a_run_is_known_before_it():
    """Two reads per source spreadsheet, one read and one write for the report."""
    wanted = [Wanted("a", NOWHERE), Wanted("b", NOWHERE), Wanted("c", NOWHERE + "2")]
    assert planned(wanted, [NOWHERE + "3"]) == [
        Planned(NOWHERE, 2, 0), Planned(NOWHERE + "2", 2, 0), Planned(NOWHERE + "3", 1, 1),
    ]  # fmt: skip


@pytest.mark.slow
def test_no_credential_is_logged_or_told(server, reader, owner, caplog, key_file):
    """Neither the key nor a token appears in a log or in an error, even at the most talkative level."""
    caplog.set_level(0)
    secret = key_file.read_text().split("PRIVATE KEY-----")[1][:60]
    server.faults.add("500", only="token")
    error = read(reader, [Wanted("a", owner.spreadsheet), Wanted("b", NOWHERE)])["b"]
    told = caplog.text + "".join(error.text(language) for language in ("ru", "en"))
    assert secret.strip("\\n") not in told
    assert "ya29" not in told
    assert "Bearer" not in told


FIGURES = {"SEO": (50, 0), "Директ": (70, 30_000), "VK": (20, 9_000)}
PROTECTED = {
    "whole": ({}, "A1:J52"),
    "our cells": ({"startRowIndex": 3, "endRowIndex": 5, "startColumnIndex": 1, "endColumnIndex": 3}, "B4:C5"),
}


def publish_to(client, owner, memory=None):
    """A report for «Школа»."""
    return publish(client, owner.spreadsheet, [summary(), channels(FIGURES)], memory or InMemory(), RU)


@pytest.mark.parametrize("area", PROTECTED)
def test_tabs_and_ranges_protected_from_us_are_named_by_check_and_by_run(client, owner, area):
    """Which tab, which cells, what to do; the run sends nothing, and all stands as it was."""
    publish_to(client, owner)
    range_, cells = PROTECTED[area]
    for title in ("Сводка", "Каналы") if area == "whole" else ("Каналы",):
        over = {"sheetId": owner.tab_id(title), **range_}
        owner.do(
            {"addProtectedRange": {"protectedRange": {"range": over, "editors": {"users": ["owner@example.com"]}}}}
        )
    errors = check_target(client, owner.spreadsheet, RU, 2).errors
    assert keys(errors) == ["google.protected_ranges"] * (2 if area == "whole" else 1)
    assert errors[-1].text("ru") == (
        f"Таблица «Школа»: на вкладке «Каналы» защищено от изменений {cells}, отчёт туда не запишется — снимите защиту"
        f" (Данные → Защищённые листы и диапазоны) или разрешите {ADDRESS} её менять"
    )
    before = owner.look("*")
    with pytest.raises(TargetError) as refused:
        publish_to(client, owner)
    tabs = "Сводка», «Каналы" if area == "whole" else "Каналы"
    assert f"вкладка «{tabs}» защищена от изменений, поэтому отчёт не обновлён" in refused.value.text("ru")
    assert owner.look("*") == before  # this installation remembers nothing of what stands there


def test_protection_that_is_not_in_the_way_is_no_mistake(client, owner):
    """A warning, a range of the owner's own, one that we may edit, one with a hole for us."""
    publish_to(client, owner)
    tab = owner.tab_id("Каналы")
    mine = {"sheetId": tab, "startColumnIndex": 6, "endColumnIndex": 8}
    hole = {"sheetId": tab, "startRowIndex": 0, "endRowIndex": 30, "startColumnIndex": 0, "endColumnIndex": 4}
    nobody = {"users": ["owner@example.com"]}
    for guard in (
        {"range": {"sheetId": tab}, "warningOnly": True},
        {"range": mine | {"startRowIndex": 40}, "editors": nobody},
        {"range": {"sheetId": tab}, "editors": {"users": [ADDRESS]}},
    ):
        owner.do({"addProtectedRange": {"protectedRange": guard}})
    assert check_target(client, owner.spreadsheet, RU, 2) == Checked([], [])
    for guard in ({"range": mine}, {"range": {"sheetId": tab}, "unprotectedRanges": [hole]}):
        owner.do({"addProtectedRange": {"protectedRange": guard | {"editors": nobody}}})
        checked = check_target(client, owner.spreadsheet, RU, 2)
        assert (keys(checked.errors), keys(checked.advice)) == ([], ["google.protected_beside"])


def test_another_clients_spreadsheet_is_told_before_the_run(client, owner):
    """With both names; the client itself, renamed or not, is at home there."""
    memory = InMemory()
    publish_to(client, owner, memory)
    other = replace(RU, client="Кофейня")
    assert keys(check_target(client, owner.spreadsheet, other).errors) == ["google.other_client"]
    assert check_target(client, owner.spreadsheet, replace(other, prefix="Кофейня:")).errors == []
    known = set(memory.recall(owner.spreadsheet))
    assert check_target(client, owner.spreadsheet, other, known=known).errors == []


def test_a_spreadsheet_without_room_for_the_pages_is_told(client, owner):
    """200 tabs leave none for edits, 207 are too many; nor do pages fit where ten million cells are taken."""
    owner.do(*({"addSheet": {"properties": {"gridProperties": {"rowCount": 1, "columnCount": 1}}}} for _ in range(198)))
    assert keys(check_target(client, owner.spreadsheet, RU, 8).errors) == ["google.no_tabs"]
    edits = check_target(client, owner.spreadsheet, RU, 1)
    assert (keys(edits.errors), keys(edits.advice)) == ([], ["google.no_tab_for_edits"])
    assert keys(check_target(client, owner.spreadsheet, RU, 0).errors) == []
    room = 10_000_000 - 26_000 - 198 - 10_000
    owner.do({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": room // 26}})
    assert keys(check_target(client, owner.spreadsheet, RU, 8).errors) == ["google.no_tabs", "google.no_room"]
