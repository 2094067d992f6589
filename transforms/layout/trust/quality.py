"""«Качество данных»: the reconciliation, what was refused and why, unknown names, notices."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import cast

from config.labels import column_label, labels
from config.messages import catalogue, filled, message
from config.metrics import metrics
from config.notices import OF_MOST, Assumed, kind_of, kinds, why_checked
from config.reports import Breakdown, Chain, Doubts, Figures, figures, reports
from config.tables import tables
from transforms import words
from transforms.layout.drawing.book import Book, Number, Row, number, total
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import headers, shown, value_entry
from transforms.layout.trust.restated import restated_doubts
from transforms.layout.trust.unknown import unknown_costs, unknown_days, unknowns
from transforms.mask import HIDDEN, masked

ROW_COLUMNS = ("rows_read", "rows_corrected", "rows_staged", "rows_rejected", "rows_duplicate", "rows_skipped")
MONEY_COLUMNS = (
    "money_read_rub",
    "money_corrected_rub",
    "money_staged_rub",
    "money_rejected_rub",
    "money_duplicate_rub",
    "money_skipped_rub",
)
CORRECTED = frozenset({"rows_corrected", "money_corrected_rub"})
"""Shown where something was corrected."""
MONEY_TABLES = frozenset(name for name, table in tables().items() if table.money)
ROWS_MOST = 200
"""More rows than an owner or an operator would scroll."""


def balance(book: Book) -> Iterator[str]:
    """Balanced or not, in one sentence."""
    loads = book.ops("loads")
    if not loads:
        yield book.say("no_loads")
        return
    torn = sorted({book.source_title(str(row["source"])) for row in loads if _is_torn(row)})
    if torn:
        yield book.say("not_balanced", sources=", ".join(torn))
        return
    read, corrected, staged, rejected, duplicate, skipped = (int(total(loads, name) or 0) for name in ROW_COLUMNS)
    rest = {"staged": staged, "rejected": rejected, "duplicate": duplicate, "skipped": skipped}
    rest |= {"corrected": abs(corrected)} if corrected else {}
    yield book.say(
        "balanced_corrected" if corrected else "balanced",
        read=words.counted(read, "row", book.language),
        **{name: words.number(count, 0, book.language) for name, count in rest.items()},
    )


def draw_reconciliation(book: Book, canvas: Canvas) -> None:
    """Per source: read + corrected = staged + refused + duplicate + skipped, in rows, then in roubles with kopecks."""
    if not book.ops("loads"):
        return
    loads = book.ops("loads")
    is_corrected = any(number(row.get(name)) for row in loads for name in CORRECTED)
    rows, money = (
        tuple(name for name in names if is_corrected or name not in CORRECTED) for names in (ROW_COLUMNS, MONEY_COLUMNS)
    )
    canvas.sentence(book.say("rows_heading_corrected" if is_corrected else "rows_heading"), "heading")
    _draw_sums(book, canvas, rows, "rows")
    if any(number(row.get("money_read_rub")) for row in book.ops("loads")):
        canvas.sentence(book.say("money_heading"), "heading")
        _draw_sums(book, canvas, money, "money")
        _draw_money_footnote(book, canvas)


def _draw_money_footnote(book: Book, canvas: Canvas) -> None:
    """What the zeros and the skipped roubles are."""
    loads = book.ops("loads")
    said = [book.say("money_skipped")] if total(loads, "money_skipped_rub") else []
    unread = [row for row in loads if number(row.get("rows_without_amount")) and row["source"] in _with_money(book)]
    if unread:
        rows = words.counted(int(total(unread, "rows_without_amount") or 0), "row", book.language)
        names = ", ".join(dict.fromkeys(book.source_title(str(row["source"])) for row in unread))
        said.append(book.say("money_unread", rows=rows, sources=names))
    if said:
        canvas.sentence(" ".join(said), "footnote")
        canvas.gap()


def _with_money(book: Book) -> set[str]:
    return {str(row["source"]) for row in book.ops("sources") if str(row["table_name"]) in MONEY_TABLES}


def draw_notices(book: Book, canvas: Canvas) -> None:
    """What else is to be known about the data, a sentence each."""
    notices = [row for row in book.ops("notices") if not _assumed(row)]
    if not notices:
        return
    canvas.sentence(book.say("notices_heading"), "heading")
    for row in _told_together(notices):
        said, why = notice_text(book, row), _why_checked(book, row)
        canvas.sentence(said if why is None else book.say("notice_checked", said=said, why=why))
    canvas.gap()


def _why_checked(book: Book, row: Row) -> str | None:
    """Why a notice puts nothing in doubt though its kind may: somebody looked into it."""
    source, file, detail = (cast(str | None, row.get(name)) for name in ("source", "source_file", "detail"))
    return why_checked(book.report.client.checked, str(row["kind"]), source, file, detail)


def draw_assumed(book: Book, canvas: Canvas) -> None:
    """What the data did not settle alone, a small line each, once however many files say it."""
    found = [(str(row["source"]), one) for row in book.ops("notices") if (one := _assumed(row))]
    if not found:
        return
    canvas.sentence(book.say("assumed_heading"), "heading")
    for source, one in dict.fromkeys(found):
        canvas.sentence(one.text(book.source_title(source), book.language), "footnote")
    canvas.gap()


def _assumed(row: Row) -> Assumed | None:
    return Assumed.of(str(row["kind"]), cast(str | None, row.get("detail")))


def _told_together(notices: Sequence[Row]) -> list[Row]:
    """Kinds that do not name their file are told once a source, not once a file."""
    found: dict[object, Row] = {}
    for place, row in enumerate(notices):
        key = (row["kind"], row.get("source"), row.get("detail")) if kind_of(str(row["kind"])).of_source else place
        known = found.get(key)
        sums = {name: total([known, row], name) for name in ("rows", "money_rub")} if known else {}
        found[key] = {**row, **sums}
    return list(found.values())


def draw_unmapped(book: Book, canvas: Canvas) -> None:
    """Unknown names with the nearest known, most roubles first."""
    rows = sorted(book.ops("unmapped"), key=lambda row: (-float(number(row["money_rub"]) or 0), str(row["alias"])))
    if not rows:
        return
    canvas.sentence(book.say("unmapped_heading"), "heading")
    names = ["dictionary", "alias", "rows", "money_rub", "suggestion"]
    place = canvas.header("unmapped", names, headers(book, names))
    keys = Counter[str]()
    for row in rows[:ROWS_MOST]:
        key = f"dictionary_title_{row['dictionary']}"
        title = book.say(key) if f"report.{key}" in catalogue() else str(row["dictionary"])
        line = [Entry(title, "name"), Entry(row["alias"], "words")]
        line += [value_entry("count", number(row["rows"]), ""), value_entry("kopecks", number(row["money_rub"]), "")]
        canvas.line(
            [*line, Entry(row.get("suggestion") or words.DASH, "words.indent")], place, key=_alias_key(keys, row)
        )
    if len(rows) > ROWS_MOST:
        count = words.number(len(rows), 0, book.language)
        canvas.sentence(book.say("unmapped_more", shown=ROWS_MOST, count=count), "footnote")
    hidden = [book.say("unmapped_hidden")] if any(HIDDEN in str(row["alias"]) for row in rows) else []
    canvas.sentence(" ".join([book.say("unmapped_hint"), *hidden]), "footnote")
    canvas.gap()


def _alias_key(told: Counter[str], row: Row) -> str:
    """The row's name; hidden names that look alike are numbered."""
    alias = str(row["alias"])
    told[alias] += 1
    return f"alias={alias}" if told[alias] == 1 else f"alias={alias} ({told[alias]})"


