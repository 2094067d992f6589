"""Words beside a call, an enquiry or a subscriber that call it a try, spam, a repeat or a machine's → what to tell.

The row counts: a business may want its spam counted, and whether «дубль» is the first or the second nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.client import SourceConfig
from config.draft import Aside
from config.words import fold
from transforms.parse.cells import folded, literal, literals
from transforms.recognise import Recognised
from transforms.staging.cells import Cells
from transforms.staging.clocks import unused
from transforms.staging.records import heading
from transforms.staging.void import NO, YES

STATES = re.compile(
    r"(?:статус|состояние|стадия|этап|результат|итог|исход|качество|тип|вид|категория|метк[аи]|тег[и]?|комментари[йи]"
    r"|примечани[ея]|название|имя|фио|контакт|клиент|status|state|stage|result|outcome|type|tags?|labels?|comments?"
    r"|notes?|(?:first |full )?name)(?: (?:обработки|звонка|вызова|лида|заявки|обращения|подписчика|контакта|клиента))?"
)
"""Headings of what people, or programs, write about such a row."""
TAKERS = re.compile(
    r"(?:кто|куда) (?:ответил|принял|позвонил)[иа]?|сотрудник|оператор|менеджер|ответственный|agent|answered by"
)
"""Headings of who took a call."""
NONE = r"спам|spam|тест|test|тестов(?:ый|ая|ое|ые)|дубл[а-я]*|duplicate|объединен[а-я]*|merged"
MACHINE = (
    r"ivr|робот|бот|bot|автоответчик|автосекретарь|voice ?mail|answering machine|auto.?attendant"
    r"|голосов[а-я]+ (?:почт[а-я]|меню|помощник|ассистент|робот|бот)"
)
SAYS = {
    "calls": f"{NONE}|внутренн[а-я]+",
    "leads": NONE,
    "subscribers": "тест|test|бот|bot|не ?подтвержден[а-я]?|unconfirmed|ожидает подтверждения",
}
"""Table → how words begin that say of a row that it is none of those that it counts among."""
FLAGS = re.compile(r"(?:это |является )?(?:спам|дубл\w+)|(?:is[ _]?)?(?:spam|duplicate|bot)|бот")
LIVE = re.compile(
    r"активен|активный|активна|подписана?|подтвержден[ао]?|(?:is[ _]?)?(?:active|subscribed|confirmed|verified)"
)
"""Headings under which «да», or «нет», says so."""
MOST = 0.5
"""Of the rows: where more say so, it is what they are, and meant to count."""


def no_events(recognised: Recognised, source: SourceConfig, cells: Cells) -> Iterator[Aside]:
    """A file that counts events or people in; the columns that say of some of its rows that they are none."""
    if source.table not in SAYS:
        return
    if source.table == "calls":
        who = heading(recognised, "manager")
        if cells.of(who) and who not in {*source.where, *source.exclude}:
            yield _said(who, _begins(cells.named(who), MACHINE))
    if recognised.profile is not None:
        return
    for header in unused(recognised, source):
        name = fold(header)
        if FLAGS.fullmatch(name):
            yield _said(header, f"{_text(header, cells)} in ({literals(YES)})")
        elif source.table == "subscribers" and LIVE.fullmatch(name):
            yield _said(header, f"{_text(header, cells)} in ({literals(NO)})")
        elif STATES.fullmatch(name):
            yield _said(header, _begins(cells.named(header), SAYS[source.table]))
        elif source.table == "calls" and TAKERS.fullmatch(name):
            yield _said(header, _begins(cells.named(header), MACHINE))


def _text(header: str, cells: Cells) -> str:
    return f"coalesce({folded(cells.named(header))}, '')"


def _begins(cell: str, words: str) -> str:
    return f"regexp_matches(coalesce({folded(cell)}, ''), {literal(rf'^(?:{words})(?:[^а-яa-z]|$)')})"


def _said(header: str, condition: str) -> Aside:
    return Aside("no_event", f"({condition})::integer", header, is_money=False, most=MOST)
