"""A client folder and its svodka.yaml: what is read, and the whole text of every mistake."""

from pathlib import Path

import pytest

from config.errors import ConfigError, SvodkaError
from config.folder.load import client_folders, load_client

SOURCE = """
sources:
  calls:
    table: calls
    files: exports/calls.csv
"""


def client(tmp_path: Path, text: str, aliases: str | None = None) -> Path:
    """Write a client folder."""
    folder = tmp_path / "school"
    folder.mkdir(exist_ok=True)
    (folder / "svodka.yaml").write_text(text, encoding="utf-8")
    if aliases is not None:
        (folder / "aliases.yaml").write_text(aliases, encoding="utf-8")
    return folder


def mistake(tmp_path: Path, text: str, aliases: str | None = None) -> str:
    """The whole text of what loading says."""
    with pytest.raises(SvodkaError) as raised:
        load_client(client(tmp_path, text, aliases))
    assert raised.value.exit_code == 2
    return str(raised.value)


def test_the_smallest_client_has_defaults(tmp_path):
    """A name and one source are enough; everything else has a default."""
    loaded = load_client(client(tmp_path, f"client: Школа{SOURCE}"))
    assert loaded.client.client == "Школа"
    assert loaded.client.timezone == "Europe/Moscow"
    assert loaded.client.settings.calls.unique_days == 30
    assert loaded.client.sources["calls"].files == ["exports/calls.csv"]


def test_words_that_look_like_yaml_values_stay_words(tmp_path):
    """`true`, `no`, `2024` and dates are words of the client where words belong, numbers where numbers belong."""
    text = f"""client: 2024{SOURCE}    values: {{is_answered: {{true: [yes, Да], false: no}}}}
    constants: {{channel: 007}}
settings: {{loading: {{max_rejected_share: 0.1}}, calls: {{unique_days: 7}}}}"""
    loaded = load_client(client(tmp_path, text)).client
    assert loaded.client == "2024"
    assert loaded.sources["calls"].values == {"is_answered": {"true": ["yes", "Да"], "false": ["no"]}}
    assert loaded.sources["calls"].constants == {"channel": "007"}
    assert loaded.settings.loading.max_rejected_share == 0.1
    assert loaded.settings.calls.unique_days == 7


def test_a_folder_without_the_file_says_how_to_make_it(tmp_path):
    """The first thing anybody forgets."""
    with pytest.raises(ConfigError) as raised:
        load_client(tmp_path / "nobody")
    folder = tmp_path / "nobody"
    expected = f"{folder}: такой папки нет — проверьте имя; папку нового клиента создаст `svodka init {folder}`"
    assert str(raised.value) == expected
    folder.mkdir()
    with pytest.raises(ConfigError) as raised:
        load_client(folder)
    expected = f"{folder}: нет файла svodka.yaml — создайте папку клиента командой `svodka init {folder}`"
    assert str(raised.value) == expected


def test_a_hint_can_be_pasted_though_the_folder_has_a_space(tmp_path):
    """In quotes."""
    with pytest.raises(ConfigError) as raised:
        load_client(tmp_path / "моя школа")
    assert f"svodka init '{tmp_path / 'моя школа'}'" in str(raised.value)


def test_a_slip_in_the_name_of_a_folder_is_no_reason_to_make_another(tmp_path):
    """The client beside it is named."""
    folder = client(tmp_path, f"client: Школа{SOURCE}")
    with pytest.raises(ConfigError) as raised:
        load_client(tmp_path / "shool")
    assert str(raised.value) == f"{tmp_path / 'shool'}: такой папки нет — может быть, {folder}?"


