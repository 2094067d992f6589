"""`import svodka` and `svodka export`: the tables for analysts, types kept, personal data masked."""

import csv
import json
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import svodka as analysts
from config.draft import Run
from config.folder.load import load_client
from connectors.warehouse import Warehouse
from tests.flows.small_client import AS_OF, SVODKA, small_client

pytestmark = pytest.mark.slow
PHONE = "70005550101"


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A client after one run, with a cell that could not be read."""
    from flows.cli import main

    folder = small_client(
        tmp_path_factory.mktemp("clients") / "school",
        {"exports/calls-2.csv": "Начало;Телефон;Канал;Менеджер;Разговор\nвчера;70005550104;SEO;Анна;30\n"},
    )
    assert main(["run", str(folder), "--as-of", AS_OF, "--quiet"]) == 0
    return folder


def test_a_metric_table_keeps_its_types(school):
    """Money exact to the kopeck, counts whole, days as days, the unknown as unknown."""
    frame = analysts.open(school).metrics("channel_period")
    month = frame[(frame.grain == "month") & (frame.period_start == date(2026, 8, 1))].set_index("channel")
    assert month.loc["Яндекс.Директ", "spend_rub"] == Decimal("1500.50")
    assert month.loc["Яндекс.Директ", "calls"] == 2
    assert str(frame.calls.dtype) == "Int64"
    assert month.loc["SEO", "calls_per_1000_rub"] is pd.NA, "nothing was spent: unknown, not zero"


def test_staged_rows_say_where_they_stand(school):
    """File and row of each; moments are moments, seconds whole."""
    calls = analysts.open(school).staged("calls").sort_values("started_at")
    assert calls.started_at.iloc[0] == datetime(2026, 8, 3, 10)
    assert list(calls.talk_seconds) == [60, 0, 90]
    assert list(calls.source_row) == [2, 3, 4]
    assert set(calls.source_file) == {"exports/calls.csv"}


def test_nobody_can_be_told_from_a_frame(school):
    """One person is one mask while the client is open, in every table; nothing in any of them holds a phone."""
    client = analysts.open(school)
    calls, orders = client.staged("calls"), client.staged("deals")
    assert calls.phone.str.startswith("•••").all()
    assert set(orders.phone) <= set(calls.phone), "the two buyers called before"
    assert len(set(calls.phone)) == 3
    for schema, tables in client.tables.items():
        for table in tables:
            frame = client.metrics(table) if schema == "metrics" else client.staged(table)
            assert PHONE not in frame.to_csv(), table
    assert set(analysts.open(school).staged("calls").phone).isdisjoint(calls.phone), "another day, another mask"


def test_rejects_and_explained_figures_are_frames(school):
    """What could not be read and why; the rows behind a figure, with its formula."""
    client = analysts.open(school)
    [reject] = client.rejects().to_dict("records")
    assert (reject["source_file"], reject["source_row"], reject["column_name"]) == (
        "exports/calls-2.csv",
        2,
        "started_at",
    )
    found = client.explain("channel_period.calls", channel="SEO", period_start="2026-08-01")
    assert found.attrs["value"] == 1
    assert found.attrs["formula"]
    assert list(found[found.is_used].source_row) == [4]
    derived = client.explain("channel_dependence.is_dependent", period_start="2026-08-01")
    assert [cell["column"] for cell in derived.attrs["cells"]] == ["p_value"]


def test_a_table_that_is_none_names_those_that_are_like_it(school):
    """In words, and no traceback of the engine."""
    with pytest.raises(analysts.SvodkaError, match="похожие: channel_period"):
        analysts.open(school).metrics("chanel_period")
    with pytest.raises(analysts.SvodkaError):
        analysts.open(school / "exports")


def test_frames_are_read_while_a_run_is_on(school):
    """From the last complete state."""
    loaded = load_client(school)
    with Warehouse.open(school / "data", loaded.client) as warehouse:
        warehouse.begin(Run("run", datetime(2026, 9, 1), date(2026, 8, 31), "manual", "", ""))
        warehouse._prepare_change()
        done = subprocess.run(
            [sys.executable, "-c", f"import svodka; print(len(svodka.open({str(school)!r}).staged('calls')))"],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        assert (done.stdout, done.stderr) == ("3\n", "")
        warehouse.fail(datetime(2026, 9, 1))


def test_tables_are_exported_while_a_run_is_on(school, tmp_path):
    """The last complete state, by another process, masked; a run that only just began is waited for."""
    loaded = load_client(school)
    with Warehouse.open(school / "data", loaded.client) as warehouse:
        warehouse.begin(Run("another", datetime(2026, 9, 1), date(2026, 8, 31), "manual", "", ""))
        words = ["-m", "flows.cli", "export", str(school), str(tmp_path), "--to", "csv"]
        exporting = subprocess.Popen([sys.executable, *words], cwd=Path(__file__).parents[2])
        time.sleep(0.5)
        warehouse._prepare_change()
        assert exporting.wait(60) == 0
        warehouse.fail(datetime(2026, 9, 1))
    with (tmp_path / "staged.calls.csv").open() as file:
        assert [row["phone"][:3] for row in csv.DictReader(file)] == ["•••"] * 3


def test_the_example_notebook_runs(school, monkeypatch):
    """Cell by cell, as Jupyter does; 3 calls of August, 12 000,50 of revenue, 1 500,50 of advertising."""
    monkeypatch.setenv("SVODKA_CLIENT", str(school))
    book = json.loads((Path(__file__).parents[2] / "examples" / "analyst.ipynb").read_text("utf-8"))
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] for cell in book["cells"] if cell["cell_type"] == "code"), "nobody's figures in it"
    found: dict[str, Any] = {}
    for text in cells:
        exec(text, found)  # noqa: S102 - our own example
    august = found["totals"].loc[date(2026, 8, 1)]
    assert (august.revenue_rub, august.left_rub) == (Decimal("12000.50"), Decimal("10500.00"))
    assert found["by_channel"].loc[date(2026, 8, 1)].sum() == 3
    assert found["bought"].sum() == 2
    assert (found["rows"].attrs["value"], len(found["rejects"])) == (found["rows"].is_used.sum(), 1)


def test_the_command_line_does_not_load_pandas():
    """It is for analysts alone."""
    code = "import sys; from flows.cli import main; main(['--help']); sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("form", ["parquet", "csv", "duckdb1"])
def test_tables_are_exported_for_other_tools(school, tmp_path, svodka, form):
    """Every computed and staged table, money as it is, nobody's phone."""
    answer = svodka("export", school, tmp_path / "tables", "--to", form)
    assert answer.code == 0
    with duckdb.connect() as other:
        if form == "duckdb1":
            path = tmp_path / "tables" / "export.duckdb"
            assert int.from_bytes(path.read_bytes()[12:20], "little") == 64, (
                "the form of the file that DuckDB 1.0 wrote"
            )
            other.execute(f"attach '{path}' as e (read_only)")
            spend, phones = "e.staged.ad_spend", "e.staged.calls"
        else:
            spend, phones = (f"'{tmp_path}/tables/staged.{name}.{form}'" for name in ("ad_spend", "calls"))
        assert other.execute(f"select sum(spend_rub)::decimal(18,2) from {spend}").fetchone() == (Decimal("1500.50"),)
        shown = other.execute(f"select phone from {phones}").fetchall()
        assert len(shown) == 3
        assert all(phone.startswith("•••") for (phone,) in shown)
    for file in (tmp_path / "tables").iterdir():
        assert PHONE.encode() not in file.read_bytes()


def test_a_client_that_keeps_personal_data_is_shown_whole(tmp_path, svodka):
    """As its reports are."""
    folder = small_client(tmp_path / "open", {"svodka.yaml": SVODKA + "settings: {personal_data: keep}\n"})
    svodka("run", folder, "--as-of", AS_OF)
    assert PHONE in set(analysts.open(folder).staged("calls").phone)
    svodka("export", folder, tmp_path / "tables", "--to", "csv")
    with (tmp_path / "tables" / "staged.calls.csv").open() as file:
        assert PHONE in {row["phone"] for row in csv.DictReader(file)}


def test_a_format_that_is_none_is_refused(school, tmp_path, svodka):
    """With those that there are."""
    answer = svodka("export", school, tmp_path / "tables", "--to", "xml")
    assert (answer.code, answer.err) == (2, "--to: формата «xml» нет; есть: parquet, csv, duckdb1\n")
