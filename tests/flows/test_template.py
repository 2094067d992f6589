"""Tables kept by hand: the page about them is current, its examples are read whole, a template is made once."""

from __future__ import annotations

import csv

import duckdb
import openpyxl
import pytest
import yaml

from config.errors import ConfigError
from config.inputs import inputs
from config.tables import tables
from flows.cli import main
from flows.init.template import write_template
from tools.tables_page import PAGE, tables_page


def test_the_page_is_current():
    """A changed table changes the page: `python -m tools.tables_page`."""
    assert PAGE.read_text(encoding="utf-8") == tables_page()


@pytest.mark.parametrize("name", tables())
def test_a_kept_table_has_every_column_that_its_table_needs(name):
    """Of each group of needed columns at least one stands among the headings; each column is one of the table's."""
    kept, table = inputs()[name], tables()[name]
    assert set(kept.columns) <= set(table.columns)
    assert [group for group in table.needs if not set(group) & set(kept.columns)] == []
    assert {len(column.examples) for column in kept.columns.values()} == {3}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_template_has_headings_with_notes_and_a_source_that_fits(tmp_path, language):
    """The workbook's headings are those of the lines for svodka.yaml; what to write stands in their notes."""
    made = write_template(tmp_path, "plan", language)
    sheet = openpyxl.load_workbook(tmp_path / made.file).worksheets[0]
    source = yaml.safe_load("\n".join(made.source))["plan"]
    assert source["files"] == made.file
    assert [cell.value for cell in sheet[1]] == list(source["columns"].values())
    assert all(cell.comment for cell in sheet[1])
    assert sheet.max_row == 1


def test_a_template_replaces_nothing(tmp_path):
    """A table that somebody keeps already stands as it is."""
    made = write_template(tmp_path, "costs", "ru")
    (tmp_path / made.file).write_bytes(b"mine")
    with pytest.raises(ConfigError) as refused:
        write_template(tmp_path, "costs", "ru")
    assert str(refused.value) == "exports/Расходы.xlsx уже есть — переименуйте его, чтобы сделать заготовку"
    assert (tmp_path / made.file).read_bytes() == b"mine"


@pytest.mark.slow
def test_every_example_of_the_page_is_read_whole(tmp_path):
    """Three rows of each table, typed as the page shows them: none is refused."""
    sources = {}
    (tmp_path / "exports").mkdir()
    for name, kept in inputs().items():
        columns = {column: said.header.ru for column, said in kept.columns.items()}
        with (tmp_path / "exports" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(columns.values())
            writer.writerows(zip(*(said.examples for said in kept.columns.values()), strict=True))
        sources[name] = {"table": name, "files": f"exports/{name}.csv", "columns": columns}
    config = {"client": "Пример", "sources": sources}
    (tmp_path / "svodka.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    assert main(["run", str(tmp_path), "--as-of", "2026-09-20", "--to", "none"]) == 0
    with duckdb.connect(str(tmp_path / "data" / "svodka.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute("select source, column_name, value, reason from ops.rejects").fetchall() == []
        read = dict(warehouse.execute("select source, rows_staged from ops.loads").fetchall())
    assert read == dict.fromkeys(inputs(), 3)
