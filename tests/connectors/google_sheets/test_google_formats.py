"""Looks as Google's formats, and what an owner changed in one."""

import json

import pytest

from config.errors import ConfigError
from config.theme import theme
from connectors.a1 import cell_name, quoted, spreadsheet_id
from connectors.google_sheets.formats import cell_format, color_style, overrides, pattern_type, with_overrides


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ('#,##0" ₽"', "NUMBER"), ("0 %", "PERCENT"), ('▲ 0 %;▼ 0 %;"="', "PERCENT"), ("mmm yyyy", "DATE"),
        ("d mmm, hh:mm", "DATE_TIME"), ("hh:mm", "TIME"), ('0.0" days"', "NUMBER"),
    ],
)  # fmt: skip
def test_a_pattern_tells_its_type(pattern, kind):
    """Google wants the type said; words in quotes do not count."""
    assert pattern_type(pattern) == kind


def test_every_color_survives_googles_eight_bits():
    """Google floors a channel to 8 bits: all 256 values must come back as they went."""
    for value in range(256):
        written = color_style(f"{value:02x}0000")["rgbColor"].get("red", 0)
        assert int(written * 255) == value


@pytest.mark.parametrize("name", sorted(theme().formats))
def test_what_we_wrote_is_nobodys_change(name):
    """The same format read back, colours floored and false members left out, is no edit."""
    written = cell_format(name)
    read = json.loads(json.dumps(written), parse_float=lambda text: int(float(text) * 255) / 255)
    if read["textFormat"].get("bold") is False:
        del read["textFormat"]["bold"], read["textFormat"]["italic"]
    assert overrides(written, read) == {}


def test_an_owners_number_format_is_laid_over_ours():
    """Only the property that was changed is the owner's; the rest of the look is ours to renew."""
    written = cell_format("money")
    found = written | {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}
    changed = overrides(written, found)
    assert changed == {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}
    assert with_overrides(cell_format("money.grey"), changed)["numberFormat"]["pattern"] == "0.00"


def test_tabs_are_quoted_whatever_they_are_called():
    """`CRM26` would be a cell, `Jon's` would end the quote."""
    assert [quoted(title) for title in ("CRM26", "Jon's")] == ["'CRM26'", "'Jon''s'"]


def test_cells_are_named_past_z():
    """Column 26 is AA, column 701 is ZZ, 702 is AAA."""
    assert [cell_name(0, column) for column in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]


def test_a_spreadsheet_is_known_by_its_address_or_its_id():
    """What the browser shows, or the code in it."""
    code = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcd"
    for place in (code, f"https://docs.google.com/spreadsheets/d/{code}/edit?gid=0#gid=0",
                  f"https://docs.google.com/spreadsheets/u/1/d/{code}/edit"):  # fmt: skip
        assert spreadsheet_id(place) == code


def test_anything_else_is_no_spreadsheet():
    """A file name in the place of an address is told as what it is."""
    with pytest.raises(ConfigError) as raised:
        spreadsheet_id("Сводка.xlsx")
    assert raised.value.text("en") == (
        "Сводка.xlsx: not the address of a Google spreadsheet; expected a link like "
        "https://docs.google.com/spreadsheets/d/… or the id from it; copy the address from the browser"
    )
