"""Whether conversion depends on the channel: the test against published tables, and where it must be silent."""

from datetime import date, timedelta
from random import Random

import pytest

from tests.helpers.tables import check_metric, warehouse
from tests.transforms.metrics.restated_further import chi_square, upper_tail

FIRST = date(2026, 3, 2)


def world(counts: dict[str, tuple[int, int]]) -> dict[str, str]:
    """Callers and buyers by channel in; calls of one manager and deals that give them out."""
    calls, deals = (
        ["started_at | phone | manager | channel | is_answered"],
        ["closed_on | status | manager | phone | revenue_rub"],
    )
    number = 0
    for channel, (callers, buyers) in counts.items():
        for place in range(callers):
            number += 1
            phone = f"7{number:010}"
            calls.append(f"{FIRST} 10:00:00 | {phone} | Ольга | {channel} | true")
            if place < buyers:
                deals.append(f"{FIRST + timedelta(1)} | won | Ольга | {phone} | 100")
    return {"calls": "\n".join(calls), "deals": "\n".join(deals)}


def found(counts: dict[str, tuple[int, int]]) -> tuple[object, ...]:
    """What the table says of them."""
    row = (
        warehouse(world(counts), date(2026, 3, 31), ("channel_dependence",))
        .execute(
            "select channels, callers, converted_callers, chi2, p_value, is_dependent from metrics.channel_dependence"
            " where grain = 'month'"
        )
        .fetchone()
    )
    assert row is not None
    return row


def test_three_channels_of_which_one_sells_worse():
    """Of 100, 80 and 60 callers 20, 8 and 18 bought: 8.93, once in 87 by chance."""
    channels, callers, buyers, chi2, p_value, is_dependent = found({"SEO": (100, 20), "VK": (80, 8), "TV": (60, 18)})
    assert (channels, callers, buyers, is_dependent) == (3, 240, 46, True)
    assert round(float(str(chi2)), 2) == 8.93
    assert round(float(str(p_value)), 4) == 0.0115


@pytest.mark.parametrize(
    ("chi2", "freedom", "p_value"),
    # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4: upper critical values
    [(3.841, 1, 0.05), (6.635, 1, 0.01), (5.991, 2, 0.05), (7.815, 3, 0.05), (9.488, 4, 0.05), (16.919, 9, 0.05),
     (18.307, 10, 0.05), (30.144, 19, 0.05), (31.410, 20, 0.05), (66.339, 49, 0.05)],
)  # fmt: skip
def test_the_restated_tail_is_that_of_published_tables(chi2, freedom, p_value):
    """What the SQL is compared with is right itself."""
    assert upper_tail(chi2, freedom) == pytest.approx(p_value, abs=2e-5)


@pytest.mark.parametrize("channels", [2, 3, 4, 5, 8, 11, 20, 31])
def test_the_tail_is_right_for_any_number_of_channels(channels):
    """To a millionth, for even and odd degrees of freedom."""
    pick = Random(channels).randint
    counts = {
        f"channel {place}": (callers := pick(60, 90), pick(callers // 4, callers // 2)) for place in range(channels)
    }
    got = found(counts)
    entered, n, k, chi2, p_value = chi_square(list(counts.values()))
    assert got[:3] == (entered, n, k)
    assert got[3] == pytest.approx(chi2, abs=1e-9)
    assert got[4] == pytest.approx(p_value, abs=1e-6)


def test_equal_channels_differ_by_nothing():
    """No difference at all is chance for certain."""
    assert found({"SEO": (50, 10), "VK": (50, 10)})[3:] == (0, 1, False)


def test_a_channel_with_few_callers_stays_out():
    """Of TV's 20 callers 4 are expected to buy: fewer than five; the rest is tested without it."""
    counts = {"SEO": (100, 20), "VK": (100, 20), "TV": (20, 4)}
    assert found(counts)[:4] == (2, 200, 40, 0)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"SEO": (100, 20)}, (1, 100, 20, None, None, None)),
        ({"SEO": (100, 0), "VK": (100, 0)}, (0, 0, 0, None, None, None)),
        ({"SEO": (100, 100), "VK": (100, 100)}, (0, 0, 0, None, None, None)),
        ({"SEO": (100, 20), "": (100, 50)}, (1, 100, 20, None, None, None)),
    ],
)
def test_where_nothing_can_be_compared_it_is_silent(counts, expected):
    """One channel, nobody who bought, nobody who did not, callers of whom no channel is known."""
    assert found(counts) == expected


def test_a_running_conversion_is_not_mature():
    """Callers of March may buy until the end of June."""
    check_metric(
        "channel_dependence",
        as_of=date(2026, 6, 28),
        only="grain = 'month' and period_start <= '2026-04-01'",
        given=world({"SEO": (10, 2)}),
        expect="""
        period_start | channels | is_mature | is_complete
        2026-03-01   | 0        | false     | true
        2026-04-01   | 0        | false     | true
        """,
    )
    check_metric(
        "channel_dependence",
        as_of=date(2026, 6, 29),
        only="grain = 'month' and period_start <= '2026-04-01'",
        given=world({"SEO": (10, 2)}),
        expect="""
        period_start | channels | is_mature | is_complete
        2026-03-01   | 0        | true      | true
        2026-04-01   | 0        | false     | true
        """,
    )


def test_without_sales_nothing_is_known():
    """Unknown, not none."""
    check_metric(
        "channel_dependence",
        as_of=date(2026, 3, 31),
        given={"calls": world({"SEO": (10, 0)})["calls"]},
        expect="period_start | channels | callers | converted_callers | chi2\n2026-03-01 | | | |",
    )
