-- One row per won deal, refund or free order of a client who first bought in the period, in the channel of that first deal.
select
    money.source,
    money.source_file,
    money.source_row,
    money.day_on,
    money.client_key,
    money.first_channel as channel,
    money.revenue_rub,
    money.gross_profit_rub,
    case
        when money.month_number > 0 then 'other'
        when not money.is_won then 'no_sale'
    end as not_first_month,
    case
        when money.month_number <> explained.asked_month_number then 'other'
        when not money.is_won then 'no_sale'
    end as not_bought,
    case when money.month_number <> explained.asked_month_number then 'other' end as not_of_month,
    case when money.month_number > explained.asked_month_number then 'other' end as not_to_date
from metrics.client_money as money
inner join explained
    on money.first_on >= explained.period_start
    and money.first_on <= explained.d_on
