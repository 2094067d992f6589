"""Dates and moments: text → SQL. A form that fills columns costs one strptime, any other a regular expression more."""

from __future__ import annotations

from config.documents import MOMENT_MARK, NUMBER_MARK
from config.words import vocabulary
from transforms.parse.cells import BETWEEN, has_mark, let, literal, literals, marked_text, tidy, whole_number, why
from transforms.parse.reading import Parsed, Reading

FIRST_YEAR, LAST_YEAR = 1990, 2100
SERIAL_EPOCH = "timestamp '1899-12-30'"  # developers.google.com/sheets/api/guides/formats
FARTHEST_OFFSET_MINUTES = 14 * 60

QUICK_FORMS = (  # lengths of the text → form with the day first, form with the year first, whether it has a time
    ((18, 19), "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", True),
    ((16,), "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", True),
    ((10,), "%d.%m.%Y", "%Y-%m-%d", False),
)
TIME = (
    r"(?:(?:t| +|, ?| в )([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)? ?([ap]m)?"
    r" ?(z|(?:utc|gmt)?[-+][0-9]{1,2}(?::?[0-9]{2})?|utc|gmt)?)?"
)
YEAR_FIRST = r"([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})"
DAY_FIRST = r"([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4}|[0-9]{2})(?: ?г[.]?)?"
DAY_WORD_YEAR = r"(?:([0-9]{1,2})(?:-?го)? )?([a-zа-яё]{3,})[.]?,? ([0-9]{4})(?: ?(?:года|год|г[.]?))?"
WORD_DAY_YEAR = r"([a-z]{3,})[.]? ([0-9]{1,2}),? ([0-9]{4})"
MONTH_ONLY = r"([0-9]{4})-([0-9]{2})|([0-9]{1,2})[./]([0-9]{4})"
WRITTEN = f"^(?:{YEAR_FIRST}|{DAY_FIRST}|{DAY_WORD_YEAR}|{WORD_DAY_YEAR}|{MONTH_ONLY}){TIME}$"
PARTS = (
    "year", "mark", "month", "mark_again", "day",
    "first", "sep", "second_number", "sep_again", "short_year",
    "word_day", "word", "word_year",
    "en_word", "en_day", "en_year",
    "iso_year", "iso_month", "dotted_month", "dotted_year",
    "hour", "minute", "second", "half", "zone",
)  # fmt: skip
"""What the groups of WRITTEN hold; those of the forms that do not fit are empty."""
COMPACT, SPREAD = "^([0-9]{4})([0-9]{2})([0-9]{2})t([0-9]{2})([0-9]{2})([0-9]{2})", r"\1-\2-\3t\4:\5:\6"


def moment(cell: str, reading: Reading) -> Parsed:
    """A moment in the client's local time, to the second: TIMESTAMP without a zone."""
    quick = None if reading.unit == "unix" else _quick(cell, reading)
    return Parsed(_local_moment(cell, reading), _why(cell, reading), quick=quick, short=_short(cell, quick))


def date(cell: str, reading: Reading) -> Parsed:
    """The client's local date: DATE. A moment gives its date after its zone; a bare date is never shifted."""
    quick = None if reading.unit == "unix" else f"({_quick(cell, reading)})::date"
    short = _short(cell, quick, "::date")
    return Parsed(f"({_local_moment(cell, reading)})::date", _why(cell, reading), quick=quick, short=short)


def _short(cell: str, quick: str | None, cast: str = "") -> str | None:
    """The quick forms, and a workbook's day."""
    if quick is None:
        return None
    day = _in_range(f"try_strptime({marked_text(cell)}, '%Y-%m-%d')")
    is_day = f"{has_mark(cell, MOMENT_MARK)} and length({cell}) = 11"
    return f"case when {is_day} then ({day}){cast} else {quick} end"


def _local_moment(cell: str, reading: Reading) -> str:
    if reading.unit == "unix":
        written = f"try_cast(regexp_extract({tidy(cell)}, '^([0-9]+)(?:[.]0*)?$', 1) as bigint)"
        return let("found", _unix(f"coalesce({whole_number(cell)}, {written})", reading), _in_range("found"))
    return f"coalesce({_quick(cell, reading)}, case when {cell} <> '' then {_slow(cell, reading)} end)"


def _quick(cell: str, reading: Reading) -> str:
    """The forms that fill whole columns, told apart by length and by where the separator stands.

    The range is asked of all forms at once: what is written twice, the engine works out for every row.
    """
    cases = []
    for lengths, dotted, iso, has_time in QUICK_FORMS:
        day_first = dotted.replace("%d.%m", "%m.%d") if reading.date_order == "mdy" else dotted
        made = f"""case when substr({cell}, 3, 1) = '.' then try_strptime({cell}, '{day_first}')
            when substr({cell}, 5, 1) = '-' then try_strptime({cell}, '{iso}') end"""
        cases += [f"when {length} then {_shifted(made, reading) if has_time else made}" for length in lengths]
    return _in_range(f"case strlen({cell}) {' '.join(cases)} end")


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
    known = "case when n between 0 and 9999999999 then n * 1000000 when n <= 9999999999999 then n * 1000 end"
    return let("n", seconds, _from_utc(f"make_timestamp({known})", reading))


def _slow(cell: str, reading: Reading) -> str:
    found = f"""case
        when {_is_serial(cell)} then {_serial("t", reading)}
        when regexp_full_match(t, '[0-9]{{10}}|[0-9]{{13}}') then {_unix("try_cast(t as bigint)", reading)}
        else {_written(cell, reading)} end"""
    return let("t", tidy(cell), let("found", found, _in_range("found")))


