"""One file that several workers load in pieces: as if it had been read as a whole, or read as a whole."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.run.loading import apart
from tests.connectors.warehouse.engine.states import unlike_states
from tests.connectors.warehouse.engine.test_same_rows import loaded
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow

SVODKA = """\
client: Колл-центр
timezone: Europe/Moscow
sources:
  calls:
    table: calls
    files: calls.csv
    columns: {call_id: Номер, started_at: Начало, phone: Телефон, channel: Канал, manager: Менеджер}
engine: ENGINE
"""
ROWS = 12_000
PIECE_BYTES = 1_200_000
LATER, EARLIER = "перезвонить;\nпосле обеда, лучше в среду" * 3, "просил не звонить раньше утра" * 3


def calls(folder: Path, changed: dict[int, dict[str, str]], moment: str) -> None:
    """A file of some 3 megabytes, remarks of several lines in quotes; rows that are `changed` are otherwise."""
    with (folder / "calls.csv").open("w", encoding="utf-8", newline="") as file:
        heading = ["Номер", "Начало", "Телефон", "Канал", "Менеджер", "Примечание"]
        table = csv.DictWriter(file, heading, delimiter=";", lineterminator="\n")
        table.writeheader()
        for place in range(ROWS):
            at = datetime(2026, 8, 1) + timedelta(minutes=2 * place)
            row = {"Номер": str(place), "Начало": f"{at:{moment}}", "Телефон": f"7000{place % 9999:07}"}
            row |= {"Канал": ("SEO", "vk", "директ")[place % 3], "Менеджер": "Анна"}
            table.writerow({**row, "Примечание": LATER if place % 3 else EARLIER, **changed.get(place, {})})


@pytest.fixture
def twins(sail_address, tmp_path, monkeypatch):
    """What runs such a client with and without an engine; both data folders, and the files that the rows became."""
    monkeypatch.setattr(apart, "PIECE_BYTES", PIECE_BYTES)
    storage = tmp_path / "storage"
    storage.mkdir()

    def run(changed, moment="%d.%m.%Y %H:%M:%S"):
        said = []
        for name, engine in (("ours", "duckdb"), ("theirs", f"{{spark: '{sail_address}', storage: {storage}}}")):
            (tmp_path / name).mkdir()
            (tmp_path / name / "svodka.yaml").write_text(SVODKA.replace("ENGINE", engine))
            calls(tmp_path / name, changed, moment)
            said.append(loaded(tmp_path / name, 1))
        assert said == ["", ""]
        unlike, _ = unlike_states(tmp_path / "ours" / "data", tmp_path / "theirs" / "data")
        assert unlike == {}
        with reading(tmp_path / "theirs" / "data") as connection:
            return connection.execute("select count(*), count(distinct load_id) from ops.stored").fetchone()

    return run


def test_pieces_are_one_load(twins):
    """Rows bear the numbers of the whole file, refused ones too; counts and days are of all of them."""
    assert twins({20: {"Начало": "31.31.2026"}, ROWS - 50: {"Начало": "нет", "Канал": "VK"}}) == (2, 1)


def test_a_call_that_stands_in_two_pieces_is_found(twins):
    """It is exported twice, and counts once: the file is read as a whole."""
    again = {"Номер": "7", "Начало": "01.08.2026 00:14:00", "Телефон": "70000000007", "Канал": "vk"}
    assert twins({ROWS - 9: {**again, "Примечание": LATER}}) == (1, 1)


def test_what_all_cells_of_a_column_decide_no_piece_decides(twins):
    """Days of two readings: the first piece has none above twelve."""
    assert twins({}, moment="%m/%d/%Y %H:%M:%S") == (1, 1)


def test_many_rows_of_two_files_are_found_at_once(sail_address, tmp_path):
    """More than DuckDB holds in one group of rows are displaced by the run that brought them, on all cores."""
    (tmp_path / "storage").mkdir()
    engine = f"{{spark: '{sail_address}', storage: {tmp_path / 'storage'}}}"
    svodka = SVODKA.replace("ENGINE", engine).replace("calls.csv", "calls*.csv")
    (tmp_path / "svodka.yaml").write_text(svodka)
    for number in (1, 2):
        duckdb.execute(f"""copy (
            select range as "Номер", '01.08.2026 10:00:00' as "Начало", '' as "Телефон", 'SEO' as "Канал",
                'Анна' as "Менеджер", repeat('слово ', 9) as "Примечание" from range(125000)
        ) to '{tmp_path}/calls{number}.csv' (delimiter ';')""")
    assert loaded(tmp_path, 1) == ""
    with reading(tmp_path / "data") as connection:
        counted = "select sum(rows_staged), sum(rows_duplicate) from ops.loads"
        assert connection.execute(counted).fetchone() == (125_000, 125_000)
