"""«Пульт» of twenty spreadsheets: looked at within the quota, each tick one run, answered within three minutes."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from config.errors import ConfigError
from config.folder.load import load_client
from flows.run.given.request import request
from flows.run.lock import one_run
from flows.run.one_client import run_folder
from flows.say import plain
from flows.serve.control import ControlRoom, Ended, desks
from tests.connectors.google_sheets.google_fixtures import ADDRESS, client_of, key_file, server  # noqa: F401
from tests.flows.small_client import SVODKA, small_client

START = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
CELLS = {"sheetId": 0, "startRowIndex": 3, "endRowIndex": 7, "startColumnIndex": 1, "endColumnIndex": 2}


@dataclass
class Begun:
    """Who would run clients: remembers what was begun, ends what the test says."""

    runs: list[tuple[str, str, str]] = field(default_factory=list)
    ends: dict[str, Ended] = field(default_factory=dict)

    async def begin(self, loaded, since, until):
        """The run's name is its number."""
        self.runs.append((loaded.folder.name, since, until))
        return str(len(self.runs))

    async def ended(self, run):
        """As the test says; None while it goes on."""
        return self.ends.get(run)


@dataclass
class Office:
    """A room with its spreadsheets, and the clock of all of them."""

    room: ControlRoom
    books: list
    begun: Begun
    moment: datetime = START
    reads: list[datetime] = field(default_factory=list)

    def go_on(self, seconds):
        """Time passes, a second a step."""
        for _ in range(seconds):
            self.moment += timedelta(seconds=1)
            before = self.room.connect(False).reads
            asyncio.run(self.room.step(self.moment))
            self.reads += [self.moment] * (self.room.connect(False).reads - before)

    def until_begun(self, runs):
        """Time passes until so many runs were begun; the seconds out."""
        for second in range(1, 600):
            self.go_on(1)
            if len(self.begun.runs) == runs:
                return second
        raise AssertionError(f"{len(self.begun.runs)} runs")


@pytest.fixture
def office(server, key_file, tmp_path):  # noqa: F811
    """So many clients, each with a spreadsheet that has a «Пульт»."""

    def made(count):
        books, clients = [], []
        for number in range(count):
            book = server.create(f"Отчёт {number}", locale="ru_RU")
            book.share(ADDRESS)
            book.batch_update({"addNamedRange": {"namedRange": {"name": "svodka_control", "range": CELLS}}})
            books.append(book)
            text = SVODKA + f"reports: {{xlsx: null, sheet: {book.id}, control: true}}\n"
            clients.append(load_client(small_client(tmp_path / f"c{number}", {"svodka.yaml": text})))
        google = {flag: client_of(server, key_file, tmp_path, is_writing=flag) for flag in (False, True)}
        begun = Begun()
        return Office(ControlRoom(begun, google.get, desks(clients, START)), books, begun)

    return made


def tick(book, since="", until=""):
    """As the owner does in the browser."""
    book.update("Sheet1!B4:B6", [[True], [since], [until]])


def told(book):
    """The tick, and what is said below."""
    rows = book.values("Sheet1!B4:B7")
    return rows[0][0], rows[3][0] if len(rows) > 3 and rows[3] else ""


@pytest.mark.slow
def test_twenty_spreadsheets_cost_twenty_reads_a_minute_and_a_tick_waits_for_a_minute_and_a_half(office):
    """60 reads a minute are the account's; a third is spent here. An hour of quiet makes it fewer still."""
    of = office(20)
    of.go_on(180)
    most = Counter(moment.replace(second=0) for moment in of.reads)
    assert max(most.values()) <= 20
    of.moment += timedelta(hours=1)
    tick(of.books[13], "2026-08-01")
    assert of.until_begun(1) <= 100
    assert of.begun.runs == [("c13", "2026-08-01", "")]
    of.reads.clear()
    of.go_on(120)
    assert len(of.reads) <= 32  # 20 spreadsheets in 80 seconds each, when nobody ticks
    assert of.begun.runs == [("c13", "2026-08-01", "")]


def test_two_ticks_are_one_run_and_a_tick_after_it_the_next(office):
    """While the run goes on nothing is read; its report clears the tick; a new tick is a new run."""
    of = office(1)
    [book] = of.books
    tick(book)
    of.until_begun(1)
    tick(book)
    of.reads.clear()
    of.go_on(60)
    assert (len(of.begun.runs), of.reads) == (1, [])
    book.update("Sheet1!B4", [[False]])  # the report did
    of.begun.ends["1"] = Ended(has_answered=True, is_skipped=False)
    of.go_on(60)
    assert len(of.begun.runs) == 1
    tick(book)
    of.until_begun(2)


