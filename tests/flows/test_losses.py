"""What a source loses between two runs: rows, columns, the channels that join it to the others."""

import pytest

from connectors.files.table import Limits
from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client

pytestmark = pytest.mark.slow

HEADER = FILES["exports/calls.csv"].partition("\n")[0] + "\n"
SHOP = SVODKA.replace("manager: Менеджер, talk", "talk")


def run(svodka, folder):
    """A run that writes no report."""
    return svodka("run", folder, "--as-of", AS_OF, "--to", "none")


def test_a_header_alone_never_replaces_good_rows(tmp_path, svodka, after_run):
    """The export broke off: three calls stay, the exit code is that of a source, check says it before the run."""
    folder = after_run(tmp_path, to="none")
    (folder / "exports" / "calls.csv").write_text(HEADER, "utf-8")
    said = "exports/calls.csv: в файле нет ни одной строки данных, а раньше из него читалось 3 — похоже"
    for answer in (svodka("check", folder), run(svodka, folder)):
        assert answer.code == 3
        assert said in answer.err
    assert "Входящие звонки 3 —" in answer.lines


def test_a_source_whose_new_files_hold_nothing_stops_the_run(tmp_path, svodka, after_run):
    """Under another name the same loss is no less a loss."""
    folder = after_run(tmp_path, to="none")
    (folder / "exports" / "calls.csv").unlink()
    (folder / "exports" / "calls-2.csv").write_text(HEADER, "utf-8")
    answer = run(svodka, folder)
    assert answer.code == 3
    assert "а раньше у источника было 3" in answer.err


def test_a_file_that_never_had_rows_is_a_remark(tmp_path, svodka):
    """No calls yet is a fact, and «данных нет после —» is no sentence."""
    answer = run(svodka, small_client(tmp_path, {"exports/calls.csv": HEADER}))
    assert answer.code == 0
    assert "calls: в exports/calls.csv нет ни одной строки данных" in answer.lines
    assert "calls: данных ещё нет" in answer.lines


def test_a_column_that_is_gone_without_a_trace_is_told(tmp_path, svodka, after_run):
    """The profile or columns no longer ask for it or its header has no likeness: said on each run, refused on none."""
    before = SHOP.replace("{started_at", "{manager: Менеджер, started_at")
    folder = after_run(tmp_path, {"svodka.yaml": before}, to="none")
    (folder / "svodka.yaml").write_text(SHOP, "utf-8")
    calls = FILES["exports/calls.csv"].replace("Менеджер", "Почему")
    (folder / "exports" / "calls.csv").write_text(calls, "utf-8")
    said = "calls: в exports/calls.csv больше нет столбца manager, который был при прошлом чтении"
    assert any(line.startswith(said) for line in svodka("check", folder).lines)
    for _ in range(2):
        answer = run(svodka, folder)
        assert answer.code == 0
        assert any(line.startswith(said) for line in answer.lines)


def test_a_mapped_column_without_a_value_is_named(tmp_path, svodka):
    """«0 из 0» would pass for a column that was read."""
    calls = FILES["exports/calls.csv"].replace("Анна", "").replace("Борис", "")
    answer = svodka("check", small_client(tmp_path, {"exports/calls.csv": calls}))
    assert "manager ← «Менеджер»: столбец пуст" in answer.lines


def test_channels_that_nothing_joins_are_named(tmp_path, svodka):
    """The spend is of «Яндекс.Директ», calls say «директ»: without a dictionary the price of a client is unknown."""
    spend = "Дата;Канал;Расход\n01.08.2026;Яндекс.Директ;1 000,00\n02.08.2026;SEO;500\n03.08.2026;Радио;0\n"
    bare = SVODKA.replace("dictionaries:\n  channels: channels.csv\n", "")
    folder = small_client(tmp_path, {"svodka.yaml": bare, "exports/spend.csv": spend})
    said = "Рекламных каналов без звонков и сделок: 1 (Яндекс.Директ, 1 000 ₽) — если в звонках и сделках"
    for answer in (svodka("check", folder), run(svodka, folder)):
        assert answer.code == 0
        assert any(line.startswith(said) for line in answer.lines)
    (folder / "svodka.yaml").write_text(SVODKA, "utf-8")
    assert not any("без звонков и сделок" in line for line in run(svodka, folder).lines)


