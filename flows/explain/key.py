"""What a person calls a figure and its row → `table.column` and the whole key: gaps filled in, a typo told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from config import metric_words
from config.errors import ConfigError
from config.labels import Text
from config.messages import catalogue
from config.metric_words import MARKS, PLACES, metric_of
from config.metrics import MetricColumn, metrics
from config.nearest import nearest
from config.reports import figures
from config.words import fold, vocabulary
from connectors.warehouse import Reading
from flows.say import say
from transforms.explain import DIMENSIONS, GRAINS, PAID, PERIODS, WHOLE, WITH_WHOLE

TOTALS = {"всего": WHOLE, "total": WHOLE, "всего, платные": PAID, "платные": PAID, "total, paid": PAID, "paid": PAID}
DICTIONARIES = {"channel": "channels", "manager": "managers"}
MOST_NAMED = 12
NEAR, STEM = 0.4, 5
YEAR, MONTH, DAY = re.compile(r"(\d{4})"), re.compile(r"(\d{4})[-./](\d{1,2})"), re.compile(r"(\d{4})-(\d\d)-(\d\d)")
MONTH_FIRST, DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{4})"), re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
WORDS = re.compile(r"([^\W\d]+)\.?\s*(\d{4})?\s*г?\.?")
PERSON = "client_key"


@dataclass(frozen=True)
class Asked:
    """A figure, the key of its row, and the values that those parts of the key may have which nobody gave."""

    table: str
    column: str
    key: Mapping[str, str]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def asked_figure(warehouse: Reading, number: str, words: Sequence[str], *, is_masked: bool) -> Asked:
    """A figure as a person writes it and words of its key in; what they mean out.

    A period that is not named is the last complete one, a channel or a manager the whole. `is_masked`: no person is
    named who was not named by the one who asks. Raises ConfigError, with the nearest names, for what is not there.
    """
    given = _given(words)
    table, column = _figure(number, given)
    described = metrics().tables.get(table)
    if described is None or column not in described.columns:
        return Asked(table, column, given)  # what is wrong is told by the explanation
    key = _named_keys(described.key, given)
    row = _Row(warehouse, table, column, key, is_masked)
    return Asked(table, column, key, {name: some for name in described.key if (some := row.fill(name))})


def _given(words: Sequence[str]) -> dict[str, str]:
    key = {}
    for word in words:
        name, found, value = word.partition("=")
        if not found:
            raise ConfigError("cli.explain_not_key", found=word)
        key[fold(name)] = value.strip()
    return key


def _figure(number: str, given: Mapping[str, str]) -> tuple[str, str]:
    """`table.column`, a column alone, or what a report calls the figure."""
    table, _, column = number.partition(".")
    tables = metrics().tables
    if column and (table in tables or re.fullmatch(r"\w+\.\w+", number, re.ASCII)):
        return table, column
    if number in tables:
        raise ConfigError("explain.which_column", table=number, known=", ".join(tables[number].columns))
    word, names = fold(number), set(_dimensions(given))
    fitting = list(_in_order(names))
    for spec in () if names else figures().values():
        if spec.words and word in map(fold, _texts(spec.words.title)):
            return spec.table, spec.name
    for kind in (metric_words.titles, metric_words.names, metric_words.synonyms):
        for name in fitting:
            for own, told in tables[name].columns.items():
                if own not in tables[name].key and (word == own or word in kind(told)):
                    return name, own
    figures_of = [told for name in fitting for own, told in tables[name].columns.items() if own not in tables[name].key]
    labels = {text: text for told in figures_of for text in _texts(told.title)}
    longer = [one for one in labels if re.match(rf"{re.escape(word)}\W", fold(one))]
    if len(longer) == 1:
        return _figure(longer[0], given)
    raise ConfigError("explain.unknown_figure", figure=number, near=_perhaps(_near_labels(word, labels)))


def _dimensions(given: Mapping[str, str]) -> Iterator[str]:
    """Columns of keys whose value is asked for, the whole aside."""
    for word, value in given.items():
        name = next((one for one in DIMENSIONS if word in _called(one)), None)
        if name and fold(value) not in TOTALS:
            yield name


def _in_order(names: set[str]) -> Iterator[str]:
    """Tables in which a figure of such a row is looked for: those of the summary first, then the nearest to the row."""
    place = "".join(mark for name, mark in MARKS.items() if name in names)
    first = ["whole_period"] if not names else []
    for table in dict.fromkeys([*first, *PLACES.get(place, ()), *metrics().tables]):
        if names <= {*metrics().tables[table].key}:
            yield table


def _texts(text: Text) -> tuple[str, str]:
    return text.ru, text.en


def _called(name: str) -> set[str]:
    """How a column of a key may be called."""
    tables = metrics().tables.values()
    told = next(table.columns[name] for table in tables if name in table.key)
    return {name, *metric_words.titles(told)}


def _named_keys(columns: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """The key's own names for what the words call by a title or by the grain: `канал=SEO`, `месяц=сен 2026`."""
    key: dict[str, str] = {}
    grains = vocabulary().meanings("grain")
    period = next((name for name in PERIODS if name in columns), "")
    for word, value in given.items():
        name = next((one for one in columns if word in _called(one)), word)
        if name == word and period and word in grains and word not in columns:
            key |= {"grain": grains[word]} if "grain" in columns else {}
            name = period
        key[name] = grains.get(fold(value), value) if name == "grain" else value
    return key


