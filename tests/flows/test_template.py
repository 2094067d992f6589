"""Tables kept by hand: the page about them is current, its examples are read whole, a template is made once."""

from __future__ import annotations

import csv
from datetime import date

import openpyxl
import pytest
import yaml

from config.errors import ConfigError
from config.folder.load import load_client
from config.metric_words import metric_of
from config.tables import inputs, tables
from flows.cli import main
from flows.init.template import PLANNED, write_plan, write_template
from tests.flows.small_client import AS_OF, SVODKA, small_client
from tests.helpers.reading import reading
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


def test_a_template_is_named_beside_the_sources_that_are_there(tmp_path):
    """Its lines are pasted into svodka.yaml, where one name twice is a mistake."""
    folder = small_client(tmp_path, {"svodka.yaml": SVODKA.replace("  orders:", "  deals:")})
    made = write_template(folder, "deals", "ru")
    yaml_file = folder / "svodka.yaml"
    lines = "\n".join(["sources:", *made.source, ""])
    yaml_file.write_text(yaml_file.read_text("utf-8").replace("sources:\n", lines), "utf-8")
    assert made.source[0] == "  deals_2:"
    assert load_client(folder).client.sources["deals_2"].files == [made.file]


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
    with reading(tmp_path / "data") as warehouse:
        assert warehouse.execute("select source, column_name, value, reason from ops.rejects").fetchall() == []
        read = dict(warehouse.execute("select source, rows_staged from ops.loads").fetchall())
    assert read == dict.fromkeys(inputs(), 3)


@pytest.mark.slow
def test_a_plan_has_a_year_of_months_and_last_years_figures_beside(tmp_path, svodka, after_run):
    """August 2026 is over: September to August, 12 000,50 ₽ a year before; filled in, it is read as it stands."""
    folder = after_run(tmp_path)
    told = svodka("init", folder, "--plan").out
    path = folder / "exports" / "План.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    months = [cell.value for cell in sheet[1]]
    assert (months[0], months[1], months[-1], len(months)) == ("Показатель", "сен 2026", "авг 2027", 13)
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert rows["Выручка"][12].comment.text == "авг 2026: 12\u00a0001\u00a0₽"
    assert rows["Выручка"][1].comment is None
    rows["Выручка"][1].value, rows["Входящие звонки"][2].value = 20_000, "4"
    book.save(path)
    lines = told.partition("sources:\n")[2]
    (folder / "svodka.yaml").write_text(SVODKA.replace("dictionaries:", f"{lines}dictionaries:"), "utf-8")
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    with reading(folder / "data") as connection:
        found = connection.execute("select period_start, metric, planned from staged.plan order by all").fetchall()
    assert found == [
        (date(2026, 9, 1), "chain_period.revenue_rub", 20_000.0),
        (date(2026, 10, 1), "chain_period.calls", 4.0),
    ]


def test_a_plan_before_the_first_run_begins_this_month(tmp_path):
    """Nothing is known of last year: every figure, no notes."""
    made = write_plan(tmp_path, "en", date(2026, 12, 5))
    sheet = openpyxl.load_workbook(tmp_path / made.file).worksheets[0]
    assert [cell.value for cell in sheet[1]][:3] == ["Metric", "Dec 2026", "Jan 2027"]
    assert [metric_of(row[0].value, "") for row in sheet.iter_rows(min_row=2)] == list(PLANNED)
