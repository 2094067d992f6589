"""`svodka check` and `svodka accept`: everything wrong at once, nothing changed, and what was proposed written down."""

import io
import json

import pytest

from config.folder.load import load_client
from flows.check.check import ColumnCheck
from flows.check.show import column_line
from tests.flows.processes import imported_by
from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client

pytestmark = pytest.mark.slow

DIRTY = (
    "Начало;Телефон;Канал;Ответственный менеджер;Разговор\n"
    "03.08.2026 10:00:00;70005550101;директ;Анна;60\n"
    "32.08.2026 10:00:00;70005550104;SEO;Анна;5\n"
)


def test_each_column_says_how_many_of_its_cells_were_read(tmp_path, svodka):
    """Of two calls one has a day that does not exist; the file and row of it."""
    calls = DIRTY.replace("Ответственный менеджер", "Менеджер")
    answer = svodka("check", small_client(tmp_path, {"exports/calls.csv": calls}))
    assert answer.code == 0
    assert "calls → calls: файлов 1, столбцы описаны в svodka.yaml" in answer.lines
    line = next(line for line in answer.lines if line.startswith("started_at"))
    assert line == (
        "started_at ← «Начало»: прочитано 1 из 2; отвергнуто 1, например «32.08.2026 10:00:00» (exports/calls.csv:3):"
        " такой даты или такого времени не бывает"
    )
    assert any(line.startswith("«янекс.директ» — похоже на «Яндекс.Директ», строк 1") for line in answer.lines)


def test_a_month_across_comes_from_the_headers_themselves():
    """No header stands above it: it is the header."""
    assert column_line(ColumnCheck("month_on", [], 52, 0)) == "month_on ← сами заголовки столбцов: прочитано 52 из 52"


def test_statuses_that_nobody_knows_are_named_with_what_to_write(tmp_path, svodka):
    """Two files of one source say «бронь»: one line, two rows; written as the line says, they are sales."""
    orders = FILES["exports/orders.csv"].replace("Сумма\n", "Сумма;Статус\n").replace("5 000\n", "5 000;бронь\n")
    orders = orders.replace("7 000,50\n", "7 000,50;оплачен\n")
    later = orders.replace("1;10", "3;12").replace("2;11", "4;13")
    yaml = SVODKA.replace("orders.csv", "orders*.csv").replace(
        "revenue_rub: Сумма}", "revenue_rub: Сумма, status: Статус}"
    )
    folder = small_client(tmp_path, {"svodka.yaml": yaml, "exports/orders.csv": orders, "exports/orders-2.csv": later})
    told = [line for line in svodka("check", folder).lines if "незнакомые статусы" in line]
    assert told == [
        (
            "orders: незнакомые статусы сделок (в скобках — строк): «бронь» (2) — такие сделки считаются незакрытыми;"
            " если среди них есть продажи или отказы, впишите в источник values: {status: {won: […], lost: […]}}"
        )
    ]
    run = svodka("run", folder, "--as-of", "2026-08-31", "--to", "none").lines
    assert run[run.index(told[0]) + 1].endswith("checked: {orders.unknown_status: почему}"), "what, then how to say so"
    assert told[0] in svodka("status", folder).lines
    known = yaml.replace("status: Статус}", "status: Статус}\n    values: {status: {won: [бронь]}}")
    (folder / "svodka.yaml").write_text(known, encoding="utf-8")
    assert not any("незнакомые статусы" in line for line in svodka("check", folder).lines)


def test_stages_of_enquiries_that_nobody_knows_are_no_stages_of_deals(tmp_path, svodka):
    """What to write names qualified and junk, not won and lost."""
    leads = "Номер;Дата;Телефон;Этап\n1;10.08.2026;70000000001;Квиз\n2;11.08.2026;70000000002;Новый\n"
    columns = "{lead_id: Номер, created_at: Дата, phone: Телефон, status: Этап}"
    yaml = f"client: A\nsources:\n  forms: {{table: leads, files: exports/l.csv, columns: {columns}}}\n"
    folder = small_client(tmp_path, {"svodka.yaml": yaml, "exports/l.csv": leads})
    [told] = [line for line in svodka("check", folder).lines if "незнакомые статусы" in line]
    assert "«Квиз» (1) — такие заявки ни целевые, ни брак" in told
    assert "values: {status: {qualified: […], junk: […]}}" in told


