"""`svodka init`: a client folder from nothing, from exports, and over a folder that has everything."""

import re
import shutil
from datetime import datetime

import pytest
from openpyxl import Workbook

from config.folder.load import load_client
from config.profiles import profiles
from config.tables import inputs
from config.words import channel_names
from flows.init.client_yaml import ProposedSource, client_yaml, pattern, scalar
from flows.say import hint
from tests.exports.staged import SAMPLES
from tests.flows.small_client import FILES, SVODKA, small_client
from transforms.recognise.complain import guess_columns


def test_an_empty_folder_gets_what_a_client_needs(tmp_path, svodka):
    """A file with an example in it, and a place for the exports."""
    folder = tmp_path / "romashka"
    answer = svodka("init", folder)
    assert answer.code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["channels.csv", "exports", "svodka.yaml"]
    assert answer.lines == [
        f"{folder}: написан svodka.yaml",
        "channels.csv: обычные написания каналов; допишите свои, иначе звонки и сделки не сойдутся с рекламой",
        f"Положите выгрузки в {folder}/exports и повторите svodka init {folder}: он опишет их в svodka.yaml",
    ]


@pytest.mark.parametrize("is_edited", [False, True])
def test_exports_that_came_after_the_first_init_are_described_by_the_second(tmp_path, svodka, is_edited):
    """What it says after the first: put exports there and repeat. What a person wrote into the file stays."""
    folder = tmp_path / "romashka"
    assert svodka("init", folder).code == 0
    assert "и повторите svodka init" in svodka("check", folder).err
    bare = (folder / "svodka.yaml").read_text("utf-8")
    if is_edited:
        (folder / "svodka.yaml").write_text(bare.replace("client: romashka", "client: Ромашка"), "utf-8")
    shutil.copy(SAMPLES / "sipuni.csv", folder / "exports" / "sipuni.csv")
    answer = svodka("init", folder)
    text = (folder / "svodka.yaml").read_text("utf-8")
    assert "exports/sipuni.csv → calls (sipuni)" in answer.lines
    assert ("profile: sipuni" in text, "channels: channels.csv" in text) == (not is_edited, True)
    assert ("client: Ромашка" in text) == is_edited


def test_a_folder_of_folders_with_exports_is_not_made_one_client(tmp_path, svodka):
    """Twenty clients' exports, laid out as they should be, would become one client's of twenty sources."""
    for name in ("romashka", "vasilek"):
        (tmp_path / name / "exports").mkdir(parents=True)
    answer = svodka("init", tmp_path)
    assert answer.code == 2
    assert answer.err == (
        f"{tmp_path}: похоже, это папка нескольких клиентов: своя exports есть у каждой (romashka, vasilek), "
        f"и выгрузки смешались бы — начните каждого отдельно: svodka init {tmp_path / 'romashka'}\n"
    )
    assert not (tmp_path / "svodka.yaml").exists()


def test_who_put_in_what_nobody_knows_is_not_told_to_put_in_exports(tmp_path, svodka):
    """They are there; it is for a person to say what they are."""
    (tmp_path / "x.csv").write_text("Альфа;Бета\n1;2\n", "utf-8")
    last = svodka("init", tmp_path).lines[-1]
    assert last.startswith("Ни одна выгрузка не узнана: опишите их в sources файла svodka.yaml, потом svodka check ")


def test_a_download_under_way_is_named_as_such(tmp_path, svodka):
    """It is no source, and none of our words for sources belongs to it."""
    (tmp_path / "calls.csv.crdownload").write_text("Дата", "utf-8")
    assert "calls.csv.crdownload: ещё загружается — дождитесь конца" in svodka("init", tmp_path).lines


def test_months_across_the_columns_without_a_year_are_told(tmp_path, svodka):
    """The name of the file may tell it."""
    folder = tmp_path / "client"
    (folder / "exports").mkdir(parents=True)
    (folder / "exports" / "ads.csv").write_text("Канал;Янв;Фев;Мар\nVK;1;2;3\n", "utf-8")
    answer = svodka("init", folder)
    assert any("ads.csv: по столбцам стоят месяцы, а года нигде нет" in line for line in answer.lines), answer.lines


def test_exports_in_the_folder_are_recognised(tmp_path, svodka):
    """Every export becomes a source, the dictionary a dictionary, and the file that was written loads."""
    folder = small_client(tmp_path / "vasilek", {"svodka.yaml": None, "exports/readme.txt": "просто текст\n"})
    answer = svodka("init", folder)
    assert answer.code == 0
    client = load_client(folder).client
    assert {name: (source.table, source.files) for name, source in client.sources.items()} == {
        "calls": ("calls", ["exports/calls.csv"]),
        "deals": ("deals", ["exports/orders.csv"]),
        "ad_spend": ("ad_spend", ["exports/spend.csv"]),
        "subscribers": ("subscribers", ["exports/users.csv"]),
    }
    assert client.dictionaries.channels == "channels.csv"
    assert client.sources["calls"].columns["phone"] == ["Телефон"]
    assert any(line.startswith("exports/readme.txt: не узнан, заголовки: ") for line in answer.lines), answer.lines


