"""The invented school as its eight exports, each in the shape its vendor gives, with the dirt real exports have."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

from openpyxl import Workbook

from examples.school_story import (
    CHANGES,
    MANAGERS,
    PARTNERS,
    PLAN,
    REASONS,
    SPELLINGS,
    Answer,
    Call,
    Order,
    School,
    Spend,
)


def headers(joined: str) -> list[str]:
    """A header row written as one text."""
    return joined.split(";")


MONTH_NAMES = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
USER_HEADERS = headers(
    "id;Email;Тип регистрации;Создан;Последняя активность;Имя;Фамилия;Телефон;Дата рождения;Возраст;"
    "Страна;Город;От партнера;Согласен с договором офертой;Откуда пришел;utm_source;utm_medium;"
    "utm_campaign;utm_term;utm_content;utm_group;ID партнера;Email партнера;ФИО партнера;"
    "ФИО менеджера;VK-ID"
)
ORDER_HEADERS = headers(
    "ID заказа;Номер;ID пользователя;Пользователь;Email;Телефон;Дата создания;Дата оплаты;Title;"
    "Статус;Стоимость, RUB;Оплачено;Комиссия платежной системы;Получено;Налог;"
    "Осталось после вычета комиссии платежной системы и налога;Другие комиссии;Заработано;Валюта;"
    "Менеджер;Город;Платежная система;ID партнера;Использован промокод;Промоакция;utm_source;"
    "utm_medium;utm_campaign;utm_content;utm_term;utm_group;Теги"
)
CALL_HEADERS = headers(
    "Тип;Статус;Время;ID схемы звонка;Схема;Исходящая линия;Откуда;Куда;Кто ответил;"
    "Длительность звонка;Длительность разговора;Время ответа;Оценка;ID записи;Метка;Теги;"
    "Инициатор завершения звонка;ID заказа звонка;Запись существует;Новый клиент;Состояние перезвона;"
    "Время перезвона;Информация из CRM;Ответственный из CRM"
)
DIRECT_HEADERS = headers("Дата;Кампания;№ Кампании;Группа;Показы;Клики;CTR (%);Расход (руб.);Ср. цена клика (руб.)")


def write_school(school: School, folder: Path) -> None:
    """The school in, eight exports and the client's own tables out."""
    random = Random(7)
    exports = folder / "exports"
    for part in ("direct", "calls"):
        (exports / part).mkdir(parents=True, exist_ok=True)
    write_users(school, exports / "getcourse_users.csv")
    write_orders(random, school.orders, exports / "getcourse_orders.csv")
    write_calls(random, school.calls, exports / "calls")
    write_direct([line for line in school.spend if line.channel == "Яндекс.Директ"], exports / "direct")
    write_other_spend(
        [line for line in school.spend if line.channel != "Яндекс.Директ"], exports / "Реклама прочая.xlsx"
    )
    write_activity(school, exports / "Посещения.csv")
    write_answers(school.answers, exports / "Опрос.csv")
    write_plan(exports / "План 2026.xlsx")
    write_changes(folder / "changes.csv")
    write_dictionaries(folder)


def write_csv(
    path: Path, rows: Iterable[Sequence[object]], encoding: str, *, before: str = "", quote_all: bool = False
) -> None:
    """Rows as `;`-separated text in the vendor's encoding, with lines before the header if it has them."""
    text = io.StringIO()
    text.write(before)
    csv.writer(
        text, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    ).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_users(school: School, path: Path) -> None:
    """GetCourse users: UTF-8 with BOM, everything quoted, the latest visit only."""
    rows: list[Sequence[object]] = [USER_HEADERS]
    for person in school.subscribers:
        seen = f"{person.visits[-1].isoformat()} 21:00:00" if person.visits else ""
        first, last = person.name.split()
        row = dict.fromkeys(USER_HEADERS, "")
        row |= {"id": str(person.number), "Email": person.email, "Тип регистрации": "Регистрация"}
        row |= {
            "Создан": person.subscribed_at.isoformat(" "),
            "Последняя активность": seen,
            "Имя": first,
            "Фамилия": last,
        }
        row |= {"Телефон": written_phone(person.number, person.phone), "Страна": "Россия"}
        rows.append(list(row.values()))
    write_csv(path, rows, "utf-8-sig", quote_all=True)


