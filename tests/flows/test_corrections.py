"""`corrections:`: a row put right beside its export; figures, reconciliation and report know; a stale one is named."""

import csv
import getpass
import json
from datetime import date

import duckdb
import pytest

from tests.flows.small_client import AS_OF, SVODKA, small_client

pytestmark = pytest.mark.slow
HEADER = "источник,файл,строка,столбец,было,стало,кто,когда,почему\n"
WITH = SVODKA + "corrections: corrections.csv\n"


def school_with(folder, *lines: str):
    """A client whose table of corrections has these lines."""
    return small_client(folder, {"svodka.yaml": WITH, "corrections.csv": HEADER + "".join(f"{one}\n" for one in lines)})


def revenue(folder) -> object:
    """Roubles of all sales in August."""
    with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as warehouse:
        sql = "select sum(revenue_rub), count(*) from staged.deals"
        return warehouse.execute(sql).fetchone()


def notices(folder) -> list[tuple[object, ...]]:
    """What the last run says of corrections: kind, rows, roubles, where."""
    with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as warehouse:
        sql = """select kind, rows, money_rub::integer, detail from ops.notices
            where kind like 'correct%' and run_id = (select max(run_id) from ops.runs) order by all"""
        return warehouse.execute(sql).fetchall()


def test_a_value_is_put_right_before_everything_else(tmp_path, svodka):
    """5 000 was 6 000: revenue, the reconciliation (read = staged) and the notice say so; the export stays."""
    folder = school_with(tmp_path / "a", "orders,exports/orders.csv,2,Сумма,5 000,6 000,Анна,2026-09-01,опечатка")
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 0
    assert revenue(folder) == (13000.5, 2)
    assert notices(folder) == [("corrected", 1, 1000, "2, Сумма")]
    assert "5 000" in (folder / "exports" / "orders.csv").read_text("utf-8")
    quality = json.loads(svodka("run", folder, "--as-of", AS_OF, "--json").out)
    orders = next(one for one in quality["sources"] if one["source"] == "orders")
    assert (orders["rows_read"], orders["rows_staged"], orders["money_read_rub"]) == (2, 2, "13000.50")


def test_a_row_that_is_not_to_be_counted_counts_for_nothing(tmp_path, svodka):
    """By our own name of the column; the others keep their numbers, and the sum says what it lost."""
    folder = school_with(tmp_path / "a", "orders,exports/orders.csv,2,revenue_rub,5000,не считать,,,")
    stale = svodka("run", folder, "--as-of", AS_OF)
    assert notices(folder) == [("correction_stale", 1, 0, "2, revenue_rub")], "«5000» is not «5 000»"
    assert "корректировка не применена" in stale.out
    (folder / "corrections.csv").write_text(
        HEADER + "orders,exports/orders.csv,2,revenue_rub,5 000,не считать,,,\n", "utf-8"
    )
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    assert revenue(folder) == (7000.5, 1)
    assert notices(folder) == [("corrected", 1, -5000, "2, revenue_rub")]
    with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute("select source_row from staged.deals").fetchall() == [(3,)]


def test_a_correction_taken_out_is_undone(tmp_path, svodka):
    """The file is read again as it is; unchanged corrections read nothing again."""
    folder = school_with(tmp_path / "a", "orders,exports/orders.csv,2,Сумма,5 000,6 000,,,")
    svodka("run", folder, "--as-of", AS_OF)
    again = json.loads(svodka("run", folder, "--as-of", AS_OF, "--json").out)
    assert [one["files_read"] for one in again["sources"]] == [0, 0, 0, 0]
    (folder / "corrections.csv").write_text(HEADER, "utf-8")
    after = json.loads(svodka("run", folder, "--as-of", AS_OF, "--json").out)
    assert {one["source"]: one["files_read"] for one in after["sources"]}["orders"] == 1
    assert (revenue(folder), notices(folder)) == ((12000.5, 2), [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("orders,exports/orders-2.csv,2,Сумма,1,2,,,", "exports/orders-2.csv (2, Сумма) не применена: такого файла"),
        ("orders,exports/orders.csv,99,Сумма,1,2,,,", "«99, Сумма» стоит уже не то"),
        ("orders,exports/orders.csv,2,Скидка,1,2,,,", "«2, Скидка» стоит уже не то"),
    ],
)
def test_a_correction_of_what_is_not_there_is_named(tmp_path, svodka, line, said):
    """The report is made all the same."""
    folder = school_with(tmp_path / "a", line)
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 0
    assert said in answer.out
    assert revenue(folder) == (12000.5, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("источник,файл\n", "нет столбцов: строка, столбец, было, стало"),
        (HEADER + "order,exports/orders.csv,2,Сумма,1,2,,,\n", "нет источника «order»; есть: orders"),
        (HEADER + "orders,exports/orders.csv,второй,Сумма,1,2,,,\n", "строка 2: у корректировки не указаны"),
    ],
)
def test_a_table_that_cannot_be_understood_stops_the_run(tmp_path, svodka, text, said):
    """Code 2, with what is wrong in it; check finds it too."""
    folder = small_client(tmp_path / "a", {"svodka.yaml": WITH, "corrections.csv": text})
    for command in ("run", "check"):
        answer = svodka(command, folder)
        assert (answer.code, said in answer.err) == (2, True), answer.err


def test_a_correction_is_written_and_applied(tmp_path, svodka):
    """With what stands there, who and when; explain says how, and the next run counts it."""
    folder = small_client(tmp_path / "a")
    svodka("run", folder, "--as-of", AS_OF)
    explained = svodka("explain", folder, "channel_period.revenue_rub", "period_start=2026-08-01").out
    assert f"svodka correct {folder} exports/orders.csv:" in explained
    answer = svodka("correct", folder, "exports/orders.csv:3", "Сумма=8 000,50", "--why", "опечатка")
    assert answer.lines == [
        "corrections.csv: записано исправление (строка, столбец: 3, Сумма). Дальше: svodka run",
        "Чтобы корректировки применялись, допишите в svodka.yaml: corrections: corrections.csv",
    ]
    with (folder / "corrections.csv").open(encoding="utf-8") as file:
        [written] = list(csv.DictReader(file))
    assert (written["источник"], written["было"], written["стало"]) == ("orders", "7 000,50", "8 000,50")
    assert (written["кто"], written["почему"]) == (getpass.getuser(), "опечатка")
    assert date.fromisoformat(written["когда"])
    (folder / "svodka.yaml").write_text(WITH, "utf-8")
    assert svodka("correct", folder, "exports/orders.csv:2", "Сумма", "--leave-out").code == 0
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    assert revenue(folder) == (8000.5, 1)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("exports/orders.csv", "Сумма=1", "нужны файл и номер строки"),
        ("exports/orders.csv:2", "Сумма", "нужно СТОЛБЕЦ=СТАЛО"),
        ("exports/order.csv:2", "Сумма=1", "ни один источник такого файла не читает; похожие: exports/orders.csv"),
        ("exports/orders.csv:2", "Скидка=1", "в строке 2 нет столбца «Скидка»; столбцы: Номер, Оплачен"),
        ("exports/orders.csv:99", "Сумма=1", "в строке 99 нет столбца"),
    ],
)
def test_a_place_that_is_none_writes_nothing(tmp_path, svodka, place, value, said):
    """Code 2, and what there is."""
    folder = small_client(tmp_path / "a")
    answer = svodka("correct", folder, place, value)
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert not (folder / "corrections.csv").exists()
