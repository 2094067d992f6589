-- One row a source and day on which too many subscribers, or enquiries, of all came: somebody brought a list over from
-- elsewhere, and it is not when they came. Enquiries of few days may all be of one.
with days as (
    select source, {day} as day_on, count(*) as rows, sum(count(*)) over (partition by source) as among,
        count(*) over (partition by source) as days
    from loaded.{table} where not is_displaced and {day} is not null group by source, day_on
)
select 'joined_at_once', source, null, rows, 0, strftime(day_on, '%d.%m.%Y')
from days where rows >= 30 and rows > 0.4 * among and (days >= 10 or '{table}' = 'subscribers')