def test_a_day_alone_makes_no_source(tmp_path, svodka):
    """A table of rates has a day, as calls have, and nothing else of theirs."""
    folder = small_client(
        tmp_path / "vasilek", {"svodka.yaml": None, "rates.csv": "date,currency,rate\n2026-08-01,USD,80\n"}
    )
    answer = svodka("init", folder)
    assert any(line.startswith("rates.csv: не узнан, заголовки: ") for line in answer.lines), answer.lines
    assert not any("rates.csv" in source.files for source in load_client(folder).client.sources.values())


def test_what_a_person_wrote_is_never_overwritten(tmp_path, svodka):
    """A second init changes no byte, and names the file that svodka.yaml does not."""
    folder = small_client(tmp_path / "vasilek", {"exports/new/calls.csv": FILES["exports/calls.csv"]})
    answer = svodka("init", folder)
    assert answer.code == 0
    assert (folder / "svodka.yaml").read_text("utf-8") == SVODKA
    assert answer.lines[0] == f"{folder}: svodka.yaml уже есть, он не изменён"
    assert [line.split(" → ")[0] for line in answer.lines[1:-1]] == ["exports/new/calls.csv"]
    assert answer.lines[-1] == (
        f"Этих файлов svodka.yaml не называет: допишите их в sources или удалите его и повторите {hint('init', folder)}"
    )


