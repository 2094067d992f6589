"""Letters of text tables: code pages, torn letters, accents apart, quotes behind a backslash; short and long alike."""

from __future__ import annotations

from unicodedata import normalize

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.documents import RawTable
from config.errors import SourceError
from connectors.files.table import Limits, meant, read_csv_sql
from connectors.files.text.encoding import encoding_of, is_mostly_utf8, letters_of
from tests.connectors.files.reading import read_bytes

BOTH = pytest.mark.parametrize("limits", [Limits(), Limits(in_memory_bytes=0)], ids=["in memory", "on disk"])
TEXT = "Дата;Канал;Менеджер\n01.08.2026;Яндекс.Директ;Анна\n02.08.2026;Авито;Борис\n"


def cells(raw: RawTable) -> list[list[str]]:
    """Every cell of a table, from memory or as the warehouse reads it."""
    if raw.rows is not None:
        return [list(row) for row in raw.rows]
    assert raw.dialect is not None
    names = [f"x{place}" for place in range(raw.dialect.columns)]
    found = duckdb.connect().execute(f"from {read_csv_sql(raw.dialect, names, 0)}").fetchall()
    return [[meant(cell or "", raw.dialect.code_page) for cell in row] for row in found]


def lines(text: str) -> list[list[str]]:
    """The cells of `a;b` lines."""
    return [line.split(";") for line in text.splitlines()]


@BOTH
@pytest.mark.parametrize("added", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("above", ["utf-8", "cp1251"])
def test_rows_that_powershell_added_in_utf16_are_refused_with_their_place(tmp_path, limits, above, added):
    """`>>` writes UTF-16 below whatever stands there; without zeros its cells would be other letters."""
    wide = "03.08.2026;Авито;Вера\n04.08.2026;Авито;Глеб\n".encode(added)
    rows = TEXT + "02.08.2026;Авито;Борис\n" * 97
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path, rows.encode(above) + wide, limits=limits)
    assert caught.value.key == "files.two_encodings"
    assert caught.value.facts["row"] == 101


@BOTH
def test_zeros_at_the_end_are_no_letters(tmp_path, limits):
    """What a power cut leaves of a file that was being written."""
    rows = TEXT * 40
    [raw] = read_bytes(tmp_path, rows.encode() + b"\0" * 4096, limits=limits)
    assert cells(raw)[:120] == lines(rows)


@BOTH
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "mac-cyrillic", "cp866", "utf-8"])
def test_each_code_page_of_russian_gives_the_same_cells(tmp_path, limits, encoding):
    """What a Mac or an old mail program saved says the same as what Windows did."""
    [raw] = read_bytes(tmp_path, TEXT.encode(encoding), limits=limits)
    assert cells(raw) == lines(TEXT)
    assert list(raw.torn_cells) == []


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "mac-cyrillic", "cp866"])
@pytest.mark.parametrize(
    "text",
    ["Входящий звонок принят менеджером", "ИТОГО ПО ДОГОВОРУ", "Дата звонка;Номер телефона",
     "СекцияДокумент;ДатаНачала", "Авито, ВКонтакте", "Показы;Клики;Расход, руб."],
)  # fmt: skip
def test_a_few_words_tell_the_code_page(text, encoding):
    """Usual letters and the places of capitals: a wrong code page turns both upside down."""
    assert text.encode(encoding).decode(encoding_of(text.encode(encoding))) == text


@BOTH
def test_a_torn_letter_leaves_the_file_utf_8_and_is_named(tmp_path, limits):
    """A program cut «Авито» by bytes: one cell says so, all others are sound."""
    torn = TEXT.encode().replace("Авито".encode(), "Авито".encode()[:-1])
    [raw] = read_bytes(tmp_path, torn, limits=limits)
    assert cells(raw) == lines(TEXT.replace("Авито", "Авит\ufffd"))
    assert list(raw.torn_cells) == ["B3"]


@BOTH
def test_a_torn_letter_after_a_byte_order_mark_is_named_too(tmp_path, limits):
    """The mark says UTF-8 outright."""
    torn = b"\xef\xbb\xbf" + TEXT.encode().replace("Анна".encode(), b"\xd0")
    [raw] = read_bytes(tmp_path, torn, limits=limits)
    assert list(raw.torn_cells) == ["C2"]


