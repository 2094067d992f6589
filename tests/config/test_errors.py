"""What a person reads of an error."""

import pytest

from config.documents import DURATION_MARK, NUMBER_MARK
from config.errors import SeveralErrors, SourceError


@pytest.mark.parametrize("language", ["ru", "en"])
def test_marks_of_types_are_never_shown(language):
    """A file may hold the very characters that mark a cell's type inside; a message leaves them out."""
    error = SourceError("files.empty", file=f"{NUMBER_MARK}a{DURATION_MARK}.csv")
    assert error.text(language) == SourceError("files.empty", file="a.csv").text(language)
    assert SeveralErrors([error, error]).text(language) == "\n".join([error.text(language)] * 2)
