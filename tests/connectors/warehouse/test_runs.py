"""One run: what it costs when nothing changed, what stops it, what stays when it is stopped or killed."""

import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import duckdb
import pytest

from config.client import Engine
from config.draft import Run
from config.errors import ContractError, RuleBroken, TargetError
from connectors.warehouse import Warehouse
from connectors.warehouse.kept import stored
from connectors.warehouse.store import database, schema
from connectors.warehouse.store.database import open_for_reading
from tests.connectors.warehouse.loading import AS_OF, Folder
from transforms.dictionary import NO_DICTIONARY, dictionary

pytestmark = pytest.mark.slow

SPEND = {"table": "ad_spend", "columns": {"spend_on": "day", "channel": "channel", "spend_rub": "rub"}}
TEXT = "day;channel;rub\n01.08.2026;SEO;100\n02.08.2026;сео;50"


def test_an_unchanged_file_is_not_read_and_still_in_the_ledger(tmp_path: Path):
    """Its rows keep their load; every run has a line for it."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    folder.run({"s": {"a.csv": TEXT}})
    assert folder.rows("select run_id, load_id, is_read from ops.loads order by 1") == [
        ("run-001", 1, True),
        ("run-002", 1, False),
    ]


def test_a_source_taken_out_of_the_description_leaves_though_nothing_else_changed(tmp_path: Path):
    """Its rows are gone; the other source has its line in the ledger."""
    folder = Folder(tmp_path, {"s": SPEND, "t": SPEND})
    folder.run({"s": {"a.csv": TEXT}, "t": {"b.csv": TEXT}})
    del folder.sources["t"]
    folder.run({"s": {"a.csv": TEXT}})
    assert folder.rows("select distinct source from staged.ad_spend") == [("s",)]
    assert folder.rows("select source from ops.loads where run_id = 'run-002'") == [("s",)]
    assert folder.rows("select source_file, rows from ops.notices where kind = 'vanished_file'") == [("b.csv", 2)]


def test_a_changed_description_reads_the_file_again(tmp_path: Path):
    """The fingerprint holds the source's config."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    folder.sources["s"] = {**SPEND, "where": {"channel": "SEO"}}
    folder.run({"s": {"a.csv": TEXT}})
    assert folder.rows(
        "select rows_staged, rows_skipped, money_skipped_rub::varchar from ops.loads where run_id = 'run-002'"
    ) == [(1, 1, "50.00")]


def test_a_changed_dictionary_renames_rows_without_reading(tmp_path: Path):
    """The load stays the same; unmapped names are told with their roubles and the nearest name."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    folder.names = {"channels": dictionary([("сео", "SEO")], "channels.csv")}
    folder.run({"s": {"a.csv": TEXT.replace("rub", "rub")}})
    assert folder.rows("select channel, sum(spend_rub)::varchar from staged.ad_spend group by 1") == [("SEO", "150.00")]
    assert folder.rows("select is_read from ops.loads where run_id = 'run-002'") == [(False,)]
    folder.names = {"channels": dictionary([("SEO", "SEO")], "channels.csv")}
    folder.run({"s": {"a.csv": TEXT}})
    assert folder.rows("select alias, rows, money_rub::varchar from ops.unmapped") == [("сео", 1, "50.00")]


def test_spellings_equal_after_folding_are_one_name_without_a_dictionary(tmp_path: Path):
    """The first by code point stands for all, in every table."""
    folder = Folder(tmp_path, {"s": SPEND}, {"channels": NO_DICTIONARY})
    folder.run({"s": {"a.csv": "day;channel;rub\n01.08.2026;seo;1\n01.08.2026; SEO;1\n01.08.2026;Seo;1"}})
    assert folder.rows("select distinct channel from staged.ad_spend") == [("SEO",)]
    assert folder.rows("select count(*) from ops.unmapped") == [(0,)]


def test_too_many_refused_rows_stop_the_run_and_name_where(tmp_path: Path):
    """10 of 100: above 5 %. Nothing of the run stays but its line in ops.runs."""
    folder = Folder(tmp_path, {"s": SPEND})
    rows = [f"01.08.2026;SEO;{'сто' if place < 10 else place}" for place in range(100)]
    with (
        pytest.raises(ContractError) as caught,
        folder.running({"s": {"a.csv": "\n".join(["day;channel;rub", *rows])}}),
    ):
        pass
    assert (
        caught.value.text()
        .replace("\u00a0", " ")
        .startswith(
            "s: отвергнуто 10 строк из 100 (10 %), допустимо 5 %; чаще всего a.csv, столбец «расход»: "
            "не похоже на сумму (10 ячеек, первая в строке 2)"
        )
    )
    assert folder.rows("select status from ops.runs") == [("running",)]
    assert folder.rows("select count(*) from staged.ad_spend") == [(0,)]


def test_nine_refused_rows_never_stop_a_run(tmp_path: Path):
    """Nine of ten."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": "day;channel;rub\n01.08.2026;SEO;1\n" + "01.08.2026;SEO;сто\n" * 9}})
    assert folder.rows("select rows_staged, rows_rejected, rows_without_amount from ops.loads") == [(1, 9, 9)]