@dataclass(frozen=True)
class _Row:
    """A row that is asked for; `key` is filled part by part."""

    warehouse: Reading
    table: str
    name: str
    key: dict[str, str]
    is_masked: bool

    @property
    def column(self) -> MetricColumn:
        """The figure that is asked for."""
        return metrics().tables[self.table].columns[self.name]

    def fill(self, name: str) -> Sequence[str]:
        """A column of the key in; its part of the key is as the table has it. What it may be if nobody said."""
        if name == "grain":
            self._fill_grain()
        elif name in PERIODS:
            self._fill_period(name)
        elif name in DIMENSIONS:
            return self._fill_dimension(name)
        elif name in self.key:
            self.key[name] = self._known(name, self.key[name])
        else:
            self.key[name] = self._only(name)
        return ()

    def _fill_grain(self) -> None:
        period = next((self.key[name] for name in PERIODS if name in self.key), "")
        grain = self.key.setdefault("grain", "year" if YEAR.fullmatch(period) else "month")
        grains = self.warehouse.values_of(self.table, "grain")
        if grain in GRAINS and grains and grain not in grains:
            raise ConfigError("explain.no_such_grain", table=self.table, grain=grain, known=_some(grains))

    def _fill_dimension(self, name: str) -> Sequence[str]:
        if name in self.key:
            self.key[name] = self._known(name, self.key[name])
            return ()
        values = [value for value in self.warehouse.values_of(self.table, name) if value != WHOLE]
        self.key[name] = self._total()
        if self.table not in WITH_WHOLE and not self.column.has_total:
            raise ConfigError("explain.no_total", table=self.table, column=self.name, key=name, known=_some(values))
        return values[:MOST_NAMED]

    def _total(self) -> str:
        """What «Сводка» shows: prices of advertising over the channels that cost something, all else over all."""
        is_of_spend = "spend_rub" in (self.column.numerator, self.column.denominator)
        return PAID if self.table == "channel_period" and is_of_spend else WHOLE

    def _known(self, name: str, value: str) -> str:
        """The value as the table has it; case and ё do not matter, and an alias is its name."""
        values = self.warehouse.values_of(self.table, name)
        by_fold = {fold(known): known for known in values}
        said = {word: known for word, known in self._said(name, values).items() if fold(known) in by_fold} | by_fold
        for word in (fold(value), fold(_phone(value)) if name == PERSON else ""):
            if word in said:
                return said[word]
        total = TOTALS.get(fold(value)) if name in DIMENSIONS else None
        if total == WHOLE or (total == PAID and self.table not in WITH_WHOLE and name == "channel"):
            return total
        if name == "metric" and (metric := self._metric(value)):
            return metric
        if name == PERSON and self.is_masked:
            raise ConfigError("explain.no_client", table=self.table)
        raise ConfigError(
            "explain.unknown_name",
            table=self.table,
            key=name,
            value=value,
            near=_perhaps(_near(value, said)),
            known=_some(values),
        )

    def _said(self, name: str, values: Sequence[str]) -> dict[str, str]:
        """Other words for values: aliases of the dictionary, what the report calls a code."""
        if name in DICTIONARIES:
            aliases = self.warehouse.names_met(DICTIONARIES[name])
            return {fold(alias): known for alias, known in aliases.items() if known}
        words = {value: catalogue().get(f"report.{name}_{value}", {}) for value in values}
        return {fold(word): value for value, told in words.items() for word in told.values()}

    def _metric(self, value: str) -> str | None:
        """A planned figure by its label."""
        places = (metric_of(value, place) for place in PLACES)
        known = self.warehouse.values_of(self.table, "metric")
        return next((one for one in places if one in known), None)

    def _only(self, name: str) -> str:
        """The only value there is. Raises ConfigError that lists them where there are several."""
        values = self.warehouse.values_of(self.table, name)
        if name == "month_number":
            return "0"
        if len(values) != 1 and name == PERSON and self.is_masked:
            raise ConfigError("explain.which_client", table=self.table, key=name)
        if len(values) != 1:
            raise ConfigError("explain.which", table=self.table, key=name, known=_some(values))
        return values[0]

    def _fill_period(self, name: str) -> None:
        """The last complete period where none is named; a day inside a period is told the period's first."""
        grain = self.key.get("grain", "month")
        if not self.key.get(name):
            if last := self.warehouse.last_period(grain, self.table):
                self.key[name] = last.isoformat()
            return
        span = self.warehouse.period_span(grain)
        day = _day(self.key[name], span.last)
        if day is None:
            return  # told by the explanation
        self.key[name] = day.isoformat()
        around = self.warehouse.period_around(grain, day)
        if around and around != day:
            raise ConfigError("explain.inside_period", key=name, value=day, start=around)
        if not around and span.first:
            raise ConfigError("explain.no_such_period", value=day, first=span.first, last=span.last, grain=grain)


