"""The example school, end to end: its story as arithmetic."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from config.documents import Result
from config.folder.load import load_client
from examples.generate_school import make_school
from examples.school_files import write_school
from examples.school_story import ACTIVE, BUYERS, ENDS, JOINED, MONTHS, REASONS, Order
from flows.run.reports.report import reported
from tests.helpers.reading import reading
from tests.helpers.sentences import check_sentences
from transforms.layout import ReportInput

SCHOOL = Path(__file__).parents[1] / "examples" / "school"
SVODKA = Path(sys.executable).with_name("svodka")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A fresh copy of the example after one run."""
    copy = tmp_path_factory.mktemp("school") / "school"
    shutil.copytree(SCHOOL, copy)
    done = run(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture(scope="module")
def warehouse(folder, tmp_path_factory):
    """A copy of the warehouse that the run left: while one process reads a DuckDB file, no other writes it."""
    copy = shutil.copy(folder / "data" / "svodka.duckdb", tmp_path_factory.mktemp("warehouse"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def school():
    """What really happened, before anybody exported it."""
    return make_school()


def run(folder, *arguments):
    """`svodka run` on the folder, as a person would call it."""
    command = [str(SVODKA), "run", str(folder), "--as-of", "2026-09-20", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def one(warehouse, sql):
    """The first row of a query."""
    return warehouse.execute(sql).fetchone()


def test_exports_are_what_the_generator_writes(tmp_path):
    """The exports in the repository come from the generator, byte for byte."""
    write_school(make_school(), tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path: (SCHOOL / path).read_bytes() for path in written}
    assert written == kept


def test_base_grows_while_active_fall(warehouse):
    """5,000 + 22 × 442 + 276 = 15,000 subscribers, of whom 2,500 are alive."""
    rows = warehouse.execute(
        "select total_end, active_end from metrics.subscriber_period where grain = 'month' order by period_start"
    ).fetchall()
    totals = [sum(JOINED[: month + 1]) for month in range(24)]
    assert rows == list(zip(totals, ACTIVE, strict=True))
    assert rows[-1] == (5000 + 22 * 442 + 276, 2500)


def test_conversion_of_the_total_falls_and_of_the_active_holds(warehouse):
    """290 of 5,000 bought at first, 157 of 14,724 in August 2026; of the active 290 of 4,800 and 157 of 2,600."""
    rows = warehouse.execute(
        """select buyers, conversion_of_total, conversion_of_active from metrics.subscriber_period
        where grain = 'month' order by period_start"""
    ).fetchall()
    assert [row[0] for row in rows] == BUYERS
    assert rows[0][1:] == (290 / 5000, 290 / 4800)
    assert rows[22][1:] == (157 / 14724, 157 / 2600)


def test_direct_eats_money(warehouse, school):
    """Direct's calls on 1,000 roubles fall from over two to about a half, exactly as spent and called."""
    for month in (0, 22):
        spent = (
            sum(line.kopecks for line in school.spend if line.channel == "Яндекс.Директ" and within(line.day, month))
            / 100
        )
        calls, spend, per_1000 = one(
            warehouse,
            f"""select calls, spend_rub, calls_per_1000_rub from metrics.channel_period
            where grain = 'month' and channel = 'Яндекс.Директ' and period_start = '{MONTHS[month]}'""",
        )
        assert float(spend) == pytest.approx(spent, abs=0.005)
        assert per_1000 == pytest.approx(1000 * calls / spent)


def test_march_2026_is_in_two_exports_and_counts_once(warehouse, school):
    """The later export displaces the earlier one's March; nothing is doubled, nothing lost."""
    spent = sum(line.kopecks for line in school.spend if line.channel == "Яндекс.Директ")
    staged = one(warehouse, "select sum(spend_rub) from staged.ad_spend where source = 'direct'")[0]
    assert staged * 100 == spent
    duplicate = one(warehouse, "select sum(rows_duplicate) from ops.loads where source = 'direct'")[0]
    assert duplicate == 31 * 2


def test_short_pick_ups_hide_missed_calls(warehouse, school):
    """Павел Грачёв answers almost everything, and two of five answers end before the twentieth second."""
    answered, target = one(
        warehouse,
        """select sum(calls), sum(target_calls) from metrics.manager_period
        where grain = 'month' and manager = 'Павел Грачёв'""",
    )
    talks = [call.talk_seconds for call in school.calls if call.manager == "Павел Грачёв" and call.is_answered]
    assert abs(answered - len(talks)) <= 2
    assert abs(target - sum(talk >= 20 for talk in talks)) <= 2
    assert target / answered < 0.7


def test_every_file_balances_in_rows_and_kopecks(warehouse):
    """Read = staged + refused + duplicate + skipped, and nothing else; the plan is read month by month."""
    unbalanced = warehouse.execute(
        """select source_file from ops.loads
        where rows_read <> rows_staged + rows_rejected + rows_duplicate + rows_skipped
            or money_read_rub <> money_staged_rub + money_rejected_rub + money_duplicate_rub + money_skipped_rub"""
    ).fetchall()
    assert unbalanced == []
    assert one(warehouse, "select count(*) from ops.loads")[0] == 2 + 1 + 4 + 1 + 1 + 1 + 12 + 1 + 1


def test_refused_cells_are_named(warehouse):
    """Two amounts and one date nobody can read are refused; a phone that lost its digits keeps its row."""
    refused = warehouse.execute("select column_name, value, is_row_kept from ops.rejects order by all").fetchall()
    assert sorted({(column, kept) for column, _, kept in refused}) == [
        ("phone", True), ("revenue_rub", False), ("started_at", False),
    ]  # fmt: skip
    assert sorted(value for column, value, _ in refused if column == "revenue_rub") == ["9900 + 500", "уточнить"]


def test_unknown_names_are_reported_with_the_nearest(warehouse):
    """A misspelt manager is not guessed; the nearest known name is offered."""
    rows = warehouse.execute(
        "select dictionary, alias, suggestion from ops.unmapped where dictionary = 'managers'"
    ).fetchall()
    assert ("managers", "Седоф", "Игорь Седов") in rows


def test_run_again_changes_nothing(folder):
    """The same inputs and day give the same figures."""
    before = figures(folder)
    assert run(folder).returncode == 0
    assert figures(folder) == before


def figures(folder):
    """Every metric table, whole."""
    with reading(folder / "data") as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where schema_name = 'metrics'"
            ).fetchall()
        ]
        return {name: connection.execute(f'from metrics."{name}" order by all').fetchall() for name in names}


def within(day: date, month: int) -> bool:
    """Whether a day belongs to the month of that number."""
    return MONTHS[month] <= day <= ENDS[month]


def test_every_number_of_every_sentence_adds_up(folder, warehouse):
    """A reader with a calculator gets them from the tables beside them."""
    tables = {
        side: {name: _result(warehouse, f"select * from {schema}.{name}") for name in _built(warehouse, schema)}
        for side, schema in (("now", "metrics"), ("before", "metrics_before"))
    }
    names = ("sources", "loads", "unmapped", "notices")
    ops = {name: _result(warehouse, f"select * from ops.{name}") for name in names}
    client = load_client(folder).client
    as_of = date(2026, 9, 20)
    report = ReportInput(client=client, as_of=as_of, updated_at=datetime(2026, 9, 21, 3), ops=ops, **tables)
    assert check_sentences(report) > 90


def test_a_month_earlier_is_built_by_months_alone(warehouse):
    """No page compares weeks: of them there are figures of today."""
    grains = "select list(distinct grain order by grain) from {}.whole_period"
    found = [warehouse.execute(grains.format(schema)).fetchone()[0] for schema in ("metrics_before", "metrics")]
    assert found == [["month"], ["month", "week"]]


def _built(warehouse, schema):
    """The tables of a schema that a report may read."""
    sql = "select table_name from information_schema.tables where table_schema = ?"
    return [name for (name,) in warehouse.execute(sql, [schema]).fetchall() if name in reported()]


def _result(warehouse, sql):
    query = warehouse.execute(sql)
    return Result("", [column[0] for column in query.description], query.fetchall())


# ------------------------------------------------------------------------------------------------ the owner's figures


def test_revenue_is_behind_the_plan_and_calls_are_on_it(warehouse, school):
    """20 days of 30 of what was planned, against what was paid and who called by then."""
    rows = dict(
        warehouse.execute(
            """select metric, completion from metrics.plan_period where period_start = '2026-09-01'"""
        ).fetchall()
    )
    paid = sum(order.paid_rub for order in school.orders if order.paid_at and within(order.paid_at.date(), 23))
    assert rows["chain_period.revenue_rub"] == pytest.approx(paid / (2_600_000 * 20 / 30))
    assert rows["subscriber_period.active_end"] == pytest.approx(2_500 / 3_000)
    assert rows["chain_period.calls"] == pytest.approx(301 / (450 * 20 / 30))


def test_each_day_of_the_plan_is_what_was_paid_by_then(warehouse, school):
    """The chart's line: September's payments, added up day by day."""
    days = warehouse.execute(
        "select day_on, actual from metrics.plan_day where metric = 'chain_period.revenue_rub' order by day_on"
    ).fetchall()
    paid = [(order.paid_at.date(), order.paid_rub) for order in school.orders if order.paid_at]
    first = date(2026, 9, 1)
    assert days == [(day, sum(rub for on, rub in paid if first <= on <= day)) for day, _ in days]
    assert [day for day, _ in days] == [first + timedelta(days=place) for place in range(20)]


def test_clients_tell_the_survey_who_drops_the_phone(warehouse, school):
    """Every answer counts once, under its manager, whose mean it makes; Павел's is the lowest of all."""
    means = dict(
        warehouse.execute(
            """select manager, sum(csi * csi_answers) / sum(csi_answers) from metrics.satisfaction_period
            where grain = 'month' and manager <> 'Всего' and csi_answers > 0 group by manager"""
        ).fetchall()
    )
    told = {name: [one.score for one in school.answers if one.manager == name] for name in means}
    assert {name: pytest.approx(sum(scores) / len(scores)) for name, scores in told.items()} == means
    assert min(means, key=means.get) == "Павел Грачёв"
    assert means["Павел Грачёв"] < 4 < sorted(means.values())[1]


def test_every_cancelled_order_has_its_reason(warehouse, school):
    """As tagged; of 231 cancelled and 93 false ones the price and another school take what is ours to answer."""
    found = dict(
        warehouse.execute(
            "select reason, sum(deals_lost)::int from metrics.loss_reason_period where grain = 'month' group by reason"
        ).fetchall()
    )
    names = {alias: name for alias, name, _ in REASONS}
    assert found == dict(Counter(names[order.tag] for order in school.orders if order.tag))
    assert sum(found.values()) == 231 + 93


def test_partners_are_owed_by_their_own_rules(warehouse, school):
    """A tenth of each order to the blog, 700 roubles for each new client to the podcast."""
    owed = dict(
        warehouse.execute(
            "select partner, sum(reward_rub) from metrics.partner_period where grain = 'month' group by partner"
        ).fetchall()
    )
    blog = sum(order.paid_rub for order in school.orders if order.promo_code == "ПРОВОДКА")
    first: dict[str, Order] = {}
    for order in sorted((one for one in school.orders if one.paid_at and one.paid_rub), key=_paid):
        first.setdefault(order.subscriber.phone, order)
    new = sum(order.promo_code == "ДЕБЕТ" for order in first.values())
    assert owed == {"Блог «Проводка»": Decimal(blog) / 10, "Подкаст «Дебет»": Decimal(700 * new)}


def _paid(order: Order) -> tuple[date, str]:
    return order.paid_at.date(), str(700_000 + order.number)


def test_the_agency_did_not_stop_directs_fall(warehouse, school):
    """168 days before and after: the calls themselves, day by day, and the verdict that they carry."""
    rows = {
        row[0]: row[1:]
        for row in warehouse.execute(
            "select name, before_value, after_value, verdict from metrics.before_after"
        ).fetchall()
    }
    since, days = date(2026, 2, 2), timedelta(days=168)
    began = [call.started_at.date() for call in school.calls if call.channel == "Яндекс.Директ"]
    before, after = sum(since - days <= day < since for day in began), sum(since <= day < since + days for day in began)
    told = rows["Директ отдали агентству"]
    # a few calls bear no mark of their channel in the journal
    assert (told[0] / before, told[1] / after) == (pytest.approx(0.965, abs=0.015), pytest.approx(0.965, abs=0.015))
    assert told[2] == "worse"
    assert rows["Новые объявления во ВКонтакте"][2] == "noise"
    assert rows["Кнопка звонка на сайте"][2] == "early"
