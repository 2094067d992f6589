"""How a plan may name a figure, and which table's it then is."""

import pytest

from config.metric_words import OF_CHANNEL, OF_MANAGER, metric_of, placed_words
from config.metrics import metrics

BOTH = OF_CHANNEL + OF_MANAGER


@pytest.mark.parametrize(
    ("word", "place", "metric"),
    [
        # a bare column belongs to the first table that has it
        ("revenue_rub", "", "chain_period.revenue_rub"),
        ("revenue_rub", OF_CHANNEL, "channel_period.revenue_rub"),
        ("revenue_rub", OF_MANAGER, "manager_period.revenue_rub"),
        ("revenue_rub", BOTH, "manager_channel_period.revenue_rub"),
        ("churn_rate", "", "subscriber_period.churn_rate"),
        ("clients_end", "", "client_period.clients_end"),
        ("csi", OF_MANAGER, "satisfaction_period.csi"),
        ("c1", OF_CHANNEL, "unit_economics_period.c1"),
        # those that stand under another name
        ("average_check_rub", "", "unit_economics_period.av_price_rub"),
        ("average_check_rub", OF_CHANNEL, "unit_economics_period.av_price_rub"),
        ("average_check_rub", OF_MANAGER, "manager_period.average_check_rub"),
        ("deals_won", "", "unit_economics_period.orders"),
        ("deals_won", OF_CHANNEL, "channel_period.deals_won"),
        ("new_clients", "", "unit_economics_period.buyers_new"),
        # labels of the report, in both languages, however they are spelled
        ("Выручка", "", "chain_period.revenue_rub"),
        (" звонки", OF_MANAGER, "manager_period.calls"),
        ("Calls", OF_CHANNEL, "channel_period.calls"),
        ("Средний чек", "", "unit_economics_period.av_price_rub"),
        ("Новые клиенты", "", "unit_economics_period.buyers_new"),
        ("Сделки", "", "unit_economics_period.orders"),
        ("Активные подписчики", "", "subscriber_period.active_end"),
        # everyday words
        ("Оборот", "", "chain_period.revenue_rub"),
        ("продажи", OF_MANAGER, "manager_period.revenue_rub"),
        ("Количество продаж", "", "unit_economics_period.orders"),
        ("Бюджет рекламы", "", "chain_period.spend_rub"),
        ("Рекламный бюджет", OF_CHANNEL, "channel_period.spend_rub"),
        ("Лиды", OF_CHANNEL, "channel_period.leads"),
        ("Лиды", "", None),
        ("CAC", OF_CHANNEL, "channel_period.cac_rub"),
        ("Новых клиентов", "", "unit_economics_period.buyers_new"),
        ("Sales", "", "chain_period.revenue_rub"),
        # a table named outright has its dimensions filled in, and no others
        ("channel_period.calls", OF_CHANNEL, "channel_period.calls"),
        ("channel_period.calls", "", None),
        ("channel_period.calls", BOTH, None),
        ("chain_period.calls", "", "chain_period.calls"),
        ("chain_period.calls", OF_CHANNEL, "chain_period.calls"),
        ("manager_channel_period.calls", BOTH, "manager_channel_period.calls"),
        ("loss_reason_period.deals_lost", "", None),
        ("cohort_month.ltv_rub", "", None),
        # no figures
        ("is_complete", "", None),
        ("csi_zone", OF_MANAGER, None),
        ("conversion", "", None),
        ("Счастье", "", None),
    ],
)
def test_a_word_means_one_figure(word, place, metric):
    """With and without a channel and a manager."""
    assert metric_of(word, place) == metric


def test_every_word_means_a_column_that_is_there():
    """Whatever may be written."""
    for metric in placed_words().values():
        table, _, column = metric.partition(".")
        assert column in metrics().tables[table].columns