@BOTH
@pytest.mark.parametrize(
    "content",
    [
        ("Café;Größe;España\n" + "Müller;Señor;été\n" * 9).encode("latin-1"),
        TEXT.encode() * 5 + TEXT.encode("cp1251") * 5,
    ],
    ids=["letters of other languages", "two encodings in one file"],
)
def test_letters_that_no_encoding_makes_words_of_are_asked_about(tmp_path, limits, content):
    """A name with wrong letters would be a channel that the business does not have."""
    with pytest.raises(SourceError) as caught:
        read_bytes(tmp_path, content, limits=limits)
    assert caught.value.key == "files.unknown_encoding"


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "id;sum\n1;№ 5\n",
        "id;sum\n1;«a» — 5 €\n",
        "id;sum\n1;Brand™ ‰\n",
        "id;name\n1;«В»\n2;ООО «ЦЕНТР»\n",
        "id;name\n1;Ц\n",
        "id;name\n1;шт\n",
    ],
)
def test_a_sign_or_a_short_word_alone_is_no_question(tmp_path, limits, text):
    """Signs that stand in any text, and words too short to judge."""
    [raw] = read_bytes(tmp_path, text.encode("cp1251"), limits=limits)
    assert cells(raw) == lines(text)


@BOTH
def test_accents_apart_from_their_letters_are_joined(tmp_path, limits):
    """A Mac writes «й» as «и» and a breve, which no dictionary would know."""
    text = TEXT.replace("Борис", "Андрей Зайцев")
    apart = normalize("NFD", text)
    assert apart != text
    [raw] = read_bytes(tmp_path, apart.encode(), limits=limits)
    assert cells(raw) == lines(text)


@BOTH
def test_quotes_behind_a_backslash(tmp_path, limits):
    r"""MySQL writes `\"` for a quote inside quotes; a delimiter behind it is inside them still."""
    content = r'''1;"ООО \"Ромашка; сервис\"";9000
2;"ООО \"Лютик\"";7000
3;"просто";1
4;"вдвое ""так""";2
'''
    [raw] = read_bytes(tmp_path, content.encode(), limits=limits)
    assert [row[1] for row in cells(raw)] == ['ООО "Ромашка; сервис"', 'ООО "Лютик"', "просто", 'вдвое "так"']


@BOTH
def test_a_backslash_that_ends_a_folder_is_a_letter(tmp_path, limits):
    r"""`"C:\"` is whole with quotes doubled and is not with a backslash before its last one."""
    content = '1;"C:\\";9\n2;"D:\\Отчёты\\";7\n'
    [raw] = read_bytes(tmp_path, content.encode(), limits=limits)
    assert cells(raw) == [["1", "C:\\", "9"], ["2", "D:\\Отчёты\\", "7"]]


WRITTEN = [letter.encode(page, "ignore") for page in ("utf-8", "cp1251", "cp866") for letter in "яЁ«—x;\U0001f600"]
PIECES = st.one_of(st.binary(max_size=6), st.sampled_from(WRITTEN))


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_whether_a_text_is_utf8_is_told_without_decoding_it_as_with(data):
    """A code page is known by its bytes alone; that may only spare time."""
    assert is_mostly_utf8(data) == letters_of(data).is_utf8


@BOTH
@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85"], ids=ascii)
@pytest.mark.parametrize("place", ["Авито;{}", "{};Анна", "А{}в;Анна"])
def test_a_line_break_of_word_inside_a_cell_ends_no_row(tmp_path, limits, mark, place):
    """Python's `splitlines` takes them for ends of lines; in the last rows of a long file they were."""
    rows = TEXT + f"03.08.2026;{place.format(mark)}\n"
    [raw] = read_bytes(tmp_path, rows.encode(), limits=limits)
    assert cells(raw) == [line.split(";") for line in rows.rstrip("\n").split("\n")]
    assert raw.rows is not None or list(raw.tail) == cells(raw)[1:]


def test_a_line_break_of_word_inside_a_payment_ends_no_line(tmp_path):
    """Its purpose goes on behind it."""
    text = "\n".join(
        ["1CClientBankExchange", "ВерсияФормата=1.03", "СекцияДокумент=Платежное поручение", "Номер=1",
         "Сумма=100.00", "НазначениеПлатежа=Оплата\x0bпо счёту 5", "КонецДокумента", "КонецФайла", ""]
    )  # fmt: skip
    [raw] = read_bytes(tmp_path, text.encode())
    assert "по счёту 5" in str(raw.rows)


@BOTH
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n", "\r"], ids=ascii)
def test_a_line_break_inside_quotes_is_one_whatever_ends_the_lines(tmp_path, limits, end):
    """As a refused cell is shown, and an alias is compared."""
    [raw] = read_bytes(tmp_path, f'Канал;Кто{end}"Авито{end}Доставка";Анна{end}'.encode(), limits=limits)
    assert [row for row in cells(raw) if any(row)] == [["Канал", "Кто"], ["Авито\nДоставка", "Анна"]]


@pytest.mark.parametrize("word", ["Заявка", "Заявка;Чат", "id;subject\n1;Заявка\n2;Яна\n"])
def test_a_word_with_ya_inside_is_of_windows(word):
    """The letter is the euro's sign on a Macintosh, which stands in no word."""
    assert encoding_of(word.encode("cp1251")) == "cp1251"
