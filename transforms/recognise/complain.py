"""What was looked for and what a file has → the error that says so, with the likeliest match and what to do."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from config.documents import RawTable
from config.errors import ContractError
from config.profiles import ColumnSource, Profile
from config.tables import tables
from config.words import header_words
from transforms.recognise.ambiguous import Filled, likeliest, names_channels
from transforms.recognise.fit import headers_used, sources_of
from transforms.shape import Header, find_header, fold
from transforms.shape.header import headers_possible

PERSONAL = re.compile(r"@|\d[\d\s()+-]{6,}")
"""A first row of data taken for a header may hold somebody's phone or e-mail, which no message repeats."""
PLAIN = re.compile(r"[^\W_][\w ./-]*\w|[^\W\d_]")
"""Text that YAML reads as it stands."""
MOST_SHOWN = 25
LONGEST_SHOWN = 80
"""Characters of one header; where quotes are broken, a header is half of the file."""


@dataclass(frozen=True)
class Missing:
    """A column that cannot be filled from this file."""

    columns: Sequence[str]
    """Our column, or several of which one is needed."""
    wanted: Sequence[str]
    """Headers that were looked for."""
    likely: str | None
    """The header of the file that is probably meant."""


def missing(columns: Sequence[str], wanted: Sequence[str], free: Sequence[str], filled: Filled, table: str) -> Missing:
    """Our columns, the names looked for and the headers nobody uses; what is missing, with the likeliest match."""
    for column in columns:
        if likely := likeliest(lambda left: nearest(wanted, left, table, column), free, filled):  # noqa: B023  # at once
            return Missing(columns, wanted, likely)
    return Missing(columns, wanted, None)


def missing_columns(raw: RawTable, header: Header, found: Sequence[Missing], profile: Profile | None) -> ContractError:
    """Columns that are missing; one error that names them all, what was looked for, what is there and what to do."""
    proposals = [(raw.origin.source, item.columns[0], item.likely) for item in found if item.likely]
    facts: dict[str, object] = {
        "file": raw.origin.file,
        "source": raw.origin.source,
        "columns": ", ".join(" / ".join(item.columns) for item in found),
        "wanted": quoted(dict.fromkeys(name for item in found for name in item.wanted)) or "—",
        "present": visible_headers(header.names),
        "profile": profile.name if profile else "—",
        "proposals": proposals,
    }
    if not proposals:
        is_named = any(item.wanted for item in found)
        return ContractError("shape.missing_columns" if is_named else "shape.unnamed_columns", **facts)
    likely = "; ".join(f"{column} ← «{_cut(name)}»" for _, column, name in proposals)
    return ContractError("shape.renamed_columns", likely=likely, **facts)


def unknown_file(raws: Sequence[RawTable], table: str, almost: Profile | None) -> ContractError:
    """Tables that nothing fits; the error that names the export it nearly is, or asks for `columns`."""
    raw = raws[0]
    if almost is not None:
        for candidate in raws:
            wanted = [
                *almost.recognise.headers,
                *(name for source in sources_of(almost.tables[table]).values() for name in headers_used(source)),
            ]
            header = find_header(candidate, wanted)
            if header is not None and not names_channels(header, almost.tables[table]):
                return missing_columns(candidate, header, _renamed(almost, candidate, header, table), almost)
    header = next(iter(headers_possible(raw)), None)
    present = visible_headers(header.names if header else ())
    facts = {"file": raw.origin.file, "source": raw.origin.source, "table": table, "present": present}
    if likely := _as_columns(header, table):
        return ContractError("shape.unknown_file_likely", likely=likely, **facts)
    return ContractError("shape.unknown_file", **facts)


def _as_columns(header: Header | None, table: str) -> str:
    """The line of svodka.yaml that would describe a table by its headings; nothing where they do not suffice."""
    every = header.names if header else ()
    names = [name for name in every if name and _cut(name) == name and not PERSONAL.search(name)]
    guessed, ours = guess_columns(names, table), tables()[table]
    if not all(any(column in guessed for column in group) for group in ours.needs):
        return ""
    pairs = (f"{column}: {as_yaml(guessed[column])}" for column in ours.columns if column in guessed)
    return f"columns: {{{', '.join(pairs)}}}"