def test_the_folder_of_exports_is_not_made_a_client_of_its_own(tmp_path):
    """The client in whose folder it lies is named; a consultant's is nobody's exports."""
    folder = client(tmp_path, f"client: Школа{SOURCE}")
    exports = folder / "exports" / "2026"
    exports.mkdir(parents=True)
    with pytest.raises(ConfigError) as raised:
        load_client(exports)
    assert str(raised.value) == f"{exports}: это папка внутри клиента, а нужна папка самого клиента: {folder}"
    (folder / "svodka.yaml").write_text("clients: exports/*\n", "utf-8")
    with pytest.raises(ConfigError, match="нет файла"):
        load_client(exports)


def test_a_consultants_folder_is_no_client_with_mistakes(tmp_path):
    """Its clients are named, not the keys that it lacks."""
    (tmp_path / "svodka.yaml").write_text("clients: clients/*\n", "utf-8")
    (tmp_path / "clients").mkdir()
    inner = client(tmp_path / "clients", f"client: Школа{SOURCE}")
    with pytest.raises(ConfigError) as raised:
        load_client(tmp_path)
    assert str(raised.value) == f"{tmp_path}: это папка консультанта, а здесь нужен один клиент: {inner}"


@pytest.mark.parametrize("name", ["svodka.yml", "svodka.yaml.txt"])
def test_a_file_whose_ending_is_another_is_named(tmp_path, name):
    """An editor added to the name, or Windows hid a part of it."""
    folder = client(tmp_path, f"client: Школа{SOURCE}")
    (folder / "svodka.yaml").rename(folder / name)
    with pytest.raises(ConfigError) as raised:
        load_client(folder)
    assert str(raised.value) == f"{folder}: нет файла svodka.yaml, но есть {name} — переименуйте его в svodka.yaml"


def test_a_colon_without_a_space_is_told_as_such(tmp_path):
    """YAML takes `xlsx:out/report.xlsx` for a text."""
    assert mistake(tmp_path, f"client: Школа{SOURCE}reports:\n  xlsx:out/report.xlsx\n") == (
        "svodka.yaml: строка 6: reports: найдено «xlsx:out/report.xlsx» — после двоеточия нужен пробел: xlsx: …"
    )
    assert mistake(tmp_path, f"client: Школа{SOURCE}settings:\n  grains:month\n") == (
        "svodka.yaml: строка 6: settings: найдено «grains:month» — после двоеточия нужен пробел: grains: …"
    )


def test_a_place_alone_is_no_report(tmp_path):
    """Workbook, page or sheet: the key says which."""
    assert mistake(tmp_path, f"client: Школа{SOURCE}reports: out/Сводка.xlsx\n") == (
        "svodka.yaml: строка 6: reports: найдено «out/Сводка.xlsx», а чем его писать, не сказано — "
        "reports: {xlsx: out/Сводка.xlsx}; бывает и html, sheet"
    )


def test_folders_may_be_told_apart_as_windows_does(tmp_path):
    """A backslash between them is a slash."""
    text = f"client: Школа{SOURCE.replace('/', chr(92))}"
    assert load_client(client(tmp_path, text)).client.sources["calls"].files == ["exports/calls.csv"]


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    """By whoever looks for clients, too: it may be a consultant's."""
    folder = client(tmp_path, f"client: Школа{SOURCE}")

    read_bytes = Path.read_bytes

    def refused(path):
        if path.name == "svodka.yaml":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert client_folders([folder]) == [folder]
    with pytest.raises(ConfigError) as raised:
        load_client(folder)
    assert "svodka.yaml" in str(raised.value)
    assert "нет прав" in str(raised.value)
    assert "no permission" in raised.value.text("en")


def test_an_unknown_key_names_the_nearest_one(tmp_path):
    """File, line, place and the key that was probably meant."""
    text = f"client: Школа{SOURCE}    colums: {{phone: Телефон}}"
    assert mistake(tmp_path, text) == (
        "svodka.yaml: строка 6: sources.calls: неизвестно «colums» — может быть, «columns»?"
    )


