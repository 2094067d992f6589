"""The invented school with the tables of the further pages, made by hand: plan, surveys, losses, partners, changes."""

# ruff: noqa: E501 - a row of a table stands in a line

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from config.documents import Result
from tests.helpers.report_input import client, report_input, result
from transforms.layout import ReportInput

SEPTEMBER, AUGUST, JULY, MAY = date(2026, 9, 1), date(2026, 8, 1), date(2026, 7, 1), date(2026, 5, 1)
SOURCES = {"plan": "plan", "poll": "survey_answers", "changes": "experiments"}
Row = dict[str, Any]


def further_input(language: str = "ru", **changes: Any) -> ReportInput:
    """The school that keeps a plan, asks its clients, writes down reasons and changes, and has partners."""
    report = report_input(language=language)
    asked = {"sources": {name: {"table": table, "files": f"{name}.csv"} for name, table in SOURCES.items()}}
    school = client(language)
    made = type(school).model_validate(
        school.model_dump(exclude_unset=True)
        | {
            "sources": {name: source.model_dump(exclude_unset=True) for name, source in school.sources.items()}
            | asked["sources"]
        }
        | {"dictionaries": {"partners": "partners.csv"}}
    )
    now, before = report.now | tables(), report.before | tables_before()
    return replace(report, client=made, now=now, before=before, **changes)


def tables() -> dict[str, Result]:
    """What the further pages read, today."""
    return {
        "unit_economics_period": result("", list(_economics())),
        "lever": result("", list(_levers(AUGUST, "c1")) + list(_levers(JULY, "cpa"))),
        "cohort_month": result("", list(_cohorts())),
        "segment_sum": result("", _segments()),
        "winback_sum": result("", [{"clients": 812, "revenue_rub": Decimal("9420500.00"), "left_lately": 97}]),
        "winback_first": result("", list(_winback())),
        "manager_channel_period": result("", list(_matrix())),
        "channel_dependence": result("", [_dependence(MAY, True)]),
        "satisfaction_period": result("", list(_satisfaction(SEPTEMBER)) + list(_satisfaction(AUGUST))),
        "low_score_reason": result("", _low_scores()),
        "loss_reason_period": result("", list(_losses(SEPTEMBER, 1))),
        "partner_period": result("", list(_partners(SEPTEMBER, 2)) + list(_partners(AUGUST, 3))),
        "partner_rule": result(
            "",
            [
                {"partner": "Клуб «Дебет»", "share": 0.125, "rub_per_client": None},
                {"partner": "Блог Ольги", "share": None, "rub_per_client": Decimal("700.00")},
            ],
        ),
        "plan_period": result("", list(_plan())),
        "plan_day": result("", list(_plan_days())),
        "before_after": result("", list(_changes())),
    }


def tables_before() -> dict[str, Result]:
    """The same a month earlier, where a page compares with it."""
    return {
        "lever": result("", list(_levers(JULY, "cpa"))),
        "satisfaction_period": result("", list(_satisfaction(AUGUST, Decimal("0.2")))),
        "loss_reason_period": result("", list(_losses(AUGUST, 2))),
        "unit_economics_period": result("", list(_economics())),
    }


def _month(first: date) -> Row:
    return {"grain": "month", "period_start": first, "is_complete": first < SEPTEMBER}


def _economics() -> Iterator[Row]:
    for first, ua in ((JULY, 410), (AUGUST, 400), (SEPTEMBER, 260)):
        for channel, part in (("Всего", 10), ("Яндекс.Директ", 6), ("SEO", 4)):
            acquired, new = ua * part // 10, ua * part // 200
            spend = Decimal(0) if channel == "SEO" else Decimal(100_000)
            yield {
                **_month(first), "channel": channel, "ua": acquired, "buyers_new": new, "buyers": new + 5, "c1": new / acquired,
                "orders": new + 8, "av_price_rub": Decimal(20_000), "cogs_per_order_rub": Decimal(6_000), "apc": 1.2,
                "arppu_rub": Decimal(16_800), "arpu_rub": Decimal(840), "cpa_rub": round(spend / acquired, 2),
                "cac_rub": round(spend / new, 2), "ltv_rub": Decimal(5_250), "payback_months": 2 if spend else None,
                "contribution_margin_rub": new * Decimal(16_800) - spend,
            }  # fmt: skip


