"""The profiles as declarations: they name columns, formats, reasons and words that exist."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from config.messages import catalogue
from config.profiles import Profile, _mistakes, profiles
from config.tables import tables
from config.words import fold
from transforms.parse import Reading, with_format

ALL = [(name, table, declared) for name, profile in profiles().items() for table, declared in profile.tables.items()]
IDS = [f"{name}-{table}" for name, table, _ in ALL]

STATES = {
    "status": {"won", "lost", "refunded", "open", "qualified", "junk"},
    "direction": {"in", "out", "internal"},
    "is_answered": {"true", "false"},
}


@pytest.mark.parametrize(("name", "table", "declared"), ALL, ids=IDS)
def test_a_profile_fills_columns_that_exist(name, table, declared):
    """Derived columns are staging's own."""
    known = set(tables()[table].mappable_columns)
    assert {*declared.columns, *declared.constants, *declared.control_headers} - known == set()


@pytest.mark.parametrize(("name", "table", "declared"), ALL, ids=IDS)
def test_a_profile_gives_what_its_table_needs(name, table, declared):
    """All but the day of spend, which a period may stand for, and the question of a form, which is the client's."""
    given = {*declared.columns, *declared.constants}
    missing = [group for group in tables()[table].needs if given.isdisjoint(group)]
    allowed = [["spend_on"]] if declared.has_period else [["csi", "csat", "nps"]] if table == "survey_answers" else []
    assert [group for group in missing if group not in allowed] == []


@pytest.mark.parametrize(("name", "table", "declared"), ALL, ids=IDS)
def test_formats_reasons_and_values_are_known(name, table, declared):
    """Whatever a profile says is understood by the one that reads it."""
    for written in declared.formats.values():
        assert with_format(Reading(), written) is not None
    assert {skip.why for skip in declared.skip if f"reasons.{skip.why}" not in catalogue()} == set()
    for column, meanings in declared.values.items():
        assert set(meanings) <= STATES[column]
        words = [fold(word) for known in meanings.values() for word in known]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(("name", "table", "declared"), ALL, ids=IDS)
def test_no_expression_hides_a_repetition_count(name, table, declared):
    """Curly brackets in SQL name headers, so a `{2}` of a regular expression would be taken for one."""
    texts = [source.sql or "" for source in declared.columns.values() if not isinstance(source, str | list)]
    texts += [skip.when for skip in declared.skip]
    assert not any(re.search(r"\{\d+(?:,\d*)?\}", text) for text in texts)


@pytest.mark.parametrize("name", profiles())
def test_a_profile_says_where_to_press_and_how_sure_it_is(name):
    """In both languages; a guess says what was guessed."""
    profile = profiles()[name]
    assert profile.how_to.ru.strip()
    assert profile.how_to.en.strip()
    assert profile.evidence == "file" or profile.evidence_note


def test_an_unknown_key_is_an_error():
    """A typing mistake in a profile is not silently dropped."""
    good = profiles()["avito"].model_dump()
    with pytest.raises(ValidationError, match="recognize"):
        Profile.model_validate({**good, "recognize": {}})


def test_micros_are_never_assumed():
    """Only the Direct API writes either; its values decide."""
    assert [(name, declared.formats) for name, _, declared in ALL if "spend_rub" in declared.formats] == [
        ("yandex_direct_api", {"spend_rub": "micros or units"})
    ]


def test_a_slip_in_a_profile_is_named_before_a_file_is_read_by_it():
    """A column that is not there was a KeyError in the middle of a run, a value that is none a sale not counted."""
    described = {
        "name": "mine",
        "vendor": "Mine",
        "title": {"ru": "Моя", "en": "Mine"},
        "evidence": "docs",
        "how_to": {"ru": "Экспорт", "en": "Export"},
        "recognise": {"headers": ["Сделка"]},
        "tables": {
            "deals": {"columns": {"revenu_rub": "Сумма"}, "values": {"status": {"wonn": ["Успех"], "lost": ["Нет"]}}},
            "dealz": {"columns": {"deal_id": "Сделка"}},
        },
    }
    assert list(_mistakes(Profile.model_validate(described))) == [
        "tables.deals.columns: unknown “revenu_rub”, perhaps “revenue_rub”",
        "tables.deals.values.status: unknown “wonn”, perhaps “won”",
        "tables: unknown “dealz”, perhaps “deals”",
    ]
