"""HTML tables and SpreadsheetML, whatever they are named."""

from __future__ import annotations

import pytest

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.errors import SourceError
from connectors.files.find import FoundFile
from connectors.files.read import read
from connectors.files.table import Kind, Limits, Opened, Spool
from tests.connectors.files.reading import read_bytes

BITRIX = (
    '<meta http-equiv="Content-type" content="text/html;charset=UTF-8" /><table border="1"><thead>'
    "<tr><th>ID</th><th>Название сделки</th><th>Комментарий</th></tr></thead><tbody>{rows}</tbody></table>"
)
WORKBOOK = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="Лист1"><Table>{rows}</Table></Worksheet></Workbook>'
)


def cell(kind: str, value: object, attributes: str = "") -> str:
    """A Cell element."""
    return f'<Cell{attributes}><Data ss:Type="{kind}">{value}</Data></Cell>'


def html_rows(folder, text: str, encoding: str = "utf-8") -> list[list[str]]:
    """Rows of the one table of a page."""
    [table] = read_bytes(folder, text.encode(encoding), "DEAL.xls")
    return [list(row) for row in table.rows]


def xml_rows(folder, rows: str) -> list[list[str]]:
    """Rows of the one sheet of an XML workbook."""
    [table] = read_bytes(folder, WORKBOOK.format(rows=rows).encode(), "a.xls")
    return [list(row) for row in table.rows]


def test_html_named_xls_is_a_table_with_entities_and_line_breaks(tmp_path):
    """Битрикс24 calls this page a workbook; `<br>` is a line break, `&amp;` an ampersand."""
    row = "<tr><td>700</td><td>ООО «Ромашка» &amp; Ко &quot;Юг&quot;</td><td>Позвонить<br>после 18:00</td></tr>"
    assert html_rows(tmp_path, BITRIX.format(rows=row)) == [
        ["ID", "Название сделки", "Комментарий"],
        ["700", 'ООО «Ромашка» & Ко "Юг"', "Позвонить\nпосле 18:00"],
    ]


def test_bytes_not_the_meta_tag_say_the_encoding(tmp_path):
    """A page in cp1251 that says UTF-8 of itself is read by its letters."""
    row = "<tr><td>700</td><td>Сделка с Анной</td><td></td></tr>"
    assert html_rows(tmp_path, BITRIX.format(rows=row), "cp1251")[1] == ["700", "Сделка с Анной", ""]


def test_header_cells_may_be_td_and_tags_left_open(tmp_path):
    """Битрикс24 telephony writes its header in `<td>`; hand-made pages forget to close."""
    text = "<html><body><table><tr><td>Сотрудник<td>Тип звонка<tr><td>Анна<td>Входящий звонок</table></body></html>"
    assert html_rows(tmp_path, text) == [["Сотрудник", "Тип звонка"], ["Анна", "Входящий звонок"]]


def test_spans_are_laid_out_and_told(tmp_path):
    """A header over two rows and columns, a value over two rows."""
    text = (
        "<table><tr><td rowspan=2>Дата</td><td colspan=2>Продажи</td></tr><tr><td>Кол-во</td><td>Сумма</td></tr>"
        "<tr><td rowspan=2>01.08</td><td>1</td><td>5</td></tr><tr><td>2</td><td>7</td></tr></table>"
    )
    [table] = read_bytes(tmp_path, text.encode(), "a.xls")
    assert [list(row) for row in table.rows] == [
        ["Дата", "Продажи", ""],
        ["Дата", "Кол-во", "Сумма"],
        ["01.08", "1", "5"],
        ["01.08", "2", "7"],
    ]
    assert list(table.merged) == [(0, 0, 1, 0), (0, 1, 0, 2), (2, 0, 3, 0)]


def test_a_table_inside_a_cell_is_text_of_that_cell(tmp_path):
    """Layout inside a cell makes no rows of its own."""
    text = "<table><tr><td>a</td></tr><tr><td><table><tr><td>внутри</td></tr></table></td></tr></table>"
    assert html_rows(tmp_path, text) == [["a"], ["внутри"]]


