"""One work is done before its turn, in a second thread: what it made or raised waits for its turn."""

from __future__ import annotations

import sys
import threading

import pytest

from config.errors import SourceError
from flows.run.loading.ahead import one_ahead


def test_a_work_that_was_begun_is_done_once():
    """In its turn it is waited for, not done again."""
    threads = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 7

    with one_ahead() as ahead:
        ahead.begin("next", work)
        assert ahead.result("next", work) == 7
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_a_work_that_was_not_begun_is_done_in_its_turn():
    """By whoever asks."""
    with one_ahead() as ahead:
        assert ahead.result("first", threading.current_thread) is threading.main_thread()


def test_a_work_begun_for_nothing_is_forgotten():
    """The source it belongs to was given up; the one after it has its own result."""
    with one_ahead() as ahead:
        ahead.begin("second file of a broken source", lambda: 2)
        assert ahead.result("another source", lambda: 3) == 3
        assert ahead.result("second file of a broken source", lambda: 4) == 4


def test_a_mistake_waits_for_its_turn():
    """It is raised where the work is asked for; asked for once more, as what is retried is, the work is done anew."""

    def broken() -> int:
        raise SourceError("files.empty", file="calls.csv")

    with one_ahead() as ahead:
        ahead.begin("calls.csv", broken)
        with pytest.raises(SourceError):
            ahead.result("calls.csv", broken)
        assert ahead.result("calls.csv", lambda: 1) == 1


def test_threads_take_turns_as_usual_afterwards():
    """How often Python changes threads is a setting of the whole process."""
    usual = sys.getswitchinterval()
    with pytest.raises(KeyboardInterrupt), one_ahead():
        raise KeyboardInterrupt
    assert sys.getswitchinterval() == usual
