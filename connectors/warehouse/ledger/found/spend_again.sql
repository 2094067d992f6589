-- One row a source: two of its files that have the same spend of a channel on each day that both have, to the kopeck, in
-- rows of which neither displaces the other: campaigns that were renamed, or whole in one file and by ads in the other.
-- Or one has in a row what the other has by days of a month, give or take what rounding makes.
with days as (
    select source, load_id, channel, spend_on, sum(spend_rub) as spend, sum(source_rows) as rows
    from loaded.ad_spend where not is_displaced group by all having sum(spend_rub) > 0
),
months as (
    select source, load_id, channel, date_trunc('month', spend_on)::date as spend_on, sum(spend) as spend,
        sum(rows) as rows, count(*) as days
    from days group by all
),
again as (
    select old.source, old.load_id as older, new.load_id as newer, sum(new.rows) as rows, sum(old.spend) as spend
    from days as old join days as new
        on new.source = old.source and new.spend_on = old.spend_on and new.load_id > old.load_id
        and new.channel is not distinct from old.channel
    group by all
    having count(*) >= 5 and count(*) filter (where old.spend = new.spend) >= 0.9 * count(*)
        and count(distinct old.spend) >= 0.5 * count(*)
),
by_days as (
    select one.source, least(one.load_id, daily.load_id) as older, greatest(one.load_id, daily.load_id) as newer,
        sum(daily.rows) as rows, sum(daily.spend) as spend
    from months as one join months as daily
        on daily.source = one.source and daily.spend_on = one.spend_on and daily.load_id <> one.load_id
        and daily.channel is not distinct from one.channel
    where one.days = 1 and daily.days >= 5 and abs(one.spend - daily.spend) <= 0.001 * one.spend group by all
)
select 'spend_again', pairs.source, first_few(list_sort(list(distinct old.source_file))), sum(rows), sum(spend),
    first_few(list_sort(list(distinct new.source_file)))
from (from again union all by name from by_days anti join again using (source, older, newer)) as pairs
    join ops.files as old on old.load_id = older join ops.files as new on new.load_id = newer
group by pairs.source
