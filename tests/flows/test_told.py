"""The few lines after a run."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from connectors.warehouse.answers.ask import Month, UnknownName
from flows.run.show import markdown, one_line, opened, reconciliation, tell
from flows.run.told.summary import Changed, Figure, RunSummary, SourceRows, main_figures
from flows.say import figure, speak

SUMMARY = RunSummary(
    client="Школа «Ромашка»",
    folder="school",
    run_id="20260921-000000",
    as_of=date(2026, 9, 20),
    status="partial",
    exit_code=3,
    sources=[
        SourceRows(
            source="calls",
            table="calls",
            files=4,
            files_read=1,
            rows_read=1234567,
            rows_staged=1234500,
            rows_rejected=60,
            rows_duplicate=0,
            rows_skipped=7,
            data_to_on=date(2026, 9, 20),
        ),
        SourceRows(
            source="orders",
            table="deals",
            files=1,
            rows_read=10,
            rows_staged=9,
            rows_rejected=1,
            money_rejected_rub=Decimal("4990.00"),
        ),
    ],
    unmapped=[
        UnknownName("channels", "янекс.директ", "Яндекс.Директ", 3, Decimal(1500)),
        UnknownName("channels", "радио", None, 1),
    ],
    dictionaries={"channels": "channels.csv"},
    figures_of=date(2026, 8, 1),
    figures=[
        Figure("Выручка", Decimal("1234567.50"), Decimal(1000000), "rub"),
        Figure("Конверсия", 0.0123, None, "share"),
    ],
    changed=[Changed(date(2026, 6, 1), "Выручка", Decimal(100), Decimal(200), "rub")],
    written=["out/Сводка.xlsx"],
    problems=["calls: файла нет"],
    seconds=2.34,
)


def test_a_summary_reads_as_a_person_would_say_it(capsys):
    """Read, refused, changed, main figures, written; the problem goes to the error stream."""
    speak("ru")
    tell(SUMMARY)
    shown = capsys.readouterr()
    lines = [" ".join(line.replace("\u00a0", " ").split()) for line in shown.out.splitlines()]
    assert lines == [
        "Школа «Ромашка»: отчёт на 20.09.2026 готов за 2,3 с, но не всё в порядке",
        "источник файлов строк принято отвергнуто повторы служебные данные по",
        "calls 4 1 234 567 1 234 500 60 · 7 20.09.2026",
        "orders 1 (без изменений) 10 9 1 · · —",
        "orders: в отвергнутых строках 4 990 ₽ — см. лист «Качество данных»",
        "Отвергнутые строки — на листе «Качество данных»; по одной с причиной покажет и svodka check school",
        "Нет в словарях (впишите строкой «как в выгрузке,как в отчёте»; «как в выгрузке,» — это не имя):",
        "«янекс.директ» — похоже на «Яндекс.Директ», строк 3, 1 500 ₽ (принять: svodka accept school)",
        "«радио» — добавьте в channels.csv (каналы)",
        "август 2026 месяцем раньше",
        "Выручка 1 234 568 ₽ 1 000 000 ₽",
        "Конверсия 1,2 % —",
        "Изменилось задним числом:",
        "июнь 2026: Выручка 100 ₽ → 200 ₽",
        "Записано: school/out/Сводка.xlsx",
    ]
    assert shown.err == "calls: файла нет\n"


def test_quiet_says_only_what_is_wrong(capsys):
    """For cron."""
    tell(SUMMARY, is_quiet=True)
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "calls: файла нет\n")


def test_json_keeps_money_exact_and_days_iso():
    """A machine reads the same summary."""
    shown = SUMMARY.as_json()
    assert shown["as_of"] == "2026-09-20"
    assert shown["sources"][1]["money_rejected_rub"] == "4990.00"
    assert shown["figures"][0] == {"name": "Выручка", "value": "1234567.50", "before": "1000000", "unit": "rub"}


def test_the_page_of_a_run(capsys):
    """What Prefect shows: one line, a page, and a table that balances."""
    speak("ru")
    assert one_line(SUMMARY) == "calls: файла нет"
    page = markdown(SUMMARY)
    assert "| Выручка | 1\u00a0234\u00a0568\u00a0₽ | 1\u00a0000\u00a0000\u00a0₽ |" in page
    assert "- **calls: файла нет**" in page
    assert reconciliation(SUMMARY)[1] == {
        "источник": "orders",
        "строк": "10",
        "принято": "9",
        "отвергнуто": "1",
        "повторы": "0",
        "служебные": "0",
        "данные по": "—",
    }


def test_a_report_on_the_web_is_told_by_its_address(capsys):
    """An address is shown as it is, also that of a server on this machine; a file as it is reached from here."""
    written = ["out/Сводка.xlsx", "https://docs.google.com/spreadsheets/d/1", "http://127.0.0.1:8765/spreadsheets/1"]
    speak("ru")
    tell(replace(SUMMARY, written=written))
    told = [line.removeprefix("Записано: ") for line in capsys.readouterr().out.splitlines() if "Записано" in line]
    assert told == ["school/out/Сводка.xlsx", *written[1:]]


def test_a_failed_run_has_written_no_report_but_why(capsys):
    """In the terminal and on the page at Prefect."""
    speak("ru")
    failed = replace(SUMMARY, status="failed", exit_code=3, written=["out/Сводка.xlsx"])
    tell(failed)
    assert "В отчёте помечено, почему он не обновлён: school/out/Сводка.xlsx" in capsys.readouterr().out
    assert "Записано" not in markdown(failed)


def test_the_page_is_opened_before_the_workbook(tmp_path):
    """`--open` shows what a browser shows at once; without a page the workbook, without both the spreadsheet."""
    web = "https://docs.google.com/spreadsheets/d/1"
    assert opened(tmp_path, ["out/a.xlsx", web, "out/a.html"]) == str(tmp_path / "out" / "a.html")
    assert opened(tmp_path, [web, "out/a.xlsx"]) == str(tmp_path / "out" / "a.xlsx")
    assert opened(tmp_path, [web]) == web
    assert opened(tmp_path, []) is None


def month_of(first: date, revenue: int, spend: int) -> Month:
    return Month(first, is_complete=True, spend_rub=Decimal(spend), calls=None, calls_per_1000_rub=None, clients=None,
                 revenue_rub=Decimal(revenue), active_end=None, conversion_of_active=None)  # fmt: skip


def test_a_month_after_the_last_sale_is_not_known():
    """Sales end on 20 September: October's revenue is no 0 ₽; what is spent is known, its export is fresh."""
    months = [month_of(date(2026, 9, 1), 1_849_000, 47_441), month_of(date(2026, 10, 1), 0, 50_000)]
    sources = [
        SourceRows("orders", "deals", data_to_on=date(2026, 9, 20), is_stale=True),
        SourceRows("direct", "ad_spend", data_to_on=date(2026, 11, 29)),
    ]
    first, figures = main_figures(months, sources, "all")
    told = {figure.name: (figure.value, figure.before) for figure in figures}
    assert (first, told["Выручка"]) == (date(2026, 10, 1), (None, Decimal(1_849_000)))
    assert told["Расходы на рекламу"] == (Decimal(50_000), Decimal(47_441))


