"""A vendor's export without a column that only describes is that export still; without one that decides, it asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ContractError
from connectors.files.find import find
from connectors.files.read import read
from tests.exports.staged import SAMPLES
from tests.transforms.tables import table
from transforms.recognise import recognise_file
from transforms.recognise.guess import guesses

FORGIVEN = [
    ("amocrm_leads.csv", "deals", "amocrm_leads", "Название сделки"),
    ("bitrix24_deals_cp1251.csv", "deals", "bitrix24_deals", "Название сделки"),
    ("bitrix24_leads.csv", "leads", "bitrix24_leads", "Название лида"),
    ("getcourse_users.csv", "subscribers", "getcourse_users", "Тип регистрации"),
    ("yandex_direct_micros.tsv", "ad_spend", "yandex_direct_api", "Impressions"),
    ("yandex_direct_cabinet.csv", "ad_spend", "yandex_direct_ui", "Показы"),
    ("vk_ads.xlsx", "ad_spend", "vk_ads", "Показы"),
]
ASKED = [
    ("amocrm_leads.csv", "deals", "Этап сделки"),
    ("bitrix24_leads.csv", "leads", "Статус"),
    ("getcourse_users.csv", "subscribers", "Последняя активность"),
    ("getcourse_orders.csv", "deals", "Оплачено"),
    ("sipuni.csv", "calls", "Тип"),
    ("google_ads.csv", "ad_spend", "Показы"),
]


def without(folder: Path, sample: str, header: str) -> RawTable:
    """A sample with one column cut out."""
    [found] = find("s", [sample], SAMPLES, (SAMPLES,))
    raw = read(found, "s", folder)[0]
    assert raw.rows is not None
    place = next(row.index(header) for row in raw.rows if header in row)
    rows = [[cell for at, cell in enumerate(row) if at != place] for row in raw.rows]
    return replace(raw, rows=rows, head=rows[:40], merged=())


def source(table_name: str) -> SourceConfig:
    """Nothing said but the table."""
    return SourceConfig(table=table_name, files=["*"], period="2026-08-01..2026-08-02")


@pytest.mark.parametrize(("sample", "table_name", "profile", "header"), FORGIVEN)
def test_a_column_that_only_describes_may_be_left_out(tmp_path, sample, table_name, profile, header):
    """Known by its other signs, by a run and by init alike."""
    raw = without(tmp_path, sample, header)
    [found] = recognise_file([raw], table_name, source(table_name), {})
    assert found.profile is not None
    assert found.profile.name == profile
    assert profile in {guess.profile for guess in guesses([raw])}


@pytest.mark.parametrize(("sample", "table_name", "header"), ASKED)
def test_a_column_that_decides_is_asked_for(tmp_path, sample, table_name, header):
    """Without its status every deal would be won; «Показы, Клики, Стоимость» alone are nobody's."""
    with pytest.raises(ContractError):
        recognise_file([without(tmp_path, sample, header)], table_name, source(table_name), {})


def test_a_table_that_its_owner_described_is_no_vendors():
    """`columns` say what it is; a likeness to an export must not add a channel to it."""
    raw = table("Дата;Кампания;Клики;Расход (руб.)\n01.08.2026;Лето;5;100")
    columns = {"spend_on": "Дата", "spend_rub": "Расход (руб.)"}
    own = SourceConfig.model_validate({"table": "ad_spend", "files": "*", "columns": columns})
    assert recognise_file([raw], "ad_spend", own, {})[0].profile is None


def test_a_header_below_many_lines_is_found():
    """A bank's letterhead, or a printed form: thirty-five lines above."""
    lines = "".join(f"строка {number}\n" for number in range(35))
    raw = table(f"{lines}Дата;Телефон\n01.08.2026;70000000001")
    own = SourceConfig.model_validate({"table": "calls", "files": "*", "columns": {"started_at": "Дата"}})
    assert recognise_file([raw], "calls", own, {})[0].shape.header_rows == (35,)


def test_it_is_told_which_export_a_file_was_taken_for(tmp_path):
    """And what it lacks of it; a whole export needs no such line."""
    [found] = recognise_file([without(tmp_path, "amocrm_leads.csv", "Название сделки")], "deals", source("deals"), {})
    [told] = found.assumed
    assert (told.what, told.header) == ("export_without", "«Название сделки»")
    [whole] = find("s", ["amocrm_leads.csv"], SAMPLES, (SAMPLES,))
    assert recognise_file(read(whole, "s", tmp_path), "deals", source("deals"), {})[0].assumed == ()
