"""Anything that an owner, two installations and a second client may do, in any order: no promise is broken.

Every figure of the last publication stands; every note stands beside the row it was typed for, or on «Правки»; no run
of the client is refused but for a protection; hidden tabs are few; what is the owner's own stays as it was.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import TargetError
from connectors.a1 import cell_name
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.publish import publish
from tests.connectors.google_sheets.google_fixtures import ADDRESS, client_of
from tests.connectors.google_sheets.owner import Owner
from tests.connectors.google_sheets.report_sheets import channels, summary
from tests.helpers.memory import InMemory
from tests.helpers.often import often

pytestmark = pytest.mark.slow

NAMES = ("SEO", "Директ", "VK", "Авито", "2ГИС", "Telegram")
FIGURES = st.dictionaries(
    st.sampled_from(NAMES), st.tuples(st.integers(1, 99), st.integers(0, 9_000)), min_size=2, max_size=6
)
SOMEBODY = st.sampled_from(("laptop", "server"))
TITLES = ("Правки", "Каналы (прежняя)", "Сводка (прежняя)", "svodka: идёт запись", "Каналы (2)")
ACTIONS = (
    *["night"] * 9, "night_of_another_client",
    *["note"] * 6, *["edit"] * 2, "edit_label", *["merge"] * 2,
    "rename", "hide_and_freeze", "sort", "insert_row", "insert_column", "delete_our_column", "delete_row", "cut_table",
    "filter_and_duplicate", "take_title", "delete_chart", "protect",
    "lose_data", "remember_version", "restore_version", "copy_file", "delete_tab", "delete_edits", "clear_tab",
)  # fmt: skip
"""What may happen, as often as it stands here."""
LENGTH = 12
MOST_READS = 4
"""A tab that was renamed costs two more than an ordinary night, one that was cleared another."""
MOST_HIDDEN = 2 * 2
"""Of two pages, two former states each."""
START = datetime(2026, 9, 1, 3, 0)


@dataclass
class Truth:
    """What must be so."""

    figures: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Text → the channel beside which it was typed; several for a merge."""
    kept: set[str] = field(default_factory=set)
    """Texts that went to «Правки»."""
    own: dict[str, list[list[object]]] = field(default_factory=dict)
    """Tabs of the owner's: title → what they hold."""
    is_protected: bool = False
    is_claimed: bool = True
    """The client has published to this very file; a copy is anybody's until then."""