def test_a_source_that_cannot_be_read_keeps_its_rows_and_is_named(tmp_path: Path):
    """Its last rows stand; the notice says why."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    with Warehouse.open(tmp_path, folder.client) as warehouse:
        warehouse.begin(Run("run-9", datetime(2026, 9, 2), AS_OF, "manual", "0", "-"))
        assert warehouse.keep("s", "файл не открывается")
        assert not warehouse.keep("other", "никогда не читался")
        warehouse.settle(AS_OF, {})
        warehouse.commit(datetime(2026, 9, 2))
    assert folder.rows("select sum(spend_rub)::varchar from staged.ad_spend") == [("150.00",)]
    assert folder.rows("select kind, source, detail from ops.notices where run_id = 'run-9'") == [
        ("source_kept", "s", "файл не открывается")
    ]
    assert folder.rows("select is_available, problem from ops.sources") == [(False, "файл не открывается")]


def test_a_load_that_asks_leaves_the_last_rows_of_its_file(tmp_path: Path):
    """An unknown word is an error that asks; the rows of the night before stay, and balance."""
    calls = {"table": "calls", "columns": {"started_at": "at", "direction": "way"}}
    folder = Folder(tmp_path, {"c": calls})
    folder.run({"c": {"a.csv": "at;way\n01.08.2026 10:00:00;входящий"}})
    with pytest.raises(ContractError) as caught, folder.running({"c": {"a.csv": "at;way\n01.08.2026 10:00:00;сюда"}}):
        pass
    assert "«сюда» (1)" in caught.value.text()
    assert folder.rows("select direction from staged.calls") == [("in",)]


def test_rules_that_find_rows_are_broken(tmp_path: Path):
    """The rule's name and its first rows are told."""
    folder = Folder(tmp_path, {"s": SPEND})
    with folder.running({"s": {"a.csv": TEXT}}) as warehouse:
        warehouse.check_rules({"fine": "select 1 where false"})
        with pytest.raises(RuleBroken, match=r"spend_is_cheap: spend_rub=100\.00"):
            warehouse.check_rules({"spend_is_cheap": "select spend_rub from staged.ad_spend where spend_rub > 60"})


def test_a_foreign_or_newer_file_is_refused_with_words(tmp_path: Path):
    """Not ours, not a database at all, or of a later Svodka."""
    folder = Folder(tmp_path, {"s": SPEND})
    (tmp_path / "svodka.duckdb").write_bytes(b"not a database, surely" * 100)
    with pytest.raises(TargetError, match="не база Svodka"):
        Warehouse.open(tmp_path, folder.client)
    (tmp_path / "svodka.duckdb").unlink()
    with duckdb.connect(str(tmp_path / "svodka.duckdb")) as other:
        other.execute("create table mine (a integer)")
    with pytest.raises(TargetError, match="не база Svodka"):
        Warehouse.open(tmp_path, folder.client)
    (tmp_path / "svodka.duckdb").unlink()
    folder.run({"s": {"a.csv": TEXT}})
    with duckdb.connect(str(tmp_path / "svodka.duckdb")) as ours:
        ours.execute("update ops.meta set value = '99' where key = 'schema_version'")
    with pytest.raises(TargetError, match="база версии 99"):
        Warehouse.open(tmp_path, folder.client)


COSTS = {"table": "costs", "columns": {"month_on": "month", "item": "item", "amount_rub": "rub"}}