def test_nothing_is_loaded_that_is_not_needed(tmp_path):
    """Where nobody is to be told and no workbook written, what mails, draws and calculates stays on the disk."""
    loaded = imported_by(
        "from flows.cli import main; import sys; main(sys.argv[1:])", "check", str(small_client(tmp_path))
    )
    assert "duckdb" in loaded
    assert not loaded & {"prefect", "openpyxl", "numpy", "pandas", "google", "apprise", "markdown_it", "pygments"}


def test_an_export_that_no_source_reads_is_named(tmp_path, svodka):
    """Next month's file lies beside this one's; what no export is, and the small tables beside, are not named."""
    changed = {
        "exports/spend-09.csv": FILES["exports/spend.csv"],
        "exports/readme.txt": "просто текст\n",
        "exports/channels.csv": FILES["channels.csv"],
        "svodka.yaml": SVODKA.replace("channels: channels.csv", "channels: exports/channels.csv"),
    }
    answer = svodka("check", small_client(tmp_path, changed))
    assert answer.code == 0
    line = next(line for line in answer.lines if "ни один источник не читает" in line)
    assert line.startswith("Рядом с выгрузками лежит то, чего ни один источник не читает: exports/spend-09.csv. Если")
    named = SVODKA.replace("files: exports/spend.csv", "files: exports/spend*.csv")
    (tmp_path / "svodka.yaml").write_text(named, encoding="utf-8")
    (tmp_path / "exports" / "channels.csv").unlink()
    assert not any("ни один источник не читает" in line for line in svodka("check", tmp_path).lines)


def test_every_mistake_is_told_at_once(tmp_path, svodka):
    """A source without files, another whose header was renamed: both, and the highest code."""
    changed = {"exports/spend.csv": None, "exports/calls.csv": DIRTY}
    answer = svodka("check", small_client(tmp_path, changed))
    assert answer.code == 4
    assert "источник spend: шаблону «exports/spend.csv» не подходит ни один файл" in answer.err
    assert "Ответственный менеджер" in answer.err
    assert answer.lines[-1].startswith("Ошибок: 2.")


def test_a_phone_is_masked_in_what_check_shows(tmp_path, svodka):
    """An odd number is somebody's all the same."""
    calls = FILES["exports/calls.csv"].replace("70005550102", "7000555010299")
    answer = svodka("check", small_client(tmp_path, {"exports/calls.csv": calls}))
    assert "7000555" not in answer.out + answer.err
    assert "phone ← «Телефон»: прочитано" in answer.out.replace("\u00a0", " ")


def test_a_secret_that_is_not_set_is_found_before_the_night(tmp_path, svodka):
    """The variable of an address of notify:."""
    notify = SVODKA + 'notify: "tgram://${NO_SUCH_TOKEN}/1"\n'
    answer = svodka("check", small_client(tmp_path, {"svodka.yaml": notify}))
    assert answer.code == 2
    assert "в окружении нет NO_SUCH_TOKEN" in answer.err


def test_what_was_proposed_is_accepted_and_then_read(tmp_path, svodka):
    """A renamed header and a misspelled channel: accepted with the date, and the next run reads both."""
    folder = small_client(tmp_path, {"exports/calls.csv": FILES["exports/calls.csv"].replace("Менеджер", "Менеджеры")})
    assert svodka("run", folder, "--as-of", AS_OF, "--to", "none").code == 4
    answer = svodka("accept", folder, "--all")
    assert answer.lines == [
        "calls: столбец manager теперь читается и из «Менеджеры»",
        "каналы: «янекс.директ» теперь значит «Яндекс.Директ»",
        f"Записано в aliases.yaml. Дальше: svodka run {folder}",
    ]
    aliases = load_client(folder).aliases
    assert aliases.headers_of("calls") == {"manager": ["Менеджеры"]}
    assert aliases.names_of("channels") == {"янекс.директ": "Яндекс.Директ"}
    after = svodka("run", folder, "--as-of", AS_OF, "--to", "none")
    assert after.code == 0
    assert "Нет в словарях" not in after.out
    assert svodka("accept", folder).lines == ["Принимать нечего: svodka check ничего не предлагает."]


