"""Overlapping exports: which row displaces which, and what comes back when a file goes."""

from pathlib import Path

import pytest

from tests.connectors.warehouse.loading import Folder

pytestmark = pytest.mark.slow

CALLS = {"table": "calls", "columns": {"call_id": "id", "started_at": "at", "phone": "phone", "talk_seconds": "talk"}}
SPEND = {
    "table": "ad_spend",
    "columns": {"spend_on": "day", "channel": "channel", "campaign": "what", "spend_rub": "rub"},
}
DEALS = {"table": "deals", "columns": {"closed_on": "day", "phone": "phone", "revenue_rub": "rub"}}
LEADS = {"table": "leads", "columns": {"created_at": "at", "phone": "phone"}}


def test_same_call_in_two_files_counts_once_and_the_newer_file_wins(tmp_path: Path):
    """The file whose data reach the later day is newer, whatever its name or time."""
    folder = Folder(tmp_path, {"s": CALLS})
    later = "id;at;phone;talk\n1;01.08.2026 10:00:00;70005550001;99\n2;05.08.2026 10:00:00;70005550002;10"
    earlier = "id;at;phone;talk\n1;01.08.2026 10:00:00;70005550001;20\n3;02.08.2026 10:00:00;70005550003;30"
    folder.run({"s": {"b.csv": later, "a.csv": earlier}})
    assert folder.rows("select call_id, talk_seconds from staged.calls order by 1") == [("1", 99), ("2", 10), ("3", 30)]
    assert folder.rows("select source_file, rows_read, rows_staged, rows_duplicate from ops.loads order by 1") == [
        ("a.csv", 2, 1, 1),
        ("b.csv", 2, 2, 0),
    ]


def test_equal_spend_lines_of_one_file_add_up_but_an_older_file_gives_way(tmp_path: Path):
    """100 + 50 in the newer file; the older file's 100 of that day is a duplicate."""
    folder = Folder(tmp_path, {"s": SPEND})
    old = "day;channel;what;rub\n01.08.2026;SEO;a;100\n31.07.2026;SEO;a;40"
    new = "day;channel;what;rub\n01.08.2026;SEO;a;100\n01.08.2026;seo;a;50\n02.08.2026;SEO;;10"
    folder.run({"s": {"old.csv": old, "new.csv": new}})
    assert folder.rows(
        "select spend_on::varchar, sum(spend_rub)::varchar from staged.ad_spend group by 1 order by 1"
    ) == [
        ("2026-07-31", "40.00"),
        ("2026-08-01", "150.00"),
        ("2026-08-02", "10.00"),
    ]
    assert folder.rows("select money_duplicate_rub::varchar from ops.loads where source_file = 'old.csv'") == [
        ("100.00",)
    ]


def test_sales_without_an_id_are_matched_one_to_one(tmp_path: Path):
    """Two equal sales in one file are two sales; the same two in the next file are those two; a third is new."""
    folder = Folder(tmp_path, {"s": DEALS})
    sale = "01.08.2026;70005550001;100\n"
    folder.run({"s": {"a.csv": "day;phone;rub\n" + 2 * sale, "b.csv": "day;phone;rub\n" + 3 * sale}})
    assert folder.rows("select count(*), sum(revenue_rub)::varchar from staged.deals") == [(3, "300.00")]
    assert folder.rows("select source_file, rows_staged, rows_duplicate from ops.loads order by 1") == [
        ("a.csv", 0, 2),
        ("b.csv", 3, 0),
    ]


def test_rows_that_a_vanished_file_displaced_are_back(tmp_path: Path):
    """The newer file goes; the older file's row counts again, so only the other row and its roubles have left."""
    folder = Folder(tmp_path, {"s": SPEND})
    old = "day;channel;what;rub\n01.08.2026;SEO;a;100"
    new = "day;channel;what;rub\n01.08.2026;SEO;a;90\n02.08.2026;SEO;a;10"
    folder.run({"s": {"old.csv": old, "new.csv": new}})
    folder.run({"s": {"old.csv": old}})
    assert folder.rows("select spend_rub::varchar from staged.ad_spend") == [("100.00",)]
    assert folder.rows(
        "select source_file, rows, money_rub::varchar from ops.notices where kind = 'vanished_file'"
    ) == [("new.csv", 1, "10.00")]


