"""What the text of a column alone cannot say: date order, decimal mark, unit, zones, own words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from config.errors import ConfigError
from config.words import fold

DateOrder = Literal["dmy", "mdy"]
DecimalMark = Literal[",", "."]
Unit = Literal["units", "micros", "kopecks", "thousand", "million", "unix"]

DurationUnit = Literal["milliseconds", "seconds", "minutes", "hours"]
DURATION_UNITS: dict[str, DurationUnit] = {
    "milliseconds": "milliseconds", "seconds": "seconds", "minutes": "minutes", "hours": "hours",
}  # fmt: skip
UNITS: dict[str, Unit] = {"units": "units", "micros": "micros", "kopecks": "kopecks", "unix": "unix"}
DECIMALS: dict[str, DecimalMark] = {",": ",", ".": ".", "decimal,": ",", "decimal.": "."}
MICROS_OR_UNITS = "micros or units"
"""Format of a column whose vendor writes either; the values decide, see `settle`."""


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are to be read where their text has more than one reading.

    The default leaves such cells unread, with an `ambiguous_…` reason; `settle` makes a Reading that decides.
    """

    date_order: DateOrder | None = None
    """Of dates with slashes, hyphens, dots and the day or month first."""
    is_swapped: bool | None = None
    """Days and months of typed cells were swapped by a program; None: nobody knows."""
    is_1904: bool | None = None
    """Numbers of days count from 1904."""
    is_minutes: bool | None = None
    """Typed durations in hours and minutes were minutes and seconds."""
    is_year_whole: bool = False
    """A year alone is a date: the first day of what is planned for it."""
    decimal: DecimalMark | None = None
    """Which mark is decimal in `1.234` and `1,234`; all other numbers tell by themselves."""
    unit: Unit = "units"
    """`micros`, `kopecks`, `thousand`, `million` of money; `unix` of dates and moments."""
    duration_unit: DurationUnit = "seconds"
    """What a bare number of a duration counts; `1:30` and typed durations say it themselves."""
    is_unit_open: bool = False
    """Money that may be micros or units: `settle` decides by the values."""
    currency: str = "RUB"
    """ISO code whose signs may stand beside an amount; others are refused."""
    source_zone: str | None = None
    """IANA name of the zone the source keeps its moments in, if not the client's."""
    client_zone: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """Folded word → our value: a client's and a vendor's words, over the project's own."""
    scale: tuple[int, int] = (0, 10)
    """Lowest and highest score that the question allows."""


@dataclass(frozen=True)
class Parsed:
    """The SQL of one column: its value, and why there is none."""

    value: str
    """Expression of the column's type; NULL where the cell is blank or unreadable."""
    why: str
    """Reason code (config/messages/reasons.yaml) worked out from the text, NULL for a blank cell; asked of suspects."""
    suspect: str = "{value} is null"
    """Condition on a value that makes it worth asking `why`."""
    quick: str | None = None
    """The same as `value` for nearly every cell, at a fifth of its price; NULL for cells that only `value` can read."""

    def reason_of(self, value_sql: str) -> str:
        """Name of a column that already holds `value` in; the expression of the reason out: NULL where all is well.

        The cheap way: work `value` out in a subquery, and the reason from its name outside.
        """
        return f"case when {self.suspect.format(value=value_sql)} then {self.why} end"

    @property
    def reason(self) -> str:
        """The reason as one expression over the text alone."""
        return self.reason_of(f"({self.value})")


@dataclass(frozen=True)
class Where:
    """The column that is asked about, as a person would find it."""

    file: str
    header: str
    column: str


Parser = Callable[[str, Reading], Parsed]
"""The SQL of a cell's text and how it is read in; the SQL of its value out."""


def with_format(reading: Reading, written: str) -> Reading:
    """A reading and one entry of `formats:` in; the reading that obeys it out.

    Known are `milliseconds`, `seconds`, `minutes`, `hours` of durations; `swapped`, `not swapped`, `1904`, `1900`,
    `m:ss`, `h:mm` of typed cells;
    `micros`, `kopecks`, `unix`, `units`, `micros or units`, a decimal mark (`,` or `.`), and a date written
    with d, m and y (`dd.mm.yyyy HH:MM`), of which the order counts. Raises ConfigError for anything else.
    """
    text = fold(written)
    if text == MICROS_OR_UNITS:
        return replace(reading, is_unit_open=True)
    if text in UNITS:
        return replace(reading, unit=UNITS[text], is_unit_open=False)
    if text in DURATION_UNITS:
        return replace(reading, duration_unit=DURATION_UNITS[text])
    if text in DECIMALS:
        return replace(reading, decimal=DECIMALS[text])
    if whole := _of_whole_column(reading, text):
        return whole
    order = "".join(dict.fromkeys(re.findall("[dmyдмг]", text.split(" ")[0].split("t")[0])))
    match order.translate(str.maketrans("дмг", "dmy")):
        case "dmy" | "ydm":
            return replace(reading, date_order="dmy")
        case "mdy":
            return replace(reading, date_order="mdy")
        case "ymd" | "my" | "ym":
            return reading
        case _:
            raise ConfigError("parse.unknown_format", format=written)


def _of_whole_column(reading: Reading, text: str) -> Reading | None:
    """What a program did to the typed cells of a column, or did not."""
    match text:
        case "swapped" | "not swapped":
            return replace(reading, is_swapped=text == "swapped")
        case "1904" | "1900":
            return replace(reading, is_1904=text == "1904")
        case "m:ss" | "h:mm":
            return replace(reading, is_minutes=text == "m:ss")
    return None


def own_words(*values: Mapping[str, list[str]]) -> dict[str, str]:
    """`values:` of one column, the weakest first, in (our value → its words); folded word → our value out."""
    return {
        fold(word): str(meaning).lower() if str(meaning) in {"True", "False"} else str(meaning)
        for meanings in values
        for meaning, words in meanings.items()
        for word in words
    }
