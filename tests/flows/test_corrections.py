"""`corrections:`: a row put right beside its export; figures, reconciliation and report know; a stale one is named."""

import csv
import getpass
import json
import shlex
from datetime import date

import duckdb
import openpyxl
import pytest

from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow
HEADER = "источник,файл,строка,столбец,было,стало,кто,когда,почему\n"
BY_RECORD = "источник,запись,столбец,было,стало\n"
UNSEEN = ("--as-of", AS_OF, "--to", "none")
"""Of a run whose report nobody looks at."""
WITH = SVODKA + "corrections: corrections.csv\n"


def school_with(folder, *lines: str):
    """A client whose table of corrections has these lines."""
    return small_client(folder, {"svodka.yaml": WITH, "corrections.csv": HEADER + "".join(f"{one}\n" for one in lines)})


def revenue(folder) -> object:
    """Roubles of all sales in August."""
    with reading(folder / "data") as warehouse:
        sql = "select sum(revenue_rub), count(*) from staged.deals"
        return warehouse.execute(sql).fetchone()


def loads(folder) -> list[tuple[object, ...]]:
    """Rows and roubles of the sales: read, corrected, staged, skipped."""
    with reading(folder / "data") as warehouse:
        sql = """select rows_read, rows_corrected, rows_staged, rows_skipped, money_read_rub, money_corrected_rub,
                money_staged_rub, money_skipped_rub
            from ops.loads where source = 'orders' and run_id = (select max(run_id) from ops.runs) order by all"""
        return warehouse.execute(sql).fetchall()


def report(folder) -> list[list[object]]:
    """The rows of «Качество данных»."""
    book = openpyxl.load_workbook(folder / "out" / "Сводка.xlsx")
    return [[cell.value for cell in row if cell.value is not None] for row in book["Качество данных"].iter_rows()]


def notices(folder) -> list[tuple[object, ...]]:
    """What the last run says of corrections: kind, rows, roubles, where."""
    with reading(folder / "data") as warehouse:
        sql = """select kind, rows, money_rub::integer, detail from ops.notices
            where kind like 'correct%' and run_id = (select max(run_id) from ops.runs) order by all"""
        return warehouse.execute(sql).fetchall()


def test_a_value_is_put_right_before_everything_else(tmp_path, svodka):
    """5 000 was 6 000: revenue, the reconciliation (read + corrected = staged) and notice say so; the export stays."""
    folder = school_with(tmp_path / "a", "orders,exports/orders.csv,2,Сумма,5 000,6 000,Анна,2026-09-01,опечатка")
    answer = svodka("run", folder, *UNSEEN)
    assert answer.code == 0
    assert revenue(folder) == (13000.5, 2)
    assert notices(folder) == [("corrected", 1, 1000, "2, Сумма: 5 000 → 6 000 (Анна, 2026-09-01, опечатка)")]
    assert "orders: исправлено по корректировкам: +1 000 ₽" in answer.lines
    assert "5 000" in (folder / "exports" / "orders.csv").read_text("utf-8")
    quality = json.loads(svodka("run", folder, *UNSEEN, "--json").out)
    orders = next(one for one in quality["sources"] if one["source"] == "orders")
    assert (orders["rows_read"], orders["rows_corrected"], orders["rows_staged"]) == (2, 0, 2)
    assert (orders["money_read_rub"], orders["money_corrected_rub"]) == ("12000.50", "1000.00")
    assert loads(folder) == [(2, 0, 2, 0, 12000.5, 1000, 13000.5, 0)]
    assert "orders: исправлено по корректировкам: +1 000 ₽" in svodka("check", folder).lines


def test_a_row_that_is_not_to_be_counted_counts_for_nothing(tmp_path, svodka):
    """By our own name of the column; the others keep their numbers, and the sum says what it lost."""
    folder = school_with(tmp_path / "a", "orders,exports/orders.csv,2,revenue_rub,5001,не считать,,,")
    stale = svodka("run", folder, *UNSEEN)
    assert notices(folder) == [("correction_stale", 1, 0, "2, revenue_rub")]
    assert "корректировка не применена" in stale.out
    (folder / "corrections.csv").write_text(
        HEADER + 'orders,exports/orders.csv,2,revenue_rub,"5000,00",не считать,,,\n', "utf-8"
    )
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    assert revenue(folder) == (7000.5, 1)
    assert notices(folder) == [("corrected", 1, -5000, "2, revenue_rub: 5000,00 → не считать")], (
        "one figure, spelled so"
    )
    assert loads(folder) == [(2, -1, 1, 0, 12000.5, -5000, 7000.5, 0)]
    shown = report(folder)
    assert ["Прочитано", "± исправлено", "= принято", "+ отвергнуто", "+ повторы", "+ служебные"] in [
        row[1:] for row in shown
    ]
    assert ["orders (сделки)", 12000.5, -5000, 7000.5, 0, 0, 0] in shown
    said = " ".join(str(row[0]) for row in shown if row).replace("\u00a0", " ")
    assert "прочитано 10 строк − исправлено 1 = принято 9" in said
    assert "в файле exports/orders.csv по корректировкам исправлено: 1 строка на −5 000 ₽" in said
    with reading(folder / "data") as warehouse:
        assert warehouse.execute("select source_row from staged.deals").fetchall() == [(3,)]


