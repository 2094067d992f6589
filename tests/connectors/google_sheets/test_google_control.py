"""«Пульт»: a tick and two days that an owner sets, answered in the very write of the report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.errors import TargetError
from connectors.google_sheets.batch.control_tab import NAME, Asked, answer, look
from connectors.google_sheets.known.publication import Control
from connectors.google_sheets.publish import publish as publish_sheets
from tests.connectors.google_sheets.google_fixtures import ADDRESS, AT
from tests.connectors.google_sheets.report_sheets import channels, summary
from tests.helpers.memory import InMemory

FIRST = {"SEO": (50, 0), "Директ": (70, 30_000)}
TAB = "Пульт"
NO_DAYS = ("", "")


@pytest.fixture
def told(client, owner, memory):
    """Publish with a «Пульт» that is told something; the days of the tick that it answers may be given."""

    def run(text="готово", answered=None, is_on=True):
        occasion = replace(AT, control=Control(text, answered) if is_on else None)
        return publish_sheets(client, owner.spreadsheet, [summary(), channels(FIRST)], memory, occasion)

    return run


def test_the_tab_is_made_with_a_tick_two_days_and_what_happened(owner, told, reader):
    """The tick is a tick box, the days are days; nothing is asked yet."""
    told("21.09.2026 03:04: отчёт обновлён")
    assert [row[0] for row in owner.sees(TAB, "A4:A7")] == ["Пересчитать", "с дня", "по день", "Что было"]
    assert owner.sees(TAB, "B4:B7") == [[False], [], [], ["21.09.2026 03:04: отчёт обновлён"]]
    cells = owner.tab(TAB, "data(rowData(values(dataValidation)))", "B4:B6")["data"][0]["rowData"]
    rules = [row["values"][0]["dataValidation"]["condition"]["type"] for row in cells]
    assert rules == ["BOOLEAN", "DATE_IS_VALID", "DATE_IS_VALID"]
    assert look(reader, owner.spreadsheet) == Asked()


def test_a_tick_is_seen_with_its_days_in_one_read(owner, told, reader):
    """A day from the calendar, or typed as text; the cells are found wherever they were moved to."""
    told()
    owner.insert_rows(TAB, 0, 2)
    owner.do(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": owner.tab_id(TAB), "title": "Кнопка"},
                "fields": "title",
            }
        }
    )
    owner.type("Кнопка", "B6", "TRUE")
    owner.type("Кнопка", "B7", "2026-08-01")
    owner.type("Кнопка", "B8", "'10.08.2026")
    before = reader.reads
    assert look(reader, owner.spreadsheet) == Asked(True, "2026-08-01", "2026-08-10")
    assert reader.reads == before + 1


def test_the_report_clears_the_tick_that_it_answers(owner, told, reader):
    """In the one write of the report, and in one read and one write as on every night."""
    told()
    owner.type(TAB, "B4", "TRUE")
    owner.type(TAB, "B5", "2026-08-01")
    done = told("12:03: пересчитано", answered=("2026-08-01", ""))
    assert (done.reads, done.writes) == (1, 1)
    assert look(reader, owner.spreadsheet) == Asked(False, "2026-08-01")
    assert owner.cell(TAB, "B7") == "12:03: пересчитано"


@pytest.mark.parametrize("answered", [None, NO_DAYS])
def test_a_tick_that_the_run_did_not_answer_waits_for_the_next(owner, told, reader, answered):
    """A run of the night, or one that was asked for other days, leaves it standing."""
    told()
    owner.type(TAB, "B4", "TRUE")
    owner.type(TAB, "B5", "2026-08-01")
    told("ночь", answered=answered)
    assert look(reader, owner.spreadsheet) == Asked(True, "2026-08-01")
    assert owner.cell(TAB, "B7") == "ночь"


def test_an_ordinary_night_asks_no_more_than_before(told):
    """One read and one write, with the tab as without."""
    told()
    done = told()
    assert (done.reads, done.writes) == (1, 1)


def test_what_cannot_be_told_by_a_report_is_told_alone(client, owner, told, reader):
    """No report was ever made: the reason is written and the tick cleared in one write."""
    told()
    owner.type(TAB, "B4", "TRUE")
    answer(client, owner.spreadsheet, "", "так не выйдет")
    assert owner.sees(TAB, "B4:B7") == [[False], [], [], ["так не выйдет"]]
    assert look(reader, owner.spreadsheet) == Asked()


def test_without_the_setting_there_is_no_tab_and_it_leaves_when_switched_off(owner, told, reader):
    """A tab that nobody answers would only puzzle: it is hidden, and shown again with the setting."""
    told(is_on=False)
    assert TAB not in owner.tabs()
    assert look(reader, owner.spreadsheet) is None
    told()
    told(is_on=False)
    assert owner.tabs()[TAB]["hidden"] is True
    told("снова")
    assert not owner.tabs()[TAB].get("hidden")
    assert owner.cell(TAB, "B7") == "снова"
    assert list(owner.tabs()).count(TAB) == 1


def test_a_tab_that_was_deleted_or_whose_cells_lost_their_name_is_made_whole(owner, told, reader):
    """The owner deletes the tab, or the named range: the next report puts it right."""
    told()
    owner.do({"deleteSheet": {"sheetId": owner.tab_id(TAB)}})
    told()
    assert look(reader, owner.spreadsheet) == Asked()
    [named] = owner.look("namedRanges")["namedRanges"]
    assert named["name"] == NAME
    owner.do({"deleteNamedRange": {"namedRangeId": named["namedRangeId"]}})
    assert look(reader, owner.spreadsheet) is None
    told()
    assert look(reader, owner.spreadsheet) == Asked()


def test_a_stranger_cannot_tick(server, owner, told):
    """Who may only read is refused by Google itself."""
    told()
    book = server.spreadsheet(owner.spreadsheet)
    book.share("guest@example.org", "reader")
    guest = replace(book, user="guest@example.org")
    with pytest.raises(Exception, match="does not have permission"):
        guest.update(f"'{TAB}'!B4", [[True]])


def test_two_clients_of_one_spreadsheet_have_a_tab_each(client, owner, memory, reader):
    """Their cells have names of their own."""
    for prefix in ("Север:", "Юг:"):
        occasion = replace(AT, prefix=prefix, control=Control(prefix))
        publish_sheets(client, owner.spreadsheet, [summary()], memory, occasion)
    owner.type("Юг: Пульт", "B4", "TRUE")
    asked = [look(reader, owner.spreadsheet, prefix).is_ticked for prefix in ("Север:", "Юг:")]
    assert asked == [False, True]


def test_a_tab_that_is_protected_from_us_does_not_stop_the_report(client, owner, told, reader):
    """The report is written; the tick stays, and whoever answers it alone is refused in words."""
    told()
    owner.type(TAB, "B4", "TRUE")
    guard = {"range": {"sheetId": owner.tab_id(TAB)}, "editors": {"users": ["owner@example.com"]}}
    owner.do({"addProtectedRange": {"protectedRange": guard}})
    assert told("ночь", answered=NO_DAYS).writes == 1
    assert look(reader, owner.spreadsheet) == Asked(True)
    with pytest.raises(TargetError) as refused:
        answer(client, owner.spreadsheet, "", "готово")
    assert refused.value.key == "google.protected"


def test_a_copy_of_the_file_has_a_tab_of_its_own(server, client, owner, memory, reader):
    """The same client goes on in the copy; another client's first report makes the tab anew, with nothing ticked."""
    first = replace(AT, client="Школа", control=Control("начало"))
    publish_sheets(client, owner.spreadsheet, [summary()], memory, first)
    owner.type(TAB, "B4", "TRUE")
    for name in ("Школа", "Салон"):
        twin = server.spreadsheet(owner.spreadsheet).copy(name)
        twin.share(ADDRESS)
        occasion = replace(AT, client=name, control=Control("начало"))
        publish_sheets(client, twin.id, [summary()], InMemory(), occasion)
        publish_sheets(client, twin.id, [summary()], InMemory(), occasion)
        titles = [sheet["properties"]["title"] for sheet in twin.metadata("fields=sheets.properties")["sheets"]]
        assert sum(title.startswith(TAB) for title in titles) == 1
        assert look(reader, twin.id).is_ticked == (name == "Школа")


def test_a_tab_with_our_name_that_is_the_owners_stays_theirs(owner, told, reader):
    """Somebody has a tab «Пульт» already: ours is «Пульт (2)»."""
    owner.do({"addSheet": {"properties": {"title": TAB}}})
    owner.type(TAB, "B4", "мой пульт")
    told("готово")
    assert owner.cell(TAB, "B4") == "мой пульт"
    assert owner.cell("Пульт (2)", "B7") == "готово"
    assert look(reader, owner.spreadsheet) == Asked()
