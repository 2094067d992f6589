"""The six tables in pandas, as a careful user writes them: `python -m bench.peers.in_pandas EXPORTS REPORT.xlsx`.

Only the columns that are used, few-valued texts as categories, money in kopecks so that sums are exact. An unreadable day or
amount becomes a blank that nobody hears of.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from bench.peers.workbook import Table, save

WON = "Успешно реализовано"
UNKNOWN = "Не указан"


def tables(exports: Path) -> dict[str, Table]:
    """A folder of exports in, the tables of the report out."""
    calls, deals = read_calls(exports), read_deals(exports)
    spend, subscribers = read_spend(exports), read_subscribers(exports)
    frames = {
        "channel_month": channel_month(calls, deals, spend),
        "channel_week": channel_week(calls, spend),
        "manager_month": manager_month(calls, deals),
        "subscriber_month": subscriber_month(subscribers),
        "client_month": client_month(deals),
        "chain_month": chain_month(spend),
    }
    return {name: rows(frame) for name, frame in frames.items()}


def read(exports: Path, pattern: str, columns: dict[str, str], categories: tuple[str, ...]) -> pd.DataFrame:
    """Some columns of all files of a pattern, under our names."""
    kinds = {header: "category" if name in categories else "str" for header, name in columns.items()}
    parts = [
        pd.read_csv(path, sep=";", encoding="cp1251", usecols=list(columns), dtype=kinds)
        for path in sorted(exports.glob(pattern))
    ]
    frame = (pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]).rename(columns=columns)
    return frame.astype(dict.fromkeys(categories, "category"))


def read_calls(exports: Path) -> pd.DataFrame:
    """Incoming calls with their month, week and phone."""
    columns = {"Дата и время": "started_at", "Телефон": "phone", "Канал": "channel", "Менеджер": "manager",
               "Направление": "direction", "Статус": "answered", "Разговор, сек": "talk_seconds"}  # fmt: skip
    calls = read(exports, "calls*.csv", columns, ("channel", "manager", "direction", "answered"))
    calls = calls[calls.direction == "Входящий"].copy()
    calls["started_at"] = pd.to_datetime(calls.started_at, format="%d.%m.%Y %H:%M:%S", errors="coerce")
    calls["phone"] = phone(calls.phone)
    calls["talk_seconds"] = pd.to_numeric(calls.talk_seconds, errors="coerce")
    calls["month"], calls["week"] = month(calls.started_at), week(calls.started_at)
    return calls


def read_deals(exports: Path) -> pd.DataFrame:
    """Won deals."""
    columns = {"Закрыта": "closed_on", "Этап": "status", "Канал": "channel", "Менеджер": "manager", "Телефон": "phone",
               "Сумма, руб.": "revenue"}  # fmt: skip
    deals = read(exports, "deals.csv", columns, ("status", "channel", "manager"))
    deals = deals[deals.status == WON].copy()
    deals["month"] = month(day(deals.closed_on))
    deals["closed_on"] = day(deals.closed_on)
    deals["channel"] = deals.channel.astype("object").fillna(UNKNOWN)
    deals["phone"], deals["kopecks"] = phone(deals.phone), kopecks(deals.revenue)
    return deals


def read_spend(exports: Path) -> pd.DataFrame:
    """What was spent, by day, channel and campaign."""
    columns = {"Дата": "spend_on", "Канал": "channel", "Показы": "impressions", "Клики": "clicks",
               "Расход, руб.": "spend"}  # fmt: skip
    spend = read(exports, "spend.csv", columns, ("channel",))
    spend["spend_on"] = day(spend.spend_on)
    spend["month"], spend["week"] = month(spend.spend_on), week(spend.spend_on)
    spend["kopecks"] = kopecks(spend.spend)
    for name in ("impressions", "clicks"):
        spend[name] = pd.to_numeric(spend[name], errors="coerce")
    return spend


def read_subscribers(exports: Path) -> pd.DataFrame:
    """Who subscribed and was seen when."""
    subscribers = read(exports, "subscribers.csv", {"Подписан": "subscribed_on", "Был": "last_active_on"}, ())
    return subscribers.apply(day)


def phone(text: pd.Series) -> pd.Series:
    """Eleven digits from seven on."""
    return "7" + text.str.replace("[^0-9]", "", regex=True).str[-10:]


def day(text: pd.Series) -> pd.Series:
    """dd.mm.yyyy as a day."""
    return pd.to_datetime(text, format="%d.%m.%Y", errors="coerce")


def month(days: pd.Series) -> pd.Series:
    """The first of the month."""
    return days.dt.to_period("M").dt.start_time


def week(days: pd.Series) -> pd.Series:
    """The Monday."""
    return days.dt.normalize() - pd.to_timedelta(days.dt.day_of_week, unit="D")


def kopecks(text: pd.Series) -> pd.Series:
    """Decimal comma, whole kopecks."""
    return (pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce") * 100).round()


def channel_month(calls: pd.DataFrame, deals: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """What was spent on each channel and what it brought."""
    ordered = calls.sort_values("started_at", kind="stable")
    earlier = ordered.groupby("phone").started_at.shift()
    known = earlier.notna()
    first = ~known | (earlier <= ordered.started_at - pd.Timedelta(days=30))
    taken = (ordered.answered == "Отвечен") & (ordered.talk_seconds >= 20)
    keys = ["month", "channel"]
    counted = grouped(ordered.assign(first=first, taken=taken), keys).agg(
        calls=("first", "size"), unique_calls=("first", "sum"), target_calls=("taken", "sum")
    )
    spent = grouped(spend, keys).agg(spend=("kopecks", "sum"), clicks=("clicks", "sum"))
    sold = grouped(deals, keys).agg(deals=("phone", "size"), clients=("phone", "nunique"), revenue=("kopecks", "sum"))
    joined = counted.join(spent, how="outer").join(sold, how="outer").reset_index()
    joined["spend"], joined["revenue"] = joined.spend / 100, joined.revenue / 100
    joined["calls_per_1000"] = 1000 * joined.calls / joined.spend.where(joined.spend != 0)
    return joined


def channel_week(calls: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """Calls and roubles by week."""
    keys = ["week", "channel"]
    spent = grouped(spend, keys).agg(spend=("kopecks", "sum")) / 100
    joined = grouped(calls, keys).agg(calls=("phone", "size")).join(spent, how="outer").reset_index()
    joined["calls_per_1000"] = 1000 * joined.calls / joined.spend.where(joined.spend != 0)
    return joined


def manager_month(calls: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Calls taken by each manager and clients made of them."""
    keys = ["month", "manager"]
    taken = grouped(calls[calls.answered == "Отвечен"], keys).agg(calls=("phone", "size"), callers=("phone", "nunique"))
    sold = grouped(deals, keys).agg(clients=("phone", "nunique"), revenue=("kopecks", "sum"))
    joined = taken.join(sold, how="outer").reset_index()
    joined["revenue"] = joined.revenue / 100
    joined["clients_per_10"] = 10.0 * joined.clients / joined.calls.where(joined.calls != 0)
    return joined


