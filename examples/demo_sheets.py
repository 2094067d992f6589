"""The example school with its calls and its plan in a spreadsheet and its report in another; no account needed.

    python -m examples.demo_sheets [--port 8765] [--stay | --no-stay]

Starts the local Sheets server, uploads the data as an operator would paste them, runs the client, and tells where to
look. With `--stay`, as at a terminal, the server keeps running, so that both spreadsheets can be seen in a browser.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from ruamel.yaml import YAML

SCHOOL = Path(__file__).parent / "school"
FOLDER = Path("out/demo-sheets")
AS_OF = "2026-09-20"
HEADERS = {"Authorization": "Bearer local"}
ROWS_AT_ONCE = 2_000
PLAN: Sequence[Sequence[str | float]] = (
    ("Период", "Начало", "Показатель", "План"),
    ("month", "2026-08-01", "revenue_rub", 900_000),
    ("month", "2026-09-01", "revenue_rub", 950_000),
    ("month", "2026-09-01", "calls", 700),
)
PLAN_COLUMNS = {"grain": "Период", "period_start": "Начало", "metric": "Показатель", "planned": "План"}


def main() -> int:
    """Run the demo; the exit code of `svodka run` out."""
    arguments = _arguments()
    with sheets_server(arguments.port) as root:
        source, report = upload(root)
        client_folder(FOLDER, source, report)
        done = run(FOLDER, root)
        if arguments.stay:
            print(
                f"\nОткройте в браузере:\n  отчёт  {root}/spreadsheets/{report}\n  данные {root}/spreadsheets/{source}"
            )
            print("Страницы видны, пока работает сервер; остановить — Ctrl+C.", flush=True)
            _wait()
        else:
            print("\nСервер остановлен. Чтобы открыть обе таблицы в браузере: python -m examples.demo_sheets --stay")
    return done


def upload(root: str, latest: int = 99) -> tuple[str, str]:
    """The server's address in; the ids of the spreadsheet with the calls and the plan, and of an empty one, out.

    Of the exports of calls so many, the latest.
    """
    source = create(root, "Школа: данные")
    for path in sorted((SCHOOL / "exports" / "calls").glob("*.csv"))[-latest:]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            fill(root, source, f"Звонки {path.stem.partition('_')[2]}", list(csv.reader(file, delimiter=";")))
    fill(root, source, "План", PLAN)
    return source, create(root, "Школа: отчёт")


def client_folder(folder: Path, source: str, report: str) -> None:
    """A copy of the example whose calls and plan are in one spreadsheet and whose report goes to another."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SCHOOL, folder)
    yaml = YAML()
    path = folder / "svodka.yaml"
    config = yaml.load(path.read_text(encoding="utf-8"))
    calls = config["sources"]["calls"]
    del calls["files"]
    calls |= {"sheet": source, "tab": "Звонки *"}
    config["sources"]["plan"] = {"table": "plan", "sheet": source, "tab": "План", "columns": PLAN_COLUMNS}
    config["reports"]["sheet"] = report
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(config, file)


def run(folder: Path, root: str) -> int:
    """`svodka run` on the folder, with Google at the server's address; its exit code out."""
    command = [str(Path(sys.executable).with_name("svodka")), "run", str(folder), "--as-of", AS_OF]
    environment = {name: value for name, value in os.environ.items() if name != "GOOGLE_APPLICATION_CREDENTIALS"}
    return subprocess.run(command, env=environment | {"SVODKA_GOOGLE_API_ROOT": root}, check=False).returncode


@contextmanager
def sheets_server(port: int) -> Iterator[str]:
    """The local server, started; its address out; stopped in the end."""
    chosen = port or _free_port()
    command = [sys.executable, "-m", "tests.helpers.sheets_server", "--port", str(chosen)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _await_port(chosen, server)
        yield f"http://127.0.0.1:{chosen}"
    finally:
        server.terminate()
        server.wait()


def create(root: str, title: str) -> str:
    """A title in; the id of a new spreadsheet of the Russian locale out."""
    body = {"properties": {"title": title, "locale": "ru_RU"}}
    return str(_asked("POST", f"{root}/v4/spreadsheets", body)["spreadsheetId"])


def fill(root: str, spreadsheet: str, title: str, rows: Sequence[Sequence[str | float]]) -> None:
    """A new tab with rows typed into it, as if they were pasted in the browser."""
    address = f"{root}/v4/spreadsheets/{spreadsheet}"
    width = max(map(len, rows))
    grid = {"rowCount": len(rows) + 10, "columnCount": width + 2}
    _asked(
        "POST",
        f"{address}:batchUpdate",
        {"requests": [{"addSheet": {"properties": {"title": title, "gridProperties": grid}}}]},
    )
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = [list(row) for row in rows[start : start + ROWS_AT_ONCE]]
        data = {"range": f"'{title}'!A{start + 1}", "values": part}
        _asked("POST", f"{address}/values:batchUpdate", {"valueInputOption": "RAW", "data": [data]})


def _asked(method: str, address: str, body: Mapping[str, Any]) -> dict[str, Any]:
    answer = requests.request(method, address, json=body, headers=HEADERS, timeout=120)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The example with Google Sheets, against the local server")
    parser.add_argument("--port", type=int, default=8765, help="port of the local server (0: any that is free)")
    parser.add_argument(
        "--stay",
        action=argparse.BooleanOptionalAction,
        default=sys.stdin.isatty(),
        help="keep the server running afterwards (so it is at a terminal, unless --no-stay)",
    )
    return parser.parse_args()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_port(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit(f"Сервер не запустился на порту {port}: возможно, порт занят; попробуйте --port 0")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("Сервер не отвечает")


def _wait() -> None:
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main())