def draw_rejects(book: Book, canvas: Canvas) -> None:
    """Refused cells with file, row, column, text and reason; people's data masked."""
    rows = sorted(book.ops("rejects"), key=_by_place)
    if not rows:
        return
    count = words.number(len(rows), 0, book.language)
    canvas.sentence(book.say("rejects_heading", count=count), "heading")
    names = ["source_file", "source_row", "column_name", "value", "reason"]
    heads = headers(book, names)
    heads[-1] = replace(heads[-1], columns=2)
    place = canvas.header("rejects", names, heads, is_main=True)
    for row in rows[:ROWS_MOST]:
        canvas.line(_reject_line(book, row), place)
    if len(rows) > ROWS_MOST:
        canvas.sentence(book.say("rejects_more", shown=ROWS_MOST, count=count), "footnote")
    if book.report.client.settings.personal_data == "mask":
        canvas.sentence(book.say("rejects_hidden"), "footnote")
    canvas.gap()


def reason_text(book: Book, code: str) -> str:
    """The reason in the reader's words; a code nobody worded stands as it is."""
    key = f"reasons.{code}"
    return message(key, book.language) if key in catalogue() else code


def _draw_sums(book: Book, canvas: Canvas, columns: tuple[str, ...], key: str) -> None:
    place = canvas.header(key, ["source", *columns], headers(book, ["source", *columns]))
    loads = book.ops("loads")
    look = column_label(columns[0]).look
    for source in dict.fromkeys(str(row["source"]) for row in loads):
        sums = [_sum(loads, source, name) for name in columns]
        if key == "money" and not sums[0]:
            continue
        line = [Entry(book.source_title(source), "name")]
        line += [value_entry(look, value, _style(name, value)) for name, value in zip(columns, sums, strict=True)]
        canvas.line(line, place, key=f"source={source}")
    sums = [total(loads, name) for name in columns]
    canvas.line([Entry(book.say("total_all"), "name.total"), *(value_entry(look, value, ".total") for value in sums)])
    canvas.gap()