def test_units_and_signs_are_of_columns_of_money(tmp_path):
    """A phone is given in no thousands; the calls have no money at all."""
    text = f"client: Школа{SOURCE}    units: {{phone: thousand}}"
    assert "sources.calls.units" in mistake(tmp_path, text)
    assert "«phone»" in mistake(tmp_path, text)


def test_values_of_a_column_without_words_are_a_mistake(tmp_path):
    """A day has no words of its own: the key would have no effect."""
    text = f"client: Школа{SOURCE}    values: {{started_at: {{in: [вчера]}}}}"
    assert "sources.calls.values" in mistake(tmp_path, text)


def test_words_of_a_figure_that_there_is_not_are_a_mistake(tmp_path):
    """The nearest figure is named."""
    source = "sources:\n  plan:\n    table: plan\n    files: p.csv\n    values: {metric: {revenu_rub: [Касса]}}"
    text = f"client: Школа\n{source}"
    assert "revenue_rub" in mistake(tmp_path, text)
    fine = text.replace("revenu_rub", "Выручка")
    (tmp_path / "svodka.yaml").write_text(fine, "utf-8")
    assert load_client(tmp_path).client.sources["plan"].values == {"metric": {"Выручка": ["Касса"]}}


def test_an_unknown_key_like_nothing_lists_what_is_possible(tmp_path):
    """Where nothing is near, everything possible is told."""
    text = f"client: Школа{SOURCE}reports: {{цвет: да}}"
    assert (
        mistake(tmp_path, text)
        == "svodka.yaml: строка 6: reports: неизвестно «цвет»; возможны: xlsx, sheet, html, prefix, pages, managers,"
        " channels, partner, sees, language, personal_data, control"
    )


def test_every_mistake_is_told_at_once(tmp_path):
    """An operator corrects them in one go, in the order of the file."""
    text = f"""client: Школа
timezone: Europe/Mosco{SOURCE}settings:
  calls: {{count: al, unique_days: x}}
  loading: {{max_rejected_share: 7}}
dictionaries: {{channels: {{sheet: x}}}}
"""
    assert mistake(tmp_path, text).splitlines() == [
        (
            "svodka.yaml: строка 2: timezone: неизвестный часовой пояс «Europe/Mosco»"
            " — например Europe/Moscow, Asia/Yekaterinburg"
        ),
        "svodka.yaml: строка 8: settings.calls.count: найдено «al», возможны: all, unique, target, enquiries",
        "svodka.yaml: строка 8: settings.calls.unique_days: найдено «x», нужно целое число",
        "svodka.yaml: строка 9: settings.loading.max_rejected_share: найдено «7», нужно не больше 1.0",
        "svodka.yaml: строка 10: нет обязательного ключа dictionaries.channels.tab",
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{table: cals, files: a.csv}", "sources.x.table: неизвестно «cals» — может быть, «calls»?"),
        (
            "{table: deals, files: a.csv, values: {status: {wonn: [Оплачен]}}}",
            "sources.x.values.status: неизвестно «wonn» — может быть, «won»?",
        ),
        (
            "{table: calls, files: a.csv, values: {is_answered: {да: [Состоялся]}}}",
            "sources.x.values.is_answered: неизвестно «да»; возможны: true, false",
        ),
        ("{table: calls}", "sources.x: нужно ровно одно из двух: files (файлы) или sheet (таблица Google)"),
        (
            "{table: calls, files: a.csv, columns: {phon: Телефон}}",
            "sources.x.columns: неизвестно «phon» — может быть, «phone»?",
        ),
        (
            "{table: ad_spend, files: a.csv, columns: {clicks: Расход, spend_rub: Расход}}",
            (
                "sources.x.columns.spend_rub: столбец «Расход» уже читается как clicks, а это разные цифры"
                " — у одного из них другой заголовок"
            ),
        ),
        (
            "{table: ad_spend, files: a.csv, period: июль}",
            "sources.x.period: найдено «июль», нужен период вида 2026-08-01..2026-08-31",
        ),
        (
            "{table: calls, files: a.csv, period: 2026-08-01..2026-08-31}",
            "sources.x.period: period бывает только у расходов (ad_spend), а здесь calls — уберите ключ",
        ),
        (
            "{table: calls, files: ../other/a.csv}",
            (
                "sources.x.files: путь «../other/a.csv» выходит за папку клиента"
                " — положите файл в папку или разрешите корень в SVODKA_ALLOWED_ROOTS"
            ),
        ),
    ],
)
def test_a_source_is_checked_against_what_it_feeds(tmp_path, source, expected):
    """Tables, columns, periods and paths: each mistake with its place."""
    assert mistake(tmp_path, f"client: Школа\nsources: {{x: {source}}}") == f"svodka.yaml: строка 2: {expected}"


