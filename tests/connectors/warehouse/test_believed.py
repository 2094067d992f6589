"""What all rows of a file show together: a unit, a sign or a column that cannot be so is asked about."""

from __future__ import annotations

import pytest

from config.errors import ContractError
from tests.connectors.warehouse.loading import Folder, side_by_side
from tests.connectors.warehouse.test_units import BOTH, loaded

pytestmark = pytest.mark.slow

CALLS = {"table": "calls", "columns": {"started_at": "Начало", "phone": "Телефон", "talk_seconds": "Разговор"}}
TALKED = "select sum(talk_seconds)::integer from staged.calls"


def calls(*talks: object) -> str:
    """A call a day of so many talks."""
    days = "".join(f"0{day}.08.2026 10:00:00;7000000000{day};{talk}\n" for day, talk in enumerate(talks, 1))
    return "Начало;Телефон;Разговор\n" + days


@BOTH
def test_talks_of_hours_are_milliseconds_or_a_question(tmp_path, is_on_disk):
    """41 500 of something is half a day in seconds; svodka.yaml may say that it is 41,5 s."""
    text = calls(15_000, 92_000, 0, 41_500, 5_000)
    with pytest.raises(ContractError, match=r"4 из 4.*formats: {talk_seconds: milliseconds}"):
        loaded(tmp_path / "1", CALLS, text, is_on_disk=is_on_disk)
    said = {**CALLS, "formats": {"talk_seconds": "milliseconds"}}
    folder = loaded(tmp_path / "2", said, text, is_on_disk=is_on_disk)
    assert folder.rows(TALKED) == [(15 + 92 + 42 + 5,)]


@BOTH
def test_minutes_saved_as_hours_in_a_text_are_a_question(tmp_path, is_on_disk):
    """`25:10:00` was 25 minutes before a program opened the file, and no talk has a second beside its minutes."""
    text = calls("1:30:00", "25:10:00", "2:15:00", "0:40:00")
    with pytest.raises(ContractError, match="3 из 4"):
        loaded(tmp_path / "1", CALLS, text, is_on_disk=is_on_disk)
    folder = loaded(tmp_path / "2", {**CALLS, "formats": {"talk_seconds": "m:ss"}}, text, is_on_disk=is_on_disk)
    assert folder.rows(TALKED) == [(90 + 25 * 60 + 10 + 135 + 40,)]


@pytest.mark.parametrize("talks", [(3_900, 4_000, 30), ("1:30:05", "1:10:07", "2:15:01"), (3_600, 7_200)])
def test_long_talks_are_no_question(tmp_path, talks):
    """A consultation lasts an hour; two rows prove nothing."""
    assert loaded(tmp_path, CALLS, calls(*talks)).rows("select count(*)::integer from staged.calls") == [(len(talks),)]


LEGS = "".join(f"0{day}.08.2026 10:00:0{day};7000000000{day};{talk}\n" for day in range(1, 5) for talk in (0, 0, 40))


@BOTH
def test_calls_of_one_phone_in_one_second_are_told(tmp_path, is_on_disk):
    """Without an id nobody knows that three phones rang for one call."""
    folder = loaded(tmp_path, CALLS, "Начало;Телефон;Разговор\n" + LEGS, is_on_disk=is_on_disk)
    assert folder.rows("select rows from ops.notices where kind = 'calls_at_once'") == [(4,)]


@BOTH
def test_a_column_that_cannot_be_read_is_a_question(tmp_path, is_on_disk):
    """Talks in minutes and their fractions: leaving all of them out would make every call a missed one."""
    with pytest.raises(ContractError, match=r"«Разговор» \(talk_seconds\).*ячеек 4, например «0,25»"):
        loaded(tmp_path, CALLS, calls("1,5", "0,25", "0", "2,1", "12,75"), is_on_disk=is_on_disk)


def test_a_few_cells_that_cannot_be_read_are_none(tmp_path):
    """They are told one by one, as before."""
    folder = loaded(tmp_path, CALLS, calls("1,5", "0,25", "2,1", 30, 40))
    assert folder.rows("select count(*)::integer from ops.rejects where is_row_kept") == [(3,)]


