"""A range of cases → tried ten at a time in this process, counted; failing ones made small and saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.bench import Outcome, tried
from tests.fuzz.case import Case, make_case, save, shrunk
from tests.fuzz.tally import Tally
from tests.fuzz.whole import ran_whole

TOGETHER = 10
"""Cases that share one warehouse."""
WHOLE_EVERY = 20
"""Of so many batches, one is also run as a whole client: metrics, report, check, init."""


def try_range(seed: int, first: int, count: int, keep: Path) -> Tally:
    """Seed, the first number, how many, and a folder for failing cases in; what became of them out."""
    tally = Tally()
    for start in range(first, first + count, TOGETHER):
        cases = [make_case(seed, number) for number in range(start, min(start + TOGETHER, first + count))]
        outcomes = tried(cases)
        for outcome in outcomes:
            tally.add(_counted(outcome, keep))
        if (start // TOGETHER) % WHOLE_EVERY == 0:
            tally.add(_run_whole(outcomes, keep))
    return tally


def _counted(outcome: Outcome, keep: Path) -> Tally:
    if not outcome.problems:
        return Tally({outcome.refusal or "loaded": 1}, slowest_seconds=outcome.seconds)
    small = shrunk(outcome.case, lambda case: bool(tried([case])[0].problems))
    return Tally({"failed": 1}, [_kept(small, "\n".join(outcome.problems), keep)], outcome.seconds)


def _run_whole(outcomes: Sequence[Outcome], keep: Path) -> Tally:
    """Together; what goes wrong is then looked for in each case alone."""
    loaded = [outcome.case for outcome in outcomes if outcome.is_loaded]
    refused = [outcome.case for outcome in outcomes if outcome.refusal and not outcome.problems]
    problems = ran_whole(loaded, refused)
    if not problems:
        return Tally(whole=len(loaded))
    guilty = [case for case in loaded if ran_whole([case], [])] or [case for case in refused if ran_whole([], [case])]
    kept = [_kept(case, "whole run: " + "\n".join(problems), keep) for case in guilty or loaded or refused]
    return Tally(failures=kept, whole=len(loaded))


def _kept(case: Case, problem: str, keep: Path) -> tuple[str, str, str]:
    return str(case), problem, str(save(case, keep, problem))
