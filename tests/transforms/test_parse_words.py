"""Texts, ids, durations, scores and what is read by whole words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.messages import catalogue
from config.words import vocabulary
from tests.helpers.parse import read_all, read_cell, reason, written
from transforms.parse import PARSERS, Reading, own_words, parsed

REASON = re.compile("'([a-z]+(?:_[a-z]+)+)'")


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("83", 83),
        ("62:05", 62 * 60 + 5),  # two parts are minutes and seconds
        ("00:05", 5),
        ("1:02:05", 3600 + 2 * 60 + 5),
        ("0:01:23", 83),
        ("1 мин, 23 сек", 83),  # Битрикс24
        ("62 мин, 5 сек", 62 * 60 + 5),
        ("10 мин", 600),
        ("0 сек", 0),
        ("1 ч 2 мин", 3720),
        (f"{NUMBER_MARK}3725", 3725),
        (f"{NUMBER_MARK}0.04311342592592592", 3725),  # a fraction of a day
        (f"{DURATION_MARK}3725", 3725),
        (f"{MOMENT_MARK}1899-12-30 01:02:05", 3725),
    ],
)
def test_a_duration_is_seconds(cell, seconds):
    """Digits, clocks, words and what a workbook makes of them."""
    assert read_all("seconds", [cell]) == [(seconds, None)]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1:75", "not_a_duration"),
        ("1:75:00", "not_a_duration"),
        ("-5", "not_a_duration"),
        ("0x10", "not_a_duration"),
        ("долго", "not_a_duration"),
        ("1,5", "fraction_of_seconds"),
    ],
)
def test_what_is_no_duration_says_why(cell, why):
    """A minute has sixty seconds; a fraction may be of anything."""
    assert read_all("seconds", [cell]) == [(None, why)]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 86399), min_size=1, max_size=30),
    st.sampled_from(["digits", "clock", "words", "minutes", "day"]),
)
def test_writing_and_reading_a_duration_is_nothing(durations, form):
    """Each written form gives back the seconds."""
    written = {
        "digits": str,
        "clock": lambda s: f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}",
        "words": lambda s: f"{s // 60} мин, {s % 60} сек",
        "minutes": lambda s: f"{s // 60}:{s % 60:02}",
        "day": lambda s: f"{NUMBER_MARK}{s / 86400!r}",
    }[form]
    assert read_all("seconds", [written(s) for s in durations]) == [(s, None) for s in durations]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" SEO ", "SEO"),
        ("Яндекс\u00a0Директ", "Яндекс Директ"),
        (f"{NUMBER_MARK}81000001", "81000001"),
        ("'007", "007"),
        ("a\nb", "a b"),
        ("Никто", None),
        ("<не указано>", None),
        ("NULL", None),
        ("NA", "NA"),
    ],
)
def test_a_text_is_what_a_person_sees(cell, text):
    """Trimmed, unguarded; words for absence are nothing, and `NA` is a word."""
    assert read_cell("text", cell) == text


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("00123", "00123"),
        (f"{NUMBER_MARK}12000000", "12000000"),
        (f"{NUMBER_MARK}1.2e+06", "1200000"),
        ("123.0", "123"),
        ("2e5", "2e5"),
        ("—", None),
    ],
)
def test_an_id_keeps_every_character_but_a_fraction_of_nothing(cell, value):
    """Leading zeros stay; `2e5` may well be an id."""
    assert read_all("id", [cell]) == [(value, None)]


def test_a_number_of_more_digits_than_a_workbook_keeps_is_no_id():
    """123456789012345678 became …000 in Excel, like its neighbours; as text it keeps all its digits."""
    cut = [NUMBER_MARK + "123456789012345000", NUMBER_MARK + "1234567890123450", NUMBER_MARK + "1.2345678901234568e+17"]
    assert read_all("id", cut) == [(None, "lost_digits")] * 3
    assert read_all("id", ["123456789012345678", NUMBER_MARK + "123456789012345"]) == [
        ("123456789012345678", None),
        ("123456789012345", None),
    ]


def test_an_id_in_exponent_notation_is_lost():
    """1,2E+11 stands for many ids."""
    assert read_all("id", ["1,23457E+11"]) == [(None, "lost_digits")]


def test_statuses_are_compared_whole():
    """«не реализовано» contains «реализовано», and must not be won."""
    assert read_all(
        "deal_status", ["Успешно реализовано", "Закрыто и не реализовано", " ЗАВЕРШЁН ", "Думает ещё", ""]
    ) == [
        ("won", None),
        ("lost", None),
        ("won", None),
        ("open", "unknown_status"),
        (None, None),
    ]


def test_directions_and_answers_are_asked_about():
    """An unknown word is never guessed; «нет» is an answer, not an absence."""
    assert read_all("direction", ["Входящий", "исходящий", "Внутренний", "Пропущенный", "Вбок"]) == [
        ("in", None), ("out", None), ("internal", None), ("in", None), (None, "unknown_direction"),
    ]  # fmt: skip
    assert read_all("answered", ["Отвечен", "Не отвечен", "Нет", f"{NUMBER_MARK}1", "-", "Может быть"]) == [
        (True, None), (False, None), (False, None), (True, None), (None, None), (None, "unknown_answer"),
    ]  # fmt: skip


def test_a_clients_own_words_win():
    """The weakest values come first: the vendor's, then the client's."""
    reading = Reading(words=own_words({"won": ["Финиш"]}, {"lost": ["Финиш"], "true": ["x"]}))
    assert read_cell("deal_status", "финиш", reading) == "lost"


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("10 - точно порекомендую", 10),
        ("0 - точно нет", 0),
        ("5", 5),
        ("8 / 10", 8),
        ("4.0", 4),
        (f"{NUMBER_MARK}5.0", 5),
        ("", None),
    ],
)
def test_a_score_may_carry_its_label(cell, score):
    """The leading whole number is the score."""
    assert read_all("score", [cell]) == [(score, None)]


def test_a_score_stays_inside_its_scale():
    """Six out of five, one to five and four and a half are no scores."""
    assert [why for _, why in read_all("score", ["6", "1-5", "4,5", "отлично"], Reading(scale=(1, 5)))] == [
        "outside_scale", "not_a_score", "not_a_score", "not_a_score",
    ]  # fmt: skip


def test_grains_are_known_in_both_languages():
    """Month, in any case."""
    assert read_all("grain", ["Месяц", "week", "квартал"]) == [("month", None), ("week", None), (None, "not_a_grain")]


@pytest.mark.parametrize("kind", PARSERS)
def test_a_formula_error_is_a_reason_in_every_column(kind):
    """#REF! is nobody's value."""
    value, why = read_all(kind, [f"{ERROR_MARK}#REF!"])[0]
    assert (value, why) == (None, "error_cell")


