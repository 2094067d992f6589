"""docs/exports.md, written from the profiles: `python -m tools.exports_page`; a test says when it is out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from config.profiles import ColumnSource, Profile, ProfileTable, profiles
from transforms.recognise.fit import headers_used, sources_of

PAGE = Path(__file__).parents[1] / "docs" / "exports.md"

EVIDENCE = {
    "file": "видели строки настоящего файла",
    "parser/vendor": "исходный код самого сервиса",
    "parser": "программы, которые читают такие файлы",
    "docs": "документация сервиса",
    "inferred": "предположение",
    "not found": "не найдено",
}
TABLES = {
    "ad_spend": "расход на рекламу",
    "calls": "звонки",
    "deals": "продажи",
    "leads": "обращения",
    "subscribers": "подписчики",
    "activity": "посещения",
    "survey_answers": "ответы на опрос",
    "costs": "прочие расходы",
}
MEANINGS = {
    "spend_on": "день", "channel": "канал", "campaign": "кампания", "spend_rub": "расход", "impressions": "показы",
    "clicks": "клики", "call_id": "номер звонка", "started_at": "начало", "phone": "телефон клиента",
    "manager": "менеджер", "direction": "направление", "is_answered": "отвечен ли", "talk_seconds": "разговор",
    "deal_id": "номер продажи", "created_on": "создана", "closed_on": "закрыта", "status": "статус",
    "client_id": "номер клиента", "email": "почта", "product": "товар", "quantity": "количество",
    "revenue_rub": "сумма", "cogs_rub": "себестоимость", "loss_reason": "причина отказа", "promo_code": "промокод",
    "utm_source": "utm_source", "lead_id": "номер обращения", "created_at": "время", "kind": "вид",
    "subscriber_id": "номер подписчика", "subscribed_on": "подписался", "unsubscribed_on": "ушёл",
    "last_active_on": "последняя активность", "is_departed": "ушёл ли", "answered_on": "день ответа",
    "month_on": "месяц", "item": "статья", "amount_rub": "сумма",
}  # fmt: skip
REASONS = {
    "other_kind": "другой вид (его читает источник другой таблицы)",
    "own_transfer": "переводы между своими счетами",
    "billing": "биллинг",
    "partial": "анкета не дописана",
    "internal": "внутренний звонок",
    "service": "служебная",
}
STATUSES = {
    "won": "продано", "lost": "потеряно", "refunded": "возвращено", "open": "открыто", "qualified": "качественное",
    "junk": "мусор",
    "in": "входящий", "out": "исходящий", "internal": "внутренний, пропускается", "true": "да", "false": "нет",
}  # fmt: skip

HEAD = """\
<!-- Страница собрана из config/profiles командой `python -m tools.exports_page`. Правьте профиль, а не её. -->
# Выгрузки: что Сводка узнаёт сама

Положите файл туда, куда указывает `files:` источника, и напишите `profile: auto` (или ничего): Сводка узнаёт выгрузку \
по заголовкам и скажет, за что её приняла. Расширение не важно: смотрится содержимое — CSV в любой обычной кодировке, \
XLSX, XLS, HTML-таблица под именем .xls, SpreadsheetML, ZIP с выгрузками, текст 1С, JSON GetCourse.

Проверить, ничего не меняя: `svodka check ПАПКА` — по каждой колонке видно, сколько ячеек прочитано, а сколько нет. \
Ячейка с ошибкой (`#Н/Д`, `#ССЫЛКА!`) в XLSX, как и в таблице Google, попадает в отклонённые с её адресом и текстом, \
а не считается пустой.

## Если файл прочитан не так

| что не так | что написать в источнике |
|---|---|
| узнана не та выгрузка | `profile: имя` из этой страницы, или `profile: none` и свои `columns` |
| колонка называется иначе или её нет в профиле | `columns: {наша_колонка: "Ваш заголовок"}`; это сильнее профиля |
| колонку переименовал сервис | `svodka check` предложит похожую, `svodka accept` запомнит её в aliases.yaml |
| незнакомые статусы или исходы | `values: {status: {won: ["Ваше слово"]}}`; есть и `lost`, `open`, `refunded` |
| столбец говорит, кто отписался или недоступен, а дня ухода нет | `columns: {is_departed: "Статус"}` |
| строки с пометкой «Удалена», «Отменён», «Тест» пропущены, а нужны | `exclude: {"Удалена": []}` |
| непонятно, где день, а где месяц | `formats: {started_at: dd/mm/yyyy}` |
| непонятно, тысячи это или дробь | `formats: {decimal: ","}` |
| рубли или миллионные доли | `formats: {spend_rub: micros}` или `units` |
| время сдвинуто | `timezone: UTC` |
| лишние строки (другая воронка, сотрудники, спам) | `where:` и `exclude:` |
| деньги в другой валюте | `currency: USD` и `rates:` — файл или вкладка с курсами |
| деньги с НДС или без | `vat: included` или `vat: excluded`: пометка, цифры не меняются |

