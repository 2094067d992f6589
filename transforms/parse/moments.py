"""Dates and moments: text → SQL; the form that dominates costs one strptime, all other forms one regular expression more."""

from __future__ import annotations

from config.documents import MOMENT_MARK, NUMBER_MARK
from config.vocabulary import vocabulary
from transforms.parse.cells import has_mark, let, literal, literals, marked_text, tidy, whole_number, why
from transforms.parse.reading import Parsed, Reading

FIRST_YEAR, LAST_YEAR = 1990, 2100
SERIAL_EPOCH = "timestamp '1899-12-30'"  # developers.google.com/sheets/api/guides/formats
DOTTED, ISO = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"), ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")

TIME = (
    r"(?:(?:t| +|, ?| в )([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)? ?([ap]m)?"
    r" ?(z|(?:utc|gmt)?[-+][0-9]{1,2}(?::?[0-9]{2})?|utc|gmt)?)?"
)
TIME_PARTS = ["hour", "minute", "second", "half", "zone"]
YEAR_FIRST = r"([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})"
YEAR_LAST = r"([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4}|[0-9]{2})(?: ?г[.]?)?"
DAY_WORD_YEAR = r"(?:([0-9]{1,2})(?:-?го)? )?([a-zа-яё]{3,})[.]?,? ([0-9]{4})(?: ?(?:года|год|г[.]?))?"
WORD_DAY_YEAR = r"([a-z]{3,})[.]? ([0-9]{1,2}),? ([0-9]{4})"


def moment(cell: str, reading: Reading) -> Parsed:
    """A moment in the client's local time, to the second: TIMESTAMP without a zone."""
    return Parsed(value=_local_moment(cell, reading), why=_why(cell, reading))


def date(cell: str, reading: Reading) -> Parsed:
    """The client's local date: DATE. A moment gives its date after its zone; a bare date is never shifted."""
    return Parsed(value=f"({_local_moment(cell, reading)})::date", why=_why(cell, reading))


def _local_moment(cell: str, reading: Reading) -> str:
    if reading.unit == "unix":
        seconds = f"coalesce({whole_number(cell)}, try_cast(regexp_extract({tidy(cell)}, '^([0-9]+)(?:[.]0*)?$', 1) as bigint))"
        return _in_range(_unix(seconds, reading))
    return f"coalesce({_quick(cell, reading)}, case when {cell} <> '' then {_slow(cell, reading)} end)"


def _quick(cell: str, reading: Reading) -> str:
    """The forms that fill whole columns, told apart by length and third character."""
    dotted, iso, (with_seconds, with_minutes, bare) = DOTTED, ISO, range(3)
    if reading.date_order == "mdy":
        dotted = tuple(form.replace("%d.%m", "%m.%d") for form in DOTTED)

    def either(index: int) -> str:
        return f"if(substr({cell}, 3, 1) = '.', try_strptime({cell}, '{dotted[index]}'), if(substr({cell}, 5, 1) = '-', try_strptime({cell}, '{iso[index]}'), null))"

    return f"""case strlen({cell})
        when 19 then {_in_range(_shifted(either(with_seconds), reading))}
        when 18 then {_in_range(_shifted(either(with_seconds), reading))}
        when 16 then {_in_range(_shifted(either(with_minutes), reading))}
        when 10 then {_in_range(either(bare))} end"""


def _in_range(moment: str) -> str:
    return f"case when year({moment}) between {FIRST_YEAR} and {LAST_YEAR} then {moment} end"


def _shifted(moment: str, reading: Reading) -> str:
    """From the source's zone to the client's."""
    if reading.source_zone is None or reading.client_zone is None or reading.source_zone == reading.client_zone:
        return moment
    return f"timezone({literal(reading.client_zone)}, timezone({literal(reading.source_zone)}, {moment}))"


def _from_utc(moment: str, reading: Reading) -> str:
    if reading.client_zone is None:
        return moment
    return f"timezone({literal(reading.client_zone)}, timezone('UTC', {moment}))"


def _unix(seconds: str, reading: Reading) -> str:
    """Seconds (or milliseconds) since 1970 are UTC, whatever zone the source keeps otherwise."""
    known = f"case when n between 0 and 9999999999 then n * 1000000 when n <= 9999999999999 then n * 1000 end"
    return let("n", seconds, _from_utc(f"make_timestamp({known})", reading))


def _slow(cell: str, reading: Reading) -> str:
    serial, unix = _serial("t", reading), _unix("try_cast(t as bigint)", reading)
    found = f"""case
        when {_is_serial(cell)} then {serial}
        when regexp_full_match(t, '[0-9]{{10}}|[0-9]{{13}}') then {unix}
        else {_written(cell, reading)} end"""
    return let("t", tidy(cell), let("found", found, _in_range("found")))


def _is_serial(cell: str) -> str:
    """A workbook's number of days: a typed number, or bare digits that are plausible as one."""
    bare = "regexp_full_match(t, '[34][0-9]{4}(?:[.,][0-9]+)?|5[0-9]{4}(?:[.,][0-9]+)?|60000')"
    return f"({has_mark(cell, NUMBER_MARK)} and try_cast(t as double) < 100000 or {bare})"


