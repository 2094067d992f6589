"""Where the header is, which rows are data, and what the others are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.documents import Dialect
from tests.transforms.tables import on_disk, table, table_of
from transforms.shape import Header, Shape, data_rows, find_header, fold, shape, unique
from transforms.shape.shape import SkippedRow
from transforms.shape.totals import is_totals


def shaped(text: str, *known: str, **facts: object) -> tuple[Shape, list[tuple[int, list[str]]]]:
    """The shape of a text table whose columns are known by name, and its data rows."""
    raw = table(text, **facts)
    header = find_header(raw, known)
    assert header is not None
    form = shape(raw, header)
    return form, list(data_rows(raw, form))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Бюджет ", "бюджет"),
        ("Расходы на\u00a0объявления", "Расходы на объявления"),
        ("phone_number", "phoneNumber"),
        ("Отчёт", "отчет"),
        ("Потрачено всего,₽", "Потрачено всего, ₽"),
        ("\ufeffДата", "Дата"),
        ("Email  Address", "Email Address"),
    ],
)
def test_spellings_that_people_take_for_one_header(one, other):
    """Spaces of every kind, case, ё, underscores and a byte order mark make no other header."""
    assert fold(one) == fold(other)


def test_a_header_inside_another_is_another():
    """«Куда» is inside «Откуда», «реализовано» inside «не реализовано»."""
    assert fold("Куда") != fold("Откуда")


def test_duplicates_are_kept_apart_also_when_only_case_differs():
    """AmoCRM writes utm_source twice, once in capitals; SQL does not tell case."""
    assert unique(["roistat", "utm_source", "UTM_SOURCE", "roistat", "", "utm_source"]) == (
        "roistat", "utm_source", "UTM_SOURCE#2", "roistat#2", "", "utm_source#3",
    )  # fmt: skip


@given(st.lists(st.sampled_from(["a", "A", "a#2", "a_", "", "b"]), max_size=8))
def test_unique_headers_are_unique_under_folding(headers):
    """Whatever stands there, every name that is not empty names one column."""
    names = [fold(name) for name in unique(headers) if name]
    assert len(names) == len(set(names))
    assert [bool(name) for name in unique(headers)] == [bool(header) for header in headers]


def test_header_is_found_below_title_lines_and_blank_ones():
    """Яндекс.Директ writes four lines first, one of them blank; they may name a period."""
    form, rows = shaped(
        """
        Статистика по кампаниям
        Период: 01.08.2026 - 10.08.2026

        Дата;Кампания;Расход (руб.)
        01.08.2026;Поиск;4937,35
        """,
        "Дата", "Расход (руб.)",
    )  # fmt: skip
    assert form.header_rows == (3,)
    assert form.title == ("Статистика по кампаниям", "Период: 01.08.2026 - 10.08.2026")
    assert form.period == (date(2026, 8, 1), date(2026, 8, 10))
    assert rows == [(5, ["01.08.2026", "Поиск", "4937,35"])]


def test_two_merged_header_rows_are_joined_and_a_single_name_stays_single():
    """«Дата» is merged over both rows, «Продажи» over two columns."""
    raw = table(
        """
        Отчёт
        Дата;Продажи;;Комментарий
        ;Кол-во;Сумма, ₽;
        01.08.2026;1;500;
        """,
        merged=((0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3)),
    )
    header = find_header(raw, ["Дата", "Продажи / Сумма, ₽"])
    assert header == Header((1, 2), ("Дата", "Продажи / Кол-во", "Продажи / Сумма, ₽", "Комментарий"))


def test_two_header_rows_are_joined_without_merged_areas_too():
    """Saved as CSV, a merged header leaves gaps."""
    raw = table("Дата;Продажи;;Оплата\n;Кол-во;Сумма;Нал\n01.08;1;5;5")
    assert find_header(raw, ["Продажи / Сумма"]) == Header(
        (0, 1), ("Дата", "Продажи / Кол-во", "Продажи / Сумма", "Оплата / Нал")
    )


def test_one_row_is_preferred_to_two_that_know_no_more():
    """A gap in a header must not swallow the first row of data."""
    raw = table("Дата;Сумма;\n01.08.2026;5;x")
    assert find_header(raw, ["Дата", "Сумма"]) == Header((0,), ("Дата", "Сумма", ""))


@pytest.mark.parametrize(
    "label",
    [
        "Итого",
        "ИТОГО:",
        "Итого: аккаунт",
        "Итого Менеджер Первый",
        "Всего",
        "ВСЕГО:",
        "Bcero",
        "Bceгo",
        "Total",
        "TOTAL",
        "Grand Total",
        "«Итого»",
        " Всего за август",
        "Общий итог",
        "Анна Итог",
        "Anna Total",
    ],
)
def test_words_of_totals(label):
    """Also in Latin letters that look like Russian ones (Ozon Performance)."""
    assert is_totals([label, "5"])
    assert is_totals(["", label, "5"])


@pytest.mark.parametrize(
    "label",
    [
        "Итоговая аттестация",
        "Всеволод",
        "Totalwar",
        "Total rows: 30",
        "Анна Итого",
        "Всего строк: 5",
        "Totally",
    ],
)
def test_words_that_only_look_like_totals(label):
    """A product, a person, and a count of rows."""
    assert not is_totals([label, "5"])


def test_totals_are_left_out_and_kept_as_controls():
    """They are read all the same, so that their sums can be compared; a signature and blanks are no data either."""
    form, rows = shaped(
        """
        Дата;Менеджер;Сумма
        01.08;Анна;100
        02.08;Анна;200
        Итого Анна;;300

        03.08;Борис;50
        Итого Борис;;50
        ВСЕГО:;;350

        Составил: Анна
        """,
        "Дата", "Сумма",
    )  # fmt: skip
    assert [number for number, _ in rows] == [2, 3, 6]
    assert [(skipped.row, skipped.why) for skipped in form.skipped] == [
        (3, "totals"), (4, "blank"), (6, "totals"), (7, "totals"), (8, "blank"), (9, "service"),
    ]  # fmt: skip
    assert form.rows_read == 9


def test_a_total_without_a_word_is_known_by_its_sums():
    """A key column that is not a key, and figures that add up the rows above: kept, it would double the money."""
    form, rows = shaped("Кампания;CTR;Расход\nA;1,5 %;1 000,50\nB;2 %;200\n;1,7 %;1 200,50 ₽", "Кампания", "Расход")
    assert len(rows) == 2
    assert form.skipped == (SkippedRow(3, "totals"),)


@pytest.mark.parametrize("last", [";;1300", "C;;1200,50", ";;", ";;0"])
def test_a_last_row_that_does_not_add_up_is_data(last):
    """A row with a key, another figure, or none is somebody's row."""
    form, _ = shaped(f"Кампания;CTR;Расход\nA;1,5 %;1 000,50\nB;2 %;200\n{last}", "Кампания", "Расход")
    assert not any(row.why == "totals" for row in form.skipped)


