"""`--since`, `--until`, `--only`, `--to`: which files are read, and what is written."""

import pytest

from tests.flows.small_client import AS_OF, FILES, small_client

pytestmark = pytest.mark.slow

OLD_CALLS = FILES["exports/calls.csv"].replace(".08.2026", ".05.2026")


def read_anew(answer):
    """Sources of which something was read."""
    rows = [
        line.split()
        for line in answer.lines
        if line.split()[:1] and line.split()[0] in {"spend", "calls", "orders", "users"}
    ]
    return {row[0] for row in rows if "изменений)" not in row}


def test_files_with_data_of_the_days_are_read_again(tmp_path, svodka, after_run):
    """Days 4 to 6 of August: the calls of August alone hold them. Nothing changed; silence could mean either."""
    folder = after_run(tmp_path, {"exports/calls-old.csv": OLD_CALLS})
    answer = svodka("run", folder, "--as-of", AS_OF, "--since", "2026-08-04", "--until", "2026-08-06")
    assert answer.code == 0
    # users hold the days between the first subscription and the last visit, 2 July to 30 August
    assert read_anew(answer) == {"calls", "users"}
    assert "Перечитано с 04.08.2026 по 06.08.2026: без изменений" in answer.lines


def test_what_changed_on_those_days_is_told(tmp_path, svodka):
    """The running month of the same day: 500.50 ₽ became 900.50 ₽, so 1,501 ₽ became 1,901 ₽."""
    folder = small_client(tmp_path)
    svodka("run", folder, "--as-of", "2026-08-20")
    spend = folder / "exports" / "spend.csv"
    spend.write_text(FILES["exports/spend.csv"].replace("500,50", "900,50"), "utf-8")
    answer = svodka("run", folder, "--as-of", "2026-08-20", "--since", "2026-08-02", "--until", "2026-08-02")
    assert "август 2026: Расходы на рекламу 1 501 ₽ → 1 901 ₽" in answer.lines
    at = answer.lines.index("Перечитано с 02.08.2026 по 02.08.2026, изменилось:")
    assert answer.lines[at + 1] == "spend, август 2026: строк 3 → 3, сумма 1 501 ₽ → 1 901 ₽"


def test_the_tables_and_months_that_rest_on_those_days_are_named(tmp_path, svodka, after_run):
    """500,50 of July's spend became 900,50: July differs and, in what looks back over months, August; June does not."""
    spend = "Дата;Канал;Расход\n01.06.2026;директ;100\n08.07.2026;директ;500,50\n02.08.2026;директ;300\n"
    folder = after_run(tmp_path, {"exports/spend.csv": spend})
    days = ("--since", "2026-07-08", "--until", "2026-07-08")
    (folder / "exports" / "spend.csv").write_text(spend.replace("500,50", "900,50"), "utf-8")
    answer = svodka("run", folder, "--as-of", AS_OF, *days)
    [made] = [line for line in answer.lines if line.startswith("Пересчитаны таблицы показателей (")]
    assert "channel_period" in made
    at = answer.lines.index("Цифры стали другими:")
    months = {line.split(":")[0]: line for line in answer.lines[at + 1 :] if "2026: " in line and "_period" in line}
    assert "июнь 2026" not in months
    assert "channel_period" in months["июль 2026"]
    assert "channel_period" not in months.get("август 2026", "")
    same = svodka("run", folder, "--as-of", AS_OF, *days)
    assert "Ни одна цифра не стала другой" in same.lines
    later = svodka("run", folder, "--as-of", AS_OF, "--until", "2025-01-01")
    assert any(line.startswith("Показатели не пересчитывались") for line in later.lines)


def test_only_the_sources_named_are_read_and_all_are_counted(tmp_path, svodka, after_run):
    """Both files were corrected, one source is asked for: the other keeps its rows, figures are whole."""
    folder = after_run(tmp_path)
    for name, old, new in (("calls", "директ;Анна;60", "SEO;Анна;60"), ("spend", "500,50", "900,50")):
        path = folder / "exports" / f"{name}.csv"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    answer = svodka("run", folder, "--as-of", AS_OF, "--only", "calls")
    assert answer.code == 0
    assert read_anew(answer) == {"calls"}
    assert "Расходы на рекламу 1 501 ₽ —" in answer.lines
    assert "Расходы на рекламу 1 901 ₽ —" in svodka("run", folder, "--as-of", AS_OF).lines


def test_an_unknown_source_is_named_with_the_nearest(tmp_path, svodka):
    """Nothing is run."""
    answer = svodka("run", small_client(tmp_path), "--only", "cals")
    assert answer.code == 2
    said = "--only: нет источника «cals» — может быть, «calls»? В svodka.yaml есть: spend, calls, orders, users"
    assert answer.err.strip() == said


def test_to_none_computes_and_writes_nothing(tmp_path, after_run):
    """The warehouse is renewed, the report is not."""
    folder = after_run(tmp_path, to="none")
    assert (folder / "data" / "svodka.duckdb").exists()
    assert not (folder / "out").exists()


def test_a_vanished_file_is_named_with_its_rows(tmp_path, svodka, after_run):
    """Its rows leave the figures; the run goes on with the files that are left."""
    folder = after_run(tmp_path, {"exports/calls-old.csv": OLD_CALLS})
    (folder / "exports" / "calls-old.csv").unlink()
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 0
    assert "exports/calls-old.csv: файла больше нет, из показателей ушло строк: 3" in answer.lines


def test_an_edited_workbook_is_kept_beside(tmp_path, svodka, after_run):
    """Whatever somebody typed into the report is never lost."""
    folder = after_run(tmp_path)
    book = folder / "out" / "Сводка.xlsx"
    book.write_bytes(book.read_bytes() + b"edited")
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 0
    kept = [path for path in (folder / "out").iterdir() if path.name.startswith("Сводка (правки ")]
    assert len(kept) == 1
    assert f"out/Сводка.xlsx правили руками: правленая книга осталась рядом, «{kept[0].name}»" in answer.lines
    assert kept[0].read_bytes().endswith(b"edited")
