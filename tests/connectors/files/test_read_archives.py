"""ZIPs of exports, bank statements and the GetCourse API's answer."""

from __future__ import annotations

import json

import pytest

from config.errors import SourceError
from connectors.files.table import Limits
from tests.connectors.files.reading import read_bytes, zipped

CSV = b"Email Address,OPTIN_TIME\nanna@example.org,2026-08-01 10:00:00\n"
STATEMENT = """1CClientBankExchange
ВерсияФормата=1.03
Кодировка={said}
ДатаНачала=01.08.2026
ДатаКонца=31.08.2026
РасчСчет=40702810000000000001
СекцияРасчСчет
ДатаНачала=01.08.2026
РасчСчет=40702810000000000001
ВсегоПоступило=1500.00
ВсегоСписано=200.00
КонецРасчСчет
СекцияДокумент=Платежное поручение
Номер=1
Дата=02.08.2026
Сумма=1500.00
ПлательщикСчет=40702810000000000099
ПолучательСчет=40702810000000000001
НазначениеПлатежа=Оплата по счету № 5, в т.ч. НДС=0
КонецДокумента
СекцияДокумент=Банковский ордер
Номер=2
Сумма=200.00
ПлательщикСчет=40702810000000000001
КонецДокумента
КонецФайла
"""


def test_each_member_is_a_table_that_remembers_its_name(tmp_path):
    """Mailchimp keeps a subscriber's status nowhere but in the member's name."""
    content = zipped(tmp_path / "z", {"export/subscribed_members_1.csv": CSV, "export/cleaned_members_1.csv": CSV})
    tables = read_bytes(tmp_path, content, "audience.zip")
    assert [table.origin.file for table in tables] == [
        "audience.zip!export/cleaned_members_1.csv",
        "audience.zip!export/subscribed_members_1.csv",
    ]
    assert [table.origin.member for table in tables] == ["cleaned_members_1.csv", "subscribed_members_1.csv"]
    assert list((tmp_path / "scratch").rglob("[0-9]")) == []


def test_a_member_without_a_name_is_read_all_the_same(tmp_path):
    """A damaged archive may call its member `.`, which is no path at all."""
    content = zipped(tmp_path / "z", {".": CSV})
    assert read_bytes(tmp_path, content, "a.zip")[0].rows[1][0] == "anna@example.org"


def test_a_name_written_by_windows_is_read_in_cp866(tmp_path):
    """Windows packs Russian names in cp866 and does not say so."""
    content = zipped(tmp_path / "z", {"XXXXXX.csv": CSV}).replace(b"XXXXXX", "Звонки".encode("cp866"))
    assert read_bytes(tmp_path, content, "a.zip")[0].origin.member == "Звонки.csv"


def test_junk_beside_the_exports_is_left_alone(tmp_path):
    """A Mac adds __MACOSX, people add a picture."""
    content = zipped(
        tmp_path / "z", {"a.csv": CSV, "__MACOSX/._a.csv": b"x", "logo.png": b"\x89PNG", ".DS_Store": b"x"}
    )
    assert [table.origin.member for table in read_bytes(tmp_path, content, "a.zip")] == ["a.csv"]


def test_an_archive_without_a_table_is_an_error(tmp_path):
    """Not an empty source."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, zipped(tmp_path / "z", {"logo.png": b"\x89PNG"}), "a.zip")
    assert str(error.value) == "a.zip: в архиве нет ни одной таблицы — проверьте, ту ли выгрузку вы скачали"


def test_an_archive_in_an_archive_is_refused(tmp_path):
    """Bombs nest; exports do not."""
    inner = zipped(tmp_path / "i", {"a.csv": CSV})
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, zipped(tmp_path / "z", {"inner.zip": inner}), "a.zip")
    assert error.value.key == "files.nested_archive"


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:\\evil.csv", "..\\evil.csv"])
def test_a_member_may_not_name_a_place_outside(tmp_path, name):
    """Nothing is ever written under a member's own name, and such an archive is hostile anyway."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, zipped(tmp_path / "z", {name: CSV}), "a.zip")
    assert error.value.key == "files.member_leaves"


def test_a_bomb_is_refused_by_ratio_and_by_size(tmp_path):
    """Thirty megabytes of zeros pack into thirty kilobytes."""
    bomb = zipped(tmp_path / "z", {"a.csv": b"0" * 30_000_000})
    with pytest.raises(SourceError) as ratio:
        read_bytes(tmp_path, bomb, "a.zip")
    assert ratio.value.key == "files.bomb"
    with pytest.raises(SourceError) as size:
        read_bytes(tmp_path, bomb, "a.zip", limits=Limits(max_unpacked_bytes=1_000_000))
    assert str(size.value).startswith("a.zip: внутри слишком много данных: после распаковки 28 МБ, предел 0 МБ")