def test_a_phone_in_a_channels_place_is_masked_everywhere(tmp_path, svodka):
    """In what run and check print, and in their JSON."""
    calls = FILES["exports/calls.csv"].replace(";SEO;", ";от Сидорова 8(912)345-67-89;")
    folder = small_client(tmp_path, {"exports/calls.csv": calls})
    for words in (("check",), ("check", "--json"), ("run", "--to", "none"), ("run", "--to", "none", "--json")):
        answer = svodka(words[0], folder, *words[1:])
        assert "от Сидорова •••" in answer.out
        assert "345-67-89" not in answer.out + answer.err


def test_an_unknown_name_says_where_it_is_to_be_added(tmp_path, svodka):
    """The file of the dictionary, and a near name written in the other alphabet."""
    channels = FILES["channels.csv"] + "telegram ads,Telegram Ads\n"
    calls = FILES["exports/calls.csv"].replace(";SEO;", ";телеграмм адс;").replace(";директ;Анна;0", ";листовки;Анна;0")
    answer = svodka("check", small_client(tmp_path, {"exports/calls.csv": calls, "channels.csv": channels}))
    assert "«листовки» — добавьте в channels.csv (каналы)" in answer.lines
    assert any(line.startswith("«телеграмм адс» — похоже на «Telegram Ads»") for line in answer.lines)


def test_a_long_list_of_what_to_leave_out_is_read_to_its_end(tmp_path, svodka):
    """Sixty thousand telephones, more than is kept in memory of an export; the last one is a caller's."""
    leaves = SVODKA.replace("Разговор}\n", "Разговор}\n    exclude: {phone: staff.csv}\n")
    staff = "Телефон\n" + "".join(f"+7999{number:09d}\n" for number in range(80_000)) + "+70005550102\n"
    assert len(staff) > 1024 * 1024
    answer = run(svodka, small_client(tmp_path, {"svodka.yaml": leaves, "staff.csv": staff}))
    assert answer.code == 0
    assert "Входящие звонки 2 —" in answer.lines


def test_a_run_leaves_nothing_in_the_temporary_folder(tmp_path, svodka, monkeypatch):
    """Every file made on the way is taken away: years of nights would fill a disk, and copies hold people's names."""
    kept = tmp_path / "tmp"
    kept.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(kept))
    folder = small_client(tmp_path / "client")
    for words in (("check", folder), ("run", folder, "--as-of", AS_OF), ("init", tmp_path / "new")):
        assert svodka(*words).code == 0
        assert list(kept.iterdir()) == []


def test_a_dictionary_that_does_not_fit_is_refused(tmp_path, svodka, monkeypatch):
    """Its first rows must never pass for all of it."""
    monkeypatch.setattr("flows.run.given.dictionaries.LIMITS", Limits(in_memory_bytes=10))
    answer = run(svodka, small_client(tmp_path))
    assert answer.code == 2
    assert "channels.csv: таблица слишком велика" in answer.err


@pytest.mark.parametrize("quote", ["", '"'], ids=["bare", "quoted"])
def test_a_cell_longer_than_any_is_refused_in_words(tmp_path, svodka, quote):
    """In an export too long for memory, where only the warehouse would stumble over it."""
    row = FILES["exports/calls.csv"].splitlines()[1]
    calls = HEADER + f"{row}\n" * 20_000 + row.replace("Анна", quote + "А" * 3_000_000 + quote) + "\n"
    answer = run(svodka, small_client(tmp_path, {"exports/calls.csv": calls}))
    assert answer.code == 3
    assert "exports/calls.csv: " in answer.err
    assert "внутренняя ошибка" not in answer.err