def subscriber_month(subscribers: pd.DataFrame) -> pd.DataFrame:
    """Subscribers at the end of each month, and those seen in its last thirty days."""
    began = subscribers.subscribed_on
    seen = subscribers.max(axis=1)
    found = []
    for end in sorted(began.dropna().dt.to_period("M").unique()):
        last = end.end_time.normalize()
        there = began <= last
        found.append((last, int(there.sum()), int((there & (seen > last - pd.Timedelta(days=30))).sum())))
    return pd.DataFrame(found, columns=["d", "total", "active"])


def client_month(deals: pd.DataFrame) -> pd.DataFrame:
    """Clients of each month, and those who bought for the first time."""
    first = deals.groupby("phone").closed_on.transform("min")
    new = deals[first >= deals.month].groupby("month").phone.nunique().rename("new")
    counted = deals.groupby("month").phone.nunique().rename("clients").to_frame()
    return counted.join(new).fillna({"new": 0}).reset_index()


def chain_month(spend: pd.DataFrame) -> pd.DataFrame:
    """From impressions to roubles."""
    found = grouped(spend, ["month", "channel"]).agg(
        impressions=("impressions", "sum"), clicks=("clicks", "sum"), spend=("kopecks", "sum")
    )
    return found.assign(spend=found.spend / 100).reset_index()


def grouped(frame: pd.DataFrame, keys: list[str]) -> pd.api.typing.DataFrameGroupBy:
    """Groups by keys, the unknown one among them, keys as ordinary values."""
    return frame.astype(dict.fromkeys(keys[1:], "object")).groupby(keys, dropna=False)


def rows(frame: pd.DataFrame) -> Table:
    """A frame as plain values."""
    plain = frame.astype("object").where(frame.notna(), None)
    return Table(list(frame.columns), list(plain.itertuples(index=False, name=None)))


if __name__ == "__main__":
    save(Path(sys.argv[2]), tables(Path(sys.argv[1])))
