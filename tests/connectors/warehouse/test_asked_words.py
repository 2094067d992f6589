"""Words whose meaning is asked of a person, as the error shows them."""

from pathlib import Path

import pytest

from config.errors import ContractError
from tests.connectors.warehouse.loading import Folder

CALLS = {"table": "calls", "columns": {"started_at": "Начало", "is_answered": "Отвечен"}}


def test_a_word_as_long_as_a_page_is_shown_cut(tmp_path: Path):
    """A comment that slipped into a column of statuses does not make the error a page."""
    text = f"Начало;Отвечен\n01.08.2026 10:00;{'ы' * 5000}\n02.08.2026 10:00;вроде бы"
    with pytest.raises(ContractError) as error:
        Folder(tmp_path, {"calls": CALLS}).run({"calls": {"a.csv": text}})
    assert error.value.facts["words"] == f"«вроде бы» (1), «{'ы' * 80}» (1)"
