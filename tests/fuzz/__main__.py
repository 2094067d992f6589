"""`python -m tests.fuzz --cases 10000 [--seed N] [--jobs N]`, `--meaning`, or `--replay FILE`; exit code 1 if wrong."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.supervise import Asked, tallies
from tests.fuzz.tally import Tally

KEEP = Path("out/fuzz")
MEMORY_BYTES = 8 * 1024**3


def main() -> int:
    """Arguments in; the exit code out."""
    asked = _arguments()
    if asked.replay:
        return replay(asked.replay)
    if asked.meaning:
        return distort(asked)
    if asked.chunk:
        return work(asked.seed, asked.first, asked.cases, asked.keep)
    return fuzz(Asked(asked.seed, asked.first, asked.cases, asked.jobs, asked.keep))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same cases")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--keep", type=Path, default=KEEP, help="folder for failing cases")
    parser.add_argument("--replay", type=Path, help="case.json of a failing case")
    parser.add_argument("--meaning", action="store_true", help="distort what known figures are made of, ask for them")
    parser.add_argument("--chunk", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def fuzz(asked: Asked) -> int:
    """Every case; progress and failures are printed as they come."""
    began, total = time.monotonic(), Tally()
    for tally in tallies(asked):
        total.add(tally)
        for case, problem, path in tally.failures:
            print(f"\n{case}\n{problem}\n→ python -m tests.fuzz --replay {path}", flush=True)
        print(f"{total.cases} cases, {len(total.failures)} failed, {time.monotonic() - began:.0f} s", flush=True)
    print(f"\nseed {asked.seed}, {total.whole} cases in whole runs, the slowest took {total.slowest_seconds:.1f} s")
    return _told(total)


def distort(asked: argparse.Namespace) -> int:
    """Exports of known figures; those that give others in silence are printed."""
    from tests.fuzz.meant import TOGETHER, try_meanings

    total = Tally()
    for first in range(asked.first, asked.first + asked.cases, 10 * TOGETHER):
        tally = try_meanings(asked.seed, first, min(10 * TOGETHER, asked.first + asked.cases - first))
        total.add(tally)
        for case, problem, _ in tally.failures:
            print(f"\n{case}\n{problem}", flush=True)
        print(f"{total.cases} cases, {len(total.failures)} silent", flush=True)
    return _told(total)


def _told(total: Tally) -> int:
    for what, count in Counter(total.outcomes).most_common():
        print(f"{count:7} {what}")
    return 1 if total.failures else 0


def work(seed: int, first: int, count: int, keep: Path) -> int:
    """What a process of its own does: a range of cases, memory bounded; the tally as JSON on the last line."""
    from tests.fuzz.night import try_range

    _bound_memory()
    print(json.dumps(vars(try_range(seed, first, count, keep))))
    return 0


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def replay(path: Path) -> int:
    """A saved case; what becomes of it is printed."""
    from tests.fuzz.bench import tried
    from tests.fuzz.case import load
    from tests.fuzz.whole import ran_whole

    case = load(path)
    [outcome] = tried([case])
    print(case, "→", outcome.refusal or "loaded", f"in {outcome.seconds:.2f} s")
    problems = outcome.problems or (ran_whole([], [case]) if outcome.refusal else ran_whole([case], []))
    print("\n".join(problems) or "nothing wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
