"""Text tables too large for memory: left on disk when the warehouse reads them rightly, rewritten when it would not."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.table import Limits, read_csv_sql
from tests.connectors.files.reading import read_bytes

SMALL = Limits(in_memory_bytes=0)
"""Every file is large under these limits."""


def large(folder, text: str, encoding: str = "utf-8") -> RawTable:
    """A text read as a large file."""
    [table] = read_bytes(folder, text.encode(encoding), limits=SMALL)
    assert table.dialect is not None
    return table


def loaded(table: RawTable) -> list[list[str]]:
    """What the warehouse sees in the file that a document names, code pages translated."""
    dialect = table.dialect
    assert dialect is not None
    columns = ", ".join(f"'c{number}': 'varchar'" for number in range(dialect.columns))
    rows = (
        duckdb.connect()
        .sql(
            f"select * from read_csv('{dialect.path}', columns={{{columns}}}, delim='{dialect.delimiter}', quote='\"', "
            f"escape='\"', header=false, auto_detect=false, encoding='{dialect.encoding}', strict_mode=false, "
            f"null_padding={not dialect.is_even})"
        )
        .fetchall()
    )
    page = dialect.code_page
    return [[(cell or "").encode("latin-1").decode(page) if page else cell or "" for cell in row] for row in rows]


def test_lines_above_the_rows_are_counted_whatever_ends_them(tmp_path):
    """A title typed on a Mac above rows of Windows: DuckDB skips one line less, and every row has a wrong number."""
    text = "Отчёт\nза август\r\nДата;Канал\r\n" + "01.08.2026;SEO\r\n" * 50
    table = large(tmp_path, text)
    names = ["c0", "c1"]
    skipped = duckdb.connect().execute(f"select c0 from {read_csv_sql(table.dialect, names, 3)} limit 1").fetchall()
    assert skipped == [("01.08.2026",)]


def test_several_byte_order_marks_are_none_of_the_first_cell(tmp_path):
    """Files that a program put one behind the other, each with a mark of its own."""
    table = large(tmp_path, "\ufeff\ufeff\ufeff" + "Дата;Канал\r\n" + "01.08.2026;SEO\r\n" * 50)
    assert table.head[0] == ["Дата", "Канал"]
    assert loaded(table)[0] == ["Дата", "Канал"]


def test_columns_that_an_even_file_lacks_are_blank(tmp_path):
    """An export without headings that breaks off: a profile knows more columns than it has."""
    table = large(tmp_path, "01.08.2026;SEO\n\n" + "01.08.2026;SEO\n" * 50)
    assert table.dialect.is_even
    read = read_csv_sql(table.dialect, ["c0", "c1", "c2", "c3"], 0)
    rows = duckdb.connect().execute(f"from {read} limit 1").fetchall()
    assert rows == [("01.08.2026", "SEO", None, None)]


@pytest.mark.parametrize(("encoding", "page"), [("utf-8", None), ("utf-8-sig", None), ("cp1251", "cp1251")])
def test_a_plain_file_stays_where_it_is(tmp_path, encoding, page):
    """Single-byte code pages are read as latin-1 on all cores and translated afterwards."""
    text = "Дата;Канал\r\n" + "01.08.2026;Яндекс Директ\r\n" * 50
    table = large(tmp_path, text, encoding)
    assert table.dialect.path == tmp_path / "выгрузка.csv"
    assert (table.dialect.code_page, table.dialect.encoding) == (page, "latin-1" if page else "utf-8")
    assert (len(table.head), len(table.tail)) == (40, 10)
    assert list(table.tail[-1]) == ["01.08.2026", "Яндекс Директ"]
    assert loaded(table) == [line.split(";") for line in text.splitlines()]


def test_quotes_right_after_a_byte_order_mark_are_plain(tmp_path):
    """So GetCourse writes every file: the mark, then each cell in quotes."""
    table = large(tmp_path, '"id";"Email"\n"1";""\n' * 30, "utf-8-sig")
    assert table.dialect.path == tmp_path / "выгрузка.csv"
    assert (list(table.head[0]), loaded(table)[:2]) == (["id", "Email"], [["id", "Email"], ["1", ""]])


@pytest.mark.parametrize(
    ("text", "encoding"), [("Канал;Имя\nСайт — форма;Анна\n", "cp1251"), ("Канал;Имя\nСАЙТ;Анна\n", "cp866")]
)
def test_bytes_that_the_warehouse_refuses_are_transcoded(tmp_path, text, encoding):
    """DuckDB's latin-1 has no 0x80 to 0x9F: there stand the dash of cp1251 and the capitals of cp866."""
    table = large(tmp_path, text, encoding)
    assert (table.dialect.encoding, table.dialect.code_page) == ("utf-8", None)
    assert table.dialect.path.parent == tmp_path / "scratch"
    assert loaded(table) == [line.split(";") for line in text.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "a;b\n1;2\n\n3;4\n",
        "a;b\r\n1;2\r\n\r\n3;4\r\n",
        "\na;b\n1;2\n",
        "a;b\r1;2\r\n3;4\n",
        "a;b\n1;2\r\r\n3;4",
        'a;b\n1;"две\nстроки"\n3\n',
        'a;b\n1;"x"y\n3;4\n',
        'a;b\n1; "x;y"\n3;4\n',
        'a;b\n1;ООО "Рога"\n3;4\n',
    ],
    ids=[
        "blank line",
        "blank line CRLF",
        "blank first line",
        "bare CR",
        "bare CR before the last line",
        "newline in quotes",
        "text after a quote",
        "space before a quote",
        "quotes in text",
    ],
)
def test_an_odd_file_is_rewritten_with_the_same_rows(tmp_path, text):
    """Row numbers and cells are those that a person sees, whatever the warehouse would have made of the original."""
    table = large(tmp_path, text)
    assert table.dialect.is_even
    assert table.dialect.path.parent == tmp_path / "scratch"
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    width = max(map(len, expected))
    assert loaded(table) == [row + [""] * (width - len(row)) for row in expected]


