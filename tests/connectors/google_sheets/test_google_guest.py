"""A guest in the owner's spreadsheet: lost memories, copied files, two installations, two clients, taken names."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.documents import Sheet
from config.errors import TargetError
from connectors.google_sheets.batch.edits_tab import told
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.publish import publish as publish_sheets
from tests.connectors.google_sheets.google_fixtures import ADDRESS
from tests.connectors.google_sheets.owner import Owner
from tests.connectors.google_sheets.report_sheets import channels, summary
from tests.helpers.memory import InMemory

TAB = "Каналы"
FIRST = {"SEO": (50, 0), "Директ": (70, 30_000), "VK": (20, 9_000)}
RESORTED = {"Директ": (90, 31_000), "Авито": (15, 4_000), "VK": (25, 9_500), "SEO": (12, 0)}
AT = datetime(2026, 9, 21, 3, 4)


class Installation:
    """Svodka on one computer, for one client."""

    def __init__(self, client, name="Школа", prefix="", memory=None):
        self.client, self.name, self.prefix, self.nights = client, name, prefix, 0
        self.memory = memory or InMemory()

    def publish(self, owner, figures, *others):
        """A night's report in; what came of it out."""
        self.nights += 1
        at = Occasion(AT + timedelta(days=self.nights), "ru", self.name, self.prefix)
        return publish_sheets(self.client, owner.spreadsheet, [summary(), channels(figures), *others], self.memory, at)


@pytest.fixture
def laptop(client):
    """One installation."""
    return Installation(client)


def note(owner, names, column="F", tab=TAB):
    """A note beside each of these rows."""
    for name in names:
        owner.type(tab, f"{column}{owner.row_of(tab, name)}", f"о {name}")


def notes(owner, column=5, tab=TAB):
    """Row → what stands beside it in a column of the owner's."""
    return {row[0]: row[column] for row in owner.sees(tab) if len(row) > column and row[column] not in ("", None)}


def copied(owner, server, title="Копия"):
    """File → Make a copy, shared with the service account; its owner out."""
    twin = server.spreadsheet(owner.spreadsheet).copy(title)
    twin.share(ADDRESS)
    return Owner(owner.root, twin.id)


def hidden(owner):
    """Titles of the hidden tabs."""
    return [title for title, properties in owner.tabs().items() if properties.get("hidden")]


# ------------------------------------------------------------------------------------------- notes beside their rows


def test_notes_stay_beside_their_rows_when_the_memory_is_lost(owner, laptop):
    """Keys are read off the published tab; what was changed by nobody is not copied."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    laptop.memory.kept.clear()
    outcome = laptop.publish(owner, RESORTED)
    assert notes(owner) == {name: f"о {name}" for name in FIRST}
    assert (outcome.kept_copies, outcome.edits, hidden(owner)) == ((), (), [])


def test_without_memory_the_note_of_a_row_that_left_goes_to_the_edits_by_its_name(owner, laptop):
    """«VK» leaves on the very night after the memory was lost."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    laptop.memory.kept.clear()
    outcome = laptop.publish(owner, {"SEO": (1, 1), "Директ": (2, 2)})
    assert [(edit.row_name, edit.found) for edit in outcome.edits] == [("channel=VK", "о VK")]
    assert owner.sees("Правки")[1][3] == "channel=VK"
    assert notes(owner) == {"SEO": "о SEO", "Директ": "о Директ"}


