"""Real difference or chance: Pearson's chi-square test of a table of counts, without a statistics library."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_EXPECTED = 5
"""Below this expected count in a cell the test says nothing trustworthy."""
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class ChiSquare:
    """The statistic, its degrees of freedom and how often chance alone gives at least as much."""

    statistic: float
    freedom: int
    p_value: float

    @property
    def is_real(self) -> bool:
        """Chance alone would hardly do it."""
        return self.p_value < SIGNIFICANT


def chi_square(counts: Sequence[Sequence[int]]) -> ChiSquare | None:
    """Rows of counts in; the test out, or None if there are under two rows or an expected count is below five."""
    totals = [sum(column) for column in zip(*counts, strict=True)]
    whole = sum(totals)
    if len(counts) < 2 or len(totals) < 2 or not whole:
        return None
    expected = [[sum(row) * total / whole for total in totals] for row in counts]
    if min(cell for row in expected for cell in row) < LEAST_EXPECTED:
        return None
    statistic = sum(
        (found - awaited) ** 2 / awaited
        for row, awaited_row in zip(counts, expected, strict=True)
        for found, awaited in zip(row, awaited_row, strict=True)
    )
    freedom = (len(counts) - 1) * (len(totals) - 1)
    return ChiSquare(statistic, freedom, upper_tail(statistic, freedom))


def upper_tail(statistic: float, freedom: int) -> float:
    """P(χ² ≥ statistic): closed sums for whole degrees of freedom (Abramowitz & Stegun 26.4.4 and 26.4.5)."""
    if statistic <= 0:
        return 1.0
    half = statistic / 2
    if freedom % 2 == 0:
        return math.exp(-half) * math.fsum(half**power / math.factorial(power) for power in range(freedom // 2))
    series = math.fsum(half ** (power - 0.5) / math.gamma(power + 0.5) for power in range(1, (freedom + 1) // 2))
    return math.erfc(math.sqrt(half)) + math.exp(-half) * series
