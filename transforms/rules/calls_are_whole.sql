-- The months of all channels, and of all managers, add up to the inbound calls that were loaded.
with
channels as (
    select
        coalesce(sum(calls), 0) as calls,
        coalesce(sum(missed_calls), 0) as missed_calls
    from metrics.channel_period
    where grain = 'month'
),
managers as (
    select
        coalesce(sum(calls), 0) as answered_calls,
        coalesce(sum(missed_calls), 0) as missed_calls
    from metrics.manager_period
    where grain = 'month'
),
loaded as (
    select
        count(*) as calls,
        count(*) filter (where was_answered(is_answered, talk_seconds)) as answered_calls,
        count(*) filter (where not was_answered(is_answered, talk_seconds)) as missed_calls
    from staged.calls
    where started_at < getvariable('as_of') + 1
        and is_inbound(direction)
),
compared as (
    select 'channel_period.calls' as figure, channels.calls as found, loaded.calls as expected
    from channels cross join loaded
    union all
    select 'channel_period.missed_calls', channels.missed_calls, loaded.missed_calls
    from channels cross join loaded
    union all
    select 'manager_period.calls', managers.answered_calls, loaded.answered_calls
    from managers cross join loaded
    union all
    select 'manager_period.missed_calls', managers.missed_calls, loaded.missed_calls
    from managers cross join loaded
)
select
    compared.figure,
    compared.found,
    compared.expected
from compared
cross join metrics.known_table as known
where known.has_calls and compared.found <> compared.expected
