-- A period starts with the clients that the one before ended with.
with
ordered as (
    select
        grain,
        period_start,
        clients_start,
        lag(clients_end) over (partition by grain order by period_start) as clients_before
    from metrics.client_period
)
select
    grain,
    period_start,
    clients_start as found,
    clients_before as expected
from ordered
where clients_start <> clients_before
