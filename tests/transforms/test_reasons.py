"""Groups of loss reasons and rules of partners: how they are read, and what contradicts itself."""

from decimal import Decimal

import pytest

from config.draft import Partner
from config.errors import ConfigError
from transforms.dictionary import loss_reasons, partners

ROW = {"name": "Ольга", "promo_code": "", "utm_source": "", "share": "", "rub_per_client": ""}


def rows(*changes: dict[str, str]) -> list[dict[str, str]]:
    """Rows of a table of partners that differ in what is given."""
    return [ROW | change for change in changes]


def test_a_reason_has_the_group_of_its_name():
    """In Russian or English; spelled otherwise it is the same reason; without a group it has none."""
    found = loss_reasons(
        [("дорого", "Цена", "наша"), ("Цена", "Цена", ""), ("сезон", "Сезон", "external"), ("иное", "Иное", "")],
        "r.csv",
    )
    assert found.names(["ДОРОГО", "Сезон", "иное"]) == {"ДОРОГО": "Цена", "Сезон": "Сезон", "иное": "Иное"}
    assert [found.group(name) for name in ("Цена", "Сезон", "Иное", "Чужое", None)] == [
        "own", "external", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([("а", "Цена", "наша"), ("б", "Цена", "внешняя")], "staging.two_groups"),
        ([("а", "Цена", "чужая")], "staging.unknown_group"),
        ([("а", "Цена", "наша"), ("а", "Срок", "наша")], "staging.two_names"),
    ],
)
def test_contradictions_of_reasons_are_told(entries, message):
    """Two groups of one reason, a group that is none, two names of one alias."""
    with pytest.raises(ConfigError) as caught:
        loss_reasons(entries, "r.csv")
    assert caught.value.key == message
    assert caught.value.text("ru")
    assert caught.value.text("en")


def test_a_partner_has_a_row_for_each_code_or_mark_and_the_rule_in_one_of_them():
    """Codes and marks are compared like aliases."""
    found = partners(
        rows(
            {"promo_code": "ОЛЯ10", "share": "10 %"}, {"name": "ольга", "utm_source": "Olga "}, {"promo_code": "Лёля"}
        ),
        "p.csv",
    )
    assert found == [Partner("Ольга", Decimal("0.1"), None, ("леля", "оля10"), ("olga",))]


@pytest.mark.parametrize(
    ("share", "rub_per_client", "rule"),
    [
        ("0,1", "", (Decimal("0.1"), None)),
        ("12,5%", "", (Decimal("0.125"), None)),
        ("", "1 500 ₽", (None, Decimal(1500))),
        ("", "", (None, None)),
    ],
)
def test_rules_are_read_as_people_write_them(share, rub_per_client, rule):
    """A share as a fraction or per cent, roubles with spaces; none at all."""
    (found,) = partners(rows({"promo_code": "A", "share": share, "rub_per_client": rub_per_client}), "p.csv")
    assert (found.share, found.rub_per_client) == rule


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([{"share": "0,1", "rub_per_client": "100"}], "staging.two_rules"),
        ([{"share": "0,1"}, {"share": "0,2"}], "staging.two_rules"),
        ([{"promo_code": "A"}, {"name": "Пётр", "promo_code": "a "}], "staging.mark_of_two"),
        ([{"share": "десять"}], "staging.not_a_rule"),
    ],
)
def test_contradictions_of_partners_are_told(changes, message):
    """Two rules, two values, one code of two, a value that is no number."""
    with pytest.raises(ConfigError) as caught:
        partners(rows(*changes), "p.csv")
    assert caught.value.key == message
    assert caught.value.text("ru")
    assert caught.value.text("en")
