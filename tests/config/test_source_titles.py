"""How an owner sees the sources: `calls` and `callibri_2` mean nothing to her."""

import pytest

from config.client import Client
from config.profiles import KnownSource, source_titles


def client(language="ru", **titles):
    sources = {
        name: {"table": "calls", "files": "calls.csv", "title": titles.get(name)}
        for name in ("calls", "callibri_2", "sipuni")
    }
    return Client.model_validate({"client": "Школа", "language": language, "sources": sources})


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (KnownSource("callibri_2", "calls", "callibri"), "Звонки Callibri"),
        (KnownSource("calls", "calls"), "Звонки"),
        (KnownSource("sipuni", "calls"), "sipuni (звонки)"),
        (KnownSource("moon", "phases", "nobody's"), "moon (phases)"),
    ],
)
def test_without_a_title_a_source_is_called_by_what_is_in_it(source, shown):
    """Its table in words, and the vendor of its export; a key of the client's own is kept where nothing else tells."""
    assert source_titles(client(), [source]) == {source.name: shown}


def test_a_source_of_one_channel_is_called_by_it():
    """A table with a column for each channel is a source a column: «ad_spend_2» would tell no owner which."""
    source = {"table": "ad_spend", "files": "a.xlsx", "constants": {"channel": "2ГИС"}}
    owner = Client.model_validate({"client": "Клиника", "sources": {"ad_spend_2": source}})
    assert source_titles(owner, [KnownSource("ad_spend_2", "ad_spend")]) == {"ad_spend_2": "Реклама 2ГИС"}


def test_a_title_wins():
    """`title:` of svodka.yaml."""
    named = client(callibri_2="Телефония на Садовой")
    assert source_titles(named, [KnownSource("callibri_2", "calls", "callibri")]) == {
        "callibri_2": "Телефония на Садовой"
    }


def test_sources_that_look_alike_keep_their_keys():
    """Two exports of one vendor are told apart."""
    sources = [KnownSource("callibri_1", "calls", "callibri"), KnownSource("callibri_2", "calls", "callibri")]
    assert source_titles(client(), sources) == {
        "callibri_1": "Звонки Callibri (callibri_1)",
        "callibri_2": "Звонки Callibri (callibri_2)",
    }


def test_titles_speak_the_language_of_the_report():
    """English words for an English report."""
    assert source_titles(client("en"), [KnownSource("callibri_2", "calls", "callibri")]) == {
        "callibri_2": "Calls Callibri"
    }


def test_a_table_of_ones_own_is_no_vendors_export():
    """Headers mapped by hand may be those of some cabinet; its name would mislead. A named profile is no guess."""
    columns = {"spend_on": "Дата", "spend_rub": "Расход, ₽", "channel": "Канал"}
    source = {"table": "ad_spend", "files": "spend.csv", "columns": columns}
    sources = {"reklama": source, "direct": source | {"profile": "yandex_direct_ui"}}
    own = Client.model_validate({"client": "Школа", "sources": sources})
    known = [KnownSource(name, "ad_spend", "yandex_direct_ui") for name in ("reklama", "direct")]
    assert source_titles(own, known) == {"reklama": "reklama (реклама)", "direct": "Реклама Яндекс.Директ"}
