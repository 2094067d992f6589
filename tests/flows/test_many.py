"""`svodka run` of several clients: some at once, a line each, one that dies costs no other."""

import json
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.folder.load import client_folders, load_client
from config.settings import LEAST_MEMORY, machine_memory, settings
from connectors.warehouse import Warehouse
from flows.run.given.request import RunRequest
from flows.run.lock import LOCK_FILE
from flows.run.many import run_many
from tests.flows.small_client import AS_OF, SVODKA, small_client


def test_a_folder_of_clients_and_a_pattern_are_all_of_them(tmp_path, monkeypatch):
    """`svodka run clients` and `'clients/r*'`, which systemd and Windows do not fill in; each client once."""
    for name in ("romashka", "rosa", "vasilek"):
        small_client(tmp_path / "clients" / name)
    (tmp_path / "clients" / "notes").mkdir()
    monkeypatch.chdir(tmp_path)
    names = [path.name for path in client_folders([Path("clients")])]
    assert names == ["romashka", "rosa", "vasilek"]
    assert [path.name for path in client_folders([Path("clients/r*")])] == ["romashka", "rosa"]
    assert [path.name for path in client_folders([tmp_path / "clients" / "v*"])] == ["vasilek"]
    assert client_folders([Path("clients/rosa"), Path("clients/*sa")]) == [Path("clients/rosa")]
    assert client_folders([Path("nowhere/*")]) == [Path("nowhere/*")]


def test_a_folder_whose_name_looks_like_a_pattern_is_that_folder(tmp_path):
    """«Клиенты [2026]»; a pattern within it is one still."""
    place = tmp_path / "Клиенты [2026]"
    folder = small_client(place / "Салон [1]")
    for asked in (place, place / "*", folder, place / "С*"):
        assert client_folders([asked]) == [folder]


@pytest.mark.slow
def test_a_line_each_and_the_worst_code(tmp_path, svodka):
    """One is well, one has no calls, one cannot be read: 4 is a contract, 3 a source, 2 a setting; the highest wins."""
    small_client(tmp_path / "a", {"svodka.yaml": SVODKA.replace("Василёк", "Астра")})
    small_client(tmp_path / "b", {"exports/calls.csv": None})
    small_client(tmp_path / "c", {"svodka.yaml": SVODKA.replace("client:", "klient:")})
    answer = svodka("run", tmp_path, "--as-of", AS_OF, "--at-once", 2)
    assert answer.code == 3
    assert answer.lines[0].startswith("Школа «Астра»: отчёт на 31.08.2026 готов за ")
    assert answer.lines[0].endswith(" с · требует внимания: 4"), "three old sources and a name that no dictionary knows"
    assert answer.lines[1:] == [
        "Клиентов: 3; отчёт готов: 1, не весь: 0, не обновлён: 2",
        f"Что требует внимания и почему: svodka status {tmp_path}",
    ]
    told = sorted(answer.err.splitlines())
    assert told[0].startswith("c: отчёт не обновлён: ")
    assert told[1].startswith("Школа «Василёк»: отчёт не обновлён: источник calls: ")
    again = json.loads(svodka("run", tmp_path, "--as-of", AS_OF, "--json").out)
    assert [(Path(one["folder"]).name, one["exit_code"]) for one in again] == [("a", 0), ("b", 3), ("c", 2)]


@pytest.mark.slow
def test_a_process_that_dies_costs_its_own_client_alone(tmp_path):
    """Killed as the system does when memory runs out: that client says so, the others have their reports."""
    folders = [small_client(tmp_path / name) for name in ("a", "b", "c")]
    killer = threading.Thread(target=_kill_when_it_runs, args=(folders[1] / "data" / LOCK_FILE,))
    killer.start()
    found = {Path(one.folder).name: one for one in run_many(folders, RunRequest(), at_once=1)}
    killer.join()
    assert [found[name].status for name in "abc"] == ["done", "failed", "done"]
    assert "скорее всего, не хватило памяти" in found["b"].problems[0]
    assert (folders[2] / "out" / "Сводка.xlsx").exists()
    [again] = run_many(folders[1:2], RunRequest())
    assert again.status == "done"


