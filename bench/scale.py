"""Past one client of one machine (docs/scale.md), on a Linux machine that does nothing else meanwhile.

    python -m bench.scale clients --count 1000         by one command, and by one flow of Prefect
    python -m bench.scale engine --size 10m-monthly    a whole run by DuckDB, and by Sail on one core and on two
    python -m bench.scale figures --calls 100000000    figures alone, over rows that were written once, by both
    python -m bench.scale cells --size 1m-monthly      files that overlap, by DuckDB and by Sail (or --server sc://…): each cell

Each line: processor of all processes, wall, the most memory they had together.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.__main__ import SIZES, svodka
from bench.generate import CONFIG, generate, overlapping
from bench.processes import Watched, watched
from tests.connectors.warehouse.engine.states import unlike_states
from tests.flows.small_client import AS_OF, SVODKA, small_client

DATA = Path(__file__).parent / "data"
LOG = DATA / "scale.log"
PORT = 4277
REST_SECONDS = 20
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def main() -> None:
    """What was asked for, a line each as it ends."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = parser.add_subparsers(dest="kind", required=True)
    clients = kinds.add_parser("clients")
    clients.add_argument("--count", type=int, default=100)
    clients.add_argument("--at-once", type=int, default=2)
    clients.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    engine = kinds.add_parser("engine")
    engine.add_argument("--size", choices=list(SIZES), default="1m-monthly")
    engine.add_argument("--cores", nargs="+", type=int, default=[1, 2])
    figures = kinds.add_parser("figures")
    figures.add_argument("--calls", type=int, default=10_000_000)
    figures.add_argument("--engines", nargs="+", default=["duckdb", "local"])
    cells = kinds.add_parser("cells")
    cells.add_argument("--size", choices=list(SIZES), default="1m-monthly")
    cells.add_argument("--server", default="local")
    asked = parser.parse_args()
    DATA.mkdir(exist_ok=True)
    match asked.kind:
        case "clients":
            many_clients(asked.count, asked.at_once, asked.ways)
        case "engine":
            one_client(asked.size, asked.cores)
        case "cells":
            same_cells(asked.size, asked.server)
        case _:
            figures_alone(asked.calls, asked.engines)


# ------------------------------------------------------------------------------------------------ one huge client


def one_client(size: str, cores: Sequence[int]) -> None:
    """A first night, all of it, by either engine; Sail on so many cores."""
    folder = DATA / size
    if not (folder / "svodka.yaml").exists():
        generate(folder, SIZES[size])
    try:
        for name, several, engine in (("DuckDB", [max(cores)], "duckdb"), ("Sail", cores, "{spark: local}")):
            (folder / "svodka.yaml").write_text(f"{CONFIG}engine: {engine}\n", encoding="utf-8")
            for count in several:
                shutil.rmtree(folder / "data", ignore_errors=True)
                told(f"{size}, {name} on {count} cores", 1, *measured(on_cores(count, svodka(folder))))
    finally:
        (folder / "svodka.yaml").write_text(CONFIG, encoding="utf-8")


def same_cells(size: str, server: str) -> None:
    """Both engines over files that overlap; how many cells of rows, figures and ops tables there are, and what differs."""
    folders = DATA / f"{size}-overlapping", DATA / f"{size}-overlapping-engine"
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    overlapping(folders[0], SIZES[size])
    shutil.copytree(*folders)
    (folders[1] / "storage").mkdir()
    with (folders[1] / "svodka.yaml").open("a", encoding="utf-8") as file:
        file.write(f"engine: {{spark: '{server}', storage: {folders[1] / 'storage'}}}\n")
    for folder in folders:
        told(folder.name, 1, *measured(svodka(folder)))
    unlike, cells = unlike_states(folders[0] / "data", folders[1] / "data")
    print(f"{cells} cells; tables that differ: {unlike or 'none'}")


def figures_alone(calls: int, engines: Sequence[str]) -> None:
    """The same typed rows, the same SQL."""
    command = [sys.executable, "-m", "bench.staged", str(DATA / f"staged-{calls}"), str(calls)]
    measured([*command, "none"])
    for engine in engines:
        told(f"figures of {calls} calls, {engine}", 1, *measured([*command, engine]))


def on_cores(count: int, command: Sequence[str]) -> list[str]:
    """The same command, kept to so many cores."""
    return ["taskset", "-c", f"0-{count - 1}", *command]


