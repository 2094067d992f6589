"""Periods as title lines and file names tell them."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.period import period_in


def days(first: str, last: str) -> tuple[date, date]:
    """Two ISO days."""
    return date.fromisoformat(first), date.fromisoformat(last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1 августа 2026 г. - 31 августа 2026 г.", "2026-08-01", "2026-08-31"),
        ("1\u00a0сентября 2026\u00a0г. - 20\u00a0сентября 2026\u00a0г.", "2026-09-01", "2026-09-20"),
        ("Период: 01.08.2026 - 10.08.2026", "2026-08-01", "2026-08-10"),
        ("с 01.08.26 по 31.08.26", "2026-08-01", "2026-08-31"),
        ("Отчёт ЕРЛ август (2026-08-01 - 2026-08-10)", "2026-08-01", "2026-08-10"),
        ("Статистика_с_2026-08-01_по_2026-08-07 (1).xlsx", "2026-08-01", "2026-08-07"),
        ("export_2026-08-01_2026-08-31.csv", "2026-08-01", "2026-08-31"),
        ("report_20260801-20260831.csv", "2026-08-01", "2026-08-31"),
        ("с 1 по 31 августа 2026", "2026-08-01", "2026-08-31"),
        ("1 августа - 5 сентября 2026 года", "2026-08-01", "2026-09-05"),
        ("01.07-31.07.2026", "2026-07-01", "2026-07-31"),
        ("August 1, 2026 - August 31, 2026", "2026-08-01", "2026-08-31"),
        ("Дата платежей: 2026-08-14", "2026-08-14", "2026-08-14"),
        ("отчёт за 14.08.2026", "2026-08-14", "2026-08-14"),
        ("5\u00a0августа 2026\u00a0г.", "2026-08-05", "2026-08-05"),
        ("August 5, 2026", "2026-08-05", "2026-08-05"),
        ("VK 2 август 2026.xlsx", "2026-08-01", "2026-08-31"),
        ("VK август 2026.xlsx", "2026-08-01", "2026-08-31"),
        ("за май 2026 г.", "2026-05-01", "2026-05-31"),
        ("vk_2026-02.xlsx", "2026-02-01", "2026-02-28"),
        ("vk_08.2026.xlsx", "2026-08-01", "2026-08-31"),
    ],
)
def test_periods_in_figures_and_words(text, first, last):
    """Days and months as exports and people write them."""
    assert period_in(text) == days(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "Сформирован: 01.09.2026",
        "Отчёт создан 5 сентября 2026 г.",
        "DEAL_20260901_demo.xls",
        "01.07-31.07",
        "маркетинг 2026",
        "звонки.csv",
        "31.08.2026 - 01.08.2026",
        "45.08.2026 - 50.08.2026",
        "Заказ 2026",
    ],
)
def test_what_names_no_period(text):
    """The day a file was made, days without a year, words that begin like months, days that run back."""
    assert period_in(text) is None
