"""The cheap ways of reading a cell say nothing, or what the full way says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from tests.fuzz.nasty import VALUES
from tests.helpers.often import often
from tests.helpers.parse import CONNECTION
from transforms.parse import PARSERS, Reading, parsed

READINGS = {
    "plain": Reading(),
    "settled": Reading(date_order="mdy", decimal=".", words={"ещё думает": "true", "in": "false"}),
    "zones": Reading(date_order="dmy", decimal=",", source_zone="UTC", client_zone="Europe/Moscow"),
    "kopecks": Reading(unit="kopecks", currency="USD"),
    "unix": Reading(unit="unix", client_zone="Europe/Moscow"),
}
USUAL = (
    "17", "A-17", "1727773200.000001", "1727773200.000000", "ab12", "nan1", "70005550101", "+7 (000) 555-01-01",
    "8 000 555 01 01", "+80005550101", "8(000)5550101", "1234,56", "1234.56", "1 234,56", "-5", "0", "12", "01.08.2026",
    "2026-08-01", "01.08.2026 10:20:30", "2026-08-01 10:20", "Входящий", "входящий", "Отвечен", "Оплачен", "week",
    "Директ", "директ / поиск", "Нет ДАННЫХ", "не определён", "a@example.org", "A@Example.org", "8", "10 - точно",
    NUMBER_MARK + "17", NUMBER_MARK + "17.0", NUMBER_MARK + "1234.565", NUMBER_MARK + "70005550101",
    MOMENT_MARK + "2026-08-01", MOMENT_MARK + "2026-08-01 10:20:30", MOMENT_MARK + "2026-02-31", DURATION_MARK + "65",
)  # fmt: skip
LETTERS = st.text("0123456789+-.,:/ ()eE_йЙнетa@\u00a0" + NUMBER_MARK + MOMENT_MARK, max_size=20)


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("kind", PARSERS)
def test_a_cheap_reading_is_the_full_one(kind, reading):
    """Of usual cells and of cells that broke somebody's program."""
    assert unlike(kind, READINGS[reading], [*USUAL, *VALUES]) == []


@pytest.mark.slow
@settings(max_examples=often(100, 600), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PARSERS)), st.sampled_from(sorted(READINGS)), st.lists(LETTERS, min_size=20, max_size=60))
def test_so_it_is_of_any_cell(kind, reading, cells):
    """Digits, marks and words in any order."""
    assert unlike(kind, READINGS[reading], cells) == []


def unlike(kind, reading, cells):
    """Cells that the cheap way of a kind, where it has one, reads otherwise than the full one."""
    parse = parsed(kind, "cell", reading)
    if parse.quick is None:
        return []
    return CONNECTION.execute(f"""select cell, cheap, full_value from (
        select cell, {parse.quick} as cheap, {parse.value} as full_value from (select unnest(?::varchar[]) as cell)
    ) where cheap is not null and cheap is distinct from full_value""", [list(cells)]).fetchall()  # fmt: skip