def test_a_schedule_that_cron_does_not_know(tmp_path):
    """Found at loading, not at three in the morning."""
    assert mistake(tmp_path, f"client: Школа{SOURCE}schedule: каждую ночь") == (
        "svodka.yaml: строка 6: schedule: найдено «каждую ночь», нужно расписание cron,"
        ' например "0 3 * * *" (каждую ночь в 3:00)'
    )


def test_a_secret_in_an_address_is_never_repeated(tmp_path):
    """An address of notify may carry a password; the error shows its place only."""
    assert "secret" not in mistake(tmp_path, f"client: Школа{SOURCE}notify: {{a: secret}}")


def test_a_link_out_of_the_folder_is_outside(tmp_path, monkeypatch):
    """A link counts as where it leads; an allowed root lets it through."""
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = client(tmp_path, f"client: Школа{SOURCE}")
    (folder / "exports").symlink_to(outside)
    with pytest.raises(ConfigError, match="выходит за папку клиента"):
        load_client(folder)
    monkeypatch.setenv("SVODKA_ALLOWED_ROOTS", str(outside))
    assert load_client(folder).client.client == "Школа"


def test_a_key_said_twice_is_refused(tmp_path):
    """YAML would keep the last one in silence."""
    text = "client: Школа\nclient: Другая" + SOURCE
    assert mistake(tmp_path, text) == "svodka.yaml: строка 2: ключ «client» уже был в строке 1 — оставьте один"


def test_broken_yaml_names_its_line(tmp_path):
    """A bracket left open."""
    assert mistake(tmp_path, "client: [Школа\nsources:").startswith(
        "svodka.yaml: строка 2: скобка открыта и не закрыта"
    )


def test_a_file_saved_in_an_old_encoding(tmp_path):
    """cp1251 of an old editor."""
    folder = client(tmp_path, "")
    (folder / "svodka.yaml").write_bytes("timezone: Europe/Moscow\nclient: Школа".encode("cp1251"))
    with pytest.raises(ConfigError) as raised:
        load_client(folder)
    assert str(raised.value) == "svodka.yaml: строка 2: это не UTF-8 — сохраните файл в кодировке UTF-8"


def test_a_bomb_of_repeats_is_refused_at_once(tmp_path):
    """Nine lines that would expand to a billion values."""
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n"
    assert mistake(tmp_path, bomb) == ("svodka.yaml: больше 20000 значений с учётом повторов `*имя` — уберите повторы")


def test_a_value_that_holds_itself_is_refused(tmp_path):
    """An anchor inside what it names has no end."""
    assert "20000 значений" in mistake(tmp_path, "client: &a [*a]")


def test_deep_nesting_is_refused(tmp_path):
    """Nine hundred thousand brackets would end the process if anything recursed into them."""
    assert "слишком много вложенных" in mistake(tmp_path, "[" * 900_000)