def test_scripts_and_styles_are_no_text(tmp_path):
    """Nothing of a page is run or shown but its cells."""
    text = "<table><tr><td>a<script>alert(1)</script></td></tr><tr><td>b<style>td{}</style></td></tr></table>"
    assert html_rows(tmp_path, text) == [["a"], ["b"]]


def test_an_empty_list_exports_a_sentence(tmp_path):
    """The sentence is what the operator must read."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, "<meta charset=utf-8><p>Список сделок пуст.</p>".encode(), "DEAL.xls")
    assert str(error.value) == (
        "DEAL.xls: внутри не таблица, а страница с текстом: «Список сделок пуст.» — так бывает при пустом списке "
        "или истёкшем входе; выгрузите заново"
    )


def test_a_login_page_instead_of_an_export_is_no_table(tmp_path):
    """An expired session answers with HTML, also where JSON was expected."""
    with pytest.raises(SourceError) as error:
        read_bytes(
            tmp_path,
            "<!DOCTYPE html><html><head><title>x</title></head><body>Войдите в аккаунт</body></html>".encode(),
            "export.json",
        )
    assert "Войдите в аккаунт" in str(error.value)


def test_a_page_that_breaks_off_is_refused(tmp_path):
    """Half of a download would be half of the money; the parser closes tags by itself and would not tell."""
    page = BITRIX.format(rows="<tr><td>700</td><td>Сделка</td><td></td></tr>" * 20).encode()
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, page[:-200], "DEAL.xls")
    assert str(error.value) == "DEAL.xls: таблица обрывается: файл скачан не до конца — скачайте его заново"


def test_white_space_is_what_a_browser_shows(tmp_path):
    """Indentation of the page is not part of a value; a non-breaking space is."""
    assert html_rows(tmp_path, "<table><tr><td>\n   a\n\t b  </td><td>1\u00a0234</td></tr></table>") == [
        ["a b", "1\u00a0234"]
    ]


def test_a_span_of_millions_is_refused(tmp_path):
    """A few bytes must not become gigabytes."""
    text = "<table>" + "<tr>" + "<td colspan=1000>x</td>" * 50 + "</tr></table>"
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, text.encode(), "a.xls")
    assert error.value.key == "files.too_wide_row"


def test_spreadsheetml_keeps_types(tmp_path):
    """Each Data element says what it is."""
    cells = [
        cell("DateTime", "2026-08-01T10:30:00.000"),
        cell("DateTime", "2026-08-02T00:00:00.000"),
        cell("DateTime", "1899-12-31T01:02:05.000"),
        cell("Number", "6731.60"),
        cell("String", "+70005550001"),
        cell("Boolean", 1),
        cell("Error", "#REF!"),
    ]
    assert xml_rows(tmp_path, f"<Row>{''.join(cells)}</Row>")[0] == [
        f"{MOMENT_MARK}2026-08-01 10:30:00",
        f"{MOMENT_MARK}2026-08-02",
        f"{DURATION_MARK}{1 * 3600 + 2 * 60 + 5}",
        f"{NUMBER_MARK}6731.6",
        "+70005550001",
        "TRUE",
        f"{ERROR_MARK}#REF!",
    ]


def test_spreadsheetml_is_sparse(tmp_path):
    """ss:Index skips cells and rows; a merged cell takes the room of several."""
    first = cell("String", "a", ' ss:MergeAcross="1"') + cell("String", "b")
    third = cell("String", "c", ' ss:Index="3"')
    rows = f'<Row>{first}</Row><Row ss:Index="3">{third}</Row>'
    assert xml_rows(tmp_path, rows) == [["a", "", "b"], [], ["", "", "c"]]


def test_spreadsheetml_values_hang_down_over_merged_rows(tmp_path):
    """A cell merged downwards holds for the rows below it, and pushes their cells right."""
    first = cell("String", "Анна", ' ss:MergeDown="1"') + cell("String", 1)
    rows = f"<Row>{first}</Row><Row>{cell('String', 2)}</Row><Row>{cell('String', 'Борис')}</Row>"
    assert xml_rows(tmp_path, rows) == [["Анна", "1"], ["Анна", "2"], ["Борис"]]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE Workbook [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE Workbook [<!ENTITY file SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE Workbook SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(tmp_path, head):
    """A billion laughs and a file of the machine are read by nobody."""
    text = WORKBOOK.format(rows="<Row><Cell><Data>&b;</Data></Cell></Row>").replace("\n<Workbook", f"\n{head}<Workbook")
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, text.encode(), "a.xls")
    assert error.value.key == "files.xml_entities"


def test_broken_xml_names_its_line(tmp_path):
    """A truncated download ends in the middle of a tag."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, WORKBOOK.format(rows="<Row><Cell>").encode()[:-40], "a.xls")
    assert error.value.key == "files.broken_xml"
    assert error.value.facts["line"] == 3


