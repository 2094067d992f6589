-- One row a source: names of a plan that no row of any other table bears though others are there: their plan meets nothing.
with named as (
    select distinct told_by, name from (
        select 'manager' as told_by, manager as name from loaded.deals where not is_displaced
        union all select 'manager', manager from loaded.calls where not is_displaced
        union all select 'manager', manager from loaded.leads where not is_displaced
        union all select 'manager', manager from loaded.survey_answers where not is_displaced
        union all select 'channel', channel from loaded.deals where not is_displaced
        union all select 'channel', channel from loaded.calls where not is_displaced
        union all select 'channel', channel from loaded.leads where not is_displaced
        union all select 'channel', channel from loaded.ad_spend where not is_displaced
        union all select 'channel', channel from loaded.subscribers where not is_displaced
    ) where name is not null
),
planned as (
    select source, 'manager' as told_by, manager as name from loaded.plan
    where not is_displaced and period_start <= date '{as_of}'
    union all
    select source, 'channel', channel from loaded.plan where not is_displaced and period_start <= date '{as_of}'
)
select 'plan_of_nobody', source, null, count(*), 0, string_agg(distinct '«' || name || '»', ', ' order by '«' || name || '»')
from planned anti join named using (told_by, name)
where name is not null and lower(name) not in ('всего', 'все', 'не указан') and told_by in (select told_by from named)
group by source
