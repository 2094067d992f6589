"""Which files a source's patterns mean, and which are refused."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from config.errors import SourceError
from connectors.files.find import find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A client's folder."""
    client = tmp_path / "client"
    (client / "exports").mkdir(parents=True)
    return client


def test_pattern_finds_files_in_order_of_name_with_their_hash(folder):
    """Order of names makes a run repeatable; the hash decides whether a file is read again."""
    (folder / "exports/b.csv").write_bytes(b"2")
    (folder / "exports/a.csv").write_bytes(b"1")
    (folder / "exports/notes.txt").write_bytes(b"3")
    found = find("calls", ["exports/*.csv"], folder)
    assert [file.file for file in found] == ["exports/a.csv", "exports/b.csv"]
    assert found[0].content_hash == hashlib.sha256(b"1").hexdigest()
    assert found[0].size == 1


def test_a_file_that_two_patterns_match_is_read_once(folder):
    """Twice would double its rows."""
    (folder / "exports/a.csv").write_bytes(b"1")
    assert len(find("calls", ["exports/*.csv", "exports/a.csv"], folder)) == 1


def test_two_stars_reach_any_depth(folder):
    """Exports sorted into folders by month are one source."""
    (folder / "exports/2026/08").mkdir(parents=True)
    (folder / "exports/a.csv").write_bytes(b"1")
    (folder / "exports/2026/08/b.csv").write_bytes(b"1")
    assert [file.file for file in find("calls", ["exports/**/*.csv"], folder)] == [
        "exports/2026/08/b.csv",
        "exports/a.csv",
    ]


def test_name_typed_on_a_mac_finds_the_file_of_a_windows_archive(folder):
    """`й` is one character on Windows and two on a Mac; to a person it is one letter."""
    (folder / "exports" / unicodedata.normalize("NFD", "Звонки май.csv")).write_bytes(b"1")
    found = find("calls", [unicodedata.normalize("NFC", "exports/Звонки май.csv")], folder)
    assert found[0].file == unicodedata.normalize("NFC", "exports/Звонки май.csv")


def test_brackets_in_a_name_are_a_class_only_when_closed(folder):
    """`[ab]` is one letter of two; a lone bracket is a bracket."""
    (folder / "exports/a.csv").write_bytes(b"1")
    (folder / "exports/x[1.csv").write_bytes(b"1")
    assert find("s", ["exports/[ab].csv"], folder)[0].file == "exports/a.csv"
    assert find("s", ["exports/x[1.csv"], folder)[0].file == "exports/x[1.csv"


@pytest.mark.filterwarnings("error")
def test_a_file_of_just_that_name_is_meant_before_any_pattern(folder):
    """A browser calls a second download `calls[1].csv`; as a pattern that is `calls1.csv`."""
    (folder / "exports/[старое]").mkdir()
    for name in ("calls[1].csv", "calls1.csv", "[старое]/a.csv"):
        (folder / "exports" / name).write_bytes(b"1")
    assert [file.file for file in find("s", ["exports/calls[1].csv"], folder)] == ["exports/calls[1].csv"]
    assert [file.file for file in find("s", ["exports/[старое]/*.csv"], folder)] == ["exports/[старое]/a.csv"]
    assert [file.file for file in find("s", ["exports/calls[[]1].csv"], folder)] == ["exports/calls[1].csv"]


def test_files_another_program_works_on_are_left_alone(folder):
    """Excel's lock and a download under way match the pattern but are no exports."""
    for name in ("calls.xlsx", "~$calls.xlsx", "more.xlsx.part", ".~lock.calls.xlsx#"):
        (folder / "exports" / name).write_bytes(b"1")
    assert [file.file for file in find("calls", ["exports/*"], folder)] == ["exports/calls.xlsx"]


def test_only_unfinished_files_is_an_error_that_says_so(folder):
    """Silence would leave the source without a word."""
    (folder / "exports/calls.csv.crdownload").write_bytes(b"1")
    with pytest.raises(SourceError) as error:
        find("calls", ["exports/calls*"], folder)
    assert str(error.value) == (
        "источник calls: шаблону «exports/calls*» подходят только недописанные или временные файлы: "
        "exports/calls.csv.crdownload — дождитесь конца загрузки или закройте файл в Excel"
    )