def write_orders(random: Random, orders: list[Order], path: Path) -> None:
    """GetCourse orders: UTF-8 with BOM; two amounts nobody can read, one unknown manager."""
    rows: list[list[object]] = []
    for order in orders:
        row: dict[str, object] = dict.fromkeys(ORDER_HEADERS, "")
        row |= {
            "ID заказа": 700_000 + order.number,
            "Номер": 7_000 + order.number,
            "ID пользователя": order.subscriber.number,
        }
        row |= {
            "Пользователь": order.subscriber.name,
            "Email": order.subscriber.email,
            "Телефон": order.subscriber.phone,
        }
        row |= {"Дата создания": order.created_at.isoformat(" "), "Title": order.product, "Статус": order.status}
        row |= {"Дата оплаты": order.paid_at.isoformat(" ") if order.paid_at else "", "Валюта": "RUB"}
        row |= {"Стоимость, RUB": f"{order.price_rub}.00", "Оплачено": f"{order.paid_rub}.00"}
        row |= {"Менеджер": random.choice(MANAGERS[order.manager][3]) if order.manager else ""}
        row |= {"Использован промокод": order.promo_code, "Теги": order.tag}
        row |= {"utm_source": random.choice(SPELLINGS[order.channel]) if order.channel and not order.manager else ""}
        rows.append(list(row.values()))
    paid = ORDER_HEADERS.index("Оплачено")
    waiting = [row for row in rows if row[ORDER_HEADERS.index("Статус")] == "Ожидаем оплаты"]
    dear = [row for row in rows if row[paid] == "14900.00"]
    waiting[-1][paid], waiting[-3][paid], dear[-1][paid] = "уточнить", "9900 + 500", "14 900 руб."
    dear[-2][ORDER_HEADERS.index("Менеджер")] = "Седоф"
    write_csv(path, [ORDER_HEADERS, *rows], "utf-8-sig")


def write_calls(random: Random, calls: list[Call], folder: Path) -> None:
    """Sipuni journals of half a year each, UTF-8 with BOM; each repeats the last week of the one before."""
    starts = [date(2024, 10, 1), date(2025, 4, 1), date(2025, 10, 1), date(2026, 4, 1), date(2026, 10, 1)]
    lines = [(one.started_at.date(), call_row(random, number, one)) for number, one in enumerate(calls)]
    for first, following in pairwise(starts):
        rows = [row for day, row in lines if first - timedelta(days=7) <= day < following]
        if first == starts[-2]:
            rows[-5][2] = "31.09.2026 10:15:00"
            rows[-9][6] = "7,0008E+10"
            rows[-30][14] = "телеграмм адс"
            rows += [internal_call(number) for number in range(12)]
        write_csv(folder / f"sipuni_{first:%Y-%m}.csv", [CALL_HEADERS, *rows], "utf-8-sig")


def call_row(random: Random, number: int, one: Call) -> list[object]:
    """A call in the 24 columns of the journal."""
    row: dict[str, object] = dict.fromkeys(CALL_HEADERS, "")
    ringing = 5 + number % 20
    row |= {
        "Тип": "Входящий",
        "Статус": "Отвечен" if one.is_answered else "Не отвечен",
        "Время": f"{one.started_at:%d.%m.%Y %H:%M:%S}",
    }
    row |= {
        "Схема": "Отдел продаж",
        "Исходящая линия": "+70001110000",
        "Откуда": written_phone(number, one.phone),
        "Куда": "+70001110000",
    }
    row |= {
        "Длительность звонка": one.talk_seconds + ringing,
        "Длительность разговора": one.talk_seconds or "",
        "Время ответа": ringing,
    }
    row |= {"ID записи": f"{(one.started_at - datetime(1970, 1, 1)).total_seconds():.0f}.{number:06d}"}
    row |= {"Метка": random.choice(SPELLINGS[one.channel]) if number % 29 else ""}
    row |= {"Ответственный из CRM": MANAGERS[one.manager][3][0]}
    return list(row.values())


