"""Whatever fails at whatever moment, the spreadsheet shows the previous complete report or the new one."""

from __future__ import annotations

import random

import pytest

from config.errors import TargetError, Unavailable
from connectors.google_sheets.publish import publish as publish_sheets
from connectors.google_sheets.values import plain
from tests.connectors.google_sheets.google_fixtures import ADDRESS, AT, client_of
from tests.connectors.google_sheets.report_sheets import channels, summary
from tests.helpers.memory import InMemory
from tests.helpers.often import often
from tests.helpers.sheets_server.faults import KINDS

TAB = "Каналы"
NAMES = ("SEO", "Директ", "VK", "Авито", "Telegram", "Дзен")


@pytest.fixture
def quick(server, key_file, tmp_path):
    """A client that gives up on a silent server soon."""
    yield client_of(server, key_file, tmp_path, answer_seconds=0.2)
    server.faults.clear()


def report(rng):
    """A random choice of channels in random order with random figures."""
    names = rng.sample(NAMES, rng.randint(2, len(NAMES)))
    figures = {name: (rng.randint(1, 900), rng.randint(0, 9_000)) for name in names}
    return summary(f"Номер {rng.random()}."), channels(figures, [f"Слово {n}." for n in range(rng.randint(1, 3))])


def shown(owner):
    """Everything of ours that a reader sees: values of both tabs, our columns only, without trailing blanks."""
    found = {}
    for title, columns in (("Сводка", 3), (TAB, 4)):
        rows = [tuple(row[:columns]) for row in owner.sees(title)]
        found[title] = [_cut(row) for row in rows]
        while found[title] and not found[title][-1]:
            found[title].pop()
    return found


def _cut(row):
    while row and row[-1] == "":
        row = row[:-1]
    return row


def objects(owner):
    """How many there are of what could double: tabs, charts, rules, protections, marks."""
    seen = owner.look(
        "developerMetadata.metadataId,sheets(properties.title,charts.chartId,conditionalFormats.ranges,"
        "protectedRanges.protectedRangeId,developerMetadata.metadataId)"
    )
    sheets = seen["sheets"]
    return (
        sorted(sheet["properties"]["title"] for sheet in sheets),
        [sum(len(sheet.get(name, ())) for sheet in sheets)
         for name in ("charts", "conditionalFormats", "protectedRanges", "developerMetadata")],
        len(seen["developerMetadata"]),
    )  # fmt: skip


def drawn(sheets):
    """What a reader shall see of a report: the values of its documents, without trailing blanks."""
    found = {}
    for sheet in sheets:
        rows = [dict.fromkeys(range(4), "") for _ in range(1 + max(cell.row for cell in sheet.cells))]
        for cell in sheet.cells:
            rows[cell.row][cell.column] = "" if cell.value is None else plain(cell.value)
        found[sheet.title] = [_cut(tuple(row.values())) for row in rows]
        while found[sheet.title] and not found[sheet.title][-1]:
            found[sheet.title].pop()
    return found


