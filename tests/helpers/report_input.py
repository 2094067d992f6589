"""An invented school as a ReportInput: months, channels, managers and subscribers with figures that fit together."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from config.client import Client
from config.documents import Result, Value
from config.metrics import metrics
from transforms.layout import ReportInput, month_back

AS_OF = date(2026, 9, 20)
UPDATED_AT = datetime(2026, 9, 21, 3, 4)
MONTHS = [date(2025 + (7 + i) // 12, (7 + i) % 12 + 1, 1) for i in range(14)]
"""August 2025 … September 2026."""

# channel: spend a month, calls a month, clients a month, revenue a client; the last number: how calls fade by month
CHANNELS: dict[str, tuple[int, int, int, int, float]] = {
    "Яндекс.Директ": (180_000, 470, 42, 12_400, 0.955),
    "VK Реклама": (92_000, 210, 34, 13_100, 1.005),
    "Telegram Ads": (31_000, 80, 13, 11_900, 1.015),
    "Авито": (18_000, 41, 3, 9_800, 1.0),
    "SEO": (0, 61, 11, 13_500, 1.01),
    "Не указан": (0, 17, 2, 3_500, 1.0),
}
# manager: calls a month, callers, converted callers, clients, missed
MANAGERS: dict[str, tuple[int, int, int, int, int]] = {
    "Анна Котова": (240, 210, 47, 34, 12),
    "Борис Лаптев": (260, 215, 22, 27, 61),
    "Вера Соль": (200, 160, 34, 28, 9),
    "Глеб Новиков": (28, 22, 4, 4, 2),
}


def report_input(as_of: date = AS_OF, *, language: str = "ru", **changes: Any) -> ReportInput:
    """The invented school on a day; `changes` replace fields of the ReportInput."""
    fields: dict[str, Any] = {
        "client": client(language),
        "as_of": as_of,
        "updated_at": UPDATED_AT,
        "now": dict(metric_results(as_of)),
        "before": dict(metric_results(month_back(as_of))),
        "ops": ops_results(as_of),
    }
    return ReportInput(**{**fields, **changes})


def client(language: str = "ru", **settings: Any) -> Client:
    """The school's config, without a folder."""
    return Client.model_validate(
        {
            "client": "Школа «Ромашка»",
            "language": language,
            "sources": {
                "direct": {"table": "ad_spend", "files": "direct/*.csv", "vat": "included"},
                "sipuni": {"table": "calls", "files": "calls.csv"},
                "getcourse": {"table": "deals", "files": "orders.csv"},
                "unisender": {"table": "subscribers", "files": "subscribers.csv"},
            },
            "settings": settings,
        }
    )


@cache
def metric_results(as_of: date) -> dict[str, Result]:
    """Every metric table the report reads, with `as_of` as its last day."""
    months = [first for first in MONTHS if first <= as_of]
    makers = {
        "channel_period": _channel_rows,
        "manager_period": _manager_rows,
        "subscriber_period": _subscriber_rows,
        "client_period": _client_rows,
        "client_channel_period": _client_channel_rows,
        "chain_period": _chain_rows,
    }
    return with_whole(
        {
            name: result(name, [with_ratios(name, row) for first in months for row in make(first, as_of)])
            for name, make in makers.items()
        }
    )


