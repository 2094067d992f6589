"""A spreadsheet that has all the tabs it may have: nights go on, and nothing that was typed is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.errors import TargetError
from connectors.google_sheets.batch.edits_tab import told
from connectors.google_sheets.reach import check_target
from tests.connectors.google_sheets.report_sheets import channels
from tests.connectors.google_sheets.test_google_check import RU, keys
from tests.connectors.google_sheets.test_google_guest import FIRST, RESORTED, TAB, laptop, note, notes  # noqa: F401


def fill_up(owner):
    """The owner makes tabs until there can be no more."""
    room = 200 - len(owner.tabs())
    small = {"gridProperties": {"rowCount": 1, "columnCount": 1}}
    owner.do(*({"addSheet": {"properties": {**small, "title": f"Моя {number}"}}} for number in range(room)))


def test_a_page_for_which_there_is_no_tab_stops_no_night(owner, laptop):  # noqa: F811
    """200 tabs are all there can be: the other pages are renewed, the new one is named, and comes when one is free."""
    managers = [replace(channels(figures), key="managers", title="Менеджеры") for figures in (FIRST, RESORTED)]
    laptop.publish(owner, FIRST)
    fill_up(owner)
    done = laptop.publish(owner, RESORTED, managers[0])
    assert [row[:2] for row in owner.sees(TAB)[3:7]] == [[name, calls] for name, (calls, _) in RESORTED.items()]
    assert ("Менеджеры" in owner.tabs(), done.left_out) == (False, ("Менеджеры",))
    assert [line for line in told(done, "ru") if "«Менеджеры»" in line and "удалите лишние вкладки" in line]
    owner.do({"deleteSheet": {"sheetId": owner.tab_id("Моя 7")}})
    done = laptop.publish(owner, FIRST, managers[1])
    assert (list(done.left_out), list(done.created)) == ([], ["managers"])
    assert owner.sees("Менеджеры")[3][:2] == ["Директ", 90]


def test_a_spreadsheet_that_was_full_on_the_first_night_is_refused_in_words(owner, laptop):  # noqa: F811
    """None of the pages has a tab: there is nothing to renew."""
    fill_up(owner)
    with pytest.raises(TargetError, match="200"):
        laptop.publish(owner, FIRST)


@pytest.mark.slow
def test_an_edit_for_which_there_is_no_tab_stops_no_night(owner, laptop, client):  # noqa: F811
    """It stands below the report, where it stays as the table grows; later ones too, until «Правки» has room."""
    laptop.publish(owner, FIRST)
    fill_up(owner)
    assert keys(check_target(client, owner.spreadsheet, RU, 2).advice) == ["google.no_tab_for_edits"]
    note(owner, FIRST)
    owner.type(TAB, f"B{owner.row_of(TAB, 'VK')}", 777)
    done = laptop.publish(owner, FIRST)
    assert (done.edits_title, done.left_out) == (TAB, ("Правки",))
    assert [line for line in told(done, "ru") if "«Правки»" in line and "удалите лишние вкладки" in line]
    [kept] = [row for row in owner.sees(TAB) if 777 in row]
    assert kept[1:6] == [TAB, "B6", "channel=VK", 20, 777]
    laptop.publish(owner, {name: cells for name, cells in RESORTED.items() if name != "VK"})
    grown = {**RESORTED, "Яндекс": (1, 1), "Ещё": (2, 2)}
    laptop.publish(owner, grown)
    assert kept in owner.sees(TAB)
    assert [row for row in owner.sees(TAB) if "о VK" in row], "its row left: the note is below the report too"
    table = {row[0]: row[1] for row in owner.sees(TAB)[3:] if row and row[0] in grown}
    assert table == {name: calls for name, (calls, _) in grown.items()}
    owner.do({"deleteSheet": {"sheetId": owner.tab_id("Моя 7")}})
    owner.type(TAB, f"B{owner.row_of(TAB, 'Ещё')}", 778)
    done = laptop.publish(owner, grown)
    assert (done.edits_title, done.left_out) == ("Правки", ())
    assert [row[5] for row in owner.sees("Правки")[1:]] == [778]
    assert notes(owner)["Директ"] == "о Директ"
