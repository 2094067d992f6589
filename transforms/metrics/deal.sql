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
        case when status_by_then = 'open' then opened_on else settled_on end as day_on,
        case when length(phone) = 11 and phone like '7%' then phone end as known_phone
    from judged
    where case when status_by_then = 'open' then opened_on else settled_on end <= getvariable('as_of')
),
blank_deals as (
    select
        source,
        source_file,
        source_row,
        known_phone,
        opened_on
    from dated
    where channel is null and known_phone is not null
),
calls_of_blank_deals as (
    select
        deals.source,
        deals.source_file,
        deals.source_row,
        calls.channel,
        calls.started_at,
        row_number() over (
            partition by deals.source, deals.source_file, deals.source_row
            order by
                case when getvariable('attribution_model') = 'first' then calls.started_at end,
                case when getvariable('attribution_model') = 'last' then calls.started_at end desc,
                calls.call_id,
                calls.source_row,
                calls.source,
                calls.source_file
        ) as place
    from blank_deals as deals
    inner join staged.calls as calls
        on calls.phone = deals.known_phone
        and cast(calls.started_at as date) <= deals.opened_on
        and cast(calls.started_at as date) >= deals.opened_on - getvariable('lookback_days')
    where coalesce(calls.direction, 'in') = 'in'
        and calls.channel is not null
        and calls.started_at < getvariable('as_of') + 1
),
attributed as (
    select
        source,
        source_file,
        source_row,
        channel,
        started_at
    from calls_of_blank_deals
    where place = 1
),
final as (
    select
        dated.source,
        dated.source_file,
        dated.source_row,
        dated.deal_id,
        dated.day_on,
        dated.opened_on,
        dated.status_by_then as status,
        dated.status_by_then = 'won' and dated.revenue_rub > 0 as is_won,
        coalesce(dated.channel, attributed.channel, 'Не указан') as channel,
        attributed.started_at as attributed_at,
        coalesce(dated.manager, 'Не указан') as manager,
        dated.client_id,
        dated.client_key,
        dated.known_phone as phone,
        dated.email,
        dated.product,
        dated.revenue_rub,
        dated.cogs_rub,
        dated.loss_reason
    from dated
    left join attributed
        on dated.channel is null
        and attributed.source = dated.source
        and attributed.source_file = dated.source_file
        and attributed.source_row = dated.source_row
)
select * from final
