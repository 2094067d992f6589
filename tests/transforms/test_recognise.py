"""Which export a file is, which of its tables is meant, and what is asked when that cannot be known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from config.client import SourceConfig
from config.documents import Dialect, RawTable
from config.errors import ConfigError, ContractError
from config.profiles import profiles
from config.tables import inputs
from tests.transforms.tables import on_disk, table, table_of
from transforms.recognise import Recognised, recognise, recognise_file
from transforms.recognise.complain import kinship

AMO = ["ID", "Название сделки", "Бюджет ", "Ответственный", "Дата создания сделки", "Дата закрытия", "Этап сделки"]
AMO_ROW = ["1", "Сделка", "250000", "Анна", "05.08.2026 16:03:08", "не закрыта", "Переговоры"]
VK = ["Название объявления", "Показы", "Клики", "Потрачено всего, ₽"]
OWN = {"started_at": ["Дата звонка", "Дата"], "phone": "Телефон"}


def source(table: str, **settings: object) -> SourceConfig:
    """A source as svodka.yaml describes it."""
    return SourceConfig.model_validate({"table": table, "files": "*", **settings})


def of(
    raws: RawTable | list[RawTable], table: str, aliases: dict[str, list[str]] | None = None, **settings: object
) -> Recognised:
    """What a file is for one of our tables."""
    return recognise(raws if isinstance(raws, list) else [raws], table, source(table, **settings), aliases or {})


def test_an_export_is_known_by_its_headers():
    """Whatever the file is called and however a header is spaced."""
    found = of(table_of([AMO, AMO_ROW]), "deals")
    assert found.profile is not None
    assert found.profile.name == "amocrm_leads"
    assert 0.5 < found.certainty < 1
    assert found.columns["revenue_rub"].headers == ["Бюджет"]
    assert found.columns["manager"].headers == ["Ответственный"]


def test_columns_the_client_maps_win_over_the_profile_and_add_to_it():
    """The operator knows that this account keeps the seller in a field of its own."""
    found = of(table_of([[*AMO, "Продавец"], [*AMO_ROW, "Борис"]]), "deals", columns={"manager": "Продавец"})
    assert found.profile is not None
    assert found.columns["manager"].headers == ["Продавец"]
    assert found.columns["status"].headers == ["Этап сделки"]


def test_of_several_phones_that_the_client_maps_the_first_filled_counts():
    """Of any other column, several headers are spellings of one: the first that the file has."""
    raw = table_of([["Дата звонка", "Дата", "Рабочий", "Мобильный"], ["01.08.2026", "02.08.2026", "", "70005550101"]])
    mapped = {"started_at": ["Дата звонка", "Дата"], "phone": ["Рабочий", "Мобильный", "Домашний"]}
    found = of(raw, "calls", columns=mapped).columns
    assert (found["phone"].headers, found["phone"].first_filled) == (["Рабочий", "Мобильный"], True)
    assert found["started_at"].headers == ["Дата звонка"]


def test_a_needed_header_that_stands_twice_is_asked_about():
    """Two «Сумма» with different figures; `#1` and `#2` answer. Equal or empty ones, or a spare column, ask nothing."""
    rows = [["Дата", "Сумма", "Товар", "Сумма", "Товар"], ["01.08.2026", "100", "курс", "90", "книга"]]
    mapped = {"closed_on": "Дата", "revenue_rub": "Сумма", "product": "Товар"}
    with pytest.raises(ContractError, match='revenue_rub: "Сумма#1" или "Сумма#2"'):
        of(table_of(rows), "deals", columns=mapped)
    for said, header in (("Сумма#1", "Сумма"), ("Сумма#2", "Сумма#2")):
        found = of(table_of(rows), "deals", columns={**mapped, "revenue_rub": said})
        assert found.columns["revenue_rub"].headers == [header]
    for second in ("100", ""):
        equal = [rows[0], ["01.08.2026", "100", "курс", second, "книга"]]
        assert of(table_of(equal), "deals", columns=mapped).columns["revenue_rub"].headers == ["Сумма"]


def test_an_empty_list_says_that_there_is_no_such_column():
    """So that a likely header is not asked about again."""
    found = of(
        table_of([[*AMO[:3], *AMO[4:], "Менеджер"], [*AMO_ROW[:3], *AMO_ROW[4:], "?"]]),
        "deals",
        columns={"manager": []},
    )
    assert "manager" not in found.columns


def test_a_renamed_header_is_asked_about_with_the_likely_match():
    """«Ответственный» became «Менеджер»: dropping the column would silently blank every manager."""
    renamed = ["Менеджер" if name == "Ответственный" else name for name in AMO]
    with pytest.raises(ContractError) as error:
        of(table_of([renamed, AMO_ROW], "amo.csv"), "deals")
    assert str(error.value) == (
        "amo.csv: нет столбца для manager; искали «Ответственный»; похоже, теперь это manager ← «Менеджер»; есть: "
        "«ID», «Название сделки», «Бюджет», «Менеджер», «Дата создания сделки», «Дата закрытия», «Этап сделки» — "
        "если так, выполните svodka accept, иначе впишите нужный заголовок в columns источника s (или "
        "[], если столбца нет)"
    )
    assert error.value.facts["proposals"] == [("s", "manager", "Менеджер")]


def test_an_accepted_header_fills_its_column():
    """What `svodka accept` wrote down is not asked again, also for a header by which the export is known."""
    renamed = ["Стадия" if name == "Этап сделки" else "Менеджер" if name == "Ответственный" else name for name in AMO]
    found = of(table_of([renamed, AMO_ROW]), "deals", {"manager": ["Менеджер"], "status": ["Стадия"]})
    assert found.profile is not None
    assert found.columns["manager"].headers == ["Менеджер"]
    assert found.columns["status"].headers == ["Стадия"]


def test_a_lost_sign_of_an_export_is_named_with_its_likely_match():
    """Three headers of four are there: the fourth was renamed, and the file is not simply unknown."""
    renamed = ["Дата создания сделок" if name == "Дата создания сделки" else name for name in AMO]
    with pytest.raises(ContractError) as error:
        of(table_of([renamed, AMO_ROW]), "deals")
    assert error.value.facts["proposals"] == [("s", "created_on", "Дата создания сделок")]


def test_accepting_a_sign_makes_the_export_known_again():
    """The proposal of the error, once accepted, must not lead to the same error."""
    renamed = ["Дата создания сделок" if name == "Дата создания сделки" else name for name in AMO]
    found = of(table_of([renamed, AMO_ROW]), "deals", {"created_on": ["Дата создания сделок"]})
    assert found.columns["created_on"].headers == ["Дата создания сделок"]


def test_sql_over_a_renamed_header_reads_the_accepted_one():
    """Sipuni's phone depends on the direction; a new name of one header must reach into the expression."""
    header = ["Тип", "Статус", "Время", "Откуда", "Кому", "Длительность разговора"]
    raw = table_of([header, ["Входящий", "Отвечен", "01.08.2026 10:00:00", "70005550001", "203", "5"]])
    found = of(raw, "calls", {"phone": ["Кому"]})
    assert found.columns["phone"].sql is not None
    assert "{Кому}" in found.columns["phone"].sql
    assert "{Куда}" not in found.columns["phone"].sql


