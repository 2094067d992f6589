"""Money and numbers: every way of writing them, read whole; junk never becomes a number."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.documents import MOMENT_MARK, NUMBER_MARK
from tests.helpers.often import often
from tests.helpers.parse import read_all, read_cell, reason
from transforms.parse import Reading, with_format

AMOUNTS = st.decimals("-99999999.99", "99999999.99", places=2)
NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1 234,56", "1234.56"),
        (f"1{NBSP}234{NBSP}567,89 ₽", "1234567.89"),
        (f"33{NARROW}175", "33175.00"),
        (f"1{THIN}000 руб.", "1000.00"),
        ("1 990.00 руб.", "1990.00"),  # the dot of «руб.» is not the number's
        ("'1234,50", "1234.50"),
        ('="1234,50"', "1234.50"),
        ("1'234.50", "1234.50"),
        ("(51,19)", "-51.19"),
        ("\u221251,19", "-51.19"),
        ("–51,19", "-51.19"),
        ("-1.234.567,5", "-1234567.50"),
        ("1.234,50", "1234.50"),  # a parser that deletes characters makes 1.23 of it
        ("1,234.50", "1234.50"),
        ("1,234,567", "1234567.00"),
        ("1234,567", "1234.57"),
        ("0,125", "0.13"),
        (",5", "0.50"),
        ("100 р.", "100.00"),
        ("1 001 руб. 50 коп.", "1001.50"),
        ("7р 05к", "7.05"),
        ("1.300,00-", "-1300.00"),  # as SAP writes what is below zero
        ("RUB 100", "100.00"),
        ("₽100", "100.00"),
        ("0", "0.00"),
        (f"{NUMBER_MARK}1234.5", "1234.50"),
        (f"{NUMBER_MARK}1e+3", "1000.00"),
        (f"{NUMBER_MARK}2.675", "2.68"),  # through a float it would be 2.67
        (f"{NUMBER_MARK}-0.005", "-0.01"),
        (f"{NUMBER_MARK}-1234.1250 RUB", "-1234.13"),  # shown in roubles beside other money
    ],
)
def test_an_amount_is_read_as_it_is_written(cell, amount):
    """Separators, signs, guards and currency words do not change what a person reads."""
    assert read_all("money", [cell]) == [(Decimal(amount), None)]


@pytest.mark.parametrize("cell", ["", " ", "-", "--", "—", "–", "не указано", "Нет данных", "N/A", None])
def test_absence_is_not_a_mistake(cell):
    """A dash or a blank cell is unknown, without a reason."""
    assert read_all("money", [cell]) == [(None, None)]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("12 34", "not_money"),
        ("1 234 56", "not_money"),
        ("1990 тыс. шт.", "not_money"),
        ("от 1 400 ₽", "not_money"),
        ("1_000", "not_money"),
        ("0x10", "not_money"),
        ("inf", "not_money"),
        ("--5", "not_money"),
        ("(5", "not_money"),
        ("(-5)", "not_money"),
        ("5,", "not_money"),
        ("руб.", "not_money"),
        ("1,5E+06", "lost_digits"),
        ("70001600000", "looks_like_phone"),
        ("+7 000 160-00-00", "not_money"),
        (f"{NUMBER_MARK}89160000000", "looks_like_phone"),
        ("0,24 $", "other_currency"),
        ("€10", "other_currency"),
        (f"{NUMBER_MARK}1500.5 USD", "other_currency"),
        ("1.234", "ambiguous_number"),
        ("1,234", "ambiguous_number"),
        ("1.234 ₽", "ambiguous_number"),
        ("99999999999999999999", "too_large"),
        ("4276000000000000", "too_large"),  # a card's number, four of which would be more than a file's sum can hold
        ("1 000 000 000 000,00", "too_large"),
        (f"{MOMENT_MARK}2026-05-12", "cell_is_date"),  # Excel took 12.05 for a day
        ("#REF!", "error_cell"),
    ],
)
def test_what_is_no_amount_says_why(cell, why):
    """Nothing is guessed and nothing deleted; each kind of failure has its name."""
    assert read_all("money", [cell]) == [(None, why)]


def test_dollars_are_read_where_the_source_is_in_dollars():
    """A sign is accepted only where it is the source's own currency."""
    assert read_cell("money", "0,24 $", Reading(currency="USD")) == Decimal("0.24")
    assert reason("money", "100 ₽", Reading(currency="USD")) == "other_currency"
    assert read_cell("money", f"{NUMBER_MARK}-0.2470 USD", Reading(currency="USD")) == Decimal("-0.25")
    assert reason("money", f"{NUMBER_MARK}100 RUB", Reading(currency="USD")) == "other_currency"
    assert reason("money", f"{NUMBER_MARK}99999999999999999 USD", Reading(currency="USD")) == "too_large"


@pytest.mark.parametrize(
    ("mark", "cell", "amount"), [(",", "1.234", "1234.00"), (",", "1,234", "1.23"), (".", "1,234", "1234.00")]
)
def test_a_settled_decimal_mark_decides_three_digits(mark, cell, amount):
    """`1.234` is thousands where the comma is decimal, and the other way round."""
    assert read_cell("money", cell, with_format(Reading(), mark)) == Decimal(amount)


@pytest.mark.parametrize(
    ("unit", "cell", "amount"),
    [
        ("micros", "4937350000", "4937.35"),
        ("micros", "5000", "0.01"),
        ("micros", "4999", "0.00"),
        ("micros", f"{NUMBER_MARK}2500000.0", "2.50"),
        ("kopecks", "12345", "123.45"),
    ],
)
def test_micros_and_kopecks_become_roubles_exactly(unit, cell, amount):
    """Whole numbers of a smaller unit; half a kopeck rounds away from zero."""
    assert read_cell("money", cell, with_format(Reading(), unit)) == Decimal(amount)


