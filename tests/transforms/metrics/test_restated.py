"""On any small data the SQL gives what the definitions give, restated in plain Python."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.helpers.often import often
from tests.helpers.tables import broken_rules, warehouse_of
from tests.transforms.metrics import restated
from tests.transforms.metrics.restated import World

FIRST = date(2025, 12, 10)  # a year, a month and a week end soon after
PHONES = (None, "70000000001", "70000000001", "70000000001", "70000000002", "112")
CHANNELS = (None, None, "SEO", "VK")
MANAGERS = (None, "Ольга", "Ольга", "Пётр")
EMAILS = (None, "a@example.org", "b@example.org")
ROUBLES = (Decimal("-50.25"), Decimal(0), Decimal("0.01"), Decimal(100), Decimal(100), Decimal("333.33"), None)
GRAINS = ("day", "week", "month", "year")
MAY_LACK = {
    "ad_spend": ("channel", "impressions", "clicks"),
    "calls": ("channel", "manager", "phone", "talk_seconds"),
    "deals": ("channel", "manager", "phone", "email", "client_id", "client_key", "cogs_rub"),
    "leads": ("channel", "phone", "email"),
    "subscribers": ("channel", "phone", "email"),
    "survey_answers": ("manager", "client_key"),
}
"""Columns that a client's exports may not have at all."""


class Worlds:
    """A number in, a small crowded world out: rows of few people in two months, so that they meet."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.pick = self.random.choice

    def day(self) -> date:
        """A day of the two months."""
        return FIRST + timedelta(self.pick(range(61)))

    def moment(self) -> datetime:
        """One of few moments of a day."""
        on = self.day()
        return datetime(on.year, on.month, on.day, self.pick((0, 10, 23)), 0, self.pick((0, 1)))

    def numbered(self, most: int, row: Callable[[], dict[str, object]]) -> list[dict[str, object]]:
        """At most so many rows with their numbers."""
        return [row() | {"source_row": number} for number in range(2, 2 + self.pick(range(most + 1)))]

    def deal(self) -> dict[str, object]:
        """A deal, of nobody or of one of two people."""
        pick = self.pick
        created_on, closed_on = pick((None, self.day(), self.day())), pick((None, self.day(), self.day()))
        return {
            "created_on": created_on if closed_on else created_on or FIRST,
            "closed_on": closed_on,
            "status": pick(("won", "won", "won", "lost", "open")),
            "channel": pick(CHANNELS),
            "manager": pick(MANAGERS),
            "phone": pick(PHONES),
            "email": pick(EMAILS),
            "client_id": pick((None, "1", "2", "9")),
            "client_key": pick((None, "anna", "anna", "boris")),
            "revenue_rub": pick(ROUBLES),
            "cogs_rub": pick((None, Decimal(5), Decimal("-1.50"))),
        }

    def call(self) -> dict[str, object]:
        """A call of either direction."""
        pick = self.pick
        return {
            "started_at": self.moment(),
            "phone": pick(PHONES),
            "channel": pick(CHANNELS),
            "manager": pick(MANAGERS),
            "direction": pick(("in", "in", "in", "out")),
            "is_answered": pick((True, True, False)),
            "talk_seconds": pick((0, 19, 20)),
            "call_id": pick((None, "a", "b")),
        }

    def staged(self) -> dict[str, list[dict[str, object]]]:
        """Rows of every table."""
        pick, day = self.pick, self.day
        deals = self.numbered(16, self.deal)
        subscribers = self.numbered(
            4,
            lambda: {
                "subscribed_on": day(),
                "unsubscribed_on": pick((None, None, day())),
                "channel": pick(CHANNELS),
                "phone": pick(PHONES),
                "email": pick(EMAILS),
            },
        )
        return {
            "ad_spend": self.numbered(
                6,
                lambda: {
                    "spend_on": day(),
                    "channel": pick(CHANNELS),
                    "spend_rub": pick((Decimal("10.10"), Decimal(7), Decimal(0))),
                    "impressions": pick((None, 0, 50, 99)),
                    "clicks": pick((None, 0, 3)),
                },
            ),
            "calls": self.numbered(24, self.call),
            # 10 comes before 9: ids are compared as text
            "deals": [row | {"deal_id": str(number)} for number, row in enumerate(deals, start=8)],
            "leads": self.numbered(
                5,
                lambda: {
                    "created_at": self.moment(),
                    "channel": pick(CHANNELS),
                    "phone": pick(PHONES),
                    "email": pick(EMAILS),
                    "status": pick(("open", "junk", "qualified")),
                    "lead_id": pick((None, "l1", "l2")),
                },
            ),
            "subscribers": [row | {"subscriber_id": str(number)} for number, row in enumerate(subscribers, start=1)],
            "activity": self.numbered(20, lambda: {"subscriber_id": pick("1234"), "active_on": day()}),
            "costs": self.numbered(
                3,
                lambda: {
                    "month_on": day().replace(day=1),
                    "item": pick(("Аренда", "Аренда", "Реклама")),
                    "amount_rub": pick((Decimal("100.00"), Decimal("0.01"), Decimal("-33.33"), Decimal("1234567.89"))),
                },
            ),
        }

    def lacking(self, staged: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
        """The same, but some tables were never loaded and some have no such column."""
        found = {name: rows for name, rows in staged.items() if self.random.random() > 0.07}
        for name in MAY_LACK.keys() & found.keys():
            blank = {column: None for column in MAY_LACK[name] if self.random.random() < 0.25}
            found[name] = [row | blank for row in found[name]]
        return found

    def settings(self) -> dict[str, object]:
        """What a client may set."""
        pick = self.pick
        return {
            "unique_days": pick((1, 30)),
            "target_seconds": 20,
            "lookback_days": pick((0, 10, 90, 90)),
            "attribution_model": pick(("last", "first")),
            "calls_count": pick(("all", "unique", "target", "enquiries")),
            "active_days": pick((1, 5, 10)),
            "client_days": pick((1, 5, 10)),
            "min_callers": pick((0, 1, 2)),
            "advertising_items": ["Реклама"],
        }


def world_of(seed: int) -> World:
    """A number in, a world out: about half of them lack something."""
    made = Worlds(seed)
    staged = made.staged()
    if made.random.random() < 0.5:
        staged = made.lacking(staged)
    return World(FIRST + timedelta(made.pick(range(20, 61))), staged, made.settings())


worlds = st.integers(0, 2**32).map(world_of)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A whole database a try: shrinking would take minutes."""
PERIODIC = (
    "channel_period", "manager_period", "subscriber_period", "client_period", "client_channel_period", "chain_period",
    "whole_period",
)  # fmt: skip
UNTOLD = {"is_activity_known"}
"""Columns that follow from what was loaded when, not from rows."""


