"""What belongs to the owner survives: edit the spreadsheet as an owner would, then publish twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.documents import Cell, Sheet
from connectors.google_sheets.batch.edits_tab import told
from connectors.google_sheets.formats import cell_format
from tests.connectors.google_sheets.report_sheets import channels, summary

TAB = "Каналы"
FIRST = {"SEO": (50, 0), "Директ": (70, 30_000), "VK": (20, 9_000)}
RESORTED = {"Директ": (90, 31_000), "Авито": (15, 4_000), "VK": (25, 9_500), "SEO": (12, 0)}
WITHOUT_VK = {"Авито": (30, 4_500), "SEO": (14, 0), "Директ": (95, 32_000)}


@pytest.fixture
def twice(publish):
    """Publish re-sorted rows with a new one, then again with one gone; what each publication came to out."""

    def run():
        return publish(summary("Стало лучше."), channels(RESORTED)), publish(
            summary("Ещё лучше."), channels(WITHOUT_VK)
        )

    return run


@pytest.fixture(autouse=True)
def _published(publish):
    publish(summary(), channels(FIRST))


def figures(owner, title=TAB, columns=4):
    """Channel → its other cells, top down, as they stand on the tab."""
    return {row[0]: row[1:columns] for row in owner.sees(title) if row and row[0] in {*FIRST, *RESORTED}}


def expected(values):
    """The same from what was published."""
    total = sum(calls for calls, _ in values.values())
    return {name: [calls, spend, pytest.approx(calls / total)] for name, (calls, spend) in values.items()}


def test_figures_and_order_are_the_new_ones(owner, twice):
    """Rows are added, removed and re-sorted; the tab shows the latest report and nothing of the former."""
    twice()
    assert figures(owner) == expected(WITHOUT_VK)
    assert list(figures(owner)) == list(WITHOUT_VK)
    assert owner.cell("Сводка", "A2") == "Ещё лучше."


def test_a_tab_renamed_moved_coloured_and_hidden_stays_ours(owner, twice):
    """It is known by its mark; the owner's name, place, colour and hiding stay."""
    sheet_id = owner.tab_id(TAB)
    properties = {
        "sheetId": sheet_id, "title": "Мои каналы", "index": 0, "hidden": True,
        "tabColorStyle": {"rgbColor": {"red": 1}},
    }  # fmt: skip
    owner.do({"updateSheetProperties": {"properties": properties, "fields": "title,index,hidden,tabColorStyle"}})
    twice()
    assert figures(owner, "Мои каналы") == expected(WITHOUT_VK)
    tabs = owner.tabs()
    assert TAB not in tabs
    assert (tabs["Мои каналы"]["index"], tabs["Мои каналы"]["hidden"]) == (0, True)
    assert tabs["Мои каналы"]["tabColorStyle"] == {"rgbColor": {"red": 1}}


def test_the_owners_own_tab_and_chart_are_not_touched(owner, twice):
    """A tab without our mark is none of our business, whatever stands in it."""
    owner.do({"addSheet": {"properties": {"title": "Моё", "sheetId": 77}}})
    owner.type("Моё", "A1", "=Каналы!B4")
    anchor = {"sheetId": 77, "rowIndex": 2, "columnIndex": 1}
    source = {"sourceRange": {"sources": [owner.range(TAB, 3, 1, 3, 1)]}}
    spec = {"basicChart": {"chartType": "LINE", "series": [{"series": source}]}}
    chart = {"chartId": 5, "spec": spec, "position": {"overlayPosition": {"anchorCell": anchor}}}
    owner.do({"addChart": {"chart": chart}})
    twice()
    assert [chart["chartId"] for chart in owner.tab("Моё", "charts.chartId")["charts"]] == [5]
    assert owner.cell("Моё", "A1", "FORMULA").startswith("=Каналы!B")