def test_calls_are_enquiries_where_those_are_counted():
    """A run of a client of forms ended with «Звонков на 1 000 ₽ рекламы»."""
    months = [month_of(date(2026, 8, 1), 1, 1)._replace(calls_per_1000_rub=0.86)]
    for counted, name in (("all", "Звонков на 1 000 ₽ рекламы"), ("enquiries", "Обращений на 1 000 ₽ рекламы")):
        assert name in {figure.name.replace("\u00a0", " ") for figure in main_figures(months, [], counted)[1]}


def test_exports_that_all_end_earlier_ask_for_their_own_day(capsys):
    """A first report of a new client is of yesterday, and the exports that were tried are older."""
    old = [replace(rows, data_to_on=date(2026, 8, 20), is_stale=True) for rows in SUMMARY.sources]
    tell(replace(SUMMARY, sources=old))
    assert "Отчёт на 20.08.2026: svodka run school --as-of 2026-08-20" in " ".join(capsys.readouterr().out.split())
    tell(replace(SUMMARY, sources=[old[0], SUMMARY.sources[0]]))
    assert "Все выгрузки кончаются" not in capsys.readouterr().out


def test_a_small_ratio_keeps_two_digits():
    """0,00 would say that advertising brings no calls at all."""
    assert [figure(value, "ratio") for value in (0.0041, 0.27, 1.234, 0)] == ["0,0041", "0,27", "1,23", "0,00"]
