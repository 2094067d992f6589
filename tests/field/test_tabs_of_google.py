"""The situations of the field, typed into a tab of Google: what is said in two ways is no more guessed there."""

from __future__ import annotations

import csv
from datetime import date
from fnmatch import fnmatch

import pytest
import requests
import yaml

from tests.connectors.google_sheets.google_fixtures import key_file, server, shared_book  # noqa: F401
from tests.connectors.google_sheets.owner import HEADERS
from tests.field import (
    test_believed_keys,
    test_calls_and_their_people,
    test_exported_again,
    test_field,
    test_marked_rows,
    test_measures,
    test_own_transfers,
    test_same_sales,
    test_subscribers,
    test_sums_among_rows,
    test_ways_of_money,
    test_what_a_row_is,
    test_what_programs_did,
    test_words_away,
)
from tests.field.situation import Situation, hold
from tests.helpers.loaded import Loaded, load

pytestmark = pytest.mark.slow


def files_of(situation: Situation) -> dict[str, str]:
    """Source → its only file; nothing where a source has several, which are no tab."""
    usual = f"exports/{next(iter(situation.files))[0]}*.csv"
    found = {
        name: [file for file in situation.files if fnmatch(f"exports/{file}", source.get("files", usual))]
        for name, source in situation.sources.items()
    }
    return {name: files[0] for name, files in found.items()} if all(len(one) == 1 for one in found.values()) else {}


KINDS = (
    test_field, test_believed_keys, test_calls_and_their_people, test_exported_again, test_marked_rows, test_measures,
    test_own_transfers, test_same_sales, test_subscribers, test_sums_among_rows, test_ways_of_money, test_what_a_row_is,
    test_what_programs_did, test_words_away,
)  # fmt: skip
OF_FILES = {"spending pasted twice", "days and months swapped in a text file, where a program could"}
"""Nobody exports a tab: what was typed twice was spent twice (tests/connectors/google_sheets/test_google_rates.py), and
both forms of days become days when they are typed."""
TABS = [
    pytest.param(one, id=one.name, marks=() if kind is test_field else (pytest.mark.long,))
    for kind in KINDS
    for one in kind.SITUATIONS
    if files_of(one) and one.name not in OF_FILES
]


def typed(google, situation: Situation) -> dict[str, str]:
    """Source → a spreadsheet into which somebody typed what its file holds."""
    books = {}
    for name, file in files_of(situation).items():
        owner = shared_book(google, name)
        rows = list(csv.reader(situation.files[file].splitlines(), delimiter=";"))
        answer = requests.put(
            f"{owner.address}/values/A1", params={"valueInputOption": "USER_ENTERED"}, json={"values": rows},
            headers=HEADERS, timeout=60,
        )  # fmt: skip
        assert answer.ok, answer.text
        books[name] = owner.spreadsheet
    return books


@pytest.fixture
def ran(tmp_path, monkeypatch, server, key_file):  # noqa: F811
    """Runs a situation's client, as far as its rows are settled."""
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))

    def run(situation: Situation) -> Loaded:
        books = typed(server, situation)
        sources = {
            name: {"sheet": books[name], **{key: said for key, said in source.items() if key != "files"}}
            for name, source in situation.sources.items()
        }
        client = {"client": "Проверка", "sources": sources, "settings": {"grains": ["month"], **situation.settings}}
        (tmp_path / "svodka.yaml").write_text(yaml.safe_dump(client, allow_unicode=True), "utf-8")
        return load(tmp_path, date(2026, 8, 31))

    return run


@pytest.mark.parametrize("situation", TABS)
def test_a_tab_gives_what_is_right_or_asks(tmp_path, ran, situation):
    """As its file does."""
    hold(ran(situation), situation, tmp_path)