def test_without_memory_rows_that_the_owner_sorted_are_known(owner, laptop):
    """Sorted by calls, and the memory lost."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    spec = [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
    owner.do({"sortRange": {"range": owner.range(TAB, 3, 0, 3, 7), "sortSpecs": spec}})
    laptop.memory.kept.clear()
    laptop.publish(owner, RESORTED)
    assert notes(owner) == {name: f"о {name}" for name in FIRST}


def test_without_memory_a_row_of_the_owners_stays_under_the_row_it_stood_under(owner, laptop):
    """It has no name, so it is not ours."""
    laptop.publish(owner, FIRST)
    row = owner.row_of(TAB, "SEO")
    owner.insert_rows(TAB, row)
    owner.type(TAB, f"F{row + 1}", "моя строка")
    laptop.memory.kept.clear()
    laptop.publish(owner, RESORTED)
    assert owner.cell(TAB, f"F{owner.row_of(TAB, 'SEO') + 1}") == "моя строка"


def test_colours_that_no_look_of_ours_has_survive_the_loss_of_memory(owner, laptop):
    """A yellow cell is the owner's, whoever published last."""
    laptop.publish(owner, FIRST)
    yellow = {"backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1}}}
    cell = owner.range(TAB, owner.row_of(TAB, "SEO") - 1, 1)
    owner.do({"repeatCell": {"range": cell, "cell": {"userEnteredFormat": yellow},
                             "fields": "userEnteredFormat.backgroundColorStyle"}})  # fmt: skip
    laptop.memory.kept.clear()
    laptop.publish(owner, RESORTED)
    drawn = owner.tab(TAB, "data.rowData.values.userEnteredFormat", f"B{owner.row_of(TAB, 'SEO')}")
    style = drawn["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    assert style["backgroundColorStyle"] == yellow["backgroundColorStyle"]
    assert style["numberFormat"]["pattern"] == "#,##0"


@pytest.mark.slow
def test_two_installations_in_turn_keep_notes_and_edits_and_few_hidden_tabs(owner, client, laptop):
    """Ten nights in turn, with an edit before each: every run publishes, notes stay, hidden tabs do not grow."""
    other = Installation(client)
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    for number in range(10):
        owner.type(TAB, f"B{owner.row_of(TAB, 'SEO')}", 1000 + number)
        (other, laptop)[number % 2].publish(owner, (RESORTED, FIRST)[number % 2])
        assert {name: text for name, text in notes(owner).items() if name in FIRST} == {n: f"о {n}" for n in FIRST}
        kept = [title for title in hidden(owner) if title.startswith(TAB)]
        assert 1 <= len(kept) <= 2
        assert any(1000 + number in row for title in kept for row in owner.sees(title))


def test_two_installations_in_turn_leave_nothing_where_nobody_edits(owner, client, laptop):
    """What stands is as it was published, by whomever: nothing is kept beside."""
    other = Installation(client)
    for number in range(6):
        outcome = (laptop, other)[number % 2].publish(owner, (RESORTED, FIRST)[number % 2])
        assert (outcome.kept_copies, outcome.edits) == ((), ())
    assert list(owner.tabs()) == ["Сводка", TAB, "Sheet1"]


# ------------------------------------------------------------------------------------------------- copies of a file


def test_a_copied_file_keeps_notes_charts_rules_and_edits(owner, laptop, server):
    """The same client goes on in the copy: its memory of the original tells figures from edits."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    twin = copied(owner, server)
    twin.type(TAB, f"B{twin.row_of(TAB, 'SEO')}", 55)
    outcome = laptop.publish(twin, RESORTED)
    assert notes(twin) == {name: f"о {name}" for name in FIRST}
    assert [(edit.row_key, edit.found) for edit in outcome.edits] == [("channel=SEO", 55)]
    assert outcome.kept_copies == ()
    seen = twin.tab(TAB, "charts,conditionalFormats.ranges,protectedRanges")
    source = seen["charts"][0]["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]
    assert (len(seen["charts"]), source["startRowIndex"], source["endRowIndex"]) == (1, 2, 7)
    assert [(rule["ranges"][0]["startRowIndex"], rule["ranges"][0]["endRowIndex"])
            for rule in seen["conditionalFormats"]] == [(3, 7)]  # fmt: skip
    assert len(seen["protectedRanges"]) == 1
    assert laptop.publish(owner, RESORTED).edits == ()


def test_a_copy_adopted_by_another_client_holds_nothing_of_the_first_that_is_hidden(owner, client, laptop, server):
    """Neither its hidden former tabs nor its edits: they are another business's figures."""
    laptop.publish(owner, FIRST)
    owner.type(TAB, f"B{owner.row_of(TAB, 'SEO')}", 55)
    laptop.publish(owner, FIRST)
    owner.type(TAB, f"B{owner.row_of(TAB, 'SEO')}", 56)
    laptop.memory.kept.clear()
    laptop.publish(owner, FIRST)
    assert hidden(owner) == ["Каналы (прежняя)"]
    assert "Правки" in owner.tabs()
    twin = copied(owner, server)
    outcome = Installation(client, "Кофейня").publish(twin, {"Авито": (1, 10), "SEO": (2, 20)})
    assert outcome.kept_copies == ()
    assert sorted(twin.tabs()) == sorted(["Сводка", TAB, "Sheet1"])
    assert [row[:3] for row in twin.sees(TAB)[3:5]] == [["Авито", 1, 10], ["SEO", 2, 20]]
    assert "Правки" in owner.tabs()


# ------------------------------------------------------------------------------------- one spreadsheet, one client


def test_a_second_client_is_refused_by_name(owner, client, laptop):
    """Both names, and what to do; the report stands."""
    laptop.publish(owner, FIRST)
    with pytest.raises(TargetError) as refused:
        Installation(client, "Кофейня").publish(owner, RESORTED)
    assert refused.value.text("ru") == (
        "Таблица «Школа»: в ней отчёт клиента «Школа», а не «Кофейня» — укажите клиенту «Кофейня» свою таблицу в"
        " reports.sheet; если эта нужна обоим, дайте каждому своё начало названий вкладок (reports.prefix)"
    )
    assert owner.cell(TAB, "A4") == "SEO"


def test_clients_with_prefixes_share_a_spreadsheet(owner, client):
    """Each has its tabs, its edits, its stamp; neither touches the other's."""
    north, south = Installation(client, "Север", "Север:"), Installation(client, "Юг", "Юг:")
    north.publish(owner, FIRST)
    south.publish(owner, RESORTED)
    owner.type("Север: Каналы", "B4", 55)
    assert len(north.publish(owner, FIRST).edits) == 1
    assert south.publish(owner, RESORTED).edits == ()
    assert list(owner.tabs()) == ["Sheet1", "Север: Сводка", "Север: Каналы", "Юг: Сводка", "Юг: Каналы",
                                  "Север: Правки"]  # fmt: skip
    assert (owner.cell("Север: Каналы", "A4"), owner.cell("Юг: Каналы", "A4")) == ("SEO", "Директ")


def test_a_client_that_was_renamed_is_still_itself(owner, client, laptop):
    """It remembers what stands there."""
    laptop.publish(owner, FIRST)
    renamed = Installation(client, "Школа «Ромашка»", memory=laptop.memory)
    renamed.publish(owner, RESORTED)
    with pytest.raises(TargetError, match="Ромашка"):
        Installation(client).publish(owner, FIRST)


# ------------------------------------------------------------------------------------------------ names that are taken


def test_an_owners_own_tab_of_edits_is_theirs(owner, laptop):
    """The first edit goes to a tab whose title is free, and the run names that one."""
    laptop.publish(owner, FIRST)
    owner.do({"addSheet": {"properties": {"title": "Правки"}}})
    owner.type("Правки", "A1", "мои правки к сайту")
    owner.type(TAB, "B4", 55)
    outcome = laptop.publish(owner, FIRST)
    assert owner.sees("Правки") == [["мои правки к сайту"]]
    assert 55 in owner.sees("Правки (2)")[1]
    assert outcome.edits_title == "Правки (2)"
    owner.do({"deleteSheet": {"sheetId": owner.tab_id("Правки")}})
    owner.type(TAB, "B4", 56)
    assert "и ещё" not in "".join(told(laptop.publish(owner, FIRST), "ru"))
    assert 56 in owner.sees("Правки (2)")[1]


@pytest.mark.parametrize("late", [False, True])
def test_titles_of_ours_that_the_owner_took_first(owner, laptop, late):
    """Before the first publication, or for a page that comes later."""
    if late:
        laptop.publish(owner, FIRST)
    title = "Новая" if late else TAB
    owner.do({"addSheet": {"properties": {"title": title}}})
    owner.type(title, "A1", "моё")
    pages = [Sheet("late", "Новая", summary().cells)] if late else []
    laptop.publish(owner, FIRST, *pages)
    assert owner.sees(title) == [["моё"]]
    assert f"{title} (2)" in owner.tabs()


def test_ids_of_ours_that_the_owner_took_first(owner, laptop, server):
    """A tab, a chart or a protection elsewhere has the id that we would choose: we choose another."""
    laptop.publish(owner, FIRST)
    ours = owner.tab(TAB, "properties,charts,protectedRanges")
    other = server.create("Другая")
    other.share(ADDRESS)
    second = Owner(server.url, other.id)
    data = {"sourceRange": {"sources": [{"sheetId": 7, "endRowIndex": 3, "endColumnIndex": 1}]}}
    spec = {"basicChart": {"chartType": "LINE", "series": [{"series": data}], "domains": [{"domain": data}]}}
    anchor = {"overlayPosition": {"anchorCell": {"sheetId": 7, "rowIndex": 1, "columnIndex": 1}}}
    guard = {"protectedRangeId": ours["protectedRanges"][0]["protectedRangeId"], "range": {"sheetId": 7},
             "warningOnly": True}  # fmt: skip
    second.do(
        {"addSheet": {"properties": {"sheetId": 7, "title": "Моё"}}},
        {"addSheet": {"properties": {"sheetId": ours["properties"]["sheetId"], "title": "И это"}}},
        {"addChart": {"chart": {"chartId": ours["charts"][0]["chartId"], "spec": spec, "position": anchor}}},
        {"addProtectedRange": {"protectedRange": guard}},
    )
    Installation(laptop.client).publish(second, FIRST)
    assert second.cell(TAB, "A4") == "SEO"
    assert len(second.tab(TAB, "charts")["charts"]) == 1


def test_a_refusal_that_nothing_explains_is_not_met_twice(owner, laptop, server):
    """The second try reads everything and takes ids that nothing ever had."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    server.faults.add("400", only="write")
    laptop.publish(owner, RESORTED)
    assert notes(owner) == {name: f"о {name}" for name in FIRST}
    assert owner.cell(TAB, "A4") == "Директ"


def test_a_tab_that_google_lets_us_write_no_more_is_made_anew(owner, laptop, server):
    """It is kept under another title, hidden; the report goes on in its place, and the next night is ordinary."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    server.faults.add("400", times=2, only="write")
    outcome = laptop.publish(owner, RESORTED)
    assert (outcome.created, outcome.kept_copies) == (["summary"], ("Сводка (прежняя)",))
    assert hidden(owner) == ["Сводка (прежняя)"]
    assert notes(owner) == {name: f"о {name}" for name in FIRST}
    outcome = laptop.publish(owner, FIRST)
    assert (outcome.reads, outcome.writes, outcome.created) == (1, 1, [])


# ------------------------------------------------------------------------------------------- pages that come and go


def test_a_page_that_the_report_has_not_today_is_hidden_until_it_is_back(owner, laptop):
    """It would show former figures as today's; what the owner wrote beside it waits there."""
    page = channels({"SEO": (1, 1)})
    page = Sheet("changed", "Что изменилось", page.cells, row_keys=page.row_keys)
    laptop.publish(owner, FIRST, page)
    note(owner, ["SEO"], tab="Что изменилось")
    laptop.publish(owner, FIRST)
    assert hidden(owner) == ["Что изменилось"]
    outcome = laptop.publish(owner, FIRST)
    assert (outcome.reads, outcome.writes) == (1, 1)
    laptop.publish(owner, FIRST, page)
    assert hidden(owner) == []
    assert notes(owner, tab="Что изменилось") == {"SEO": "о SEO"}


def test_a_copy_adopted_by_another_client_loses_pages_that_it_has_not(owner, client, laptop, server):
    """They hold the first client's figures."""
    laptop.publish(owner, FIRST, Sheet("changed", "Что изменилось", summary().cells))
    twin = copied(owner, server)
    Installation(client, "Кофейня").publish(twin, FIRST)
    assert "Что изменилось" not in twin.tabs()


# --------------------------------------------------------------------------------------- rows that are hard to know


def test_a_row_edited_and_moved_is_known_by_its_other_cells(owner, laptop):
    """Sorted by hand, one figure corrected, a row of the owner's with figures between: nothing of ours stays behind."""
    laptop.publish(owner, FIRST)
    owner.insert_rows(TAB, 4)
    for cell, value in {"A5": "моё", "B5": 1, "C5": 2}.items():
        owner.type(TAB, cell, value)
    spec = [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
    owner.do({"sortRange": {"range": owner.range(TAB, 3, 0, 4, 7), "sortSpecs": spec}})
    owner.type(TAB, f"B{owner.row_of(TAB, 'SEO')}", 157_434)
    outcome = laptop.publish(owner, RESORTED)
    assert [(edit.row_key, edit.found) for edit in outcome.edits] == [("channel=SEO", 157_434)]
    assert [row[0] for row in owner.sees(TAB) if row].count("SEO") == 1
    assert owner.row_of(TAB, "моё")


def test_without_memory_a_row_of_ours_that_nobody_can_name_leaves(owner, laptop):
    """One row renamed, another deleted, the memory lost: old figures do not stay; the note is on «Правки»."""
    laptop.publish(owner, FIRST)
    note(owner, ["VK"])
    owner.type(TAB, f"A{owner.row_of(TAB, 'VK')}", "имя")
    row = owner.row_of(TAB, "SEO")
    place = {"sheetId": owner.tab_id(TAB), "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
    owner.do({"deleteDimension": {"range": place}})
    laptop.memory.kept.clear()
    laptop.publish(owner, RESORTED)
    assert "имя" not in [row[0] for row in owner.sees(TAB) if row]
    kept = [cell for row in owner.sees("Правки") for cell in row] if "Правки" in owner.tabs() else []
    assert "о VK" in kept or notes(owner) == {"VK": "о VK"}


@pytest.mark.parametrize("rows", [{}, {"startRowIndex": 3, "endRowIndex": 6}])
def test_a_protected_range_beside_rows_stops_no_night(owner, laptop, rows):
    """Google deletes no row through it: one that leaves is emptied below the table, and its note is on «Правки»."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    beside = {"sheetId": owner.tab_id(TAB), "startColumnIndex": 5, "endColumnIndex": 6, **rows}
    owner.do({"addProtectedRange": {"protectedRange": {"range": beside, "editors": {"users": ["owner@example.com"]}}}})
    laptop.publish(owner, {"Авито": (15, 4_000), "Директ": (7, 1_000), "SEO": (1, 0)})
    table = [row[:3] for row in owner.sees(TAB)[3:6]]
    assert table == [["Авито", 15, 4_000], ["Директ", 7, 1_000], ["SEO", 1, 0]]
    assert notes(owner) == {"Директ": "о Директ", "SEO": "о SEO", "": "о VK"}
    assert [row[5] for row in owner.sees("Правки") if "о VK" in row] == ["о VK"]
    told_once = owner.sees("Правки")
    for figures in (RESORTED, FIRST, {"Директ": (1, 1)}):
        laptop.publish(owner, figures)
        found = {row[0]: row[1:3] for row in owner.sees(TAB)[3:] if len(row) > 2 and row[1] != ""}
        assert found == {name: list(cells) for name, cells in figures.items()}
    assert len([row for row in owner.sees("Правки") if "о VK" in row]) == len(
        [row for row in told_once if "о VK" in row]
    )


def test_a_protected_range_that_google_lets_no_row_through_parts_with_the_tab_once(owner, laptop, server):
    """A merge in it cannot even be undone: the report comes on a new tab, and the former one is kept."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    beside = {"sheetId": owner.tab_id(TAB), "startColumnIndex": 5, "endColumnIndex": 6}
    owner.do(
        {"addProtectedRange": {"protectedRange": {"range": beside, "editors": {"users": ["owner@example.com"]}}}},
        {"mergeCells": {"range": beside | {"startRowIndex": 3, "endRowIndex": 5}, "mergeType": "MERGE_ALL"}},
    )
    laptop.publish(owner, RESORTED)
    assert {row[0]: row[1] for row in owner.sees(TAB)[3:7]} == {name: calls for name, (calls, _) in RESORTED.items()}
    assert owner.tabs()["Каналы (прежняя)"]["hidden"] is True


def test_rows_whose_key_is_called_otherwise_keep_their_notes(owner, laptop):
    """A version of ours names its keys anew: the row of that label is the same row; one that came is another."""
    laptop.publish(owner, FIRST)
    note(owner, FIRST)
    keys = channels(FIRST | {"Авито": (1, 1)})
    again = replace(keys, row_keys={row: f"{key}_rub" for row, key in keys.row_keys.items()})
    at = Occasion(AT + timedelta(days=9), "ru", laptop.name)
    done = publish_sheets(laptop.client, owner.spreadsheet, [summary(), again], laptop.memory, at)
    assert (notes(owner), list(done.edits)) == ({name: f"о {name}" for name in FIRST}, [])
    assert len(owner.sees(TAB)[3:]) >= 4


def test_pages_beside_a_protected_one_say_that_they_are_old(owner, laptop):
    """No figure changes; the line under the title says since when and why, and the next good night takes it back."""
    others = [replace(channels(figures), key="managers", title="Менеджеры") for figures in (FIRST, RESORTED, RESORTED)]
    laptop.publish(owner, FIRST, others[0])
    stood = owner.sees(TAB)
    guard = {"range": {"sheetId": owner.tab_id("Менеджеры")}, "editors": {"users": ["owner@example.com"]}}
    owner.do({"addProtectedRange": {"protectedRange": guard | {"protectedRangeId": 5}}})
    for night in (23, 24):
        with pytest.raises(TargetError, match="Менеджеры"):
            laptop.publish(owner, RESORTED, others[1])
        seen = owner.sees(TAB)
        assert seen[1][0] == f"{stood[1][0]} ⚠ не обновлено {night}.09.2026: защищена вкладка «Менеджеры»"
        assert [seen[0], *seen[2:]] == [stood[0], *stood[2:]]
    assert "⚠" not in owner.sees("Менеджеры")[1][0]
    owner.do({"deleteProtectedRange": {"protectedRangeId": 5}})
    done = laptop.publish(owner, RESORTED, others[2])
    assert (owner.sees(TAB)[1], list(done.edits)) == (stood[1], [])
    assert "Правки" not in owner.tabs()