def test_a_huge_file_is_not_read(tmp_path):
    """Two megabytes of settings are something else."""
    assert "файл настроек не бывает больше 1000000" in mistake(tmp_path, "#" * 2_000_000)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("catch_up: иногда", "catch_up: найдено «иногда», нужно true или false"),
        ("country: Russia", "country: найдено «Russia», нужен код страны из двух букв: RU, KZ, BY"),
        ("digest: {to: x, at: 25:00}", "digest.at: найдено «25:00», нужно время вида 08:30"),
        (
            "reports: {xlsx: a.xlsx, prefix: 'Мой  салон'}",
            "reports.prefix: найдено «Мой  салон» — уберите пробелы в начале, в конце и двойные",
        ),
        (
            f"reports: {{xlsx: a.xlsx, prefix: {'я' * 41}}}",
            f"reports.prefix: «{'я' * 41}» длиннее 40 букв — сократите",
        ),
        (
            "settings: {clients: {segment_orders: 3}}",
            "settings.clients.segment_orders: найдено «3», нужен список: [первое, второе]",
        ),
    ],
)
def test_a_value_that_is_none_is_told_in_words_of_ours(tmp_path, line, expected):
    """Whatever form the value has to have."""
    assert mistake(tmp_path, f"client: Школа{SOURCE}{line}\n") == f"svodka.yaml: строка 6: {expected}"


@pytest.mark.parametrize("text", ["", "# пусто", "просто текст", "- список"])
def test_a_file_without_keys(tmp_path, text):
    """Empty, a comment, a word, a list: all say what is needed."""
    assert mistake(tmp_path, text).startswith(
        "svodka.yaml: файл пуст или в нём нет ключей — удалите его и выполните svodka init"
    )


def test_accepted_headers_and_names_are_read(tmp_path):
    """aliases.yaml: header synonyms by source and column, spellings by dictionary."""
    aliases = """
headers: {calls: {manager: [{header: Менеджер, since: 2026-11-24}]}}
channels: [{alias: директ, name: Яндекс.Директ, since: 2026-11-24}, {alias: мусор, name: '', since: 2026-11-24}]
"""
    loaded = load_client(client(tmp_path, f"client: Школа{SOURCE}", aliases))
    assert loaded.aliases.headers_of("calls") == {"manager": ["Менеджер"]}
    assert loaded.aliases.names_of("channels") == {"директ": "Яндекс.Директ", "мусор": ""}


def test_a_mistake_in_aliases_names_that_file(tmp_path):
    """The same care for the second file."""
    text = mistake(tmp_path, f"client: Школа{SOURCE}", "chanels: []")
    assert text == "aliases.yaml: строка 1: неизвестно «chanels» — может быть, «channels»?"


def test_the_hash_follows_both_files(tmp_path):
    """A run can tell that settings or accepted names changed."""
    before = load_client(client(tmp_path, f"client: Школа{SOURCE}")).config_hash
    same = load_client(client(tmp_path, f"client: Школа{SOURCE}")).config_hash
    other = load_client(client(tmp_path, f"client: Школа{SOURCE}", "channels: []")).config_hash
    assert before == same != other


def test_the_zone_of_a_source_must_be_known_too(tmp_path):
    """A source's moments would be read in it, hours later."""
    text = "client: Школа\nsources:\n  a: {table: calls, files: '*.csv', timezone: GMT3}\n"
    assert mistake(tmp_path, text) == (
        "svodka.yaml: строка 3: sources.a.timezone: неизвестный часовой пояс «GMT3»"
        " — например Europe/Moscow, Asia/Yekaterinburg"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "client: Школа: Ромашка\n",
            "строка 1: лишнее двоеточие или отступ, или строкой выше двоеточие забыто",
        ),
        ("client: x\nsources\n  a: 1\n", "строка 3: после ключа нет двоеточия с пробелом"),
        ("client: x\nsources:\n  a: 1\n\tb: 1\n", "строка 4: отступ сделан табуляцией — замените её пробелами"),
        ("client: 'x\nlanguage: ru\n", "строка 3: кавычка открыта и не закрыта"),
        (
            "client: x\nsources:\n\tcalls: 1\n",
            "строка 3: значение не может начинаться с этого знака — табуляцию замените",
        ),
        ("client: [x\nlanguage: ru\n", "строка 2: скобка открыта и не закрыта"),
        ("sources:\n   a: 1\n  b: 2\n", "строка 3: отступ не такой, как у соседних строк"),
        ('client: "C:\\dir"\n', "строка 1: обратная черта в двойных кавычках"),
        ("client: - x\n", "строка 1: дефис списка не на месте"),
        ("client: *x\n", "строка 1: значение начинается с * или &"),
    ],
)
def test_mistakes_of_yaml_are_told_in_words(tmp_path, text, said):
    """What the parser calls them in English helps nobody who mends them."""
    assert mistake(tmp_path, text).startswith(f"svodka.yaml: {said}")


