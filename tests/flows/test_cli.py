"""The command line: help everywhere, usage mistakes in words, exit codes, and what it must never load."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.cli import COMMANDS
from tests.flows.processes import ROOT, imported_by
from tests.flows.small_client import small_client


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


def test_help_in_russian_keeps_no_english(svodka):
    """Neither typer's own words nor its names of types."""
    for words in ((), ("init",), ("run",), ("explain",), ("serve",)):
        shown = svodka(*words, "--help").out
        assert "Как вызвать: svodka" in shown
        for english in ("Usage", "OPTIONS", "default", "Show this", "list[", "<", "COMMAND"):
            assert english not in shown


def test_a_command_alone_shows_its_help(svodka):
    """Nothing is run by accident."""
    answer = svodka("run")
    assert "svodka run romashka" in answer.out
    assert answer.code == 2


def test_help_speaks_english_when_asked():
    """`--language en`, or SVODKA_LANG for good."""
    words = [sys.executable, "-m", "flows.cli", "--language", "en", "run", "--help"]
    wide = {**os.environ, "COLUMNS": "200"}  # whatever options there are, a sentence stands in one line
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT, env=wide)
    assert "Figures as of the end of this day" in " ".join(done.stdout.split())
    assert "Ключи" not in done.stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["rnu"], "нет команды «rnu» → run?\nПодсказка: svodka --help\n"),
        (["run", "--sinse", "1"], "нет ключа --sinse → --since?\nПодсказка: svodka run --help\n"),
        (["explain", "школа"], "не указано: ТАБЛИЦА.СТОЛБЕЦ\nПодсказка: svodka explain --help\n"),
        (["correct", "школа"], "не указано: КУДА\nПодсказка: svodka correct --help\n"),
        (["restore", "школа"], "не указано: --day\nПодсказка: svodka restore --help\n"),
        (
            ["undo", "моя", "школа"],
            "лишнее: школа — слова с пробелами возьмите в кавычки\nПодсказка: svodka undo --help\n",
        ),
        (
            ["explain", "x", "channel_period.calls", "--rows", "-1"],
            "--rows: нужно целое число, 0 или больше\nПодсказка: svodka explain --help\n",
        ),
        (
            ["serve", "x", "--port", "первый"],
            "--port: нужно целое число, от 0 до 65534\nПодсказка: svodka serve --help\n",
        ),
        (
            ["serve", "x", "--port", "99999999"],
            "--port: нужно целое число, от 0 до 65534\nПодсказка: svodka serve --help\n",
        ),
        (
            ["run", "x", "--at-once", "0"],
            "--at-once: нужно целое число, 1 или больше\nПодсказка: svodka run --help\n",
        ),
        (["run", "x", "--as-of"], "--as-of: после ключа нужно значение\nПодсказка: svodka --help\n"),
        (["run", "x", "--json=да"], "--json: этот ключ пишется без значения\nПодсказка: svodka --help\n"),
        (["run", "x", "--as-of", "вчера"], "--as-of: найдено «вчера», нужен день вида 2026-09-20\n"),
        (["--language", "de", "run", "x"], "--language: найдено «de», возможны: ru, en\n"),
        (["run", "x", "--to", "pdf"], "--to: найдено «pdf», возможны: xlsx, sheets, html, none\n"),
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