def test_a_file_of_an_older_version_gets_tables_that_it_does_not_know(tmp_path: Path):
    """Nobody kept costs then: the file has no such table, and takes a source of them."""
    Folder(tmp_path, {"s": SPEND}).run({"s": {"a.csv": TEXT}})
    with duckdb.connect(str(tmp_path / "svodka.duckdb")) as older:
        older.execute("drop view staged.costs; drop table loaded.costs")
    folder = Folder(tmp_path, {"s": SPEND, "c": COSTS}, runs=1)
    folder.run({"s": {"a.csv": TEXT}, "c": {"c.csv": "month;item;rub\n01.08.2026;Аренда;95000"}})
    assert folder.rows("select item, amount_rub from staged.costs") == [("Аренда", Decimal("95000.00"))]


def test_a_file_of_an_older_version_gets_columns_that_it_does_not_know(tmp_path: Path):
    """Nobody read clicks then: yesterday's rows have none, and a source that names them is read anew."""
    plain = "day;spend;n\n01.08.2026;100;7\n"
    spend = {"table": "ad_spend", "columns": {"spend_on": "day", "spend_rub": "spend"}, "constants": {"channel": "SEO"}}
    Folder(tmp_path, {"s": spend}).run({"s": {"a.csv": plain}})
    with duckdb.connect(str(tmp_path / "svodka.duckdb")) as older:
        older.execute("drop view staged.ad_spend; alter table loaded.ad_spend drop column clicks")
        older.execute("update ops.meta set value = 'of an older release' where key = 'prepared'")
    folder = Folder(tmp_path, {"s": spend}, runs=1)
    folder.run({"s": {"a.csv": plain}})
    assert folder.rows("select spend_rub, clicks from staged.ad_spend") == [(Decimal("100.00"), None)]
    counted = {**spend, "columns": {**spend["columns"], "clicks": "n"}}
    folder = Folder(tmp_path, {"s": counted}, runs=2)
    folder.run({"s": {"a.csv": plain}})
    assert folder.rows("select spend_rub, clicks from staged.ad_spend") == [(Decimal("100.00"), 7)]


def test_rows_of_an_engine_get_such_a_table_too(tmp_path: Path):
    """There a table is a view over files; one that the file lacks becomes one when files come, or leave."""
    engine = Engine(spark="sc://engine", storage=str(tmp_path / "storage"))
    (tmp_path / "storage").mkdir()
    with duckdb.connect() as connection:
        schema.prepare(connection)
        stored.move(connection, engine, tmp_path)
        connection.execute("drop view staged.costs; drop view loaded.costs; drop view stored.costs")
        connection.execute("drop table stored.displaced_costs")
        schema.prepare(connection)
        stored.renew_views(connection)
        views = "select schema_name from duckdb_views() where view_name = 'costs' order by all"
        assert connection.execute(views).fetchall() == [("loaded",), ("staged",), ("stored",)]
        assert connection.execute("select * from staged.costs").fetchall() == []
        stored.move(connection, Engine(), tmp_path)
        assert connection.execute(views).fetchall() == [("staged",)]


def test_a_damaged_file_says_what_to_do(tmp_path: Path):
    """The head of a database without the rest of it."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    whole = (tmp_path / "svodka.duckdb").read_bytes()
    (tmp_path / "svodka.duckdb").write_bytes(whole[:5000])
    with pytest.raises(TargetError, match="повреждён"):
        Warehouse.open(tmp_path, folder.client)


def test_readers_have_the_last_complete_state_during_a_run(tmp_path: Path):
    """Another process reads the copy while a run is under way, and the file itself afterwards."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    look = (
        "import sys; from pathlib import Path; from connectors.warehouse.store.database import open_for_reading;"
        "print(open_for_reading(Path(sys.argv[1])).execute('select sum(spend_rub) from staged.ad_spend').fetchone()[0])"
    )
    with folder.running({"s": {"a.csv": TEXT.replace("50", "70")}}) as warehouse:
        assert (
            subprocess.run(
                [sys.executable, "-c", look, str(tmp_path)], capture_output=True, text=True, check=True
            ).stdout
            == "150.00\n"
        )
        warehouse.commit(datetime(2026, 9, 3))
    assert not (tmp_path / "published.duckdb").exists()
    connection = open_for_reading(tmp_path)
    assert str(connection.execute("select sum(spend_rub) from staged.ad_spend").fetchone()[0]) == "170.00"
    connection.close()


