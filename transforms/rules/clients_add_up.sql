-- clients_end = clients_start + new + returned − lost, and shares lie between 0 and 1.
select
    grain,
    period_start,
    clients_start,
    new,
    returned,
    lost,
    clients_end as found,
    clients_start + new + returned - lost as expected
from metrics.client_period
where clients_end <> clients_start + new + returned - lost
    or lost > clients_start
    or repeat_share not between 0 and 1
    or orders_per_client < 1
    or least(clients_start, new, returned, lost, clients_end) < 0