def test_rows_read_end_with_the_last_value():
    """Trailing rows of delimiters are not read (Avito), blank rows between are."""
    form, rows = shaped("Дата;Сумма\n01.08;5\n;\n02.08;6\n;\n;", "Дата", "Сумма")
    assert form.rows_read == 3
    assert rows == [(2, ["01.08", "5"]), (4, ["02.08", "6"])]


def test_a_table_without_rows_has_read_nothing():
    """A header alone is an empty export."""
    form, rows = shaped("Дата;Сумма", "Дата")
    assert (form.rows_read, rows) == (0, [])


def test_footers_give_control_sums_and_the_count_of_rows():
    """ЮKassa states sums below a blank line, Яндекс.Директ counts its rows; neither is a total of money in a column."""
    raw = table("Номер;Сумма;Комиссия\n1;10.00;1\n2;20.00;1\n\nСумма принятых платежей: 30.00 RUB\nЧисло платежей: 2")
    header = find_header(raw, ["Номер", "Сумма"])
    assert header is not None
    form = shape(
        raw, header, None, {"revenue_rub": r"Сумма принятых платежей: ([\d.]+)", "rows": r"Число платежей: (\d+)"}
    )
    assert form.controls == {"revenue_rub": "30.00", "rows": "2"}
    assert [skipped.why for skipped in form.skipped] == ["blank", "service", "service"]


def test_a_row_count_is_service_not_totals():
    """`Total rows: 2` begins like a total."""
    raw = table("Report\nDate|Cost|Clicks\n2026-08-01|5|1\n2026-08-02|6|1\nTotal rows: 2", "|")
    header = find_header(raw, ["Date", "Cost"])
    assert header is not None
    form = shape(raw, header, r"^Total rows: \d+")
    assert form.controls == {"rows": "2"}
    assert [skipped.why for skipped in form.skipped] == ["service"]


