"""What a person reads of an error."""

import pytest

from config.documents import DURATION_MARK, NUMBER_MARK
from config.errors import RuleBroken, SeveralErrors, SourceError


@pytest.mark.parametrize("language", ["ru", "en"])
def test_marks_of_types_are_never_shown(language):
    """A file may hold the very characters that mark a cell's type inside; a message leaves them out."""
    error = SourceError("files.empty", file=f"{NUMBER_MARK}a{DURATION_MARK}.csv")
    assert error.text(language) == SourceError("files.empty", file="a.csv").text(language)
    assert SeveralErrors([error, error]).text(language) == "\n".join([error.text(language)] * 2)


def test_what_is_counted_has_its_thousands_parted_and_a_row_of_a_file_has_not():
    """«1 747 строк из 3 494»; row 1747 is looked for by this very number."""
    facts = {"source": "calls", "share": "50 %", "most": "5 %", "file": "a.csv", "column": "x", "reason": "?"}
    error = RuleBroken("warehouse.too_many_refused", refused=1747, counted=3494, cells=1747, row=1747, **facts)
    text = error.text("ru").replace("\N{NO-BREAK SPACE}", " ")
    assert "отвергнуто 1 747 строк из 3 494" in text
    assert "1 747 ячеек, первая в строке 1747" in text
    assert "1,747 rows of 3,494 refused" in error.text("en")
