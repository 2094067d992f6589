"""Several reports of one client: each with its reader, who meets nobody else's name in any byte of it."""

import zipfile
from html import unescape

import openpyxl
import pytest

from flows.run.reports.kept import kept_reports
from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client

pytestmark = pytest.mark.slow
OTHERS = ("Борис", "Маяк")
MORE = """\
  answers:
    table: survey_answers
    files: exports/answers.csv
    columns: {answered_on: День, manager: Менеджер, csi: Оценка, reason: Почему}
  plan:
    table: plan
    files: exports/plan.csv
    columns: {period_start: Месяц, metric: Показатель, manager: Менеджер, planned: План}
    constants: {grain: month}
  changes:
    table: experiments
    files: exports/changes.csv
    columns: {name: Что, metric: Показатель, manager: Менеджер, changed_on: Когда, days: Дней}
"""
REPORTS = """\
  partners: partners.csv
reports:
  - {xlsx: out/Сводка.xlsx, html: out/whole.html}
  - {xlsx: out/own.xlsx, html: out/own.html, managers: Анна}
  - {xlsx: out/all.xlsx, html: out/all.html, managers: [анна], sees: all}
  - {xlsx: out/partner.xlsx, html: out/partner.html, partner: Блог Капель}
  - {xlsx: out/channel.xlsx, html: out/channel.html, channels: [SEO], language: en}
  - {xlsx: out/some.xlsx, pages: [summary, winback, glossary], personal_data: keep}
"""


def files(reports=REPORTS):
    source, dictionaries = SVODKA.split("dictionaries:\n")
    orders = FILES["exports/orders.csv"].replace("Сумма\n", "Сумма;Промокод;Причина\n")
    orders = orders.replace("5 000\n", "5 000;КАПЕЛЬ;\n").replace("7 000,50\n", "7 000,50;МАЯК;\n")
    return {
        "svodka.yaml": f"{source}{MORE}dictionaries:\n{dictionaries}{reports}".replace(
            "revenue_rub: Сумма}", "revenue_rub: Сумма, promo_code: Промокод}"
        ),
        "exports/orders.csv": orders,
        "exports/answers.csv": (
            "День;Менеджер;Оценка;Почему\n20.08.2026;Анна;5;\n21.08.2026;Борис;2;Борис не перезвонил\n"
        ),
        "exports/plan.csv": "Месяц;Показатель;Менеджер;План\n08.2026;calls;Анна;4\n08.2026;calls;Борис;9\n",
        "exports/changes.csv": (
            "Что;Показатель;Менеджер;Когда;Дней\nСкрипт Анны вместо Бориса;calls;Анна;05.08.2026;7\n"
            "Скрипт Бориса;calls;Борис;06.08.2026;7\nСайт без Бориса;calls;;06.08.2026;7\n"
        ),
        "partners.csv": "name;promo_code;share\nБлог Капель;КАПЕЛЬ;10 %\nСтудия Маяк;МАЯК;20 %\n",
    }


@pytest.fixture
def folder(tmp_path, after_run):
    """The client after a run that wrote all of its reports."""
    return after_run(tmp_path / "school", files(), to="xlsx,html")


def every_byte(folder, name):
    """The workbook's members, unpacked, and the page of the same report."""
    with zipfile.ZipFile(folder / "out" / f"{name}.xlsx") as book:
        members = [book.read(member).decode("utf-8") for member in book.namelist()]
    return unescape("\n".join([*members, (folder / "out" / f"{name}.html").read_text("utf-8")]))


def tabs(folder, name):
    return openpyxl.load_workbook(folder / "out" / f"{name}.xlsx").sheetnames


def texts(folder, name, tab):
    page = openpyxl.load_workbook(folder / "out" / f"{name}.xlsx")[tab]
    return [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]


def test_the_whole_names_everybody(folder):
    """Otherwise the tests below would prove nothing."""
    with zipfile.ZipFile(folder / "out" / "Сводка.xlsx") as book:
        written = unescape("".join(book.read(member).decode("utf-8") for member in book.namelist()))
    assert not [name for name in ("Анна", "Борис", "Маяк", "Капель", "SEO", "Директ") if name not in written]


def test_a_managers_report_names_no_other_in_any_byte(folder):
    """Anna's pages: her row, her plan, her change, her score; neither Boris nor any partner or whole."""
    assert tabs(folder, "own") == ["План и факт", "Менеджеры", "Довольны ли", "Что сработало", "О показателях"]
    written = every_byte(folder, "own")
    assert "Анна" in written
    assert not [name for name in (*OTHERS, "Капель", "SEO", "Директ") if name in written]
    assert texts(folder, "own", "Менеджеры")[2:4] == [
        "Анна в августе: покупают из 10 позвонивших — 10,0 (2,1–10,0), клиентов",
        "на 10 звонков — 10,0, принятые звонки — 1, целевые — 1.",
    ]


def test_who_sees_all_sees_the_whole_and_still_no_other(folder):
    """The whole business on «Сводка», Anna alone on «Менеджеры»; `анна` is meant as `Анна`."""
    found = tabs(folder, "all")
    assert "Сводка" in found
    assert not {"Вернуть клиентов", "Качество данных"} & set(found)
    assert "Борис" not in every_byte(folder, "all")
    assert "12000.5" in texts(folder, "all", "Сводка")