def ended(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A process of its own in which something goes before `svodka …`."""
    whole = f"{code}\nimport sys; from flows.cli import main; sys.argv = {['svodka', *words]}; sys.exit(main())"
    return subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_process_ends_with_its_code_all_it_said_and_what_is_to_be_done_at_its_end():
    """It ends sooner than Python would take its modules apart, and nothing is lost by it."""
    done = ended("import atexit; atexit.register(print, 'put away')", "rnu")
    assert (done.returncode, done.stdout) == (2, "put away\n")
    assert done.stderr == "нет команды «rnu» → run?\nПодсказка: svodka --help\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_where_no_russian_letter_can_be_written_the_words_are_utf_8(tmp_path, encoding):
    """`LANG=C` of cron or a container: a run ended in a traceback after its report was written."""
    words = [sys.executable, "-m", "flows.cli", "run", str(small_client(tmp_path)), "--as-of", "2026-09-20"]
    done = subprocess.run(
        words, capture_output=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": encoding}
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "отчёт на 20.09.2026 готов" in done.stdout.decode("utf-8")


@pytest.mark.parametrize("words", [("status",), ("run", "--as-of", "2026-08-31", "--to", "none")])
def test_a_narrow_window_cuts_no_word(tmp_path, after_run, words):
    """Of a name, a day or a sum that ends in «…» nobody knows the rest."""
    folder = after_run(tmp_path / "school")
    yaml = (folder / "svodka.yaml").read_text("utf-8").replace("Школа «Василёк»", "Достопримечательности")
    (folder / "svodka.yaml").write_text(yaml, "utf-8")
    asked = [sys.executable, "-m", "flows.cli", words[0], str(folder), *words[1:]]
    narrow = {**os.environ, "FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "40"}
    shown = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT, env=narrow).stdout
    assert "31.08.2026" in shown
    assert "…" not in shown


STOPS = """
import os, pathlib, signal, threading, time
def stop():
    while not (pathlib.Path({folder!r}) / "data" / "run.lock").exists():
        time.sleep(0.001)
    time.sleep({seconds})
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=stop, daemon=True).start()
"""


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0, 0.05, 0.1, 0.15])
def test_a_run_stopped_from_the_keyboard_is_no_mistake_of_the_program(tmp_path, seconds):
    """In the middle of a query DuckDB tells of it as of an error of its own."""
    folder = str(small_client(tmp_path))
    done = ended(STOPS.format(folder=folder, seconds=seconds), "run", folder, "--as-of", "2026-09-20")
    assert (done.returncode, done.stderr) == (130, "Остановлено. Данные и отчёт прежние.\n")


STOPS_EARLY = """
import os, signal, sys
class Stop:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Stop())
from flows.start import main
main()
"""


def test_a_command_stopped_while_it_loads_says_nothing():
    """There is nothing to stop yet, and a traceback of imports helps nobody."""
    done = subprocess.run([sys.executable, "-c", STOPS_EARLY], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are found in /proc")
@pytest.mark.parametrize("seconds", [0, 0.2, 0.5, 0.9])
def test_many_clients_stopped_from_the_keyboard_say_so_once(tmp_path, seconds):
    """A terminal sends Ctrl+C to the processes of the clients, too, which may be loading what they need."""
    for name in ("a", "b"):
        small_client(tmp_path / name)
    words = [
        sys.executable,
        "-c",
        "from flows.start import main; main()",
        "run",
        str(tmp_path),
        "--as-of",
        "2026-08-31",
    ]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True) as begun:
        children = Path(f"/proc/{begun.pid}/task/{begun.pid}/children")
        while not children.read_text():
            time.sleep(0.001)
        time.sleep(seconds)
        os.killpg(begun.pid, signal.SIGINT)
        _, said = begun.communicate(timeout=60)
    assert (begun.returncode, said) == (130, "Остановлено. Данные и отчёт прежние.\n")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("run", "--to", "html"), "--to html: в reports файла svodka.yaml такого места нет"),
        (("run", "--as-of", "2999-01-01"), "--as-of 2999-01-01: этот день ещё не наступил"),
        (("run", "--only", "cals"), "--only: нет источника «cals» — может быть, «calls»?"),
    ],
)
def test_what_cannot_be_asked_of_a_client_does_not_make_it_one_that_needs_a_hand(tmp_path, svodka, words, text):
    """A slip of the hand is told to whoever made it; how the client stands is what the last run left."""
    folder = small_client(tmp_path)
    (folder / "data").mkdir()
    command, *options = words
    answer = svodka(command, folder, *options)
    assert answer.code == 2
    assert text in answer.err
    assert not (folder / "data" / "last_run.json").exists()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("undo", "{nowhere}"), "такой папки нет"),
        (("forget", "{nowhere}", "--person", "70005550123"), "такой папки нет"),
        (("forget", "{school}", "--person", "70005550123"), "данных ещё нет"),
    ],
)
def test_nobody_is_asked_to_agree_to_what_cannot_be_done(tmp_path, svodka, words, text):
    """The question would sound as if it could."""
    places = {"school": small_client(tmp_path / "school"), "nowhere": tmp_path / "elsewhere" / "x"}
    answer = svodka(*(word.format(**places) for word in words))
    assert answer.out == ""
    assert text in answer.err


def test_a_folder_that_nobody_may_look_into_is_told_as_such(tmp_path, svodka, monkeypatch):
    """On Python before 3.14 even the question whether a file is there is an error."""
    seen = Path.exists

    def refused(path, **_):
        if path.name == "svodka.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return seen(path)

    monkeypatch.setattr(Path, "exists", refused)
    answer = svodka("run", tmp_path / "a")
    assert (answer.code, answer.err) == (
        6,
        f"{tmp_path}/a/svodka.yaml: нет прав — исправьте права или освободите место и повторите\n",
    )


def test_a_process_in_which_somebody_still_works_waits_for_him():
    """A thread that is no daemon is waited for, as Python does."""
    work = "lambda: (threading.main_thread().join(), print('done'))"
    done = ended(f"import threading; threading.Thread(target={work}).start()", "--version")
    assert done.returncode == 0
    assert done.stdout.endswith("\ndone\n")


def test_what_an_error_advises_can_be_pasted(tmp_path, svodka):
    """The command that it names is for the client's own folder."""
    folder = small_client(tmp_path / "моя школа")
    answer = svodka("explain", folder, "Выручка")
    assert f"сначала выполните `svodka run '{folder}'`" in answer.err
