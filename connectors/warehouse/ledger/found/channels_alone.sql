-- One row: channels that cost something and that no call, deal or enquiry names, so that they are probably spelled
-- otherwise there. Where none names any channel, nothing is: the report says that channels are not known.
select 'channels_alone', null, null, count(*), coalesce(sum(spend), 0),
    array_to_string(list(channel order by spend desc, channel)[:10], ', ')
from (
    select channel, sum(spend_rub) as spend from loaded.ad_spend
    where not is_displaced and channel is not null group by channel having sum(spend_rub) > 0
)
where channel not in (
    select channel from loaded.calls where not is_displaced and channel is not null
    union select channel from loaded.deals where not is_displaced and channel is not null
    union select channel from loaded.leads where not is_displaced and channel is not null
)
and exists (
    select 1 from loaded.calls where channel is not null
    union all select 1 from loaded.deals where channel is not null
    union all select 1 from loaded.leads where channel is not null
)
