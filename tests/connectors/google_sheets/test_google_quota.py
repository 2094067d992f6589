"""One budget of 60 reads and 60 writes a minute for every client and process on the machine."""

import multiprocessing
import time

import pytest

from connectors.google_sheets.client import PER_WINDOW, WINDOW_SECONDS, Clock, budget


class Minutes:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 1_000.0

    def clock(self):
        """What a budget asks."""
        return Clock(lambda: self.now, self.sleep)

    def sleep(self, seconds):
        """Let the time pass."""
        self.now += seconds


def test_the_61st_request_waits_for_the_minute(tmp_path):
    """Sixty go at once, the next when the first is a minute old."""
    minutes = Minutes()
    shared = budget("a@example.org", minutes.clock(), tmp_path)
    assert [shared.take("write") for _ in range(PER_WINDOW)] == [0.0] * PER_WINDOW
    assert shared.take("write") == WINDOW_SECONDS
    assert shared.take("read") == 0.0


def test_two_accounts_do_not_wait_for_each_other(tmp_path):
    """The quota is per account."""
    minutes = Minutes()
    for _ in range(PER_WINDOW):
        budget("a@example.org", minutes.clock(), tmp_path).take("read")
    assert budget("b@example.org", minutes.clock(), tmp_path).take("read") == 0.0


def _take(folder, count):
    shared = budget("a@example.org", Clock(time.time, time.sleep), folder)
    for _ in range(count):
        shared.take("write")


@pytest.mark.slow
def test_processes_share_one_budget(tmp_path):
    """Four processes that take 15 each leave no room for a 61st."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_take, args=(tmp_path, 15)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    naps = []

    def nap(seconds):
        naps.append(seconds)
        clock["now"] += seconds

    clock = {"now": time.time()}
    budget("a@example.org", Clock(lambda: clock["now"], nap), tmp_path).take("write")
    assert len(naps) >= 1


def test_a_broken_log_is_made_anew(tmp_path):
    """A minute's count is lost, the night is not."""
    minutes = Minutes()
    shared = budget("a@example.org", minutes.clock(), tmp_path)
    shared.path.write_bytes(b"not a database, " * 400)
    assert shared.take("read") == 0.0
