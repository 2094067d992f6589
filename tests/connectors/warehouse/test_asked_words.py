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


STAGES = {"table": "deals", "columns": {"closed_on": "Дата", "status": "Этап", "revenue_rub": "Сумма"}}


def test_stages_none_of_which_is_known_are_asked_about(tmp_path: Path):
    """«Зелёная» and «Серая» may mean anything: no revenue is better than a wrong nought."""
    folder = Folder(tmp_path, {"visits": STAGES})
    text = "Дата;Этап;Сумма\n01.08.2026;Зелёная;100\n02.08.2026;Зелёная;100\n03.08.2026;Серая;50"
    with pytest.raises(ContractError) as raised:
        folder.run({"visits": {"august.csv": text}})
    assert str(raised.value) == (
        "august.csv: неизвестные слова: status «Зелёная» (2), «Серая» (1) — впишите каждое в источник visits "
        "под тем, что оно значит: values: {status: {won: […], lost: […], refunded: […], open: […]}}"
    )


def test_one_new_stage_among_known_ones_is_open(tmp_path: Path):
    """A file of one new stage alone is no question where another month of the source knows its words."""
    folder = Folder(tmp_path, {"visits": STAGES})
    july = "Дата;Этап;Сумма\n01.07.2026;Оплачен;100"
    august = "Дата;Этап;Сумма\n01.08.2026;Ждёт мастера;70"
    folder.run({"visits": {"july.csv": july, "august.csv": august}})
    assert folder.rows("select status, count(*) from staged.deals group by 1 order by 1") == [("open", 1), ("won", 1)]
    assert folder.rows("select detail from ops.notices where kind = 'unknown_status'") == [("Ждёт мастера",)]