def test_an_unknown_key_at_the_top_is_told_once(tmp_path):
    """The file's name is not the name of a section."""
    text = f"client: Школа\ntimezon: Europe/Moscow{SOURCE}"
    assert mistake(tmp_path, text) == "svodka.yaml: строка 2: неизвестно «timezon» — может быть, «timezone»?"


def test_sources_without_a_source_say_what_to_do(tmp_path):
    """As a new client's file stands before the first export."""
    said = mistake(tmp_path, "client: Школа\nsources:\n  # calls:\n")
    assert said.startswith("svodka.yaml: строка 2: в sources ещё ничего нет — положите выгрузки в exports/")


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("август", "найдено «август», нужен период вида 2026-08-01..2026-08-31"),
        ("2026-13-01..2026-13-31", "«2026-13-01..2026-13-31» — дня 2026-13-01 нет в календаре"),
        ("2026-08-31..2026-08-01", "«2026-08-31..2026-08-01» кончается раньше, чем начинается — поменяйте дни местами"),
    ],
)
def test_a_period_says_what_is_wrong_with_it(tmp_path, period, said):
    """Three different slips, three different remedies."""
    source = "sources: {vk: {table: ad_spend, files: a.csv, period: " + period + "}}"
    assert f"sources.vk.period: {said}" in mistake(tmp_path, f"client: Школа\n{source}\n")


def test_a_workbook_has_the_name_of_a_workbook(tmp_path):
    """Excel would refuse to open `Сводка.txt`, whatever is inside."""
    text = f"client: Школа{SOURCE}reports: {{xlsx: out/Сводка.txt}}\n"
    assert "reports.xlsx: «out/Сводка.txt» — имя книги должно кончаться на .xlsx" in mistake(tmp_path, text)


def test_the_file_may_be_named_instead_of_its_folder(tmp_path):
    """Completion by Tab gives `school/svodka.yaml`; any other file is told what is needed."""
    folder = client(tmp_path, f"client: Школа{SOURCE}")
    assert load_client(folder / "svodka.yaml").folder == folder
    other = tmp_path / "x.csv"
    other.write_text("")
    with pytest.raises(ConfigError) as raised:
        load_client(other)
    assert str(raised.value) == f"{other}: это файл, а нужна папка клиента — та, в которой лежит svodka.yaml"


def test_what_is_checked_is_a_notice_of_a_source_with_a_reason(tmp_path):
    """A slip is named with what was meant; a reason is asked for; what loses rows cannot be waved through."""
    text = """\
client: X
sources:
  calls: {table: calls, files: calls.csv}
checked:
  calls.calls_at_nigth: бар
  cals.one_person: один
  calls.odd_days: " "
  calls.file_shrank: да
"""
    told = mistake(tmp_path, text).splitlines()
    assert [one.split(": ")[1] for one in told] == [f"строка {line}" for line in (5, 6, 7, 8)]
    assert "может быть, «calls_at_night»?" in told[0]
    assert "может быть, «calls»?" in told[1]
    assert "не сказано почему" in told[2]
    assert "file_shrank" in told[3]
