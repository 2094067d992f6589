"""alias → name: how spellings are compared, what is unknown, what contradicts itself."""

import pytest

from config.errors import ConfigError
from transforms.dictionary import NO_DICTIONARY, dictionary

CHANNELS = dictionary([("yandex", "Яндекс.Директ"), ("сарафан", "Рекомендации"), ("спам", "")], "channels.csv")


def test_aliases_are_compared_trimmed_folded_and_with_yo_as_ye():
    """Every name is its own alias; an alias with a blank name is no channel."""
    assert CHANNELS.names([" YANDEX ", "яндекс.директ", "Спам"]) == {
        " YANDEX ": "Яндекс.Директ",
        "яндекс.директ": "Яндекс.Директ",
        "Спам": None,
    }
    assert dictionary([("Петр", "Пётр")], "m.csv").names(["ПЕТР", "пётр"]) == {"ПЕТР": "Пётр", "пётр": "Пётр"}


def test_an_unknown_spelling_stays_and_gets_the_nearest_name():
    """`yandeks` is near `yandex`; nothing is near `qqq`."""
    assert CHANNELS.names(["yandeks"]) == {"yandeks": "yandeks"}
    assert CHANNELS.unknown(["yandeks", "qqq", "yandex", "спам"]) == {"qqq": None, "yandeks": "Яндекс.Директ"}


def test_without_a_dictionary_nothing_is_unknown():
    """Spellings equal after folding are one name, the first by code point."""
    assert NO_DICTIONARY.unknown(["a"]) == {}
    assert NO_DICTIONARY.names(["seo", "SEO", "Авито"]) == {"seo": "SEO", "SEO": "SEO", "Авито": "Авито"}


def test_a_letter_of_another_alphabet_makes_no_other_name():
    """Latin `A` and `o` in «Авито»; «Direct» beside a Russian word is as it is, and so is a word all in Latin."""
    assert NO_DICTIONARY.names(["Aвито", "Авитo", "Авито"]) == dict.fromkeys(["Aвито", "Авитo", "Авито"], "Авито")
    assert dictionary([("Caйт", "Сайт")], "c.csv").names(["сайт", "Cайт"]) == {"сайт": "Сайт", "Cайт": "Сайт"}
    assert NO_DICTIONARY.names(["Яндекс.Direct", "OK", "ОК"]) == {
        "Яндекс.Direct": "Яндекс.Direct",
        "OK": "OK",
        "ОК": "ОК",
    }


def test_equal_aliases_of_one_name_are_one_entry_of_two_names_an_error():
    """Accepted spellings count like the file's."""
    assert dictionary([("a", "X"), ("A ", "x")], "c.csv").names(["a"]) == {"a": "X"}
    with pytest.raises(ConfigError) as caught:
        dictionary([("a", "X")], "c.csv", {"А": "Y", "a": "Y"})
    assert caught.value.text() == "c.csv: «a» записан под разными именами: «X», «Y» — оставьте одно"
