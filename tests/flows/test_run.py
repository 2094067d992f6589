"""`svodka run` on a client small enough to check by hand: what it tells, and the code of each kind of trouble."""

import json

import pytest

from flows.say import speak
from tests.flows.processes import imported_by
from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow


def test_a_run_never_imports_prefect(tmp_path):
    """Importing it costs seconds, and its throw-away server tens of them."""
    code = "import sys; from flows.cli import main; assert main(sys.argv[1:]) == 0"
    loaded = imported_by(code, "run", str(small_client(tmp_path)), "--as-of", AS_OF)
    assert "duckdb" in loaded
    assert "prefect" not in loaded


def test_a_run_tells_what_it_did(tmp_path, svodka):
    """Read, refused, unknown names, main figures, written: 1000 × 2 calls of the paid channel ÷ 1,500.50 ₽ = 1.33."""
    speak("ru")
    answer = svodka("run", small_client(tmp_path / "vasilek"), "--as-of", AS_OF)
    assert (answer.code, answer.err) == (0, "")
    assert answer.lines[0].startswith("Школа «Василёк»: отчёт на 31.08.2026 готов за ")
    assert "calls 1 3 3 · · · 05.08.2026" in answer.lines
    assert "spend 1 3 3 · · · 02.08.2026" in answer.lines
    assert any(line.startswith("«янекс.директ» — похоже на «Яндекс.Директ», строк 1") for line in answer.lines)
    figures = answer.lines[answer.lines.index("август 2026 месяцем раньше") + 1 :]
    assert figures[:5] == [
        "Расходы на рекламу 1 501 ₽ —",
        "Входящие звонки 3 —",
        "Звонков на 1 000 ₽ рекламы 1,33 —",
        "Купившие клиенты 2 —",
        "Выручка 12 001 ₽ —",
    ]
    assert answer.lines[-1] == f"Записано: {tmp_path}/vasilek/out/Сводка.xlsx"
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


def test_nothing_changed_is_counted_as_before(tmp_path, svodka):
    """What became of each file's rows, the overlapping ones too, stands in the second run as in the first."""
    later = FILES["exports/calls.csv"] + "06.08.2026 12:00:00;70005550104;SEO;Борис;90\n;;SEO;Борис;90\n"
    folder = small_client(tmp_path, {"exports/calls-2.csv": later})
    for _ in range(2):
        assert svodka("run", folder, "--as-of", AS_OF).code == 0
    with reading(folder / "data") as connection:
        rows = connection.execute("""select run_id, source_file, rows_read, rows_staged, rows_rejected, rows_duplicate,
            money_read_rub, money_staged_rub, money_duplicate_rub from ops.loads order by all""").fetchall()
    first, second = ([row[1:] for row in rows if row[0] == run] for run in sorted({row[0] for row in rows}))
    assert sum(row[4] for row in first) == 3
    assert first == second


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
    assert "nobody: такой папки нет" in answer.err
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


def test_what_is_not_written_loads_no_writer(tmp_path):
    """Neither the workbook's library nor Google's, where nothing is to be written."""
    words = ("run", str(small_client(tmp_path)), "--as-of", AS_OF, "--to", "none")
    loaded = imported_by("from flows.cli import main; import sys; main(sys.argv[1:])", *words)
    assert "duckdb" in loaded
    assert not loaded & {"xlsxwriter", "gspread", "google", "prefect"}
