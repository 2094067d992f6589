"""«Все клиенты»: the consultant's own table of how every client stands, those that need a hand first."""

import json
import time
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from config.documents import Sheet
from config.errors import ConfigError
from config.folder.load import load_consultant
from flows.run.lock import one_run
from flows.serve.consultants import ServedConsultant
from flows.status.nights import Nights, write_nights
from flows.status.publish import publish_statuses, status_sheet
from flows.status.status import status_of
from tests.connectors.google_sheets.google_fixtures import ADDRESS, key_file, server  # noqa: F401
from tests.flows.small_client import AS_OF, SVODKA, small_client

CONSULTANT = "clients: clients/*\ntitle: Клиенты «Компаса»\nreports: {xlsx: out/Все.xlsx, html: out/Все.html}\n"


@pytest.fixture
def agency(tmp_path):
    """A consultant with a client that is well but for a name, and one whose settings cannot be read."""
    small_client(tmp_path / "clients" / "a-well", {"svodka.yaml": SVODKA + "settings: {loading: {stale_days: 90}}\n"})
    small_client(tmp_path / "clients" / "b-typo", {"svodka.yaml": SVODKA.replace("client:", "klient:")})
    (tmp_path / "svodka.yaml").write_text(CONSULTANT, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_a_consultants_folder_runs_all_and_writes_the_table(agency, svodka):
    """The report of August: 12,000.50 ₽ of revenue; who cannot be read stands first, with what to mend."""
    answer = svodka("run", agency, "--as-of", AS_OF, "--at-once", 1)
    assert answer.code == 2
    assert answer.lines[-2:] == [f"Записано: {agency}/out/Все.xlsx", f"Записано: {agency}/out/Все.html"]
    [page] = openpyxl.load_workbook(agency / "out" / "Все.xlsx").worksheets
    assert page.title == "Клиенты «Компаса»"
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "клиент")
    broken, well = rows[head + 1], rows[head + 2]
    assert broken[:2] == ["b-typo", "не обновлён"]
    assert "svodka.yaml" in broken[2]
    assert well[:3] == [
        "Школа «Василёк»",
        "есть вопросы",
        "незнакомых имён: 1; какие и что с ними делать: svodka check",
    ]
    assert well[3] == datetime(2026, 8, 31)
    assert well[5:9] == [datetime(2026, 8, 2), "Выручка", 12000.5, "—"]
    assert "Клиентов: 2, требуют руки: 1, стоит посмотреть: 1 · на диске занято " in rows[1][0].replace("\u00a0", " ")


@pytest.mark.slow
def test_it_is_written_by_hand_too(agency, svodka):
    """`svodka status --publish`; a workbook that somebody edited is kept beside; an ordinary folder has none."""
    assert svodka("status", agency, "--publish").code == 0
    path = agency / "out" / "Все.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["L9"] = "позвонить"
    book.save(path)
    again = svodka("status", agency, "--publish")
    assert "правки" in again.out
    assert len(list((agency / "out").glob("Все (правки *).xlsx"))) == 1
    assert svodka("status", agency / "clients", "--publish").err == (
        f"{agency}/clients: «Все клиенты» писать некуда: в svodka.yaml этой папки нет clients:\n"
    )
    assert [one["need"] for one in json.loads(svodka("status", agency, "--json").out)] == ["broken", "broken"]


def test_mistakes_of_a_consultants_file_are_named(tmp_path):
    """A pattern that fits nothing, one that leads outside, an unknown key."""
    path = tmp_path / "svodka.yaml"
    wrong = {
        "clients: nobody/*\n": "clients: «nobody/*» — такой папки клиента нет",
        "clients: ../*\n": "../*",
        "clients: [a]\nreport: {}\n": "reports",
        "clients: [a]\nreports: {xlsx: all.txt}\n": "all.txt",
    }
    for text, said in wrong.items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as told:
            load_consultant(tmp_path).clients()
        assert said in told.value.text("ru"), text


