-- One row per client, day and won row of theirs from the day of their first won deal on, later ones than as_of too:
-- the money of their cohort, refunds and the cost of free orders included.
with
firsts as (
    select
        client_key,
        day_on as first_on,
        channel as first_channel
    from metrics.sale
    where client_order = 1
),
won as (
    select
        source,
        source_file,
        source_row,
        client_key,
        settled_on(created_on, closed_on) as day_on,
        coalesce(revenue_rub > 0, false) as is_won,
        coalesce(revenue_rub, 0) as revenue_rub,
        coalesce(revenue_rub, 0) - coalesce(cogs_rub, 0) as gross_profit_rub
    from staged.deals
    where status = 'won'
),
final as (
    select
        won.source,
        won.source_file,
        won.source_row,
        firsts.client_key,
        firsts.first_on,
        firsts.first_channel,
        won.day_on,
        cast(date_diff('month', date_trunc('month', firsts.first_on), date_trunc('month', won.day_on)) as bigint)
            as month_number,
        won.is_won,
        won.revenue_rub,
        won.gross_profit_rub
    from won
    inner join firsts using (client_key)
    where won.day_on >= firsts.first_on
)
select * from final
