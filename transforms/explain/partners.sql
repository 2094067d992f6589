-- One row per deal of a partner as it is by as_of: by the code that the client typed, else by the mark.
select
    deals.source,
    deals.source_file,
    deals.source_row,
    deals.day_on,
    coalesce(codes.partner, marks.partner) as partner,
    deals.status,
    deals.is_won,
    staged_deals.client_key,
    sales.client_order,
    staged_deals.revenue_rub
from staged.deals as staged_deals
left join ops.partner_marks as codes
    on codes.kind = 'promo_code'
    and codes.spelling = staged_deals.promo_code
left join ops.partner_marks as marks
    on marks.kind = 'utm_source'
    and marks.spelling = staged_deals.utm_source
inner join metrics.deal as deals using (source, source_file, source_row)
left join metrics.won_deal as sales using (source, source_file, source_row)
where coalesce(codes.partner, marks.partner) is not null
