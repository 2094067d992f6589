"""Text tables in every encoding and dialect that exports come in."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import SourceError
from connectors.files.table import Limits
from connectors.files.text.encoding import encoding_of
from connectors.files.text.records import separation_of
from tests.connectors.files.reading import read_bytes, rows_of

RUSSIAN = "Дата;Клиент;Сумма\n01.08.2026;«Ёлочки» — Анна;1 234,50\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_encoding_gives_the_same_cells(tmp_path, encoding):
    """An operator does not know which one the system wrote."""
    text = RUSSIAN.replace("«", "").replace("»", "").replace("—", "-") if encoding == "cp866" else RUSSIAN
    assert rows_of(tmp_path, text, encoding) == [line.split(";") for line in text.splitlines()]


def test_cp1251_and_cp866_are_told_apart_by_letters():
    """The same bytes are letters in one and line-drawing signs in the other."""
    assert encoding_of("Входящий звонок принят менеджером".encode("cp1251")) == "cp1251"
    assert encoding_of("Входящий звонок принят менеджером".encode("cp866")) == "cp866"
    assert encoding_of("ИТОГО ПО ДОГОВОРУ".encode("cp866")) == "cp866"
    assert encoding_of("ИТОГО ПО ДОГОВОРУ".encode("cp1251")) == "cp1251"


def test_one_wrong_byte_late_in_the_file_makes_it_a_code_page(tmp_path):
    """UTF-8 is strict: a file that is mostly ASCII may hold its one Russian word at the end."""
    assert rows_of(tmp_path, "a;b\n" + "1;2\n" * 1000 + "1;Анна\n", "cp1251")[-1] == ["1", "Анна"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_is_the_one_that_gives_even_rows(tmp_path, delimiter):
    """A comma inside money is no delimiter of a semicolon file."""
    rows = [["Дата", "Кампания", "Расход"], ["01.08.2026", "РСЯ", "1.50"], ["02.08.2026", "Поиск", "2.50"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert rows_of(tmp_path, text) == rows


def test_decimal_commas_do_not_make_a_comma_the_delimiter():
    """Каждая строка с двумя дробными числами: the comma is as even as the semicolon, but gives fewer cells."""
    assert separation_of("Дата;Показы;CTR;Расход\n01.08;5;3,97;49,35\n02.08;6;0,15;39,95\n") == ";"


def test_sep_line_decides_and_counts_as_a_row(tmp_path):
    """`sep=;` with a byte order mark is Excel's instruction: no header, but row 1 to a person."""
    rows = rows_of(tmp_path, "\ufeffsep=;\r\nДата;Сумма,руб\r\n01.08.2026;1,5\r\n")
    assert rows[1:] == [["Дата", "Сумма,руб"], ["01.08.2026", "1,5"]]
    assert len(rows) == 3


def test_cells_stay_as_they_were_found(tmp_path):
    """Excel's phone guard, spaces and NBSP are for the parser to judge; nothing is stripped while reading."""
    rows = rows_of(tmp_path, 'Телефон;Сумма\n"=""+70005550820""";" 1\u00a0234,50 ₽ "\n')
    assert rows[1] == ['="+70005550820"', " 1\u00a0234,50 ₽ "]


def test_blank_lines_and_quoted_newlines_keep_row_numbers(tmp_path):
    """A blank line is a row of the sheet, a record with a newline inside quotes is one row."""
    rows = rows_of(tmp_path, 'a;b\n\n1;"две\nстроки"\n;;\n2;3\n')
    assert rows == [["a", "b"], [], ["1", "две\nстроки"], ["", "", ""], ["2", "3"]]


def test_ragged_rows_and_a_trailing_delimiter_are_kept(tmp_path):
    """Битрикс24 ends every line with `;`, old Sipuni rows are shorter than their header."""
    assert rows_of(tmp_path, '"ID";"Имя";\n"1";"Анна";\n"2"\n') == [["ID", "Имя", ""], ["1", "Анна", ""], ["2"]]


def test_quotes_inside_an_unquoted_cell_are_text(tmp_path):
    """ООО "Рога" is a name, not a quoted cell."""
    assert rows_of(tmp_path, 'a;b\n1;ООО "Рога"\n')[1] == ["1", 'ООО "Рога"']


def test_nul_bytes_are_dropped(tmp_path):
    """Some telephony pads its fields with zeros."""
    assert rows_of(tmp_path, "a;b\n1;x\0y\n")[1] == ["1", "xy"]


def test_binary_named_csv_is_refused(tmp_path):
    """A file that is not what it says gets a sentence."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, bytes(range(256)) * 40, "calls.csv")
    assert str(error.value) == (
        "calls.csv: это не таблица: внутри двоичные данные — нужна выгрузка в CSV, XLSX или XLS"
    )


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n \r\n", b";;;\n;;;\n"])
def test_a_file_without_a_value_is_empty(tmp_path, content):
    """A byte order mark or delimiters alone are nothing."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content, "calls.csv")
    assert str(error.value) == "calls.csv: файл пуст — выгрузите его заново"


def test_an_open_quote_that_swallows_the_file_is_refused(tmp_path):
    """A cell of megabytes is a quote somebody forgot."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, b'a;b\n1;"' + b"x" * 5_000_000, "calls.csv")
    assert error.value.key == "files.not_csv"


CELLS = st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs", "Cc"]), max_size=8)
ROWS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2, max_size=8)
)


@given(
    rows=ROWS,
    delimiter=st.sampled_from(";,\t|"),
    ending=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_reading_what_was_written_gives_the_same_rows(tmp_path_factory, rows, delimiter, ending, encoding):
    """Whatever a spreadsheet program writes, quoted or not, comes back cell for cell."""
    rows = [["заголовок"] * len(rows[0]), *rows]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(rows)
    assert rows_of(tmp_path_factory.mktemp("csv"), stream.getvalue(), encoding) == rows


@pytest.mark.parametrize("most_in_memory", [0, 1024 * 1024])
def test_a_row_of_thousands_of_cells_is_refused(tmp_path, most_in_memory):
    """No table has so many columns: a quote is open or the delimiter is another."""
    text = "a;b\n" + ";" * 5000 + "\n"
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, text.encode(), limits=Limits(in_memory_bytes=most_in_memory))
    assert error.value.key == "files.too_wide_row"


def test_a_line_end_inside_quotes_is_one_character(tmp_path):
    """Whichever system wrote the file; two of them stay two rows."""
    assert rows_of(tmp_path, 'a;b\r\n"x\r\ny";1\r\n') == [["a", "b"], ["x\ny", "1"]]
    assert rows_of(tmp_path, "a;b\r\r\n1;2\r\n") == [["a", "b"], [], ["1", "2"]]
