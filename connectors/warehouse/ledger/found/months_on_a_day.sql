-- One row a source of spend of which each month stands on its first day, or its last: weeks hold all of it or none.
with days as (select distinct source, spend_on from loaded.ad_spend where not is_displaced and spend_on <= date '{as_of}')
select 'months_on_a_day', source, null, count(*), 0, null from days
group by source
having count(*) >= 2 and (bool_and(day(spend_on) = 1) or bool_and(spend_on = last_day(spend_on)))
