"""A person forgotten after a publication is not remembered by it either, nor brought back by the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli import main
from tests.flows.small_client import FILES, SVODKA, small_client
from tests.helpers.reading import reading

PHONE, SHOWN = "70005550101", "8 (000) 555-01-01 Мария"
"""A phone, and a cell where it was typed instead of the time of a call."""


@pytest.fixture
def school(tmp_path, monkeypatch, server, key_file, owner):
    """A client whose report, with personal data, is in the owner's spreadsheet."""
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    config = f"{SVODKA}settings: {{personal_data: keep, loading: {{max_rejected_share: 1}}}}\n"
    config += f"reports: {{xlsx: null, sheet: {owner.spreadsheet}}}\n"
    calls = FILES["exports/calls.csv"] + f"{SHOWN};70005550104;SEO;Анна;5\n"
    folder = small_client(tmp_path / "vasilek", {"svodka.yaml": config, "exports/calls.csv": calls})
    assert publish(folder) == 0
    return folder


def publish(folder: Path) -> int:
    """`svodka run`."""
    return main(["run", str(folder), "--as-of", "2026-08-31"])


def remembered(folder: Path) -> str:
    """Every text of ops.published."""
    with reading(folder / "data") as warehouse:
        return "\n".join(map(str, warehouse.execute("from ops.published").fetchall()))


def on_the_sheet(owner) -> str:
    """Every value of every tab."""
    return "\n".join(str(row) for title in owner.tabs() for row in owner.sees(title))


@pytest.mark.slow
def test_the_memory_of_a_publication_forgets_a_person_too(school, owner):
    """The phone as it was typed is in no table; the next report neither shows it nor keeps it as an owner's edit."""
    assert SHOWN in remembered(school)
    assert SHOWN in on_the_sheet(owner)
    assert main(["forget", str(school), "--person", PHONE, "--yes"]) == 0
    assert SHOWN not in remembered(school)
    owner.type("Каналы", "A1", "Моё название")
    assert publish(school) == 0
    assert SHOWN not in on_the_sheet(owner)
    assert [row[1:3] + row[5:6] for row in owner.sees("Правки")[1:]] == [["Каналы", "A1", "Моё название"]]


@pytest.mark.slow
def test_a_person_who_is_only_in_the_last_report_is_found_there(school, owner):
    """The exports are clean already; forgetting is no mistake, and forgetting once more is."""
    (school / "exports" / "calls.csv").write_text(FILES["exports/calls.csv"].replace(PHONE, "70005550109"), "utf-8")
    (school / "exports" / "orders.csv").write_text(FILES["exports/orders.csv"].replace(PHONE, "70005550109"), "utf-8")
    assert main(["run", str(school), "--as-of", "2026-08-31", "--to", "none"]) == 0
    assert main(["forget", str(school), "--person", PHONE, "--yes"]) == 0
    assert SHOWN not in remembered(school)
    assert main(["forget", str(school), "--person", PHONE, "--yes"]) == 2
