"""Phones and e-mails: who a person is, and what has lost its digits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.documents import NUMBER_MARK
from tests.helpers.parse import read_all, read_cell


@pytest.mark.parametrize(
    "cell",
    [
        "70005550123",
        "80005550123",
        "+70005550123",
        "0005550123",
        "+7 (000) 555-01-23",
        "8 (000) 555 01 23",
        "8-000-555-0123",
        "'80005550123",
        '="+70005550123"',
        "70005550123.0",
        f"{NUMBER_MARK}70005550123.0",
        f"{NUMBER_MARK}7.0005550123e+10",  # the shortest form of a double keeps every digit
        f"{NUMBER_MARK}5550123".replace("5550123", "70005550123"),
        "+7 (000) 555-01-23, 80005550999",  # the first of several
        "80005550123;80005550999",
        "80005550123\n80005550999",
        "80005550123 80005550999",
        "+7 000 555-01-23 доб. 12",
        "8 (000) 555-01-23 или 8 000 555-04-56",
        "тел.: 8 000 555 01 23",
        "\u202a+7\u00a0000 555\u201101\u201123\u202c",
    ],
)
def test_one_person_however_the_number_is_written(cell):
    """All of these are the same 11 digits with a leading 7."""
    assert read_all("phone", [cell]) == [("70005550123", None)]


@pytest.mark.parametrize(
    "cell", ["", "-", "101", "9970", "sip:user1@demo.mangosip.ru", "Номер скрыт", "Анонимный", None]
)
def test_extensions_logins_and_hidden_numbers_are_nobody(cell):
    """Nobody is no mistake."""
    assert read_all("phone", [cell]) == [(None, None)]


def test_a_number_in_exponent_notation_is_lost():
    """7,00056E+10 would be 70005600000: somebody else, or nobody."""
    assert read_all("phone", ["7,00056E+10", "7.00056e+10", "7,9E+10"]) == [(None, "lost_digits")] * 3


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("+49 30 1234567", "49301234567"),
        ("+852 1234 5678", "85212345678"),
        ("916 123", "916123"),
        ("8 000 555 01", "800055501"),
    ],
)
def test_an_odd_number_stays_as_digits(cell, digits):
    """Kept for a person to look at, with a reason, and nobody's by the rule of 11 digits with a 7."""
    assert read_all("phone", [cell]) == [(digits, "odd_phone")]


def test_words_are_no_phone():
    """A text without a number is refused."""
    assert read_all("phone", ["перезвонить"]) == [(None, "not_a_phone")]


DIGITS = st.from_regex(r"\A[0-9]{10}\Z")
WAYS = st.sampled_from(["7{}", "8{}", "+7{}", "{}", "7{}.0", "'8{}", NUMBER_MARK + "7{}.0"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(DIGITS, WAYS), min_size=1, max_size=30))
def test_every_way_of_writing_gives_the_same_person(people):
    """Seven, eight, plus seven and bare ten digits are one person."""
    assert read_all("phone", [way.format(digits) for digits, way in people]) == [
        (f"7{digits}", None) for digits, _ in people
    ]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.text("0123456789+-() .,;eE/sipдоб", max_size=26), min_size=1, max_size=30))
def test_a_phone_is_only_ever_made_of_the_cells_own_digits(texts):
    """No digit is invented: all but a leading 7 stand in the cell in this order."""
    for text, (value, why) in zip(texts, read_all("phone", texts), strict=True):
        if value is not None:
            assert value.isdigit()
            assert value[1:] in re.sub("[^0-9]", "", text) or why is not None
            assert (why is None) == (len(value) == 11 and value[0] == "7")


def test_an_email_is_trimmed_and_lower_case():
    """The first of several; a name around it is left out."""
    assert read_all(
        "email", [" Anna@Example.ORG ", "a@example.org, b@example.org", "Анна <a@example.org>", "anna", "-"]
    ) == [
        ("anna@example.org", None),
        ("a@example.org", None),
        ("a@example.org", None),
        (None, "not_an_email"),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("8 000 000-00-01 Ольга", "70000000001"),
        ("Ольга 8 000 000-00-02", "70000000002"),
        ("Ольга, 8 000 000-00-02", "70000000002"),
        ("+7 (000) 000-00-03 (мама)", "70000000003"),
        ("+7 000 000 00 04 WhatsApp", "70000000004"),
        ("8(000)0000005 доб. 12", "70000000005"),
        ("+7(000)000-00-06 +7(000)000-00-07", "70000000006"),
        ("мама:+70000000008;папа:+70000000009", "70000000008"),
        ("+375 00 000-00-09 Анна", None),
        ("sip:80000000001@pbx", None),
        ("договор 800000000011", None),
    ],
)
def test_one_whole_number_beside_words_is_read(cell, phone):
    """Administrators write whose it is; a login and another country's number are no such thing."""
    assert read_cell("phone", cell) == phone
