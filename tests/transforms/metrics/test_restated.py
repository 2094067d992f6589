"""On any small data the SQL gives what the definitions give, restated in plain Python."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isclose
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.metrics import metrics
from tests.helpers.often import often
from tests.helpers.tables import broken_rules, warehouse_of
from tests.transforms.metrics import restated, restated_asked, restated_further
from tests.transforms.metrics.restated import World, start

FIRST = date(2025, 12, 10)  # a year, a month and a week end soon after
PHONES = (None, "70000000001", "70000000001", "70000000001", "70000000002", "112")
CHANNELS = (None, None, "SEO", "VK")
MANAGERS = (None, "Ольга", "Ольга", "Пётр")
EMAILS = (None, "a@example.org", "b@example.org")
ROUBLES = (Decimal("-50.25"), Decimal(0), Decimal("0.01"), Decimal(100), Decimal(100), Decimal("333.33"), None)
ASKED = (
    "chain_period.spend_rub", "chain_period.calls", "chain_period.clients", "chain_period.revenue_rub",
    "chain_period.profit_rub", "channel_period.calls", "channel_period.new_clients", "channel_period.conversion",
    "channel_period.unique_calls", "channel_period.cost_per_call_rub", "manager_period.calls", "manager_period.callers",
    "manager_period.conversion", "manager_period.deals_lost", "manager_period.average_check_rub",
    "manager_channel_period.callers", "manager_channel_period.revenue_rub", "unit_economics_period.ua",
    "unit_economics_period.c1", "unit_economics_period.contribution_margin_rub", "unit_economics_period.cac_rub",
    "unit_economics_period.ltv_rub", "unit_economics_period.orders", "unit_economics_period.cogs_per_order_rub",
    "subscriber_period.total_end", "subscriber_period.joined", "subscriber_period.orders", "subscriber_period.lapsed",
    "client_period.new", "client_period.lost", "client_period.churn_rate", "client_period.clients_end",
    "satisfaction_period.answers", "satisfaction_period.csi", "satisfaction_period.coverage",
)  # fmt: skip
"""Figures that a plan or an experiment may ask for."""
WITH_WHOLE = ("chain_period", "unit_economics_period", "satisfaction_period")
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

    days, times = 61, 1
    """How long a world lasts, and how many times more rows it has than a small one."""
    phones: Sequence[str | None] = PHONES
    clients: Sequence[str | None] = (None, "anna", "anna", "boris")

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.pick = self.random.choice

    def day(self) -> date:
        """A day of the world."""
        return FIRST + timedelta(self.pick(range(self.days)))

    def moment(self) -> datetime:
        """One of few moments of a day."""
        on = self.day()
        return datetime(on.year, on.month, on.day, self.pick((0, 10, 23)), 0, self.pick((0, 1)))

    def numbered(self, most: int, row: Callable[[], dict[str, object]]) -> list[dict[str, object]]:
        """At most so many rows with their numbers."""
        return [row() | {"source_row": number} for number in range(2, 2 + self.pick(range(most * self.times + 1)))]

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
            "phone": pick(self.phones),
            "email": pick(EMAILS),
            "client_id": pick((None, "1", "2", "9")),
            "client_key": pick(self.clients),
            "revenue_rub": pick(ROUBLES),
            "cogs_rub": pick((None, Decimal(5), Decimal("-1.50"))),
            "product": pick((None, "Курс", "Книга")),
            "loss_reason": pick((None, "Дорого", "дорого", "Погода", "Иное")),
            "promo_code": pick((None, None, "ОЛЯ10", "ЧУЖОЙ")),
            "utm_source": pick((None, None, "olga", "petr")),
        }

    def call(self) -> dict[str, object]:
        """A call of either direction."""
        pick = self.pick
        return {
            "started_at": self.moment(),
            "phone": pick(self.phones),
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
                "phone": pick(self.phones),
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
                    "phone": pick(self.phones),
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

    def further(self) -> dict[str, list[dict[str, object]]]:
        """Rows of tables that came later, and dictionaries as the warehouse holds them."""
        pick = self.pick

        def answer() -> dict[str, object]:
            kind = pick(("csi", "csat", "nps"))
            return {
                "answered_on": self.day(),
                "client_key": pick((*self.clients, "clara")),
                "manager": pick(MANAGERS),
                "kind": kind,
                "score": pick((0, 6, 7, 9, 10) if kind == "nps" else (1, 4, 5, 5)),
            }

        share, rub_per_client = pick(
            ((None, None), (Decimal("0.1"), None), (None, Decimal(150)), (Decimal("0.333"), None))
        )
        return {
            "survey_answers": self.numbered(12, answer),
            "loss_reasons": [
                {"spelling": "Дорого", "reason": "Дорого", "reason_group": "own"},
                {"spelling": "дорого", "reason": "Дорого", "reason_group": "own"},
                pick(
                    (
                        {"spelling": "Погода", "reason": "Погода", "reason_group": "external"},
                        {"spelling": "Погода", "reason": None, "reason_group": None},
                    )
                ),
            ][: pick((0, 3, 3))],
            "partners": [
                {"partner": "Ольга П.", "share": share, "rub_per_client": rub_per_client},
                {"partner": "Пётр П.", "share": None, "rub_per_client": None},
            ],
            "partner_marks": [
                {"kind": "promo_code", "spelling": "ОЛЯ10", "partner": "Ольга П."},
                {"kind": "utm_source", "spelling": "olga", "partner": "Ольга П."},
                {"kind": "utm_source", "spelling": "petr", "partner": "Пётр П."},
            ],
        }

    def asked(self) -> dict[str, list[dict[str, object]]]:
        """A plan and experiments."""
        pick = self.pick

        def place(metric: str) -> dict[str, object]:
            dims = metrics().tables[metric.split(".", maxsplit=1)[0]].key[2:]
            is_whole = metric.split(".", maxsplit=1)[0] in WITH_WHOLE and pick((True, False))
            names = {"channel": ("SEO", "VK", "TV"), "manager": ("Ольга", "Пётр", "Анна")}
            return {name: pick(of) if name in dims and not is_whole else None for name, of in names.items()}

        def planned() -> dict[str, object]:
            metric, grain = pick(ASKED), pick(GRAINS)
            period = {"grain": grain, "period_start": start(grain, self.day())}
            return {**period, "metric": metric, "planned": pick((0.0, 3.0, 1000.5)), **place(metric)}

        def tried() -> dict[str, object]:
            metric = pick(ASKED)
            return {"metric": metric, "changed_on": self.day(), "days": pick((1, 7, 14, 28))} | place(metric)

        changes = self.numbered(5, tried)
        return {
            "plan": self.numbered(8, planned),
            "experiments": [row | {"name": f"change {number}"} for number, row in enumerate(changes)],
        }

    def lacking(self, staged: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
        """The same, but some tables were never loaded and some have no such column."""
        kept = {"loss_reasons", "partners", "partner_marks"}
        found = {name: rows for name, rows in staged.items() if name in kept or self.random.random() > 0.07}
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
            "economics_unit": pick(("callers", "leads", "subscribers", "visitors")),
            "min_units": pick((0, 1)),
            "min_buyers": pick((0, 1)),
            "segment_orders": pick(((2, 4), (2, 3))),
            "advertising_items": ["Реклама"],
        }


class LongWorlds(Worlds):
    """A year and a half of more people: enough for levels of a year, for cohorts and for tests of chance."""

    days, times = 560, 30
    phones = (None, *(f"70000000{number:03}" for number in range(250)))
    clients = (None, *(f"client {number}" for number in range(250)))


class YearWorlds(LongWorlds):
    """A year and a quarter of few people: a year ago is there."""

    days, times = 480, 5
    phones = (None, *(f"70000000{number:03}" for number in range(12)))
    clients = (None, *(f"client {number}" for number in range(12)))


def long_world_of(seed: int) -> World:
    """A number in, a long world that lacks nothing out."""
    made = LongWorlds(seed)
    staged = made.staged() | made.further()
    return World(FIRST + timedelta(made.pick(range(460, 561))), staged, made.settings())


def world_of(seed: int) -> World:
    """A number in, a world out: about half of them lack something."""
    made = Worlds(seed)
    staged = made.staged() | made.further()
    if made.random.random() < 0.5:
        staged = made.lacking(staged)
    return World(FIRST + timedelta(made.pick(range(20, 61))), staged, made.settings())


worlds = st.integers(0, 2**32).map(world_of)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A whole database a try: shrinking would take minutes."""
PERIODIC = tuple(name for name, table in metrics().tables.items() if "grain" in table.key and not table.has_gaps)
WHOLE_RUN = ("lever", "cohort_month", "client_segment", "winback")
"""Tables of another key than a period."""
SLACK = {("lever", column): 0.0101 for column in ("lift_rub", "margin_after_rub", "shortfall_rub")} | {
    ("channel_dependence", "p_value"): 1e-6,
    ("before_after", "effect_rub"): 0.0051,
}
"""How far a figure may be off: half kopecks of long products in floating point may go either way."""
UNTOLD = {"is_activity_known", "is_start_known"}
"""Columns that follow from what was loaded when, not from rows."""


