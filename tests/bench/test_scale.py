"""What the bench of scale measures is what it says."""

import os
import sys
import time

import duckdb
import pytest

from bench.processes import watched
from bench.staged import make_figures, write

pytestmark = pytest.mark.slow

BUSY = "import time\nwhile time.process_time() < 0.5: pass"
LEFT = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {BUSY!r}], start_new_session=True)
{BUSY}
"""


def test_processes_that_a_command_leaves_are_counted(tmp_path):
    """Two of half a second each, of which one is nobody's child any more."""
    with watched([sys.executable, "-c", LEFT], dict(os.environ), tmp_path / "log") as one:
        before = one.cpu_seconds()
        one.process.wait()
        until = time.monotonic() + 60
        while one.cpu_seconds() - before < 1.0 and time.monotonic() < until:
            time.sleep(0.05)
        assert one.cpu_seconds() - before >= 1.0
    assert one.peak_mib > 0


def test_figures_are_made_of_rows_written_once(tmp_path):
    """Every call that was written is in a period."""
    write(tmp_path / "rows", 2_400)
    assert make_figures(tmp_path, "duckdb") > 0
    with duckdb.connect(str(tmp_path / "figures-duckdb" / "svodka.duckdb"), read_only=True) as connection:
        assert connection.execute("select sum(call_rows) from metrics.call_day").fetchone() == (2_400,)
