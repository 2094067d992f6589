"""«Чему пока не верить»: what is old, refused, unknown or too small to judge, in words, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

from config.labels import labels
from config.messages import catalogue
from config.reports import Doubts
from config.tables import tables
from transforms import words
from transforms.layout.book import Book, Row, number, total
from transforms.layout.canvas import Canvas
from transforms.layout.figures import shown

NAMES_MOST = 3
GRAVE = frozenset(
    {"vanished_file", "column_lost", "empty_file", "channels_alone", "totals_mismatch", "repeated_across_sources",
     "vat_differs", "unknown_status"}
)  # fmt: skip
"""Notices that put a figure in doubt; the others stand in «Качество данных» alone."""


def draw_doubts(book: Book, canvas: Canvas, block: Doubts) -> None:
    """Heading and lines on a warning ground, or one calm line where there is nothing to doubt."""
    found = list(doubts(book, block.figures))
    if not found:
        canvas.sentence(book.say("no_doubts"), "footnote")
        canvas.gap()
        return
    canvas.sentence(book.say("doubts_heading"), "warnhead")
    for line in found[: block.most]:
        canvas.sentence(line, "warning")
    if len(found) > block.most:
        rest = words.counted(len(found) - block.most, "remark", book.language)
        canvas.sentence(book.say("doubt_more", count=rest), "warning", link="#quality")
    canvas.gap()


def doubts(book: Book, figures: list[str]) -> Iterator[str]:
    """Every doubt as a sentence."""
    yield from _old_sources(book)
    yield from (notice_text(book, row) for row in book.ops("notices") if row["kind"] == "vanished_file")
    yield from _refused(book)
    yield from (
        notice_text(book, row) for row in book.ops("notices") if row["kind"] in GRAVE and row["kind"] != "vanished_file"
    )
    yield from _unmapped(book)
    yield from _small(book, figures)


def _old_sources(book: Book) -> Iterator[str]:
    for row in book.ops("sources"):
        facts = {"source": book.source_title(str(row["source"]))}
        if row.get("is_available") is False:
            yield book.say("doubt_unavailable", problem=row.get("problem") or "", **facts).strip()
        elif row.get("is_stale"):
            day = row.get("data_to_on")
            if day is None:
                yield book.say("doubt_no_data", **facts)
                continue
            yield book.say("doubt_stale", day=words.short_day(cast(date, day), book.language), **facts)


def _refused(book: Book) -> Iterator[str]:
    for source in book.ops("sources"):
        loads = [row for row in book.ops("loads") if row["source"] == source["source"]]
        refused = int(total(loads, "rows_rejected") or 0)
        if not refused:
            continue
        read_rows = int(total(loads, "rows_read") or 0) - int(total(loads, "rows_skipped") or 0)
        money = total(loads, "money_rejected_rub")
        is_unread = tables()[str(source["table_name"])].money and total(loads, "rows_without_amount")
        yield book.say(
            "doubt_refused_money" if money else "doubt_refused_unread" if is_unread else "doubt_refused",
            source=book.source_title(str(source["source"])),
            refused=words.agreed(refused, "refused", book.language),
            rows=words.counted(refused, "row", book.language),
            share=share_text(refused, read_rows, book),
            money=words.figure(money, "money", book.language),
        )


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
        yield book.say(
            "doubt_unmapped" if money else "doubt_unmapped_rows",
            dictionary=book.say(key) if f"report.{key}" in catalogue() else dictionary,
            names=names + (f" +{len(rows) - NAMES_MOST}" if len(rows) > NAMES_MOST else ""),
            rows=words.counted(int(total(rows, "rows") or 0), "row", book.language),
            money=words.figure(money, "money", book.language),
        )


def _small(book: Book, figures: list[str]) -> Iterator[str]:
    small = [reading.spec.title.say(book.language) for reading, _ in shown(book, figures) if reading.is_small]
    if small:
        yield book.say("doubt_small", titles=", ".join(small))


def notice_text(book: Book, row: Row) -> str:
    """One row of ops.notices in words; a kind nobody worded is told by its detail."""
    key = f"notice_{row['kind']}"
    if row["kind"] == "vanished_file" and not row.get("rows"):
        key = "notice_vanished_file_none"
    if row["kind"] == "column_lost" and (label := labels().staged.get(str(row.get("detail")))):
        row = row | {"detail": book.say("quoted", name=label.say(book.language))}
    money, rows = number(row.get("money_rub")), int(number(row.get("rows")) or 0)
    return book.say(
        key if f"report.{key}" in catalogue() else "notice_other",
        source=book.source_title(str(row.get("source") or "")),
        file=row.get("source_file") or "",
        rows=words.counted(rows, "row", book.language),
        rows_of=words.counted(rows, "row_of", book.language),
        money=book.say("notice_money", money=words.figure(money, "money", book.language)) if money else "",
        detail=row.get("detail") or "",
        as_of=words.short_day(book.report.as_of, book.language),
    ).strip()