class Spreadsheet:
    """One client's report in an owner's spreadsheet. Actions take what draws their details."""

    def __init__(self, server, client):
        book = server.create("Школа", locale="ru_RU")
        book.share(ADDRESS)
        self.server, self.client, self.owner, self.truth = server, client, Owner(server.url, book.id), Truth()
        self.memories = {"laptop": InMemory(), "server": InMemory(), "second": InMemory()}
        self.versions, self.nights, self.typed = [], 0, 0

    # --------------------------------------------------------------------------------------------- nights

    def night(self, draw):
        """One of the two installations publishes; only a protection stops it."""
        who, figures, before = draw(SOMEBODY), draw(FIGURES), self.edited()
        if self.truth.is_protected:
            with pytest.raises(TargetError) as refused:
                self.publish(who, "Школа", figures)
            assert refused.value.key == "google.protected_tab"
            return
        outcome = self.publish(who, "Школа", figures)
        self.truth.figures, self.truth.is_claimed = dict(figures), True
        self.check(before, outcome)

    def night_of_another_client(self, draw):
        """It is refused by name, and changes nothing."""
        if not self.truth.is_claimed:
            return
        seen = self.owner.look("*")
        with pytest.raises(TargetError) as refused:
            self.publish("second", "Кофейня", draw(FIGURES))
        assert refused.value.key == "google.other_client"
        assert self.owner.look("*") == seen

    def lose_data(self, draw):
        """The folder `data` of an installation is gone."""
        who = draw(SOMEBODY)
        self.memories[who].kept.clear()

    def publish(self, who, client, figures):
        """A report of two pages; what came of it out."""
        self.nights += 1
        at = Occasion(START + timedelta(days=self.nights), "ru", client)
        sheets = [summary(f"Ночь {self.nights}."), channels(figures)]
        return publish(self.client, self.owner.spreadsheet, sheets, self.memories[who], at)

    # ------------------------------------------------------------------------------------ the owner types

    def note(self, draw):
        """A note in a column right of the report, beside a channel."""
        name = draw(st.sampled_from(NAMES))
        column = draw(st.integers(0, 2))
        row = self.row_of(name)
        if row is None:
            return
        place = cell_name(row, self.width() - 4 + column)
        if self.owner.cell(self.tab, place) is None:
            self.typed += 1
            text = f"запись {self.typed} о «{name}»"
            self.owner.type(self.tab, place, text)
            self.truth.notes[text] = (name,)

    def edit(self, draw):
        """A figure of the report is corrected by hand."""
        name = draw(st.sampled_from(NAMES))
        value = draw(st.integers(100_000, 999_999))
        row = self.row_of(name)
        if row is not None:
            self.owner.type(self.tab, cell_name(row, self.columns()[1]), value)

    def edit_label(self, draw):
        """A channel is called otherwise by hand."""
        name = draw(st.sampled_from(NAMES))
        row = self.row_of(name)
        if row is not None:
            self.typed += 1
            self.owner.type(self.tab, cell_name(row, self.columns()[0]), f"имя {self.typed}")

    def merge(self, draw):
        """Cells in the last column are merged beside some rows of channels, with a word in them."""
        first = draw(st.integers(0, 4))
        rows = draw(st.integers(2, 3))
        places = sorted(place for name in self.truth.figures if (place := self.row_of(name)) is not None)[first:]
        if len(places) < rows or places[rows - 1] - places[0] != rows - 1 or self.merges_beside():
            return
        last = self.width() - 1
        over = self.owner.range(self.tab, places[0], last, rows, 1)
        if places[0] < self.frozen() < places[0] + rows or any(len(row) > last for row in self.grid()):
            return
        self.owner.do({"mergeCells": {"range": over, "mergeType": "MERGE_ALL"}})
        self.typed += 1
        names = tuple(name for name in NAMES if self.row_of(name) in places[:rows])
        text = f"объединено {self.typed} о «{', '.join(names)}»"
        self.owner.type(self.tab, cell_name(places[0], last), text)
        self.truth.notes[text] = names

    # ------------------------------------------------------------------------------- the owner rearranges

    def rename(self, draw):
        """Our tab has another title."""
        title = draw(st.sampled_from(["Мои каналы", "Каналы", "Реклама"]))
        if title not in self.owner.tabs():
            properties = {"sheetId": self.tab_id, "title": title}
            self.owner.do({"updateSheetProperties": {"properties": properties, "fields": "title"}})

    def hide_and_freeze(self, draw):
        """Our tab is hidden, and rows and columns of it are frozen."""
        hidden = draw(st.booleans())
        rows = draw(st.integers(0, 5))
        columns = draw(st.integers(0, 2))
        for one in self.owner.tab(self.tab, "merges").get("merges", []):
            if (
                one["startRowIndex"] < rows < one["endRowIndex"]
                or one["startColumnIndex"] < columns < one["endColumnIndex"]
            ):
                return
        grid = {"frozenRowCount": rows, "frozenColumnCount": columns}
        properties = {"sheetId": self.tab_id, "hidden": hidden, "gridProperties": grid}
        fields = "hidden,gridProperties(frozenRowCount,frozenColumnCount)"
        self.owner.do({"updateSheetProperties": {"properties": properties, "fields": fields}})

    def sort(self, draw):
        """The rows of the channels are sorted, with what stands beside them."""
        column = draw(st.integers(1, 2))
        order = draw(st.sampled_from(["ASCENDING", "DESCENDING"]))
        places = sorted(place for name in self.truth.figures if (place := self.row_of(name)) is not None)
        if not places or places[-1] - places[0] != len(places) - 1 or self.merges_beside():
            return
        area = self.owner.range(self.tab, places[0], 0, len(places), self.width())
        by = self.columns()[column]
        self.owner.do({"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": by, "sortOrder": order}]}})

    def insert_column(self, draw):
        """A column of the owner's, between ours or beside."""
        at = draw(st.integers(0, 5))
        self.owner.insert_columns(self.tab, at)

    def delete_our_column(self, draw):
        """A column of the report is deleted."""
        column = draw(st.integers(0, 3))
        if self.width() > 8 and len(self.columns()) == 4:
            at = self.columns()[column]
            place = {"sheetId": self.tab_id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
            self.owner.do({"deleteDimension": {"range": place}})

    def delete_row(self, draw):
        """A row of the report is deleted, and what stands beside it."""
        name = draw(st.sampled_from(NAMES))
        row = self.row_of(name)
        if row is not None and not self.merges_beside():
            place = {"sheetId": self.tab_id, "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
            beside = self.grid()[row]
            self.owner.do({"deleteDimension": {"range": place}})
            self.truth.notes = {text: names for text, names in self.truth.notes.items() if text not in beside}

    def cut_table(self, draw):
        """The table of channels is cut and pasted to the owner's first tab."""
        if len(self.columns()) == 4 and sorted(self.columns()) == list(range(self.columns()[0], self.columns()[0] + 4)):
            area = self.owner.range(self.tab, 2, self.columns()[0], 1 + len(self.truth.figures), 4)
            place = {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}
            self.owner.do({"cutPaste": {"source": area, "destination": place, "pasteType": "PASTE_NORMAL"}})

    def clear_tab(self, draw):
        """Everything on our tab is cleared by hand."""
        self.owner.do({"updateCells": {"range": {"sheetId": self.tab_id}, "fields": "userEnteredValue"}})
        self.truth.notes.clear()

    def filter_and_duplicate(self, draw):
        """A filter over our table, and a copy of our tab for keeping."""
        area = self.owner.range(self.tab, 2, 0, 1 + max(1, len(self.truth.figures)), self.width())
        self.owner.do({"setBasicFilter": {"filter": {"range": area}}})
        self.typed += 1
        title = f"На память {self.typed}"
        self.owner.do({"duplicateSheet": {"sourceSheetId": self.tab_id, "newSheetName": title}})
        self.truth.own[title] = self.owner.sees(title)

    def insert_row(self, draw):
        """A row of the owner's between ours."""
        at = draw(st.integers(0, 4))
        self.owner.insert_rows(self.tab, 3 + at)

    def take_title(self, draw):
        """A tab of the owner's has a title that we might want."""
        title = draw(st.sampled_from(TITLES))
        if title not in self.owner.tabs():
            self.owner.do({"addSheet": {"properties": {"title": title}}})
            self.owner.type(title, "A1", f"моё: {title}")
            self.truth.own[title] = [[f"моё: {title}"]]

    def delete_chart(self, draw):
        """Our chart, if it is there."""
        for chart in self.owner.tab(self.tab, "charts").get("charts", []):
            self.owner.do({"deleteEmbeddedObject": {"objectId": chart["chartId"]}})

    def protect(self, draw):
        """The owner keeps our tab to themselves, or opens it again."""
        if self.truth.is_protected:
            self.owner.do({"deleteProtectedRange": {"protectedRangeId": 77}})
            self.truth.is_protected = False
            return
        guard = {"range": {"sheetId": self.tab_id}, "editors": {"users": ["owner@example.com"]}, "protectedRangeId": 77}
        self.owner.do({"addProtectedRange": {"protectedRange": guard}})
        self.truth.is_protected = True

    def delete_tab(self, draw):
        """Our tab is deleted, and with it everything beside."""
        self.owner.do({"deleteSheet": {"sheetId": self.tab_id}})
        self.truth.notes.clear()
        self.truth.is_protected = False
        self.truth.figures = {}

    def delete_edits(self, draw):
        """«Правки» was read and is thrown away."""
        for sheet_id in self.edits_tabs():
            self.owner.do({"deleteSheet": {"sheetId": sheet_id}})
        self.truth.kept.clear()

    # --------------------------------------------------------------------------------- files and versions

    def remember_version(self, draw):
        """Google keeps a version."""
        version = self.server.spreadsheet(self.owner.spreadsheet).version()
        self.versions.append((version, copy.deepcopy(self.truth)))

    def restore_version(self, draw):
        """The owner restores it."""
        if not self.versions:
            return
        version, truth = self.versions[-1]
        self.server.spreadsheet(self.owner.spreadsheet).restore(version)
        self.truth = copy.deepcopy(truth)

    def copy_file(self, draw):
        """The owner makes a copy of the file, and the client goes on there."""
        twin = self.server.spreadsheet(self.owner.spreadsheet).copy()
        twin.share(ADDRESS)
        self.owner, self.versions, self.truth.is_claimed = Owner(self.server.url, twin.id), [], False

    # ------------------------------------------------------------------------------------------- promises

    def check(self, before, outcome):
        """Everything that was promised."""
        rows = self.grid()
        at = self.columns()
        assert len(at) == 4
        found = {row[at[0]]: row for row in rows if len(row) > at[2]}
        places = [self.row_of(name) for name in self.truth.figures]
        assert places == sorted(place for place in places if place is not None), "rows are not in order"
        for name, (calls, spend) in self.truth.figures.items():
            assert [found[name][at[1]], found[name][at[2]]] == [calls, spend], name
        assert not set(found) & set(NAMES) - set(self.truth.figures)
        self.check_notes(rows)
        hidden = [
            title for title, tab in self.owner.tabs().items() if tab.get("hidden") and tab["sheetId"] != self.tab_id
        ]
        assert len(hidden) <= MOST_HIDDEN, hidden
        assert {title: self.owner.sees(title) for title in self.truth.own} == self.truth.own
        told = {
            cell
            for title in [*hidden, *self.titles(self.edits_tabs())]
            for row in self.owner.sees(title)
            for cell in row
        }
        assert before <= told, "an edit is lost"
        assert (outcome.reads <= MOST_READS, outcome.writes) == (True, 1)

    def check_notes(self, rows):
        """Beside its row, or on «Правки»."""
        edits = {cell for title in self.titles(self.edits_tabs()) for row in self.owner.sees(title) for cell in row}
        beside = {cell: row for row in rows for cell in row if isinstance(cell, str) and " о «" in cell}
        for text, names in list(self.truth.notes.items()):
            if text in beside and not set(NAMES) & set(beside[text]):
                assert text in edits, f"«{text}» stands beside no row of ours, and nothing is told"
                del self.truth.notes[text]  # nothing of ours was left in that row
            elif text in beside:
                assert set(names) & set(beside[text]), (text, beside[text])
            else:
                assert text in edits, f"«{text}» is lost"
                is_there = len(names) == 1 and names[0] in self.truth.figures
                assert not is_there, f"«{text}» is not beside its row, which is there"
                del self.truth.notes[text]
                self.truth.kept.add(text)
        assert self.truth.kept <= edits

    # ----------------------------------------------------------------------------------- where things are

    @property
    def tab(self):
        """Title of our tab of channels."""
        return self.titles([self.tab_id])[0]

    @property
    def tab_id(self):
        """Its id, by our mark; made anew by a night if there is none."""
        found = self.marked('"key":"channels"')
        if not found:
            self.truth.figures = self.truth.figures or {"SEO": (1, 1), "VK": (2, 2)}
            self.publish("laptop", "Школа", self.truth.figures)
            self.truth.is_claimed = True
            found = self.marked('"key":"channels"')
        return found[0]

    def edits_tabs(self):
        """Ids of our tabs of edits."""
        return self.marked('"key":"edits!"')

    def marked(self, words):
        """Ids of the tabs in whose mark these words stand."""
        sheets = self.owner.look("sheets(properties(sheetId),developerMetadata(metadataValue))")["sheets"]
        return [
            sheet["properties"].get("sheetId", 0)
            for sheet in sheets
            if any(words in mark["metadataValue"] for mark in sheet.get("developerMetadata", ()))
        ]

    def titles(self, ids):
        """Ids in; titles out."""
        return [title for title, tab in self.owner.tabs().items() if tab.get("sheetId", 0) in ids]

    def grid(self):
        """What stands on our tab."""
        return self.owner.sees(self.tab)

    def row_of(self, name):
        """Where a channel stands, from 0; None if nowhere."""
        at = self.columns()[0]
        return next((number for number, row in enumerate(self.grid()) if row[at : at + 1] == [name]), None)

    def columns(self):
        """Where our columns stand, those that are left."""
        fields = "data.columnMetadata.developerMetadata(metadataKey,metadataValue)"
        found = self.owner.tab(self.tab, fields)["data"][0]["columnMetadata"]
        marks = {int(mark["metadataValue"]): place for place, column in enumerate(found)
                 for mark in column.get("developerMetadata", ())}  # fmt: skip
        return [marks[column] for column in sorted(marks)] if len(marks) == 4 else [0, 1, 2]

    def width(self):
        """How many columns the grid has."""
        tab = self.tab  # made anew where it is gone, so asked for first
        return self.owner.tabs()[tab]["gridProperties"]["columnCount"]

    def frozen(self):
        """How many rows are frozen."""
        tab = self.tab
        return self.owner.tabs()[tab]["gridProperties"].get("frozenRowCount", 0)

    def merges_beside(self):
        """Merges over several rows."""
        merges = self.owner.tab(self.tab, "merges").get("merges", [])
        return [one for one in merges if one["endRowIndex"] - one["startRowIndex"] > 1]

    def edited(self):
        """Figures that an owner corrected and that no night has seen yet."""
        if not self.marked('"key":"channels"'):
            return set()
        return {cell for row in self.grid() for cell in row if isinstance(cell, int) and cell >= 100_000}


@pytest.fixture
def begin(server, key_file, tmp_path):
    """Makes a spreadsheet that nobody has published to."""
    client = client_of(server, key_file, tmp_path)
    return lambda: Spreadsheet(server, client)


@settings(max_examples=often(5, 300), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_order_of_events_breaks_a_promise(begin, data):
    """A first night, twelve things that happen, a last night: 300 such sequences in the long setting."""
    spreadsheet = begin()
    spreadsheet.night(data.draw)
    for number in range(LENGTH):
        action = data.draw(st.sampled_from(ACTIONS), label=f"{number + 1}")
        getattr(spreadsheet, action)(data.draw)
    if spreadsheet.truth.is_protected:
        spreadsheet.protect(data.draw)
    spreadsheet.night(data.draw)
