-- One row per staged deal of the period: whether its client answered a question about the same manager in the period.
select
    deals.*,
    won.client_key,
    coalesce(
        deals.not_sale,
        case
            when won.client_key is null then 'unknown_client'
            when won.client_key not in (
                select answers.client_key
                from metrics.fact_answer as answers
                inner join explained
                    on answers.day_on >= explained.period_start
                    and answers.day_on <= explained.d_on
                where answers.client_key is not null
                    and (answers.manager = explained.asked_manager or explained.asked_manager = all_together())
            ) then 'not_asked'
        end
    ) as not_asked
from metrics.fact_deal as deals
inner join explained
    on deals.day_on >= explained.period_start
    and deals.day_on <= explained.last_on
left join metrics.won_deal as won
    on won.source = deals.source
    and won.source_file = deals.source_file
    and won.source_row = deals.source_row