BANK = {"table": "deals", "columns": {"closed_on": "Дата", "product": "Назначение", "revenue_rub": "Сумма"}}
STATEMENT = "Дата;Назначение;Сумма\n" + "".join(
    f"0{day}.08.2026;Оплата;{day}000\n0{day}.08.2026;Пятёрочка;-300\n" for day in range(1, 5)
)
REVENUE = "select sum(revenue_rub)::integer from staged.deals"


@BOTH
def test_what_the_owner_paid_is_no_refund(tmp_path, is_on_disk):
    """A statement with both kinds of money in one column: −1 200 ₽ are not taken off the sales without asking."""
    with pytest.raises(ContractError, match=r"4 из 8.*signs: {revenue_rub: income}"):
        loaded(tmp_path / "1", BANK, STATEMENT, is_on_disk=is_on_disk)
    folder = loaded(tmp_path / "2", {**BANK, "signs": {"revenue_rub": "income"}}, STATEMENT, is_on_disk=is_on_disk)
    assert folder.rows(REVENUE) == [(1000 + 2000 + 3000 + 4000,)]
    folder = loaded(tmp_path / "3", {**BANK, "signs": {"revenue_rub": "plus"}}, STATEMENT, is_on_disk=is_on_disk)
    assert folder.rows(REVENUE) == [(10_000 - 4 * 300,)]


def test_refunds_of_orders_are_no_question(tmp_path):
    """Each row tells whose order it was."""
    orders = {**BANK, "columns": {**BANK["columns"], "deal_id": "Назначение", "product": []}}
    text = STATEMENT.replace("Оплата", "№ 1").replace("Пятёрочка", "№ 2")
    rows = text.splitlines()
    numbered = [rows[0], *(row.replace("№ ", f"№ {place}") for place, row in enumerate(rows[1:]))]
    assert loaded(tmp_path, orders, "\n".join(numbered) + "\n").rows(REVENUE) == [(10_000 - 4 * 300,)]


PURPOSES = {
    "Пополнение счета, собственные средства": False,
    "Перевод личных средств": False,
    "Выдача кредита по договору 1": False,
    "Договор займа от учредителя": False,
    "Возврат депозита": False,
    "Проценты на остаток": False,
    "Возврат излишне уплаченного налога": False,
    "Оплата в кредит": True,
    "Оплата по договору за кредитные консультации": True,
}
"""What a payment was for, and whether it is a sale."""


@BOTH
def test_money_that_was_not_earned_is_no_sale(tmp_path, is_on_disk):
    """A bank says what each payment was for; what is left out is told with its roubles."""
    text = "Дата;Назначение;Сумма\n01.08.2026;Оплата;100\n02.08.2026;{};50\n"
    of = side_by_side(tmp_path, {one: (BANK, text.format(one)) for one in PURPOSES}, is_on_disk=is_on_disk)
    assert of(f"{REVENUE} where source = $source") == {
        purpose: [(150 if is_sale else 100,)] for purpose, is_sale in PURPOSES.items()
    }
    told = "select money_rub::integer from ops.notices where kind = 'assumed_not_earned_left_out' and source = $source"
    assert of(told) == {purpose: [] if is_sale else [(50,)] for purpose, is_sale in PURPOSES.items()}


def test_svodka_yaml_may_say_that_it_was_earned(tmp_path):
    """`exclude: {product: []}`: no purpose of a payment makes it anything but a sale."""
    text = "Дата;Назначение;Сумма\n01.08.2026;Оплата;100\n02.08.2026;Выдача кредита;50\n"
    assert loaded(tmp_path, {**BANK, "exclude": {"product": []}}, text).rows(REVENUE) == [(150,)]


@BOTH
def test_a_price_beside_several_pieces_is_told_with_its_roubles(tmp_path, is_on_disk):
    """Two of three sales are of several pieces: 2 × 100 and 3 × 50 would bring 200 ₽ more."""
    told = {"Цена": [(2, 100 + 2 * 50)], "Сумма": [], "Цена заказа": []}
    cases = {}
    for header in told:
        source = {"table": "deals", "columns": {"closed_on": "Дата", "quantity": "Кол-во", "revenue_rub": header}}
        cases[header] = (source, f"Дата;Кол-во;{header}\n01.08.2026;2;100\n02.08.2026;3;50\n03.08.2026;1;10\n")
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    assert of(f"{REVENUE} where source = $source") == {key: [(160,)] for key in told}
    found = "select rows, money_rub::integer from ops.notices where kind = 'price_of_a_piece' and source = $source"
    assert of(found) == told