def test_a_vanished_copy_takes_nothing_with_it(tmp_path: Path):
    """Its rows were duplicates, or stand under another name now: nothing left the figures, and the notice says so."""
    folder = Folder(tmp_path, {"s": CALLS})
    calls = "id;at;phone;talk\n1;01.08.2026 10:00:00;70005550001;1\n2;01.08.2026 11:00:00;70005550002;1"
    folder.run({"s": {"a.csv": calls, "copy.csv": calls}})
    folder.run({"s": {"renamed.csv": calls}})
    assert folder.rows("select count(*) from staged.calls") == [(2,)]
    assert folder.rows("select source_file, rows from ops.notices where kind = 'vanished_file' order by 1") == [
        ("a.csv", 0),
        ("copy.csv", 0),
    ]


def test_of_equal_sales_those_that_no_file_holds_any_more_have_left(tmp_path: Path):
    """Three equal sales without an id in the file that goes, two in the one that stays: one sale of 100 has left."""
    folder = Folder(tmp_path, {"s": DEALS})
    sale = "01.08.2026;70005550001;100\n"
    folder.run({"s": {"a.csv": "day;phone;rub\n" + 2 * sale, "b.csv": "day;phone;rub\n" + 3 * sale}})
    folder.run({"s": {"a.csv": "day;phone;rub\n" + 2 * sale}})
    assert folder.rows(
        "select source_file, rows, money_rub::varchar from ops.notices where kind = 'vanished_file'"
    ) == [("b.csv", 1, "100.00")]


def test_two_sources_of_one_table_are_summed_and_repeats_between_them_are_said(tmp_path: Path):
    """The same phone on the same day in both: 2 rows stay, 1 of them is named."""
    folder = Folder(tmp_path, {"one": LEADS, "two": LEADS})
    lead = "at;phone\n01.08.2026 10:00:00;70005550001"
    folder.run({"one": {"a.csv": lead}, "two": {"a.csv": lead.replace("10:00", "11:00")}})
    assert folder.rows("select count(*) from staged.leads") == [(2,)]
    assert folder.rows("select source, rows, detail from ops.notices") == [("one, two", 1, "leads")]


def test_a_later_as_of_may_change_which_file_is_newer(tmp_path: Path):
    """Rows dated after `as_of` do not make a file newer."""
    folder = Folder(tmp_path, {"s": CALLS})
    a = "id;at;phone;talk\n1;01.08.2026 10:00:00;70005550001;1\n9;01.12.2026 10:00:00;70005550009;1"
    b = "id;at;phone;talk\n1;01.08.2026 10:00:00;70005550001;2\n2;02.08.2026 10:00:00;70005550002;2"
    from datetime import date

    folder.run({"s": {"a.csv": a, "b.csv": b}}, as_of=date(2026, 8, 31))
    assert folder.rows("select talk_seconds from staged.calls where call_id = '1'") == [(2,)]
    folder.run({"s": {"a.csv": a, "b.csv": b}}, as_of=date(2026, 12, 31))
    assert folder.rows("select talk_seconds from staged.calls where call_id = '1'") == [(1,)]


def test_a_file_touched_in_a_run_that_reads_another_is_newer_at_once(tmp_path: Path):
    """Both reach the same day; the one modified later wins in that very run."""
    spend = {"table": "ad_spend", "columns": {"spend_on": "day", "spend_rub": "rub"}}
    costs = {"table": "costs", "columns": {"month_on": "day", "item": "what", "amount_rub": "rub"}}
    folder = Folder(tmp_path, {"s": spend, "k": costs})
    one, other, rent = "day;rub\n01.08.2026;10", "day;rub\n01.08.2026;99", "day;what;rub\n01.08.2026;rent;{}"
    folder.run({"s": {"a.csv": one, "b.csv": other}, "k": {"k.csv": rent.format(5)}})
    assert folder.rows("select spend_rub from staged.ad_spend") == [(99,)]
    folder.run({"s": {"b.csv": other, "a.csv": one}, "k": {"k.csv": rent.format(6)}})
    assert folder.rows("select spend_rub from staged.ad_spend") == [(10,)]
