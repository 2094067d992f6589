-- One row per staged deal that counts by as_of: its day, what it is by then, its channel after attribution.
with
judged as (
    select
        deals.*,
        coalesce(closed_on, created_on) as settled_on,
        coalesce(created_on, closed_on) as opened_on,
        -- settled after as_of, it is not yet won or lost
        case
            when status in ('won', 'lost') and coalesce(closed_on, created_on) <= getvariable('as_of') then status
            else 'open'
        end as status_by_then
    from staged.deals as deals
),
dated as (
    select
        *,
        case when status_by_then = 'open' then opened_on else settled_on end as day_on
    from judged
),
final as (
    select
        dated.source,
        dated.source_file,
        dated.source_row,
        dated.deal_id,
        dated.day_on,
        dated.status_by_then as status,
        dated.status_by_then = 'won' and dated.revenue_rub > 0 as is_won,
        coalesce(dated.channel, calls.channel, 'Не указан') as channel,
        coalesce(dated.manager, 'Не указан') as manager,
        dated.client_id,
        dated.client_key,
        case when length(dated.phone) = 11 and dated.phone like '7%' then dated.phone end as phone,
        dated.email,
        dated.revenue_rub,
        dated.cogs_rub
    from dated
    left join metrics.deal_call as calls
        on calls.source = dated.source
        and calls.source_file = dated.source_file
        and calls.source_row = dated.source_row
        and calls.called_at < getvariable('as_of') + 1
    where dated.day_on <= getvariable('as_of')
)
select * from final
