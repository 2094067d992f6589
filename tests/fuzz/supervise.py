"""Many cases → processes of their own, some hundreds in each: one that ends in foreign code is a finding too."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.case import make_case, save
from tests.fuzz.tally import Tally

CHUNK = 200
"""Cases of one process."""


@dataclass(frozen=True)
class Asked:
    """Which cases, and where failing ones go."""

    seed: int
    first: int
    cases: int
    jobs: int
    keep: Path


def tallies(asked: Asked) -> Iterator[Tally]:
    """What was asked in; the tally of each chunk, in order, as it is done, out."""
    end = asked.first + asked.cases
    chunks = [(first, min(CHUNK, end - first)) for first in range(asked.first, end, CHUNK)]
    with ThreadPoolExecutor(asked.jobs) as pool:
        yield from pool.map(lambda chunk: _chunk(asked, *chunk), chunks)


def _chunk(asked: Asked, first: int, count: int) -> Tally:
    """A range of cases in a process of its own; where that died, in one process for each case."""
    done = _in_process(asked, first, count)
    lines = done.stdout.splitlines()
    if done.returncode == 0 and lines:
        return Tally.of(json.loads(lines[-1]))
    if count > 1:
        together = Tally()
        for number in range(first, first + count):
            together.add(_chunk(asked, number, 1))
        return together
    case, problem = make_case(asked.seed, first), f"the process ended with {done.returncode}"
    return Tally({"failed": 1}, [(str(case), problem, str(save(case, asked.keep, problem)))])


def _in_process(asked: Asked, first: int, count: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz", "--chunk", "--keep", str(asked.keep), "--seed", str(asked.seed)]
    numbers = ["--first", str(first), "--cases", str(count)]
    return subprocess.run([*command, *numbers], stdout=subprocess.PIPE, text=True, check=False)
