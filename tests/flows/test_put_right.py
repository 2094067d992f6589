"""Identities of putting right: undo(run(x)) = x, restore(day) = what was published, rebuild(backup(x)) = x."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.backup.backup import back_up, rebuild
from flows.cli import main
from flows.run.reports.kept import kept_reports
from tests.flows.small_client import FILES, SVODKA
from tests.flows.test_restore import cells as cells_of
from tests.flows.test_undo import cells, state
from tests.helpers.often import often

pytestmark = pytest.mark.slow
FIRST = date(2026, 8, 31)
CALL = "{:02d}.08.2026 12:00:00;7000555{:04d};{};Борис;{}\n"
SALE = "{};{:02d}.08.2026;7000555{:04d};Анна;{}\n"
day = st.integers(1, 28)
person = st.integers(100, 130)
roubles, number = st.integers(0, 9000), st.integers(10, 10**9)
channel = st.sampled_from(["SEO", "директ", "радио"])
LINES = {
    "exports/calls.csv": st.builds(CALL.format, day, person, channel, st.integers(0, 90)),
    "exports/orders.csv": st.builds(SALE.format, number, day, person, roubles),
    "channels.csv": st.sampled_from(["радио,Радио\n", "сео,SEO\n"]),
    "corrections.csv": st.builds("orders,{},Сумма,5000,{},,,\n".format, st.integers(1, 3), roubles),
}
"""File → a line that may be added to it."""
ORDERS = "exports/orders.csv"
"""Each number in it is of one sale: the same beside another person would be asked about."""
line = st.one_of([st.tuples(st.just(file), text) for file, text in LINES.items()])
changes = st.lists(
    st.tuples(st.lists(line, min_size=often(1, 0), max_size=3), st.integers(0, 2)),
    min_size=often(1, 2),
    max_size=often(2, 5),
)
"""Of each run: lines added to files before it, and days since the one before."""


CLIENT = {
    "svodka.yaml": SVODKA + "corrections: corrections.csv\n",
    "corrections.csv": "источник,запись,столбец,было,стало,кто,когда,почему\n",
}
"""The client that every story begins with, after its run as of FIRST."""


def lived(folder, nights, seen):
    """A client after its run as of FIRST, its nights, and a look at it, in; what each morning saw, by its day, out.

    After each night undo gives the night before, and the night again the same. The report of a morning is kept under
    its day.
    """
    as_of, mornings = FIRST, {}
    for number, (lines, days) in enumerate(nights, 1):
        before, when = seen(), f"2026-09-{number:02d}"
        mornings[when] = before
        kept = kept_reports(folder / "data")[-1]
        kept.rename(kept.with_name(f"{when} 030000.sheets"))
        for file, line in lines:
            text = (folder / file).read_text("utf-8")
            is_there = line in text or (file == ORDERS and f"\n{line.partition(';')[0]};" in text)
            (folder / file).write_text(text if is_there else text + line, "utf-8")
        as_of += timedelta(days)
        night = ["run", str(folder), "--as-of", as_of.isoformat(), "-q"]
        assert main(night) == 0
        assert main(["undo", str(folder), "--yes"]) == 0
        assert seen() == before
        assert main(night) == 0
    return mornings


@given(changes)
@settings(max_examples=often(1, 40), deadline=None)
def test_what_is_taken_back_or_brought_back_is_what_was(after_run, nights):
    """After each night undo gives the night before, and the night again the same; each report comes back as it was."""
    root = Path(tempfile.mkdtemp())
    try:
        folder = after_run(root / "vasilek", CLIENT, FIRST.isoformat())
        for when, (_, report) in lived(folder, nights, lambda: (state(folder), cells(folder))).items():
            assert main(["restore", str(folder), "--day", when]) == 0
            assert cells_of(folder / "out" / f"Сводка {when[8:]}.09.2026.xlsx") == report
        back_up(folder, root / "copy.zip")
        assert rebuild(root / "other" / "vasilek", root / "copy.zip") > len(FILES)
        assert (state(root / "other" / "vasilek"), cells(root / "other" / "vasilek")) == (state(folder), cells(folder))
    finally:
        shutil.rmtree(root)