def test_a_folder_as_clients_send_it_is_read_at_once(tmp_path, svodka):
    """Brackets in a name, a photo, what Windows leaves; what is not known is told once, with its headings."""
    folder = tmp_path / "Лютик (новый)"
    (folder / "от клиента").mkdir(parents=True)
    (folder / "от клиента/Звонки [авг-ноя] (1).csv").write_text(FILES["exports/calls.csv"], "utf-8")
    (folder / "от клиента/IMG 1.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200))
    (folder / "от клиента/Thumbs.db").write_bytes(bytes(100))
    (folder / "от клиента/остатки.csv").write_text("Полка;Ряд;Остаток\nА;1;5\nБ;2;7\n", "utf-8")
    answer = svodka("init", folder)
    assert "от клиента/IMG 1.jpg: это JPEG, а не таблица — нужна выгрузка в CSV, XLSX или XLS" in answer.lines
    assert any(
        line.startswith("от клиента/остатки.csv: не узнан, заголовки: «Полка», «Ряд», «Остаток». Если он нужен")
        for line in answer.lines
    ), answer.lines
    assert "Thumbs.db" not in answer.out
    checked = svodka("check", folder)
    assert checked.code == 0, checked.err
    assert "calls → calls: файлов 1" in checked.out


def test_tables_that_lie_beside_svodka_yaml_are_no_strange_files(tmp_path, svodka):
    """Corrections are read, though no source names them."""
    folder = small_client(tmp_path / "vasilek")
    svodka("correct", folder, "exports/orders.csv:2", "--leave-out")
    assert "corrections.csv" not in svodka("init", folder).out


def test_a_folder_of_exports_is_not_made_a_client(tmp_path, svodka):
    """Two clients would read the same files."""
    folder = small_client(tmp_path / "vasilek")
    answer = svodka("init", folder / "exports")
    assert (answer.code, answer.err) == (
        2,
        f"{folder}/exports: это папка внутри клиента, а нужна папка самого клиента: {folder}\n",
    )
    assert not (folder / "exports/svodka.yaml").exists()


def test_who_asks_in_english_gets_a_file_and_a_report_in_english(tmp_path, svodka):
    """Words on its keys, and the language of the report."""
    folder = small_client(tmp_path / "violet", {"svodka.yaml": None, "exports/orders.csv": None})
    (folder / "exports/calls.csv").write_text(
        "Started at;Phone;Talk seconds\n03.08.2026 10:00;70005550101;60\n", "utf-8"
    )
    (folder / "exports/spend.csv").write_text("Date;Campaign;Spend\n01.08.2026;a;100\n02.08.2026;b;120\n", "utf-8")
    (folder / "exports/users.csv").unlink()
    svodka("--language", "en", "init", folder)
    text = (folder / "svodka.yaml").read_text("utf-8")
    assert not re.search("[а-яё]", text, re.IGNORECASE), text
    assert "# the file has no channel: write whose spend it is" in text
    assert load_client(folder).client.language == "en"
    assert load_client(folder).client.sources["calls"].columns["talk_seconds"] == ["Talk seconds"]


@pytest.mark.parametrize("table", inputs())
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_headings_of_our_own_templates_are_guessed(table, language):
    """A template that somebody filled in and sent to another client is known there."""
    headings = {name: column.header.say(language) for name, column in inputs()[table].columns.items()}
    assert guess_columns(list(headings.values()), table) == headings


def test_a_file_where_the_folder_should_be(tmp_path, svodka):
    """Said in words, with the code of a place that cannot be written."""
    (tmp_path / "romashka").write_text("")
    answer = svodka("init", tmp_path / "romashka")
    assert answer.code == 6
    assert "сюда нельзя писать" in answer.err


def test_a_pattern_stands_only_for_the_files_it_means():
    """Two exports of one kind alone in a folder are `*.csv`; beside a stranger they are listed."""
    assert pattern(["exports/a.csv", "exports/b.csv"], ["exports/a.csv", "exports/b.csv"]) == ["exports/*.csv"]
    assert pattern(["exports/a.csv", "exports/b.csv"], ["exports/a.csv", "exports/b.csv", "exports/c.csv"]) == [
        "exports/a.csv",
        "exports/b.csv",
    ]
    assert pattern(["exports/a.csv"], ["exports/a.csv"]) == ["exports/a.csv"]


@pytest.mark.parametrize(
    ("files", "beside", "expected"),
    [
        (["calls-01.csv", "calls-02.csv"], ["deals.csv"], ["calls-*.csv"]),
        (["calls-01.csv", "calls-02.csv"], ["calls-old.csv"], ["calls-01.csv", "calls-02.csv"]),
        (["Отчёт 2025-12.xlsx", "Отчёт 2026-01.xlsx"], ["план.xlsx"], ["Отчёт *.xlsx"]),
        (["2025.csv", "2026.csv"], ["план.csv"], ["2025.csv", "2026.csv"]),
        (["a[1].csv", "a[2].csv"], ["b.csv"], ["a*.csv"]),
    ],
)
def test_months_of_an_export_beside_others_are_known_by_how_their_names_begin(files, beside, expected):
    """Next month's file is read without a word more in svodka.yaml."""
    assert pattern(files, [*files, *beside]) == expected


def test_many_files_are_not_listed_one_by_one(tmp_path, svodka):
    """Two years of months are one line."""
    calls = {f"exports/calls-{month:02d}.csv": FILES["exports/calls.csv"] for month in range(1, 13)}
    answer = svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/calls.csv": None, **calls}))
    assert any("exports/calls-01.csv … exports/calls-12.csv (файлов: 12) → calls" in line for line in answer.lines)
    assert "files: exports/calls-*.csv" in (tmp_path / "svodka.yaml").read_text("utf-8")


def test_no_pattern_means_the_dictionaries_that_lie_beside(tmp_path, svodka):
    """Exports that lie beside svodka.yaml itself: `channels.csv`, which init writes there, is none of them."""
    calls = {f"{name}.csv": FILES["exports/calls.csv"] for name in ("июль", "август")}
    svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/calls.csv": None, **calls}))
    assert load_client(tmp_path).client.sources["calls"].files == ["август.csv", "июль.csv"]


def test_expenses_with_a_minus_are_proposed_as_such(tmp_path, svodka):
    """Nineteen days of twenty are below zero: nothing is left to ask, and the file says what was taken."""
    rows = "".join(f"{day:02d}.08.2026;VK;{'' if day == 20 else '-'}{day}\n" for day in range(1, 21))
    spend = "Дата;Канал;Расход\n" + rows
    svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/spend.csv": spend}))
    assert load_client(tmp_path).client.sources["ad_spend"].signs == {"spend_rub": "minus"}


def test_a_number_and_a_day_beside_ways_of_paying_are_no_enquiries(tmp_path, svodka):
    """They are taken for nothing, and that is said."""
    sales = "Номер;Дата;Наличные;Карта\n1;01.08.2026;100;0\n2;02.08.2026;0;200\n"
    answer = svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/sales.csv": sales}))
    assert any(line.startswith("exports/sales.csv: не узнан, заголовки: ") for line in answer.lines), answer.lines


def test_subscribers_are_known_by_what_became_of_them(tmp_path, svodka):
    """They once passed for enquiries, whose status has other words."""
    rows = "a@example.org;01.08.2026;active\nb@example.org;02.08.2026;unsubscribed\nc@example.org;03.08.2026;bounced\n"
    people = "Email;Дата подписки;Статус\n" + rows
    svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/list.csv": people}))
    columns = load_client(tmp_path).client.sources["subscribers"].columns
    assert columns["is_departed"] == ["Статус"]


def test_lines_with_a_price_and_a_count_are_taken_for_nothing_else(tmp_path, svodka):
    """Sales without a sum of a line: neither enquiries nor subscribers; the operator says what they are."""
    lines = "Номер;Дата;Телефон;Цена;Количество\n1;01.08.2026;70000000001;1000;2\n"
    answer = svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/lines.csv": lines}))
    assert any(line.startswith("exports/lines.csv: не узнан, заголовки: ") for line in answer.lines), answer.lines


def test_words_for_refunds_are_proposed_from_all_files_of_a_source(tmp_path, svodka):
    """One month knows «Возврат», another «Сторно»: one source, both words."""
    files = {
        f"exports/sales-0{month}.csv": "Дата;Тип документа;Телефон;Сумма\n"
        f"01.0{month}.2026;Продажа;70000000001;100\n02.0{month}.2026;{word};70000000001;50\n"
        for month, word in ((7, "Возврат"), (8, "Сторно"))
    }
    svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/orders.csv": None, **files}))
    [source] = [one for one in load_client(tmp_path).client.sources.values() if one.refunds]
    assert source.refunds == {"Тип документа": ["Возврат", "Сторно"]}


@pytest.mark.parametrize(("name", "is_spend"), [("Яндекс Директ", True), ("Заявки с рекламы", False), ("Касса", False)])
def test_a_file_that_is_called_like_advertising_holds_no_sales(tmp_path, svodka, name, is_spend):
    """Its headings say no more than «Дата» and «Сумма»; it is called like what it is of."""
    (tmp_path / f"{name}.csv").write_text("Дата;Сумма\n01.08.2026;100\n02.08.2026;200\n", "utf-8")
    svodka("init", str(tmp_path))
    [source] = load_client(tmp_path).client.sources.values()
    assert source.table == ("ad_spend" if is_spend else "deals")
    assert source.constants == ({"channel": "Яндекс.Директ"} if is_spend else {})


@pytest.mark.slow
def test_spend_kept_by_hand_takes_the_channels_of_its_own_column(tmp_path, svodka):
    """It looks like a vendor's export and names several channels: nothing is left to ask."""
    spend = "Дата;Кампания;Показы;Клики;Расход (руб.);Канал\n01.08.2026;Лето;10;1;5,00;VK\n"
    answer = svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/spend.csv": spend}))
    assert answer.code == 0
    assert "channel: Канал" in (tmp_path / "svodka.yaml").read_text("utf-8")
    assert svodka("check", tmp_path).code == 0


@pytest.mark.parametrize(
    ("ids", "is_id"),
    [
        (("*0000", "*0000", "*0000"), False),
        (("77", "77", "78"), False),
        (("101", "102", "103"), True),
        (("101", "102", ""), True),
    ],
)
def test_a_number_that_repeats_beside_other_days_is_no_id(tmp_path, svodka, ids, is_id):
    """A card's number, an article: three payments would become one sale."""
    rows = "".join(f"0{day}.08.2026;{one};100\n" for day, one in enumerate(ids, start=1))
    sales = "Дата операции;Номер карты;Сумма операции\n" + rows
    svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/operations.csv": sales}))
    columns = next(one for one in load_client(tmp_path).client.sources.values() if "operations" in one.files[0]).columns
    assert ("deal_id" in columns) == is_id


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("медиаплан.csv", "Период;Канал;Клики;Бюджет\nавгуст 2026;VK;700;14000\nавгуст 2026;Avito;500;9000\n"),
        (
            "бонусы.csv",
            "Телефон;Баланс бонусов;Списано бонусов;Дата\n70000000001;9;4;01.08.2026\n70000000002;9;3;02.08.2026\n",
        ),
        ("рассылка.csv", "client_id;Дата;Статус\n1;01.08.2026 10:00;доставлено\n2;02.08.2026 10:00;прочитано\n"),
        ("база.csv", "Телефон;Дата создания карточки;Сумма покупок\n70000000001;01.08.2026;5000\n"),
        ("группа.csv", "Дата;Подписались;Всего участников\n01.08.2026;5;1005\n02.08.2026;7;1012\n"),
        ("кошелёк.csv", "Дата;Тип;Описание;Сумма\n01.08.2026;Пополнение;;900\n02.08.2026;Списание;Размещение;-5\n"),
        ("Пополнения.csv", "Дата;Способ;Сумма\n01.08.2026;карта;10000\n20.08.2026;карта;5000\n"),
        ("vk.csv", "Дата;Операция;Сумма\n01.08.2026;Пополнение;10000\n02.08.2026;Списание за показы;-500\n"),
    ],
)
def test_what_nobody_paid_the_business_is_no_sale(tmp_path, svodka, name, rows):
    """An account of advertising was topped up, people were counted: nobody bought anything."""
    answer = svodka("init", small_client(tmp_path, {"svodka.yaml": None, f"exports/{name}": rows}))
    assert any(line.startswith(f"exports/{name}: не узнан, заголовки: ") for line in answer.lines), answer.lines


