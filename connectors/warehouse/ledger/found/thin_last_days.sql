-- One row a source whose last days, holidays apart, have hardly half of what the same day of the week had in each of the
-- four weeks before, and less than chance gives: it was exported before they were over. Where rows know their hour, one
-- day is told by it: nothing comes after an hour until which each day of a month went on. The holidays are Russia's and
-- the days around them: 23 February, 8 March, 12 June, 4 November, those of May and of the New Year.
with spans as (
    select source, max(data_to_on) as last_on from ops.files where table_name = '{table}' group by source
    having max(data_to_on) <= date '{as_of}'
),
days as materialized (
    select source, last_on, {day} as day_on, sum(source_rows) as rows, coalesce(sum({money}), 0) as money_rub,
        max(extract(epoch from {moment}::timestamp) % 86400) as until
    from loaded.{table} join spans using (source)
    where {day} > date '{first_end}' - 36 and {day} > last_on - 36 and not is_displaced group by all
),
month as (
    select source, min(until) as until from days where day_on < last_on and day_on > last_on - 29 group by source
    having count(*) >= 20
),
beside as (
    select d.source, d.day_on, d.last_on, any_value(d.rows) as rows, any_value(d.money_rub) as money_rub,
        avg(w.rows) as usual, min(w.rows) as fewest, any_value(d.until) <= any_value(month.until) - 3600 as is_broken_off
    from days as d
    join days as w on w.source = d.source and w.day_on in (d.day_on - 7, d.day_on - 14, d.day_on - 21, d.day_on - 28)
    left join month on month.source = d.source
    where d.day_on > d.last_on - 5
        and not (month(d.day_on) * 100 + day(d.day_on) in (223, 308, 612, 1104)
            or (month(d.day_on) * 100 + day(d.day_on)) between 429 and 511
            or month(d.day_on) * 100 + day(d.day_on) not between 111 and 1227)
    group by all having count(*) >= 3
),
judged as (
    select *, (rows < 0.5 * fewest and rows < usual - 2.5 * sqrt(usual))
        or (coalesce(is_broken_off, false) and day_on = last_on and usual >= 5 and rows < 0.75 * fewest) as is_thin
    from beside
),
ended as (
    select *, bool_and(is_thin) over (partition by source order by day_on desc) as is_at_end from judged
)
select 'thin_last_days', source, null, sum(rows), sum(money_rub),
    string_agg(strftime(day_on, '%Y-%m-%d'), ', ' order by day_on)
from ended where is_at_end group by source having max(day_on) = max(last_on)