def internal_call(number: int) -> list[object]:
    """A call between two desks: no client, no business."""
    row: dict[str, object] = dict.fromkeys(CALL_HEADERS, "")
    row |= {
        "Тип": "Внутренний",
        "Статус": "Отвечен",
        "Время": f"{1 + number:02d}.09.2026 12:00:00",
        "Откуда": "201",
        "Куда": "202",
    }
    return list((row | {"Длительность звонка": 40, "Длительность разговора": 31}).values())


def written_phone(number: int, phone: str) -> str:
    """The same phone in one of the ways people and systems write it."""
    tail = phone[1:]
    ways = [phone, f"+7{tail}", f"8{tail}", f"+7 ({tail[:3]}) {tail[3:6]}-{tail[6:8]}-{tail[8:]}"]
    return ways[number % 4]


def write_direct(lines: list[Spend], folder: Path) -> None:
    """Direct's report wizard: cp1251, four lines above the header, decimal comma, totals; March 2026 in both files."""
    for first, last in ((date(2024, 10, 1), date(2026, 3, 31)), (date(2026, 3, 1), date(2026, 9, 20))):
        chosen = [line for line in lines if first <= line.day <= last]
        rows: list[list[object]] = [direct_row(line) for line in chosen]
        impressions, clicks = sum(line.impressions for line in chosen), sum(line.clicks for line in chosen)
        total = comma(sum(line.kopecks for line in chosen))
        rows.append(["Итого", "", "", "", impressions, clicks, "", total, ""])
        before = (
            f"Статистика по кампаниям\r\nПериод: {first:%d.%m.%Y} - {last:%d.%m.%Y}\r\nКлиент: romashka-demo\r\n\r\n"
        )
        write_csv(folder / f"direct_{first:%Y-%m}_{last:%Y-%m}.csv", [DIRECT_HEADERS, *rows], "cp1251", before=before)


def direct_row(line: Spend) -> list[object]:
    """One day of a campaign as the cabinet prints it."""
    number = 81_000_001 if line.campaign.startswith("Поиск") else 81_000_002
    rate, price = round(10_000 * line.clicks / line.impressions), round(line.kopecks / line.clicks)
    group = "Группа 1" if line.campaign.startswith("Поиск") else "-"
    day = f"{line.day:%d.%m.%Y}"
    return [
        day,
        line.campaign,
        number,
        group,
        line.impressions,
        line.clicks,
        comma(rate),
        comma(line.kopecks),
        comma(price),
    ]


def comma(hundredths: int) -> str:
    """Hundredths as text with a decimal comma."""
    return f"{hundredths // 100},{hundredths % 100:02d}"