def _is_serial(cell: str) -> str:
    """A workbook's number of days: a typed number, or bare digits that are plausible as one."""
    bare = "regexp_full_match(t, '[34][0-9]{4}(?:[.,][0-9]+)?|5[0-9]{4}(?:[.,][0-9]+)?|60000')"
    return f"({has_mark(cell, NUMBER_MARK)} and try_cast(t as double) < 100000 or {bare})"


def _serial(text: str, reading: Reading) -> str:
    whole = f"{SERIAL_EPOCH} + to_days(try_cast(round(days) as integer))"
    with_time = _shifted(f"{SERIAL_EPOCH} + to_seconds(round(days * 86400))", reading)
    days = f"try_cast(replace({text}, ',', '.') as double)"
    return let("days", days, f"case when days = round(days) then {whole} else {with_time} end")


def _written(cell: str, reading: Reading) -> str:
    """Any written form: its parts by one regular expression, then one strptime, which refuses what no calendar has."""
    parts = f"regexp_extract(regexp_replace(t, '{COMPACT}', '{SPREAD}'), '{WRITTEN}', [{literals(PARTS)}])"
    century = "case when strlen(p.short_year) = 2 then if(p.short_year >= '90', '19', '20') else '' end"
    year = f"concat(p.year, {century}, p.short_year, p.word_year, p.en_year, p.iso_year, p.dotted_year)"
    day_first = _is_day_first(reading)
    month = f"""case when p.first <> '' then if({day_first}, p.second_number, p.first)
        when p.word <> '' or p.en_word <> '' then {_month_number("p.word || p.en_word")}
        else concat(p.month, p.iso_month, p.dotted_month) end"""
    day = f"""case when p.first <> '' then if({day_first}, p.first, p.second_number)
        else coalesce(nullif(concat(p.day, p.word_day, p.en_day), ''), '1') end"""
    is_whole = "p.mark = p.mark_again and p.sep = p.sep_again"
    text = f"concat({year}, '-', {month}, '-', {day}, ' ', {_time()})"
    made = f"case when {is_whole} {_is_decided(reading)} then try_strptime({text}, '%Y-%m-%d %H:%M:%S') end"
    return let("p", parts, let("made", made, _local(cell, reading)))


def _is_day_first(reading: Reading) -> str:
    """Whether the day stands first where both are numbers. Dots are Russian."""
    if reading.date_order is not None:
        return "true" if reading.date_order == "dmy" else "false"
    return "(p.sep = '.' or p.first::int > 12 or p.second_number::int <= 12)"


def _is_decided(reading: Reading) -> str:
    """Without an order of the column, only a date with one possible reading is read."""
    if reading.date_order is not None:
        return ""
    same = "p.first::int = p.second_number::int"
    return f"and (p.first = '' or p.sep = '.' or p.first::int > 12 or p.second_number::int > 12 or {same})"


def _month_number(word: str) -> str:
    """A month's name → its number as text; empty for any other word."""
    names = "".join(f"{BETWEEN}{name}{BETWEEN}{number}" for name, number in vocabulary().month_numbers.items())
    bound = literal(BETWEEN)
    after = f"split_part({literal(names + BETWEEN)}, {bound} || replace({word}, 'ё', 'е') || {bound}, 2)"
    return f"split_part({after}, {bound}, 1)"


def _local(cell: str, reading: Reading) -> str:
    """A moment as written → local: by its own offset, else from the source's zone; without a time it is not shifted."""
    midnight = "concat(p.hour, p.minute, p.second) in ('000000', '00000')"
    return f"""case when p.zone <> '' then {_from_offset("made", reading)}
        when p.hour = '' or {has_mark(cell, MOMENT_MARK)} and {midnight} then made
        else {_shifted("made", reading)} end"""


def _time() -> str:
    """The time of day as text, `0:0:0` without one; no time at all where a clock of twelve hours shows another."""
    hour = """case when p.half = 'pm' and p.hour::int < 12 then (p.hour::int + 12)::varchar
        when p.half = 'am' and p.hour::int = 12 then '0' else p.hour end"""
    return f"""case when p.hour = '' then '0:0:0'
        when p.half <> '' and p.hour::int not between 1 and 12 then ''
        else concat({hour}, ':', p.minute, ':', coalesce(nullif(p.second, ''), '0')) end"""


def _from_offset(moment: str, reading: Reading) -> str:
    """A moment with an offset → the client's local time; as it is written where no client's zone is known."""
    if reading.client_zone is None:
        return moment
    parts = "regexp_extract(p.zone, '([-+])([0-9]{1,2}):?([0-9]{2})?$', ['sign', 'hours', 'minutes'])"
    minutes = "coalesce(try_cast(o.hours as integer), 0) * 60 + coalesce(try_cast(o.minutes as integer), 0)"
    before = f"{moment} - to_minutes(if(o.sign = '-', -1, 1) * ({minutes}))"
    utc = let("o", parts, f"case when {minutes} <= {FARTHEST_OFFSET_MINUTES} then {before} end")
    return _from_utc(utc, reading)


def _why(cell: str, reading: Reading) -> str:
    rest = "(?:(?:t| |,).*)?"
    small = "(?:0?[1-9]|1[0-2])"
    ambiguous = f"{small}[-/]{small}[-/](?:[0-9]{{4}}|[0-9]{{2}}){rest}"
    reasons = [(f"regexp_full_match({tidy(cell)}, '(?:{YEAR_FIRST}|{DAY_FIRST}){rest}')", "impossible_date")]
    if reading.date_order is None:
        reasons.insert(0, (f"regexp_full_match({tidy(cell)}, '{ambiguous}')", "ambiguous_date"))
    return why(cell, *reasons, otherwise="not_a_date")