def test_a_killed_run_leaves_the_last_state_and_the_next_needs_no_repair(tmp_path: Path):
    """By `kill -9` after loading, before the commit."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    program = (
        "import os, signal, sys; from pathlib import Path; from tests.connectors.warehouse.loading import Folder\n"
        f"f = Folder(Path(sys.argv[1]), {{'s': {SPEND!r}}}, runs=5)\n"
        f"with f.running({{'s': {{'a.csv': {TEXT.replace('50', '70')!r}}}}}): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == -9
    assert folder.rows("select sum(spend_rub)::varchar from staged.ad_spend") == [("150.00",)]
    folder.runs = 6
    folder.run({"s": {"a.csv": TEXT.replace("50", "70")}})
    assert folder.rows("select sum(spend_rub)::varchar from staged.ad_spend") == [("170.00",)]
    assert folder.rows("select status from ops.runs order by run_id") == [("done",), ("killed",), ("done",)]


def test_a_file_that_another_process_holds_is_refused_with_words(tmp_path: Path):
    """One writer at a time, and no traceback for the other."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    look = (
        "import sys; from pathlib import Path; from config.errors import TargetError\n"
        "from connectors.warehouse.store.database import connect\n"
        "try: connect(Path(sys.argv[1]))\n"
        "except TargetError as error: print(error)"
    )
    with folder.running({"s": {"a.csv": TEXT}}):
        said = subprocess.run(
            [sys.executable, "-c", look, str(tmp_path)], capture_output=True, text=True, check=True
        ).stdout
    assert (
        said == "data/svodka.duckdb: файл открыт другой программой — закройте её или дождитесь конца другого запуска\n"
    )


def test_a_file_that_the_system_keeps_shut_is_not_damaged(tmp_path: Path):
    """Whoever were told to put it away would lose what it holds."""
    said = f'IO Error: Cannot open file "{tmp_path}/svodka.duckdb": Permission denied'
    error = database.translated(tmp_path / "svodka.duckdb", duckdb.IOException(said))
    assert str(error) == (
        "data/svodka.duckdb: файл не открывается (Permission denied) — "
        "закройте его в других программах и проверьте права доступа"
    )


def test_a_disk_that_fills_up_leaves_the_last_state(tmp_path: Path):
    """A limit on file size stands for it."""
    folder = Folder(tmp_path, {"s": SPEND})
    folder.run({"s": {"a.csv": TEXT}})
    size = (tmp_path / "svodka.duckdb").stat().st_size
    program = (
        "import resource, signal, sys; from datetime import datetime; from pathlib import Path\n"
        "from config.errors import TargetError; from tests.connectors.warehouse.loading import Folder\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 200_000}, {size + 200_000}))\n"
        f"f = Folder(Path(sys.argv[1]), {{'s': {SPEND!r}}}, runs=5)\n"
        "text = 'day;channel;rub\\n' + ''.join(f'01.08.2026;{i * 7919 % 1000003};{i}\\n' for i in range(100000))\n"
        "try: f.run({'s': {'a.csv': text}})\n"
        "except TargetError as error: print(error.key)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout in ("warehouse.disk\n", "warehouse.disk_full\n", "warehouse.damaged\n"), done.stderr
    assert folder.rows("select sum(spend_rub)::varchar from staged.ad_spend") == [("150.00",)]


def test_no_bar_is_drawn_where_nobody_is_asked(tmp_path):
    """Without a program of its own, as in a process of many clients, DuckDB takes itself for watched."""
    program = """import sys, pathlib
from connectors.warehouse.store.database import connect
print(connect(pathlib.Path(sys.argv[1])).execute("select current_setting('enable_progress_bar')").fetchone())"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout == "(False,)\n"


READER = """
import sys, time, duckdb
with duckdb.connect(sys.argv[1], read_only=True):
    print("reading", flush=True)
    time.sleep(1.5)
"""


def test_a_run_waits_for_a_reader_who_came_while_the_file_was_closed(tmp_path):
    """It closes the file to copy it; whoever opened it in that moment reads on, and the run goes on after it."""
    database.connect(tmp_path).close()
    words = [sys.executable, "-c", READER, str(tmp_path / database.DATABASE)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        connection = database.patiently(partial(database.connect, tmp_path), 30)
        assert reader.wait(30) == 0
    connection.execute("create table is_written as select 1")
    connection.close()