@pytest.mark.parametrize(
    "text",
    ['"a";"b"\n"1";"со ""словом"""\n"2";""\n', "a;b;\n1;2;\n3\n", "a;b\n1;2\n\n\n"],
    ids=["quoted", "ragged", "blank end"],
)
def test_ordinary_quotes_ragged_rows_and_blank_ends_are_plain(tmp_path, text):
    """Rewriting costs seconds a gigabyte, so it is kept for what needs it."""
    table = large(tmp_path, text)
    assert not table.dialect.is_even
    expected = [row for row in csv.reader(io.StringIO(text), delimiter=";") if row]
    assert loaded(table) == [row + [""] * (len(expected[0]) - len(row)) for row in expected]


def test_a_file_rewritten_has_its_first_rows_at_its_head(tmp_path):
    """A title and a blank line above the header, as Yandex Direct writes them: the header is looked for among them."""
    table = large(tmp_path, "Статистика\n\nДата;Расход\n" + "01.08.2026;5\n" * 60)
    assert list(map(list, table.head[:4])) == [["Статистика"], [], ["Дата", "Расход"], ["01.08.2026", "5"]]
    assert (len(table.head), len(table.tail)) == (40, 10)


def test_a_byte_order_mark_outweighs_a_broken_letter(tmp_path):
    """A file cut in the middle of a letter is still the UTF-8 that its first bytes say."""
    content = "Канал;Имя\nСайт;Анна".encode("utf-8-sig")[:-1]
    [table] = read_bytes(tmp_path, content, limits=SMALL)
    assert loaded(table) == [["Канал", "Имя"], ["Сайт", "Анн\ufffd"]]


def test_utf16_is_rewritten(tmp_path):
    """One way to read it is enough."""
    assert loaded(large(tmp_path, "Дата\tСумма\n01.08.2026\t5\n", "utf-16")) == [["Дата", "Сумма"], ["01.08.2026", "5"]]


def test_utf8_that_breaks_off_late_is_a_code_page(tmp_path):
    """The first megabytes may be ASCII."""
    table = large(tmp_path, "a;b\n" + "1;2\n" * 2_000_000 + "3;Анна\n", "cp1251")
    assert table.dialect.code_page == "cp1251"
    assert [list(row) for row in table.tail][-1] == ["3", "Анна"]


def test_a_large_file_without_a_value_is_empty(tmp_path):
    """As a small one is."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, b"\n \n;;\n", limits=SMALL)
    assert error.value.key == "files.empty"


CELLS = st.text(st.sampled_from('ab1;"\n\r Яё,'), max_size=5)
ROWS = st.lists(st.lists(CELLS, max_size=3), min_size=1, max_size=6)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(rows=ROWS)
def test_a_large_file_gives_the_rows_that_a_small_one_gives(tmp_path_factory, rows):
    """On disk or in memory, every row has the same number and the same cells."""
    folder = tmp_path_factory.mktemp("large")
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows([["a", "b", "c"], *rows, ["1", "2", "3"]])
    content = stream.getvalue().encode()
    [small] = read_bytes(folder, content)
    [big] = read_bytes(folder, content, limits=SMALL)
    width = big.dialect.columns
    breaks = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in small.rows]
    assert loaded(big) == [[*row, *[""] * (width - len(row))] for row in breaks]
