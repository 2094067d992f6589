"""Every figure has its words, in both languages, and they agree with what the warehouse holds."""

import pytest

from config.metrics import metric, metrics
from config.tables import tables
from tests.helpers.metrics_page import generated, written
from tests.helpers.tables import warehouse
from transforms.metrics import metric_queries
from transforms.rules import rule_queries

PUBLIC = sorted(metrics().tables)
SQL_TYPES = {
    "rub": {"DECIMAL(18,2)"},
    "count": {"BIGINT"},
    "share": {"DOUBLE"},
    "ratio": {"DOUBLE"},
    "own": {"DOUBLE"},
    "date": {"DATE"},
    "text": {"VARCHAR"},
    "flag": {"BOOLEAN"},
}


@pytest.fixture(scope="module")
def nothing():
    """Every table, of no rows at all."""
    return warehouse({})


@pytest.mark.parametrize("table", PUBLIC)
def test_every_column_is_described_with_its_type(nothing, table):
    """The same columns, and roubles are exact money, counts are whole, shares and ratios are floating."""
    found = nothing.execute(f"select column_name, column_type from (describe metrics.{table})").fetchall()
    described = metrics().tables[table].columns
    assert {name for name, _ in found} == set(described)
    for name, sql_type in found:
        assert sql_type in SQL_TYPES[described[name].unit], name


def test_only_tables_that_are_built_are_described():
    """No words about what is not there, and none missing for a table by period."""
    assert set(metrics().tables) <= set(metric_queries())
    assert {name for name in metric_queries() if name.endswith("_period")} <= set(metrics().tables)


@pytest.mark.parametrize("table", PUBLIC)
def test_every_text_is_there_in_both_languages(table):
    """None is empty, and Russian is not English left untranslated."""
    for name, column in metrics().tables[table].columns.items():
        for text in (column.title, column.name, column.meaning, column.formula):
            assert text.ru.strip(), name
            assert text.en.strip(), name
            assert text.ru != text.en or text.ru == "ROMI", name


@pytest.mark.parametrize("table", PUBLIC)
def test_parts_of_a_ratio_are_columns_and_sources_are_tables(table):
    """What stands above and below the line can be looked up beside it."""
    columns = metrics().tables[table].columns
    for name, column in columns.items():
        assert set(column.parts) <= set(columns), name
        assert column.numerator or not (column.denominator or column.minus), name
        assert column.denominator or column.minus or not column.numerator, name
        assert column.needs in {None, *columns}, name
        cases_of, _, cases = (column.rests_on or "").rpartition(".")
        assert not cases or cases in metrics().tables[cases_of or table].columns, name
        flag_of, _, flag = (column.known_if or "").rpartition(".")
        assert not flag or flag in metrics().tables[flag_of or table].columns, name
        assert set(column.tables) <= set(tables()), name


def test_a_ratio_is_what_its_description_says():
    """Times × (numerator − minus) ÷ denominator gives the figure that the SQL gives."""
    connection = warehouse(
        {
            "ad_spend": "spend_on | channel | spend_rub | impressions | clicks\n2026-09-01 | SEO | 700 | 900 | 40",
            "calls": "started_at | phone | channel | manager | is_answered | talk_seconds\n"
            "2026-09-01 10:00 | 70000000001 | SEO | Ольга | true | 60\n"
            "2026-09-01 11:00 | 70000000002 | SEO | Ольга | true | 30",
            "deals": "closed_on | status | channel | manager | phone | client_key | client_id | revenue_rub\n"
            "2026-08-02 | won | SEO | Ольга | 70000000001 | 70000000001 | a | 900\n"
            "2026-09-02 | won | SEO | Ольга | 70000000002 | 70000000002 | b | 1300",
            "subscribers": "subscriber_id | subscribed_on\na | 2026-08-01\nb | 2026-08-02\nc | 2026-09-02",
            "activity": "subscriber_id | active_on\na | 2026-08-20\nb | 2026-09-20\nc | 2026-09-02",
            "survey_answers": "answered_on | client_key | manager | kind | score\n"
            "2026-09-02 | 70000000002 | Ольга | nps | 9",
            "plan": "grain | period_start | metric | planned\nmonth | 2026-09-01 | chain_period.calls | 5",
        }
    )
    checked = set()
    for table, described in metrics().tables.items():
        month = "grain = 'month'" if "grain" in described.key else "true"
        query = connection.execute(f"select * from metrics.{table} where {month}")
        header = [column[0] for column in query.description]
        for row in (dict(zip(header, cells, strict=True)) for cells in query.fetchall()):
            for name, column in described.columns.items():
                if not column.numerator or row[name] is None:
                    continue
                above = float(row[column.numerator]) - float(row[column.minus] if column.minus else 0)
                expected = column.times * above / float(row[column.denominator] if column.denominator else 1)
                assert float(row[name]) == pytest.approx(expected, abs=0.005 if column.unit == "rub" else 1e-9), (
                    table,
                    name,
                )
                checked.add((table, name))
    tables_and_columns = (
        (table, name, column) for table in PUBLIC for name, column in metrics().tables[table].columns.items()
    )
    assert checked == {(table, name) for table, name, column in tables_and_columns if column.numerator}


def test_every_rule_has_words():
    """A run that stops says what is wrong in words."""
    assert set(metrics().rules) == set(rule_queries())


def test_an_unknown_column_is_a_mistake_of_ours():
    """Nobody asks for words about nothing."""
    assert metric("channel_period", "romi").unit == "share"
    with pytest.raises(KeyError):
        metric("channel_period", "nothing")


def test_the_page_of_the_docs_says_the_same():
    """Made from these words into docs/metrics.md: python -m tests.helpers.metrics_page."""
    assert written() == generated()