def _near(word: str, known: Mapping[str, object]) -> str:
    """The three nearest; several words may mean the same."""
    found = dict.fromkeys(known[one] for one in nearest(word, known, NEAR, most=9))
    return ", ".join(f"«{one}»" for one in list(found)[:3])


def _perhaps(near: str) -> str:
    """The end of a sentence that says what there is not: a question if anything is near."""
    return say("perhaps", near=near) if near else "."


def _near_labels(word: str, labels: Mapping[str, str]) -> str:
    """Labels with a word in common first, in whatever case: «Стоимость клиента», «Цена нового клиента»."""
    stems = _stems(word)
    common = sorted(labels, key=lambda label: -len(stems & _stems(label)))
    sharing = {label: label for label in common if stems & _stems(label)}
    return ", ".join(f"«{one}»" for one in nearest(word, sharing, 0, most=3)) or _near(word, labels)


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in re.findall(r"\w+", fold(text)) if len(word) >= STEM}


def _some(values: Sequence[str]) -> str:
    return ", ".join(values[:MOST_NAMED]) + (", …" if len(values) > MOST_NAMED else "") or "—"


def _phone(text: str) -> str:
    """`8 (000) 555-01-01` → `70005550101`, as clients are known; any other text as it is."""
    digits = re.sub(r"\D", "", text)
    if len(digits) not in (10, 11) or re.search(r"[^\d\s()+-]", text):
        return text
    return "7" + digits[-10:]


def _day(text: str, latest: date | None) -> date | None:
    """A day, or a month or a year in figures or words, in; its first day out, None if it is none of them.

    A month without a year is the latest that has begun.
    """
    try:
        return _in_figures(text) or _in_words(text, latest)
    except ValueError:
        return None


def _in_figures(text: str) -> date | None:
    if found := DAY.fullmatch(text):
        return date(*map(int, found.groups()))
    if found := DAY_FIRST.fullmatch(text):
        return date(*map(int, reversed(found.groups())))
    if found := MONTH.fullmatch(text) or YEAR.fullmatch(text):
        return date(*map(int, (*found.groups(), "1", "1")[:3]))
    if found := MONTH_FIRST.fullmatch(text):
        return date(int(found[2]), int(found[1]), 1)
    return None


def _in_words(text: str, latest: date | None) -> date | None:
    found = WORDS.fullmatch(fold(text))
    number = vocabulary().month_numbers.get(found[1]) if found else None
    if found is None or number is None:
        return None
    if found[2]:
        return date(int(found[2]), number, 1)
    return date(latest.year - (number > latest.month), number, 1) if latest else None
