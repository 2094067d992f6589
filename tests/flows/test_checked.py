"""What somebody looked into and found to be meant so leaves the first page, with the reason for who asks."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client

pytestmark = pytest.mark.slow

SPEND = FILES["exports/spend.csv"] + "03.08.2026;SEO;10\n04.08.2026;Щиты;700\n"
CHANNELS = FILES["channels.csv"] + "щиты,Щиты\n"
WHY = "щиты висят для узнавания, звонков не ждём"


def page(folder, name: str) -> list[str]:
    """Every text of a page."""
    sheet = load_workbook(folder / "out" / "Сводка.xlsx")[name]
    return [cell.value for row in sheet for cell in row if isinstance(cell.value, str)]


def test_a_doubt_that_was_looked_into_is_told_with_its_reason_and_no_more_on_the_first_page(tmp_path, svodka):
    """The run says what to write; written, neither the run nor «Сводка» repeats it, and «Качество данных» tells why."""
    folder = small_client(tmp_path / "client", {"exports/spend.csv": SPEND, "channels.csv": CHANNELS})
    before = svodka("run", folder, "--as-of", AS_OF).lines
    assert any(line.endswith("checked: {channels_alone: почему}") for line in before)
    assert any("Щиты" in text for text in page(folder, "Сводка"))

    (folder / "svodka.yaml").write_text(SVODKA + f"checked: {{channels_alone: '{WHY}'}}\n", "utf-8")
    after = svodka("run", folder, "--as-of", AS_OF).lines
    assert not any("Щиты" in line or "checked:" in line for line in after)
    first = page(folder, "Сводка")
    assert not any("Щиты" in text for text in first)
    assert "Проверено, и так и есть: 1 замечание. Смотрите «Качество данных»." in [
        text.replace("\u00a0", " ") for text in first
    ]
    assert any("Щиты" in text and text.endswith(f"Проверено: {WHY}") for text in page(folder, "Качество данных"))


def test_a_key_of_which_there_is_nothing_is_named(tmp_path, svodka):
    """It would leave out no doubt that its owner has in mind: the boards are gone, or another file is meant."""
    folder = small_client(tmp_path / "client")
    (folder / "svodka.yaml").write_text(SVODKA + f"checked: {{channels_alone: '{WHY}'}}\n", "utf-8")
    told = [line for line in svodka("check", folder).lines if "checked" in line]
    assert [line for line in told if 'чего сейчас нет: "channels_alone"' in line] == told != []
