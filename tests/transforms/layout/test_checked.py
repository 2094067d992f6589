"""Which doubts of the first page go when svodka.yaml calls them checked, and which stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.helpers.report_input import report_input, result
from tests.helpers.sheet_text import words_of
from transforms.layout import lay_out

NOTICE = {"run_id": "1", "source": "getcourse", "source_file": "a.csv", "rows": 3, "money_rub": None, "detail": None}


def shown(kind: str, key: str, **facts: object) -> tuple[str, str]:
    """A notice and a key under `checked` in; the words of «Сводка» and of «Качество данных» out."""
    report = report_input()
    client = report.client.model_copy(update={"checked": {key: "так и есть"}})
    notices = result("notices", [NOTICE | {"kind": kind} | facts])
    pages = lay_out(replace(report, client=client, ops={**report.ops, "notices": notices}))
    return tuple(" ".join(words_of(page)) for name in ("summary", "quality") for page in pages if page.key == name)


@pytest.mark.parametrize(
    ("kind", "key", "facts", "begins"),
    [
        ("vanished_file", "getcourse.vanished_file a.csv", {}, "Файл a.csv пропал"),
        ("free_deals", "getcourse.free_deals", {"rows": 10**6, "source_file": None}, "с суммой 0 ₽"),
        ("totals_mismatch", "getcourse.totals_mismatch a.csv", {"detail": "Итого: 2 ≠ 1"}, "не сходится"),
    ],
)
def test_what_was_looked_into_leaves_the_first_page_with_its_reason(kind, key, facts, begins):
    """The other page keeps it, and says why; under another file's name it is a doubt as ever."""
    first, quality = shown(kind, key, **facts)
    assert begins not in first
    assert "Проверено, и так и есть" in first
    assert begins in quality
    assert "Проверено: так и есть" in quality
    first, quality = shown(kind, "getcourse.odd_days", **facts)
    assert begins in first
    assert "Проверено" not in first + quality


def test_a_file_that_broke_off_is_told_whatever_is_called_checked():
    """Rows are lost: `load_client` refuses such a key, and the page heeds none."""
    first, _ = shown("file_shrank", "getcourse.file_shrank a.csv", detail="10 → 3")
    assert "стал короче" in first
