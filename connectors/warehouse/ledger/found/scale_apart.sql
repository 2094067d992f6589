-- One row a source: the file whose amounts are a hundred or a thousand times those of all its other files, which are
-- alike, or of two files the newer one. Means of powers of ten, so that a dear sale or two say nothing.
with powers as (
    select source, load_id, avg(log10({money})) as power, count(*) as rows, sum({money}) as money_rub
    from loaded.{table} where not is_displaced and {money} > 0 group by source, load_id having count(*) >= 10
),
apart as (
    select one.source, one.load_id, one.rows, one.money_rub, abs(one.power - avg(other.power)) as apart
    from powers as one join powers as other on other.source = one.source and other.load_id <> one.load_id
    group by one.source, one.load_id, one.rows, one.money_rub, one.power
    having max(other.power) - min(other.power) < 0.6
)
select 'scale_apart', source, source_file, rows, money_rub, null
from apart join ops.files using (source, load_id)
where abs(apart - 2) < 0.2 or abs(apart - 3) < 0.2
qualify row_number() over (partition by source order by load_id desc) = 1
