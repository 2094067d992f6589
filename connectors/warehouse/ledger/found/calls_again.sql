-- One row a source: calls that begin some seconds after another of the same phone and way, so many of them that they are
-- no people who press the button twice: two programs, or two steps of one, wrote each call down.
with calls as (
    -- numbers sort faster than texts
    select source, started_at - lag(started_at) over (
        partition by hash(source, phone, direction) order by started_at
    ) as since
    from loaded.calls where not is_displaced and phone is not null
)
select 'calls_again', source, null, count(*) filter (where since <= interval 5 second and since > interval 0 second) as again,
    0, null
from calls group by source having again >= 10 and again >= 0.25 * count(*)
