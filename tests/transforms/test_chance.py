"""Real difference or chance."""

import pytest

from transforms.chance import chi_square, upper_tail


@pytest.mark.parametrize(
    ("statistic", "freedom"), [(3.841459, 1), (5.991465, 2), (7.814728, 3), (11.070498, 5), (18.307038, 10)]
)
def test_tail_agrees_with_printed_tables(statistic, freedom):
    """The 5 % points of every table of the chi-square distribution."""
    assert upper_tail(statistic, freedom) == pytest.approx(0.05, abs=1e-6)


def test_equal_shares_are_chance():
    """20 of 100 and 20 of 100: nothing to tell them apart."""
    test = chi_square([[20, 80], [20, 80]])
    assert (test.statistic, test.p_value, test.is_real) == (0, 1, False)


def test_a_large_difference_is_real():
    """40 of 100 against 10 of 100: expected 25 and 75, so 4 × 225 ÷ (25 or 75) in sum."""
    test = chi_square([[40, 60], [10, 90]])
    assert test.statistic == pytest.approx(2 * 15**2 / 25 + 2 * 15**2 / 75)
    assert test.is_real


def test_too_few_cases_give_no_verdict():
    """An expected count below five, or a single manager, proves nothing."""
    assert chi_square([[1, 9], [2, 8]]) is None
    assert chi_square([[40, 60]]) is None
    assert chi_square([[0, 60], [0, 40]]) is None
