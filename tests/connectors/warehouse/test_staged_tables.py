"""What becomes of the cells of each table: people, products, periods, answers, blanks and refusals."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config.errors import ContractError
from config.tables import tables
from tests.connectors.warehouse.loading import Folder

pytestmark = pytest.mark.slow


def staged(tmp_path: Path, source: dict[str, Any], text: str, sql: str, **facts: Any) -> list[tuple[Any, ...]]:
    """One source with one file in; what the SQL finds once it is loaded."""
    folder = Folder(tmp_path, {"s": source}, **facts)
    folder.run({"s": {"f.csv": text}})
    return folder.rows(sql)


def columns(table: str, **mapped: str) -> dict[str, Any]:
    """A source whose columns are mapped by hand."""
    return {"table": table, "columns": mapped}


def test_products_of_one_deal_are_summed_and_differences_are_said(tmp_path: Path):
    """100 + 50; the manager of the first row; the other row's manager is a notice."""
    source = columns("deals", deal_id="id", closed_on="day", manager="who", product="what", revenue_rub="rub")
    text = "id;day;who;what;rub\n7;01.08.2026;Анна;курс;100\n7;01.08.2026;Игорь;книга;50\n;02.08.2026;;;10"
    rows = staged(
        tmp_path, source, text, "select deal_id, manager, product, revenue_rub, source_row from staged.deals order by 5"
    )
    assert rows == [("7", "Анна", "курс", Decimal("150.00"), 2), (None, None, None, Decimal("10.00"), 4)]
    folder = Folder(tmp_path, {"s": source})
    assert folder.rows("select rows_read, rows_staged from ops.loads") == [(3, 3)]
    assert folder.rows("select rows, money_rub, detail from ops.notices where kind = 'products_differ'") == [
        (2, Decimal("150.00"), "manager")
    ]


def test_a_person_is_a_phone_else_an_email_else_the_sources_own_id(tmp_path: Path):
    """An odd number stays as digits, and the person falls to the e-mail; with none of them there is nobody."""
    source = columns("deals", closed_on="day", phone="tel", email="mail", client_id="user", revenue_rub="rub")
    text = """day;tel;mail;user;rub
01.08.2026;8 (000) 555-01-23;a@example.org;1;1
01.08.2026;12345;B@Example.org;2;1
01.08.2026;;;3;1
01.08.2026;;;;1"""
    rows = staged(tmp_path, source, text, "select client_key, phone from staged.deals order by source_row")
    assert rows == [("70005550123", "70005550123"), ("b@example.org", "12345"), ("s:3", None), (None, None)]


def test_a_blank_amount_is_unknown_an_unreadable_one_refuses_the_row(tmp_path: Path):
    """Both count as rows without an amount."""
    source = columns("deals", closed_on="day", revenue_rub="rub")
    text = "day;rub\n01.08.2026;\n01.08.2026;сто\n01.08.2026;5,50"
    assert staged(
        tmp_path, source, text, "select rows_staged, rows_rejected, rows_without_amount, money_read_rub from ops.loads"
    ) == [(2, 1, 2, Decimal("5.50"))]
    folder = Folder(tmp_path, {"s": source})
    assert folder.rows("select source_row, column_name, value, reason, is_row_kept from ops.rejects") == [
        (3, "revenue_rub", "сто", "not_money", False)
    ]
    assert folder.rows("select kind, rows from ops.notices where kind = 'free_deals'") == [("free_deals", 1)]


def test_sales_of_several_months_are_told_of_once(tmp_path: Path):
    """5.50 in one file and 4.50 in another: two rows of one source without a cost, not a line for each month."""
    folder = Folder(tmp_path, {"s": columns("deals", closed_on="day", revenue_rub="rub")})
    folder.run({"s": {"07.csv": "day;rub\n01.07.2026;5,50", "08.csv": "day;rub\n01.08.2026;4,50"}})
    found = folder.rows("select source, rows, money_rub from ops.notices where kind = 'without_cogs'")
    assert found == [("s", 2, Decimal("5.50") + Decimal("4.50"))]


def test_half_of_a_character_does_not_stop_a_file(tmp_path: Path):
    """Broken JSON brings lone surrogates, which UTF-8 cannot hold: a question mark stands for one, its row stays."""
    source = columns("deals", closed_on="day", product="what", revenue_rub="rub")
    text = "day;what;rub\n01.08.2026;курс \ud83d;5"
    assert staged(tmp_path, source, text, "select product, revenue_rub from staged.deals") == [
        ("курс ?", Decimal("5.00"))
    ]


