-- One row a source and a column of which the last month is hardly filled, though before it was in nearly every row:
-- nobody's sales are not a sudden zero of everybody.
with months as (
    select source, date_trunc('month', {day}) as month_on, count(*) as rows,
        count(channel) as named_channel, coalesce(sum({money}) filter (where channel is null), 0) as money_channel,
        count(manager) as named_manager, coalesce(sum({money}) filter (where manager is null), 0) as money_manager,
        count({person}) as named_phone, coalesce(sum({money}) filter (where {person} is null), 0) as money_phone
    from loaded.{table} where not is_displaced and {day} <= date '{as_of}' group by all
),
placed as (
    select *, month_on = max(month_on) over (partition by source) as is_last
    from months unpivot (
        (named, money_rub) for told_by in (
            (named_channel, money_channel) as 'channel', (named_manager, money_manager) as 'manager',
            (named_phone, money_phone) as 'phone'
        )
    )
),
summed as (
    select source, told_by, sum(rows) filter (where is_last) as rows, sum(named) filter (where is_last) as named,
        sum(rows) filter (where not is_last) as rows_before, sum(named) filter (where not is_last) as named_before,
        sum(money_rub) filter (where is_last) as money_rub
    from placed group by source, told_by
)
select 'names_lost', source, null, rows - named, money_rub, told_by from summed
where least(rows, rows_before) >= 10 and named_before >= 0.8 * rows_before
    and named * rows_before <= 0.5 * rows * named_before