def test_a_correction_taken_out_is_undone(tmp_path, svodka, after_run):
    """The file is read again as it is; unchanged corrections read nothing again."""
    line = "orders,exports/orders.csv,2,Сумма,5 000,6 000,,,\n"
    folder = after_run(tmp_path / "a", {"svodka.yaml": WITH, "corrections.csv": HEADER + line}, to="none")
    again = json.loads(svodka("run", folder, *UNSEEN, "--json").out)
    assert [one["files_read"] for one in again["sources"]] == [0, 0, 0, 0]
    (folder / "corrections.csv").write_text(HEADER, "utf-8")
    after = json.loads(svodka("run", folder, *UNSEEN, "--json").out)
    assert {one["source"]: one["files_read"] for one in after["sources"]}["orders"] == 1
    assert (revenue(folder), notices(folder)) == ((12000.5, 2), [])


def test_corrections_of_what_is_not_there_are_named(tmp_path, svodka):
    """Each of them: another file, row, column; the report is made all the same."""
    said = {
        "orders,exports/orders-2.csv,2,Сумма,1,2,,,": "orders-2.csv (2, Сумма) не применена: такого файла",
        "orders,exports/orders.csv,99,Сумма,1,2,,,": "«99, Сумма» стоит уже не то",
        "orders,exports/orders.csv,2,Скидка,1,2,,,": "«2, Скидка» стоит уже не то",
    }
    folder = school_with(tmp_path / "a", *said)
    answer, checked = svodka("run", folder, "--as-of", AS_OF), svodka("check", folder)
    assert answer.code == 0
    shown = [str(row[0]) for row in report(folder) if row]
    for words in said.values():
        assert words in answer.out
        assert words in checked.out
    assert sum("корректировка" in text and "не применена" in text for text in shown) == 3
    assert revenue(folder) == (12000.5, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("источник,файл\n", "нет столбцов: строка, столбец, было, стало"),
        (BY_RECORD + "spend,1,Расход,1,2\n", "у записей источника spend (ad_spend) нет номера"),
        (BY_RECORD + "orders,,Сумма,1,2\n", "строка 2: у корректировки не указаны"),
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


def test_a_correction_is_written_and_applied(tmp_path, svodka, after_run):
    """With what stands there, who and when; explain says how, and the next run counts it."""
    folder = after_run(tmp_path / "a", to="none")
    explained = svodka("explain", folder, "channel_period.revenue_rub", "period_start=2026-08-01").out
    assert f"svodka correct {folder} exports/orders.csv:" in explained
    answer = svodka("correct", folder, "exports/orders.csv:3", "Сумма=8 000,50", "--why", "опечатка")
    said = f"corrections.csv: записано исправление — строка 3, столбец «Сумма». Дальше: svodka run {folder}"
    assert answer.lines == [said]
    with (folder / "corrections.csv").open(encoding="utf-8") as file:
        [written] = list(csv.DictReader(file))
    assert (written["источник"], written["было"], written["стало"]) == ("orders", "7 000,50", "8 000,50")
    assert written["запись"] == ""
    assert (written["кто"], written["почему"]) == (getpass.getuser(), "опечатка")
    assert date.fromisoformat(written["когда"])
    answer = svodka("correct", folder, "exports/orders.csv:2", "Сумма", "--leave-out")
    assert answer.lines == [f"corrections.csv: строка 2 считаться не будет. Дальше: svodka run {folder}"]
    assert svodka("run", folder, *UNSEEN).code == 0
    assert revenue(folder) == (8000.5, 1)


def test_the_command_that_explain_prints_puts_the_row_right(tmp_path, svodka, after_run):
    """As it stands there, a value instead of the word: the header of the file is written, and the figure follows."""
    folder = after_run(tmp_path / "a", to="none")
    figure = ("channel_period.revenue_rub", "channel=Всего", "period_start=2026-08-01")
    command = next(
        line for line in svodka("explain", folder, *figure).lines if "orders.csv:2" in line and "СТАЛО" in line
    )
    words = shlex.split(command.replace("СТАЛО", "8000").replace("orders.csv:2", "orders.csv:3"))
    assert svodka(*words[words.index("correct") :]).code == 0
    assert 'orders,exports/orders.csv,3,,Сумма,"7 000,50",8000' in (folder / "corrections.csv").read_text("utf-8")
    svodka("run", folder, *UNSEEN)
    assert revenue(folder) == (13000, 2)
    command = next(line for line in svodka("explain", folder, "chain_period.calls").lines if "--leave-out" in line)
    words = shlex.split(command)
    assert svodka(*words[words.index("correct") :]).code == 0
    svodka("run", folder, *UNSEEN)
    assert "Входящие звонки: 2" in svodka("explain", folder, "chain_period.calls").lines


def test_a_row_is_left_out_by_what_tells_it_from_others(tmp_path, svodka):
    """Its id, or the first filled cell: another row in its place would not be left out."""
    folder = small_client(tmp_path / "a", {"svodka.yaml": WITH})
    assert svodka("correct", folder, "exports/orders.csv:3", "--leave-out").code == 0
    assert svodka("correct", folder, "exports/spend.csv:2", "--leave-out").code == 0
    lines = (folder / "corrections.csv").read_text("utf-8").splitlines()
    assert [line.rsplit(",", 3)[0] for line in lines[1:]] == [
        "orders,exports/orders.csv,3,,Номер,2,не считать",
        "spend,exports/spend.csv,2,,Дата,01.08.2026,не считать",
    ]


def test_a_column_of_which_no_figure_is_made_is_told(tmp_path, svodka):
    """Or its correction would change nothing, and nobody would know why."""
    folder = small_client(tmp_path / "a", {"exports/users.csv": "id;Подписан;Был;Тариф\n1;01.07.2026;30.08.2026;A\n"})
    said = "Столбец «Тариф» ни в одну цифру не входит; какие входят, скажет svodka check"
    assert said in svodka("correct", folder, "exports/users.csv:2", "Тариф=B").lines
    assert said not in svodka("correct", folder, "exports/users.csv:2", "Был=29.08.2026").lines


def test_a_cell_is_blanked_by_a_dash(tmp_path, svodka):
    """A day that a sale can do without may become none; nothing after «=» may be a slip and is asked about."""
    folder = small_client(tmp_path / "a")
    assert svodka("correct", folder, "exports/orders.csv:2", "Оплачен=-").code == 0


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("exports/orders.csv", "Сумма=1", "нужны файл и номер строки"),
        ("exports/orders.csv:2", "Сумма", "нужно СТОЛБЕЦ=СТАЛО"),
        ("exports/orders.csv:2", "Сумма= ", "после «=» ничего нет. Очистить ячейку — «Сумма=-»"),
        ("exports/orders.csv:2", "Номер=", "«Номер=»: после «=» ничего нет"),
        ("exports/order.csv:2", "Сумма=1", "ни один источник такого файла не читает; похожие: exports/orders.csv"),
        ("exports/orders.csv:2", "Скидка=1", "в строке 2 нет столбца «Скидка»; есть «Номер», «Оплачен»"),
        ("exports/orders.csv:2", "Сума=1", "в строке 2 нет столбца «Сума»; есть «Сумма»"),
        ("exports/orders.csv:99", "Сумма=1", "exports/orders.csv: строки 99 в файле нет, или она пуста"),
        ("exports/orders.csv:99", "revenue_rub=1", "exports/orders.csv: строки 99 в файле нет, или она пуста"),
        ("exports/orders.csv:2", "Сумма=пять", "«Сумма»: число или день не может стать «пять»"),
        ("exports/orders.csv:2", "Оплачен=вчера", "«Оплачен»: число или день не может стать «вчера»"),
        ("order#1", "Сумма=1", "«order»: такого источника нет; есть: spend, calls, orders, users"),
        ("exports/orders.csv:99", "--leave-out", "exports/orders.csv: строки 99 в файле нет"),
        ("orders#99", "Сумма=1", "orders: записи 99 или столбца «Сумма» нет ни в одном файле"),
        ("orders#1", "Скидка=1", "orders: записи 1 или столбца «Скидка» нет ни в одном файле"),
        ("spend#1", "Расход=1", "spend: у записей этого источника нет номера"),
    ],
)
def test_a_place_that_is_none_writes_nothing(tmp_path, svodka, place, value, said):
    """Code 2, and what there is."""
    folder = small_client(tmp_path / "a")
    answer = svodka("correct", folder, place, value)
    assert (answer.code, said in answer.err) == (2, True), answer.err
    assert not (folder / "corrections.csv").exists()


