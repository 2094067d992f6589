"""Which known name a spelling surely is: slips are found, other names and words that are no names never."""

from itertools import permutations

import pytest

from config.nearest import nearest, nearest_name
from config.words import channel_names, fold

BY_ALIAS = {fold(alias): name for name, aliases in channel_names().items() for alias in [name, *aliases]}
UNRELATED = (
    "Яндекс.Директ", "Яндекс Карты", "Яндекс Маркет", "Яндекс Бизнес", "Google Ads", "Google Maps", "VK Реклама",
    "VK Клипы", "Avito", "Юла", "Ozon", "Zoon", "Wildberries", "2ГИС", "Telegram Ads", "Instagram", "WhatsApp",
    "YouTube", "Дзен", "TikTok", "SEO", "Рассылка", "Рекомендации", "Листовки", "Наружная реклама", "Радио",
    "Радар", "Вывеска", "Выставка", "Блогеры", "Брокеры", "Партнёры", "Акция", "Аукцион", "Карта", "Марта",
    "Флаер", "Плеер", "Газета", "Журнал", "Квиз", "Ретаргетинг",
)  # fmt: skip
KINDS = (
    "Звонок",
    "Звонки",
    "Сайт",
    "Сайты",
    "Всего",
    "Итого",
    "Заявка с сайта",
    "Чат",
    "Почта",
    "Другое",
    "Реклама",
    "(direct)",
    "(organic)",
    "—",
)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Янекс.Директ", "Яндекс.Директ"),
        ("яндекс директт", "Яндекс.Директ"),
        ("Директ Яндекс", "Яндекс.Директ"),
        ("Авитто", "Avito"),
        ("gogle ads", "Google Ads"),
        ("Телеграмм", "Telegram Ads"),
        ("вконтакти", "VK Реклама"),
        ("Рекомендаци", "Рекомендации"),
        ("googleadss", "Google Ads"),
    ],
)
def test_a_slip_of_a_name_is_that_name(alias, name):
    """A letter too many, too few or another, words turned round, the other alphabet."""
    assert nearest_name(fold(alias), BY_ALIAS) == name


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_for_a_kind_or_a_total_is_no_name(kind):
    """«Звонок» is not Ozon, «Всего» is no channel."""
    assert nearest_name(fold(kind), BY_ALIAS) is None


def test_no_channel_of_a_list_is_near_another():
    """1,722 pairs of channels that have nothing to do with each other."""
    names = {fold(name): name for name in UNRELATED}
    taken = [
        (one, other) for one, other in permutations(names, 2) if nearest_name(one, {other: names[other]}) is not None
    ]
    assert taken == []


@pytest.mark.parametrize(
    ("alias", "near"),
    [
        ("крылова анна", "Анна Крылова"),
        ("анна крлова", "Анна Крылова"),
        ("анна крилова", "Анна Крылова"),
        ("седоф", "Игорь Седов"),
        ("серов", None),
        ("анна крылов", None),
        ("марина белова", None),
        ("иван крылов", None),
        ("александра петрова", None),
    ],
)
def test_a_person_is_not_taken_for_another(alias, near):
    """A slip of one long word at most; the other sex and a like name are somebody else."""
    people = ("Анна Крылова", "Мария Белова", "Александр Петров")
    known = {fold(name): name for name in people} | {"седов": "Игорь Седов"}
    assert nearest_name(alias, known, is_person=True) == near


def test_a_spelling_near_two_names_is_neither():
    """«Партнера» may be either."""
    assert nearest_name("партнера", {"партнеры": "Партнёры", "партнерка": "Партнёрка"}) is None


def test_a_mistyped_key_has_its_nearest():
    """By letters alone, whatever the case; nothing if nothing is alike."""
    assert nearest("Colums", ["columns", "constants"]) == ["columns"]
    assert nearest("qqq", ["columns", "constants"]) == []