WRITTEN = {
    "заявки.csv": (
        "ID;Создана;Телефон;Статус\n1;13.08.2026 10:00;70000000001;Новая\n2;14.08.2026 11:00;70000000002;Целевая\n",
        {"lead_id": ["ID"], "created_at": ["Создана"], "phone": ["Телефон"], "status": ["Статус"]},
    ),
    "день за днём.csv": (
        "Дата;Выручка;Расходы\n01.08.2026;9000;3000\n02.08.2026;8000;2500\n",
        {"created_on": ["Дата"], "revenue_rub": ["Выручка"]},
    ),
    "объявления.csv": (
        "Дата;Расходы на продвижение, ₽;Расходы всего, ₽\n01.08.2026;300;400\n02.08.2026;200;250\n",
        {"spend_on": ["Дата"], "spend_rub": ["Расходы всего, ₽"]},
    ),
    "senler.csv": (
        "vk_user_id;date_subscribe;date_unsubscribe\n1;2026-08-13;\n2;2026-08-14;2026-08-20\n",
        {"subscriber_id": ["vk_user_id"], "subscribed_on": ["date_subscribe"], "unsubscribed_on": ["date_unsubscribe"]},
    ),
    "список.csv": (
        "Email;Дата добавления;Статус\na@example.org;13.08.2026;Активен\nb@example.org;14.08.2026;Активен\n",
        {"email": ["Email"], "subscribed_on": ["Дата добавления"]},
    ),
    "sendpulse.csv": (
        "Email,Status,Date added\na@example.org,Active,2026-08-13\nb@example.org,Unsubscribed by user,2026-08-14\n",
        {"email": ["Email"], "subscribed_on": ["Date added"], "is_departed": ["Status"]},
    ),
    "salebot.csv": (
        "client_id;name;created_at;blocked\n1;A;13.08.2026;False\n2;B;14.08.2026;True\n",
        {"subscriber_id": ["client_id"], "subscribed_on": ["created_at"], "is_departed": ["blocked"]},
    ),
    "bothelp.csv": (
        "ID;Дата подписки;Подписан\n1;13.08.2026;Да\n2;14.08.2026;Нет\n",
        {"subscriber_id": ["ID"], "subscribed_on": ["Дата подписки"], "is_departed": ["Подписан"]},
    ),
    "события.csv": (
        "Email;Дата;Событие\na@example.org;13.08.2026;Подписка\na@example.org;14.08.2026;Отписка\n",
        {"email": ["Email"], "subscribed_on": ["Дата"], "is_departed": ["Событие"]},
    ),
    "блогеры.csv": (
        "Блогер;Дата выхода;Охват;Стоимость\n@a;01.08.2026;9000;5000\n@b;02.08.2026;7000;4000\n",
        {"spend_on": ["Дата выхода"], "campaign": ["Блогер"], "spend_rub": ["Стоимость"]},
    ),
    "просмотры.csv": (
        "Дата;Услуга;Списано рублей;Итого\n01.08.2026;Просмотр;100;120\n02.08.2026;Просмотр;90;110\n",
        {"spend_on": ["Дата"], "spend_rub": ["Списано рублей"]},
    ),
    "расходы метрики.csv": (
        "Date,UTMSource,UTMCampaign,Expenses,Clicks\n2026-08-13,vk,leto,100.50,9\n2026-08-14,vk,leto,90.50,7\n",
        {
            "spend_on": ["Date"],
            "channel": ["UTMSource"],
            "campaign": ["UTMCampaign"],
            "spend_rub": ["Expenses"],
            "clicks": ["Clicks"],
        },
    ),
    "квиз.csv": (
        "Дата;Квиз;Телефон;Стоимость\n01.08.2026 10:00;Окна;70000000001;9000\n02.08.2026 11:00;Окна;70000000002;8000\n",
        {"created_at": ["Дата"], "phone": ["Телефон"]},
    ),
    "расходы.csv": (
        "Месяц;Статья;План;Факт\n01.08.2026;Аренда;100;90\n01.08.2026;Связь;10;20\n",
        {"month_on": ["Месяц"], "item": ["Статья"], "amount_rub": ["Факт"]},
    ),
    "реклама.csv": (
        "Месяц;Канал;Бюджет план;Бюджет факт\n01.08.2026;VK;100;90\n01.08.2026;Avito;10;20\n",
        {"spend_on": ["Месяц"], "channel": ["Канал"], "spend_rub": ["Бюджет факт"]},
    ),
    "выписка.csv": (
        "Дата;Тип операции;Плательщик;Сумма\n01.08.2026;Пополнение;ООО «Луг»;100\n02.08.2026;Пополнение;ООО «Лес»;90\n",
        {"created_on": ["Дата"], "revenue_rub": ["Сумма"]},
    ),
    "план.csv": (
        "Показатель;Месяц;План\nВыручка;август 2026;300000\nПокупатели;август 2026;30\n",
        {"metric": ["Показатель"], "period_start": ["Месяц"], "planned": ["План"]},
    ),
    "подписчики.csv": (
        "Email;Дата подписки;Отписан\na@example.org;01.08.2026;да\nb@example.org;02.08.2026;нет\n",
        {"email": ["Email"], "subscribed_on": ["Дата подписки"], "is_departed": ["Отписан"]},
    ),
    "заказы.csv": (
        "Номер заказа;Дата;Сумма;Скидка;Итого\n1;01.08.2026;100;10;90\n2;02.08.2026;200;0;200\n",
        {"deal_id": ["Номер заказа"], "created_on": ["Дата"], "revenue_rub": ["Итого"]},
    ),
    "долги.csv": (
        "Номер заказа;Дата;Сумма заказа;Оплачено\n1;01.08.2026;100;50\n2;02.08.2026;200;\n",
        {"deal_id": ["Номер заказа"], "created_on": ["Дата"], "revenue_rub": ["Оплачено"]},
    ),
    "записи.csv": (
        "Создана;Закрыта;Сумма;Комментарий\n01.08.2026;02.08.2026;100;отменили\n02.08.2026;;200;\n03.08.2026;;90;\n",
        {"created_on": ["Создана"], "closed_on": ["Закрыта"], "revenue_rub": ["Сумма"]},
    ),
    "позиции.csv": (
        "Номер заказа;Дата;Товар;Сумма;Итого\n1;01.08.2026;Чай;6;10\n1;01.08.2026;Мёд;4;10\n2;02.08.2026;Чай;6;6\n",
        {"deal_id": ["Номер заказа"], "created_on": ["Дата"], "product": ["Товар"], "revenue_rub": ["Сумма"]},
    ),
}