RECORDS = {
    "svodka.yaml": WITH.replace("exports/orders.csv", "exports/orders*.csv"),
    "exports/orders-2.csv": "Номер;Оплачен;Телефон;Менеджер;Сумма\n3;12.08.2026;70005550103;Борис;900\n",
}


def test_a_record_is_put_right_wherever_it_stands(tmp_path, svodka):
    """Sale 2 by its id: the export comes back with other rows under another name, and the correction still holds."""
    text = BY_RECORD + 'orders,2,Сумма,"7 000,50",8 000\norders,3,,,не считать\n'
    folder = small_client(tmp_path / "a", RECORDS | {"corrections.csv": text})
    answer = svodka("run", folder, *UNSEEN)
    assert answer.code == 0
    assert revenue(folder) == (13000, 2)
    assert loads(folder) == [(1, -1, 0, 0, 900, -900, 0, 0), (2, 0, 2, 0, 12000.5, 999.5, 13000, 0)]
    assert [one for one in answer.lines if "исправлено" in one and "строк" not in one] == [
        "orders: исправлено по корректировкам: −1 стр., +100 ₽"
    ]
    moved = "Номер;Оплачен;Телефон;Менеджер;Сумма\n2;11.08.2026;70005550103;Борис;7 000,50\n"
    (folder / "exports" / "orders.csv").rename(folder / "exports" / "orders-1.csv")
    (folder / "exports" / "orders-1.csv").write_text(moved, "utf-8")
    assert "не применена" not in svodka("run", folder, *UNSEEN).out
    assert revenue(folder) == (8000, 1)


