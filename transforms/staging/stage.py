"""A recognised table and its source → Draft: the cells wanted, and the SQL that makes rows and rejects of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from config.client import SourceConfig
from config.draft import Aside, ControlSum, Draft, Level, Remark, Staging
from config.notices import Assumed
from config.tables import ColumnType, Table
from config.words import fold, is_headed, saying
from transforms.parse import Reading, Where, definitions, parsed, probe, probed_rows, settle
from transforms.parse.cells import literal
from transforms.parse.probe import Probe
from transforms.period import period_in
from transforms.recognise import Recognised
from transforms.recognise.months import AMOUNTS
from transforms.shape import WRITTEN_OUT, Shape, as_found, kind_in
from transforms.staging.beside import asides, nearly_named, no_events, totals_in
from transforms.staging.cells import DATED, readings, says_missed, texts, uses_dictionary, zone
from transforms.staging.columns import Typing, is_cell, is_constant
from transforms.staging.context import StagingContext
from transforms.staging.levels import levels
from transforms.staging.moments import ask_zone, assumed_zones, with_times
from transforms.staging.one_table import OneTable
from transforms.staging.rates import MISSING, Roubles, known_rates, roubles
from transforms.staging.raw_rows import is_meant, misplaced, neighbours, raw_rows, usual, whole_rows
from transforms.staging.records import records
from transforms.staging.remarks import ask_merged, remarks
from transforms.staging.rows import GOOD, PART_OF_WHOLE, Filled, notices, rows
from transforms.staging.second_table import tables_beside
from transforms.staging.signs import Refunds, refunds, turned
from transforms.staging.skips import SAYS_WHAT, by_cells, by_values, legs, moves, says_what, voids
from transforms.staging.typed import reads
from transforms.staging.units import (
    TIMES,
    assumed_durations,
    assumed_units,
    currency_of,
    durations,
    units,
    vat_in,
    with_units_beside,
)
from transforms.staging.verdicts import may_be_data

A_MONTH = "A MONTH"
"""Stands for the heading of a month: a folded cell has no capitals."""


def stage(recognised: Recognised, source: SourceConfig, context: StagingContext) -> Draft:
    """One recognised table of a file in; what the warehouse needs to load it out.

    Raises ContractError for a header of `where:` or `exclude:` that the file lacks, and for a currency without rates.
    """
    one = OneTable(recognised, source, context)
    parts = _parts(one)
    raw, shape, profile = recognised.raw, recognised.shape, recognised.profile
    return replace(
        _read(parts),
        put_right=[place + 1 for place in raw.struck if is_meant(raw, place)] if raw.struck else None,
        rows_read=None if raw.struck else shape.rows_read,
        skipped_tail={tail.from_end: tail.why for tail in shape.skipped_tail},
        misplaced={} if raw.rows is not None else {row - shape.first_row: n for row, n in parts.misplaced.items()},
        remarks=remarks(one, parts.readings),
        profile=profile.name if profile else None,
        certainty=recognised.certainty,
        uses_dictionary=uses_dictionary(recognised),
        records=records(one, list(parts.texts)),
        whole=None if raw.rows is None else lambda: whole_rows(recognised),
        is_clients_period=_is_clients_period(recognised, source),
        vat=source.vat or vat_in(one.headings(one.table.money or "")) or (profile.vat if profile else None),
        currency=parts.currency,
        timezone=zone(one),
        given=recognised.given,
        alike=(parts.is_typed, *parts.shape),
    )


def _read(parts: _Parts) -> Draft:
    """Where the cells of a table are and what is asked of them; nothing of the file as a whole."""
    one, recognised, raw = parts.one, parts.one.recognised, parts.one.recognised.raw
    return Draft(
        table=one.source.table,
        origin=raw.origin,
        positions=tuple(one.cells.positions),
        rows=None if raw.rows is None else lambda: raw_rows(recognised, one.cells.positions, parts.misplaced),
        dialect=raw.dialect,
        staging=parts.staging(parts.readings),
        settle=parts.settle,
        macros=definitions(),
        probe={name: asked.asked for name, asked in parts.probes.items()},
        probed=probed_rows(parts.probes, parts.texts, f"raw_cells where {may_be_data(parts.first_cell)}"),
        is_sign_known=_is_sign_known(parts),
        is_duration_known=_is_duration_known(parts),
        is_open=parts.is_open,
        two_forms=parts.two_forms,
        asides=parts.asides,
        levels=parts.levels,
        is_unit_known=_is_unit_known(parts),
        data=may_be_data(parts.first_cell),
        headings=parts.headings,
        own_positions=parts.own_positions,
        neighbours=neighbours(one),
        usual=partial(usual, recognised, kind_in(raw.container)),
        kind_of=kind_in(raw.container),
        headers={name: one.heading(name) for name in parts.texts},
    )


@dataclass(frozen=True)
class _Parts:
    """Everything about one table that the readings do not change."""

    one: OneTable
    own_positions: tuple[int, ...]
    texts: Mapping[str, str]
    readings: Mapping[str, Reading]
    skipped: str
    roubles: Roubles | None
    first_cell: str
    refunds: Refunds | None
    asides: Sequence[Aside]
    levels: Sequence[Level]
    legs: str | None
    """Over typed rows, what came into an account and went out of it."""
    misplaced: Mapping[int, int]
    """Rows of a table whose cells stand beside their headings → how many cells they seem to have."""

    @property
    def headings(self) -> int | None:
        """How many cells a row has; None where the file has no heading, or cells have addresses and none is aside."""
        recognised = self.one.recognised
        is_counted = recognised.raw.container in WRITTEN_OUT or self.misplaced
        return recognised.shape.headings if recognised.shape.header_rows and is_counted else None

    def staging(self, how: Mapping[str, Reading]) -> Staging:
        """How each column is read in; the SQL out."""
        name, recognised, table = self.one.source.table, self.one.recognised, self.one.table
        typing = self.typing(how)
        lists = dict(self._late[1])
        if self.roubles is not None:
            lists["rates"] = self.roubles.rates
        derived = {"known_rates": known_rates()} if self.roubles is not None and self.roubles.rates else {}
        return Staging(
            words=typing.wordy,
            reads=partial(reads, typing),
            filled=list(self.texts),
            rows=rows(name, self.filled),
            has_money=table.money is not None,
            notices=notices(name, self.filled, self.currency, self._told()),
            legs=self.legs,
            remarks=[assumed.remark for assumed in self._assumed(how)],
            missing_rates=MISSING if self.roubles is not None else None,
            controls=list(control_sums(recognised.shape, table, how, self._stated_by_rows())),
            tables=lists,
            derived=derived,
        )

    def typing(self, how: Mapping[str, Reading]) -> Typing:
        """How each column is read in; what the SELECT of typed rows is made of out."""
        return Typing(
            self.one.table, self.texts, how, self.skipped, self._late[0], self.first_cell, self.roubles,
            self.one.recognised.period, self._headings_read, self.headings,
            refund=self.refunds.condition if self.refunds else None, turned=turned(self.one.source, self.texts),
        )  # fmt: skip

    @property
    def _headings_read(self) -> dict[str, str]:
        """Columns that are one cell as it stands, each with its folded heading.

        Months that are read together share their SQL, so that of the amounts stands there what no folded cell says.
        """
        shape, source = self.one.recognised.shape, self.one.source
        places = {name: self.one.cells.positions[int(text[1:])] for name, text in self.texts.items() if is_cell(text)}
        found = {name: fold(as_found(shape.headers[at])) for name, at in places.items()} if shape.header_rows else {}
        amount = source.amount_across or AMOUNTS.get(source.table)
        return found | {amount: A_MONTH} if self._is_of_months and amount in found else found

    @property
    def is_typed(self) -> bool:
        """Whether the file's cells have types of their own."""
        return self.one.recognised.raw.container in TYPED

    @property
    def probes(self) -> dict[str, Probe]:
        """Column → what its cells are asked before it is settled how they are read."""
        asked = {name: probe(self._kind(name), name, is_typed=self._has_typed_cells(name)) for name in self.texts}
        return {name: probe for name, probe in asked.items() if probe}

    @property
    def is_open(self) -> bool:
        """Whether some column waits for its cells to say how they are read, whatever the file."""
        return any(
            self.readings[name].is_unit_open or (self._has_typed_cells(name) and self._kind(name) in JUDGED)
            for name in self.texts
        )

    @property
    def two_forms(self) -> str | None:
        """Whether some column of days of a text file has them in two forms, over all its rows.

        Year first and day first, or written out and as a workbook's number.
        """
        days = [self.texts[name] for name in self.texts if self._kind(name) in DAYS and not self._has_typed_cells(name)]
        days = [text for text in days if not is_constant(text)]
        forms = [("{0} like '____-__-__%'", "{0} like '__.__.____%'"), ("strlen({0}) = 5", "strlen({0}) > 7")]
        told = [
            " and ".join(f"exists(select 1 from raw_cells where {form.format(text)})" for form in two)
            for text in days
            for two in forms
        ]
        return " or ".join(f"({one})" for one in told) or None

    def _kind(self, name: str) -> ColumnType:
        return self.one.table.columns[name].type

    def _has_typed_cells(self, name: str) -> bool:
        return self.is_typed and not is_constant(self.texts[name])

    @property
    def filled(self) -> Filled:
        """What the file fills of its table."""
        unit = units(self.one).get("planned", ("units", False))[0]
        source, period = self.one.origin.source, self.one.recognised.period
        return Filled(self.one.table, list(self.texts), source, period, TIMES.get(unit, 1))

    @property
    def shape(self) -> tuple[object, ...]:
        """All that the SQL of a table follows from; of months in memory, each has its place for the same cell."""
        positions = self.one.cells.positions
        places = len(positions) if self._is_of_months else positions
        typing = self.typing(self.readings)
        return (
            places,
            typing,
            self.filled,
            self.currency,
            self._told(),
            tuple(self.asides),
            self.legs,
            tuple(self.levels),
        )

    @property
    def _is_of_months(self) -> bool:
        """Whether this is one of several months across a table in memory, read by the same SQL."""
        return self.one.recognised.given is not None and self.one.recognised.raw.rows is not None

    @property
    def _late(self) -> tuple[list[tuple[str, str]], dict[str, Sequence[tuple[str, ...]]]]:
        """Why rows are skipped by their values, and the lists that are looked into."""
        return by_values(self.one, self.texts)

    @property
    def currency(self) -> str:
        """ISO code of the table's money."""
        return currency_of(self.one.table.money or "", self.one)

    def _told(self) -> Mapping[str, Remark]:
        """Rows → what to tell if there are some: refunds and withdrawals by their words, sales not paid yet."""
        one, name = self.one, self.one.source.table
        undone = self.refunds.assumed if self.refunds else None
        told = {f"({GOOD}) where is_refund": undone} if undone else {}
        for header, _, why in moves(one)[:2]:
            told[f"typed_rows where skipped = '{why}'"] = Assumed(MOVES_TOLD[why], header=header)
        if name == "costs":
            told["typed_rows where skipped = 'part_of'"] = Assumed("part_left_out")
        if marks := [header for header, _ in voids(one)]:
            count_again = ", ".join(f"{header}: []" for header in marks)
            told["typed_rows where skipped = 'void'"] = Assumed("void_left_out", "", "», «".join(marks), count_again)
        product, is_told_what = one.heading(SAYS_WHAT["deals"]), says_what(one.source, self.texts)
        if is_told_what and not one.is_vendors:
            told["typed_rows where skipped = 'not_earned'"] = Assumed("not_earned_left_out", header=product)
        if self._may_be_refunds:
            less = f"({GOOD}) where v_revenue_rub < 0" + (" and not is_refund" if self.refunds else "")
            less += " and coalesce(v_status <> 'lost', true)" if "status" in self.texts else ""
            told[less] = Assumed("minus_is_refund", "revenue_rub", one.heading("revenue_rub"))
        if name == "deals" and not one.is_vendors:
            told.update(self._open_statuses())
        remarks = {rows: assumed.remark for rows, assumed in told.items()}
        if name == "plan" and {"metric", "planned"} <= set(self.texts):
            above = f"v_planned > 100 and regexp_matches(v_metric, {literal(PART_OF_WHOLE)})"
            remarks[f"({GOOD}) where {above}"] = Remark("plan_above_whole", one.heading("metric"))
        if is_told_what:
            cash = f"regexp_matches(lower(v_{SAYS_WHAT['deals']}), {literal(saying('cash'))})"
            remarks[f"({GOOD}) where {cash}"] = Remark("cash_put_in", product)
        amount = one.heading("revenue_rub")
        if name == "deals" and "status" in self.texts and is_headed(amount, "paid_so_far"):
            paid = f"({GOOD}) where v_status = 'open' and v_revenue_rub > 0"
            remarks[paid] = Remark("paid_in_part", amount)  # it is there already, and in no figure
        return remarks

    def _open_statuses(self) -> Iterator[tuple[str, Assumed]]:
        """Sales of which nothing says what became of them."""
        if "status" in self.texts:
            yield f"({GOOD}) where {BLANK_STATUS}", Assumed("blank_status", "status", self.one.heading("status"))
        elif {"created_on", "closed_on"} <= set(self.texts):
            closed, created = (self.one.heading(name) for name in ("closed_on", "created_on"))
            yield f"({GOOD}) where v_closed_on is null", Assumed("unpaid_are_sales", "closed_on", closed, created)

    @property
    def _may_be_refunds(self) -> bool:
        """Whether nobody says what an amount of a sale below zero is."""
        source = self.one.source
        said = self.one.is_vendors or source.refunds or source.signs
        return source.table == "deals" and "revenue_rub" in self.texts and not said

    def _assumed(self, how: Mapping[str, Reading]) -> Iterator[Assumed]:
        """What was taken beyond what the data say."""
        one = self.one
        yield from assumed_units(one)
        yield from assumed_zones(one, (name for name in self.texts if self._kind(name) in DATED))
        yield from assumed_durations(one)
        for name, reading in how.items():
            before = self.readings[name]
            for what in ("is_swapped", "is_1904", "is_minutes"):
                if getattr(reading, what) and getattr(before, what) is None:
                    yield Assumed(what.removeprefix("is_"), name, one.heading(name))
            if not one.is_vendors:
                yield from _told_by_others(name, one.heading(name), reading, before)
        has_talk = "talk_seconds" in self.texts and "is_answered" not in self.texts
        if one.source.table == "calls" and has_talk and not one.is_vendors:
            yield Assumed("answered_by_talk")
        if "is_answered" in self.texts and says_missed(one.recognised):
            yield Assumed("missed_by_heading", "is_answered", one.heading("is_answered"))

    def _stated_by_rows(self) -> Collection[str]:
        """Columns whose control sum stands in the rows themselves, so that it speaks of this table's rows alone."""
        declared = self.one.recognised.declared
        return declared.control_headers if declared else ()

    def settle(self, found: Mapping[str, Any]) -> Staging:
        """What the values say of each open column in; the SQL that decides every cell out."""
        return self.staging(
            {
                name: self._settled(name, found[name]) if found.get(name) else reading
                for name, reading in self.readings.items()
            }
        )

    def _settled(self, name: str, found: Mapping[str, Any]) -> Reading:
        where = Where(self.one.origin.file, self.one.heading(name), name)
        return settle(self._kind(name), found, self.readings[name], where)


