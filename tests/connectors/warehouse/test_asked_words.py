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
    assert error.value.facts["words"] == f"is_answered «вроде бы» (1), «{'ы' * 80}» (1)"


def test_words_of_all_columns_are_asked_about_at_once(tmp_path: Path):
    """Two columns have them, the commonest column and word first; what each can mean stands there to be filled in."""
    calls = {"table": "calls", "columns": {"started_at": "at", "direction": "way", "is_answered": "end"}}
    rows = ["01.08.2026 10:00;туда;да", "02.08.2026 10:00;сюда;хз", "03.08.2026 10:00;сюда;да"]
    with pytest.raises(ContractError) as error:
        Folder(tmp_path, {"c": calls}).run({"c": {"a.csv": "\n".join(["at;way;end", *rows])}})
    assert error.value.text() == (
        "a.csv: неизвестные слова: direction «сюда» (2), «туда» (1); is_answered «хз» (1) — впишите каждое в источник c"
        " под тем, что оно значит:"
        " values: {direction: {in: […], out: […], internal: […]}, is_answered: {true: […], false: […]}}"
    )