def test_an_optional_cell_that_cannot_be_read_keeps_its_row(tmp_path: Path):
    """The reject says so; a required blank one is named too."""
    source = columns("ad_spend", spend_on="day", channel="where", spend_rub="rub", clicks="clicks")
    text = "day;where;rub;clicks\n01.08.2026;SEO;1;много\n;SEO;2;3"
    assert staged(
        tmp_path, source, text, "select source_row, column_name, reason, is_row_kept from ops.rejects order by 1"
    ) == [
        (2, "clicks", "not_a_count", True),
        (3, "spend_on", "missing", False),
    ]
    assert Folder(tmp_path, {"s": source}).rows("select spend_rub, clicks from staged.ad_spend") == [
        (Decimal("1.00"), None)
    ]


def test_deals_need_one_of_two_dates(tmp_path: Path):
    """Closed without creation is fine; neither refuses the row and names both cells."""
    source = columns("deals", created_on="made", closed_on="done", revenue_rub="rub")
    text = "made;done;rub\n;02.08.2026;1\n;;2"
    assert staged(tmp_path, source, text, "select created_on, closed_on, status from staged.deals") == [
        (None, date(2026, 8, 2), "won")
    ]
    assert Folder(tmp_path, {"s": source}).rows("select column_name, reason from ops.rejects order by 1") == [
        ("closed_on", "missing"),
        ("created_on", "missing"),
    ]


def test_one_date_column_serves_for_both(tmp_path: Path):
    """A source with only one date."""
    source = columns("deals", created_on="day", revenue_rub="rub")
    assert staged(tmp_path, source, "day;rub\n01.08.2026;1", "select created_on, closed_on from staged.deals") == [
        (date(2026, 8, 1), date(2026, 8, 1))
    ]


def test_an_unknown_stage_is_open_and_told_once_a_word(tmp_path: Path):
    """Two deals in «Шаманит»."""
    source = columns("deals", created_on="day", status="stage", revenue_rub="rub")
    text = "day;stage;rub\n01.08.2026;Шаманит;1\n01.08.2026;Шаманит;2\n01.08.2026;Успешно реализовано;4"
    assert staged(
        tmp_path, source, text, "select status, sum(revenue_rub) from staged.deals group by 1 order by 1"
    ) == [
        ("open", Decimal("3.00")),
        ("won", Decimal("4.00")),
    ]
    folder = Folder(tmp_path, {"s": source})
    assert folder.rows("select rows, money_rub, detail from ops.notices where kind = 'unknown_status'") == [
        (2, Decimal("3.00"), "Шаманит")
    ]
    assert folder.rows("select count(*) from ops.rejects") == [(0,)]


def test_a_call_is_inbound_and_answered_if_somebody_talked(tmp_path: Path):
    """Where no column says otherwise."""
    source = columns("calls", started_at="at", talk_seconds="talk")
    text = "at;talk\n01.08.2026 10:00:00;5\n01.08.2026 11:00:00;0\n01.08.2026 12:00:00;"
    assert staged(
        tmp_path, source, text, "select direction, is_answered, talk_seconds from staged.calls order by started_at"
    ) == [
        ("in", True, 5),
        ("in", False, 0),
        ("in", False, None),
    ]


def test_internal_calls_are_skipped_and_counted(tmp_path: Path):
    """They are no calls of the business."""
    source = columns("calls", started_at="at", direction="way")
    text = "at;way\n01.08.2026 10:00:00;Внутренний\n01.08.2026 11:00:00;Исходящий"
    assert staged(tmp_path, source, text, "select rows_read, rows_staged, rows_skipped from ops.loads") == [(2, 1, 1)]


def test_a_period_is_spread_over_its_days_to_the_kopeck(tmp_path: Path):
    """10.00 over three days: 3.33, 6.67 − 3.33, 10.00 − 6.67; a refund falls the same way; 1 row read, 1 staged."""
    source = {**columns("ad_spend", spend_rub="rub", clicks="clicks"), "period": "2026-08-01..2026-08-03"}
    text = "rub;clicks\n10;4\n-10;"
    assert staged(
        tmp_path,
        source,
        text,
        "select spend_on, spend_rub, clicks from staged.ad_spend where clicks is not null order by 1",
    ) == [
        (date(2026, 8, 1), Decimal("3.33"), 1),
        (date(2026, 8, 2), Decimal("3.34"), 2),
        (date(2026, 8, 3), Decimal("3.33"), 1),
    ]
    folder = Folder(tmp_path, {"s": source})
    assert folder.rows("select sum(spend_rub) from staged.ad_spend group by spend_on") == [(Decimal("0.00"),)] * 3
    assert folder.rows("select rows_read, rows_staged, money_read_rub, data_from_on, data_to_on from ops.loads") == [
        (2, 2, Decimal("0.00"), date(2026, 8, 1), date(2026, 8, 3))
    ]