def test_a_record_that_is_not_there_or_says_another_thing_is_named(tmp_path, svodka):
    """At every run, unchanged files or not, and on the page; other records of other files are no news."""
    lines = "orders,9,Сумма,1,2\norders,2,Сумма,1,2\norders,3,Сумма,900,901\n"
    folder = small_client(tmp_path / "a", RECORDS | {"corrections.csv": BY_RECORD + lines})
    said = "orders: корректировка записи ({}, Сумма) не применена: такой записи нет или стоит уже не то"
    for options in (UNSEEN, ("--as-of", AS_OF)):
        told = sorted(one for one in svodka("run", folder, *options).lines if "не применена" in one)
        assert [said.format(place) in one for place, one in zip("29", told, strict=True)] == [True, True]
        assert revenue(folder) == (12901.5, 3)
    assert any("корректировка не применена" in str(row[0]) for row in report(folder) if row)


def test_a_record_is_written_down_by_its_id(tmp_path, svodka):
    """With its source instead of a file; a whole record needs no column."""
    folder = small_client(tmp_path / "a", RECORDS | {"corrections.csv": HEADER.replace("строка", "строка,запись")})
    assert svodka("correct", folder, "orders#2", "Сумма=8 000").code == 0
    assert svodka("correct", folder, "orders#3", "--leave-out").code == 0
    lines = (folder / "corrections.csv").read_text("utf-8").splitlines()
    assert [line.rsplit(",", 3)[0] for line in lines[1:]] == [
        'orders,,,2,Сумма,"7 000,50",8 000',
        "orders,,,3,,,не считать",
    ]
    svodka("run", folder, *UNSEEN)
    assert revenue(folder) == (13000, 2)


def test_a_correction_of_the_same_place_takes_the_place_of_the_earlier_one(tmp_path, svodka):
    """Twice the same is one line; another value is another line instead; other lines stay as a person wrote them."""
    own = "spend, exports/spend.csv ,2,,Расход,1000,900,Анна,,\n"
    header = HEADER.replace("строка", "строка,запись")
    folder = small_client(tmp_path / "a", RECORDS | {"corrections.csv": header + own})
    for value in ("8 000", "8 000", "8 500"):
        assert svodka("correct", folder, "orders#2", f"Сумма={value}").code == 0
    text = (folder / "corrections.csv").read_text("utf-8")
    assert text.startswith(header + own)
    assert [line.rsplit(",", 3)[0] for line in text.splitlines()[2:]] == ['orders,,,2,Сумма,"7 000,50",8 500']


