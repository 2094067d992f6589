-- One row per day and channel that has leads up to as_of: how many of them are enquiries, apart from the calls.
-- No rows without staged.leads.
select
    day_on,
    channel,
    count(*) as lead_rows,
    count(*) filter (where not_enquiry is null) as leads
from metrics.fact_lead
where day_on <= getvariable('as_of')
group by all
order by day_on, channel
