"""Time and peak memory of Svodka beside what somebody would write instead, in one session: `python -m bench [--size 1m …]`.

On a machine that others use too, compare the processor seconds: wall time then tells of the neighbours.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.generate import Size, generate

HERE = Path(__file__).parent
ROOMS = ("config", "transforms", "connectors", "flows", "bench")
SIZES = {
    "10k": Size(10_000, 1_000, 1_000),
    "100k": Size(100_000, 10_000, 10_000),
    "1m": Size(1_000_000, 100_000, 100_000),
    "1m-monthly": Size(1_000_000, 100_000, 100_000, call_files=24),
    "10m": Size(10_000_000, 1_000_000, 1_000_000),
    "10m-monthly": Size(10_000_000, 1_000_000, 1_000_000, call_files=24),
}
DEAREST = "manager_period.conversion"
"""A figure whose explanation looks at most rows."""
BARE = "bare script"
PEERS = {
    BARE: "in_duckdb",
    "bare, in memory": "in_duckdb",
    "polars": "in_polars",
    "pandas": "in_pandas",
}


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    seconds: float
    cpu_seconds: float
    """Of all cores, in the process and in the kernel."""
    peak_mib: float

    def beside(self, other: Cost) -> str:
        """This cost as a row of the table, with its ratios to another."""
        wall, cpu = self.seconds / other.seconds, self.cpu_seconds / other.cpu_seconds
        return (
            f"{self.seconds:8.1f} s {wall:6.2f}× {self.cpu_seconds:8.1f} s of processor {cpu:6.2f}× "
            f"{self.peak_mib:8.0f} MiB"
        )


def main() -> None:
    """Generates the data once, then runs the peers and Svodka in turn."""
    arguments = parse_arguments()
    for room in ROOMS:  # as an installation leaves them; where a shell forbids bytecode, every command would compile it
        compileall.compile_dir(HERE.parent / room, quiet=1)
    for name in arguments.size:
        folder = HERE / "data" / name
        if not (folder / "svodka.yaml").exists():
            print(f"{name}: writing the exports…", flush=True)
            generate(folder, SIZES[name])
        measure(name, folder, arguments.rounds, [BARE, *arguments.peers])


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", nargs="+", choices=list(SIZES), default=["1m"])
    parser.add_argument(
        "--peers",
        nargs="*",
        choices=[peer for peer in PEERS if peer != BARE],
        default=[],
        help="other ways to the same six tables, beside the bare script",
    )
    parser.add_argument(
        "--rounds", type=int, default=1, help="interleaved rounds; the median by processor time is shown"
    )
    return parser.parse_args()


def measure(name: str, folder: Path, rounds: int, peers: list[str]) -> None:
    """Full runs in turn, then the re-runs of Svodka."""
    theirs: dict[str, list[Cost]] = {peer: [] for peer in peers}
    full = []
    for _ in range(rounds):
        for peer in peers:
            theirs[peer].append(cost(instead(peer, folder)))
        shutil.rmtree(folder / "data", ignore_errors=True)
        full.append(cost(svodka(folder)))
    base, whole = median(theirs[BARE]), median(full)
    print(name)
    for peer in peers:
        print(f"  {peer:<24}{median(theirs[peer]).beside(base)}")
    print(f"  {'full run':<24}{whole.beside(base)}")
    for peer in peers[1:]:
        print(f"  … beside {peer:<15}{whole.beside(median(theirs[peer]))}")
    print(f"  {'nothing changed':<24}{cost(svodka(folder)).beside(whole)} of the full run")
    print(f"  {f'explain {DEAREST}':<24}{cost([*svodka(folder)[:1], 'explain', str(folder), DEAREST]).beside(whole)}")
    corrected = sorted((folder / "exports").glob("calls*.csv"))[-1]
    size = corrected.stat().st_size
    with corrected.open("ab") as file:
        file.write(
            "999999999;29.09.2026 12:00:00;+70005550123;SEO;Анна Крылова;Входящий;Отвечен;60;Москва\n".encode("cp1251")
        )
    print(f"  {'one file corrected':<24}{cost(svodka(folder)).beside(whole)} of the full run", flush=True)
    os.truncate(corrected, size)  # the next measurement must find the exports as they were


def instead(peer: str, folder: Path) -> list[str]:
    """The command of somebody who writes a script."""
    command = [sys.executable, "-m", f"bench.peers.{PEERS[peer]}", str(folder / "exports"), f"{folder}.xlsx"]
    return [*command, str(fresh(Path(f"{folder}.bare.duckdb")))] if peer == BARE else command


def svodka(folder: Path) -> list[str]:
    """The command an operator runs."""
    return [str(Path(sys.executable).parent / "svodka"), "run", str(folder), "--as-of", "2026-09-30"]


def fresh(path: Path) -> Path:
    """The path, with nothing at it."""
    for leftover in (path, Path(f"{path}.wal")):
        leftover.unlink(missing_ok=True)
    return path


def cost(command: list[str]) -> Cost:
    """Wall time, processor time and peak memory of a command. Raises SystemExit with its output if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None  # noqa: S101
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)}\n{output.decode()}")
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs: list[Cost]) -> Cost:
    """The cost in the middle, by processor time."""
    return sorted(costs, key=lambda one: one.cpu_seconds)[len(costs) // 2]


if __name__ == "__main__":
    main()
