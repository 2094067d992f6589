"""Files of one shape are read by the same statements, and it does not show: each keeps its own rows and its line."""

from __future__ import annotations

from typing import Any

import pytest

from config.errors import ContractError
from connectors.warehouse.run import warehouse as whole
from tests.connectors.warehouse.loading import Folder, raw_table, read_source
from tests.connectors.warehouse.test_long_as_short import BODY, ENDINGS, MIDDLES, SPEND
from tests.helpers.often import often
from tests.helpers.words import as_if_long
from transforms.staging import StagingContext

CALLS: dict[str, Any] = {"table": "calls", "columns": {"call_id": "ID", "started_at": "Дата", "phone": "Телефон",
    "channel": "Канал", "direction": "Направление", "talk_seconds": "Разговор"}}  # fmt: skip
DEALS: dict[str, Any] = {"table": "deals", "columns": {"deal_id": "ID", "created_on": "Создана", "status": "Этап",
    "phone": "Телефон", "revenue_rub": "Сумма"}}  # fmt: skip
TABLES = {
    "calls": "select * exclude (load_id, key_hash) from loaded.calls",
    "deals": "select * exclude (load_id, key_hash) from loaded.deals",
    "ad_spend": "select * exclude (load_id, key_hash) from loaded.ad_spend",
    "rejects": "select * exclude (run_id) from ops.rejects",
    "notices": "select * exclude (run_id) from ops.notices",
    "spellings": "select source_file, dictionary, alias from loaded.aliases join ops.files using (load_id)",
    "loads": "select * exclude (load_id, run_id) from ops.loads",
    "files": "select * exclude (load_id, run_id, modified_at) from ops.files",
}


def calls(month: int, *odd: str) -> str:
    """A month of calls, some of them told in an odd way."""
    rows = [f"{month}-{day};{day:02d}.{month:02d}.2026 10:00:00;+7000555010{day % 10};Сайт;Входящий;{day}"
            for day in range(1, 29)]  # fmt: skip
    return "\n".join(["ID;Дата;Телефон;Канал;Направление;Разговор", *rows, *odd]) + "\n"


def deals(month: int, *odd: str) -> str:
    """A month of deals, likewise."""
    rows = [f"{month}-{day};{day:02d}.{month:02d}.2026;Успешно реализовано;+7000555010{day % 10};{day}00,50"
            for day in range(1, 29)]  # fmt: skip
    return "\n".join(["ID;Создана;Этап;Телефон;Сумма", *rows, *odd]) + "\n"


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "calls": (CALLS, [
        calls(6, "6-99;31.06.2026 10:00;+70005550101;Сайт;Входящий;5", "6-98;5 июня 2026;8 (000) 555-01-02;;in;1:05"),
        calls(7, "", "7-98;;;;;", "7-97;01.07.2026 11:00:00;скрыт;Справочник;исходящий;"),
        calls(8) + ";;;;;\n" * 12,
        calls(9, "9-1;01.09.2026 10:00:00;+70005550101;Сайт;Входящий;1", "6-1;01.06.2026 10:00:00;;Сайт;Входящий;1"),
    ]),
    "deals": (DEALS, [
        deals(6, "6-2;02.06.2026;Успешно реализовано;+70005550102;300,00", "6-50;03.06.2026;Новая стадия;;уточнить"),
        deals(7, "Итого;;;;40614,00"),
        deals(8, "Итого;;;;1,00", "8-60;05.08.2026;В работе;;1 234,50 р.;лишнее"),
    ]),
    "spend": (SPEND, [text.replace(".08.", f".{month:02d}.")
        for month, text in enumerate([*MIDDLES.values(), *(BODY + ending for ending in ENDINGS.values())], 1)]),
}  # fmt: skip


def loaded(folder: Folder, texts: list[str]) -> dict[str, list[tuple[object, ...]]]:
    """Months loaded in one run; all that the warehouse says of them."""
    folder.run({"source": {f"month-{place:02}.csv": text for place, text in enumerate(texts)}})
    return folder.answers({name: f"{sql} order by all" for name, sql in TABLES.items()})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("is_on_disk", "is_long"), [(False, False), (True, True), (False, True), (True, False)][: often(2, 4)]
)
@pytest.mark.parametrize("case", CASES)
def test_together_they_are_what_they_are_apart(tmp_path, case, is_on_disk, is_long):
    """Odd cells, refused rows, repeats, totals, blank ends: whatever it is, it is of its own file and row."""
    source, texts = CASES[case]
    together, apart = (
        Folder(tmp_path / str(is_apart) / "data", {"source": source}, is_on_disk=is_on_disk, is_apart=is_apart,
               settings={"loading": {"max_rejected_share": 1.0}})
        for is_apart in (False, True)
    )  # fmt: skip
    if is_long:
        with as_if_long():
            assert loaded(together, texts) == loaded(apart, texts)
    else:
        assert loaded(together, texts) == loaded(apart, texts)


def test_months_of_one_shape_are_read_at_once(tmp_path, monkeypatch):
    """Three files, one reading; a fourth with another heading is read by itself."""
    sizes: list[int] = []
    usual = whole.load_tables

    def counted(loading: Any, files: list[Any]) -> range:
        sizes.append(len(files))
        return usual(loading, files)

    monkeypatch.setattr(whole, "load_tables", counted)
    texts = {f"month-{month}.csv": calls(month) for month in (6, 7, 8)}
    other = {"month-9.csv": calls(9).replace("ID;", "Номер;ID;").replace("\n9-", "\n1;9-")}
    Folder(tmp_path / "data", {"source": CALLS}).run({"source": {**texts, **other}})
    assert sizes == [3, 1]


def test_a_file_that_asks_leaves_those_before_it_loaded(tmp_path):
    """July says «куда-то» of a call: June stands, July and August do not, and the question names July."""
    folder = Folder(tmp_path / "data", {"source": CALLS})
    odd = calls(7, "7-99;01.07.2026 10:00:00;+70005550101;Сайт;куда-то;5")
    texts = {"month-6.csv": calls(6), "month-7.csv": odd, "month-8.csv": calls(8)}
    with folder.running({}) as warehouse:
        incoming = read_source(
            warehouse, folder.client.sources["source"], "source", texts, StagingContext("Europe/Moscow"),
            reader=raw_table,
        )  # fmt: skip
        loaded_files = warehouse.load_all(incoming)
        assert next(loaded_files).file == "month-6.csv"
        with pytest.raises(ContractError, match="куда-то") as asked:
            next(loaded_files)
        assert asked.value.facts["file"] == "month-7.csv"
        found = warehouse.query("rows", "select source_file, count(*) as rows from loaded.calls group by all")
        assert found.rows == [("month-6.csv", 28)]
        assert warehouse.query("files", "select source_file from ops.files").rows == [("month-6.csv",)]


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tmp_path):
    """`month[1].csv` beside `month1.csv`: as a pattern the one would stand for the other."""
    folder = Folder(tmp_path / "data", {"source": CALLS}, is_on_disk=True)
    folder.run({"source": {"month1.csv": calls(6), "month[1].csv": calls(7)}})
    found = folder.rows("select source_file, month(started_at), count(*) from loaded.calls group by all order by all")
    assert found == [("month1.csv", 6, 28), ("month[1].csv", 7, 28)]