def as_yaml(text: str) -> str:
    """A heading as it may stand within the braces of a YAML file."""
    return text if PLAIN.fullmatch(text) and not text.isdecimal() else json.dumps(text, ensure_ascii=False)


def _renamed(profile: Profile, raw: RawTable, header: Header, table: str) -> list[Missing]:
    """Signs of a profile that a file lacks, each with the column it stands for."""
    sources = sources_of(profile.tables[table])
    present = header.by_folded_name
    used = {fold(name) for source in sources.values() for name in headers_used(source)}
    filled = Filled(raw, header)
    free = [name for folded, name in present.items() if folded not in used]
    lacking = [name for name in profile.recognise.headers if fold(name) not in present]
    found = []
    for name in lacking:
        column = next(
            (column for column, source in sources.items() if fold(name) in map(fold, headers_used(source))), None
        )
        found.append(missing([column], [name], free, filled, table) if column else Missing([name], [name], None))
    return found


def quoted(names: Iterable[str]) -> str:
    """Names in guillemets, comma-separated."""
    return ", ".join(f"«{name}»" for name in names)


def visible_headers(names: Sequence[str]) -> str:
    """Headers of a file for a message: quoted, none that looks like a phone or an e-mail, cut when many or long."""
    shown = [_cut(name) for name in names if name and not PERSONAL.search(name)]
    return quoted(shown[:MOST_SHOWN]) + (", …" if len(shown) > MOST_SHOWN else "")


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else name[: LONGEST_SHOWN - 1] + "…"


# The columns a table should have and those a file has → what is missing or was probably renamed.

NEVER_DROPPED = frozenset(
    {"manager", "status", "direction", "is_answered", "talk_seconds", "closed_on", "last_active_on"}
)
"""Columns whose loss under a new header would silently change figures: one that means the same is asked about too."""
SURE_KINSHIP, SURE_MEANING = 0.8, 0.98


@dataclass(frozen=True)
class Search:
    """Where columns were looked for and which of them were found."""

    table: str
    header: Header
    sources: Mapping[str, ColumnSource]
    """What the profile and the client say together."""
    columns: Mapping[str, ColumnSource]
    """What of it the file has."""
    constants: Collection[str]
    clients: Mapping[str, Sequence[str]]
    """What the client maps; an empty list says that there is no such column."""
    filled: Filled
    had: Collection[str] = ()
    """Columns that the source had when it was last loaded."""

    def lacking(self) -> list[Missing]:
        """Columns the table needs, those the client names, and those that were probably renamed, as far as missing."""
        found = list(self._needed())
        known = {column for item in found for column in item.columns} | self.columns.keys() | set(self.constants)
        found += [self._missing([column]) for column, names in self.clients.items() if names and column not in known]
        known |= self.clients.keys()
        for column in dict.fromkeys([*self.sources, *self.had]):
            likely = self._new_name(column) if column not in known else None
            found += [Missing([column], self._wanted([column]), likely)] if likely else []
        return found

    def _needed(self) -> Iterator[Missing]:
        """Groups of columns of which the table needs one and the file has none; a period may stand in for a day."""
        our = tables()[self.table]
        given = {*self.columns, *self.constants}
        for group in our.needs:
            may_be_period = our.can_be_period and group == ["spend_on"] and not self.clients.get("spend_on")
            if given.isdisjoint(group) and not may_be_period:
                yield self._missing(group)

    def _missing(self, columns: Sequence[str]) -> Missing:
        return missing(columns, self._wanted(columns), self._free(), self.filled, self.table)

    def _wanted(self, columns: Sequence[str]) -> list[str]:
        return [name for column in columns if column in self.sources for name in headers_used(self.sources[column])]

    def _free(self) -> list[str]:
        """Headers of the file that no column is read from."""
        used = {fold(name) for source in self.sources.values() for name in headers_used(source)}
        return [name for name in self.header.names if name and fold(name) not in used]

    def _new_name(self, column: str) -> str | None:
        """A header nobody uses that surely is a column's new name; of a column that was there, one that may be."""
        wanted = self._wanted([column])

        def nearest_of(free: Sequence[str]) -> str | None:
            return nearest(wanted, free, self.table, column)

        def surest_of(free: Sequence[str]) -> str | None:
            surest = max(((self._sureness(column, wanted, header), header) for header in free), default=(0.0, ""))
            return surest[1] if surest[0] else None

        return likeliest(nearest_of if column in self.had else surest_of, self._free(), self.filled)

    def _sureness(self, column: str, wanted: Sequence[str], header: str) -> float:
        """How surely a header is a column's new name; 0 where it is not worth a question."""
        alike = max((kinship(name, header) for name in wanted), default=0.0)
        if alike >= SURE_KINSHIP:
            return alike
        meant = meaning(header, self.table, column) if column in NEVER_DROPPED else 0.0
        return SURE_KINSHIP * meant if meant >= SURE_MEANING else 0.0


