"""The six tables in polars, lazily and streaming: `python -m bench.peers.in_polars EXPORTS REPORT.xlsx`.

Only the columns that are used. An unreadable day or amount becomes a blank that nobody hears of.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from bench.peers.transcode import transcode
from bench.peers.workbook import Table, save

WON = "Успешно реализовано"
MONTH = pl.col("month")


def tables(exports: Path) -> dict[str, Table]:
    """A folder of exports in, the tables of the report out."""
    with TemporaryDirectory() as folder:
        calls = read_calls(exports, Path(folder))
        deals, spend = read_deals(exports, Path(folder)), read_spend(exports, Path(folder))
        subscribers = read_subscribers(exports, Path(folder))
    frames = {
        "channel_month": channel_month(calls, deals, spend),
        "channel_week": channel_week(calls, spend),
        "manager_month": manager_month(calls, deals),
        "subscriber_month": subscriber_month(subscribers),
        "client_month": client_month(deals),
        "chain_month": chain_month(spend),
    }
    return {name: Table(frame.columns, frame.rows()) for name, frame in frames.items()}


def read(exports: Path, pattern: str, folder: Path) -> pl.LazyFrame:
    """All files of a pattern as text."""
    return pl.scan_csv(transcode(exports, pattern, folder), separator=";", infer_schema=False)


def read_calls(exports: Path, folder: Path) -> pl.DataFrame:
    """Incoming calls with their month, week and phone."""
    moment = pl.col("Дата и время").str.to_datetime("%d.%m.%Y %H:%M:%S", strict=False)
    return (
        read(exports, "calls*.csv", folder)
        .filter(pl.col("Направление") == "Входящий")
        .select(
            started_at=moment,
            month=moment.dt.date().dt.truncate("1mo"),
            week=moment.dt.date().dt.truncate("1w"),
            phone=phone(),
            channel="Канал",
            manager="Менеджер",
            is_answered=pl.col("Статус") == "Отвечен",
            talk_seconds=pl.col("Разговор, сек").cast(pl.Int64, strict=False),
        )
        .collect(engine="streaming")
    )


def read_deals(exports: Path, folder: Path) -> pl.DataFrame:
    """Won deals."""
    return (
        read(exports, "deals.csv", folder)
        .filter(pl.col("Этап") == WON)
        .select(
            closed_on=day("Закрыта"),
            month=day("Закрыта").dt.truncate("1mo"),
            channel=pl.col("Канал").replace("", None).fill_null("Не указан"),
            manager="Менеджер",
            phone=phone(),
            revenue=money("Сумма, руб."),
        )
        .collect(engine="streaming")
    )


def read_spend(exports: Path, folder: Path) -> pl.DataFrame:
    """What was spent, by day, channel and campaign."""
    return (
        read(exports, "spend.csv", folder)
        .select(
            month=day("Дата").dt.truncate("1mo"),
            week=day("Дата").dt.truncate("1w"),
            channel="Канал",
            impressions=pl.col("Показы").cast(pl.Int64, strict=False),
            clicks=pl.col("Клики").cast(pl.Int64, strict=False),
            spend=money("Расход, руб."),
        )
        .collect()
    )


def read_subscribers(exports: Path, folder: Path) -> pl.DataFrame:
    """Who subscribed and was seen when."""
    known = read(exports, "subscribers.csv", folder)
    return known.select(subscribed_on=day("Подписан"), last_active_on=day("Был")).collect(engine="streaming")


def phone() -> pl.Expr:
    """Eleven digits from seven on."""
    return "7" + pl.col("Телефон").str.replace_all("[^0-9]", "").str.slice(-10)


def day(header: str) -> pl.Expr:
    """dd.mm.yyyy as a day."""
    return pl.col(header).str.to_date("%d.%m.%Y", strict=False)


def money(header: str) -> pl.Expr:
    """Decimal comma, exact kopecks."""
    return pl.col(header).str.replace(",", ".", literal=True).cast(pl.Decimal(18, 2), strict=False)


def channel_month(calls: pl.DataFrame, deals: pl.DataFrame, spend: pl.DataFrame) -> pl.DataFrame:
    """What was spent on each channel and what it brought."""
    earlier = pl.col("started_at").shift().over("phone", order_by="started_at", nulls_last=True)
    keys = ["month", "channel"]
    counted = (
        calls.lazy()
        .with_columns(earlier=earlier)
        .group_by(keys)
        .agg(
            calls=pl.len(),
            unique_calls=(
                pl.col("earlier").is_null() | (pl.col("earlier") <= pl.col("started_at") - pl.duration(days=30))
            ).sum(),
            target_calls=(pl.col("is_answered") & (pl.col("talk_seconds") >= 20)).sum(),
        )
        .collect()
    )
    spent = spend.group_by(keys).agg(pl.col("spend").sum(), pl.col("clicks").sum())
    sold = deals.group_by(keys).agg(deals=pl.len(), clients=pl.col("phone").n_unique(), revenue=pl.col("revenue").sum())
    joined = joined_on(joined_on(counted, spent, keys), sold, keys)
    return joined.with_columns(calls_per_1000=per_1000()).sort(keys)


def channel_week(calls: pl.DataFrame, spend: pl.DataFrame) -> pl.DataFrame:
    """Calls and roubles by week."""
    keys = ["week", "channel"]
    spent = spend.group_by(keys).agg(pl.col("spend").sum())
    joined = joined_on(calls.group_by(keys).agg(calls=pl.len()), spent, keys)
    return joined.with_columns(calls_per_1000=per_1000()).sort(keys)


def manager_month(calls: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """Calls taken by each manager and clients made of them."""
    keys = ["month", "manager"]
    taken = calls.filter("is_answered").group_by(keys).agg(calls=pl.len(), callers=pl.col("phone").n_unique())
    sold = deals.group_by(keys).agg(clients=pl.col("phone").n_unique(), revenue=pl.col("revenue").sum())
    joined = joined_on(taken, sold, keys)
    return joined.with_columns(clients_per_10=10.0 * pl.col("clients") / pl.col("calls")).sort(keys)


def subscriber_month(subscribers: pl.DataFrame) -> pl.DataFrame:
    """Subscribers at the end of each month, and those seen in its last thirty days."""
    ends = subscribers.select(d=pl.col("subscribed_on").dt.month_end()).drop_nulls().unique()
    seen = pl.max_horizontal("subscribed_on", "last_active_on")
    found = []
    for end in ends.sort("d")["d"]:
        there = subscribers.filter(pl.col("subscribed_on") <= end)
        active = there.filter(seen > pl.lit(end).dt.offset_by("-30d"))
        found.append({"d": end, "total": there.height, "active": active.height})
    return pl.DataFrame(found)


def client_month(deals: pl.DataFrame) -> pl.DataFrame:
    """Clients of each month, and those who bought for the first time."""
    first = pl.col("closed_on").min().over("phone") >= MONTH
    return (
        deals.with_columns(is_first=first)
        .group_by("month")
        .agg(clients=pl.col("phone").n_unique(), new=pl.col("phone").filter("is_first").n_unique())
        .sort("month")
    )


def chain_month(spend: pl.DataFrame) -> pl.DataFrame:
    """From impressions to roubles."""
    keys = ["month", "channel"]
    return spend.group_by(keys).agg(pl.col("impressions", "clicks", "spend").sum()).sort(keys)


def joined_on(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Rows of both sides, those of one side alone too."""
    return left.join(right, on=keys, how="full", coalesce=True)


def per_1000() -> pl.Expr:
    """Calls for a thousand roubles; unknown where nothing was spent."""
    spent = pl.col("spend").cast(pl.Float64)
    return 1000 * pl.col("calls") / pl.when(spent != 0).then(spent)


if __name__ == "__main__":
    save(Path(sys.argv[2]), tables(Path(sys.argv[1])))
