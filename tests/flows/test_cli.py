"""The command line: help everywhere, usage mistakes in words, exit codes, and what it must never load."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import COMMANDS
from flows.words import speak
from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client

ROOT = Path(__file__).parents[2]


def imported_by(code: str, *words: str) -> set[str]:
    """Top-level packages that a fresh process has loaded after a piece of code."""
    tail = "\nimport sys; sys.stderr.write(' '.join({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail, *words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stderr.split())


def test_help_lists_every_command_and_the_exit_codes(svodka):
    """The first thing a newcomer types."""
    answer = svodka("--help")
    assert answer.code == 0
    for command in COMMANDS:
        assert f" {command} " in answer.out
    assert "8 занято" in " ".join(answer.lines)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(svodka, command):
    """`svodka … --help` shows how it is typed."""
    answer = svodka(command, "--help")
    assert answer.code == 0
    assert f"svodka {command} romashka" in " ".join(answer.lines)


def test_a_command_alone_shows_its_help(svodka):
    """Nothing is run by accident."""
    answer = svodka("run")
    assert "svodka run romashka" in answer.out
    assert answer.code == 2


def test_help_speaks_english_when_asked():
    """`--language en`, or SVODKA_LANG for good."""
    words = [sys.executable, "-m", "flows.cli", "--language", "en", "run", "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "Figures as of the end of this day" in " ".join(done.stdout.split())
    assert "Ключи" not in done.stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["rnu"], "нет команды «rnu» → run?\nПодсказка: svodka --help\n"),
        (["run", "--sinse", "1"], "нет ключа --sinse → --since?\nПодсказка: svodka run --help\n"),
        (["explain", "школа"], "не указано: number\nПодсказка: svodka explain --help\n"),
        (["run", "x", "--as-of", "вчера"], "--as-of: найдено «вчера», нужен день вида 2026-09-20\n"),
        (["run", "x", "--to", "pdf"], "--to: найдено «pdf», возможны: xlsx, sheets, none\n"),
    ],
)
def test_a_mistake_of_usage_says_what_is_possible(svodka, words, text):
    """Code 2, one or two lines, no traceback."""
    answer = svodka(*words)
    assert (answer.code, answer.err) == (2, text)


def test_the_version_is_the_distributions(svodka):
    """One line."""
    answer = svodka("--version")
    assert answer.code == 0
    assert answer.out.startswith("svodka ")


@pytest.mark.slow
def test_help_takes_half_a_second_at_most():
    """Of a processor's time, so that a busy machine proves nothing; best of five, in a process of its own."""
    seconds = []
    for _ in range(5):
        started = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "flows.cli", "--help"], capture_output=True, check=True, cwd=ROOT)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(ended.ru_utime + ended.ru_stime - started.ru_utime - started.ru_stime)
    assert min(seconds) <= 0.5


def test_help_loads_nothing_heavy():
    """What only a run needs is loaded by a run."""
    loaded = imported_by("from flows.cli import main; main(['--help'])")
    assert not loaded & {"prefect", "duckdb", "openpyxl", "pandas", "gspread", "google", "apprise", "pydantic"}


@pytest.mark.slow
def test_a_run_never_imports_prefect(tmp_path):
    """Importing it costs seconds, and its throw-away server tens of them."""
    code = "import sys; from flows.cli import main; assert main(sys.argv[1:]) == 0"
    loaded = imported_by(code, "run", str(small_client(tmp_path)), "--as-of", AS_OF)
    assert "duckdb" in loaded
    assert "prefect" not in loaded


def test_a_run_tells_what_it_did(tmp_path, svodka):
    """Read, refused, unknown names, main figures, written: 1000 × 3 calls ÷ 1,500.50 ₽ = 2.00."""
    speak("ru")
    answer = svodka("run", small_client(tmp_path / "vasilek"), "--as-of", AS_OF)
    assert (answer.code, answer.err) == (0, "")
    assert answer.lines[0].startswith("Школа «Василёк»: отчёт на 31.08.2026 готов за ")
    assert "calls 1 3 3 · · · 05.08.2026" in answer.lines
    assert "spend 1 3 3 · · · 02.08.2026" in answer.lines
    assert "«ядирект» — похоже на «Яндекс.Директ» (принять: svodka accept)" in answer.lines
    figures = answer.lines[answer.lines.index("август 2026 месяцем раньше") + 1 :]
    assert figures[:5] == [
        "Расходы на рекламу 1 501 ₽",
        "Звонки 3",
        "Звонков на 1 000 ₽ 2,00",
        "Клиенты 2",
        "Выручка 12 001 ₽",
    ]
    assert answer.lines[-1] == "Записано: out/Сводка.xlsx"
    assert (tmp_path / "vasilek" / "out" / "Сводка.xlsx").exists()


