"""The picture and the words of a first screen: the same Sheet, at a phone's width."""

from __future__ import annotations

import re
import struct

from config.documents import Cell, Sheet
from connectors.html import picture, plain_text
from connectors.html.picture import MARGIN_PX, SCREEN_PX, picture_svg
from tests.connectors.google_sheets.report_sheets import summary

HEADERS = ("1–20 сен", "к 1–20 авг", "август", "к июлю")
SIGNS = "₽▲▼−№Щё→—\ue000"


def sheet(rows: int = 6) -> Sheet:
    """A title, a sentence, a table of figures with two columns that no phone shows, many rows of it if asked."""
    cells = [
        Cell(0, 0, "Школа", "title", columns=3),
        Cell(1, 0, "Реклама подорожала: 1,2 звонка на 1 000 ₽.", "text", columns=3),
        Cell(2, 0, "Показатель", "headerleft"),
        *(Cell(2, place, text, "header") for place, text in enumerate(HEADERS, 1)),
    ]
    for row in range(3, rows):
        cells += [Cell(row, 0, "Выручка", "name"), Cell(row, 1, 1_365_000, "money.main")]
        cells += [Cell(row, 2, -0.03, "change.worse"), Cell(row, 3, 2_000_000, "money"), Cell(row, 4, 0.1, "change")]
    return Sheet("summary", "Сводка", cells, widths=(25, 12, 12, 12, 12))


def test_the_picture_is_as_wide_as_a_phone_and_twice_as_fine():
    """49 characters and the margins: 374 pixels, drawn with 748."""
    png = picture(sheet())
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, _ = struct.unpack(">II", png[16:24])
    assert width == 2 * ((25 + 12 + 12) * 7 + 3 * 5 + 2 * MARGIN_PX)


def test_a_long_sheet_ends_with_the_screen():
    """A hundred rows are cut at a row's end."""
    height = int(re.search(r'height="(\d+)"', picture_svg(sheet(100)))[1])
    assert SCREEN_PX - 40 <= height <= SCREEN_PX + 2 * MARGIN_PX


def test_the_picture_says_what_the_cells_say():
    """Figures as their looks write them; a name that looks like a tag is a text."""
    drawn = picture_svg(Sheet("s", "С", [Cell(0, 0, "<b>", "text"), *sheet().cells[5:]], widths=(25, 12, 12)))
    assert "&lt;b&gt;" in drawn
    assert "<b>" not in drawn
    assert "1 365 000 ₽".replace(" ", "\N{NO-BREAK SPACE}") in drawn


def test_the_font_has_every_letter_of_the_report():
    """Each sign of a report draws something of its own: an empty box would be the same for all."""
    pictures = {sign: picture(Sheet("s", "С", [Cell(0, 0, sign, "text")], widths=(25, 12, 12))) for sign in SIGNS}
    missing = pictures.pop("\ue000")
    assert missing not in pictures.values()
    assert len(set(pictures.values())) == len(pictures)


def test_words_are_a_line_a_figure():
    """What the change compares with stands beside it; the other columns are for a wider screen."""
    assert plain_text(sheet(4)).replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "Школа",
        "Реклама подорожала: 1,2 звонка на 1 000 ₽.",
        "Выручка: 1 365 000 ₽ (▼ 3 % к 1–20 авг)",
    ]


def test_the_same_sheet_is_the_same_picture():
    """Nothing of the clock or the machine is in it."""
    assert picture(summary()) == picture(summary())


def test_words_without_colour_do_not_speak_of_grey():
    """A message has no grey, and «— (— к 1–20 авг)» says nothing twice."""
    cells = [
        Cell(2, 0, "Показатель", "headerleft"),
        *(Cell(2, place, text, "header") for place, text in enumerate(HEADERS, 1)),
        *(Cell(3, 0, "Выручка", "name"), Cell(3, 1, "—", "dash"), Cell(3, 2, "—", "dash.grey")),
        Cell(4, 0, "Серым: источник не обновлялся, сравнивать рано.", "footnote", columns=3),
    ]
    assert plain_text(Sheet("summary", "Сводка", cells, widths=(25, 12, 12))) == "Выручка: —"


def test_what_is_grey_is_said_to_be_of_few_cases():
    """A message has no colours: «▼ 12 %» alone would be taken for news."""
    cells = (
        Cell(0, 0, "", "headerleft"), Cell(0, 1, "1–20 сен", "header"), Cell(0, 2, "к 1–20 авг", "header"),
        Cell(1, 0, "Клиентов на 10 звонков", "words"), Cell(1, 1, 1.3, "ratio.main"),
        Cell(1, 2, -0.12, "change.worse.grey"),
        Cell(2, 0, "Выручка", "words"), Cell(2, 1, 100, "money.main"), Cell(2, 2, -0.12, "change.worse"),
    )  # fmt: skip
    told = plain_text(Sheet("summary", "Сводка", cells, widths=(25, 12, 12))).replace("\N{NO-BREAK SPACE}", " ")
    assert told.splitlines() == [
        "Клиентов на 10 звонков: 1,3 (▼ 12 % к 1–20 авг, мало случаев)",
        "Выручка: 100 ₽ (▼ 12 % к 1–20 авг)",
    ]
