"""«Довольны ли», «Почему не купили», «Партнёры»: what these pages say first, and the reasons of low scores."""

from collections.abc import Iterator

from config.reports import Special
from config.words import CAME_BACK
from transforms import words
from transforms.layout.drawing.book import WHOLE, Book, Row, during, during_before, number, total
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import value_entry

ENOUGH_ASKED = 0.75
"""Below this part of clients asked the scores speak for few."""
REASONS_MOST = 10


def are_they_satisfied(book: Book) -> Iterator[str]:
    """The zone and the score before, who stands lowest, and how few answered."""
    now, before = book.periods.running, book.periods.running_before
    row, old = book.one("satisfaction_period", now.first), book.one("satisfaction_period", before.first, "before")
    if book.is_old("satisfaction_period") or not number(row.get("answers")):
        return
    yield from _score(book, row, old)
    yield from _lowest(book)
    asked, clients = number(row["clients_asked"]), number(row["clients"])
    coverage = number(row["coverage"])
    if coverage is not None and coverage < ENOUGH_ASKED:
        yield book.say(
            "few_answered",
            asked=words.number(asked or 0, 0, book.language),
            clients=words.counted(clients or 0, "client_of", book.language),
            share=words.figure(coverage, "share", book.language),
        )


def _score(book: Book, row: Row, old: Row) -> Iterator[str]:
    span, before = book.periods.running, book.periods.running_before
    if number(row["csi"]) is not None:
        facts = {"now": _written(book, row, "csi"), "zone": book.value_word("csi_zone", row["csi_zone"])}
        was, key = _written(book, old, "csi"), "satisfaction_csi"
    elif number(row["nps"]) is not None:
        facts, was, key = {"now": _hundred(book, row)}, _hundred(book, old), "satisfaction_nps"
    else:
        facts = {"now": words.figure(number(row["csat"]), "share", book.language)}
        was, key = words.figure(number(old.get("csat")), "share", book.language), "satisfaction_csat"
    said = book.say(key, during=during(book, span), **facts)
    yield (
        f"{said} {book.say('was_before', during_before=during_before(book, before), was=was)}"
        if was != words.DASH
        else said
    )


def _lowest(book: Book) -> Iterator[str]:
    least = book.report.client.settings.channels.min_clients
    rows = [
        row
        for row in book.rows("satisfaction_period", book.periods.running.first)
        if row["manager"] not in {WHOLE, book.unknown} and (number(row["csi_answers"]) or 0) >= least
    ]
    if len(rows) >= 2:
        worst = min(rows, key=lambda row: (float(number(row["csi"]) or 0), str(row["manager"])))
        answers = words.counted(number(worst["csi_answers"]) or 0, "answer", book.language)
        yield book.say(
            "satisfaction_lowest", manager=worst["manager"], csi=_written(book, worst, "csi"), answers=answers
        )


def _written(book: Book, row: Row, column: str) -> str:
    value = number(row.get(column))
    return words.DASH if value is None else words.number(value, 2, book.language)


def _hundred(book: Book, row: Row) -> str:
    value = number(row.get("nps"))
    return words.DASH if value is None else words.number(100 * float(value), 0, book.language)


def draw_low_scores(book: Book, canvas: Canvas, block: Special) -> None:
    """Reasons beside low scores of the running month, the most frequent first."""
    rows = book.rows("low_score_reason", book.periods.running.first)
    rows = sorted(rows, key=lambda row: (-int(number(row["answers"]) or 0), str(row["reason"])))
    if not rows:
        return
    canvas.sentence(book.say("low_scores_heading"), "heading")
    heads = [
        Entry(book.say("reason_column"), "headerleft", book.say("note_low_score")),
        Entry(book.say("answers_column"), "header", book.say("note_low_score")),
    ]
    place = canvas.header(block.key, ["reason", "answers"], heads)
    shown = book.shown_apart(str(row["reason"]) for row in rows[:REASONS_MOST])
    for row in rows[:REASONS_MOST]:
        line = [
            Entry(shown[str(row["reason"])], "words"),
            value_entry("count", number(row["answers"]), "", book.language),
        ]
        canvas.line(line, place, key=f"reason={shown[str(row['reason'])]}")
    canvas.gap()


def why_not_bought(book: Book) -> Iterator[str]:
    """The largest reason in our power; without a dictionary, the largest of all and what to add. A handful is none.

    Who bought and gave it back did buy: that is a sentence of its own.
    """
    if book.is_old("loss_reason_period"):
        return
    every = book.rows("loss_reason_period", book.periods.running.first)
    rows = [row for row in every if row["reason"] != CAME_BACK]
    yield from _largest_reason(book, rows)
    for row in every:
        if row["reason"] == CAME_BACK and (count := number(row["deals_lost"])):
            money = number(row["lost_rub"])
            yield book.say(
                "came_back",
                during=during(book, book.periods.running),
                deals=words.counted(count, "deal", book.language),
                money=book.say("lost_money", money=words.figure(money, "money", book.language)) if money else "",
            )


def _largest_reason(book: Book, rows: list[Row]) -> Iterator[str]:
    lost = total(rows, "deals_lost")
    named = [row for row in rows if number(row["deals_lost"]) and row["reason"] != "Не указана"]
    ours = [row for row in named if row["is_in_our_power"]]
    if not lost:
        yield book.say("nothing_lost", during=during(book, book.periods.running))
        return
    is_grouped = any(row["is_in_our_power"] is not None for row in named)
    # a platform that keeps no amount of a cancelled order says nothing of roubles
    largest = max(
        ours if is_grouped else named,
        key=lambda row: (number(row["deals_lost"]) or 0, number(row["lost_rub"]) or 0),
        default=None,
    )
    least = book.report.client.settings.channels.min_clients
    if largest is None or (number(largest["deals_lost"]) or 0) < least:
        yield book.say(
            "lost_unnamed" if not named else "lost_deals" if largest is None else "lost_for_many_reasons",
            deals=words.counted(lost, "deal", book.language),
            during=during(book, book.periods.running),
            least=words.counted(least, "refusal_of", book.language),
            ours=book.say("lost_of_ours") if is_grouped else "",
        )
        return
    lost_rub = number(largest["lost_rub"])
    yield book.say(
        "largest_of_ours" if is_grouped else "largest_reason",
        reason=book.say("quoted", name=book.shown(str(largest["reason"]))),
        count=words.number(number(largest["deals_lost"]) or 0, 0, book.language),
        all=words.counted(lost, "refusal_of", book.language),
        share=words.figure(float(number(largest["deals_lost"]) or 0) / float(lost), "share", book.language),
        money=book.say("lost_money", money=words.figure(lost_rub, "money", book.language)) if lost_rub else "",
        during=during(book, book.periods.running),
    )


def owed_to_partners(book: Book) -> Iterator[str]:
    """What is owed for the last whole month and for the running one so far."""
    if book.is_old("partner_period"):
        return
    for span, key in ((book.periods.whole, "owed_whole"), (book.periods.running, "owed_running")):
        owed = total(book.rows("partner_period", span.first), "reward_rub")
        if owed is not None:
            yield book.say(key, during=during(book, span), money=words.figure(owed, "kopecks", book.language))