def test_own_file_needs_a_header_for_each_column_named():
    """The message of the operator's own file: what was looked for, what is there, what to do."""
    with pytest.raises(ContractError) as error:
        of(table("Дт звонка;Телефон\n01.08.2026;70005550001", file="calls.csv"), "calls", columns=OWN)
    assert str(error.value) == (
        "calls.csv: нет столбца для started_at; искали «Дата звонка», «Дата»; похоже, теперь это "
        "started_at ← «Дт звонка»; "
        "есть: «Дт звонка», «Телефон» — если так, выполните svodka accept, иначе впишите нужный заголовок в columns "
        "источника s (или [], если столбца нет)"
    )


def test_own_file_takes_the_first_spelling_it_has():
    """Files of two years may spell a header in two ways."""
    assert of(table("Телефон;Дата\n70005550001;01.08.2026"), "calls", columns=OWN).columns["started_at"].headers == [
        "Дата"
    ]


@pytest.mark.slow
def test_a_header_as_long_as_a_file_is_shown_cut():
    """Where quotes are broken half of a file is one header; the sentence about it stays a sentence."""
    with pytest.raises(ContractError) as error:
        of(table_of([["я;" * 20_000, "Дата"], ["1", "2"]]), "leads", columns={"created_at": "Создана"})
    assert error.value.facts["present"] == f"«{('я;' * 40)[:79]}…», «Дата»"


@pytest.mark.slow
def test_a_likely_header_as_long_as_a_file_is_shown_cut_and_kept_whole():
    """The sentence about a renamed header stays a sentence; what is accepted is the header itself."""
    header = "Создана " + "я;" * 20_000
    with pytest.raises(ContractError) as error:
        of(table_of([[header, "Имя"], ["01.08.2026", "2"]]), "leads", columns={"created_at": "Создана"})
    assert len(str(error.value)) < 1_000
    assert [name for _, _, name in error.value.facts.get("proposals", [])] in ([], [header])


