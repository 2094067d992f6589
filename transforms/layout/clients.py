"""How a consultant's clients stand → the page «Все клиенты»: a line each, those that need a hand first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from config.documents import Sheet
from config.messages import Language, message
from transforms import words
from transforms.layout.drawing.canvas import Canvas, Entry

COLUMNS = {
    "client": 26, "state": 18, "hand": 60, "report": 12, "run": 14, "data_to": 12, "figure": 20, "value": 15,
    "before": 15, "change": 11, "disk": 9,
}  # fmt: skip
"""Column → its width in characters."""
LEFT = {"client": "headerleft", "state": "headerleft", "hand": "headerleft", "figure": "headerleft.indent"}
STATES = {"broken": "words.worse", "night": "words.worse", "part": "words.doubtful", "doubt": "words.doubtful"}
LOOKS = {"rub": "money", "share": "share1", "ratio": "ratio2"}
MOST_REASONS = 3
"""Then how many more there are: `svodka status` has them all."""


@dataclass(frozen=True)
class ClientLine:
    """One client on the page."""

    key: str
    """The client's folder: what a note beside the line follows."""
    client: str
    need: str
    """broken, night, part, doubt, none."""
    report_on: date | None
    run_at: datetime | None
    data_to_on: date | None
    figure: str
    unit: str
    value: Decimal | None
    before: Decimal | None
    disk_mb: int
    reasons: Sequence[str]
    link: str | None = None


def lay_out_clients(title: str, remark: str, lines: Sequence[ClientLine], language: Language) -> Sheet:
    """The page's title, the sentence under it and a line for each client, in their order, in; the page out."""
    canvas = Canvas(list(COLUMNS.values()), text_columns=len(COLUMNS) - 1, frozen_columns=1)
    canvas.sentence(title, "title")
    canvas.sentence(remark, "subtitle")
    canvas.gap(8)
    heads = [_head(name, language) for name in COLUMNS]
    place = canvas.header("clients", list(COLUMNS), heads, is_main=True)
    for line in lines:
        canvas.line(_entries(line, language), place, key=f"client={line.key}")
    return canvas.sheet("clients", title, is_landscape=True)


def _head(name: str, language: Language) -> Entry:
    return Entry(message(f"report.clients_{name}", language), LEFT.get(name, "header"))


def _entries(line: ClientLine, language: Language) -> list[Entry]:
    look = LOOKS.get(line.unit, "count")
    return [
        Entry(line.client, "name", link=line.link),
        Entry(message(f"report.clients_{line.need}", language), STATES.get(line.need, "words")),
        Entry(_reasons(line.reasons, language), "words"),
        _known(line.report_on, "date"),
        _known(line.run_at, "moment"),
        _known(line.data_to_on, "date"),
        Entry(line.figure, "words.indent"),
        _known(line.value, look),
        _known(line.before, f"{look}.earlier"),
        _change(line),
        Entry(line.disk_mb, "count.earlier"),
    ]


def _known(value: date | datetime | Decimal | None, look: str) -> Entry:
    return Entry(words.DASH, "dash") if value is None else Entry(value, look)


def _change(line: ClientLine) -> Entry:
    """The share by which the figure moved; nothing where that is unknown or was zero."""
    if line.value is None or not line.before:
        return Entry(None, "change")
    share = (line.value - line.before) / abs(line.before)
    return Entry(round(share, 4), "change.neutral")


def _reasons(reasons: Sequence[str], language: Language) -> str:
    shown = list(reasons[:MOST_REASONS])
    if len(reasons) > MOST_REASONS:
        shown.append(message("report.clients_more", language, more=len(reasons) - MOST_REASONS))
    return "\n".join(shown)
