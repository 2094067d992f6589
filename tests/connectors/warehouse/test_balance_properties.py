"""Identities that hold whatever the files say: rows and roubles balance, and a file that went might never have been."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors.warehouse.loading import Folder
from tests.helpers.often import often

pytestmark = pytest.mark.slow

SOURCE = {
    "table": "deals",
    "columns": {"deal_id": "id", "closed_on": "day", "phone": "tel", "manager": "who", "revenue_rub": "rub"},
    "exclude": {"phone": ["80005550009"]},
}
LOOSE = {"loading": {"max_rejected_share": 1}}
CELLS = st.tuples(
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["01.08.2026", "02.08.2026", "31.02.2026", "", "-", "01.12.2026"]),
    st.sampled_from(["", "80005550001", "+7 000 555-00-09", "123", "7,0E+10"]),
    st.sampled_from(["", "Анна", "анна", "Игорь"]),
    st.sampled_from(["", "100", "1 000,50", "-20", "сто", "0"]),
)
FILES = st.dictionaries(
    st.sampled_from(["a.csv", "b.csv", "c.csv"]), st.lists(CELLS, min_size=1, max_size=6), min_size=2
)
STAGED = "select * exclude (source) from staged.deals order by all"


def text(rows: list[tuple[str, ...]]) -> str:
    """Rows of cells as a file."""
    return "\n".join(["id;day;tel;who;rub;x", *(";".join([*row, "x"]) for row in rows)])


@settings(max_examples=often(2, 15), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES)
def test_read_is_staged_and_rejected_and_duplicate_and_skipped(files):
    """In rows and in roubles, for every file; staged is what the view shows."""
    with TemporaryDirectory() as data:
        folder = Folder(Path(data), {"s": SOURCE}, settings=LOOSE)
        folder.run({"s": {name: text(rows) for name, rows in files.items()}})
        loads = folder.rows("""select rows_read, rows_staged + rows_rejected + rows_duplicate + rows_skipped,
            money_read_rub,
            money_staged_rub + money_rejected_rub + money_duplicate_rub + money_skipped_rub from ops.loads""")
        assert all(read == sum_ and money == money_sum for read, sum_, money, money_sum in loads)
        assert sum(load[0] for load in loads) == sum(map(len, files.values()))
        shown = folder.rows("select coalesce(sum(revenue_rub), 0) from staged.deals")[0][0]
        assert shown == folder.rows("select coalesce(sum(money_staged_rub), 0) from ops.loads")[0][0]
        assert isinstance(shown, Decimal)


@settings(max_examples=often(2, 10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES, st.data())
def test_a_file_that_went_might_never_have_been(files, data):
    """The staged rows are those of the other files alone."""
    gone = data.draw(st.sampled_from(sorted(files)))
    texts = {name: text(rows) for name, rows in files.items()}
    left = {name: content for name, content in texts.items() if name != gone}
    with TemporaryDirectory() as with_it, TemporaryDirectory() as without:
        folder = Folder(Path(with_it), {"s": SOURCE}, settings=LOOSE)
        folder.run({"s": texts})
        folder.run({"s": left})
        never = Folder(Path(without), {"s": SOURCE}, settings=LOOSE)
        never.run({"s": left})
        assert folder.rows(STAGED) == never.rows(STAGED)


SEVERAL = {
    "calls": {"table": "calls", "columns": {"call_id": "id", "started_at": "at", "phone": "tel", "talk_seconds": "n"}},
    "spend": {"table": "ad_spend", "columns": {"spend_on": "at", "channel": "id", "clicks": "n", "spend_rub": "n"}},
    "deals": {"table": "deals", "columns": {"deal_id": "id", "closed_on": "at", "phone": "tel", "revenue_rub": "n"}},
    "loose": {"table": "deals", "columns": {"closed_on": "at", "phone": "tel", "revenue_rub": "n"}},
}
LINES = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "4"]),
        st.sampled_from(["01.08.2026", "02.08.2026", "03.08.2026"]),
        st.sampled_from(["70005550001", "70005550002"]),
        st.sampled_from(["10", "20"]),
    ),
    min_size=1,
    max_size=5,
)
FOLDERS = st.dictionaries(st.sampled_from(["a.csv", "b.csv", "c.csv", "d.csv"]), LINES, min_size=1)
PLACES = "select source, source_file, source_row, is_displaced from loaded.{} order by all"


@settings(max_examples=often(2, 25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FOLDERS, st.data())
def test_a_corrected_file_might_always_have_been_so(before, data):
    """Which rows are displaced depends on the files as they are, not on those that were read in earlier runs."""
    corrected = data.draw(st.sampled_from(sorted(before)))
    after = {**before, corrected: data.draw(LINES), **data.draw(st.sampled_from([{}, {"e.csv": before[corrected]}]))}
    with TemporaryDirectory() as stepwise, TemporaryDirectory() as at_once:
        folder = Folder(Path(stepwise), SEVERAL, settings=LOOSE)
        folder.run(of_every_source(before))
        folder.run(of_every_source(after))
        fresh = Folder(Path(at_once), SEVERAL, settings=LOOSE)
        fresh.run(of_every_source(after))
        for table in ("calls", "ad_spend", "deals"):
            assert folder.rows(PLACES.format(table)) == fresh.rows(PLACES.format(table))


def of_every_source(files: dict[str, list[tuple[str, ...]]]) -> dict[str, dict[str, str]]:
    """The same files for each source of SEVERAL."""
    texts = {name: "\n".join(["id;at;tel;n", *(";".join(row) for row in rows)]) for name, rows in files.items()}
    return dict.fromkeys(SEVERAL, texts)
