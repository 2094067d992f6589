"""What only the other files of a source, or the other months, show to be wrong is named; months in order are not."""

from decimal import Decimal
from pathlib import Path

import pytest

from config.errors import ContractError
from tests.connectors.warehouse.loading import Folder, side_by_side

pytestmark = pytest.mark.slow

SALES = {
    "table": "deals",
    "columns": {"closed_on": "Дата", "manager": "Кто", "channel": "Канал", "phone": "Телефон", "revenue_rub": "Сумма"},
}
ENQUIRIES = {
    "table": "leads",
    "columns": {"created_at": "Дата", "manager": "Кто", "channel": "Канал", "phone": "Телефон"},
}
HEAD = "Дата;Кто;Канал;Телефон;Сумма\n"
COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}


def sales(days: range, month: int = 8, who: str = "АБ", where: str = "ВГ", phone: str = "7000000") -> str:
    """A sale a day, by one of two people from one of two channels in turn."""
    rows = (
        f"{day:02}.{month:02}.2026;Имя {who[day % 2]};Канал {where[day % 2]};{phone}{day:04};{100 + day}"
        for day in days
    )
    return HEAD + "\n".join(rows)


def told(folder: Folder) -> list[tuple[object, ...]]:
    """What is said of files and months side by side."""
    return folder.rows(
        """select kind, source_file, rows, money_rub from ops.notices
        where kind in ('told_otherwise', 'file_of_others', 'costs_lack_item', 'names_lost')
        order by all"""
    )


def test_rows_corrected_since_the_older_export_are_named(tmp_path: Path):
    """Ten days stand in both; of five enquiries the name is another now, so that both are counted."""
    older, newer = sales(range(1, 21)), sales(range(11, 29)).replace("Имя А", "Имя А.")
    folder = Folder(tmp_path, {"s": ENQUIRIES})
    folder.run({"s": {"a.csv": older, "b.csv": newer}})
    assert told(folder) == [("told_otherwise", "a.csv", 5, Decimal(0))]


def numbered(text: str) -> str:
    """The same rows under the numbers of their days."""
    head, *rows = text.splitlines()
    return "\n".join([f"№;{head}", *(f"{row[:2]};{row}" for row in rows)])


def test_numbers_that_a_newer_export_of_their_days_lacks_are_named(tmp_path: Path):
    """Number 15 was deleted since; of the newer file's first day some rows may be missing, and so may one person's."""
    source = {**SALES, "columns": {**SALES["columns"], "deal_id": "№"}}  # type: ignore[dict-item]
    older, newer = numbered(sales(range(1, 21))), numbered(sales(range(6, 29))).splitlines()
    files = {"a.csv": older, "b.csv": "\n".join(row for row in newer if not row.startswith(("06", "15")))}
    folder = Folder(tmp_path / "one", {"s": source})
    folder.run({"s": files})
    assert told(folder) == [("told_otherwise", "a.csv", 1, Decimal(115))]
    of_one = Folder(tmp_path / "half", {"s": source})
    of_one.run({"s": {"a.csv": older, "b.csv": "\n".join([newer[0], *(row for row in newer if "Имя А" in row)])}})
    assert told(of_one) == []


def test_exports_that_each_begin_with_the_month_are_told_of_together(tmp_path: Path):
    """Each day's export has all days before; whatever was deleted on the way is one remark, not one a file."""
    source = {**SALES, "columns": {**SALES["columns"], "deal_id": "№"}}  # type: ignore[dict-item]
    gone = {"07": 20, "09": 22, "11": 24, "13": 26}
    files = {}
    for last in range(18, 29):
        head, *rows = numbered(sales(range(1, last + 1))).splitlines()
        kept = [row for row in rows if gone.get(row[:2], 99) > last]
        files[f"{last}.csv"] = "\n".join([head, *kept])
    folder = Folder(tmp_path, {"s": source})
    folder.run({"s": files})
    assert told(folder) == [("told_otherwise", "19.csv, 21.csv, 23.csv, …", 4, Decimal(107 + 109 + 111 + 113))]


def test_overlapping_exports_of_the_same_rows_are_in_order(tmp_path: Path):
    """So are two files that have the same days and none of the same people."""
    folder = Folder(tmp_path, {"s": ENQUIRIES})
    folder.run({"s": {"a.csv": sales(range(1, 21)), "b.csv": sales(range(11, 29))}})
    assert told(folder) == []
    tills = Folder(tmp_path / "tills", {"s": ENQUIRIES})
    tills.run({"s": {"a.csv": sales(range(1, 21)), "b.csv": sales(range(1, 21), phone="7000001")}})
    assert told(tills) == []


