-- One row per won deal (revenue above 0), later ones than as_of too: which of its client's deals it is, the day of the one before.
with
deals as (
    select
        source,
        source_file,
        source_row,
        deal_id,
        settled_on as day_on,
        channel,
        manager,
        client_key
    from metrics.dated_deal
    where is_sale(status, revenue_rub)
),
known as (
    select
        *,
        row_number() over (
            partition by client_key
            order by day_on, deal_id, source, source_file, source_row
        ) as client_order,
        lag(day_on) over (
            partition by client_key
            order by day_on, deal_id, source, source_file, source_row
        ) as previous_on
    from deals
    where client_key is not null
),
unknown as (
    select
        *,
        cast(null as bigint) as client_order,
        cast(null as date) as previous_on
    from deals
    where client_key is null
),
final as (
    select * from known
    union all
    select * from unknown
)
select * from final
