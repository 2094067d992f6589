"""Which rows make each figure: metric column → the rows looked at, what each adds, and why some add nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

Reasons = tuple[tuple[str, str], ...]
"""Reason code and the SQL condition under which a row is left out for it; the first that holds is told."""


@dataclass(frozen=True)
class Rows:
    """The rows behind one figure, as SQL over a relation of this package."""

    relation: str
    """Stem of the .sql file beside this module."""
    value: str = "1"
    """What a used row adds to the figure."""
    reasons: Reasons = ()
    person: str | None = None
    """If people are counted and not rows: what tells them apart; only the first row of each is used."""
    order: str = "day_on, source, source_file, source_row"
    where: str = "day_on between (select period_start from explained) and (select last_on from explained)"
    """Which rows are looked at at all; others are of another period or have nothing to do with the figure."""

    def without(self, *reasons: tuple[str, str]) -> Rows:
        """The same rows, with more reasons to leave one out."""
        return replace(self, reasons=(*self.reasons, *reasons))


WITHIN = "between (select period_start from explained) and (select last_on from explained)"
LATER = ("after_as_of", "day_on > getvariable('as_of')")
OUTGOING = ("outgoing", "not is_inbound")
NOT_ANSWERED = ("not_answered", "is_answered is distinct from true")
SHORT = ("short_talk", "talk_seconds is null or talk_seconds < getvariable('target_seconds')")
NO_PHONE = ("unknown_phone", "phone is null")
CALLED_BEFORE = ("called_before", "previous_at > started_at - interval '1' day * getvariable('unique_days')")
NO_CLIENT = ("unknown_client", "client_key is null")
NOT_FIRST = ("not_first", "client_order is distinct from 1")
NO_SUBSCRIBER = ("no_subscriber", "subscriber_no is null or subscribed_on > (select d_on from explained)")
NOT_WON = (("open_deal", "status = 'open'"), ("lost_deal", "status = 'lost'"))
NO_SALE = (
    *NOT_WON,
    ("no_amount", "revenue_rub is null"),
    ("free_deal", "revenue_rub = 0"),
    ("refund", "revenue_rub < 0"),
)
GONE = (
    ("subscribed_later", "subscribed_on > (select d_on from explained)"),
    ("unsubscribed", "not is_active and unsubscribed_on <= (select d_on from explained)"),
    ("silent", "not is_active"),
)

SPEND = Rows("spend", "spend_rub", (LATER,))
CALLS = Rows("calls", reasons=(LATER, OUTGOING))
ANSWERED = CALLS.without(NOT_ANSWERED)
TARGET = ANSWERED.without(SHORT)
MISSED = CALLS.without(("answered", "is_answered is distinct from false"))
UNIQUE = CALLS.without(NO_PHONE, CALLED_BEFORE)
LEADS = Rows("leads", reasons=(LATER, ("junk", "status = 'junk'"), ("called_too", "is_called")))
CALLERS = replace(
    ANSWERED.without(NO_PHONE), person="phone", order="started_at, call_id, source_row, source, source_file"
)
CONVERTED = Rows("callers", reasons=(("same_person", "place > 1"), ("did_not_buy", "not is_buyer")), where="true")
DEALS = Rows("deals", reasons=(LATER,))
WON = DEALS.without(*NO_SALE)
BUYERS = replace(WON.without(NO_CLIENT), person="client_key")
REVENUE = replace(DEALS.without(*NOT_WON), value="coalesce(revenue_rub, 0)")
PROFIT = replace(REVENUE, value="coalesce(revenue_rub, 0) - coalesce(cogs_rub, 0)")
SUBSCRIBER_WON = WON.without(NO_SUBSCRIBER)
PEOPLE = Rows("subscribers", where="subscribed_on <= (select last_on from explained)")
SEEN = replace(PEOPLE, relation="last_seen")
JOINED = Rows("subscribers", where=f"subscribed_on {WITHIN}")
LATEST = Rows("clients", where="true")
INFLOW = Rows("inflow", reasons=(NO_CLIENT, ("not_the_first_of_the_period", "not is_bringing")), where="true")
FIRST_CALLS = Rows("callers", reasons=(("same_person", "place > 1"),), where="true")
NEW_CLIENTS = WON.without(NO_CLIENT, NOT_FIRST)
UNITS = Rows("units", "units", (LATER, ("same_person", "is_again")))
COHORT = Rows("cohort", "coalesce(revenue_rub, 0) - coalesce(cogs_rub, 0)", (LATER,), where="true")
LOST = Rows("losses", reasons=(LATER,))
PARTNERS = Rows("partners", reasons=(LATER,))
PARTNERS_WON = PARTNERS.without(*NO_SALE)


def _answers(condition: str, value: str = "1") -> tuple[Rows, ...]:
    """Answered questions of a kind, or with a score."""
    return (replace(Rows("answers", value, (LATER,)), where=f"({condition}) and day_on {WITHIN}"),)


COSTS = Rows("costs", "-costs_rub", (("advertising", "is_advertising"),), where="true")


def _if_counted(rows: Rows, counts: str) -> Rows:
    """The rows, looked at only where the setting says that this count feeds the ratios."""
    return replace(rows, where=f"getvariable('calls_count') in ({counts}) and {rows.where}")


COUNTED = (
    _if_counted(CALLS, "'all', 'enquiries'"),
    _if_counted(UNIQUE, "'unique'"),
    _if_counted(TARGET, "'target'"),
    _if_counted(LEADS, "'enquiries'"),
)
MONEY_AND_CALLS = {
    "spend_rub": SPEND,
    "impressions": replace(SPEND, value="impressions").without(("not_told", "impressions is null")),
    "clicks": replace(SPEND, value="clicks").without(("not_told", "clicks is null")),
    "calls": CALLS,
    "target_calls": TARGET,
    "clients": BUYERS,
    "revenue_rub": REVENUE,
    "gross_profit_rub": PROFIT,
}


def _of(rows: Rows, chosen: str) -> Rows:
    """The rows, looked at only where their channel or manager is one of these."""
    return replace(rows, where=f"{chosen} and {rows.where}")


PAID_CHANNELS = (
    "channel in (select channel from metrics.channel_period"
    " inner join explained using (grain, period_start) where spend_rub > 0)"
)
CLICKED_CHANNELS = PAID_CHANNELS.replace("spend_rub", "clicks")
TAKING_MANAGERS = (
    "manager in (select manager from metrics.manager_period"
    " inner join explained using (grain, period_start) where calls > 0)"
)
FIRST_DEALS = WON.without(NO_CLIENT, NOT_FIRST)
NEW = INFLOW.without(
    ("was_alive_or_left_again", "move is null"),
    ("returned", "move = 'returned'"),
)
RETURNED = INFLOW.without(
    ("was_alive_or_left_again", "move is null"),
    ("new", "move = 'new'"),
)
ROWS: MappingProxyType[str, dict[str, tuple[Rows, ...]]] = MappingProxyType(
    {
        "whole_period": {
            "spend_rub": (SPEND,),
            "clicks": (MONEY_AND_CALLS["clicks"],),
            "calls": (CALLS,),
            "clicked_calls": (_of(CALLS, CLICKED_CHANNELS),),
            "deals_won": (WON,),
            "revenue_rub": (REVENUE,),
            "gross_profit_rub": (PROFIT,),
            "paid_spend_rub": (_of(SPEND, PAID_CHANNELS),),
            "paid_calls": tuple(_of(rows, PAID_CHANNELS) for rows in COUNTED),
            "paid_new_clients": (_of(FIRST_DEALS, PAID_CHANNELS),),
            "paid_gross_profit_rub": (_of(PROFIT, PAID_CHANNELS),),
            "taken_calls": (ANSWERED,),
            "taken_clients": (_of(replace(BUYERS, person="client_key, manager"), TAKING_MANAGERS),),
        },
        "channel_period": {name: (rows,) for name, rows in MONEY_AND_CALLS.items()}
        | {
            "unique_calls": (UNIQUE,),
            "missed_calls": (MISSED,),
            "leads": (LEADS,),
            "counted_calls": COUNTED,
            "new_clients": (FIRST_DEALS,),
            "deals_won": (WON,),
        },
        "manager_period": {
            "calls": (ANSWERED,),
            "target_calls": (TARGET,),
            "missed_calls": (MISSED,),
            "callers": (CALLERS,),
            "converted_callers": (CONVERTED,),
            "clients": (BUYERS,),
            "deals_won": (WON,),
            "deals_lost": (DEALS.without(("open_deal", "status = 'open'"), ("won_deal", "status = 'won'")),),
            "revenue_rub": (REVENUE,),
        },
        "subscriber_period": {
            "total_end": (PEOPLE.without(GONE[0]),),
            "active_start": (
                replace(PEOPLE, where="subscribed_on < (select period_start from explained)").without(
                    ("not_active_at_start", "not was_active")
                ),
            ),
            "active_end": (SEEN.without(*GONE),),
            "joined": (JOINED.without(GONE[0]),),
            "joined_active": (replace(JOINED, relation="last_seen").without(*GONE),),
            "returned": (
                replace(SEEN, where="is_active and subscribed_on < (select period_start from explained)").without(
                    ("active_at_start", "was_active")
                ),
            ),
            "lapsed": (replace(SEEN, where="was_active").without(("still_active", "is_active")),),
            "unsubscribed": (
                Rows(
                    "subscribers",
                    reasons=(("after_as_of", "greatest(unsubscribed_on, subscribed_on) > getvariable('as_of')"),),
                    where=f"unsubscribed_on {WITHIN}",
                ),
            ),
            "buyers": (replace(SUBSCRIBER_WON, person="subscriber_no"),),
            "orders": (SUBSCRIBER_WON,),
            "revenue_rub": (REVENUE.without(NO_SUBSCRIBER),),
        },
        "client_period": {
            "clients_start": (
                replace(LATEST, where="is_before and back_in_its_part = 1").without(
                    (
                        "bought_too_long_ago",
                        "day_on <= (select period_start from explained) - 1 - getvariable('client_days')",
                    )
                ),
            ),
            "new": (NEW,),
            "returned": (RETURNED,),
            "lost": (
                replace(
                    LATEST,
                    where="is_before and back_in_its_part = 1"
                    " and day_on > (select period_start from explained) - 1 - getvariable('client_days')",
                ).without(("still_alive", "is_alive")),
            ),
            "clients_end": (replace(LATEST, where="back = 1").without(("bought_too_long_ago", "not is_alive")),),
            "repeat_deals": (WON.without(NO_CLIENT, ("first_deal", "client_order = 1")),),
            "known_deals": (WON.without(NO_CLIENT),),
            "clients": (BUYERS,),
        },
        "manager_channel_period": {
            "calls": (ANSWERED,),
            "callers": (FIRST_CALLS,),
            "converted_callers": (CONVERTED,),
            "clients": (BUYERS,),
            "revenue_rub": (REVENUE,),
        },
        "unit_economics_period": {
            "ua": (UNITS,),
            "buyers_new": (NEW_CLIENTS,),
            "buyers": (BUYERS,),
            "orders": (WON,),
            "spend_rub": (SPEND,),
            "revenue_rub": (REVENUE,),
            "cogs_rub": (replace(REVENUE, value="coalesce(cogs_rub, 0)"),),
            "gross_profit_rub": (PROFIT,),
            "cohort_profit_rub": (COHORT,),
        },
        "loss_reason_period": {"deals_lost": (LOST,), "lost_rub": (replace(LOST, value="coalesce(revenue_rub, 0)"),)},
        "satisfaction_period": {
            "csi_answers": _answers("kind = 'csi'"),
            "csat_answers": _answers("kind = 'csat'"),
            "nps_answers": _answers("kind = 'nps'"),
            "answers": _answers("true"),
            "promoters": _answers("kind = 'nps' and score >= 9"),
            "detractors": _answers("kind = 'nps' and score <= 6"),
            "csi_sum": _answers("kind = 'csi'", "score"),
            "satisfied": _answers("kind = 'csat' and score >= 4"),
            "clients": (BUYERS,),
        },
        "partner_period": {
            "orders": (PARTNERS_WON,),
            "clients": (replace(PARTNERS_WON.without(NO_CLIENT), person="client_key"),),
            "clients_new": (PARTNERS_WON.without(NO_CLIENT, NOT_FIRST),),
            "revenue_rub": (replace(PARTNERS.without(*NOT_WON), value="coalesce(revenue_rub, 0)"),),
        },
        "client_channel_period": {"new": (NEW,), "returned": (RETURNED,)},
        "chain_period": {name: (rows,) for name, rows in MONEY_AND_CALLS.items()}
        | {"profit_rub": (PROFIT, replace(SPEND, value="-spend_rub"), COSTS)},
    }
)
"""Metric table → column → the rows of the figure, of several relations if need be."""

PARTS: MappingProxyType[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("manager_period", "conversion_low"): ("converted_callers", "callers"),
        ("manager_period", "conversion_high"): ("converted_callers", "callers"),
        ("manager_period", "is_reliable"): ("callers",),
        ("manager_channel_period", "is_reliable"): ("callers",),
        ("unit_economics_period", "av_price_rub"): ("revenue_rub", "orders"),
        ("unit_economics_period", "cogs_per_order_rub"): ("cogs_rub", "orders"),
        ("unit_economics_period", "arppu_rub"): ("gross_profit_rub", "buyers"),
        ("unit_economics_period", "arpu_rub"): ("buyers_new", "ua", "gross_profit_rub", "buyers"),
        ("unit_economics_period", "cpa_rub"): ("spend_rub", "ua"),
        ("unit_economics_period", "cac_rub"): ("spend_rub", "buyers_new"),
        ("unit_economics_period", "ltv_rub"): ("cohort_profit_rub", "buyers_new"),
        ("unit_economics_period", "contribution_margin_rub"): ("buyers_new", "gross_profit_rub", "buyers", "spend_rub"),
        ("unit_economics_period", "payback_months"): ("cohort_profit_rub", "spend_rub"),
        ("loss_reason_period", "share"): ("deals_lost",),
        ("satisfaction_period", "csi"): ("csi_sum", "csi_answers"),
        ("satisfaction_period", "csi_zone"): ("csi_sum", "csi_answers"),
        ("satisfaction_period", "csat"): ("satisfied", "csat_answers"),
        ("satisfaction_period", "clients_asked"): ("clients", "answers"),
        ("satisfaction_period", "coverage"): ("clients", "answers"),
        ("partner_period", "reward_rub"): ("revenue_rub", "clients_new"),
        ("client_period", "repeat_share"): ("repeat_deals", "known_deals"),
        ("client_period", "orders_per_client"): ("known_deals", "clients"),
    }
)
"""Figures that are neither a sum of rows nor a quotient of two columns of their table → what they are made of."""
