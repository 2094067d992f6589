-- One row per day and channel with units acquired, later ones than as_of too: what a unit is, the client's setting says.
with
callers as (
    select
        day_on,
        channel,
        units
    from metrics.first_call
    where getvariable('economics_unit') = 'callers'
),
leads as (
    select
        cast(created_at as date) as day_on,
        named(channel) as channel,
        row_number() over (
            partition by
                coalesce(known_phone(phone), email),
                -- who left neither phone nor e-mail is a person of their own
                case when coalesce(known_phone(phone), email) is null then source end,
                case when coalesce(known_phone(phone), email) is null then source_file end,
                case when coalesce(known_phone(phone), email) is null then source_row end
            order by created_at, lead_id, source_row, source, source_file
        ) as place
    from staged.leads
    where getvariable('economics_unit') = 'leads'
        and coalesce(status, 'open') <> 'junk'
),
enquirers as (
    select
        day_on,
        channel,
        count(*) as units
    from leads
    where place = 1
    group by all
),
subscribers as (
    select
        subscribed_on as day_on,
        named(channel) as channel,
        count(*) as units
    from staged.subscribers
    where getvariable('economics_unit') = 'subscribers'
    group by all
),
visitors as (
    select
        spend_on as day_on,
        named(channel) as channel,
        -- blank where no row tells them
        sum(clicks) as units
    from staged.ad_spend
    where getvariable('economics_unit') = 'visitors'
    group by all
),
final as (
    select * from callers
    union all
    select * from enquirers
    union all
    select * from subscribers
    union all
    select * from visitors
)
select * from final
order by day_on, channel
