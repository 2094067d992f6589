"""Seed and number → one damaged export, always the same one; or a saved one read back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from config.errors import SvodkaError
from connectors.files.find import FoundFile
from connectors.files.read import read
from tests.fuzz import blob, grid, sayings
from tests.fuzz.containers import CONTAINERS
from tests.fuzz.samples import Sample, samples

MARKS = "\ue001\ue002\ue003\ue004"
MOST_BYTES = 4_000_000
ON_DISK = 0.25
ZIP = b"PK"
WRITE = "write"
"""The step that makes bytes of rows; it is never left out."""


@dataclass(frozen=True)
class Case:
    """A file, what svodka.yaml says of it, and how both came about."""

    seed: int
    number: int
    label: str
    file: str
    content: bytes
    source: Mapping[str, Any]
    steps: tuple[str, ...]
    """What was done, in order; each depends on nothing but its place, so that some can be left out."""
    left_out: frozenset[int] = frozenset()
    is_on_disk: bool = False
    """Read as if it were too large for memory."""

    def __str__(self) -> str:
        done = ", ".join(step for place, step in enumerate(self.steps) if place not in self.left_out)
        where = " (on disk)" if self.is_on_disk else ""
        return f"seed {self.seed} case {self.number}: {self.label} → {self.file}{where}: {done or 'as it is'}"


def make_case(seed: int, number: int, left_out: Collection[int] = ()) -> Case:
    """Seed and number in; the case out. Steps whose places are in `left_out` are not taken."""
    rng = Random(f"{seed}/{number}")
    sample = rng.choice(samples())
    rows = rows_of(sample)
    is_rewritten = bool(sample.rows) or (bool(rows) and rng.random() < 0.6)
    container = _any(CONTAINERS, rng) if is_rewritten else ""
    plan = _plan(rng, is_rewritten)
    name, content = Path(sample.file).stem + CONTAINERS[container][0] if container else sample.file, sample.content
    source: Mapping[str, Any] = sample.source
    table = [list(row) for row in rows] if is_rewritten else []
    for place, (kind, step) in enumerate(plan):
        luck = Random(f"{seed}/{number}/{place}")
        if kind == WRITE:
            content = CONTAINERS[container][2](table)
        elif place in left_out or len(content) > MOST_BYTES:
            continue
        elif kind == "grid" and table:
            table = grid.CHANGES[step][1](table, luck)
        elif kind == "blob" and content:
            content = blob.CHANGES[step][1](content, luck)
        elif kind == "say":
            source = sayings.CHANGES[step][1](source, rows, luck)
    label = f"{sample.label} as {container}" if container else sample.label
    is_on_disk = Random(f"{seed}/{number}/disk").random() < ON_DISK and not content.startswith(ZIP)
    steps = tuple(step for _, step in plan)
    return Case(seed, number, label, name, content, source, steps, frozenset(left_out), is_on_disk)


def _plan(rng: Random, is_rewritten: bool) -> list[tuple[str, str]]:
    """Which steps, by their kinds: cells, then the writing, then bytes, then what is said of the file."""
    plan: list[tuple[str, str]] = []
    if is_rewritten:
        plan += [("grid", _any(grid.CHANGES, rng)) for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 5]))]
        plan.append((WRITE, WRITE))
    if len(plan) < 2 or rng.random() < 0.25:
        plan += [("blob", _any(blob.CHANGES, rng)) for _ in range(rng.choice([1, 1, 2, 3]))]
    if rng.random() < 0.15:
        plan += [("say", _any(sayings.CHANGES, rng))]
    return plan


def _any(table: Mapping[str, tuple[Any, ...]], rng: Random) -> str:
    """A name, as often as its weight says."""
    return rng.choices(
        list(table), [next(part for part in entry if isinstance(part, int)) for entry in table.values()]
    )[0]


def rows_of(sample: Sample) -> list[list[str]]:
    """The rows of a sample, as its reader gives them."""
    return [list(row) for row in sample.rows or _read(sample.file, sample.content)]


@cache
def _read(file: str, content: bytes) -> tuple[tuple[str, ...], ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / file
        path.write_bytes(content)
        try:
            tables = read(FoundFile(path, file, len(content), 0.0, ""), "s", Path(folder))
        except SvodkaError:
            return ()
    return tuple(tuple(cell.lstrip(MARKS) for cell in row) for row in tables[-1].rows or ())


def shrunk(case: Case, fails: Any) -> Case:
    """A failing case and what tells failing ones; the case with every needless step left out."""
    left_out: set[int] = set(case.left_out)
    for place in reversed(range(len(case.steps))):
        shorter = make_case(case.seed, case.number, {*left_out, place})
        if case.steps[place] != WRITE and fails(shorter):
            left_out.add(place)
    return make_case(case.seed, case.number, left_out)


def save(case: Case, folder: Path, problem: str) -> Path:
    """A case and what went wrong; the file to replay it by. The export lies beside it."""
    stem = f"{case.seed}-{case.number}"
    (folder / stem).mkdir(parents=True, exist_ok=True)
    (folder / stem / Path(case.file).name).write_bytes(case.content)
    facts = {
        "seed": case.seed,
        "number": case.number,
        "label": case.label,
        "file": case.file,
        "source": dict(case.source),
    }
    said = {**facts, "steps": case.steps, "left_out": sorted(case.left_out), "problem": problem}
    said["is_on_disk"] = case.is_on_disk
    path = folder / stem / "case.json"
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8", errors="replace")
    return path


def load(path: Path) -> Case:
    """A saved case as it was, whatever has become of the samples since."""
    said = json.loads(path.read_text(encoding="utf-8"))
    content = (path.parent / said["file"]).read_bytes()
    steps, left_out = tuple(said["steps"]), frozenset(said["left_out"])
    given = (said["seed"], said["number"], said["label"], said["file"], content, said["source"])
    return Case(*given, steps, left_out, said["is_on_disk"])
