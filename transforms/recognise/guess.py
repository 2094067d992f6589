"""The tables of one file → which of our tables it can feed, by a known profile or by its headers alone."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ConfigError, ContractError
from config.profiles import Profile, profiles
from config.tables import Table, tables
from config.words import channel_names, fold, is_headed, says, vocabulary
from transforms.recognise import guess_columns, recognise
from transforms.recognise.borne_out import (
    PRICES,
    believed,
    cells_below,
    hold_figures,
    is_another,
    title_of,
)
from transforms.recognise.complain import as_yaml, meaning
from transforms.recognise.fit import Aliases, Fit, fit, fit_without_some, pseudo_texts
from transforms.recognise.months import AMOUNTS, FEWEST, KEYS_ACROSS, across_of, keys_beside
from transforms.recognise.recognised import statement_columns
from transforms.shape import NAMES_OF_TOTALS
from transforms.shape.header import Header, headers_possible
from transforms.shape.totals import figure_in

DICTIONARIES = {"channels": ("channel", "канал"), "managers": ("manager", "менеджер", "сотрудник")}
"""Dictionary → how the name of its file may begin, if the file has the columns alias and name."""

OF_FORMS = frozenset({"phone", "email", "channel", "manager"})
"""Columns for which a form has a question, as a rule."""
PIECES = ("колич", "кол-во", "quantity", "qty")

QUESTIONS = ("nps", "csi", "reason")
"""Columns of survey_answers, and of `says` how the question for each begins or goes on."""
OF_TEN = re.compile(r"(?<!\d)10(?!\d)")
"""A question of ten points; csi is of five."""

NEARLY_ALL = 0.9
"""Of expenses that bear a minus: what a minus means is then asked, or proposed."""
FEWEST_COLUMNS = 2
"""Columns that tell a table by its headers: a day alone is as likely one of a table of rates as that of a call."""


OF_OTHERS = {"calls": "of_calls", "leads": "of_leads"}
"""Table without money → what some heading of it says; a sum of money beside none of them is a sale's."""


@dataclass(frozen=True)
class Guess:
    """One of our tables that a file can feed."""

    table: str
    profile: str | None = None
    certainty: float = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our column → header, where no profile knows the file."""
    rivals: Mapping[str, str] = field(default_factory=dict)
    """Our column of money → another heading that might be it as well."""
    needs_period: bool = False
    """Its rows carry no day, and neither its heading nor its name tells of which days they are."""
    months_across: str | None = None
    """Our column whose amounts stand under headings that are months."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """Our column of expenses → `minus`, where nearly all of them bear one."""
    refunds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Heading of a column of kinds of documents → its words that mean a refund."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Our column → what a heading says of all rows."""
    tabs: Sequence[str] = ()
    """Of a workbook that feeds several tables, the tabs of this one."""
    needs_tab: bool = False
    """Whether the tabs must be named to be found."""


def guesses(raws: Sequence[RawTable]) -> list[Guess]:
    """A file's tables in; what it can feed out: all that the best fitting profile gives, else the likeliest table."""
    fits = [found for table in tables() for found in _fits(raws, table, fit)]
    fits = fits or [found for table in tables() for found in _fits(raws, table, fit_without_some)]
    if fits:
        best = max(found.rank for _, found in fits)
        profile = next(found.profile for _, found in fits if found.rank == best)
        known = [(table, found) for table, found in fits if found.profile.name == profile.name]
        return _answers_first([guess for table, found in known if (guess := _completed(table, found))])
    if both_ways := _both_ways(raws):
        return both_ways
    if across := _across(raws):
        return [across]
    if several := _channels_across(raws):
        return several
    likely = max(
        _by_headers(raws), key=lambda guess: (guess.certainty, len(guess.columns), _closeness(guess)), default=None
    )
    return [likely] if likely else []


def dictionary_of(file: str, raws: Sequence[RawTable]) -> str | None:
    """A file and its tables in; `channels` or `managers` if it is such a dictionary, else None."""
    head = {fold(cell) for raw in raws[:1] for row in raw.head[:1] for cell in row}
    if not {"alias", "name"} <= head:
        return None
    stem = PurePosixPath(file).stem.casefold()
    return next((name for name, starts in DICTIONARIES.items() if stem.startswith(starts)), None)


def _fits(
    raws: Sequence[RawTable], table: str, how: Callable[[Profile, Sequence[RawTable], str, Aliases], Fit | None]
) -> Iterator[tuple[str, Fit]]:
    for profile in profiles().values():
        found = how(profile, raws, table, {})
        if found is not None:
            yield table, found