def test_one_period_for_two_files_is_an_error(tmp_path: Path):
    """Each file needs its own."""
    source = {**columns("ad_spend", spend_rub="rub"), "period": "2026-08-01..2026-08-03"}
    folder = Folder(tmp_path, {"s": source})
    with pytest.raises(ContractError, match="один period на несколько файлов"):
        folder.run({"s": {"a.csv": "rub\n1", "b.csv": "rub\n2"}})


def test_one_period_of_a_pattern_for_two_files_is_an_error_too(tmp_path: Path):
    """`*.csv` gives both the same days; a pattern for each gives each its own."""
    source = columns("ad_spend", spend_rub="rub")
    files = {"s": {"a.csv": "rub\n1", "b.csv": "rub\n2"}}
    with pytest.raises(ContractError, match="один period на несколько файлов"):
        Folder(tmp_path / "one", {"s": {**source, "period": {"*.csv": "2026-08-01..2026-08-03"}}}).run(files)
    own = {"a.csv": "2026-08-01..2026-08-03", "b.csv": "2026-08-04..2026-08-05"}
    folder = Folder(tmp_path / "own", {"s": {**source, "period": own}})
    folder.run(files)
    assert folder.rows("select sum(spend_rub), count(*) from staged.ad_spend") == [(Decimal("3.00"), 3 + 2)]


def test_every_answered_question_is_a_row(tmp_path: Path):
    """A row without any answer is refused; an answer off the scale is named."""
    source = columns("survey_answers", answered_on="day", csi="csi", nps="nps", phone="tel")
    text = "day;csi;nps;tel\n01.08.2026;5;10 - точно да;80005550001\n01.08.2026;;3;\n01.08.2026;;;\n01.08.2026;9;1;"
    assert staged(
        tmp_path, source, text, "select kind, score, client_key from staged.survey_answers order by source_row, kind"
    ) == [
        ("csi", 5, "70005550001"),
        ("nps", 10, "70005550001"),
        ("nps", 3, None),
        ("nps", 1, None),
    ]
    folder = Folder(tmp_path, {"s": source})
    assert folder.rows("select rows_read, rows_staged, rows_rejected from ops.loads") == [(4, 3, 1)]
    assert folder.rows("select source_row, column_name, is_row_kept from ops.rejects order by 1, 2") == [
        (4, "csi", False),
        (4, "nps", False),
        (5, "csi", True),
    ]


def test_a_subscriber_is_known_by_id_else_email_else_phone(tmp_path: Path):
    """Row by row."""
    source = columns("subscribers", subscriber_id="id", email="mail", phone="tel", subscribed_on="day")
    text = """id;mail;tel;day
1;a@example.org;;01.08.2026
;B@example.org;;01.08.2026
;;80005550001;01.08.2026
;;;01.08.2026"""
    assert staged(tmp_path, source, text, "select subscriber_id from staged.subscribers order by source_row") == [
        ("1",), ("b@example.org",), ("70005550001",)
    ]  # fmt: skip
    assert Folder(tmp_path, {"s": source}).rows("select rows_rejected from ops.loads") == [(1,)]


def test_costs_belong_to_the_first_of_their_month(tmp_path: Path):
    """Lines of one item in one file add up."""
    source = columns("costs", month_on="day", item="item", amount_rub="rub")
    text = "day;item;rub\n15.08.2026;Аренда;10\n20.08.2026;Аренда;5"
    assert staged(tmp_path, source, text, "select month_on, sum(amount_rub) from staged.costs group by 1") == [
        (date(2026, 8, 1), Decimal("15.00"))
    ]


def test_where_and_exclude_skip_rows_and_their_roubles_balance(tmp_path: Path):
    """Another funnel, and a phone of the staff in another spelling."""
    source = {
        **columns("deals", closed_on="day", phone="tel", revenue_rub="rub"),
        "where": {"funnel": "продажи"},
        "exclude": {"phone": "staff.csv"},
    }
    text = """day;tel;funnel;rub
01.08.2026;80005550001;Продажи;1
01.08.2026;80005550002;Найм;2
01.08.2026;+7 000 555-00-03;Продажи;4"""
    facts = {"lists": {"staff.csv": ["Телефон", "80005550003"]}}
    assert staged(
        tmp_path, source, text, "select rows_read, rows_staged, rows_skipped, money_skipped_rub from ops.loads", **facts
    ) == [(3, 1, 2, Decimal("6.00"))]


