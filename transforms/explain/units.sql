-- One row per call, lead, subscriber or line of spend that is a unit of the client, and whether it is the first of its person.
with
calls as (
    select
        source,
        source_file,
        source_row,
        cast(started_at as date) as day_on,
        named(channel) as channel,
        1 as units,
        exists (
            select 1
            from staged.calls as earlier
            where earlier.phone = calls.phone
                and is_inbound(earlier.direction)
                and (
                    earlier.started_at < calls.started_at
                    or (
                        earlier.started_at = calls.started_at
                        and (coalesce(earlier.call_id, '~~'), earlier.source_row, earlier.source, earlier.source_file)
                        < (coalesce(calls.call_id, '~~'), calls.source_row, calls.source, calls.source_file)
                    )
                )
        ) as is_again
    from staged.calls as calls
    cross join explained
    where getvariable('economics_unit') = 'callers'
        and is_inbound(calls.direction)
        and is_known_phone(calls.phone)
        and calls.started_at >= explained.period_start
        and calls.started_at < explained.last_on + 1
),
persons as (
    select
        *,
        coalesce(known_phone(phone), email) as person
    from staged.leads
    where getvariable('economics_unit') = 'leads'
        and coalesce(status, 'open') <> 'junk'
),
leads as (
    select
        source,
        source_file,
        source_row,
        cast(created_at as date) as day_on,
        named(channel) as channel,
        1 as units,
        person is not null
        and row_number() over (
            partition by person
            order by created_at, lead_id, source_row, source, source_file
        ) > 1 as is_again
    from persons
),
subscribers as (
    select
        source,
        source_file,
        source_row,
        subscribed_on as day_on,
        named(channel) as channel,
        1 as units,
        false as is_again
    from staged.subscribers
    where getvariable('economics_unit') = 'subscribers'
),
visitors as (
    select
        source,
        source_file,
        source_row,
        spend_on as day_on,
        named(channel) as channel,
        coalesce(clicks, 0) as units,
        false as is_again
    from staged.ad_spend
    where getvariable('economics_unit') = 'visitors'
)
select * from calls
union all
select * from leads
union all
select * from subscribers
union all
select * from visitors