def test_a_tick_during_a_run_of_the_night_waits_for_its_end(office):
    """The client is busy: no read is spent; afterwards the tick is seen."""
    of = office(1)
    [desk] = of.room.desks
    tick(of.books[0])
    with one_run(desk.loaded.data, START):
        of.go_on(60)
        assert (of.begun.runs, of.reads) == ([], [])
    of.until_begun(1)


def test_a_run_that_was_skipped_is_begun_again(office):
    """Another run had the client: that one did not answer the tick."""
    of = office(1)
    tick(of.books[0])
    of.until_begun(1)
    of.begun.ends["1"] = Ended(has_answered=False, is_skipped=True)
    of.until_begun(2)


@pytest.mark.parametrize(("since", "until"), [("вчера", ""), ("2026-08-10", "2026-08-01"), ("12", "2026-08-01")])
def test_days_that_are_none_are_told_and_no_run_is_begun(office, since, until):
    """The tick is cleared, so that the owner sees that it was noticed. The 12th day of 1900 is one."""
    of = office(1)
    tick(of.books[0], since, until)
    of.go_on(5)
    expected = [] if since != "12" else [("c0", "1900-01-11", "2026-08-01")]
    assert of.begun.runs == expected
    if not expected:
        assert told(of.books[0])[0] is False
        assert told(of.books[0])[1].startswith("С «")


def test_a_run_that_broke_off_is_told(office):
    """Nothing wrote the report, so the reason is written alone."""
    of = office(1)
    tick(of.books[0])
    of.until_begun(1)
    of.begun.ends["1"] = Ended(has_answered=False, is_skipped=False, why="прогон оборвался")
    of.go_on(60)
    assert told(of.books[0]) == (False, "прогон оборвался")
    assert len(of.begun.runs) == 1


def test_a_tick_that_no_report_clears_does_not_run_for_ever(office):
    """The report goes elsewhere, say: after two runs it is told, and the tick cleared."""
    of = office(1)
    tick(of.books[0])
    for run in ("1", "2"):
        of.until_begun(int(run))
        of.begun.ends[run] = Ended(has_answered=True, is_skipped=False)
    of.go_on(120)
    assert len(of.begun.runs) == 2
    is_ticked, text = told(of.books[0])
    assert (is_ticked, "дважды" in text) == (False, True)


def test_a_spreadsheet_that_cannot_be_read_is_left_for_ten_minutes(office, capsys):
    """And does not keep the others from their turn; the journal says what to do."""
    of = office(2)
    of.books[0].unshare(ADDRESS)
    tick(of.books[1])
    of.go_on(60)
    assert of.begun.runs == [("c1", "", "")]
    assert capsys.readouterr().err.count("Школа «Василёк»: ") == 1


@pytest.mark.slow
def test_a_real_run_answers_in_the_write_of_its_report(office, server, key_file, monkeypatch):  # noqa: F811
    """The tab is made by the first report; a tick with a day reads its files again; one write tells and clears."""
    of = office(1)
    [desk] = of.room.desks
    [book] = of.books
    [named] = book.metadata("fields=namedRanges")["namedRanges"]
    book.batch_update({"deleteNamedRange": {"namedRangeId": named["namedRangeId"]}})
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    for _ in range(2):  # «Что изменилось» comes with the second report
        assert run_folder(desk.loaded.folder, request(as_of="2026-08-31"), plain).status == "done"
    book.update("'Пульт'!B4:B5", [[True], ["2026-08-01"]])
    of.until_begun(1)
    server.log.clear()
    asked = request(as_of="2026-08-31", since=of.begun.runs[0][1], is_control=True)
    assert run_folder(desk.loaded.folder, asked, plain).status == "done"
    assert [one.method for one in server.log if "/v4/spreadsheets/" in one.path] == ["GET", "POST"]
    rows = book.values("'Пульт'!B4:B7")
    assert rows[0] == [False]
    assert "отчёт на 31.08.2026 обновлён\nПеречитано с 01.08.2026" in rows[3][0]
    calls = desk.loaded.folder / "exports" / "calls.csv"
    calls.unlink()
    book.update("'Пульт'!B4", [[True]])
    assert run_folder(desk.loaded.folder, asked, plain).status == "failed"
    rows = book.values("'Пульт'!B4:B7")
    assert rows[0] == [False]
    assert "exports/calls*.csv" in rows[3][0]


def test_a_tab_without_a_spreadsheet_is_refused(tmp_path):
    """`control` beside a workbook alone."""
    text = SVODKA + "reports: {xlsx: out/a.xlsx, control: true}\n"
    with pytest.raises(ConfigError) as told_why:
        load_client(small_client(tmp_path, {"svodka.yaml": text}))
    assert "«Пульт» (control) бывает только в таблице Google" in told_why.value.text("ru")