def test_a_far_index_is_refused(tmp_path):
    """A row at two thousand million would be as many blank rows."""
    with pytest.raises(SourceError) as error:
        xml_rows(tmp_path, '<Row ss:Index="2000000000"><Cell><Data>a</Data></Cell></Row>')
    assert error.value.key == "files.too_wide"


def test_other_xml_is_no_table(tmp_path):
    """A file that is not what it says."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, b"<?xml version='1.0'?><rss></rss>", "a.xls")
    assert str(error.value) == "a.xls: это XML, а не таблица — нужна выгрузка в CSV, XLSX или XLS"


def test_many_rows_go_to_disk_even_and_with_their_numbers(tmp_path):
    """A spool that overflows names a file whose records are all of one width, blank rows kept, the widest row last."""
    file = Opened(tmp_path / "a.xls", "a.xls", "s", Limits(), tmp_path)
    spool = Spool(file, Kind.HTML, cells_in_memory=4)
    for row in [["a", "b"], ["1", "две\nстроки"], [], ["2", "x"], ["3", "y", "лишнее"]]:
        spool.add(row)
    table = spool.table()
    assert table is not None
    assert table.rows is None
    assert table.dialect is not None
    assert (table.dialect.columns, table.dialect.is_even, table.dialect.delimiter) == (3, True, "\t")
    assert table.dialect.path.read_text() == 'a\tb\t\n1\t"две\nстроки"\t\n\t\t\n2\tx\t\n3\ty\tлишнее\n'
    assert [list(row) for row in table.head][:2] == [["a", "b"], ["1", "две\nстроки"]]
    assert [list(row) for row in table.tail][-1] == ["3", "y", "лишнее"]


@pytest.mark.parametrize("kind", ["html", "spreadsheetml"])
def test_a_page_of_a_megabyte_is_one_table_to_its_last_row(tmp_path, kind):
    """It is parsed as it streams, piece by piece; that memory stays bounded is measured by `make bench`."""
    path, rows = large_page(tmp_path, kind, 1_000_000)
    [table] = read(FoundFile(path, "big.xls", 0, 0.0, ""), "s", tmp_path)
    assert len(list(table.rows)) == rows + (kind == "html")  # the page has a header
    assert list(table.rows)[-1][1] == (f"Сделка & {rows - 1}" if kind == "html" else f"Сделка {rows - 1}")


def large_page(folder, kind, size):
    """A page of so many bytes and the number of its rows."""
    row = {
        "html": "<tr><td>{0}</td><td>Сделка &amp; {0}</td><td>1500.00</td></tr>",
        "spreadsheetml": f"<Row>{cell('Number', '{0}')}{cell('String', 'Сделка {0}')}</Row>",
    }[kind]
    head, tail = (BITRIX if kind == "html" else WORKBOOK).split("{rows}")
    rows = size // len(row.format(100_000).encode())
    path = folder / "big.xls"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(head)
        stream.writelines(row.format(number) for number in range(rows))
        stream.write(tail)
    return path, rows