def _sum(loads: list[Row], source: str, column: str) -> Number | None:
    return total([row for row in loads if row["source"] == source], column)


def _style(column: str, value: Number | None) -> str:
    if not value:
        return ".grey"
    return ".worse" if "rejected" in column else ""


def _is_torn(row: Row) -> bool:
    for first, corrected, *rest in (ROW_COLUMNS, MONEY_COLUMNS):
        read = [number(row.get(name)) or 0 for name in (first, corrected)]
        went = [number(row[name]) or 0 for name in rest]
        if number(row.get(first)) is not None and sum(read) != sum(went):
            return True
    return False


def _reject_line(book: Book, row: Row) -> list[Entry]:
    column = str(row["column_name"])
    label = labels().staged.get(column)
    shown = masked(column, cast(str | None, row["value"]), book.report.client.settings.personal_data)
    reason = reason_text(book, str(row["reason"]))
    if row.get("is_row_kept"):
        reason = book.say("row_kept", reason=reason)
    return [
        Entry(row["source_file"], "words"),
        value_entry("count", number(row["source_row"]), ""),
        Entry(label.say(book.language) if label else column, "words.indent"),
        Entry(shown or words.DASH, "words"),
        Entry(reason, "words", columns=2),
    ]


def _by_place(row: Row) -> tuple[str, int, str]:
    return str(row["source_file"]), int(number(row["source_row"]) or 0), str(row["column_name"])


# «Чему пока не верить»: what is old, refused, unknown or too small to judge, in words, the gravest first.

NAMES_MOST = 3