ORDERS = {
    "table": "deals",
    "columns": {
        "deal_id": "Номер",
        "created_on": "Дата",
        "status": "Статус",
        "revenue_rub": "Сумма",
        "phone": "Телефон",
    },
}
HEAD = "Номер;Дата;Статус;Сумма;Телефон\n"


@BOTH
def test_an_id_is_the_same_without_its_zeros(tmp_path, is_on_disk):
    """Orders 3 to 5 stand in both exports, in one as a program writes them, in the other as Excel left them."""
    numbers = {"a": "{:05d}", "b": "№ {}", "c": "#{}"}
    folder = Folder(tmp_path / "data", dict.fromkeys(numbers, ORDERS), is_on_disk=is_on_disk)
    second = "".join(f"{n};0{n}.08.2026;Оплачен;100;7000000000{n}\n" for n in range(3, 9))
    files = {}
    for source, number in numbers.items():
        first = "".join(f"{number.format(n)};0{n}.08.2026;Оплачен;100;7000000000{n}\n" for n in range(1, 6))
        files[source] = {f"{source}-1.csv": HEAD + first, f"{source}-2.csv": HEAD + second}
    folder.run(files)
    staged = "select source, count(*)::integer, sum(revenue_rub)::integer from staged.deals group by 1 order by 1"
    assert folder.rows(staged) == [(source, 8, 800) for source in numbers]


@BOTH
def test_one_id_of_two_deals_is_told_with_its_roubles(tmp_path, is_on_disk):
    """A lone slip of the pen stops no night; two of them are a question, as before."""
    again = {
        "created_on, phone": "3;20.08.2026;Оплачен;70;70099999999",
        "status": "3;04.08.2026;Отменен;70;70000000003",
    }
    rows = "".join(f"{n};{n % 28 + 1:02}.08.2026;Оплачен;100;700000000{n:02}\n" for n in range(1, 41))
    cases = {detail: (ORDERS, f"{HEAD}{rows}{row}\n") for detail, row in again.items()}
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    told = "select rows, money_rub::integer, detail from ops.notices where kind = 'deals_differ' and source = $source"
    assert of(told) == {detail: [(2, 100 + 70, detail)] for detail in again}


def test_ids_of_several_people_are_a_question(tmp_path):
    """From two on, and one alone in a short file."""
    rows = "".join(f"{n};{n % 28 + 1:02}.08.2026;Оплачен;100;700000000{n:02}\n" for n in range(1, 41))
    more = "3;20.08.2026;Оплачен;70;70099999999\n4;20.08.2026;Оплачен;70;70099999998\n"
    with pytest.raises(ContractError, match="не номер"):
        loaded(tmp_path / "1", ORDERS, HEAD + rows + more)
    with pytest.raises(ContractError, match="не номер"):
        loaded(tmp_path / "2", ORDERS, HEAD + "\n".join([*rows.splitlines()[:10], more.splitlines()[0]]))


SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "channel": "Канал", "spend_rub": "Расход"}}
COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}


@BOTH
def test_a_row_that_adds_up_the_parts_of_a_day_is_no_spend(tmp_path, is_on_disk):
    """Though its name stands in a column that nothing reads."""
    names = ["Все устройства", "Всего", "Total", "All devices"]
    cases = {}
    for name in names:
        days = "".join(
            f"0{day}.08.2026;Директ;{part};{rub}\n"
            for day in (1, 2, 3)
            for part, rub in ((name, 10), ("ПК", 6), ("Тел", 4))
        )
        cases[name] = (SPEND, f"Дата;Канал;Устройство;Расход\n{days}")
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    spent = "select sum(spend_rub)::integer from staged.ad_spend where source = $source"
    assert of(spent) == {key: [(30,)] for key in names}
    assert of("select kind from ops.notices where kind = 'totals_mismatch' and source = $source") == {
        key: [] for key in names
    }