def test_nothing_changed_reads_nothing(tmp_path, svodka):
    """The second run says so, and gives the same figures."""
    folder = small_client(tmp_path)
    first = svodka("run", folder, "--as-of", AS_OF)
    second = svodka("run", folder, "--as-of", AS_OF)
    assert second.code == 0
    assert "calls 1 (без изменений) 3 3 · · · 05.08.2026" in second.lines
    assert [line for line in second.lines if line.startswith("Выручка")] == [
        line for line in first.lines if line.startswith("Выручка")
    ]


def test_a_corrected_file_is_told_by_what_changed(tmp_path, svodka):
    """An order of August corrected from 5,000 to 6,000: revenue of a past month changed after the fact."""
    folder = small_client(tmp_path)
    svodka("run", folder, "--as-of", "2026-09-15")
    orders = folder / "exports" / "orders.csv"
    orders.write_text(FILES["exports/orders.csv"].replace("5 000", "6 000"), "utf-8")
    answer = svodka("run", folder, "--as-of", "2026-09-15")
    assert answer.code == 0
    assert "август 2026: Выручка 12 001 ₽ → 13 001 ₽" in answer.lines


def test_the_summary_for_machines(tmp_path, svodka):
    """`--json` alone on standard output: the same facts, money exact."""
    answer = svodka("run", small_client(tmp_path), "--as-of", AS_OF, "--to", "none", "--json")
    shown = json.loads(answer.out)
    assert (shown["status"], shown["exit_code"], shown["written"]) == ("done", 0, [])
    assert [(rows["source"], rows["rows_read"]) for rows in shown["sources"]] == [
        ("spend", 3),
        ("calls", 3),
        ("orders", 2),
        ("users", 2),
    ]
    revenue = next(figure for figure in shown["figures"] if figure["name"] == "Выручка")
    assert revenue["value"] == "12000.50"
    assert not (tmp_path / "out").exists()


def test_several_clients_all_run_and_the_highest_code_is_returned(tmp_path, svodka):
    """A folder without a client, a whole one, one with a mistake in its settings."""
    good = small_client(tmp_path / "good")
    bad = small_client(tmp_path / "bad", {"exports/calls.csv": None})
    answer = svodka("run", tmp_path / "nobody", bad, good, "--as-of", AS_OF)
    assert answer.code == 3
    assert (good / "out" / "Сводка.xlsx").exists()
    assert "nobody: нет файла svodka.yaml" in answer.err
    assert "источник calls: " in answer.err


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"svodka.yaml": "client: x\n"}, 2),
        ({"channels.csv": "alias,name\nдирект,Яндекс.Директ\nдирект,VK\n"}, 2),
        ({"channels.csv": None}, 2),
        ({"exports/calls.csv": None}, 3),
        ({"exports/calls.csv": ""}, 3),
        ({"exports/calls.csv": "Когда;Телефон;Канал;Менеджер;Разговор\n03.08.2026;1;2;3;4\n"}, 4),
        ({"exports/orders.csv": "Номер;Оплачен;Телефон;Менеджер;Сумма\n" + "1;01.08.2026;;;пять\n" * 20}, 4),
        ({"svodka.yaml": SVODKA + "reports: {xlsx: channels.csv/x.xlsx}\n"}, 6),
    ],
)
def test_each_kind_of_trouble_has_its_code(tmp_path, svodka, changed, code):
    """No traceback, something said, nothing half-written."""
    folder = small_client(tmp_path, changed)
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == code
    assert answer.err.strip()
    assert "Traceback" not in answer.err
    assert "внутренняя ошибка" not in answer.err
    assert not list(tmp_path.rglob("*.xlsx"))
