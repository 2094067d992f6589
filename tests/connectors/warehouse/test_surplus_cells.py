"""A row with more cells than headings says nothing that can be believed, in short files and in long ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.documents import Origin, RawTable
from config.errors import ContractError
from tests.connectors.warehouse.loading import Folder, side_by_side
from tests.helpers.words import as_if_long

pytestmark = pytest.mark.slow

SPEND = {
    "table": "ad_spend",
    "columns": {"spend_on": "Дата", "spend_rub": "Расход", "clicks": "Клики"},
    "constants": {"channel": "SEO"},
}
GOOD = "".join(f"{1 + day % 28:02}.08.2026;100;{day}\n" for day in range(60))
REFUSED = "select source_row, column_name, value, reason, is_row_kept from ops.rejects"
BOTH = pytest.mark.parametrize("is_on_disk", [False, True], ids=["in memory", "on disk"])


def loaded(folder: Path, is_on_disk: bool, text: str, source: dict[str, object] | None = None) -> Folder:
    """A warehouse that has read a text, in the one way or the other."""
    folder_of = Folder(folder / "data", {"s": source or SPEND}, is_on_disk=is_on_disk)
    folder_of.run({"s": {"ads.csv": text}})
    return folder_of


@BOTH
def test_a_row_with_more_cells_than_headings_is_refused_with_both_counts(tmp_path, is_on_disk):
    """Its clicks may be the kopecks of its spend: none of it is counted, and the row is named.

    One cell more, one beyond a gap, one beyond a gap of spaces.
    """
    counts = {"01.08.2026;1200,10;5;7": "4 > 3", "01.08.2026;1;2;;;9": "6 > 3", "01.08.2026;1;2;; ;9;": "6 > 3"}
    cases = {row: (SPEND, f"Дата;Расход;Клики\n{GOOD}{row}\n") for row in counts}
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    assert of(f"{REFUSED} where source = $source") == {
        row: [(62, "row", told, "surplus_cells", False)] for row, told in counts.items()
    }
    spent = of("select sum(spend_rub), count(*) from staged.ad_spend where source = $source")
    assert spent == {row: [(6000, 60)] for row in counts}


@BOTH
def test_empty_cells_at_the_end_are_no_sign_of_anything(tmp_path, is_on_disk):
    """Битрикс24 ends each line with a delimiter."""
    text = f"Дата;Расход;Клики;\n{GOOD}"
    cases = {ending: (SPEND, text.replace("\n", ending + "\n", 12)) for ending in (";", ";;;", "; ;")}
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    assert of(f"{REFUSED} where source = $source") == {ending: [] for ending in cases}
    assert of("select count(*) from staged.ad_spend where source = $source") == {ending: [(60,)] for ending in cases}


@BOTH
def test_a_totals_row_and_a_note_below_may_be_longer(tmp_path, is_on_disk):
    """They are no data, however long."""
    folder = loaded(tmp_path, is_on_disk, f"Дата;Расход;Клики\n{GOOD}Итого;6000;1770;60;кампаний\n")
    assert folder.rows(REFUSED) == []
    assert folder.rows("select rows_skipped from ops.loads") == [(1,)]


@BOTH
def test_decimal_commas_without_quotes_stop_the_run(tmp_path, is_on_disk):
    """`1200,10` in a comma-separated file makes a cell too many of each row."""
    text = "Дата,Расход,Клики\n" + "2026-08-01,1200,10,7\n" * 12
    with pytest.raises(ContractError) as caught:
        loaded(tmp_path, True, text) if is_on_disk else _held(tmp_path, text)
    assert caught.value.key == "warehouse.too_many_refused"
    said = caught.value.text()
    assert "ads.csv, столбец «вся строка»: 4 > 3, в строке больше ячеек, чем столбцов в заголовке" in said
    assert "первая в строке 2" in said


def _held(folder: Path, text: str) -> None:
    """The same text as a table in memory, its cells separated by commas."""
    rows = [line.split(",") for line in text.splitlines()]
    one = Folder(folder / "data", {"s": SPEND})
    one._reader = lambda source, file, _: RawTable(Origin(source, file), rows[:40], rows)  # type: ignore[method-assign]
    one.run({"s": {"ads.csv": text}})


def test_a_long_file_inserted_at_once_leaves_such_rows_out(tmp_path):
    """Five thousand calls and more are read by their words; the one with a name cut in two is not among them."""
    source = {"table": "calls", "columns": {"call_id": "id", "started_at": "Начало", "manager": "Кто"}}
    rows = [f"{number};01.08.2026 10:00;Анна" for number in range(100, 150)]
    rows[7] = "107;01.08.2026 10:00;Анна; старшая"
    folder = Folder(tmp_path / "data", {"s": source}, is_on_disk=True)
    with as_if_long():
        folder.run({"s": {"calls.csv": "id;Начало;Кто\n" + "\n".join(rows) + "\n"}})
    assert folder.rows(REFUSED) == [(9, "row", "4 > 3", "surplus_cells", False)]
    assert folder.rows("select count(*) from staged.calls") == [(49,)]


def test_a_note_beside_a_table_of_a_workbook_moves_nothing(tmp_path):
    """Its cells have addresses: what stands right of the last heading is the owner's remark."""
    rows = [["Дата", "Расход"], ["01.08.2026", "10", "оплачено"], ["02.08.2026", "20"]]
    one = Folder(tmp_path / "data", {"s": {**SPEND, "columns": {"spend_on": "Дата", "spend_rub": "Расход"}}})
    one._reader = lambda source, file, _: RawTable(Origin(source, file), rows, rows, container="xlsx")  # type: ignore[method-assign]
    one.run({"s": {"ads.xlsx": ""}})
    assert one.rows("select sum(spend_rub) from staged.ad_spend") == [(30,)]