def write_other_spend(lines: list[Spend], path: Path) -> None:
    """A table kept by hand: a title, a blank row, native dates and numbers, a subtotal a month, a grand total."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Реклама")
    sheet.append(["Реклама: всё, кроме Директа"])
    sheet.append([])
    sheet.append(["Дата", "Канал", "Кампания", "Показы", "Клики", "Расход, ₽"])
    for month in sorted({(line.day.year, line.day.month) for line in lines}):
        chosen = [line for line in lines if (line.day.year, line.day.month) == month]
        for line in chosen:
            channel = "ВК реклама" if line.channel == "VK Реклама" else line.channel
            sheet.append([line.day, channel, line.campaign, line.impressions, line.clicks, line.kopecks / 100])
        sheet.append([f"Итого {MONTH_NAMES[month[1] - 1]} {month[0]}", None, None, *sums(chosen)])
    sheet.append(["ВСЕГО:", None, None, *sums(lines)])
    for row in sheet.iter_rows(min_row=4, max_col=1):
        row[0].number_format = "dd.mm.yyyy"
    sheet.column_dimensions["A"].width, sheet.column_dimensions["C"].width = 14, 24
    save_same_bytes(book, path)


def sums(lines: list[Spend]) -> list[float]:
    """Impressions, clicks and roubles of some lines."""
    return [sum(l.impressions for l in lines), sum(l.clicks for l in lines), sum(l.kopecks for l in lines) / 100]  # noqa: E741


def save_same_bytes(book: Workbook, path: Path) -> None:
    """Saves a workbook so that the same cells give the same file."""
    book.properties.created = book.properties.modified = datetime(2026, 9, 21, 3, 0)
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = fixed_modified(body)
            target.writestr(zipfile.ZipInfo(name, (2026, 9, 21, 3, 0, 0)), body, zipfile.ZIP_DEFLATED)


def fixed_modified(core: bytes) -> bytes:
    """The workbook's properties with a fixed moment of saving: openpyxl stamps the present one."""
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-09-21T03:00:00Z", core)


def write_activity(school: School, path: Path) -> None:
    """A journal of visits from the school's own site: cp1251, three columns; it reaches back to the first day."""
    visits = sorted((day, person.number) for person in school.subscribers for day in person.visits)
    rows: list[Sequence[object]] = [["Пользователь", "Дата визита", "Что"]]
    rows += [[number, f"{day:%d.%m.%Y}", "урок" if number % 3 else "письмо"] for day, number in visits]
    write_csv(path, rows, "cp1251")


def write_answers(answers: list[Answer], path: Path) -> None:
    """Answers to a Google form, as it gives them in CSV: commas, its own words for the moment."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(["Отметка времени", "Ваш телефон", "Кто с вами говорил", "Оцените разговор от 1 до 5", "Что не так"])
    for number, one in enumerate(answers):
        spelled = MANAGERS[one.manager][3][0]
        row = [f"{one.at:%d.%m.%Y %H:%M:%S}", written_phone(number, one.phone), spelled, one.score, one.reason]
        table.writerow(row)
    path.write_bytes(text.getvalue().encode("utf-8"))


def write_plan(path: Path) -> None:
    """The owner's plan of the year as people keep one: a figure a row, a month a column."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "План 2026"
    sheet.append(["Показатель", *(f"{name} 2026" for name in MONTH_NAMES)])
    for figure, months in PLAN.items():
        sheet.append([figure, *months])
    sheet.column_dimensions["A"].width = 24
    save_same_bytes(book, path)


def write_changes(path: Path) -> None:
    """What was changed, one a line, as an owner would write it down."""
    text = io.StringIO()
    rows = [
        [name, metric, channel, f"{day:%d.%m.%Y}", days, note] for name, metric, channel, day, days, note in CHANGES
    ]
    head = ["Что", "Показатель", "Канал", "Когда", "Дней", "Примечание"]
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")


def write_dictionaries(folder: Path) -> None:
    """Channels, managers, reasons, partners and the phones of the staff, as an operator would keep them."""
    channels = [[alias, name] for name, aliases in SPELLINGS.items() for alias in aliases if alias != name]
    managers = [[alias, name] for name, (_, _, _, aliases) in MANAGERS.items() for alias in aliases]
    names = [[name, name] for name in SPELLINGS]
    for file, rows in (("channels.csv", [*names, *channels, ["ВК реклама", "VK Реклама"]]), ("managers.csv", managers)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([["alias", "name"], *rows])
        (folder / file).write_text(text.getvalue(), encoding="utf-8")
    tables = {
        "loss_reasons.csv": [("alias", "name", "group"), *REASONS],
        "partners.csv": [("name", "promo_code", "share", "rub_per_client"), *PARTNERS],
    }
    for file, kept in tables.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(kept)
        (folder / file).write_text(text.getvalue(), encoding="utf-8")
    (folder / "staff.csv").write_text("phone\n70001110000\n", encoding="utf-8")