def test_an_unknown_file_shows_its_headers_and_no_phone():
    """A file without a header must not print somebody's number."""
    with pytest.raises(ContractError) as error:
        of(table("Анна;+7 (000) 555-00-01;anna@example.org\nБорис;70005550002;b@example.org", file="x.csv"), "calls")
    assert str(error.value) == (
        "x.csv: не похоже ни на одну известную выгрузку для calls; первая строка: «Анна» — "
        "назовите profile или опишите columns источника s"
    )


@pytest.mark.parametrize("name", sorted(inputs()))
def test_a_table_kept_by_hand_is_told_the_line_that_describes_it(name):
    """Headings as docs/tables.md has them, no `columns` in svodka.yaml: the line that is told, pasted, reads them."""
    headings = [heading.say("ru") for heading, *_ in inputs()[name].columns.values()]
    raw = table_of([headings, ["1"] * len(headings)], "x.csv")
    with pytest.raises(ContractError) as error:
        of(raw, name)
    assert error.value.key == "shape.unknown_file_likely"
    told = yaml.safe_load(str(error.value.facts["likely"]))["columns"]
    found = of(raw, name, columns=told)
    assert {column: found.columns[column].headers for column in told} == {c: [h] for c, h in told.items()}


def test_a_status_that_only_repeats_the_day_of_leaving_is_not_asked_about():
    """«Отписан» beside its day in each row tells nothing new; without a day in one of them it does."""
    heads = ["Email", "Подписан", "Отписан", "Статус"]
    rows = [["a@example.org", "01.08.2026", "02.08.2026", "Отписан"], ["b@example.org", "01.08.2026", "", "Подписан"]]
    own = {"email": "Email", "subscribed_on": "Подписан", "unsubscribed_on": "Отписан"}
    assert "is_departed" not in of(table_of([heads, *rows]), "subscribers", columns=own).columns
    with pytest.raises(ContractError) as error:
        of(table_of([heads, *rows, ["c@example.org", "01.08.2026", "", "Отписан"]]), "subscribers", columns=own)
    assert error.value.key == "shape.departed_unread"


def test_an_export_that_feeds_another_table_says_which():
    """A list of deals under `table: leads` is a slip in svodka.yaml, not an unknown file."""
    with pytest.raises(ContractError) as error:
        of(table_of([AMO, AMO_ROW], "amo.csv"), "leads")
    assert str(error.value) == (
        "amo.csv: это «amoCRM: сделки (CSV)»: такая выгрузка даёт deals, а источник s ждёт leads — "
        "исправьте table или опишите columns"
    )


def test_an_unknown_profile_names_the_nearest():
    """A slip of the pen in svodka.yaml."""
    with pytest.raises(ConfigError) as error:
        of(table_of([AMO, AMO_ROW]), "deals", profile="amocrm_lead")
    assert str(error.value) == (
        "svodka.yaml: источник s: нет профиля «amocrm_lead»; ближайший — «amocrm_leads» (auto узнаёт выгрузку сам)"
    )


def test_a_profile_that_does_not_feed_the_table_is_refused():
    """Deals are no calls."""
    with pytest.raises(ConfigError) as error:
        of(table_of([AMO, AMO_ROW]), "calls", profile="amocrm_leads")
    assert error.value.key == "shape.profile_without_table"


def test_a_named_profile_is_not_asked_for_its_signs():
    """The operator says what it is; only the columns that the table needs must be there."""
    found = of(table("ID;Бюджет;Дата создания сделки\n1;5;01.08.2026"), "deals", profile="amocrm_leads")
    assert (found.certainty, found.columns["revenue_rub"].headers) == (1.0, ["Бюджет"])


def test_one_sheet_of_a_workbook_is_read():
    """VK keeps the same money on every sheet: all of them would triple the spend."""
    sheets = [
        table_of([VK, ["x", "1", "1", "5"]], "vk.xlsx", name, container="xlsx")
        for name in ("Кампании", "Группы", "Объявления")
    ]
    [found] = recognise_file(sheets, "ad_spend", source("ad_spend", period="2026-08-01..2026-08-31"), {})
    assert found.raw.origin.tab == "Объявления"


