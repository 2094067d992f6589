"""A huge text table is cut between its records, wherever line breaks stand inside quotes; or not at all."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files.text.pieces import pieces, write_piece

CELL = st.sampled_from(["a", "", "b;c", 'say "hi"', "two\nlines", "три", "\n\n", "x" * 30])
TABLE = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=60)


def records(text):
    """As Python's csv module reads them."""
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


@settings(deadline=None)
@given(TABLE, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(30, 200))
def test_pieces_hold_every_record_once(tmp_path_factory, rows, line_end, all_quoted, piece_bytes):
    """Each under the heading; how many records stand before a piece is what stood in those before it."""
    text = StringIO()
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=";", lineterminator=line_end, quoting=quoting).writerows([["h", "i", "j"], *rows])
    folder = tmp_path_factory.mktemp("pieces")
    (folder / "whole.csv").write_bytes(text.getvalue().encode())
    found, cut = [], pieces(folder / "whole.csv", 1, piece_bytes)
    assert len(cut) > 1 or len(text.getvalue().encode()) < 3 * piece_bytes + 400
    for piece in cut:
        assert piece.before == len(found)
        with (folder / "whole.csv").open("rb") as whole:
            write_piece(whole, piece, folder / "piece.csv")
        heading, *own = records((folder / "piece.csv").read_bytes().decode())
        assert heading == ["h", "i", "j"]
        found += own
    assert not cut or found == records(text.getvalue())[1:]


@pytest.mark.parametrize(
    "odd",
    ['5" трубы;b;c', 'a";b;c', 'a;"b"c;d', '"left open;b;c', "a;b\rc;d", "a;\0;c", 'a;"b\\"c";d'],
)
def test_a_file_with_odd_quotes_is_not_cut(tmp_path, odd):
    """Nobody can tell from the middle of such a file whether a quote is open."""
    (tmp_path / "calls.csv").write_text("h;i;j\n" + "a;b;c\n" * 20 + odd + "\n" + "a;b;c\n" * 20, newline="")
    assert pieces(tmp_path / "calls.csv", 1, 40) == []