def test_an_export_of_another_business_is_named(tmp_path: Path):
    """It has none of the people and none of the channels of all other files."""
    files = {"a.csv": sales(range(1, 29), 6), "b.csv": sales(range(1, 29), 7)}
    folder = Folder(tmp_path, {"s": SALES})
    folder.run({"s": {**files, "c.csv": sales(range(1, 11), who="ЖЗ", where="ИК", phone="7000999")}})
    assert told(folder) == [("file_of_others", "c.csv", 10, Decimal(sum(range(101, 111))))]


@pytest.mark.parametrize("other", [{"who": "ЖЗ"}, {"where": "ИК"}, {"who": "ЖЖ", "where": "ИИ"}])
def test_new_people_or_new_channels_alone_are_in_order(tmp_path: Path, other: dict[str, str]):
    """A file for each manager, a season of new advertising; one new name of each is a newcomer."""
    folder = Folder(tmp_path, {"s": SALES})
    folder.run({"s": {"a.csv": sales(range(1, 29), 7), "b.csv": sales(range(1, 29), 8, **other)}})
    assert told(folder) == []


def test_numbers_that_most_other_people_bear_are_asked_about(tmp_path: Path):
    """Two businesses count their orders alike; the newer file's would displace the older one's."""
    source = {**SALES, "columns": {**SALES["columns"], "deal_id": "№"}}  # type: ignore[dict-item]
    same = Folder(tmp_path / "same", {"s": source})
    same.run({"s": {"a.csv": numbered(sales(range(1, 11))), "b.csv": numbered(sales(range(1, 11)))}})
    assert same.rows("select count(*) from staged.deals") == [(10,)]
    with pytest.raises(ContractError, match="deal_id"):
        Folder(tmp_path / "other", {"s": source}).run(
            {"s": {"a.csv": numbered(sales(range(1, 11))), "b.csv": numbered(sales(range(1, 11), phone="7000999"))}}
        )


def test_costs_that_every_month_had_but_the_last_are_named(tmp_path: Path):
    """Rent is entered for August, wages are not; repairs are not made every month."""
    every = "".join(f"01.0{month}.2026;Зарплата;{month}000\n01.0{month}.2026;Аренда;900\n" for month in (5, 6, 7))
    file = f"Месяц;Статья;Сумма\n{every}01.07.2026;Ремонт;50\n01.08.2026;аренда;900\n"
    folder = Folder(tmp_path, {"k": COSTS})
    folder.run({"k": {"k.csv": file}})
    assert told(folder) == [("costs_lack_item", None, 1, Decimal(7000))]
    assert folder.rows("select detail from ops.notices where kind = 'costs_lack_item'") == [("08.2026: «Зарплата»",)]


@pytest.mark.parametrize("blank", ["Имя {}", "Канал {}", "7000000{}"])
def test_names_that_the_last_month_lacks_are_named(tmp_path: Path, blank: str):
    """July names all of them, August none: nobody's sales are no zero of everybody's."""
    august = sales(range(1, 15))
    for what in ("А", "Б", "В", "Г", *(f"{day:04}" for day in range(1, 15))):
        august = august.replace(f";{blank.format(what)};", ";;")
    folder = Folder(tmp_path, {"s": SALES})
    folder.run({"s": {"a.csv": sales(range(1, 29), 7), "b.csv": august}})
    assert told(folder) == [("names_lost", None, 14, Decimal(sum(range(101, 115))))]


def test_names_that_were_never_many_are_in_order(tmp_path: Path):
    """Half of July names nobody, and all of August: whoever fills them in does so now and then."""
    july = sales(range(1, 29), 7).replace("Имя А", "")
    folder = Folder(tmp_path, {"s": SALES})
    folder.run({"s": {"a.csv": july, "b.csv": sales(range(1, 15)).replace("Имя А", "").replace("Имя Б", "")}})
    assert told(folder) == []


def test_calls_that_say_nothing_of_their_answer_are_named(tmp_path: Path):
    """Nobody missed none of them; where all were missed nobody talked."""
    names = {"Дата": "started_at", "Телефон": "phone", "Итог": "is_answered", "Секунд": "talk_seconds"}
    kinds = {
        "Дата;Телефон": [("answers_unknown",)],
        "Дата;Телефон;Итог\nОтвечен": [("talks_unknown",)],
        "Дата;Телефон;Итог\nПропущен": [],
        "Дата;Телефон;Итог;Секунд\nОтвечен;30": [],
        "Дата;Телефон;Секунд\n0": [],
    }
    cases = {}
    for case in kinds:
        head, _, cells = case.partition("\n")
        row = ";".join(["01.08.2026 10:00:00", "70000000001", *cells.splitlines()])
        cases[case] = (
            {"table": "calls", "columns": {names[name]: name for name in head.split(";")}},
            f"{head}\n{row}\n",
        )
    of = side_by_side(tmp_path, cases)
    told = "select kind from ops.notices where kind in ('answers_unknown', 'talks_unknown') and source = $source"
    assert of(told) == kinds
