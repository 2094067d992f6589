"""What is put right where Google keeps it: corrections on a tab, of an export and of a tab."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from flows.cli import main
from flows.run.reports.kept import kept_reports, published_at
from tests.connectors.google_sheets.google_fixtures import shared_book
from tests.flows.conftest import svodka  # noqa: F401
from tests.flows.small_client import AS_OF, SVODKA, small_client
from tests.flows.test_put_right import CLIENT, FIRST, changes, lived
from tests.helpers.often import often
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow
HEADER = ("источник", "файл", "строка", "запись", "столбец", "было", "стало", "кто", "когда", "почему")


@pytest.fixture
def google(monkeypatch, server, key_file):
    """The server stands for Google."""
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    return server


def fill(owner, title: str, *rows: tuple[object, ...]) -> None:
    """Type rows into a new tab, as a person does."""
    owner.do({"addSheet": {"properties": {"title": title}}})
    for number, row in enumerate(rows, 1):
        for letter, value in zip("ABCDEFGHIJ", row, strict=False):
            if value != "":
                owner.type(title, f"{letter}{number}", value)


def test_corrections_are_kept_on_a_tab(tmp_path, google, owner, svodka):  # noqa: F811
    """Sale 1 of the CSV by its row, spend of a tab by its row, sale 2 by its id; figures and days as Google has them.

    5 000 → 6 000 and 7 000,50 → 8 000 make 14 000; 1 000 of advertising become 900. `correct` shows the line to add.
    """
    spend = shared_book(google, "Реклама")
    fill(spend, "Август", ("Дата", "Канал", "Расход"), ("01.08.2026", "директ", 1000), ("02.08.2026", "директ", 500))
    config = SVODKA.replace("files: exports/spend.csv", f"sheet: {spend.spreadsheet}\n    tab: Август")
    config += f"corrections: {{sheet: {owner.spreadsheet}, tab: Корректировки}}\n"
    folder = small_client(tmp_path / "vasilek", {"svodka.yaml": config})
    fill(
        owner,
        "Корректировки",
        HEADER,
        ("orders", "exports/orders.csv", 2, "", "Сумма", 5000, 6000, "Анна", "01.09.2026", "опечатка"),
        ("orders", "", "", 2, "Сумма", "7000,5", 8000),
        ("spend", "Реклама!Август", 2, "", "Расход", 1000, 900),
        ("orders", "exports/orders.csv", 2, "", "Оплачен", "10.08.2026", "12.08.2026"),
    )
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert (answer.code, "не применена" in answer.out) == (0, False), answer.out + answer.err
    with reading(folder / "data") as warehouse:
        asked = "select sum(revenue_rub), min(closed_on)::varchar, (select sum(spend_rub) from staged.ad_spend)"
        assert warehouse.execute(f"{asked} from staged.deals").fetchone() == (14000, "2026-08-11", 1400)
    told = svodka("correct", folder, "orders#2", "Сумма=9 000")
    assert (told.code, "на вкладке «Корректировки»" in told.err) == (0, True)
    assert told.out.split("\t")[:7] == ["orders", "", "", "2", "Сумма", "7 000,50", "9 000"]


def shown(owner) -> dict[str, list[list[object]]]:
    """Every cell of every visible tab, as it is displayed."""
    tabs = owner.tabs()
    return {title: owner.sees(title, render="FORMATTED_VALUE") for title in tabs if not tabs[title].get("hidden")}


def test_a_day_comes_back_to_the_spreadsheet_as_it_was_published(tmp_path, google, owner, svodka):  # noqa: F811
    """Cell for cell, the owner's own tab left alone; a trial run writes nothing; undo brings the report back too."""
    config = SVODKA + f"reports: {{xlsx: null, sheet: {owner.spreadsheet}}}\n"
    folder = small_client(tmp_path / "vasilek", {"svodka.yaml": config})
    fill(owner, "Заметки", ("моё",))
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    first = shown(owner)
    path = kept_reports(folder / "data")[-1]
    path.rename(path.with_name("2026-09-01 030000.sheets"))
    with (folder / "exports" / "calls.csv").open("a", encoding="utf-8") as calls:
        calls.write("06.08.2026 12:00:00;70005550109;SEO;Борис;90\n")
    asked = len(google.log)
    trial = svodka("run", folder, "--as-of", AS_OF, "--dry-run")
    assert any(line.startswith("«Каналы»: другими стали бы ячеек ") for line in trial.lines), trial.out
    assert [one for one in google.log[asked:] if one.method != "GET"] == []
    assert shown(owner) == first
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    second = shown(owner)
    assert second != first
    assert svodka("restore", folder, "--day", "2026-09-01", "--to", "sheets").code == 0
    assert shown(owner) == first
    day = f"{published_at(kept_reports(folder / 'data')[-1]):%Y-%m-%d}"
    assert svodka("restore", folder, "--day", day, "--to", "sheets").code == 0
    assert shown(owner) == second
    assert svodka("undo", folder, "--yes").code == 0
    assert shown(owner) == first
    assert owner.sees("Заметки") == [["моё"]]


@given(changes)
@settings(
    max_examples=often(1, 20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_happened_undo_and_restore_bring_back_what_was_seen(google, nights):
    """After each night undo shows the night before, and the night again the same; then each report comes back."""
    with tempfile.TemporaryDirectory() as made:
        folder, owner = small_client(Path(made) / "vasilek", CLIENT), shared_book(google, "Отчёт")
        with (folder / "svodka.yaml").open("a", encoding="utf-8") as config:
            config.write(f"reports: {{xlsx: null, sheet: {owner.spreadsheet}}}\n")
        fill(owner, "Заметки", ("моё",))
        assert main(["run", str(folder), "--as-of", FIRST.isoformat(), "-q"]) == 0
        for when, report in lived(folder, nights, lambda: shown(owner)).items():
            assert main(["restore", str(folder), "--day", when, "--to", "sheets"]) == 0
            assert shown(owner) == report