def test_a_partner_sees_what_is_owed_to_them_alone(folder):
    """10 % of 5 000."""
    assert tabs(folder, "partner") == ["Партнёры", "О показателях"]
    written = every_byte(folder, "partner")
    assert not [name for name in (*OTHERS, "Анна", "SEO", "Директ", "Василёк: ") if name in written]
    assert "500" in texts(folder, "partner", "Партнёры")
    assert texts(folder, "partner", "Партнёры")[2:4] == [
        "Блог Капель в августе: вознаграждение — 500,00\u00a0₽, заказы — 1, клиенты — 1, новые клиенты — 1.",
        "Блог Капель: данных в июле нет.",
    ]


def test_a_channels_report_is_in_its_readers_language(folder):
    """An agency reads English, and of SEO alone."""
    assert tabs(folder, "channel")[0] == "Channels"
    assert not [name for name in ("Борис", "Анна", "Маяк", "Капель", "Директ") if name in every_byte(folder, "channel")]


def test_a_report_of_some_pages_has_those_alone(folder):
    """In the order of the tabs; what they point to elsewhere is no link any more."""
    assert tabs(folder, "some") == ["Сводка", "О показателях"] or tabs(folder, "some") == [
        "Сводка",
        "Вернуть клиентов",
        "О показателях",
    ]
    assert not list((folder / "out").glob("own*.csv"))


def test_an_unknown_manager_is_told_with_the_nearest(tmp_path, svodka):
    """By `check`, and by a run, which writes the other reports."""
    wrong = (
        "  partners: partners.csv\nreports:\n  - {xlsx: out/Сводка.xlsx}\n  - {xlsx: out/own.xlsx, managers: Бориз}\n"
    )
    folder = small_client(tmp_path, files(wrong))
    told = "svodka.yaml: reports: нет менеджера «Бориз»; ближайший: Борис"
    assert told in svodka("check", folder).err
    done = svodka("run", folder, "--as-of", AS_OF)
    assert done.code == 2
    assert told in done.err + done.out
    assert (folder / "out" / "Сводка.xlsx").exists()
    assert not (folder / "out" / "own.xlsx").exists()


@pytest.mark.parametrize(
    ("reports", "told"),
    [
        ("[{xlsx: out/a.xlsx}, {managers: Анна}]", "у отчёта нет места"),
        ("[{xlsx: out/a.xlsx}, {xlsx: out/A.xlsx, managers: Анна}]", "пишет уже другой отчёт"),
        ("[{xlsx: out/a.xlsx, managers: Анна, partner: Блог}]", "отчёт показывает или managers"),
        ("[{xlsx: out/a.xlsx, sees: all}]", "sees: all пишут только вместе"),
        (
            "[{sheet: 1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789, managers: Анна, control: true}]",
            "«Пульт» (control) говорит",
        ),
        ("[{xlsx: out/a.xlsx, managers: Анна, pages: [winback]}]", "страницу winback нельзя показать без чужих строк"),
        ("[{xlsx: out/a.xlsx, pages: [channel]}]", "может быть, «channels»"),
        ("[{xlsx: out/a.xlsx, manager: Анна}]", "может быть, «managers»"),
        ("{xlsx: out/a.xlsx, manager: Анна}", "может быть, «managers»"),
    ],
)
def test_a_mistake_in_reports_is_told(tmp_path, svodka, reports, told):
    """With its line, before anything is read."""
    folder = small_client(tmp_path, {"svodka.yaml": f"{SVODKA}reports: {reports}\n"})
    answer = svodka("check", folder)
    assert answer.code == 2
    assert told in answer.err + answer.out


def own(folder, name="own"):
    """The texts and figures of a manager's workbook."""
    book = openpyxl.load_workbook(folder / "out" / f"{name}.xlsx")
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_each_reader_gets_back_the_report_of_a_day(folder, svodka):
    """Beside the present one or in its place; once svodka.yaml names another reader there, it is shown to nobody."""
    first = own(folder)
    path = kept_reports(folder / "data")[-1]
    path.rename(path.with_name("2026-09-01 030000.sheets"))
    with (folder / "exports" / "calls.csv").open("a", encoding="utf-8") as calls:
        calls.write("06.08.2026 12:00:00;70005550109;SEO;Анна;90\n")
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    assert own(folder) != first
    answer = svodka("restore", folder, "--day", "2026-09-01")
    assert (answer.code, "out/own 01.09.2026.xlsx" in answer.out) == (0, True)
    assert own(folder, "own 01.09.2026") == first
    assert svodka("restore", folder, "--day", "2026-09-01", "--to", "xlsx").code == 0
    assert own(folder) == first
    config = folder / "svodka.yaml"
    config.write_text(
        config.read_text("utf-8").replace("own.html, managers: Анна", "own.html, managers: Борис"), "utf-8"
    )
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    of_boris = own(folder)
    assert svodka("restore", folder, "--day", "2026-09-01", "--to", "xlsx").code == 0
    assert own(folder) == of_boris


def test_an_undone_run_leaves_no_readers_report_behind(folder, svodka):
    """The manager's own report goes back too, not only the owner's."""
    first = own(folder)
    with (folder / "exports" / "calls.csv").open("a", encoding="utf-8") as calls:
        calls.write("06.08.2026 12:00:00;70005550109;SEO;Анна;90\n")
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    assert own(folder) != first
    assert svodka("undo", folder, "--yes").code == 0
    assert own(folder) == first