def test_what_lies_outside_is_accepted_too(tmp_path, svodka, monkeypatch):
    """`accept` reads wherever `check` may."""
    folder = small_client(tmp_path / "client")
    (folder / "exports").rename(tmp_path / "exports")
    (folder / "exports").symlink_to(tmp_path / "exports")
    monkeypatch.setenv("SVODKA_ALLOWED_ROOTS", str(tmp_path / "exports"))
    assert svodka("accept", folder, "--all").code == 0
    assert load_client(folder).aliases.names_of("channels") == {"янекс.директ": "Яндекс.Директ"}


def test_each_proposal_is_shown_with_its_roubles_and_asked_about(tmp_path, svodka, monkeypatch):
    """«нет» leaves it, «да» takes it; where nobody answers nothing is taken, and it is said how to."""
    folder = small_client(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    answer = svodka("accept", folder)
    assert f"примите всё предложенное: svodka accept {folder} --all" in answer.lines[-1]
    monkeypatch.setattr("sys.stdin", io.StringIO("нет\n"))
    assert "«янекс.директ», строк 1 — это «Яндекс.Директ»?" in svodka("accept", folder).lines[0]
    assert not (folder / "aliases.yaml").exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("да\n"))
    assert svodka("accept", folder).code == 0
    assert load_client(folder).aliases.names_of("channels") == {"янекс.директ": "Яндекс.Директ"}


def test_only_what_is_named_is_accepted(tmp_path, svodka):
    """And a name that is not proposed is an error with those that are."""
    folder = small_client(tmp_path)
    answer = svodka("accept", folder, "--only", "channels.радио")
    assert (answer.code, answer.err) == (
        2,
        "--only: «channels.радио» не предложено; предложены: channels.янекс.директ\n",
    )
    assert not (folder / "aliases.yaml").exists()
    assert svodka("accept", folder, "--only", "channels.янекс.директ").code == 0
    assert (folder / "aliases.yaml").exists()


def test_a_header_with_a_word_more_is_proposed_and_the_file_may_be_named(tmp_path, svodka):
    """«Расход» became «Расходы рекл»; `school/svodka.yaml` stands for the folder, in accept too."""
    spend = FILES["exports/spend.csv"].replace("Расход", "Расходы рекл")
    folder = small_client(tmp_path, {"exports/spend.csv": spend})
    assert svodka("check", folder).code == 4
    answer = svodka("accept", folder / "svodka.yaml", "--all")
    assert "spend: столбец spend_rub теперь читается и из «Расходы рекл»" in answer.lines
    assert load_client(folder).aliases.headers_of("spend") == {"spend_rub": ["Расходы рекл"]}
    again = svodka("check", folder)
    assert again.code == 0
    assert again.lines[-1] == f"Ошибок нет, можно запускать: svodka run {folder}"


def test_a_dictionary_that_is_not_there_is_named_as_one_file(tmp_path, svodka):
    """Not as a source without files."""
    answer = svodka("check", small_client(tmp_path, {"channels.csv": None}))
    assert answer.code == 2
    assert answer.err == (
        "channels.csv: такого файла нет — положите его в папку клиента или исправьте путь в svodka.yaml\n"
    )


def test_a_dictionary_that_contradicts_itself_is_told_and_not_what_it_leads_to(tmp_path, svodka):
    """Without it advertising seems to bring no call, and one channel seems two."""
    spend = FILES["exports/spend.csv"].replace("директ", "yandex direct")
    dictionary = FILES["channels.csv"] + "yandex direct,Яндекс.Директ\n"
    folder = small_client(tmp_path, {"exports/spend.csv": spend, "channels.csv": dictionary})
    assert "без звонков и сделок" not in svodka("check", folder).out
    (folder / "channels.csv").write_text(dictionary + "SEO,Другое\n", "utf-8")
    answer = svodka("check", folder)
    assert answer.code == 2
    assert "«seo» записан под разными именами" in answer.err
    assert "без звонков и сделок" not in answer.out
    folder = small_client(tmp_path / "none", {"exports/spend.csv": spend, "svodka.yaml": SVODKA.partition("dict")[0]})
    assert "без звонков и сделок" in svodka("check", folder).out


