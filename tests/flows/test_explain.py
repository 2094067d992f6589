"""`svodka explain`: one number down to the rows of the files."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.flows.small_client import AS_OF, FILES, small_client
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A client after one run; a refused call among its rows."""
    from flows.cli import main

    calls = FILES["exports/calls.csv"] + "32.08.2026 10:00:00;70005550104;SEO;Анна;5\n"
    folder = small_client(tmp_path_factory.mktemp("explain") / "vasilek", {"exports/calls.csv": calls})
    assert main(["run", str(folder), "--as-of", AS_OF, "--to", "none"]) == 0
    return folder


def test_a_ratio_is_explained_to_the_rows(school, svodka):
    """1000 × 2 calls ÷ 1,500.50 ₽ = 1.33, and the files and rows of both."""
    answer = svodka("explain", school, "channel_period.calls_per_1000_rub", "channel=Яндекс.Директ")
    assert (answer.code, answer.err) == (0, "")
    assert answer.lines == [
        "Звонков на 1 000 ₽ рекламы: 1,33",
        (
            "channel_period.calls_per_1000_rub · grain=month, period_start=2026-08-01, channel=Яндекс.Директ"
            " · отчёт на 31.08.2026"
        ),
        "Сколько звонков приносит каждая тысяча рублей рекламы.",
        "Формула: 1 000 × звонки ÷ расходы; без расходов «—».",
        "Числитель: 1 000 × Звонки для отношений = 1 000 × 2 = 2 000",
        "Знаменатель: Расходы на рекламу = 1 501 ₽",
        "",
        "Звонки для отношений: 2, вошло строк: 2",
        "03.08.2026 1 exports/calls.csv:2",
        "04.08.2026 1 exports/calls.csv:3",
        "",
        "Расходы на рекламу: 1 501 ₽, вошло строк: 2",
        "01.08.2026 1 000 exports/spend.csv:2",
        "02.08.2026 500,50 exports/spend.csv:3",
        f"В этих таблицах не прочитано вовсе строк: 1 — см. лист «Качество данных» или svodka check {school}",
        "Исправить строку, не трогая выгрузку (верное — вместо СТАЛО; любую строку выше — так же):",
        f"svodka correct {school} exports/calls.csv:2 --leave-out",
        f"svodka correct {school} exports/spend.csv:2 spend_rub=СТАЛО",
    ]


def test_rows_left_out_say_why(school, svodka):
    """Анна's unanswered call is none of her calls."""
    answer = svodka("explain", school, "manager_period.calls", "manager=Анна", "period_start=2026-08-01")
    assert "Не вошло, без ответа: 1" in answer.lines
    assert answer.lines[answer.lines.index("Не вошло, без ответа: 1") + 1] == "04.08.2026 1 exports/calls.csv:3"


def test_long_lists_are_cut(school, svodka):
    """`--rows 1` shows one and says how many more."""
    answer = svodka("explain", school, "chain_period.calls", "--rows", "1")
    assert "Входящие звонки: 3, вошло строк: 3" in answer.lines
    assert "…и ещё 2" in answer.lines


def test_no_phone_is_ever_shown(school, svodka):
    """File and row suffice to find the person."""
    for number in ("channel_period.unique_calls", "channel_period.clients"):
        assert "7000555" not in svodka("explain", school, number, "channel=SEO").out


