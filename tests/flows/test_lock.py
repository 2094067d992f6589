"""One run per client at a time."""

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import Busy, TargetError
from flows.run.lock import one_run

SINCE = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

HOLD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from flows.run.lock import one_run
with one_run(Path(sys.argv[1]), datetime(2026, 11, 24, 3, 0, tzinfo=UTC)):
    print("held", flush=True)
    time.sleep(60)
"""


def holding(data: Path) -> subprocess.Popen[str]:
    """A process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_who_holds_the_lock_and_since_when(tmp_path):
    """Process, machine, user and moment, so that somebody can decide to wait or to stop it."""
    data = tmp_path / "school" / "data"
    process = holding(data)
    try:
        said = json.loads((data / "run.lock").read_text("utf-8"))
        with pytest.raises(Busy) as raised, one_run(data, SINCE):
            pass
    finally:
        process.kill()
        process.wait()
    assert said["pid"] == process.pid
    assert raised.value.exit_code == 8
    assert str(raised.value) == (
        f"school: уже идёт другой прогон: процесс {process.pid} на {said['host']}, пользователь {said['user']},"
        " с 2026-11-24 03:00:00 — дождитесь его конца или остановите его"
    )


def test_a_crash_releases_the_lock(tmp_path):
    """Kill -9 leaves a file behind, and no lock."""
    process = holding(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with one_run(tmp_path, SINCE):
                return
        except Busy:
            time.sleep(0.05)
    pytest.fail("the lock outlived its holder")


def test_the_lock_is_free_after_the_run(tmp_path):
    """Also after one that failed."""
    with pytest.raises(ValueError, match="broken"), one_run(tmp_path, SINCE):
        raise ValueError("broken")
    with one_run(tmp_path, SINCE):
        pass


def test_a_place_that_is_no_folder(tmp_path):
    """A file where the data folder should be."""
    (tmp_path / "data").write_text("")
    with pytest.raises(TargetError, match="сюда нельзя писать"), one_run(tmp_path / "data", SINCE):
        pass