def test_every_member_of_an_archive_is_read_and_known_by_name():
    """Mailchimp's status stands in the member's name, which SQL may use as a column."""
    header = ["Email Address", "OPTIN_TIME", "CONFIRM_TIME", "LEID"]
    rows = [header, ["anna@example.org", "2026-08-01 10:00:00", "", "1"]]
    members = [table_of(rows, "audience.zip", member=name) for name in ("subscribed_1.csv", "cleaned_1.csv")]
    found = recognise_file(members, "subscribers", source("subscribers"), {})
    assert [one.pseudo for one in found] == [
        {"@file": "audience.zip", "@tab": "", "@member": "subscribed_1.csv"},
        {"@file": "audience.zip", "@tab": "", "@member": "cleaned_1.csv"},
    ]
    assert "{@member}" in (found[0].columns["is_departed"].sql or "")


def test_every_tab_asked_for_is_read_and_its_name_may_be_a_column():
    """`tab: "Звонки *"` are months of one table."""
    tabs = [
        table("Дата;Телефон\n01.08.2026;70005550001", file="calls.xlsx", tab=name)
        for name in ("Звонки июль", "Звонки август")
    ]
    settings = source("calls", tab="Звонки *", columns={"started_at": "Дата", "channel": "@tab", "manager": "@file"})
    found = recognise_file(tabs, "calls", settings, {})
    assert [one.pseudo["@tab"] for one in found] == ["Звонки июль", "Звонки август"]
    assert (found[0].columns["channel"].headers, found[0].pseudo["@file"]) == (["@tab"], "calls.xlsx")


def test_a_file_without_a_header_keeps_its_first_call():
    """Mango writes data from the first row on."""
    row = ["[MToxMDA=]", "1785947249", "1785947450", "0", "", "70005550001", "101", "sip:user1@demo", "1110"]
    found = of(table_of([row, row]), "calls")
    assert found.profile is not None
    assert (found.profile.name, found.shape.first_row, found.shape.header_rows) == ("mango", 0, ())
    assert found.shape.rows_read == 2


def test_two_exports_that_fit_equally_are_asked_about():
    """Guessing would sometimes be wrong without a word."""
    amo = profiles()["amocrm_leads"]
    twins = {"amocrm_leads": amo, "twin": amo.model_copy(update={"name": "twin"})}
    with pytest.raises(ContractError) as error:
        recognise([table_of([AMO, AMO_ROW], "amo.csv")], "deals", source("deals"), {}, twins)
    assert str(error.value) == (
        "amo.csv: подходят сразу несколько выгрузок: amocrm_leads (amoCRM: сделки (CSV)), twin (amoCRM: "
        "сделки (CSV)) — "
        "напишите profile источника s"
    )


@pytest.mark.parametrize(
    ("file", "title", "period", "expected"),
    [
        (
            "vk.xlsx",
            "1 августа 2026 г. - 31 августа 2026 г.",
            "2026-07-01..2026-07-31",
            (date(2026, 8, 1), date(2026, 8, 31)),
        ),
        ("Статистика_с_2026-08-01_по_2026-08-07 (1).xlsx", "", None, (date(2026, 8, 1), date(2026, 8, 7))),
        ("vk.xlsx", "", "2026-08-01..2026-08-05", (date(2026, 8, 1), date(2026, 8, 5))),
        ("vk_одна.xlsx", "", {"vk_*.xlsx": "2026-08-01..2026-08-02"}, (date(2026, 8, 1), date(2026, 8, 2))),
    ],
    ids=["heading", "file name", "client", "client by pattern"],
)
def test_period_of_rows_without_days(file, title, period, expected):
    """The heading says it, else the file's name, else the client."""
    raw = table_of([[title], VK, ["x", "1", "1", "5"]], file, container="xlsx")
    assert of(raw, "ad_spend", period=period).period == expected


def test_rows_without_days_and_without_a_period_are_asked_about():
    """A month of spend put on the wrong month is a wrong number."""
    with pytest.raises(ContractError) as error:
        of(table_of([VK, ["x", "1", "1", "5"]], "vk.xlsx", container="xlsx"), "ad_spend")
    assert str(error.value) == (
        "vk.xlsx: в строках нет дат, и период не указан ни в заголовке, ни в имени файла — добавьте "
        "источнику s period, "
        "например period: 2026-08-01..2026-08-31"
    )


def test_a_file_on_disk_is_told_where_its_data_begin():
    """The warehouse skips that many records."""
    dialect = Dialect(Path("большая.csv"), "utf-8", None, ";", 0, 7)
    found = of(on_disk([["Отчёт"], AMO, AMO_ROW], [AMO_ROW], dialect), "deals")
    assert found.raw.dialect is not None
    assert (found.raw.dialect.first_record, found.raw.dialect.columns) == (2, 7)