def check(world: World) -> None:
    """Every table at every grain equals its restatement, and every rule holds."""
    connection = warehouse_of(dict(world.staged), world.as_of, grains=list(GRAINS), **world.settings)
    assert broken_rules(connection) == {}
    for name in PERIODIC:
        for grain in GRAINS:
            compare(connection, name, getattr(restated, name)(world, grain), f"grain = '{grain}'")


def compare(connection, name: str, expected: list[dict[str, object]], where: str = "true") -> None:
    """The rows of a metric table are the expected ones, in every column."""
    query = connection.execute(f"select * from metrics.{name} where {where}")
    header = [column[0] for column in query.description if column[0] not in UNTOLD]
    found = [dict(zip([column[0] for column in query.description], row, strict=True)) for row in query.fetchall()]
    if expected:
        assert set(header) == set(expected[0]), name
    shown, wanted = (sorted(_shown(row, header) for row in rows) for rows in (found, expected))
    assert shown == wanted, f"{name} where {where}: {_difference(header, shown, wanted)}"


def _shown(row: dict[str, object], header: list[str]) -> tuple[str, ...]:
    return tuple(_text(row[column]) for column in header)


def _text(value: object) -> str:
    if isinstance(value, bool | str | date) or value is None:
        return str(value)
    number = float(value)  # type: ignore[arg-type]
    return "0" if number == 0 else f"{number:.10g}"


def _difference(header: list[str], found: list[tuple[str, ...]], wanted: list[tuple[str, ...]]) -> str:
    extra, missing = sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found))
    if len(extra) == len(missing):
        return "\n".join(
            ", ".join(
                f"{name}: {a}" if a == b else f"{name}: FOUND {a} EXPECTED {b}"
                for name, a, b in zip(header, *pair, strict=True)
            )
            for pair in zip(extra[:3], missing[:3], strict=True)
        )
    return f"{header}\nextra {extra[:3]}\nmissing {missing[:3]}"


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_sql_agrees_with_the_definitions(world):
    """A few small worlds on every run of the suite."""
    check(world)


@pytest.mark.slow
@settings(max_examples=often(12, 60), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_sql_agrees_with_the_definitions_in_many_worlds(world):
    """More of them where there is time."""
    check(world)
