"""Plans, changes, reasons and partners kept by hand, from the file to the figures."""

import pytest

from flows.say import speak
from tests.flows.small_client import FILES, SVODKA, small_client
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow
AS_OF = "2026-08-20"
PLAN = """\
  plan:
    table: plan
    files: plan*.csv
    columns: {grain: Период, period_start: Начало, metric: Показатель, channel: Канал, manager: Менеджер, planned: План}
    values: {metric: {revenue_rub: [Деньги]}}
"""
CHANGES = """\
  changes:
    table: experiments
    files: changes.csv
    columns: {name: Что, metric: Показатель, changed_on: Когда, days: Дней}
"""
HEADER = "Период;Начало;Показатель;Канал;Менеджер;План\n"
ROWS = (
    "месяц;август 2026;Деньги;;;24 000\n"
    "месяц;15.08.2026;Клиентов на 10 звонков;SEO;;16,5 %\n"
    "год;2026;Звонки;Все;Всего;100\n"
    "месяц;август 2026;Звоночки;;;10\n"
    "месяц;август 2026;Конверсия;;;1\n"
    "месяц;август 2026;Выручка;;;12 000\n"
)


def svodka_yaml(*sources: str, dictionaries: str = "") -> str:
    """The small client with more sources and dictionaries."""
    return SVODKA.replace("dictionaries:\n", "".join([*sources, "dictionaries:\n", dictionaries]))


def asked(folder, sql: str) -> list[tuple[object, ...]]:
    """A question to the client's warehouse."""
    with reading(folder / "data") as connection:
        return connection.execute(sql).fetchall()


def test_a_plan_is_written_as_people_write(tmp_path, svodka):
    """Labels and own words, per cent, a year alone, «все»; equal keys stand once; unknown figures are refused."""
    speak("ru")
    folder = small_client(tmp_path, {"svodka.yaml": svodka_yaml(PLAN), "plan.csv": HEADER + ROWS})
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 0
    assert asked(folder, "select grain, metric, channel, planned, actual from metrics.plan_period order by metric") == [
        ("year", "chain_period.calls", "Всего", 100, 3),
        ("month", "chain_period.revenue_rub", "Всего", 12000, 12000.5),
        ("month", "channel_period.clients_per_10_calls", "SEO", 0.165, 10),
    ]
    assert asked(folder, "select source_row, column_name, value, reason from ops.rejects order by source_row") == [
        (5, "metric", "Звоночки", "unknown_metric"),
        (6, "metric", "Конверсия", "unknown_metric"),
    ]
    assert asked(folder, "select rows_duplicate from ops.loads where source = 'plan'") == [(1,)]
    assert asked(folder, "select distinct grain from metrics.chain_period order by 1") == [
        ("month",),
        ("week",),
        ("year",),
    ]
    assert asked(folder, "select distinct grain from metrics.manager_period order by 1") == [("month",), ("week",)]


def test_one_plan_in_two_sources_is_asked_about(tmp_path, svodka):
    """Nobody can tell which of them holds."""
    speak("ru")
    both = svodka_yaml(PLAN.replace("plan*", "plan"), PLAN.replace("  plan:", "  plan_b:").replace("plan*", "plan_b"))
    files = {"svodka.yaml": both, "plan.csv": HEADER + ROWS, "plan_b.csv": HEADER + "месяц;август 2026;Выручка;;;1\n"}
    answer = svodka("run", small_client(tmp_path, files), "--as-of", AS_OF)
    assert answer.code == 4
    assert (
        "план на chain_period.revenue_rub, month с 2026-08-01, стоит в двух источниках: plan, plan_b"
        in answer.out + answer.err
    )


def test_two_changes_of_one_name_are_asked_about(tmp_path, svodka):
    """Nobody can tell which of them the name means."""
    speak("ru")
    changes = "Что;Показатель;Когда;Дней\nскрипт;Звонки;05.08.2026;7\nскрипт;Выручка;06.08.2026;7\n"
    files = {"svodka.yaml": svodka_yaml(CHANGES), "changes.csv": changes}
    answer = svodka("run", small_client(tmp_path, files), "--as-of", AS_OF)
    assert answer.code == 4
    assert "изменение «скрипт» записано дважды: changes.csv:2, changes.csv:3" in answer.out + answer.err


def test_reasons_and_partners_come_from_their_tables(tmp_path, svodka):
    """Groups and rules; a reason that the table lacks is unknown like a channel; a changed table is noticed alone."""
    speak("ru")
    orders = (
        "Номер;Оплачен;Телефон;Статус;Сумма;Причина;Промокод\n"
        "1;10.08.2026;70005550101;Успешно реализовано;5 000;;оля10\n"
        "2;11.08.2026;70005550103;Закрыто и не реализовано;7 000;ДОРОГО;\n"
        "3;11.08.2026;70005550103;Закрыто и не реализовано;1 000;Дарого;\n"
    )
    columns = "{deal_id: Номер, closed_on: Оплачен, phone: Телефон, status: Статус, revenue_rub: Сумма,"
    columns += " loss_reason: Причина, promo_code: Промокод}"
    yaml = svodka_yaml(dictionaries="  loss_reasons: reasons.csv\n  partners: partners.csv\n").replace(
        "{deal_id: Номер, closed_on: Оплачен, phone: Телефон, manager: Менеджер, revenue_rub: Сумма}", columns
    )
    files = {
        **FILES,
        "svodka.yaml": yaml,
        "exports/orders.csv": orders,
        "reasons.csv": "alias,name,group\nдорого,Цена,наша\n",
        "partners.csv": "name,promo_code,utm_source,share,rub_per_client\nОльга,ОЛЯ10,,10 %,\n",
    }
    folder = small_client(tmp_path, files)
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 0
    reasons = "select reason, reason_group, deals_lost from metrics.loss_reason_period where grain = 'month' order by 1"
    assert asked(folder, reasons) == [("Дарого", None, 1), ("Цена", "own", 1)]
    assert asked(folder, "select partner, reward_rub from metrics.partner_period where grain = 'month'") == [
        ("Ольга", 500)
    ]
    unknown = "select alias, rows, money_rub, suggestion from ops.unmapped where dictionary = 'loss_reasons'"
    assert asked(folder, unknown) == [("Дарого", 1, 1000, "Цена")]
    (folder / "reasons.csv").write_text("alias,name,group\nдорого,Цена,наша\nдарого,Цена,наша\n", "utf-8")
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    assert asked(folder, reasons) == [("Цена", "own", 2)]
