"""`svodka explain`: one number down to the rows of the files."""

import json

import pytest

from tests.flows.small_client import AS_OF, FILES, small_client

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
            " · данные по 31.08.2026"
        ),
        "Сколько звонков приносит каждая тысяча рублей рекламы.",
        "Формула: 1000 × звонки ÷ расходы; без расходов «—».",
        "Числитель: 1000 × Звонки для отношений = 2",
        "Знаменатель: Расходы на рекламу = 1 501 ₽",
        "",
        "Звонки для отношений: 2, вошло строк: 2",
        "03.08.2026 1 exports/calls.csv:2",
        "04.08.2026 1 exports/calls.csv:3",
        "",
        "Расходы на рекламу: 1 501 ₽, вошло строк: 2",
        "01.08.2026 1 000 exports/spend.csv:2",
        "02.08.2026 500,50 exports/spend.csv:3",
        "В этих таблицах не прочитано вовсе строк: 1 — см. лист «Качество данных» или svodka check",
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
        (["channel_period.calls"], "Не сказано, какая строка таблицы channel_period нужна: добавьте channel=…"),
        (["channel_period.calls", "SEO"], "«SEO»: нужно КЛЮЧ=ЗНАЧЕНИЕ, например channel=SEO"),
        (["channel_period.calls", "chanel=SEO"], "У таблицы channel_period нет ключа «chanel»."),
    ],
)
def test_what_cannot_be_explained_is_said(school, svodka, words, text):
    """Code 2 and what is possible."""
    answer = svodka("explain", school, *words)
    assert answer.code == 2
    assert answer.err.startswith(text)


def test_a_row_that_is_not_there(school, svodka):
    """A channel nobody used: said, not an error."""
    answer = svodka("explain", school, "channel_period.calls", "channel=Радио")
    assert answer.code == 0
    assert answer.lines[0].endswith(": такой строки нет")


def test_nothing_computed_yet(tmp_path, svodka):
    """A client that never ran."""
    answer = svodka("explain", small_client(tmp_path), "chain_period.calls")
    assert answer.code in {2, 6}
    assert "svodka run" in answer.err
