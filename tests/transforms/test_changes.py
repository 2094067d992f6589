"""The exact explanation of a changed figure."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from transforms.changes import Effect, Ratio, explain_ratio, explain_sum, main_cause

PARTS = st.dictionaries(
    st.sampled_from(["Директ", "VK", "Авито", "SEO"]),
    st.builds(Ratio, st.integers(0, 500), st.integers(1, 100_000)),
    min_size=1,
)
LOOSE_PARTS = st.dictionaries(
    st.sampled_from(["Директ", "VK", "Авито"]), st.builds(Ratio, st.integers(0, 500), st.integers(0, 50)), min_size=1
)


def whole(parts):
    bottom = sum(part.bottom for part in parts.values())
    return Fraction(sum(part.top for part in parts.values()), bottom) if bottom else None


@given(PARTS, PARTS)
def test_terms_add_up_to_the_change_exactly(before, now):
    """Σ own + Σ moved = ΔR, whatever channels come and go."""
    assert sum(term.amount for term in explain_ratio(before, now)) == whole(now) - whole(before)


@given(LOOSE_PARTS, LOOSE_PARTS)
def test_terms_add_up_where_a_part_has_nothing_below_the_line(before, now):
    """Spend on a channel without a new client has no price of its own and is still explained."""
    terms = explain_ratio(before, now)
    if whole(before) is None or whole(now) is None:
        assert terms == []
    else:
        assert sum(term.amount for term in terms) == whole(now) - whole(before)


def test_a_channel_that_got_worse_is_own():
    """Spend stands still, calls fall from 200 to 100: the channel itself."""
    before = {"Директ": Ratio(200, 100), "VK": Ratio(100, 100)}
    now = {"Директ": Ratio(100, 100), "VK": Ratio(100, 100)}
    cause = main_cause(explain_ratio(before, now))
    assert (cause.part, cause.effect, cause.amount) == ("Директ", Effect.OWN, Fraction(1, 2) * (1 - 2))


def test_money_that_moved_to_a_dear_channel_is_moved():
    """Each channel keeps its ratio; the dear one takes three quarters of the money."""
    before = {"cheap": Ratio(300, 100), "dear": Ratio(100, 100)}
    now = {"cheap": Ratio(150, 50), "dear": Ratio(150, 150)}
    terms = explain_ratio(before, now)
    assert all(term.amount == 0 for term in terms if term.effect is Effect.OWN)
    assert main_cause(terms).effect is Effect.MOVED


def test_a_channel_of_one_period_counts_as_money_moved():
    """A new channel takes its ratio from now: its own change is nothing."""
    terms = explain_ratio({"VK": Ratio(200, 100)}, {"VK": Ratio(200, 100), "Авито": Ratio(10, 100)})
    new = {term.effect: term.amount for term in terms if term.part == "Авито"}
    # mean of R is (2 + 1.05) / 2; weight went from 0 to a half
    assert new == {Effect.OWN: 0, Effect.MOVED: (Fraction(1, 10) - Fraction("1.525")) * Fraction(1, 2)}


def test_a_third_of_the_change_is_a_cause_and_less_is_none():
    """−4 of −12 stands out; −3 of −12 does not."""
    assert main_cause(explain_sum({"a": 4, "b": 4, "c": 4}, {"a": 0, "b": 0, "c": 0})).amount == -4
    assert main_cause(explain_sum(dict.fromkeys("abcd", 3), {})) is None


def test_a_part_that_went_the_other_way_is_no_cause():
    """The whole fell, so the part that rose did not make it."""
    cause = main_cause(explain_sum({"a": 10, "b": 10}, {"a": 15, "b": 1}))
    assert (cause.part, cause.amount) == ("b", -9)


def test_nothing_to_divide_by_explains_nothing():
    """Without spend before there is no ratio before, hence no change of it."""
    assert explain_ratio({"VK": Ratio(5, 0)}, {"VK": Ratio(5, 10)}) == []