def measured(command: Sequence[str]) -> tuple[Watched, float, float, str]:
    """A command, run; itself, processor and wall seconds, and how it ended."""
    begun = time.perf_counter()
    with watched(command, dict(os.environ), LOG) as one:
        before = one.cpu_seconds()
        code = one.process.wait()
        seconds = time.perf_counter() - begun
    if code not in (0, 3):
        raise SystemExit(LOG.read_text("utf-8"))
    return one, one.cpu_seconds() - before, seconds, f"exit code {code}"


# ------------------------------------------------------------------------------------------------ many small clients


def many_clients(count: int, at_once: int, ways: Sequence[str]) -> None:
    """A first night and one in which nothing changed, by each way."""
    for way in ways:
        folder = DATA / f"clients-{count}"
        shutil.rmtree(folder, ignore_errors=True)
        make_clients(folder, count)
        WAYS[way](folder, count, at_once)


def make_clients(folder: Path, count: int) -> None:
    """A consultant with so many clients of four small exports, a few rows each."""
    for number in range(1, count + 1):
        name = f"{number:05d}"
        small_client(folder / "clients" / name, {"svodka.yaml": SVODKA.replace("Василёк", name)})
    told = f"clients: clients/*\nschedule: 0 4 1 1 *\ntitle: {count}\n"
    (folder / "svodka.yaml").write_text(told, encoding="utf-8")


def by_command(folder: Path, count: int, at_once: int) -> None:
    """`svodka run` of all of them."""
    command = [svodka(folder)[0], "run", str(folder), "--at-once", str(at_once), "--as-of", AS_OF, "--quiet"]
    for night in ("first night", "nothing changed"):
        told(f"{count} clients, svodka run --at-once {at_once}, {night}", count, *measured(command))


def by_flow(folder: Path, count: int, at_once: int) -> None:
    """One deployment of `svodka serve`, its run begun twice; what the service and the server need besides is told apart."""
    api, home = f"http://127.0.0.1:{PORT}/api", DATA / "prefect"
    shutil.rmtree(home, ignore_errors=True)
    environment = {**os.environ, "PREFECT_HOME": str(home), "PREFECT_API_URL": ""}
    command = [svodka(folder)[0], "serve", str(folder), "--port", str(PORT), "--at-once", str(at_once)]
    with watched(command, environment, LOG) as one:
        [deployment] = wait_for(lambda: asked_of(api, "/deployments/filter", {}), 120)
        time.sleep(REST_SECONDS)  # what a start leaves behind is done
        used = one.cpu_seconds()
        time.sleep(REST_SECONDS)
        print(f"service and server at rest: {(one.cpu_seconds() - used) / REST_SECONDS:.3f} s of processor a second")
        for night in ("first night", "nothing changed"):
            used, begun = one.cpu_seconds(), time.perf_counter()
            sent = {"parameters": {**deployment["parameters"], "as_of": AS_OF}, "state": {"type": "SCHEDULED"}}
            run = asked_of(api, f"/deployments/{deployment['id']}/create_flow_run", sent)
            state = wait_for(lambda run=run: ended(api, run["id"]), 3600)
            seconds = time.perf_counter() - begun
            time.sleep(5)  # its process ends
            what = f"{count} clients, one flow of svodka serve, {night}"
            told(what, count, one, one.cpu_seconds() - used, seconds, state["message"])


WAYS: dict[str, Callable[[Path, int, int], None]] = {"run": by_command, "serve": by_flow}


def told(what: str, clients: int, one: Watched, cpu_seconds: float, seconds: float, end: object) -> None:  # noqa: PLR0917
    """A line of the table."""
    each = f" ({cpu_seconds / clients:.3f} s a client)" if clients > 1 else ""
    print(
        f"{what}: {cpu_seconds:.1f} s of processor{each}, {seconds:.1f} s, {one.peak_mib:.0f} MiB at most; {end}",
        flush=True,
    )


def asked_of(api: str, path: str, sent: object) -> Any:
    """What the server answers."""
    request = urllib.request.Request(f"{api}{path}", None if sent is None else json.dumps(sent).encode())  # noqa: S310
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - a server of this computer
        return json.load(answer)


def ended(api: str, run: str) -> Any:
    """The state of a run that has ended; None while it has not."""
    state = asked_of(api, f"/flow_runs/{run}", None)["state"]
    return state if state and state["type"] in ENDED else None


def wait_for(found: Callable[[], Any], seconds: float) -> Any:
    """What is found, once it is. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if seen := found():
                return seen
        except OSError:
            pass  # the server does not answer yet
        time.sleep(0.5)
    raise TimeoutError


if __name__ == "__main__":
    main()