BLANK_STATUS = "v_status is null and not list_contains(coalesce([f.column_name for f in flaws], []), 'status')"
"""Over typed rows: nothing stands there, not even a word that nobody knows."""
MOVES_TOLD = {"withdrawal": "withdrawals_left_out", "no_sale": "no_sales_left_out", "income": "income_left_out"}
"""Why rows of some kind of operations are skipped → what is said of them."""
OF_SOMEBODY = frozenset({"deal_id", "phone", "email"})
"""A sale that bears one of these is no line of a bank's statement."""


def _is_sign_known(parts: _Parts) -> bool:
    """Whether anybody says what a minus means; of expenses and of money without a buyer it may mean either."""
    one = parts.one
    if one.table.money in one.source.signs:
        return True
    is_told = one.is_vendors or one.source.refunds or OF_SOMEBODY & set(parts.texts)
    return not one.table.is_expense and (one.source.table != "deals" or bool(is_told))


def _is_duration_known(parts: _Parts) -> bool:
    if "talk_seconds" not in parts.texts or parts.one.is_vendors:
        return True
    return "talk_seconds" in {**parts.one.source.formats, **durations(parts.one)}


def _is_unit_known(parts: _Parts) -> bool:
    one = parts.one
    said = {**one.source.formats, **one.source.units, **units(one)}
    return one.is_vendors or (one.table.money or "") in said or parts.roubles is not None