@pytest.mark.parametrize("file", WRITTEN)
def test_columns_are_what_their_cells_bear_out(tmp_path, svodka, file):
    """A plan whose months are called so, words where days are meant, what was paid beside what was ordered."""
    text, columns = WRITTEN[file]
    (tmp_path / file).write_text(text, "utf-8")
    svodka("init", str(tmp_path))
    [source] = load_client(tmp_path).client.sources.values()
    assert source.columns == columns
    assert source.constants == ({"grain": "month"} if file == "план.csv" else {})


def test_a_price_of_a_piece_is_no_sum_of_a_sale(tmp_path, svodka):
    """«Цена розничная» of a marketplace's report is what a buyer might have paid for one."""
    sales = "Дата продажи;Название;Кол-во;Цена розничная\n01.08.2026;Чашка;2;1500\n"
    answer = svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/report.csv": sales}))
    assert any("report.csv" in line and "не узнан" in line for line in answer.lines), answer.lines
    assert not any("report" in one.files[0] for one in load_client(tmp_path).client.sources.values())


def test_an_amount_that_stands_twice_is_named_and_its_vat_is_what_the_heading_says(tmp_path, svodka):
    """With VAT and without it: which of them the report counts by is for the owner to say."""
    spend = "День;Кампания;Расход без НДС, руб.;Расход с НДС, руб.;Клики\n01.08.2026;Поиск;1000,00;1200,00;10\n"
    answer = svodka("init", small_client(tmp_path, {"svodka.yaml": None, "exports/spend.csv": spend}))
    said = "сумма взята из «Расход без НДС, руб.», есть и «Расход с НДС, руб.»"
    assert any(said in line for line in answer.lines), answer.lines
    source = next(one for one in load_client(tmp_path).client.sources.values() if "spend" in one.files[0])
    assert (source.columns["spend_rub"], source.vat) == (["Расход без НДС, руб."], "excluded")
    written = (tmp_path / "svodka.yaml").read_text("utf-8")
    assert "# есть и «Расход с НДС, руб.»" in written


