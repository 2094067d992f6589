-- Callers are not more than calls, converted ones not more than callers, and a share lies within its interval.
select
    grain,
    period_start,
    manager,
    calls,
    target_calls,
    callers,
    converted_callers,
    conversion_low,
    conversion,
    conversion_high
from metrics.manager_period
where target_calls > calls
    or callers > calls
    or converted_callers > callers
    or clients > deals_won
    -- a billionth of slack for the last digits of floating point
    or conversion < conversion_low - 0.000000001
    or conversion > conversion_high + 0.000000001
    or least(calls, target_calls, missed_calls, callers, converted_callers, clients, deals_won, deals_lost) < 0
