"""What sqlglot alone does not carry over to Spark Connect, each thing run by DuckDB and by Sail."""

import duckdb
import pytest

from connectors.warehouse.engine.translate import translated

pytestmark = pytest.mark.slow

ROWS = """
create schema staged; create schema metrics;
create table staged.days as select * from (values
    (date '2026-01-01', 'SEO', cast(10.10 as decimal(18, 2)), 1),
    (date '2026-01-31', 'SEO', cast(0.05 as decimal(18, 2)), 3),
    (date '2026-02-01', null, cast(-7.00 as decimal(18, 2)), null)) as t (day_on, channel, spend_rub, calls);
create table staged.calls as select * from (values
    (date '2026-01-01', 'SEO', 5), (date '2026-03-01', 'VK', 6)) as t (day_on, channel, calls);
create table staged.nameless as select range as n, cast(null as varchar) as channel from range(3);
set variable as_of = date '2026-02-02';
set variable grains = ['day', 'week', 'month', 'quarter', 'year'];
set variable nothing = cast([] as varchar[]);
"""
CURES = {
    "a variable is its value": "select day_on from staged.days where day_on < getvariable('as_of')",
    "a list is its values": "select unnest(getvariable('grains')) as grain",
    "an empty list has no rows": "select unnest(getvariable('nothing')) as item",
    "the start of a period by a column": """select grain, day_on, cast(date_trunc(grain, day_on) as date) as start_on
        from staged.days cross join (select unnest(getvariable('grains')) as grain)""",
    "the start of a period of a moment's day, by a column": """select grain,
        cast(date_trunc(grain, cast(cast(day_on as timestamp) as date)) as date) as start_on
        from staged.days cross join (select unnest(getvariable('grains')) as grain)""",
    "a series of days": """select cast(unnest(generate_series(date_trunc('year', day_on) - interval 7 days,
        getvariable('as_of'), interval 1 day)) as date) as day_on from staged.days""",
    "kopecks of a float": """select x, cast(round(x, 2) as decimal(18, 2)) as rub
        from (select unnest([1.005::double, 2.675, -1.005, 0.125, -0.125, 1e9 + 0.005, 10.0 / 3]) as x)""",
    "kopecks of an exact amount": """select cast(round(spend_rub * cast(0.333 as decimal(18, 12)), 2)
        as decimal(18, 2)) as rub from staged.days""",
    "grouped by all that counts nothing": """select day_on, channel, 'one' as word, count(*) as rows,
        sum(spend_rub) as spend_rub from staged.days group by all""",
    "joined by a common column": """select days.day_on as ours, calls.day_on as theirs, channel, days.calls
        from staged.days as days inner join staged.calls as calls using (channel)""",
    "joined by a common column, all rows of both": """select day_on, days.channel, calls.channel as other
        from staged.days as days full join staged.calls as calls using (day_on)""",
    "all columns of a join, the common one once": """select *
        from (select day_on, spend_rub from staged.days) left join staged.calls using (day_on)""",
    "hashes of equal texts meet": """select days.spend_rub, calls.calls from staged.days as days
        inner join staged.calls as calls on hash(days.channel) = hash(calls.channel)""",
    "hashes where nothing has a name": """select nameless.n, days.spend_rub from staged.nameless as nameless
        inner join staged.days as days on hash(coalesce(nameless.channel, 'SEO')) = hash(days.channel)""",
    "a name that is a word of theirs": "select channel as unknown, count(*) as current from staged.days group by all",
    "the first of an order": "select spend_rub from staged.days order by spend_rub desc limit 2",
    "nothing is last": "select calls, row_number() over (order by calls, day_on) as place from staged.days",
    "a quotient divides": "select spend_rub / (calls / (calls + 1)) as n, round(spend_rub / (7 / calls), 2) as m"
    " from staged.days",
    "nothing divides": "select calls / nullif(calls - 3, 0) as ratio, spend_rub / 3 as third from staged.days",
}