def test_our_chart_moved_and_restyled_by_the_owner_stays_so(owner, twice):
    """It is pointed at the new cells; place and colours are the owner's."""
    chart = owner.tab(TAB, "charts")["charts"][0]
    spec = chart["spec"]
    spec["basicChart"]["legendPosition"] = "RIGHT_LEGEND"
    anchor = {"sheetId": owner.tab_id(TAB), "rowIndex": 1, "columnIndex": 6}
    place = {"overlayPosition": {"anchorCell": anchor, "widthPixels": 500, "heightPixels": 300}}
    owner.do(
        {"updateChartSpec": {"chartId": chart["chartId"], "spec": spec}},
        {"updateEmbeddedObjectPosition": {"objectId": chart["chartId"], "newPosition": place, "fields": "*"}},
    )
    twice()
    after = owner.tab(TAB, "charts")["charts"]
    assert len(after) == 1
    assert after[0]["spec"]["basicChart"]["legendPosition"] == "RIGHT_LEGEND"
    assert after[0]["position"]["overlayPosition"]["widthPixels"] == 500
    source = after[0]["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]
    assert (source["startRowIndex"], source["endRowIndex"]) == (2, 6)  # the name in row 3, three channels


def test_our_chart_deleted_by_the_owner_does_not_come_back(owner, twice):
    """Charts are made once."""
    owner.do({"deleteEmbeddedObject": {"objectId": owner.tab(TAB, "charts")["charts"][0]["chartId"]}})
    twice()
    assert "charts" not in owner.tab(TAB, "charts")


def test_a_column_inserted_between_ours_is_kept(owner, twice):
    """Its header and every note in it stay beside their rows; ours are written around it."""
    owner.insert_columns(TAB, 2)
    owner.type(TAB, "C3", "Моя заметка")
    owner.type(TAB, f"C{owner.row_of(TAB, 'SEO')}", "спросить Аню")
    twice()
    assert owner.cell(TAB, "C3") == "Моя заметка"
    assert {row[0]: [row[1], *row[3:5]] for row in owner.sees(TAB)[3:6]} == expected(WITHOUT_VK)
    assert owner.cell(TAB, f"C{owner.row_of(TAB, 'SEO')}") == "спросить Аню"
    assert [row[2] for row in owner.sees(TAB)[3:6] if row[0] != "SEO"] == ["", ""]


def test_what_stands_right_of_ours_follows_its_row(owner, twice):
    """A note beside «SEO» is beside «SEO» wherever that row goes."""
    owner.type(TAB, f"F{owner.row_of(TAB, 'SEO')}", "мой план: 60")
    owner.type(TAB, "F3", "План")
    twice()
    assert owner.cell(TAB, f"F{owner.row_of(TAB, 'SEO')}") == "мой план: 60"
    assert owner.cell(TAB, "F3") == "План"
    assert sum("мой план: 60" in row for row in owner.sees(TAB)) == 1


def test_a_formula_beside_a_row_keeps_meaning_that_row(owner, twice):
    """`=B4*2` beside row 4 means twice this row's calls, after the row moved too."""
    row = owner.row_of(TAB, "SEO")
    owner.type(TAB, f"F{row}", f"=B{row}*2")
    twice()
    row = owner.row_of(TAB, "SEO")
    assert owner.cell(TAB, f"F{row}", "FORMULA") == f"=B{row}*2"
    assert owner.cell(TAB, f"F{row}") == 2 * WITHOUT_VK["SEO"][0]


def test_what_stands_below_ours_moves_down_as_the_table_grows(owner, twice):
    """A growing table inserts rows, it does not overwrite."""
    last = len(owner.sees(TAB))
    owner.type(TAB, f"A{last + 3}", "Мои выводы")
    twice()
    assert sum("Мои выводы" in row for row in owner.sees(TAB)) == 1
    assert figures(owner) == expected(WITHOUT_VK)


def test_a_row_inserted_between_ours_is_kept(owner, twice):
    """It stays under the row it stood under."""
    row = owner.row_of(TAB, "Директ")
    owner.insert_rows(TAB, row)
    owner.type(TAB, f"A{row + 1}", "из них с сайта")
    twice()
    assert owner.row_of(TAB, "из них с сайта") == owner.row_of(TAB, "Директ") + 1
    assert figures(owner) == expected(WITHOUT_VK)


def test_what_stood_beside_a_row_that_left_is_kept_among_the_edits(owner, publish):
    """«VK» is in the report no more; the owner's words beside it are not lost."""
    owner.type(TAB, f"F{owner.row_of(TAB, 'VK')}", "вернуться в октябре")
    outcome = publish(summary(), channels(WITHOUT_VK))
    assert [(edit.row_key, edit.found, edit.kind) for edit in outcome.edits] == [
        ("channel=VK", "вернуться в октябре", "beside")
    ]
    assert "вернуться в октябре" in owner.sees("Правки")[1]


def test_notes_filters_validation_and_sizes_stay(owner, twice):
    """Notes, filter, filter view, validation, row height, column width, hidden column, named and protected range."""
    seo = owner.row_of(TAB, "SEO") - 1
    sheet_id = owner.tab_id(TAB)
    owner.do(
        {"updateCells": {"range": owner.range(TAB, seo, 1), "rows": [{"values": [{"note": "звонила Аня"}]}],
                         "fields": "note"}},
        {"setDataValidation": {"range": owner.range(TAB, seo, 6), "rule": {"condition": {"type": "BOOLEAN"}}}},
        {"setBasicFilter": {"filter": {"range": owner.range(TAB, 2, 0, 4, 4)}}},
        {"addFilterView": {"filter": {"filterViewId": 9, "title": "Мой вид", "range": owner.range(TAB, 2, 0, 4, 4)}}},
        {"addNamedRange": {"namedRange": {"namedRangeId": "seo1", "name": "звонки_seo",
                                          "range": owner.range(TAB, seo, 1)}}},
        {"addProtectedRange": {"protectedRange": {"protectedRangeId": 8, "range": owner.range(TAB, 20, 6),
                                                  "warningOnly": True}}},
        _sized(sheet_id, "ROWS", seo, {"pixelSize": 55}),
        _sized(sheet_id, "COLUMNS", 0, {"pixelSize": 300}),
        _sized(sheet_id, "COLUMNS", 2, {"hiddenByUser": True}),
    )  # fmt: skip
    twice()
    row = owner.row_of(TAB, "SEO")
    seen = owner.tab(TAB, "data(rowMetadata,columnMetadata,rowData.values(note,dataValidation)),basicFilter,"
                          "filterViews,protectedRanges(protectedRangeId)")  # fmt: skip
    data = seen["data"][0]
    assert data["rowData"][row - 1]["values"][1]["note"] == "звонила Аня"
    assert data["rowData"][row - 1]["values"][6]["dataValidation"]["condition"]["type"] == "BOOLEAN"
    assert data["rowMetadata"][row - 1]["pixelSize"] == 55
    assert data["columnMetadata"][0]["pixelSize"] == 300
    assert data["columnMetadata"][2]["hiddenByUser"] is True
    assert "basicFilter" in seen
    assert seen["filterViews"][0]["title"] == "Мой вид"
    assert 8 in {guard["protectedRangeId"] for guard in seen["protectedRanges"]}
    assert owner.sees_range("звонки_seo") == [[WITHOUT_VK["SEO"][0]]]


def _sized(sheet_id, kind, at, properties):
    place = {"sheetId": sheet_id, "dimension": kind, "startIndex": at, "endIndex": at + 1}
    return {"updateDimensionProperties": {"range": place, "properties": properties, "fields": next(iter(properties))}}


def test_formats_the_owner_changed_follow_their_cells(owner, twice):
    """A number format and a colour on SEO's spend stay with it; the rest of the look is ours."""
    seo = owner.row_of(TAB, "SEO") - 1
    theirs = {"numberFormat": {"type": "NUMBER", "pattern": "0.00"},
              "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1}}}  # fmt: skip
    owner.do({"repeatCell": {"range": owner.range(TAB, seo, 2), "cell": {"userEnteredFormat": theirs},
                             "fields": "userEnteredFormat(numberFormat,backgroundColorStyle)"}})  # fmt: skip
    twice()
    row = owner.row_of(TAB, "SEO")
    drawn = owner.tab(TAB, "data.rowData.values.userEnteredFormat", f"C{row}")["data"][0]["rowData"][0]["values"][0]
    assert drawn["userEnteredFormat"]["numberFormat"]["pattern"] == "0.00"
    assert drawn["userEnteredFormat"]["backgroundColorStyle"] == {"rgbColor": {"red": 1, "green": 1}}
    assert drawn["userEnteredFormat"]["horizontalAlignment"] == "RIGHT"
    other = owner.tab(TAB, "data.rowData.values.userEnteredFormat", f"C{owner.row_of(TAB, 'Директ')}")
    assert (
        other["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]["numberFormat"]
        == cell_format("money")["numberFormat"]
    )


def test_comments_stay_with_the_tab_they_are_on(owner, twice):
    """A discussion on a figure and one on the owner's own cell: the same ones, on a tab that has the same id."""
    owner.comment(TAB, "Почему так дорого?", "C5")
    owner.comment(TAB, "Моё", "F2")
    before, tab_id = owner.comments(), owner.tab_id(TAB)
    twice()
    assert len(before) == 2
    assert owner.comments() == before
    assert owner.tab_id(TAB) == tab_id


def test_an_edit_of_our_value_is_kept_and_reported(owner, publish):
    """Tab, cell, row key, both values, time; the report is written over it, and only once it is told."""
    row = owner.row_of(TAB, "SEO")
    owner.type(TAB, f"B{row}", 55)
    outcome = publish(summary(), channels(RESORTED))
    edit = outcome.edits[0]
    assert (edit.title, edit.cell, edit.row_key, edit.published, edit.found) == (
        TAB, f"B{row}", "channel=SEO", 50.0, 55,
    )  # fmt: skip
    kept = owner.sees("Правки", render="FORMATTED_VALUE")[1]
    assert kept[1:6] == [TAB, f"B{row}", "channel=SEO", "50", "55"]
    assert kept[0].startswith("21.09.2026")
    assert figures(owner) == expected(RESORTED)
    assert publish(summary(), channels(RESORTED)).edits == ()
    assert len(owner.sees("Правки")) == 2


def test_the_latest_edit_stands_on_top(owner, publish):
    """«Правки» reads from the newest down."""
    owner.type(TAB, f"B{owner.row_of(TAB, 'SEO')}", 55)
    publish(summary(), channels(RESORTED))
    owner.type(TAB, f"B{owner.row_of(TAB, 'VK')}", 56)
    publish(summary(), channels(RESORTED))
    assert [row[5] for row in owner.sees("Правки")[1:]] == [56, 55]


def test_rows_the_owner_sorted_come_back_in_order_with_their_neighbours(owner, twice):
    """Sorting is no edit: rows are known by what stands in them."""
    owner.type(TAB, f"F{owner.row_of(TAB, 'SEO')}", "моё")
    spec = [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
    owner.do({"sortRange": {"range": owner.range(TAB, 3, 0, 3, 7), "sortSpecs": spec}})
    first, _ = twice()
    assert first.edits == ()
    assert owner.cell(TAB, f"F{owner.row_of(TAB, 'SEO')}") == "моё"


def test_a_tab_the_owner_copied_is_the_owners(owner, twice):
    """The copy bears our mark too; only the original is written."""
    owner.do({"duplicateSheet": {"sourceSheetId": owner.tab_id(TAB), "newSheetId": 3, "newSheetName": "На память"}})
    before = owner.sees("На память")
    twice()
    assert owner.sees("На память") == before
    assert figures(owner) == expected(WITHOUT_VK)


def test_a_tab_the_owner_deleted_is_made_anew(owner, twice):
    """The report is there again the next morning."""
    owner.do({"deleteSheet": {"sheetId": owner.tab_id(TAB)}})
    twice()
    assert figures(owner) == expected(WITHOUT_VK)


def test_without_memory_the_former_tab_is_kept(owner, publish, forget):
    """The warehouse was lost: nobody can tell edits from figures, so a changed tab is kept as a hidden copy."""
    owner.type(TAB, f"B{owner.row_of(TAB, 'SEO')}", 55)
    owner.type(TAB, "H2", "моё")
    forget()
    outcome = publish(summary(), channels(RESORTED))
    assert list(outcome.kept_copies) == ["Каналы (прежняя)"]
    assert 55 in [cell for row in owner.sees("Каналы (прежняя)") for cell in row]
    assert owner.tabs()["Каналы (прежняя)"]["hidden"] is True
    assert figures(owner) == expected(RESORTED)
    assert owner.cell(TAB, "H2") == "моё"


def test_every_channel_replaced_leaves_chart_and_colours(owner, publish):
    """All rows of the table go and others come: what lies over the table is pointed at the new ones."""
    publish(summary(), channels({"Один": (5, 10), "Два": (6, 20)}))
    publish(summary(), channels({"Три": (7, 30), "Четыре": (8, 40), "Пять": (9, 50)}))
    seen = owner.tab(TAB, "charts,conditionalFormats.ranges,protectedRanges.range")
    source = seen["charts"][0]["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"][0]
    assert (source["startRowIndex"], source["endRowIndex"]) == (2, 6)
    assert [(rule["ranges"][0]["startRowIndex"], rule["ranges"][0]["endRowIndex"])
            for rule in seen["conditionalFormats"]] == [(3, 6)]  # fmt: skip
    assert len(seen["protectedRanges"]) == 1
    assert owner.tabs()[TAB]["gridProperties"]["frozenRowCount"] == 3


def test_a_page_that_comes_later_stands_last(owner, publish):
    """The owner arranged their tabs; a new page of the report does not push in between."""
    owner.do({"updateSheetProperties": {"properties": {"sheetId": 0, "index": 0}, "fields": "index"}})
    publish(summary(), channels(FIRST), Sheet("late", "Новая", [Cell(0, 0, "Новая", "title")]))
    assert list(owner.tabs()) == ["Sheet1", "Сводка", TAB, "Новая"]


def test_words_typed_into_a_blank_cell_of_ours_stay_until_we_need_it(owner, publish):
    """Beside a sentence stands nothing of ours: what is typed there stays; under a new figure it goes to «Правки»."""
    owner.type(TAB, "D2", "моё")
    assert publish(summary(), channels(RESORTED)).edits == ()
    assert owner.cell(TAB, "D2") == "моё"
    wide = channels(RESORTED)
    wide = replace(wide, cells=[*wide.cells, Cell(1, 3, 5, "count")])
    outcome = publish(summary(), wide)
    assert [(edit.cell, edit.published, edit.found) for edit in outcome.edits] == [("D2", None, "моё")]
    assert owner.cell(TAB, "D2") == 5


def test_a_note_on_a_row_that_left_is_kept_among_the_edits(owner, publish):
    """The owner's note on our own cell of «VK» is not lost with the row."""
    row = owner.row_of(TAB, "VK") - 1
    owner.do({"updateCells": {"range": owner.range(TAB, row, 1), "rows": [{"values": [{"note": "звонила Аня"}]}],
                              "fields": "note"}})  # fmt: skip
    outcome = publish(summary(), channels(WITHOUT_VK))
    assert [(edit.cell, edit.found, edit.kind) for edit in outcome.edits] == [(f"B{row + 1}", "звонила Аня", "beside")]


def test_cells_the_owner_merged_beside_rows_that_stay_together_stay_merged(owner, publish):
    """«VK» and «SEO», merged beside, still stand one under the other: the text is in the upper row, over both."""
    publish(summary(), channels(RESORTED))
    merge = owner.range(TAB, owner.row_of(TAB, "VK") - 1, 6, 2, 1)
    owner.do({"mergeCells": {"range": merge, "mergeType": "MERGE_ALL"}})
    owner.type(TAB, f"G{owner.row_of(TAB, 'VK')}", "обоим")
    outcome = publish(summary(), channels({"VK": (90, 1), "SEO": (12, 0), "Авито": (1, 1)}))
    row = owner.row_of(TAB, "VK")
    assert owner.cell(TAB, f"G{row}") == "обоим"
    assert [(one["startRowIndex"], one["endRowIndex"]) for one in owner.tab(TAB, "merges")["merges"]
            if one["startColumnIndex"] == 6] == [(row - 1, row + 1)]  # fmt: skip
    assert outcome.edits == ()


def test_a_merge_beside_rows_that_part_leaves_its_text_beside_its_own_row(owner, publish):
    """Of three rows merged beside, the first keeps the text; which are covered no more is told, and on «Правки»."""
    owner.do({"mergeCells": {"range": owner.range(TAB, 3, 6, 3, 1), "mergeType": "MERGE_ALL"}})
    owner.type(TAB, "G4", "все трое")
    for name in FIRST:
        owner.type(TAB, f"H{owner.row_of(TAB, name)}", f"о {name}")
    outcome = publish(summary(), channels(RESORTED))
    assert figures(owner) == expected(RESORTED)
    assert owner.cell(TAB, f"G{owner.row_of(TAB, 'SEO')}") == "все трое"
    assert {name: owner.cell(TAB, f"H{owner.row_of(TAB, name)}") for name in FIRST} == {n: f"о {n}" for n in FIRST}
    [line] = told(outcome, "ru")
    assert line == (
        "«Каналы», ячейка G4: вы объединили её со строками, которые больше не стоят подряд (channel=Директ,"
        " channel=VK); текст остался у своей строки и сохранён на вкладке «Правки»"
    )
    assert owner.sees("Правки")[1][5] == "все трое"


def test_the_text_of_a_merge_whose_first_row_left_stays_beside_the_next(owner, publish):
    """«SEO» leaves; what was typed over it and «Директ» is beside «Директ» still."""
    owner.do({"mergeCells": {"range": owner.range(TAB, 3, 6, 2, 1), "mergeType": "MERGE_ALL"}})
    owner.type(TAB, "G4", "обоим")
    outcome = publish(summary(), channels({"VK": (90, 1), "Директ": (12, 0)}))
    assert owner.cell(TAB, f"G{owner.row_of(TAB, 'Директ')}") == "обоим"
    assert outcome.edits == ()


def test_the_summary_tells_the_first_edits_and_counts_the_rest(owner, publish):
    """Five are told in full; the rest are on «Правки»."""
    for row in (4, 5, 6):
        owner.type(TAB, f"B{row}", 1_000 + row)
        owner.type(TAB, f"C{row}", "")
    lines = told(publish(summary(), channels(FIRST)), "ru")
    assert len(lines) == 6
    assert lines[0] == "«Каналы», ячейка B4: в отчёте было 50, исправлено на 1004"
    assert lines[1] == "«Каналы», ячейка C4: в отчёте было 0, исправлено на (пусто)"
    assert lines[5] == "… и ещё 1: все на вкладке «Правки»"


CUT = {
    "a column, to the right": ((2, 1, 4, 1), "F3", TAB, "Звонки"),
    "the whole table, to the right": ((2, 0, 4, 4), "F3", TAB, "Канал, Звонки, Расход, Доля"),
    "one column further, so that the last one sticks out": ((2, 0, 4, 4), "B3", TAB, "Доля"),
    "the whole table, to a tab of the owner's": ((2, 0, 4, 4), "B2", "Sheet1", "Канал, Звонки, Расход, Доля"),
}


@pytest.mark.parametrize("how", CUT)
def test_a_table_that_was_cut_and_pasted_elsewhere_is_told(owner, publish, how):
    """The report stands in its place again; the pasted copy, which grows old, is named once; no figure is an edit."""
    (row, column, rows, columns), corner, tab, names = CUT[how]
    letter, number = corner[0], int(corner[1:])
    place = {"sheetId": owner.tab_id(tab), "rowIndex": number - 1, "columnIndex": ord(letter) - ord("A")}
    area = owner.range(TAB, row, column, rows, columns)
    owner.do({"cutPaste": {"source": area, "destination": place, "pasteType": "PASTE_NORMAL"}})
    outcome = publish(summary(), channels(RESORTED))
    assert figures(owner) == expected(RESORTED)
    cell = {"B3": "E3", "B2": "B2 («Sheet1»)"}.get(corner, corner)
    [line] = told(outcome, "ru")
    assert line == (
        f"«Каналы»: из отчёта вырезано и вставлено в {cell}: {names}; отчёт записан на своё место, а та копия больше не"
        " обновляется — удалите её"
    )
    assert owner.sees("Правки")[1][1:4] == [TAB, cell, names]
    assert publish(summary(), channels(RESORTED)).edits == ()


def test_a_copy_that_an_owner_made_of_a_column_is_theirs(owner, twice):
    """Nothing was cut: a column of yesterday's figures beside, or on another tab, is nobody's business."""
    figures_ = {"range": owner.range(TAB, 2, 1, 4, 1)}
    place = owner.range(TAB, 2, 6, 4, 1)
    owner.do({"copyPaste": {"source": figures_["range"], "destination": place, "pasteType": "PASTE_VALUES"}})
    assert {edit.kind for outcome in twice() for edit in outcome.edits} == {"beside"}  # what stood beside «VK»