def _levers(first: date, worst: str) -> Iterator[Row]:
    figures = {"c1": (0.05, 0.06, 67_200), "av_price": (20_000, 21_000, 24_000), "apc": (1.2, 1.25, 14_000),
               "ua": (400, 410, 5_900), "cogs_per_order": (6_000, 5_900, 2_400), "cpa": (250, 240, 4_000)}  # fmt: skip
    order = [worst, *(name for name in figures if name != worst)]
    for name, (base, best, short) in figures.items():
        yield {
            "period_start": first, "lever": name, "base_value": base, "changed_value": base * 1.1,
            "margin_before_rub": Decimal(236_000), "margin_after_rub": Decimal(269_600), "lift_rub": Decimal(33_600),
            "rank": 1, "best_value": best, "best_on": date(2026, 3, 1), "shortfall_rub": Decimal(short),
            "shortfall_rank": order.index(name) + 1, "is_complete": True,
        }  # fmt: skip


def _cohorts() -> Iterator[Row]:
    firsts = [date(2025 + (4 + i) // 12, (4 + i) % 12 + 1, 1) for i in range(16)]
    for place, first in enumerate(firsts):
        for after in range(16 - place + 1):
            buyers = 100 if after == 0 else max(0, 30 - 2 * after - place)
            yield {
                "cohort_on": first, "month_number": after, "clients": 100, "buyers": buyers, "retention": buyers / 100,
                "revenue_rub": Decimal(1000), "gross_profit_rub": Decimal(700), "ltv_rub": Decimal(700),
                "is_complete": place + after < 16,
            }  # fmt: skip


def _segments() -> list[Row]:
    sizes = {"best": 60, "regular": 140, "new": 110, "leaving": 90, "one_off": 240, "lost_valuable": 160, "lost": 322}
    return [{"segment": name, "clients": size, "revenue_rub": Decimal(size * 9_000)} for name, size in sizes.items()]


def _winback() -> Iterator[Row]:
    for place, manager in enumerate(("Анна Котова", "Борис Лаптев", "Не указан") * 9):
        yield {
            "client_key": f"7000000{place:04}", "lost_on": date(2026, 9, 20 - place // 2), "months_lost": 0,
            "last_deal_on": date(2026, 6, 22 - place // 2), "orders": 1 + place % 3, "revenue_rub": Decimal(14_900 + place),
            "last_product": "Курс «Бухгалтер с нуля»" if place % 4 else None, "last_manager": manager,
        }  # fmt: skip


def _matrix() -> Iterator[Row]:
    for manager, rate in (("Анна Котова", 0.25), ("Борис Лаптев", 0.1)):
        for channel, callers in (("Яндекс.Директ", 90), ("VK Реклама", 70), ("SEO", 8)):
            bought = round(callers * rate * (2 if channel == "VK Реклама" else 1))
            yield {
                **_month(MAY), "manager": manager, "channel": channel, "calls": callers + 5, "callers": callers,
                "converted_callers": bought, "conversion": bought / callers, "is_reliable": callers >= 30,
                "is_mature": True, "clients": bought, "revenue_rub": Decimal(bought * 10_000),
            }  # fmt: skip


def _dependence(first: date, is_dependent: bool) -> Row:
    return {
        **_month(first), "channels": 2, "callers": 320, "converted_callers": 81, "chi2": 12.5, "p_value": 0.0004,
        "is_dependent": is_dependent, "is_mature": True,
    }  # fmt: skip


def _satisfaction(first: date, better: Decimal = Decimal(0)) -> Iterator[Row]:
    for manager, csi in (("Всего", 4.3), ("Анна Котова", 4.6), ("Борис Лаптев", 3.8)):
        score = csi + float(better)
        whole = manager == "Всего"
        yield {
            **_month(first), "manager": manager, "csi": score,
            "csi_zone": "green" if score >= 4.5 else "orange" if score >= 4 else "red",
            "csi_answers": 24 if whole else 12, "csat": 0.8, "csat_answers": 24 if whole else 12, "nps": 0.25,
            "promoters": 9, "detractors": 4, "nps_answers": 20, "answers": 68 if whole else 34, "clients": 60 if whole else 30,
            "clients_asked": 24 if whole else 12, "coverage": 0.4,
        }  # fmt: skip


def _low_scores() -> list[Row]:
    counts = {"долго ждать": 5, "дорого": 3, "перезвонить на +7 000 000-00-01": 1}
    return [
        {"grain": "month", "period_start": SEPTEMBER, "reason": name, "answers": count}
        for name, count in counts.items()
    ]


def _losses(first: date, times: int) -> Iterator[Row]:
    reasons = {"Дорого": ("competitor", True, 3), "Не перезвонили": ("own", True, 5), "Передумал": ("external", False, 3),
               "Не указана": (None, None, 1)}  # fmt: skip
    for reason, (group, is_ours, lost) in reasons.items():
        yield {
            **_month(first), "reason": reason, "reason_group": group, "is_in_our_power": is_ours, "deals_lost": lost * times,
            "share": lost / 12, "lost_rub": Decimal(lost * 15_000),
        }  # fmt: skip


def _partners(first: date, times: int) -> Iterator[Row]:
    for partner, reward in (("Клуб «Дебет»", Decimal("4000.40")), ("Блог Ольги", Decimal("250.01"))):
        yield {
            **_month(first), "partner": partner, "orders": 4 * times, "clients": 3 * times, "clients_new": 2 * times,
            "revenue_rub": Decimal(40_004 * times), "reward_rub": reward * times,
        }  # fmt: skip


def _plan() -> Iterator[Row]:
    rows = [
        (
            "whole_period.revenue_rub",
            "Всего",
            "Всего",
            900_000,
            600_000,
            460_000,
            0.7667,
            "low",
            400_000,
            0.15,
            640_000,
            710_000,
        ),
        ("channel_period.calls", "SEO", "Всего", 90, 60, 63, 1.05, "ok", 30, 1.1, 92, 99),
        (
            "channel_period.cac_rub",
            "Яндекс.Директ",
            "Всего",
            4_000,
            4_000,
            5_100,
            1.275,
            "high",
            4_200,
            0.2143,
            None,
            None,
        ),
        ("manager_period.conversion", "Всего", "Анна Котова", 0.25, 0.25, None, None, None, None, None, None, None),
    ]
    for metric, channel, manager, planned, to_date, actual, completion, zone, last_year, growth, low, high in rows:
        yield {
            **_month(SEPTEMBER), "metric": metric, "channel": channel, "manager": manager, "planned": float(planned),
            "planned_to_date": float(to_date), "actual": actual, "completion": completion, "zone": zone,
            "last_year": last_year, "growth": growth, "forecast": None if low is None else (low + high) / 2,
            "forecast_low": low, "forecast_high": high,
        }  # fmt: skip


def _plan_days() -> Iterator[Row]:
    """460 000 by the twentieth, 23 000 a day."""
    for day in range(1, 21):
        named = {"metric": "whole_period.revenue_rub", "channel": "Всего", "manager": "Всего"}
        yield {**named, "day_on": SEPTEMBER.replace(day=day), "actual": Decimal(23_000 * day)}


def _changes() -> Iterator[Row]:
    rows = [
        ("Перезвон за 5 минут", "manager_period.conversion", date(2026, 7, 1), 28, 0.18, 0.25, "better", 280_000),
        ("Новый лендинг", "channel_period.calls", date(2026, 8, 3), 14, 140, 150, "noise", 12_000),
        ("Скидка в чате", "whole_period.revenue_rub", date(2026, 9, 14), 28, None, None, "early", None),
    ]
    for name, metric, changed_on, days, before, after, verdict, effect in rows:
        yield {
            "name": name, "metric": metric, "channel": "Всего", "manager": "Всего", "changed_on": changed_on, "days": days,
            "before_value": before, "after_value": after, "change": None if before is None else after / before - 1,
            "is_reliable": verdict == "better", "verdict": verdict, "effect_rub": None if effect is None else Decimal(effect),
        }  # fmt: skip