def _serial(text: str, reading: Reading) -> str:
    whole = f"{SERIAL_EPOCH} + to_days(try_cast(round(days) as integer))"
    parts = f"{SERIAL_EPOCH} + to_seconds(round(days * 86400))"
    return let(
        "days",
        f"try_cast(replace({text}, ',', '.') as double)",
        f"case when days = round(days) then {whole} else {_shifted(parts, reading)} end",
    )


def _written(cell: str, reading: Reading) -> str:
    """Any written form: its parts by regular expression, then one strptime that refuses what no calendar has."""
    first = _extract(YEAR_FIRST, ["y", "s1", "m", "s2", "d"])
    last = _extract(YEAR_LAST, ["a", "s1", "b", "s2", "y"])
    words = _extract(DAY_WORD_YEAR, ["d", "word", "y"])
    english = _extract(WORD_DAY_YEAR, ["word", "d", "y"])
    year = "case when strlen(p.y) = 4 then p.y when p.y >= '90' then '19' || p.y else '20' || p.y end"
    day = "coalesce(nullif(p.d, ''), '1')"
    forms = {
        first: f"case when p.y <> '' and p.s1 = p.s2 then {_assembled(cell, 'p.y', 'p.m', 'p.d', reading)} end",
        last: f"case when p.y <> '' and p.s1 = p.s2 then {_by_order(cell, year, reading)} end",
        words: f"case when p.y <> '' then {_assembled(cell, 'p.y', _month('p.word'), day, reading)} end",
        english: f"case when p.y <> '' then {_assembled(cell, 'p.y', _month('p.word'), 'p.d', reading)} end",
    }
    return f"coalesce({', '.join(let('p', parts, made) for parts, made in forms.items())})"


def _extract(pattern: str, parts: list[str]) -> str:
    return f"regexp_extract(t, '^{pattern}{TIME}$', [{literals([*parts, *TIME_PARTS])}])"


def _by_order(cell: str, year: str, reading: Reading) -> str:
    """Day and month as the column's order says; without one, only where a single reading is possible. Dots are Russian."""
    day_first = _assembled(cell, year, "p.b", "p.a", reading)
    month_first = _assembled(cell, year, "p.a", "p.b", reading)
    match reading.date_order:
        case "dmy":
            return day_first
        case "mdy":
            return month_first
        case _:
            decided = "p.s1 = '.' or p.a::int > 12 or p.a::int = p.b::int"
            return f"case when {decided} then {day_first} when p.b::int > 12 then {month_first} end"


def _assembled(cell: str, year: str, month: str, day: str, reading: Reading) -> str:
    """The parts → a moment; with an offset of its own it is converted from there, without a time it is not shifted."""
    hour = "case when p.half = 'pm' and p.hour::int < 12 then (p.hour::int + 12)::varchar when p.half = 'am' and p.hour = '12' then '0' else p.hour end"
    time = f"case when p.hour = '' or (p.half <> '' and p.hour::int not between 1 and 12) then if(p.hour = '', '0:0:0', '') else concat({hour}, ':', p.minute, ':', coalesce(nullif(p.second, ''), '0')) end"
    made = f"try_strptime(concat({year}, '-', {month}, '-', {day}, ' ', {time}), '%Y-%m-%d %H:%M:%S')"
    is_bare = (
        f"p.hour = '' or {has_mark(cell, MOMENT_MARK)} and concat(p.hour, p.minute, p.second) in ('000000', '00000')"
    )
    return let(
        "made",
        made,
        f"case when p.zone <> '' then {_from_offset('made', reading)} when {is_bare} then made else {_shifted('made', reading)} end",
    )


def _from_offset(moment: str, reading: Reading) -> str:
    """A moment with an offset → the client's local time; as it is written where no client's zone is known."""
    if reading.client_zone is None:
        return moment
    parts = "regexp_extract(p.zone, '([-+])([0-9]{1,2}):?([0-9]{2})?$', ['sign', 'hours', 'minutes'])"
    minutes = "coalesce(try_cast(o.hours as integer), 0) * 60 + coalesce(try_cast(o.minutes as integer), 0)"
    utc = let(
        "o", parts, f"case when {minutes} <= 840 then {moment} - to_minutes(if(o.sign = '-', -1, 1) * ({minutes})) end"
    )
    return _from_utc(utc, reading)


def _month(word: str) -> str:
    numbers = vocabulary().month_numbers
    cases = " ".join(f"when {literal(name)} then '{number}'" for name, number in numbers.items())
    return f"case replace({word}, 'ё', 'е') {cases} end"


def _why(cell: str, reading: Reading) -> str:
    time = rf"(?:(?:t| |,).*)?"
    ambiguous = rf"(?:0?[1-9]|1[0-2])([-/])(?:0?[1-9]|1[0-2])[-/](?:[0-9]{{4}}|[0-9]{{2}}){time}"
    dated = rf"(?:{YEAR_FIRST}|{YEAR_LAST}){time}"
    reasons = [(f"regexp_full_match({tidy(cell)}, '{dated}')", "impossible_date")]
    if reading.date_order is None:
        reasons.insert(0, (f"regexp_full_match({tidy(cell)}, '{ambiguous}')", "ambiguous_date"))
    return why(cell, *reasons, otherwise="not_a_date")


__all__ = ["date", "marked_text", "moment"]
