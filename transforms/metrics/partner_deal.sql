-- One row per deal of a partner as it is by as_of: whose it is, by the code that the client typed, else by the mark.
-- No rows without ops.partners.
with
deals as (
    select
        source,
        source_file,
        source_row,
        promo_code,
        utm_source,
        client_key
    from staged.deals
    where promo_code in (select spelling from ops.partner_marks where kind = 'promo_code')
        or utm_source in (select spelling from ops.partner_marks where kind = 'utm_source')
),
final as (
    select
        source,
        source_file,
        source_row,
        coalesce(codes.partner, marks.partner) as partner,
        facts.day_on,
        facts.not_won,
        facts.not_sale,
        deals.client_key,
        sales.client_order,
        coalesce(facts.revenue_rub, 0) as revenue_rub,
        -- a refund takes its share back
        cast(round(coalesce(facts.revenue_rub, 0) * partners.share, 2) as decimal(18, 2)) as share_rub
    from deals
    left join ops.partner_marks as codes
        on codes.kind = 'promo_code'
        and codes.spelling = deals.promo_code
    left join ops.partner_marks as marks
        on marks.kind = 'utm_source'
        and marks.spelling = deals.utm_source
    inner join ops.partners as partners
        on partners.partner = coalesce(codes.partner, marks.partner)
    inner join metrics.fact_deal as facts using (source, source_file, source_row)
    left join metrics.won_deal as sales using (source, source_file, source_row)
    where facts.day_on <= getvariable('as_of')
)
select * from final