@pytest.mark.parametrize("name", CURES)
def test_both_give_the_same_rows(sail, name):
    """Whatever their order, in every cell."""
    connection = duckdb.connect()
    connection.execute(ROWS)
    ours = connection.execute(CURES[name])
    header, rows = [column[0] for column in ours.description], ours.fetchall()
    found = sail.ask(connection, name, CURES[name])
    assert found.columns == header
    assert sorted(map(repr, found.rows)) == sorted(map(repr, rows))


def test_rows_of_a_table_stand_in_its_order(sail):
    """Files that workers wrote have none: the order of the SELECT is kept for DuckDB."""
    connection = duckdb.connect()
    connection.execute(ROWS)
    sql = "select days.day_on, calls from staged.days as days order by days.day_on desc, calls"
    sail.make(connection, "metrics.days", sql, None)
    assert connection.execute("select * from metrics.days").fetchall() == connection.execute(sql).fetchall()


def test_a_table_without_rows_has_its_columns(sail):
    """Sail writes no file of no rows; whoever reads the table next finds it all the same."""
    connection = duckdb.connect()
    connection.execute(ROWS)
    sail.make(
        connection, "metrics.none", "select day_on, sum(calls) as n from staged.days where false group by all", None
    )
    assert connection.execute("describe metrics.none").fetchall()[1][:2] == ("n", "HUGEINT")
    assert sail.ask(connection, "next", "select count(*) as n from metrics.none").rows == [(0,)]


def test_rows_that_come_by_many_are_there(sail):
    """Within the transaction in which their table was made: DuckDB 2.0 may lose row groups otherwise."""
    connection = duckdb.connect()
    connection.execute(
        "create schema metrics; create schema staged; create table staged.n as from range(130000) as t(n)"
    )
    connection.begin()
    for place in ("metrics.many", "temp.many"):
        sail.make(connection, place, "select n from staged.n", None)
        assert connection.execute(f"select count(n), max(n) from {place}").fetchone() == (130_000, 129_999)


def test_few_rows_stand_beside_many(sail):
    """Rows that were given, of which every one has its name, and rows that workers wrote."""
    connection = duckdb.connect()
    connection.execute("""create schema metrics; create schema staged;
        create table staged.few as select 'few' as manager;
        create table staged.n as select range::varchar as manager from range(20000)""")
    sail.make(connection, "metrics.many", "select manager from staged.n", None)
    sql = "select coalesce(manager, 'nobody') as manager from staged.few union select manager from metrics.many"
    sail.make(connection, "metrics.both", sql, None)
    assert connection.execute("select count(*) from metrics.both").fetchone() == (20_001,)


def test_every_column_says_whose_it_is():
    """So that no engine has to guess; texts and days stay as they are."""
    columns = {"staged.days": {"n": "BIGINT", "day_on": "DATE"}}
    asked = translated("select n from staged.days where day_on <= getvariable('as_of')", {"as_of": None}, columns)
    assert asked.sql == "SELECT `days`.`n` AS `n` FROM `staged__days` AS `days` WHERE `days`.`day_on` <= NULL"


def test_a_translation_is_kept_for_the_very_same_question():
    """True is no 1 and 1 no 1.0, though Python takes them for equal; nor is another type of a column."""
    sql, columns = "select n from staged.days where n = getvariable('x')", {"staged.days": {"n": "BIGINT"}}
    endings = [translated(sql, {"x": x}, columns).sql.rpartition("= ")[2] for x in (1, True, 1.0, 1)]
    assert endings == ["1", "TRUE", "1.0", "1"]
    assert translated(sql, {"x": 1}, columns) is translated(sql, {"x": 1}, {"staged.days": {"n": "BIGINT"}})
    assert translated(sql, {"x": 1}, columns) is not translated(sql, {"x": 1}, {"staged.days": {"n": "INTEGER"}})
