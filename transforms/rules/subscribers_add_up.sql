-- active_end = active_start + joined_active + returned − lapsed, and parts are not larger than their whole.
select
    grain,
    period_start,
    active_start,
    joined_active,
    returned,
    lapsed,
    active_end as found,
    active_start + joined_active + returned - lapsed as expected
from metrics.subscriber_period
where active_end <> active_start + joined_active + returned - lapsed
    or active_end > total_end
    or joined_active > joined
    or lapsed > active_start
    or buyers > orders
    or least(total_end, active_start, joined, joined_active, returned, lapsed, unsubscribed, buyers) < 0