def _told_by_others(name: str, header: str, reading: Reading, before: Reading) -> Iterator[Assumed]:
    """How cells with two readings were taken, because the other cells of the column have one."""
    if reading.date_order and before.date_order is None:
        yield Assumed("day_first" if reading.date_order == "dmy" else "month_first", name, header)
    if reading.decimal and before.decimal is None:
        yield Assumed("decimal_comma" if reading.decimal == "," else "decimal_dot", name, header)


def _parts(one: OneTable) -> _Parts:
    filled = with_units_beside(with_times(texts(one), one), one)
    own = tuple(one.cells.positions)
    how = readings(one)
    ask_zone(one)
    ask_merged(one)
    skipped = by_cells(one)
    money = roubles(one, filled)
    return _Parts(
        one, own, filled, how, skipped, money, one.cells.at(0),
        refunds=refunds(one) if one.table.money in filled else None,
        asides=[*asides(one), *no_events(one), *totals_in(one), *tables_beside(one), *nearly_named(one)],
        levels=list(levels(one, filled, skipped)),
        legs=legs(one, how) if money is None else None,
        misplaced=misplaced(one.recognised),
    )  # fmt: skip


TYPED = ("xlsx", "xls", "spreadsheetml", "google")
"""Containers whose cells have types."""
DAYS = ("date", "moment")
JUDGED = (*DAYS, "seconds")
"""Types whose columns are judged as a whole where their cells are typed."""


def _is_clients_period(recognised: Recognised, source: SourceConfig) -> bool:
    """Whether the days come from svodka.yaml, because neither heading nor name gives them."""
    if source.period is None or recognised.period in (None, recognised.shape.period):
        return False
    return recognised.period not in [period_in(recognised.pseudo[name]) for name in ("@member", "@file", "@tab")]


# Control sums that a shape found → what the rows must come to.


def control_sums(
    shape: Shape, table: Table, readings: Mapping[str, Reading], of_own_rows: Collection[str] = ()
) -> Iterator[ControlSum]:
    """A shape in; the stated sums of the table's money or rows out."""
    for name, text in shape.controls.items():
        if name == "rows":
            yield ControlSum(text, parsed("count", literal(text), Reading()).value, is_count=True)
        elif name == table.money:
            stated = parsed("money", literal(text), readings[name]).value
            yield ControlSum(text, stated, is_of_own_rows=name in of_own_rows)