@pytest.mark.slow
def test_it_stands_in_a_spreadsheet_of_the_consultant(agency, server, key_file, monkeypatch):  # noqa: F811
    """Two publications: one read and one write the second time; a note beside a client's line stays beside it."""
    book = server.create("Мои клиенты", locale="ru_RU")
    book.share(ADDRESS)
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    text = f"clients: clients/*\nreports: {{xlsx: null, sheet: {book.id}}}\n"
    (agency / "svodka.yaml").write_text(text, encoding="utf-8")
    moment = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
    assert publish_statuses(load_consultant(agency), moment).errors == []
    names = [row[0] if row else "" for row in book.values("Все клиенты")]
    place = names.index("Школа «Василёк»") + 1
    book.update(f"'Все клиенты'!N{place}", [["звонить после обеда"]])
    small_client(agency / "clients" / "c-new", {"svodka.yaml": SVODKA.replace("Василёк", "Астра")})
    server.log.clear()
    assert publish_statuses(load_consultant(agency), moment).errors == []
    asked = [one.method for one in server.log if "/v4/spreadsheets/" in one.path]
    assert asked == ["GET", "POST"]
    beside = {row[0]: row[13] for row in book.values("Все клиенты") if len(row) > 13}
    assert beside == {"Школа «Василёк»": "звонить после обеда"}


@pytest.mark.slow
def test_two_hundred_clients_take_a_moment(agency, svodka):
    """At most 3 s of processor, workbook included."""
    text = (agency / "clients" / "a-well" / "svodka.yaml").read_text("utf-8")
    for number in range(200):
        folder = agency / "clients" / f"client-{number:03}"
        folder.mkdir()
        (folder / "svodka.yaml").write_text(text.replace("Василёк", f"№ {number}"), "utf-8")
    started = time.process_time()
    assert svodka("status", agency, "--publish").code == 0
    assert time.process_time() - started <= 3


def test_a_page_is_a_sheet_like_any_other(agency):
    """Rows are known by the client's folder, so that notes follow them."""
    loaded = load_consultant(agency)
    moment = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
    sheet: Sheet = status_sheet(loaded, [status_of(one, moment) for one in loaded.clients()], moment)
    assert sorted(sheet.row_keys.values()) == ["client=clients/a-well", "client=clients/b-typo"]
    assert sheet.frozen_columns == 1


def test_the_service_writes_it_when_runs_have_ended(agency, capsys):
    """Once at the start, then only after another run has ended, and never while one is under way."""
    moment = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
    served = ServedConsultant(load_consultant(agency))
    served.look(moment)
    path = agency / "out" / "Все.xlsx"
    first = path.stat().st_mtime_ns
    served.look(moment)
    assert path.stat().st_mtime_ns == first
    data = agency / "clients" / "a-well" / "data"
    data.mkdir()
    (data / "last_run.json").write_text("{}")
    with one_run(data, moment):
        served.look(moment)
    assert path.stat().st_mtime_ns == first
    served.look(moment)
    assert path.stat().st_mtime_ns > first
    assert "«Все клиенты» обновлены" in capsys.readouterr().err


def test_a_table_that_cannot_be_written_is_tried_after_a_pause(agency, capsys):
    """Ten minutes, so that Google is not asked at every look."""
    moment = datetime(2026, 9, 21, 1, 0, tzinfo=UTC)
    (agency / "out" / "Все.xlsx").mkdir(parents=True)
    served = ServedConsultant(load_consultant(agency))
    for minutes in (0, 5, 11):
        served.look(moment + timedelta(minutes=minutes))
    assert capsys.readouterr().err.count("Все.xlsx") == 2


def test_a_night_that_all_of_them_missed_is_told(agency, svodka):
    """With one schedule for all, it is the consultant's night; the table and the command say so."""
    (agency / "svodka.yaml").write_text(CONSULTANT + "schedule: 0 3 * * *\n", encoding="utf-8")
    write_nights(agency / "data", Nights(served_since=(datetime.now(UTC) - timedelta(7)).isoformat()))
    assert "пропущена: работает ли svodka serve?" in svodka("status", agency).out
    moment = datetime.now(UTC)
    sheet = status_sheet(load_consultant(agency), [], moment)
    assert "пропущена" in "".join(str(cell.value) for cell in sheet.cells if cell.row <= 3)


def test_check_takes_a_consultants_folder_too(agency, svodka):
    """Every client of it, as `svodka run` does."""
    answer = svodka("check", agency)
    assert answer.code == 2
    assert "Школа «Василёк»" in answer.out