def test_a_time_that_stands_apart_is_named_beside_its_day(tmp_path, svodka):
    """Nobody need wonder whether it was read."""
    calls = "Дата;Время;Телефон\n03.08.2026;10:00;70005550101\n04.08.2026;11:30;70005550102\n"
    mapped = "{started_at: Начало, phone: Телефон, channel: Канал, manager: Менеджер, talk_seconds: Разговор}"
    settings = SVODKA.replace(mapped, "{started_at: Дата, phone: Телефон}")
    answer = svodka("check", small_client(tmp_path, {"exports/calls.csv": calls, "svodka.yaml": settings}))
    assert "started_at ← «Дата», «Время»: прочитано 2 из 2" in answer.lines


def test_what_was_assumed_is_told_at_the_end_and_nothing_is_changed(tmp_path, svodka):
    """A line each, with how to say otherwise. No warehouse, no report, no lock is left. `--json` says the same."""
    folder = small_client(tmp_path)
    before = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    said = svodka("check", folder).lines
    line = next(line for line in said if line.startswith("Принято: "))
    assert line.startswith("Принято: calls: столбца о том, ответили ли, нет")
    assert said.index(line) >= len(said) - 3
    assert sorted(path.relative_to(folder) for path in folder.rglob("*")) == before
    shown = json.loads(svodka("check", folder, "--json").out)
    assert shown["assumed"] == [line.removeprefix("Принято: ")]
    assert shown["exit_code"] == 0
    assert shown["proposals"]["names"] == [["channels", "янекс.директ", "Яндекс.Директ"]]
    assert {"source": "calls", "table": "calls"}.items() <= shown["sources"][1].items()


def test_thousands_are_proposed_by_init_and_shown_by_check(tmp_path, svodka):
    """`units:` is in svodka.yaml to be seen and changed; the column's line says ×1 000."""
    (tmp_path / "exports").mkdir()
    text = "Дата;Канал;Расход, тыс. руб.\n01.08.2026;SEO;12,5\n02.08.2026;SEO;13,5\n"
    (tmp_path / "exports" / "ads.csv").write_text(text, encoding="utf-8")
    assert svodka("init", tmp_path).code == 0
    assert "units: {spend_rub: thousand}" in (tmp_path / "svodka.yaml").read_text(encoding="utf-8")
    said = svodka("check", tmp_path).lines
    assert "spend_rub ← «Расход, тыс. руб.»: прочитано 2 из 2; ×1 000" in [line.replace("\xa0", " ") for line in said]


def test_the_next_command_names_the_folder_as_the_person_did(tmp_path, svodka, monkeypatch):
    """`../school` stays so, and the shell finds it from where the person stands."""
    small_client(tmp_path / "school")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert svodka("check", "../school").lines[-1] == "Ошибок нет, можно запускать: svodka run ../school"


def test_every_mistake_in_svodka_yaml_is_counted(tmp_path, svodka):
    """Two keys are mistyped: two lines, two mistakes."""
    yaml = SVODKA.replace("timezone:", "timezona:").replace("dictionaries:", "dictionarys:")
    answer = svodka("check", small_client(tmp_path / "a", {"svodka.yaml": yaml}))
    assert len(answer.err.splitlines()) == 2
    assert answer.lines[-1].startswith("Ошибок: 2.")


def test_no_google_account_is_one_mistake_however_much_is_read_with_it(tmp_path, svodka, monkeypatch):
    """The first check of whoever follows docs/google.md and forgot the key; the files are checked all the same."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    place = f"https://docs.google.com/spreadsheets/d/{'a' * 44}/edit"
    yaml = SVODKA.replace("files: exports/calls*.csv", f"sheet: {place}")
    yaml = yaml.replace("channels: channels.csv", f"channels: {{sheet: {place}, tab: Каналы}}")
    folder = small_client(tmp_path, {"svodka.yaml": f"{yaml}reports: {{sheet: {place}}}\n"})
    answer = svodka("check", folder)
    assert answer.code == 2
    assert answer.err.startswith("Доступ к Google не настроен: переменная GOOGLE_APPLICATION_CREDENTIALS")
    assert len(answer.err.splitlines()) == 1
    assert "calls → calls: не прочитан, см. ошибку ниже" in answer.lines
    assert "revenue_rub ← «Сумма»: прочитано 2 из 2" in answer.lines
