-- One row per staged deal, later ones than as_of too: the days it was opened and settled on, its channel after attribution.
-- A view.
with
deals as (
    select
        source,
        source_file,
        source_row,
        deal_id,
        opened_on(created_on, closed_on) as opened_on,
        settled_on(created_on, closed_on) as settled_on,
        status,
        channel,
        named(manager) as manager,
        client_id,
        client_key,
        known_phone(phone) as phone,
        email,
        revenue_rub,
        cogs_rub
    from staged.deals
),
final as (
    select
        deals.source,
        deals.source_file,
        deals.source_row,
        deals.deal_id,
        deals.opened_on,
        deals.settled_on,
        deals.status,
        named(coalesce(deals.channel, calls.channel)) as channel,
        deals.manager,
        deals.client_id,
        deals.client_key,
        deals.phone,
        deals.email,
        deals.revenue_rub,
        deals.cogs_rub
    from deals
    left join metrics.deal_call as calls using (source, source_file, source_row)
)
select * from final
