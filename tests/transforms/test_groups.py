"""Labels that stand once for a group of rows, and rows that only add others up."""

from __future__ import annotations

import pytest

from config.errors import ContractError
from tests.transforms.tables import table
from transforms.shape import data_rows, find_header, shape


def read(text):
    """A table in; its rows of data, and the columns filled down without a proof, out."""
    raw = table(text.replace("| ", ";").replace("|", ";").replace(" ;", ";").strip())
    header = find_header(raw, raw.head[0])
    form = shape(raw, header)
    return [cells for _, cells in data_rows(raw, form)], form.grouped


def pivot(total="Итог по {}", seo=150):
    """Two channels of two days each, with a total below each; the label stands once."""
    return f"""
        Канал | Дата | Расход
        SEO | 01.08.2026 | 100
        | 02.08.2026 | 50
        {total.format("SEO")} | | {seo}
        VK | 01.08.2026 | 7
        | 03.08.2026 | 1 008,50
        {total.format("VK")} | | 1015,5
        Общий итог | | 1165,5
    """


@pytest.mark.parametrize("total", ["{} – итог", "{} Итог", "{} Total", "Итог по {}", "Итого: {}", "{} всего"])
def test_labels_of_a_pivot_are_filled_down_and_its_subtotals_proved(total):
    """Each row has its channel; the totals that add up are no rows."""
    assert read(pivot(total)) == (
        [
            ["SEO", "01.08.2026", "100"], ["SEO", "02.08.2026", "50"],
            ["VK", "01.08.2026", "7"], ["VK", "03.08.2026", "1 008,50"],
        ],
        (),
    )  # fmt: skip


@pytest.mark.parametrize("written", ["'1 008,50", "1'008.50 ₽", "1\u202f008,50 р.", "1 008,50 руб."])
def test_subtotals_are_proved_by_amounts_however_they_are_written(written):
    """Excel's mark of a text, an apostrophe among thousands, a unit behind."""
    rows, _ = read(pivot().replace("1 008,50", written))
    assert [row[0] for row in rows] == ["SEO", "SEO", "VK", "VK"]


def test_a_subtotal_that_does_not_add_up_is_asked():
    """Which rows are whose cannot be known: the row, the column and both figures are named."""
    with pytest.raises(ContractError) as asked:
        read(pivot(seo=160))
    assert asked.value.text("ru").endswith(
        ", строка 4: итог по «SEO» в столбце № 3 — 160, а строки над ним дают 150 — непонятно, к каким строкам "
        "относится «SEO»: заполните его в каждой строке или исправьте итог"
    )


def test_groups_within_groups_are_filled_both():
    """Salon and service: the inner total is a row of the outer one no more than the outer of itself."""
    rows, _ = read("""
        Салон | Услуга | Дата | Сумма
        Центр | Стрижка | 01.08.2026 | 10
        | | 02.08.2026 | 20
        | Стрижка Итог | | 30
        | Маникюр | 01.08.2026 | 5
        | | 03.08.2026 | 6
        | Маникюр Итог | | 11
        Центр Итог | | | 41
        Общий итог | | | 41
    """)
    assert [row[:2] for row in rows] == [["Центр", "Стрижка"]] * 2 + [["Центр", "Маникюр"]] * 2


def test_labels_that_stand_once_while_the_next_column_begins_anew_are_filled_down_and_told():
    """A pivot table without totals: the same months under each channel."""
    rows, told = read("""
        Канал | Месяц | Расход
        SEO | июль | 1
        | август | 2
        VK | июль | 3
        | август | 4
    """)
    assert ([row[0] for row in rows], told) == (["SEO", "SEO", "VK", "VK"], ("Канал",))


@pytest.mark.parametrize(
    "text",
    [
        """
        Канал | Дата | Сумма
        SEO | 01.08.2026 | 100
        | 02.08.2026 | 50
        """,
        """
        Канал | Дата | Сумма
        SEO | 01.08.2026 | 100
        | 02.08.2026 | 50
        VK | 03.08.2026 | 50
        | 04.08.2026 | 50
        Авито | 04.08.2026 | 50
        | 05.08.2026 | 50
        """,
        """
        Канал | Дата | Сумма
        SEO | 01.08.2026 | 100
        | 02.08.2026 | 50
        SEO | 01.08.2026 | 50
        | 02.08.2026 | 50
        """,
    ],
)
def test_blank_labels_without_any_proof_stay_blank(text):
    """A list by day in which some channels are not known is no pivot table."""
    rows, told = read(text)
    assert ("" in [row[0] for row in rows], told) == (True, ())


def test_heads_that_bear_the_sum_of_their_rows_are_no_rows():
    """A salon over its sales, without a day of its own; salons of several floors too."""
    rows, _ = read("""
        Услуга | Дата | Сумма
        Сеть | | 370
        Салон 1 | | 300
        Стрижка | 01.07.2026 | 100
        Маникюр | 02.07.2026 | 200
        Салон 2 | | 70
        Стрижка | 03.07.2026 | 70
    """)
    assert [row[2] for row in rows] == ["100", "200", "70"]


def test_a_head_stands_for_its_rows_where_they_name_nothing_in_its_column():
    """The manager over each one's sales."""
    rows, _ = read("""
        Менеджер | Дата | Сумма
        Анна | | 300
        | 01.07.2026 | 100
        | 02.07.2026 | 200
        Борис | | 70
        | 03.07.2026 | 70
    """)
    assert [row[0] for row in rows] == ["Анна", "Анна", "Борис"]


@pytest.mark.parametrize("sums", [(300, 71), (500, 500)])
def test_rows_without_a_day_that_add_up_nothing_stay_rows(sums):
    """They are refused as before: nobody knows when they were."""
    rows, _ = read(f"""
        Услуга | Дата | Сумма
        Салон 1 | | {sums[0]}
        Стрижка | 01.07.2026 | 100
        Маникюр | 02.07.2026 | 200
        Салон 2 | | {sums[1]}
        Стрижка | 03.07.2026 | 70
        Стрижка | 03.07.2026 | 500
    """)
    assert len(rows) == 6


def test_another_table_below_is_not_this_one():
    """A blank row and other headings: three calls are no roubles, and where it begins is told."""
    raw = table("Дата;Канал;Расход\n01.08.2026;SEO;100\n\nДата;Менеджер;Звонки\n01.08.2026;Анна;3\n02.08.2026;Анна;4")
    form = shape(raw, find_header(raw, raw.head[0]))
    assert [cells for _, cells in data_rows(raw, form)] == [["01.08.2026", "SEO", "100"]]
    assert form.other_below == (4, ("Дата", "Менеджер", "Звонки"))


def test_the_same_headings_again_are_the_same_table():
    """As printed pages and months under one another have them."""
    raw = table("Дата;Канал;Расход\n01.08.2026;SEO;100\n\nДата;Канал;Расход\n02.08.2026;SEO;3")
    form = shape(raw, find_header(raw, raw.head[0]))
    assert (len(list(data_rows(raw, form))), form.other_below) == (2, None)
