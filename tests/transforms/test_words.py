"""Numbers, days and counted nouns in sentences."""

from datetime import date
from decimal import Decimal

import pytest

from transforms.words import agreed, counted, figure, number, short_day, span

ONE = [1, 21, 31, 41, 51, 61, 71, 81, 91, 101]
FEW = [n for n in range(113) if n % 10 in {2, 3, 4} and n not in {12, 13, 14, 112}]


@pytest.mark.parametrize("count", range(113))
def test_russian_nouns_agree_from_0_to_112(count):
    """1 звонок, 2 звонка, 5 звонков; 11–14 and 111, 112 take the last form."""
    expected = "звонок" if count in ONE else "звонка" if count in FEW else "звонков"
    assert agreed(count, "call", "ru") == expected


def test_fractions_take_the_second_form():
    """1,9 звонка: a fraction governs the genitive singular."""
    assert counted(1.9, "call", "ru") == "1,9\u00a0звонка"


def test_english_nouns_agree():
    """One call, everything else calls."""
    assert [counted(count, "call", "en") for count in (0, 1, 2)] == ["0\u00a0calls", "1\u00a0call", "2\u00a0calls"]


def test_thousands_stand_apart_by_a_non_breaking_space():
    """A sum never breaks over two lines."""
    assert figure(Decimal("1284500.40"), "money", "ru") == "1\u00a0284\u00a0500\u00a0₽"
    assert figure(Decimal("1284500.40"), "money", "en") == "1,284,500\u00a0₽"


def test_halves_round_away_from_zero():
    """As roubles do in school, not as banks do."""
    assert number(Decimal("2.5"), 0, "ru") == "3"
    assert number(Decimal("-2.5"), 0, "ru") == "−3"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12.34, "12,3"),
        (1.94, "1,9"),
        (0.996, "1,0"),
        (0.83, "0,83"),
        (0.099, "0,099"),
        (0.0057, "0,0057"),
        (0.000057, "0,000057"),
        (0, "0,0"),
    ],
)
def test_ratios_keep_two_significant_digits_below_one(value, shown):
    """0,83 and not 0,8; above one a single decimal is enough."""
    assert figure(value, "ratio", "ru") == shown


@pytest.mark.parametrize(("value", "shown"), [(0.31, "31"), (0.061, "6,1"), (0.0994, "9,9"), (0.0996, "10"), (0, "0")])
def test_shares_have_a_decimal_below_ten_per_cent(value, shown):
    """6,1 % but 31 %."""
    assert figure(value, "share", "ru") == f"{shown}\u00a0%"


def test_unknown_is_a_dash_and_zero_is_zero():
    """— cannot be known; 0 ₽ is nothing."""
    assert figure(None, "money", "ru") == "—"
    assert figure(0, "money", "ru") == "0\u00a0₽"


def test_days_are_told_as_people_do():
    """1–20 сен; one day alone is a day."""
    assert span(date(2026, 9, 1), date(2026, 9, 20), "ru") == "1–20\u00a0сен"
    assert span(date(2026, 9, 1), date(2026, 9, 1), "ru") == short_day(date(2026, 9, 1), "ru") == "1\u00a0сен"
