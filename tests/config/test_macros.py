"""What a known phone, a sale, a thing without a name is: written once, in its place in every query."""

import duckdb
import pytest

from config.macros import expanded, macros


def test_a_macro_gives_its_meaning():
    """Its parameters are the arguments of the call, whatever they are made of."""
    assert expanded("select named(calls.manager)") == "select coalesce(calls.manager, 'Не указан')"
    assert expanded("ratio(a + b, sum(c))") == "(cast((a + b) as double) / nullif(cast(sum(c) as double), 0))"


def test_macros_stand_within_macros():
    """One in the argument of another, and one in the meaning of another."""
    found = duckdb.execute(expanded("select roubles(ratio(1000, 3)), named(known_phone('112'))")).fetchone()
    assert [str(value) for value in found] == ["333.33", "Не указан"]


def test_an_argument_may_bear_the_name_of_another_parameter():
    """Both are replaced at once."""
    swapped = duckdb.execute(expanded("select ratio(below, above) from (select 8 as above, 2 as below)")).fetchone()
    assert swapped == (2 / 8,)


@pytest.mark.parametrize("plain", ["select 1 -- named(x, is no call", "select rows.named(1)", "select unnamed_one(1)"])
def test_what_is_no_call_stays(plain):
    """Comments, methods and longer names."""
    assert expanded(plain) == plain


def test_a_wrong_call_is_a_mistake_of_ours():
    """Nobody else writes them."""
    with pytest.raises(ValueError, match="ratio takes 2 arguments, not 1"):
        expanded("select ratio(1)")
    with pytest.raises(ValueError, match="no closing bracket"):
        expanded("select named(x")


@pytest.mark.parametrize(
    ("phone", "is_known"), [("70000000001", True), ("80000000001", False), ("7000000000", False), ("", False)]
)
def test_known_is_a_phone_of_eleven_digits_from_seven(phone, is_known):
    """Any other number is nobody's."""
    assert duckdb.execute(expanded(f"select is_known_phone('{phone}')")).fetchone() == (is_known,)


@pytest.mark.parametrize("name", macros())
def test_every_macro_is_sql_of_its_own(name):
    """The engine takes the file as it stands, too."""
    connection = duckdb.connect()
    connection.execute("create schema metrics; create table metrics.asked_grain (table_name varchar, grain varchar)")
    one = macros()[name]
    connection.execute(f"create macro {name}({', '.join(one.parameters)}) as {one.body}")