def draw_doubts(book: Book, canvas: Canvas, block: Doubts) -> None:
    """Heading and lines on a warning ground, or one calm line where there is nothing to doubt."""
    found = list(doubts(book, block.figures))
    canvas.sentence(book.say("doubts_heading"), "warnhead") if found else canvas.sentence(
        book.say("no_doubts"), "footnote"
    )
    for line in found[: block.most]:
        canvas.sentence(line, "warning")
    if len(found) > block.most:
        rest = words.counted(len(found) - block.most, "remark", book.language)
        key = "doubt_more" if _has_quality(book) else "doubt_more_elsewhere"
        canvas.sentence(book.say(key, count=rest), "warning", link="#quality")
    checked = [row for row in _told_together(book.ops("notices")) if _why_checked(book, row) is not None]
    if checked and _has_quality(book):
        count = words.counted(len(checked), "remark", book.language)
        canvas.sentence(book.say("doubts_checked", count=count), "footnote", link="#quality")
    canvas.gap()


def doubts(book: Book, names: list[str]) -> Iterator[str]:
    """Every doubt as a sentence."""
    notices = book.ops("notices")
    first = [name for name, kind in kinds().items() if kind.comes_first]
    yield from (notice_text(book, row) for name in first for row in notices if row["kind"] == name)
    yield from restated_doubts(book)
    yield from _old_sources(book)
    yield from unknown_days(book)
    grave = [row for row in notices if kind_of(str(row["kind"])).doubts and _why_checked(book, row) is None]
    yield from (notice_text(book, row) for row in grave if row["kind"] == "vanished_file")
    yield from _refused(book)
    others = [row for row in grave if row["kind"] != "vanished_file"]
    yield from _of_sources(book, _told_together(others))
    yield from _free(book)
    yield from unknowns(book)
    yield from _unmapped(book)
    yield from _small(book, names)


def _of_sources(book: Book, notices: Sequence[Row]) -> Iterator[str]:
    """What would be said of several sources in the same words is said once, of all of them."""
    alike: dict[str, list[Row]] = {}
    for row in notices:
        alike.setdefault(notice_text(book, row, ""), []).append(row)
    for rows in alike.values():
        titles = dict.fromkeys(book.source_title(str(row.get("source") or "")) for row in rows)
        yield notice_text(book, rows[0], ", ".join(titles))


def _old_sources(book: Book) -> Iterator[str]:
    for row in book.ops("sources"):
        facts = {"source": book.source_title(str(row["source"]))}
        if row["table_name"] == "costs" and row.get("is_available") is not False and any(unknown_costs(book)):
            continue  # the month that lacks costs is named, with what to do
        if row.get("is_available") is False:
            yield book.say("doubt_unavailable", problem=row.get("problem") or "", **facts).strip()
        elif row.get("is_stale"):
            day = cast(date | None, row.get("data_to_on"))
            said = book.say("doubt_no_data", **facts)
            if day is not None:
                said = book.say("doubt_stale", day=words.short_day(day, book.language), **facts)
            yield book.say("doubt_grey", doubt=said) if str(row["table_name"]) in greyed() else said


@cache
def greyed() -> frozenset[str]:
    """Staged tables whose age turns figures of some page grey."""
    blocks = [block for report in reports() for block in report.blocks]
    tables_shown = {block.of for block in blocks if isinstance(block, Breakdown | Chain)}
    shown_figures = {name for block in blocks if isinstance(block, Figures) for name in block.figures}
    of_tables = {name for table in tables_shown for name in metrics().tables[table].feeds}
    return frozenset(of_tables | {name for figure in shown_figures for name in figures()[figure].feeds})


def _refused(book: Book) -> Iterator[str]:
    for source in book.ops("sources"):
        loads = [row for row in book.ops("loads") if row["source"] == source["source"]]
        refused = int(total(loads, "rows_rejected") or 0)
        if not refused:
            continue
        read_rows = int(total(loads, "rows_read") or 0) - int(total(loads, "rows_skipped") or 0)
        money = total(loads, "money_rejected_rub")
        is_unread = tables()[str(source["table_name"])].money and total(loads, "rows_without_amount")
        said = book.say(
            "doubt_refused_money" if money else "doubt_refused_unread" if is_unread else "doubt_refused",
            source=book.source_title(str(source["source"])),
            refused=words.agreed(refused, "refused", book.language),
            rows=words.counted(refused, "row", book.language),
            share=share_text(refused, read_rows, book),
            money=words.figure(money, "money", book.language),
        )
        yield book.say("see_quality", doubt=said) if _has_quality(book) else said


