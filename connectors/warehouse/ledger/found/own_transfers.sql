-- One row: all sales, and costs, that may be the legs of transfers from one account of the client to another.
-- Neither words nor a tax number tell such a transfer; its other leg does: the same sum left another account up to
-- three days before (one that is sent on Friday arrives on Monday). Equal sums meet by chance as well, and as often
-- three days after. Where twice as many incomes of a sum came as went out, or were met, most are what clients pay; a
-- sum that is paid a thousand times is somebody's price. Two files that share so many legs are one account, exported
-- twice.
with legs as (
    select source_file, source_row, any_value(day_on) as day_on, money_rub,
        coalesce(any_value(account), source_file) as account, any_value(account) is not null as is_named
    from loaded.legs join ops.files using (load_id) group by source_file, source_row, money_rub
),
counted as (select money_rub, count(*) as rows from legs group by money_rub),
moved as (
    select came.money_rub, came.rows as came, gone.rows as gone
    from counted as came join counted as gone on gone.money_rub = -came.money_rub
    where came.money_rub > 0 and came.rows <= 2 * gone.rows and gone.rows <= 1000
),
sold as (
    select source_file, source_row, source, product from loaded.deals
    where not is_displaced and is_sale(status, revenue_rub)
),
spent as (select source_file, source_row, source, item from loaded.costs where not is_displaced and amount_rub > 0),
came as (
    select legs.*, sold.source from legs semi join moved using (money_rub)
        left join sold using (source_file, source_row)
    where not is_trade(coalesce(product, ''))
),
went as (
    select legs.* replace (-legs.money_rub as money_rub), spent.source
    from legs semi join moved on moved.money_rub = -legs.money_rub left join spent using (source_file, source_row)
    where not is_trade(coalesce(item, ''))
),
spans as (
    select account, min(day_on) as first_on, max(day_on) as last_on, count(*) as legs from legs group by account
),
daily as (select account, day_on, money_rub, count(*) as rows from legs group by all),
same as (
    select one.account as one, other.account as other
    from daily as one join daily as other using (day_on, money_rub)
        join spans as x on x.account = one.account join spans as y on y.account = other.account
    where one.account <> other.account group by one.account, other.account
    having sum(least(one.rows, other.rows)) >= greatest(2, 0.4 * least(any_value(x.legs), any_value(y.legs)))
),
met as (
    select went.source_file || ':' || went.source_row as left_at, came.source_file || ':' || came.source_row as came_at,
        coalesce(came.source, went.source) as source, came.money_rub, came.day_on >= went.day_on as is_after
    from went join came on came.money_rub = went.money_rub and came.account <> went.account
        and came.day_on - went.day_on between -4 and 3  -- or as long the other way, by chance
        join spans as x on x.account = went.account join spans as y on y.account = came.account
    where coalesce(came.source, went.source) is not null
        and (came.is_named or (x.first_on <= y.last_on and y.first_on <= x.last_on))
        and not exists (from same where one = came.account and other = went.account)
),
sums as (
    select money_rub, any_value(came) as came, any_value(gone) as gone,
        least(count(distinct left_at) filter (where is_after), count(distinct came_at) filter (where is_after)) as rows,
        least(
            count(distinct left_at) filter (where not is_after), count(distinct came_at) filter (where not is_after)
        ) as by_chance
    from met join moved using (money_rub) group by money_rub
),
likely as (
    select *, rows >= 3 and rows = came and rows = gone as is_steady
    from sums where rows > 0 and rows * 2 >= came
),
found as (
    from likely where is_steady or (select sum(rows) > 2 * sum(by_chance) from likely where not is_steady)
),
named as (
    select source, left_at || ' → ' || came_at as places from met semi join found using (money_rub) where is_after
)
select 'own_transfers', string_agg(distinct source, ', ' order by source), null,
    (select sum(rows)::bigint from found), (select sum(rows * money_rub) from found),
    first_few(list(distinct places order by places))
from named having count(*) > 0
