"""What may be shown of a refused cell."""

import pytest

from transforms.mask import mask_text, masked


@pytest.mark.parametrize(
    "column",
    [
        "phone",
        "email",
        "client_id",
        "deal_id",
        "subscriber_id",
        "product",
        "channel",
        "manager",
        "status",
        "unheard_of",
    ],
)
def test_columns_that_may_hold_a_person_are_hidden_whole(column):
    """A name in a phone column is still a name."""
    assert masked(column, "Мария, 000") == "•••"


@pytest.mark.parametrize(
    "text",
    ["12 900 тыс", "31.02.2026", "32 сентября 2026", "#ЗНАЧ!", "1 500 т.р.", "2026-13-01 10:00:00", "1 234 567,89 ₽"],
)
def test_money_and_dates_are_shown(text):
    """Otherwise nobody could mend them."""
    assert masked("revenue_rub", text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8 (000) 555-01-23", "•••"),
        ("+70005550123", "•••"),
        ("maria@example.org", "•••"),
        ("1 500, тел. 8-000-555-01-23", "1 500, •••. •••"),
        ("вчера Сидоров", "вчера •••"),
        ("12 900 Мария Петровна", "12 900 ••• •••"),
    ],
)
def test_a_person_in_a_money_column_is_hidden(text, shown):
    """Columns get shifted; phones then stand among amounts."""
    assert masked("revenue_rub", text) == shown


def test_keep_shows_everything():
    """`personal_data: keep` is the client's own decision."""
    assert masked("phone", "70005550123", "keep") == "70005550123"


def test_blank_stays_blank():
    """There is nothing to hide in nothing."""
    assert masked("phone", None) is None


def test_texts_keep_their_other_words():
    """Messages are masked in place."""
    assert mask_text("нет доступа для anna@example.com") == "нет доступа для •••"