@pytest.mark.slow
def test_a_process_that_dies_idle_costs_nobody(tmp_path):
    """It had ended one client and was killed before the next: another takes its place."""
    folders = [small_client(tmp_path / name, {"svodka.yaml": SVODKA.replace("client:", "klient:")}) for name in "abc"]
    codes = []
    for summary in run_many(folders, RunRequest(), at_once=1):
        codes.append(summary.exit_code)
        [idle] = multiprocessing.active_children()
        idle.kill()
        idle.join()
    assert codes == [2, 2, 2]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells what a process began with")
def test_a_process_begins_with_what_its_allocator_is_told(tmp_path, monkeypatch):
    """Said later, by the process itself, glibc would not hear it."""
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)  # `make test` says the same to its own processes
    folders = [small_client(tmp_path / name, {"svodka.yaml": SVODKA.replace("client:", "klient:")}) for name in "ab"]
    for _ in run_many(folders, RunRequest(), at_once=1):
        [worker] = multiprocessing.active_children()
        assert b"GLIBC_TUNABLES=" in Path(f"/proc/{worker.pid}/environ").read_bytes()


@pytest.mark.slow
def test_of_many_those_in_need_are_named_last(tmp_path, svodka):
    """Of a dozen, each with the folder to go to; of a few their own lines are enough."""
    for number in range(11):
        small_client(tmp_path / f"c{number:02d}", {"svodka.yaml": SVODKA.replace("client:", "klient:")})
    err = svodka("run", tmp_path, "--as-of", AS_OF).err.splitlines()
    at = err.index("Требуют руки:")
    assert len(err[at + 1 :]) == 11
    assert err[at + 1].startswith(f"  {tmp_path / 'c00'}: ")
    (tmp_path / "c10" / "svodka.yaml").unlink()
    assert "Требуют руки" not in svodka("run", tmp_path, "--as-of", AS_OF).err


def _kill_when_it_runs(lock: Path) -> None:
    for _ in range(20_000):
        try:
            os.kill(json.loads(lock.read_text(encoding="utf-8"))["pid"], signal.SIGKILL)
        except (OSError, ValueError):
            time.sleep(0.005)
        else:
            return


def test_memory_is_the_machines_or_as_it_is_said(tmp_path, svodka, monkeypatch):
    """A sixteenth of the machine, or what SVODKA_MEMORY says; what is no amount is refused in words."""
    there = machine_memory()
    assert settings({}).memory_bytes == min(max(there // 16, LEAST_MEMORY), there // 2)
    assert settings({"SVODKA_MEMORY": "4GB"}).memory_bytes == 4 * 1024**3
    assert settings({"SVODKA_MEMORY": "1500 MiB"}).memory_bytes == 1500 * 1024**2
    for wrong in ("much", "0GB", "-1GB", "4", "4TB"):
        with pytest.raises(ConfigError):
            _ = settings({"SVODKA_MEMORY": wrong}).memory_bytes
    folders = [small_client(tmp_path / name) for name in "ab"]
    monkeypatch.setenv("SVODKA_MEMORY", "much")
    answer = svodka("run", *folders)
    assert answer.code == 2
    assert "SVODKA_MEMORY: «much» — не объём памяти; напишите, например, 4GB" in answer.err


def test_the_warehouse_keeps_to_the_memory(tmp_path, monkeypatch):
    """DuckDB is bound by what the setting says."""
    monkeypatch.setenv("SVODKA_MEMORY", "300MB")
    loaded = load_client(small_client(tmp_path))
    with Warehouse.open(loaded.data, loaded.client) as warehouse:
        assert warehouse.query("limit", "select current_setting('memory_limit')").rows == [("300.0 MiB",)]