def test_awkward_names_are_quoted(tmp_path):
    """Names with colons, hashes, brackets and digits come back as they were."""
    names = ["Звонки: июль.csv", "# 1.csv", "[x].csv", "007", "true", 'с "кавычками".csv', "*.csv", "обычное имя.csv"]
    text = client_yaml(
        "12", [ProposedSource("calls", files=[name], columns={"phone": name}) for name in names], {}, names
    )
    (tmp_path / "svodka.yaml").write_text(text, "utf-8")
    client = load_client(tmp_path).client
    assert client.client == "12"
    assert [source.files[0] for source in client.sources.values()] == names
    assert [source.columns["phone"][0] for source in client.sources.values()] == names
    assert scalar("обычное имя.csv") == "обычное имя.csv"


def test_common_spellings_of_channels_are_there_from_the_start(tmp_path, svodka):
    """The cabinet says «Яндекс.Директ», the telephony «yandex»: one channel in the first report already."""
    (tmp_path / "exports").mkdir()
    for sample in ("yandex_direct_cabinet.csv", "sipuni.csv"):
        shutil.copy(SAMPLES / sample, tmp_path / "exports")
    svodka("init", tmp_path)
    assert load_client(tmp_path).client.dictionaries.channels == "channels.csv"
    lines = (tmp_path / "channels.csv").read_text("utf-8").splitlines()
    assert lines[0] == "alias,name"
    assert {"yandex,Яндекс.Директ", "вконтакте,VK Реклама", "adwords,Google Ads", "tg,Telegram Ads"} <= set(lines)