def test_a_totals_row_is_checked_then_left_out(tmp_path: Path):
    """A right one says nothing; a wrong one is a notice with the difference."""
    source = columns("ad_spend", spend_on="day", spend_rub="rub")
    right = "day;rub\n01.08.2026;10\n02.08.2026;20\nИтого;30"
    assert staged(tmp_path / "right", source, right, "select count(*) from ops.notices") == [(0,)]
    wrong = right.replace("Итого;30", "Итого;35")
    assert staged(tmp_path / "wrong", source, wrong, "select kind, rows, money_rub, detail from ops.notices") == [
        ("totals_mismatch", 4, Decimal("5.00"), "Итого: 35.00 ≠ 30.00")
    ]
    assert Folder(tmp_path / "wrong", {"s": source}).rows(
        "select rows_read, rows_skipped, money_read_rub, money_skipped_rub from ops.loads"
    ) == [(3, 1, Decimal("65.00"), Decimal("35.00"))]


def test_money_of_another_currency_takes_the_rate_of_its_day(tmp_path: Path):
    """The last rate on or before the day; none at all is an error that asks."""
    source = {**columns("ad_spend", spend_on="day", spend_rub="sum"), "currency": "USD", "rates": "rates.csv"}
    rates = {"rates.csv": [("date", "currency", "rate"), ("2026-08-01", "USD", "80"), ("2026-08-03", "USD", "90,5")]}
    text = "day;sum\n02.08.2026;1,50\n03.08.2026;2"
    spend = "select spend_rub from staged.ad_spend order by spend_on"
    assert staged(tmp_path / "a", source, text, spend, rates=rates) == [
        (Decimal("120.00"),), (Decimal("181.00"),)
    ]  # fmt: skip
    with pytest.raises(ContractError, match="нет курса USD на 2026-07-01"):
        staged(tmp_path / "b", source, "day;sum\n01.07.2026;1", "select 1", rates=rates)


def test_amounts_of_another_currency_ask_for_currency_and_rates(tmp_path: Path):
    """One such row among many is no row to refuse: the spend would be understated in silence."""
    source = columns("ad_spend", spend_on="day", spend_rub="sum")
    with pytest.raises(ContractError, match=r"«5 \$».*currency.*rates"):
        staged(tmp_path, source, "day;sum\n02.08.2026;10 ₽\n03.08.2026;5 $", "select 1")


def test_dates_that_only_the_column_decides_are_settled_by_it_or_asked_about(tmp_path: Path):
    """01/02 is 1 February because 13/02 stands below; alone it is a question."""
    source = columns("ad_spend", spend_on="day", spend_rub="rub")
    assert staged(
        tmp_path / "a", source, "day;rub\n01/02/2026;1\n13/02/2026;1", "select min(spend_on) from staged.ad_spend"
    ) == [(date(2026, 2, 1),)]
    with pytest.raises(ContractError, match="можно прочитать двояко"):
        staged(tmp_path / "b", source, "day;rub\n01/02/2026;1", "select 1")


def test_rows_after_as_of_are_staged_and_listed(tmp_path: Path):
    """Not as rejects."""
    source = columns("calls", started_at="at")
    text = "at\n01.08.2026 10:00:00\n01.12.2026 10:00:00"
    noticed = staged(tmp_path, source, text, "select kind, rows from ops.notices order by kind")
    assert noticed == [("answers_unknown", 2), ("future_rows", 1)]
    folder = Folder(tmp_path, {"s": source})
    assert folder.rows("select count(*) from staged.calls") == [(2,)]
    assert folder.rows("select data_to_on, is_stale from ops.sources") == [(date(2026, 8, 1), True)]


@pytest.mark.parametrize(
    ("period_start", "data_to_on", "is_stale"),
    [("2026-08-01", date(2026, 8, 20), False), ("2026-07-01", date(2026, 7, 31), True), ("2026-09-01", None, False)],
)
def test_a_plan_is_not_old_while_its_period_runs(tmp_path: Path, period_start, data_to_on, is_stale):
    """On 20 August the plan of August speaks until today, that of July until its end; that of September is there."""
    source = columns("plan", grain="period", period_start="from", metric="what", planned="planned")
    folder = Folder(tmp_path, {"s": source})
    text = f"period;from;what;planned\nmonth;{period_start};calls;700"
    folder.run({"s": {"a.csv": text}}, date(2026, 8, 20))
    assert folder.rows("select data_to_on, is_stale from ops.sources") == [(data_to_on, is_stale)]


def test_a_moment_of_another_zone_becomes_the_clients(tmp_path: Path):
    """22:30 UTC is 01:30 of the next day in Moscow."""
    source = {**columns("calls", started_at="at"), "timezone": "UTC"}
    assert staged(tmp_path, source, "at\n01.08.2026 22:30:00", "select started_at from staged.calls") == [
        (datetime(2026, 8, 2, 1, 30),)
    ]


def test_all_tables_are_there_though_one_is_configured(tmp_path: Path):
    """Empty ones too."""
    rows = staged(
        tmp_path,
        columns("calls", started_at="at"),
        "at\n01.08.2026 10:00:00",
        "select count(*) from duckdb_views() where schema_name = 'staged'",
    )
    assert rows == [(len(tables()),)]