def test_a_header_repeated_on_every_page_is_service():
    """Printed reports say it again."""
    form, rows = shaped("Дата;Сумма\n01.08;5\nДата;Сумма\n02.08;6", "Дата", "Сумма")
    assert [(skipped.row, skipped.why) for skipped in form.skipped] == [(2, "service")]
    assert len(rows) == 2


def test_a_short_last_row_of_a_narrow_table_is_data():
    """Only a table of three columns and more has signatures below it."""
    _, rows = shaped("Телефон;Сумма\n70005550001;5\nАнна", "Телефон")
    assert rows[-1] == (3, ["Анна", ""])


def test_a_last_row_with_one_figure_is_data():
    """A lone number or date is a broken record, which staging refuses by name; it does not vanish as a signature."""
    _, rows = shaped("Дата;Клиент;Сумма\n01.08;Анна;5\n02.08.2026", "Дата")
    assert rows[-1] == (3, ["02.08.2026", "", ""])


def test_merged_cells_hold_for_all_their_rows_but_not_for_totals():
    """«Менеджер» is filled once for all rows of a manager."""
    form, rows = shaped(
        "Дата;Менеджер;Сумма\n01.08;Анна;1\n02.08;;2\nИтого;;3\n03.08;;4",
        "Дата", "Менеджер",
        merged=((1, 1, 2, 1),),
    )  # fmt: skip
    assert [cells[1] for _, cells in rows] == ["Анна", "Анна", ""]
    assert form.fills == ((1, 1, 2, 1),)


def test_short_rows_are_padded_and_long_ones_cut_to_the_header():
    """Ragged rows are normal in old telephony exports."""
    _, rows = shaped("a;b;c\n1\n1;2;3;4", "a")
    assert [cells for _, cells in rows] == [["1", "", ""], ["1", "2", "3"]]


def test_a_file_on_disk_tells_only_of_its_tail():
    """What stands in the middle of ten million rows is for SQL to find."""
    dialect = Dialect(Path("большая.csv"), "utf-8", None, ";", 0, 3)
    head = [["Дата", "Канал", "Сумма"], ["01.08", "SEO", "5"]]
    tail = [["31.08", "SEO", "6"], ["Итого", "", "11"], ["Составил: Анна"]]
    raw = on_disk(head, tail, dialect)
    header = find_header(raw, ["Дата"])
    assert header is not None
    form = shape(raw, header)
    assert form.rows_read is None
    assert [(row.from_end, row.why, row.label) for row in form.skipped_tail] == [
        (1, "service", "Составил: Анна"),
        (2, "totals", "Итого"),
    ]


CELLS = st.sampled_from(["", "5", "Анна", "Итого", "01.08.2026"])


@given(st.lists(st.lists(CELLS, max_size=4), max_size=12))
def test_every_row_read_is_either_data_or_skipped(rows):
    """Reconciliation begins here: nothing between the header and the last value is lost or counted twice."""
    raw = table_of([["Дата", "Клиент", "Сумма"], *rows])
    header = find_header(raw, ["Дата", "Клиент", "Сумма"])
    assert header is not None
    form = shape(raw, header)
    data = [number - 1 for number, _ in data_rows(raw, form)]
    skipped = [row.row for row in form.skipped]
    assert sorted(data + skipped) == list(range(form.first_row, (form.last_row or 0) + 1))


def test_a_campaign_that_begins_like_a_total_is_data_where_it_has_a_day():
    """«Всего доброго» of 2 August is a campaign; «Итого за август» and a bare «Итого» of a day are totals."""
    text = "Кампания;Дата;Расход\nлето;01.08.2026;10\nВсего доброго;02.08.2026;20\nИтого;02.08.2026;30"
    form, rows = shaped(text, "Дата", "Расход")
    assert [number for number, _ in rows] == [2, 3]
    assert form.skipped == (SkippedRow(3, "totals"),)
    assert [n for n, _ in shaped(text.replace("Итого", "Итого за август"), "Дата", "Расход")[1]] == [2, 3]
    last = "\n".join(text.split("\n")[:3])
    assert [n for n, _ in shaped(last, "Дата", "Расход")[1]] == [2, 3]
