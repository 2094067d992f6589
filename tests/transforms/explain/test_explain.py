"""Every figure can be told from its rows or other figures: used rows add up to it, the others say why not."""

import re
from datetime import date
from importlib.resources import files
from math import isclose

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from config.errors import ConfigError
from config.messages import catalogue
from config.metrics import metrics
from config.setting_words import setting_keys, setting_words
from tests.helpers.often import often
from tests.helpers.tables import warehouse, warehouse_of
from tests.transforms.metrics.test_restated import asking_world_of, st, worlds
from transforms.explain import GIVEN as REST
from transforms.explain import explain_query

GIVEN = {
    "ad_spend": "spend_on | channel | spend_rub | source_row\n2026-09-01 | SEO | 300 | 2",
    "calls": """
    started_at          | phone       | channel | manager | direction | is_answered | talk_seconds
    2026-09-01 10:00:00 | 70000000001 | SEO     | Ольга   | in        | true        | 60
    2026-09-02 10:00:00 | 70000000001 | SEO     | Ольга   | in        | true        | 5
    2026-09-03 10:00:00 |             | SEO     | Ольга   | in        | false       | 0
    2026-09-04 10:00:00 | 70000000002 | SEO     | Ольга   | out       | true        | 60
    2026-10-04 10:00:00 | 70000000003 | SEO     | Ольга   | in        | true        | 60
    2026-09-05 10:00:00 | 70000000004 | VK      | Ольга   | in        | true        | 60
    """,
    "deals": """
    deal_id | closed_on  | status | channel | manager | phone       | client_key | revenue_rub
    1       | 2026-09-02 | won    | SEO     | Ольга   | 70000000001 | anna       | 100
    2       | 2026-09-03 | won    | SEO     | Ольга   |             | anna       | 50
    3       | 2026-09-04 | won    | SEO     | Ольга   |             | boris      | 0
    4       | 2026-09-05 | lost   | SEO     | Ольга   |             | clara      | 70
    5       | 2026-09-06 | won    | SEO     | Ольга   |             | anna       | -10
    6       | 2026-09-07 | won    | SEO     | Ольга   |             |            | 5
    """,
}


QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A whole database a try: shrinking would take minutes."""


def told(connection, table, column, **key):
    """The parts of an explanation as `row: value` of used rows and `row: reason` of the others."""
    found = {}
    for part in explain_query(table, column, key).parts:
        rows = connection.execute(part.sql).fetchall()
        found[part.name] = {row[2]: float(row[4]) if row[5] else row[6] for row in rows}
    return found


def test_calls_tell_why_they_are_no_target_calls():
    """Row by row: talked, too short, not answered, outgoing; another channel's and month's are not spoken of."""
    assert told(warehouse(GIVEN), "channel_period", "target_calls", channel="SEO") == {
        "target_calls": {2: 1, 3: "short_talk", 4: "not_answered", 5: "outgoing"}
    }


def test_unique_calls_tell_who_called_before():
    """The second call of a phone is not unique, nor one without a phone."""
    assert told(warehouse(GIVEN), "channel_period", "unique_calls", channel="SEO") == {
        "unique_calls": {2: 1, 3: "called_before", 4: "unknown_phone", 5: "outgoing"}
    }


def test_clients_count_a_person_once():
    """The first row stands for Anna; free, lost, refunded and nobody's deals are no clients."""
    assert told(warehouse(GIVEN), "channel_period", "clients", channel="SEO") == {
        "clients": {2: 1, 3: "same_person", 4: "free_deal", 5: "lost_deal", 6: "refund", 7: "unknown_client"}
    }


def test_a_ratio_is_told_by_both_its_sides():
    """Cost of a call: 300 ₽ above the line, three calls below it."""
    sides = told(warehouse(GIVEN), "channel_period", "cost_per_call_rub", channel="SEO")
    assert list(sides) == ["spend_rub", "counted_calls"]
    assert sides["spend_rub"] == {2: 300}
    assert sides["counted_calls"] == {2: 1, 3: 1, 4: 1, 5: "outgoing"}


def test_conversion_tells_which_caller_bought():
    """The first call of the caller stands for them; whom nobody knows cannot be seen to buy."""
    callers = {2: 1, 3: "same_person", 4: "not_answered", 5: "outgoing", 7: 1}
    assert told(warehouse(GIVEN), "manager_period", "conversion", manager="Ольга") == {
        "converted_callers": callers | {7: "did_not_buy"},
        "callers": callers,
    }


def test_a_derived_figure_is_told_by_the_figures_it_is_made_of():
    """Chi-square by the callers of each channel, each to be explained in turn; no row adds up to it."""
    explanation = explain_query("channel_dependence", "chi2", {"period_start": "2026-09-01"})
    assert explanation.parts == ()
    callers, converted = explanation.cells
    assert (callers.table, callers.column, converted.column) == (
        "manager_channel_period", "callers", "converted_callers"
    )  # fmt: skip
    found = warehouse(GIVEN).execute(callers.sql).fetchall()
    assert found == [
        ("month", date(2026, 9, 1), "Всего", "SEO", 1),
        ("month", date(2026, 9, 1), "Всего", "VK", 1),
    ]


def test_a_person_is_told_by_their_own_rows():
    """Anna's two sales and the refund; the last sale is what she bought last."""
    connection = warehouse(GIVEN)
    assert told(connection, "client_segment", "revenue_rub", client_key="anna") == {
        "revenue_rub": {2: 100, 3: 50, 6: -10}
    }
    assert told(connection, "client_segment", "orders", client_key="anna") == {"orders": {2: 1, 3: 1, 6: "refund"}}