def check_asked(world: World) -> None:
    """Plans and experiments over a world are what is looked up in worlds of other days."""
    connection = warehouse_of(dict(world.staged), world.as_of, grains=["month"], **world.settings)
    assert broken_rules(connection) == {}
    for name in ("plan_period", "before_after"):
        compare(connection, name, getattr(restated_asked, name)(world))


def asking_world_of(seed: int, kind: type[Worlds] = Worlds) -> World:
    """A number in, a world with a plan and experiments out."""
    made = kind(seed)
    staged = made.staged() | made.further()
    if kind is Worlds and made.random.random() < 0.3:
        staged = made.lacking(staged)
    first = made.days * 4 // 5
    return World(FIRST + timedelta(made.pick(range(first, made.days))), staged | made.asked(), made.settings())


def check(world: World, grains: Sequence[str] = GRAINS) -> None:
    """Every table at every grain equals its restatement, and every rule holds."""
    connection = warehouse_of(dict(world.staged), world.as_of, grains=list(grains), **world.settings)
    assert broken_rules(connection) == {}
    for name in PERIODIC:
        for grain in grains:
            compare(connection, name, restatement(name)(world, grain), f"grain = '{grain}'")
    for name in WHOLE_RUN:
        compare(connection, name, restatement(name)(world))