def test_missing_folder_empty_folder_and_wrong_name_are_three_errors(folder):
    """Each has another cure."""
    with pytest.raises(SourceError) as missing:
        find("calls", ["exprots/*.csv"], folder)
    assert str(missing.value) == (
        "источник calls: нет папки exprots (шаблон «exprots/*.csv») — создайте её и положите туда выгрузку "
        "или исправьте files в svodka.yaml"
    )
    with pytest.raises(SourceError) as empty:
        find("calls", ["exports/*.csv"], folder)
    assert str(empty.value) == "источник calls: папка exports пуста (шаблон «exports/*.csv») — положите туда выгрузку"
    (folder / "exports/звонки.xlsx").write_bytes(b"1")
    with pytest.raises(SourceError) as other:
        find("calls", ["exports/*.csv"], folder)
    assert str(other.value) == (
        "источник calls: шаблону «exports/*.csv» не подходит ни один файл; в папке exports есть: звонки.xlsx — "
        "исправьте files в svodka.yaml или положите файл"
    )


@pytest.mark.parametrize(
    "pattern", ["../secret.csv", "exports/../../s.csv", "/etc/hostname", "exports/**/../../../secret.csv"]
)
def test_a_path_may_not_leave_the_folder(folder, pattern):
    """A client's settings are not ours to trust with the rest of the machine."""
    (folder.parent / "secret.csv").write_bytes(b"1")
    with pytest.raises(SourceError) as error:
        find("calls", [pattern], folder)
    assert error.value.key == "files.leaves_folder"


def test_a_link_out_of_the_folder_is_refused_unless_its_root_is_allowed(folder):
    """A link is a path too."""
    outside = folder.parent / "shared"
    outside.mkdir()
    (outside / "calls.csv").write_bytes(b"1")
    (folder / "exports/calls.csv").symlink_to(outside / "calls.csv")
    with pytest.raises(SourceError) as error:
        find("calls", ["exports/*.csv"], folder)
    assert str(error.value) == (
        "exports/calls.csv: путь выводит из папки клиента — положите файл в неё "
        "или добавьте его папку в SVODKA_ALLOWED_ROOTS"
    )
    assert find("calls", ["exports/*.csv"], folder, [outside])[0].file == "exports/calls.csv"


def test_a_linked_folder_out_is_refused_too(folder):
    """Every file that a pattern reaches is judged by where it really is."""
    outside = folder.parent / "shared"
    outside.mkdir()
    (outside / "calls.csv").write_bytes(b"1")
    (folder / "linked").symlink_to(outside)
    with pytest.raises(SourceError) as error:
        find("calls", ["linked/*.csv"], folder)
    assert error.value.key == "files.leaves_folder"


def test_empty_and_too_big_files_are_refused(folder):
    """Before anything is read."""
    (folder / "exports/a.csv").write_bytes(b"")
    with pytest.raises(SourceError) as empty:
        find("calls", ["exports/a.csv"], folder)
    assert str(empty.value) == "exports/a.csv: файл пуст — выгрузите его заново"
    (folder / "exports/a.csv").write_bytes(b"x" * 3_000_000)
    with pytest.raises(SourceError) as big:
        find("calls", ["exports/a.csv"], folder, max_file_bytes=1024 * 1024)
    assert str(big.value) == (
        "exports/a.csv: файл слишком велик: 2 МБ, предел 1 МБ — разделите выгрузку по месяцам "
        "или поднимите settings.loading.max_file_mb"
    )


def test_a_folder_that_matches_is_no_file(folder):
    """`exports/*` means the files in it."""
    (folder / "exports/archive").mkdir()
    (folder / "exports/a.csv").write_bytes(b"1")
    assert [file.file for file in find("calls", ["exports/*"], folder)] == ["exports/a.csv"]


def test_an_absolute_path_is_read_only_under_an_allowed_root(folder):
    """The machine's owner, not the client, opens the rest of the disk."""
    outside = folder.parent / "shared"
    outside.mkdir()
    (outside / "calls.csv").write_bytes(b"1")
    assert find("calls", [f"{outside}/*.csv"], folder, [outside])[0].path == outside / "calls.csv"