def test_rows_of_after_as_of_are_told_as_such():
    """In a running period the rows of tomorrow are shown, and that they do not count yet."""
    connection = warehouse(GIVEN, grains=["year"])
    rows = told(connection, "channel_period", "calls", channel="SEO", grain="year", period_start="2026-01-01")
    assert rows["calls"][6] == "after_as_of"


def test_the_latest_month_is_explained_where_nothing_else_is_asked():
    """`svodka explain FOLDER channel_period.calls channel=SEO` is about the running month."""
    connection = warehouse(GIVEN)
    explanation = explain_query("channel_period", "calls", {"channel": "SEO"})
    found = connection.execute(explanation.figure_sql).fetchall()
    assert [(row[0], str(row[1]), row[2], row[3]) for row in found] == [("month", "2026-09-01", "SEO", 3)]


def test_a_name_with_a_quote_is_a_name():
    """A channel called D'Or is looked for, not executed."""
    connection = warehouse({"calls": "started_at | channel\n2026-09-01 10:00 | D'Or"})
    assert told(connection, "channel_period", "calls", channel="D'Or") == {"calls": {2: 1}}


@pytest.mark.parametrize(
    ("table", "column", "key", "message"),
    [
        ("nothing", "calls", {}, "explain.unknown_table"),
        ("channel_period", "nothing", {}, "explain.unknown_column"),
        ("channel_period", "calls", {"manager": "Ольга"}, "explain.unknown_key"),
        ("channel_period", "calls", {}, "explain.missing_key"),
        ("channel_period", "calls", {"channel": "SEO", "grain": "century"}, "explain.unknown_grain"),
        ("channel_period", "calls", {"channel": "SEO", "period_start": "September"}, "explain.not_a_day"),
        ("manager_period", "conversion_low", {"manager": "Всего"}, "explain.no_total"),
    ],
)
def test_what_cannot_be_explained_is_said(table, column, key, message):
    """An unknown word is answered with the known ones."""
    with pytest.raises(ConfigError) as caught:
        explain_query(table, column, key)
    assert caught.value.key == message
    assert caught.value.text("ru")
    assert caught.value.text("en")


def test_every_reason_has_words():
    """No code without a sentence, no sentence without a code."""
    folders = [files("transforms.metrics") / "facts", files("transforms.explain")]
    texts = [file.read_text("utf-8") for folder in folders for file in folder.iterdir() if file.name.endswith(".sql")]
    used = {code for text in texts for code in re.findall(r"then '(\w+)'", text)} - {"other", "open"}
    worded = {key.removeprefix("explain.reason_") for key in catalogue() if key.startswith("explain.reason_")}
    assert used | {"same_person", "after_as_of"} == worded


@pytest.mark.parametrize("table", metrics().tables)
def test_every_column_says_what_it_is_made_of(table):
    """Rows, other figures, settings or days; all of them exist and have words."""
    described = metrics().tables[table]
    for name, column in described.columns.items():
        assert name in described.key or column.rows or column.sources, name
        for source in column.sources:
            kind, _, rest = source.partition(".")
            if kind == "setting":
                assert rest in setting_keys(), name
                assert rest in setting_words(), name
            elif kind == "given":
                assert rest in REST, name
                assert f"cli.explain_given_{rest}" in catalogue(), name
            elif rest and "{" not in source:
                assert rest.partition(" ")[0] in metrics().tables[kind].columns, name
            else:
                assert "{" in source or kind in {*described.columns, *described.behind}, name


def check(world):
    """Whatever the data: the used rows add up to the figure, and what it is made of can be looked up."""
    connection = warehouse_of(dict(world.staged), world.as_of, **world.settings)
    for table, described in metrics().tables.items():
        months = "where grain = 'month'" if "grain" in described.key and table != "plan_period" else ""
        query = connection.execute(f"select * from metrics.{table} {months} order by all desc limit {often(2, 4)}")
        header = [column[0] for column in query.description]
        for row in (dict(zip(header, cells, strict=True)) for cells in query.fetchall()):
            key = {name: str(row[name]) for name in described.key}
            for column in described.columns:
                check_cell(connection, table, column, key, row[column])


def check_cell(connection, table, column, key, value):
    """One cell: its own SELECT finds it, its rows add up to it, a ratio is the quotient of its parts."""
    explanation = explain_query(table, column, key)
    assert [row[-1] for row in connection.execute(explanation.figure_sql).fetchall()] == [value]
    totals = {}
    for part in explanation.parts:
        used = [row[4] for row in connection.execute(part.sql).fetchall() if row[5]]
        totals[part.name] = sum(one or 0 for one in used) if part.is_sum else used[0]
    for cells in explanation.cells:
        connection.execute(cells.sql)
    for sql in explanation.given.values():
        connection.execute(sql)
    if value is None:
        return
    if column in totals:
        assert totals[column] == value or isclose(totals[column], value), (table, column, key)
    told = metrics().tables[table].columns[column]
    if {*told.parts} <= {*totals} and told.denominator:
        above = told.times * (totals[told.numerator] - (totals[told.minus] if told.minus else 0))
        quotient = float(above) / float(totals[told.denominator])
        assert isclose(quotient, value, abs_tol=0.0051), (table, column, key)


@pytest.mark.slow
@settings(max_examples=often(1, 40), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_every_cell_is_explained(world):
    """Every column of every table, in several small worlds on every run of the suite, in many at night."""
    check(world)


@pytest.mark.slow
@settings(max_examples=often(1, 10), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32).map(asking_world_of))
def test_every_cell_of_plans_and_changes_is_explained(world):
    """The same where there is a plan and a list of changes."""
    check(world)
