"""A situation of the field: its client folder, run as far as rows are settled, and what must be so in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers.loaded import Loaded, load
from tests.helpers.reading import reading

LONG = "слово " * 10_000
"""In a cell of every row, it makes a file of twenty rows too large to be held in memory."""
REVENUE = "select coalesce(sum(revenue_rub), 0)::varchar from staged.deals where status = 'won'"
ORDERS = {"table": "deals", "columns": {
    "deal_id": "Номер", "created_on": "Дата", "status": "Статус", "product": "Товар", "revenue_rub": "Сумма",
    "phone": "Телефон"}}  # fmt: skip
CALLS = {"table": "calls", "columns": {
    "call_id": "ID", "started_at": "Начало", "phone": "Телефон", "manager": "Кто", "is_answered": "Итог",
    "talk_seconds": "Разговор"}}  # fmt: skip


@dataclass(frozen=True)
class Situation:
    """Files and sources, and what is right of them."""

    name: str
    sources: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, str]
    sql: str = REVENUE
    right: str = ""
    """The one value of the SQL; empty where the run must ask."""
    says: str = ""
    """What a person must read in the end, whether it is asked or named."""
    settings: Mapping[str, Any] = field(default_factory=dict)


def table(heading: str, *rows: str) -> str:
    """A heading and rows of cells, `;` between."""
    return "\n".join([heading, *rows]) + "\n"


HEAD = "Номер;Дата;Статус;Товар;Сумма;Телефон"
CALL_HEAD = "ID;Начало;Телефон;Кто;Итог;Разговор"
ONE_ORDER = "1;03.08.2026;Оплачен;Чай;100;70000000001"


def ran(folder: Path, situation: Situation, padding: str) -> Loaded:
    """The client folder of a situation, run as far as its rows are settled."""
    (folder / "exports").mkdir(parents=True)
    for file, text in situation.files.items():
        heading, *rows = text.splitlines()
        if padding:
            rows = [f"{row};{padding}" for row in rows]
            heading += ";Примечание"
        (folder / "exports" / file).write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    starts = {name: next(file for file in situation.files)[0] for name in situation.sources}
    sources = {name: {"files": f"exports/{starts[name]}*.csv", **source} for name, source in situation.sources.items()}
    client = {"client": "Проверка", "sources": sources, "settings": {"grains": ["month"], **situation.settings}}
    (folder / "svodka.yaml").write_text(yaml.safe_dump(client, allow_unicode=True), "utf-8")
    return load(folder, date(2026, 8, 31))


BOTH_SIZES = pytest.mark.parametrize("padding", ["", LONG], ids=["short", "long"])
"""Held in memory or read from disk."""


def prove(folder: Path, situation: Situation, padding: str) -> None:
    """An empty folder, a situation and what makes its files long in; asserts that it gives what is right, or asks."""
    hold(ran(folder, situation, padding), situation, folder)


def hold(summary: Loaded, situation: Situation, folder: Path) -> None:
    """How a situation's client ended, and its folder; asserts the same."""
    told = " ".join([*summary.problems, *summary.notes]).replace("\u00a0", " ")
    assert situation.says in told, told
    if not situation.right:
        assert summary.exit_code == 4, told
        return
    assert summary.exit_code == 0, told
    with reading(folder / "data") as connection:
        assert connection.execute(situation.sql).fetchone() == (situation.right,)
