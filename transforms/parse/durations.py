"""Durations: text → SQL for whole seconds."""

from __future__ import annotations

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from transforms.parse.cells import has_mark, let, literals, marked_text, tidy, whole_number, why
from transforms.parse.reading import Parsed, Reading

LONGEST_SECONDS = 999_999_999
WORDS = (
    r"^(?:([0-9]+) ?(?:часов|часа|час|ч|h|hours?)[.]?,?)? ?"
    r"(?:([0-9]+) ?(?:минуты|минута|минут|мин|м|minutes?|min|m)[.]?,?)? ?"
    r"(?:([0-9]+) ?(?:секунды|секунда|секунд|сек|с|seconds?|sec|s)[.]?)?$"
)
CLOCK = r"^(?:([0-9]+):)?([0-9]+):([0-5]?[0-9])(?:[.,][0-9]+)?$"
"""Two parts are minutes and seconds, three start with hours."""


def seconds(cell: str, reading: Reading) -> Parsed:
    """A duration: BIGINT seconds; digits, `MM:SS`, `H:MM:SS`, words, a workbook's duration or fraction of a day."""
    quick = f"case when strlen({cell}) < 10 then {whole_number(cell, 'uinteger')}::bigint end"
    forms = f"""case
        when {has_mark(cell, NUMBER_MARK)} then {_typed_number(marked_text(cell))}
        when {has_mark(cell, DURATION_MARK)} then round(try_cast({marked_text(cell)} as double))
        when {has_mark(cell, MOMENT_MARK)} then {_typed_time(marked_text(cell))}
        when contains(t, ':') then {_parts("CLOCK")}
        when regexp_full_match(t, '[0-9]{{1,9}}(?:[.,]0+)?') then try_cast(replace(t, ',', '.') as double)
        else {_parts("WORDS")} end"""
    in_range = f"case when found between 0 and {LONGEST_SECONDS} then found::bigint end"
    slow = let("t", tidy(cell), let("found", forms, in_range))
    return Parsed(
        short=quick,
        value=f"coalesce({quick}, case when {cell} <> '' then {slow} end)",
        why=why(
            cell,
            (f"regexp_full_match({tidy(cell)}, '[0-9]+[.,][0-9]+')", "fraction_of_seconds"),
            otherwise="not_a_duration",
        ),
    )


def _typed_number(text: str) -> str:
    """Below one it is a fraction of a day; whole or large, seconds; between, nobody can tell."""
    value = f"try_cast({text} as double)"
    return let("v", value, "case when v < 1 then round(v * 86400) when v = round(v) or v >= 10 then round(v) end")


def _typed_time(text: str) -> str:
    """A time of day in a workbook is a moment of its first days."""
    since = f"epoch(try_cast({text} as timestamp)) - epoch(timestamp '1899-12-30')"
    clock = f"epoch(try_cast({text} as time))"
    return f"case when {since} between 0 and 172800 then {since} when strlen({text}) < 10 then {clock} end"


def _parts(kind: str) -> str:
    pattern = {"CLOCK": CLOCK, "WORDS": WORDS}[kind]
    names = literals(["hours", "minutes", "seconds"])
    total = " + ".join(
        f"coalesce(try_cast(p.{part} as bigint), 0) * {size}"
        for part, size in (("hours", 3600), ("minutes", 60), ("seconds", 1))
    )
    valid = "concat(p.hours, p.minutes, p.seconds) <> ''"
    if kind == "CLOCK":
        valid += " and (p.hours = '' or try_cast(p.minutes as bigint) < 60)"
    return let("p", f"regexp_extract(t, '{pattern}', [{names}])", f"case when {valid} then ({total})::double end")