def test_the_same_for_machines(school, svodka):
    """`--json` alone on standard output."""
    shown = json.loads(svodka("explain", school, "chain_period.revenue_rub", "--json").out)
    assert shown["value"] == "12000.50"
    assert shown["parts"][0]["rows_used"] == 2
    assert shown["parts"][0]["used"][0] == {
        "source": "orders",
        "source_file": "exports/orders.csv",
        "source_row": 2,
        "day_on": "2026-08-10",
        "value": "5000.00",
        "reason": None,
    }


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["channel_period.cals", "channel=SEO"], "В таблице channel_period нет столбца «cals»."),
        (["chanel_period.calls"], "Таблицы показателей «chanel_period» нет."),
        (
            ["channel_period.calls", "channel=Яндес.Директ"],
            "В таблице channel_period нет channel=«Яндес.Директ» — может быть, «Яндекс.Директ», «янекс.директ»? Есть: ",
        ),
        (["channel_period.calls", "channel=Радио"], "В таблице channel_period нет channel=«Радио». Есть: "),
        (
            ["channel_period.calls", "channel=SEO", "period_start=2026-08-15"],
            (
                "period_start=2026-08-15 — не первый день. Этот день внутри периода, который начинается 2026-08-01: "
                "period_start=2026-08-01"
            ),
        ),
        (["channel_period.calls", "period_start=2031-08-01"], "Периода с 2031-08-01 нет: есть с 2026-"),
        (
            ["manager_period.conversion_low"],
            "manager_period.conversion_low не складывается из строк — укажите manager=…, есть: ",
        ),
        (["Ъъъ"], "Показателя «Ъъъ» нет. Подойдёт и таблица.столбец, например channel_period.calls"),
        (["Выручька"], "Показателя «Выручька» нет — может быть, «Выручка»"),
        (
            ["channel_period.calls", "channel=SEO", "period_start=сентбр"],
            "period_start=сентбр — не день и не месяц. Подойдёт 2026-09-01, 2026-09, 09.2026 или «сен 2026»",
        ),
        (
            ["channel_period"],
            "Не сказано, какой показатель таблицы channel_period нужен: channel_period.СТОЛБЕЦ, есть: ",
        ),
        (
            ["Пропущенные", "год=2026"],
            "Таблица channel_period не посчитана с шагом year. Есть: month, week; другой шаг добавляет настройка",
        ),
        (["lever.rank"], "Не сказано, какая строка таблицы lever нужна: добавьте lever=…, есть: "),
        (["channel_period.calls", "SEO"], "«SEO»: нужно КЛЮЧ=ЗНАЧЕНИЕ, например channel=SEO"),
        (["channel_period.calls", "chanel=SEO"], "У таблицы channel_period нет ключа «chanel»."),
    ],
)
def test_what_cannot_be_explained_is_said(school, svodka, words, text):
    """Code 2 and what is possible."""
    answer = svodka("explain", school, *words)
    assert answer.code == 2
    assert answer.err.startswith(text)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["channel_period.calls", "channel=яндекс.директ", "period_start=2026-08"], "channel_period.calls · {row}"),
        (["channel_period.calls", "канал=ЯНДЕКС.ДИРЕКТ", "период=08.2026"], "channel_period.calls · {row}"),
        (["channel_period.calls", "канал=Яндекс.Директ", "месяц=авг 2026"], "channel_period.calls · {row}"),
        (["channel_period.calls", "канал=Яндекс.Директ", "month=August"], "channel_period.calls · {row}"),
        (["Пропущенные", "канал=Яндекс.Директ", "период=август 2026 г."], "channel_period.missed_calls · {row}"),
        (["channel_period.calls", "channel=Яндекс.Директ", "period_start=01.08.2026"], "channel_period.calls · {row}"),
        (["Стоимость клиента"], "whole_period.cac_rub · grain=month, period_start=2026-08-01"),
        (
            ["whole_period.calls", "grain=week", "period_start=2026-08-24"],
            "whole_period.calls · grain=week, period_start=2026-08-24 (24–30 авг 2026)",
        ),
        (["Оборот", "канал=Яндекс.Директ"], "channel_period.revenue_rub · {row}"),
        (["Окупаемость"], "unit_economics_period.payback_months · grain=month, period_start=2026-08-01"),
        (["Цена нового клиента"], "whole_period.cac_rub · grain=month, period_start=2026-08-01"),
        (["Активные подписчики"], "subscriber_period.active_end · grain=month, period_start=2026-08-01"),
        (["Клиентов на 10 звонков", "менеджер=анна"], "manager_period.clients_per_10_calls · grain=month, "),
    ],
)
def test_a_figure_is_asked_for_as_an_owner_writes_it(school, svodka, words, line):
    """By its name in the report, the channel in any case, the month in words or figures."""
    answer = svodka("explain", school, *words)
    assert answer.code == 0
    assert answer.lines[1].startswith(line.format(row="grain=month, period_start=2026-08-01, channel=Яндекс.Директ"))


def test_figures_behind_a_figure_are_told_with_their_commands(school, svodka):
    """Whether a month is ripe follows from days and a setting; the bounds of a share from two counts."""
    ripe = svodka("explain", school, "manager_period.is_mature", "manager=Анна", "period_start=2026-08")
    assert ripe.lines[0].endswith(": нет")
    assert "Последний день периода, по который есть данные: 31.08.2026" in ripe.lines
    assert any(line.endswith("90 (настройка attribution.lookback_days)") for line in ripe.lines)
    dependence = svodka("explain", school, "channel_dependence.is_dependent", "period_start=2026-08")
    command = f"explain {school} channel_dependence.p_value grain=month period_start=2026-08-01"
    assert any(line.endswith(command) for line in dependence.lines)


def test_a_client_is_asked_for_by_their_phone_and_stays_masked(school, svodka):
    """However the number is written; nobody else is named."""
    answer = svodka("explain", school, "client_segment.orders", "клиент=8 (000) 555-01-01")
    assert (answer.code, answer.lines[0]) == (0, "Оплаченные сделки: 1")
    assert "client_key=•••" in answer.lines[1]
    further = svodka("explain", school, "client_segment.segment", "клиент=8 (000) 555-01-01")
    assert any(line.endswith("client_segment.r 'client_key=ТЕЛЕФОН'") for line in further.lines)
    unknown = svodka("explain", school, "client_segment.orders", "client_key=70009990000")
    assert unknown.code == 2
    assert "7000555" not in answer.out + unknown.err