def restatement(name: str) -> Callable[..., list[dict[str, object]]]:
    """The restatement of a table."""
    return getattr(restated, name, None) or getattr(restated_further, name)


def compare(connection, name: str, expected: list[dict[str, object]], where: str = "true") -> None:
    """The rows of a metric table are the expected ones, in every column."""
    query = connection.execute(f"select * from metrics.{name} where {where}")
    header = [column[0] for column in query.description]
    found = [dict(zip(header, row, strict=True)) for row in query.fetchall()]
    key = metrics().tables[name].key
    assert not expected or set(header) - UNTOLD == set(expected[0]), name
    rows, wanted = ({tuple(row[column] for column in key): row for row in of} for of in (found, expected))
    assert len(rows) == len(found), name
    assert rows.keys() == wanted.keys(), (name, where)
    unlike = {
        (place, column): (rows[place][column], wanted[place][column])
        for place in rows
        for column in set(header) - UNTOLD
        if not is_alike(rows[place][column], wanted[place][column], SLACK.get((name, column), 1e-9))
    }
    assert not unlike, f"{name} where {where}, found and expected: {dict(list(unlike.items())[:5])}"


def is_alike(found: object, expected: object, slack: float) -> bool:
    """Equal, or floating point with the same digits."""
    if None in (found, expected) or isinstance(expected, str | bool | date):
        return found == expected
    return isclose(float(str(found)), float(str(expected)), rel_tol=1e-9, abs_tol=slack)


@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_sql_agrees_with_the_definitions(world):
    """A small world on every run of the suite."""
    check(world)


@pytest.mark.slow
@settings(max_examples=often(1, 20), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32).map(asking_world_of))
def test_plans_and_experiments_look_up_other_days(world):
    """A few small worlds."""
    check_asked(world)


@pytest.mark.slow
@settings(max_examples=often(3, 60), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_sql_agrees_with_the_definitions_in_many_worlds(world):
    """More of them where there is time."""
    check(world)


@pytest.mark.slow
@settings(max_examples=often(2, 8), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32).map(long_world_of))
def test_sql_agrees_with_the_definitions_in_long_worlds(world):
    """Of a year and a half, by month and year."""
    check(world, ("month", "year"))


@pytest.mark.slow
@settings(max_examples=often(1, 10), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32).map(lambda seed: asking_world_of(seed, YearWorlds)))
def test_plans_and_experiments_look_up_other_days_of_long_worlds(world):
    """With a year before, and four weeks of days."""
    check_asked(world)