def test_a_constant_stands_for_a_column_that_a_table_needs():
    """A client with one cost a month may say what it is."""
    raw = table("Месяц;Сумма\n01.08.2026;5")
    found = of(raw, "costs", columns={"month_on": "Месяц", "amount_rub": "Сумма"}, constants={"item": "Аренда"})
    assert set(found.columns) == {"month_on", "amount_rub"}


def test_a_renamed_optional_header_is_asked_about_in_other_words():
    """«Дата оплаты» became «Оплачен (дата)»: without it every sale would move to the day it was created."""
    head = ["ID заказа", "Дата создания", "Статус", "Оплачено", "Оплачен (дата)"]
    raw = table_of([head, ["1", "01.08.2026", "Завершен", "5000", "03.09.2026"]])
    with pytest.raises(ContractError) as error:
        of(raw, "deals")
    assert error.value.facts["proposals"] == [("s", "closed_on", "Оплачен (дата)")]


def test_an_empty_column_is_no_ones_new_name():
    """«Ответственный из CRM» became «Ответственный CRM»; «Кто ответил» means the same and holds nothing."""
    head = ["Дата", "Телефон", "Кто ответил", "Ответственный CRM"]
    raw = table_of([head, ["01.08.2026 10:00:00", "70005550101", "", "Анна"]])
    columns = {"started_at": "Дата", "phone": "Телефон", "manager": "Ответственный из CRM"}
    with pytest.raises(ContractError) as error:
        of(raw, "calls", columns=columns)
    assert error.value.facts["proposals"] == [("s", "manager", "Ответственный CRM")]
    with pytest.raises(ContractError) as error:
        of(table_of([head[:3], ["01.08.2026 10:00:00", "70005550101", ""]]), "calls", columns=columns)
    assert error.value.facts["proposals"] == []


def test_a_column_that_the_source_had_is_asked_about_more_readily():
    """A product was there last time; «Наименование» may be it, though the export does not always have one."""
    raw = table_of([[*AMO, "Наименование"], [*AMO_ROW, "Курс"]])
    assert "product" not in of(raw, "deals").columns
    with pytest.raises(ContractError) as error:
        recognise([raw], "deals", source("deals"), {}, had={"product"})
    assert error.value.facts["proposals"] == [("s", "product", "Наименование")]


@pytest.mark.parametrize(
    ("wanted", "header", "is_kin"),
    [
        ("Дата оплаты", "Оплачен (дата)", True),
        ("Расход", "Расходы рекл", True),
        ("Ответственный из CRM", "Ответственный CRM", True),
        ("Дата оплаты", "Дата рождения", False),
        ("Телефон", "Менеджер", False),
    ],
)
def test_words_turned_round_or_bent_are_the_same_words(wanted, header, is_kin):
    """Spelling alone would say otherwise."""
    assert (kinship(wanted, header) >= 0.8) is is_kin


DIRECT = ["Дата", "Кампания", "Показы", "Клики", "Расход, руб.", "Канал"]
DIRECT_ROWS = [
    ["01.08.2026", "Поиск", "10", "1", "100,00", "Яндекс.Директ"],
    ["01.08.2026", "Лента", "5", "1", "50,00", "VK"],
]


def test_channels_of_a_table_are_not_taken_for_the_one_of_its_vendor():
    """50 ₽ of VK in a table that looks like Яндекс.Директ: asked, with what `accept` would write."""
    with pytest.raises(ContractError) as asked:
        of(table_of([DIRECT, *DIRECT_ROWS]), "ad_spend")
    assert asked.value.key == "shape.channel_in_column"
    assert asked.value.facts["proposals"] == [("s", "channel", "Канал")]


@pytest.mark.parametrize(
    ("said", "headers"),
    [
        ({"aliases": {"channel": ["Канал"]}}, ["Канал"]),
        ({"columns": {"channel": "Канал"}}, ["Канал"]),
        ({"columns": {"channel": []}}, None),
        ({"constants": {"channel": "Директ"}}, None),
    ],
)
def test_whose_channels_they_are_can_be_said(said, headers):
    """The column's, or one for all rows."""
    found = of(table_of([DIRECT, *DIRECT_ROWS]), "ad_spend", said.pop("aliases", None), **said)
    column = found.columns.get("channel")
    assert (list(column.headers) if column else None) == headers


@pytest.mark.parametrize("cell", ["", "яндекс.директ"])
def test_a_column_that_names_no_other_channel_is_no_question(cell):
    """It is blank, or repeats the vendor."""
    found = of(table_of([DIRECT, [*DIRECT_ROWS[0][:5], cell]]), "ad_spend")
    assert found.profile is not None
    assert found.profile.name == "yandex_direct_ui"