@pytest.mark.parametrize(
    ("encoding", "mark"), [("cp1251", b""), ("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe")]
)
def test_a_table_that_excel_saved_stays_in_its_own_form(tmp_path, svodka, encoding, mark):
    """Its code page, its line breaks and its semicolons."""
    folder = small_client(tmp_path / "a", RECORDS)
    header = HEADER.replace("строка", "строка,запись").replace(",", ";").replace("\n", "\r\n")
    own = "spend;exports/spend.csv;2;;Расход;1000;900;Анна;;не спешит\r\n"
    (folder / "corrections.csv").write_bytes((header + own).encode(encoding))
    assert svodka("correct", folder, "orders#2", "Сумма=8 000").code == 0
    written = (folder / "corrections.csv").read_bytes()
    assert written.startswith(mark)
    text = written.decode(encoding)
    assert text.startswith(header + own)
    assert text.removeprefix(header + own).startswith("orders;;;2;Сумма;7 000,50;8 000;")
    assert text.endswith("\r\n")
    svodka("run", folder, *UNSEEN)
    assert revenue(folder) == (13900, 3)


def test_a_letter_that_the_table_cannot_hold_leaves_it_as_it_is(tmp_path, svodka):
    """The rouble sign in cp1251: the line to paste is told."""
    folder = small_client(tmp_path / "a", RECORDS)
    before = HEADER.replace("строка", "строка,запись").encode("cp1251")
    (folder / "corrections.csv").write_bytes(before)
    answer = svodka("correct", folder, "orders#2", "Сумма=8 000", "--why", "в ₽")
    assert (answer.code, "вставьте строку сами" in answer.err, "в ₽" in answer.out) == (0, True, True)
    assert (folder / "corrections.csv").read_bytes() == before


def test_a_table_without_a_column_for_records_is_not_spoiled(tmp_path, svodka):
    """A line that says neither row nor record would stop the next run: code 2, nothing written."""
    folder = small_client(tmp_path / "a", RECORDS | {"corrections.csv": HEADER})
    answer = svodka("correct", folder, "orders#2", "Сумма=1")
    assert (answer.code, "нет столбцов: запись" in answer.err) == (2, True)
    assert (folder / "corrections.csv").read_text("utf-8") == HEADER


def test_nobody_is_told_from_a_correction(tmp_path, after_run):
    """A phone that was put right is counted, and stands neither in the report nor in the warehouse's notices."""
    line = "orders,exports/orders.csv,2,Телефон,70005550101,70005550109,Анна,,клиент 70005550109\n"
    folder = after_run(tmp_path / "a", {"svodka.yaml": WITH, "corrections.csv": HEADER + line}, to="none")
    assert notices(folder) == [("corrected", 1, 0, "2, Телефон: ••• → ••• (Анна, клиент •••)")]


def test_the_sums_of_a_file_are_of_its_rows_as_they_stand_or_as_they_are_meant(tmp_path, svodka):
    """«Итого» 12 000,50 of the file is no mistake after 5 000 became 6 000, nor is 13 000,50; 14 000 is."""
    totals = {"read.csv": "12 000,50", "meant.csv": "13 000,50", "other.csv": "14 000"}
    lines = "".join(f"orders,exports/orders-{name},2,Сумма,5 000,6 000,,,\n" for name in totals)
    files = {
        f"exports/orders-{name}": f"{FILES['exports/orders.csv']}Итого;;;;{total}\n" for name, total in totals.items()
    }
    folder = small_client(tmp_path / "a", {
        "svodka.yaml": WITH.replace("exports/orders.csv", "exports/orders-*.csv"), "exports/orders.csv": None,
        "corrections.csv": HEADER + lines, **files,
    })  # fmt: skip
    svodka("run", folder, "--as-of", AS_OF)
    [told] = [str(row[0]) for row in report(folder) if row and "Итого" in str(row[0]) and "≠" in str(row[0])]
    assert "orders-other.csv" in told


def test_a_warehouse_of_an_older_version_learns_of_corrections(tmp_path, svodka, after_run):
    """Its files were corrected by nobody; the next run counts a correction as any other does."""
    folder = after_run(tmp_path / "a", to="none")
    with duckdb.connect(str(folder / "data" / "svodka.duckdb")) as older:
        for table in ("files", "loads"):
            older.execute(f"alter table ops.{table} drop column rows_corrected")
            older.execute(f"alter table ops.{table} drop column money_corrected_rub")
        older.execute("update ops.meta set value = '2' where key = 'schema_version'")
    assert svodka("run", folder, *UNSEEN).code == 0
    assert loads(folder) == [(2, 0, 2, 0, 12000.5, 0, 12000.5, 0)]
    (folder / "svodka.yaml").write_text(WITH, "utf-8")
    (folder / "corrections.csv").write_text(HEADER + "orders,exports/orders.csv,2,Сумма,5000,6000,,,\n", "utf-8")
    assert svodka("run", folder, *UNSEEN).code == 0
    assert loads(folder) == [(2, 0, 2, 0, 12000.5, 1000, 13000.5, 0)]