@pytest.mark.parametrize("kind", PARSERS)
def test_every_reason_has_its_words(kind):
    """Whatever code the SQL can give stands in reasons.yaml, in both languages."""
    called = re.findall(r"\b(why\w*)\(", parsed(kind, "cell").why)
    codes = {"error_cell", "not_computed", *(code for name in called for code in REASON.findall(written()[name][1]))}
    codes |= set(REASON.findall(parsed(kind, "cell").why))
    assert {code for code in codes if f"reasons.{code}" not in catalogue()} == set()


def test_no_word_means_two_things():
    """Within one list each folded word stands once."""
    from config.words import fold

    for kind in ("direction", "answered", "deal_status", "lead_status", "departed", "grain"):
        words = [fold(word) for known in getattr(vocabulary(), kind).values() for word in known]
        assert len(words) == len(set(words)), kind


def test_reasons_of_blank_cells_are_none():
    """Blank is no mistake in any column."""
    assert {reason(kind, "") for kind in PARSERS} == {None}


@pytest.mark.parametrize(
    ("cell", "score"),
    [("Отлично (5)", 5), ("Отлично – 5", 5), ("Оценка: 4", 4), ("5 из 5", 5), ("★★★★☆", 4), ("⭐️⭐️⭐️", 3),
     ("не 5", None), ("от 1 до 5", None)],
)  # fmt: skip
def test_a_score_may_follow_its_label(cell, score):
    """One number at the end, behind a mark, or stars."""
    assert read_cell("score", cell, Reading(scale=(1, 5))) == score
