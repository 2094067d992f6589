-- One row per staged deal without a channel whose phone called before: the call that it takes its channel from.
with
blank_deals as (
    select
        source,
        source_file,
        source_row,
        phone,
        opened_on(created_on, closed_on) as opened_on,
        -- what rang after the deal was closed did not bring it, whatever day it claims to be created on
        least(opened_on(created_on, closed_on), settled_on(created_on, closed_on)) as last_call_on
    from staged.deals
    where channel is null
        and is_known_phone(phone)
),
ordered as (
    select
        deals.source,
        deals.source_file,
        deals.source_row,
        calls.channel,
        calls.started_at as called_at,
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
        on calls.phone = deals.phone
        and cast(calls.started_at as date) <= deals.last_call_on
        and cast(calls.started_at as date) >= deals.opened_on - getvariable('lookback_days')
    where is_inbound(calls.direction)
        and calls.channel is not null
),
final as (
    select
        source,
        source_file,
        source_row,
        channel,
        called_at
    from ordered
    where place = 1
)
select * from final