def test_micros_have_no_fraction():
    """A fraction of a millionth says that the unit is another."""
    assert reason("money", "4937.35", with_format(Reading(), "micros")) == "not_whole"


def grouped(amount: Decimal, thousands: str, decimal: str) -> str:
    return f"{amount:,.2f}".replace(",", "§").replace(".", decimal).replace("§", thousands)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(AMOUNTS, min_size=1, max_size=30),
    st.sampled_from([" ", NBSP, THIN, NARROW, "'", ""]),
    st.sampled_from([",", "."]),
    st.sampled_from(["", " ₽", "₽", " руб.", " руб", " RUB", " р."]),
    st.sampled_from(["-", "\u2212", "–"]),
)
def test_writing_and_reading_money_is_nothing(amounts, thousands, decimal, currency, minus):
    """Whatever the marks, what was written with two decimals is read back to the kopeck."""
    written = [grouped(amount, thousands, decimal).replace("-", minus) + currency for amount in amounts]
    assert read_all("money", written) == [(amount, None) for amount in amounts]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.decimals("-1000000", "1000000", places=4), min_size=1, max_size=20))
def test_halves_of_a_kopeck_round_away_from_zero(amounts):
    """Against Python's own decimals."""
    expected = [amount.quantize(Decimal("0.01"), ROUND_HALF_UP) for amount in amounts]
    assert [value for value, _ in read_all("money", [str(amount).replace(".", ",") for amount in amounts])] == expected


NUMBER = re.compile(
    r"[-+]?(\d+([.,](\d{1,2}|\d{4,}))?|0\d*[.,]\d+|\d{4,}[.,]\d+|\d{1,3}([ ']\d{3})+([.,]\d+)?"
    r"|\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|[.,]\d+)",
    re.ASCII,
)


def restated(text: str) -> Decimal | None:
    """The grammar once more, in plain Python, of numbers without currency and brackets."""
    plain = text.strip()
    if not NUMBER.fullmatch(plain):
        return None
    plain = plain.replace(" ", "").replace("'", "")
    last = max(plain.rfind(","), plain.rfind("."))
    whole, fraction = (plain, "") if last < 0 else (plain[:last], plain[last + 1 :])
    groups = re.fullmatch(r"[-+]?\d{1,3}([.,])\d{3}(?:\1\d{3})*", plain)
    if groups and (plain.count(".") + plain.count(",")) > 1:
        whole, fraction = plain, ""
    whole = whole.replace(",", "").replace(".", "")
    sign = -1 if whole.startswith("-") else 1
    return sign * Decimal(f"{whole.lstrip('+-') or 0}.{fraction or 0}").quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text("0123456789.,' -+", max_size=12), min_size=1, max_size=30))
def test_numbers_agree_with_a_plain_restatement(texts):
    """Any jumble of digits and marks is read as the restated grammar reads it, or refused as it refuses it."""
    unguarded = [text for text in texts if not text.startswith("'") and not re.search(r"[-+] ", text)]
    assert [value for value, _ in read_all("money", unguarded)] == [restated(text) for text in unguarded]


@settings(max_examples=often(10, 100), deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), min_size=1, max_size=20))
def test_junk_never_becomes_a_number(texts):
    """A text is either blank, or refused with a reason, or holds a digit."""
    for text, (value, why) in zip(texts, read_all("money", texts), strict=True):
        assert value is None or re.search(r"[0-9]", text)
        assert value is None or why is None


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("1 234", 1234),
        (f"33{NBSP}175", 33175),
        ("1,234", 1234),
        ("12,0", 12),
        (f"{NUMBER_MARK}7.0", 7),
        ("0", 0),
        (f"{NUMBER_MARK}7 USD", 7),
    ],
)
def test_counts_are_whole(cell, count):
    """A count has no fraction, so a lone mark before three digits means thousands."""
    assert read_all("count", [cell]) == [(count, None)]


@pytest.mark.parametrize(
    ("cell", "why"),
    [("12,5", "not_whole"), ("1,000", "ambiguous_number"), ("много", "not_a_count"), ("1e3", "not_a_count")],
)
def test_what_is_no_count_says_why(cell, why):
    """`1,000` may be one, written with three decimals."""
    assert read_all("count", [cell]) == [(None, why)]


def test_a_share_is_never_per_cent():
    """A per cent sign divides; a bare number is a share already."""
    assert read_all("share", ["1,67 %", "0,5", "150%", "—", "x"]) == [
        (0.0167, None),
        (0.5, None),
        (1.5, None),
        (None, None),
        (None, "not_a_share"),
    ]


def test_a_number_keeps_its_fraction():
    """Quantities are doubles."""
    assert read_all("number", ["1,5", "2", f"{NUMBER_MARK}0.25", "1.234"]) == [
        (1.5, None),
        (2.0, None),
        (0.25, None),
        (None, "ambiguous_number"),
    ]


def test_a_number_with_a_per_cent_sign_is_a_share():
    """A plan of shares is written as the report shows it."""
    cells = (
        "16,5 %",
        "18%",
        "300 000",
        "0,2",
        "3,6 млн",
        "70 тыс. ₽",
        "8 000 ₽",
        "1 500 000 руб.",
        f"{NUMBER_MARK}0.25",
    )
    expected = [0.165, 0.18, 300_000, 0.2, 3_600_000, 70_000, 8_000, 1_500_000, 0.25]
    assert [read_cell("planned", cell) for cell in cells] == expected
    assert [reason("planned", cell) for cell in ("$ 100", "много", "01.09.2026", "")] == [
        "other_currency", "not_a_number", "not_a_number", None,
    ]  # fmt: skip