# Headers a file has and names that were looked for → the likeliest match, by spelling or meaning.

NEAR = 0.72
"""From which likeness of spelling on a header is worth proposing."""
KIN = 0.86
"""What a header counts for that holds every word looked for in some form."""
WORD = re.compile(r"\w+")
EXACT, BEGINS, HOLDS = 1.0, 0.9, 0.75
GOOD_GUESS = BEGINS


def nearest(wanted: Sequence[str], present: Collection[str], table: str, column: str) -> str | None:
    """Names looked for, headers nobody uses yet, and the column they are for; the one likely meant, or None.

    Spelling first (`Дт звонка` for «Дата звонка»), then meaning (`Менеджер` for «Ответственный»).
    """
    near = max(((kinship(name, header), header) for name in wanted for header in present if header), default=(0.0, ""))
    meant = max(((meaning(header, table, column), header) for header in present if header), default=(0.0, ""))
    if near[0] >= NEAR and near[0] >= meant[0]:
        return near[1]
    return meant[1] if meant[0] >= GOOD_GUESS else near[1] if near[0] >= NEAR else None


def likeness(one: str, other: str) -> float:
    """How alike two headers are spelled, 0 to 1."""
    return SequenceMatcher(None, fold(one), fold(other)).ratio()


def kinship(wanted: str, header: str) -> float:
    """How alike a header is to the name looked for, 0 to 1, also where its words were turned round or bent.

    «Оплачен (дата)» is «Дата оплаты» in other words, «Расходы рекл» is «Расход» and more.
    """
    words, others = _words(wanted), _words(header)
    if words and all(any(_is_kin(word, other) for other in others) for word in words):
        return max(likeness(wanted, header), KIN)
    return likeness(wanted, header)


def _words(header: str) -> list[str]:
    return [word for word in WORD.findall(fold(header)) if len(word) > 2]


def _is_kin(word: str, other: str) -> bool:
    """The same word in another form: the same beginning of four letters at least, and of most of the shorter one."""
    common = next((place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    common = min(len(word), len(other)) if common is None else common
    return word == other or (common >= 4 and common >= 0.6 * min(len(word), len(other)))


def meaning(header: str, table: str, column: str) -> float:
    """How likely a header means our column, by the words such headers use; 0 if by none."""
    said = header.rpartition(" / ")[2] or header
    folded = {fold(said), fold(said.replace("_", " ")), fold(said.replace("/", " "))}
    best = 0.0
    for place, word in enumerate(header_words().get(table, {}).get(column, ())):
        meant = fold(word.replace("_", " "))
        base = max(_closeness(one, other) for one in folded for other in (meant, fold(word)))
        best = max(best, base - 0.004 * place if base else 0.0)
    return best


def _closeness(folded: str, word: str) -> float:
    if folded == word:
        return EXACT
    if folded.startswith((f"{word} ", f"{word},")):
        return BEGINS
    return HOLDS if f" {word} " in f" {folded} " else 0.0


def guess_columns(headers: Sequence[str], table: str) -> dict[str, str]:
    """Headers of a file and one of our tables in; our column → header out, no header twice, the surest pairs first."""
    pairs = sorted(
        (
            (meaning(header, table, column), -place, column, header)
            for column in header_words().get(table, {})
            for place, header in enumerate(headers)
            if header
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for likely, _, column, header in pairs:
        if likely and column not in found and header not in found.values():
            found[column] = header
    return found