def with_ratios(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of a metric table in; the same with those ratios of its columns that nobody wrote down out."""
    made = dict(row)
    for name, metric in metrics().tables[table].columns.items():
        top, less, bottom = (row.get(part or "") for part in (metric.numerator, metric.minus, metric.denominator))
        if name not in row and top is not None and bottom is not None and (less is not None) == bool(metric.minus):
            quotient = _quotient(metric.times * (top - (less or 0)), bottom)
            made[name] = _rub(quotient) if metric.unit == "rub" else quotient
    return made


def replaced(report: ReportInput, table: str, now: Sequence[Any], before: Sequence[Any]) -> ReportInput:
    """A report and the rows of one metric table on both sides in; the report with them, its whole made anew, out."""
    sides = {"now": now, "before": before}
    made = {side: {**getattr(report, side), table: result(table, rows)} for side, rows in sides.items()}
    return replace(report, **{side: with_whole(tables) for side, tables in made.items()})  # type: ignore[arg-type]


def changed(report: ReportInput, table: str, change: Callable[[Any], Any]) -> ReportInput:
    """The report with each row of a metric table changed by a function, on both sides."""
    now, before = ([change(row) for row in getattr(report, side)[table].dicts()] for side in ("now", "before"))
    return replaced(report, table, now, before)


def with_whole(results: dict[str, Result]) -> dict[str, Result]:
    """Metric tables in; the same with the business as a whole, made of their channels and managers, out."""
    channels, managers = (
        results[name].dicts() if name in results else [] for name in ("channel_period", "manager_period")
    )
    months = {row["period_start"]: row["is_complete"] for row in [*channels, *managers]}
    rows = [
        {"grain": "month", "period_start": first, "is_complete": is_complete}
        | _whole(*([row for row in rows if row["period_start"] == first] for rows in (channels, managers)))
        for first, is_complete in months.items()
    ]
    return {**results, "whole_period": result("whole_period", rows)}


def _whole(channels: list[Any], managers: list[Any]) -> dict[str, Any]:
    paid = [row for row in channels if (row["spend_rub"] or 0) > 0]
    clicked = [row for row in channels if (row.get("clicks") or 0) > 0]
    taking = [row for row in managers if (row["calls"] or 0) > 0]
    sums = {
        name: _sum(channels, name)
        for name in ("spend_rub", "clicks", "calls", "revenue_rub", "gross_profit_rub", "deals_won")
    }
    paid_sums = {name: _sum(paid, name) for name in ("spend_rub", "counted_calls", "new_clients", "gross_profit_rub")}
    spend, calls, new, profit = paid_sums.values()
    clicked_calls, taken, clients = _sum(clicked, "calls"), _sum(taking, "calls"), _sum(taking, "clients")
    is_known = sums["gross_profit_rub"] is not None and sums["spend_rub"] is not None
    return {
        **sums,
        "profit_after_ads_rub": sums["gross_profit_rub"] - sums["spend_rub"] if is_known else None,
        "average_check_rub": _rub(_quotient(sums["revenue_rub"], sums["deals_won"])),
        "paid_spend_rub": spend,
        "paid_calls": calls,
        "paid_new_clients": new,
        "paid_gross_profit_rub": profit,
        "calls_per_1000_rub": _quotient(calls and 1000 * calls, spend),
        "cost_per_call_rub": _rub(_quotient(spend, calls)),
        "cac_rub": _rub(_quotient(spend, new)),
        "romi": None if profit is None else _quotient(profit - spend, spend),
        "clicked_calls": clicked_calls,
        "calls_per_click": _quotient(clicked_calls, sums["clicks"]),
        "taken_calls": taken,
        "taken_clients": clients,
        "clients_per_10_calls": _quotient(clients and 10 * clients, taken),
    }


def _sum(rows: list[Any], name: str) -> Any:
    known = [row[name] for row in rows if row.get(name) is not None]
    return sum(known) if known else None


def _quotient(top: Any, bottom: Any) -> float | None:
    return None if top is None or not bottom else float(top) / float(bottom)


def result(name: str, rows: Sequence[dict[str, Value]]) -> Result:
    """Dictionaries with equal keys as a Result."""
    columns = tuple(rows[0]) if rows else ()
    return Result(name, columns, tuple(tuple(row[column] for column in columns) for row in rows))


def _part(first: date, as_of: date) -> float:
    """Share of the month that has passed by as_of."""
    days = calendar.monthrange(first.year, first.month)[1]
    return min(days, (as_of - first).days + 1) / days


def _age(first: date) -> int:
    return MONTHS.index(first)


def _key(first: date, as_of: date) -> dict[str, Value]:
    days = calendar.monthrange(first.year, first.month)[1]
    return {"grain": "month", "period_start": first, "is_complete": first.replace(day=days) <= as_of}


def _over(top: float | Decimal, bottom: float | Decimal) -> float | None:
    return float(top) / float(bottom) if bottom else None


def _rub(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 2))).quantize(Decimal("0.01"))


def _base(channel: str, first: date, as_of: date) -> dict[str, Any]:
    spend, calls, clients, check, fade = CHANNELS[channel]
    part, age = _part(first, as_of), _age(first)
    jolt = 0.78 if channel == "Яндекс.Директ" and first == MONTHS[-1] else 1.0
    calls_now = round(calls * fade**age * part * jolt)
    clients_now = round(clients * fade**age * part)
    revenue = _rub(clients_now * check * (1 + 0.01 * age)) or Decimal(0)
    return {
        "spend_rub": _rub(spend * (1 + 0.01 * age) * part) or Decimal(0),
        "impressions": round(spend * 3 * part),
        "clicks": round(spend / 31 * part),
        "calls": calls_now,
        "unique_calls": round(calls_now * 0.8),
        "target_calls": round(calls_now * 0.7),
        "missed_calls": round(calls_now * 0.1),
        "leads": None,
        "counted_calls": calls_now,
        "clients": clients_now,
        "new_clients": round(clients_now * 0.8),
        "deals_won": clients_now + round(clients_now * 0.2),
        "revenue_rub": revenue,
        "gross_profit_rub": (revenue * Decimal("0.62")).quantize(Decimal("0.01")),
    }


def _channel_rows(first: date, as_of: date) -> list[dict[str, Value]]:
    rows = []
    for channel in CHANNELS:
        base = _base(channel, first, as_of)
        rows.append(
            {
                **_key(first, as_of),
                "channel": channel,
                **base,
            }
        )
    return rows


def _manager_rows(first: date, as_of: date) -> list[dict[str, Value]]:
    rows = []
    for manager, figures in MANAGERS.items():
        calls, callers, converted, clients, missed = (round(figure * _part(first, as_of)) for figure in figures)
        low, high = wilson(converted, callers)
        revenue = _rub(clients * 12_600) or Decimal(0)
        mature_on = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        rows.append(
            {
                **_key(first, as_of),
                "manager": manager,
                "calls": calls,
                "target_calls": round(calls * (0.4 if manager == "Борис Лаптев" else 0.75)),
                "missed_calls": missed,
                "callers": callers,
                "clients": clients,
                "converted_callers": converted,
                "conversion": _over(converted, callers),
                "conversion_low": low,
                "conversion_high": high,
                "is_reliable": callers >= 30,
                "is_mature": (as_of - mature_on).days >= 90,
                "deals_won": clients + 2,
                "deals_lost": clients,
                "revenue_rub": revenue,
                "average_check_rub": _rub(_over(revenue, clients + 2)),
            }
        )
    return rows


def wilson(hits: int, trials: int, z: float = 1.959964) -> tuple[float | None, float | None]:
    """The 95 % interval of a share."""
    if not trials:
        return None, None
    share = hits / trials
    middle = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    whole = 1 + z * z / trials
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def _subscriber_rows(first: date, as_of: date) -> list[dict[str, Value]]:
    age, part = _age(first), _part(first, as_of)
    start, total = 4_600 - 150 * age, 9_000 + 430 * age
    joined, joined_active, returned = round(430 * part), round(131 * part), round(60 * part)
    lapsed = round(341 * part)
    end, whole = start + joined_active + returned - lapsed, total + joined
    buyers = round(0.061 * end * part)
    return [
        {
            **_key(first, as_of),
            "total_end": whole,
            "active_start": start,
            "active_end": end,
            "joined": joined,
            "joined_active": joined_active,
            "returned": returned,
            "lapsed": lapsed,
            "unsubscribed": 20,
            "churn_rate": lapsed / start,
            "buyers": buyers,
            "orders": buyers,
            "revenue_rub": Decimal(buyers * 12_000),
            "conversion_of_total": buyers / whole,
            "conversion_of_active": buyers / end,
            "average_check_rub": Decimal(12_000),
            "is_activity_known": age >= 2,
            "is_start_known": age >= 2,
        }
    ]


def _client_rows(first: date, as_of: date) -> list[dict[str, Value]]:
    age, part = _age(first), _part(first, as_of)
    start = 300 - 4 * age
    new, returned, lost = round(84 * part), round(9 * part), round(97 * part)
    return [
        {
            **_key(first, as_of),
            "clients_start": start,
            "new": new,
            "returned": returned,
            "lost": lost,
            "clients_end": start + new + returned - lost,
            "churn_rate": lost / start,
            "repeat_share": 0.26 + 0.004 * age,
            "orders_per_client": 1.18,
        }
    ]


def _client_channel_rows(first: date, as_of: date) -> list[dict[str, Value]]:
    return [
        {
            **_key(first, as_of),
            "channel": channel,
            "new": _base(channel, first, as_of)["new_clients"],
            "returned": round(_base(channel, first, as_of)["clients"] * 0.1),
        }
        for channel in CHANNELS
    ]


def _chain_rows(first: date, as_of: date) -> list[dict[str, Value]]:
    bases = {channel: _base(channel, first, as_of) for channel in CHANNELS}
    whole: dict[str, Any] = {
        name: sum((base[name] or 0 for base in bases.values()), Decimal(0) if name.endswith("_rub") else 0)
        for name in bases["SEO"]
    }
    rows = []
    for channel, base in {**bases, "Всего": whole}.items():
        profit = base["gross_profit_rub"] - base["spend_rub"] - Decimal(150_000)
        rows.append(
            {
                **_key(first, as_of),
                "channel": channel,
                **{
                    name: base[name]
                    for name in ("spend_rub", "impressions", "clicks", "calls", "target_calls", "clients",
                                 "revenue_rub", "gross_profit_rub")
                },
                "profit_rub": profit if channel == "Всего" else None,
                "clicks_per_impression": _over(base["clicks"], base["impressions"]),
                "calls_per_click": _over(base["calls"], base["clicks"]),
                "target_per_call": _over(base["target_calls"], base["calls"]),
                "clients_per_target_call": _over(base["clients"], base["target_calls"]),
                "revenue_per_client_rub": _rub(_over(base["revenue_rub"], base["clients"])),
                "gross_margin": _over(base["gross_profit_rub"], base["revenue_rub"]),
            }
        )  # fmt: skip
    return rows


def ops_results(as_of: date) -> dict[str, Result]:
    """Sources, loads, rejects, unknown names and notices of one run."""
    run = "2026-09-21T03:00:00"
    loaded = datetime(as_of.year, as_of.month, as_of.day, 3, 2)
    sources = [
        ("direct", "ad_spend", as_of, 1_204), ("sipuni", "calls", as_of, 21_482),
        ("getcourse", "deals", as_of, 3_402), ("unisender", "subscribers", as_of, 15_031),
    ]  # fmt: skip
    loads = [
        ("direct", "direct/2026-09.csv", 1_206, 1_204, 0, 0, 2, "4812000.40", "4812000.40", "0.00"),
        ("sipuni", "calls.csv", 21_530, 21_482, 14, 30, 4, "0.00", "0.00", "0.00"),
        ("getcourse", "orders.csv", 3_418, 3_402, 6, 8, 2, "18204500.50", "18132400.50", "34100.00"),
        ("unisender", "subscribers.csv", 15_031, 15_031, 0, 0, 0, "0.00", "0.00", "0.00"),
    ]
    return {
        "sources": result("sources", [_source_row(*row, loaded) for row in sources]),
        "loads": result("loads", [_load_row(run, *row) for row in loads]),
        "rejects": result("rejects", _reject_rows(run)),
        "unmapped": result(
            "unmapped",
            [
                {"run_id": run, "dictionary": "channels", "alias": "yandex_direct_poisk", "rows": 12,
                 "money_rub": Decimal("48200.00"), "suggestion": "Яндекс.Директ"},
                {"run_id": run, "dictionary": "managers", "alias": "Катова Анна", "rows": 3,
                 "money_rub": Decimal("0.00"), "suggestion": "Анна Котова"},
            ],
        ),
        "notices": result(
            "notices",
            [
                {"run_id": run, "kind": "free_deals", "source": "getcourse", "source_file": None, "rows": 41,
                 "money_rub": None, "detail": None},
                {"run_id": run, "kind": "without_cogs", "source": "getcourse", "source_file": None, "rows": 120,
                 "money_rub": Decimal("1480000.00"), "detail": None},
                {"run_id": run, "kind": "future_rows", "source": "getcourse", "source_file": "orders.csv", "rows": 2,
                 "money_rub": Decimal("9800.00"), "detail": None},
            ],
        ),
    }  # fmt: skip


def _source_row(name: str, table: str, data_to: date, rows: int, loaded: datetime) -> dict[str, Value]:
    return {
        "source": name, "table_name": table, "profile": "own", "vat": "included" if table == "ad_spend" else None,
        "currency": None, "timezone": None, "stale_days": 3, "data_from_on": MONTHS[0], "data_to_on": data_to,
        "loaded_at": loaded, "is_stale": False, "is_available": True, "problem": None, "rows_staged": rows,
    }  # fmt: skip


def _load_row(  # noqa: PLR0917 - the columns of one table row
    run: str, source: str, file: str, read: int, staged: int, rejected: int, duplicate: int, skipped: int,
    money: str, money_staged: str, money_rejected: str,
) -> dict[str, Value]:  # fmt: skip
    rest = Decimal(money) - Decimal(money_staged) - Decimal(money_rejected)
    return {
        "run_id": run, "source": source, "source_file": file, "content_hash": "", "rows_read": read,
        "rows_staged": staged, "rows_rejected": rejected, "rows_duplicate": duplicate, "rows_skipped": skipped,
        "rows_without_amount": 0, "money_read_rub": Decimal(money), "money_staged_rub": Decimal(money_staged),
        "money_rejected_rub": Decimal(money_rejected), "money_duplicate_rub": rest, "money_skipped_rub": Decimal(0),
        "data_from_on": MONTHS[0], "data_to_on": AS_OF,
    }  # fmt: skip


def _reject_rows(run: str) -> list[dict[str, Value]]:
    cells = [
        ("getcourse", "orders.csv", 118, "revenue_rub", "12 900 тыс", "not_money", False),
        ("getcourse", "orders.csv", 240, "closed_on", "31.02.2026", "not_a_date", False),
        ("getcourse", "orders.csv", 1_022, "phone", "7,0005E+10", "lost_digits", True),
        ("sipuni", "calls.csv", 77, "started_at", "завтра", "not_a_date", False),
        ("sipuni", "calls.csv", 903, "phone", "8 000 555-01-23 Мария", "not_a_phone", True),
    ]
    names = ("source", "source_file", "source_row", "column_name", "value", "reason", "is_row_kept")
    return [{"run_id": run, **dict(zip(names, cell, strict=True))} for cell in cells]