def test_a_total_is_explained_as_the_page_has_it(school, svodka):
    """The foot of «Каналы»: 1000 × 2 calls of the paid channel ÷ 1,500.50 ₽ = 1.33; SEO cost nothing."""
    named = svodka("explain", school, "channel_period.calls_per_1000_rub", "channel=Всего, платные")
    default = svodka("explain", school, "channel_period.calls_per_1000_rub")
    for answer in (named, default):
        assert answer.code == 0
        assert answer.lines[0] == "Звонков на 1 000 ₽ рекламы: 1,33"
        assert "Числитель: 1 000 × Звонки для отношений = 1 000 × 2 = 2 000" in answer.lines
    assert any(line.startswith("Одна строка: channel=… — есть SEO, ") for line in default.lines)


def test_a_difference_is_told_as_one(school, svodka):
    """What is taken off has no numerator above it."""
    answer = svodka("explain", school, "whole_period.profit_after_ads_rub")
    assert any(line.startswith("Плюс: Валовая прибыль = ") for line in answer.lines)
    assert any(line.startswith("Минус: Расходы на рекламу = ") for line in answer.lines)
    assert "Числитель" not in answer.out


def test_a_figure_of_many_units_is_told_in_its_own(school, svodka):
    """The average check of a lever is roubles, its conversion per cent, its people whole; months are words and days."""
    check, share, people = (
        svodka("explain", school, "lever.base_value", f"lever={name}") for name in ("av_price", "c1", "ua")
    )
    assert check.lines[0].endswith("₽")
    assert share.lines[0].endswith("%")
    assert "," not in people.lines[0]
    assert any("(месяц, Всего)" in line for line in people.lines)


def test_managers_have_a_total_too(school, svodka):
    """Two buyers of two managers, each counted at each: 1 + 1."""
    answer = svodka("explain", school, "manager_period.clients")
    assert answer.lines[0].endswith(": 2")
    assert "Купившие клиенты: 2, вошло строк: 2" in answer.lines


def test_an_active_subscriber_is_told_by_the_visit(school, svodka):
    """Of 30 August, not by the day of joining; the silent one by the last that was seen."""
    answer = svodka("explain", school, "subscriber_period.active_end")
    assert "30.08.2026 1 exports/users.csv:2" in answer.lines
    assert "Не вошло, давно не активен: 1" in answer.lines
    assert answer.lines[answer.lines.index("Не вошло, давно не активен: 1") + 1] == "02.07.2026 1 exports/users.csv:3"


def test_figures_of_an_earlier_version_ask_for_a_run(school, tmp_path, svodka):
    """Tables of figures that lack a column are told in words, and no traceback of the engine."""
    copy = tmp_path / "vasilek"
    shutil.copytree(school, copy)
    with duckdb.connect(str(copy / "data" / "svodka.duckdb")) as connection:
        connection.execute("alter table metrics.buyer_call drop column source_row")
    answer = svodka("explain", copy, "manager_period.conversion")
    assert answer.code == 6
    assert "выполните svodka run и спросите снова" in answer.err


def test_nothing_computed_yet(tmp_path, svodka):
    """A client that never ran."""
    answer = svodka("explain", small_client(tmp_path), "chain_period.calls")
    assert answer.code in {2, 6}
    assert "svodka run" in answer.err


@pytest.mark.long
def test_every_column_of_the_examples_is_explained(tmp_path):
    """The latest row of every table, in the first example that has one: each column says what it is made of."""
    from config.metrics import metrics
    from flows.cli import main

    left = dict(metrics().tables)
    for example in ("workshop", "salon", "school"):
        folder = tmp_path / example
        shutil.copytree(Path(__file__).parents[2] / "examples" / example, folder)
        assert main(["run", str(folder), "--as-of", "2026-09-20", "--to", "none"]) == 0
        for table in [*left]:
            for keys in latest_row(folder, table, left[table].key):
                check_columns(folder, table, keys, left.pop(table))
    assert not left


def check_columns(folder, table, keys, described):
    """A row and the words that ask for it: each of its columns is told, and its own rows add up to it."""
    from flows.explain.explain import explain
    from flows.explain.show import lines

    for column in described.columns:
        explained = explain(folder, f"{table}.{column}", keys, 1)
        assert explained.is_found, (table, column)
        assert explained.parts or explained.cells or explained.rests_on or column in described.key, (table, column)
        assert all(str(line) or not line for line in lines(explained))
        own = next((part.total for part in explained.parts if part.name == column), explained.value)
        assert explained.value is None or own == pytest.approx(explained.value), (table, column)


def latest_row(folder, table, key):
    """The words that ask for the last row of a table, or nothing where it has none."""
    with reading(folder / "data") as connection:
        months = "where grain = 'month'" if "grain" in key else ""
        order = "order by all desc limit 1"
        rows = connection.execute(f"select {', '.join(key)} from metrics.{table} {months} {order}").fetchall()
    return [[f"{name}={value}" for name, value in zip(key, row, strict=True)] for row in rows]