def test_the_first_dictionary_knows_every_channel_that_a_profile_names():
    """No spelling stands for two channels, and what the profiles of advertising say is among the names."""
    aliases = [alias for found in channel_names().values() for alias in found]
    assert len(aliases) == len(set(aliases))
    given = {table.constants.get("channel") for one in profiles().values() for table in one.tables.values()}
    assert given - {None} <= channel_names().keys()


def test_a_dictionary_that_is_there_is_left_alone(tmp_path, svodka):
    """The operator's own spellings are not added to."""
    folder = small_client(tmp_path, {"svodka.yaml": None})
    svodka("init", folder)
    assert (folder / "channels.csv").read_text("utf-8") == FILES["channels.csv"]


@pytest.mark.slow
def test_who_has_enquiries_and_no_calls_counts_those(tmp_path, svodka):
    """309 enquiries stood nowhere in a report that asked for calls; with calls beside them the usual stays."""
    leads = "Дата заявки;Телефон;Источник;Статус заявки\n" + "".join(
        f"0{day}.08.2026 10:00;+7000444000{day};Сайт;Новая\n" for day in range(1, 6)
    )
    calls = "Дата и время звонка;Номер;Кто принял;Длительность\n" + "".join(
        f"0{day}.08.2026 10:00;+7000444000{day};Оля;0:0{day}:00\n" for day in range(1, 6)
    )
    proposed = []
    for name, files in (("alone", [leads]), ("both", [leads, calls])):
        exports = tmp_path / name / "exports"
        exports.mkdir(parents=True)
        for number, text in enumerate(files):
            (exports / f"{number}.csv").write_text(text, encoding="utf-8")
        assert svodka("init", tmp_path / name).code == 0
        proposed.append(load_client(tmp_path / name).client)
    assert [{source.table for source in client.sources.values()} for client in proposed] == [
        {"leads"}, {"leads", "calls"}]  # fmt: skip
    assert [(client.settings.calls.count, client.settings.economics.unit) for client in proposed] == [
        ("enquiries", "leads"), ("all", "callers")]  # fmt: skip


def test_spend_without_days_gets_a_period_to_fill_in(tmp_path, svodka):
    """The other sources run all the same, and the one that waits is named with the code of its kind."""
    folder = small_client(tmp_path, {"svodka.yaml": None, "exports/spend.csv": None})
    shutil.copy(SAMPLES / "vk_ads.xlsx", folder / "exports")
    answer = svodka("init", folder)
    assert "в строках нет дат: впишите period этому источнику в svodka.yaml" in answer.lines
    text = (folder / "svodka.yaml").read_text("utf-8")
    assert "    # period: 2026-08-01..2026-08-31   # в строках нет дат" in text
    ran = svodka("run", folder, "--to", "none", "--as-of", "2026-08-31")
    assert ran.code == 4
    assert "vk_ads: exports/vk_ads.xlsx!Объявления: в строках нет дат" in ran.err
    assert any(line.startswith("Выручка 12 001 ₽") for line in ran.lines)
    checked = svodka("check", folder)
    assert "vk_ads → ad_spend: не прочитан, см. ошибку ниже" in checked.lines


def test_questions_of_a_form_are_found_by_their_words(tmp_path, svodka):
    """However the question goes on: recommend is nps, quality is csi."""
    form = (
        "Отметка времени,Порекомендовали бы вы школу?,Как вам качество уроков?,Что улучшить?\n"
        "03.08.2026 3:03:34,9,5,цену\n"
    )
    folder = small_client(tmp_path, {"svodka.yaml": None, "exports/form.csv": form})
    svodka("init", folder)
    assert load_client(folder).client.sources["google_forms"].columns == {
        "nps": ["Порекомендовали бы вы школу?"],
        "csi": ["Как вам качество уроков?"],
        "reason": ["Что улучшить?"],
    }


@pytest.mark.slow
def test_two_exports_of_sales_are_pointed_out(tmp_path, svodka):
    """They are summed: the same sale in both would be two. Whether it is, check and run see by the rows."""
    folder = small_client(tmp_path, {"svodka.yaml": None})
    shutil.copy(SAMPLES / "getcourse_orders.csv", folder / "exports")
    said = "Продажи берутся из нескольких источников и складываются: "
    assert any(line.startswith(said) for line in svodka("init", folder).lines)
    assert not any(line.startswith(said) for line in svodka("check", folder).lines)


def test_a_number_of_lines_without_products_stays_an_id(tmp_path, svodka):
    """Nothing says that it is of a product; where each number has one product, and each product one number, it is."""
    lines = "".join(f"{n};0{n}.08.2026;{part}00\n" for n in range(1, 6) for part in (1, 2))
    svodka(
        "init", small_client(tmp_path / "1", {"svodka.yaml": None, "exports/orders.csv": "Номер;Дата;Сумма\n" + lines})
    )
    assert "deal_id: Номер" in (tmp_path / "1" / "svodka.yaml").read_text("utf-8")
    lines = "".join(f"{n};03.08.2026;{part}00;Чай {n}\n" for n in range(1, 6) for part in (1, 2))
    text = "Номер;Дата;Сумма;Товар\n" + lines
    svodka("init", small_client(tmp_path / "2", {"svodka.yaml": None, "exports/orders.csv": text}))
    assert "deal_id" not in (tmp_path / "2" / "svodka.yaml").read_text("utf-8")


