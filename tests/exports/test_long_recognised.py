"""What a header means is settled by all rows of a file, also where its first forty leave a column blank."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ContractError
from connectors.files.find import FoundFile
from connectors.files.read import read
from connectors.files.table import Limits
from transforms.recognise import recognise_file

IN_MEMORY, ON_DISK = Limits(), Limits(in_memory_bytes=0)
ROWS = 80
BOTH = pytest.mark.parametrize("limits", [IN_MEMORY, ON_DISK], ids=["in memory", "on disk"])
DIRECT = "Дата;Кампания;№ Кампании;Показы;Клики;Расход (руб.);Канал\n"
EVEN, QUOTED = "{}", '"{}\n"'
"""A newline inside quotes makes a long file be written anew before it is read."""


def rows(header: str, row: str, last: str, first: str = "") -> str:
    """A header and rows of which only the last one has the text `last`, the others `first`."""
    body = "".join(row.format(row=number, last=first) for number in range(1, ROWS))
    return header + body + row.format(row=ROWS, last=last)


def recognised(folder: Path, text: str, limits: Limits, table: str, encoding: str = "utf-8", **settings: object) -> str:
    """The key of what is asked about a file of this text, or nothing."""
    path = folder / "выгрузка.csv"
    path.write_bytes(text.encode(encoding))
    had = settings.pop("had", ())
    source = SourceConfig.model_validate({"table": table, "files": "*.csv", **settings})
    raws: list[RawTable] = read(FoundFile(path, path.name, path.stat().st_size, 0.0, ""), "s", folder / "tmp", limits)
    assert (raws[0].dialect is None) == (limits is IN_MEMORY)
    try:
        recognise_file(raws, table, source, {}, had)  # type: ignore[arg-type]
    except ContractError as error:
        return error.key
    return ""


@BOTH
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
@pytest.mark.parametrize(("last", "asked"), [("70", "shape.doubled_header"), ("50", ""), ("", "")])
def test_amounts_that_stand_twice_and_differ_in_the_last_row(tmp_path, limits, encoding, last, asked):
    """«Сумма» and «Сумма»: which of them is revenue decides every rouble."""
    text = rows("Номер;Дата;Сумма;Сумма\n", "{row};02.08.2026;50;{last}\n", last, "50")
    columns = {"deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма"}
    assert recognised(tmp_path, text, limits, "deals", encoding, columns=columns) == asked


@BOTH
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
@pytest.mark.parametrize(
    ("last", "asked"), [("ВКонтакте", "shape.channel_in_column"), ("Яндекс.Директ", ""), ("", ""), (" \u00a0", "")]
)
def test_a_channel_that_only_the_last_row_names(tmp_path, limits, encoding, last, asked):
    """Spend of another channel is never taken for the vendor's own."""
    text = rows(DIRECT, "02.08.2026;Лето;1;10;1;5,00;{last}\n", last)
    assert recognised(tmp_path, text, limits, "ad_spend", encoding, profile="yandex_direct_ui") == asked


@BOTH
@pytest.mark.parametrize("cell", [EVEN, QUOTED], ids=["as it is", "written anew"])
@pytest.mark.parametrize(("last", "asked"), [("05.08.2026", "shape.renamed_columns"), ("", "")])
def test_a_renamed_column_that_only_the_last_row_fills(tmp_path, limits, cell, last, asked):
    """Dropping it in silence would make the living dead; a column that is blank to its end is nobody's new name."""
    text = rows("Дата;id;Последняя активность\n", f"02.08.2026;{cell.format('{row}')};{{last}}\n", last)
    columns = {"subscriber_id": "id", "subscribed_on": "Дата"}
    had = ("subscriber_id", "subscribed_on", "last_active_on")
    assert recognised(tmp_path, text, limits, "subscribers", columns=columns, had=had) == asked
