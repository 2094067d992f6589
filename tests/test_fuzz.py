"""The fuzz run in small, and that it would notice: `make fuzz` does the same ten thousand times."""

from dataclasses import replace
from random import Random

import pytest

from tests.connectors.warehouse.loading import Folder
from tests.fuzz import checks
from tests.fuzz.bench import tried
from tests.fuzz.case import Case, load, make_case, save, shrunk
from tests.fuzz.limit import TooLong, at_most
from tests.fuzz.meaning import spend
from tests.fuzz.meant import in_order, meant, try_meanings
from tests.fuzz.night import try_range
from tests.fuzz.samples import samples

SOURCES = {"spend": {"table": "ad_spend", "columns": {"spend_on": "Дата", "spend_rub": "Расход"}}}
FILES = {"spend": {"a.csv": "Дата;Расход\n01.08.2026;10\n02.08.2026;x\n03.08.2026;5,50"}}


@pytest.mark.slow
def test_damaged_exports_are_loaded_or_refused_in_words():
    """Its rows and roubles add up, or a person reads why not; once more changes nothing."""
    outcomes = tried([make_case(0, number) for number in range(10)])
    assert [(str(outcome.case), outcome.problems) for outcome in outcomes if outcome.problems] == []
    assert sum(outcome.is_loaded for outcome in outcomes) >= 4


@pytest.mark.slow
def test_damaged_exports_do_not_stop_a_whole_run(tmp_path):
    """Metrics, report, check and init over what was loaded."""
    tally = try_range(0, 0, 10, tmp_path)
    assert tally.failures == []
    assert tally.whole >= 3


def test_a_file_on_disk_narrower_than_its_profile_is_padded():
    """Mango may leave out its last columns; found where the file was too large for memory and had blank lines."""
    call = "[MToxOjA6MQ==]\t1785567600\t1785567660\t1785567610\t\t70005559601\t101\tsip:user1@demo.mangosip.ru\t1110"
    content = "\n\n".join([call] * 3).encode()
    [outcome] = tried([Case(0, 0, "mango", "mango.csv", content, {"table": "calls"}, (), is_on_disk=True)])
    assert (outcome.refusal, outcome.problems) == (None, [])


def test_a_lost_row_would_be_noticed(tmp_path):
    """One of two staged rows is taken away behind the ledger's back."""
    with Folder(tmp_path, SOURCES, settings={"loading": {"max_rejected_share": 1}}).running(FILES) as warehouse:
        assert list(checks.of_loads(warehouse._connection, "run-001")) == []
        warehouse._connection.execute("delete from loaded.ad_spend where spend_rub = 5.5")
        [found] = checks.of_loads(warehouse._connection, "run-001")
    assert "rows_read=3, rows_staged=2" in found
    assert found.endswith("staged=1, displaced=0, summed=10.00")


def test_a_row_both_staged_and_refused_would_be_noticed(tmp_path):
    """Row 2 is staged; so is the reject of row 3 made one of row 2."""
    with Folder(tmp_path, SOURCES, settings={"loading": {"max_rejected_share": 1}}).running(FILES) as warehouse:
        assert list(checks.of_rows(warehouse._connection, [])) == []
        warehouse._connection.execute("update loaded.rejects set source_row = 2")
        assert list(checks.of_rows(warehouse._connection, [])) == [
            "ad_spend: rows both staged and refused: source_file=a.csv, source_row=2"
        ]


def test_work_without_end_is_ended():
    """By the processor's seconds."""
    with pytest.raises(TooLong), at_most(0.05):
        work_without_end()


def work_without_end():
    while True:
        pass


def test_the_same_number_is_the_same_case(tmp_path):
    """A failure can be replayed by seed and number, or from the saved file when samples have changed since."""
    for number in range(20):
        case = make_case(7, number)
        assert case == make_case(7, number)
        assert load(save(case, tmp_path, "x")) == case


def test_needless_steps_are_left_out():
    """Of all that was done to a file only what makes it fail stays."""
    case = next(case for case in (make_case(1, n) for n in range(500)) if "totals_row" in case.steps[1:-2])
    small = shrunk(
        case, lambda one: any(step == "totals_row" for place, step in enumerate(one.steps) if place not in one.left_out)
    )
    kept = [step for place, step in enumerate(small.steps) if place not in small.left_out]
    assert kept == ["totals_row", "write"]


def test_every_table_and_every_container_is_among_the_samples():
    """A sample that went missing would make the run say less."""
    labels = " ".join(sample.label for sample in samples())
    assert len(samples()) >= 15
    assert {sample.source["table"] for sample in samples()} == set(checks.tables())
    assert "school/" in labels


@pytest.mark.slow
def test_distorted_exports_give_their_figures_or_somebody_is_told():
    """`make fuzz` does so two thousand times."""
    tally = try_meanings(1, 0, 20)
    assert tally.failures == []
    assert tally.outcomes["same figures"] >= 5


def test_exports_in_order_raise_no_doubt():
    """The known figures, no question, nothing told."""
    assert [(name, one.outcome, one.told) for name, one in in_order(1, 1)] == [
        ("sales", "same figures", ()),
        ("calls", "same figures", ()),
        ("spend", "same figures", ()),
    ]


def test_a_silent_difference_would_be_noticed():
    """An amount is written with another figure than is known."""
    export = spend(Random(1))
    rows = [list(row) for row in export.rows]
    rows[1][4] = "99999,00"
    [one] = meant([replace(export, rows=rows)])
    assert one.is_silent