def workbook(folder, name, tabs):
    """A workbook of the exports: tab → rows."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in tabs.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / "exports" / name)


SALES = ["Дата оплаты", "Телефон", "Курс", "Сумма", "Менеджер", "Канал"]
SOLD = [datetime(2026, 8, 3), "70005550101", "Английский", 9900, "Анна", "ВК"]


@pytest.mark.slow
def test_every_tab_of_a_workbook_that_feeds_something_is_found(tmp_path, svodka):
    """Sales of two months, answers of a form and costs on one spreadsheet: three sources, and a tab that is none."""
    folder = small_client(tmp_path, dict.fromkeys(FILES) | {"svodka.yaml": None})
    (folder / "exports").mkdir(parents=True)
    tabs = {
        "Август": [SALES, SOLD, SOLD],
        "Сентябрь": [SALES, [datetime(2026, 9, 3), *SOLD[1:]]],
        "Заявки": [["Отметка времени", "Ваш телефон", "Откуда узнали"], [datetime(2026, 8, 1, 9), "70005550102", "ВК"]],
        "Расходы": [["Месяц", "Статья", "Сумма"], [datetime(2026, 8, 1), "Аренда", 5000]],
        "Памятка": [["Кто", "Что делает"], ["Анна", "звонит"]],
        "Свод продаж": [["Дата", "Сумма", "Менеджер"], [datetime(2026, 8, 1), 19800, "Анна"]],
    }
    workbook(folder, "Школа.xlsx", tabs)
    answer = svodka("init", folder)
    assert "вкладки: «Август», «Сентябрь»" in answer.lines
    assert any("вкладки не узнаны: «Памятка», «Свод продаж»" in line for line in answer.lines)
    sources = load_client(folder).client.sources
    assert {name: (source.table, source.tab) for name, source in sources.items()} == {
        "google_forms": ("leads", []), "deals": ("deals", []), "costs": ("costs", []),
    }  # fmt: skip
    assert sources["google_forms"].columns == {"phone": ["Ваш телефон"], "channel": ["Откуда узнали"]}
    checked = svodka("check", folder)
    assert checked.code == 0
    assert "closed_on ← «Дата оплаты»: прочитано 3 из 3" in checked.lines
    assert "amount_rub ← «Сумма»: прочитано 1 из 1" in checked.lines
    left = "Принято: deals: другие таблицы книги сюда не входят: «Заявки», «Расходы», «Памятка»"
    assert any(line.startswith(left) for line in checked.lines)


def test_a_folder_of_clients_is_not_made_a_client(tmp_path, svodka):
    """The exports of two clients would become one client's."""
    small_client(tmp_path / "agency" / "romashka")
    small_client(tmp_path / "agency" / "vasilek")
    answer = svodka("init", tmp_path / "agency")
    assert (answer.code, "папки клиентов (romashka, vasilek)" in answer.err) == (2, True)
    assert not (tmp_path / "agency" / "svodka.yaml").exists()
    assert svodka("init", tmp_path / "agency" / "new").code == 0


def test_a_consultants_folder_is_not_made_a_client(tmp_path, svodka):
    """Its svodka.yaml must not be deleted, as init advised once."""
    small_client(tmp_path / "clients" / "romashka")
    (tmp_path / "svodka.yaml").write_text("clients: clients/*\n", "utf-8")
    answer = svodka("init", tmp_path)
    assert (answer.code, "папки клиентов (clients/romashka)" in answer.err) == (2, True)
    assert svodka("init", tmp_path / "clients" / "new").code == 0


@pytest.mark.slow
def test_a_tab_that_would_not_be_found_is_named(tmp_path, svodka):
    """The table of orders has all headings of that of spend."""
    folder = small_client(tmp_path, dict.fromkeys(FILES) | {"svodka.yaml": None})
    (folder / "exports").mkdir(parents=True)
    orders = ["№ заказа", "Дата", "Канал", "Телефон", "Сумма заказа", "Расход"]
    tabs = {
        "Заказы": [orders, [1, datetime(2026, 8, 3), "ВК", "70005550101", 9900, 10]],
        "Реклама": [["Дата", "Канал", "Расход"], [datetime(2026, 8, 1), "ВК", 5000]],
    }
    workbook(folder, "Книга.xlsx", tabs)
    svodka("init", folder)
    sources = load_client(folder).client.sources
    assert {name: source.tab for name, source in sources.items()} == {"deals": [], "ad_spend": ["Реклама"]}
    assert "spend_rub ← «Расход»: прочитано 1 из 1" in svodka("check", folder).lines