def _completed(table: str, found: Fit) -> Guess | None:
    """What a profile leaves to the client (the question of a form), guessed by the headers; None if it stays open."""
    declared, our = found.profile.tables[table], tables()[table]
    given = {*declared.columns, *declared.constants} | ({"spend_on"} if our.can_be_period else set())
    missing = [group for group in our.needs if given.isdisjoint(group)]
    names = [name for name in found.header.names if name]
    is_form = "survey_answers" in found.profile.tables
    guessed = guess_columns(names, table) if missing else _asked_of_people(names, table) if is_form else {}
    if table == "survey_answers":
        guessed = {**guessed, **_questions(names, guessed)}
    columns = {column: header for column, header in guessed.items() if column not in given}
    if not _suffices(our, {**guessed, **dict.fromkeys(given, "")}):
        return None
    asked = _asked(table, found, {})
    if asked is not None and asked.key == "shape.channel_in_column":  # a table of that form, kept by hand
        columns["channel"] = str(asked.facts["header"])
        asked = _asked(table, found, {"channel": columns["channel"]})
    needs_period = asked is not None and asked.key in ("shape.no_period", "shape.periods_in_rows")
    return Guess(table, found.profile.name, found.certainty, columns, needs_period=needs_period)


def _asked_of_people(names: Sequence[str], table: str) -> dict[str, str]:
    """Of a form, whose questions only the client knows, those that tell who it was and where from."""
    return {column: header for column, header in guess_columns(names, table).items() if column in OF_FORMS}


def _asked(table: str, found: Fit, columns: Mapping[str, str]) -> ContractError | None:
    """What reading it with these columns would ask."""
    source = SourceConfig(
        table=table,
        files=["*"],
        profile=found.profile.name,
        columns={name: [header] for name, header in columns.items()},
    )
    try:
        recognise([found.raw], table, source, {})
    except ContractError as error:
        return error
    except ConfigError:
        return None
    return None


def _questions(names: Sequence[str], guessed: Mapping[str, str]) -> dict[str, str]:
    """Questions of a form that no word of a header tells, by the stems such questions are asked with."""
    found: dict[str, str] = {}
    for column in QUESTIONS:
        taken = {*guessed.values(), *found.values()}
        is_fit = {name: says(name, column) for name in names if name not in taken}
        asked = (name for name, fits in is_fit.items() if fits and not (column == "csi" and OF_TEN.search(name)))
        if column not in guessed and (name := next(asked, None)):
            found[column] = name
    return found


def _answers_first(known: list[Guess]) -> list[Guess]:
    """A form that asks for a score is a survey; its answers are no enquiries."""
    has_scores = any(guess.table == "survey_answers" for guess in known)
    return [guess for guess in known if not (has_scores and guess.table == "leads")]


def _by_headers(raws: Sequence[RawTable]) -> Iterator[Guess]:
    """Tables whose needs the headers of some row can meet; the more of the header is understood, the surer."""
    for raw in raws:
        for header in headers_possible(raw):
            every = [name for name in header.names if name and not says(name, "of_birth")]
            for name, table in tables().items():
                names = [one for one in every if name != "deals" or not says(one, "beside_a_sale")]
                if name != "plan" and any(is_headed(one, "done") for one in names):
                    names = [one for one in names if not is_headed(one, "planned")]
                if not table.money and (_counts_pieces(names) or _is_of_sales(names, name)):
                    continue
                if name in ("calls", "leads") and any(is_headed(one, "statistics") for one in names):
                    continue
                columns = believed(raw, header, name, _with_days(raw, header, name, names))
                columns |= _last_deed(names, name, columns)
                if is_headed(columns.get(table.money or "", ""), "no_money", "no_cash"):
                    continue
                if is_another(raw, header, name, columns):
                    continue
                constants = _step(name, columns) or _titled_channel(raw, name, columns)
                if len(columns) >= FEWEST_COLUMNS and _suffices(table, {**columns, **constants}):
                    ordered = {column: columns[column] for column in table.columns if column in columns}
                    signs = _signs(raw, header, table, ordered)
                    yield Guess(
                        name,
                        None,
                        len(columns) / max(len(every), 1),
                        ordered,
                        _rivals(names, name, ordered),
                        signs=signs,
                        refunds={} if signs else _refunds(raw, header, table),
                        constants=constants,
                    )


BARE_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


def _with_days(raw: RawTable, header: Header, table: str, names: Sequence[str]) -> dict[str, str]:
    """Columns guessed by their headings; one of days is none below which only times of a day stand, or marks."""
    columns, marks = guess_columns(names, table), vocabulary().meanings("marks")
    timed = {
        name
        for column, name in columns.items()
        if tables()[table].mappable_columns[column].type in ("date", "moment")
        and any(cells := cells_below(raw, header, name))
        and all(BARE_TIME.fullmatch(cell) or fold(cell) in marks for cell in cells if cell)
    }
    return guess_columns([name for name in names if name not in timed], table) if timed else columns


