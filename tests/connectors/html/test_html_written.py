"""What stands in a cell of the page: the look's number pattern, as a workbook would show it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from config.theme import look
from connectors.html.written import written

WRITTEN = [
    (1_284_500, "money", "1 284 500 ₽"),
    (Decimal("-1500.50"), "money", "−1 501 ₽"),
    (Decimal("1234567.5"), "kopecks", "1 234 567,50 ₽"),
    (1_284_500, "moneyk", "1 285 тыс. ₽"),
    (1_284_500, "moneymln", "1,3 млн ₽"),
    (45_132_000_000, "moneybln", "45,1 млрд ₽"),
    (12_345, "count", "12 345"),
    (Decimal("2.45"), "ratio", "2,5"),
    (0.175, "share1", "17,5 %"),
    (0.5, "share", "50 %"),
    (-0.21, "change", "▼ 21 %"),
    (0.13, "change.worse", "▲ 13 %"),
    (0, "change", "="),
    (7, "added", "+7"),
    (0, "added", "0"),
    (date(2026, 9, 1), "month", "сен 2026"),
    (date(2026, 9, 20), "date", "20 сен 2026"),
    (datetime(2026, 9, 21, 3, 4), "moment", "21 сен, 03:04"),
    (None, "money", ""),
    (True, "text", "да"),
    ("=1+1", "text", "=1+1"),
]


@pytest.mark.parametrize(("value", "name", "text"), WRITTEN)
def test_a_value_is_written_as_its_look_says(value, name, text):
    """Spaces inside a figure do not break, the decimal mark is a comma, halves round away from zero."""
    assert written(value, look(name), "ru").replace("\N{NO-BREAK SPACE}", " ") == text


def test_english_figures_have_commas_and_a_point():
    """The language of the report decides, not the reader's machine."""
    assert written(Decimal("1284500.5"), look("kopecks"), "en").replace("\N{NO-BREAK SPACE}", " ") == "1,284,500.50 ₽"
    assert written(date(2026, 9, 1), look("month"), "en").replace("\N{NO-BREAK SPACE}", " ") == "Sep 2026"