def _free(book: Book) -> Iterator[str]:
    """Sales of which most are of 0 ₽: that is seldom so, and often another column that holds the amounts."""
    staged = {row["source"]: number(row.get("rows_staged")) or 0 for row in book.ops("sources")}
    for row in (row for row in book.ops("notices") if row["kind"] == OF_MOST):
        if (
            _why_checked(book, row) is None
            and 2 * (number(row.get("rows")) or 0) > staged.get(row.get("source"), 0) > 0
        ):
            yield book.say("doubt_free", doubt=notice_text(book, row))


def _has_quality(book: Book) -> bool:
    """Whether this report has the page where more of it stands."""
    return any(page.key == "quality" for page in book.pages)


def share_text(part: int, whole: int, book: Book) -> str:
    """Part of a whole in per cent; a small part is never `0,0 %`."""
    share = part / whole if whole else 1.0
    if 0 < share < 0.001:
        return "<" + words.figure(0.001, "share", book.language)
    return words.figure(share, "share", book.language)


def _unmapped(book: Book) -> Iterator[str]:
    by_dictionary: dict[str, list[Row]] = {}
    for row in book.ops("unmapped"):
        by_dictionary.setdefault(str(row["dictionary"]), []).append(row)
    for dictionary, rows in by_dictionary.items():
        rows.sort(key=lambda row: -float(number(row["money_rub"]) or 0))
        names = ", ".join(book.say("quoted", name=row["alias"]) for row in rows[:NAMES_MOST])
        money = total(rows, "money_rub")
        key = f"dictionary_{dictionary}"
        told = book.say(
            "doubt_unmapped" if money else "doubt_unmapped_rows",
            dictionary=book.say(key) if f"report.{key}" in catalogue() else dictionary,
            names=names + (f" +{len(rows) - NAMES_MOST}" if len(rows) > NAMES_MOST else ""),
            rows=words.counted(int(total(rows, "rows") or 0), "row", book.language),
            money=words.figure(money, "money", book.language),
        )
        is_hidden = any(HIDDEN in str(row["alias"]) for row in rows)
        yield f"{told} {book.say('unmapped_hidden')}" if is_hidden else told


def _small(book: Book, names: list[str]) -> Iterator[str]:
    small = [
        book.say_of(reading.spec.column, reading.spec.title) for reading, _ in shown(book, names) if reading.is_small
    ]
    if small:
        yield book.say("doubt_small", titles=", ".join(small))


def _called(book: Book, column: str) -> str:
    """What the report calls a staged column, quoted; another name as it is."""
    label = labels().staged.get(column)
    return book.say("quoted", name=label.say(book.language)) if label else column


def notice_text(book: Book, row: Row, title: str | None = None) -> str:
    """One row of ops.notices in words, of its source or of what is said instead."""
    kind = kind_of(str(row["kind"]))
    if kind.has_figures:
        row = row | {"detail": words.as_people_write(str(row["detail"]), book.language)}
    if kind.names_columns:
        row = row | {"detail": ", ".join(_called(book, name) for name in str(row.get("detail") or "").split(", "))}
    money, rows = number(row.get("money_rub")), int(number(row.get("rows")) or 0)
    said = kind.shown_of_none if kind.shown_of_none and not rows else kind.shown
    return filled(
        said.say(book.language),
        book.language,
        source=book.source_title(str(row.get("source") or "")) if title is None else title,
        file=row.get("source_file") or "",
        rows=words.counted(rows, "row", book.language),
        rows_of=words.counted(rows, "row_of", book.language),
        money=book.say("notice_money", money=words.figure(money, "money", book.language)) if money else "",
        detail=row.get("detail") or "",
        as_of=words.short_day(book.report.as_of, book.language),
    ).strip()