## Насколько мы уверены

| пометка | откуда известно |
|---|---|
"""


def exports_page() -> str:
    """Every profile in; the page that tells an operator where to press, and what Svodka makes of it, out."""
    legend = "".join(f"| {name} | {words} |\n" for name, words in EVIDENCE.items())
    known = sorted(profiles().values(), key=lambda profile: (profile.vendor.casefold(), profile.title.ru))
    chapters = "\n".join("\n".join(_chapter(profile)) for profile in known)
    return f"{HEAD}{legend}\n{chapters}"


def _chapter(profile: Profile) -> Iterator[str]:
    yield f"## {profile.title.ru}\n"
    sure = f"уверенность: {EVIDENCE[profile.evidence]}. {profile.evidence_note or ''}".rstrip()
    yield f"`profile: {profile.name}` · {sure}"
    yield f"\n**Где взять.** {profile.how_to.ru}\n"
    yield from _recognition(profile)
    for name, table in profile.tables.items():
        yield from _table(profile, name, table)


def _recognition(profile: Profile) -> Iterator[str]:
    signs = [f"«{name}»" for name in profile.recognise.headers]
    signs += [" или ".join(f"«{name}»" for name in group) for group in profile.recognise.any_of]
    if profile.no_header:
        names = ", ".join(profile.no_header)
        optional = "может не быть" if profile.header_may_be_absent else "нет"
        yield f"**Как узнаётся.** Строки заголовков {optional}; колонки по порядку: {names}.\n"
    elif signs:
        yield f"**Как узнаётся.** По заголовкам: {', '.join(signs)}.\n"
    if profile.timezone:
        yield f"Время в файле — {profile.timezone}, в отчёте — местное.\n"


def _table(profile: Profile, name: str, table: ProfileTable) -> Iterator[str]:
    yield f"**`table: {name}`** — {TABLES[name]}\n"
    yield "| наша колонка | заголовок в файле | важно |"
    yield "|---|---|---|"
    for column, source in sources_of(table).items():
        yield f"| `{column}` {MEANINGS.get(column, '')} | {_headers(source)} | {_note(source)} |"
    for column, value in table.constants.items():
        yield f"| `{column}` {MEANINGS.get(column, '')} | — | всегда «{STATUSES.get(value, value)}» |"
    yield ""
    yield from _more(profile, table)


def _headers(source: ColumnSource) -> str:
    names = [f"«{name}»" for name in headers_used(source) if not name.startswith("@")]
    glue = ", иначе " if not source.sql else ", "
    return _cell(glue.join(names) or "имя файла")


def _note(source: ColumnSource) -> str:
    parts = [source.note or ""]
    if source.evidence:
        parts.append(f"({EVIDENCE[source.evidence]})")
    return _cell(" ".join(part for part in parts if part))


def _more(profile: Profile, table: ProfileTable) -> Iterator[str]:
    for column, meanings in table.values.items():
        shown = "; ".join(f"{STATUSES[ours]} — {', '.join(words)}" for ours, words in meanings.items())
        yield f"Слова в `{column}`: {shown}.\n"
    if table.skip:
        yield f"Пропускаются и считаются: {', '.join(dict.fromkeys(REASONS[skip.why] for skip in table.skip))}.\n"
    if table.has_period:
        where = "в имени файла" if profile.period_in_file_name else "в строках над заголовком"
        asked = (
            "укажите `period:` источника" if not profile.period_in_title and not profile.period_in_file_name else where
        )
        yield f"Без дат в строках нужен период: {asked}; расход делится на его дни поровну, до копейки.\n"
    if profile.control_footers or table.control_headers:
        yield "Контрольные суммы файла сверяются с прочитанным; расхождение попадёт в отчёт.\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(exports_page(), encoding="utf-8")
