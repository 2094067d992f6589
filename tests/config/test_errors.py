"""What a person reads of an error."""

import errno

import pytest

from config.documents import DURATION_MARK, NUMBER_MARK
from config.errors import RuleBroken, SeveralErrors, SourceError, TargetError, is_interruption, refused_by_disk


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


def test_what_the_system_refuses_is_told_in_the_readers_language():
    """In its own words where we have none; rights and room are a person's to mend, wherever they are found wanting."""
    full = OSError(errno.ENOSPC, "No space left on device", "/disk/a.tmp")
    assert TargetError("cli.backup_not_written", file="a.zip", problem=full).text("ru").endswith("на диске нет места")
    assert str(refused_by_disk(full, "школа")) == (
        "/disk/a.tmp: на диске нет места — исправьте права или освободите место и повторите"
    )
    assert refused_by_disk(OSError(errno.ENOTSOCK, "Socket operation on non-socket"), "школа") is None
    strange = SourceError("files.unreadable", file="a.csv", problem=OSError(errno.ENOTSOCK, "No socket"))
    assert "(No socket)" in strange.text("ru")


def test_what_comes_of_putting_things_up_after_ctrl_c_is_no_mistake():
    """DuckDB says of the query that it was stopped, and of the next that the transaction is no more."""

    def stopped() -> None:
        try:
            raise RuntimeError("Query interrupted")
        finally:
            raise ValueError("Current transaction is aborted")

    with pytest.raises(ValueError, match="aborted") as raised:
        stopped()
    assert is_interruption(raised.value)
    assert not is_interruption(ValueError("Current transaction is aborted"))