def _step(table: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Of a plan, how long a period is, where the heading of its periods is the word for it: «Месяц»."""
    said = vocabulary().meanings("grain").get(fold(columns.get("period_start", "")))
    return {"grain": said} if table == "plan" and said and "grain" not in columns else {}


def _titled_channel(raw: RawTable, table: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Of advertising without a column of channels, the one that its tab or file is called like."""
    if table != "ad_spend" or "channel" in columns:
        return {}
    title = fold(title_of(raw))
    named = {
        name
        for name, aliases in channel_names().items()
        if any(re.search(rf"(?<!\w){re.escape(fold(word))}(?!\w)", title) for word in (name, *aliases))
    }
    return (
        {"channel": as_yaml(named.pop())}
        if table == "ad_spend" and "channel" not in columns and len(named) == 1
        else {}
    )


def _signs(raw: RawTable, header: Header, table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Expenses of which nearly all bear a minus."""
    money = table.money or ""
    if not table.is_expense or money not in columns:
        return {}
    amounts = [figure for cell in cells_below(raw, header, columns[money]) if (figure := figure_in(cell))]
    below = sum(figure < 0 for figure in amounts)
    return {money: "minus"} if below and below >= NEARLY_ALL * len(amounts) else {}


def _refunds(raw: RawTable, header: Header, table: Table) -> dict[str, list[str]]:
    """Columns of kinds of documents that name sales and refunds, each with its words for refunds."""
    found = {}
    for name in header.names if table.money else ():
        words = {fold(cell): cell for cell in cells_below(raw, header, name)} if is_headed(name, "kinds") else {}
        known = [cell for word, cell in words.items() if vocabulary().is_refund(word)]
        if known and len(words) > len(known):
            found[name] = known
    return found


def _counts_pieces(names: Sequence[str]) -> bool:
    """Whether headings hold a price and a count of pieces: such lines are sales, whatever else they lack."""
    folded = [fold(name) for name in names]
    return any(name.startswith(PRICES) for name in folded) and any(name.startswith(PIECES) for name in folded)


def _is_of_sales(names: Sequence[str], table: str) -> bool:
    """Whether headings hold a sum of money and nothing that only calls, or enquiries, have."""
    if table not in OF_OTHERS:
        return False
    return any(says(name, "sums") for name in names) and not any(says(name, OF_OTHERS[table]) for name in names)


def _rivals(names: Sequence[str], table: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Amounts that stand twice, with VAT and without it say, by the headings alone."""
    free = [name for name in names if name not in columns.values()]
    money = [column for column in columns if tables()[table].mappable_columns[column].type == "money"]
    alike = {column: next((name for name in free if meaning(name, table, column)), None) for column in money}
    return {column: name for column, name in alike.items() if name}


def _closeness(guess: Guess) -> float:
    """How much the headings of a guess are what its table calls its columns, all together."""
    return sum(meaning(header, guess.table, column) for column, header in guess.columns.items())


def _last_deed(names: Sequence[str], table: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Of subscribers, the heading that says when each was active last, whatever it calls it."""
    if table != "subscribers" or "last_active_on" in columns:
        return {}
    free = (name for name in names if name not in columns.values() and says(name, "did_last"))
    return {"last_active_on": name} if (name := next(free, None)) else {}


def _both_ways(raws: Sequence[RawTable]) -> list[Guess]:
    """A statement with a column for each way: what came in feeds sales, what went out feeds costs."""
    for raw in raws:
        for header in headers_possible(raw):
            names = [name for name in header.names if name]
            if found := statement_columns(names):
                return [
                    Guess(
                        table,
                        None,
                        len(columns) / len(names),
                        columns,
                        signs=_signs(raw, header, tables()[table], columns),
                    )
                    for table, columns in found.items()
                ]
    return []


def _across(raws: Sequence[RawTable]) -> Guess | None:
    """A table with months across, by the heading beside them: channels, items of costs, or figures that are planned."""
    for raw in raws:
        found = across_of(raw)
        if found is None or len(found.months) < FEWEST:
            continue
        names = [name for name in found.header.names if name and name not in found.months]
        for table in KEYS_ACROSS:
            if columns := keys_beside(names, table):
                certainty = (len(columns) + len(found.months)) / sum(map(bool, found.header.names))
                return Guess(table, None, certainty, columns, months_across=AMOUNTS[table])
    return None


FEWEST_CHANNELS = 2


def _channels_across(raws: Sequence[RawTable]) -> list[Guess]:
    """A table of days or months with a column of spend for each channel: it feeds advertising, once a channel."""
    spellings = {fold(one) for name, aliases in channel_names().items() for one in (name, *aliases)}
    for raw in raws:
        for header in headers_possible(raw):
            names = [name for name in header.names if name]
            days = next((name for name in names[:1] if is_headed(name, "days_down")), None)
            found = [name for name in names[1:] if not NAMES_OF_ALL.fullmatch(fold(name))]
            above = [*pseudo_texts(raw).values(), *(cell for row in raw.head[: min(header.rows)] for cell in row)]
            if days is None or says(" ".join(above), "not_spend"):
                continue
            least = 1 if says(" ".join(above), "of_spend") else FEWEST_CHANNELS
            is_known = len(found) > 1 and sum(fold(name) in spellings for name in found) >= least
            if is_known and all(hold_figures(cells_below(raw, header, name)) for name in found):
                columns = {"spend_on": days}
                return [
                    Guess("ad_spend", None, 1.0, columns | {"spend_rub": name}, constants={"channel": as_yaml(name)})
                    for name in found
                ]
    return []


NAMES_OF_ALL = re.compile("|".join(map(re.escape, NAMES_OF_TOTALS)))


def _suffices(table: Table, columns: Mapping[str, str]) -> bool:
    return all(any(column in columns for column in group) for group in table.needs)
