-- One row per staged deal that counts by as_of: its day, what it is by then, its channel after attribution.
-- A view.
with
judged as (
    select
        *,
        -- settled after as_of, it is not yet won or lost
        case
            when status in ('won', 'lost') and settled_on <= getvariable('as_of') then status
            else 'open'
        end as status_by_then
    from metrics.deal_figure
),
dated as (
    select
        *,
        case when status_by_then = 'open' then opened_on else settled_on end as day_on
    from judged
),
final as (
    select
        source,
        source_file,
        source_row,
        day_on,
        status_by_then as status,
        status_by_then = 'won' and revenue_rub > 0 as is_won,
        channel,
        manager,
        revenue_rub,
        cogs_rub
    from dated
    where day_on <= getvariable('as_of')
)
select * from final