@pytest.mark.parametrize("container", ["html", "json"])
def test_cells_of_a_page_or_of_an_answer_have_their_place_by_counting_too(tmp_path, container):
    """Битрикс24 writes its «Excel» as a page, GetCourse answers with lists."""
    rows = [["Дата", "Расход"], ["01.08.2026", "10", "5"], *[["02.08.2026", "20"]] * 30]
    one = Folder(tmp_path / "data", {"s": {**SPEND, "columns": {"spend_on": "Дата", "spend_rub": "Расход"}}})
    one._reader = lambda source, file, _: RawTable(Origin(source, file), rows, rows, container=container)  # type: ignore[method-assign]
    one.run({"s": {"ads.xls": ""}})
    assert one.rows(REFUSED) == [(2, "row", "3 > 2", "surplus_cells", False)]


def test_a_source_of_which_every_row_is_refused_is_an_error(tmp_path):
    """Two of two: a figure of nothing would look like a figure."""
    with pytest.raises(ContractError) as caught:
        loaded(tmp_path, False, "Дата;Расход;Клики\n01.08.2026;сто;1\n02.08.2026;двести;1\n")
    assert caught.value.key == "warehouse.too_many_refused"
    assert "отвергнуто 2 строк из 2" in caught.value.text()


FULL = "".join(f"{1 + day:02}.08.2026;100;{day};ок\n" for day in range(20))


def test_a_row_that_ends_too_soon_is_refused_where_all_others_are_full(tmp_path):
    """A delimiter is missing, or the download broke off: its 5 clicks may be anything."""
    folder = loaded(tmp_path, False, f"Дата;Расход;Клики;Примечание\n{FULL}28.08.2026;5\n")
    assert folder.rows(REFUSED) == [(22, "row", "2 < 4", "missing_cells", False)]
    assert folder.rows("select sum(spend_rub) from staged.ad_spend") == [(2000,)]


@BOTH
def test_programs_that_leave_out_what_is_blank_at_the_end_of_a_line_are_believed(tmp_path, is_on_disk):
    """A note that most rows lack has no cell in them."""
    rows = FULL.replace(";ок", "").replace(";19\n", ";19;ок\n")
    folder = loaded(tmp_path, is_on_disk, f"Дата;Расход;Клики;Примечание\n{rows}28.08.2026;5;1\n")
    assert (folder.rows(REFUSED), folder.rows("select count(*) from staged.ad_spend")) == ([], [(21,)])


MOMENT, NUMBER = "\ue002", "\ue001"


def typed(*extra):
    """Twenty rows of a workbook, and others."""
    rows = [[f"{MOMENT}2026-08-{1 + day:02}", f"{NUMBER}100", f"{NUMBER}{day}", "ок", ""] for day in range(20)]
    return [["Дата", "Расход", "Клики", "Примечание", ""], *rows, *extra]


def of_workbook(folder, rows, container):
    """A warehouse that has read the rows of a workbook, or of a tab."""
    one = Folder(folder / "data", {"s": SPEND})
    table = [RawTable(Origin("s", "ads.xlsx", "Лист1"), rows[:40], rows, container=container)]
    one._reader = lambda *_: table[0]  # type: ignore[method-assign]
    one.run({"s": {"ads.xlsx": ""}})
    return one


@pytest.mark.parametrize("container", ["xlsx", "google"])
def test_a_row_of_a_workbook_that_was_pushed_aside_is_refused(tmp_path, container):
    """An inserted cell: 7 stands for the spend, the spend for the clicks, and the note has no heading."""
    pushed = [f"{MOMENT}2026-08-28", f"{NUMBER}7", f"{NUMBER}100", f"{NUMBER}5", "ок"]
    folder = of_workbook(tmp_path, typed(pushed), container)
    assert folder.rows(REFUSED) == [(22, "row", "5 > 4", "surplus_cells", False)]


@pytest.mark.parametrize("container", ["xlsx", "google"])
def test_a_remark_beside_a_row_of_a_workbook_is_no_doubt(tmp_path, container):
    """Its own cells stand where they shall."""
    rows = typed([f"{MOMENT}2026-08-28", f"{NUMBER}7", f"{NUMBER}1", "ок", "уточнить"])
    assert of_workbook(tmp_path, rows, container).rows(REFUSED) == []


@pytest.mark.parametrize("container", ["xlsx", "google"])
@pytest.mark.parametrize(("spend", "refused"), [("", True), ("7", False)])
def test_a_hole_that_no_other_row_has_tells_of_an_inserted_cell(tmp_path, container, spend, refused):
    """Figures all alike: the spend stands under the clicks, the clicks under a count, the count beyond the headings."""
    days = [[f"{MOMENT}2026-08-0{1 + day}", f"{NUMBER}100", f"{NUMBER}{day}", f"{NUMBER}3"] for day in range(7)]
    spent = f"{NUMBER}{spend}" if spend else ""
    odd = [f"{MOMENT}2026-08-28", spent, f"{NUMBER}100", f"{NUMBER}5", f"{NUMBER}3"]
    folder = of_workbook(tmp_path, [["Дата", "Расход", "Клики", "Охват"], *days, odd], container)
    told = [row for row in folder.rows(REFUSED) if row[1] == "row"]
    assert told == ([(9, "row", "5 > 4", "surplus_cells", False)] if refused else [])
