"""A quote that nobody closed is a letter, not the beginning of a cell that swallows the rows below it."""

from __future__ import annotations

import pytest

from config.errors import SourceError
from tests.connectors.files.reading import rows_of
from tests.connectors.files.test_read_large_csv import large, loaded

HEAD = "Номер;Дата;Клиент;Сумма"
ROWS = [f"{number};0{number}.08.2026;Клиент {number};{number}00" for number in range(1, 9)]


def texts(*places: int, where: str = "Клиент ") -> str:
    """Eight sales; in some of them a quote is opened before the client."""
    odd = [row.replace(where, f'"{where}') if number in places else row for number, row in enumerate(ROWS, 1)]
    return "\n".join([HEAD, *odd]) + "\n"


@pytest.mark.parametrize("places", [(3,), (3, 6), (3, 4), (8,), (1, 2, 3)])
def test_rows_below_an_open_quote_are_rows(tmp_path, places):
    """Held in memory or written anew from disk: eight sales, whichever quote is open."""
    text = texts(*places)
    wanted = [line.split(";") for line in text.splitlines()]
    assert rows_of(tmp_path, text) == wanted
    assert loaded(large(tmp_path, text)) == wanted


def test_an_open_quote_at_the_end_of_a_row(tmp_path):
    """Its last cell, and the first one of the next quote."""
    text = "\n".join(["Номер;Сумма;Клиент", '1;100;"ООО Ромашка', "2;200;Иван", "3;300;Анна"]) + "\n"
    assert [row[0] for row in rows_of(tmp_path, text)] == ["Номер", "1", "2", "3"]


def test_a_remark_of_several_lines_stays_one_cell(tmp_path):
    """With delimiters in it too, as long as no line of it is a row of the table."""
    text = 'Номер;Сумма;Клиент\n1;100;"перезвонить;\nзавтра; или позже;\nв пятницу"\n2;200;Иван\n'
    assert rows_of(tmp_path, text)[1:] == [
        ["1", "100", "перезвонить;\nзавтра; или позже;\nв пятницу"],
        ["2", "200", "Иван"],
    ]


def test_what_cannot_be_told_apart_is_a_question(tmp_path):
    """A row of another width under the open quote: nobody knows where its cells belong."""
    text = texts(3).replace("5;05.08.2026;", "5;")
    with pytest.raises(SourceError, match="кавычка, открытая в строке 4"):
        rows_of(tmp_path, text)