@pytest.mark.slow
def test_publications_with_a_fault_each(server, quick, owner):
    """Every kind of fault, at every position: never blank, partial or doubled; every edit of the owner's is kept."""
    rng = random.Random(20_260_921)
    memory = InMemory()
    publish_sheets(quick, owner.spreadsheet, report(rng), memory, AT)
    owner.type(TAB, "F2", "моё навсегда")
    typed, failed, before = [], 0, shown(owner)
    publish_sheets(quick, owner.spreadsheet, report(rng), memory, AT)
    before = shown(owner)
    inventory = None
    for number in range(often(60, 200)):
        if number % 4 == 0:
            row = next(n for n, line in enumerate(owner.sees(TAB), 1) if line and line[0] in NAMES)
            owner.type(TAB, f"B{row}", 10_000 + number)
            typed.append(10_000 + number)
        sheets = report(rng)
        now = drawn(sheets)
        server.faults.add(
            KINDS[number % len(KINDS)],
            at=1 + number // len(KINDS) % 3,
            after=number % 2 == 0,
            only=("", "write", "read")[number // 3 % 3],
            times=400 if number % 29 == 0 else rng.choice((1, 1, 2)),
        )
        edited = shown(owner) if not server.faults.planned else None
        try:
            publish_sheets(quick, owner.spreadsheet, sheets, memory, AT)
            server.faults.clear()
            assert shown(owner) == now, number
            before = now
        except Unavailable:
            failed += 1
            server.faults.clear()
            seen = shown(owner)
            assert seen == now or _but_edits(seen, typed) == _but_edits(before, typed), number
            before = seen
        assert edited is None
        assert owner.cell(TAB, "F2") == "моё навсегда"
        if typed and "Правки" in owner.tabs():
            inventory = inventory or objects(owner)
            assert objects(owner) == inventory, number
    publish_sheets(quick, owner.spreadsheet, report(rng), memory, AT)
    assert sorted(row[5] for row in owner.sees("Правки")[1:]) == typed
    assert 0 < failed < 30


def _but_edits(seen, typed):
    """What is shown, with the values that the owner typed blotted out wherever they stand or stood."""
    blotted = {}
    for title, rows in seen.items():
        blotted[title] = [
            tuple("?" if column == 1 and row[0] in NAMES else value for column, value in enumerate(row)) for row in rows
        ]
    return blotted


def test_a_lost_answer_is_looked_for_before_another_try(server, quick, owner):
    """The write was applied, the answer lost: nothing is written again, and the edit is told once."""
    memory = InMemory()
    first = channels({"SEO": (5, 0), "Директ": (7, 3_000)})
    publish_sheets(quick, owner.spreadsheet, [first], memory, AT)
    owner.type(TAB, "B4", 6)
    server.faults.add("503", only="write", after=True)
    outcome = publish_sheets(quick, owner.spreadsheet, [channels({"Директ": (9, 1), "SEO": (8, 0)})], memory, AT)
    assert (outcome.writes, len(outcome.edits)) == (1, 1)
    assert len(owner.sees("Правки")) == 2
    assert [row[1] for row in owner.sees(TAB)[3:5]] == [9, 8]


def test_a_kill_between_the_write_and_the_memory_of_it_is_no_edit(server, quick, owner):
    """What was about to be written is remembered before it is sent, so that the next run knows it for its own."""
    memory = InMemory()
    publish_sheets(quick, owner.spreadsheet, [channels({"SEO": (5, 0), "VK": (1, 1)})], memory, AT)
    settle, memory.settle = memory.settle, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        publish_sheets(quick, owner.spreadsheet, [channels({"SEO": (6, 0), "VK": (2, 1)})], memory, AT)
    memory.settle = settle
    outcome = publish_sheets(quick, owner.spreadsheet, [channels({"SEO": (7, 0), "VK": (3, 1)})], memory, AT)
    assert (outcome.edits, outcome.kept_copies) == ((), ())
    assert [row[1] for row in owner.sees(TAB)[3:5]] == [7, 3]


def test_a_spreadsheet_no_longer_shared_says_what_to_do(server, quick, owner):
    """The owner is told whom to let in; nothing is tried again."""
    server.spreadsheet(owner.spreadsheet).unshare(ADDRESS)
    with pytest.raises(TargetError) as raised:
        publish_sheets(quick, owner.spreadsheet, [summary()], InMemory(), AT)
    assert raised.value.text("en") == (
        f"Spreadsheet {owner.spreadsheet}: no right to write; open it, press Share and make {ADDRESS} an Editor"
    )


def test_an_ordinary_night_is_one_read_and_one_write(server, quick, owner):
    """However many tabs the report has."""
    memory = InMemory()
    sheets = [summary(), channels({"SEO": (5, 0), "VK": (1, 1)})]
    publish_sheets(quick, owner.spreadsheet, sheets, memory, AT)
    outcome = publish_sheets(quick, owner.spreadsheet, sheets, memory, AT)
    assert (outcome.reads, outcome.writes) == (1, 1)
    assert [logged.kind for logged in server.log[-2:]] == ["read", "write"]
