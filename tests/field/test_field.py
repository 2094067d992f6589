"""What is said in two ways is settled by the data, asked about or named: never guessed in silence."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, CALL_HEAD, CALLS, HEAD, ONE_ORDER, ORDERS, Situation, prove, table

SITUATIONS = (
    Situation(
        "a row exported twice",
        {"orders": ORDERS},
        {"o.csv": table(HEAD, ONE_ORDER, ONE_ORDER, "2;04.08.2026;Оплачен;Мёд;50;70000000002")},
        right="150.00",
        says="строки повторяются слово в слово",
    ),
    Situation(
        "equal rows that are separate",
        {"orders": {**ORDERS, "repeats": "keep"}},
        {"o.csv": table(HEAD, ONE_ORDER, ONE_ORDER, "2;04.08.2026;Оплачен;Мёд;50;70000000002")},
        right="250.00",
    ),
    Situation(
        "lines of one order",
        {"orders": ORDERS},
        {"o.csv": table(HEAD, ONE_ORDER, ONE_ORDER.replace("Чай;100", "Мёд;70"))},
        right="170.00",
    ),
    Situation(
        "the order's total on every line",
        {"orders": ORDERS},
        {
            "o.csv": table(
                HEAD,
                *(f"{n};03.08.2026;Оплачен;{what};{n}00;7000000000{n}" for n in (1, 2, 3) for what in ("Чай", "Мёд")),
            )
        },
        says="amounts: line",
    ),
    Situation(
        "a total whose heading says so",
        {"orders": {**ORDERS, "columns": {**ORDERS["columns"], "revenue_rub": "Сумма чека"}}},  # type: ignore[dict-item]
        {
            "o.csv": table(
                HEAD.replace("Сумма", "Сумма чека"),
                *(f"{n};03.08.2026;Оплачен;{what};{n}00;7000000000{n}" for n in (1, 2, 3) for what in ("Чай", "Мёд")),
            )
        },
        right="600.00",
        says="сумма сделки стоит в каждой её строке",
    ),
    Situation(
        "an article for an order's number",
        {"orders": ORDERS},
        {"o.csv": table(HEAD, *(f"A-7;0{n}.08.2026;Оплачен;Чай;100;7000000000{n}" for n in range(1, 6)))},
        says="не номер",
    ),
    Situation(
        "numbers that begin anew every month",
        {"orders": ORDERS},
        {
            f"o{month}.csv": table(
                HEAD, *(f"{n};0{n}.0{month}.2026;Оплачен;Чай;100;700000{month}000{n}" for n in (1, 2, 3))
            )
            for month in (7, 8)
        },
        says="не номер",
    ),
    Situation(
        "a call that rang on three phones",
        {"calls": CALLS},
        {
            "c.csv": table(
                CALL_HEAD,
                "5;03.08.2026 10:00:00;70000000001;Анна;Пропущен;0",
                "5;03.08.2026 10:00:15;70000000001;Борис;Пропущен;0",
                "5;03.08.2026 10:00:30;70000000001;Вера;Отвечен;45",
                "6;03.08.2026 11:00:00;70000000002;Анна;Отвечен;30",
            )
        },
        "select count(*) || ' ' || sum(talk_seconds) || ' ' || count(*) filter (where is_answered) from staged.calls",
        "2 75 2",
    ),
    Situation(
        "stages none of which is known",
        {"visits": ORDERS},
        {"v.csv": table(HEAD, *(f"{n};0{n}.08.2026;Побывал;Чай;100;7000000000{n}" for n in (1, 2, 3)))},
        says="«Побывал» (3)",
    ),
    Situation(
        "the same stages, explained",
        {"visits": {**ORDERS, "values": {"status": {"won": ["Побывал"]}}}},
        {"v.csv": table(HEAD, *(f"{n};0{n}.08.2026;Побывал;Чай;100;7000000000{n}" for n in (1, 2, 3)))},
        right="300.00",
    ),
    Situation(
        "a stage known, and not the one of those who bought",
        {"visits": ORDERS},
        {
            "v.csv": table(
                HEAD,
                *(
                    f"{n};0{n}.08.2026;{('Побывал', 'Отменен', 'Ожидание')[n % 3]};Чай;100;7000000000{n}"
                    for n in range(1, 9)
                ),
            )
        },
        says="«Побывал» (2)",
    ),
    Situation(
        "a Latin letter in a stage, and marks that nobody sees in a heading",
        {"orders": ORDERS},
        {
            "o.csv": table(
                HEAD.replace("Статус", "Cтатус").replace("Сумма", "Сум\u00adма\u200b"),
                *(f"{n};0{n}.08.2026;{'Oплaчен' if n % 2 else 'Оплачен'};Чай;100;7000000000{n}" for n in range(1, 9)),
            )
        },
        right="800.00",
    ),
    *(
        Situation(
            f"names written in {written} and read as {read}",
            {"orders": {**ORDERS, "columns": {**ORDERS["columns"], "manager": "Кто"}}},  # type: ignore[dict-item]
            {
                "o.csv": table(
                    HEAD + ";Кто",
                    *(
                        f"{n};0{n}.08.2026;Оплачен;Чай;100;7000000000{n};{who}"
                        for n in range(1, 5)
                        for who in ("Анна", "Борис".encode(written).decode(read))
                    ),
                )
            },
            says="потеряны буквы",
        )
        for written, read in (("utf-8", "latin-1"), ("utf-8", "cp866"), ("cp1251", "cp866"), ("cp1251", "koi8-r"))
    ),
    Situation(
        "spending pasted twice",
        {"spend": {"table": "ad_spend", "columns": {"spend_on": "Дата", "spend_rub": "Расход"}}},
        {"s.csv": table("Дата;Расход", *(f"0{n}.08.2026;{n}01" for n in (1, 2, 3, 4) for _ in "ab"))},
        says="repeats: drop",
    ),
    Situation(
        "a plan in the owner's words",
        {
            "plan": {
                "table": "plan",
                "columns": {"period_start": "Месяц", "metric": "Что", "planned": "План"},
                "constants": {"grain": "month"},
                "values": {"metric": {"clients": ["Покупателей"]}},
            }
        },
        {"p.csv": table("Месяц;Что;План", "01.08.2026;Покупателей;30", "01.08.2026;Выручко;5", "01.08.2026;Звонки;9")},
        "select string_agg(metric, ' ' order by metric) from staged.plan",
        "chain_period.calls chain_period.clients",
        says="«Выручко»",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_a_situation_gives_what_is_right_or_asks(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)