def test_a_row_called_so_that_adds_up_nothing_is_told(tmp_path):
    """11 are not 6 and 4."""
    text = "Дата;Канал;Устройство;Расход\n01.08.2026;Директ;Всего;11\n01.08.2026;Директ;ПК;6\n01.08.2026;Директ;Тел;4\n"
    assert loaded(tmp_path, SPEND, text).rows("select count(*) from ops.notices where kind = 'totals_mismatch'") == [
        (1,)
    ]


def test_a_day_that_is_hardly_meant_is_told_with_its_roubles(tmp_path):
    """A slip of the pen takes a sale out of its month; a day ahead is none."""
    rows = HEAD + "1;01.08.2026;Оплачен;100;\n2;08.08.{};Оплачен;70;\n3;05.09.2026;Оплачен;5;\n"
    of = side_by_side(tmp_path, {year: (ORDERS, rows.format(year)) for year in ("1996", "2062")})
    told = "select rows, money_rub::integer, detail from ops.notices where kind = 'odd_days' and source = $source"
    assert of(told) == {year: [(1, 70, f"08.08.{year}")] for year in ("1996", "2062")}


NAMES = ("Авито", "Сайт", "Яндекс Карты", "Рекомендации")
SPOILT = {
    "no Russian": "????",
    "twice UTF-8": "Сайт".encode().decode("cp1251"),
    "Latin": "Сайт".encode("cp1251").decode("latin-1"),
    "no letters": "\ufffd\ufffd\ufffd\ufffd",
}


@pytest.mark.parametrize("name", SPOILT.values(), ids=SPOILT)
def test_names_without_letters_are_a_question(tmp_path, name):
    """Three of seven rows are of channels that nobody can read any more."""
    rows = "".join(f"0{day}.08.2026;{channel};10\n" for day, channel in enumerate([*NAMES, name, name, name], 1))
    with pytest.raises(ContractError, match="«Канал» потеряны буквы: строк 3"):
        loaded(tmp_path, SPEND, "Дата;Канал;Расход\n" + rows)


def test_odd_names_are_none(tmp_path):
    """They are what somebody wrote."""
    names = ["?", "РЕСУРСЫ РОССИИ", "Café Château", "СРС", "Реклама: что-то?", "ПРЕСС-ТУР", "Müller & Söhne"]
    cases = {}
    for name in names:
        rows = "".join(f"0{day}.08.2026;{channel};10\n" for day, channel in enumerate([*NAMES, name, name, name], 1))
        cases[name] = (SPEND, "Дата;Канал;Расход\n" + rows)
    of = side_by_side(tmp_path, cases)
    assert of("select count(*) from staged.ad_spend where source = $source") == {key: [(7,)] for key in names}


def told_of_both(tmp_path, source, one, other):
    """What is said of two sources of one table."""
    folder = Folder(tmp_path / "data", {"one": source, "other": source})
    folder.run({"one": {"a.csv": one}, "other": {"b.csv": other}})
    return folder.rows("select source, detail, money_rub::integer from ops.notices where kind like '%_twice'")


def test_the_same_spend_in_two_sources_is_named(tmp_path):
    """A cabinet day by day, and the owner's table of the month, give or take three of a hundred."""
    days = "".join(f"{day:02}.08.2026;Директ;1000\n{day:02}.08.2026;Авито;90\n" for day in range(1, 32))
    month = "Дата;Канал;Расход\n01.08.2026;Директ;30500\n01.08.2026;Авито;9000\n"
    told = told_of_both(tmp_path, SPEND, "Дата;Канал;Расход\n" + days, month)
    assert told == [("one, other", "Директ", 30_500)]


def test_the_same_costs_in_two_sources_are_named(tmp_path):
    """To the kopeck, in one month."""
    one = "Месяц;Статья;Сумма\nавгуст 2026;Аренда;50000\nавгуст 2026;Связь;3000\n"
    other = "Месяц;Статья;Сумма\nавгуст 2026;Аренда;50000\nавгуст 2026;Связь;3100\n"
    assert told_of_both(tmp_path, COSTS, one, other) == [("one, other", "Аренда", 50_000)]
