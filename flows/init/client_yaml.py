"""What was recognised in a folder → the text of its svodka.yaml, with a word on each source and what may be added."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from config.tables import tables
from flows.say import language, say
from transforms.recognise.guess import Guess
from transforms.staging.units import unit_in, vat_in

PLAIN = re.compile(r"[\w/][\w./*№«»!+ -]*", re.UNICODE)
"""Text that YAML reads as it stands."""


@dataclass(frozen=True)
class ProposedSource(Guess):
    """One source for svodka.yaml: files of one folder that are the same export."""

    files: Sequence[str] = ()
    """Relative to the folder, in order of name."""
    note: str = ""
    """What it was recognised as, and how surely."""


def client_yaml(
    client: str, sources: Sequence[ProposedSource], dictionaries: Mapping[str, str], all_files: Sequence[str]
) -> str:
    """Name, sources, dictionaries and every file of the folder in; the text of svodka.yaml out.

    A pattern stands for several files where it means no other file of the folder.
    """
    lines = [say("yaml_head", client=scalar(client), language=language())]
    names = _names(sources)
    for name, source in zip(names, sources, strict=True):
        lines += [line + "\n" for line in _source(name, source, all_files)]
    if not sources:
        lines.append(say("yaml_empty"))
    if dictionaries:
        lines.append("\ndictionaries:\n")
        notes = {"channels": f"          # {say('yaml_channels')}"}
        lines += [f"  {name}: {scalar(file)}{notes.get(name, '')}\n" for name, file in sorted(dictionaries.items())]
    loaded = {source.table for source in sources}
    lines.append(say("yaml_of_leads" if "leads" in loaded and "calls" not in loaded else "yaml_settings"))
    lines.append(say("yaml_tail"))
    return "".join(lines)


def scalar(text: str) -> str:
    """A text as YAML: as it stands where that is safe, else in double quotes."""
    is_plain = PLAIN.fullmatch(text) and not text.endswith(" ") and not re.fullmatch(r"[\d.]+|true|false|null", text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def pattern(files: Sequence[str], all_files: Sequence[str]) -> list[str]:
    """Files of one kind and every file there is; one pattern that means just them, else the files themselves."""
    folder, ending = PurePosixPath(files[0]).parent, PurePosixPath(files[0]).suffix
    alike = [file for file in all_files if PurePosixPath(file).parent == folder and file.endswith(ending)]
    is_one_kind = all(PurePosixPath(file).parent == folder and file.endswith(ending) for file in files)
    if len(files) == 1 or not ending or not is_one_kind:
        return list(files)
    for start in ("", _start(files)):
        if {file for file in alike if PurePosixPath(file).name.startswith(start)} == set(files):
            return [str(folder / f"{start}*{ending}")]
    return list(files)


def _start(files: Sequence[str]) -> str:
    """How all names begin, up to the first digit: months and parts are numbered in many ways."""
    names = [PurePosixPath(file).name for file in files]
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(takewhile(lambda letter: not (letter.isdigit() or letter in "*?[]"), (one for one, *_ in same)))


def _names(sources: Sequence[ProposedSource]) -> list[str]:
    """A name for each: its profile's or table's, numbered where two would be the same."""
    names: list[str] = []
    for source in sources:
        base = source.profile or source.table
        taken = sum(name == base or name.startswith(f"{base}_") for name in names)
        names.append(f"{base}_{taken + 1}" if taken else base)
    return names


def _source(name: str, source: ProposedSource, all_files: Sequence[str]) -> Iterator[str]:
    yield f"  {name}:" + (f"   # {source.note}" if source.note else "")
    yield f"    table: {source.table}"
    files = [scalar(file) for file in pattern(source.files, all_files)]
    yield f"    files: {files[0]}" if len(files) == 1 else f"    files: [{', '.join(files)}]"
    yield from _tabs(source)
    if source.profile:
        yield f"    profile: {source.profile}"
    if source.needs_period:
        yield f"    # period: 2026-08-01..2026-08-31   # {say('yaml_period')}"
    if source.months_across:
        yield f"    months_across: {source.months_across}   # {say('yaml_months')}"
    units = _units(source)
    if units:
        yield f"    units: {{{units}}}   # {say('yaml_by_heading')}"
    for column, sign in source.signs.items():
        yield f"    signs: {{{column}: {sign}}}   # {say('yaml_signs')}"
    if refunds := _refunds(source):
        yield f"    refunds: {{{refunds}}}   # {say('yaml_refunds')}"
    for column, value in source.constants.items():
        yield f"    constants: {{{column}: {value}}}   # {say('yaml_by_heading')}"
    if vat := _vat(source):
        yield f"    vat: {vat}   # {say('yaml_by_heading')}"
    yield from _channel(source)
    if source.columns:
        yield f"    columns:   # {say('yaml_guessed')}"
        yield from (
            f"      {column}: {scalar(header)}"
            + (f"   # {say('yaml_rival', header=source.rivals[column])}" if column in source.rivals else "")
            for column, header in source.columns.items()
        )


def _channel(source: ProposedSource) -> Iterator[str]:
    """Spend of which the file does not say what it was for."""
    if source.table == "ad_spend" and source.columns and "channel" not in {*source.columns, *source.constants}:
        yield f"    # constants: {{channel: …}}   # {say('yaml_no_channel')}"


def _tabs(source: ProposedSource) -> Iterator[str]:
    """The tabs of a workbook that feeds other tables too."""
    listed = ", ".join(map(scalar, source.tabs))
    if source.needs_tab:
        yield f"    tab: [{listed}]"
    elif source.tabs:
        yield f"    # {say('yaml_tabs', tabs=listed)}"


def _units(source: ProposedSource) -> str:
    """What the headings of its amounts say that they are in, as a line of YAML holds it."""
    kinds = tables()[source.table].mappable_columns
    said = {column: unit_in(header) for column, header in source.columns.items() if kinds[column].type == "money"}
    return ", ".join(f"{column}: {unit}" for column, unit in said.items() if unit)


def _refunds(source: ProposedSource) -> str:
    """Words that mean a refund, as a line of YAML holds them."""
    said = {header: ", ".join(map(scalar, words)) for header, words in source.refunds.items()}
    return ", ".join(f"{scalar(header)}: [{words}]" for header, words in said.items())


def _vat(source: ProposedSource) -> str | None:
    """Whether the amounts hold VAT, where a heading says so."""
    kinds = tables()[source.table].mappable_columns
    money = [header for column, header in source.columns.items() if kinds[column].type == "money"]
    return vat_in(money)