def test_too_many_members_are_refused(tmp_path):
    """A hundred thousand tiny files are an attack on patience."""
    content = zipped(tmp_path / "z", {f"{number}.csv": CSV for number in range(20)})
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content, "a.zip", limits=Limits(max_members=10))
    assert error.value.key == "files.too_many_members"


def test_a_locked_and_a_truncated_archive_say_so(tmp_path):
    """Each has another cure."""
    content = bytearray(zipped(tmp_path / "z", {"a.csv": CSV}))
    with pytest.raises(SourceError) as truncated:
        read_bytes(tmp_path, bytes(content[:60]), "a.zip")
    assert truncated.value.key == "files.broken_archive"
    directory = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[directory + 8] |= 1
    with pytest.raises(SourceError) as locked:
        read_bytes(tmp_path, bytes(content), "a.zip")
    assert locked.value.key == "files.password"


@pytest.mark.parametrize(
    ("said", "encoding"), [("Windows", "cp1251"), ("DOS", "cp866"), ("DOS", "cp1251"), ("UTF-8", "utf-8")]
)
def test_a_bank_statement_gives_a_row_for_each_document(tmp_path, said, encoding):
    """Keys become headers, the heading's own account stands in every row; letters decide the encoding, not its line."""
    [table] = read_bytes(tmp_path, STATEMENT.format(said=said).replace("№", "N").encode(encoding), "kl_to_1c.txt")
    header, first, second = (list(row) for row in table.rows)
    assert table.container == "1c"
    document = dict(zip(header, first, strict=True))
    assert document["СекцияДокумент"] == "Платежное поручение"
    assert document["Сумма"] == "1500.00"
    assert document["НазначениеПлатежа"] == "Оплата по счету N 5, в т.ч. НДС=0"
    assert document["РасчСчет"] == "40702810000000000001"
    assert (document["ВсегоПоступило"], document["ВсегоСписано"]) == ("1500.00", "200.00")
    assert dict(zip(header, second, strict=True))["НазначениеПлатежа"] == ""


def test_a_bank_statement_that_breaks_off_is_refused(tmp_path):
    """Half of a statement is half of the money."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, STATEMENT.format(said="UTF-8")[:-20].encode(), "kl_to_1c.txt")
    assert (
        str(error.value) == "kl_to_1c.txt: выписка обрывается: нет строки «КонецФайла» — выгрузите её из банка заново"
    )


def test_getcourse_export_is_fields_and_items(tmp_path):
    """The API's answer saved as a file; numbers keep their digits, lists are comma-joined, null is blank."""
    answer = {
        "success": True,
        "info": {"fields": ["Номер", "Сумма", "Теги", "Город"], "items": [["7", 1990.10, ["vk", "акция"], None]]},
    }
    [table] = read_bytes(tmp_path, json.dumps(answer).encode(), "export.json")
    assert [list(row) for row in table.rows] == [["Номер", "Сумма", "Теги", "Город"], ["7", "1990.1", "vk, акция", ""]]


def test_getcourse_export_that_is_not_ready_says_so(tmp_path):
    """error_code 909 is "come back later", never empty data."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, b'{"success": false, "error": true, "error_code": 909}', "export.json")
    assert str(error.value) == (
        "export.json: выгрузка ещё не готова (909) — GetCourse ещё собирает её; "
        "подождите несколько минут и скачайте снова"
    )


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b'{"success": false, "error": true, "error_code": 903, "error_message": "x"}', "files.export_failed"),
        (b'{"a": 1}', "files.json_without_table"),
        (b'{"a": [1, 2', "files.broken_json"),
        (b"[" * 100_000, "files.broken_json"),
    ],
)
def test_other_json_is_told_in_words(tmp_path, content, key):
    """An error of the service, JSON of something else, and a broken file."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, content, "export.json")
    assert error.value.key == key


def test_pictures_and_documents_are_named(tmp_path):
    """A file that is not what it says."""
    with pytest.raises(SourceError) as error:
        read_bytes(tmp_path, b"%PDF-1.7 ...", "calls.csv")
    assert str(error.value) == "calls.csv: это PDF, а не таблица — нужна выгрузка в CSV, XLSX или XLS"
